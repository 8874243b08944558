#include "collectors/sessions/proc_net_tcp.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "collectors/sessions/socket_table.h"
#include "tests/support.h"

namespace ssh_keepalive::sessions {
namespace {

constexpr std::string_view kHeader =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when "
    "retrnsmt   uid  timeout inode";
constexpr std::string_view kLine =
    "   7: 010200C0:0016 420200C0:C371 01 00000000:00000000 02:00000065 "
    "00000000  1000        3 51696 2 00000000311828a1 20 4 31 11 -1";

Selection ssh_port() {
  return Selection(PortSet(std::vector<std::uint16_t>{22}));
}

Result<std::optional<Socket>> parse(std::string_view line) {
  return parse_proc_net_tcp_line(AddressFamily::kIpv4, line, ssh_port());
}

std::string replaced(std::string_view from, std::string_view to) {
  std::string line(kLine);
  line.replace(line.find(from), from.size(), to);
  return line;
}

TEST(ParseProcNetTcpLine, ProbedConnection) {
  const Result<std::optional<Socket>> socket = parse(kLine);
  ASSERT_TRUE(socket.ok() && *socket);
  EXPECT_EQ(to_string((*socket)->local), "192.0.2.1:22");
  EXPECT_EQ(to_string((*socket)->peer), "192.0.2.66:50033");
  EXPECT_EQ((*socket)->timer, (Timer{.kind = TimerKind::kKeepalive,
                                     .expires = milliseconds(1010),
                                     .unanswered = 3}));
  EXPECT_EQ((*socket)->uid, 1000U);
  EXPECT_EQ((*socket)->inode, 51696U);
  EXPECT_FALSE((*socket)->cookie);
  EXPECT_FALSE((*socket)->info);
}

TEST(ParseProcNetTcpLine, RetransmissionsCountWhileDataIsUnacknowledged) {
  const auto socket =
      parse(replaced("02:00000065 00000000", "01:00000065 0000000A"));
  ASSERT_TRUE(socket.ok() && *socket);
  EXPECT_EQ((*socket)->timer.kind, TimerKind::kRetransmit);
  EXPECT_EQ((*socket)->timer.unanswered, 10U);
}

TEST(ParseProcNetTcpLine, Ipv6) {
  const auto socket = parse_proc_net_tcp_line(
      AddressFamily::kIpv6,
      "   3: B80D0120000000000000000001000000:0016 "
      "0000000000000000FFFF00000A0200C0:C8DF 01 00000000:00000000 00:00000000 "
      "00000000     0        0 51688 1 000000005cc10315 20 4 31 11 -1",
      ssh_port());
  ASSERT_TRUE(socket.ok() && *socket);
  EXPECT_EQ(to_string((*socket)->local), "[2001:db8::1]:22");
  EXPECT_EQ(to_string((*socket)->peer), "192.0.2.10:51423");
}

TEST(ParseProcNetTcpLine, OtherPortsAndStatesAreNothing) {
  const auto other_port = parse(replaced(":0016", ":0017"));
  ASSERT_TRUE(other_port.ok());
  EXPECT_FALSE(*other_port);
  for (const char* state : {" 02 ", " 03 ", " 04 ", " 05 ", " 06 ", " 07 ",
                            " 09 ", " 0B ", " 0C ", " FF "}) {
    const auto socket = parse(replaced(" 01 ", state));
    ASSERT_TRUE(socket.ok()) << state;
    EXPECT_FALSE(*socket) << state;
  }
}

TEST(ParseProcNetTcpLine, CutAtEveryColumn) {
  for (std::size_t length = 0; length < kLine.find("51696"); ++length) {
    EXPECT_FALSE(parse(kLine.substr(0, length)).ok()) << length;
  }
}

TEST(ParseProcNetTcpLine, Overflowing) {
  EXPECT_FALSE(parse(replaced("C371", "1C371")).ok());
  EXPECT_FALSE(parse(replaced("420200C0", "1420200C0")).ok());
  EXPECT_FALSE(parse(replaced("02:00000065", "02:FFFFFFFFFFFFFFFFF")).ok());
  EXPECT_FALSE(parse(replaced("51696", "99999999999999999999")).ok());
  EXPECT_FALSE(parse(replaced(" 1000 ", " 4294967296 ")).ok());
  EXPECT_TRUE(parse(replaced("02:00000065", "02:FFFFFFFFFF")).ok());
}

TEST(ParseProcNetTcpLine, Garbage) {
  for (const std::string& line :
       {replaced("010200C0", "01020xC0"), replaced("010200C0", "-10200C0"),
        replaced(":0016", "_0016"), replaced("02:0000", "02_0000"),
        replaced(" 01 ", " xx "), replaced("51696", "-1"),
        replaced("51696", "5x"), std::string(600, 'x'),
        std::string(600, ' ')}) {
    EXPECT_FALSE(parse(line).ok()) << line;
  }
}

TEST(IsProcNetTcpHeader, BothFiles) {
  EXPECT_TRUE(is_proc_net_tcp_header(kHeader));
  EXPECT_FALSE(is_proc_net_tcp_header(kLine));
  EXPECT_FALSE(is_proc_net_tcp_header(""));
}

class ReadProcNetTcp : public ::testing::Test {
 protected:
  Result<SocketTable> read() {
    return read_proc_net_tcp(*HostRoot::open(directory_.path().string()),
                             ssh_port());
  }

