# SPDX-License-Identifier: Apache-2.0
"""Every header and source is as clang-format 14 leaves it: check_format.py CLANG_FORMAT ROOT [--write]."""
import pathlib
import subprocess
import sys

program, root, write = sys.argv[1], pathlib.Path(sys.argv[2]), "--write" in sys.argv[3:]
files = sorted(path for folder in ("include", "examples", "tests", "benchmarks") for ending in ("hpp", "cpp")
               for path in (root / folder).rglob(f"*.{ending}"))
wrong = []
for at in range(0, len(files), 32):  # the program prints one file after the other only when asked for one
    batch = files[at:at + 32]
    running = [subprocess.Popen([program, str(path)], stdout=subprocess.PIPE) for path in batch]
    for path, process in zip(batch, running):
        formatted = process.communicate()[0]
        if process.returncode != 0 or formatted != path.read_bytes():
            wrong.append(path.relative_to(root))
            if write and process.returncode == 0:
                path.write_bytes(formatted)
for path in wrong:
    print(f"{path}: not as {program} leaves it")
print(f"{len(files)} files, {len(wrong)} not formatted")
sys.exit(1 if wrong and not write else 0)
