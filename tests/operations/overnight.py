#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A session sees what the store learns while it runs: overnight.py HOST SIMULATED_GATEWAY.

An announcement arrives minutes before the entry decision of its day, which takes the name's chain; another arrives in
the evening and the next morning's session has read the store again. A name without inputs is refused before that."""
import datetime
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

host, gateway = sys.argv[1:3]
HOLIDAYS = {"2023-05-29", "2023-06-19", "2023-07-04"}
EARLIER = ["AAPL,2023-10-26,AMC,nasdaq,2023-05-05T16:00:00-04:00,", "AAPL,2023-10-26,AMC,fmp,2023-05-05T16:00:00-04:00,"]
REPORT = ["AAPL,2023-07-20,AMC,nasdaq,2023-07-01T16:00:00-04:00,", "AAPL,2023-07-20,AMC,fmp,2023-07-01T16:00:00-04:00,"]


def sessions(last, count):
    day, found = datetime.date.fromisoformat(last), []
    while len(found) < count:
        if day.weekday() < 5 and day.isoformat() not in HOLIDAYS:
            found.insert(0, day.isoformat())
        day -= datetime.timedelta(days=1)
    return found


class Desk:
    def __init__(self, last_bar):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="alaris-overnight-"))
        self.environment = {"HOME": str(self.folder), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        self.running = []
        days = sessions(last_bar, 60)
        name = self.folder / "chains" / "AAPL"
        name.mkdir(parents=True)
        bars = [f"{day},{190 + i % 3},{192 + i % 3},{188 + i % 3},{190 + i % 2},60000000" for i, day in enumerate(days)]
        (name / "bars.csv").write_text("\n".join(["date,open,high,low,close,volume", *bars, ""]))
        (name / "chain.csv").write_text("date,expiry,strike,right,bid,ask,last,volume,open_interest,iv\n"
                                        f"{last_bar},2023-08-18,190,C,4.1,4.2,4.15,1000,5000,0.25\n")
        (self.folder / "chains/vix.csv").write_text(
            "\n".join(["date,open,high,low,close", *(f"{day},14,15,13,14" for day in days), ""]))
        (self.folder / "chains/rates.csv").write_text(f"date,tenor_years,rate\n{days[0]},0.25,0.05\n")
        self.learns(EARLIER)

    def learns(self, rows):
        with open(self.folder / "chains/earnings.csv", "a") as file:
            if file.tell() == 0:
                file.write("symbol,date,session,source,known_from,known_until\n")
            file.write("".join(row + "\n" for row in rows))
        self.alaris("data", "bootstrap", "--source", "chains:chains", "--symbol", "AAPL")

    def alaris(self, *words, code=0):
        ran = subprocess.run([host, *words], cwd=self.folder, env=self.environment, text=True, timeout=60,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert ran.returncode == code, f"{words} ended with {ran.returncode}: {ran.stdout}"
        return ran.stdout

    def starts(self, clock, speed):
        keeps_time = ["--clock", f"{clock}@{int(time.time())}", "--speed", str(speed)]
        log = open(self.folder / "log.txt", "w")
        broker = subprocess.Popen([gateway, "--port", "0", "--quiet", *keeps_time], cwd=self.folder, text=True,
                                  env=self.environment, stdout=subprocess.PIPE, stderr=log)
        port = broker.stdout.readline().strip().rsplit(":", 1)[1]
        trader = subprocess.Popen([host, "--set", f"gateway.port={port}", "trade", "start", "--paper", "--account",
                                   "DU1234567", "--symbol", "AAPL", "--source", "store", *keeps_time], cwd=self.folder,
                                  env=self.environment, stderr=log)
        self.running = [trader, broker]

    def says(self, pattern, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = re.search(pattern, (self.folder / "log.txt").read_text())
            if found:
                return found
            time.sleep(0.1)
        raise AssertionError(f"never said {pattern}:\n{(self.folder / 'log.txt').read_text()[-3000:]}")

    def ends(self):
        for process in self.running:
            process.terminate()
            process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)


def before_the_decision():
    desk = Desk("2023-07-19")
    try:
        desk.starts("2023-07-20T15:42", 20)
        desk.says("ready", 10)
        desk.learns(REPORT)
        desk.says(r"the stored market has changed and was read again", 30)
        desk.says(r"2023-07-20T15:4\d\S* taking the chains of AAPL", 10)
    finally:
        desk.ends()


def overnight():
    desk = Desk("2023-07-18")
    try:
        desk.starts("2023-07-19T15:47", 60)
        desk.says("nothing reports in time", 20)
        desk.learns(REPORT)
        read = desk.says(r"(\S+) the stored market has changed and was read again", 60)
        assert read.group(1).startswith("2023-07-20T09:3"), read.group(0)
    finally:
        desk.ends()


def without_inputs():
    desk = Desk("2023-07-10")
    try:
        said = desk.alaris("trade", "start", "--paper", "--account", "DU1234567", "--symbol", "AAPL", "--source", "store",
                           "--clock", "2023-07-20T15:42", code=3)
        assert "VIX" in said and "AAPL: daily bars" in said and "2023-07-10" in said, said
    finally:
        desk.ends()


without_inputs()
before_the_decision()
overnight()