  void write(std::string_view content, std::string_view name = "tcp") {
    directory_.write("proc/net/" + std::string(name), content);
  }

  static std::string lines(std::initializer_list<std::string_view> lines) {
    std::string text;
    for (const std::string_view line : lines) {
      text += std::string(line) + '\n';
    }
    return text;
  }

  testing::TemporaryDirectory directory_;
};

TEST_F(ReadProcNetTcp, NoSocketsAndNoIpv6) {
  write(lines({kHeader}));
  ASSERT_TRUE(read().ok());
  EXPECT_TRUE(read()->sockets.empty());
}

TEST_F(ReadProcNetTcp, Missing) {
  EXPECT_EQ(read().error().kind, ErrorKind::kAbsent);
}

TEST_F(ReadProcNetTcp, Empty) {
  write("");
  EXPECT_EQ(read().error().message(),
            "parse /proc/net/tcp:1: the file is empty");
}

TEST_F(ReadProcNetTcp, BadLineIsNamed) {
  write(lines({kHeader, kLine, "rubbish"}));
  EXPECT_EQ(read().error().message(), "parse /proc/net/tcp:3: too few columns");
}

TEST_F(ReadProcNetTcp, OtherColumnTitles) {
  write(lines({kLine}));
  EXPECT_EQ(read().error().message(),
            "parse /proc/net/tcp:1: not the column titles of this file");
}

TEST_F(ReadProcNetTcp, BrokenIpv6FileIsAnError) {
  write(lines({kHeader}));
  write("rubbish\n", "tcp6");
  EXPECT_EQ(read().error().kind, ErrorKind::kInvalid);
}

TEST_F(ReadProcNetTcp, CutShort) {
  const std::string whole = lines({kHeader, kLine});
  for (std::size_t length = 0; length < whole.size(); ++length) {
    write(std::string_view(whole).substr(0, length));
    const bool only_header = length == kHeader.size() + 1;
    EXPECT_EQ(read().ok(), only_header) << length;
  }
}

TEST_F(ReadProcNetTcp, EndlessLine) {
  write(std::string(kHeader) + '\n' + std::string(1'000'000, 'x'));
  EXPECT_EQ(read().error().message(),
            "parse /proc/net/tcp:2: the line is too long");
}

TEST_F(ReadProcNetTcp, FilesLargerThanOneMebibyte) {
  std::string text = lines({kHeader});
  const std::string other = replaced(":0016", ":0050") + '\n';
  for (int i = 0; i < 20'000; ++i) {
    text += i % 1000 == 0 ? lines({kLine}) : other;
  }
  ASSERT_GT(text.size(), std::size_t{2} << 20);
  write(text);
  EXPECT_EQ(read()->sockets.size(), 20U);
}

TEST_F(ReadProcNetTcp, FifoIsRefusedAtOnce) {
  write("", "other");
  ASSERT_EQ(::mkfifo((directory_.path() / "proc/net/tcp").c_str(), 0600), 0);
  EXPECT_EQ(read().error().kind, ErrorKind::kInvalid);
}

TEST_F(ReadProcNetTcp, FixtureHosts) {
  const auto read_fixture = [](std::string_view scenario) {
    return read_proc_net_tcp(
        *HostRoot::open(testing::fixture_host(scenario)),
        Selection(PortSet(std::vector<std::uint16_t>{22, 2222})));
  };
  EXPECT_EQ(read_fixture("proc_net_only")->sockets.size(), 12U);
  EXPECT_EQ(read_fixture("no_sockets").error().kind, ErrorKind::kAbsent);
  EXPECT_EQ(read_fixture("garbage").error().kind, ErrorKind::kInvalid);
}

}  // namespace
}  // namespace ssh_keepalive::sessions
