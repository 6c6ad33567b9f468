// SPDX-License-Identifier: Apache-2.0
#include "http/client.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <memory>
#include <random>
#include <thread>

#include <fmt/format.h>

namespace alaris::host {
namespace {

constexpr std::size_t largest_header = std::size_t{64} << 10;
constexpr int most_redirects = 3;
constexpr long connect_seconds = 10;

struct CloseEasy {
  void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
};
struct FreeList {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

/// What one transfer collects.
struct Received {
  HttpAnswer answer;
  const std::function<bool()>* stopped = nullptr;
  std::size_t largest_body = 0, header_bytes = 0;
  bool too_large = false;
};

std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* user) {
  auto& received = *static_cast<Received*>(user);
  const std::size_t more = size * count;
  if (received.answer.body.size() + more > received.largest_body) {
    received.too_large = true;
    return 0;
  }
  received.answer.body.append(bytes, more);
  return more;
}

std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* user) {
  auto& received = *static_cast<Received*>(user);
  std::string_view line(bytes, size * count);
  received.header_bytes += line.size();
  if (received.header_bytes > largest_header) {
    received.too_large = true;
    return 0;
  }
  if (line.starts_with("HTTP/")) received.answer.headers.clear();  // an interim answer came before
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
    std::string_view value = line.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    received.answer.headers.emplace_back(line.substr(0, colon), value);
  }
  return size * count;
}

/// Called at least once a second while a transfer lasts; anything but 0 ends it.
int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const auto& received = *static_cast<const Received*>(user);
  return *received.stopped && (*received.stopped)() ? 1 : 0;
}

void overwrite(std::string& text, const std::string& key) {
  for (std::size_t at = text.find(key); at != std::string::npos; at = text.find(key, at + key.size()))
    text.replace(at, key.size(), key.size(), '*');
}

/// A line break in a value would begin another header.
bool fits_a_header(std::string_view text) noexcept {
  return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; });
}

FeedError fault(const HttpRequest& request, FeedFault kind, std::string where, std::string why, bool retryable) {
  return {
      .fault = kind, .feed = request.feed, .where = std::move(where), .why = std::move(why), .retryable = retryable};
}

bool worth_another_try(int status) noexcept {
  return status == 408 || status == 500 || status == 502 || status == 503 || status == 504;
}

void start_curl_once() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  (void)started;
}

}  // namespace

void redact(std::string& text, const std::vector<std::pair<std::string, std::string>>& credentials) {
  constexpr std::size_t shortest_key = 6;
  for (const auto& [name, value] : credentials) {
    const std::size_t space = value.find(' ');
    for (const std::string& key : {value, space == std::string::npos ? value : value.substr(space + 1)}) {
      if (key.size() < shortest_key) continue;
      overwrite(text, key);
      overwrite(text, percent_encoded(key));
      std::string escaped;
      for (const char c : key) escaped += c == '/' ? std::string("\\/") : std::string(1, c);
      overwrite(text, escaped);
    }
  }
}

HttpClock HttpClock::real() {
  return {.now = [] { return std::chrono::steady_clock::now(); },
          .sleep = [](Limiter::Wait wait) { std::this_thread::sleep_for(wait); },
          .uniform =
              [] {
                thread_local std::minstd_rand random(std::random_device{}());
                return std::uniform_real_distribution<double>()(random);
              }};
}

HttpClient::HttpClient(std::set<std::string> hosts, HttpClock clock)
    : hosts_(std::move(hosts)), clock_(std::move(clock)) {
  start_curl_once();
}

FeedResult<HttpAnswer> HttpClient::once(const HttpRequest& request, const Url& url, bool with_credentials) {
  const std::unique_ptr<CURL, CloseEasy> easy(curl_easy_init());
  if (!easy) return unexpected(fault(request, FeedFault::transport, url.place(), "no transfer could be made", false));
  Received received;
  received.largest_body = request.largest_body;
  received.stopped = &events_.stopped;
  std::unique_ptr<curl_slist, FreeList> headers;
  const auto add = [&headers](const auto& list) {
    for (const auto& [key, value] : list)
      if (curl_slist* longer = curl_slist_append(headers.get(), fmt::format("{}: {}", key, value).c_str())) {
        (void)headers.release();
        headers.reset(longer);
      }
  };
  add(request.headers);
  if (with_credentials) add(request.credentials);

  CURL* const curl = easy.get();
  const std::string address = url.text();
  curl_easy_setopt(curl, CURLOPT_URL, address.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, url.is_loopback() ? "http,https" : "https");
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip");
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, connect_seconds);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(request.total.count()));
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &received);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &received);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &received);
  if (url.is_loopback()) curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");

  const CURLcode code = curl_easy_perform(curl);
  if (code == CURLE_ABORTED_BY_CALLBACK)
    return unexpected(fault(request, FeedFault::stopped, url.place(), "stopped", false));
  if (received.too_large)
    return unexpected(fault(request, FeedFault::implausible, url.place(),
                            fmt::format("more than {} bytes", request.largest_body), false));
  if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE)
    return unexpected(
        fault(request, FeedFault::transport, url.place(), "the server's certificate is not trusted", false));
  if (code != CURLE_OK)
    return unexpected(fault(request, FeedFault::transport, url.place(), curl_easy_strerror(code), true));
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  received.answer.status = static_cast<int>(status);
  redact(received.answer.body, request.credentials);  // as long as before: the declared length still fits
  for (auto& header : received.answer.headers) redact(header.second, request.credentials);
  return std::move(received.answer);
}

