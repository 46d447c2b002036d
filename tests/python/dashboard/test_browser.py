"""The pages in Chromium, at a desk and on a phone: nothing overflows, fails, calls the network or is hard to read."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright import sync_api
from shops import APP, changed

from running import ROOT

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update",
    "--disable-background-networking", "--disable-sync",
]  # fmt: skip
TITLES = {
    "en": ["Today", "Customers", "Conversion", "Channels", "Products", "Campaigns and experiments", "Service", "Data"],
    "zh": ["今日", "客户", "转化", "渠道", "商品", "活动与实验", "服务", "数据"],
}
WIDTHS = {1280: 900, 390: 844}
# The page is whole: its last part is there, every chart is drawn, nothing waits to be replaced, and it has the same
# elements as when it was looked at before.
SETTLED = """title => {
  const part = one => document.querySelectorAll(one);
  const charts = [...part('[data-testid="stVegaLiteChart"]')];
  const whole = part('[data-testid="stApp"][data-test-script-state="notRunning"] .st-key-panel-definitions').length
    && [...part('h1')].some(e => e.innerText.includes(title)) && charts.every(e => e.querySelector('svg, canvas'))
    && !part('[data-testid="stSkeleton"], [data-stale="true"]').length;
  const count = whole ? part('*').length : 0, before = window.countedBefore;
  window.countedBefore = count;
  return count > 0 && count === before;
}"""
# What has the focus; false where it is back at the beginning of the page.
FOCUSED = """() => { const e = document.activeElement; return e !== document.body
  && (e.getAttribute('aria-label') || e.innerText || e.closest('label')?.innerText || e.tagName).trim(); }"""
# Contrast of each visible text with what is behind it: large text needs 3, other text 4.5 (WCAG AA).
CONTRAST = """() => {
  const channel = v => { v /= 255; return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); };
  const light = c => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]);
  const parse = s => { const m = s.match(/[\\d.]+/g).map(Number); return m.length > 3 ? m : [...m.slice(0, 3), 1]; };
  const over = (a, b) => [0, 1, 2].map(i => a[i] * a[3] + b[i] * (1 - a[3])).concat([1]);
  const behind = e => { const stack = []; for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor); if (c[3] > 0) stack.push(c); if (c[3] === 1) break; }
    return stack.reverse().reduce((below, c) => over(c, below), [255, 255, 255, 1]); };
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement, text = walk.currentNode.textContent.trim();
    if (!text || !e.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
    const box = e.getBoundingClientRect();
    if (box.width < 2 || box.height < 2 || e.closest('script, style, canvas')) continue;
    const style = getComputedStyle(e), back = behind(e), front = over(parse(style.color), back);
    const [a, b] = [light(front), light(back)].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize), need = size >= 24 || (size >= 18.6 && style.fontWeight >= 700) ? 3 : 4.5;
    if ((a + 0.05) / (b + 0.05) < need) found.push(text.slice(0, 40) + ' ' + ((a + 0.05) / (b + 0.05)).toFixed(2));
  }
  return found;
}"""
# Texts that are cut by their own box.
CUT = """() => [...document.querySelectorAll('p, h1, h2, h3, label, button, [data-testid="stMetricValue"] *')]
  .filter(e => e.checkVisibility() && e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1
    && getComputedStyle(e).overflowX !== 'visible').map(e => e.innerText.slice(0, 40))"""


class Server:
    """The dashboard over a folder of publications."""

    def __init__(self, folder: Path, log: Path) -> None:
        with socket.socket() as free:
            free.bind(("localhost", 0))
            self.address = f"http://localhost:{free.getsockname()[1]}"
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "scripts"), "SHOPPER_PUBLISH": str(folder)}
        command = [sys.executable, "-m", "streamlit", "run", str(APP), "--server.port", self.address.rsplit(":", 1)[1]]
        with log.open("w") as output:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
        for _attempt in range(240):
            try:
                urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=1)
                return
            except OSError:
                time.sleep(0.25)
        raise AssertionError(log.read_text())

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not there (apt-get install chromium fonts-noto-cjk)")
    with sync_api.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def server(publications: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(publications("sample"), tmp_path_factory.mktemp("server") / "log.txt")
    yield running
    running.stop()


class Seen:
    """A browser page with what went wrong in it."""

    def __init__(self, browser: Any, address: str, language: str, width: int) -> None:
        self.page = browser.new_page(viewport={"width": width, "height": WIDTHS[width]})
        self.problems: list[str] = []
        self.page.on("console", lambda message: self._add(message.type == "error", f"console: {message.text}"))
        self.page.on("pageerror", lambda error: self._add(True, f"error: {error}"))
        self.page.on("dialog", lambda dialog: self._add(True, f"dialog: {dialog.message}"))
        own = (address, address.replace("http", "ws"), "data:", "blob:")
        self.page.on("request", lambda request: self._add(not request.url.startswith(own), f"request: {request.url}"))
        self.page.goto(f"{address}/?lang={language}")
        self.wait(TITLES[language][0])

    def _add(self, is_problem: bool, text: str) -> None:
        if is_problem:
            self.problems.append(text)

    def wait(self, title: str) -> None:
        """Wait until the page of this title is complete."""
        self.page.wait_for_function(SETTLED, arg=title, polling=300, timeout=60_000)

    def visit(self, title: str) -> None:
        """Follow the link of a page."""
        sidebar = self.page.get_by_test_id("stSidebar")
        is_folded = not sidebar.is_visible()
        if is_folded:
            self.page.get_by_test_id("stExpandSidebarButton").click()
        self.page.locator('[data-testid="stSidebarNavLink"]', has_text=title).first.click()
        if is_folded:
            self.page.get_by_test_id("stSidebarHeader").hover()
            self.page.locator('[data-testid="stSidebarCollapseButton"] button').click()
            sidebar.wait_for(state="hidden")
        self.wait(title)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", TITLES)
def test_pages_are_whole_and_readable(
    language: str, width: int, browser: Any, server: Server, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shots = Path(os.environ.get("SHOPPER_SCREENSHOTS", tmp_path_factory.mktemp("shots")))
    shots.mkdir(parents=True, exist_ok=True)
    seen = Seen(browser, server.address, language, width)
    for title in TITLES[language]:
        if title != TITLES[language][0]:
            seen.visit(title)
        page = seen.page
        assert page.locator('[data-testid="stException"]').count() == 0, title
        sizes = page.evaluate(
            "() => ['document.documentElement', 'document.querySelector(\"[data-testid=stMain]\")'].map(eval)"
            ".map(e => [e.scrollWidth, e.clientWidth, e.scrollHeight])"
        )
        assert all(scrolled <= shown for scrolled, shown, _height in sizes), (title, sizes)
        assert page.evaluate(CONTRAST) == [], title
        assert page.evaluate(CUT) == [], title
        assert page.locator('[data-testid="stElementToolbar"]:visible').count() == 0
        if "SHOPPER_SCREENSHOTS" in os.environ:
            page.set_viewport_size({"width": width, "height": min(sizes[1][2] + 120, 9000)})
            page.wait_for_timeout(1500)
            page.screenshot(
                path=str(
                    shots / f"{TITLES['en'][TITLES[language].index(title)].split()[0].lower()}-{language}-{width}.png"
                )
            )
            page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    assert seen.problems == []
    seen.page.close()


def test_the_keyboard_reaches_everything(browser: Any, server: Server) -> None:
    seen = Seen(browser, server.address, "en", 1280)
    reached: set[str] = set()
    # Once round; 300 is more than any page has.
    for _press in range(300):
        seen.page.keyboard.press("Tab")
        focused = seen.page.evaluate(FOCUSED)
        if focused is False:
            break
        reached.add(focused)
    for wanted in ("Customers", "Data", "English", "Download CSV", "Table", "Definitions"):
        assert any(wanted in one for one in reached), (wanted, reached)
    seen.page.close()


def test_the_language_switch_keeps_the_page(browser: Any, server: Server) -> None:
    seen = Seen(browser, server.address, "en", 1280)
    seen.visit("Service")
    seen.page.get_by_text("中文", exact=True).click()
    seen.wait("服务")
    assert seen.problems == []
    seen.page.close()


def test_markup_in_the_data_stays_text(browser: Any, publications: Callable[[str], Path], tmp_path: Path) -> None:
    markup = "<img src=x onerror=alert(1)><b>bold</b>"
    folder = changed(
        publications("sample"),
        tmp_path,
        f"update marts.product_performance set product_name = '{markup}'",
        f"update marts.attention_list set evidence = '{markup}', subject_label = '{markup}'",
    )
    running = Server(folder, tmp_path / "log.txt")
    try:
        seen = Seen(browser, running.address, "en", 1280)
        assert seen.page.get_by_text(markup).count() > 0
        seen.visit("Products")
        assert seen.page.locator('img[src="x"]').count() == 0
        assert seen.problems == []
        seen.page.close()
    finally:
        running.stop()
