// Patterns with `*` and `?`, and lists of them: PATTERNS in ssh_config(5).
#ifndef SSH_KEEPALIVE_COLLECTORS_OPENSSH_SYNTAX_PATTERN_H_
#define SSH_KEEPALIVE_COLLECTORS_OPENSSH_SYNTAX_PATTERN_H_

#include <string_view>

namespace ssh_keepalive::openssh {

// Takes time in proportion to both lengths' product at most.
bool match_pattern(std::string_view text, std::string_view pattern);

enum class ListMatch { kNo, kYes, kNegated };

// Comma-separated patterns, `!` in front negates: kNegated where a negated one
// matches, else kYes where one matches. Negations alone never match. With
// `lower` the patterns are read in lower case (host names).
ListMatch hold_against_list(std::string_view text, std::string_view list,
                            bool lower);

// Whether that is kYes.
bool match_pattern_list(std::string_view text, std::string_view list,
                        bool lower);

}  // namespace ssh_keepalive::openssh

#endif  // SSH_KEEPALIVE_COLLECTORS_OPENSSH_SYNTAX_PATTERN_H_
