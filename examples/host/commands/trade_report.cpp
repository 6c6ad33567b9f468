// SPDX-License-Identifier: Apache-2.0
// trade report: what our orders cost against the quotes they met, and what each trade made, from the journal alone.
#include <cmath>
#include <cstdlib>
#include <map>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alaris/execution/execution_quality.hpp>
#include <alaris/execution/trader_book.hpp>

#include "commands/command.hpp"
#include "commands/trade_report.hpp"
#include "gateway/journal_copy.hpp"
#include "gateway/order_desk.hpp"
#include "operations/trading_folder.hpp"
#include "text/csv.hpp"

namespace alaris::host {
namespace {

using Json = nlohmann::ordered_json;

/// What a trade has made so far; its result is known once as many spreads were closed as opened.
struct TradeResult {
  int opened = 0, closed = 0;
  Money cash{}, fees{};
};

struct Report {
  std::vector<ExecutionQuality> orders{};  // with fills, by reference
  std::map<std::string, TradeResult> trades{};
};

double number_of(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  return end != text.c_str() && *end == '\0' ? value : std::nan("");
}

Report read_report(const TradingFolder& folder) {
  gateway::JournalCopy copy(gateway::journal_bytes(folder.journal()));
  gateway::OrderDesk desk(copy, 0);
  if (!desk.recover(Instant{})) throw HostError(ExitCode::integrity, "the journal is damaged; 'journal verify'");
  std::map<std::string, ArrivalPrice> arrivals;
  for (const gateway::JournalFields& memory : desk.memories())
    if (memory.size() == 4 && memory[0] == "arrival")
      arrivals[memory[1]] = {.mid = number_of(memory[2]), .natural = number_of(memory[3])};
  Report report;
  for (const auto& [reference, order] : desk.orders()) {
    const OrderMachine& machine = order.machine;
    if (machine.cash() == Money{} && machine.filled_units() == 0) continue;
    const ComboOrder& combo = machine.order();
    const ExecutionQuality quality{.order = reference,
                                   .trade = TraderBook::trade_of(reference),
                                   .symbol = combo.symbol,
                                   .purpose = combo.purpose,
                                   .filled = machine.filled_units(),
                                   .arrival = arrivals[reference],
                                   .cash = machine.cash(),
                                   .fees = machine.fees()};
    TradeResult& trade = report.trades[quality.trade];
    (combo.purpose == OrderPurpose::entry ? trade.opened : trade.closed) += quality.filled;
    trade.cash += quality.cash, trade.fees += quality.fees;
    report.orders.push_back(quality);
  }
  return report;
}

Json known(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}
std::string text(double value, int digits) {
  return std::isfinite(value) ? fmt::format("{:.{}f}", value, digits) : "";
}

Json json_of(const Report& report) {
  Json orders = Json::array(), trades = Json::array();
  for (const ExecutionQuality& o : report.orders)
    orders.push_back({{"order", o.order},
                      {"trade", o.trade},
                      {"symbol", o.symbol},
                      {"purpose", name(o.purpose)},
                      {"filled", o.filled},
                      {"arrival_mid", known(o.arrival.mid)},
                      {"arrival_natural", known(o.arrival.natural)},
                      {"paid", known(o.paid())},
                      {"shortfall", known(o.shortfall())},
                      {"spread_share", known(o.spread_share())},
                      {"fees", to_string(o.fees)}});
  for (const auto& [trade, result] : report.trades)
    trades.push_back(
        {{"trade", trade},
         {"opened", result.opened},
         {"closed", result.closed},
         {"fees", to_string(result.fees)},
         {"net_pnl", result.opened == result.closed ? Json(to_string(result.cash - result.fees)) : Json(nullptr)}});
  return {{"schema", "alaris/trade_report/1"}, {"orders", orders}, {"trades", trades}};
}

void print_table(const Report& report) {
  if (report.orders.empty()) return fmt::print("nothing was filled\n");
  fmt::print("{:<28} {:>6} {:>9} {:>9} {:>9} {:>10} {:>7} {:>8}\n", "order", "filled", "mid", "natural", "paid",
             "shortfall", "share", "fees");
  double shortfall = 0.0, way = 0.0;
  for (const ExecutionQuality& o : report.orders) {
    fmt::print("{:<28} {:>6} {:>9} {:>9} {:>9} {:>10} {:>7} {:>8}\n", o.order, o.filled, text(o.arrival.mid, 3),
               text(o.arrival.natural, 3), text(o.paid(), 3), text(o.shortfall(), 2),
               text(100.0 * o.spread_share(), 0) + (std::isfinite(o.spread_share()) ? " %" : ""), to_string(o.fees));
    if (!std::isfinite(o.shortfall())) continue;
    shortfall += o.shortfall();
    way += (o.arrival.natural - o.arrival.mid) * 100.0 * o.filled;
  }
  fmt::print("shortfall {:.2f} dollars{}\n\n", shortfall,
             way > 0.0
                 ? fmt::format(", {:.0f} % of the way from the middle to the natural price", 100.0 * shortfall / way)
                 : "");
  for (const auto& [trade, result] : report.trades)
    fmt::print("{:<28} {}\n", trade,
               result.opened == result.closed ? fmt::format("net {} dollars", to_string(result.cash - result.fees))
                                              : fmt::format("open: {} of {} closed", result.closed, result.opened));
}

void print_report(OutputFormat format) {
  const Report report = read_report(TradingFolder::of_process());
  if (format == OutputFormat::json) return fmt::print("{}\n", json_of(report).dump(2));
  if (format == OutputFormat::table) return print_table(report);
  fmt::print("order,trade,symbol,purpose,filled,arrival_mid,arrival_natural,paid,shortfall,spread_share,fees\n");
  for (const ExecutionQuality& o : report.orders)
    fmt::print("{}",
               csv_row({csv_field(o.order), csv_field(o.trade), csv_field(o.symbol), std::string(name(o.purpose)),
                        fmt::format("{}", o.filled), text(o.arrival.mid, 4), text(o.arrival.natural, 4),
                        text(o.paid(), 4), text(o.shortfall(), 2), text(o.spread_share(), 4), to_string(o.fees)}));
}

}  // namespace

void add_trade_report(CLI::App& trade) {
  auto* report =
      trade.add_subcommand("report", describe({"alaris trade report", "alaris trade report --format csv"},
                                              "what orders cost against the quotes they met, and what trades made"));
  auto format = std::make_shared<OutputFormat>(OutputFormat::table);
  add_format_option(*report, *format);
  report->callback([format] { print_report(*format); });
}

}  // namespace alaris::host
