// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a trading desk checks in a chain before it believes a quote, one contract at a time: is it quoted at all, and
// could somebody take money out of it by trading it against its neighbours.

#include <algorithm>
#include <array>
#include <bitset>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <alaris/market/chain.hpp>
#include <alaris/market/events.hpp>
#include <alaris/market/ticks.hpp>
#include <alaris/pricing/black.hpp>
#include <alaris/pricing/parity.hpp>
#include <alaris/strategy/atm_term.hpp>

namespace alaris::inline v0 {

/// Checks of one contract. "Executable": buying at asks and selling at bids, fees paid.
enum class DeskCheck : std::uint8_t {
  quoted,     // bid and ask are known and not crossed
  unlocked,   // the bid is below the ask
  bid,        // there is a bid where the contract is worth more than three ticks
  intrinsic,  // the ask is not below what exercising brings
  slope,      // no executable profit in a vertical spread with the next lower strike
  convexity,  // none in a butterfly around it
  calendar,   // none against the same strike of the next expiry
  parity,     // put-call parity within its bounds, absolute delta 0.2 to 0.8
  fresh       // the quote moved with the stock since the session before, where it should by more than three ticks
};
inline constexpr std::size_t desk_checks = 9;

[[nodiscard]] constexpr std::string_view name(DeskCheck check) noexcept {
  constexpr std::array<std::string_view, desk_checks> names{"quoted",    "unlocked", "bid",    "intrinsic", "slope",
                                                            "convexity", "calendar", "parity", "fresh"};
  return names[static_cast<std::size_t>(check)];
}

/// What a check asks, for a report.
[[nodiscard]] constexpr std::string_view question(DeskCheck check) noexcept {
  constexpr std::array<std::string_view, desk_checks> questions{"bid and ask are known and not crossed",
                                                                "the bid is below the ask",
                                                                "a contract worth more than three ticks has a bid",
                                                                "the ask is not below what exercising brings",
                                                                "no vertical spread can be traded for a sure profit",
                                                                "no butterfly can be",
                                                                "no calendar spread can be",
                                                                "put-call parity holds within its bounds",
                                                                "the quote moved when the stock did"};
  return questions[static_cast<std::size_t>(check)];
}

struct DeskLimits {
  double max_parity_violation = 0.02;
  double fee_per_contract = 0.65;  // dollars
};

/// Which checks had something to say about a contract, and which of them it failed. What is not known has failed.
struct DeskFindings {
  std::bitset<desk_checks> applicable{};
  std::bitset<desk_checks> failed{};

  void judge(DeskCheck check, bool passed) noexcept {
    applicable.set(static_cast<std::size_t>(check));
    failed.set(static_cast<std::size_t>(check), !passed);
  }
};

/// Cash dividends known to go ex in (from, to], discounted at the chain's rate. Amounts that nobody stated count as 0:
/// the lower parity bound is then too strict by them.
[[nodiscard]] inline double present_dividends(std::span<const Dividend> known, const PricedChain& priced, Date to) {
  double sum = 0.0;
  for (const Dividend& dividend : known)
    if (dividend.ex_date > priced.chain->date() && dividend.ex_date <= to && dividend.amount > 0.0)
      sum += dividend.amount * std::exp(-priced.rate * years_between(priced.chain->date(), dividend.ex_date).value);
  return sum;
}

/// One expiry of a chain with what its checks share. Where the puts of three strikes or more are dear against their
/// calls and one cost of borrowing the stock explains all of it, the quotes are right and the stock is hard to borrow:
/// parity and forward are then judged at that cost. Holds references to everything it is made from.
class DeskExpiry {
 public:
  /// Without a chain of the session before nothing is said about freshness.
  DeskExpiry(const PricedChain& priced, std::span<const Dividend> known, Date expiry, const DeskLimits& limits)
      : priced_(&priced),
        limits_(limits),
        expiry_(expiry),
        quotes_(priced.chain->of_expiry(expiry)),
        years_(priced.to_expiry(expiry).value),
        forward_(priced.forward(expiry)),
        discount_(std::exp(-priced.rate * years_)),
        dividends_(present_dividends(known, priced, expiry)),
        reference_(reference_volatility()),
        parity_(grade_strikes()) {
    if (parity_.grade == ParityGrade::hard_to_borrow) forward_ *= std::exp(-parity_.borrow * years_);
    const auto expiries = priced.chain->expiries();
    const auto next = std::upper_bound(expiries.begin(), expiries.end(), expiry);
    if (next != expiries.end()) next_ = priced.chain->of_expiry(*next);
  }

