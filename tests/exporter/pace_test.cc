#include "exporter/pace.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>

#include "collectors/base/unique_fd.h"
#include "exporter/service.h"

namespace ssh_keepalive {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(PauseAfter, LooksTakeHalfAPercentAtMost) {
  EXPECT_EQ(pause_after(milliseconds(0), kObservationStep), seconds(5));
  EXPECT_EQ(pause_after(milliseconds(25), kObservationStep), seconds(5));
  EXPECT_EQ(pause_after(milliseconds(140), kObservationStep), seconds(28));
}

// Through the service, with a real connection --------------------------------

struct Connection {
  UniqueFd listener;
  UniqueFd client;
  UniqueFd server;
  std::uint16_t port = 0;
};

Connection connect_over_loopback() {
  Connection made{.listener = UniqueFd(::socket(AF_INET, SOCK_STREAM, 0)),
                  .client = UniqueFd(::socket(AF_INET, SOCK_STREAM, 0))};
  sockaddr_in address{.sin_family = AF_INET,
                      .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof address;
  // Every address travels as its base type in socket calls.
  auto* const pointer = reinterpret_cast<sockaddr*>(&address);
  EXPECT_EQ(::bind(made.listener.get(), pointer, size), 0);
  EXPECT_EQ(::listen(made.listener.get(), 1), 0);
  EXPECT_EQ(::getsockname(made.listener.get(), pointer, &size), 0);
  EXPECT_EQ(::connect(made.client.get(), pointer, size), 0);
  made.server = UniqueFd(::accept(made.listener.get(), nullptr, nullptr));
  EXPECT_TRUE(made.server.valid());
  made.port = ntohs(address.sin_port);
  return made;
}

class ObservedService : public ::testing::Test {
 protected:
  ObservedService() { log_.configure(LogLevel::kError, LogFormat::kLogfmt); }

  Settings settings(bool enabled) {
    Settings made;
    made.collector_settings.session_ports = {connection_.port};
    made.collectors.enabled.fill(false);
    made.collectors.enabled.back() = enabled;
    return made;
  }

  void send_a_byte() {
    char byte = 'x';
    EXPECT_EQ(::send(connection_.client.get(), &byte, 1, 0), 1);
    EXPECT_EQ(::recv(connection_.server.get(), &byte, 1, MSG_WAITALL), 1);
  }

  // How many sessions of that connection have an observed refresh interval.
  static long observed(Service& service) {
    const Service::Seen seen = service.look_by_all();
    const sessions::Facts& facts = *seen.scrape.facts.sessions;
    return std::count_if(facts.sessions.begin(), facts.sessions.end(),
                         [](const sessions::Session& session) {
                           return session.observed_refresh.has_value();
                         });
  }

  Log log_;
  Connection connection_ = connect_over_loopback();
};

TEST_F(ObservedService, ItsLooksAndTheScrapesGoTogether) {
  ASSERT_EQ(kCollectors.back().name, "sessions");
  Service service({}, settings(true), HostRoot::live(), log_);
  for (int i = 0; i < 3; ++i) {
    service.observe();
    send_a_byte();
  }
  EXPECT_EQ(observed(service), 2);
}

TEST_F(ObservedService, NoLooksForADisabledCollector) {
  Service service({}, settings(false), HostRoot::live(), log_);
  for (int i = 0; i < 3; ++i) {
    service.observe();
    send_a_byte();
  }
  EXPECT_TRUE(service.look_by_all().scrape.outcomes.empty());
}

}  // namespace
}  // namespace ssh_keepalive
