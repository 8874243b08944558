// libcurl, loaded when an Alertmanager is configured. Linked, it and its
// libraries would cost every run of every command 6 MiB and 7 ms.
#ifndef SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_LIBCURL_H_
#define SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_LIBCURL_H_

#include <curl/curl.h>

#include "collectors/base/result.h"

namespace ssh_keepalive::alertmanager {

// Its functions, by their names without "curl_".
struct Libcurl {
  decltype(&::curl_global_init) global_init;
  decltype(&::curl_free) free;
  decltype(&::curl_slist_append) slist_append;
  decltype(&::curl_slist_free_all) slist_free_all;
  decltype(&::curl_easy_init) easy_init;
  decltype(&::curl_easy_cleanup) easy_cleanup;
  decltype(&::curl_easy_setopt) easy_setopt;
  decltype(&::curl_easy_getinfo) easy_getinfo;
  decltype(&::curl_easy_strerror) easy_strerror;
  decltype(&::curl_multi_init) multi_init;
  decltype(&::curl_multi_cleanup) multi_cleanup;
  decltype(&::curl_multi_add_handle) multi_add_handle;
  decltype(&::curl_multi_remove_handle) multi_remove_handle;
  decltype(&::curl_multi_perform) multi_perform;
  decltype(&::curl_multi_poll) multi_poll;
  decltype(&::curl_multi_wakeup) multi_wakeup;
  decltype(&::curl_multi_info_read) multi_info_read;
  decltype(&::curl_url) url;
  decltype(&::curl_url_cleanup) url_cleanup;
  decltype(&::curl_url_get) url_get;
  decltype(&::curl_url_set) url_set;
};

// Loaded and initialised at the first call, and never unloaded: threads of its
// resolver may live until the program ends. Error: kFailed, with what the
// dynamic linker says.
const Result<Libcurl>& libcurl();

}  // namespace ssh_keepalive::alertmanager

#endif  // SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_LIBCURL_H_
