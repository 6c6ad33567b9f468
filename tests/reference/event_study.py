#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The event study over a chain folder, written a second time from the conventions of docs/formats.md alone.

    event_study.py CHAIN_FOLDER OUT.csv [SYMBOL ...]

Standard library only, no code shared with the library: the two tables are compared by the tests. Volatilities come from
the folder's `iv` column (it holds no quotes), holidays from the list below.
"""
import csv, datetime as dt, gzip, math, os, sys
from collections import defaultdict

CLOSED = {dt.date.fromisoformat(d) for d in (
    "2025-06-19 2025-07-04 2025-09-01 2025-11-27 2025-12-25 2026-01-01 2026-01-19 2026-02-16 2026-04-03 2026-05-25 "
    "2026-06-19 2026-07-03 2026-09-07 2026-11-26 2026-12-25 2027-01-01").split()}
DAY = dt.timedelta(1)


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
    if sigma != sigma:
        return math.nan
    f, sd = s * math.exp(r * t), sigma * math.sqrt(t)
    d1 = math.log(f / k) / sd + sd / 2
    w = 1 if right == "C" else -1
    return math.exp(-r * t) * w * (f * phi(w * d1) - k * phi(w * (d1 - sd)))


def read(path):
    with (gzip.open(path, "rt", newline="") if path.endswith(".gz") else open(path, newline="")) as f:
        yield from csv.DictReader(f)


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
    """One chain: expiry -> strike -> {"C": iv, "P": iv}."""

    def __init__(self, date, spot, rate):
        self.date, self.spot, self.rate = date, spot, rate
        self.iv = defaultdict(lambda: defaultdict(dict))

    def both(self, e, k):
        v = self.iv[e].get(k, {})
        return v.get("C", 0) > 0 and v.get("P", 0) > 0

    def nearest(self, e, usable):
        ks = [k for k in sorted(self.iv[e]) if usable(k)]
        return min(ks, key=lambda k: (abs(k - self.spot), k)) if ks else None

    def atm(self, e):
        k = self.nearest(e, lambda k: self.both(e, k))
        return math.nan if k is None else (self.iv[e][k]["C"] + self.iv[e][k]["P"]) / 2

    def side(self, e, k):
        v = self.iv[e].get(k, {})
        out, other = ("C", "P") if k >= self.spot else ("P", "C")
        return v.get(out) or v.get(other) or math.nan

    def mid(self, right, e, k):
        t = (e - self.date).days / 365
        return black_scholes(right, self.spot, k, t, self.rate, self.side(e, k))

    def at_days(self, days):
        points = [((e - self.date).days, self.atm(e)) for e in sorted(self.iv) if e > self.date]
        points = [(d, v) for d, v in points if v > 0]
        before = [p for p in points if p[0] <= days]
        after = [p for p in points if p[0] >= days]
        if not before or not after:
            return (before or after)[-1 if before else 0][1]
        (d0, v0), (d1, v1) = before[-1], after[0]
        if d0 == d1:
            return v0
        w = v0 * v0 * d0 + (v1 * v1 * d1 - v0 * v0 * d0) * (days - d0) / (d1 - d0)
        return math.sqrt(w / days)


def main(folder, out, symbols):
    iso = dt.date.fromisoformat
    rates = sorted((iso(r["date"]), float(r["rate"])) for r in read(os.path.join(folder, "rates.csv")))
    events = [(iso(r["date"]), r["symbol"], r["session"]) for r in read(os.path.join(folder, "earnings.csv"))
              if r["source"] == "reported" and (not symbols or r["symbol"] in symbols)]
    table = []
    for date, symbol, session in sorted(events):
        t0, t1 = (date, step(date, 1)) if session == "AMC" else (step(date, -1), date)
        bars = [(iso(r["date"]), *(float(r[c]) for c in ("open", "high", "low", "close")))
                for r in read(os.path.join(folder, symbol, "bars.csv"))]
        splits = [(iso(r["date"]), float(r["ratio"])) for r in read(os.path.join(folder, symbol, "splits.csv"))]
        close = {b[0]: b[4] for b in bars}
        days = {d: Day(d, close[d], [r for at, r in rates if at <= d][-1]) for d in (t0, t1)}
        for r in read(os.path.join(folder, symbol, "chain.csv.gz")):
            d = iso(r["date"])
            if d in days:
                ivs = days[d].iv[iso(r["expiry"])][float(r["strike"])]
                if r["iv"]:
                    ivs[r["right"]] = float(r["iv"])
        a, b = days[t0], days[t1]
        front = min(e for e in a.iv if e > t1 and weekly(e))
        back = min((e for e in a.iv if e > front and weekly(e)), key=lambda e: (abs((e - front).days - 30), e))
        k = a.nearest(front, lambda k: a.both(front, k) and a.both(back, k))
        history = []
        for bar in bars:
            if bar[0] <= t0:
                f = math.prod(ratio for at, ratio in splits if bar[0] < at <= t0)
                history.append([x / f for x in bar[1:]])
        fiv, biv = a.side(front, k), a.side(back, k)
        tf, tb = ((e - t0).days / 365 for e in (front, back))
        jump = (tb * fiv**2 * tf - tf * biv**2 * tb) / (tb - tf)
        row = dict(symbol=symbol, earnings_date=date, session=session, t0=t0, t1=t1, S0=a.spot, S1=b.spot, front=front,
                   back=back, strike=k, front_iv_before=fiv, back_iv_before=biv, front_atm_iv_after=b.atm(front),
                   back_atm_iv_after=b.atm(back), rv30=yang_zhang(history), iv30=a.at_days(30),
                   slope_per_day=(biv - fiv) / (back - front).days,
                   sigma_event=math.sqrt(jump) if jump >= 0 else "", realised_move=math.log(b.spot / a.spot))
        for right, name in (("C", "call"), ("P", "put")):
            row[name + "_debit_mid"] = 100 * (a.mid(right, back, k) - a.mid(right, front, k))
            row[name + "_pnl_mid"] = 100 * (b.mid(right, back, k) - b.mid(right, front, k)) - row[name + "_debit_mid"]
        table.append(row)
    with open(out, "w", newline="") as f:
        rows = csv.DictWriter(f, list(table[0]), lineterminator="\n")
        rows.writeheader()
        rows.writerows(table)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
