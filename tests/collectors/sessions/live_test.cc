// Real connections over loopback, found through the real kernel. They need no
// privilege, no SSH and no port of their own: the kernel picks a free one.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <stdexcept>
#include <thread>

#include "collectors/base/unique_fd.h"
#include "collectors/sessions/listening_ports.h"
#include "collectors/sessions/sessions.h"
#include "collectors/sessions/socket_table.h"
#include "collectors/sysctl/sysctl.h"

namespace ssh_keepalive::sessions {
namespace {

template <typename T>
T get_option(const UniqueFd& fd, int level, int option) {
  T value{};
  socklen_t size = sizeof value;
  EXPECT_EQ(::getsockopt(fd.get(), level, option, &value, &size), 0);
  return value;
}

void set_option(const UniqueFd& fd, int level, int option, int value) {
  ASSERT_EQ(::setsockopt(fd.get(), level, option, &value, sizeof value), 0);
}

std::uint64_t inode_of(const UniqueFd& fd) {
  struct stat status {};
  EXPECT_EQ(::fstat(fd.get(), &status), 0);
  return status.st_ino;
}

// Any loopback address, as a socket call takes it.
struct LoopbackAddress {
  sockaddr_storage storage = {};
  socklen_t size = 0;

  sockaddr* pointer() {
    // Every address travels as its base type in socket calls.
    return reinterpret_cast<sockaddr*>(&storage);
  }
};

LoopbackAddress loopback(int family, std::uint16_t port) {
  LoopbackAddress address;
  if (family == AF_INET) {
    const sockaddr_in ipv4 = {.sin_family = AF_INET,
                              .sin_port = htons(port),
                              .sin_addr = {htonl(INADDR_LOOPBACK)}};
    std::memcpy(&address.storage, &ipv4, sizeof ipv4);
    address.size = sizeof ipv4;
  } else {
    const sockaddr_in6 ipv6 = {.sin6_family = AF_INET6,
                               .sin6_port = htons(port),
                               .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    std::memcpy(&address.storage, &ipv6, sizeof ipv6);
    address.size = sizeof ipv6;
  }
  return address;
}

class Live : public ::testing::Test {
 protected:
  void SetUp() override { listen_on(AF_INET); }

  void listen_on(int family) {
    family_ = family;
    listener_ = UniqueFd(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    ASSERT_TRUE(listener_.valid());
    LoopbackAddress address = loopback(family, 0);
    ASSERT_EQ(::bind(listener_.get(), address.pointer(), address.size), 0)
        << std::strerror(errno);
    ASSERT_EQ(::listen(listener_.get(), 16), 0);
    ASSERT_EQ(::getsockname(listener_.get(), address.pointer(), &address.size),
              0);
    sockaddr_in with_port = {};  // both families keep the port there
    std::memcpy(&with_port, &address.storage, sizeof with_port);
    port_ = ntohs(with_port.sin_port);
  }

  struct Pair {
    UniqueFd client;
    UniqueFd server;
  };

  Pair connect_pair() {
    Pair pair;
    pair.client = UniqueFd(::socket(family_, SOCK_STREAM | SOCK_CLOEXEC, 0));
    LoopbackAddress address = loopback(family_, port_);
    EXPECT_EQ(::connect(pair.client.get(), address.pointer(), address.size), 0);
    pair.server =
        UniqueFd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    EXPECT_TRUE(pair.server.valid());
    return pair;
  }

  std::vector<std::uint16_t> ports() const { return {port_}; }

  Facts look(Memory* memory = nullptr) const {
    Facts facts;
    const std::vector<Error> errors =
        collect(HostRoot::live(), ports(), kernel_exchange, memory, {}, facts);
    EXPECT_TRUE(errors.empty()) << errors.at(0).message();
    EXPECT_EQ(facts.source, Source::kNetlink);
    return facts;
  }

  static const Session& find(const Facts& facts, const UniqueFd& fd) {
    const std::uint64_t inode = inode_of(fd);
    for (const Session& session : facts.sessions) {
      if (session.socket.inode == inode) {
        return session;
      }
    }
    throw std::runtime_error("the socket was not found");
  }

  int family_ = AF_INET;
  std::uint16_t port_ = 0;
  UniqueFd listener_;
};

TEST_F(Live, BothEndsHaveTheirRoles) {
  const Pair pair = connect_pair();
  const Facts facts = look();
  EXPECT_EQ(facts.listening_ports, ports());
  EXPECT_EQ(facts.sessions.size(), 2U);
  EXPECT_EQ(find(facts, pair.server).role, Role::kServer);
  EXPECT_EQ(find(facts, pair.client).role, Role::kClient);
}

TEST_F(Live, TimerFollowsKeepalive) {
  const Pair pair = connect_pair();
  set_option(pair.server, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_option(pair.server, IPPROTO_TCP, TCP_KEEPIDLE, 600);
  const Facts facts = look();
  const Session& kept = find(facts, pair.server);
  EXPECT_EQ(kept.keepalive, Keepalive::kOn);
  EXPECT_EQ(kept.socket.timer.kind, TimerKind::kKeepalive);
  EXPECT_GT(kept.socket.timer.expires, std::chrono::seconds(500));
  EXPECT_LE(kept.socket.timer.expires, std::chrono::seconds(601));
  EXPECT_EQ(kept.socket.timer.unanswered, 0U);
  EXPECT_EQ(find(facts, pair.client).keepalive, Keepalive::kOff);
  EXPECT_EQ(find(facts, pair.client).socket.timer.kind, TimerKind::kNone);
}

TEST_F(Live, TimerFollowsThisHostsSysctl) {
  sysctl::Facts settings;
  ASSERT_TRUE(sysctl::collect(HostRoot::live(), settings).empty());
  const Pair pair = connect_pair();
  set_option(pair.server, SOL_SOCKET, SO_KEEPALIVE, 1);
  const Facts facts = look();
  EXPECT_LE(find(facts, pair.server).socket.timer.expires,
            std::chrono::seconds(*settings.keepalive_time_seconds + 1));
}

TEST_F(Live, ValuesEqualGetsockopt) {
  const Pair pair = connect_pair();
  set_option(pair.server, SOL_SOCKET, SO_KEEPALIVE, 1);
  const std::string_view banner = "SSH-2.0-test\r\n";
  ASSERT_EQ(::send(pair.client.get(), banner.data(), banner.size(), 0),
            static_cast<ssize_t>(banner.size()));
  std::array<char, 64> buffer{};
  ASSERT_EQ(::recv(pair.server.get(), buffer.data(), buffer.size(), 0),
            static_cast<ssize_t>(banner.size()));
  const auto before =
      get_option<struct tcp_info>(pair.server, IPPROTO_TCP, TCP_INFO);
  const Facts facts = look();
  const auto after =
      get_option<struct tcp_info>(pair.server, IPPROTO_TCP, TCP_INFO);
  const Session& session = find(facts, pair.server);
  EXPECT_EQ(session.socket.cookie,
            get_option<std::uint64_t>(pair.server, SOL_SOCKET, SO_COOKIE));
  EXPECT_EQ(session.socket.uid, ::geteuid());
  EXPECT_EQ(session.keepalive == Keepalive::kOn,
            get_option<int>(pair.server, SOL_SOCKET, SO_KEEPALIVE) == 1);
  const TcpInfo& info = session.socket.info.value();
  EXPECT_EQ(info.bytes_received, banner.size());
  EXPECT_EQ(info.bytes_received, after.tcpi_bytes_received);
  EXPECT_EQ(info.segments_received, after.tcpi_segs_in);
  EXPECT_EQ(info.retransmission_timeout, microseconds(after.tcpi_rto));
  EXPECT_EQ(info.smoothed_round_trip, microseconds(after.tcpi_rtt));
  EXPECT_GE(info.since_data_received, milliseconds(before.tcpi_last_data_recv));
  EXPECT_LE(info.since_data_received, milliseconds(after.tcpi_last_data_recv));
}

TEST_F(Live, KeepaliveIsRememberedBehindAFullWindow) {
  const Pair pair = connect_pair();
  set_option(pair.client, SOL_SOCKET, SO_KEEPALIVE, 1);
  Memory memory;
  EXPECT_EQ(find(look(&memory), pair.client).keepalive, Keepalive::kOn);
  // Nobody reads at the other end.
  const std::string block(65'536, 'x');
  TimerKind timer = TimerKind::kKeepalive;
  const std::time_t deadline = std::time(nullptr) + 30;
  while (timer != TimerKind::kZeroWindow && std::time(nullptr) < deadline) {
    ::send(pair.client.get(), block.data(), block.size(), MSG_DONTWAIT);
    const Facts facts = look(&memory);
    timer = find(facts, pair.client).socket.timer.kind;
    ASSERT_EQ(find(facts, pair.client).keepalive, Keepalive::kOn);
  }
  EXPECT_EQ(timer, TimerKind::kZeroWindow);
  EXPECT_EQ(find(look(), pair.client).keepalive, Keepalive::kHidden);
}

TEST_F(Live, SessionThatItsPeerHasLeft) {
  Pair pair = connect_pair();
  pair.client = UniqueFd();
  const std::time_t deadline = std::time(nullptr) + 30;
  Facts facts = look();
  while (find(facts, pair.server).socket.state != TcpState::kCloseWait &&
         std::time(nullptr) < deadline) {
    facts = look();
  }
  EXPECT_EQ(find(facts, pair.server).socket.state, TcpState::kCloseWait);
  EXPECT_EQ(facts.sessions.size(), 1U);
}

TEST_F(Live, SessionsOutliveTheirListener) {
  const Pair pair = connect_pair();
  listener_ = UniqueFd();
  const Facts facts = look();
  EXPECT_TRUE(facts.listening_ports.empty());
  // The port comes from the range that the kernel picks from.
  EXPECT_EQ(find(facts, pair.server).role, Role::kUnknown);
  EXPECT_EQ(find(facts, pair.client).role, Role::kClient);
}

TEST_F(Live, Ipv6AndDualStack) {
  if (!UniqueFd(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0)).valid()) {
    GTEST_SKIP() << "this kernel has no IPv6";
  }
  listen_on(AF_INET6);
  const Pair pair = connect_pair();
  const Facts facts = look();
  EXPECT_EQ(find(facts, pair.server).socket.family, AddressFamily::kIpv6);
  EXPECT_TRUE(
      to_string(find(facts, pair.client).socket.peer).starts_with("[::1]:"));
}

TEST_F(Live, EachFamilyAloneGivesTheSame) {
  const Pair pair = connect_pair();
  const Selection set{PortSet(ports())};
  // A kernel that refuses the older request, otherwise the real one.
  const Exchange newer_only = [](std::span<const std::byte> request,
                                 const DatagramSink& sink) -> Result<void> {
    std::uint16_t type = 0;
    std::memcpy(&type, request.data() + sizeof(std::uint32_t), sizeof type);
    constexpr std::uint16_t kSockDiagByFamily = 20;
    if (type != kSockDiagByFamily) {
      Error refused = system_error("dump", "fake", ENOENT);
      return refused;
    }
    return kernel_exchange(request, sink);
  };
  const Result<SocketTable> one_walk = dump_sockets(kernel_exchange, set);
  const Result<SocketTable> two_walks = dump_sockets(newer_only, set);
  ASSERT_TRUE(one_walk.ok() && two_walks.ok());
  ASSERT_EQ(one_walk->sockets.size(), 3U);
  ASSERT_EQ(two_walks->sockets.size(), 3U);
  for (const Socket& socket : one_walk->sockets) {
    EXPECT_TRUE(std::any_of(
        two_walks->sockets.begin(), two_walks->sockets.end(),
        [&](const Socket& other) { return other.cookie == socket.cookie; }));
  }
}

// Only root may make one: elsewhere it is CI that runs this.
TEST(LiveNamespace, BothSourcesFollowTheThread) {
  bool entered = false;
  std::size_t here = 0;
  std::size_t by_netlink = 0;
  std::size_t by_proc = 0;
  std::thread([&] {
    entered = ::unshare(CLONE_NEWNET) == 0;
    const UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!entered || ::listen(fd.get(), 1) != 0) {
      return;
    }
    here = inode_of(fd);
    const auto only = [](const Result<SocketTable>& table) -> std::size_t {
      return table.ok() && table->sockets.size() == 1
                 ? table->sockets.front().inode
                 : 0;
    };
    by_netlink = only(dump_sockets(kernel_exchange, Selection::listeners()));
    by_proc = only(read_proc_net_tcp(HostRoot::live(), Selection::listeners()));
  }).join();
  if (!entered) {
    GTEST_SKIP() << "needs CAP_SYS_ADMIN";
  }
  EXPECT_NE(here, 0U);
  EXPECT_EQ(by_netlink, here);
  EXPECT_EQ(by_proc, here);
}

TEST_F(Live, ProcNetTcpGivesTheSame) {
  const Pair pair = connect_pair();
  set_option(pair.server, SOL_SOCKET, SO_KEEPALIVE, 1);
  const Facts by_netlink = look();
  Facts by_proc;
  const Exchange closed = [](std::span<const std::byte> /*request*/,
                             const DatagramSink& /*sink*/) -> Result<void> {
    return system_error("open", "fake", EPERM);
  };
  EXPECT_TRUE(
      collect(HostRoot::live(), ports(), closed, nullptr, {}, by_proc).empty());
  EXPECT_EQ(by_proc.source, Source::kProcNetTcp);
  ASSERT_EQ(by_proc.sessions.size(), 2U);
  for (const UniqueFd* const fd : {&pair.server, &pair.client}) {
    const Session& one = find(by_netlink, *fd);
    const Session& other = find(by_proc, *fd);
    EXPECT_EQ(one.role, other.role);
    EXPECT_EQ(one.keepalive, other.keepalive);
    EXPECT_EQ(one.socket.local, other.socket.local);
    EXPECT_EQ(one.socket.peer, other.socket.peer);
    EXPECT_EQ(one.socket.uid, other.socket.uid);
    EXPECT_EQ(one.socket.timer.kind, other.socket.timer.kind);
    EXPECT_NEAR(static_cast<double>(one.socket.timer.expires.count()),
                static_cast<double>(other.socket.timer.expires.count()), 5000);
  }
}

TEST_F(Live, ListenersTellTheirPort) {
  const Pair pair = connect_pair();
  const Exchange closed = [](std::span<const std::byte> /*request*/,
                             const DatagramSink& /*sink*/) -> Result<void> {
    return system_error("open", "fake", EPERM);
  };
  for (const Exchange& exchange : {Exchange(kernel_exchange), closed}) {
    EXPECT_EQ(listening_ports(HostRoot::live(), exchange,
                              {inode_of(listener_), inode_of(pair.server)}),
              ports());
    EXPECT_TRUE(
        listening_ports(HostRoot::live(), exchange, {inode_of(pair.server), 0})
            .empty());
    EXPECT_TRUE(listening_ports(HostRoot::live(), exchange, {}).empty());
  }
}

TEST_F(Live, KernelTakesTheLargestPortSet) {
  const Pair pair = connect_pair();
  std::vector<std::uint16_t> many = ports();
  for (std::uint16_t port = 1; many.size() < kMaxPorts; port += 13) {
    many.push_back(port);
  }
  const Result<SocketTable> table =
      dump_sockets(kernel_exchange, Selection(PortSet(many)));
  ASSERT_TRUE(table.ok()) << table.error().message();
  EXPECT_GE(table->sockets.size(), 3U);
  for (const Socket& socket : table->sockets) {
    EXPECT_TRUE(PortSet(many).contains(socket.local.port) ||
                PortSet(many).contains(socket.peer.port));
  }
}

}  // namespace
}  // namespace ssh_keepalive::sessions
