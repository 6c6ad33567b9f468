#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The event study over a chain folder, written a second time from the conventions of docs/formats.md alone.

    event_study.py CHAIN_FOLDER OUT.csv [SYMBOL ...]

Standard library only, no code shared with the library: the two tables are compared by the tests. Holidays come from
the list below.
"""
import csv, datetime as dt, gzip, math, os, sys
from collections import defaultdict

CLOSED = {dt.date.fromisoformat(d) for d in (
    "2024-01-01 2024-01-15 2024-02-19 2024-03-29 2024-05-27 2024-06-19 2024-07-04 2024-09-02 2024-11-28 2024-12-25 "
    "2025-01-01 2025-01-09 2025-01-20 2025-02-17 2025-04-18 2025-05-26 "
    "2025-06-19 2025-07-04 2025-09-01 2025-11-27 2025-12-25 2026-01-01 2026-01-19 2026-02-16 2026-04-03 2026-05-25 "
    "2026-06-19 2026-07-03 2026-09-07 2026-11-26 2026-12-25 2027-01-01").split()}
DAY = dt.timedelta(1)
COLUMNS = ("symbol earnings_date session t0 t1 S0 S1 front back strike front_iv_before back_iv_before "
           "front_atm_iv_after back_atm_iv_after rv30 iv30 ratio slope_per_day call_debit_mid call_pnl_mid "
           "call_pnl_touch put_debit_mid put_pnl_mid put_pnl_touch sigma_event implied_move realised_move "
           "status").split()


class Unstudied(Exception):
    """Why a row cannot be studied."""


def is_session(d):
    return d.weekday() < 5 and d not in CLOSED


def step(d, by):
    d += by * DAY
    while not is_session(d):
        d += by * DAY
    return d


def weekly(d):
    return (d.weekday() == 4 and is_session(d)) or (d.weekday() == 3 and not is_session(d + DAY))


def phi(x):
    return 0.5 * math.erfc(-x / math.sqrt(2))


def black_scholes(right, s, k, t, r, sigma):
    if not sigma > 0 or r != r:
        return math.nan
    f, sd = s * math.exp(r * t), sigma * math.sqrt(t)
    d1 = math.log(f / k) / sd + sd / 2
    w = 1 if right == "C" else -1
    return math.exp(-r * t) * w * (f * phi(w * d1) - k * phi(w * (d1 - sd)))


def implied(right, s, k, t, r, price):
    """By bisection; NaN outside the bounds of the price."""
    low, high = 1e-6, 20.0
    if r != r or not black_scholes(right, s, k, t, r, low) < price < black_scholes(right, s, k, t, r, high):
        return math.nan
    for _ in range(200):
        middle = 0.5 * (low + high)
        if black_scholes(right, s, k, t, r, middle) < price:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def rows_of(folder, name):
    for ending, opened in (("", open), (".gz", gzip.open)):
        path = os.path.join(folder, name + ending)
        if os.path.exists(path):
            with opened(path, "rt", newline="") as f:
                yield from csv.reader(f)
            return


def read(folder, name):
    rows = rows_of(folder, name)
    header = next(rows, [])
    return (dict(zip(header, row)) for row in rows)


def number(text):
    return float(text) if text else math.nan


def yang_zhang(bars, n=30):
    bars = bars[-(n + 1):]
    if len(bars) < n + 1:
        return math.nan
    o = [math.log(b[0] / a[3]) for a, b in zip(bars, bars[1:])]
    c = [math.log(b[3] / b[0]) for b in bars[1:]]
    rs = sum(math.log(b[1] / b[3]) * math.log(b[1] / b[0]) + math.log(b[2] / b[3]) * math.log(b[2] / b[0])
             for b in bars[1:]) / n
    var = lambda x: sum((v - sum(x) / n) ** 2 for v in x) / (n - 1)
    k = 0.34 / (1.34 + (n + 1) / (n - 1))
    return math.sqrt(252 * (var(o) + k * var(c) + (1 - k) * rs))


class Day:
    """One chain: expiry -> strike -> right -> (bid, ask, stated volatility)."""

    def __init__(self, date, spot, rate):
        self.date, self.spot, self.rate = date, spot, rate
        self.rows = defaultdict(lambda: defaultdict(dict))

    def years(self, e):
        return (e - self.date).days / 365

    def quote(self, right, e, k):
        """Bid and ask where somebody sells and nobody bids more, else nothing."""
        bid, ask, _ = self.rows[e].get(k, {}).get(right, (math.nan,) * 3)
        return (bid, ask) if ask > 0 and 0 <= bid <= ask else None

    def volatility(self, right, e, k):
        bid, ask, stated = self.rows[e].get(k, {}).get(right, (math.nan,) * 3)
        if stated > 0:
            return stated
        return implied(right, self.spot, k, self.years(e), self.rate, (bid + ask) / 2) if 0 < bid <= ask else math.nan

    def both(self, e, k):
        return self.volatility("C", e, k) > 0 and self.volatility("P", e, k) > 0

    def nearest(self, e, usable):
        for k in sorted(self.rows[e], key=lambda k: (abs(k - self.spot), k)):
            if usable(k):
                return k
        return None

    def atm(self, e):
        k = self.nearest(e, lambda k: self.both(e, k))
        return math.nan if k is None else (self.volatility("C", e, k) + self.volatility("P", e, k)) / 2

    def side(self, e, k):
        out, other = ("C", "P") if k >= self.spot else ("P", "C")
        first = self.volatility(out, e, k)
        return first if first > 0 else self.volatility(other, e, k)

    def mid(self, right, e, k):
        if self.quote(right, e, k):
            return sum(self.quote(right, e, k)) / 2
        return black_scholes(right, self.spot, k, self.years(e), self.rate, self.side(e, k))

    def at_days(self, days):
        points = [((e - self.date).days, self.atm(e)) for e in sorted(self.rows) if e > self.date]
        points = [(d, v) for d, v in points if v > 0]
        before = [p for p in points if p[0] <= days]
        after = [p for p in points if p[0] >= days]
        if not before or not after:
            return (before or after or [(0, math.nan)])[-1 if before else 0][1]
        (d0, v0), (d1, v1) = before[-1], after[0]
        if d0 == d1:
            return v0
        w = v0 * v0 * d0 + (v1 * v1 * d1 - v0 * v0 * d0) * (days - d0) / (d1 - d0)
        return math.sqrt(w / days)


class Name:
    """What a folder holds of one symbol."""

    def __init__(self, folder, symbol, rates, needed):
        iso = dt.date.fromisoformat
        place = os.path.join(folder, symbol)
        self.bars = sorted((iso(r["date"]), *(float(r[c]) for c in ("open", "high", "low", "close")))
                           for r in read(place, "bars.csv"))
        self.splits = [(iso(r["date"]), float(r["ratio"])) for r in read(place, "splits.csv")]
        self.close = {b[0]: b[4] for b in self.bars}
        self.days = {}
        rows = rows_of(place, "chain.csv")
        header = next(rows)
        date, expiry, strike, right, *quoted = (
            header.index(c) if c in header else None for c in ("date", "expiry", "strike", "right", "bid", "ask", "iv"))
        for r in rows:
            if r[date] not in needed:
                continue
            d = iso(r[date])
            if d not in self.days:
                known = [rate for at, rate in rates if at <= d]
                self.days[d] = Day(d, self.close.get(d, math.nan), known[-1] if known else math.nan)
            self.days[d].rows[iso(r[expiry])][float(r[strike])][r[right]] = tuple(
                math.nan if at is None else number(r[at]) for at in quoted)

    def study(self, row, t0, t1):
        for which, at, prices in (("before", t0, "S0"), ("after", t1, "S1")):
            if at not in self.close:
                raise Unstudied("no_bar_" + which)
        row.update(S0=self.close[t0], S1=self.close[t1])
        for which, at in (("before", t0), ("after", t1)):
            if at not in self.days:
                raise Unstudied("no_chain_" + which)
        if any(t0 < at <= t1 for at, _ in self.splits):
            raise Unstudied("split_between")
        a, b = self.days[t0], self.days[t1]
        fronts = [e for e in a.rows if e > t1 and weekly(e)]
        if not fronts:
            raise Unstudied("no_front_expiry")
        front = row["front"] = min(fronts)
        backs = [e for e in a.rows if e > front and weekly(e)]
        if not backs:
            raise Unstudied("no_back_expiry")
        back = row["back"] = min(backs, key=lambda e: (abs((e - front).days - 30), e))
        k = a.nearest(front, lambda k: a.both(front, k) and a.both(back, k))
        if k is None:
            raise Unstudied("no_rate" if a.rate != a.rate else "no_common_strike")
        history = []
        for bar in self.bars:
            if bar[0] <= t0:
                f = math.prod(ratio for at, ratio in self.splits if bar[0] < at <= t0)
                history.append([x / f for x in bar[1:]])
        fiv, biv, rv, iv = a.side(front, k), a.side(back, k), yang_zhang(history), a.at_days(30)
        tf, tb = a.years(front), a.years(back)
        jump = (tb * fiv**2 * tf - tf * biv**2 * tb) / (tb - tf)
        row.update(strike=k, front_iv_before=fiv, back_iv_before=biv, front_atm_iv_after=b.atm(front),
                   back_atm_iv_after=b.atm(back), rv30=rv, iv30=iv, ratio=iv / rv,
                   slope_per_day=(biv - fiv) / (back - front).days, realised_move=math.log(b.spot / a.spot))
        if jump >= 0:
            row["sigma_event"] = math.sqrt(jump)
        estimated = False
        for right, name in (("C", "call"), ("P", "put")):
            row[name + "_debit_mid"] = 100 * (a.mid(right, back, k) - a.mid(right, front, k))
            row[name + "_pnl_mid"] = 100 * (b.mid(right, back, k) - b.mid(right, front, k)) - row[name + "_debit_mid"]
            quotes = [d.quote(right, e, k) for d in (a, b) for e in (front, back)]
            if all(quotes):
                (a_near, a_far, b_near, b_far) = quotes
                row[name + "_pnl_touch"] = 100 * ((b_far[0] - b_near[1]) - (a_far[1] - a_near[0]))
            else:
                estimated = True
        if row["call_pnl_mid"] != row["call_pnl_mid"] or row["put_pnl_mid"] != row["put_pnl_mid"]:
            raise Unstudied("no_rate" if a.rate != a.rate or b.rate != b.rate else "no_volatility_after")
        row["status"] = "ok_estimated" if estimated else "ok"


def standing(folder, symbols):
    """Of one symbol and date the statement that became known last, none that was replaced or withdrawn."""
    said = {}
    for r in sorted(read(folder, "earnings.csv"), key=lambda r: dt.datetime.fromisoformat(r["known_from"])):
        if r["source"] == "reported" and not r.get("known_until") and (not symbols or r["symbol"] in symbols):
            said[dt.date.fromisoformat(r["date"]), r["symbol"]] = r["session"]
    return sorted((*key, session) for key, session in said.items())


def closes_around(date, session):
    if not is_session(date):
        return step(date, -1), step(date, 1)
    if session == "AMC":
        return date, step(date, 1)
    return (step(date, -1), date) if session in ("BMO", "DMH") else None


def main(folder, out, symbols):
    rates = sorted((dt.date.fromisoformat(r["date"]), float(r["rate"])) for r in read(folder, "rates.csv") if r["rate"])
    events = [(*event, closes_around(*event[::2])) for event in standing(folder, symbols)]
    needed = {str(day) for *_, around in events if around for day in around}
    names, table = {}, []
    for date, symbol, session, around in events:
        row = dict(symbol=symbol, earnings_date=date, session=session)
        table.append(row)
        if not around:
            row["status"] = "session_unknown"
            continue
        if symbol not in names:
            names[symbol] = Name(folder, symbol, rates, needed)
        row.update(t0=around[0], t1=around[1])
        try:
            names[symbol].study(row, *around)
        except Unstudied as why:
            row["status"] = str(why)
    with open(out, "w", newline="") as f:
        rows = csv.DictWriter(f, [c for c in COLUMNS if c != "implied_move"], lineterminator="\n")
        rows.writeheader()
        rows.writerows({c: "" if v != v else v for c, v in row.items()} for row in table)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
