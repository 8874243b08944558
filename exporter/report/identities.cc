#include "exporter/report/identities.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <utility>

namespace ssh_keepalive {
namespace {

// Below them nothing is named after people.
constexpr std::array<std::string_view, 8> kSystemDirectories = {
    "/etc/", "/lib/", "/opt/", "/proc/", "/run/", "/sys/", "/usr/", "/var/lib/",
};

// What a system calls a person, where she comes from and what she sits at. The
// address at this end may be that of her own network.
constexpr std::array<std::string_view, 4> kNamingMembers = {"local", "peer",
                                                            "tty", "user"};

// At the beginning, or behind what is no part of a longer word: "br/etc" and
// "ssh://etc" name no path.
bool begins_path(std::string_view text, std::size_t place) {
  if (text[place] != '/' && text[place] != '~') {
    return false;
  }
  if (place == 0) {
    return true;
  }
  const char before = text[place - 1];
  return std::isalnum(static_cast<unsigned char>(before)) == 0 &&
         before != '/' && before != '.' && before != '_' && before != '-' &&
         before != '*';
}

bool is_of_the_system(std::string_view path) {
  return path.find("/../") == std::string_view::npos &&
         std::ranges::any_of(kSystemDirectories,
                             [path](std::string_view directory) {
                               return path.starts_with(directory);
                             });
}

}  // namespace

bool names_private_path(std::string_view text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    // A slash alone divides words and numbers.
    if (begins_path(text, i) && text[i + 1] != ' ' &&
        !is_of_the_system(text.substr(i))) {
      return true;
    }
  }
  return false;
}

std::string public_text(std::string text) {
  return names_private_path(text) ? std::string(kHidden) : std::move(text);
}

void hide_identities(nlohmann::ordered_json& document) {
  if (document.is_string()) {
    document = public_text(std::move(document.get_ref<std::string&>()));
    return;
  }
  if (!document.is_structured()) {
    return;
  }
  for (auto member = document.begin(); member != document.end(); ++member) {
    const bool is_naming =
        document.is_object() &&
        std::ranges::find(kNamingMembers, member.key()) != kNamingMembers.end();
    if (is_naming) {
      *member = nullptr;
    } else {
      hide_identities(*member);
    }
  }
}

diagnosis::Finding without_identities(diagnosis::Finding finding) {
  for (std::string* const text :
       {&finding.subject, &finding.observed, &finding.expected}) {
    *text = public_text(std::move(*text));
  }
  if (finding.remedy && (names_private_path(finding.remedy->at.file) ||
                         names_private_path(finding.remedy->text) ||
                         names_private_path(finding.remedy->command))) {
    finding.remedy.reset();
  }
  return finding;
}

}  // namespace ssh_keepalive
