#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs every command of docs/operations.md: runbook.py HOST SIMULATED_GATEWAY PAGE.

The sh blocks become one script in a fresh home. A command that ends in & runs beside the others; the next waits until
the session is ready or the page answers. `# exit 0 or 1` says which exit codes are right."""
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

host, gateway, page = sys.argv[1:4]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def script(commands, port):
    lines = ["set -u", "ready() { for i in $(seq 150); do \"$@\" >/dev/null 2>&1 && return; sleep 0.2; done; return 99; }"]
    for command in commands:
        wanted = re.search(r"\s+# exit (.*)$", command)
        codes = wanted.group(1).split(" or ") if wanted else ["0"]
        line = command[: wanted.start()] if wanted else command
        line = line.replace("9464", str(port))
        if line.endswith("&"):
            lines += [line.replace("&", ">/dev/null 2>>background.txt &")]
            line = f"ready curl --silent http://127.0.0.1:{port}/" if "monitor" in line else "ready alaris trade status"
        allowed = " || ".join(f"[ $code = {code} ]" for code in codes)
        lines += [f"echo {shlex.quote('$ ' + command)}", line, "code=$?", f"{{ {allowed}; }} || {{ echo \"EXIT $code\"; exit 1; }}"]
    return "\n".join(lines) + "\n"


blocks = re.findall(r"^```sh\n(.*?)^```$", open(page).read(), re.S | re.M)
commands = [line for block in blocks for line in block.splitlines() if line.strip()]
assert len(commands) > 20, "the page has lost its commands"
folder = tempfile.mkdtemp(prefix="alaris-runbook-")
simulated = subprocess.Popen([gateway, "--port", "0", "--quiet"], stdout=subprocess.PIPE, text=True)
try:
    broker = simulated.stdout.readline().strip().rsplit(":", 1)[1]
    os.makedirs(f"{folder}/bin")
    os.makedirs(f"{folder}/.config/alaris")
    os.symlink(host, f"{folder}/bin/alaris")
    with open(f"{folder}/.config/alaris/alaris.toml", "w") as file:
        file.write(f"[gateway]\nport = {broker}\n")
    environment = {"HOME": folder, "PATH": f"{folder}/bin:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
    ran = subprocess.Popen(["bash", "-c", script(commands, free_port())], cwd=folder, env=environment, text=True,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        output, _ = ran.communicate(timeout=240)
    except subprocess.TimeoutExpired:
        output = "took more than 240 s"
    try:
        os.killpg(ran.pid, signal.SIGKILL)  # the monitor of this test
    except ProcessLookupError:
        pass
    if ran.returncode != 0:
        print(output)
        print(open(f"{folder}/background.txt").read() if os.path.exists(f"{folder}/background.txt") else "")
    sys.exit(0 if ran.returncode == 0 else 1)
finally:
    simulated.terminate()
    simulated.wait()
    shutil.rmtree(folder, ignore_errors=True)
