#include "exporter/http/page/style.h"

#include <fmt/format.h>
#include <sodium.h>

#include <array>
#include <string_view>

#include "exporter/http/page/palette.h"

namespace ssh_keepalive::http {
namespace {

constexpr std::string_view kRules = R"(
*{box-sizing:border-box}
body{margin:0 auto;max-width:66rem;padding:0 1rem 3rem;background:var(--page);
color:var(--text);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
a{color:var(--link)}
a:focus-visible,summary:focus-visible,.scroll:focus-visible{
outline:3px solid var(--link);outline-offset:2px}
code,pre{font-family:ui-monospace,monospace;font-size:.9em}
.skip{position:absolute;left:-99rem}
.skip:focus{position:static;display:inline-block;padding:.5rem 0}
header{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;padding:.75rem 0;
align-items:baseline;justify-content:space-between}
header p{margin:0;font-weight:600}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;list-style:none;margin:0;
padding:0}
h1{font-size:clamp(1.15rem,4vw,1.4rem);line-height:1.35;margin:0}
h2{font-size:1.2rem;margin:2.5rem 0 .5rem}
h3{font-size:1rem;margin:0}
.verdict{border:1px solid var(--line);border-left-width:.5rem;
border-radius:.5rem;padding:1rem 1.25rem}
.verdict p{margin:.35rem 0 0}
.word-ok{color:var(--ok)}.word-warning{color:var(--warning)}
.word-critical{color:var(--critical)}.word-unknown{color:var(--unknown)}
.word-info{color:var(--link)}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(18rem,100%),1fr));
gap:.75rem 2rem;margin:1.25rem 0 0}
.facts dt,.muted{color:var(--muted)}
.facts dt{font-size:.875rem}
.facts dd{margin:0}
.unknown{color:var(--unknown);font-style:italic}
.picture{padding:.75rem 1rem;background:var(--card);border:1px solid var(--line);
border-radius:.5rem;overflow:hidden}
.picture svg{display:block;width:100%;overflow:visible}
.picture text{fill:var(--text);font:13px system-ui,sans-serif;
stroke:var(--card);stroke-width:3px;stroke-linejoin:round;paint-order:stroke}
.picture text.small{font-size:11.5px;fill:var(--muted)}
.picture .name{font-weight:600}
.picture text.late{fill:var(--muted);font-size:11.5px;font-weight:600}
.picture text.path-name{fill:var(--path);font-size:12px;font-weight:600}
.grid{stroke:var(--line)}
.path-line{stroke:var(--path);stroke-width:2}
.forgotten{fill:var(--path);opacity:.07}
.span{stroke:var(--span);stroke-width:3}
.no-end{fill:var(--span)}
.off{stroke-dasharray:2 5}
.refresh{fill:var(--refresh)}.dead_peer{fill:var(--ends)}
.idle_kill{fill:var(--kill)}.forgets{fill:var(--path)}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;
margin:.75rem 0 0;padding:0;font-size:.875rem}
.legend svg{display:inline-block;width:1.5rem;height:1rem;vertical-align:-.15rem}
.ends-in{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(22rem,100%),1fr));
gap:1rem;margin:1rem 0}
.ends-in section,.finding{border:1px solid var(--line);border-radius:.5rem;
padding:.75rem 1rem}
.timeline{list-style:none;margin:.5rem 0 0;padding:0}
.timeline li{display:grid;grid-template-columns:9rem 1fr;gap:.75rem}
.timeline b{font-weight:600;text-align:right;white-space:nowrap}
.findings{list-style:none;margin:0;padding:0;display:grid;gap:1rem}
.finding{border-left-width:.375rem}
.finding dl{display:grid;grid-template-columns:4.5rem 1fr;gap:.25rem .75rem;
margin:.5rem 0}
.finding dt{color:var(--muted)}
.finding dd{margin:0}
.finding p{margin:.5rem 0 0}
.finding dd p:first-child{margin:0}
pre{margin:.25rem 0;padding:.5rem .75rem;background:var(--card);
border:1px solid var(--line);border-radius:.375rem;white-space:pre-wrap;
color:var(--text)}
pre code{user-select:all}
.is-ok{border-left-color:var(--ok)}.is-warning{border-left-color:var(--warning)}
.is-critical{border-left-color:var(--critical)}
.is-unknown{border-left-color:var(--unknown)}
.is-info{border-left-color:var(--link)}
.verdict.is-ok{background:var(--ok-card)}
.verdict.is-warning{background:var(--warning-card)}
.verdict.is-critical{background:var(--critical-card)}
.verdict.is-unknown{background:var(--unknown-card)}
details{margin:1rem 0}
summary{cursor:pointer}
.scroll{overflow-x:auto;margin:.5rem 0;border:1px solid var(--line);
border-radius:.5rem}
table{border-collapse:collapse;width:100%;overflow-wrap:normal;font-size:.9375rem}
caption{text-align:left;padding:.5rem .75rem;color:var(--muted);font-size:.875rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .75rem;
border-top:1px solid var(--line)}
thead th{white-space:nowrap;background:var(--card)}
tbody th{font-weight:600}
.brief{white-space:nowrap}
.by{display:block;color:var(--muted);font-size:.8125rem}
.wide{min-width:20rem}
.fate{min-width:9rem}
footer{margin-top:2.5rem;padding-top:1rem;border-top:1px solid var(--line);
color:var(--muted);font-size:.875rem}
@media(max-width:30rem){.timeline li{grid-template-columns:1fr;gap:0}
.timeline b{text-align:left}}
@media print{.scroll{overflow:visible}}
)";

std::string variables(std::string_view Colour::*shade) {
  std::string text = ":root{color-scheme:light dark";
  for (const Colour& colour : kPalette) {
    text += fmt::format(";--{}:{}", colour.name, colour.*shade);
  }
  return text + "}";
}

// CSP level 3: a hash source is the base64 of the text's digest.
std::string hash_source(const std::string& text) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  ::crypto_hash_sha256(digest.data(),
                       reinterpret_cast<const unsigned char*>(text.data()),
                       text.size());
  std::array<char, sodium_base64_ENCODED_LEN(crypto_hash_sha256_BYTES,
                                             sodium_base64_VARIANT_ORIGINAL)>
      encoded{};
  ::sodium_bin2base64(encoded.data(), encoded.size(), digest.data(),
                      digest.size(), sodium_base64_VARIANT_ORIGINAL);
  return fmt::format("'sha256-{}'", encoded.data());
}

}  // namespace

const std::string& page_style() {
  static const std::string style =
      variables(&Colour::light) + "@media(prefers-color-scheme:dark){" +
      variables(&Colour::dark) + "}" + std::string(kRules);
  return style;
}

const std::string& page_policy() {
  static const std::string policy = fmt::format(
      "default-src 'none'; img-src data:; style-src {}; base-uri 'none'; "
      "form-action 'none'; "
      "frame-ancestors 'none'",
      hash_source(page_style()));
  return policy;
}

}  // namespace ssh_keepalive::http
