#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The monitor's page in a real browser: wide and narrow, light and dark, it says nothing to the console, asks for
nothing from anywhere, and shows what the trading process wrote.

usage: status_page.py HOST_EXECUTABLE [FOLDER]   exit 77 (skipped) where there is no Chromium; FOLDER keeps the page
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "host"))
from report_page import MEASURE, find_browser, look  # noqa: E402

SAID = {
    "schema": "alaris/trading/1", "at": "2024-05-02T15:47:03-04:00", "pid": 4242, "account": "DU1234567", "mode": "paper",
    "dry_run": False, "practice": False, "labels": ["SIMULATED market: no figure here says anything about a real one"],
    "symbols": ["AAPL", "MSFT"], "phase": "ready", "state": "halted", "reconciled": True,
    "started_at": "2024-05-02T09:00:00-04:00", "compared_at": "2024-05-02T09:01:10-04:00", "clock_gap_s": 0.01,
    "halted": "capital at risk: see 'alaris system alerts'", "cash": "96132.40", "nav": 100412.6, "loss_today": 1287.25,
    "orders": [{"reference": "AAPL-2024-05-02-entry", "symbol": "AAPL", "phase": "partially_filled", "filled": 1,
                "quantity": 5, "limit": "2.31"}],
    "positions": [{"symbol": "AAPL", "expiry": "2024-05-03", "strike": 172.5, "right": "call", "contracts": -1},
                  {"symbol": "AAPL", "expiry": "2024-05-31", "strike": 172.5, "right": "call", "contracts": 1}],
    "shares": [{"symbol": "AAPL", "shares": -100}],
    "differences": [{"kind": "share_quantity", "symbol": "AAPL", "ours": 0, "theirs": -100, "cash": "0.00", "id": ""}],
    "conditions": [{"key": "AAPL-2024-05-02-entry", "severity": "P0", "what": "one leg is executed and the other is not"}],
    "limits": [{"limit": "loss today", "value": 1287.25, "bound": 15000.0, "margin": 13712.75, "unit": "USD"},
               {"limit": "cash", "value": 95.7, "bound": 20.0, "margin": 75.7, "unit": "% of NAV"}],
    "breakers": [{"breaker": "daily loss", "state": "ready", "effect": ""},
                 {"breaker": "kill switch", "state": "halt", "effect": "no entries"}],
    "decisions": [{"symbol": "AAPL", "event": "2024-05-02", "decision": "enter", "contracts": 5, "decided_by": "",
                   "reason": "every rule holds"},
                  {"symbol": "MSFT", "event": "2024-05-02", "decision": "refuse", "contracts": 0,
                   "decided_by": "signal.iv_rv", "reason": "implied over realised volatility 1.104, required >= 1.25"}],
    "validation_score": 0.973, "latencies_s": [0.02, 0.03, None], "quote_age_s": 0.4}
SHOWN = ("paper DU1234567", "HALTED: capital at risk", "SIMULATED market", "$100,413", "$1,287", "connected", "agree",
         "1,287.25", "13,712.75", "signal.iv_rv", "one leg is executed", "share_quantity", "-100", "2024-05-31", "172.50")


def page_of(host, folder):
    state = folder / ".local/state/alaris"
    state.mkdir(parents=True)
    (state / "trading.json").write_text(json.dumps(SAID))
    monitor = subprocess.Popen([host, "system", "monitor", "--port", "0", "--every", "3600"], cwd=folder, text=True,
                               env={"HOME": str(folder), "PATH": os.environ["PATH"]}, stderr=subprocess.PIPE)
    try:
        address = next(line for line in monitor.stderr if line.startswith("http://127.0.0.1"))
        return urllib.request.urlopen(address.strip(), timeout=10).read().decode()
    finally:
        monitor.terminate()
        monitor.wait()


def main(host, keep=None):
    browser = find_browser()
    if not browser:
        print("skipped: there is no Chromium (apt-get install chromium)")
        return 77
    with tempfile.TemporaryDirectory(prefix="alaris-status-") as name:
        folder = pathlib.Path(name)
        page = page_of(host, folder)
        if keep:
            (pathlib.Path(keep) / "status.html").write_text(page)
        assert not re.search(r"https?://|<script|@import|url\(", page), "the page asks for something"
        assert not re.search(r"\d[eE][+-]\d\d", page), "a figure is shown as a power of ten"
        for text in SHOWN:
            assert text in page, f"the page does not show {text}"
        still = page.replace("<meta http-equiv=refresh content=10>", "").replace("</main>", "</main>" + MEASURE)
        (folder / "measured.html").write_text(still)
        papers = set()
        for width, dark in ((1200, False), (1200, True), (390, False)):
            seen = look(browser, folder, width, dark)
            assert seen["width"] == width and seen["content"] <= width, f"{width}: the page is {seen['content']} wide"
            assert seen["resources"] == 0, "the page loaded something"
            assert seen["tables"] >= 20, f"{width}: only {seen['tables']} rows"
            papers.add(seen["paper"])
        assert len(papers) == 2, "light and dark have the same paper"
    print("the status page shows what the trading process wrote, light, dark and 390 px wide")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