  [[nodiscard]] double years() const noexcept { return years_; }
  [[nodiscard]] std::span<const OptionQuote> quotes() const noexcept { return quotes_; }
  /// The volatility of the strike nearest the forward that has one; NaN when none has. One volatility an expiry is
  /// enough to say which strikes lie between two deltas.
  [[nodiscard]] double reference() const noexcept { return reference_; }

  /// What the parity violations of the strikes with absolute delta 0.2 to 0.8 mean together.
  [[nodiscard]] const ParityFinding& parity() const noexcept { return parity_; }
  /// The violation of one strike over the larger mid, American bounds, cash dividends as known, at the cost of
  /// borrowing that explains the expiry; NaN unless both rights are quoted.
  [[nodiscard]] double parity_violation(Strike strike) const noexcept {
    auto quotes = parity_quotes(strike);
    if (!quotes) return not_known;
    if (parity_.grade == ParityGrade::hard_to_borrow) quotes->dividend_yield = parity_.borrow;
    return relative_parity_violation(ExerciseStyle::american, *quotes);
  }

  /// Forward delta of the call at a strike, at the reference volatility.
  [[nodiscard]] double call_delta(Strike strike) const noexcept {
    return black_forward_delta(OptionType::call, {forward_, strike.dollars(), reference_ * std::sqrt(years_), 1.0});
  }

  /// Every check of quotes()[i].
  [[nodiscard]] DeskFindings check(std::size_t i) const {
    const OptionQuote& quote = quotes_[i];
    DeskFindings found;
    const bool quoted = can_buy(quote);
    found.judge(DeskCheck::quoted, quoted);
    if (!quoted) return found;
    const double strike = quote.contract.strike.dollars(), spot = priced_->chain->spot();
    const double side = sign(quote.contract.type);
    found.judge(DeskCheck::unlocked, quote.bid < quote.ask);
    const double three_ticks = 3.0 * tick(quote.ask);
    if (!(quote.bid > 0.0)) found.judge(DeskCheck::bid, worth(quote, spot) <= three_ticks);
    found.judge(DeskCheck::intrinsic, quote.ask >= discount_ * side * (forward_ - strike) - dividends_ - 1e-9 * spot);
    if (const OptionQuote* lower = neighbour(i, -1)) {
      const OptionQuote &dear = side > 0.0 ? *lower : quote, &cheap = side > 0.0 ? quote : *lower;
      const double apart = strike - lower->contract.strike.dollars();
      found.judge(DeskCheck::slope,
                  can_buy(*lower) && cheap.bid - dear.ask <= fees(2.0) && dear.bid - cheap.ask <= apart + fees(2.0));
      if (const OptionQuote* upper = neighbour(i, 1)) {
        const double wing = (upper->contract.strike.dollars() - strike) /
                            (upper->contract.strike.dollars() - lower->contract.strike.dollars());
        found.judge(DeskCheck::convexity, can_buy(*lower) && can_buy(*upper) &&
                                              quote.bid - wing * lower->ask - (1.0 - wing) * upper->ask <= fees(2.0));
      }
    }
    if (const OptionQuote* later = find(next_, quote.contract))
      found.judge(DeskCheck::calendar, can_buy(*later) && quote.bid - later->ask <= fees(2.0));
    const double delta = call_delta(quote.contract.strike);
    if (delta >= 0.2 && delta <= 0.8)
      found.judge(DeskCheck::parity, parity_violation(quote.contract.strike) <= limits_.max_parity_violation);
    if (const OptionChain* previous = priced_->previous; previous && previous->spot() > 0.0) {
      const OptionQuote* before = previous->find(quote.contract);
      const double moved = std::fabs(worth(quote, spot) - worth(quote, previous->spot()));
      if (before && !(moved <= three_ticks))
        found.judge(DeskCheck::fresh, before->bid != quote.bid || before->ask != quote.ask);
    }
    return found;
  }
  /// The same by contract; one that is not listed was not quoted.
  [[nodiscard]] DeskFindings check(const OptionContract& contract) const {
    const OptionQuote* quote = priced_->chain->find(contract);
    if (quote && contract.expiry == expiry_) return check(static_cast<std::size_t>(quote - quotes_.data()));
    DeskFindings found;
    found.judge(DeskCheck::quoted, false);
    return found;
  }

