// SPDX-License-Identifier: Apache-2.0
#pragma once
// The decision about one announcement: what every rule saw, which one decided, and the limit of the order that follows.
// Backtest, paper and live sessions, a scan and the check of a proposed order all decide here.

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <alaris/core/time.hpp>
#include <alaris/market/calendar.hpp>
#include <alaris/policy/policy.hpp>
#include <alaris/strategy/evaluate.hpp>

namespace alaris::inline v0 {

enum class DecisionAction : std::uint8_t { enter, refuse };

[[nodiscard]] constexpr std::string_view name(DecisionAction action) noexcept {
  return action == DecisionAction::enter ? "enter" : "refuse";
}

/// One look at one announcement: what was known, what every rule saw, and which one decided.
struct DecisionRecord {
  Instant at{};         // the as-of instant of everything in here
  Date fill_session{};  // the session the order would trade in
  DecisionAction action = DecisionAction::refuse;
  std::string decided_by{};  // dotted name of the first rule that refused; "data" or "sizing.*" where no rule did
  std::string reason{};      // one sentence
  int contracts = 0;         // spreads to open
  Candidate candidate{};     // every measured figure
  std::vector<Finding> findings{};
};

/// Three of three criteria recommend a trade, two make it worth considering at half size.
enum class SignalGrade : std::uint8_t { avoid, consider, recommended };

[[nodiscard]] constexpr std::string_view name(SignalGrade grade) noexcept {
  switch (grade) {
    case SignalGrade::avoid:
      return "avoid";
    case SignalGrade::consider:
      return "consider";
    case SignalGrade::recommended:
      return "recommended";
  }
  return "unknown";
}

[[nodiscard]] inline SignalGrade signal_grade(const Candidate& c, const SignalLimits& limits) noexcept {
  const int met =
      admits(SignalIvRv{limits}, c) + admits(InvertedTermStructure{limits}, c) + admits(UnderlyingVolume{limits}, c);
  return met == 3 ? SignalGrade::recommended : met == 2 ? SignalGrade::consider : SignalGrade::avoid;
}

/// The session an entry for this announcement trades in. One with an unknown session is taken as before the open, the
/// earlier of the two, so that it is decided (and refused) once and in time.
[[nodiscard]] inline Date entry_session(const EarningsConsensus& report, const TradingCalendar& calendar,
                                        int sessions_before) {
  const Date on = calendar.is_session(report.date) ? report.date : calendar.next_session(report.date);
  Date entry = report.session == AnnouncementSession::after_close ? on : calendar.previous_session(on);
  for (int i = 0; i < sessions_before; ++i) entry = calendar.previous_session(entry);
  return entry;
}

/// The most to pay per spread and share: the natural price, plus what the expected profit leaves after all costs;
/// beyond it the edge no longer survives.
[[nodiscard]] inline double entry_limit(const Candidate& c) noexcept {
  return c.debit_natural + std::max(c.expected_pnl - c.round_trip_cost, 0.0) / contract_multiplier;
}

/// Lets every rule speak about record.candidate and writes down who decided.
template <policy_for<Candidate> Rules>
void judge(DecisionRecord& record, const Rules& rules, const VixStress& vix) {
  const Candidate& c = record.candidate;
  const auto verdict = assess(rules, c);
  record.findings.assign(verdict.findings.begin(), verdict.findings.end());
  record.contracts = c.size;
  record.action = DecisionAction::refuse;
  const Finding* refusal = verdict.first_refusal();
  if (refusal && refusal->outcome() == Outcome::unknown && !c.missing.empty()) {
    record.decided_by = "data";
    record.reason = c.missing;
  } else if (refusal) {
    record.decided_by = refusal->rule->name;
    record.reason = refusal->rule->title;
  } else if (vix.entries_blocked()) {
    record.decided_by = "breaker.vix_stress";
    record.reason = "no close of the volatility index for more than one session";
  } else if (!c.missing.empty()) {
    record.decided_by = "data";
    record.reason = c.missing;
  } else if (record.contracts == 0) {
    record.decided_by = "sizing." + c.size_bound_by;
    record.reason = "the size comes to less than one spread";
  } else {
    record.action = DecisionAction::enter;
    record.decided_by = "rules";
    record.reason = "every rule holds";
  }
}

/// The volatility breaker after the last closed session: every close of the index known since its first one, in order,
/// a session without a close counting as one.
template <market_source Market>
[[nodiscard]] VixStress volatility_stress(const MarketView<Market>& view, const VixStressLimits& limits) {
  const std::span<const Bar> closes = view.vix();
  VixStress state{};
  if (closes.empty()) return state.after(not_known, limits);
  auto next = closes.begin();
  for (Date session = closes.front().date; session <= view.last_session();
       session = view.calendar().next_session(session)) {
    while (next != closes.end() && next->date < session) ++next;
    state = state.after(next != closes.end() && next->date == session ? next->close : not_known, limits);
  }
  return state;
}

/// Measures and judges one announcement at one view; `fill_session` is the session an order would trade in.
template <market_source Market, policy_for<Candidate> Rules>
[[nodiscard]] DecisionRecord decide(const MarketView<Market>& view, std::string_view symbol,
                                    const EarningsConsensus& report, Date fill_session,
                                    const StrategySettings& settings, const Rules& rules,
                                    const DecisionContext& context) {
  DecisionRecord record{.at = view.as_of(), .fill_session = fill_session};
  record.candidate = evaluate(view, symbol, report, fill_session, settings, context);
  judge(record, rules, context.vix);
  return record;
}

}  // namespace alaris::inline v0
