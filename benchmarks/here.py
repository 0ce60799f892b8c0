"""Python in the page, beside a Jupyter kernel on the same machine in the same run.

Bytes of each part; the time from the click to the first result, on a first and on a second visit; every
chapter from top to bottom in both; and from the move of a slider to the picture. Needs Chromium. About five
minutes; names of chapters as arguments measure only these.
"""

import json
import statistics
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "_ext"), str(ROOT / "scripts")]  # as pytest has them

import test_run_here as here  # noqa: E402
from conftest import SITE, find_chromium, serving  # noqa: E402


def seconds_in_a_kernel(path: Path) -> float:
    """Run a chapter as Jupyter does; return how long its cells took, with the start of the kernel."""
    notebook = nbformat.read(path, as_version=4)
    start = time.perf_counter()
    NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": path.parent}}).execute()
    return time.perf_counter() - start


def first_result(page: Page) -> float:
    """Return the seconds from the click in the menu to the output of a cell."""
    page.locator("details.run-page > summary").click()
    start = time.perf_counter()
    page.get_by_role("button", name="Here, in your browser").click()
    expect(here.status(page)).to_contain_text("ready", timeout=here.MINUTES)
    here.run_button(page, 1).click()
    here.done(page)
    return time.perf_counter() - start


def moved(page: Page) -> float:
    """Return the seconds from a key on a running page's first slider to the picture; the median of ten."""
    times = []
    slider = page.locator("article .here-output figure.explore input").first
    drawing = page.locator("article .here-output figure.explore .drawing").first
    for step in range(10):
        before = drawing.inner_html()
        start = time.perf_counter()
        slider.press("ArrowLeft" if step % 2 else "ArrowRight")
        while drawing.inner_html() == before:
            pass
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Measure and print."""
    listed = json.loads((SITE / "_static/here/engine.json").read_text(encoding="utf-8"))
    for part in listed:
        print(f"{part['bytes'] / 1e6:6.1f} MB  {part['name']}{', only where used' if part['when'] else ''}")
    chapters = [f"book/{name}.html" for name in sys.argv[1:]] or here.CHAPTERS
    with (
        serving(here.Site(SITE).handler) as httpd,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"]) as browser,
    ):
        address = f"http://127.0.0.1:{httpd.server_port}{here.PREFIX}"
        context = browser.new_context()
        for visit in ("first", "second"):
            page = context.new_page()
            page.goto(f"{address}book/intro.html")
            print(f"{first_result(page):6.1f} s   from the click to the first result, {visit} visit")
            page.close()
        print("  page  kernel  memory  chapter")
        for name in chapters:
            page = context.new_page()
            page.add_init_script("window.ran = []; addEventListener('frontier:ran', e => ran.push(e.detail))")
            page.goto(address + name)
            here.here(page)
            start = time.perf_counter()
            page.get_by_role("button", name="Run the whole page").click()
            here.done(page)
            spent = time.perf_counter() - start
            kernel = seconds_in_a_kernel(ROOT / name.replace(".html", ".ipynb"))
            memory = page.evaluate("Math.max(...ran.map(cell => cell.megabytes))")
            knob = page.locator("article .here-output figure.explore input").count()
            note = f"; a slider's picture after {1000 * moved(page):.0f} ms" if knob else ""
            print(f"{spent:5.1f} s {kernel:5.1f} s {memory:4.0f} MB  {Path(name).stem}{note}", flush=True)
            page.close()


if __name__ == "__main__":
    main()
