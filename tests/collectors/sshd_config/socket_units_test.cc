#include "collectors/sshd_config/socket_units.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support.h"

namespace ssh_keepalive::sshd_config {
namespace {

using Ports = std::vector<std::uint16_t>;

Ports ports_in(const std::string& text) {
  Ports ports = {22};
  apply_socket_unit(text, ports);
  return ports;
}

TEST(SocketUnitFile, Addresses) {
  EXPECT_EQ(ports_in("[Socket]\nListenStream=2200\n"), (Ports{22, 2200}));
  EXPECT_EQ(ports_in("[Socket]\nListenStream = 192.0.2.1:2200 \n"),
            (Ports{22, 2200}));
  EXPECT_EQ(ports_in("[Socket]\nListenStream=[::]:65535"), (Ports{22, 65535}));
}

TEST(SocketUnitFile, NothingResets) {
  EXPECT_EQ(ports_in("[Socket]\nListenStream=\nListenStream=2200\n"),
            (Ports{2200}));
  EXPECT_EQ(ports_in("[Socket]\nListenStream=2200\nListenFIFO=\n"), Ports());
}

TEST(SocketUnitFile, OtherSectionsCommentsAndContinuation) {
  EXPECT_EQ(ports_in("[Unit]\nListenStream=1\n[Socket]\n#ListenStream=2\n"
                     ";ListenStream=3\nListenStream=\\\n# in between\n  4\n"
                     "[Install]\nListenStream=5\n"),
            (Ports{22, 4}));
}

TEST(SocketUnitFile, WhatIsNoTcpPort) {
  for (const char* const address :
       {"0", "65536", "99999999999999999999", "-1", "ssh", "/run/22", "@22",
        "vsock::22", "vsock-stream:2:22", "[::]:", ":", "%i", "22 23",
        "\xff:\x80"}) {
    EXPECT_EQ(ports_in("[Socket]\nListenStream=" + std::string(address)),
              Ports{22})
        << address;
  }
  EXPECT_EQ(ports_in("[Socket]\nListenDatagram=2200\n"), Ports{22});
}

TEST(SocketUnitFile, EmptyTruncatedAndGarbage) {
  for (const std::string& text :
       {std::string(), std::string("[Socket"), std::string("[Socket]\n="),
        std::string("[Socket]\nListenStream"), std::string("\\\n\\\n\\"),
        std::string("[Socket]\nListenStream\\"), std::string("\0\xff\n=", 4)}) {
    EXPECT_EQ(ports_in(text), Ports{22}) << text;
  }
}

TEST(SocketUnitFile, NoMoreThanAnyoneNeeds) {
  std::string text = "[Socket]\n";
  for (int i = 0; i < 5000; ++i) {
    text += "ListenStream=2200\n";
  }
  EXPECT_EQ(ports_in(text).size(), 1024U);
}

class SocketUnits : public ::testing::Test {
 protected:
  void enable(const std::string& unit) const {
    const auto folder =
        host_.path() / "etc/systemd/system/sockets.target.wants";
    std::filesystem::create_directories(folder);
    std::filesystem::create_symlink("/lib/systemd/system/" + unit,
                                    folder / unit);
  }

  [[nodiscard]] Ports ports() const { return socket_unit_ports(root()); }
  [[nodiscard]] HostRoot root() const {
    return *HostRoot::open(host_.path().string());
  }

  testing::TemporaryDirectory host_;
};

TEST_F(SocketUnits, OnlyThoseThatAreEnabled) {
  host_.write("lib/systemd/system/ssh.socket", "[Socket]\nListenStream=22\n");
  EXPECT_EQ(ports(), Ports());
  EXPECT_FALSE(is_socket_activated(root()));
  enable("ssh.socket");
  EXPECT_EQ(ports(), Ports{22});
  EXPECT_TRUE(is_socket_activated(root()));
}

TEST_F(SocketUnits, OfAnotherImplementation) {
  host_.write("usr/lib/systemd/system/tinysshd.socket",
              "[Socket]\nListenStream=2200\n");
  enable("tinysshd.socket");
  EXPECT_EQ(ports(), Ports{2200});
  EXPECT_FALSE(is_socket_activated(root()));
}

TEST_F(SocketUnits, FirstFileOfTheLoadPathCounts) {
  host_.write("lib/systemd/system/ssh.socket", "[Socket]\nListenStream=22\n");
  host_.write("etc/systemd/system/ssh.socket", "[Socket]\nListenStream=23\n");
  enable("ssh.socket");
  EXPECT_EQ(ports(), Ports{23});
}

TEST_F(SocketUnits, Masked) {
  host_.write("lib/systemd/system/ssh.socket", "[Socket]\nListenStream=22\n");
  enable("ssh.socket");
  std::filesystem::create_symlink(
      "/dev/null", host_.path() / "etc/systemd/system/ssh.socket");
  EXPECT_EQ(ports(), Ports());
}

// Drop-ins act in the order of their names, wherever they are; one hides those
// of the same name in later directories.
TEST_F(SocketUnits, DropIns) {
  host_.write("lib/systemd/system/ssh.socket", "[Socket]\nListenStream=22\n");
  enable("ssh.socket");
  host_.write("run/systemd/generator/ssh.socket.d/addresses.conf",
              "[Socket]\nListenStream=\nListenStream=0.0.0.0:2200\n");
  EXPECT_EQ(ports(), Ports{2200});
  host_.write("etc/systemd/system/ssh.socket.d/more.conf",
              "[Socket]\nListenStream=2201\n");
  host_.write("lib/systemd/system/ssh.socket.d/more.conf",
              "[Socket]\nListenStream=2202\n");
  host_.write("etc/systemd/system/ssh.socket.d/more.conf.bak",
              "[Socket]\nListenStream=2203\n");
  EXPECT_EQ(ports(), (Ports{2200, 2201}));
  host_.write("lib/systemd/system/ssh.socket.d/zz.conf",
              "[Socket]\nListenStream=\n");
  EXPECT_EQ(ports(), Ports());
}

}  // namespace
}  // namespace ssh_keepalive::sshd_config
