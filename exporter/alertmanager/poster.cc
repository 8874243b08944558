#include "exporter/alertmanager/poster.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "exporter/alertmanager/libcurl.h"

namespace ssh_keepalive::alertmanager {
namespace {

// Counts what a server sends and keeps none of it.
std::size_t discard(char* /*bytes*/, std::size_t size, std::size_t count,
                    void* received) {
  constexpr std::size_t kMaxAnswerBytes = std::size_t{64} << 10;
  std::size_t& total = *static_cast<std::size_t*>(received);
  total += size * count;
  return total > kMaxAnswerBytes ? 0 : size * count;
}

}  // namespace

// One POST under way, at a fixed address: libcurl points into it.
class Poster::Transfer {
 public:
  Transfer(const Libcurl& curl, std::size_t id, Post post)
      : curl_(curl), id_(id), post_(std::move(post)), easy_(curl.easy_init()) {
    if (easy_ != nullptr) {
      configure();
    }
  }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;
  Transfer(Transfer&&) = delete;
  Transfer& operator=(Transfer&&) = delete;
  ~Transfer() {
    curl_.easy_cleanup(easy_);
    curl_.slist_free_all(headers_);
  }

  [[nodiscard]] CURL* easy() const { return easy_; }  // null: no memory

  [[nodiscard]] Answer answer(CURLcode code) const;

 private:
  void configure();
  template <typename Value>
  void set(CURLoption option, Value value) {
    curl_.easy_setopt(easy_, option, value);
  }

  const Libcurl& curl_;
  const std::size_t id_;
  const Post post_;
  CURL* const easy_;
  curl_slist* headers_ = nullptr;
  std::size_t received_bytes_ = 0;
  std::array<char, CURL_ERROR_SIZE> detail_{};
};

// Numbers are of type long, as libcurl wants them.
void Poster::Transfer::configure() {
  // libcurl counts milliseconds by an int.
  constexpr std::chrono::milliseconds kLongest = std::chrono::hours(24);
  const auto timeout =
      static_cast<long>(std::min(post_.timeout, kLongest).count());
  headers_ = curl_.slist_append(nullptr, "Content-Type: application/json");
  set(CURLOPT_URL, post_.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_PROXY, "");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_POSTFIELDSIZE, static_cast<long>(post_.body.size()));
  set(CURLOPT_POSTFIELDS, post_.body.c_str());
  set(CURLOPT_HTTPHEADER, headers_);
  set(CURLOPT_USERAGENT, "ssh_keepalive_exporter");
  set(CURLOPT_TIMEOUT_MS, timeout);
  set(CURLOPT_CONNECTTIMEOUT_MS, timeout);
  set(CURLOPT_NOSIGNAL, 1L);
  // A look-up that hangs is left behind on its thread.
  set(CURLOPT_QUICK_EXIT, 1L);
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  constexpr long kNameToo = 2;
  set(CURLOPT_SSL_VERIFYHOST, kNameToo);
  if (!post_.ca_file.empty()) {
    set(CURLOPT_CAINFO, post_.ca_file.c_str());
    set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
  set(CURLOPT_WRITEFUNCTION, &discard);
  set(CURLOPT_WRITEDATA, static_cast<void*>(&received_bytes_));
  set(CURLOPT_HEADERFUNCTION, &discard);
  set(CURLOPT_HEADERDATA, static_cast<void*>(&received_bytes_));
  set(CURLOPT_ERRORBUFFER, detail_.data());
}

Answer Poster::Transfer::answer(CURLcode code) const {
  Answer answer{.id = id_, .status = 0, .failure = {}};
  if (code == CURLE_OK) {
    curl_.easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &answer.status);
    if (answer.status == 0) {
      answer.failure = "an answer that is no HTTP";
    }
  } else if (code == CURLE_WRITE_ERROR) {
    answer.failure = "the answer is too long";
  } else if (code == CURLE_PEER_FAILED_VERIFICATION && detail_.front() != 0) {
    answer.failure = detail_.data();  // which part of the certificate
  } else {
    // The details of others hold times, which differ.
    answer.failure = curl_.easy_strerror(code);
  }
  return answer;
}

Result<std::unique_ptr<Poster>> Poster::create() {
  const Result<Libcurl>& curl = libcurl();
  if (!curl.ok()) {
    return curl.error();
  }
  void* const multi = curl->multi_init();
  if (multi == nullptr) {
    return system_error("start", "libcurl", ENOMEM);
  }
  return std::unique_ptr<Poster>(new Poster(*curl, multi));
}

Poster::Poster(const Libcurl& curl, void* multi) : curl_(curl), multi_(multi) {}

Poster::~Poster() {
  abandon();
  curl_.multi_cleanup(multi_);
}

void Poster::start(std::size_t id, Post post) {
  auto transfer = std::make_unique<Transfer>(curl_, id, std::move(post));
  if (transfer->easy() != nullptr &&
      curl_.multi_add_handle(multi_, transfer->easy()) == CURLM_OK) {
    void* const easy = transfer->easy();
    transfers_.emplace(easy, std::move(transfer));
  } else {
    ready_.push_back(transfer->answer(CURLE_FAILED_INIT));
  }
}

std::vector<Answer> Poster::work(std::chrono::milliseconds at_most) {
  std::vector<Answer> answers = perform();
  if (answers.empty()) {
    curl_.multi_poll(multi_, nullptr, 0, static_cast<int>(at_most.count()),
                     nullptr);
    answers = perform();
  }
  return answers;
}

void Poster::wake() { curl_.multi_wakeup(multi_); }

void Poster::abandon() {
  for (const auto& [easy, transfer] : transfers_) {
    curl_.multi_remove_handle(multi_, easy);
  }
  transfers_.clear();
  ready_.clear();
}

std::vector<Answer> Poster::perform() {
  int count = 0;
  curl_.multi_perform(multi_, &count);
  std::vector<Answer> answers = std::exchange(ready_, {});
  while (const CURLMsg* const message = curl_.multi_info_read(multi_, &count)) {
    if (message->msg != CURLMSG_DONE) {
      continue;
    }
    const auto transfer = transfers_.find(message->easy_handle);
    answers.push_back(transfer->second->answer(message->data.result));
    curl_.multi_remove_handle(multi_, transfer->first);
    transfers_.erase(transfer);
  }
  return answers;
}

}  // namespace ssh_keepalive::alertmanager
