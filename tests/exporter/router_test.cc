#include "exporter/http/router.h"

#include <gtest/gtest.h>

#include <functional>

#include "exporter/http/page/style.h"
#include "exporter/service.h"
#include "tests/support.h"

namespace ssh_keepalive::http {
namespace {

class RouterTest : public ::testing::Test {
 protected:
  RouterTest() {
    directory_.write("proc/sys/net/ipv4/tcp_keepalive_time", "7200\n");
    directory_.write("proc/sys/net/ipv4/tcp_keepalive_intvl", "75\n");
    directory_.write("proc/sys/net/ipv4/tcp_keepalive_probes", "9\n");
    directory_.write("proc/sys/net/ipv4/tcp_retries2", "15\n");
    configure("");
    command_line_.configuration_file = (directory_.path() / "c.ini").string();
    command_line_.log_level = LogLevel::kError;
  }

  void configure(std::string_view text) const {
    directory_.write("c.ini", text);
  }

  void start(const std::function<void(Settings&)>& change = {}) {
    Result<Settings> settings = make_settings(command_line_);
    ASSERT_TRUE(settings.ok()) << settings.error().message();
    if (change) {
      change(*settings);
    }
    service_ = std::make_unique<Service>(
        command_line_, *std::move(settings),
        *HostRoot::open(directory_.path().string()), log_);
    router_ = std::make_unique<Router>(*service_, [this] { ++reloads_; });
  }

  Response get(std::string path, std::string query = "") {
    if (!router_) {
      start();
    }
    return router_->handle(
        {.method = "GET", .path = std::move(path), .query = std::move(query)});
  }

  Response send(std::string method, std::string path) {
    if (!router_) {
      start();
    }
    return router_->handle(
        {.method = std::move(method), .path = std::move(path)});
  }

