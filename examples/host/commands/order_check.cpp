// SPDX-License-Identifier: Apache-2.0
// One proposed order against every rule, limit and breaker. The order and the account come from a file, the market from
// a source, the judgement from the library.
#include <cmath>
#include <limits>
#include <memory>

#include <nlohmann/json.hpp>

#include "commands/command.hpp"
#include "commands/market_options.hpp"
#include "commands/signal_options.hpp"
#include "sources/file_bytes.hpp"
#include "store/decision_json.hpp"
#include "text/json_fields.hpp"

namespace alaris::host {
namespace {

using Json = nlohmann::ordered_json;

/// What an order file says (docs/formats.md).
struct ProposedOrder {
  std::string symbol;
  Instant at{};
  int quantity = 0;
  double limit = not_known;  // most to pay per spread and share; NaN: none stated
  std::vector<Leg> legs;
  Portfolio account;
  int past_trades = 0;
};

Leg parse_leg(JsonFields leg) {
  const auto action = leg.required().choice("action", {"buy", "sell"});
  const auto ratio = leg.integer("ratio", 1, 100);
  const auto expiry = leg.required().date("expiry");
  const auto dollars = leg.required().number("strike", 0.001, 1e6);
  const auto right = leg.required().choice("right", {"call", "put"});
  leg.nothing_else();
  const auto strike = dollars ? Strike::from_dollars(*dollars) : std::nullopt;
  if (dollars && !strike) leg.complain("strike", fmt::format("{:g} is no multiple of $0.001", *dollars));
  return {.contract = {expiry.value_or(Date{}), strike.value_or(Strike{}),
                       right == "put" ? OptionType::put : OptionType::call},
          .ratio = ratio.value_or(1) * (action == "sell" ? -1 : 1)};
}

Portfolio parse_account(JsonFields account, int& past_trades) {
  constexpr double most = 1e12;
  Portfolio p;
  p.nav = account.required().number("nav", 0.01, most).value_or(1.0);
  p.cash = account.required().number("cash", -most, most).value_or(0.0);
  p.loss_today = account.number("loss_today", -most, most).value_or(0.0);
  p.opened_today = account.integer("opened_today", 0, 100'000).value_or(0);
  past_trades = account.integer("past_trades", 0, 1'000'000).value_or(0);
  for (JsonFields& held : account.objects("spreads")) {
    HeldSpread spread;
    spread.symbol = held.required().text("symbol").value_or("");
    spread.last_close_before = held.required().date("last_close_before").value_or(Date{});
    spread.first_close_after = held.required().date("first_close_after").value_or(Date{});
    spread.contracts = held.required().integer("contracts", 1, 1'000'000).value_or(1);
    spread.capital_at_risk = held.required().number("capital_at_risk", 0.0, most).value_or(0.0);
    held.nothing_else();
    p.spreads.push_back(std::move(spread));
  }
  account.nothing_else();
  return p;
}

ProposedOrder read_order(const std::string& file, const TradingCalendar& calendar) {
  Json json;
  try {
    json = Json::parse(read_input(file));
  } catch (const Json::parse_error& e) {
    throw HostError(ExitCode::data, fmt::format("{}: not JSON at byte {}", file, e.byte));
  }
  std::vector<std::string> errors;
  JsonFields root(json, file + ": ", errors);
  ProposedOrder order;
  (void)root.required().choice("schema", {"alaris/order/1"});
  order.symbol = root.required().text("symbol").value_or("");
  const std::string at = root.required().text("at").value_or("");
  order.quantity = root.required().integer("quantity", 1, 1'000'000).value_or(1);
  order.limit = root.number("limit", -1e6, 1e6).value_or(not_known);
  for (const JsonFields& leg : root.required().objects("legs")) order.legs.push_back(parse_leg(leg));
  if (root.has("legs") && order.legs.empty()) root.complain("legs", "an order has at least one leg");
  if (const auto account = root.required().object("account"))
    order.account = parse_account(*account, order.past_trades);
  root.nothing_else();
  try {
    if (!order.symbol.empty() && parse_symbols(order.symbol).size() != 1) root.complain("symbol", "one symbol");
    if (!at.empty()) order.at = parse_at("/at", at, calendar);
  } catch (const HostError& e) {
    errors.push_back(fmt::format("{}: {}", file, e.what()));
  }
  if (!errors.empty()) throw HostError(ExitCode::data, fmt::format("{}", fmt::join(errors, "\nalaris: ")));
  return order;
}

/// The decision, or why no rule can judge the order at all.
struct OrderVerdict {
  MarketNotes notes;
  std::optional<DecisionRecord> decision;
  std::string unjudged;
};

OrderVerdict judge_order(const ProposedOrder& order, const MarketOptions& source, const Settings& all) {
  const TradingCalendar calendar = TradingCalendar::nyse();
  const Date day = new_york_date(order.at);
  StrategySettings settings = all.strategy;
  settings.fixed_contracts = order.quantity;
  return with_market(source, all, {order.symbol}, day, day, [&](const auto& market, const MarketNotes& notes) {
    OrderVerdict verdict{.notes = notes, .decision = std::nullopt, .unjudged = {}};
    const auto spread = calendar_of(order.legs);
    if (!spread) {
      verdict.unjudged = "the legs are no long calendar spread: nothing else may be opened";
      return verdict;
    }
    const MarketView view(market, calendar, order.at);
    const Date fill_session = calendar.next_session(view.last_session());
    const auto report = next_report(view, order.symbol, fill_session, settings.session_source);
    if (!report) {
      verdict.unjudged = "no announcement is known that could still be entered before";
      return verdict;
    }
    const std::string symbols[] = {order.symbol};
    const EventHistory history = past_event_evidence(market, symbols, view.last_session(), settings, calendar);
    const DecisionContext context{&order.account, &history, volatility_stress(view, settings.vix), order.past_trades,
                                  spread};
    verdict.decision = decide(view, order.symbol, *report, fill_session, settings, entry_rules(settings), context);
    return verdict;
  });
}

void check_order(const std::string& file, const MarketOptions& source, OutputFormat format, Session& session) {
  const ResolvedConfig config = session.config();
  const ProposedOrder order = read_order(file, TradingCalendar::nyse());
  const OrderVerdict verdict = judge_order(order, source, config.settings);
  const bool accepted = verdict.decision && verdict.decision->action == DecisionAction::enter;
  session.exit_code = accepted ? ExitCode::done : ExitCode::answer_is_no;
  const std::string decided_by = verdict.decision ? verdict.decision->decided_by : "order.legs";
  const std::string reason = verdict.decision ? verdict.decision->reason : verdict.unjudged;
  if (format == OutputFormat::json) {
    Json out{{"schema", "alaris/order_check/1"}, {"source", verdict.notes.source},
             {"labels", verdict.notes.labels},   {"accepted", accepted},
             {"decided_by", decided_by},         {"reason", reason}};
    if (verdict.decision) {
      out["decision"] = decision_json(*verdict.decision);
      out["tree"] = tree_json(policy_tree<EntryRules>, verdict.decision->findings);
    }
    return fmt::print("{}\n", out.dump(2));
  }
  for (const std::string& label : verdict.notes.labels) fmt::print("** {} **\n", label);
  fmt::print("{} {}: {}\nas known at {}, source {}\n\n", order.quantity, order.symbol, legs_text(order.legs),
             new_york_text(order.at), verdict.notes.source);
  if (verdict.decision) fmt::print("{}\n", tree_text(policy_tree<EntryRules>, verdict.decision->findings));
  fmt::print("{} ({}): {}\n", accepted ? "accepted" : "refused", decided_by, reason);
}

}  // namespace

void add_order_commands(CLI::App& app, Session& session) {
  auto* order = app.add_subcommand("order",
                                   "Examples:\n  alaris order check order.json --source chains:DIR\n\n"
                                   "pre-trade validation of a proposed order");
  order->require_subcommand(1);
  auto file = std::make_shared<std::string>();
  auto source = std::make_shared<MarketOptions>();
  auto format = std::make_shared<OutputFormat>(OutputFormat::table);
  auto* check = order->add_subcommand("check", "every rule, limit and breaker; exit 1 when refused");
  check->add_option("FILE", *file, "order file (docs/formats.md), - for standard input")->required();
  add_market_options(*check, *source);
  add_format_option(*check, *format);
  check->callback([=, &session] { check_order(*file, *source, *format, session); });
}

}  // namespace alaris::host
