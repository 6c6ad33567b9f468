#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Keys planted in every slot, by value and by file, never appear in what any command prints or writes: output, state,
cache, run folders, the text of a crash. The servers on this machine repeat every credential they are sent.

usage: canary.py HOST_EXECUTABLE"""
import http.server
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time

HOST = str(pathlib.Path(sys.argv[1]).resolve())
SLOTS = ["POLYGON_API_KEY", "MASSIVE_API_KEY", "FMP_API_KEY", "EDGAR_USER_AGENT", "ALARIS_SMTP_PASSWORD",
         "ALARIS_WEBHOOK_URL"]
FEEDS = ["massive", "fmp", "nasdaq", "treasury", "cboe", "edgar"]
stalled = threading.Event()


class Parrot(http.server.BaseHTTPRequestHandler):
    """Says back what it was sent, once as a refusal and once as an answer; /stall never ends."""

    def log_message(self, *_):
        pass

    def do_GET(self):
        if self.path.startswith("/stall"):
            stalled.set()
            time.sleep(20)
            return
        said = " ".join(str(value) for value in self.headers.values()) + " " + self.path
        body = json.dumps({"status": "OK", "error": "", "message": "Key " + said, "results": []}).encode()
        self.send_response(403 if "snapshot" in self.path or "submissions" in self.path else 200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Seen", str(self.headers.get("Authorization")))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET


def canary(slot):
    return f"CANARY-{slot.lower().replace('_', '-')}-7f3a"


def value_of(slot, port):
    if slot == "ALARIS_WEBHOOK_URL":
        return f"http://127.0.0.1:{port}/hook/{canary(slot)}"
    return canary(slot) + (" someone@example.org" if slot == "EDGAR_USER_AGENT" else "")


def commands(port):
    feeds = [word for feed in FEEDS for word in ("--set", f"feeds.{feed}.base_url=http://127.0.0.1:{port}")]
    bootstrap = ["data", "bootstrap", "--symbol", "ACME", "--days", "5", *feeds]
    monitor = ["system", "monitor", "--once", "--smtp-url", "smtp://127.0.0.1:1", "--mail-from", "a@example.org",
               "--mail-to", "b@example.org"]
    return [bootstrap, ["-v", *bootstrap, "--refresh"], [*bootstrap, "--dry-run"],
            ["backtest", "run", "--symbol", "AAPL", "--source", "simulated", "--start", "2020-01-02", "--end",
             "2020-02-28"],
            ["backtest", "show", "latest"], ["config", "show", "--origin"], ["config", "check"], ["config", "schema"],
            ["config", "init"], ["system", "health", "--format", "json"], monitor,
            ["system", "backup", "--now"], ["system", "alerts"], ["data", "status"], ["data", "verify"],
            ["data", "gaps"], ["journal", "verify"], ["trade", "status"], ["position", "list"],
            ["signal", "scan", "--symbol", "AAPL", "--source", "simulated", "--at", "2020-01-21"],
            ["signal", "scan", "--symbol", "AAPL"], ["nonsense"]]


def leaks(text, place):
    return [f"{canary(slot)} in {place}" for slot in SLOTS if canary(slot).encode() in text]


def crash_text(environment, folder, port):
    """What a program says that is aborted while a key is under way."""
    stalled.clear()
    words = [HOST, "data", "bootstrap", "--symbol", "ACME", "--days", "5", "--only", "bars", "--set",
             f"feeds.massive.base_url=http://127.0.0.1:{port}/stall"]
    ran = subprocess.Popen(words, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    met = stalled.wait(10)
    ran.send_signal(signal.SIGABRT)
    said = ran.communicate(timeout=30)[0]
    return met, said


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Parrot)
    server.daemon_threads = True
    server.handle_error = lambda *_: None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    found = []
    for form in ("value", "file"):
        with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryDirectory() as keys:
            environment = {"PATH": os.environ["PATH"], "HOME": scratch, "ASAN_OPTIONS": "detect_leaks=0"}
            for slot in SLOTS:
                if form == "value":
                    environment[slot] = value_of(slot, port)
                    continue
                path = pathlib.Path(keys) / slot
                path.write_text(value_of(slot, port) + "\n")
                path.chmod(0o600)
                environment[slot + "_FILE"] = str(path)
            for words in commands(port):
                ran = subprocess.run([HOST, *words], cwd=scratch, env=environment, stdout=subprocess.PIPE,
                                     stderr=subprocess.STDOUT, timeout=120)
                if ran.returncode < 0 or ran.returncode == 70:
                    found.append(f"{' '.join(words)} ended with {ran.returncode}")
                found += leaks(ran.stdout, f"the output of {' '.join(words)}")
            met, said = crash_text(environment, scratch, port)
            if not met:
                found.append("the stalled server was never asked")
            found += leaks(said, "the text of a crash")
            files = [path for path in pathlib.Path(scratch).rglob("*") if path.is_file()]
            for path in files:
                found += leaks(path.read_bytes(), str(path.relative_to(scratch)))
            kinds = {"the state": ".local/state", "the cache": ".cache/alaris/answers", "a run folder": "runs"}
            for kind, place in kinds.items():
                if not any(place in str(path) for path in files):
                    found.append(f"nothing was written to {kind}: the test looked at too little")
            print(f"keys by {form}: {len(commands(port))} commands, {len(files)} files")
    for line in found:
        print("FOUND:", line)
    sys.exit(1 if found else 0)


main()
