// SPDX-License-Identifier: Apache-2.0
// The look-ahead check: the same run with its future cut off and with its future made wrong. What it had decided,
// traded and booked up to the border must be the same to the last byte.
#include <filesystem>
#include <memory>

#include <nlohmann/json.hpp>

#include "commands/run_request.hpp"
#include "sources/file_bytes.hpp"
#include "store/look_ahead.hpp"
#include "store/run_files.hpp"
#include "store/run_folder.hpp"

namespace alaris::host {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int most_borders = 8;

LookAheadCheck verify(const AnyMarket& market, const RunRequest& request, const Settings& settings,
                      const Session& session, const std::string& recorded_decisions) {
  ProgressLine progress(session.animated(), "sessions", 1 + 2 * most_borders);
  const BacktestResult whole = run_on(market, request, settings, progress);
  LookAheadCheck out = check_look_ahead(market, whole, most_borders, [&](const AnyMarket& altered) {
    return run_on(altered, request, settings, progress);
  });
  if (decisions_jsonl(whole) != recorded_decisions)
    out.differences.insert(out.differences.begin(), "running it again gives other decisions than the run folder holds");
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
  const LookAheadCheck verified = with_market(
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
      "verify", describe({"alaris backtest verify latest", "alaris backtest verify latest --format json"},
                         "look-ahead check: alter the future, nothing before it may change; exit 1 when it does"));
  auto runs = std::make_shared<std::string>("./runs");
  auto which = std::make_shared<std::string>("latest");
  auto format = std::make_shared<OutputFormat>(OutputFormat::table);
  command->add_option("RUN", *which, "path, id, prefix, or latest");
  command->add_option("--runs", *runs, "folder of run folders (./runs)");
  add_format_option(*command, *format);
  command->callback([=, &session] { verify_run(find_run(*runs, *which), *format, session); });
}

}  // namespace alaris::host
