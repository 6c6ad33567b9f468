// SPDX-License-Identifier: Apache-2.0
#pragma once
// The instruments of a simulated gateway and what they cost: Black-Scholes-Merton values with a spread around them, or
// the chains of a market, each quoted from its session's open to its close.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <alaris/core/time.hpp>
#include <alaris/market/any_market.hpp>
#include <alaris/market/calendar.hpp>

#include "gateway/wire_contract.hpp"
#include "simulated_gateway/scenario.hpp"

namespace alaris::simulated {

struct Instrument {
  gateway::Contract contract{};
  std::size_t symbol = 0;  // index of its plan
  double volatility = 0.0;
  OptionContract option{};  // of a market's chain
  [[nodiscard]] bool is_option() const noexcept { return contract.sec_type == "OPT"; }
  /// Dollars per point of its price.
  [[nodiscard]] double multiplier() const noexcept { return is_option() ? 100.0 : 1.0; }
};

/// Bid and ask in whole cents; nothing: no quote.
struct TwoSided {
  double bid = 0.0, ask = 0.0;
  [[nodiscard]] double mid() const noexcept { return 0.5 * (bid + ask); }
  friend bool operator==(const TwoSided&, const TwoSided&) = default;
};

/// What a quote is while the market is closed.
enum class Closed : std::uint8_t { no_quote, last_quote };

class Market {
 public:
  explicit Market(const Scenario& scenario);
  /// The names, chains and bars of a market in place of the scenario's own.
  Market(const Scenario& scenario, AnyMarket history, Instant now);
  /// Brings a market's chains up to the session of `now`.
  void follow(Instant now);

  [[nodiscard]] const std::vector<SymbolPlan>& symbols() const noexcept { return symbols_; }
  [[nodiscard]] const Instrument* by_id(int con_id) const;
  /// The one instrument a contract names, by id or by its terms; nothing when none or several.
  [[nodiscard]] const Instrument* find(const gateway::Contract& wanted) const;
  [[nodiscard]] std::vector<const Instrument*> matches(const gateway::Contract& wanted) const;
  [[nodiscard]] std::optional<TwoSided> quote(const Instrument& instrument, Instant now,
                                              Closed closed = Closed::no_quote) const;
  /// One unit of a combination as its legs define it; a debit is positive.
  [[nodiscard]] std::optional<TwoSided> quote(const gateway::Contract& contract, Instant now,
                                              Closed closed = Closed::no_quote) const;
  [[nodiscard]] std::vector<const Instrument*> options_of(std::size_t symbol) const;
  void set_spot(const std::string& symbol, double spot);
  [[nodiscard]] double years_to_expiry(const Instrument& instrument, Instant now) const;
  /// What it is worth when nobody quotes: the middle of the last quote there was; 0 without any.
  [[nodiscard]] double worth(const Instrument& instrument, Instant now) const;
  /// The day's quote with its volume and open interest; null unless a market is behind it.
  [[nodiscard]] const OptionQuote* listed(const Instrument& instrument) const;
  /// Bars up to the session of `now`, the newest last; empty unless a market is behind it.
  [[nodiscard]] std::span<const Bar> bars(const Instrument& instrument) const;

 private:
  void list_chain(std::size_t symbol);
  [[nodiscard]] bool opened(Instant now) const;

  std::vector<SymbolPlan> symbols_;
  std::map<int, Instrument> instruments_{};
  std::optional<AnyMarket> history_{};
  TradingCalendar calendar_ = TradingCalendar::nyse();
  Date session_{};
  std::vector<std::shared_ptr<const OptionChain>> chains_{};  // by symbol
  std::map<std::pair<std::size_t, OptionContract>, int> ids_{};
};

}  // namespace alaris::simulated
