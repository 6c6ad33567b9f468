#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The report in a real browser: it renders wide and narrow, light and dark, says nothing to the console, asks for
nothing from anywhere, and every figure that metrics.json holds is the one that is shown.

usage: report_page.py HOST_EXECUTABLE        exit 77 (skipped) where there is no Chromium
"""
import html
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

MEASURE = """<script>addEventListener('load', () => {
  const box = e => e.getBoundingClientRect();
  const seen = [...document.querySelectorAll('svg')].map(e => [box(e).width, box(e).height]);
  const figures = [...document.querySelectorAll('[data-metric]')].map(
      e => [e.dataset.metric, e.dataset.value, e.innerText, box(e).width > 0]);
  const text = getComputedStyle(document.body);
  const small = Math.min(...[...document.querySelectorAll('svg .tick')].filter(e => box(e).width > 0).map(
      e => box(e).height));
  const cards = [...document.querySelectorAll('.figures b')].map(e => {
    const lines = new Set();
    for (const node of e.childNodes) {
      if (node.tagName === 'SMALL') continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const r of range.getClientRects()) lines.add(Math.round(r.top));
    }
    return [e.innerText, lines.size, e.scrollWidth <= e.clientWidth];
  });
  parent.postMessage(JSON.stringify({width: innerWidth, content: document.documentElement.scrollWidth, seen, figures,
      tables: document.querySelectorAll('table tbody tr').length, colour: text.color, paper: text.backgroundColor,
      small, cards, resources: performance.getEntriesByType('resource').length}), '*');
});</script>"""

FRAME = """<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body>
<iframe id="page" style="border:0;width:%dpx;height:900px"></iframe><pre id="measured"></pre><script>
addEventListener('message', e => { document.getElementById('measured').textContent = e.data; });
document.getElementById('page').src = 'measured.html';</script>"""


os.environ.setdefault("ASAN_OPTIONS", "detect_leaks=0")


def find_browser():
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if shutil.which(name):
            return shutil.which(name)
    return None


def look(browser, folder, width, dark):
    (folder / "frame.html").write_text(FRAME % width)
    ran = subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
         f"--user-data-dir={folder}/profile", f"--blink-settings=preferredColorScheme={0 if dark else 1}",
         "--window-size=1400,1000", "--enable-logging=stderr", "--virtual-time-budget=4000", "--dump-dom",
         f"file://{folder}/frame.html"], capture_output=True, text=True, timeout=120)
    spoken = [line for line in ran.stderr.splitlines() if "CONSOLE" in line]
    assert not spoken, f"the console says: {spoken}"
    found = re.search(r'<pre id="measured">(.*?)</pre>', ran.stdout, re.S)
    assert found and found.group(1), f"the page did not load: {ran.stderr[-500:]}"
    return json.loads(html.unescape(found.group(1)))


def drawn(report, title, css_class):
    """The values of one line of one chart, read back through its own y axis, and how far a tenth of a pixel reaches."""
    svg = re.search(r'<svg[^>]*aria-label="%s".*?</svg>' % re.escape(title), report, re.S).group(0)
    scale = {"k": 1e3, "M": 1e6}
    ticks = [(float(y) - 4, float(text.rstrip("kM")) * scale.get(text[-1], 1)) for y, text in re.findall(
        r'class="tick" x="78.0" y="([^"]*)" text-anchor="end">([^<]*)<', svg)]
    (y0, v0), (y1, v1) = ticks[0], ticks[-1]
    slope = (v1 - v0) / (y1 - y0)
    line = re.search(r'<polyline class="line %s" points="([^"]*)"' % css_class, svg).group(1)
    return [v0 + slope * (float(point.split(",")[1]) - y0) for point in line.split()], 0.21 * abs(slope)


def check_charts(report, metrics):
    fall, step = drawn(report, "Drawdown from the running peak", "first")
    assert abs(min(fall) + 100 * metrics["drawdown"]["depth"]) <= step, \
        f"the drawdown chart goes down to {min(fall)} %, the depth is {metrics['drawdown']['depth']}"
    own, step = drawn(report, "Net asset value by session", "first")
    earned = float(metrics["final_nav"]) - float(metrics["interest"])
    assert float(metrics["interest"]) != 0 and abs(own[-1] - earned) <= step, \
        f"the curve ends at {own[-1]}, without interest the account ends at {earned}"
    for svg in re.findall(r"<svg.*?</svg>", report, re.S):
        places = sorted(float(x) for x in re.findall(
            r'class="tick[^"]*" x="([^"]*)" y="[^"]*" text-anchor="(?:middle|end)">\d{4}-', svg))
        assert all(b - a > 60 for a, b in zip(places, places[1:])), f"dates are printed over each other: {places}"


def check_rejected(report, metrics):
    section = report.split('id="rejected"')[1].split("<h2")[0]
    shown = {rule: int(n) for rule, n in re.findall(r'<h3>(\S+) <span class="faint">(\d+) of', section)}
    assert shown == metrics["decided_by"], f"rejected {shown}, counted {metrics['decided_by']}"


def at(metrics, path):
    value = metrics
    for step in path.split("."):
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def check_figures(figures, metrics):
    assert len(figures) > 30, f"only {len(figures)} figures"
    for path, exact, shown, visible in figures:
        truth = at(metrics, path)
        assert visible, f"{path} cannot be seen"
        if truth is None:
            assert exact == "null" and shown == "n/a", f"{path}: nothing is known, the page shows {shown}"
            continue
        assert float(exact) == float(truth), f"{path}: {exact} is not {truth}"
        number = re.sub(r"[^0-9.eE+-]", "", shown)
        digits = len(number.split(".")[1]) if "." in number else 0
        scale = 0.01 if "%" in shown else 1.0
        assert abs(float(number) * scale - float(truth)) <= 0.501 * scale * 10.0 ** -digits, \
            f"{path}: shown as {shown}, is {truth}"


def main(host):
    browser = find_browser()
    if not browser:
        print("skipped: there is no Chromium (apt-get install chromium)")
        return 77
    with tempfile.TemporaryDirectory(prefix="alaris-report-") as name:
        folder = pathlib.Path(name)
        ran = subprocess.run([host, "backtest", "run", "--symbol", "AAPL,KO,NFLX,MSFT,ORCL,DIS", "--start", "2019-01-02",
                              "--end", "2024-12-31", "--set", "strategy.min_iv_rv=1.1", "--format", "json"],
                             cwd=folder, capture_output=True, text=True, timeout=300)
        assert ran.returncode == 0, ran.stderr
        run = folder / json.loads(ran.stdout)["run_folder"]
        metrics = json.loads((run / "metrics.json").read_text())
        assert metrics["traded"] > 2, "the example traded too little to show anything"
        report = (run / "report.html").read_text()
        assert not re.search(r"https?://|<script|@import|url\(", report), "the page asks for something"
        check_charts(report, metrics)
        check_rejected(report, metrics)
        (folder / "measured.html").write_text(report.replace("</body>", MEASURE + "</body>"))
        papers = set()
        for width, dark in ((1200, False), (1200, True), (390, False)):
            page = look(browser, folder, width, dark)
            assert page["width"] == width and page["content"] <= width, f"{width}: the page is {page['content']} wide"
            assert page["resources"] == 0, "the page loaded something"
            assert len(page["seen"]) >= 6 and all(w > 200 and h > 60 for w, h in page["seen"]), page["seen"]
            assert page["tables"] > 20
            assert page["small"] >= 9, f"{width}: chart labels are {page['small']} px high"
            for text, lines, fits in page["cards"]:
                assert lines == 1 and fits, f"{width}: a card breaks or is cut off: {text!r}"
            check_figures(page["figures"], metrics)
            papers.add(page["paper"])
        assert len(papers) == 2, "light and dark have the same paper"
        print(f"the report shows {len(page['figures'])} figures of metrics.json, light, dark and 390 px wide")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
