// SPDX-License-Identifier: Apache-2.0
#include "commands/run_request.hpp"

#include "commands/backtest_options.hpp"
#include "sources/file_bytes.hpp"
#include "text/json_fields.hpp"
#include "text/progress.hpp"

namespace alaris::host {

using Json = nlohmann::ordered_json;

namespace {
constexpr std::string_view fill_names[] = {"touch", "model", "mid"};
}

void add_run_options(CLI::App& command, RunWords& words) {
  command.add_option("--symbol", words.symbols, "ticker symbols, comma-separated")->required();
  command.add_option("--start", words.start, "first session, YYYY-MM-DD")->required();
  command.add_option("--end", words.end, "last session, YYYY-MM-DD")->required();
  add_market_options(command, words.market);
  command.add_option("--capital", words.capital, "dollars (100000)");
  command.add_option("--fills", words.fills, "touch, model or mid")
      ->transform(CLI::CheckedTransformer(std::map<std::string, FillModel>{{"touch", FillModel::touch},
                                                                           {"model", FillModel::model},
                                                                           {"mid", FillModel::mid}})
                      .description(""));
}

RunRequest read_words(const RunWords& words) {
  RunRequest request;
  request.symbols = parse_symbols(words.symbols);
  request.market = words.market;
  if (words.market.source.empty() && source_of(words.market, request.symbols).kind == SourceKind::store)
    request.market.source = "store";
  request.start = parse_date_option("--start", words.start);
  request.end = parse_date_option("--end", words.end);
  if (request.end < request.start) throw HostError(ExitCode::usage, "--end lies before --start");
  const auto capital = Money::parse(words.capital);
  if (!capital || *capital <= Money{})
    throw HostError(ExitCode::usage, fmt::format("--capital: '{}' is not a positive amount of dollars", words.capital));
  request.capital = *capital;
  request.fills = words.fills;
  return request;
}

Json request_json(const RunRequest& request, const Settings& settings) {
  return {{"symbols", request.symbols},
          {"start", to_string(request.start)},
          {"end", to_string(request.end)},
          {"source", request.market.source.empty() ? "simulated" : request.market.source},
          {"quotes", request.market.estimated_quotes ? "estimated" : "market"},
          {"seed", request.market.seed >= 0 ? request.market.seed : settings.simulation.seed},
          {"capital", to_string(request.capital)},
          {"fills", fill_names[static_cast<std::size_t>(request.fills)]}};
}

RunRequest read_request(const Json& manifest, const std::string& file) {
  std::vector<std::string> errors;
  JsonFields root(manifest, file + ": ", errors);
  RunRequest request;
  if (auto fields = root.required().object("request")) {
    if (fields->has("symbols") && manifest.at("request").at("symbols").is_array())
      for (const Json& symbol : manifest.at("request").at("symbols"))
        if (symbol.is_string()) request.symbols.push_back(symbol.get<std::string>());
    if (request.symbols.empty()) fields->complain("symbols", "a list of symbols is required");
    request.start = fields->required().date("start").value_or(Date{});
    request.end = fields->required().date("end").value_or(Date{});
    request.market.source = fields->required().text("source").value_or("");
    request.market.estimated_quotes = fields->required().choice("quotes", {"market", "estimated"}) == "estimated";
    request.market.seed = fields->required().integer("seed", 0, 2147483647).value_or(0);
    const auto capital = Money::parse(fields->required().text("capital").value_or(""));
    if (!capital) fields->complain("capital", "not an amount of dollars");
    request.capital = capital.value_or(Money{});
    const auto fills = fields->required().choice("fills", {fill_names[0], fill_names[1], fill_names[2]});
    for (std::size_t i = 0; i < std::size(fill_names); ++i)
      if (fills == fill_names[i]) request.fills = static_cast<FillModel>(i);
  }
  if (!errors.empty()) throw HostError(ExitCode::integrity, fmt::format("{}", fmt::join(errors, "\nalaris: ")));
  return request;
}

std::uint64_t data_fingerprint(const MarketNotes& notes) {
  std::uint64_t data = fingerprint(notes.source);
  for (const FileRead& file : notes.files) data = fingerprint(fmt::format("{:016x}", file.fingerprint), data);
  return data;
}

BacktestResult run_on(const AnyMarket& market, const RunRequest& request, const Settings& settings,
                      ProgressLine& progress) {
  const TradingCalendar calendar = TradingCalendar::nyse();
  const BacktestSettings backtest = request.settings(settings);
  BacktestResult result = run_backtest(market, request.symbols, calendar, backtest,
                                       [&](int done, int total) { progress.show(done, total); });
  progress.next_round();
  return result;
}

}  // namespace alaris::host
