#ifndef SSH_KEEPALIVE_EXPORTER_ENDS_END_STORE_H_
#define SSH_KEEPALIVE_EXPORTER_ENDS_END_STORE_H_

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "collectors/base/result.h"
#include "diagnosis/session_end.h"
#include "exporter/ends/stored_ends.h"
#include "exporter/log.h"

namespace ssh_keepalive {

struct EndStoreSettings {
  std::string file;        // absolute; empty: nothing is kept on disk
  std::size_t keep = 256;  // how many ends
};

// The last ends of sessions, in memory and in a file that outlives the program.
// Safe to use from several threads. It throws nothing, and trouble with the
// file is told in the log: once when it begins, and once when it is over.
class EndStore {
 public:
  // Goes on from what the file holds. A file that is none of its own counts as
  // empty, and the next save replaces it.
  EndStore(EndStoreSettings settings, Log& log);

  // Another file: the next save puts what both hold into the new one.
  void configure(EndStoreSettings settings);

  // The newest, whose time is kept to the millisecond. The oldest go when there
  // are too many.
  void add(diagnosis::SessionEnd end);

  [[nodiscard]] StoredEnds stored() const;

  [[nodiscard]] PathIdles paths() const;
  void set_paths(PathIdles paths);

  // Writes the file whole if anything has changed since it was written, or not
  // at all. It may wait for the disk.
  void save();

 private:
  void load(const std::string& file);
  void take_over(StoredEnds stored);
  void drop_oldest();
  void report(const std::string& file, const Result<void>& written);

  Log& log_;
  std::mutex save_mutex_;      // one save or configuration at a time
  std::string failure_;        // of the last save; empty: none
  mutable std::mutex mutex_;   // guards all below
  EndStoreSettings settings_;  // changes with both mutexes held
  StoredEnds stored_;
  std::uint64_t revision_ = 0;  // moves with each change
  std::uint64_t saved_ = 0;     // the revision that is on disk
};

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_ENDS_END_STORE_H_
