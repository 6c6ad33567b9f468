// SPDX-License-Identifier: Apache-2.0
#pragma once
// What must be remembered of a trade that was entered, so that a process that was killed knows what it holds, why, and
// when it is to be closed. As fields of text it goes into the journal before the entry's intent.

#include <charconv>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <alaris/market/earnings.hpp>
#include <alaris/strategy/candidate.hpp>
#include <alaris/strategy/decision.hpp>

namespace alaris::inline v0 {

/// One announcement traded once: the same decision gives the same name, and its orders are named after it.
[[nodiscard]] inline std::string trade_name(const std::string& symbol, Date event_date) {
  return symbol + "-" + to_string(event_date);
}

struct TradePlan {
  std::string symbol{};
  Date event_date{};
  AnnouncementSession announced = AnnouncementSession::unknown;
  EventSessions event{};
  CalendarSpread spread{};
  int contracts = 0;                   // of the entry order
  Date entered{};                      // session of the entry order
  double capital_at_risk = 0.0;        // dollars per spread
  double most_to_pay = 0.0;            // dollars per spread and share: where the edge no longer survives its costs
  StressLosses stress{};               // dollars per spread
  double round_trip_cost = not_known;  // dollars per spread: the budget of fees and crossing, both ways

  [[nodiscard]] std::string name() const { return trade_name(symbol, event_date); }
  [[nodiscard]] std::string entry_id() const { return name() + "-entry"; }
};

/// Precondition: the record says enter.
[[nodiscard]] inline TradePlan plan_of(const DecisionRecord& record) {
  const Candidate& c = record.candidate;
  return {.symbol = c.symbol,
          .event_date = c.event_date,
          .announced = c.session,
          .event = *c.event,
          .spread = *c.spread,
          .contracts = record.contracts,
          .entered = record.fill_session,
          .capital_at_risk = c.capital_at_risk,
          .most_to_pay = entry_limit(c),
          .stress = c.stress,
          .round_trip_cost = c.round_trip_cost};
}

/// A plan with so many spreads, as the rules of the next entry see it. Nobody keeps its outcomes: all of it may go.
[[nodiscard]] inline HeldSpread held_spread(const TradePlan& plan, int contracts) {
  HeldSpread held{.symbol = plan.symbol,
                  .last_close_before = plan.event.last_close_before,
                  .first_close_after = plan.event.first_close_after,
                  .contracts = contracts,
                  .capital_at_risk = contracts * plan.capital_at_risk,
                  .assignment_notional = plan.spread.strike.dollars() * contract_multiplier * contracts,
                  .stress = plan.stress,
                  .outcomes = {}};
  for (double& loss : *held.stress) loss *= contracts;
  return held;
}

namespace detail {

/// The shortest text that reads back as the same number.
[[nodiscard]] inline std::string exact_text(double value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}
template <class Number>
[[nodiscard]] std::optional<Number> number_in(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}
inline constexpr std::size_t plan_fields = 12 + stress_scenarios;  // of version 1; version 2 adds the budget of cost

}  // namespace detail

/// symbol, event date, BMO or AMC, structure (0 call, 1 put, 2 double), front, back, strike in thousandths, contracts,
/// entry session, capital at risk, most to pay, version, then the losses of the stress set and the budget of cost.
[[nodiscard]] inline std::vector<std::string> fields_of(const TradePlan& plan) {
  std::vector<std::string> fields{plan.symbol,
                                  to_string(plan.event_date),
                                  std::string(alaris::name(plan.announced)),
                                  std::to_string(static_cast<int>(plan.spread.structure)),
                                  to_string(plan.spread.front),
                                  to_string(plan.spread.back),
                                  std::to_string(plan.spread.strike.thousandths()),
                                  std::to_string(plan.contracts),
                                  to_string(plan.entered),
                                  detail::exact_text(plan.capital_at_risk),
                                  detail::exact_text(plan.most_to_pay),
                                  "2"};
  for (const double loss : plan.stress) fields.push_back(detail::exact_text(loss));
  fields.push_back(detail::exact_text(plan.round_trip_cost));
  return fields;
}

/// Nothing when the fields are not those of a plan. A plan of version 1 has no budget of cost.
[[nodiscard]] inline std::optional<TradePlan> plan_in(std::span<const std::string> fields,
                                                      const TradingCalendar& calendar) {
  if (fields.size() < detail::plan_fields) return std::nullopt;
  const std::size_t version = fields[11] == "2" ? 2 : fields[11] == "1" ? 1 : 0;
  if (version == 0 || fields.size() != detail::plan_fields + version - 1) return std::nullopt;
  TradePlan plan{.symbol = fields[0]};
  const auto event = parse_date(fields[1]), front = parse_date(fields[4]), back = parse_date(fields[5]);
  const auto entered = parse_date(fields[8]);
  const auto structure = detail::number_in<int>(fields[3]), contracts = detail::number_in<int>(fields[7]);
  const auto strike = detail::number_in<std::int32_t>(fields[6]);
  const auto risk = detail::number_in<double>(fields[9]), most = detail::number_in<double>(fields[10]);
  if (!event || !front || !back || !entered || !structure || *structure < 0 || *structure > 2 || !contracts ||
      !strike || !risk || !most)
    return std::nullopt;
  plan.event_date = *event;
  plan.announced = fields[2] == "BMO" ? AnnouncementSession::before_open : AnnouncementSession::after_close;
  const auto sessions = sessions_around(*event, plan.announced, calendar);
  if (!sessions) return std::nullopt;
  plan.event = *sessions;
  plan.spread = {*front, *back, Strike::from_thousandths(*strike), static_cast<SpreadStructure>(*structure)};
  plan.contracts = *contracts, plan.entered = *entered, plan.capital_at_risk = *risk, plan.most_to_pay = *most;
  for (std::size_t i = 0; i < stress_scenarios; ++i) {
    const auto loss = detail::number_in<double>(fields[12 + i]);
    if (!loss) return std::nullopt;
    plan.stress[i] = *loss;
  }
  if (version == 1) return plan;
  const auto budget = detail::number_in<double>(fields.back());
  if (!budget) return std::nullopt;
  plan.round_trip_cost = *budget;
  return plan;
}

}  // namespace alaris::inline v0
