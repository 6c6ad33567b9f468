// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the parts of a bootstrap share: the store, the way to the servers, answers that were read already, and which
// sessions are over.

#include <alaris/market/calendar.hpp>

#include "bootstrap/vendor_import.hpp"
#include "feeds/massive.hpp"
#include "http/pages.hpp"

namespace alaris::host {

using VendorOutcome = FeedResult<std::string>;  // what was read, for the reader

/// "3 new, 2 as before, 1 restated"
[[nodiscard]] std::string written(const WriteCount& count, std::size_t refused);

class VendorContext {
 public:
  VendorContext(MarketStore& to, HttpClient& by, const AnswerCache& answers, const VendorRequest& request,
                const VendorKeys& with, const VendorEvents& tell)
      : store(to), client(by), cache(answers), ask(request), keys(with), events(tell) {
    const Date settled = last_settled_session(calendar, ask.now);
    end = std::min(ask.end, settled);
  }

  MarketStore& store;
  HttpClient& client;
  const AnswerCache& cache;
  const VendorRequest& ask;
  const VendorKeys& keys;
  const VendorEvents& events;
  TradingCalendar calendar = TradingCalendar::nyse();
  Date end{};  // last day asked for whose session is over

  [[nodiscard]] Provenance from(const char* source) const { return {source, ask.now}; }
  [[nodiscard]] Instant today() const { return new_york_instant(new_york_date(ask.now), std::chrono::hours(0)); }

  /// A server on this machine needs no pace.
  void allow(const std::string& base, double per_second) const {
    if (const auto url = parse_url(base)) client.limiter().allow(url->host, url->is_loopback() ? 1000.0 : per_second);
  }

  /// One answer, from the cache when it was received at `not_before` or later; kept when `parse` takes it. One that is
  /// empty where rows are due is asked for a second time and, still empty, returned with `ask_again` and not kept.
  template <class Parse>
  auto read(HttpRequest request, Instant not_before, Parse parse) -> decltype(parse(HttpAnswer{})) {
    if (!ask.refresh)
      if (const auto held = cache.find(request.url, not_before))
        if (auto parsed = parse(*held); parsed && !is_doubtful(*parsed)) return parsed;
    request.patience = patience;
    for (int attempt = 0;; ++attempt) {
      const auto answer = client.get(request);
      if (!answer) return unexpected(answer.error());
      auto parsed = parse(*answer);
      if (!parsed) {
        client.heed(request.url, parsed.error());
        return parsed;
      }
      if (!is_doubtful(*parsed)) cache.keep(request.url, *answer, ask.now);
      if (!is_doubtful(*parsed) || attempt > 0) return parsed;
    }
  }

  /// All rows of one answer or none.
  template <class Write>
  WriteCount whole(Write write) {
    Transaction all(store.database());
    const WriteCount count = write();
    all.commit();
    return count;
  }

  static constexpr std::chrono::minutes patience{16};  // longer than the silence after "too many"

 private:
  template <class Parsed>
  [[nodiscard]] static bool is_doubtful(const Parsed& parsed) {
    if constexpr (requires { parsed.ask_again; })
      return parsed.ask_again;
    else
      return false;
  }
};

}  // namespace alaris::host
