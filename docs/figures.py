#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The pictures of the documentation, drawn from the figures beside them: docs/figures/*.csv -> docs/figures/*.svg.

  docs/figures.py [--data DIR] [--out DIR]          draw; the same figures give the same bytes
  docs/figures.py --bench docs/figures FILE.json... take the times of Google Benchmark's JSON into performance.csv first

`./alaris accuracy --figures` and `./alaris bench --figures` measure anew and then draw. Only the standard library is
used; the colours can be read on a light page and on a dark one.
"""
import argparse
import csv
import json
import math
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
INK, FAINT = "#7b828c", "#7b828c55"
SERIES = ["#3b82c4", "#d9822b", "#2f9e6e", "#9a6dd7"]


class Picture:
    """An SVG with one plot: data coordinates in, text out."""

    def __init__(self, width, height, title, left=70, bottom=50):
        self.width, self.height = width, height
        self.left, self.right, self.top, self.bottom = left, width - 20, 40, height - bottom
        self.parts = [f'<text x="{self.left}" y="20" font-size="14">{escaped(title)}</text>']

    def axes(self, x, y, x_ticks, y_ticks, x_label, y_label):
        """x and y: (low, high) in data units; ticks: (value, text)."""
        self.x, self.y = x, y
        for value, text in x_ticks:
            at = self.at_x(value)
            self.line(at, self.top, at, self.bottom, FAINT)
            self.text(at, self.bottom + 16, text, "middle")
        for value, text in y_ticks:
            at = self.at_y(value)
            self.line(self.left, at, self.right, at, FAINT)
            self.text(self.left - 6, at + 4, text, "end")
        self.text((self.left + self.right) / 2, self.height - 10, x_label, "middle")
        self.parts.append(f'<text transform="translate(14 {(self.top + self.bottom) / 2:.0f}) rotate(-90)" '
                          f'text-anchor="middle">{escaped(y_label)}</text>')

    def at_x(self, value):
        return self.left + (value - self.x[0]) / (self.x[1] - self.x[0]) * (self.right - self.left)

    def at_y(self, value):
        return self.bottom - (value - self.y[0]) / (self.y[1] - self.y[0]) * (self.bottom - self.top)

    def line(self, x1, y1, x2, y2, colour):
        self.parts.append(f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="{colour}" fill="none"/>')

    def text(self, x, y, words, anchor="start", colour=INK):
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escaped(words)}</text>')

    def dots(self, points, colour, radius=2.2):
        """One path for all of them keeps the file small: a dot is a line of no length with round ends."""
        path = "".join(f"M{self.at_x(x):.1f} {self.at_y(y):.1f}h0" for x, y in points)
        self.parts.append(f'<path d="{path}" stroke="{colour}" stroke-width="{2 * radius}" stroke-linecap="round" '
                          f'stroke-opacity="0.75" fill="none"/>')

    def curve(self, points, colour):
        path = "L".join(f"{self.at_x(x):.1f} {self.at_y(y):.1f}" for x, y in points)
        self.parts.append(f'<path d="M{path}" stroke="{colour}" stroke-width="2" fill="none"/>')

    def bar(self, x1, y, x2, height, colour):
        self.parts.append(f'<rect x="{x1:.1f}" y="{y:.1f}" width="{max(x2 - x1, 1):.1f}" height="{height}" fill="{colour}"/>')

    def legend(self, names):
        for i, (name, colour) in enumerate(names):
            y = self.top + 14 + 16 * i
            self.parts.append(f'<circle cx="{self.left + 14}" cy="{y - 4}" r="4" fill="{colour}"/>')
            self.text(self.left + 24, y, name)

    def svg(self):
        body = "\n".join(self.parts)
        return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}" '
                f'viewBox="0 0 {self.width} {self.height}" font-family="sans-serif" font-size="12" fill="{INK}">\n{body}\n'
                f'</svg>\n')


def escaped(words):
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def rows_of(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def powers(low, high, step=1):
    return [(p, f"1e{p}") for p in range(low, high + 1, step)]


def european(data):
    """Relative error of the price by how far the strike is out of the money, beside what the inputs' rounding changes."""
    rows = [{key: float(value) for key, value in row.items()} for row in rows_of(data / "european_price.csv")]
    inside = [row for row in rows if -40 <= row["deviations"] <= 10]
    floor = -17.5  # an error of nothing is drawn here
    log = lambda value: min(max(math.log10(value), floor), -9) if value > 0 else floor
    picture = Picture(720, 340, "European price: relative error against 50 digits, by moneyness")
    picture.axes((-40, 10), (floor, -9), [(x, str(x)) for x in range(-40, 11, 10)], powers(-17, -10),
                 "standard deviations in the money", "relative error")
    picture.dots([(row["deviations"], log(row["relative_condition"])) for row in inside], SERIES[1])
    picture.dots([(row["deviations"], log(row["relative_error"])) for row in inside], SERIES[0])
    picture.legend([("what half an ulp of the inputs changes", SERIES[1]), ("error of bsm_price", SERIES[0])])
    return picture.svg()


