// SPDX-License-Identifier: Apache-2.0
#pragma once
// Fills the store from the feeds' servers: VIX (CBOE), rates (US Treasury), bars, splits, dividends and option prices
// (Massive), earnings (FMP, Nasdaq, SEC EDGAR). Each part stands alone: one that fails leaves the others whole, and the
// next run asks only for what is missing.

#include <cstdint>
#include <functional>
#include <optional>
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

struct VendorRequest {
  std::vector<std::string> symbols;
  Date start{}, end{};  // of the chains; bars begin 90 days earlier
  Instant now{};
  FeedSettings feeds;
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

/// Hosts of all feeds, as configured, with the vendors' other names.
[[nodiscard]] std::set<std::string> feed_hosts(const FeedSettings& feeds);

/// Runs every part; what was fetched before a stop or a fault is kept.
[[nodiscard]] std::vector<PartOutcome> import_from_vendors(MarketStore& store, HttpClient& client,
                                                           const AnswerCache& cache, const VendorRequest& request,
                                                           const VendorKeys& keys, const VendorEvents& events);

}  // namespace alaris::host
