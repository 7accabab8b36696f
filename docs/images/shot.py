# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# shot.py terminal|trace|page WIDTH HEIGHT FROM TO: a PNG of what chromium shows: of a terminal's text with its escapes (WIDTH
# columns, HEIGHT lines), of a trace in the performance panel of its developer tools, of a page (both in pixels).
import base64, html, json, os, re, subprocess, sys, tempfile, time

BASE = ["#1c1f26", "#d0605e", "#7fb069", "#d9b365", "#6a9fd4", "#a98bc9", "#56b6c2", "#d5d8de"]


class Browser:
    """Chromium, asked by messages of its DevTools protocol, one by one."""

    def __init__(self, width, height):
        self.dir = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        down, self.to = os.pipe()
        self.back, up = os.pipe()
        self.input, self.number = b"", 0

        def pipes():
            os.dup2(down, 100), os.dup2(up, 101), os.dup2(100, 3), os.dup2(101, 4)

        self.process = subprocess.Popen(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--user-data-dir=" + self.dir.name,
             "--window-size=%d,%d" % (width, height), "--remote-debugging-pipe", "about:blank"],
            preexec_fn=pipes, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(down), os.close(up)
        self.session = None

    def call(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self.input:
                more = os.read(self.back, 1 << 20)
                if not more:
                    sys.exit("shot: chromium is gone")
                self.input += more
            one, self.input = self.input.split(b"\0", 1)
            one = json.loads(one)
            if one.get("id") == self.number:
                return one.get("result", one)

    def open(self, url, width, height):
        target = self.call("Target.createTarget", url=url)["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def run(self, script):
        said = self.call("Runtime.evaluate", expression="(async () => {" + script + "})()", returnByValue=True,
                         awaitPromise=True)
        return None if "exceptionDetails" in said else said["result"].get("value")

    def wait(self, script):
        """Until the script runs and returns what is true."""
        for _ in range(120):
            if self.run(script):
                return
            time.sleep(0.5)
        sys.exit("shot: it does not come to: " + script)

    def click(self, which):
        """On the element e that this is true of, wherever it hides."""
        at = self.run("""const all = [];
            (function walk(node) {
                for (const child of node.children || []) {
                    all.push(child);
                    if (child.shadowRoot)
                        walk(child.shadowRoot);
                    walk(child);
                }
            })(document);
            const found = all.filter(e => %s).map(e => e.getBoundingClientRect()).find(r => r.width);
            return found && [found.x + found.width / 2, found.y + found.height / 2]""" % which)
        for kind in ("mousePressed", "mouseReleased") if at else ():
            self.call("Input.dispatchMouseEvent", type=kind, x=at[0], y=at[1], button="left", clickCount=1)
        time.sleep(1)

    def shoot(self, to, clip=None):
        more = {"clip": dict(clip, scale=1)} if clip else {}
        with open(to, "wb") as file:
            file.write(base64.b64decode(self.call("Page.captureScreenshot", **more)["data"]))
        self.session = None
        self.call("Browser.close")
        self.process.wait()


def colour(number):
    if number < 16:
        return BASE[number % 8]
    if number > 231:
        return "rgb({0},{0},{0})".format(8 + 10 * (number - 232))
    number -= 16
    return "rgb(%s)" % ",".join(str(55 + 40 * part if part else 0) for part in (number // 36, number // 6 % 6, number % 6))


def spans(text):
    """A terminal's text as HTML, with the escapes for colours and marks that tmux gives."""
    front, back, marks, out = None, None, set(), []
    for part in re.split(r"(\x1b\[[0-9;]*m)", text):
        if part.startswith("\x1b["):
            codes = [int(code or 0) for code in part[2:-1].split(";")]
            while codes:
                code = codes.pop(0)
                if code == 0:
                    front, back, marks = None, None, set()
                elif code in (1, 4, 7):
                    marks.add(code)
                elif code in (22, 24, 27):
                    marks.discard({22: 1, 24: 4, 27: 7}[code])
                elif code in (38, 48):
                    chosen, codes = colour(codes[1]), codes[2:]
                    front, back = (chosen, back) if code == 38 else (front, chosen)
                elif 30 <= code <= 37 or code == 39:
                    front = None if code == 39 else BASE[code - 30]
                elif 40 <= code <= 47 or code == 49:
                    back = None if code == 49 else BASE[code - 40]
            continue
        ink, paper = (back or BASE[0], front or BASE[7]) if 7 in marks else (front or BASE[7], back)
        style = "color:%s;" % ink + ("background:%s;" % paper if paper else "")
        style += ("font-weight:bold;" if 1 in marks else "") + ("text-decoration:underline;" if 4 in marks else "")
        # A full block is paper, so that there are no seams between two.
        part = re.sub("█+", lambda blocks: '<span style="background:%s">%s</span>' % (ink, " " * len(blocks[0])), html.escape(part))
        out.append('<span style="%s">%s</span>' % (style, part))
    return "".join(out)


def terminal(columns, lines, source, to):
    size = (columns * 8 + 24, lines * 17 + 20)
    page = """<meta charset="utf-8"><style>body{margin:0;background:%s}pre{margin:10px 12px;font:13.289px/17px "DejaVu Sans Mono"}
        span{display:inline-block;height:17px;white-space:pre}</style><pre>""" % BASE[0]
    with open(source, encoding="utf-8") as file:
        rows = file.read().rstrip("\n").split("\n")
    page += "\n".join(spans(row) for row in rows) + "</pre>"
    with tempfile.NamedTemporaryFile("w", suffix=".html", encoding="utf-8") as file:
        file.write(page)
        file.flush()
        show("file://" + file.name, *size, to)


def show(url, width, height, to):
    browser = Browser(width, height)
    browser.open(url, width, height)
    browser.wait("return document.readyState == 'complete' && document.fonts.status == 'loaded'")
    browser.shoot(to)


# What no page shows of itself: ui.perfetto.dev and chrome://tracing read the same format, but are not in each chromium.
def trace(width, height, source, to):
    side, above = 240, 54  # what is not of the trace
    width, height = width + side, height + above
    browser = Browser(width, height)
    browser.open("devtools://devtools/bundled/devtools_app.html?panel=timeline", width, height)
    browser.wait("const m = await import('devtools://devtools/bundled/panels/timeline/timeline.js');"
                 "window.panel = m.TimelinePanel.TimelinePanel.instance(); return true")
    with open(source) as file:
        browser.run("await panel.loadFromFile(new File([%s], 'trace.json', {type: 'application/json'}))" % json.dumps(file.read()))
    browser.wait("window.chart = panel.getFlameChart().getMainFlameChart();"
                 "return chart.rawTimelineData.groups.length > 1")
    browser.click("e.ariaLabel == 'Close'")
    browser.run("""const bounds = (await import('devtools://devtools/bundled/services/trace_bounds/trace_bounds.js')).TraceBounds;
        const all = bounds.BoundsManager.instance();
        chart.rawTimelineData.groups.forEach((group, index) => chart.expandGroup(index, true));
        all.setTimelineVisibleWindow(all.state().micro.entireTraceBounds);""")
    time.sleep(1)
    at = browser.run("""const times = Array.from(chart.rawTimelineData.entryTotalTimes), at = chart.getCanvas().getBoundingClientRect();
        const place = chart.entryIndexToCoordinates(times.indexOf(Math.max(...times.filter(t => t > 0))));
        return [place.x + 2, place.y + 5]""")
    for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
        browser.call("Input.dispatchMouseEvent", type=kind, x=at[0], y=at[1], button="left", clickCount=1)
    time.sleep(2)
    browser.shoot(to, {"x": side, "y": above, "width": width - side, "height": height - above})


what, width, height, source, to = sys.argv[1:]
{"terminal": terminal, "trace": trace, "page": lambda w, h, s, t: show(s, w, h, t)}[what](int(width), int(height), source, to)
