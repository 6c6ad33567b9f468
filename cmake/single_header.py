#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes alaris_single.hpp: every header of alaris::core in one file, for programs that cannot have an include folder.

  python3 cmake/single_header.py [-o alaris_single.hpp] [HEADER ...]

HEADER (alaris/policy.hpp, ...) restricts the file to what these need. The same tree gives the same bytes.
"""
import argparse
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
INCLUDE = ROOT / "include"
EACH_SET = "alaris/numeric/each_instruction_set.hpp"
OWN = re.compile(r'#include <(alaris/[^>]+)>')
TEXT = re.compile(r'#define ALARIS_SET_TEXT <(alaris/[^>]+)>')


def core_headers():
    listing = (ROOT / "cmake" / "headers.cmake").read_text()
    core = listing[listing.index("set(ALARIS_CORE_HEADERS"):]
    return re.findall(r"^  (alaris/\S+)$", core[:core.index(")")], re.M)


class Writer:
    def __init__(self):
        self.seen, self.lines = set(), []

    def header(self, name):
        if name in self.seen or name == EACH_SET:
            return
        self.seen.add(name)
        self.lines.append("// ---- %s" % name)
        text = None
        for line in (INCLUDE / name).read_text().splitlines():
            if line == "#pragma once" or line.startswith("// SPDX-License-Identifier"):
                continue
            if match := TEXT.fullmatch(line):
                text = match.group(1)
            elif match := OWN.fullmatch(line):
                if match.group(1) == EACH_SET and text:
                    self.every_set(text)
                    text = None
                else:
                    self.header(match.group(1))
            else:
                self.lines.append(line)

    def every_set(self, name):
        """The text once for each instruction set, as each_instruction_set.hpp includes it."""
        body = [line for line in (INCLUDE / name).read_text().splitlines()
                if not OWN.fullmatch(line) and not TEXT.fullmatch(line) and not line.startswith("// ")]
        for line in (INCLUDE / EACH_SET).read_text().splitlines():
            if line == "#ifdef ALARIS_SET_TEXT":
                self.lines.append("#if 1")
            elif line == "#include ALARIS_SET_TEXT":
                self.lines += body
            elif match := OWN.fullmatch(line):
                self.header(match.group(1))
            elif not line.startswith("//") and line != "#undef ALARIS_SET_TEXT":
                self.lines.append(line)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--out", default="-")
    parser.add_argument("header", nargs="*")
    options = parser.parse_args()
    known = core_headers()
    for name in options.header:
        if name not in known:
            parser.error("%s is no header of alaris::core" % name)
    version = re.search(r'ALARIS_VERSION_STRING "([^"]+)"', (INCLUDE / "alaris/core/version.hpp").read_text()).group(1)
    writer = Writer()
    for name in options.header or known:
        writer.header(name)
    text = "\n".join(["// SPDX-License-Identifier: Apache-2.0",
                      "// Alaris %s in one file, made by cmake/single_header.py. Do not edit." % version,
                      "#pragma once", *writer.lines]) + "\n"
    if options.out == "-":
        sys.stdout.write(text)
    else:
        pathlib.Path(options.out).write_text(text)


if __name__ == "__main__":
    main()
