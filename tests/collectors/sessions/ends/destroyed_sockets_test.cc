// The kernel's news of destroyed sockets: what is made of their bytes, and real
// ones, of connections over loopback. No right is needed.
#include "collectors/sessions/ends/destroyed_sockets.h"

#include <gtest/gtest.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <map>
#include <random>

#include "collectors/base/unique_fd.h"
#include "collectors/sessions/ends/destroy_filter.h"
#include "tests/collectors/sessions/wire.h"

namespace ssh_keepalive::sessions {
namespace {

using testing::Bytes;
using testing::join;

constexpr std::uint8_t kClosed = 7;

PortSet port_set(const std::vector<std::uint16_t>& ports) {
  return PortSet(ports);
}

// As the kernel tells of a server's socket on port 22.
Bytes news(std::uint16_t local = 22, std::uint16_t peer = 50'000,
           std::size_t info_bytes = sizeof(struct tcp_info)) {
  inet_diag_msg header = testing::socket_header();
  header.idiag_state = kClosed;
  header.id.idiag_sport = htons(local);
  header.id.idiag_dport = htons(peer);
  header.idiag_rqueue = 3;
  header.idiag_wqueue = 4;
  struct tcp_info info {};
  info.tcpi_probes = 9;
  info.tcpi_notsent_bytes = 5;
  info.tcpi_bytes_sent = 1000;
  info.tcpi_bytes_retrans = 100;
  Bytes payload;
  testing::append_aligned(payload, header);
  const Bytes attribute = testing::tcp_info_attribute(info, info_bytes);
  payload.insert(payload.end(), attribute.begin(), attribute.end());
  return testing::message(SOCK_DIAG_BY_FAMILY, payload);
}

struct Decoded {
  Result<void> result;
  std::vector<FinalSocket> sockets;
};

Decoded decode(std::span<const std::byte> bytes) {
  Decoded decoded;
  decoded.result = decode_news(bytes, [&](const FinalSocket& socket) {
    decoded.sockets.push_back(socket);
  });
  return decoded;
}

TEST(DecodeNews, AllFields) {
  const Decoded decoded = decode(join(news(), news(22, 50'001)));
  ASSERT_TRUE(decoded.result.ok());
  ASSERT_EQ(decoded.sockets.size(), 2U);
  const FinalSocket& socket = decoded.sockets[0];
  EXPECT_EQ(socket.socket.cookie, (std::uint64_t{1} << 32) + 7);
  EXPECT_EQ(to_string(socket.socket.peer), "192.0.2.9:50000");
  EXPECT_EQ(socket.socket.info->probes, 9);
  EXPECT_EQ(socket.unread_bytes, 3U);
  EXPECT_EQ(socket.unacknowledged_bytes, 4U);
  EXPECT_EQ(socket.bytes_not_sent, 5U);
  EXPECT_EQ(socket.bytes_sent, 1000U);
  EXPECT_EQ(socket.bytes_retransmitted, 100U);
}

TEST(DecodeNews, OlderKernelsCountLess) {
  const Decoded decoded =
      decode(news(22, 50'000, offsetof(struct tcp_info, tcpi_notsent_bytes)));
  ASSERT_EQ(decoded.sockets.size(), 1U);
  EXPECT_EQ(decoded.sockets[0].bytes_not_sent, 0U);
  EXPECT_EQ(decoded.sockets[0].bytes_sent, std::nullopt);
}

TEST(DecodeNews, WhatIsNoConnection) {
  EXPECT_TRUE(decode({}).result.ok());
  EXPECT_TRUE(decode(news(22, 0)).sockets.empty()) << "a listener";
  EXPECT_TRUE(decode(testing::done()).sockets.empty());
  Bytes bare;
  testing::append_aligned(bare, testing::socket_header());
  EXPECT_TRUE(
      decode(testing::message(SOCK_DIAG_BY_FAMILY, bare)).sockets.empty());
}

TEST(DecodeNews, CutShortAnywhere) {
  const Bytes whole = news();
  for (std::size_t length = 1; length < whole.size(); ++length) {
    const Decoded decoded = decode(std::span(whole).first(length));
    EXPECT_FALSE(decoded.result.ok()) << length;
    EXPECT_TRUE(decoded.sockets.empty()) << length;
  }
}

TEST(DecodeNews, GarbageAndLengthsThatLie) {
  std::mt19937 random;  // NOLINT: always the same bytes
  for (int round = 0; round < 2000; ++round) {
    Bytes bytes = news();
    for (int i = 0; i < 4; ++i) {
      bytes[random() % bytes.size()] = static_cast<std::byte>(random());
    }
    static_cast<void>(decode(bytes));
    static_cast<void>(decode_left(bytes));
  }
  for (const std::uint32_t length : {0U, 1U, 15U, 0xffffffffU}) {
    Bytes bytes = news();
    std::memcpy(bytes.data(), &length, sizeof length);
    EXPECT_FALSE(decode(bytes).result.ok()) << length;
    EXPECT_FALSE(decode_left(bytes).ok()) << length;
  }
}

TEST(DecodeLeft, States) {
  const auto remains = [](std::uint8_t state) {
    inet_diag_msg header = testing::socket_header();
    header.idiag_state = state;
    Bytes payload;
    testing::append_aligned(payload, header);
    return decode_left(testing::message(SOCK_DIAG_BY_FAMILY, payload))->remains;
  };
  EXPECT_EQ(remains(1), Remains::kOpen);
  EXPECT_EQ(remains(4), Remains::kClosing);
  EXPECT_EQ(remains(5), Remains::kTimeWait);
  EXPECT_EQ(remains(6), Remains::kTimeWait);
  EXPECT_EQ(remains(kClosed), Remains::kNothing);
  EXPECT_EQ(remains(8), Remains::kOpen);
  EXPECT_EQ(remains(9), Remains::kClosing);
  EXPECT_EQ(remains(10), Remains::kNothing) << "a listener";
  EXPECT_EQ(decode_left(testing::refusal(ENOENT))->remains, Remains::kNothing);
  EXPECT_FALSE(decode_left(testing::refusal(EPERM)).ok());
  EXPECT_FALSE(decode_left({}).ok());
}

// The filter, run by the kernel -----------------------------------------------

// Whether a message passes a socket with that filter.
class Filtered {
 public:
  explicit Filtered(const PortSet& ports) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_DGRAM, 0, ends.data()), 0);
    in_ = UniqueFd(ends[0]);
    out_ = UniqueFd(ends[1]);
    std::vector<sock_filter> program = compile_destroy_filter(ports);
    const sock_fprog filter = {
        .len = static_cast<unsigned short>(program.size()),
        .filter = program.data()};
    EXPECT_EQ(::setsockopt(out_.get(), SOL_SOCKET, SO_ATTACH_FILTER, &filter,
                           sizeof filter),
              0);
  }

  bool passes(std::uint16_t local, std::uint16_t peer) {
    const Bytes bytes = news(local, peer);
    static_cast<void>(
        ::send(in_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT));
    Bytes received(bytes.size());
    const ssize_t length =
        ::recv(out_.get(), received.data(), received.size(), MSG_DONTWAIT);
    EXPECT_TRUE(length < 0 || received == bytes) << "whole or not at all";
    return length >= 0;
  }

 private:
  UniqueFd in_;
  UniqueFd out_;
};

TEST(DestroyFilter, EitherPort) {
  Filtered filter(port_set({22, 2222}));
  for (const std::uint16_t port : {22, 2222}) {
    EXPECT_TRUE(filter.passes(port, 50'000));
    EXPECT_TRUE(filter.passes(50'000, port));
    EXPECT_FALSE(filter.passes(port, 0)) << "a listener";
  }
  for (const std::uint16_t port : {21, 23, 2221, 65'535, 5632}) {
    EXPECT_FALSE(filter.passes(port, 50'000)) << port;
    EXPECT_FALSE(filter.passes(50'000, port)) << port;
  }
}

TEST(DestroyFilter, NoPortsAndAsManyAsPossible) {
  Filtered none(port_set({}));
  EXPECT_FALSE(none.passes(22, 50'000));
  std::vector<std::uint16_t> ports;
  for (std::size_t i = 0; i < kMaxPorts; ++i) {
    ports.push_back(static_cast<std::uint16_t>(1000 + 3 * i));
  }
  Filtered all(port_set(ports));
  for (const std::uint16_t port : ports) {
    EXPECT_TRUE(all.passes(port, 50'000)) << port;
    EXPECT_TRUE(all.passes(50'000, port)) << port;
    EXPECT_FALSE(all.passes(port + 1, 50'000)) << port;
    EXPECT_FALSE(all.passes(50'000, port + 1)) << port;
  }
}

// Real sockets ----------------------------------------------------------------

class LiveNews : public ::testing::Test {
 protected:
  LiveNews() { listen_on(AF_INET, false); }

  void listen_on(int family, bool dual_stack) {
    listener_ = UniqueFd(::socket(family, SOCK_STREAM, 0));
    const int only = dual_stack ? 0 : 1;
    if (family == AF_INET6) {
      ::setsockopt(listener_.get(), IPPROTO_IPV6, IPV6_V6ONLY, &only,
                   sizeof only);
    }
    sockaddr_storage address{};
    address.ss_family = static_cast<sa_family_t>(family);
    socklen_t size =
        family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    // Every address travels as its base type in socket calls.
    auto* const pointer = reinterpret_cast<sockaddr*>(&address);
    ASSERT_EQ(::bind(listener_.get(), pointer, size), 0);
    ASSERT_EQ(::listen(listener_.get(), SOMAXCONN), 0);
    ASSERT_EQ(::getsockname(listener_.get(), pointer, &size), 0);
    sockaddr_in with_port{};
    std::memcpy(&with_port, &address, sizeof with_port);
    port_ = ntohs(with_port.sin_port);
    news_.emplace(*DestroyedSockets::open(port_set({port_})));
  }

  struct Pair {
    UniqueFd client;
    UniqueFd server;
  };

  // To the loopback address of that family.
  Pair connect_pair(int family = AF_INET) {
    Pair pair{.client = UniqueFd(::socket(family, SOCK_STREAM, 0)),
              .server = {}};
    const sockaddr_in ipv4{.sin_family = AF_INET,
                           .sin_port = htons(port_),
                           .sin_addr = {htonl(INADDR_LOOPBACK)}};
    const sockaddr_in6 ipv6{.sin6_family = AF_INET6,
                            .sin6_port = htons(port_),
                            .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    const bool is_ipv4 = family == AF_INET;
    EXPECT_EQ(::connect(pair.client.get(),
                        is_ipv4 ? reinterpret_cast<const sockaddr*>(&ipv4)
                                : reinterpret_cast<const sockaddr*>(&ipv6),
                        is_ipv4 ? sizeof ipv4 : sizeof ipv6),
              0);
    pair.server = UniqueFd(::accept(listener_.get(), nullptr, nullptr));
    EXPECT_TRUE(pair.server.valid());
    return pair;
  }

  static std::uint64_t cookie_of(const UniqueFd& fd) {
    std::uint64_t cookie = 0;
    socklen_t size = sizeof cookie;
    EXPECT_EQ(::getsockopt(fd.get(), SOL_SOCKET, SO_COOKIE, &cookie, &size), 0);
    return cookie;
  }

  // Until so many have come, and then whatever else is there.
  std::map<std::uint64_t, FinalSocket> receive(std::size_t count) {
    std::map<std::uint64_t, FinalSocket> received;
    const auto take = [&](const FinalSocket& socket) {
      EXPECT_TRUE(received.emplace(socket.socket.cookie.value(), socket).second)
          << "twice";
    };
    constexpr int kPatience = 10'000;
    while (received.size() < count) {
      pollfd waited = {
          .fd = news_->descriptor(), .events = POLLIN, .revents = 0};
      if (::poll(&waited, 1, kPatience) <= 0) {
        ADD_FAILURE() << received.size() << " of " << count;
        break;
      }
      lost_ += *news_->receive(take);
    }
    lost_ += *news_->receive(take);
    return received;
  }

  UniqueFd listener_;
  std::uint16_t port_ = 0;
  std::optional<DestroyedSockets> news_;
  std::uint64_t lost_ = 0;
};

TEST_F(LiveNews, WhoClosedFirst) {
  for (const auto& [family, listening] : {std::pair(AF_INET, AF_INET),
                                          {AF_INET6, AF_INET6},
                                          {AF_INET, AF_INET6}}) {
    listen_on(listening, family != listening);
    for (const bool is_client_first : {true, false}) {
      Pair pair = connect_pair(family);
      const std::uint64_t client = cookie_of(pair.client);
      const std::uint64_t server = cookie_of(pair.server);
      (is_client_first ? pair.client : pair.server) = UniqueFd();
      (is_client_first ? pair.server : pair.client) = UniqueFd();
      const auto ended = receive(2);
      ASSERT_TRUE(ended.contains(client) && ended.contains(server));
      const auto remains = [&](std::uint64_t cookie) {
        return news_->look_up(ended.at(cookie).socket)->remains;
      };
      EXPECT_EQ(remains(client),
                is_client_first ? Remains::kTimeWait : Remains::kNothing);
      EXPECT_EQ(remains(server),
                is_client_first ? Remains::kNothing : Remains::kTimeWait);
    }
  }
  EXPECT_EQ(lost_, 0U);
}

TEST_F(LiveNews, OpenConnectionsAreFoundOpen) {
  Pair pair = connect_pair();
  const std::uint64_t cookie = cookie_of(pair.client);
  Pair other = connect_pair();
  const auto left = [&] {
    Socket socket;
    other.server = UniqueFd();
    other.client = UniqueFd();
    for (const auto& [its, final] : receive(2)) {
      socket = final.socket;
    }
    return socket;
  }();
  // Its ends with the ports of the one that lives.
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ASSERT_EQ(::getsockname(pair.client.get(),
                          reinterpret_cast<sockaddr*>(&address), &size),
            0);
  Socket live = left;
  live.local.port = ntohs(address.sin_port);
  live.peer.port = port_;
  const auto found = news_->look_up(live);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->remains, Remains::kOpen);
  EXPECT_EQ(found->socket->socket.cookie, cookie);
}

TEST_F(LiveNews, OtherPortsAreLeftOut) {
  ASSERT_TRUE(news_->set_ports(port_set({1})).ok());
  connect_pair();
  ASSERT_TRUE(news_->set_ports(port_set({port_})).ok());
  const Pair pair = connect_pair();
  EXPECT_TRUE(receive(0).empty());
}

TEST_F(LiveNews, TwoThousandAtOnceWithoutALoss) {
  const UniqueFd other(::socket(AF_INET, SOCK_DGRAM, 0));
  const int bytes = 4096;
  if (::setsockopt(other.get(), SOL_SOCKET, SO_RCVBUFFORCE, &bytes,
                   sizeof bytes) != 0) {
    GTEST_SKIP() << "needs CAP_NET_ADMIN, for as much room as it takes";
  }
  constexpr std::size_t kCount = 2000;
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < kCount / 4; ++i) {
    pairs.push_back(connect_pair());
  }
  // As many descriptors as a process may have, four times.
  std::size_t ended = 0;
  for (int round = 0; round < 4; ++round) {
    pairs.clear();
    ended += receive(kCount / 2).size();
    for (std::size_t i = 0; i < kCount / 4 && round < 3; ++i) {
      pairs.push_back(connect_pair());
    }
  }
  EXPECT_EQ(ended, 2 * kCount);
  EXPECT_EQ(lost_, 0U);
}

}  // namespace
}  // namespace ssh_keepalive::sessions
