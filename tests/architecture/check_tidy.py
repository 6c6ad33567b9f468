# SPDX-License-Identifier: Apache-2.0
"""clang-tidy on the lines that changed: check_tidy.py CLANG_TIDY BUILD [--since COMMIT] [--most N] [--jobs N] [FILE...]

Changed is what differs from the branch's beginning (the merge base with origin/main), or from the commit before when the
branch is main itself, beside what is not committed: the sources with changed lines, at most N of them (half a minute
each), the last edited first. A FILE that is named is checked as a whole. BUILD holds compile_commands.json of a Clang
build. Exit 1 with the warnings, 77 where there is no history or no clang-tidy."""
import argparse
import concurrent.futures
import json
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def git(*words):
    ran = subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True)
    return ran.stdout.split("\n") if ran.returncode == 0 else None


def beginning():
    """The commit that changes are counted from; None where there is no history."""
    head, base = git("rev-parse", "HEAD"), git("merge-base", "HEAD", "origin/main")
    if not head:
        return None
    if base and base[0] != head[0]:
        return base[0]
    before = git("rev-parse", "HEAD~1")
    return before[0] if before else None


def changed(since):
    committed, loose = git("diff", "--name-only", since) or [], git("ls-files", "--others", "--exclude-standard") or []
    return sorted({name for name in committed + loose if name.endswith(".cpp") and (ROOT / name).exists()})


def changed_lines(since, name):
    """First and last line of every changed stretch; all of a file that is new."""
    difference = "\n".join(git("diff", "-U0", since, "--", name) or [])
    if not difference.strip():
        return [[1, 1_000_000]]  # not known to git yet
    hunks = re.findall(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@", difference, re.M)
    return [[int(first), int(first) + int(count or 1) - 1] for first, count in hunks if count != "0"]


def command_of(entry):
    """The compiler's command with the precompiled header as the text it was made from."""
    command = re.sub(r"-Xclang -include-pch -Xclang \S+ ?", "", entry["command"])
    command = re.sub(r"-Xclang -include -Xclang (\S+)", r"-include \1", command)
    return command.replace("-Winvalid-pch", "").replace("-Xclang -fno-pch-timestamp", "")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clang_tidy")
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--since")
    parser.add_argument("--most", type=int, default=10)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("files", nargs="*")
    args = parser.parse_intermixed_args()
    since = args.since or beginning()
    if not shutil.which(args.clang_tidy) or (not since and not args.files):
        print("skipped: no clang-tidy, or no history to compare with")
        return 77
    files = args.files or changed(since)
    entries = {pathlib.Path(entry["file"]).resolve(): entry
               for entry in json.loads((args.build / "compile_commands.json").read_text())}
    known = [(ROOT / name).resolve() for name in files if (ROOT / name).resolve() in entries]
    known.sort(key=lambda path: -path.stat().st_mtime)
    left_out = known[args.most:]
    database = args.build / "tidy"
    database.mkdir(exist_ok=True)
    (database / "compile_commands.json").write_text(json.dumps(
        [{**entries[path], "command": command_of(entries[path])} for path in known[:args.most]]))

    def check(path):
        command = [args.clang_tidy, "-p", str(database), "--quiet", str(path)]
        if not args.files:
            lines = changed_lines(since, str(path.relative_to(ROOT)))
            if not lines:
                return path, []
            command.append("--line-filter=" + json.dumps([{"name": path.name, "lines": lines}]))
        ran = subprocess.run(command, capture_output=True, text=True)
        said = re.findall(r"^.*(?:warning|error): .*\[.*\]$", ran.stdout, re.M)
        return path, said if ran.returncode else []

    wrong = 0
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for path, said in pool.map(check, known[:args.most]):
            print(f"{path.relative_to(ROOT)}: {len(said)} warnings")
            for line in said:
                print("  " + line)
            wrong += len(said)
    if left_out:
        print(f"not looked at, --most {args.most}: {', '.join(str(path.relative_to(ROOT)) for path in left_out)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
