// SPDX-License-Identifier: Apache-2.0
// One proposed order against every rule, limit and breaker. The order and the account come from a file, the market from
// a source, the judgement from the library.
#include <cmath>
#include <limits>
#include <map>
#include <memory>

#include <nlohmann/json.hpp>

#include <alaris/execution/order_judgement.hpp>

#include "commands/command.hpp"
#include "commands/market_options.hpp"
#include "commands/signal_options.hpp"
#include "commands/trading_status.hpp"
#include "gateway/journal_copy.hpp"
#include "gateway/order_desk.hpp"
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
  std::vector<PositionLine> held;  // with what is working, without this order
  RiskFigures preview{not_known, not_known, not_known, not_known};
  int same_intent_alive = 0;
  int orders_last_minute = 1;
  TradingState state = TradingState::active;
};

PositionLine line_of(const OptionContract& contract) {
  return {.kind = contract.type == OptionType::call ? LineKind::call : LineKind::put,
          .expiry_day = contract.expiry.time_since_epoch().count(),
          .strike_thousandths = contract.strike.thousandths()};
}

/// A contract as the legs and the positions of the file name it.
OptionContract parse_contract(JsonFields& object) {
  const auto expiry = object.required().date("expiry");
  const auto dollars = object.required().number("strike", 0.001, 1e6);
  const auto right = object.required().choice("right", {"call", "put"});
  const auto strike = dollars ? Strike::from_dollars(*dollars) : std::nullopt;
  if (dollars && !strike) object.complain("strike", fmt::format("{:g} is no multiple of $0.001", *dollars));
  return {expiry.value_or(Date{}), strike.value_or(Strike{}), right == "put" ? OptionType::put : OptionType::call};
}

Leg parse_leg(JsonFields leg) {
  const auto action = leg.required().choice("action", {"buy", "sell"});
  const auto ratio = leg.integer("ratio", 1, 100);
  const OptionContract contract = parse_contract(leg);
  leg.nothing_else();
  return {.contract = contract, .ratio = ratio.value_or(1) * (action == "sell" ? -1 : 1)};
}

PositionLine parse_position(JsonFields position) {
  constexpr int most = 1'000'000;
  PositionLine line = line_of(parse_contract(position));
  line.held = position.integer("held", -most, most).value_or(0);
  line.working_buys = position.integer("working_buys", 0, most).value_or(0);
  line.working_sells = position.integer("working_sells", 0, most).value_or(0);
  position.nothing_else();
  return line;
}

/// What a broker's preview says of the account before and after the order.
RiskFigures parse_preview(JsonFields preview) {
  constexpr double most = 1e12;
  const auto figure = [&](const char* key) { return preview.required().number(key, -most, most).value_or(0.0); };
  const RiskFigures figures{figure("worst_case_before"), figure("worst_case_after"), figure("margin_before"),
                            figure("margin_after")};
  preview.nothing_else();
  return figures;
}

