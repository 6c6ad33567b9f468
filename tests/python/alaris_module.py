# SPDX-License-Identifier: Apache-2.0
"""The Python module against the reference tables: alaris_module.py ROOT; 77 where a package is missing."""
import csv
import math
import pathlib
import sys

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
