#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every report of the shared data, studied twice: by the program and by tests/reference/event_study.py.

usage: event_study.py HOST_EXECUTABLE        exit 77 (skipped) where the shared data is absent
"""
import csv
import os
import pathlib
import subprocess
import sys
import tempfile

os.environ.setdefault("ASAN_OPTIONS", "detect_leaks=0")
HERE = pathlib.Path(__file__).resolve().parent
EVENTS = 20
TEXT = {"symbol", "earnings_date", "session", "t0", "t1", "front", "back", "status"}


def table(path):
    with open(path, newline="") as f:
        return list(csv.DictReader(f))


def main(host):
    shared = pathlib.Path(os.environ.get("ALARIS_SHARED", HERE.parents[2] / "shared"))
    tool = shared / "tools/chains_to_csv.py"
    if not tool.exists():
        print("skipped: there is no shared data")
        return 77
    with tempfile.TemporaryDirectory(prefix="alaris-events-") as name:
        folder = pathlib.Path(name)
        python = lambda *words: subprocess.run([sys.executable, *map(str, words)], cwd=folder, check=True)
        python(tool, shared / "data", "chains")
        python(HERE.parent / "reference/event_study.py", "chains", "theirs.csv")
        theirs = table(folder / "theirs.csv")
        subprocess.run([host, "backtest", "events", "--symbol", ",".join(sorted({r["symbol"] for r in theirs})),
                        "--source", "chains:chains", "--out", "ours.csv"], cwd=folder, check=True, timeout=300)
        ours = table(folder / "ours.csv")
        assert len(ours) == len(theirs) == EVENTS, f"{len(ours)} rows against {len(theirs)}"
        for a, b in zip(ours, theirs):
            for column, value in b.items():
                where = f"{b['symbol']} {b['earnings_date']} {column}: {a[column]} against {value}"
                if column in TEXT or not value:
                    assert a[column] == value, where
                else:  # two implementations of erfc under prices of thousands of dollars
                    assert abs(float(a[column]) - float(value)) <= 1e-8, where
        print(f"{EVENTS} reports, {len(theirs[0])} columns: the same")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
