// SPDX-License-Identifier: Apache-2.0
// Laws that hold for every candidate, drawn at random from a fixed seed. ALARIS_LAW_SCALE divides the number of cases
// where the program is slowed down by an instrument; the plain build draws the full number.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "policy/trade.hpp"
#include "support/catch.hpp"

using namespace alaris;
using alaris::test::EveryRule;
using alaris::test::Trade;
using alaris::test::unknown;

#if defined(__SANITIZE_ADDRESS__) && !defined(ALARIS_LAW_SCALE)
#define ALARIS_LAW_SCALE 10
#elif !defined(ALARIS_LAW_SCALE)
#define ALARIS_LAW_SCALE 1
#endif

namespace {

/// SplitMix64 (Steele, Lea, Flood, 2014): the same draws on every compiler.
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  int below(int n) { return static_cast<int>(next() % static_cast<std::uint64_t>(n)); }
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

 private:
  std::uint64_t state_;
};

using Field = double Trade::*;
constexpr Field fields[] = {&Trade::iv30,
                            &Trade::rv30,
                            &Trade::term_slope_per_day,
                            &Trade::underlying_volume,
                            &Trade::days_to_event,
                            &Trade::agreeing_sources,
                            &Trade::disagreeing_sources,
                            &Trade::vega30,
                            &Trade::round_trip_cost,
                            &Trade::expected_pnl,
                            &Trade::net_delta,
                            &Trade::event_loss,
                            &Trade::contracts,
                            &Trade::least_leg_volume,
                            &Trade::least_leg_open_interest,
                            &Trade::assignment_probability,
                            &Trade::assignment_cost,
                            &Trade::dividends_owed,
                            &Trade::pin_distance,
                            &Trade::sessions_to_spare,
                            &Trade::borrow_rate,
                            &Trade::hard_to_borrow,
                            &Trade::adjusted_legs,
                            &Trade::pending_contract_changes,
                            &Trade::results_in_prior_sessions,
                            &Trade::other_events_before_back,
                            &Trade::spot_move,
                            &Trade::spot_move_limit,
                            &Trade::spot_disagreement,
                            &Trade::delta_after_event,
                            &Trade::least_displayed_size,
                            &Trade::volume_ratio,
                            &Trade::quality_score,
                            &Trade::worst_leg_parity,
                            &Trade::failed_leg_checks,
                            &Trade::nav,
                            &Trade::position_at_risk,
                            &Trade::event_night_at_risk,
                            &Trade::sector_at_risk,
                            &Trade::stress_loss,
                            &Trade::cash_after,
                            &Trade::loss_today,
                            &Trade::assignment_notional,
                            &Trade::excess_liquidity,
                            &Trade::what_if_excess_liquidity,
                            &Trade::open_spreads_after,
                            &Trade::new_today_after,
                            &Trade::limit,
                            &Trade::model_value,
                            &Trade::natural,
                            &Trade::same_intent_alive,
                            &Trade::orders_last_minute};

/// A sound trade with up to three fields moved across their limits, zeroed, turned round or made unknown.
Trade any_trade(Draws& draws) {
  Trade t;
  for (int changes = draws.below(4); changes > 0; --changes) {
    double& field = t.*fields[static_cast<std::size_t>(draws.below(static_cast<int>(std::size(fields))))];
    switch (draws.below(8)) {
      case 0:
        field = unknown;
        break;
      case 1:
        field = 0.0;
        break;
      case 2:
        field = -field;
        break;
      case 3:
        field = std::numeric_limits<double>::infinity();
        break;
      default:
        field *= 8.0 * draws.uniform() * draws.uniform();
    }
  }
  t.tradeable_session = draws.below(16) != 0;
  t.holds_calls = draws.below(2) != 0;
  return t;
}

using Nested = any_of<all_of<CostSurvival<>, GammaRisk<>>, at_least_of<2, Liquidity<>, MaxNotional<>, CashReserve<>>>;
using Some = all_of<MaxNotional<>, CostSurvival<>, any_of<OpenInterestShare<>, DisplayedSize>, CashReserve<>>;
using SomeReversed = all_of<CashReserve<>, any_of<DisplayedSize, OpenInterestShare<>>, CostSurvival<>, MaxNotional<>>;

