// SPDX-License-Identifier: Apache-2.0
// The look-ahead check: the same run with its future cut off and with its future made wrong. What it had decided,
// traded and booked up to the border must be the same to the last byte.
#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>

#include <nlohmann/json.hpp>

#include <alaris/backtest/altered_future.hpp>

#include "commands/run_request.hpp"
#include "sources/file_bytes.hpp"
#include "store/run_files.hpp"
#include "store/run_folder.hpp"

namespace alaris::host {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t most_borders = 8;

/// Everything a run did up to the close of `last`, as it is written down.
struct PastText {
  std::string decisions, orders, fills, equity;
};

PastText past_of(const BacktestResult& result, Date last, const TradingCalendar& calendar) {
  const Instant border = calendar.close(last);
  BacktestResult past;
  for (const DecisionRecord& d : result.decisions)
    if (d.at <= border) past.decisions.push_back(d);
  for (const OrderRecord& o : result.orders)
    if (o.session <= last) past.orders.push_back(o);
  for (const ComboFill& f : result.fills)
    if (f.at <= border) past.fills.push_back(f);
  for (const EquityPoint& p : result.equity)
    if (p.date <= last) past.equity.push_back(p);
  return {decisions_jsonl(past), orders_csv(past), fills_csv(past), equity_csv(past)};
}

/// The first line in which two texts differ; empty when they are the same.
std::string first_difference(std::string_view name, const std::string& a, const std::string& b) {
  if (a == b) return "";
  const auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  const auto line = std::count(a.begin(), x, '\n') + 1;
  return fmt::format("{} line {}", name, line);
}

/// Sessions after which the future is altered: those of the decisions, at most eight, spread over the run.
std::vector<Date> borders_of(const BacktestResult& result) {
  std::set<Date> sessions;
  for (const DecisionRecord& d : result.decisions) sessions.insert(new_york_date(d.at));
  if (sessions.empty())
    for (std::size_t i = 0; i < result.equity.size(); i += std::max<std::size_t>(result.equity.size() / 4, 1))
      sessions.insert(result.equity[i].date);
  const std::vector<Date> all(sessions.begin(), sessions.end());
  std::vector<Date> chosen;
  const std::size_t count = std::min(all.size(), most_borders);
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(all[i * all.size() / count]);
  return chosen;
}

struct Verified {
  std::vector<Date> borders;
  std::vector<std::string> differences;
};

Verified verify(const AnyMarket& market, const RunRequest& request, const Settings& settings, const Session& session,
                const std::string& recorded_decisions) {
  const TradingCalendar calendar = TradingCalendar::nyse();
  const BacktestResult whole = run_on(market, request, settings, session);
  Verified out{.borders = borders_of(whole), .differences = {}};
  if (decisions_jsonl(whole) != recorded_decisions)
    out.differences.push_back("running it again gives other decisions than the run folder holds");
  for (const Date border : out.borders) {
    const PastText expected = past_of(whole, border, calendar);
    for (const Future future : {Future::truncated, Future::perturbed}) {
      const AlteredFuture altered(market, border, future, calendar);
      const PastText seen = past_of(run_on(AnyMarket(altered), request, settings, session), border, calendar);
      for (const std::string& difference : {first_difference("decisions", expected.decisions, seen.decisions),
                                            first_difference("orders", expected.orders, seen.orders),
                                            first_difference("fills", expected.fills, seen.fills),
                                            first_difference("equity", expected.equity, seen.equity)})
        if (!difference.empty())
          out.differences.push_back(fmt::format("with the future after {} {}: {} differs", to_string(border),
                                                future == Future::truncated ? "cut off" : "made wrong", difference));
    }
  }
  return out;
}

void verify_run(const fs::path& folder, OutputFormat format, Session& session) {
  const std::string manifest_path = (folder / "manifest.json").string();
  Json manifest;
  try {
    manifest = Json::parse(read_file(manifest_path));
  } catch (const Json::exception& e) {
    throw HostError(ExitCode::integrity, fmt::format("{}: {}", manifest_path, e.what()));
  }
  const RunRequest request = read_request(manifest, manifest_path);
  ConfigInputs inputs;  // the run's own configuration, not today's
  inputs.files = {(folder / "config.toml").string()};
  const ResolvedConfig config = resolve_config(inputs);
  const Verified verified = with_market(
      request.market, config.settings, request.symbols, request.start, request.end,
      [&](const auto& market, const MarketNotes& notes) {
        if (fmt::format("{:016x}", data_fingerprint(notes)) != manifest.value("data_fnv1a64", ""))
          throw HostError(ExitCode::integrity, "the data is not what the run was made of: nothing can be verified");
        return verify(AnyMarket(market), request, config.settings, session, read_file(folder / "decisions.jsonl"));
      });
  session.exit_code = verified.differences.empty() ? ExitCode::done : ExitCode::answer_is_no;
  if (format == OutputFormat::json) {
    Json borders = Json::array();
    for (const Date border : verified.borders) borders.push_back(to_string(border));
    const Json out{{"schema", "alaris/verification/1"},
                   {"run_id", manifest.value("run_id", "")},
                   {"labels", manifest.value("labels", Json::array())},
                   {"same", verified.differences.empty()},
                   {"borders", std::move(borders)},
                   {"differences", verified.differences}};
    return fmt::print("{}\n", out.dump(2));
  }
  for (const auto& label : manifest.value("labels", Json::array())) fmt::print("** {} **\n", label.get<std::string>());
  for (const std::string& difference : verified.differences) fmt::print("{}\n", difference);
  fmt::print("{}: {} borders, each with the future cut off and made wrong: {}\n", folder.filename().string(),
             verified.borders.size(),
             verified.differences.empty() ? "nothing decided, traded or booked before changes" : "LOOK-AHEAD");
}

}  // namespace

void add_backtest_verify(CLI::App& backtest, Session& session) {
  auto* command = backtest.add_subcommand(
      "verify", "look-ahead check: alter the future, nothing before it may change; exit 1 when it does");
  auto runs = std::make_shared<std::string>("./runs");
  auto which = std::make_shared<std::string>("latest");
  auto format = std::make_shared<OutputFormat>(OutputFormat::table);
  command->add_option("RUN", *which, "path, id, prefix, or latest");
  command->add_option("--runs", *runs, "folder of run folders (./runs)");
  add_format_option(*command, *format);
  command->callback([=, &session] { verify_run(find_run(*runs, *which), *format, session); });
}

}  // namespace alaris::host
