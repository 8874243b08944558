// For evaluate(): ssh's state while it reads its files.
#ifndef SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_EVALUATOR_H_
#define SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_EVALUATOR_H_

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "collectors/base/result.h"
#include "collectors/ssh_config/evaluate.h"
#include "collectors/ssh_config/uncertain.h"

namespace ssh_keepalive::ssh_config {

class Evaluator {
 public:
  Evaluator(const Request& request, Files& files);

  Result<Evaluation> run();

 private:
  // How a file is being read.
  struct Reading {
    std::uint32_t file = 0;   // index into file_names_
    bool user_paths = false;  // relative Includes are in ~/.ssh, `~` works
    bool never = false;       // included from a block that does not match
    int depth = 0;
    Decision outer;   // of the block that includes the file
    Decision active;  // of the block that the line is in
  };

  // evaluator.cc: files, blocks, assignments.
  void read_options();
  void read_all_files();
  void read_top_file(const ConfigFile& file);
  void read_statements(const ParsedFile& parsed, Reading reading);
  void apply(const Statement& statement, Reading& reading);
  void apply_host(const Statement& statement, Reading& reading);
  void apply_include(const Statement& statement, const Reading& reading);
  void include_file(const std::string& path, Origin at, const Reading& reading);
  void refuse_unless_ignored(const Statement& statement,
                             const Reading& reading);
  void assign(const Statement& statement, const Reading& reading);
  void assign_proxy(const Statement& statement, const Reading& reading);
  void put(Keyword keyword, const Statement& statement, const Reading& reading,
           const Decision& active);

  // conditions.cc: Match and what it looks at.
  Decision matches(const Statement& statement, const Reading& reading);
  Decision check(const Criterion& criterion, Origin at);
  [[nodiscard]] Texts current_host() const;
  [[nodiscard]] Texts remote_user(Origin at) const;
  [[nodiscard]] Texts local_user(Origin at) const;
  std::optional<std::string> include_path(const std::string& written, Origin at,
                                          const Reading& reading);
  [[nodiscard]] std::optional<std::string> expand_tokens(std::string_view text,
                                                         Origin at) const;

  // Accounts for holding `candidates` against patterns of that many bytes; an
  // error where a file asks for more work than a scrape may cost.
  void charge(const Texts& candidates, std::size_t pattern_bytes);

  // canonical.cc: the host name after the first pass.
  void canonicalize();
  std::vector<Texts::Text> canonical_names(const Texts::Text& host);
  [[nodiscard]] Decision canonicalization_wanted(bool always) const;
  void check_jump_loop();

  // report.cc: slots to outcomes.
  Evaluation report();
  [[nodiscard]] std::optional<SessionKind> session() const;

  // The index of a file name, always the same for the same name.
  std::uint32_t file_index(const std::string& path);
  [[nodiscard]] static Origin origin(const Reading& reading,
                                     const Statement& statement);
  [[nodiscard]] Location location(Origin at) const;
  void refuse(Origin at, std::string reason, bool is_of_sshd = false);
  // What ssh finds, or says, only when it has read the file without a fault:
  // such refusals come behind all others.
  void refuse_late(Origin at, std::string reason);
  [[nodiscard]] std::size_t faults() const {
    return refusals_.size() + dangling_includes_;
  }
  void note(std::string text);
  void note_change(const std::string& path, const FileIdentity& identity);
  [[nodiscard]] Slot& slot(Keyword keyword) {
    return slots_[static_cast<std::size_t>(keyword)];
  }
  [[nodiscard]] const Slot& slot(Keyword keyword) const {
    return slots_[static_cast<std::size_t>(keyword)];
  }
  [[nodiscard]] bool stopped() const { return error_.has_value() || fatal_; }
  [[nodiscard]] bool at_least(int major, int minor) const {
    return files_.version().release >= openssh::Release{major, minor};
  }

  const Request& request_;
  Files& files_;
  std::vector<std::string> file_names_;
  std::map<std::string, std::uint32_t> file_indexes_;    // into file_names_
  std::vector<std::shared_ptr<const ParsedFile>> kept_;  // slots point into it
  std::array<Slot, kKeywordCount> slots_;
  Texts host_;  // ssh's `host`: as given, in the final pass the canonical name
  bool final_pass_ = false;
  bool final_pass_wanted_ = false;
  Decision pass_active_;  // maybe: the final pass itself is in doubt
  std::size_t files_read_ = 0;
  std::optional<NewestFile> newest_;
  openssh::IncludeSearch search_;
  std::size_t steps_ = 0;
  std::size_t compared_ = 0;  // bytes of texts times bytes of patterns
  bool fatal_ = false;        // ssh gives up at the end of the file it is in
  std::optional<Error> error_;
  std::vector<Refusal> refusals_;
  std::vector<Refusal> late_refusals_;
  std::size_t dangling_includes_ = 0;  // among the late ones
  std::vector<std::string> notes_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> shadowed_lines_;
  std::vector<Shadowed> shadowed_;
};

}  // namespace ssh_keepalive::ssh_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_EVALUATOR_H_
