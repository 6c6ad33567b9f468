// SPDX-License-Identifier: Apache-2.0
#pragma once
// A market with known truth: the same for everyone who has the seed, and needing no data. Any symbol name works; the
// name is only a label of the seed and says nothing about the company that carries it.

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <alaris/market/source.hpp>
#include <alaris/simulation/stock.hpp>

namespace alaris::inline v0 {

/// What no participant of the market sees: for tests and demonstrations.
struct SimulationTruth {
  const SimulatedStock* stock;
  const SimulatedSessions* days;

  /// Standard deviations of an earnings jump: of the path, and as options price it.
  [[nodiscard]] double sigma_physical() const noexcept { return stock->traits().sigma_physical; }
  [[nodiscard]] double sigma_priced() const noexcept { return stock->traits().sigma_priced; }
  [[nodiscard]] std::span<const SimulatedEvent> events() const noexcept { return stock->events(); }
  /// Log move of each event, 0 for those after the last session.
  [[nodiscard]] std::span<const double> jumps() const noexcept { return stock->path().jumps; }
  /// Expected variance without events from the close of a session to the close of an expiry; NaN for any other day.
  [[nodiscard]] double base_total_variance(Date session, Date expiry) const noexcept {
    const auto at = position(session);
    if (at == npos || expiry < session) return not_known;
    const TerminalLaw law = stock->law(at, expiry, *days);
    return law.total_variance() - law.jump_variance;
  }
  /// Event variance that an expiry's options price in at the close of a session; NaN for any other day.
  [[nodiscard]] double event_variance(Date session, Date expiry) const noexcept {
    const auto at = position(session);
    return at == npos || expiry < session ? not_known : stock->law(at, expiry, *days).jump_variance;
  }
  /// Price of `expiry` for delivery at its close, as known at the close of a session; NaN for any other day.
  [[nodiscard]] double forward(Date session, Date expiry) const {
    const auto at = position(session);
    if (at == npos || expiry < session) return not_known;
    const ExpiryCarry carry = stock->carry(at, expiry, *days);
    return carry.forward + carry.shift;
  }
  /// Discount factor from the close of a session to that of an expiry; NaN for any other day.
  [[nodiscard]] double discount(Date session, Date expiry) const {
    const auto at = position(session);
    return at == npos || expiry < session ? not_known : stock->carry(at, expiry, *days).discount;
  }
  /// European value of a contract before spread and rounding, as known at the close of a session; NaN for any other
  /// day.
  [[nodiscard]] double european_value(Date session, const OptionContract& contract) const {
    const auto at = position(session);
    if (at == npos || contract.expiry <= session) return not_known;
    const ExpiryCarry carry = stock->carry(at, contract.expiry, *days);
    const double strike = contract.strike.dollars() - carry.shift;
    const double put = carry.forward * CosineSmile(stock->law(at, contract.expiry, *days)).put(strike / carry.forward);
    return carry.discount * (contract.type == OptionType::put ? put : put + carry.forward - strike);
  }

 private:
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
  [[nodiscard]] std::size_t position(Date session) const noexcept {
    const auto bars = stock->bars();
    const auto at =
        std::lower_bound(bars.begin(), bars.end(), session, [](const Bar& b, Date d) { return b.date < d; });
    return at != bars.end() && at->date == session ? static_cast<std::size_t>(at - bars.begin()) : npos;
  }
};

/// Paths are made on construction (about 2 ms for 15 years of a symbol), a chain when it is asked for (about 0.45 ms
/// for 800 quotes); nothing is kept between calls. All functions may be called from several threads at once.
class SimulatedMarket {
 public:
  explicit SimulatedMarket(const SimulationParameters& parameters, std::vector<std::string> symbols,
                           TradingCalendar calendar = TradingCalendar::nyse())
      : parameters_(parameters), days_(parameters, std::move(calendar)), symbols_(std::move(symbols)) {
    std::sort(symbols_.begin(), symbols_.end());
    symbols_.erase(std::unique(symbols_.begin(), symbols_.end()), symbols_.end());
    const MarketFactor factor = simulate_market_factor(parameters_, days_);
    vix_ = vix_of(factor, parameters_, days_);
    stocks_.reserve(symbols_.size());
    for (const std::string& symbol : symbols_) stocks_.emplace_back(parameters_, symbol, days_, factor);
    for (const Date day : days_.sessions())
      for (const double tenor : {1.0 / 12, 0.25, 0.5, 1.0, 2.0}) {
        const Years<Act365> now = detail::since_2000(day), then{now.value + tenor};
        rates_.push_back({day, {tenor}, integrated_rate(parameters_, now, then) / tenor});
      }
  }

  [[nodiscard]] std::span<const std::string> symbols() const noexcept { return symbols_; }
  [[nodiscard]] std::span<const Bar> bars(std::string_view symbol) const noexcept {
    const SimulatedStock* stock = find(symbol);
    return stock ? stock->bars() : std::span<const Bar>();
  }
  /// Options that expire after `date`, at its close.
  [[nodiscard]] std::shared_ptr<const OptionChain> chain(std::string_view symbol, Date date) const {
    const SimulatedStock* stock = find(symbol);
    if (stock == nullptr || !std::binary_search(days_.sessions().begin(), days_.sessions().end(), date)) return nullptr;
    return std::make_shared<const OptionChain>(stock->chain(days_.index_from(date), days_));
  }
  [[nodiscard]] std::span<const Dividend> dividends(std::string_view symbol) const noexcept {
    const SimulatedStock* stock = find(symbol);
    return stock ? stock->dividends() : std::span<const Dividend>();
  }
  /// Simulated stocks never split.
  [[nodiscard]] std::span<const Split> splits(std::string_view) const noexcept { return {}; }
  [[nodiscard]] std::span<const EarningsStatement> earnings(std::string_view symbol) const noexcept {
    const SimulatedStock* stock = find(symbol);
    return stock ? stock->statements() : std::span<const EarningsStatement>();
  }
  [[nodiscard]] std::span<const Bar> vix() const noexcept { return vix_; }
  [[nodiscard]] std::span<const RatePoint> rates() const noexcept { return rates_; }

  [[nodiscard]] const SimulationParameters& parameters() const noexcept { return parameters_; }
  /// Precondition: `symbol` is one of symbols(). Valid as long as this market.
  [[nodiscard]] SimulationTruth truth(std::string_view symbol) const noexcept {
    const SimulatedStock* stock = find(symbol);
    ALARIS_EXPECTS(stock != nullptr);
    return {stock, &days_};
  }

 private:
  [[nodiscard]] const SimulatedStock* find(std::string_view symbol) const noexcept {
    const auto at = std::lower_bound(symbols_.begin(), symbols_.end(), symbol);
    return at != symbols_.end() && *at == symbol ? &stocks_[static_cast<std::size_t>(at - symbols_.begin())] : nullptr;
  }

  SimulationParameters parameters_;
  SimulatedSessions days_;
  std::vector<std::string> symbols_;
  std::vector<SimulatedStock> stocks_;
  std::vector<Bar> vix_;
  std::vector<RatePoint> rates_;
};

}  // namespace alaris::inline v0