template <class P>
bool agrees(const P& policy, const Trade& t) {
  const auto verdict = assess(policy, t);
  return verdict.accepted == admits(policy, t) && (verdict.first_refusal() == nullptr) == verdict.accepted;
}

}  // namespace

TEST_CASE("the short answer and the full answer never disagree", "[policy][laws]") {
  Draws draws(1);
  int accepted = 0, wrong = 0;
  constexpr int cases = 1'000'000 / ALARIS_LAW_SCALE;
  for (int i = 0; i < cases; ++i) {
    const Trade t = any_trade(draws);
    wrong += !agrees(EveryRule{}, t) + !agrees(Nested{}, t) + !agrees(Some{}, t);
    wrong += admits(Some{}, t) != admits(SomeReversed{}, t);  // independent rules in any order
    accepted += admits(EveryRule{}, t);
  }
  CHECK(wrong == 0);
  CHECK(accepted > cases / 20);  // both answers are common
  CHECK(accepted < cases / 4 * 3);
}

TEST_CASE("a tighter limit admits nothing that a wider one refuses", "[policy][laws]") {
  Draws draws(2);
  int wrong = 0, narrower = 0;
  for (int i = 0; i < 1'000'000 / ALARIS_LAW_SCALE; ++i) {
    const Trade t = any_trade(draws);
    const double tight = 0.2 + 0.8 * draws.uniform();
    using P = DefaultPortfolioLimits;
    const PortfolioLimits wide{}, narrow{.max_contracts = P::max_contracts * tight,
                                         .max_notional = P::max_notional * tight,
                                         .max_daily_loss = P::max_daily_loss * tight,
                                         .min_cash_fraction = P::min_cash_fraction / tight,
                                         .max_position_nav = P::max_position_nav * tight,
                                         .max_event_night_nav = P::max_event_night_nav * tight,
                                         .max_event_night_loss_nav = P::max_event_night_loss_nav * tight,
                                         .max_open_spreads = P::max_open_spreads * tight,
                                         .max_new_per_day = P::max_new_per_day * tight,
                                         .max_sector_nav = P::max_sector_nav * tight,
                                         .max_stress_loss_nav = P::max_stress_loss_nav * tight,
                                         .max_assignment_multiple = P::max_assignment_multiple * tight,
                                         .min_what_if_excess_liquidity = 1e5 * (1.0 - tight)};
    const auto rules = [](const PortfolioLimits& l) {
      return all_of{MaxContracts{l},     MaxNotional{l},    MaxAssignmentNotional{l}, WhatIfMargin{l},
                    MaxPositionShare{l}, MaxSectorShare{l}, MaxEventNightShare{l},    EventNightLoss{l},
                    StressLoss{l},       MaxDailyLoss{l},   CashReserve{l},           MaxOpenSpreads{l},
                    MaxNewPerDay{l}};
    };
    const CostLimits cost{}, dearer{.min_net_iv_rv = 1.2 / tight, .min_net_edge = 10.0 / tight};
    const LiquidityLimits deep{}, thin{.max_volume_share = 0.05 * tight, .max_open_interest_share = 0.02 * tight};
    const auto liquid = [](const LiquidityLimits& l) { return all_of{VolumeShare{l}, any_of{OpenInterestShare{l}}}; };
    const auto paid = [](const CostLimits& l) { return all_of{SignalSurvivesCost{l}, EdgeSurvivesCost{l}}; };
    wrong += admits(rules(narrow), t) && !admits(rules(wide), t);
    wrong += admits(liquid(thin), t) && !admits(liquid(deep), t);
    wrong += admits(paid(dearer), t) && !admits(paid(cost), t);
    narrower += admits(rules(wide), t) && !admits(rules(narrow), t);
  }
  CHECK(wrong == 0);
  CHECK(narrower > 0);
}

namespace {
/// Every rule, the optional limit set as well.
using EveryLimit = all_of<EveryRule, DeltaAfterEvent<GammaLimits>>;
/// A field that says "none" when it is unknown: no wider limit after an event.
bool optional(Field field) {
  return field == &Trade::spot_move_limit;
}
}  // namespace

