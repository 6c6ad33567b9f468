// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string_view>
#include <type_traits>

#include "policy/trade.hpp"
#include "support/catch.hpp"

using namespace alaris;
using alaris::test::EveryRule;
using alaris::test::Trade;
using alaris::test::unknown;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
static_assert(std::is_empty_v<EveryRule> && policy_for<EveryRule, Trade>);
static_assert(EveryRule::size == 46);

struct Row {
  std::string_view name, code;
  Relation required;
  double observed, limit;
  bool applies;
};
/// Worked out by hand from the fields of Trade and the manual's defaults.
constexpr Row rows[] = {
    {"quality.earnings_date", "DTqc004A", Relation::at_least, 2, 2, true},
    {"quality.earnings_session", "DTqc004A", Relation::at_least, 1, 1, true},
    {"quality.score", "", Relation::at_least, 0.96875, 0.90, true},
    {"quality.spot_move", "DTqc001A", Relation::at_most, 0.03125, 0.10, true},
    {"quality.spot_confirmed", "DTqc001A", Relation::at_most, 0.00390625, 0.01, true},
    {"quality.parity", "DTqc002A", Relation::at_most, 0.0078125, 0.02, true},
    {"quality.legs", "", Relation::at_most, 0, 0, true},
    {"quality.volume", "DTqc003A", Relation::at_most, 2, 10, true},
    {"signal.iv_rv", "", Relation::at_least, 2, 1.25, true},
    {"signal.term_slope", "", Relation::at_most, -0.008, -0.00406, true},
    {"signal.underlying_volume", "", Relation::at_least, 4e6, 1.5e6, true},
    {"signal.days_to_event_min", "", Relation::at_least, 3, 0, true},
    {"signal.days_to_event_max", "", Relation::at_most, 3, 14, true},
    {"cost.survival", "STCS006A", Relation::above, (0.5 - 0.02) / 0.25, 1.20, true},
    {"cost.expected_pnl", "STCS006A", Relation::above, 15, 0, true},
    {"gamma.net_delta", "STHD003A", Relation::below, 0.03125, 0.10, true},
    {"gamma.event_loss", "STHD003A", Relation::at_most, 500 / 131072.0, 0.01, true},
    {"gamma.delta_after_event", "STHD003A", Relation::at_most, 0.25, infinity, false},
    {"liquidity.volume_share", "STCS008A", Relation::below, 0.0078125, 0.05, true},
    {"liquidity.open_interest_share", "STCS008A", Relation::below, 0.00390625, 0.02, true},
    {"liquidity.displayed_size", "STCS008A", Relation::at_most, 0.25, 1, true},
    {"assignment.probability", "", Relation::at_most, 0.015625, 0.25, true},
    {"assignment.cost", "", Relation::at_most, 128 / 131072.0, 0.0025, true},
    {"assignment.ex_dividend", "", Relation::at_most, 0, 0, true},
    {"assignment.pin", "", Relation::above, 0.03125, 0.01, true},
    {"contract.borrow", "", Relation::at_most, 0.015625, 0.05, true},
    {"contract.hard_to_borrow", "DTqc002A", Relation::at_most, 0, 0, true},
    {"contract.standard", "", Relation::at_most, 0, 0, true},
    {"news.quiet", "", Relation::at_most, 0, 0, true},
    {"limit.contracts", "", Relation::at_most, 2, 10, true},
    {"limit.notional", "", Relation::at_most, 1024, 25'000, true},
    {"limit.assignment_notional", "", Relation::at_most, 20'000, 131'072, true},
    {"limit.what_if_margin", "", Relation::at_least, 60'000, 0, true},
    {"limit.position_nav", "", Relation::at_most, 0.0078125, 0.05, true},
    {"limit.sector_nav", "", Relation::at_most, 0.03125, 0.15, true},
    {"limit.event_night_nav", "", Relation::at_most, 0.015625, 0.10, true},
    {"limit.event_night_loss", "", Relation::at_most, 2304, 0.05 * 131'072, true},
    {"limit.stress_loss", "", Relation::at_most, 0.015625, 0.03, true},
    {"limit.daily_loss", "", Relation::at_most, 256, 15'000, true},
    {"limit.cash_reserve", "", Relation::at_least, 0.5, 0.20, true},
    {"limit.open_spreads", "", Relation::at_most, 3, 8, true},
    {"limit.new_per_day", "", Relation::at_most, 2, 5, true},
    {"order.model_collar", "", Relation::at_most, 0.125, 0.40625, true},
    {"order.natural_collar", "", Relation::at_most, 0.0625, 0.40625, true},
    {"order.duplicate", "", Relation::at_most, 0, 0, true},
    {"order.rate", "", Relation::at_most, 4, 30, true},
};
static_assert(std::size(rows) == EveryRule::size);

/// The finding of one rule.
template <class P>
Finding seen(const P& policy, const Trade& trade) {
  return assess(policy, trade).findings[0];
}
template <class P>
bool is_unknown(const P& policy, const Trade& trade) {
  return !admits(policy, trade) && seen(policy, trade).outcome() == Outcome::unknown;
}

}  // namespace

TEST_CASE("every rule measures what the operating manual says against the manual's default", "[policy]") {
  const Trade trade;
  const auto verdict = assess(EveryRule{}, trade);
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    const Finding& f = verdict.findings[i];
    CAPTURE(rows[i].name);
    CHECK(f.rule->name == rows[i].name);
    CHECK(f.rule->code == rows[i].code);
    CHECK(f.rule->required == rows[i].required);
    CHECK(f.seen.observed == rows[i].observed);
    CHECK(f.seen.limit == rows[i].limit);
    CHECK(f.seen.applies == rows[i].applies);
    CHECK(f.holds());
  }
  CHECK(verdict.accepted);
  CHECK(admits(EveryRule{}, trade));
}

TEST_CASE("no two rules share a name and every rule says what it measures in which unit", "[policy]") {
  const auto verdict = assess(EveryRule{}, Trade{});
  for (const Finding& a : verdict.findings) {
    CHECK(std::count_if(verdict.findings.begin(), verdict.findings.end(),
                        [&](const Finding& b) { return a.rule->name == b.rule->name; }) == 1);
    CHECK(a.rule->name.find('.') != std::string_view::npos);
    CHECK_FALSE(a.rule->title.empty());
    CHECK_FALSE(a.rule->unit.empty());
  }
}

TEST_CASE("strict and inclusive limits differ exactly at the limit and the unknown satisfies neither", "[policy]") {
  const Measurement at{.observed = 2.0, .limit = 2.0}, over{.observed = 2.5, .limit = 2.0},
      under{.observed = 1.5, .limit = 2.0}, none{.observed = unknown, .limit = 2.0},
      open{.observed = 2.0, .limit = unknown};
  CHECK(satisfied(Relation::at_most, at));
  CHECK(satisfied(Relation::at_least, at));
  CHECK_FALSE(satisfied(Relation::below, at));
  CHECK_FALSE(satisfied(Relation::above, at));
  CHECK(satisfied(Relation::at_most, under));
  CHECK_FALSE(satisfied(Relation::at_most, over));
  CHECK(satisfied(Relation::below, under));
  CHECK_FALSE(satisfied(Relation::below, over));
  CHECK(satisfied(Relation::at_least, over));
  CHECK_FALSE(satisfied(Relation::at_least, under));
  CHECK(satisfied(Relation::above, over));
  CHECK_FALSE(satisfied(Relation::above, under));
  for (const Relation relation : {Relation::at_most, Relation::at_least, Relation::below, Relation::above}) {
    CHECK_FALSE(satisfied(relation, none));
    CHECK_FALSE(satisfied(relation, open));
    CHECK(satisfied(relation, not_applicable(1.0)));
  }
}

TEST_CASE("a finding names its outcome and its margin on the good side", "[policy]") {
  constexpr RuleInfo upper{"a.b", "", "t", "1", Relation::at_most}, below{"a.b", "", "t", "1", Relation::below},
      lower{"a.b", "", "t", "1", Relation::at_least}, above{"a.b", "", "t", "1", Relation::above};
  const Measurement seen{.observed = 3.0, .limit = 5.0};
  CHECK(Finding{&upper, seen}.margin() == 2.0);
  CHECK(Finding{&below, seen}.margin() == 2.0);
  CHECK(Finding{&lower, seen}.margin() == -2.0);
  CHECK(Finding{&above, seen}.margin() == -2.0);
  CHECK(Finding{&upper, seen}.outcome() == Outcome::pass);
  CHECK(Finding{&lower, seen}.outcome() == Outcome::fail);
  CHECK(Finding{&lower, not_applicable(5.0)}.outcome() == Outcome::not_applicable);
  CHECK(Finding{&lower, {unknown, 5.0}}.outcome() == Outcome::unknown);
  CHECK(Finding{&lower, {5.0, unknown}}.outcome() == Outcome::unknown);
  CHECK(Finding{&lower, seen}.refuses());
  CHECK_FALSE(Finding{&upper, seen}.refuses());
  CHECK_FALSE(Finding{&lower, seen, true}.refuses());
  CHECK(symbol(Relation::at_most) == "<=");
  CHECK(symbol(Relation::at_least) == ">=");
  CHECK(symbol(Relation::below) == "<");
  CHECK(symbol(Relation::above) == ">");
  CHECK(name(Outcome::pass) == "pass");
  CHECK(name(Outcome::fail) == "fail");
  CHECK(name(Outcome::unknown) == "unknown");
  CHECK(name(Outcome::not_applicable) == "not_applicable");
}

TEST_CASE("a divisor of zero or less is unknown and never turns a refusal round", "[policy]") {
  for (const double nothing : {0.0, -1.0, unknown}) {
    CHECK(is_unknown(SignalIvRv<>{}, {.rv30 = nothing}));
    CHECK(is_unknown(SignalSurvivesCost<>{}, {.rv30 = nothing}));
    CHECK(is_unknown(SignalSurvivesCost<>{}, {.vega30 = nothing}));
    CHECK(is_unknown(EventLoss<>{}, {.nav = nothing}));
    CHECK(is_unknown(VolumeShare<>{}, {.least_leg_volume = nothing}));
    CHECK(is_unknown(OpenInterestShare<>{}, {.least_leg_open_interest = nothing}));
    CHECK(is_unknown(DisplayedSize{}, {.least_displayed_size = nothing}));
    CHECK(is_unknown(AssignmentCost<>{}, {.nav = nothing}));
    CHECK(is_unknown(MaxPositionShare<>{}, {.nav = nothing}));
    CHECK(is_unknown(MaxSectorShare<>{}, {.nav = nothing}));
    CHECK(is_unknown(MaxEventNightShare<>{}, {.nav = nothing}));
    CHECK(is_unknown(StressLoss<>{}, {.nav = nothing}));
    CHECK(is_unknown(CashReserve<>{}, {.nav = nothing}));
    CHECK(is_unknown(VolumeSpike<>{}, {.volume_ratio = nothing}));
    CHECK_FALSE(admits(EventNightLoss<>{}, Trade{.nav = nothing}));
    // an order for nothing has no share of anything
    CHECK(is_unknown(VolumeShare<>{}, {.contracts = nothing}));
    CHECK(is_unknown(OpenInterestShare<>{}, {.contracts = nothing}));
    CHECK(is_unknown(DisplayedSize{}, {.contracts = nothing}));
    CHECK(is_unknown(MaxContracts<>{}, {.contracts = nothing}));
  }
  CHECK(admits(MaxContracts<>{}, Trade{.contracts = 1}));
}

TEST_CASE("net delta is limited on either side", "[policy]") {
  for (const double side : {1.0, -1.0}) {
    CHECK(admits(NetDelta<>{}, Trade{.net_delta = side * 0.0999}));
    CHECK_FALSE(admits(NetDelta<>{}, Trade{.net_delta = side * 0.1001}));
  }
}

TEST_CASE("the delta after the event is judged only where a limit is set", "[policy]") {
  CHECK(admits(DeltaAfterEvent<>{}, Trade{.delta_after_event = unknown}));
  const GammaLimits limits{.max_abs_delta_after_event = 0.25};
  CHECK(admits(DeltaAfterEvent{limits}, Trade{}));
  CHECK_FALSE(admits(DeltaAfterEvent{limits}, Trade{.delta_after_event = 0.26}));
  CHECK_FALSE(admits(DeltaAfterEvent{limits}, Trade{.delta_after_event = unknown}));
}

TEST_CASE("one source against the date outweighs any number for it", "[policy]") {
  CHECK_FALSE(admits(EarningsDateAgreement<>{}, Trade{.agreeing_sources = 5, .disagreeing_sources = 1}));
  CHECK(seen(EarningsDateAgreement<>{}, {.agreeing_sources = 5, .disagreeing_sources = 1}).seen.observed == 0.0);
  CHECK(is_unknown(EarningsDateAgreement<>{}, {.disagreeing_sources = unknown}));
  CHECK(is_unknown(EarningsDateAgreement<>{}, {.disagreeing_sources = -1}));
  CHECK_FALSE(admits(EarningsSessionKnown{}, Trade{.tradeable_session = false}));
}

TEST_CASE("after a scheduled event the stock may move by the wider limit", "[policy]") {
  CHECK(seen(SpotMove<>{}, {.spot_move_limit = 0.24}).seen.limit == 0.24);
  CHECK(seen(SpotMove<>{}, {.spot_move_limit = 0.05}).seen.limit == 0.10);
}

TEST_CASE("share volume is judged both ways", "[policy]") {
  CHECK(admits(VolumeSpike<>{}, Trade{.volume_ratio = 10.0}));
  CHECK_FALSE(admits(VolumeSpike<>{}, Trade{.volume_ratio = 10.1}));
  CHECK_FALSE(admits(VolumeSpike<>{}, Trade{.volume_ratio = 0.099}));
  CHECK(admits(VolumeSpike<>{}, Trade{.volume_ratio = 0.125}));
  CHECK(seen(VolumeSpike<>{}, {.volume_ratio = 1.0}).seen.observed == 1.0);
}

TEST_CASE("a gain earlier in the day buys no further risk over the night", "[policy]") {
  CHECK(seen(EventNightLoss<>{}, {.loss_today = -5000}).seen.observed == 2048.0);
  CHECK(seen(EventNightLoss<>{}, {.loss_today = 0}).seen.observed == 2048.0);
  CHECK(is_unknown(EventNightLoss<>{}, {.loss_today = unknown}));
  CHECK(seen(EventNightLoss<>{}, {.nav = 1e6}).seen.limit == 15'000.0);  // 5 % would be 50 000
}

TEST_CASE("pinning concerns only a short that is held into its last session", "[policy]") {
  CHECK_FALSE(admits(PinRisk<>{}, Trade{.pin_distance = 0.01, .sessions_to_spare = 0}));
  CHECK(admits(PinRisk<>{}, Trade{.pin_distance = 0.0101, .sessions_to_spare = 0}));
  CHECK(admits(PinRisk<>{}, Trade{.pin_distance = 0.0, .sessions_to_spare = 1}));
  CHECK(seen(PinRisk<>{}, {.sessions_to_spare = 1}).outcome() == Outcome::not_applicable);
  CHECK(is_unknown(PinRisk<>{}, {.sessions_to_spare = unknown}));
  CHECK(is_unknown(PinRisk<>{}, {.pin_distance = unknown}));
}

TEST_CASE("dear stock forbids calls and has no say about puts", "[policy]") {
  CHECK_FALSE(admits(Borrow<>{}, Trade{.borrow_rate = 0.0501}));
  CHECK(admits(Borrow<>{}, Trade{.borrow_rate = 0.5, .holds_calls = false}));
  CHECK(is_unknown(Borrow<>{}, {.borrow_rate = unknown}));
}

TEST_CASE("one adjusted leg or one pending change or one other event refuses", "[policy]") {
  CHECK_FALSE(admits(StandardContract{}, Trade{.adjusted_legs = 1}));
  CHECK_FALSE(admits(StandardContract{}, Trade{.pending_contract_changes = 1}));
  CHECK(is_unknown(StandardContract{}, {.pending_contract_changes = unknown}));
  CHECK_FALSE(admits(QuietNews{}, Trade{.results_in_prior_sessions = 1}));
  CHECK_FALSE(admits(QuietNews{}, Trade{.other_events_before_back = 1}));
  CHECK(is_unknown(QuietNews{}, {.results_in_prior_sessions = unknown}));
  CHECK_FALSE(admits(ExDividend{}, Trade{.dividends_owed = 0.01}));
}

TEST_CASE("a limit at the edge of the collar is accepted and one beyond it is not", "[policy]") {
  CHECK(collar_edge(1.0, 0.5) == 0.75);  // anchored at the lower of the two prices, a quarter of the value beyond
  CHECK(collar_edge(1.0, 2.0) == 1.25);
  CHECK(collar_edge(-1.0, 0.0) == -0.75);
  CHECK(collar_edge(0.25, 1.0, OrderLimits{.collar_share = 0.25, .collar_least = 0.125}) == 0.375);
  const double edge = collar_edge(-0.6, -0.3);  // the sum rounds up
  CHECK(edge - -0.6 <= 0.25 * 0.6);
  CHECK(edge > -0.4500001);
}

TEST_CASE("the price collar is a quarter of the model value and at least ten cents on either side", "[policy]") {
  CHECK(admits(PriceCollar<>{}, Trade{.limit = 1.25, .model_value = 1.0, .natural = 1.0}));
  CHECK_FALSE(admits(PriceCollar<>{}, Trade{.limit = 1.26, .model_value = 1.0, .natural = 1.2}));
  CHECK_FALSE(admits(PriceCollar<>{}, Trade{.limit = 1.25, .model_value = 1.0, .natural = 0.99}));
  CHECK(seen(ModelCollar<>{}, {.model_value = 0.2}).seen.limit == 0.10);
  CHECK(seen(ModelCollar<>{}, {.model_value = 0.0}).seen.limit == 0.10);
  CHECK(seen(ModelCollar<>{}, {.model_value = -4.0}).seen.limit == 1.0);  // received: sold at least for 3
  CHECK(admits(PriceCollar<>{}, Trade{.limit = -3.0, .model_value = -4.0, .natural = -3.5}));
  CHECK_FALSE(admits(PriceCollar<>{}, Trade{.limit = -2.9, .model_value = -4.0, .natural = -3.5}));
  CHECK(is_unknown(ModelCollar<>{}, {.model_value = unknown}));
  CHECK(is_unknown(NaturalCollar<>{}, {.natural = unknown}));
  CHECK_FALSE(admits(DuplicateIntent{}, Trade{.same_intent_alive = 1}));
  CHECK_FALSE(admits(OrderRate<>{}, Trade{.orders_last_minute = 31}));
  CHECK(admits(AlwaysRules<>{}, Trade{}));
}

TEST_CASE("the liquidity proposal is the largest size that passes", "[policy]") {
  // strictly below 5 % of 200 and 2 % of 10 000: 9
  CHECK(largest_liquid_size(Trade{.least_leg_volume = 200, .least_leg_open_interest = 10'000}) == 9);
  CHECK(largest_liquid_size(
            Trade{.least_leg_volume = 1e6, .least_leg_open_interest = 400, .least_displayed_size = 3}) == 7);
  CHECK(largest_liquid_size(Trade{.least_leg_volume = 1e6, .least_leg_open_interest = 50, .least_displayed_size = 3}) ==
        3);
  CHECK(largest_liquid_size(Trade{.least_leg_volume = unknown}) == 0);
  CHECK(largest_liquid_size(Trade{.least_leg_volume = 20}) == 0);
  CHECK(largest_liquid_size(Trade{.least_leg_volume = 21, .least_leg_open_interest = 1000}) == 1);
}

TEST_CASE("a limit given at run time judges like one fixed in the type", "[policy]") {
  const PortfolioLimits five{.max_contracts = 5};
  CHECK(admits(MaxContracts{five}, Trade{.contracts = 5}));
  CHECK_FALSE(admits(MaxContracts{five}, Trade{.contracts = 6}));
  static_assert(sizeof(MaxContracts<>) == 1 && sizeof(MaxContracts<PortfolioLimits>) == sizeof(PortfolioLimits));
  const EveryRule fixed;
  static_assert(std::is_empty_v<decltype(fixed)>);
}

TEST_CASE("a ratio is known for every positive divisor and a rule with no say shows zero", "[policy]") {
  CHECK(detail::ratio_of(1e-9, 1e-12) == 1e-9 / 1e-12);
  CHECK(detail::ratio_of(0.0, 1e-300) == 0.0);
  CHECK(detail::ratio_of(1.0, 0.0) != detail::ratio_of(1.0, 0.0));
  CHECK(not_applicable(3.0).observed == 0.0);
}
