// Who uses a host is told only to those who show the token of
// [web] private_token_file.
#ifndef SSH_KEEPALIVE_EXPORTER_REPORT_IDENTITIES_H_
#define SSH_KEEPALIVE_EXPORTER_REPORT_IDENTITIES_H_

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "diagnosis/finding.h"

namespace ssh_keepalive {

// What stands in place of a text that names what is private.
inline constexpr std::string_view kHidden = "(only with the token)";

// Whether the text has a path outside of the directories that belong to the
// system, such as /home/jane/.ssh/config.
bool names_private_path(std::string_view text);

// The text, or kHidden in place of one that names such a path.
std::string public_text(std::string text);

// Makes the members null that name people or what they use: user, tty, peer,
// local and, where they name such a path, files; and replaces other texts with
// such a path.
void hide_identities(nlohmann::ordered_json& document);

// The same for one finding: its texts, and the whole remedy.
diagnosis::Finding without_identities(diagnosis::Finding finding);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_REPORT_IDENTITIES_H_