 private:
  [[nodiscard]] double fees(double contracts) const noexcept {
    return contracts * limits_.fee_per_contract / contract_multiplier;
  }
  /// Of the penny programme; classes outside it are wider.
  static double tick(double price) noexcept { return price < 3.0 ? 0.01 : 0.05; }

  /// Black value at the reference volatility, with the stock at `spot` and the carry of today.
  [[nodiscard]] double worth(const OptionQuote& quote, double spot) const noexcept {
    return black_price(quote.contract.type, {forward_ * spot / priced_->chain->spot(), quote.contract.strike.dollars(),
                                             reference_ * std::sqrt(years_), discount_});
  }
  /// The next quote of the same right below (-1) or above (+1).
  [[nodiscard]] const OptionQuote* neighbour(std::size_t i, int step) const noexcept {
    const OptionType type = quotes_[i].contract.type;
    const auto size = static_cast<std::ptrdiff_t>(quotes_.size());
    for (auto at = static_cast<std::ptrdiff_t>(i) + step; at >= 0 && at < size; at += step)
      if (quotes_[static_cast<std::size_t>(at)].contract.type == type) return &quotes_[static_cast<std::size_t>(at)];
    return nullptr;
  }
  /// The quote of the same strike and right in another expiry's quotes.
  static const OptionQuote* find(std::span<const OptionQuote> quotes, OptionContract contract) noexcept {
    if (quotes.empty()) return nullptr;
    contract.expiry = quotes.front().contract.expiry;
    const auto at = std::lower_bound(quotes.begin(), quotes.end(), contract,
                                     [](const OptionQuote& q, const OptionContract& c) { return q.contract < c; });
    return at != quotes.end() && at->contract == contract ? &*at : nullptr;
  }
  [[nodiscard]] std::optional<ParityQuotes> parity_quotes(Strike strike) const noexcept {
    const OptionQuote* put = find(quotes_, {expiry_, strike, OptionType::put});
    const OptionQuote* call = find(quotes_, {expiry_, strike, OptionType::call});
    if (!put || !call) return std::nullopt;
    const double spot = priced_->chain->spot();
    return ParityQuotes{.spot_bid = spot,
                        .spot_ask = spot,
                        .strike = strike.dollars(),
                        .to_expiry = {years_},
                        .rate = priced_->rate,
                        .present_dividends = dividends_,
                        .call_bid = call->bid,
                        .call_ask = call->ask,
                        .put_bid = put->bid,
                        .put_ask = put->ask};
  }
  /// The strikes whose quotes can be judged; without any there is nothing to explain.
  [[nodiscard]] ParityFinding grade_strikes() const {
    std::vector<ParityQuotes> strikes;
    for (const OptionQuote& quote : quotes_) {
      if (quote.contract.type != OptionType::put) continue;  // each strike once
      const double delta = call_delta(quote.contract.strike);
      if (!(delta >= 0.2 && delta <= 0.8)) continue;
      const auto judged = parity_quotes(quote.contract.strike);
      if (judged && std::isfinite(parity_bounds(ExerciseStyle::american, *judged).lower)) strikes.push_back(*judged);
    }
    return grade_parity(ExerciseStyle::american, strikes, limits_.max_parity_violation);
  }
  [[nodiscard]] double reference_volatility() const {
    if (!(years_ > 0.0)) return not_known;
    const auto middle = std::partition_point(quotes_.begin(), quotes_.end(), [&](const OptionQuote& quote) {
      return quote.contract.strike.dollars() < forward_;
    });
    auto below = middle, above = middle;
    const auto away = [&](auto at) { return std::fabs(at->contract.strike.dollars() - forward_); };
    while (below != quotes_.begin() || above != quotes_.end()) {
      const bool down = above == quotes_.end() || (below != quotes_.begin() && away(below - 1) < away(above));
      const double volatility = priced_->implied_volatility((down ? --below : above++)->contract);
      if (volatility > 0.0) return volatility;
    }
    return not_known;
  }

  const PricedChain* priced_;
  DeskLimits limits_;
  Date expiry_;
  std::span<const OptionQuote> quotes_;
  std::span<const OptionQuote> next_{};  // of the next expiry listed
  double years_;
  double forward_;
  double discount_;
  double dividends_;  // present value of those known up to expiry
  double reference_;
  ParityFinding parity_;
};

}  // namespace alaris::inline v0
