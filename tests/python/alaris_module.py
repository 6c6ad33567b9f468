# SPDX-License-Identifier: Apache-2.0
"""The Python module against the reference tables: alaris_module.py ROOT; 77 where a package is missing."""
import csv
import math
import pathlib
import re
import resource
import sys
import tracemalloc

try:
    import numpy as np
    import alaris
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

REFERENCE = pathlib.Path(sys.argv[1]) / "tests" / "reference"


def table(name):
    with open(REFERENCE / name, newline="") as file:
        rows = list(csv.DictReader(file))
    number = lambda text: float(text) if text else math.nan
    return rows, lambda column: np.array([number(row[column]) for row in rows])


def close(what, got, wanted, tolerance):
    worst = np.nanmax(np.abs(got - wanted) / np.maximum(np.abs(wanted), 1e-12))
    assert worst <= tolerance, f"{what}: {worst} > {tolerance}"
    print(f"{what}: {len(got)} rows, worst relative difference {worst:.1e}")


def refused(call, words):
    try:
        call()
    except ValueError as error:
        assert words in str(error), error
        return
    raise AssertionError(f"not refused: {words}")


# European: the columns that the library's own test holds to the last digits; here that nothing is mixed up on the way.
rows, column = table("european.csv")
call = np.array([row["type"] == "call" for row in rows])
inputs = [column(name) for name in ("S", "K", "T", "r", "q", "sigma")]
greeks = alaris.european(call, *inputs)
sane = column("price") > 1e-8  # below, half an ulp of an input moves more than the tolerance
for name in ("price", "delta", "vega", "rho"):
    close(f"european {name}", greeks[name][sane], column(name)[sane], 1e-9)
assert np.array_equal(alaris.european_price(call, *inputs), greeks["price"], equal_nan=True)

# American at AccurateLevel, whose worst on this table rounds to 3.1e-6 of the strike (docs/accuracy.md).
rows, column = table("american_continuous.csv")
call = np.array([row["type"] == "call" for row in rows])
price = alaris.american_price(call, *[column(name) for name in ("S", "K", "T", "r", "q", "sigma")])
error = np.abs(price - column("price")) / column("K")
assert np.nanmax(error) <= 3.15e-6, np.nanmax(error)
print(f"american: {len(rows)} rows, worst difference {np.nanmax(error):.1e} of the strike")

# Implied volatility, where the table says there is one and the price tells it well.
rows, column = table("implied_vol.csv")
call = np.array([row["type"] == "call" for row in rows])
volatility, words = alaris.implied_volatility(call, column("price"), column("F"), column("K"), column("df"), column("T"))
told = np.array([row["status"] == "ok" for row in rows]) & (column("cond_rel") < 1e-14)
assert all(words[i] == "ok" for i in np.flatnonzero(told))
close("implied volatility", volatility[told], column("sigma")[told], 1e-11)

# Realised volatility over the first window of a series.
bars, bar = table("ohlc.csv")
first = [i for i, row in enumerate(bars) if row["series"] == "syn_gap20"]
expected = [row for row in table("realised_vol.csv")[0] if row["series"] == "syn_gap20" and row["yang_zhang"]][0]
last = first[int(expected["idx"])] + 1
ohlc = [bar(name)[first[0]:last] for name in ("open", "high", "low", "close")]
got = alaris.realised_volatility("yang-zhang", *ohlc, window=int(expected["window"]))
assert abs(got / float(expected["yang_zhang"]) - 1) < 1e-12, (got, expected["yang_zhang"])

# After every bar the same as over each window; NaN until the first is full.
whole = [bar(name)[first[0]:first[-1] + 1] for name in ("open", "high", "low", "close")]
for estimator in ("yang-zhang", "parkinson", "close-to-close"):
    column = alaris.realised_volatility_column(estimator, *whole, window=30)
    assert column.shape == whole[0].shape and np.all(np.isnan(column[:29])) and not np.any(np.isnan(column[30:]))
    last_window = alaris.realised_volatility(estimator, *whole, window=30)
    assert abs(column[-1] / last_window - 1) < 1e-12, (estimator, column[-1], last_window)
refused(lambda: alaris.realised_volatility_column("yang-zhang", *whole, window=1), "outside the estimator's domain")

