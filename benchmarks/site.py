"""What a page of the site costs, beside the same chapter as a stock Jupyter Book makes it, in the same run.

Every page of the table of contents, served compressed on this machine: bytes and requests of a first visit,
Lighthouse's four scores on a phone (median of three), what axe-core finds in light and dark on a phone and a
desktop. Then how long a slider takes on the page, and in a kernel.

Needs Chromium, and npm for Lighthouse. About a minute a page; names of pages as arguments measure only these.
"""

import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "_ext")]  # as pytest has them

import test_live_slider  # noqa: E402  a front end for a kernel, without a screen
from conftest import find_chromium, toc  # noqa: E402
from test_browser import DESKTOP, LATENCY, PHONE, SLIDER  # noqa: E402

CHAPTER = "diminishing-returns"
LIGHTHOUSE = ROOT / "benchmarks" / "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
STOCK = """title: Stock
only_build_toc_files: true
execute: {execute_notebooks: inline, eval_regex: ".+"}
parse: {myst_enable_extensions: [colon_fence, deflist, dollarmath]}
bibtex_bibfiles: [references.bib]
"""


@cache
def packed(path: Path) -> bytes:
    """Return a file as a host would send it."""
    return gzip.compress(path.read_bytes(), 6)


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder compressed, and says how long a file keeps, as hosts of static sites do."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Send a file."""
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        plain = path.suffix in (".woff2", ".png")
        body = path.read_bytes() if plain else packed(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        if not plain:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Offer a folder on this machine; give its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_port}/"
        httpd.shutdown()


def stock(folder: Path) -> Path:
    """Build the chapter with Jupyter Book's own settings; return the folder of its site."""
    for name in (f"{CHAPTER}.ipynb", "references.bib"):
        shutil.copy(ROOT / "book" / name, folder / name)
    (folder / "_config.yml").write_text(STOCK, encoding="utf-8")
    (folder / "_toc.yml").write_text(f"format: jb-book\nroot: {CHAPTER}\n", encoding="utf-8")
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    return folder / "_build" / "html"


def first_visit(browser: Browser, url: str) -> tuple[int, int, int]:
    """Return bytes sent, requests made, and hosts asked apart from ours, of which none can be reached."""
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    seen: dict[str, str] = {}
    sizes: dict[str, int] = {}
    devtools = context.new_cdp_session(page)
    devtools.on("Network.requestWillBeSent", lambda e: seen.update({e["requestId"]: e["request"]["url"]}))
    devtools.on("Network.loadingFinished", lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]}))
    devtools.send("Network.enable")
    page.goto(url, wait_until="load")
    page.wait_for_timeout(1000)
    context.close()
    asked = {key: address for key, address in seen.items() if address.startswith("http")}
    hosts = {address.split("/")[2] for address in asked.values()} - {url.split("/")[2]}
    return int(sum(sizes.get(key, 0) for key in asked)), len(asked), len(hosts)


def violations(browser: Browser, url: str) -> int:
    """Return how many rules of axe-core a page breaks in its four versions."""
    broken = set()
    for scheme in ("light", "dark"):
        for viewport in (PHONE, DESKTOP):
            context = browser.new_context(color_scheme=scheme, viewport=viewport)  # type: ignore[arg-type]
            page = context.new_page()
            page.goto(url, wait_until="load")
            broken |= {rule["id"] for rule in Axe().run(page).response["violations"]}
            context.close()
    return len(broken)


def scores(url: str, times: int = 3) -> list[int]:
    """Return the median of Lighthouse's four scores on a phone, or nothing where npm is missing."""
    program = LIGHTHOUSE / "node_modules" / ".bin" / "lighthouse"
    if not program.exists():
        if shutil.which("npm") is None:
            return []
        subprocess.run(
            ["npm", "ci", "--no-fund", "--no-audit", "--ignore-scripts"],
            cwd=LIGHTHOUSE,
            check=True,
            capture_output=True,
        )
    command = [
        *(str(program), url, "--quiet", "--output=json", f"--only-categories={','.join(CATEGORIES)}"),
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
    ]
    environment = {**os.environ, "CHROME_PATH": str(find_chromium())}
    runs = []
    for _ in range(times):
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
        found = json.loads(done.stdout)["categories"]
        runs.append([round(100 * (found[name]["score"] or 0)) for name in CATEGORIES])
    return [round(statistics.median(column)) for column in zip(*runs, strict=True)]


def on_the_page(browser: Browser, url: str) -> float:
    """Return the milliseconds that a slider takes from its event to the new layout."""
    page = browser.new_page()
    page.goto(url, wait_until="load")
    return statistics.median(page.locator(SLIDER).first.evaluate(LATENCY))


def in_a_kernel() -> float:
    """Return the milliseconds from a move of the same slider to the kernel's last word on it."""
    return 1000 * statistics.median(test_live_slider.time_moves(21))


def row(name: str, browser: Browser, url: str) -> None:
    """Measure a page and print its line of the table."""
    size, requests, hosts = first_visit(browser, url)
    found = scores(url)
    shown = " / ".join(map(str, found)) if found else "npm is missing"
    print(
        f"| {name} | {size / 1000:.0f} | {requests} | {hosts} | {shown} | {violations(browser, url)} |",
        flush=True,
    )


def main(*names: str) -> None:
    """Print the table of the pages, then the speed of a slider."""
    kernel = in_a_kernel()  # first: nothing else may talk to a kernel while Playwright runs
    print(
        "| page | kB | requests | other hosts | Lighthouse on a phone: " + " / ".join(CATEGORIES) + " | axe |"
    )
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        with served(stock(Path(folder))) as address:
            row("stock Jupyter Book", browser, f"{address}{CHAPTER}.html")
        with served(ROOT / "_build" / "html") as address:
            for name in names or [page.removeprefix("book/") for page in toc()]:
                row(name, browser, f"{address}book/{name}.html")
            page = on_the_page(browser, f"{address}book/{CHAPTER}.html")
        browser.close()
    print(f"a slider on the page {page:.1f} ms, in a kernel {kernel:.0f} ms: {kernel / page:.0f} times")


if __name__ == "__main__":
    main(*sys.argv[1:])
