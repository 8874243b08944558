// The host name after the first pass, and the second pass that follows:
// main() and resolve_canonicalize() in OpenSSH's ssh.c.
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "collectors/openssh_syntax/words.h"
#include "collectors/ssh_config/evaluator.h"

namespace ssh_keepalive::ssh_config {
namespace {

constexpr std::size_t kMaxNames = 64;

// The address as the system writes it, where the name is one. Resolves
// nothing.
std::optional<std::string> numeric_address(const std::string& name) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (::getaddrinfo(name.c_str(), "22", &hints, &found) != 0) {
    return std::nullopt;
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found,
                                                             &::freeaddrinfo);
  std::array<char, NI_MAXHOST> text{};
  if (found == nullptr || found->ai_next != nullptr ||
      ::getnameinfo(found->ai_addr, found->ai_addrlen, text.data(), text.size(),
                    nullptr, 0, NI_NUMERICHOST) != 0) {
    return std::nullopt;
  }
  return std::string(text.data());
}

// Can only be an address, if perhaps an invalid one.
bool looks_like_address(std::string_view name) {
  return name.find_first_of("%:") != std::string_view::npos ||
         name.find_first_not_of("0123456789.") == std::string_view::npos;
}

std::int64_t settled_number(const Slot& slot, std::int64_t otherwise) {
  return slot.settled ? slot.settled->value->number : otherwise;
}

}  // namespace

// Whether CanonicalizeHostname is on; `always`: also for proxied connections.
Decision Evaluator::canonicalization_wanted(bool always) const {
  const Slot& configured = slot(Keyword::kCanonicalizeHostname);
  const auto on = [always](const Assignment& assignment) {
    return assignment.value->number >= (always ? 2 : 1);
  };
  const bool by_default = configured.settled && on(*configured.settled);
  for (const Assignment& possible : configured.possible) {
    if (on(possible) != by_default) {
      return maybe_because(possible.cause);
    }
  }
  return decide(by_default);
}

// The names that a host may turn into. Which of its domains' the DNS knows is
// not asked.
std::vector<Texts::Text> Evaluator::canonical_names(const Texts::Text& host) {
  const std::optional<std::string> address = numeric_address(host.text);
  if (address || looks_like_address(host.text)) {
    // Another case of the same digits stays as it was written.
    const bool other =
        address && openssh::to_lower(*address) != openssh::to_lower(host.text);
    return {{.text = other ? *address : host.text, .cause = host.cause}};
  }
  const std::string name = openssh::to_lower(host.text);
  std::vector<Texts::Text> names = {{.text = name, .cause = host.cause}};
  const Slot& proxy = slot(Keyword::kProxyJump);
  // Before 9.4 even "ProxyJump none" counted as a proxy here.
  const bool proxied =
      (proxy.settled &&
       (!is_no_proxy(*proxy.settled->value) ||
        (!at_least(9, 4) && proxy.settled->value->number == 1))) ||
      (!at_least(9, 4) && slot(Keyword::kProxyCommand).settled);
  const Decision wanted = canonicalization_wanted(proxied);
  const auto dots = std::count(name.begin(), name.end(), '.');
  const bool anchored = name.ends_with('.');
  const std::int64_t max_dots =
      settled_number(slot(Keyword::kCanonicalizeMaxDots), 1);
  if (wanted.no() || (!anchored && dots > max_dots)) {
    return names;
  }
  const Slot& configured = slot(Keyword::kCanonicalizeHostname);
  const Origin at = configured.settled ? configured.settled->at
                                       : configured.possible.front().at;
  const Cause cause{.at = at, .reason = Reason::kDns};
  if (anchored) {
    names.push_back({.text = name.substr(0, name.size() - 1), .cause = cause});
    return names;
  }
  const Slot& domains = slot(Keyword::kCanonicalDomains);
  const auto add = [this, &names, &name, &cause](const Assignment& assignment) {
    for (const std::string& domain : assignment.value->items) {
      if ((domain == "none" && at_least(8, 7)) || names.size() >= kMaxNames) {
        return;
      }
      std::string full = name;
      full.append(".").append(domain);
      names.push_back({.text = std::move(full), .cause = cause});
    }
  };
  std::for_each(domains.possible.begin(), domains.possible.end(), add);
  if (domains.settled) {
    add(*domains.settled);
  }
  if (names.size() > 1) {
    names.front().cause = cause;
  }
  return names;
}

void Evaluator::canonicalize() {
  const Texts hosts = current_host();
  const Decision wanted = canonicalization_wanted(false);
  Texts canonical;
  canonical.others = hosts.others;
  for (const Texts::Text& host : hosts.known) {
    for (Texts::Text& name : canonical_names(host)) {
      canonical.known.push_back(std::move(name));
    }
  }
  const Slot& cnames = slot(Keyword::kCanonicalizePermittedCnames);
  const bool may_follow =
      (cnames.settled && cnames.settled->value->number != 0) ||
      !cnames.possible.empty();
  if (may_follow) {
    const Origin at =
        cnames.settled ? cnames.settled->at : cnames.possible.front().at;
    note("CanonicalizePermittedCNAMEs: ssh asks the DNS, this does not");
    if (!wanted.no()) {
      canonical.others = Cause{.at = at, .reason = Reason::kDns};
    }
  }
  if (canonical.known.size() > 1 && wanted.yes()) {
    note("CanonicalizeHostname: ssh asks the DNS, this does not");
  }
  if (!wanted.no() && !final_pass_wanted_) {
    final_pass_wanted_ = true;
    pass_active_ = wanted;
  }
  host_ = std::move(canonical);
}

// ssh refuses to jump over the very host that it connects to.
void Evaluator::check_jump_loop() {
  const Slot& proxy = slot(Keyword::kProxyJump);
  const Slot& user = slot(Keyword::kUser);
  const Slot& port = slot(Keyword::kPort);
  if (!proxy.settled || !proxy.settled->value->jump ||
      !proxy.possible.empty() || host_.known.size() != 1 || host_.others ||
      !user.possible.empty() || !port.possible.empty()) {
    return;
  }
  const std::int64_t ssh_port = files_.services().tcp_port("ssh").value_or(22);
  const Destination& jump = *proxy.settled->value->jump;
  std::optional<std::string> remote_user = request_.user;
  if (!remote_user) {
    remote_user = user.settled ? std::optional(user.settled->value->text)
                               : request_.local_user;
  }
  const std::int64_t remote_port =
      request_.port ? *request_.port : settled_number(port, ssh_port);
  if (jump.host == host_.known.front().text &&
      jump.port.value_or(ssh_port) == remote_port &&
      (!jump.user || jump.user == remote_user)) {
    refuse(proxy.settled->at, "ProxyJump: a loop, it names the host itself");
  }
}

}  // namespace ssh_keepalive::ssh_config
