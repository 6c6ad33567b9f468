// SPDX-License-Identifier: Apache-2.0
#pragma once
// How far a day's chain can be believed: desk checks and parity over the contracts that matter, and whole-day defects.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <alaris/cost/fees.hpp>
#include <alaris/market/bar.hpp>
#include <alaris/market/chain.hpp>
#include <alaris/market/events.hpp>
#include <alaris/market/holiday_copy.hpp>
#include <alaris/policy/quality_rules.hpp>
#include <alaris/strategy/atm_term.hpp>
#include <alaris/strategy/desk_checks.hpp>

namespace alaris::inline v0 {

/// A defect of a whole day: its rows are not used.
enum class DayDefect : std::uint8_t { none, not_a_session, repeats_previous, no_underlying };

[[nodiscard]] constexpr std::string_view name(DayDefect defect) noexcept {
  switch (defect) {
    case DayDefect::none:
      return "";
    case DayDefect::not_a_session:
      return "not a trading session";
    case DayDefect::repeats_previous:
      return "not a trading session: repeats the previous one";
    case DayDefect::no_underlying:
      return "no underlying price";
  }
  return "unknown";
}

/// A copy of the previous session is no session even where the calendar expects one: a closure nobody entered yet.
[[nodiscard]] inline DayDefect day_defect(const OptionChain& chain, const OptionChain* previous,
                                          const TradingCalendar& calendar) noexcept {
  if (previous && is_holiday_copy(*previous, chain)) return DayDefect::repeats_previous;
  if (!calendar.is_session(chain.date())) return DayDefect::not_a_session;
  return chain.spot() > 0.0 ? DayDefect::none : DayDefect::no_underlying;
}

struct QualityScore {
  int passed = 0;
  int applicable = 0;
  /// passed / applicable; NaN when no check applied.
  [[nodiscard]] double value() const noexcept {
    return applicable > 0 ? static_cast<double>(passed) / applicable : not_known;
  }
  void count(bool pass) noexcept {
    ++applicable;
    passed += pass;
  }
};

enum class QualityGrade : std::uint8_t { good, warning, critical };

[[nodiscard]] constexpr std::string_view name(QualityGrade grade) noexcept {
  switch (grade) {
    case QualityGrade::good:
      return "good";
    case QualityGrade::warning:
      return "warning";
    case QualityGrade::critical:
      return "critical: no new positions";
  }
  return "unknown";
}
/// The grade as one word.
[[nodiscard]] constexpr std::string_view word(QualityGrade grade) noexcept {
  return name(grade).substr(0, name(grade).find(':'));
}
/// A score that is not known is critical.
[[nodiscard]] constexpr QualityGrade quality_grade(double score, const QualityLimits& limits) noexcept {
  return score >= limits.warning_score    ? QualityGrade::good
         : score >= limits.critical_score ? QualityGrade::warning
                                          : QualityGrade::critical;
}

/// A contract that failed a check.
struct FailedCheck {
  OptionContract contract;
  DeskCheck check;
};

/// What the desk checks say about a chain, check by check.
struct ChainQuality {
  std::array<QualityScore, desk_checks> by_check{};
  QualityScore total{};
  std::vector<FailedCheck> failed{};

