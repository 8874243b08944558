#include "collectors/netns/container.h"

#include <gtest/gtest.h>

namespace ssh_keepalive::netns {
namespace {

const std::string kId(64, 'a');
constexpr const char* kShort = "aaaaaaaaaaaa";

std::string of(const std::string& path) { return container_of("0::" + path); }

TEST(Container, DockerPodmanAndKubernetesBySystemd) {
  EXPECT_EQ(of("/system.slice/docker-" + kId + ".scope\n"),
            std::string("docker-") + kShort);
  EXPECT_EQ(of("/machine.slice/libpod-" + kId + ".scope/container\n"),
            std::string("libpod-") + kShort);
  EXPECT_EQ(of("/kubepods.slice/kubepods-pod1.slice/cri-containerd-" + kId +
               ".scope\n"),
            std::string("cri-containerd-") + kShort);
  EXPECT_EQ(of("/kubepods.slice/crio-" + kId + ".scope\n"),
            std::string("crio-") + kShort);
}

TEST(Container, PlainFolders) {
  EXPECT_EQ(of("/docker/" + kId + "\n"), std::string("docker-") + kShort);
  EXPECT_EQ(of("/kubepods/besteffort/pod1/" + kId + "\n"),
            std::string("cri-") + kShort);
  EXPECT_EQ(of("/" + kId + "\n"), "");
}

TEST(Container, Machines) {
  EXPECT_EQ(of("/machine.slice/machine-web.scope/payload/system.slice/"
               "ssh.service\n"),
            "web");
  EXPECT_EQ(of("/machine.slice/systemd-nspawn@web\\x2d1.service/payload\n"),
            "web-1");
  EXPECT_EQ(of("/lxc.payload.mail/system.slice/ssh.service\n"), "mail");
  EXPECT_EQ(of("/lxc/mail/init.scope\n"), "mail");
}

TEST(Container, InnermostOfSeveral) {
  EXPECT_EQ(of("/lxc/mail/system.slice/docker-" + kId + ".scope\n"),
            std::string("docker-") + kShort);
}

TEST(Container, OlderHierarchies) {
  EXPECT_EQ(container_of("12:cpu,cpuacct:/lxc/wrong\n1:name=systemd:/docker/" +
                         kId + "\n0::/\n"),
            std::string("docker-") + kShort);
}

TEST(Container, NoneOutsideOfContainers) {
  for (const char* const text :
       {"", "\n", "0::/\n", "0::/init.scope\n", "garbage", "0::", "::::",
        "0::/system.slice/ssh.service\n", "0::/user.slice/user-1000.slice\n",
        "0::/system.slice/docker-abc.scope\n", "0::/machine-.scope\n"}) {
    EXPECT_EQ(container_of(text), "") << text;
  }
}

TEST(Container, NamesAreSafeAsLabels) {
  EXPECT_EQ(of("/lxc/a b\"\x01\xff/x\n"), "a_b___");
  EXPECT_EQ(sanitized(std::string(1000, 'x')).size(), 63U);
  EXPECT_EQ(sanitized("a/b\nc.d_e@f-g"), "a_b_c.d_e@f-g");
}

}  // namespace
}  // namespace ssh_keepalive::netns
