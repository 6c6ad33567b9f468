// SPDX-License-Identifier: Apache-2.0
// data bootstrap, status, verify, gaps, cache clear: what the local store holds, and how it gets there.
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alaris/market/earnings_standing.hpp>
#include <alaris/market/symbol.hpp>

#include "bootstrap/repair.hpp"
#include "bootstrap/silences.hpp"
#include "bootstrap/vendor_import.hpp"
#include "commands/backtest_options.hpp"
#include "commands/command.hpp"
#include "commands/rows.hpp"
#include "store/market_store.hpp"
#include "text/csv.hpp"
#include "text/progress.hpp"

namespace alaris::host {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

volatile std::sig_atomic_t interrupted = 0;

/// While it lives, the first Ctrl-C asks to stop after the symbol at hand; the second one ends the program as usual.
class GracefulStop {
 public:
  GracefulStop() {
    interrupted = 0;
    struct sigaction action {};
    action.sa_handler = [](int) { interrupted = 1; };
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    ::sigaction(SIGINT, &action, &before_);
  }
  ~GracefulStop() { ::sigaction(SIGINT, &before_, nullptr); }
  GracefulStop(const GracefulStop&) = delete;
  GracefulStop& operator=(const GracefulStop&) = delete;

 private:
  struct sigaction before_ {};
};

Instant now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

/// What one folder holds, symbol by symbol.
struct ImportPlan {
  SourceName source;
  std::string store_source;  // how rows of this folder are marked
  std::vector<std::string> symbols;
};

ImportPlan plan_of(const std::string& source_text, const std::string& symbols) {
  ImportPlan plan;
  plan.source = parse_source(source_text);
  if (plan.source.kind == SourceKind::simulated || plan.source.kind == SourceKind::store)
    throw HostError(ExitCode::usage, fmt::format("'{}' needs no store: name it where it is used", source_text));
  const fs::path folder = fs::absolute(plan.source.folder).lexically_normal();
  plan.source.folder = folder;
  const fs::path base = folder.has_filename() ? folder.filename() : folder.parent_path().filename();
  const bool chains = plan.source.kind == SourceKind::chains;
  plan.store_source = source_text.substr(0, source_text.find(':') + 1) + base.string();
  if (!symbols.empty())
    plan.symbols = parse_symbols(symbols);
  else if (chains)
    plan.symbols = chain_folder_symbols(folder);
  else
    throw HostError(ExitCode::usage, "--symbol: this source needs the names to read");
  if (plan.symbols.empty()) throw HostError(ExitCode::data, folder.string() + ": no symbol in this folder");
  return plan;
}

struct ImportCount {
  int read = 0, unchanged = 0;
  WriteCount rows;
  std::set<std::string> warnings;
};

/// The days of a symbol that are wanted: to `until`, and the chains of the last `days` before the last one there is.
struct Wanted {
  Date until = Date::max();
  int days = 0;
  [[nodiscard]] bool everything() const noexcept { return days == 0 && until == Date::max(); }
};

WriteCount write_symbol(MarketStore& store, const std::string& symbol, const RecordedMarket& market,
                        const Wanted& wanted, const Provenance& from) {
  WriteCount count;
  std::vector<Bar> bars;
  for (const Bar& bar : market.bars(symbol))
    if (bar.date <= wanted.until) bars.push_back(bar);
  count += store.write_bars(symbol, bars, from);
  Date last = Date::min();
  for (const auto& chain : market.chains(symbol))
    if (chain->date() <= wanted.until) last = std::max(last, chain->date());
  if (last == Date::min() && !market.chains(symbol).empty())
    throw HostError(ExitCode::data,
                    fmt::format("{}: the source begins on {}, after --until {}", symbol,
                                to_string(market.chains(symbol).front()->date()), to_string(wanted.until)));
  const Date first = wanted.days > 0 && last != Date::min() ? last - std::chrono::days(wanted.days) : Date::min();
  for (const auto& chain : market.chains(symbol))
    if (chain->date() >= first && chain->date() <= last) count += store.write_chain(symbol, *chain, from);
  count += store.write_dividends(symbol, market.dividends(symbol), from);
  count += store.write_splits(symbol, market.splits(symbol), from);
  count += store.write_earnings(symbol, market.earnings(symbol), from);
  count += store.write_index("VIX", market.vix(), from);
  count += store.write_rates(market.rates(), from);
  return count;
}

/// One transaction per symbol: whatever stops it, whole symbols are held and the next run goes on from there.
ImportCount import_folder(MarketStore& store, const ImportPlan& plan, const Wanted& wanted, bool animated) {
  ImportCount count;
  const std::string origin = plan.source.folder.string();
  const Provenance from{plan.store_source, now()};
  ProgressLine progress(animated, "symbols");
  const GracefulStop stop;
  const int total = static_cast<int>(plan.symbols.size());
  for (int i = 0; i < total && !interrupted; ++i) {
    const std::string& symbol = plan.symbols[static_cast<std::size_t>(i)];
    progress.show(i, total);
    const bool whole_folder = plan.source.kind == SourceKind::chains && wanted.everything();
    const std::uint64_t print = whole_folder ? chain_folder_fingerprint(plan.source.folder, symbol) : 0;
    if (print != 0 && store.has_read(symbol, origin, print)) {
      ++count.unchanged;
      continue;
    }
    const LoadedMarket loaded = read_source(plan.source, {symbol});
    count.warnings.insert(loaded.warnings.begin(), loaded.warnings.end());
    Transaction whole(store.database());
    count.rows += write_symbol(store, symbol, loaded.market, wanted, from);
    store.note_read(symbol, origin, print, from);
    whole.commit();
    ++count.read;
  }
  return count;
}

struct DataOptions {
  std::string symbols, source, file, until, at;
  std::vector<std::string> only;
  int days = 0;
  bool repair = false, refresh = false, dry_run = false;
  OutputFormat format = OutputFormat::table;
  OutputFormat list_format = OutputFormat::csv;  // of gaps and earnings
  [[nodiscard]] fs::path store() const { return file.empty() ? MarketStore::default_file() : fs::path(file); }
};

MarketStore opened(const DataOptions& options, Access access = Access::read) {
  if (access == Access::read && !fs::exists(options.store()))
    throw HostError(ExitCode::data, fmt::format("{}: there is no store yet; 'alaris data bootstrap' makes one",
                                                options.store().string()));
  return MarketStore(options.store(), access);
}

void print_coverage(MarketStore& store, OutputFormat format) {
  const std::vector<Coverage> held = store.coverage();
  if (format == OutputFormat::json) {
    Json rows = Json::array();
    for (const Coverage& c : held)
      rows.push_back({{"symbol", c.symbol},
                      {"kind", c.kind},
                      {"source", c.source},
                      {"from", to_string(c.from)},
                      {"to", to_string(c.to)},
                      {"days", c.days},
                      {"rows", c.rows},
                      {"as_of", to_string(c.as_of)}});
    const Json out{{"schema", "alaris/store/1"}, {"store", store.database().file().string()}, {"holds", rows}};
    fmt::print("{}\n", out.dump(2));
    return;
  }
  if (format == OutputFormat::csv) {
    fmt::print("symbol,kind,source,from,to,days,rows,as_of\n");
    for (const Coverage& c : held)
      fmt::print("{}", csv_row({csv_field(c.symbol), c.kind, csv_field(c.source), to_string(c.from), to_string(c.to),
                                std::to_string(c.days), std::to_string(c.rows), to_string(c.as_of)}));
    return;
  }
  fmt::print("{}\n{:<8} {:<10} {:<22} {:<10}  {:<10} {:>6} {:>9}  {}\n", store.database().file().string(), "symbol",
             "kind", "source", "from", "to", "days", "rows", "read");
  for (const Coverage& c : held)
    fmt::print("{:<8} {:<10} {:<22} {:<10}  {:<10} {:>6} {:>9}  {}\n", c.symbol.empty() ? "-" : c.symbol, c.kind,
               c.source, to_string(c.from), to_string(c.to), c.days, c.rows, to_string(c.as_of).substr(0, 10));
}

/// What the servers are asked with: the keys that the parts asked for need.
VendorRequest vendor_request(const DataOptions& options, const Session& session, const VendorKeys& keys) {
  VendorRequest request{};
  request.now = now();
  request.feeds = session.config().settings.feeds;
  request.only = {options.only.begin(), options.only.end()};
  request.refresh = options.refresh;
  request.plan_only = options.dry_run;
  if (request.wants_massive() && !keys.massive)
    throw HostError(ExitCode::data,
                    "--source massive needs POLYGON_API_KEY (or POLYGON_API_KEY_FILE); without a key: --only "
                    "vix,rates,earnings,reports, or --source chains:DIR, lean:DIR, optionsdx:DIR or dolthub:DIR");
  if (request.only.contains("reports") && !keys.edgar_contact)
    throw HostError(ExitCode::data, "--only reports needs EDGAR_USER_AGENT: your name and e-mail address for the SEC");
  const bool of_names = request.wants_massive() || request.wants("earnings") || request.wants("reports");
  if (!options.symbols.empty())
    request.symbols = parse_symbols(options.symbols);
  else if (of_names)
    throw HostError(ExitCode::usage, "--symbol: the names to read are required");
  for (std::string& symbol : request.symbols) symbol = canonical_symbol(symbol);
  request.end = options.until.empty() ? new_york_date(request.now) : parse_date_option("--until", options.until);
  request.start = request.end - std::chrono::days(options.days > 0 ? options.days : 365);
  return request;
}

/// Asks the servers, telling what it waits for; a silence that a server asks for outlives this program.
std::vector<PartOutcome> ask_vendors(MarketStore& store, const VendorRequest& request, const VendorKeys& keys,
                                     const Session& session) {
  HttpClient client(feed_hosts(request.feeds));
  const AnswerCache cache(AnswerCache::default_folder());
  const Silences silences(AnswerCache::default_folder().parent_path() / "silences.json");
  silences.apply(client.limiter(), std::chrono::steady_clock::now(), request.now);
  ProgressLine progress(session.animated(), "contracts");
  const auto stopped = [] { return interrupted != 0; };
  const auto note = [&](const std::string& text) {
    if (request.plan_only)
      fmt::print("{}\n", text);  // that is what was asked for
    else if (!session.quiet)
      fmt::print(stderr, "{}\n", text);
  };
  client.listen(
      {.stopped = stopped,
       .waiting =
           [&](const std::string& host, Limiter::Wait wait) {
             note(fmt::format("{} is left alone for {:.0f} s", host, std::chrono::duration<double>(wait).count()));
           },
       .silenced =
           [&](const std::string& host, Limiter::Wait wait) {
             silences.keep(host, now() + std::chrono::duration_cast<std::chrono::microseconds>(wait));
           }});
  const VendorEvents events{
      .note = note, .progress = [&](int done, int total) { progress.show(done, total); }, .stopped = stopped};
  return import_from_vendors(store, client, cache, request, keys, events);
}

/// From the servers. Exit 5 when a part that there is a key for failed, 1 when stopped.
void bootstrap_from_vendors(const DataOptions& options, Session& session) {
  const VendorKeys keys = VendorKeys::of_process();
  const VendorRequest request = vendor_request(options, session, keys);
  MarketStore store(options.store(), Access::write);
  const GracefulStop stop;
  const std::vector<PartOutcome> outcomes = ask_vendors(store, request, keys, session);
  bool failed = false;
  for (const PartOutcome& part : outcomes) {
    failed = failed || part.failed;
    if (part.failed || !session.quiet)
      fmt::print(stderr, "{:<8} {:<20} {}{}\n", part.symbol.empty() ? "-" : part.symbol, part.part,
                 part.failed    ? "FAILED: "
                 : part.skipped ? "skipped: "
                                : "",
                 part.what);
  }
  if (interrupted) fmt::print(stderr, "alaris: stopped; what was read is kept, the same command goes on from here\n");
  session.exit_code = interrupted ? ExitCode::answer_is_no : failed ? ExitCode::unavailable : ExitCode::done;
  if (!options.dry_run) print_coverage(store, options.format);
}

void bootstrap(const DataOptions& options, Session& session) {
  if (options.source.empty() || options.source == "massive") return bootstrap_from_vendors(options, session);
  const ImportPlan plan = plan_of(options.source, options.symbols);
  MarketStore store(options.store(), Access::write);
  const auto start = std::chrono::steady_clock::now();
  if (!session.quiet)
    fmt::print(stderr, "reading {} symbols from {} into {}\n", plan.symbols.size(), plan.source.folder.string(),
               options.store().string());
  const Wanted wanted{.until = options.until.empty() ? Date::max() : parse_date_option("--until", options.until),
                      .days = options.days};
  const ImportCount count = import_folder(store, plan, wanted, session.animated());
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (!session.quiet) {
    for (const std::string& warning : count.warnings) fmt::print(stderr, "note: {}\n", warning);
    fmt::print(stderr, "{} symbols read, {} unchanged; {} records new, {} as before, {} restated; {:.1f} s\n",
               count.read, count.unchanged, count.rows.added, count.rows.same, count.rows.restated, seconds);
    if (count.rows.early)
      fmt::print(stderr, "note: {} records of sessions that are not over were left out\n", count.rows.early);
  }
  if (interrupted) {
    fmt::print(stderr, "alaris: stopped; what was read is stored, the same command goes on from here\n");
    session.exit_code = ExitCode::answer_is_no;
    return;
  }
  print_coverage(store, options.format);
}

/// What is damaged, as the format says; a sound store is an empty list, or a sentence in a table.
void print_damage(const std::vector<Damage>& damage, OutputFormat format, const Session& session) {
  if (format == OutputFormat::table) {
    for (const Damage& d : damage)
      fmt::print("{} {} ({}): {}\n", d.symbol.empty() ? "the file" : d.symbol,
                 d.symbol.empty() ? "" : to_string(d.date), d.source, d.why);
    if (damage.empty()) fmt::print("sound: every block and every bar is what was written\n");
    return;
  }
  Json rows = Json::array();
  for (const Damage& d : damage)
    rows.push_back({{"symbol", d.symbol.empty() ? Json(nullptr) : Json(d.symbol)},
                    {"date", d.symbol.empty() ? Json(nullptr) : Json(to_string(d.date))},
                    {"source", d.source},
                    {"why", d.why}});
  print_rows(format, "alaris/damage/1", "damage", {{"symbol"}, {"date"}, {"source"}, {"why"}}, rows, session);
}

/// One session's chain from its vendor; why it could not be read, or nothing.
std::optional<std::string> read_again(MarketStore& store, const std::string& symbol, Date date,
                                      const Session& session) {
  const VendorKeys keys = VendorKeys::of_process();
  if (!keys.massive) return "it came from massive, and there is no POLYGON_API_KEY to ask again with";
  VendorRequest request{.symbols = {symbol},
                        .start = date,
                        .end = date,
                        .now = now(),
                        .feeds = session.config().settings.feeds,
                        .only = {"chains"},
                        .refresh = true};
  for (const PartOutcome& part : ask_vendors(store, request, keys, session))
    if (part.part == "chains" && (part.failed || part.skipped)) return part.what;
  return std::nullopt;
}

void verify(const DataOptions& options, Session& session) {
  MarketStore store = opened(options, options.repair ? Access::write : Access::read);
  std::vector<Damage> damage = store.damage();
  if (damage.empty() || !options.repair || options.format == OutputFormat::table)
    print_damage(damage, options.format, session);
  if (damage.empty()) return;
  session.exit_code = ExitCode::integrity;
  if (!options.repair) {
    fmt::print(stderr, "alaris: {} damaged; --repair reads them again from where they came\n", damage.size());
    return;
  }
  const GracefulStop stop;
  const std::vector<std::string> kept = repair(
      store, damage, [&](const std::string& symbol, Date date) { return read_again(store, symbol, date, session); });
  for (const std::string& why : kept) fmt::print(stderr, "alaris: kept as it is: {}\n", why);
  const std::size_t before = damage.size();
  damage = store.damage();
  const bool for_people = options.format == OutputFormat::table;
  if (!for_people) print_damage(damage, options.format, session);  // what is left
  fmt::print(for_people ? stdout : stderr, "{} read again, {} still damaged\n",
             before - std::min(before, damage.size()), damage.size());
  const bool file = std::any_of(damage.begin(), damage.end(), [](const Damage& d) { return d.symbol.empty(); });
  session.exit_code = damage.empty() ? ExitCode::done : file ? ExitCode::integrity : ExitCode::data;
}

void gaps(const DataOptions& options, Session& session) {
  MarketStore store = opened(options);
  const TradingCalendar calendar = TradingCalendar::nyse();
  const std::vector<std::string> symbols = options.symbols.empty() ? store.symbols() : parse_symbols(options.symbols);
  std::size_t missing = 0;
  Json rows = Json::array();
  const auto report = [&](const std::string& symbol, const char* kind, const std::set<Date>& held) {
    const auto row = [&](const Json& date, const std::string& what) {
      rows.push_back({{"symbol", symbol}, {"kind", kind}, {"date", date}, {"what", what}});
    };
    if (held.empty()) {
      ++missing;
      return row(nullptr, "nothing is held");
    }
    for (Date day = calendar.next_session(*held.begin()); day < *held.rbegin(); day = calendar.next_session(day))
      if (!held.contains(day)) {
        ++missing;
        row(to_string(day), fmt::format("no {} of this session", kind));
      }
    for (const Date day : held)
      if (!calendar.is_session(day)) row(to_string(day), "not a session");
  };
  for (const std::string& symbol : symbols) {
    const SymbolHistory history = store.history(symbol);
    std::set<Date> bars, chains;
    for (const Bar& bar : history.bars) bars.insert(bar.date);
    for (const auto& chain : history.chains) chains.insert(chain->date());
    report(symbol, "bars", bars);
    report(symbol, "chains", chains);
  }
  print_rows(options.list_format, "alaris/gaps/1", "gaps", {{"symbol"}, {"kind"}, {"date"}, {"what"}}, rows, session);
  if (missing > 0) session.exit_code = ExitCode::answer_is_no;
}

/// What stands about each report at an instant, as known then; the future of that instant is not looked at.
void earnings(const DataOptions& options, const Session& session) {
  MarketStore store = opened(options);
  const TradingCalendar calendar = TradingCalendar::nyse();
  const Instant at =
      options.at.empty() ? now() : new_york_instant(parse_date_option("--at", options.at), std::chrono::hours(24));
  const std::vector<std::string> symbols = options.symbols.empty() ? store.symbols() : parse_symbols(options.symbols);
  Json rows = Json::array();
  for (const std::string& symbol : symbols)
    for (const StandingEarnings& report : standing_earnings(store.history(symbol).earnings, at, calendar))
      rows.push_back({{"symbol", symbol},
                      {"date", to_string(report.date)},
                      {"session", name(report.session)},
                      {"standing", name(report.standing)},
                      {"sources", report.sources},
                      {"session_source", report.session_source}});
  print_rows(options.list_format, "alaris/earnings/1", "reports",
             {{"symbol"}, {"date"}, {"session"}, {"standing"}, {"sources", Align::right}, {"session_source"}}, rows,
             session);
}

/// Empties the cache folder and nothing else: what it is must be its own name, not a link to elsewhere.
void clear_cache(bool dry_run) {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  const char* home = std::getenv("HOME");
  const fs::path folder = (cache && *cache ? fs::path(cache) : fs::path(home ? home : ".") / ".cache") / "alaris";
  if (!fs::exists(folder)) {
    fmt::print("{}: nothing to clear\n", folder.string());
    return;
  }
  if (fs::is_symlink(folder) || !fs::is_directory(folder))
    throw HostError(ExitCode::needs_a_person, folder.string() + ": not a folder of its own; nothing was removed");
  if (dry_run) {
    const auto all = fs::recursive_directory_iterator(folder);
    return fmt::print("{}: {} files and folders would be removed\n", folder.string(),
                      std::distance(begin(all), end(all)));
  }
  std::uintmax_t removed = 0;
  std::vector<fs::path> entries;
  for (const auto& entry : fs::directory_iterator(folder)) entries.push_back(entry.path());
  for (const fs::path& entry : entries) removed += fs::remove_all(entry);
  fmt::print("{}: {} files and folders removed\n", folder.string(), removed);
}

}  // namespace