TEST_CASE("an unknown value in any field that a rule reads refuses", "[policy][laws]") {
  Draws draws(3);
  const EveryLimit rules{EveryRule{}, DeltaAfterEvent{GammaLimits{.max_abs_delta_after_event = 0.5}}};
  int wrong = 0;
  for (int i = 0; i < 1'000'000 / ALARIS_LAW_SCALE; ++i) {
    Trade t;
    const Field field = fields[static_cast<std::size_t>(draws.below(static_cast<int>(std::size(fields))))];
    // the other of two alternatives is unknown too: it would excuse this one
    if (field == &Trade::least_displayed_size) t.least_leg_open_interest = unknown;
    if (field == &Trade::least_leg_open_interest) t.least_displayed_size = unknown;
    if (field == &Trade::spot_disagreement) t.spot_move = unknown;
    if (field == &Trade::spot_move) t.spot_disagreement = unknown;
    t.holds_calls = true;
    if (!admits(rules, t)) ++wrong;
    t.*field = unknown;
    wrong += admits(rules, t) != optional(field);
    wrong += assess(rules, t).accepted != optional(field);
  }
  CHECK(wrong == 0);
}

TEST_CASE("a net asset value without end or below nothing is not known and refuses", "[policy][laws]") {
  constexpr double endless = std::numeric_limits<double>::infinity();
  for (const double nav : {endless, -endless, 0.0, -1.0, unknown}) {
    const Trade t{.nav = nav};
    CHECK_FALSE(admits(EventLoss<>{}, t));
    CHECK_FALSE(admits(AssignmentCost<>{}, t));
    CHECK_FALSE(admits(MaxPositionShare<>{}, t));
    CHECK_FALSE(admits(MaxSectorShare<>{}, t));
    CHECK_FALSE(admits(MaxEventNightShare<>{}, t));
    CHECK_FALSE(admits(EventNightLoss<>{}, t));
    CHECK_FALSE(admits(StressLoss<>{}, t));
    CHECK_FALSE(admits(CashReserve<>{}, t));
  }
}

TEST_CASE("a limit of any rule made tighter admits nothing more", "[policy][laws]") {
  Draws draws(9);
  int wrong = 0, narrower = 0;
  for (int i = 0; i < 1'000'000 / ALARIS_LAW_SCALE; ++i) {
    const Trade t = any_trade(draws);
    const double tight = 0.2 + 0.8 * draws.uniform();
    const auto compare = [&](const auto& wide, const auto& narrow) {
      const bool passes = admits(narrow, t), passed = admits(wide, t);
      wrong += passes && !passed;
      if (i % 64 < 6) wrong += any_policy<Trade>{narrow}.admits(t) != passes;  // every rule now and then: it allocates
      narrower += passed && !passes;
    };
    switch (i % 6) {
      case 0: {
        const auto rules = [](const GammaLimits& l) { return all_of{NetDelta{l}, EventLoss{l}, DeltaAfterEvent{l}}; };
        const double after = i % 4 == 0 ? std::numeric_limits<double>::infinity() : 0.5;
        compare(rules({.max_abs_delta_after_event = after}),
                rules({0.10 * tight, 0.01 * tight, std::min(after, 0.5) * tight}));
        break;
      }
      case 1: {
        const auto rules = [](const LegLimits& l) {
          return all_of{AssignmentProbability{l}, AssignmentCost{l}, PinRisk{l}, Borrow{l}};
        };
        compare(rules({}), rules({0.25 * tight, 0.0025 * tight, 0.01 / tight, 0.05 * tight}));
        break;
      }
      case 2: {
        const auto rules = [](const QualityLimits& l) {
          return all_of{any_of{SpotMove{l}, SpotConfirmed{l}}, PutCallParity{l}, VolumeSpike{l}, ChainScore{l}};
        };
        compare(rules({}), rules({.max_spot_move = 0.10 * tight,
                                  .max_parity_violation = 0.02 * tight,
                                  .max_volume_ratio = 10 * tight,
                                  .critical_score = 1.0 - 0.10 * tight,
                                  .max_spot_disagreement = 0.01 * tight}));
        break;
      }
      case 3: {
        const auto rules = [](const SignalLimits& l) {
          return all_of{
              at_least_of<2, SignalIvRv<SignalLimits>, InvertedTermStructure<SignalLimits>,
                          UnderlyingVolume<SignalLimits>>{SignalIvRv{l}, InvertedTermStructure{l}, UnderlyingVolume{l}},
              DaysToEventAtLeast{l}, DaysToEventAtMost{l}};
        };
        compare(rules({}), rules({1.25 / tight, -0.00406 / tight, 1.5e6 / tight, 2.0 - 2.0 * tight, 14 * tight}));
        break;
      }
      case 4: {
        const auto rules = [](const OrderLimits& l) {
          return all_of{ModelCollar{l}, NaturalCollar{l}, DuplicateIntent{}, OrderRate{l}};
        };
        compare(rules({}), rules({0.25 * tight, 0.10 * tight, 30 * tight}));
        break;
      }
      default:
        compare(EarningsDateAgreement{EarningsDateLimits{}}, EarningsDateAgreement{EarningsDateLimits{2 / tight}});
    }
  }
  CHECK(wrong == 0);
  CHECK(narrower > 1000 / ALARIS_LAW_SCALE);
}

