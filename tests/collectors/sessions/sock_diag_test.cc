#include "collectors/sessions/sock_diag.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <random>

#include "tests/collectors/sessions/wire.h"

namespace ssh_keepalive::sessions {
namespace {

using testing::Bytes;
using testing::join;

struct Decoded {
  Result<DumpProgress> progress = DumpProgress();
  std::vector<Socket> sockets;
};

Decoded decode(std::span<const std::byte> bytes) {
  Decoded decoded;
  decoded.progress = decode_datagram(
      bytes, [&](const Socket& socket) { decoded.sockets.push_back(socket); });
  return decoded;
}

struct tcp_info some_info() {
  struct tcp_info info {};
  info.tcpi_last_data_sent = 65'000;
  info.tcpi_last_data_recv = 64'000;
  info.tcpi_last_ack_recv = 63'000;
  info.tcpi_rto = 204'000;
  info.tcpi_rtt = 4'000;
  info.tcpi_retransmits = 1;
  info.tcpi_probes = 2;
  info.tcpi_backoff = 3;
  info.tcpi_unacked = 4;
  info.tcpi_segs_out = 5;
  info.tcpi_segs_in = 6;
  info.tcpi_bytes_acked = 7;
  info.tcpi_bytes_received = 8;
  return info;
}

TEST(DecodeDatagram, OneSocketWithAllItsFields) {
  const Decoded decoded = decode(testing::socket_message(
      testing::socket_header(), testing::tcp_info_attribute(some_info())));
  ASSERT_TRUE(decoded.progress.ok());
  EXPECT_FALSE(decoded.progress->done);
  ASSERT_EQ(decoded.sockets.size(), 1U);
  const Socket& socket = decoded.sockets[0];
  EXPECT_EQ(to_string(socket.local), "192.0.2.1:22");
  EXPECT_EQ(to_string(socket.peer), "192.0.2.9:50000");
  EXPECT_EQ(socket.state, TcpState::kEstablished);
  EXPECT_EQ(socket.timer, (Timer{.kind = TimerKind::kKeepalive,
                                 .expires = milliseconds(7'199'000),
                                 .unanswered = 0}));
  EXPECT_EQ(socket.uid, 1000U);
  EXPECT_EQ(socket.inode, 4711U);
  EXPECT_EQ(socket.cookie, (std::uint64_t{1} << 32) + 7);
  EXPECT_EQ(socket.info,
            (TcpInfo{.since_data_sent = milliseconds(65'000),
                     .since_data_received = milliseconds(64'000),
                     .since_ack_received = milliseconds(63'000),
                     .retransmission_timeout = microseconds(204'000),
                     .smoothed_round_trip = microseconds(4'000),
                     .retransmits = 1,
                     .probes = 2,
                     .backoff = 3,
                     .unacknowledged_segments = 4,
                     .segments_sent = 5,
                     .segments_received = 6,
                     .bytes_acknowledged = 7,
                     .bytes_received = 8}));
}

TEST(DecodeDatagram, Ipv4MappedAddressesAreIpv4) {
  inet_diag_msg header = testing::socket_header();
  header.idiag_family = AF_INET6;
  const std::uint32_t address = header.id.idiag_dst[0];
  header.id.idiag_dst[0] = 0;
  header.id.idiag_dst[2] = htonl(0xffff);
  header.id.idiag_dst[3] = address;
  const Decoded decoded = decode(testing::socket_message(header));
  ASSERT_EQ(decoded.sockets.size(), 1U);
  EXPECT_EQ(to_string(decoded.sockets[0].peer), "192.0.2.9:50000");
  EXPECT_EQ(decoded.sockets[0].family, AddressFamily::kIpv6);
  EXPECT_EQ(to_string(decoded.sockets[0].local), "[c000:201::]:22");
}

TEST(DecodeDatagram, TimersOfTheKernelAndOnesToCome) {
  const std::array kinds = {TimerKind::kNone,       TimerKind::kRetransmit,
                            TimerKind::kKeepalive,  TimerKind::kOther,
                            TimerKind::kZeroWindow, TimerKind::kOther,
                            TimerKind::kOther};
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    inet_diag_msg header = testing::socket_header();
    header.idiag_timer = static_cast<std::uint8_t>(i);
    EXPECT_EQ(decode(testing::socket_message(header)).sockets.at(0).timer.kind,
              kinds[i])
        << i;
  }
}

TEST(DecodeDatagram, StatesThatWereNotAskedForArePassedOver) {
  for (int state = 0; state <= 255; ++state) {
    inet_diag_msg header = testing::socket_header();
    header.idiag_state = static_cast<std::uint8_t>(state);
    const Decoded decoded = decode(testing::socket_message(header));
    EXPECT_TRUE(decoded.progress.ok());
    EXPECT_EQ(decoded.sockets.size(),
              state == 1 || state == 8 || state == 10 ? 1U : 0U)
        << state;
  }
}

TEST(DecodeDatagram, UnknownMessagesAndAttributesArePassedOver) {
  const Bytes odd(7, std::byte{0xff});
  const Decoded decoded = decode(
      join(testing::message(999, odd),
           testing::socket_message(
               testing::socket_header(),
               join(testing::attribute(200, odd), testing::attribute(201, {}),
                    testing::tcp_info_attribute(some_info()))),
           testing::message(NLMSG_NOOP, {}), testing::done()));
  ASSERT_TRUE(decoded.progress.ok());
  EXPECT_TRUE(decoded.progress->done);
  ASSERT_EQ(decoded.sockets.size(), 1U);
  EXPECT_TRUE(decoded.sockets[0].info);
}

TEST(DecodeDatagram, TcpInfoOfLaterKernelsIsLarger) {
  const Decoded decoded = decode(testing::socket_message(
      testing::socket_header(),
      testing::tcp_info_attribute(some_info(), sizeof(struct tcp_info) + 100)));
  EXPECT_EQ(decoded.sockets.at(0).info->segments_received, 6U);
}

TEST(DecodeDatagram, TcpInfoMayEndBehindItsLastUsedField) {
  constexpr std::size_t kUsed = offsetof(struct tcp_info, tcpi_segs_in) + 4;
  const Bytes exact =
      testing::socket_message(testing::socket_header(),
                              testing::tcp_info_attribute(some_info(), kUsed));
  EXPECT_EQ(decode(exact).sockets.at(0).info->segments_received, 6U);
  for (std::size_t size = 0; size < kUsed; ++size) {
    const Decoded decoded = decode(testing::socket_message(
        testing::socket_header(),
        testing::tcp_info_attribute(some_info(), size)));
    ASSERT_FALSE(decoded.progress.ok()) << size;
    EXPECT_EQ(decoded.progress.error().kind, ErrorKind::kInvalid);
  }
}

TEST(DecodeDatagram, FinalStatus) {
  EXPECT_TRUE(decode(testing::done()).progress->done);
  EXPECT_FALSE(decode(testing::done()).progress->refused_errno);
  EXPECT_EQ(decode(testing::refusal(EPERM)).progress->refused_errno, EPERM);
  EXPECT_EQ(decode(testing::status_message(NLMSG_DONE, -ENOMEM))
                .progress->refused_errno,
            ENOMEM);
  EXPECT_FALSE(decode(testing::message(NLMSG_DONE, {})).progress.ok());
  EXPECT_FALSE(decode(testing::message(NLMSG_ERROR, {})).progress.ok());
}

TEST(DecodeDatagram, MostNegativeErrnoDoesNotOverflow) {
  const Decoded decoded = decode(testing::status_message(
      NLMSG_ERROR, std::numeric_limits<std::int32_t>::min()));
  ASSERT_TRUE(decoded.progress.ok());
  EXPECT_TRUE(decoded.progress->refused_errno);
}

TEST(DecodeDatagram, InterruptionIsNoticedOnAnyMessage) {
  EXPECT_TRUE(
      decode(join(testing::socket_message(testing::socket_header(), {},
                                          NLM_F_MULTI | NLM_F_DUMP_INTR),
                  testing::done()))
          .progress->interrupted);
  EXPECT_TRUE(decode(join(testing::message(NLMSG_OVERRUN, {}), testing::done()))
                  .progress->interrupted);
  EXPECT_FALSE(decode(testing::done()).progress->interrupted);
}

TEST(DecodeDatagram, Empty) {
  const Decoded decoded = decode({});
  ASSERT_TRUE(decoded.progress.ok());
  EXPECT_FALSE(decoded.progress->done);
}

TEST(DecodeDatagram, LengthsBeyondTheirContainer) {
  Bytes bytes = testing::socket_message(
      testing::socket_header(), testing::tcp_info_attribute(some_info()));
  const std::size_t attribute_at =
      NLMSG_ALIGN(sizeof(nlmsghdr)) + NLMSG_ALIGN(sizeof(inet_diag_msg));
  for (const unsigned length : {0U, 1U, 3U, 0xffffU}) {
    Bytes wrong = bytes;
    const auto value = static_cast<std::uint16_t>(length);
    std::memcpy(wrong.data() + attribute_at, &value, sizeof value);
    EXPECT_FALSE(decode(wrong).progress.ok()) << length;
  }
  for (const std::uint32_t length : {0U, 1U, 15U, 0x7fffffffU, 0xffffffffU}) {
    Bytes wrong = bytes;
    std::memcpy(wrong.data(), &length, sizeof length);
    EXPECT_FALSE(decode(wrong).progress.ok()) << length;
  }
}

TEST(DecodeDatagram, AddressFamilyThatIsNotIp) {
  inet_diag_msg header = testing::socket_header();
  header.idiag_family = AF_UNIX;
  EXPECT_FALSE(decode(testing::socket_message(header)).progress.ok());
}

TEST(DecodeDatagram, RecordedDumpOfEveryKindOfConnection) {
  const Decoded decoded = decode(testing::recorded_dump("busy"));
  ASSERT_TRUE(decoded.progress.ok()) << decoded.progress.error().message();
  EXPECT_TRUE(decoded.progress->done);
  EXPECT_EQ(decoded.sockets.size(), 12U);  // three of them listen
}

// Cut anywhere, it is an error or an unfinished dump of fewer sockets; never
// a complete one.
TEST(DecodeDatagram, RecordedDumpCutAtEveryLength) {
  const Bytes whole = testing::recorded_dump("busy");
  for (std::size_t length = 0; length < whole.size(); ++length) {
    // A copy of its own, so that a sanitizer sees every read behind its end.
    const Bytes cut(whole.begin(),
                    whole.begin() + static_cast<std::ptrdiff_t>(length));
    const Decoded decoded = decode(cut);
    EXPECT_TRUE(!decoded.progress.ok() || !decoded.progress->done) << length;
  }
}

TEST(DecodeDatagram, RecordedDumpWithRandomBytesInIt) {
  const Bytes whole = testing::recorded_dump("busy");
  std::mt19937 random(22);
  for (int round = 0; round < 20'000; ++round) {
    Bytes damaged = whole;
    for (int i = 0; i < 4; ++i) {
      damaged[random() % damaged.size()] = static_cast<std::byte>(random());
    }
    EXPECT_LE(decode(damaged).sockets.size(), 12U);
  }
}

TEST(DecodeDatagram, Garbage) {
  EXPECT_FALSE(decode(testing::recorded_dump("garbage")).progress.ok());
}

TEST(EncodeDumpRequest, LengthsAgree) {
  const PortSet ports(std::vector<std::uint16_t>{22});
  const Bytes filter = compile_port_filter(ports);
  for (const DumpKind kind :
       {DumpKind::kBothFamilies, DumpKind::kIpv4, DumpKind::kIpv6}) {
    const Bytes request = encode_dump_request(kind, Selection(ports));
    std::uint32_t length = 0;
    std::memcpy(&length, request.data(), sizeof length);
    EXPECT_EQ(length, request.size());
    EXPECT_TRUE(std::equal(filter.rbegin(), filter.rend(), request.rbegin()));
  }
}

}  // namespace
}  // namespace ssh_keepalive::sessions
