#include "collectors/sshd_config/keywords.h"

#include <algorithm>
#include <array>

namespace ssh_keepalive::sshd_config {
namespace {

using openssh::Release;

constexpr Release kAlways{0, 0};
constexpr Release kNever{1000, 0};

struct KeywordRow {
  std::string_view name;
  Keyword keyword;
  Release in_match_since;
  Release since;
  bool debian_only = false;
};

// Sorted by name.
constexpr auto kRows = std::to_array<KeywordRow>({
    KeywordRow{"acceptenv", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"addressfamily", Keyword::kAddressFamily, kNever, kAlways},
    KeywordRow{"afstokenpassing", Keyword::kOther, kNever, kAlways},
    KeywordRow{"allowagentforwarding", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"allowgroups", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"allowstreamlocalforwarding", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"allowtcpforwarding", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"allowusers", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"authenticationmethods", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"authorizedkeyscommand", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"authorizedkeyscommanduser", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"authorizedkeysfile", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"authorizedkeysfile2", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"authorizedprincipalscommand", Keyword::kOther, kAlways,
               kAlways},
    KeywordRow{"authorizedprincipalscommanduser", Keyword::kOther, kAlways,
               kAlways},
    KeywordRow{"authorizedprincipalsfile", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"banner", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"casignaturealgorithms", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"challengeresponseauthentication", Keyword::kOther,
               Release{8, 7}, kAlways},
    KeywordRow{"channeltimeout", Keyword::kChannelTimeout, kAlways,
               Release{9, 2}},
    KeywordRow{"checkmail", Keyword::kOther, kNever, kAlways},
    KeywordRow{"chrootdirectory", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"ciphers", Keyword::kOther, kNever, kAlways},
    KeywordRow{"clientalivecountmax", Keyword::kClientAliveCountMax, kAlways,
               kAlways},
    KeywordRow{"clientaliveinterval", Keyword::kClientAliveInterval, kAlways,
               kAlways},
    KeywordRow{"compression", Keyword::kOther, kNever, kAlways},
    KeywordRow{"debianbanner", Keyword::kOther, kNever, kAlways, true},
    KeywordRow{"denygroups", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"denyusers", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"disableforwarding", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"dsaauthentication", Keyword::kOther, kNever, kAlways},
    KeywordRow{"exposeauthinfo", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"fingerprinthash", Keyword::kOther, kNever, kAlways},
    KeywordRow{"forcecommand", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"gatewayports", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"gssapiauthentication", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"gssapicleanupcredentials", Keyword::kOther, kNever, kAlways},
    KeywordRow{"gssapidelegatecredentials", Keyword::kOther, kAlways,
               Release{10, 3}},
    KeywordRow{"gssapikexalgorithms", Keyword::kOther, kNever, kAlways, true},
    KeywordRow{"gssapikeyexchange", Keyword::kOther, kNever, kAlways, true},
    KeywordRow{"gssapistorecredentialsonrekey", Keyword::kOther, kNever,
               kAlways, true},
    KeywordRow{"gssapistrictacceptorcheck", Keyword::kOther, kNever, kAlways},
    KeywordRow{"gssapiusesessioncredcache", Keyword::kOther, kNever, kAlways,
               true},
    KeywordRow{"hostbasedacceptedalgorithms", Keyword::kOther, kAlways,
               Release{8, 5}},
    KeywordRow{"hostbasedacceptedkeytypes", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"hostbasedauthentication", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"hostbasedusesnamefrompacketonly", Keyword::kOther, kAlways,
               kAlways},
    KeywordRow{"hostcertificate", Keyword::kOther, kNever, kAlways},
    KeywordRow{"hostdsakey", Keyword::kOther, kNever, kAlways},
    KeywordRow{"hostkey", Keyword::kOther, kNever, kAlways},
    KeywordRow{"hostkeyagent", Keyword::kOther, kNever, kAlways},
    KeywordRow{"hostkeyalgorithms", Keyword::kOther, kNever, kAlways},
    KeywordRow{"ignorerhosts", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"ignoreuserknownhosts", Keyword::kOther, kNever, kAlways},
    KeywordRow{"include", Keyword::kInclude, kAlways, kAlways},
    KeywordRow{"ipqos", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"kbdinteractiveauthentication", Keyword::kOther, kAlways,
               kAlways},
    KeywordRow{"keepalive", Keyword::kTcpKeepAlive, kNever, kAlways},
    KeywordRow{"kerberosauthentication", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"kerberosgetafstoken", Keyword::kOther, kNever, kAlways},
    KeywordRow{"kerberosorlocalpasswd", Keyword::kOther, kNever, kAlways},
    KeywordRow{"kerberostgtpassing", Keyword::kOther, kNever, kAlways},
    KeywordRow{"kerberosticketcleanup", Keyword::kOther, kNever, kAlways},
    KeywordRow{"kexalgorithms", Keyword::kOther, kNever, kAlways},
    KeywordRow{"keyregenerationinterval", Keyword::kOther, kNever, kAlways},
    KeywordRow{"listenaddress", Keyword::kListenAddress, kNever, kAlways},
    KeywordRow{"logingracetime", Keyword::kLoginGraceTime, kNever, kAlways},
    KeywordRow{"loglevel", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"logverbose", Keyword::kOther, kAlways, Release{8, 5}},
    KeywordRow{"macs", Keyword::kOther, kNever, kAlways},
    KeywordRow{"match", Keyword::kMatch, kAlways, kAlways},
    KeywordRow{"maxauthtries", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"maxsessions", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"maxstartups", Keyword::kOther, kNever, kAlways},
    KeywordRow{"modulifile", Keyword::kOther, kNever, Release{8, 6}},
    KeywordRow{"pamauthenticationviakbdint", Keyword::kOther, kNever, kAlways},
    KeywordRow{"pamservicename", Keyword::kOther, kAlways, Release{9, 8}},
    KeywordRow{"passwordauthentication", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"permitemptypasswords", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"permitlisten", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"permitopen", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"permitrootlogin", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"permittty", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"permittunnel", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"permituserenvironment", Keyword::kOther, kNever, kAlways},
    KeywordRow{"permituserrc", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"persourcemaxstartups", Keyword::kOther, kNever, Release{8, 5}},
    KeywordRow{"persourcenetblocksize", Keyword::kOther, kNever, Release{8, 5}},
    KeywordRow{"persourcepenalties", Keyword::kOther, kNever, Release{9, 8}},
    KeywordRow{"persourcepenaltyexemptlist", Keyword::kOther, kNever,
               Release{9, 8}},
    KeywordRow{"pidfile", Keyword::kOther, kNever, kAlways},
    KeywordRow{"port", Keyword::kPort, kNever, kAlways},
    KeywordRow{"printlastlog", Keyword::kOther, kNever, kAlways},
    KeywordRow{"printmotd", Keyword::kOther, kNever, kAlways},
    KeywordRow{"protocol", Keyword::kOther, kNever, kAlways},
    KeywordRow{"pubkeyacceptedalgorithms", Keyword::kOther, kAlways,
               Release{8, 5}},
    KeywordRow{"pubkeyacceptedkeytypes", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"pubkeyauthentication", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"pubkeyauthoptions", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"rdomain", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"refuseconnection", Keyword::kOther, kAlways, Release{9, 9}},
    KeywordRow{"rekeylimit", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"requiredrsasize", Keyword::kOther, kAlways, Release{9, 1}},
    KeywordRow{"reversemappingcheck", Keyword::kOther, kNever, kAlways},
    KeywordRow{"revokedkeys", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"rhostsauthentication", Keyword::kOther, kNever, kAlways},
    KeywordRow{"rhostsrsaauthentication", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"rsaauthentication", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"securitykeyprovider", Keyword::kOther, kNever, kAlways},
    KeywordRow{"serverkeybits", Keyword::kOther, kNever, kAlways},
    KeywordRow{"setenv", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"skeyauthentication", Keyword::kOther, Release{8, 7}, kAlways},
    KeywordRow{"sshdauthpath", Keyword::kOther, kNever, Release{10, 0}},
    KeywordRow{"sshdsessionpath", Keyword::kOther, kNever, Release{9, 8}},
    KeywordRow{"streamlocalbindmask", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"streamlocalbindunlink", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"strictmodes", Keyword::kOther, kNever, kAlways},
    KeywordRow{"subsystem", Keyword::kOther, Release{9, 5}, kAlways},
    KeywordRow{"syslogfacility", Keyword::kOther, kNever, kAlways},
    KeywordRow{"tcpkeepalive", Keyword::kTcpKeepAlive, kNever, kAlways},
    KeywordRow{"trustedusercakeys", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"unusedconnectiontimeout", Keyword::kUnusedConnectionTimeout,
               kAlways, Release{9, 2}},
    KeywordRow{"usedns", Keyword::kOther, kNever, kAlways},
    KeywordRow{"uselogin", Keyword::kOther, kNever, kAlways},
    KeywordRow{"usepam", Keyword::kOther, kNever, kAlways},
    KeywordRow{"useprivilegeseparation", Keyword::kOther, kNever, kAlways},
    KeywordRow{"verifyreversemapping", Keyword::kOther, kNever, kAlways},
    KeywordRow{"versionaddendum", Keyword::kOther, kNever, kAlways},
    KeywordRow{"x11displayoffset", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"x11forwarding", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"x11uselocalhost", Keyword::kOther, kAlways, kAlways},
    KeywordRow{"xauthlocation", Keyword::kOther, kNever, kAlways},
});

}  // namespace

std::optional<KnownKeyword> find_keyword(std::string_view lower_case_name,
                                         const openssh::Version& version) {
  const auto* const row =
      std::ranges::lower_bound(kRows, lower_case_name, {}, &KeywordRow::name);
  if (row == kRows.end() || row->name != lower_case_name ||
      version.release < row->since || (row->debian_only && !version.debian)) {
    return std::nullopt;
  }
  return KnownKeyword{
      .keyword = row->keyword,
      .name = row->name,
      .allowed_in_match = version.release >= row->in_match_since};
}

}  // namespace ssh_keepalive::sshd_config