  testing::TemporaryDirectory directory_;
  CommandLine command_line_;
  Log log_;
  int reloads_ = 0;
  std::unique_ptr<Service> service_;
  std::unique_ptr<Router> router_;
};

bool contains(const Response& response, std::string_view text) {
  return response.body.find(text) != std::string::npos;
}

TEST_F(RouterTest, Metrics) {
  const Response response = get("/metrics");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_TRUE(contains(response, "ssh_keepalive_sysctl_tcp_retries2{netns="));
  EXPECT_TRUE(contains(response, "process_open_fds"));
}

TEST_F(RouterTest, CollectAndExclude) {
  EXPECT_EQ(get("/metrics", "collect[]=sysctl").status, 200);
  EXPECT_FALSE(contains(get("/metrics", "exclude%5B%5D=sysctl"), "retries2"));
  EXPECT_EQ(get("/metrics", "collect[]=nope").status, 400);
  EXPECT_EQ(get("/metrics", "exclude[]=nope").status, 400);
  EXPECT_EQ(get("/metrics", "collect[]=sysctl&exclude[]=sysctl").status, 400);
  EXPECT_EQ(get("/metrics", "unrelated=1").status, 200);
}

TEST_F(RouterTest, DisabledCollectorCannotBeAskedFor) {
  configure("[collectors]\nsysctl = off\n");
  EXPECT_FALSE(contains(get("/metrics"), "retries2"));
  EXPECT_EQ(get("/metrics", "collect[]=sysctl").status, 400);
}

TEST_F(RouterTest, ExporterMetricsCanBeLeftOut) {
  command_line_.disable_exporter_metrics = true;
  EXPECT_FALSE(contains(get("/metrics"), "process_"));
}

TEST_F(RouterTest, CompressesForThoseWhoWantIt) {
  start();
  const Response response = router_->handle(
      {.method = "GET", .path = "/metrics", .accept_encoding = "gzip"});
  ASSERT_EQ(response.headers.size(), 2U);
  EXPECT_EQ(response.headers.at(1),
            (std::pair<std::string, std::string>("Content-Encoding", "gzip")));
  EXPECT_EQ(response.body.substr(0, 2), "\x1f\x8b");
}

TEST_F(RouterTest, PagesAndMethods) {
  EXPECT_EQ(get("/").status, 200);
  EXPECT_EQ(get("/-/healthy").status, 200);
  EXPECT_EQ(get("/-/ready").status, 200);
  EXPECT_EQ(send("HEAD", "/metrics").status, 200);
  EXPECT_EQ(get("/nope").status, 404);
  for (const char* path : {"/", "/metrics", "/-/healthy", "/-/ready"}) {
    EXPECT_EQ(send("POST", path).status, 405) << path;
    EXPECT_EQ(send("DELETE", path).status, 405) << path;
  }
  EXPECT_EQ(get("/-/reload").status, 405);
}

TEST_F(RouterTest, PageTellsTheCollectorsState) {
  EXPECT_TRUE(contains(get("/"), "class=\"word-ok\">ok, "));
  EXPECT_FALSE(contains(get("/"), "see the log"));
  directory_.write("proc/sys/net/ipv4/tcp_retries2", "garbage");
  EXPECT_TRUE(contains(get("/"), "failed in part or whole: see the log"));
}

TEST_F(RouterTest, PageComesWithItsPolicyAndIsNotKept) {
  const Response response = get("/");
  const auto header = [&response](std::string_view name) {
    for (const auto& [key, value] : response.headers) {
      if (key == name) {
        return value;
      }
    }
    return std::string();
  };
  EXPECT_EQ(header("Content-Security-Policy"), page_policy());
  EXPECT_EQ(header("Cache-Control"), "no-store");
  EXPECT_EQ(response.content_type, "text/html; charset=utf-8");
}

// In no time at all not all of them are done.
TEST_F(RouterTest, PageComesWithWhatIsKnownWhenCollectorsDoNotFinish) {
  // One that takes long to read: others may be done before anybody waits.
  std::string long_file;
  for (int i = 0; i < 50'000; ++i) {
    long_file += "Match User u\nBanner none\n";
  }
  directory_.write("etc/ssh/sshd_config", long_file.substr(0, 1'000'000));
  start([](Settings& settings) {
    settings.collectors.timeout = std::chrono::duration<double>(0);
  });
  const Response response = get("/");
  EXPECT_EQ(response.status, 200);
  EXPECT_TRUE(contains(response, "did not finish in time: see the log"));
  EXPECT_TRUE(contains(response, "</html>"));
}

TEST_F(RouterTest, LooksCountAsScrapes) {
  start([](Settings& settings) { settings.web.max_requests = 0; });
  for (const char* path :
       {"/", "/metrics", "/api/v1/report", "/api/v1/sessions"}) {
    EXPECT_EQ(get(path).status, 503) << path;
  }
  EXPECT_EQ(get("/-/healthy").status, 200);
}

TEST_F(RouterTest, ReloadIsForbiddenUnlessEnabled) {
  EXPECT_EQ(send("POST", "/-/reload").status, 403);
  EXPECT_EQ(reloads_, 0);
}

TEST_F(RouterTest, ReloadSwapsTheSettings) {
  configure("[web]\nenable_lifecycle = on\n");
  EXPECT_EQ(get("/metrics").status, 200);
  configure("[web]\nenable_lifecycle = on\ntelemetry_path = /other\n");
  EXPECT_EQ(send("POST", "/-/reload").status, 200);
  EXPECT_EQ(reloads_, 1);
  EXPECT_EQ(get("/metrics").status, 404);
  EXPECT_TRUE(contains(get("/other"),
                       "ssh_keepalive_config_last_reload_successful 1\n"));
}

TEST_F(RouterTest, BadReloadKeepsTheOldSettingsAndSaysSo) {
  configure("[web]\nenable_lifecycle = on\n");
  start();
  configure("[web]\nenable_lifecycle = perhaps\n");
  const Response response = send("POST", "/-/reload");
  EXPECT_EQ(response.status, 500);
  EXPECT_TRUE(contains(response, "c.ini:2: enable_lifecycle: expected"));
  EXPECT_TRUE(contains(get("/metrics"),
                       "ssh_keepalive_config_last_reload_successful 0\n"));
  EXPECT_TRUE(contains(get("/"), "The last reload failed"));
  configure("[web]\nenable_lifecycle = on\n");
  EXPECT_EQ(send("POST", "/-/reload").status, 200);
  EXPECT_TRUE(contains(get("/metrics"),
                       "ssh_keepalive_config_last_reload_successful 1\n"));
}

TEST_F(RouterTest, ListenAddressStaysUntilARestart) {
  start();
  configure("[web]\nlisten_address = :1\n");
  ASSERT_TRUE(service_->reload().ok());
  EXPECT_EQ(service_->settings()->web.listen_addresses,
            std::vector<std::string>{":10722"});
}

TEST(ScrapeTimeout, LeavesPrometheusHalfASecond) {
  using Seconds = std::chrono::duration<double>;
  EXPECT_EQ(scrape_timeout(std::nullopt, Seconds(10)), Seconds(10));
  EXPECT_EQ(scrape_timeout(Seconds(5), Seconds(10)), Seconds(4.5));
  EXPECT_EQ(scrape_timeout(Seconds(60), Seconds(10)), Seconds(10));
  EXPECT_EQ(scrape_timeout(Seconds(0.5), Seconds(10)), Seconds(0.25));
}

}  // namespace
}  // namespace ssh_keepalive::http