void parse_account(JsonFields account, ProposedOrder& order) {
  constexpr double most = 1e12;
  Portfolio& p = order.account;
  p.nav = account.required().number("nav", 0.01, most).value_or(1.0);
  p.cash = account.required().number("cash", -most, most).value_or(0.0);
  p.loss_today = account.number("loss_today", -most, most).value_or(0.0);
  p.opened_today = account.integer("opened_today", 0, 100'000).value_or(0);
  order.past_trades = account.integer("past_trades", 0, 1'000'000).value_or(0);
  order.same_intent_alive = account.integer("same_intent_alive", 0, 1'000'000).value_or(0);
  order.orders_last_minute = account.integer("orders_last_minute", 0, 1'000'000).value_or(1);
  const auto state = account.choice("trading_state", {"active", "reduce_only", "halted"});
  order.state = state == "halted"        ? TradingState::halted
                : state == "reduce_only" ? TradingState::reduce_only
                                         : TradingState::active;
  for (const JsonFields& position : account.objects("positions")) order.held.push_back(parse_position(position));
  if (const auto preview = account.object("preview")) order.preview = parse_preview(*preview);
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
  if (const auto account = root.required().object("account")) parse_account(*account, order);
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

/// The positions of the file with the order written into their lines.
std::vector<PositionLine> lines_with(const ProposedOrder& order) {
  std::vector<PositionLine> lines = order.held;
  for (const Leg& leg : order.legs) {
    const PositionLine wanted = line_of(leg.contract);
    auto at = std::find_if(lines.begin(), lines.end(), [&](const PositionLine& line) {
      return line.kind == wanted.kind && line.expiry_day == wanted.expiry_day &&
             line.strike_thousandths == wanted.strike_thousandths;
    });
    if (at == lines.end()) at = lines.insert(lines.end(), wanted);
    at->order += static_cast<std::int64_t>(leg.ratio) * order.quantity;
  }
  return lines;
}

struct OrderVerdict {
  MarketNotes notes;
  std::optional<DecisionRecord> decision;  // about the spread that the order would open
  std::vector<LegFlow> flow;
  OrderJudgement judgement;
};

OrderVerdict verdict_on(const ProposedOrder& order, const MarketOptions& source, const Settings& all) {
  const TradingCalendar calendar = TradingCalendar::nyse();
  const Date day = new_york_date(order.at);
  StrategySettings settings = all.strategy;
  settings.fixed_contracts = order.quantity;
  return with_market(source, all, {order.symbol}, day, day, [&](const auto& market, const MarketNotes& notes) {
    OrderVerdict verdict{.notes = notes, .decision = std::nullopt, .flow = {}, .judgement = {}};
    const MarketView view(market, calendar, order.at);
    const Date fill_session = calendar.next_session(view.last_session());
    std::string unjudged;
    const auto spread = calendar_of(order.legs);
    const auto report = next_report(view, order.symbol, fill_session, settings.session_source);
    if (!spread)
      unjudged = "the legs are no long calendar spread: nothing else may be opened";
    else if (!report)
      unjudged = "no announcement is known that could still be entered before";
    else {
      const std::string symbols[] = {order.symbol};
      const EventHistory history = past_event_evidence(market, symbols, view.last_session(), settings, calendar);
      const DecisionContext context{&order.account, &history, volatility_stress(view, settings.vix), order.past_trades,
                                    spread};
      verdict.decision = decide(view, order.symbol, *report, fill_session, settings, entry_rules(settings), context);
      verdict.flow = leg_flow(view, verdict.decision->candidate);
    }
    OrderFacts facts{.limit = order.limit,
                     .model_value = not_known,
                     .natural = not_known,
                     .same_intent_alive = static_cast<double>(order.same_intent_alive)};
    if (const auto chain = view.chain(order.symbol))
      if (const auto price = price_combination(order.legs, *chain)) {
        const PricedChain priced{chain.get(), calendar.close(view.last_session()), view.short_rate(), &calendar};
        facts.model_value = model_value(priced, order.legs);
        facts.mid = price->mid;
        if (!unjudged.empty()) facts.model_value = price->mid;  // it is refused for what it is, not for its price
        facts.natural = price->natural;
        if (facts.limit != facts.limit) facts.limit = price->natural;
      }
    const ComboOrder combination{.symbol = order.symbol,
                                 .legs = order.legs,
                                 .quantity = order.quantity,
                                 .limit = facts.limit,
                                 .purpose = OrderPurpose::entry};
    verdict.judgement =
        judge_order(combination, verdict.decision ? &*verdict.decision : nullptr, unjudged, order.orders_last_minute,
                    facts, {lines_with(order), order.preview}, order.state, settings);
    return verdict;
  });
}

void check_order(const std::string& file, const MarketOptions& source, OutputFormat format, Session& session) {
  const ResolvedConfig config = session.config();
  const ProposedOrder order = read_order(file, TradingCalendar::nyse());
  const OrderVerdict verdict = verdict_on(order, source, config.settings);
  const OrderJudgement& judged = verdict.judgement;
  session.exit_code = judged.accepted ? ExitCode::done : ExitCode::answer_is_no;
  if (format == OutputFormat::json) {
    Json out{{"schema", "alaris/order_check/1"},
             {"source", verdict.notes.source},
             {"labels", verdict.notes.labels},
             {"accepted", judged.accepted},
             {"decided_by", judged.decided_by},
             {"reason", judged.reason},
             {"trading_state", name(judged.state)},
             {"risk_change", name(judged.change)},
             {"collar_at_mid", judged.collar_at_mid},
             {"order_tree", tree_json(policy_tree<OrderRules>, judged.order_findings)}};
    if (verdict.decision) {
      out["decision"] = decision_json(*verdict.decision);
      out.update(remarks_json(verdict.decision->candidate, verdict.flow, config.settings.strategy));
    }
    if (!judged.opening_findings.empty()) out["tree"] = tree_json(policy_tree<OpeningRules>, judged.opening_findings);
    return fmt::print("{}\n", out.dump(2));
  }
  for (const std::string& label : verdict.notes.labels) fmt::print("** {} **\n", label);
  fmt::print("{} {}: {}\nas known at {}, source {}\ntrading is {}; this order {}\n\n", order.quantity, order.symbol,
             legs_text(order.legs), new_york_text(order.at), verdict.notes.source, name(judged.state),
             name(judged.change));
  fmt::print("every order\n{}\n", tree_text(policy_tree<OrderRules>, judged.order_findings));
  if (judged.collar_at_mid) fmt::print("the model has no value for it: the collar stands around mid\n\n");
  if (!judged.opening_findings.empty())
    fmt::print("what opens risk\n{}\n", tree_text(policy_tree<OpeningRules>, judged.opening_findings));
  if (verdict.decision)
    fmt::print("{}", remarks_text(verdict.decision->candidate, verdict.flow, config.settings.strategy));
  fmt::print("{} ({}): {}\n", judged.accepted ? "accepted" : "refused", judged.decided_by, judged.reason);
}

/// Every order of the journal; of those that the trading process still shows, what it last wrote.
Json every_order(const TradingFolder& folder, const Json& status) {
  gateway::JournalCopy copy(gateway::journal_bytes(folder.journal()));
  gateway::OrderDesk desk(copy, 0);
  if (!desk.recover(Instant{})) throw HostError(ExitCode::integrity, "the journal is damaged; 'journal verify'");
  std::map<std::string, Json> rows;
  for (const auto& [reference, order] : desk.orders())
    rows[reference] = {{"reference", reference},
                       {"symbol", order.machine.order().symbol},
                       {"phase", name(order.machine.phase())},
                       {"filled", order.machine.filled_units()},
                       {"quantity", order.machine.order().quantity},
                       {"limit", to_string(order.limit)}};
  for (const Json& row : status["orders"]) rows[row["reference"].get<std::string>()] = row;
  for (const auto& [reference, order] : desk.orders()) rows[reference]["configuration"] = order.configuration;
  Json orders = Json::array();
  for (auto& [reference, row] : rows) orders.push_back(std::move(row));
  return orders;
}

void list_orders(OutputFormat format) {
  const TradingFolder folder = TradingFolder::of_process();
  Json status = trading_status(folder);
  status["orders"] = every_order(folder, status);
  if (format == OutputFormat::json) {
    const Json out{{"schema", "alaris/orders/1"}, {"at", status["at"]}, {"orders", status["orders"]}};
    return fmt::print("{}\n", out.dump(2));
  }
  if (format == OutputFormat::csv) fmt::print("reference,symbol,phase,filled,quantity,limit\n");
  for (const Json& o : status["orders"]) {
    const auto word = [&](const char* key) { return o.value(key, std::string()); };
    const int filled = o["filled"].get<int>(), quantity = o["quantity"].get<int>();
    if (format == OutputFormat::csv)
      fmt::print("{},{},{},{},{},{}\n", word("reference"), word("symbol"), word("phase"), filled, quantity,
                 word("limit"));
    else
      fmt::print("{:<28} {:<6} {:<16} {}/{} at {}\n", word("reference"), word("symbol"), word("phase"), filled,
                 quantity, word("limit"));
  }
}

}  // namespace

void add_order_commands(CLI::App& app, Session& session) {
  auto* order = app.add_subcommand("order",
                                   "Examples:\n  alaris order check order.json --source chains:DIR\n"
                                   "  alaris order list\n\n"
                                   "pre-trade validation of a proposed order; what became of ours");
  order->require_subcommand(1);
  auto file = std::make_shared<std::string>();
  auto source = std::make_shared<MarketOptions>();
  auto format = std::make_shared<OutputFormat>(OutputFormat::table);
  auto* check = order->add_subcommand("check", describe({"alaris order check order.json --source chains:DIR",
                                                         "alaris order check - --format json < order.json"},
                                                        "every rule, limit and breaker; exit 1 when refused"));
  check->add_option("FILE", *file, "order file (docs/formats.md), - for standard input")->required();
  add_market_options(*check, *source);
  add_format_option(*check, *format);
  check->callback([=, &session] { check_order(*file, *source, *format, session); });
  auto* list = order->add_subcommand("list", describe({"alaris order list", "alaris order list --format csv"},
                                                      "every order of the journal and what became of it"));
  add_format_option(*list, *format);
  list->callback([=] { list_orders(*format); });
}

}  // namespace alaris::host