# American at every level, and with cash dividends against the reference table.
rows, column = table("american_continuous.csv")
call = np.array([row["type"] == "call" for row in rows])
inputs = [column(name) for name in ("S", "K", "T", "r", "q", "sigma")]
for level, bound in (("quick", 9e-5), ("fast", 4e-5), ("accurate", 3.15e-6)):  # docs/accuracy.md
    error = np.abs(alaris.american_price(call, *inputs, level=level) - column("price")) / column("K")
    assert np.nanmax(error) <= bound, (level, np.nanmax(error))
refused(lambda: alaris.american_price(True, *inputs, level="best"), "'best' is not a level")
rows, column = table("american_discrete_dividends.csv")
worst = 0.0
for row in rows:
    paid = [(float(row[f"t{i}"]), float(row[f"D{i}"])) for i in range(1, int(row["ndiv"]) + 1)]
    got = alaris.american_price(row["type"] == "call", *[float(row[n]) for n in ("S", "K", "T", "r", "q", "sigma")],
                                dividends=paid)
    worst = max(worst, abs(got[0] - float(row["price"])) / float(row["K"]))
assert worst <= 2.4e-5, worst  # ProductionGrid's worst on this table is 2.3e-5 of the strike (docs/accuracy.md)
print(f"american with cash dividends: {len(rows)} rows, worst difference {worst:.1e} of the strike")
refused(lambda: alaris.american_price(True, *inputs, dividends=[(0.1, 1.0)] * 1000), "dividends")

# Contiguous columns are read where they lie: no more is allocated than the columns that come back.
count = 1_000_000
long = [np.linspace(low, high, count) for low, high in ((90, 110), (80, 120), (0.1, 0.5), (0.01, 0.04), (0, 0.01), (0.2, 0.4))]
flags = np.arange(count) % 2 == 0
forward, discount = long[0] * np.exp((long[3] - long[4]) * long[2]), np.exp(-long[3] * long[2])
priced = alaris.european_price(flags, *long)


def native_peak():  # what the process has taken from the system at most, in bytes
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


some = 200_000  # American options take longer
for what, call_it, columns in (
        ("european_price", lambda: alaris.european_price(flags, *long), 1),
        ("european", lambda: alaris.european(flags, *long), 6),
        ("american_price", lambda: alaris.american_price(flags[:some], *[c[:some] for c in long], level="quick"),
         some / count),
        ("implied_volatility", lambda: alaris.implied_volatility(flags, priced, forward, long[1], discount, long[2]), 2),
        ("realised_volatility_column", lambda: alaris.realised_volatility_column("parkinson", *[long[0]] * 4), 1)):
    before = native_peak()
    tracemalloc.start()
    call_it()
    traced = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    grown = native_peak() - before
    output = round(columns * 8 * count)
    assert traced <= output + 100_000, f"{what}: {traced} bytes for {output} bytes of results"
    assert grown <= output + 3_000_000, f"{what}: the process grew by {grown} bytes for {output} bytes of results"
    print(f"{what}: {traced} bytes allocated for {output} bytes of results")

# The code of the page, as it stands there.
page = (pathlib.Path(sys.argv[1]) / "docs" / "python.md").read_text()
days = np.arange(60.0)
world = {"open": 100 + days / 10, "high": 101 + days / 10, "low": 99 + days / 10, "close": 100.5 + days / 10}
blocks = re.findall(r"```python\n(.*?)```", page, re.S)
assert blocks
for block in blocks:
    exec(compile(block, "docs/python.md", "exec"), world)
assert abs(world["event"] - 0.06) < 1e-3 and np.all(np.abs(world["volatility"] - 0.32) < 1e-9)

# Arrays are read where they lie, a scalar stands for a column, and what is wrong is named.
strikes = np.linspace(80.0, 120.0, 5)
ladder = alaris.european_price(True, 100.0, strikes, 0.25, 0.04, 0.0, 0.3)
assert ladder.shape == (5,) and np.all(np.diff(ladder) < 0)
assert math.isnan(alaris.european_price(True, -1.0, strikes, 0.25, 0.04, 0.0, 0.3)[0])
base, event = alaris.event_split(9 / 365, 0.4983974318, 37 / 365, 0.3713670873)
assert abs(base - 0.32) < 1e-6 and abs(event - 0.06) < 1e-6
refused(lambda: alaris.european_price(True, np.ones(3), strikes, 0.25, 0.04, 0.0, 0.3), "strike has 5 rows, not 3")
refused(lambda: alaris.realised_volatility("median", *ohlc), "'median' is not an estimator")
refused(lambda: alaris.realised_volatility("yang-zhang", *[c[:5] for c in ohlc]), "fewer bars")
print("alaris", alaris.__version__)