namespace {

/// An account that trades by the rules: spreads held, orders working, each part-filled or cancelled as the market
/// likes.
struct Account {
  struct Working {
    int name, contracts;
    double per_contract;
  };
  static constexpr int names = 12;
  double nav = 400'000, cash = 400'000, realised_loss = 0;
  std::array<double, names> at_risk{};  // of filled contracts
  std::array<int, names> held{};
  std::vector<Working> working;
  int opened_today = 0;

  /// The candidate with this order and everything working filled.
  [[nodiscard]] Trade project(const Working& order) const {
    Trade t;
    std::array<double, names> risk = at_risk;
    double total = 0.0;
    int spreads = 0;
    for (const Working& w : working) risk[static_cast<std::size_t>(w.name)] += w.contracts * w.per_contract;
    risk[static_cast<std::size_t>(order.name)] += order.contracts * order.per_contract;
    for (const double r : risk) total += r, spreads += r > 0.0;
    double on_the_way = order.contracts * order.per_contract;
    for (const Working& w : working) on_the_way += w.contracts * w.per_contract;
    t.contracts = order.contracts;
    t.nav = nav;
    t.loss_today = realised_loss;
    t.position_at_risk = risk[static_cast<std::size_t>(order.name)];
    t.event_night_at_risk = t.sector_at_risk = t.stress_loss = total;  // one night, one sector, all of it lost
    t.cash_after = cash - on_the_way;
    t.open_spreads_after = spreads;
    t.new_today_after = opened_today + 1;
    return t;
  }
  [[nodiscard]] double total() const {
    double sum = 0.0;
    for (const double r : at_risk) sum += r;
    return sum;
  }
};

using AccountRules =
    all_of<MaxContracts<>, MaxNotional<>, MaxPositionShare<>, MaxSectorShare<>, MaxEventNightShare<>, EventNightLoss<>,
           StressLoss<PortfolioLimits>, MaxDailyLoss<>, CashReserve<>, MaxOpenSpreads<>, MaxNewPerDay<>>;

}  // namespace