void add_data_commands(CLI::App& app, Session& session) {
  auto* data = app.add_subcommand("data",
                                  "Examples:\n  alaris data bootstrap --symbol AAPL --days 365\n"
                                  "  alaris data bootstrap --source chains:DIR\n"
                                  "  alaris data bootstrap --symbol AAPL,NFLX --source lean:DIR\n"
                                  "  alaris data status\n  alaris data verify --repair\n\n"
                                  "the local store of market data");
  data->require_subcommand(1);
  const auto options = std::make_shared<DataOptions>();
  const auto add = [&](const char* name, const std::string& what) {
    auto* command = data->add_subcommand(name, what);
    command->add_option("--store", options->file, "file of the store (default: in the state folder)");
    return command;
  };

  auto* fill =
      add("bootstrap",
          describe({"alaris data bootstrap --symbol AAPL --days 365", "alaris data bootstrap --source chains:DIR"},
                   "read a source into the store; a second run reads only what changed"));
  fill->add_option("--symbol", options->symbols, "names, separated by commas (default: all of a chain folder)");
  fill->add_option("--source", options->source,
                   "massive (needs a key), chains:DIR, lean:DIR, optionsdx:DIR or dolthub:DIR");
  fill->add_option("--until", options->until, "last day (default: the last session that is over)");
  fill->add_option("--days", options->days, "only chains of so many days before that")->check(CLI::PositiveNumber);
  fill->add_option("--only", options->only,
                   "of the servers: vix, rates, bars, chains, earnings, reports (separate by commas)")
      ->delimiter(',')
      ->check(
          CLI::IsMember(std::vector<std::string>(std::begin(vendor_parts), std::end(vendor_parts))).description(""));
  fill->add_flag("--refresh", options->refresh, "ask the servers again for what is held or was answered today");
  fill->add_flag("--dry-run", options->dry_run, "say what the key yields, how many calls and how long; store nothing");
  add_format_option(*fill, options->format);
  fill->callback([options, &session] { bootstrap(*options, session); });

  auto* status = add("status", describe({"alaris data status", "alaris data status --format csv"},
                                        "what is held, from where, and when it was read"));
  add_format_option(*status, options->format);
  status->callback([options] {
    MarketStore store = opened(*options);
    print_coverage(store, options->format);
  });

  auto* check = add("verify", describe({"alaris data verify", "alaris data verify --repair"},
                                       "compare every block with its fingerprint; exit 8 when one is damaged"));
  check->add_flag("--repair", options->repair,
                  "read what is damaged again from where it came; what cannot be read is kept, exit 4");
  add_format_option(*check, options->format);
  check->callback([options, &session] { verify(*options, session); });

  auto* holes = add(
      "gaps",
      describe({"alaris data gaps --symbol AAPL", "alaris data gaps --format json"},
               "sessions without bars or chains, as CSV unless --format says otherwise; exit 1 when there are any"));
  holes->add_option("--symbol", options->symbols, "names, separated by commas (default: all)");
  add_format_option(*holes, options->list_format);
  holes->callback([options, &session] { gaps(*options, session); });

  auto* reports = add(
      "earnings", describe({"alaris data earnings --symbol AAPL", "alaris data earnings --at 2026-07-29 --format json"},
                           "each report's date, session and standing, as CSV unless --format says otherwise; only "
                           "'confirmed' may be traded"));
  reports->add_option("--symbol", options->symbols, "names, separated by commas (default: all)");
  reports->add_option("--at", options->at, "as known at the end of this day (default: now)");
  add_format_option(*reports, options->list_format);
  reports->callback([options, &session] { earnings(*options, session); });

  add_chain_quality_command(*data, session);
  auto* cache = data->add_subcommand("cache", describe({"alaris data cache clear"}, "the cache folder"));
  cache->require_subcommand(1);
  auto* clear =
      cache->add_subcommand("clear", describe({"alaris data cache clear --dry-run", "alaris data cache clear"},
                                              "remove what is cached; never touches the store"));
  auto dry_run = std::make_shared<bool>(false);
  clear->add_flag("--dry-run", *dry_run, "say what would be removed, remove nothing");
  clear->callback([dry_run] { clear_cache(*dry_run); });
}

}  // namespace alaris::host
