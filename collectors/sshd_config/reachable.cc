#include "collectors/sshd_config/reachable.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "collectors/sshd_config/match_blocks.h"
#include "collectors/sshd_config/trial_connections.h"

namespace ssh_keepalive::sshd_config {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

// How many Match lines are tried at most: some milliseconds. Making up a
// connection costs as much as several of them.
constexpr int kMaxWork = 10'000;
constexpr int kWorkOfConnection = 20;

double refresh_of(const ClientAlive& values) {
  return values.interval_seconds <= 0 ? kNever : values.interval_seconds;
}

double end_of(const ClientAlive& values) {
  return values.interval_seconds <= 0 || values.count_max == 0
             ? kNever
             : values.interval_seconds * (values.count_max + 1.0);
}

using Measure = double (*)(const ClientAlive& values);

// The blocks that set a value, where none is (null) all blocks together: no
// block that a connection meets need set it.
struct Sources {
  int value = 0;
  std::vector<const MatchBlock*> blocks;
};

// One value of each kind: what connections would get, were no other block to
// match.
struct Candidate {
  const Sources* interval = nullptr;
  const Sources* count = nullptr;

  [[nodiscard]] ClientAlive values() const {
    return {interval->value, count->value};
  }
};

// 0 stands for never, which is worse than any number.
bool is_worse(int a, int b) {
  return static_cast<unsigned>(a) - 1U > static_cast<unsigned>(b) - 1U;
}

class Search {
 public:
  Search(const Document& document, const Effective& globals)
      : document_(document),
        globals_{globals.client_alive_interval_seconds.value,
                 globals.client_alive_count_max.value},
        blocks_(client_alive_blocks(document)),
        intervals_(
            by_value(&MatchBlock::interval_seconds, globals_.interval_seconds)),
        counts_(by_value(&MatchBlock::count_max, globals_.count_max)) {
    for (const ListenAddress& address : globals.listen_addresses) {
      ports_.push_back(address.port);
    }
    exceptions_ = exceptions_of(blocks_, document_, ports_);
  }

  // The connection whose interval is worst.
  ClientAlive worst_interval(bool& exact) {
    const std::vector<Sources> any_count = {{globals_.count_max, {nullptr}}};
    return worst(refresh_of, any_count, exact);
  }

  // The connection whose dead peer is found last.
  ClientAlive worst_end(bool& exact) { return worst(end_of, counts_, exact); }

 private:
  ClientAlive worst(Measure measure, const std::vector<Sources>& counts,
                    bool& exact) {
    std::vector<Candidate> candidates;
    for (const Sources& interval : intervals_) {
      for (const Sources& count : counts) {
        candidates.push_back({&interval, &count});
      }
    }
    std::ranges::stable_sort(candidates,
                             [measure](const Candidate& a, const Candidate& b) {
                               return measure(a.values()) > measure(b.values());
                             });
    std::optional<ClientAlive> best;
    work_ = 0;
    for (const Connection& connection : exceptions_) {
      const ClientAlive values = values_of(connection);
      if (!best || measure(values) > measure(*best)) {
        best = values;
      }
    }
    for (const Candidate& candidate : candidates) {
      if (best && measure(candidate.values()) <= measure(*best)) {
        return *best;
      }
      try_out(candidate, measure, best);
      if (work_ > kMaxWork) {
        exact = false;
        return candidate.values();
      }
    }
    exact = exact && !left_out_;
    return best.value_or(globals_);
  }

  // Blocks by the value that they set, the worst one first.
  std::vector<Sources> by_value(std::optional<int> MatchBlock::*value,
                                int global) {
    constexpr std::size_t kMost = 128;
    std::map<int, Sources, bool (*)(int, int)> groups(is_worse);
    groups[global] = {global, {nullptr}};
    for (const MatchBlock& block : blocks_) {
      if (block.*value) {
        Sources& sources = groups[*(block.*value)];
        sources.value = *(block.*value);
        sources.blocks.push_back(&block);
      }
    }
    std::vector<Sources> sorted;
    for (auto& [unused, sources] : groups) {
      if (sorted.size() < kMost) {
        sorted.push_back(std::move(sources));
      } else {
        left_out_ = true;
      }
    }
    return sorted;
  }

  // Raises `best` to what connections really get that meet a block of each.
  void try_out(const Candidate& candidate, Measure measure,
               std::optional<ClientAlive>& best) {
    for (const MatchBlock* const interval : candidate.interval->blocks) {
      for (const MatchBlock* const count : candidate.count->blocks) {
        if (work_ > kMaxWork) {
          return;
        }
        const auto values = values_at(interval, count);
        if (values && (!best || measure(*values) > measure(*best))) {
          best = values;
        }
        if (best && measure(*best) >= measure(candidate.values())) {
          return;
        }
      }
    }
  }

  // What a connection really gets that meets both blocks; nothing where there
  // is no such connection. Null: no block need be met.
  std::optional<ClientAlive> values_at(const MatchBlock* first,
                                       const MatchBlock* second) {
    std::vector<const MatchBlock*> wanted;
    for (const MatchBlock* const block : {first, second}) {
      if (block != nullptr) {
        wanted.push_back(block);
      }
    }
    work_ += kWorkOfConnection;
    const std::optional<Connection> connection =
        connection_for(wanted, document_, ports_);
    return connection ? std::optional(values_of(*connection)) : std::nullopt;
  }

  ClientAlive values_of(const Connection& connection) {
    std::optional<int> interval;
    std::optional<int> count;
    for (const MatchBlock& block : blocks_) {
      const bool is_news =
          (block.interval_seconds && !interval) || (block.count_max && !count);
      if (!is_news || !meets(connection, block)) {
        continue;
      }
      interval = interval ? interval : block.interval_seconds;
      count = count ? count : block.count_max;
      if (interval && count) {
        break;
      }
    }
    return {interval.value_or(globals_.interval_seconds),
            count.value_or(globals_.count_max)};
  }

  bool meets(const Connection& connection, const MatchBlock& block) {
    return std::ranges::all_of(block.conditions, [&](const Line* line) {
      ++work_;
      const auto verdict =
          match_line(*line, document_.version, document_.services, &connection);
      return std::holds_alternative<bool>(verdict) && std::get<bool>(verdict);
    });
  }

  const Document& document_;
  ClientAlive globals_;
  std::vector<MatchBlock> blocks_;
  bool left_out_ = false;  // of the two below
  std::vector<Sources> intervals_;
  std::vector<Sources> counts_;
  std::vector<int> ports_;
  std::vector<Connection> exceptions_;
  int work_ = 0;
};

}  // namespace

Reachable reachable(const Document& document, const Evaluation& globals) {
  Search search(document, globals.effective);
  Reachable result;
  result.latest_refresh = search.worst_interval(result.exact);
  result.latest_end = search.worst_end(result.exact);
  return result;
}

}  // namespace ssh_keepalive::sshd_config