  [[nodiscard]] const QualityScore& of(DeskCheck check) const noexcept {
    return by_check[static_cast<std::size_t>(check)];
  }
  /// Passed over applicable; NaN when no check applied.
  [[nodiscard]] double value() const noexcept { return total.value(); }
};

/// The limits of a day: what a desk would pay a contract is the broker's dearest tier.
[[nodiscard]] inline DeskLimits desk_limits(const QualityLimits& limits, const FeeSchedule& fees, Date date) noexcept {
  DeskLimits desk{.max_parity_violation = limits.max_parity_violation};
  const DatedCommission* tariff = in_force(fees.commission, date);
  if (tariff && !tariff->tiers.empty()) desk.fee_per_contract = tariff->tiers.front().per_contract.dollars();
  return desk;
}

/// Every desk check of the contracts with absolute delta in [0.10, 0.90] and at most 60 days to run, and of a
/// candidate's own `legs` whatever theirs; where an expiry has no volatility to tell them by, of all its contracts, as
/// not quoted. A duplicate row fails as not quoted.
[[nodiscard]] inline ChainQuality judge_chain(const PricedChain& priced, std::span<const Dividend> known,
                                              const DeskLimits& limits = {},
                                              std::span<const OptionContract> legs = {}) {
  ChainQuality quality;
  const auto count = [&](const OptionContract& contract, DeskCheck check, bool passed) {
    quality.by_check[static_cast<std::size_t>(check)].count(passed);
    quality.total.count(passed);
    if (!passed) quality.failed.push_back({contract, check});
  };
  for (const Date expiry : priced.chain->expiries()) {
    const double years = priced.to_expiry(expiry).value;
    const bool near = years <= 60.0 / 365.0;
    const bool holds_leg = std::any_of(legs.begin(), legs.end(), [&](const auto& leg) { return leg.expiry == expiry; });
    if (!(years > 0.0) || (!near && !holds_leg)) continue;
    const DeskExpiry desk(priced, known, expiry, limits);
    const bool told = desk.reference() > 0.0;
    for (std::size_t i = 0; i < desk.quotes().size(); ++i) {
      const OptionContract& contract = desk.quotes()[i].contract;
      const bool is_leg = std::find(legs.begin(), legs.end(), contract) != legs.end();
      if (!near && !is_leg) continue;
      if (!told) {
        count(contract, DeskCheck::quoted, false);
        continue;
      }
      const double delta = desk.call_delta(contract.strike);
      if (!is_leg && !(delta >= 0.10 && delta <= 0.90)) continue;
      const DeskFindings found = desk.check(i);
      for (std::size_t check = 0; check < desk_checks; ++check)
        if (found.applicable[check]) count(contract, static_cast<DeskCheck>(check), !found.failed[check]);
    }
  }
  for (std::size_t i = 0; i < priced.chain->duplicates(); ++i) {
    quality.by_check[static_cast<std::size_t>(DeskCheck::quoted)].count(false);
    quality.total.count(false);
  }
  return quality;
}

/// How many desk checks a set of contracts fails, whatever their delta and time to run.
[[nodiscard]] inline int failed_checks(const PricedChain& priced, std::span<const Dividend> known,
                                       std::span<const OptionContract> contracts, const DeskLimits& limits = {}) {
  std::size_t failed = 0;
  for (const OptionContract& contract : contracts)
    failed += DeskExpiry(priced, known, contract.expiry, limits).check(contract).failed.count();
  return static_cast<int>(failed);
}

/// What put-call parity says about one strike over several expiries.
struct ParityStanding {
  double worst_violation = 0.0;  // over the larger mid, at the explained cost of borrowing; NaN when a quote is missing
  int hard_to_borrow = 0;        // expiries that only a cost of borrowing explains
  double borrow = 0.0;           // the largest of those costs, a year
};

[[nodiscard]] inline ParityStanding parity_standing(const PricedChain& priced, Strike strike,
                                                    std::span<const Date> expiries, std::span<const Dividend> known,
                                                    const DeskLimits& limits = {}) {
  ParityStanding standing;
  for (const Date expiry : expiries) {
    const DeskExpiry desk(priced, known, expiry, limits);
    const double violation = desk.parity_violation(strike), sum = standing.worst_violation + violation;
    standing.worst_violation = sum == sum ? std::max(standing.worst_violation, violation) : not_known;
    if (desk.parity().grade != ParityGrade::hard_to_borrow) continue;
    ++standing.hard_to_borrow;
    standing.borrow = std::max(standing.borrow, desk.parity().borrow);
  }
  return standing;
}

namespace detail {
/// `last` over the (upper) median of the volumes before it; NaN with fewer than 10 of them.
inline double over_median(double last, std::vector<double> before) {
  if (before.size() < 10) return not_known;
  const auto middle = before.begin() + static_cast<std::ptrdiff_t>(before.size() / 2);
  std::nth_element(before.begin(), middle, before.end());
  return last / *middle;
}
}  // namespace detail

/// The last session's share volume over the median of the 20 sessions before it; NaN with fewer than 10.
[[nodiscard]] inline double volume_over_median(std::span<const Bar> bars) {
  if (bars.empty()) return not_known;
  std::vector<double> volumes;
  for (const Bar& bar : bars.first(bars.size() - 1).last(std::min<std::size_t>(20, bars.size() - 1)))
    volumes.push_back(bar.volume);
  return detail::over_median(bars.back().volume, std::move(volumes));
}

}  // namespace alaris::inline v0
