// SPDX-License-Identifier: Apache-2.0
#pragma once
// Asks a feed's server: certificates always checked, only named hosts, bounded in size and time, paced, tried again
// where that can help. Credentials travel in headers and only to the origin they belong to; where a server repeats one
// in its answer, nobody sees it.

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "feeds/answer.hpp"
#include "http/limiter.hpp"
#include "http/url.hpp"

namespace alaris::host {

struct HttpRequest {
  std::string feed;
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers{};
  std::vector<std::pair<std::string, std::string>> credentials{};  // never sent to another origin, never in a message
  std::chrono::milliseconds total{30'000};                         // of one try
  std::size_t largest_body = std::size_t{64} << 20;                // after decompression
  std::chrono::seconds patience{60};                               // for the pace; beyond it: rate_limited
  int tries = 5;
};

/// Time as the client sees it; tests bring their own.
struct HttpClock {
  std::function<Limiter::Time()> now;
  std::function<void(Limiter::Wait)> sleep;
  std::function<double()> uniform;  // [0, 1): jitter
  [[nodiscard]] static HttpClock real();
};

/// What its owner wants to know of a client, and how the owner ends a wait.
struct HttpEvents {
  std::function<bool()> stopped;                                              // true: give up waits and transfers
  std::function<void(const std::string& host, Limiter::Wait wait)> waiting;   // before a wait of ten seconds or more
  std::function<void(const std::string& host, Limiter::Wait wait)> silenced;  // the server is to be left alone so long
};

/// `text` with every occurrence of a value of `credentials` (also without its scheme word, percent-encoded, or with
/// JSON's escaped slash) overwritten by as many asterisks. Values under six characters are words, not keys.
void redact(std::string& text, const std::vector<std::pair<std::string, std::string>>& credentials);

class HttpClient {
 public:
  /// Only these hosts are ever asked, whoever names them: a redirect, a next page, a setting.
  explicit HttpClient(std::set<std::string> hosts, HttpClock clock = HttpClock::real());

  void listen(HttpEvents events) { events_ = std::move(events); }

  /// Any answer of the server with its status (200 or not), or a fault of the way there. 429 and 503 with advice inside
  /// the patience are waited for; transport faults, 408, 500, 502, 503 and 504 are tried again after 0.5 s, 1 s, 2 s...
  /// with full jitter. The last cause is the one reported.
  [[nodiscard]] FeedResult<HttpAnswer> get(const HttpRequest& request);

  /// What a parser learnt from a page: silence for this server (SEC EDGAR's block, a daily allowance).
  void heed(const std::string& url, const FeedError& error);

  [[nodiscard]] Limiter& limiter() noexcept { return limiter_; }
  [[nodiscard]] bool knows(const std::string& host) const { return hosts_.contains(host); }

 private:
  struct Try;
  [[nodiscard]] FeedResult<HttpAnswer> once(const HttpRequest& request, const Url& url, bool with_credentials);
  [[nodiscard]] FeedResult<HttpAnswer> followed(const HttpRequest& request, const Url& start);
  [[nodiscard]] bool stopped() const { return events_.stopped && events_.stopped(); }
  [[nodiscard]] bool pause(const std::string& host, Limiter::Wait wait);
  void leave_alone(const std::string& host, std::optional<std::chrono::seconds> advice, bool half_rate);

  std::set<std::string> hosts_;
  HttpClock clock_;
  HttpEvents events_;
  Limiter limiter_;
};

}  // namespace alaris::host
