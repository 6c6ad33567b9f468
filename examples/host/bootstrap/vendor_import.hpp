// SPDX-License-Identifier: Apache-2.0
#pragma once
// Fills the store from the feeds' servers: VIX (CBOE), rates (US Treasury), bars, splits, dividends and option prices
// (Massive), earnings (FMP, Nasdaq, SEC EDGAR). Each part stands alone: one that fails leaves the others whole, and the
// next run asks only for what is missing. Only sessions that are over are asked for: a day's figures are closing
// values.

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bootstrap/answer_cache.hpp"
#include "config/secrets.hpp"
#include "config/settings.hpp"
#include "http/client.hpp"
#include "store/market_store.hpp"

namespace alaris::host {

struct VendorKeys {
  std::optional<Secret> massive, fmp;
  std::optional<std::string> edgar_contact;
  /// From the environment and the files it names.
  [[nodiscard]] static VendorKeys of_process();
};

/// What can be asked for by itself. bars: with splits and dividends; chains: with today's quotes; reports: SEC EDGAR.
inline constexpr const char* vendor_parts[]{"vix", "rates", "bars", "chains", "earnings", "reports"};

struct VendorRequest {
  std::vector<std::string> symbols{};
  Date start{}, end{};  // of the chains; bars begin 90 days earlier
  Instant now{};
  FeedSettings feeds{};
  std::set<std::string> only{};  // of vendor_parts; empty: all
  bool refresh = false;          // ask again for what is held and for what was answered today
  bool plan_only = false;        // say what it would take and store nothing
  [[nodiscard]] bool wants(const std::string& part) const { return only.empty() || only.contains(part); }
  [[nodiscard]] bool wants_massive() const { return wants("bars") || wants("chains"); }
};

/// What became of one part of a symbol.
struct PartOutcome {
  std::string symbol;  // empty: market-wide
  std::string part;
  bool failed = false;
  bool skipped = false;  // held already, or no key
  std::string what;
};

struct VendorEvents {
  std::function<void(const std::string&)> note;       // before something long: what it yields, calls, time
  std::function<void(int done, int total)> progress;  // of option contracts
  std::function<bool()> stopped;                      // asked for between two calls
};

/// When a day's figures are closing values: a quarter of an hour after its session.
[[nodiscard]] Instant settled_at(const TradingCalendar& calendar, Date date);
/// The last session whose figures are closing values: it ended a quarter of an hour before `now` or earlier.
[[nodiscard]] Date last_settled_session(const TradingCalendar& calendar, Instant now);

/// Hosts of all feeds, as configured, with the vendors' other names.
[[nodiscard]] std::set<std::string> feed_hosts(const FeedSettings& feeds);

/// Runs every part; what was fetched before a stop or a fault is kept.
[[nodiscard]] std::vector<PartOutcome> import_from_vendors(MarketStore& store, HttpClient& client,
                                                           const AnswerCache& cache, const VendorRequest& request,
                                                           const VendorKeys& keys, const VendorEvents& events);

}  // namespace alaris::host
