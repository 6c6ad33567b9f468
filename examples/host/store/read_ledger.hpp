// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which days of which vendor series were asked for and answered, so that a later fetch asks only for the others, and
// option prices that wait until the chains they belong to are whole.

#include <map>
#include <span>
#include <string>
#include <vector>

#include <alaris/market/calendar.hpp>
#include <alaris/market/chain.hpp>

#include "store/market_store.hpp"

namespace alaris::host {

/// Both days included.
struct DayRange {
  Date first{}, last{};
  friend constexpr bool operator==(const DayRange&, const DayRange&) = default;
};

class ReadLedger {
 public:
  /// Rows of `symbol` from `source`; the database must outlive the ledger.
  ReadLedger(Database& database, std::string symbol, std::string source)
      : database_(&database), symbol_(std::move(symbol)), source_(std::move(source)) {}

  /// Parts of `wanted` that hold sessions and were not read yet, cut to their first and last session.
  [[nodiscard]] std::vector<DayRange> missing(const std::string& ticker, DayRange wanted,
                                              const TradingCalendar& calendar);
  void note(const std::string& ticker, DayRange read, Instant as_of);

  /// One contract's closing prices and volumes: they join the chains when every contract of the run was read.
  void stage(const OptionContract& contract, Date date, double last, double volume);
  /// All that is staged, as one chain a session without spot.
  [[nodiscard]] std::map<Date, std::vector<OptionQuote>> staged();
  void clear_staged();

 private:
  [[nodiscard]] std::vector<DayRange> read_of(const std::string& ticker);

  Database* database_;
  std::string symbol_, source_;
};

}  // namespace alaris::host
