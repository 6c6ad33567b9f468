// SPDX-License-Identifier: Apache-2.0
#pragma once
// Bars, splits, dividends and option prices from Massive: what the key's plan yields, which calls are still to make,
// and the calls. Option prices of the past are one call a contract; what was answered is never asked for again.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bootstrap/vendor_context.hpp"
#include "store/read_ledger.hpp"

namespace alaris::host {

/// What a key may ask for, as far as one call tells.
struct MassivePlan {
  double calls_per_second = 5.0 / 60.0;
  bool snapshots = false;  // today's chain with open interest and volatility
  bool quotes = false;     // with bid and ask
  [[nodiscard]] std::string text() const;
};

/// Option prices that are still to be asked for.
struct ChainWork {
  struct Ask {
    massive::Contract contract;
    DayRange days;
  };
  std::vector<Ask> asks{};
  std::size_t listed = 0;
  std::string left_out{};
};

class MassiveImport {
 public:
  explicit MassiveImport(VendorContext& context) : in_(context) {}

  /// Asked once; sets the pace.
  [[nodiscard]] FeedResult<MassivePlan> plan(const std::string& symbol);
  [[nodiscard]] VendorOutcome bars(const std::string& symbol);
  [[nodiscard]] VendorOutcome splits(const std::string& symbol);
  [[nodiscard]] VendorOutcome dividends(const std::string& symbol);
  /// Contracts that could be traded in the period, less what was read: standard, near the money, expiring until two
  /// months behind it. Asked once a symbol; needs bars.
  [[nodiscard]] FeedResult<const ChainWork*> work(const std::string& symbol);
  [[nodiscard]] VendorOutcome chains(const std::string& symbol);
  /// The chain of the session that ended today, as the snapshot shows it: the only place that has its bid, ask, open
  /// interest and volatility, and it knows no past.
  [[nodiscard]] VendorOutcome quotes(const std::string& symbol);

 private:
  [[nodiscard]] FeedResult<MassivePlan> probed(const std::string& symbol);
  [[nodiscard]] HttpRequest request(const std::string& target) const;
  template <class T>
  [[nodiscard]] FeedResult<std::vector<T>> pages(const std::string& target,
                                                 FeedResult<FeedTable<T>> (*parse)(const HttpAnswer&),
                                                 std::size_t& refused);
  [[nodiscard]] FeedResult<FeedTable<massive::Bar>> bars_of(const std::string& ticker, DayRange& days,
                                                            const massive::BarsAsked& asked,
                                                            std::optional<Date>& history_from);
  [[nodiscard]] std::vector<DayRange> to_read(ReadLedger& ledger, const std::string& ticker, DayRange wanted) const;
  [[nodiscard]] FeedResult<std::map<std::string, massive::Contract>> contracts(const std::string& symbol, double low,
                                                                               double high, std::string& left_out);
  [[nodiscard]] WriteCount put_in_chains(const std::string& symbol, ReadLedger& ledger);

  VendorContext& in_;
  std::optional<FeedResult<MassivePlan>> plan_{};
  std::optional<Date> stock_history_from_{}, option_history_from_{};  // where the plan's history begins
  std::map<std::string, std::vector<Bar>> stock_{};                   // held and just read
  std::map<std::string, ChainWork> work_{};
};

}  // namespace alaris::host
