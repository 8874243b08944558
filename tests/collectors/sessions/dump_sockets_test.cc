#include <gtest/gtest.h>

#include <cerrno>
#include <deque>

#include "collectors/sessions/socket_table.h"
#include "tests/collectors/sessions/wire.h"

namespace ssh_keepalive::sessions {
namespace {

using testing::Bytes;
using testing::join;

// A kernel that gives its answers in their order, whatever it is asked, and
// writes down what it was asked.
class FakeKernel {
 public:
  void answers(Bytes bytes) { answers_.emplace_back(std::move(bytes)); }
  void fails(int errno_value) {
    answers_.emplace_back(system_error("receive", "fake", errno_value));
  }

  Exchange exchange() {
    return [this](std::span<const std::byte> request,
                  const DatagramSink& sink) -> Result<void> {
      nlmsghdr header = {};
      std::memcpy(&header, request.data(), sizeof header);
      request_types.push_back(header.nlmsg_type);
      const Result<Bytes> answer = std::move(answers_.at(0));
      answers_.pop_front();
      if (!answer.ok()) {
        return answer.error();
      }
      const Result<bool> more = sink(*answer);
      if (!more.ok()) {
        return more.error();
      }
      EXPECT_FALSE(*more) << "the fake has no more datagrams";
      return {};
    };
  }

  std::vector<int> request_types;

 private:
  std::deque<Result<Bytes>> answers_;
};

Bytes one_socket() { return testing::socket_message(testing::socket_header()); }

Bytes interrupted_dump() {
  return join(testing::socket_message(testing::socket_header(), {},
                                      NLM_F_MULTI | NLM_F_DUMP_INTR),
              testing::done());
}

class DumpSockets : public ::testing::Test {
 protected:
  Result<SocketTable> dump() {
    return dump_sockets(kernel_.exchange(),
                        Selection(PortSet(std::vector<std::uint16_t>{22})));
  }

  FakeKernel kernel_;
};

TEST_F(DumpSockets, OneWalkForBothFamilies) {
  kernel_.answers(join(one_socket(), testing::done()));
  const Result<SocketTable> table = dump();
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->sockets.size(), 1U);
  EXPECT_FALSE(table->incomplete);
  EXPECT_EQ(kernel_.request_types, std::vector<int>{TCPDIAG_GETSOCK});
}

TEST_F(DumpSockets, NoPortsNoQuestion) {
  const Result<SocketTable> table =
      dump_sockets(kernel_.exchange(), Selection(PortSet()));
  ASSERT_TRUE(table.ok());
  EXPECT_TRUE(table->sockets.empty());
  EXPECT_TRUE(kernel_.request_types.empty());
}

TEST_F(DumpSockets, WalksEachFamilyWhereTheOlderRequestIsRefused) {
  for (const int reason : {EOPNOTSUPP, EINVAL, ENOENT}) {
    kernel_.request_types.clear();
    kernel_.answers(testing::refusal(reason));
    kernel_.answers(join(one_socket(), testing::done()));
    kernel_.answers(join(one_socket(), testing::done()));
    const Result<SocketTable> table = dump();
    ASSERT_TRUE(table.ok()) << reason;
    EXPECT_EQ(table->sockets.size(), 2U);
    EXPECT_EQ(kernel_.request_types,
              (std::vector<int>{TCPDIAG_GETSOCK, 20, 20}));
  }
}

TEST_F(DumpSockets, KernelWithoutIpv6) {
  kernel_.answers(testing::refusal(EOPNOTSUPP));
  kernel_.answers(join(one_socket(), testing::done()));
  kernel_.answers(testing::refusal(ENOENT));
  const Result<SocketTable> table = dump();
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->sockets.size(), 1U);
}

TEST_F(DumpSockets, KernelWithoutSockDiagIsAbsent) {
  for (int i = 0; i < 2; ++i) {
    kernel_.answers(testing::refusal(ENOENT));
  }
  EXPECT_EQ(dump().error().kind, ErrorKind::kAbsent);
}

TEST_F(DumpSockets, DeniedIsDeniedAtOnce) {
  kernel_.answers(testing::refusal(EACCES));
  EXPECT_EQ(dump().error().kind, ErrorKind::kDenied);
  EXPECT_EQ(kernel_.request_types.size(), 1U);
}

TEST_F(DumpSockets, OtherRefusalsAreFailures) {
  kernel_.answers(testing::refusal(ENOMEM));
  EXPECT_EQ(dump().error().kind, ErrorKind::kFailed);
}

TEST_F(DumpSockets, InterruptedOnceIsRepeatedFromItsBeginning) {
  kernel_.answers(interrupted_dump());
  kernel_.answers(join(one_socket(), testing::done()));
  const Result<SocketTable> table = dump();
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->sockets.size(), 1U);
  EXPECT_FALSE(table->incomplete);
}

TEST_F(DumpSockets, OverrunIsRepeated) {
  kernel_.fails(ENOBUFS);
  kernel_.answers(testing::refusal(ENOBUFS));
  kernel_.answers(join(one_socket(), testing::done()));
  const Result<SocketTable> table = dump();
  ASSERT_TRUE(table.ok());
  EXPECT_FALSE(table->incomplete);
}

TEST_F(DumpSockets, InterruptedThreeTimesIsPublishedAndSaid) {
  for (int i = 0; i < 3; ++i) {
    kernel_.answers(interrupted_dump());
  }
  const Result<SocketTable> table = dump();
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->sockets.size(), 1U);
  ASSERT_TRUE(table->incomplete);
  EXPECT_EQ(table->incomplete->kind, ErrorKind::kInterrupted);
  EXPECT_EQ(kernel_.request_types.size(), 3U);
}

TEST_F(DumpSockets, MalformedAnswerIsInvalid) {
  kernel_.answers(Bytes(3, std::byte{1}));
  EXPECT_EQ(dump().error().kind, ErrorKind::kInvalid);
}

TEST_F(DumpSockets, MemoryIsBounded) {
  Bytes many;
  const Bytes one = one_socket();
  many.reserve(one.size() * (kMaxSockets + 2));
  for (std::size_t i = 0; i <= kMaxSockets; ++i) {
    many.insert(many.end(), one.begin(), one.end());
  }
  kernel_.answers(join(many, testing::done()));
  const Result<SocketTable> table = dump();
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->sockets.size(), kMaxSockets);
  ASSERT_TRUE(table->incomplete);
  EXPECT_EQ(table->incomplete->kind, ErrorKind::kLimit);
}

}  // namespace
}  // namespace ssh_keepalive::sessions
