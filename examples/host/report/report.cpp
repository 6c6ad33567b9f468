// SPDX-License-Identifier: Apache-2.0
#include "report/report.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <string_view>

#include <fmt/format.h>

#include <alaris/adapters/fmt.hpp>

#include "report/chart.hpp"
#include "report/evidence.hpp"
#include "report/figures.hpp"
#include "report/html.hpp"
#include "report/page.hpp"

namespace alaris::host {
namespace {

// A page that a phone can open; the files beside it hold everything.
constexpr std::size_t most_rows = 500, most_refusals = 100;

std::string left_out(std::size_t count, std::string_view what, std::string_view file) {
  return count == 0 ? "" : fmt::format("<p class=\"faint\">{} earlier {} are in {}.</p>", count, what, file);
}

std::string head(const RunCard& card) {
  return page_head("Alaris backtest " + card.run_id, "Earnings calendars: backtest " + card.run_id,
                   card.created + ", source " + card.source, card.labels);
}

/// What the headline allows to say, in words.
std::string verdict(const BacktestSummary& s, const BootstrapInterval& interval) {
  if (s.return_on_risk.count == 0) return "Nothing was traded: there is no result.";
  if (!std::isfinite(interval.lower)) return "One trade: no interval, and no evidence.";
  if (interval.lower > 0.0) return "The interval lies above zero.";
  if (interval.upper < 0.0) return "The interval lies below zero: this loses money.";
  return "The interval includes zero: this run does not show an edge.";
}

std::string headline(const BacktestSummary& s, const BacktestReview& r) {
  std::string lead = "No trade";
  if (s.return_on_risk.count > 0)
    lead = metric("return_on_capital_at_risk.mean", s.return_on_risk.mean, percent(s.return_on_risk.mean)) +
           " on capital at risk a trade";
  std::string interval;
  if (std::isfinite(r.return_on_risk.lower))
    interval = fmt::format(
        "95 % bootstrap interval {} to {}, {} trades. ",
        metric("return_on_capital_at_risk_bootstrap_95.0", r.return_on_risk.lower, percent(r.return_on_risk.lower)),
        metric("return_on_capital_at_risk_bootstrap_95.1", r.return_on_risk.upper, percent(r.return_on_risk.upper)),
        s.return_on_risk.count);
  const double wins =
      s.trades.pnl.count > 0 ? static_cast<double>(s.trades.wins) / static_cast<double>(s.trades.pnl.count) : not_known;
  return "<p class=\"lead\">" + lead + "</p><p class=\"verdict\">" + interval + verdict(s, r.return_on_risk) +
         "</p><div class=\"figures\">" + figure("Net P&amp;L", metric("net_pnl", s.net_pnl)) +
         figure("Mean per trade [95 %]", mean_in_dollars("pnl_per_trade", s.trades.pnl)) +
         figure("At mid, before fees", mean_in_dollars("pnl_per_trade_at_mid", s.pnl_at_mid)) +
         figure("Fees", metric("fees", s.fees)) + figure("Interest on cash", metric("interest", s.interest)) +
         figure("Traded / events", fmt::format("{} / {}", metric("traded", s.traded), metric("events", s.events))) +
         figure("Refused", metric("refused", s.refused)) + figure("Win rate", metric("win_rate", wins, percent(wins))) +
         figure("Profit factor", metric("profit_factor", s.trades.profit_factor, decimal(s.trades.profit_factor))) +
         figure("Growth a year", metric("cagr", s.record.cagr, percent(s.record.cagr))) +
         figure("Sharpe ratio", metric("sharpe", s.equity.sharpe, decimal(s.equity.sharpe))) +
         figure("Sortino ratio", metric("sortino", s.record.sortino, decimal(s.record.sortino))) +
         figure("Final net asset value", metric("final_nav", s.final_nav)) +
         figure("Data score, mean", metric("mean_quality_score", s.mean_quality_score, percent(s.mean_quality_score))) +
         "</div>";
}

/// The deepest fall in words: how deep, from when to when, and when it was made good.
std::string fall(const BacktestResult& result, const Drawdown& d) {
  if (!(d.depth > 0.0)) return "<p class=\"faint\">Net asset value never fell below an earlier one.</p>";
  const auto date = [&](std::size_t at) { return to_string(result.equity[at].date); };
  return fmt::format(
      "<p class=\"faint\">Deepest {} from {} to {}, {}.</p>",
      metric("drawdown.depth", d.depth, fmt::format("{:.2f} %", 100 * d.depth)), date(d.peak), date(d.trough),
      d.recovered < result.equity.size()
          ? fmt::format("made good on {}, {} sessions after the peak", date(d.recovered), d.recovered - d.peak)
          : "not made good by the end");
}

/// The strategy's own curve: what cash earns by itself is drawn beside it and is in none of its figures.
std::string equity(const BacktestResult& result, const Drawdown& deepest) {
  if (result.equity.size() < 2) return "<p class=\"faint\">No equity curve: fewer than two sessions.</p>";
  ChartLine nav{"at executable prices", "first", {}}, mid{"at mid", "second", {}},
      with_interest{"with interest on cash", "quiet", {}}, drawdown{"below the last peak", "first", {}};
  double peak = 0.0;
  for (std::size_t i = 0; i < result.equity.size(); ++i) {
    const EquityPoint& point = result.equity[i];
    const double x = static_cast<double>(i), own = (point.nav - point.interest).dollars();
    peak = std::max(peak, own);
    nav.points.push_back({x, own});
    mid.points.push_back({x, (point.nav_at_mid - point.interest).dollars()});
    with_interest.points.push_back({x, point.nav.dollars()});
    drawdown.points.push_back({x, 100 * (own / peak - 1.0)});
  }
  const ChartAxis axis = session_axis(result);
  const ChartLine values[] = {std::move(with_interest), std::move(mid), std::move(nav)};
  return "<h2>Net asset value without interest on cash</h2>" +
         line_chart({"Net asset value by session", "dollars"}, values, axis) + "<h2>Drawdown</h2>" +
         line_chart({"Drawdown from the running peak", "percent"}, {&drawdown, 1}, axis) + fall(result, deepest);
}

std::string events(const BacktestResult& result, std::span<const PricedMove> moves) {
  std::string rows;
  const std::size_t first = result.events.size() > most_rows ? result.events.size() - most_rows : 0;
  for (std::size_t i = first; i < result.events.size(); ++i) {
    const EventOutcome& event = result.events[i];
    const auto move = std::find_if(moves.begin(), moves.end(), [&](const PricedMove& m) {
      return m.symbol == event.symbol && m.date == event.date;
    });
    const bool moved = move != moves.end();
    rows += fmt::format(
        "<tr><td>{}</td><td>{}</td><td class=\"number {}\">{}</td><td>{}</td><td>{}</td>"
        "<td class=\"number\">{}</td><td class=\"number\">{}</td><td>{}</td><td class=\"wide\">{}</td></tr>",
        escaped(event.symbol), to_string(event.date), event.pnl ? tone(event.pnl->dollars()) : "",
        event.pnl ? dollars(*event.pnl) : "", name(event.session), escaped(event.outcome),
        moved ? percent(move->implied) : "", moved ? percent(move->realised) : "", escaped(event.decided_by),
        escaped(event.reason));
  }
  return "<h2>Every event, and which rule decided</h2>" + left_out(first, "events", "events.csv") +
         fmt::format("<details{}><summary>{} events</summary>", result.events.size() <= 40 ? " open" : "",
                     result.events.size()) +
         "<div class=\"scroll\"><table id=\"events\"><thead><tr><th>symbol</th><th>date</th>"
         "<th class=\"number\">net P&amp;L</th><th>session</th><th>outcome</th><th class=\"number\">implied</th>"
         "<th class=\"number\">realised</th><th>decided by</th><th>why</th></tr></thead><tbody>" +
         rows + "</tbody></table></div></details>";
}

std::string trades(const BacktestResult& result, std::span<const TradeExplanation> explained) {
  if (result.trades.empty()) return "<h2>Trades</h2><p class=\"faint\">No trade was made.</p>";
  std::string rows;
  const std::size_t first = result.trades.size() > most_rows ? result.trades.size() - most_rows : 0;
  for (std::size_t i = first; i < result.trades.size(); ++i) {
    const TradeRecord& t = result.trades[i];
    const Attribution a = i < explained.size() ? explained[i].parts : Attribution{};
    rows += fmt::format(
        "<tr><td>{}</td><td>{}</td><td class=\"number {}\">{}</td><td class=\"number\">{}</td><td>{}</td>"
        "<td class=\"number\">{:g}</td><td>{}</td><td>{}</td><td class=\"number\">{}</td>"
        "<td class=\"number\">{:.2f}</td><td class=\"number\">{:.2f}</td>",
        escaped(t.symbol), to_string(t.event_date), tone(t.pnl.dollars()), dollars(t.pnl), dollars(t.pnl_at_mid),
        name(t.exit_reason), t.spread.strike.dollars(), to_string(t.spread.front), to_string(t.spread.back),
        t.contracts, t.entry_net, t.exit_net);
    for (const double part :
         {a.event_volatility, a.base_volatility, a.theta, a.gamma, a.delta, a.carry, a.cost, a.residual})
      rows += fmt::format("<td class=\"number\">{:.2f}</td>", part);
    rows += "</tr>";
  }
  return "<h2>Trades</h2>" + left_out(first, "trades", "trades.csv") +
         "<div class=\"scroll\"><table id=\"trades\"><thead><tr><th>symbol</th><th>event</th>"
         "<th class=\"number\">net P&amp;L</th><th class=\"number\">at mid</th><th>exit</th>"
         "<th class=\"number\">strike</th><th>front</th><th>back</th><th class=\"number\">lots</th>"
         "<th class=\"number\">paid</th><th class=\"number\">received</th><th class=\"number\">event vol</th>"
         "<th class=\"number\">base vol</th><th class=\"number\">theta</th><th class=\"number\">gamma</th>"
         "<th class=\"number\">delta</th><th class=\"number\">carry</th><th class=\"number\">cost</th>"
         "<th class=\"number\">residual</th></tr></thead><tbody>" +
         rows + "</tbody></table></div>";
}

/// One decision with every rule's value, limit and verdict, folded.
std::string decision(const DecisionRecord& d) {
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
  return fmt::format(
      "<details><summary>{} {} {}: <b class=\"{}\">{}</b> <span class=\"faint\">{}</span></summary>"
      "<p>{}</p><div class=\"scroll\"><table><tbody>{}</tbody></table></div></details>",
      escaped(d.candidate.symbol), to_string(d.candidate.event_date), name(d.candidate.session),
      d.action == DecisionAction::enter ? "good" : "bad", name(d.action), escaped(d.decided_by), escaped(d.reason),
      rows);
}

/// Under the rule that refused them, the most frequent rule first; the latest candidates where there are too many.
std::string rejected(const BacktestResult& result, const BacktestSummary& s) {
  std::size_t refused = 0;
  for (const DecisionRecord& d : result.decisions) refused += d.action != DecisionAction::enter;
  if (s.refusals.empty()) return "<h2>Rejected candidates</h2><p class=\"faint\">Nothing was refused.</p>";
  const std::size_t skip = refused > most_refusals ? refused - most_refusals : 0;
  std::string out =
      "<h2 id=\"rejected\">Rejected candidates, by rule</h2>" + left_out(skip, "refusals", "decisions.jsonl");
  for (const RuleCount& count : s.refusals) {
    std::string group;
    std::size_t passed = 0;
    for (const DecisionRecord& d : result.decisions) {
      if (d.action == DecisionAction::enter) continue;
      if (passed++ >= skip && d.decided_by == count.rule) group += decision(d);
    }
    out += fmt::format("<h3>{} <span class=\"faint\">{} of {} events</span></h3>{}", escaped(count.rule), count.refused,
                       s.events, group);
  }
  return out;
}

std::string entered(const BacktestResult& result) {
  std::string out;
  for (const DecisionRecord& d : result.decisions)
    if (d.action == DecisionAction::enter) out += decision(d);
  return out.empty() ? "" : "<h2>Entered, rule by rule</h2>" + out;
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

std::string render_report(const ReportContent& content) {
  const BacktestResult& result = content.result;
  const BacktestReview& review = content.review;
  return head(content.card) + headline(content.summary, review) + equity(result, review.drawdown) +
         honesty_section(content) + attribution_section(content) + events(result, review.moves) +
         moves_section(content) + trades(result, review.trades) + risk_section(content) +
         rejected(result, content.summary) + entered(result) + quality(result) + run_details(content.card) +
         "</main></body></html>\n";
}

}  // namespace alaris::host
