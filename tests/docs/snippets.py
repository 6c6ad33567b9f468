#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Do the programs in the documentation compile, and print what stands below them?

A block ```cpp that holds `int main` is a whole program; the block without a language that follows it is its output. A
block ```cpp after the line <!-- from FILE --> must stand in that file, line by line and in order; the block that follows
in FILE's .expected.

  tests/docs/snippets.py --compiler g++ [--write] PAGE...    --write puts the real output below the programs
"""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"(?:<!-- from (?P<file>\S+) -->\n)?```(?P<language>[^\n]*)\n(?P<text>.*?)^```$", re.S | re.M)


def output_of(program, compiler):
    with tempfile.TemporaryDirectory() as folder:
        source, binary = pathlib.Path(folder) / "program.cpp", pathlib.Path(folder) / "program"
        source.write_text(program)
        build = subprocess.run([compiler, "-std=c++20", "-O1", "-Wall", "-Wextra", f"-I{ROOT / 'include'}", "-isystem",
                                "/usr/include/eigen3", str(source), "-o", str(binary), "-lfmt"],
                               capture_output=True, text=True)
        if build.returncode != 0:
            return None, build.stderr
        ran = subprocess.run([str(binary)], capture_output=True, text=True, timeout=60)
        return ran.stdout, f"exit code {ran.returncode}" if ran.returncode else ""


def stands_in(fragment, whole):
    """Every line of the fragment, comments and blanks at the ends aside, in this order."""
    lines = iter(re.sub(r"\s*//.*", "", line).strip() for line in whole.splitlines())
    wanted = [re.sub(r"\s*//.*", "", line).strip() for line in fragment.splitlines() if line.strip()]
    joined = " ".join(line for line in lines)
    at = 0
    for line in wanted:
        found = re.sub(r"\s+", " ", joined).find(re.sub(r"\s+", " ", line), at)
        if found < 0:
            return line
        at = found
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("pages", nargs="+", type=pathlib.Path)
    args = parser.parse_args()
    wrong, programs, fragments = 0, 0, 0

    def complain(page, text, block, why):
        nonlocal wrong
        wrong += 1
        line = text.count("\n", 0, block.start()) + 1
        print(f"{page}:{line}: {why}", file=sys.stderr)

    for page in args.pages:
        text = page.read_text()
        blocks = list(BLOCK.finditer(text))
        changes = []
        for i, block in enumerate(blocks):
            if block["language"] != "cpp":
                continue
            shown = blocks[i + 1] if i + 1 < len(blocks) and blocks[i + 1]["language"] == "" else None
            if block["file"]:
                fragments += 1
                source = ROOT / block["file"]
                if missing := stands_in(block["text"], source.read_text()):
                    complain(page, text, block, f"not in {block['file']}: {missing}")
                if shown and (missing := stands_in(shown["text"], source.with_suffix(".expected").read_text())):
                    complain(page, text, block, f"{block['file']} does not print: {missing}")
            elif "int main" in block["text"]:
                programs += 1
                printed, trouble = output_of(block["text"], args.compiler)
                if printed is None or trouble:
                    complain(page, text, block, trouble)
                elif not shown:
                    complain(page, text, block, "no output stands below this program; it prints:\n" + printed)
                elif printed != shown["text"]:
                    if args.write:
                        changes.append((shown.start("text"), shown.end("text"), printed))
                    else:
                        complain(page, text, block, "prints something else:\n" + printed)
        for start, end, printed in reversed(changes):
            text = text[:start] + printed + text[end:]
        if changes:
            page.write_text(text)
    print(f"{programs} programs, {fragments} fragments in {len(args.pages)} pages, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