FeedResult<HttpAnswer> HttpClient::followed(const HttpRequest& request, const Url& start) {
  Url url = start;
  for (int hop = 0; hop <= most_redirects; ++hop) {
    auto answer = once(request, url, url.same_origin(start));
    if (!answer) return answer;
    const int status = answer->status;
    if (status != 301 && status != 302 && status != 303 && status != 307 && status != 308) return answer;
    const auto location = answer->header("Location");
    const auto next = location ? resolve(url, *location) : std::nullopt;
    if (!next || !next->is_safe() || !hosts_.contains(next->host))
      return unexpected(fault(
          request, FeedFault::blocked, url.place(),
          fmt::format("redirected to {}, which is not among the hosts of this feed", next ? next->host : "nowhere"),
          false));
    url = *next;
  }
  return unexpected(fault(request, FeedFault::transport, url.place(), "redirected without end", false));
}

/// Waits in steps short enough for a stop to be felt at once. False: stopped.
bool HttpClient::pause(const std::string& host, Limiter::Wait wait) {
  constexpr Limiter::Wait step = std::chrono::milliseconds(100), worth_a_word = std::chrono::seconds(10);
  if (wait >= worth_a_word && events_.waiting) events_.waiting(host, wait);
  for (; wait > Limiter::Wait{0} && !stopped(); wait -= step) clock_.sleep(std::min(wait, step));
  return !stopped();
}

void HttpClient::leave_alone(const std::string& host, std::optional<std::chrono::seconds> advice, bool half_rate) {
  if (half_rate)
    limiter_.throttled(host, clock_.now(), advice);
  else
    limiter_.hold(host, clock_.now(), *advice);
  if (events_.silenced) events_.silenced(host, limiter_.free_in(host, clock_.now()));
}

FeedResult<HttpAnswer> HttpClient::get(const HttpRequest& request) {
  using std::chrono::duration_cast;
  using std::chrono::seconds;
  const auto url = parse_url(request.url);
  if (!url || !url->is_safe())
    return unexpected(
        fault(request, FeedFault::request, "", "not an https address (http only to this machine)", false));
  if (!hosts_.contains(url->host))
    return unexpected(fault(request, FeedFault::request, url->host, "not among the hosts of this feed", false));
  for (const auto* list : {&request.headers, &request.credentials})
    for (const auto& [key, value] : *list)
      if (!fits_a_header(value))
        return unexpected(
            fault(request, FeedFault::configuration, key, "holds a line break or control character", false));

  FeedResult<HttpAnswer> last = unexpected(fault(request, FeedFault::transport, url->place(), "never tried", false));
  for (int attempt = 0; attempt < std::max(1, request.tries); ++attempt) {
    const auto wait = limiter_.take(url->host, clock_.now(), request.patience);
    if (!wait) {
      FeedError busy = fault(request, FeedFault::rate_limited, url->host, "this server is to be left alone", true);
      busy.wait = duration_cast<seconds>(limiter_.free_in(url->host, clock_.now())) + seconds(1);
      return unexpected(std::move(busy));
    }
    if (!pause(url->host, *wait)) return unexpected(fault(request, FeedFault::stopped, url->place(), "stopped", false));
    last = followed(request, *url);
    const auto advice =
        last ? retry_after(*last, std::chrono::floor<seconds>(std::chrono::system_clock::now())) : std::nullopt;
    if (last && (last->status == 429 || (last->status == 503 && advice))) {
      leave_alone(url->host, advice, last->status == 429);
      if (limiter_.free_in(url->host, clock_.now()) > request.patience) return last;
      continue;
    }
    if (last && !worth_another_try(last->status)) {
      limiter_.succeeded(url->host);
      return last;
    }
    if (!last && !last.error().retryable) return last;
    if (attempt + 1 < request.tries) {
      const double ceiling = std::min(60.0, 0.5 * static_cast<double>(1 << std::min(attempt, 7)));
      (void)pause(url->host, duration_cast<Limiter::Wait>(std::chrono::duration<double>(ceiling * clock_.uniform())));
    }
  }
  return last;
}

void HttpClient::heed(const std::string& text, const FeedError& error) {
  const auto url = parse_url(text);
  if (!url || (error.fault != FeedFault::rate_limited && error.fault != FeedFault::blocked)) return;
  leave_alone(url->host, error.rest_of_day ? std::chrono::hours(24) : error.wait, true);
}

}  // namespace alaris::host
