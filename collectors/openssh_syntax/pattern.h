// Patterns with `*` and `?`, and lists of them: PATTERNS in ssh_config(5).
#ifndef SSH_KEEPALIVE_COLLECTORS_OPENSSH_SYNTAX_PATTERN_H_
#define SSH_KEEPALIVE_COLLECTORS_OPENSSH_SYNTAX_PATTERN_H_

#include <string>
#include <string_view>

#include "collectors/openssh_syntax/version.h"

namespace ssh_keepalive::openssh {

// Takes time in proportion to both lengths' product at most.
bool match_pattern(std::string_view text, std::string_view pattern);

// A pattern, or a list of them, that means to the functions here what it meant
// to that release: until 8.4 several asterisks at the end of a pattern stood
// for one character or more.
std::string pattern_as_read(std::string pattern, Release release);
std::string list_as_read(std::string list, Release release);

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
