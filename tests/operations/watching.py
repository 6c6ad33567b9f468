#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A trading process, the monitor beside it and a webhook: watching.py HOST SIMULATED_GATEWAY.

A combination of which one leg executes becomes a P0 that halts before it tells, reaches the webhook and the page, and
keeps anybody from resuming. Then no file may grow any more: the process lives on and is halted by a signal."""
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

host, gateway = sys.argv[1:3]
folder = tempfile.mkdtemp(prefix="alaris-watching-")
state = f"{folder}/.local/state/alaris"
environment = {"HOME": folder, "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
heard = []  # (announcement, whether the halt stood when it was told)


class Hook(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        heard.append((body, os.path.exists(f"{state}/trading.halt")))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


hook = HTTPServer(("127.0.0.1", 0), Hook)
threading.Thread(target=hook.serve_forever, daemon=True).start()
started = []


def start(*words, **more):
    process = subprocess.Popen(words, cwd=folder, env={**environment, **more}, text=True, stdout=subprocess.PIPE,
                               stderr=open(f"{folder}/log.txt", "a"))
    started.append(process)
    return process


def alaris(*words, code=0, full=False):
    no_room = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    ran = subprocess.run([host, *words], cwd=folder, env=environment, text=True, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, timeout=60, preexec_fn=no_room if full else None)
    assert ran.returncode in (code if isinstance(code, tuple) else (code,)), \
        f"{words} ended with {ran.returncode}: {ran.stdout}{ran.stderr}"
    return ran.stdout + ran.stderr


def status():
    return json.loads(alaris("trade", "status", "--format", "json", code=(0, 1)))


def until(what, fact, seconds=40):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            found = fact()
        except (OSError, AssertionError, ValueError):
            found = None
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"never: {what}")


def page(port, path="/"):
    return urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5).read().decode()


def test():
    with open(f"{folder}/scenario.json", "w") as file:
        json.dump({"schema": "alaris/gateway_scenario/1", "account": "DU1234567", "cash": "100000.00",
                   "fills": {"policy": "marketable", "delay_ms": 1000, "one_leg": True}}, file)
    market = ["--symbol", "AAPL,MSFT", "--source", "simulated", "--clock", f"2023-07-20T15:40@{int(time.time())}",
              "--speed", "60"]
    calm = ["--set", "simulation.event_premium=2.0"]
    broker = start(gateway, "--port", "0", "--scenario", "scenario.json", *market, *calm, "--quiet")
    port = broker.stdout.readline().strip().rsplit(":", 1)[1]
    calm += ["--set", f"gateway.port={port}", "--set", "gateway.account=DU1234567"]
    trader = start(host, *calm, "trade", "start", "--paper", "--account", "DU1234567", *market)
    monitor = start(host, "system", "monitor", "--port", "0", "--every", "0.2",
                    ALARIS_WEBHOOK_URL=f"http://127.0.0.1:{hook.server_port}/hook")
    until("the session is ready", lambda: status()["phase"] == "ready")
    view = lambda: [int(line.rsplit(":", 1)[1].strip("/\n")) for line in open(f"{folder}/log.txt")
                    if line.startswith("http://127.0.0.1")]
    port = until("the page", view)[0]

    told = until("a webhook hears of one leg",
                 lambda: [t for t in heard if t[0]["severity"] == "P0" and "one leg" in t[0]["what"]])
    assert told[0][1], "it was told before it was halted"
    until("the session is halted", lambda: (status()["halted"] or "").startswith("capital at risk"))
    assert "one leg" in page(port) and "HALTED" in page(port)
    assert re.search(r'alaris_alerts\{severity="P0"\} [1-9]', page(port, "/metrics"))
    alaris("trade", "resume", "--reason", "tried", code=6)
    second = alaris("system", "monitor", "--once", code=5)
    assert "another monitor" in second, second

    # The halt is a level: whoever takes it away finds it again while the P0 stands.
    with open(f"{state}/trading.resume", "w") as word:
        word.write("around the command")
    until("it is halted again", lambda: not os.path.exists(f"{state}/trading.resume") and status()["halted"])

    # The disk is full: the process lives, and hears a halt that needs no disk.
    resource.prlimit(trader.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    said = alaris("trade", "flatten", "--reason", "no room", full=True)
    assert "by a signal" in said, said
    time.sleep(1.5)
    assert trader.poll() is None, f"a full disk ended the process with {trader.poll()}"
    resource.prlimit(trader.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    until("the status is written again", lambda: "the status is written again" in open(f"{folder}/log.txt").read(), 10)
    assert status()["halted"]
    trader.send_signal(signal.SIGTERM)
    assert trader.wait(30) == 0
    alaris("journal", "verify", code=(0, 1))
    monitor.send_signal(signal.SIGTERM)
    assert monitor.wait(30) == 0


try:
    test()
except BaseException:
    print(open(f"{folder}/log.txt").read()[-6000:])
    print(json.dumps([t for t in heard], indent=1)[-3000:])
    raise
finally:
    for process in started:
        if process.poll() is None:
            process.kill()
            process.wait()
    shutil.rmtree(folder, ignore_errors=True)
