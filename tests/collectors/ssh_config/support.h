// A host with configuration files of ssh, and what ssh makes of them.
#ifndef SSH_KEEPALIVE_TESTS_COLLECTORS_SSH_CONFIG_SUPPORT_H_
#define SSH_KEEPALIVE_TESTS_COLLECTORS_SSH_CONFIG_SUPPORT_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "collectors/ssh_config/evaluate.h"
#include "tests/support.h"

namespace ssh_keepalive::ssh_config {

class SshConfigTest : public ::testing::Test {
 protected:
  static constexpr const char* kFile = "/home/alice/.ssh/config";
  static constexpr const char* kSystemFile = "/etc/ssh/ssh_config";

  SshConfigTest() {
    request_.host = "alpha";
    request_.local_user = "alice";
    request_.uid = ::getuid();
    request_.home = "/home/alice";
    request_.files = {{kFile, FileRole::kNamed}};
  }

  void write(std::string_view path, std::string_view content) const {
    directory_.write(path, content);
  }

  Result<Evaluation> try_evaluate() {
    Files files(*HostRoot::open(directory_.path().string()), version_);
    return evaluate(request_, files);
  }

  // Of request_.files as they are.
  Evaluation evaluate_files() {
    Result<Evaluation> evaluation = try_evaluate();
    EXPECT_TRUE(evaluation.ok()) << evaluation.error().message();
    return evaluation.ok() ? *std::move(evaluation) : Evaluation{};
  }

  Evaluation evaluate_text(std::string_view content) {
    write(kFile, content);
    return evaluate_files();
  }

  // The value of a keyword; "refused" where ssh would refuse, "undecided"
  // where it depends on something unknown.
  std::string value(std::string_view content,
                    Keyword keyword = Keyword::kServerAliveInterval) {
    const Evaluation evaluation = evaluate_text(content);
    if (!evaluation.refusals.empty()) {
      return "refused";
    }
    const Outcome* const outcome = evaluation.find(keyword);
    if (outcome == nullptr) {
      return "unknown keyword";
    }
    return outcome->decided ? outcome->value : "undecided";
  }

  // The value for another host.
  std::string value_for(std::string_view host, std::string_view content) {
    request_.host = host;
    return value(content);
  }

  // "FILE:LINE: REASON" of the first refusal; empty where there is none.
  std::string refusal(std::string_view content) {
    const Evaluation evaluation = evaluate_text(content);
    if (evaluation.refusals.empty()) {
      return "";
    }
    const Refusal& first = evaluation.refusals.front();
    return first.at.file + ":" + std::to_string(first.at.line) + ": " +
           first.reason;
  }

  testing::TemporaryDirectory directory_;
  openssh::Version version_;
  Request request_;
};

}  // namespace ssh_keepalive::ssh_config

#endif  // SSH_KEEPALIVE_TESTS_COLLECTORS_SSH_CONFIG_SUPPORT_H_
