// SPDX-License-Identifier: Apache-2.0
#include "store/read_ledger.hpp"

#include <algorithm>

namespace alaris::host {
namespace {

std::int64_t stored(Date date) noexcept {
  return date.time_since_epoch().count();
}
Date date_of(std::int64_t days) noexcept {
  return Date(std::chrono::days(days));
}

}  // namespace

std::vector<DayRange> ReadLedger::read_of(const std::string& ticker) {
  Statement ask(*database_,
                "SELECT first,last FROM contract_read WHERE symbol=? AND source=? AND ticker=? ORDER BY first");
  ask.bind_all(symbol_, source_, ticker);
  std::vector<DayRange> out;
  while (ask.step()) out.push_back({date_of(ask.integer(0)), date_of(ask.integer(1))});
  return out;
}

std::vector<DayRange> ReadLedger::missing(const std::string& ticker, DayRange wanted, const TradingCalendar& calendar) {
  using std::chrono::days;
  std::vector<DayRange> out;
  const auto add = [&](Date first, Date last) {
    if (!calendar.is_session(first)) first = calendar.next_session(first);
    if (!calendar.is_session(last)) last = calendar.previous_session(last);
    if (first <= last) out.push_back({first, last});
  };
  Date from = wanted.first;
  for (const DayRange& read : read_of(ticker)) {
    if (read.last < from) continue;
    if (read.first > wanted.last) break;
    if (read.first > from) add(from, read.first - days(1));
    from = read.last + days(1);
  }
  if (from <= wanted.last) add(from, wanted.last);
  return out;
}

void ReadLedger::note(const std::string& ticker, DayRange read, Instant as_of) {
  using std::chrono::days;
  Statement drop(*database_, "DELETE FROM contract_read WHERE symbol=? AND source=? AND ticker=? AND first=?");
  for (const DayRange& held : read_of(ticker)) {
    if (held.first > read.last + days(1) || held.last < read.first - days(1)) continue;
    drop.bind_all(symbol_, source_, ticker, stored(held.first)).run();
    read = {std::min(read.first, held.first), std::max(read.last, held.last)};
  }
  Statement add(*database_,
                "INSERT OR REPLACE INTO contract_read(symbol,source,ticker,first,last,as_of) VALUES(?,?,?,?,?,?)");
  add.bind_all(symbol_, source_, ticker, stored(read.first), stored(read.last),
               std::int64_t{as_of.time_since_epoch().count()});
  add.run();
}

void ReadLedger::stage(const OptionContract& contract, Date date, double last, double volume) {
  Statement add(*database_,
                "INSERT OR REPLACE INTO staged_quote(symbol,source,date,expiry,strike,call,last,volume) "
                "VALUES(?,?,?,?,?,?,?,?)");
  add.bind_all(symbol_, source_, stored(date), stored(contract.expiry), std::int64_t{contract.strike.thousandths()},
               std::int64_t{contract.type == OptionType::call}, last, volume);
  add.run();
}

std::map<Date, std::vector<OptionQuote>> ReadLedger::staged() {
  Statement ask(*database_, "SELECT date,expiry,strike,call,last,volume FROM staged_quote WHERE symbol=? AND source=?");
  ask.bind_all(symbol_, source_);
  std::map<Date, std::vector<OptionQuote>> out;
  while (ask.step()) {
    OptionQuote quote{.contract = {date_of(ask.integer(1)),
                                   Strike::from_thousandths(static_cast<std::int32_t>(ask.integer(2))),
                                   ask.integer(3) ? OptionType::call : OptionType::put}};
    quote.last = ask.number(4);
    quote.volume = ask.number(5);
    out[date_of(ask.integer(0))].push_back(quote);
  }
  return out;
}

void ReadLedger::clear_staged() {
  Statement drop(*database_, "DELETE FROM staged_quote WHERE symbol=? AND source=?");
  drop.bind_all(symbol_, source_).run();
}

}  // namespace alaris::host
