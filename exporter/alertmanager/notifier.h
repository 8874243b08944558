// Tells Alertmanagers what is wrong with this host: docs/alerts.md.
#ifndef SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_NOTIFIER_H_
#define SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_NOTIFIER_H_

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "exporter/alertmanager/address.h"
#include "exporter/alertmanager/alert_file.h"
#include "exporter/alertmanager/delivery.h"
#include "exporter/alertmanager/poster.h"
#include "exporter/failure_log.h"
#include "exporter/log.h"
#include "exporter/service.h"

namespace ssh_keepalive::alertmanager {

// On a thread of its own: every [alertmanager] interval a look by all
// collectors, and a message with all alerts to each Alertmanager. No scrape, no
// reload and no end of the program waits for a server.
class Notifier {
 public:
  Notifier(Service& service, Log& log);
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;
  Notifier(Notifier&&) = delete;
  Notifier& operator=(Notifier&&) = delete;
  // Waits for a look under way.
  ~Notifier();

  // After a reload.
  void settings_changed();

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;

  struct Receiver {
    std::string url;  // as it is configured
    Address address;
    Delivery delivery;
  };

  void start_thread();
  void run();
  void take_settings();
  void follow_labels(LabelList labels);
  void look();
  Message message_at(TimePoint now);
  void send();
  void take(const Answer& answer);
  [[nodiscard]] std::chrono::milliseconds until_next() const;
  [[nodiscard]] std::chrono::seconds lifetime() const;

  Service& service_;
  Log& log_;
  FailureLog failures_;
  std::unique_ptr<Poster> poster_;
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> settings_changed_ = true;

  // Of the thread alone.
  std::shared_ptr<const Settings> settings_;
  LabelList labels_;
  AlertBook book_;
  AlertFile file_;
  Message former_;  // ended by a change of the labels
  std::vector<Receiver> receivers_;
  SteadyTime next_look_;
  const TimePoint watched_since_ = std::chrono::system_clock::now();
  std::minstd_rand random_{std::random_device{}()};
  std::thread thread_;
};

}  // namespace ssh_keepalive::alertmanager

#endif  // SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_NOTIFIER_H_
