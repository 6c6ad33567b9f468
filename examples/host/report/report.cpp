// SPDX-License-Identifier: Apache-2.0
#include "report/report.hpp"

#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include <alaris/adapters/fmt.hpp>

#include "report/chart.hpp"
#include "report/html.hpp"
#include "report/page.hpp"

namespace alaris::host {
namespace {

std::string dollars(Money amount) {
  const bool negative = amount < Money{};
  const std::int64_t cents = negative ? -amount.cents() : amount.cents();
  std::string whole = std::to_string(cents / 100);
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(whole.size()) - 3; at > 0; at -= 3)
    whole.insert(static_cast<std::size_t>(at), ",");
  return fmt::format("{}${}.{:02d}", negative ? "-" : "", whole, cents % 100);
}

std::string percent(double value) {
  return std::isfinite(value) ? fmt::format("{:.1f} %", 100 * value) : "n/a";
}

std::string interval_in_dollars(const MeanEstimate& mean) {
  if (mean.count == 0) return "n/a";
  const std::string value = dollars(Money::rounded(mean.mean));
  if (!std::isfinite(mean.lower)) return value;
  return fmt::format("{} <small>[{:.2f}, {:.2f}]</small>", value, mean.lower, mean.upper);
}

std::string_view tone(double value) {
  return value > 0 ? "good" : value < 0 ? "bad" : "";
}

std::string head(const RunCard& card) {
  return page_head("Alaris backtest " + card.run_id, "Earnings calendars: backtest " + card.run_id,
                   card.created + ", source " + card.source, card.labels);
}

std::string headline(const BacktestSummary& s) {
  std::string risk = percent(s.return_on_risk.mean);
  if (std::isfinite(s.return_on_risk.lower))
    risk += fmt::format(" <small>[{}, {}]</small>", percent(s.return_on_risk.lower), percent(s.return_on_risk.upper));
  return "<div class=\"figures\">" + figure("Return on capital at risk, mean [95 %]", risk) +
         figure("Net P&amp;L", dollars(s.net_pnl)) +
         figure("Mean per trade [95 %]", interval_in_dollars(s.trades.pnl)) +
         figure("Mean at mid, before fees", interval_in_dollars(s.pnl_at_mid)) +
         figure("Events / traded / refused", fmt::format("{} / {} / {}", s.events, s.traded, s.refused)) +
         figure("Fees", dollars(s.fees)) + figure("Largest drawdown", percent(s.equity.max_drawdown)) +
         figure("Data score, mean", percent(s.mean_quality_score)) + "</div>";
}

std::string equity(const BacktestResult& result) {
  if (result.equity.size() < 2) return "<p class=\"faint\">No equity curve: fewer than two sessions.</p>";
  ChartLine nav{"at executable prices", "first", {}}, mid{"at mid", "second", {}},
      drawdown{"drawdown, %", "second", {}};
  std::vector<ChartTick> ticks;
  double peak = 0.0;
  const std::size_t every = std::max<std::size_t>(1, result.equity.size() / 6);
  for (std::size_t i = 0; i < result.equity.size(); ++i) {
    const EquityPoint& point = result.equity[i];
    const double x = static_cast<double>(i);
    peak = std::max(peak, point.nav.dollars());
    nav.points.push_back({x, point.nav.dollars()});
    mid.points.push_back({x, point.nav_at_mid.dollars()});
    drawdown.points.push_back({x, 100 * (point.nav.dollars() / peak - 1.0)});
    if (i % every == every / 2) ticks.push_back({x, to_string(point.date)});
  }
  const ChartLine values[] = {std::move(nav), std::move(mid)};
  return "<h2>Net asset value</h2>" + line_chart({"Net asset value by session", "dollars"}, values, ticks) +
         "<h2>Drawdown</h2>" + line_chart({"Drawdown from the running peak", "percent"}, {&drawdown, 1}, ticks);
}

std::string events(const BacktestResult& result) {
  std::string rows;
  for (const EventOutcome& event : result.events)
    rows += fmt::format(
        "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td class=\"wide\">{}</td>"
        "<td class=\"number {}\">{}</td></tr>",
        escaped(event.symbol), to_string(event.date), name(event.session), escaped(event.outcome),
        escaped(event.decided_by), escaped(event.reason), event.pnl ? tone(event.pnl->dollars()) : "",
        event.pnl ? dollars(*event.pnl) : "");
  return "<h2>Every event, and which rule decided</h2><div class=\"scroll\"><table id=\"events\"><thead><tr><th>symbol"
         "</th><th>date</th><th>session</th><th>outcome</th><th>decided by</th><th>why</th>"
         "<th class=\"number\">net P&amp;L</th></tr></thead><tbody>" +
         rows + "</tbody></table></div>";
}

std::string trades(const BacktestResult& result) {
  if (result.trades.empty()) return "<h2>Trades</h2><p class=\"faint\">No trade was made.</p>";
  std::string rows;
  std::vector<ChartPoint> moves;
  std::vector<std::string> names;
  for (const TradeRecord& t : result.trades) {
    const double realised = std::fabs(std::log(t.spot_after / t.spot_before));
    rows += fmt::format(
        "<tr><td>{}</td><td>{}</td><td class=\"number\">{:g}</td><td>{}</td><td>{}</td><td class=\"number\">{}</td>"
        "<td class=\"number\">{:.2f}</td><td class=\"number\">{:.2f}</td><td class=\"number\">{}</td>"
        "<td class=\"number\">{}</td><td class=\"number {}\">{}</td><td class=\"number\">{}</td><td>{}</td></tr>",
        escaped(t.symbol), to_string(t.event_date), t.spread.strike.dollars(), to_string(t.spread.front),
        to_string(t.spread.back), t.contracts, t.entry_net, t.exit_net, percent(t.implied_move), percent(realised),
        tone(t.pnl.dollars()), dollars(t.pnl), dollars(t.pnl_at_mid), name(t.exit_reason));
    if (std::isfinite(realised) && std::isfinite(t.implied_move)) {
      moves.push_back({100 * t.implied_move, 100 * realised});
      names.push_back(t.symbol + " " + to_string(t.event_date));
    }
  }
  return "<h2>Trades</h2><div class=\"scroll\"><table id=\"trades\"><thead><tr><th>symbol</th><th>event</th>"
         "<th class=\"number\">strike</th><th>front</th><th>back</th><th class=\"number\">lots</th>"
         "<th class=\"number\">paid</th><th class=\"number\">received</th><th class=\"number\">implied move</th>"
         "<th class=\"number\">realised</th><th class=\"number\">net P&amp;L</th><th class=\"number\">at mid</th>"
         "<th>exit</th></tr></thead><tbody>" +
         rows +
         "</tbody></table></div>"
         "<h2>Implied against realised move</h2>" +
         scatter_chart({"Realised against implied absolute move", "realised, %"}, "implied, %", moves, names);
}

std::string refusals(const BacktestSummary& s) {
  std::string rows;
  for (const RuleCount& count : s.refusals)
    rows += fmt::format("<tr><td>{}</td><td class=\"number\">{}</td></tr>", escaped(count.rule), count.refused);
  if (rows.empty()) return "";
  return "<h2>What refused how many</h2><table><thead><tr><th>decided by</th><th class=\"number\">events</th></tr>"
         "</thead><tbody>" +
         rows + "</tbody></table>";
}

std::string decisions(const BacktestResult& result) {
  std::string out = "<h2>Decisions, rule by rule</h2>";
  for (const DecisionRecord& d : result.decisions) {
    std::string rows;
    for (const Finding& finding : d.findings) {
      const Outcome outcome = finding.outcome();
      rows += fmt::format("<tr><td>{}</td><td>{}</td><td class=\"wide {}\">{}</td></tr>", escaped(finding.rule->name),
                          escaped(finding.rule->code),
                          outcome == Outcome::fail      ? "bad"
                          : outcome == Outcome::unknown ? "unsure"
                                                        : "",
                          escaped(fmt::format("{}", finding)));
    }
    out += fmt::format(
        "<details><summary>{} {} {}: <b class=\"{}\">{}</b> <span class=\"faint\">{}</span></summary>"
        "<p>{}</p><div class=\"scroll\"><table><tbody>{}</tbody></table></div></details>",
        escaped(d.candidate.symbol), to_string(d.candidate.event_date), name(d.candidate.session),
        d.action == DecisionAction::enter ? "good" : "bad", name(d.action), escaped(d.decided_by), escaped(d.reason),
        rows);
  }
  return out;
}

std::string quality(const BacktestResult& result) {
  std::string rows;
  for (const QualityRecord& day : result.quality)
    if (!day.defect.empty())
      rows += fmt::format("<tr><td>{}</td><td>{}</td><td class=\"wide\">{}</td></tr>", escaped(day.symbol),
                          to_string(day.date), escaped(day.defect));
  if (rows.empty()) return "<h2>Data</h2><p>No session was left out.</p>";
  return "<h2>Data left out</h2><div "
         "class=\"scroll\"><table><thead><tr><th>symbol</th><th>date</th><th>defect</th></tr>"
         "</thead><tbody>" +
         rows + "</tbody></table></div>";
}

std::string run_details(const RunCard& card) {
  std::string rows;
  for (const auto& [label, value] : card.details)
    rows += fmt::format("<dt>{}</dt><dd>{}</dd>", escaped(label), escaped(value));
  return "<h2>This run</h2><dl>" + rows + "</dl>";
}

}  // namespace

std::string render_report(const RunCard& card, const BacktestResult& result, const BacktestSummary& summary) {
  return head(card) + headline(summary) +
         "<p class=\"faint\">A backtest is not a promise: fills are modelled, the sample is small, and the interval "
         "beside each mean says how little it proves.</p>" +
         equity(result) + events(result) + trades(result) + refusals(summary) + decisions(result) + quality(result) +
         run_details(card) + "</main></body></html>\n";
}

}  // namespace alaris::host
