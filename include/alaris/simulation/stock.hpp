// SPDX-License-Identifier: Apache-2.0
#pragma once
// One simulated stock: its path, its reports, and its option chain of any session, made when it is asked for.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <alaris/market/chain.hpp>
#include <alaris/pricing/black.hpp>
#include <alaris/simulation/early_exercise.hpp>
#include <alaris/simulation/event_plan.hpp>
#include <alaris/simulation/listing.hpp>
#include <alaris/simulation/path.hpp>
#include <alaris/simulation/quoting.hpp>
#include <alaris/simulation/terminal_law.hpp>

namespace alaris::inline v0 {

/// Carry to one expiry, as known at the close of one session. A European option on the stock with strike K is one on a
/// lognormal-type variable with forward `forward` and strike K - `shift`.
struct ExpiryCarry {
  double discount;                            // to the expiry's close
  double forward;                             // of the price without `shift`
  double shift;                               // value at expiry of a declared dividend that goes ex later
  double interest;                            // rate times years
  std::optional<DividendJump> last_dividend;  // with an ex-date at or before expiry
};

/// The functions are const and pure: a chain depends on parameters, symbol name and date alone, and on nothing that
/// happens after that date.
class SimulatedStock {
 public:
  SimulatedStock(const SimulationParameters& p, std::string_view symbol, const SimulatedSessions& days,
                 const MarketFactor& market)
      : parameters_(p),
        traits_(traits_of(p, symbol)),
        model_(variance_of(p, traits_.base_volatility)),
        events_(plan_events(p, traits_, days)),
        path_(simulate_path(p, traits_, days, market, events_)),
        statements_(statements_about(events_, p, traits_, days)) {
    using namespace std::chrono_literals;
    for (const PlannedDividend& d : path_.dividends)
      if (d.amount > 0.0) dividends_.push_back({d.ex_date, d.amount, new_york_instant(d.declared, 8h)});
  }

  [[nodiscard]] const SymbolTraits& traits() const noexcept { return traits_; }
  [[nodiscard]] const SquareRootVariance& variance_model() const noexcept { return model_; }
  [[nodiscard]] std::span<const SimulatedEvent> events() const noexcept { return events_; }
  [[nodiscard]] const SimulatedPath& path() const noexcept { return path_; }
  [[nodiscard]] std::span<const Bar> bars() const noexcept { return path_.bars; }
  [[nodiscard]] std::span<const Dividend> dividends() const noexcept { return dividends_; }
  [[nodiscard]] std::span<const EarningsStatement> statements() const noexcept { return statements_; }

  /// Law of the price at the close of `expiry` as priced at the close of session number `at`.
  [[nodiscard]] TerminalLaw law(std::size_t at, Date expiry, const SimulatedSessions& days) const noexcept {
    const Date day = path_.bars[at].date;
    return {model_, path_.factors[at], days.at_close(expiry) - days.at_close(day),
            events_between(day, expiry, days.calendar().close(day)) * traits_.sigma_priced * traits_.sigma_priced};
  }

  [[nodiscard]] ExpiryCarry carry(std::size_t at, Date expiry, const SimulatedSessions& days) const noexcept {
    const Date day = path_.bars[at].date;
    ExpiryCarry carry{.discount = detail::discount(parameters_, day, expiry),
                      .forward = 0.0,
                      .shift = 0.0,
                      .interest = 0.0,
                      .last_dividend = {}};
    double stock = path_.stocks[at];
    const double whole = law(at, expiry, days).total_variance();
    for (const PlannedDividend& d : path_.dividends) {
      if (d.ex_date <= day) continue;
      const double to_ex = detail::discount(parameters_, day, d.ex_date);
      const bool is_declared = d.declared <= day;
      if (d.ex_date > expiry) {
        if (is_declared) carry.shift = d.amount * to_ex / carry.discount;
        break;
      }
      double value = d.amount * to_ex;
      if (!is_declared) {
        const Date eve = days.previous(d.declared);
        value = stock * traits_.dividend_yield / 4.0 * detail::discount(parameters_, eve, d.ex_date);
        stock -= value;
      }
      const double passed = law(at, days.previous(d.ex_date), days).total_variance();
      carry.last_dividend = DividendJump{to_ex, passed / whole, value / to_ex};
    }
    carry.forward = stock / carry.discount;
    carry.interest = -std::log(carry.discount);
    return carry;
  }

  [[nodiscard]] OptionChain chain(std::size_t at, const SimulatedSessions& days) const {
    const Date day = path_.bars[at].date;
    const double spot = path_.bars[at].close;
    const auto history = std::span(path_.bars).first(at + 1);
    std::vector<OptionQuote> quotes;
    quotes.reserve(1024);
    std::vector<int> strikes;
    std::vector<double> relative, puts;
    for (const ListedExpiry& listing : listed_expiries(day, static_cast<int>(traits_.seed % 3), days)) {
      listed_strikes(listing, history, strikes);
      add_expiry(at, listing, context(at, listing, days), days, strikes, relative, puts, quotes);
    }
    return OptionChain(day, spot, std::move(quotes));
  }

 private:
  /// Reports priced into an expiry: after the close of `day`, at or before that of `expiry`.
  [[nodiscard]] int events_between(Date day, Date expiry, Instant now) const noexcept {
    // A moved date stays within 20 days of its plan.
    const auto planned_before = [](const SimulatedEvent& event, Date date) { return event.planned < date; };
    const std::chrono::days around(20);
    int count = 0;
    for (auto e = std::lower_bound(events_.begin(), events_.end(), day - around, planned_before);
         e != events_.end() && e->planned <= expiry + around; ++e) {
      const Date reaction = e->reaction_known(now);
      count += reaction > day && reaction <= expiry;
    }
    return count;
  }

