// SPDX-License-Identifier: Apache-2.0
#include <alaris/execution/order_judgement.hpp>

#include <algorithm>
#include <vector>

#include "support/catch.hpp"

using namespace alaris;

namespace {

constexpr RiskFigures dark{not_known, not_known, not_known, not_known};

/// One short call, and an order that buys it back or sells one more.
OrderBook book(int order) {
  return {{{.kind = LineKind::call, .expiry_day = 1, .strike_thousandths = 100'000, .held = -1, .order = order}}, dark};
}
OrderJudgement judged(int order, const OrderFacts& facts, const StrategySettings& settings = {}) {
  const ComboOrder ticket{.symbol = "ACME",
                          .legs = {{{make_date(2024, 8, 9), *Strike::from_dollars(100), OptionType::call}, order}},
                          .quantity = 1,
                          .limit = facts.limit,
                          .purpose = OrderPurpose::exit};
  return judge_order(ticket, nullptr, "nothing may be opened", 1.0, facts, book(order), TradingState::active, settings);
}
const Finding& collar(const OrderJudgement& judgement) {
  return *std::find_if(judgement.order_findings.begin(), judgement.order_findings.end(), [](const Finding& f) {
    return f.rule == &ModelCollar<>::rule || f.rule->name == "order.model_collar";
  });
}

}  // namespace

TEST_CASE("a way out is held against the midpoint where the model has no value and a way in is refused",
          "[execution][judgement]") {
  const OrderFacts facts{.limit = 1.05, .model_value = not_known, .natural = 1.05, .mid = 1.0};
  const OrderJudgement out = judged(1, facts);
  CHECK(out.change == RiskChange::reduces);
  CHECK(out.collar_at_mid);
  CHECK(out.accepted);
  CHECK(collar(out).seen.observed == 1.05 - 1.0);
  const OrderJudgement in = judged(-1, facts);
  CHECK(!in.collar_at_mid);
  CHECK(!in.accepted);
  CHECK(in.decided_by == "order.model_collar");
  CHECK(collar(in).outcome() == Outcome::unknown);
}

TEST_CASE("where the model has a value the midpoint does not count", "[execution][judgement]") {
  const OrderJudgement absurd = judged(1, {.limit = 2.0, .model_value = 1.0, .natural = 2.0, .mid = 2.0});
  CHECK(!absurd.collar_at_mid);
  CHECK(!absurd.accepted);
  CHECK(absurd.decided_by == "order.model_collar");
  const OrderFacts none{.limit = 1.0, .model_value = not_known, .natural = 1.0};
  CHECK(!judged(1, none).accepted);  // neither is known
}

TEST_CASE("the collar is as wide as the configuration says", "[execution][judgement]") {
  StrategySettings settings;
  const OrderFacts facts{.limit = 1.2, .model_value = 1.0, .natural = 1.2, .mid = 1.1};
  CHECK(judged(1, facts, settings).accepted);
  settings.orders.collar_share = 0.15;
  CHECK(judged(1, facts, settings).decided_by == "order.model_collar");
}
