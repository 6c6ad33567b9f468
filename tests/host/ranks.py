#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A sweep over MPI ranks: the same table for 1, 2 and 4 ranks as for one process; a rank that dies ends the job, and
the same command afterwards runs only what was not finished and gives the same table.

usage: ranks.py HOST_EXECUTABLE        exit 77 (skipped) where there is no mpirun or the host was built without MPI
"""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

GRID = ["-q", "backtest", "sweep", "--symbol", "AAPL,KO,NFLX,DIS", "--start", "2016-01-04", "--end", "2021-12-31", "--set",
        "simulation.event_premium=2", "--param", "strategy.min_iv_rv=1.1:1.6:0.1", "--each-symbol", "--format", "csv"]


# An MPI keeps memory until the process ends; what our own code leaks is looked for elsewhere.
os.environ.setdefault("ASAN_OPTIONS", "detect_leaks=0")


def launch(ranks):
    words = ["mpirun", "-n", str(ranks), "--oversubscribe"]
    return words + (["--allow-run-as-root"] if os.geteuid() == 0 else [])


def run(words, folder):
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=300)


def rank_process(name, rank):
    """The process of one rank of our own job: it runs in this scratch folder."""
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            variables = (entry / "environ").read_bytes().split(b"\0")
            here = os.readlink(entry / "cwd")
            command = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if here == name and f"OMPI_COMM_WORLD_RANK={rank}".encode() in variables and b"sweep" in command:
            return int(entry.name)
    return None


def main(host):
    if not shutil.which("mpirun"):
        print("skipped: there is no mpirun (apt-get install openmpi-bin libopenmpi-dev)")
        return 77
    with tempfile.TemporaryDirectory(prefix="alaris-ranks-") as name:
        name = os.path.realpath(name)
        folder = pathlib.Path(name)
        alone = run([host, *GRID], folder)
        assert alone.returncode == 0, alone.stderr
        assert alone.stdout.count("\n") == 25, alone.stdout
        for ranks in (1, 2, 4):
            shared = run([*launch(ranks), host, *GRID], folder)
            if "built without MPI" in shared.stderr:
                print("skipped: the host was built without MPI (apt-get install libopenmpi-dev)")
                return 77
            assert shared.returncode == 0, shared.stderr
            assert shared.stdout == alone.stdout, f"{ranks} ranks give another table:\n{shared.stdout}"
        version = run([*launch(2), host, "version"], folder)
        assert version.stdout.count("alaris") == 1, "what cannot be shared is done once"

        keep = ["--keep", "kept"]
        loud = [word for word in GRID if word != "-q"]
        job = subprocess.Popen([*launch(2), host, *loud, *keep], cwd=folder, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
        victim, until = None, time.time() + 120
        while job.poll() is None and time.time() < until:
            victim = victim or rank_process(name, 1)
            if victim and len(list(folder.glob("kept/variant-*"))) >= 2:
                os.kill(victim, signal.SIGKILL)
                break
            time.sleep(0.002)
        said = job.communicate(timeout=120)[1]
        assert victim, "rank 1 was never seen"
        assert job.returncode != 0 and "rank 1" in said, f"the dead rank is not reported: {said}"
        finished = len(list(folder.glob("kept/variant-*")))
        assert 2 <= finished < 24, f"{finished} variants were finished before the end"

        again = run([*launch(2), host, *loud, *keep], folder)
        assert again.returncode == 0, again.stderr
        assert again.stdout == alone.stdout, "the table after the restart is another one"
        assert f"{finished} of 24 variants were finished before" in again.stderr, again.stderr
        assert "never finished: it is run again" in again.stderr, again.stderr
        third = run([host, *loud, *keep], folder)
        assert third.stdout == alone.stdout and "24 of 24 variants were finished before" in third.stderr
        print(f"1, 2 and 4 ranks give one table; rank 1 died after {finished} of 24 variants, the rest was run again")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
