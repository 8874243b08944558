#include "collectors/sessions/port_filter.h"

#include <gtest/gtest.h>
#include <linux/inet_diag.h>

#include <cstring>
#include <random>

namespace ssh_keepalive::sessions {
namespace {

std::vector<std::uint16_t> spaced_ports(std::size_t count, unsigned step) {
  std::vector<std::uint16_t> ports;
  for (std::size_t i = 0; i < count; ++i) {
    ports.push_back(static_cast<std::uint16_t>(22 + i * step));
  }
  return ports;
}

inet_diag_bc_op operation_at(const std::vector<std::byte>& program,
                             std::size_t offset) {
  inet_diag_bc_op operation = {};
  std::memcpy(&operation, program.data() + offset, sizeof operation);
  return operation;
}

// What the kernel demands of a program before it takes it: every operation
// has its operand, follows its predecessor, and jumps forward to another
// operation, to the end (accept) or four bytes beyond it (reject).
void expect_well_formed(const std::vector<std::byte>& program) {
  std::vector<bool> starts(program.size() + 2 * sizeof(inet_diag_bc_op));
  std::vector<std::size_t> targets;
  std::size_t offset = 0;
  while (offset < program.size()) {
    ASSERT_LE(offset + sizeof(inet_diag_bc_op), program.size());
    starts[offset] = true;
    const inet_diag_bc_op operation = operation_at(program, offset);
    const bool jump = operation.code == INET_DIAG_BC_JMP;
    ASSERT_EQ(operation.yes, jump ? 4 : 8);
    ASSERT_GE(operation.no, 4);
    targets.push_back(offset + operation.no);
    offset += operation.yes;
  }
  ASSERT_EQ(offset, program.size());
  starts[program.size()] = true;
  starts[program.size() + sizeof(inet_diag_bc_op)] = true;
  for (const std::size_t target : targets) {
    ASSERT_LT(target, starts.size());
    ASSERT_TRUE(starts[target]) << target;
  }
}

struct Run {
  bool accepted = false;
  int comparisons = 0;
};

Run run(const std::vector<std::byte>& program, std::uint16_t local,
        std::uint16_t peer) {
  Run result;
  std::size_t offset = 0;
  while (offset < program.size()) {
    const inet_diag_bc_op operation = operation_at(program, offset);
    if (operation.code == INET_DIAG_BC_JMP) {
      offset += operation.no;
      continue;
    }
    ++result.comparisons;
    const std::uint16_t port = operation_at(program, offset + 4).no;
    const bool yes = (operation.code == INET_DIAG_BC_S_GE && local >= port) ||
                     (operation.code == INET_DIAG_BC_S_LE && local <= port) ||
                     (operation.code == INET_DIAG_BC_D_GE && peer >= port) ||
                     (operation.code == INET_DIAG_BC_D_LE && peer <= port);
    offset += yes ? operation.yes : operation.no;
  }
  result.accepted = offset == program.size();
  return result;
}

void expect_accepts_exactly(const std::vector<std::uint16_t>& ports) {
  const PortSet set(ports);
  const std::vector<std::byte> program = compile_port_filter(set);
  ASSERT_NO_FATAL_FAILURE(expect_well_formed(program));
  for (int port = 0; port <= 65535; ++port) {
    const auto value = static_cast<std::uint16_t>(port);
    const bool expected = set.contains(value);
    ASSERT_EQ(run(program, value, 0).accepted, expected) << port;
    ASSERT_EQ(run(program, 0, value).accepted, expected) << port;
  }
}

TEST(PortSet, SortedWithoutDuplicatesAndZero) {
  const PortSet set(std::vector<std::uint16_t>{2222, 22, 0, 22, 443});
  EXPECT_EQ(std::vector<std::uint16_t>(set.ports().begin(), set.ports().end()),
            (std::vector<std::uint16_t>{22, 443, 2222}));
  EXPECT_EQ(set.left_out(), 0U);
  EXPECT_TRUE(set.contains(443));
  EXPECT_FALSE(set.contains(0));
}

TEST(PortSet, TakesTheFirst64DifferentPorts) {
  std::vector<std::uint16_t> ports = spaced_ports(66, 3);
  std::reverse(ports.begin(), ports.end());
  ports.insert(ports.end(), {22, 25, 22});
  const PortSet set(ports);
  EXPECT_EQ(set.ports().size(), kMaxPorts);
  EXPECT_EQ(set.left_out(), 2U);
  EXPECT_FALSE(set.contains(22));
  EXPECT_FALSE(set.contains(25));
  EXPECT_TRUE(set.contains(28));
}

TEST(CompilePortFilter, EmptySetHasNoProgram) {
  EXPECT_TRUE(compile_port_filter(PortSet()).empty());
}

TEST(CompilePortFilter, AcceptsExactlyItsPorts) {
  expect_accepts_exactly({22});
  expect_accepts_exactly({22, 2222});
  expect_accepts_exactly({22, 23, 24, 2222});
  expect_accepts_exactly({1, 65535});
  expect_accepts_exactly({65534, 65535});
  expect_accepts_exactly(spaced_ports(kMaxPorts, 7));
  expect_accepts_exactly(spaced_ports(kMaxPorts, 1));
}

TEST(CompilePortFilter, AcceptsExactlyItsPortsAtRandom) {
  std::mt19937 random(22);
  for (int round = 0; round < 20; ++round) {
    std::vector<std::uint16_t> ports(1 + random() % kMaxPorts);
    for (std::uint16_t& port : ports) {
      port = static_cast<std::uint16_t>(random());
    }
    expect_accepts_exactly(ports);
  }
}

TEST(CompilePortFilter, OtherSocketsCostTwoComparisonsForOnePort) {
  const std::vector<std::byte> program =
      compile_port_filter(PortSet(std::vector<std::uint16_t>{22}));
  EXPECT_EQ(run(program, 443, 50'000).comparisons, 2);
}

TEST(CompilePortFilter, CostGrowsWithTheLogarithmOfTheSet) {
  const std::vector<std::byte> program =
      compile_port_filter(PortSet(spaced_ports(kMaxPorts, 1000)));
  for (int port = 0; port <= 65535; ++port) {
    const auto value = static_cast<std::uint16_t>(port);
    ASSERT_LE(run(program, value, value).comparisons, 16) << port;
  }
}

}  // namespace
}  // namespace ssh_keepalive::sessions
