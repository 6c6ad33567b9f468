// SPDX-License-Identifier: Apache-2.0
#pragma once
// How far a day's chain can be believed: desk checks and parity over the contracts that matter, and whole-day defects.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

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

[[nodiscard]] constexpr DeskLimits desk_limits(const QualityLimits& limits) noexcept {
  return {.max_parity_violation = limits.max_parity_violation};
}

/// Every desk check of the contracts with absolute delta in [0.10, 0.90] and at most 60 days to run; where an expiry
/// has no volatility to tell them by, of all its contracts, as not quoted. A duplicate row fails as not quoted.
[[nodiscard]] inline ChainQuality judge_chain(const PricedChain& priced, std::span<const Dividend> known,
                                              const DeskLimits& limits = {}) {
  ChainQuality quality;
  const auto count = [&](const OptionContract& contract, DeskCheck check, bool passed) {
    quality.by_check[static_cast<std::size_t>(check)].count(passed);
    quality.total.count(passed);
    if (!passed) quality.failed.push_back({contract, check});
  };
  for (const Date expiry : priced.chain->expiries()) {
    const double years = priced.to_expiry(expiry).value;
    if (!(years > 0.0) || years > 60.0 / 365.0) continue;
    const DeskExpiry desk(priced, known, expiry, limits);
    const bool told = desk.reference() > 0.0;
    for (std::size_t i = 0; i < desk.quotes().size(); ++i) {
      const OptionContract& contract = desk.quotes()[i].contract;
      if (!told) {
        count(contract, DeskCheck::quoted, false);
        continue;
      }
      const double delta = desk.call_delta(contract.strike);
      if (!(delta >= 0.10 && delta <= 0.90)) continue;
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

/// The worst parity violation of one strike over the given expiries; NaN when a quote is missing.
[[nodiscard]] inline double worst_parity_violation(const PricedChain& priced, Strike strike,
                                                   std::span<const Date> expiries, std::span<const Dividend> known) {
  double worst = 0.0;
  for (const Date expiry : expiries) {
    const double violation = detail::parity_violation(priced, priced.chain->find({expiry, strike, OptionType::put}),
                                                      priced.chain->find({expiry, strike, OptionType::call}),
                                                      present_dividends(known, priced, expiry));
    if (violation != violation) return not_known;
    worst = std::max(worst, violation);
  }
  return worst;
}

/// The last session's share volume over the median of the 20 sessions before it; NaN with fewer than 10.
[[nodiscard]] inline double volume_over_median(std::span<const Bar> bars) {
  if (bars.size() < 11) return not_known;
  const auto before = bars.first(bars.size() - 1).last(std::min<std::size_t>(20, bars.size() - 1));
  std::vector<double> volumes;
  for (const Bar& bar : before) volumes.push_back(bar.volume);
  const auto middle = volumes.begin() + static_cast<std::ptrdiff_t>(volumes.size() / 2);
  std::nth_element(volumes.begin(), middle, volumes.end());
  return bars.back().volume / *middle;
}

}  // namespace alaris::inline v0
