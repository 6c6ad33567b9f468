// SPDX-License-Identifier: Apache-2.0
#pragma once
// The store's tables, version by version. A version that was released is never changed: add another.
// Dates are days since 1970-01-01, instants microseconds since then in UTC.

#include <array>
#include <string_view>

namespace alaris::host {

inline constexpr std::array<std::string_view, 3> store_migrations{
    R"sql(
CREATE TABLE bar(symbol TEXT NOT NULL, date INTEGER NOT NULL, source TEXT NOT NULL, known_from INTEGER NOT NULL,
  as_of INTEGER NOT NULL, open REAL, high REAL, low REAL, close REAL, volume REAL,
  PRIMARY KEY(symbol, date, source, known_from)) WITHOUT ROWID;
CREATE TABLE index_day(symbol TEXT NOT NULL, date INTEGER NOT NULL, source TEXT NOT NULL, known_from INTEGER NOT NULL,
  as_of INTEGER NOT NULL, open REAL, high REAL, low REAL, close REAL, volume REAL,
  PRIMARY KEY(symbol, date, source, known_from)) WITHOUT ROWID;
CREATE TABLE chain(symbol TEXT NOT NULL, date INTEGER NOT NULL, source TEXT NOT NULL, known_from INTEGER NOT NULL,
  as_of INTEGER NOT NULL, spot REAL, contracts INTEGER NOT NULL, fingerprint INTEGER NOT NULL, block BLOB NOT NULL,
  PRIMARY KEY(symbol, date, source, known_from));
CREATE TABLE dividend(symbol TEXT NOT NULL, ex_date INTEGER NOT NULL, source TEXT NOT NULL, known_from INTEGER NOT NULL,
  as_of INTEGER NOT NULL, amount REAL, PRIMARY KEY(symbol, ex_date, source, known_from)) WITHOUT ROWID;
CREATE TABLE split(symbol TEXT NOT NULL, date INTEGER NOT NULL, source TEXT NOT NULL, known_from INTEGER NOT NULL,
  as_of INTEGER NOT NULL, ratio REAL NOT NULL, PRIMARY KEY(symbol, date, source, known_from)) WITHOUT ROWID;
CREATE TABLE earnings(symbol TEXT NOT NULL, source TEXT NOT NULL, date INTEGER NOT NULL, known_from INTEGER NOT NULL,
  session INTEGER NOT NULL, known_until INTEGER, read_from TEXT NOT NULL, as_of INTEGER NOT NULL,
  PRIMARY KEY(symbol, source, date, known_from)) WITHOUT ROWID;
CREATE TABLE rate(date INTEGER NOT NULL, tenor REAL NOT NULL, source TEXT NOT NULL, known_from INTEGER NOT NULL,
  as_of INTEGER NOT NULL, rate REAL NOT NULL, PRIMARY KEY(date, tenor, source, known_from)) WITHOUT ROWID;
CREATE TABLE origin(symbol TEXT NOT NULL, source TEXT NOT NULL, origin TEXT NOT NULL, fingerprint INTEGER NOT NULL,
  as_of INTEGER NOT NULL, PRIMARY KEY(symbol, source)) WITHOUT ROWID;
)sql",
    R"sql(
ALTER TABLE dividend ADD COLUMN special INTEGER NOT NULL DEFAULT 0;
)sql",
    // What was read before its session closed is no
    // closing value; it kept the true one from being seen.
    R"sql(
DELETE FROM bar WHERE as_of < known_from;
DELETE FROM index_day WHERE as_of < known_from;
DELETE FROM chain WHERE as_of < known_from;
CREATE TABLE contract_read(symbol TEXT NOT NULL, source TEXT NOT NULL, ticker TEXT NOT NULL, first INTEGER NOT NULL,
  last INTEGER NOT NULL, as_of INTEGER NOT NULL, PRIMARY KEY(symbol, source, ticker, first)) WITHOUT ROWID;
CREATE TABLE staged_quote(symbol TEXT NOT NULL, source TEXT NOT NULL, date INTEGER NOT NULL, expiry INTEGER NOT NULL,
  strike INTEGER NOT NULL, call INTEGER NOT NULL, last REAL, volume REAL,
  PRIMARY KEY(symbol, source, date, expiry, strike, call)) WITHOUT ROWID;
)sql"};

}  // namespace alaris::host
