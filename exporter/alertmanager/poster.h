// HTTP POSTs side by side on one thread, by libcurl.
#ifndef SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_POSTER_H_
#define SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_POSTER_H_

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "collectors/base/result.h"

namespace ssh_keepalive::alertmanager {

struct Libcurl;

struct Post {
  std::string url;
  std::string body;     // JSON
  std::string ca_file;  // certificates to trust; empty: the system's
  std::chrono::milliseconds timeout{};  // for all of it
};

struct Answer {
  std::size_t id = 0;
  long status = 0;      // of HTTP; 0: there was no answer
  std::string failure;  // why; equal for equal reasons, without the URL
};

// For one thread, but for wake(). Nothing here waits for a server longer than
// it is told to, nor for a resolver. Redirects are not followed, proxies not
// used, and an answer of more than 64 KiB is a failure.
class Poster {
 public:
  // Errors: libcurl()'s, or of the system.
  static Result<std::unique_ptr<Poster>> create();
  Poster(const Poster&) = delete;
  Poster& operator=(const Poster&) = delete;
  Poster(Poster&&) = delete;
  Poster& operator=(Poster&&) = delete;
  ~Poster();  // what is under way is given up

  // `id` is the caller's name for it.
  void start(std::size_t id, Post post);

  // Works until there is an answer, wake() is called, or the time is over.
  std::vector<Answer> work(std::chrono::milliseconds at_most);

  // From any thread: work() returns, now or when it is called next.
  void wake();

  // Gives up all that is under way.
  void abandon();

 private:
  class Transfer;

  Poster(const Libcurl& curl, void* multi);
  std::vector<Answer> perform();

  const Libcurl& curl_;
  void* const multi_;                                     // CURLM
  std::map<void*, std::unique_ptr<Transfer>> transfers_;  // by easy handle
  std::vector<Answer> ready_;  // for posts that could not be started
};

}  // namespace ssh_keepalive::alertmanager

#endif  // SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_POSTER_H_