def implied(data):
    """Where in the plane of total volatility and moneyness the error of implied volatility lies, in units of its limit."""
    rows = [{key: float(value) for key, value in row.items()} for row in rows_of(data / "implied_volatility.csv")]
    inside = [row for row in rows if row["total_stdev"] > 0 and row["deviations"] < 40]
    picture = Picture(720, 360, "Implied volatility: error in units of its limit (see accuracy.md)")
    low, high = -4, 2
    picture.axes((low, high), (0, 50), powers(low, high), [(y, str(y)) for y in range(0, 41, 10)],
                 "volatility x square root of years", "standard deviations to the strike")
    bands = [("up to a quarter", 0.0, 0.25), ("up to a half", 0.25, 0.5), ("up to 1, the limit", 0.5, 1.0001)]
    for (name, least, most), colour in zip(bands, [SERIES[0], SERIES[2], SERIES[1]]):
        picture.dots([(min(max(math.log10(row["total_stdev"]), low), high), row["deviations"]) for row in inside
                      if least <= row["error_of_limit"] < most], colour)
    picture.legend([(name, colour) for (name, _, _), colour in zip(bands, [SERIES[0], SERIES[2], SERIES[1]])])
    return picture.svg()


def american(data):
    """How large the error of each level is on which share of the listed equity options of the reference table."""
    columns = {}
    for name in ("american_levels", "american_reference"):
        for row in rows_of(data / f"{name}.csv"):
            for key, value in row.items():
                columns.setdefault(key, []).append(float(value))
    picture = Picture(720, 340, "American price: error in units of the strike, by level")
    low, high = -17, -4
    picture.axes((0, 100), (low, high), [(x, f"{x} %") for x in range(0, 101, 20)], powers(low + 1, high, 2),
                 "share of the rows of the reference table with at most this error", "error / strike")
    for (name, errors), colour in zip(columns.items(), SERIES):
        errors.sort()
        logs = [max(math.log10(error), low) if error > 0 else low for error in errors]
        picture.curve([(100 * (i + 1) / len(logs), value) for i, value in enumerate(logs)], colour)
    picture.legend(list(zip(columns, SERIES)))
    return picture.svg()


SPELLED = {"chains": "implied volatility, European chains", "puts": "American puts",
           "price and 5 Greeks": "European price and 5 Greeks", "price": "European price"}


def time_text(nanoseconds):
    for unit, size in (("ms", 1e6), ("us", 1e3), ("ns", 1.0)):
        if nanoseconds >= size:
            break
    return f"{nanoseconds / size:.3g} {unit}"


def performance(data):
    """Nanoseconds for one option beside the peers of the same run, on a logarithmic scale."""
    works = {}
    for row in rows_of(data / "performance.csv"):
        works.setdefault(row["work"], []).append((row["contender"], float(row["nanoseconds"])))
    shown = {work: rows for work, rows in works.items() if any(not name.startswith("Alaris") for name, _ in rows)}
    height = 92 + sum(26 + 18 * len(rows) for rows in shown.values())
    picture = Picture(720, height, "Time of one option, logarithmic", left=300, bottom=40)
    picture.x, low, high = (0, 8.4), 0, 8
    for p in range(low, high + 1):
        at = picture.at_x(p)
        picture.line(at, picture.top, at, picture.bottom, FAINT)
        picture.text(at, picture.bottom + 16, ["1 ns", "10", "100", "1 us", "10", "100", "1 ms", "10", "100"][p], "middle")
    y = picture.top + 6
    for work, rows in shown.items():
        y += 16
        picture.text(12, y, SPELLED.get(work, work))
        y += 8
        for name, nanoseconds in rows:
            ours = name.startswith("Alaris")
            picture.text(picture.left - 6, y + 11, name, "end")
            end = picture.at_x(max(math.log10(nanoseconds), 0.02))
            picture.bar(picture.left, y + 1, end, 13, SERIES[0] if ours else SERIES[1])
            picture.text(end + 4, y + 12, time_text(nanoseconds))
            y += 18
        y += 2
    return picture.svg()


PICTURES = {"european_price.svg": european, "implied_volatility.svg": implied, "american_levels.svg": american,
            "performance.svg": performance}
PICTURED = ("price and 5 Greeks", "price", "one expiry, price and 5 Greeks", "chains", "puts",
            "implied volatility of a put chain", "put with two cash dividends")


def take_times(files, out):
    """The least time of one item of every "work/contender" of these runs, in the order in which they stand there."""
    times = {}
    for file in files:
        for run in json.loads(pathlib.Path(file).read_text())["benchmarks"]:
            if run.get("run_type") != "iteration" or run.get("error_occurred"):
                continue
            work, _, contender = run["run_name"].partition("/")
            contender = contender.rsplit("/", 1)[0] if contender.rsplit("/", 1)[-1].isdigit() else contender
            unit = {"ns": 1.0, "us": 1e3, "ms": 1e6}[run["time_unit"]]
            each = 1e9 / run["items_per_second"] if "items_per_second" in run else run["cpu_time"] * unit
            if work in PICTURED:
                times[work, contender] = min(each, times.get((work, contender), math.inf))
    with open(out, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["work", "contender", "nanoseconds"])
        for (work, contender), each in sorted(times.items(), key=lambda item: PICTURED.index(item[0][0])):
            writer.writerow([work, contender, f"{each:.3g}"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, default=HERE / "figures")
    parser.add_argument("--out", type=pathlib.Path, default=HERE / "figures")
    parser.add_argument("--bench", type=pathlib.Path, metavar="DIR", help="folder for performance.csv")
    parser.add_argument("--check", action="store_true", help="compare with what is there, write nothing")
    parser.add_argument("json", nargs="*")
    args = parser.parse_args()
    if args.bench:
        take_times(args.json, args.bench / "performance.csv")
    wrong = 0
    for name, draw in PICTURES.items():
        text = draw(args.data)
        if not args.check:
            (args.out / name).write_text(text)
        elif (args.out / name).read_text() != text:
            print(f"{args.out / name}: not what docs/figures.py draws", file=sys.stderr)
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