TEST_CASE("no sequence of accepted orders and fills and cancels and moves breaches a limit", "[policy][laws]") {
  Draws draws(4);
  const AccountRules rules{MaxContracts<>{},
                           MaxNotional<>{},
                           MaxPositionShare<>{},
                           MaxSectorShare<>{},
                           MaxEventNightShare<>{},
                           EventNightLoss<>{},
                           StressLoss{PortfolioLimits{.max_stress_loss_nav = 0.12}},
                           MaxDailyLoss<>{},
                           CashReserve<>{},
                           MaxOpenSpreads<>{},
                           MaxNewPerDay<>{}};
  int breaches = 0, orders = 0, refused = 0, steps = 0;
  for (int run = 0; run < 10'000 / ALARIS_LAW_SCALE; ++run) {
    Account a;
    double nav_when_accepted = a.nav;  // the most that a share of NAV has allowed since the last fill of a day
    for (int step = 0; step < 100; ++step, ++steps) {
      switch (draws.below(8)) {
        case 0:
        case 1:
        case 2: {  // an order
          const Account::Working order{draws.below(Account::names), 1 + draws.below(14), 50 + 3000 * draws.uniform()};
          if (admits(rules, a.project(order))) {
            a.working.push_back(order);
            ++a.opened_today;
            ++orders;
            if (a.nav > nav_when_accepted || a.total() == 0.0) nav_when_accepted = a.nav;
          } else {
            ++refused;
          }
          break;
        }
        case 3:
        case 4:
        case 5:  // part of an order fills
          if (!a.working.empty()) {
            Account::Working& w = a.working[static_cast<std::size_t>(draws.below(static_cast<int>(a.working.size())))];
            const int filled = 1 + draws.below(w.contracts);
            const double paid = filled * w.per_contract;
            a.at_risk[static_cast<std::size_t>(w.name)] += paid;
            a.held[static_cast<std::size_t>(w.name)] += filled;
            a.cash -= paid;
            w.contracts -= filled;
            if (w.contracts == 0) {
              w = a.working.back();
              a.working.pop_back();
            }
          }
          break;
        case 6:  // an order is cancelled
          if (!a.working.empty()) a.working.pop_back();
          break;
        default: {  // the night: every position may lose all that is at risk, and a new day begins
          const double share = draws.uniform(), loss = share * a.total();
          const double before = a.nav;
          a.cash += (1.0 - share) * a.total();
          a.nav -= loss;
          const double allowed = std::min(15'000.0, 0.05 * nav_when_accepted);
          breaches += loss > allowed + 1e-6;
          breaches += a.nav > before;
          a.at_risk = {};
          a.held = {};
          a.working.clear();
          a.opened_today = 0;
          nav_when_accepted = a.nav;
          break;
        }
      }
      int spreads = 0;
      for (const double r : a.at_risk) {
        spreads += r > 0.0;
        breaches += r > 25'000.0 + 1e-6;
        breaches += r > 0.05 * nav_when_accepted + 1e-6;
      }
      breaches += spreads > 8;
      breaches += a.opened_today > 5;
      breaches += a.total() > 0.10 * nav_when_accepted + 1e-6;
      breaches += a.cash < 0.20 * a.nav - 1e-6;
      for (const Account::Working& w : a.working) breaches += w.contracts > 10;
    }
  }
  CHECK(breaches == 0);
  CHECK(orders > steps / 20);
  CHECK(refused > steps / 20);
}

namespace {
struct Event {
  int kind;
  std::int64_t at;
  double value;
};
Breakers apply(const Breakers& before, const Event& e) {
  Breakers b = before;
  const std::int64_t session = 20'000 + e.at / 100;
  switch (e.kind) {
    case 0:
      b.vix = b.vix.after(e.value < 0.1 ? unknown : 60.0 * e.value);
      break;
    case 1:
      b.daily_loss = b.daily_loss.after({.at = e.at * 1'000'000,
                                         .session = session,
                                         .at_executable = e.value < 0.1 ? unknown : 25'000 * e.value,
                                         .at_mid = 20'000 * e.value});
      break;
    case 2:
      b.failures = b.failures.after(session, static_cast<ExecutionEvent>(static_cast<int>(e.value * 6)));
      break;
    default:
      if (e.value > 0.98) b.kill = b.kill.after(static_cast<KillCommand>(static_cast<int>(e.value * 1e6) % 4));
      break;
  }
  return b;
}
}  // namespace

TEST_CASE("breakers restored at any moment go on as if nothing had happened and a halt stays", "[policy][laws]") {
  Draws draws(5);
  int wrong = 0, halted = 0;
  for (int run = 0; run < 10'000 / ALARIS_LAW_SCALE; ++run) {
    Breakers through, restarted;
    bool was_halted = false;
    for (int i = 0; i < 100; ++i) {
      const Event e{draws.below(4), i * 7, draws.uniform()};
      through = apply(through, e);
      restarted = apply(restored_breakers(to_text(restarted)), e);
      const TradingState state = through.state(20'000 + e.at / 100);
      wrong += !(through == restarted);
      wrong += was_halted && state != TradingState::halted;
      was_halted = was_halted || state == TradingState::halted;
    }
    halted += was_halted;
  }
  CHECK(wrong == 0);
  CHECK(halted > 100 / ALARIS_LAW_SCALE);
}

namespace {

/// Short contracts left uncovered by the best of all assignments, by trying every one.
int uncovered_by_search(const std::vector<PositionLine>& lines, std::vector<std::int64_t>& left, std::size_t sold) {
  while (sold < lines.size() && !(lines[sold].kind != LineKind::shares && left[sold] < 0)) ++sold;
  if (sold == lines.size()) return 0;
  ++left[sold];
  int least = 1 + uncovered_by_search(lines, left, sold);  // this contract stays open
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (detail::cover_of(lines[i], left[i], lines[sold]) == 0) continue;
    const std::int64_t used = lines[i].kind != LineKind::shares ? 1 : left[i] > 0 ? 100 : -100;
    left[i] -= used;
    const int open = uncovered_by_search(lines, left, sold);
    left[i] += used;
    if (open < least) least = open;
  }
  --left[sold];
  return least;
}
int uncovered_in(const std::vector<PositionLine>& lines, const std::vector<std::int64_t>& quantity) {
  std::vector<std::int64_t> left = quantity;
  return uncovered_by_search(lines, left, 0);
}

std::vector<PositionLine> any_lines(Draws& draws) {
  std::vector<PositionLine> lines;
  const int options = 2 + draws.below(3);
  for (int i = 0; i < options; ++i) {
    PositionLine line{.kind = draws.below(3) == 0 ? LineKind::put : LineKind::call,
                      .expiry_day = 1 + draws.below(3),
                      .strike_thousandths = 1 + draws.below(3),
                      .held = draws.below(5) - 2};
    if (draws.below(4) == 0) line.working_buys = draws.below(2);
    if (draws.below(4) == 0) line.working_sells = draws.below(2);
    if (draws.below(2) == 0) line.order = draws.below(5) - 2;
    bool twice = false;
    for (const PositionLine& other : lines) twice = twice || detail::same_contract(line, other);
    if (!twice) lines.push_back(line);
  }
  if (draws.below(4) == 0) lines.push_back({.kind = LineKind::shares, .held = 100 * (draws.below(5) - 2)});
  return lines;
}

}  // namespace

TEST_CASE("the greedy count of uncovered shorts is the least that any assignment leaves", "[policy][laws]") {
  Draws draws(6);
  int wrong = 0, open = 0;
  for (int i = 0; i < 1'000'000 / ALARIS_LAW_SCALE; ++i) {
    const auto lines = any_lines(draws);
    detail::Quantities quantity{};
    std::vector<std::int64_t> same;
    for (std::size_t k = 0; k < lines.size(); ++k) same.push_back(quantity[k] = lines[k].held);
    const int least = uncovered_in(lines, same);
    wrong += detail::uncovered_together(lines, quantity) != least;
    open += least > 0;
  }
  CHECK(wrong == 0);
  CHECK(open > 1000 / ALARIS_LAW_SCALE);
}

TEST_CASE("an order that counts as reducing uncovers nothing in any partial fill beside any working order",
          "[policy][laws]") {
  Draws draws(7);
  constexpr RiskFigures better{2, 1, 2, 1};
  int wrong = 0, reducing = 0, uncovering = 0;
  for (int i = 0; i < 1'000'000 / ALARIS_LAW_SCALE; ++i) {
    const auto lines = any_lines(draws);
    const RiskChange change = risk_change(lines, better);
    uncovering += change == RiskChange::uncovers;
    if (change != RiskChange::reduces) continue;
    ++reducing;
    // every fill of the working orders (each at most one contract), every half of this order
    const std::size_t n = lines.size();
    for (unsigned fills = 0; fills < (1u << (2 * n)); ++fills) {
      std::vector<std::int64_t> before, after;
      bool possible = true, whole = true;
      for (std::size_t k = 0; k < n; ++k) {
        const bool buys = fills >> (2 * k) & 1u, sells = fills >> (2 * k + 1) & 1u;
        possible = possible && (!buys || lines[k].working_buys > 0) && (!sells || lines[k].working_sells > 0);
        before.push_back(lines[k].held + buys - sells);
        after.push_back(before.back() + lines[k].order);
        whole = whole && lines[k].order % 2 == 0;
      }
      if (!possible) continue;
      const int open = uncovered_in(lines, before);
      wrong += uncovered_in(lines, after) > open;
      for (std::size_t k = 0; k < n; ++k)
        wrong += lines[k].order != 0 && lines[k].held < 0 && before[k] <= 0 && after[k] > 0;
      if (whole) {
        for (std::size_t k = 0; k < n; ++k) after[k] -= lines[k].order / 2;
        wrong += uncovered_in(lines, after) > open;
      }
    }
  }
  CHECK(wrong == 0);
  CHECK(reducing > 5000 / ALARIS_LAW_SCALE);
  CHECK(uncovering > 1000 / ALARIS_LAW_SCALE);
}

TEST_CASE("buying back no more than is short is never blocked by rule or state", "[policy][laws]") {
  struct Ticket {
    std::vector<PositionLine> lines;
  };
  struct Book {
    [[nodiscard]] const std::vector<PositionLine>& lines_with(const Ticket& t) const { return t.lines; }
    [[nodiscard]] RiskFigures figures_with(const Ticket&) const { return {unknown, unknown, unknown, unknown}; }
  };
  const Gate<EveryRule, AlwaysRules<>> gate{{}, {}};
  Draws draws(8);
  int wrong = 0, sent = 0;
  for (int i = 0; i < 1'000'000 / ALARIS_LAW_SCALE; ++i) {
    Ticket ticket{any_lines(draws)};
    bool buys = false;
    for (PositionLine& line : ticket.lines) {
      const std::int64_t room = -line.held - line.working_buys;  // short, and not yet being bought back
      line.order = room > 0 ? 1 + draws.below(static_cast<int>(room)) : 0;
      if (line.kind == LineKind::shares && room > 0) line.order = room;
      buys = buys || line.order > 0;
    }
    if (!buys) continue;
    ++sent;
    const auto state = static_cast<TradingState>(draws.below(3));
    wrong += !gate.pass(ticket, any_trade(draws), Trade{}, Book{}, state).has_value();
  }
  CHECK(wrong == 0);
  CHECK(sent > 10'000 / ALARIS_LAW_SCALE);
}

TEST_CASE("an order that reduces risk and is priced at the collar is never blocked", "[policy][laws]") {
  struct Ticket {
    std::vector<PositionLine> lines;
  };
  struct Book {
    [[nodiscard]] const std::vector<PositionLine>& lines_with(const Ticket& t) const { return t.lines; }
    [[nodiscard]] RiskFigures figures_with(const Ticket&) const { return {2.0, 1.0, 2.0, 1.0}; }
  };
  const Gate<EveryRule, AlwaysRules<>> gate{{}, {}};
  Draws draws(9);
  int wrong = 0, beyond = 0, held = 0;
  for (int i = 0; i < 1'000'000 / ALARIS_LAW_SCALE; ++i) {
    Trade facts;
    facts.model_value = 40.0 * draws.uniform() - 20.0;
    facts.natural = facts.model_value + (draws.below(4) == 0 ? -1.0 : 4.0) * draws.uniform();
    facts.limit = collar_edge(facts.model_value, facts.natural);
    const PositionLine bought_back{.expiry_day = 1, .strike_thousandths = 1, .held = -2, .order = 1 + draws.below(2)};
    const auto state = static_cast<TradingState>(draws.below(3));
    wrong += !gate.pass(Ticket{{bought_back}}, any_trade(draws), facts, Book{}, state).has_value();
    facts.limit += 0.000'001;  // the smallest step of money
    held += !admits(PriceCollar<>{}, facts);
    beyond += facts.limit < facts.natural;
  }
  CHECK(wrong == 0);
  CHECK(held == 1'000'000 / ALARIS_LAW_SCALE);
  CHECK(beyond > 1000 / ALARIS_LAW_SCALE);  // the collar does bind
  CHECK(!admits(PriceCollar<>{}, Trade{.limit = collar_edge(unknown, 1.0)}));
  CHECK(!admits(PriceCollar<>{}, Trade{.limit = collar_edge(1.0, unknown)}));
}
