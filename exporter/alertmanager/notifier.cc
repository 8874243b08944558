#include "exporter/alertmanager/notifier.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <set>
#include <system_error>
#include <utility>

#include "exporter/alertmanager/judge.h"

namespace ssh_keepalive::alertmanager {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using std::chrono::system_clock;

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data()
                                                          : "localhost";
}

// Of HTTP.
constexpr long kFirstSuccess = 200;
constexpr long kFirstRedirect = 300;
constexpr long kFirstClientError = 400;
constexpr long kTooManyRequests = 429;
constexpr long kFirstServerError = 500;

Outcome outcome_of(const Answer& answer) {
  const long status = answer.status;
  if (status >= kFirstSuccess && status < kFirstRedirect) {
    return Outcome::kTaken;
  }
  const bool is_refusal = status >= kFirstClientError &&
                          status < kFirstServerError &&
                          status != kTooManyRequests;
  return is_refusal ? Outcome::kRefused : Outcome::kFailed;
}

// While a collector fails, a finding that is gone may be one of its facts that
// are missing.
std::vector<Judged> judged(const Service::Seen& seen, TimePoint watched_since,
                           TimePoint now) {
  std::vector<Judged> all = judge(seen.scrape.facts, seen.report);
  if (std::ranges::any_of(seen.scrape.outcomes, [&](const auto& outcome) {
        return fails_for_now(outcome, watched_since, now);
      })) {
    for (Judged& one : all) {
      if (one.state == AlertState::kClosed) {
        one.state = AlertState::kUnknown;
      }
    }
  }
  return all;
}

std::string failure_text(const Answer& answer) {
  return answer.status == 0 ? answer.failure
                            : "HTTP status " + std::to_string(answer.status);
}

}  // namespace

Notifier::Notifier(Service& service, Log& log)
    : service_(service),
      log_(log),
      failures_(log, "alertmanager"),
      file_(failures_) {
  start_thread();
}

Notifier::~Notifier() {
  if (thread_.joinable()) {
    stopping_ = true;
    poster_->wake();
    thread_.join();
  }
}

// Who notifies nobody needs no thread.
void Notifier::start_thread() {
  if (thread_.joinable() || service_.settings()->alertmanager.urls.empty()) {
    return;
  }
  Result<std::unique_ptr<Poster>> poster = Poster::create();
  if (!poster.ok()) {
    log_.error("no Alertmanager is notified",
               {{"err", poster.error().message()}});
    return;
  }
  poster_ = *std::move(poster);
  try {
    thread_ = std::thread([this] { run(); });
  } catch (const std::system_error& error) {
    log_.error("no Alertmanager is notified",
               {{"err", error.code().message()}});
  }
}

void Notifier::settings_changed() {
  settings_changed_ = true;
  start_thread();
  if (poster_ != nullptr) {
    poster_->wake();
  }
}

void Notifier::run() {
  while (!stopping_) {
    if (settings_changed_.exchange(false)) {
      take_settings();
    }
    if (!receivers_.empty() && steady_clock::now() >= next_look_) {
      look();
    }
    send();
    for (const Answer& answer : poster_->work(until_next())) {
      take(answer);
    }
  }
  file_.save(book_, system_clock::now());
}

// A receiver that is still there keeps its state; what is under way to one is
// given up and counts as failed.
void Notifier::take_settings() {
  settings_ = service_.settings();
  const AlertmanagerSettings& now = settings_->alertmanager;
  poster_->abandon();
  std::vector<Receiver> before = std::exchange(receivers_, {});
  for (const std::string& url : now.urls) {
    const auto known = std::ranges::find(before, url, &Receiver::url);
    if (known != before.end()) {
      receivers_.push_back(std::move(*known));
      receivers_.back().delivery.interrupted();
    } else if (Result<Address> address = parse_address(url); address.ok()) {
      receivers_.push_back(
          {.url = url, .address = *std::move(address), .delivery = {}});
    }
  }
  file_.open(service_.alert_file(), book_, system_clock::now());
  follow_labels(
      target_labels(now.labels, host_name(), settings_->web.listen_addresses));
  next_look_ = steady_clock::now();
}

// Alertmanager takes one with other labels for another alert.
void Notifier::follow_labels(LabelList labels) {
  if (!labels_.empty() && labels != labels_) {
    for (Alert& alert : book_.alerts()) {
      alert.ended_at = alert.ended_at.value_or(system_clock::now());
      former_.push_back({.alert = std::move(alert), .labels = labels_});
    }
  }
  labels_ = std::move(labels);
}

void Notifier::look() {
  const AlertmanagerSettings& now = settings_->alertmanager;
  next_look_ = steady_clock::now() + now.interval;
  const Service::Seen seen = service_.look_by_all();
  const TimePoint time = system_clock::now();
  book_.take(judged(seen, watched_since_, time), time,
             {.longest_hold = now.longest_hold, .tell_end = lifetime()});
  file_.save(book_, time);
  const Message message = message_at(time);
  for (Receiver& receiver : receivers_) {
    receiver.delivery.offer(message);
    service_.notification_counts().set(receiver.url,
                                       receiver.delivery.counts());
  }
  log_.debug("looked for alerts", {{"alerts", std::to_string(message.size())}});
}

Message Notifier::message_at(TimePoint now) {
  std::erase_if(former_, [&](const LabelledAlert& one) {
    return now - *one.alert.ended_at >= lifetime();
  });
  Message message = former_;
  for (Alert& alert : book_.alerts()) {
    message.push_back({.alert = std::move(alert), .labels = labels_});
  }
  return message;
}

void Notifier::send() {
  for (std::size_t i = 0; i < receivers_.size(); ++i) {
    const std::optional<Message> message =
        receivers_[i].delivery.take(steady_clock::now());
    if (message) {
      poster_->start(
          i, {.url = receivers_[i].address.post_url,
              .body = message_text(*message, system_clock::now(), lifetime()),
              .ca_file = settings_->alertmanager.ca_file,
              .timeout = settings_->alertmanager.timeout});
    }
  }
}

void Notifier::take(const Answer& answer) {
  constexpr std::chrono::minutes kLongestPause{5};
  Receiver& receiver = receivers_.at(answer.id);
  const Outcome outcome = outcome_of(answer);
  receiver.delivery.finished(
      outcome, steady_clock::now(),
      std::uniform_real_distribution<double>(0, 1)(random_),
      std::min<milliseconds>(settings_->alertmanager.interval, kLongestPause));
  service_.notification_counts().set(receiver.url, receiver.delivery.counts());
  failures_.report(receiver.address.shown,
                   outcome == Outcome::kTaken ? std::set<std::string>()
                                              : std::set{failure_text(answer)});
}

milliseconds Notifier::until_next() const {
  constexpr milliseconds kLongest = std::chrono::hours(1);
  if (receivers_.empty()) {
    return kLongest;
  }
  SteadyTime next = next_look_;
  for (const Receiver& receiver : receivers_) {
    next = std::min(next, receiver.delivery.next().value_or(next));
  }
  return std::clamp(std::chrono::ceil<milliseconds>(next - steady_clock::now()),
                    milliseconds(0), kLongest);
}

// Some messages may be lost before an alert ends for want of them: as with
// Prometheus, four, and never less than a minute.
seconds Notifier::lifetime() const {
  constexpr int kMessages = 4;
  constexpr seconds kShortest{60};
  return std::max(kMessages * settings_->alertmanager.interval, kShortest);
}

}  // namespace ssh_keepalive::alertmanager
