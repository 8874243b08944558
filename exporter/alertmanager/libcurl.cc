#include "exporter/alertmanager/libcurl.h"

#include <dlfcn.h>

namespace ssh_keepalive::alertmanager {
namespace {

// Since 2006; its functions are never taken away.
constexpr const char* kLibrary = "libcurl.so.4";

// Null where the library has no such function, and then `all` is false.
template <typename Function>
void find(void* library, const char* name, Function& function, bool& all) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  all = all && function != nullptr;
}

Error failed(std::string reason) {
  return {.kind = ErrorKind::kFailed,
          .attempted = "load",
          .subject = kLibrary,
          .reason = std::move(reason)};
}

Result<Libcurl> load() {
  void* const library = ::dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    return failed(::dlerror());
  }
  Libcurl curl{};
  bool all = true;
  find(library, "curl_global_init", curl.global_init, all);
  find(library, "curl_free", curl.free, all);
  find(library, "curl_slist_append", curl.slist_append, all);
  find(library, "curl_slist_free_all", curl.slist_free_all, all);
  find(library, "curl_easy_init", curl.easy_init, all);
  find(library, "curl_easy_cleanup", curl.easy_cleanup, all);
  find(library, "curl_easy_setopt", curl.easy_setopt, all);
  find(library, "curl_easy_getinfo", curl.easy_getinfo, all);
  find(library, "curl_easy_strerror", curl.easy_strerror, all);
  find(library, "curl_multi_init", curl.multi_init, all);
  find(library, "curl_multi_cleanup", curl.multi_cleanup, all);
  find(library, "curl_multi_add_handle", curl.multi_add_handle, all);
  find(library, "curl_multi_remove_handle", curl.multi_remove_handle, all);
  find(library, "curl_multi_perform", curl.multi_perform, all);
  find(library, "curl_multi_poll", curl.multi_poll, all);
  find(library, "curl_multi_wakeup", curl.multi_wakeup, all);
  find(library, "curl_multi_info_read", curl.multi_info_read, all);
  find(library, "curl_url", curl.url, all);
  find(library, "curl_url_cleanup", curl.url_cleanup, all);
  find(library, "curl_url_get", curl.url_get, all);
  find(library, "curl_url_set", curl.url_set, all);
  if (!all) {
    return failed("it is older than 7.68");
  }
  if (const CURLcode code = curl.global_init(CURL_GLOBAL_DEFAULT);
      code != CURLE_OK) {
    return failed(curl.easy_strerror(code));
  }
  return curl;
}

}  // namespace

const Result<Libcurl>& libcurl() {
  static const Result<Libcurl> loaded = load();
  return loaded;
}

}  // namespace ssh_keepalive::alertmanager
