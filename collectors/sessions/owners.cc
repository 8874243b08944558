#include "collectors/sessions/owners.h"

#include <algorithm>
#include <utility>

#include "collectors/processes/descriptors.h"
#include "collectors/processes/process.h"
#include "collectors/processes/uptime.h"
#include "collectors/sessions/sshd_title.h"

namespace ssh_keepalive::sessions {
namespace {

// Whether the owner still holds the socket. Its descriptor proves it; where
// that may not be seen, that it is still the same process must do.
bool is_valid(const HostRoot& root, const Verdict& verdict,
              std::uint64_t inode) {
  if (verdict.descriptor) {
    return processes::socket_behind(root, verdict.owner.pid,
                                    *verdict.descriptor) == inode;
  }
  const Result<processes::Process> process =
      processes::read_process(root, verdict.owner.pid);
  return process.ok() && process->start_ticks == verdict.start_ticks;
}

bool may_change_terminals(const Verdict& verdict) {
  return verdict.owner.implementation == Implementation::kOpenSsh &&
         verdict.role == Role::kServer && verdict.change == Change::kNone;
}

// False where the process has another part now.
bool read_terminals(const HostRoot& root, Verdict& verdict) {
  const SshdTitle title =
      parse_sshd_title(processes::title_of(root, verdict.owner.pid));
  const bool is_users = title.part == SshdPart::kUser;
  if (is_users) {
    verdict.owner.tty = title.tty;
    verdict.owner.had_channel = title.had_channel;
  }
  return is_users == (verdict.phase == Phase::kAuthenticated);
}

std::chrono::seconds pause_after(int failures) {
  constexpr int kMostDoublings = 10;
  return std::min(
      Owners::kFirstPause * (1 << std::min(failures, kMostDoublings)),
      Owners::kLongestPause);
}

// Spreads the sockets evenly over the looks.
std::uint64_t turn_of(std::uint64_t inode) {
  constexpr std::uint64_t kGoldenRatio = 0x9e3779b97f4a7c15;
  return (inode * kGoldenRatio) >> 32U;
}

}  // namespace

struct Owners::Look {
  const HostRoot& root;
  Time now;
  std::vector<Session>& sessions;
  // Every so many looks a title is read again.
  std::uint64_t turns = 1;
  Inodes wanted;                // sockets without an owner
  bool awaits_another = false;  // a new process, for one that has an owner
};

void Owners::complete(const HostRoot& root, Time now,
                      std::vector<Session>& sessions) {
  ++looks_;
  Look look{.root = root,
            .now = now,
            .sessions = sessions,
            .turns = sessions.size() / kTitlesPerLook + 1};
  recognise(look);
  for (auto& [inode, entry] : entries_) {
    check(look, inode, entry);
  }
  if (!look.wanted.empty() || look.awaits_another) {
    search(look);
  }
  judge_all(look);
  const auto uptime = processes::uptime(root);
  for (Session& session : sessions) {
    const auto entry = entries_.find(session.socket.inode);
    if (entry != entries_.end() && entry->second.verdict) {
      const Verdict& verdict = *entry->second.verdict;
      session.owner = verdict.owner;
      // A recorded tree may say that it started later: then who knows.
      if (uptime && *uptime >= verdict.owner.started_after_boot) {
        session.owner->age = *uptime - verdict.owner.started_after_boot;
      }
      session.phase = verdict.phase;
      session.role = verdict.role.value_or(session.role);
    }
  }
}

// The entries of this look's sockets, known or new.
void Owners::recognise(Look& look) {
  std::unordered_map<std::uint64_t, Entry> entries;
  entries.reserve(look.sessions.size());
  for (const Session& session : look.sessions) {
    const Socket& socket = session.socket;
    if (socket.inode == 0) {
      continue;  // no process has accepted it
    }
    auto known = entries_.extract(socket.inode);
    if (known && known.mapped().cookie == socket.cookie) {
      entries.insert(std::move(known));
      continue;
    }
    if (known) {
      drop(known.mapped());
    }
    entries.try_emplace(socket.inode, Entry{.cookie = socket.cookie});
  }
  for (auto& [inode, entry] : entries_) {
    drop(entry);
  }
  entries_ = std::move(entries);
}

void Owners::check(Look& look, std::uint64_t inode, Entry& entry) {
  if (entry.verdict && !is_valid(look.root, *entry.verdict, inode)) {
    drop(entry);
  }
  if (!entry.verdict) {
    if (entry.search_at <= look.now) {
      look.wanted.insert(inode);
    }
    return;
  }
  Verdict& verdict = *entry.verdict;
  entry.judge_again = verdict.change != Change::kNone;
  if (verdict.change == Change::kByAnother) {
    look.awaits_another = true;
  } else if (may_change_terminals(verdict) &&
             (turn_of(inode) + looks_) % look.turns == 0 &&
             !read_terminals(look.root, verdict)) {
    entry.judge_again = true;
    look.awaits_another = true;
  }
}

// The processes of the users who opened what is searched for come first.
void Owners::search(Look& look) {
  std::unordered_set<std::uint32_t> uids;
  for (const Session& session : look.sessions) {
    if (look.wanted.contains(session.socket.inode)) {
      uids.insert(session.socket.uid);
    }
  }
  Inodes watched;
  watched.reserve(entries_.size());
  std::vector<int> likely;
  for (const auto& [inode, entry] : entries_) {
    watched.insert(inode);
    if (entry.verdict && entry.verdict->uid &&
        uids.contains(*entry.verdict->uid)) {
      likely.push_back(entry.verdict->owner.pid);
    }
  }
  std::ranges::sort(likely);
  likely.erase(std::unique(likely.begin(), likely.end()), likely.end());
  holders_.search(
      look.root, watched, look.wanted, likely, look.now,
      [this](std::uint64_t inode, int pid, int descriptor) {
        Entry& entry = entries_.at(inode);
        if (std::ranges::find(entry.holders, pid, &Holder::pid) ==
            entry.holders.end()) {
          entry.holders.push_back({.pid = pid, .descriptor = descriptor});
          entry.judge_again = true;
        }
      });
}

void Owners::judge_all(Look& look) {
  if (std::ranges::none_of(entries_, [](const auto& known) {
        return known.second.judge_again || !known.second.verdict;
      })) {
    return;
  }
  // What each process holds: descriptors, and what the ports say of them.
  std::unordered_map<int, std::vector<std::pair<int, Role>>> held;
  for (const Session& session : look.sessions) {
    const auto entry = entries_.find(session.socket.inode);
    if (entry != entries_.end()) {
      for (const Holder& holder : entry->second.holders) {
        held[holder.pid].emplace_back(holder.descriptor, session.role);
      }
    }
  }
  Surroundings surroundings(look.root, holders_.programs());
  for (const Session& session : look.sessions) {
    const std::uint64_t inode = session.socket.inode;
    const auto known = entries_.find(inode);
    if (known == entries_.end()) {
      continue;
    }
    Entry& entry = known->second;
    if (entry.judge_again) {
      const Place place{.by_ports = session.role,
                        .is_first = [&](const Holder& holder) {
                          return std::ranges::none_of(
                              held[holder.pid], [&](const auto& other) {
                                return other.first < holder.descriptor &&
                                       other.second == session.role;
                              });
                        }};
      entry.verdict = judge(entry.holders, inode, place, surroundings);
      entry.judge_again = false;
    }
    if (entry.verdict) {
      entry.failures = 0;
    } else if (look.wanted.contains(inode)) {
      entry.search_at = look.now + pause_after(entry.failures++);
    }
  }
}

void Owners::drop(Entry& entry) {
  for (const Holder& holder : entry.holders) {
    holders_.forget(holder.pid);
  }
  entry = {.cookie = entry.cookie};
}

}  // namespace ssh_keepalive::sessions
