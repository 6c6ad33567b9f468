// SPDX-License-Identifier: Apache-2.0
#include "simulated_gateway/scenario_file.hpp"

#include <utility>

#include "sources/file_bytes.hpp"
#include "text/json_fields.hpp"

namespace alaris::simulated {
namespace {

using host::JsonFields;
using std::chrono::milliseconds;

template <class Enum>
void choose(JsonFields& fields, std::string_view key, const std::vector<std::string_view>& words, Enum& value) {
  const auto word = fields.choice(key, words);
  for (std::size_t i = 0; word && i < words.size(); ++i)
    if (words[i] == *word) value = static_cast<Enum>(i);
}

void read_milliseconds(JsonFields& fields, std::string_view key, milliseconds& value) {
  if (const auto read = fields.integer(key, 0, 86'400'000)) value = milliseconds(*read);
}

SymbolPlan read_symbol(JsonFields& fields) {
  SymbolPlan plan;
  plan.symbol = fields.required().text("symbol").value_or("");
  plan.con_id = fields.required().integer("con_id", 1, 799'999'999).value_or(1);
  plan.spot = fields.required().number("spot", 0.01, 1e6).value_or(1.0);
  plan.volatility = fields.number("volatility", 0.01, 5.0).value_or(plan.volatility);
  plan.front_volatility = fields.number("front_volatility", 0.01, 5.0);
  plan.quoted = fields.flag("quoted").value_or(true);
  for (const std::string& word : fields.texts("expiries")) {
    const auto date = parse_date(word);
    if (date)
      plan.expiries.push_back(*date);
    else
      fields.complain("expiries", "'" + word + "' is not a date (YYYY-MM-DD)");
  }
  plan.strikes = fields.numbers("strikes", 0.01, 1e6);
  fields.nothing_else();
  return plan;
}

Fault read_fault(JsonFields& fields) {
  Fault fault;
  read_milliseconds(fields.required(), "at_ms", fault.at);
  const std::string word = fields.required().text("fault").value_or("stall");
  if (const auto kind = fault_named(word))
    fault.kind = *kind;
  else
    fields.complain("fault", "'" + word + "' is no fault this gateway has");
  fault.amount = fields.number("amount", 0.0, 1e9).value_or(0.0);
  fault.symbol = fields.text("symbol").value_or("");
  fields.nothing_else();
  return fault;
}

}  // namespace

Scenario read_scenario(const std::filesystem::path& file, Date today) {
  const auto json = JsonFields::Json::parse(host::read_file(file), nullptr, false);
  std::vector<std::string> errors;
  Scenario scenario = default_scenario(today);
  if (json.is_discarded()) throw host::HostError(host::ExitCode::data, file.string() + ": this is not JSON");
  JsonFields fields(json, file.string() + ": ", errors);
  (void)fields.required().choice("schema", {"alaris/gateway_scenario/1"});
  if (auto text = fields.text("account")) scenario.account = *text;
  if (auto id = fields.integer("next_order_id", 1, 999'999'999)) scenario.next_order_id = *id;
  if (auto text = fields.text("cash")) {
    const auto cash = Money::parse(*text);
    if (cash)
      scenario.cash = *cash;
    else
      fields.complain("cash", "'" + *text + "' is not an amount of money");
  }
  scenario.read_only = fields.flag("read_only").value_or(false);
  choose(fields, "market_data", {"live", "delayed", "none"}, scenario.data);
  if (auto n = fields.integer("market_data_lines", 1, 10'000)) scenario.market_data_lines = *n;
  if (auto n = fields.integer("messages_per_second", 1, 100'000)) scenario.messages_per_second = *n;
  read_milliseconds(fields, "snapshot_ms", scenario.snapshot_takes);
  scenario.what_if_warns_first = fields.flag("what_if_warns_first").value_or(false);
  for (const double id : fields.numbers("unanswered", 1, 200)) scenario.unanswered.insert(static_cast<int>(id));
  if (fields.has("symbols")) scenario.symbols.clear();
  for (JsonFields& symbol : fields.objects("symbols")) scenario.symbols.push_back(read_symbol(symbol));
  if (auto fills = fields.object("fills")) {
    choose(*fills, "policy", {"marketable", "always", "never"}, scenario.fills.policy);
    read_milliseconds(*fills, "delay_ms", scenario.fills.delay);
    if (auto n = fills->integer("parts", 1, 1000)) scenario.fills.parts = *n;
    scenario.fills.reorder = fills->flag("reorder").value_or(false);
    scenario.fills.duplicate = fills->flag("duplicate").value_or(false);
    scenario.fills.combination_row = fills->flag("combination_row").value_or(true);
    scenario.fills.one_leg = fills->flag("one_leg").value_or(false);
    scenario.fills.status_rows = fills->flag("status_rows").value_or(true);
    read_milliseconds(*fills, "commission_delay_ms", scenario.fills.commission_delay);
    scenario.fills.unknown_commission = fills->flag("unknown_commission").value_or(false);
    scenario.fills.corrections = fills->flag("corrections").value_or(false);
    fills->nothing_else();
  }
  for (JsonFields& order : fields.objects("orders")) {
    OrderPlan plan;
    plan.order = order.required().integer("order", 1, 1'000'000).value_or(1);
    choose(order.required(), "fate", {"accept", "reject", "accept_and_close", "lose_and_close"}, plan.fate);
    if (auto code = order.integer("code", 100, 99'999)) plan.code = *code;
    if (auto text = order.text("text")) plan.text = *text;
    order.nothing_else();
    scenario.orders.push_back(std::move(plan));
  }
  for (JsonFields& fault : fields.objects("faults")) scenario.faults.push_back(read_fault(fault));
  fields.nothing_else();
  if (!errors.empty()) {
    std::string all;
    for (const std::string& error : errors) all += (all.empty() ? "" : "\n") + error;
    throw host::HostError(host::ExitCode::data, all);
  }
  return scenario;
}

}  // namespace alaris::simulated
