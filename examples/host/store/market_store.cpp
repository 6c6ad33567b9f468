// SPDX-License-Identifier: Apache-2.0
#include "store/market_store.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>

#include <fmt/format.h>

#include <alaris/market/earnings_standing.hpp>

#include "host_error.hpp"
#include "store/chain_block.hpp"
#include "store/store_schema.hpp"

namespace alaris::host {
namespace {

namespace fs = std::filesystem;

std::int64_t stored(Date date) noexcept {
  return date.time_since_epoch().count();
}
std::int64_t stored(Instant at) noexcept {
  return at.time_since_epoch().count();
}
std::int64_t stored(std::uint64_t fingerprint) noexcept {
  return std::bit_cast<std::int64_t>(fingerprint);
}
Date date_of(std::int64_t days) noexcept {
  return Date(std::chrono::days(days));
}
Instant instant_of_stored(std::int64_t microseconds) noexcept {
  return Instant(std::chrono::microseconds(microseconds));
}
bool same(double a, double b) noexcept {
  return a == b || (a != a && b != b);
}

constexpr double OptionQuote::*quote_fields[]{
    &OptionQuote::bid,      &OptionQuote::ask,           &OptionQuote::last,
    &OptionQuote::volume,   &OptionQuote::open_interest, &OptionQuote::vendor_volatility,
    &OptionQuote::bid_size, &OptionQuote::ask_size,
};

/// Two statements about one session's contracts as one; where both know a field, one of them wins.
struct ChainUnion {
  std::vector<OptionQuote> quotes{};
  bool grew = false;          // a contract, or a field of one, that was not held
  bool contradicted = false;  // a field that was held with another value
};

bool contradicts(const OptionQuote& held, const OptionQuote& said) noexcept {
  return std::any_of(std::begin(quote_fields), std::end(quote_fields), [&](auto field) {
    return held.*field == held.*field && said.*field == said.*field && held.*field != said.*field;
  });
}

ChainUnion united(std::span<const OptionQuote> held, std::span<const OptionQuote> said, bool newest_wins) {
  ChainUnion out;
  out.quotes.reserve(std::max(held.size(), said.size()));
  auto old = held.begin();
  for (const OptionQuote& quote : said) {
    for (; old != held.end() && old->contract < quote.contract; ++old) out.quotes.push_back(*old);
    if (old == held.end() || old->contract != quote.contract) {
      out.quotes.push_back(quote);
      out.grew = true;
      continue;
    }
    out.quotes.push_back(*old++);
    OptionQuote& both = out.quotes.back();
    const bool other = contradicts(both, quote);
    out.contradicted = out.contradicted || other;
    if (other && !newest_wins) continue;  // half of one statement and half of another would be nobody's
    for (const auto field : quote_fields) {
      if (quote.*field != quote.*field || quote.*field == both.*field) continue;
      out.grew = out.grew || both.*field != both.*field;
      both.*field = quote.*field;
    }
  }
  out.quotes.insert(out.quotes.end(), old, held.end());
  return out;
}
ChainUnion with_more(std::span<const OptionQuote> held, std::span<const OptionQuote> said) {
  return united(held, said, false);
}
ChainUnion with_newest(std::span<const OptionQuote> held, std::span<const OptionQuote> said) {
  return united(held, said, true);
}

/// Of rows in order of date and publication, the rows of the first source of each date.
struct FirstSource {
  Date date = Date::min();
  std::string source{};
  bool takes(Date on, const std::string& from) {
    if (on == date) return from == source;
    date = on;
    source = from;
    return true;
  }
};

}  // namespace

fs::path MarketStore::default_file() {
  const char* state = std::getenv("XDG_STATE_HOME");
  const char* home = std::getenv("HOME");
  const fs::path folder = state && *state ? fs::path(state) : fs::path(home ? home : ".") / ".local" / "state";
  return folder / "alaris" / "alaris.db";
}

std::optional<MarketStore> MarketStore::existing(const fs::path& file) {
  if (!fs::exists(file)) return std::nullopt;
  return MarketStore(file, Access::read);
}

MarketStore::MarketStore(const fs::path& file, Access access)
    : database_(std::make_unique<Database>(file, access, store_migrations)) {}

std::int64_t MarketStore::data_version() {
  Statement statement(*database_, "PRAGMA data_version");
  return statement.step() ? statement.integer(0) : 0;
}

Instant MarketStore::close_of(Date date) const noexcept {
  using namespace std::chrono_literals;
  return new_york_instant(date, calendar_.kind(date) == DayKind::half_day ? 13h : 16h);
}

WriteCount MarketStore::write_days(const std::string& table, const std::string& symbol, std::span<const Bar> bars,
                                   const Provenance& from) {
  Statement held(*database_, fmt::format("SELECT open,high,low,close,volume FROM {} WHERE symbol=? AND date=? AND "
                                         "source=? ORDER BY known_from DESC LIMIT 1",
                                         table));
  Statement add(*database_, fmt::format("INSERT OR REPLACE INTO {}(symbol,date,source,known_from,as_of,open,high,low,"
                                        "close,volume) VALUES(?,?,?,?,?,?,?,?,?,?)",
                                        table));
  WriteCount count;
  for (const Bar& bar : bars) {
    Instant known = close_of(bar.date);
    if (known > from.as_of) {
      ++count.early;
      continue;
    }
    held.bind_all(symbol, stored(bar.date), from.source);
    if (held.step()) {
      const double values[]{bar.open, bar.high, bar.low, bar.close, bar.volume};
      bool equal = true;
      for (int i = 0; i < 5; ++i) equal = equal && same(held.number(i), values[i]);
      if (equal) {
        ++count.same;
        continue;
      }
      known = from.as_of;
      ++count.restated;
    } else {
      ++count.added;
    }
    held.reset();
    add.bind_all(symbol, stored(bar.date), from.source, stored(known), stored(from.as_of), bar.open, bar.high, bar.low,
                 bar.close, bar.volume);
    add.run();
  }
  return count;
}

WriteCount MarketStore::write_bars(const std::string& symbol, std::span<const Bar> bars, const Provenance& from) {
  return write_days("bar", symbol, bars, from);
}
WriteCount MarketStore::write_index(const std::string& index, std::span<const Bar> bars, const Provenance& from) {
  return write_days("index_day", index, bars, from);
}

struct MarketStore::HeldChain {
  Instant known{};
  double spot = not_known;
  bool sound = false;  // its block is what was written
  std::vector<OptionQuote> quotes{};
};

/// What is held of one session from one source, the first published before its restatements.
std::vector<MarketStore::HeldChain> MarketStore::held_chains(const std::string& symbol, Date date,
                                                             const std::string& source) {
  Statement ask(
      *database_,
      "SELECT known_from, spot, fingerprint, block, contracts FROM chain WHERE symbol=? AND date=? AND source=? "
      "ORDER BY known_from");
  ask.bind_all(symbol, stored(date), source);
  std::vector<HeldChain> held;
  while (ask.step()) {
    HeldChain chain{.known = instant_of_stored(ask.integer(0)), .spot = ask.number(1)};
    const auto print = block_fingerprint(ask.blob(3));
    auto quotes = unpack_chain(ask.blob(3));
    chain.sound = print && quotes && stored(*print) == ask.integer(2) &&
                  static_cast<std::int64_t>(quotes->size()) == ask.integer(4);
    if (chain.sound) chain.quotes = std::move(*quotes);
    held.push_back(std::move(chain));
  }
  return held;
}

void MarketStore::put_chain(const std::string& symbol, const OptionChain& chain, Instant known,
                            const Provenance& from) {
  const ChainBlock block = pack_chain(chain);
  if (block.bytes.empty()) throw HostError(ExitCode::internal, "a chain could not be compressed");
  Statement add(*database_,
                "INSERT OR REPLACE INTO chain(symbol,date,source,known_from,as_of,spot,contracts,fingerprint,block) "
                "VALUES(?,?,?,?,?,?,?,?,?)");
  add.bind_all(symbol, stored(chain.date()), from.source, stored(known), stored(from.as_of), chain.spot(),
               static_cast<std::int64_t>(chain.quotes().size()), stored(block.fingerprint));
  add.bind_blob(9, block.bytes);
  add.run();
}

WriteCount MarketStore::write_chain(const std::string& symbol, const OptionChain& chain, const Provenance& from) {
  const Instant close = close_of(chain.date());
  if (close > from.as_of) return {.early = 1};
  const std::vector<HeldChain> held = held_chains(symbol, chain.date(), from.source);
  if (held.empty()) {
    put_chain(symbol, chain, close, from);
    return {.added = 1};
  }
  bool mended = false;
  for (const HeldChain& row : held)
    if (!row.sound) {
      put_chain(symbol, chain, row.known, from);
      mended = true;
    }
  if (mended) return {.added = 1};

  WriteCount count;
  const HeldChain& first = held.front();
  const double spot = first.spot == first.spot ? first.spot : chain.spot();
  ChainUnion whole = with_more(first.quotes, chain.quotes());
  if (whole.grew || !same(spot, first.spot)) {
    put_chain(symbol, OptionChain(chain.date(), spot, whole.quotes), first.known, from);
    count.added = 1;
  }
  const bool other_spot = chain.spot() == chain.spot() && chain.spot() != spot;
  if (whole.contradicted || other_spot) {
    const HeldChain& latest = held.back();
    ChainUnion said = with_newest(held.size() == 1 ? whole.quotes : latest.quotes, chain.quotes());
    if (held.size() == 1 || said.grew || said.contradicted || (other_spot && chain.spot() != latest.spot)) {
      put_chain(symbol, OptionChain(chain.date(), other_spot ? chain.spot() : spot, std::move(said.quotes)), from.as_of,
                from);
      count.restated = 1;
    }
  }
  if (count.added + count.restated == 0) count.same = 1;
  return count;
}

WriteCount MarketStore::write_dividends(const std::string& symbol, std::span<const Dividend> rows,
                                        const Provenance& from) {
  Statement add(*database_,
                "INSERT INTO dividend(symbol,ex_date,source,known_from,as_of,amount,special) VALUES(?,?,?,?,?,?,?) "
                "ON CONFLICT DO UPDATE SET amount=excluded.amount, special=excluded.special, as_of=excluded.as_of "
                "WHERE amount IS NOT excluded.amount OR special IS NOT excluded.special");
  WriteCount count;
  for (const Dividend& row : rows) {
    add.bind_all(symbol, stored(row.ex_date), from.source, stored(row.known_from), stored(from.as_of), row.amount,
                 std::int64_t{row.special});
    add.run();
    ++(database_->changed() ? count.added : count.same);
  }
  return count;
}

WriteCount MarketStore::write_splits(const std::string& symbol, std::span<const Split> rows, const Provenance& from) {
  // The first time it was said counts: a source that repeats itself adds nothing.
  Statement add(
      *database_,
      "INSERT INTO split(symbol,date,source,known_from,as_of,ratio) SELECT ?1,?2,?3,?4,?5,?6 WHERE NOT EXISTS("
      "SELECT 1 FROM split WHERE symbol=?1 AND date=?2 AND source=?3 AND ratio=?6) "
      "ON CONFLICT DO UPDATE SET ratio=excluded.ratio, as_of=excluded.as_of");
  WriteCount count;
  for (const Split& row : rows) {
    // Announced by the close before at the latest; read earlier, it was known then.
    const Instant eve = std::min(close_of(calendar_.previous_session(row.date)), from.as_of);
    add.bind_all(symbol, stored(row.date), from.source, stored(std::min(row.known_from.value_or(eve), eve)),
                 stored(from.as_of), row.ratio);
    add.run();
    ++(database_->changed() ? count.added : count.same);
  }
  return count;
}

WriteCount MarketStore::write_earnings(const std::string& symbol, std::span<const EarningsStatement> rows,
                                       const Provenance& from) {
  // A session once stated is not replaced by an unknown one: past days lose theirs.
  Statement add(*database_,
                "INSERT INTO earnings(symbol,source,date,known_from,session,known_until,read_from,as_of) "
                "VALUES(?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET known_until=excluded.known_until, "
                "session=CASE WHEN excluded.session=0 THEN session ELSE excluded.session END, as_of=excluded.as_of "
                "WHERE known_until IS NOT excluded.known_until OR (excluded.session<>0 AND session<>excluded.session)");
  Statement again(*database_,
                  "UPDATE earnings SET as_of=?5 WHERE symbol=?1 AND source=?2 AND date=?3 AND "
                  "known_from=?4 AND as_of<?5");
  WriteCount count;
  for (const EarningsStatement& row : rows) {
    add.bind_all(symbol, row.source, stored(row.date), stored(row.known_from), static_cast<int>(row.session),
                 row.known_until ? std::optional(stored(*row.known_until)) : std::nullopt, from.source,
                 stored(from.as_of));
    add.run();
    const bool changed = database_->changed();
    ++(changed ? count.added : count.same);
    if (changed) continue;
    again.bind_all(symbol, row.source, stored(row.date), stored(row.known_from), stored(from.as_of));
    again.run();
  }
  return count;
}

WriteCount MarketStore::write_rates(std::span<const RatePoint> rows, const Provenance& from) {
  Statement add(*database_,
                "INSERT INTO rate(date,tenor,source,known_from,as_of,rate) VALUES(?,?,?,?,?,?) "
                "ON CONFLICT DO UPDATE SET rate=excluded.rate, as_of=excluded.as_of WHERE rate<>excluded.rate");
  WriteCount count;
  for (const RatePoint& row : rows) {
    if (close_of(row.date) > from.as_of) {
      ++count.early;
      continue;
    }
    add.bind_all(stored(row.date), row.tenor.value, from.source, stored(close_of(row.date)), stored(from.as_of),
                 row.rate);
    add.run();
    ++(database_->changed() ? count.added : count.same);
  }
  return count;
}

std::vector<std::string> MarketStore::symbols() {
  Statement ask(*database_, "SELECT symbol FROM chain UNION SELECT symbol FROM bar ORDER BY symbol");
  std::vector<std::string> out;
  while (ask.step()) out.push_back(ask.text(0));
  return out;
}

bool MarketStore::holds(const std::string& symbol) {
  Statement ask(*database_, "SELECT 1 FROM chain WHERE symbol=? LIMIT 1");
  ask.bind_all(symbol);
  return ask.step();
}

std::vector<Bar> MarketStore::days(const std::string& table, const std::string& symbol) {
  Statement ask(*database_, fmt::format("SELECT date,open,high,low,close,volume FROM {} WHERE symbol=? "
                                        "ORDER BY date, known_from, source",
                                        table));
  ask.bind_all(symbol);
  std::vector<Bar> bars;
  while (ask.step()) {
    const Date date = date_of(ask.integer(0));
    if (bars.empty() || bars.back().date != date)
      bars.push_back({date, ask.number(1), ask.number(2), ask.number(3), ask.number(4), ask.number(5)});
  }
  return bars;
}

std::vector<Bar> MarketStore::bars(const std::string& symbol) {
  return days("bar", symbol);
}
std::vector<Bar> MarketStore::index(const std::string& index) {
  return days("index_day", index);
}

std::vector<EarningsStatement> MarketStore::statements(const std::string& symbol, Unrepeated unrepeated) {
  std::vector<EarningsStatement> said_by_all;
  Statement earnings(*database_,
                     "SELECT date,session,source,known_from,known_until,as_of FROM earnings WHERE symbol=? "
                     "ORDER BY known_from, source, date");
  earnings.bind_all(symbol);
  while (earnings.step()) {
    EarningsStatement said{.date = date_of(earnings.integer(0)),
                           .session = static_cast<AnnouncementSession>(earnings.integer(1)),
                           .source = earnings.text(2),
                           .known_from = instant_of_stored(earnings.integer(3))};
    if (!earnings.is_null(4))
      said.known_until = instant_of_stored(earnings.integer(4));
    else if (unrepeated == Unrepeated::lapse)
      said.known_until = stands_until(said.date, instant_of_stored(earnings.integer(5)));
    said_by_all.push_back(std::move(said));
  }
  return said_by_all;
}

SymbolHistory MarketStore::history(const std::string& symbol) {
  SymbolHistory history{
      .symbol = symbol, .bars = days("bar", symbol), .chains = {}, .dividends = {}, .splits = {}, .earnings = {}};
  Statement chains(*database_, "SELECT date,spot,block FROM chain WHERE symbol=? ORDER BY date, known_from, source");
  chains.bind_all(symbol);
  while (chains.step()) {
    const Date date = date_of(chains.integer(0));
    if (!history.chains.empty() && history.chains.back()->date() == date) continue;
    auto quotes = unpack_chain(chains.blob(2));
    if (!quotes)
      throw HostError(ExitCode::integrity,
                      fmt::format("{}: {} on {}: {}; 'alaris data verify --repair' reads it again",
                                  database_->file().string(), symbol, to_string(date), name(quotes.error())));
    history.chains.push_back(std::make_shared<const OptionChain>(date, chains.number(1), std::move(*quotes)));
  }
  Statement dividends(*database_,
                      "SELECT ex_date,amount,known_from,source,special FROM dividend WHERE symbol=? "
                      "ORDER BY ex_date, known_from, source");
  dividends.bind_all(symbol);
  for (FirstSource first; dividends.step();)
    if (const Date date = date_of(dividends.integer(0)); first.takes(date, dividends.text(3)))
      history.dividends.push_back(
          {date, dividends.number(1), instant_of_stored(dividends.integer(2)), dividends.integer(4) != 0});
  Statement splits(*database_,
                   "SELECT date,ratio,known_from FROM split WHERE symbol=? ORDER BY date, known_from, source");
  splits.bind_all(symbol);
  while (splits.step()) {
    const Split split{date_of(splits.integer(0)), splits.number(1), instant_of_stored(splits.integer(2))};
    if (history.splits.empty() || history.splits.back().date != split.date)
      history.splits.push_back(split);
    else if (history.splits.back().ratio != split.ratio)
      throw HostError(ExitCode::data, fmt::format("{}: {}: sources contradict each other about the split of {}",
                                                  database_->file().string(), symbol, to_string(split.date)));
  }
  history.earnings = statements(symbol, Unrepeated::lapse);
  return history;
}

std::vector<RatePoint> MarketStore::rates() {
  Statement ask(*database_, "SELECT date,tenor,rate,source FROM rate ORDER BY date, known_from, source, tenor");
  std::vector<RatePoint> out;
  for (FirstSource first; ask.step();)
    if (const Date date = date_of(ask.integer(0)); first.takes(date, ask.text(3)))
      out.push_back({date, {ask.number(1)}, ask.number(2)});
  return out;
}

std::vector<Coverage> MarketStore::coverage() {
  Statement ask(*database_, R"sql(
SELECT symbol,'bars',source,MIN(date),MAX(date),COUNT(DISTINCT date),COUNT(*),MAX(as_of) FROM bar GROUP BY 1,3 UNION ALL
SELECT symbol,'chains',source,MIN(date),MAX(date),COUNT(DISTINCT date),SUM(contracts),MAX(as_of) FROM chain
  GROUP BY 1,3 UNION ALL
SELECT symbol,'dividends',source,MIN(ex_date),MAX(ex_date),COUNT(DISTINCT ex_date),COUNT(*),MAX(as_of) FROM dividend
  GROUP BY 1,3 UNION ALL
SELECT symbol,'splits',source,MIN(date),MAX(date),COUNT(DISTINCT date),COUNT(*),MAX(as_of) FROM split
  GROUP BY 1,3 UNION ALL
SELECT symbol,'earnings',source,MIN(date),MAX(date),COUNT(DISTINCT date),COUNT(*),MAX(as_of) FROM earnings
  GROUP BY 1,3 UNION ALL
SELECT '','rates',source,MIN(date),MAX(date),COUNT(DISTINCT date),COUNT(*),MAX(as_of) FROM rate GROUP BY 3 UNION ALL
SELECT '',LOWER(symbol),source,MIN(date),MAX(date),COUNT(DISTINCT date),COUNT(*),MAX(as_of) FROM index_day GROUP BY 2,3
ORDER BY 1,2,3)sql");
  std::vector<Coverage> out;
  while (ask.step())
    out.push_back({ask.text(0), ask.text(1), ask.text(2), date_of(ask.integer(3)), date_of(ask.integer(4)),
                   ask.integer(5), ask.integer(6), instant_of_stored(ask.integer(7))});
  return out;
}

std::vector<Damage> MarketStore::damage() {
  std::vector<Damage> found;
  Statement whole(*database_, "PRAGMA integrity_check(1)");
  if (whole.step() && whole.text(0) != "ok") found.emplace_back().why = whole.text(0);
  Statement chains(*database_, "SELECT symbol,source,date,fingerprint,contracts,block,as_of FROM chain");
  while (chains.step()) {
    const auto add = [&](std::string_view why) {
      found.push_back({chains.text(0), "chain", chains.text(1), date_of(chains.integer(2)),
                       instant_of_stored(chains.integer(6)), std::string(why)});
    };
    const auto print = block_fingerprint(chains.blob(5));
    const auto quotes = unpack_chain(chains.blob(5));
    if (!print || !quotes)
      add(name(print ? quotes.error() : print.error()));
    else if (stored(*print) != chains.integer(3) || static_cast<std::int64_t>(quotes->size()) != chains.integer(4))
      add("the block is not the one that was written");
  }
  Statement bars(*database_, "SELECT symbol,source,date,open,high,low,close,volume,as_of FROM bar");
  while (bars.step()) {
    const Bar bar{date_of(bars.integer(2)), bars.number(3), bars.number(4),
                  bars.number(5),           bars.number(6), bars.number(7)};
    if (const BarDefect defect = defect_of(bar); defect != BarDefect::none)
      found.push_back(
          {bars.text(0), "bar", bars.text(1), bar.date, instant_of_stored(bars.integer(8)), std::string(name(defect))});
  }
  return found;
}

void MarketStore::mend_bar(const std::string& symbol, const std::string& source, const Bar& bar) {
  Statement put(*database_,
                "UPDATE bar SET open=?,high=?,low=?,close=?,volume=? WHERE symbol=? AND source=? AND date=?");
  put.bind_all(bar.open, bar.high, bar.low, bar.close, bar.volume, symbol, source, stored(bar.date)).run();
}

bool MarketStore::has_read(const std::string& symbol, const std::string& origin, std::uint64_t fingerprint) {
  Statement ask(*database_, "SELECT 1 FROM origin WHERE symbol=? AND origin=? AND fingerprint=?");
  ask.bind_all(symbol, origin, stored(fingerprint));
  return ask.step();
}

void MarketStore::note_read(const std::string& symbol, const std::string& origin, std::uint64_t fingerprint,
                            const Provenance& from) {
  Statement add(*database_, "INSERT OR REPLACE INTO origin(symbol,source,origin,fingerprint,as_of) VALUES(?,?,?,?,?)");
  add.bind_all(symbol, from.source, origin, stored(fingerprint), stored(from.as_of));
  add.run();
}

std::optional<std::string> MarketStore::origin_of(const std::string& symbol, const std::string& source) {
  Statement ask(*database_, "SELECT origin FROM origin WHERE symbol=? AND source=?");
  ask.bind_all(symbol, source);
  return ask.step() ? std::optional(ask.text(0)) : std::nullopt;
}

}  // namespace alaris::host
