# SPDX-License-Identifier: Apache-2.0
"""Installs the Python module into a folder of its own and runs a script against it:
installed.py CMAKE BUILD SCRIPT [ARGUMENT...]"""
import os
import pathlib
import subprocess
import sys
import tempfile

cmake, build, *script = sys.argv[1:]
with tempfile.TemporaryDirectory() as prefix:
    subprocess.run([cmake, "--install", build, "--component", "python", "--prefix", prefix], check=True,
                   stdout=subprocess.DEVNULL)
    modules = list(pathlib.Path(prefix).rglob("alaris*.so"))
    assert len(modules) == 1, modules
    environment = dict(os.environ, PYTHONPATH=str(modules[0].parent), PYTHONDONTWRITEBYTECODE="1")
    sys.exit(subprocess.run([sys.executable, *script], env=environment).returncode)
