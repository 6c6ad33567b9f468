#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The service files as systemd reads them: units.py FOLDER; exit 77 (skipped) where systemd-analyze is missing."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

folder = pathlib.Path(sys.argv[1])
names = {path.name for path in folder.iterdir()}
for path in sorted(folder.glob("*.timer")):
    assert path.with_suffix(".service").name in names, f"{path.name} starts nothing"
for path in sorted(folder.glob("*.service")):
    text = path.read_text()
    for wanted in ("NoNewPrivileges=yes", "ProtectSystem=strict", "UMask=0077", "CapabilityBoundingSet=\n",
                   "SystemCallFilter=@system-service", "User=alaris", "StateDirectoryMode=0700"):
        assert wanted in text, f"{path.name} lacks {wanted.strip()}"
    assert not re.search(r"^Environment=.*(KEY|PASSWORD|URL)", text, re.M), f"{path.name} holds a secret"
    if "WatchdogSec" in text:
        assert "Type=notify" in text, f"{path.name}: a watchdog that nobody feeds"
if not shutil.which("systemd-analyze"):
    print("skipped: there is no systemd-analyze")
    sys.exit(77)
with tempfile.TemporaryDirectory() as place:
    for name in names:
        if name.endswith((".service", ".timer")):
            text = (folder / name).read_text().replace("/usr/bin/alaris", shutil.which("true"))
            # The user and the manual page come with the installation.
            text = re.sub(r"^(User|Documentation)=.*\n", "", text, flags=re.M)
            (pathlib.Path(place) / name).write_text(text)
    ran = subprocess.run(["systemd-analyze", "verify", "--man=no", *sorted(str(p) for p in pathlib.Path(place).iterdir())],
                         capture_output=True, text=True, timeout=60)
    said = [line for line in ran.stderr.splitlines() if "alaris" in line]
    assert ran.returncode == 0 and not said, "\n".join(said) or ran.stderr
print(f"{len(names)} service files")