  [[nodiscard]] QuotingContext context(std::size_t at, const ListedExpiry& listing,
                                       const SimulatedSessions& days) const noexcept {
    const Date day = path_.bars[at].date;
    const double spot = path_.bars[at].close;
    Date soon = day;
    for (int i = 0; i < 3; ++i) soon = days.next(soon);
    const auto key = static_cast<std::uint64_t>(listing.expiry.time_since_epoch().count());
    const auto day_key = static_cast<std::uint64_t>(day.time_since_epoch().count());
    const std::uint64_t listing_seed = split_seed(split_seed(traits_.seed, key_of("listing")), key);
    const double age = static_cast<double>((day - listing.listed).count());
    return {.spot = spot,
            .half_spread = traits_.illiquidity * parameters_.half_spread_bp * 1e-4 * spot,
            .activity = traits_.share_volume / 4000.0,
            .days_left = static_cast<double>((listing.expiry - day).count()),
            .listed_share = age / (age + 10.0),
            .event_ahead = events_between(day, std::min(soon, listing.expiry), days.calendar().close(day)) > 0,
            .day_seed = split_seed(listing_seed, day_key),
            .listing_seed = listing_seed};
  }

  void add_expiry(std::size_t at, const ListedExpiry& listing, const QuotingContext& context,
                  const SimulatedSessions& days, const std::vector<int>& strikes, std::vector<double>& relative,
                  std::vector<double>& puts, std::vector<OptionQuote>& quotes) const {
    const TerminalLaw law = this->law(at, listing.expiry, days);
    const ExpiryCarry carry = this->carry(at, listing.expiry, days);
    const CosineSmile smile(law);
    relative.clear();
    for (const int k : strikes) relative.push_back((k / 1000.0 - carry.shift) / carry.forward);
    puts.resize(relative.size());
    smile.puts(relative, puts);

    const double stock = carry.forward * carry.discount, scale = std::sqrt(law.total_variance());
    const Years<Act365> years = years_between(context_instant(at, days), expiry_instant(listing.expiry, days));
    const PutExerciseTable& table = put_exercise_table();
    std::optional<DividendExercise> strip;
    if (carry.last_dividend) strip.emplace(table, stock, carry.discount, scale, *carry.last_dividend);
    double stdev = scale;
    for (std::size_t i = 0; i < strikes.size(); ++i) {
      const double strike = strikes[i] / 1000.0, net_strike = relative[i] * carry.forward;
      const double solved = implied(relative[i], puts[i], stdev);
      if (solved > 0.0) stdev = solved;
      const double put = carry.discount * carry.forward * puts[i];
      const double call = put + carry.discount * (carry.forward - net_strike);
      const double early_put = strip ? strip->put(net_strike)
                                     : net_strike * table.premium(std::log(stock / net_strike), stdev, carry.interest);
      const double early_call = strip ? strip->call(net_strike) : 0.0;
      const double standardised = std::log(relative[i]) / scale;
      const Strike exact = Strike::from_thousandths(strikes[i]);
      for (const OptionType type : {OptionType::put, OptionType::call}) {
        const bool is_put = type == OptionType::put;
        const double held = is_put ? put + early_put : call + early_call;
        const double value = std::max({held, sign(type) * (context.spot - strike), 0.0});
        quotes.push_back(quote_of({listing.expiry, exact, type}, value, standardised, context));
        if (solved > 0.0) quotes.back().vendor_volatility = solved / std::sqrt(years.value);
      }
    }
  }

  /// Total standard deviation of the out-of-the-money option, by Newton from the neighbouring strike's; NaN where the
  /// option is worth less than a millionth of the forward.
  [[nodiscard]] static double implied(double relative, double put, double guess) noexcept {
    const OptionType out = relative <= 1.0 ? OptionType::put : OptionType::call;
    const double target = relative <= 1.0 ? put : put + 1.0 - relative;
    if (!(target > 1e-6)) return not_known;
    double s = guess;
    for (int i = 0; i < 12; ++i) {
      const double value = black_price(out, {1.0, relative, s, 1.0});
      const double vega = black_vega({1.0, relative, s, 1.0}, 1.0);
      if (!(value > 0.0) || !(vega > 0.0)) {
        s *= 1.5;
        continue;
      }
      const double next = std::clamp(s - value / vega * std::log(value / target), 0.5 * s, 2.0 * s);
      const bool done = std::fabs(next - s) < 1e-6 * s;
      s = next;
      if (done) break;
    }
    return s;
  }
  [[nodiscard]] Instant context_instant(std::size_t at, const SimulatedSessions& days) const noexcept {
    return days.calendar().close(path_.bars[at].date);
  }
  [[nodiscard]] static Instant expiry_instant(Date expiry, const SimulatedSessions& days) noexcept {
    using namespace std::chrono_literals;
    return days.calendar().is_session(expiry) ? days.calendar().close(expiry) : new_york_instant(expiry, 16h);
  }

  SimulationParameters parameters_;
  SymbolTraits traits_;
  SquareRootVariance model_;
  std::vector<SimulatedEvent> events_;
  SimulatedPath path_;
  std::vector<EarningsStatement> statements_;
  std::vector<Dividend> dividends_;
};

}  // namespace alaris::inline v0
