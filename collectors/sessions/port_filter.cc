#include "collectors/sessions/port_filter.h"

#include <linux/inet_diag.h>

#include <algorithm>
#include <cstring>
#include <iterator>

namespace ssh_keepalive::sessions {
namespace {

struct Range {
  std::uint16_t first;
  std::uint16_t last;
};

std::vector<Range> to_ranges(std::span<const std::uint16_t> ports) {
  std::vector<Range> ranges;
  for (const std::uint16_t port : ports) {
    if (!ranges.empty() && ranges.back().last + 1 == port) {
      ranges.back().last = port;
    } else {
      ranges.push_back({port, port});
    }
  }
  return ranges;
}

// Where an instruction goes when its condition is false. The kernel knows
// only byte distances; they are filled in when all instructions are known.
using Target = std::size_t;  // the index of an instruction, or:
constexpr Target kAccept = static_cast<Target>(-1);
constexpr Target kReject = static_cast<Target>(-2);
constexpr Target kNextSearch = static_cast<Target>(-3);

struct Instruction {
  std::uint8_t code;
  std::uint16_t port;  // unused by a jump
  Target otherwise;
};

// The two comparisons of one direction.
struct Direction {
  std::uint8_t at_least;
  std::uint8_t at_most;
};

constexpr Direction kLocalPort = {INET_DIAG_BC_S_GE, INET_DIAG_BC_S_LE};
constexpr Direction kPeerPort = {INET_DIAG_BC_D_GE, INET_DIAG_BC_D_LE};

class Program {
 public:
  // Appends a search for the port in `ranges` that accepts it when found and
  // goes to `on_miss` when not.
  void append_search(Direction direction, const std::vector<Range>& ranges,
                     Target on_miss) {
    const std::size_t begin = code_.size();
    append_subtree(direction, ranges, 0, ranges.size());
    const Target target = on_miss == kNextSearch ? code_.size() : on_miss;
    for (std::size_t i = begin; i < code_.size(); ++i) {
      if (code_[i].otherwise == kNextSearch) {
        code_[i].otherwise = target;
      }
    }
  }

  [[nodiscard]] std::vector<std::byte> assemble() const {
    std::vector<std::size_t> offsets;
    std::size_t length = 0;
    for (const Instruction& instruction : code_) {
      offsets.push_back(length);
      length += size_bytes(instruction);
    }
    std::vector<std::byte> bytes(length);
    for (std::size_t i = 0; i < code_.size(); ++i) {
      const std::size_t target = code_[i].otherwise == kAccept ? length
                                 : code_[i].otherwise == kReject
                                     ? length + sizeof(inet_diag_bc_op)
                                     : offsets[code_[i].otherwise];
      const inet_diag_bc_op operation = {
          .code = code_[i].code,
          .yes = static_cast<unsigned char>(size_bytes(code_[i])),
          .no = static_cast<unsigned short>(target - offsets[i])};
      std::memcpy(bytes.data() + offsets[i], &operation, sizeof operation);
      if (code_[i].code != INET_DIAG_BC_JMP) {
        // The operand stands in the next operation's field `no`.
        const inet_diag_bc_op operand = {.no = code_[i].port};
        std::memcpy(bytes.data() + offsets[i] + sizeof operation, &operand,
                    sizeof operand);
      }
    }
    return bytes;
  }

 private:
  static std::size_t size_bytes(const Instruction& instruction) {
    return (instruction.code == INET_DIAG_BC_JMP ? 1 : 2) *
           sizeof(inet_diag_bc_op);
  }

  // Searches ranges[begin, end). A port that comes here is known to be at
  // least the first of ranges[begin], unless begin is 0. A true comparison
  // goes on with the next instruction, so the upper half follows at once.
  void append_subtree(Direction direction, const std::vector<Range>& ranges,
                      std::size_t begin, std::size_t end) {
    if (end - begin == 1) {
      code_.push_back({direction.at_most, ranges[begin].last, kNextSearch});
      if (begin == 0) {
        code_.push_back({direction.at_least, ranges[begin].first, kNextSearch});
      }
      code_.push_back({INET_DIAG_BC_JMP, 0, kAccept});
      return;
    }
    const std::size_t middle = begin + (end - begin) / 2;
    const std::size_t branch = code_.size();
    code_.push_back({direction.at_least, ranges[middle].first, kReject});
    append_subtree(direction, ranges, middle, end);
    code_[branch].otherwise = code_.size();
    append_subtree(direction, ranges, begin, middle);
  }

  std::vector<Instruction> code_;
};

}  // namespace

PortSet::PortSet(std::span<const std::uint16_t> ports) {
  std::vector<std::uint16_t> others;
  for (const std::uint16_t port : ports) {
    if (port == 0 ||
        std::find(ports_.begin(), ports_.end(), port) != ports_.end()) {
      continue;
    }
    (ports_.size() < kMaxPorts ? ports_ : others).push_back(port);
  }
  std::sort(ports_.begin(), ports_.end());
  std::sort(others.begin(), others.end());
  left_out_ = static_cast<std::size_t>(
      std::distance(others.begin(), std::unique(others.begin(), others.end())));
}

bool PortSet::contains(std::uint16_t port) const {
  return std::binary_search(ports_.begin(), ports_.end(), port);
}

std::vector<std::byte> compile_port_filter(const PortSet& ports) {
  if (ports.ports().empty()) {
    return {};
  }
  const std::vector<Range> ranges = to_ranges(ports.ports());
  Program program;
  program.append_search(kLocalPort, ranges, kNextSearch);
  program.append_search(kPeerPort, ranges, kReject);
  return program.assemble();
}

}  // namespace ssh_keepalive::sessions
