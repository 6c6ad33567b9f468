#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the headers that stand for a whole floor: alaris/<floor>.hpp with the floor's headers of alaris::core, and
alaris/alaris.hpp with every floor. Run it after a change of cmake/headers.cmake; --check compares and writes nothing."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
FLOORS = {
    "core": "Everything that the other floors stand on: expected, exact money, dates, clocks, option terms",
    "numeric": "Everything numerical: normal distribution, roots, quadrature, least squares, random numbers, lanes",
    "market": "Everything about a market: bars, quotes, chains, sessions, statements, as-of views",
    "pricing": "Everything that prices: Black and all Greeks, American options, columns and chains, parity",
    "volatility": "Everything about volatility: realised, implied, forwards, term structure, smile, event variance",
    "cost": "Everything that trading costs: fees, slippage, carry, round trips",
    "policy": "Everything about rules: verdicts, composition, every rule and limit, sizes, breakers, the gate",
    "strategy": "Everything about what to trade: legs, candidates, quality, size, exits, portfolio",
    "execution": "Everything about orders: machine, fills, ledger, margin, reconciliation, the trader",
    "backtest": "Everything over history: engine, event study, attribution, review, statistics",
    "simulation": "Everything of the market with known truth",
}


def core_headers():
    listing = (ROOT / "cmake" / "headers.cmake").read_text()
    core = listing[listing.index("set(ALARIS_CORE_HEADERS"):]
    return re.findall(r"^  (alaris/\S+)$", core[:core.index(")")], re.M)


def text(purpose, included):
    lines = ["// SPDX-License-Identifier: Apache-2.0", "#pragma once", f"// {purpose}.",
             "// Standard library only. Written by cmake/umbrellas.py.", ""]
    return "\n".join(lines + [f"#include <{name}>" for name in included]) + "\n"


def main():
    headers, wanted = core_headers(), {}
    for floor, purpose in FLOORS.items():
        of_floor = [name for name in headers if name.startswith(f"alaris/{floor}/")]
        wanted[f"alaris/{floor}.hpp"] = text(purpose, of_floor)
    wanted["alaris/alaris.hpp"] = text("Every floor of the library, and the simulated market",
                                       sorted(f"alaris/{floor}.hpp" for floor in FLOORS))
    wrong = 0
    for name, content in wanted.items():
        path = ROOT / "include" / name
        if path.exists() and path.read_text() == content:
            continue
        if "--check" in sys.argv:
            print(f"include/{name}: not what cmake/umbrellas.py writes")
            wrong += 1
        else:
            path.write_text(content)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
