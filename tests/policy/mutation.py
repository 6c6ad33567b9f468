#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Do the tests of the rules notice a wrong rule?

Each comparison, relation, logical operator, sign and number of include/alaris/policy/*.hpp is changed, one at a time; the
policy tests are compiled against the changed header and must fail (a change that does not compile counts as caught). A
change that survives is printed with its line. The tests are built against tests/policy/mutation/support/catch.hpp, which
is small enough for that.

  tests/policy/mutation.py [--compiler g++] [--jobs 2] [--header limit_rules] [--list]

The exit code is 0 when every change is caught or listed, with its reason, in EQUIVALENT.
"""
import argparse
import concurrent.futures
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
POLICY = ROOT / "include" / "alaris" / "policy"
TESTS = ROOT / "tests" / "policy"

# Which tests judge a header; every other header is judged by all of them.
JUDGES = {
    "breakers": ["breakers"],
    "breaker_text": ["breakers"],
    "reducing": ["reducing", "gate"],
    "gate": ["gate"],
    "policy": ["composition"],
    "tree": ["composition", "tree"],
    "any_policy": ["composition"],
    "sizing": ["sizing"],
    "verdict": ["rules", "composition"],
    "entry_rules": ["rules"],
    "leg_rules": ["rules"],
    "limit_rules": ["rules"],
    "order_rules": ["rules"],
    "pre_trade_rules": ["rules"],
    "quality_rules": ["rules"],
}

# Changes that mean the same: (header, text of the line, replacement), with the reason.
SIZING_GUARD = ("if (!(solvent > 0.0) || !(slope(0.0) > 0.0)) return 0.0;  // ruined already, no edge, or something is "
                "not known")
EQUIVALENT = {
    # the greater of two equal commands is either
    ("breakers", "return {.command = pulled > command ? pulled : command};", ">", ">="),
    # every probability of the night scaled alike: the sign of the slope is the same
    ("sizing", "const ReturnOutcome nothing_held[] = {{1.0, 0.0}};", "1.0", "1.2501"),
    # no return is that small a loss, and a night without one has nothing to lose
    ("sizing", "double worst = 0.0, worst_held = 0.0;", "0.0", "0.0001"),
    # nothing solvent, no slope or an unknown one: the bisection ends at nothing as well
    ("sizing", SIZING_GUARD, ">", ">="),
    ("sizing", SIZING_GUARD, "||", "&&"),
    # a slope of exactly nothing: either side of the bisection is the answer
    ("sizing", "if (slope(high) > 0.0) return high;", ">", ">="),
    ("sizing", "(slope(middle) > 0.0 ? low : high) = middle;", ">", ">="),
    # a bisection that ends one step earlier or later is within its bound of the same fraction
    ("sizing", "while (high - low > 1e-12) {", ">", ">="),
}

COMPARISONS = {
    "<=": ["<", ">="], ">=": [">", "<="], "<": ["<=", ">"], ">": [">=", "<"], "==": ["!="], "!=": ["=="],
    "&&": ["||"], "||": ["&&"],
}
RELATIONS = ["at_most", "at_least", "below", "above"]


def strip_comment(line):
    return line.split("//")[0]


def mutants_of(path):
    """(line number, column, old, new) of every change of one header."""
    found = []
    for number, line in enumerate(path.read_text().splitlines()):
        code = strip_comment(line)
        if code.lstrip().startswith(("#", "template", "requires", "concept", "static_assert", "ALARIS_EXPECTS")):
            continue
        if "requires" in code or "friend" in code or "operator" in code or "detail::joined" in code:
            continue
        masked = re.sub(r'"[^"]*"', lambda m: "_" * len(m.group()), code)
        for m in re.finditer(r" (<=|>=|==|!=|<|>|&&|\|\|) ", masked):
            for new in COMPARISONS[m.group(1)]:
                found.append((number, m.start(1), m.group(1), new))
        for m in re.finditer(r"Relation::(\w+)", masked):
            if "case" in masked or "relation" in masked:
                continue
            old = m.group(1)
            for new in RELATIONS:
                if new != old and (new in ("at_most", "below")) == (old in ("at_most", "below")):
                    found.append((number, m.start(1), old, new))
            found.append((number, m.start(1), old, {"at_most": "at_least", "at_least": "at_most", "below": "above",
                                                    "above": "below"}[old]))
        for m in re.finditer(r"(?<=[^\w.'\"])(\d[\d']*\.?\d*(?:e-?\d+)?)(?=[^\w.'\"]|$)", masked):
            old = m.group(1)
            value = old.replace("'", "")
            if "std::array<" in masked or "std::size_t" in masked or "depth" in masked or " v[" in masked:
                continue
            new = repr(float(value) * 1.25 + 0.0001) if "." in value or "e" in value else str(int(value) + 1)
            found.append((number, m.start(1), old, new))
        for m in re.finditer(r" (\+|-|\*) ", masked):
            if "*>(" in masked or "const P" in masked:
                continue
            found.append((number, m.start(1), m.group(1), {"+": "-", "-": "+", "*": "+"}[m.group(1)]))
    return found


def caught(args, header, change, scratch):
    number, column, old, new = change
    name = header.stem
    folder = pathlib.Path(tempfile.mkdtemp(dir=scratch))
    changed = folder / "alaris" / "policy"
    changed.mkdir(parents=True)
    lines = header.read_text().splitlines(keepends=True)
    line = lines[number]
    lines[number] = line[:column] + new + line[column + len(old):]
    (changed / header.name).write_text("".join(lines))
    try:
        for test in JUDGES.get(name, sorted({t for ts in JUDGES.values() for t in ts})):
            program = folder / "judge"
            build = subprocess.run(
                [args.compiler, "-std=c++20", "-O0", "-w", "-D_GLIBCXX_ASSERTIONS", "-DALARIS_MUTATION_MAIN", f"-I{folder}",
                 f"-I{TESTS / 'mutation'}", f"-I{ROOT / 'include'}", f"-I{ROOT / 'tests'}",
                 str(TESTS / f"{test}.test.cpp"), "-o", str(program)], capture_output=True, text=True)
            if build.returncode != 0:
                return True
            try:
                if subprocess.run([str(program)], capture_output=True, timeout=20).returncode != 0:
                    return True
            except subprocess.TimeoutExpired:
                return True
        return False
    finally:
        shutil.rmtree(folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--header", help="only this one, without .hpp")
    parser.add_argument("--list", action="store_true", help="print the changes and do nothing")
    args = parser.parse_args()

    work = []
    for header in sorted(POLICY.glob("*.hpp")):
        if args.header and header.stem != args.header:
            continue
        for change in mutants_of(header):
            work.append((header, change))
    if args.list:
        for header, (number, _, old, new) in work:
            print(f"{header.name}:{number + 1}: {old} -> {new}: {header.read_text().splitlines()[number].strip()}")
        print(len(work))
        return 0

    scratch = tempfile.mkdtemp(prefix="mutation")
    survivors, excused = [], 0
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for (header, change), dead in zip(work, pool.map(lambda w: caught(args, w[0], w[1], scratch), work)):
            if dead:
                continue
            number, _, old, new = change
            text = header.read_text().splitlines()[number].strip()
            if (header.stem, text, old, new) in EQUIVALENT:
                excused += 1
                continue
            survivors.append((header, change))
            print(f"survived {header.name}:{number + 1}: {old} -> {new}: {text}", flush=True)
    shutil.rmtree(scratch)
    judged = len(work) - excused
    print(f"{judged - len(survivors)} of {judged} changes caught, {excused} more mean the same")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
