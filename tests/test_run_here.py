"""Python in the page: every chapter runs in a browser that reaches nothing but the site; what goes wrong.

A test fails as well if a page asks another host for something, prints to the console, or raises.
"""

import json
import re
import shutil
import time
from functools import partial
from pathlib import Path

import nbformat
import pytest
from accessible import assert_accessible
from conftest import BETS_SHOWN, PHONE, PREFIX, ROOT, _Handler, serving, toc
from firefox import Firefox
from playwright.sync_api import expect

CHAPTERS = [f"{name}.html" for name in toc() if (ROOT / f"{name}.ipynb").is_file()]
HAND = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
MINUTES = 300_000  # milliseconds that a chapter may take on a slow machine
# What is said in a browser and not elsewhere: by chapter and first line of the cell.
ELSE = {
    (
        "reuse",
        "try:\n    with ThreadPoolExecutor()",
    ): "no threads here, as in a browser: one after the other\n"
}


class Site:
    """The site at an address that can break: it counts what is asked for, and can cut or change files."""

    def __init__(self, folder):
        self.asked, self.cut, self.changed, self.gone = [], set(), set(), False
        site = self

        class Handler(_Handler):
            def do_GET(self):  # noqa: N802  http.server's name
                site.asked.append(self.path.removeprefix(PREFIX))
                name = next((n for n in site.cut | site.changed if self.path.endswith(n)), None)
                if site.gone:
                    self.close_connection = True
                elif name is None:
                    super().do_GET()
                else:
                    content = bytearray(Path(self.translate_path(self.path)).read_bytes())
                    content[len(content) // 2] ^= name in site.changed
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content[: len(content) // 2] if name in site.cut else content)
                    self.close_connection = True

        self.handler = partial(Handler, directory=folder)

    def engine(self):
        """Return what was fetched of Python."""
        return [path for path in self.asked if "/here/engine/" in path]


@pytest.fixture
def host(site):
    """The site, at an address of its own."""
    host = Site(site)
    with serving(host.handler) as httpd:
        host.address = f"http://127.0.0.1:{httpd.server_port}{PREFIX}"
        yield host


@pytest.fixture
def visitor(visitor):
    """As everywhere, with the bets placed, and with a note of every cell that has run."""
    noted = "window.ran = []; addEventListener('frontier:ran', event => ran.push(event.detail))"
    return partial(visitor, scripts=(BETS_SHOWN, noted))


@pytest.fixture
def visit(visitor, host):
    """Open a page in a profile of its own, whose first visit it is."""
    return lambda name, **options: visitor(host.address, **options)(name)


def status(page):
    return page.get_by_role("status").first


def open_here(page):
    """Choose the first entry of the menu."""
    page.locator("details.run-page > summary").click()
    page.get_by_role("button", name="Here, in your browser").click()


def until(page, words):
    """Wait until the page says so: asked every 50 ms, where `expect` comes to ask once a second."""
    says = "words => document.querySelector('.here-status')?.textContent.includes(words)"
    page.wait_for_function(says, arg=words, timeout=MINUTES, polling=50)


def here(page):
    """Start Python."""
    open_here(page)
    until(page, "ready")
    return page


def run_button(page, number):
    box = page.locator("article .cell").nth(number - 1)
    box.evaluate(
        """box => { for (const fold of document.querySelectorAll("details"))
        if (fold.contains(box) || box.contains(fold)) fold.open = true; }"""
    )
    return box.get_by_role("button", name="Run", exact=True)


def write(page, number, code):
    run_button(page, number)  # unfolds it
    page.locator("article .cell").nth(number - 1).locator("textarea").fill(code)


def done(page):
    until(page, "Done")
    expect(status(page)).to_have_text(re.compile("Done$"))


def stored(name):
    """Return code and text output of every cell of a chapter, as they are stored."""
    cells = nbformat.read(ROOT / name.replace(".html", ".ipynb"), as_version=4).cells
    for cell in cells:
        if cell.cell_type == "code":
            texts = (out.get("text") or out.get("data", {}).get("text/plain", "") for out in cell.outputs)
            yield cell.source, "".join(texts)


# Whole chapters


def compare(page, name):
    """Hold what every cell has said against what is stored."""
    told = page.evaluate("ran")
    cells = list(stored(name))
    assert len(told) == len(cells)
    for (code, text), cell in zip(cells, told, strict=True):
        chapter = Path(name).stem
        more = next(
            (said for (c, start), said in ELSE.items() if c == chapter and code.startswith(start)), ""
        )
        assert not cell["error"]
        assert cell["text"].rstrip("\n") == (more + text).rstrip("\n"), f"cell {cell['cell']} of {chapter}"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_runs_whole_and_says_what_is_stored(visit, chapter):
    """To the last character; the numbers in the text are those that stand there; memory stays small."""
    page = here(visit(chapter))
    page.get_by_role("button", name="Run the whole page").click()
    done(page)
    compare(page, chapter)
    assert page.locator(".here-anew").count() == 0
    assert max(cell["megabytes"] for cell in page.evaluate("ran")) < 260  # and 40 more that it keeps as files


@pytest.mark.skipif(not shutil.which("firefox-esr"), reason="no Firefox here")
def test_a_chapter_runs_in_firefox(host):
    with Firefox(shutil.which("firefox-esr")) as firefox:
        firefox.go(f"{host.address}book/which-binds-first.html")
        firefox.do("window.ran = []; addEventListener('frontier:ran', event => ran.push(event.detail))")
        firefox.do("document.querySelector('[data-here=\"\"]').click()")
        says = "document.querySelector('.here-status')?.textContent ?? ''"
        firefox.wait(f"({says}).includes('ready')")
        firefox.do("document.querySelector('.here-bar button').click()")
        firefox.wait(f"({says}).endsWith('Done')")
        told = json.loads(firefox.do("JSON.stringify(ran)"))
    texts = [text.rstrip("\n") for _, text in stored("book/which-binds-first.html")]
    assert [cell["text"].rstrip("\n") for cell in told] == texts


# What a reader does


def test_nothing_is_loaded_before_the_click(visit, host):
    page = visit("book/landauer.html")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    assert not [path for path in host.asked if "/here/" in path or "offline" in path]


def test_a_cell_runs_what_it_needs_first_and_says_so(visit):
    page = here(visit("book/landauer.html"))
    seen = []
    page.expose_function("seen", lambda text: seen.append(text))
    page.evaluate(
        """() => { const status = document.querySelector(".here-status");
        new MutationObserver(() => seen(status.textContent)).observe(status, {childList: true}); }"""
    )
    button = run_button(page, 6)
    expect(button).to_have_accessible_description("Cell 6")
    button.click()
    done(page)
    assert [cell["cell"] for cell in page.evaluate("ran")] == [1, 2, 3, 4, 5, 6]
    assert any("Cell 6 needs what stands above it" in text for text in seen)
    run_button(page, 6).click()
    expect(status(page)).to_have_text(re.compile(r"^Cell 6 in .* Done$"))
    assert len(page.evaluate("ran")) == 7


def test_an_edited_cell_changes_its_figure_and_the_numbers_in_the_text(visit):
    """And both come back: by the button, and when the stored code runs again."""
    page = here(visit("book/models.html"))
    cells = list(stored("book/models.html"))
    number = next(i for i, (code, _) in enumerate(cells, 1) if "fig, ax = " in code and "picture(" in code)
    box = page.locator("article .cell").nth(number - 1)
    before = box.locator("svg").first.inner_html()
    code = cells[number - 1][0]
    write(page, number, code.replace("picture(", "ax.set_title('Mine') and None\npicture(", 1))
    run_button(page, number).click()
    done(page)
    expect(box.locator("svg").first).to_contain_text("Mine")
    box.get_by_role("button", name="Back to the stored result").click()
    assert box.locator("svg").first.inner_html() == before
    expect(box.locator("textarea")).to_have_value(code)


def test_numbers_in_the_text_follow_a_run(visit):
    """Those that differ from the stored run are marked, and say what the stored run says."""
    page = here(visit("book/thinking-longer.html"))
    cells = nbformat.read(ROOT / "book" / "thinking-longer.ipynb", as_version=4).cells
    code, values, at = 0, [], None
    for cell in cells:
        code += cell.cell_type == "code"
        if cell.cell_type == "markdown":
            values += [(code, value) for value in re.findall(r"\{eval\}`([^`]+)`", cell.source)]
    after, value = next((after, value) for after, value in values if value.isidentifier() or 'f"' in value)
    name = re.search(r"[A-Za-z_]\w*", value.replace('f"', "")).group()
    at = after
    write(page, at, f"{list(stored('book/thinking-longer.html'))[at - 1][0]}\n{name} = {name} * 3")
    run_button(page, at).click()
    done(page)
    changed = page.locator(".here-anew")
    assert changed.count() >= 1
    assert "the stored run says" in changed.first.get_attribute("title")


def test_an_exception_is_told_with_its_last_line_first(visit):
    page = here(visit("book/landauer.html"))
    write(page, 1, "def deep():\n    return 1 / 0\n\n\nprint('before')\ndeep()")
    run_button(page, 1).click()
    done(page)
    link = status(page).get_by_role("link", name="Cell 1")
    expect(status(page)).to_contain_text("raised ZeroDivisionError: division by zero")
    error = page.locator(".here-error")
    expect(error.locator("p")).to_have_text("ZeroDivisionError: division by zero (line 2)")
    expect(error.locator("pre")).not_to_be_visible()
    error.locator("summary").click()
    expect(error.locator("pre")).to_contain_text('File "cell 1", line 6, in <module>\n    deep()')
    assert "session.py" not in error.locator("pre").inner_text()
    assert page.locator(".cell_output").first.inner_text().startswith("before")
    link.press("Enter")
    assert page.evaluate("location.hash") == "#here-cell-1"


WRONG = {
    "1 +": "SyntaxError: invalid syntax (line 2)",
    "import pandas": "ModuleNotFoundError: No module named 'pandas'",
    "%timeit 1": "NameError: commands with % or ! belong to notebooks: this is plain Python",
    "raise SystemExit": "SystemExit",
    "def f(): return f()\nf()": "RecursionError",
    "all = [bytearray(2**31 - 1) for _ in range(3)]": "MemoryError",
    "input()": "EOFError",
}


def test_what_goes_wrong_in_a_cell_leaves_python_alive(visit):
    page = here(visit("book/intro.html"))
    write(page, 1, "kept = 42")
    run_button(page, 1).click()
    done(page)
    for code, says in WRONG.items():
        write(page, 1, f"# what follows goes wrong\n{code}")
        run_button(page, 1).click()
        expect(page.locator(".here-error p").first).to_contain_text(says, timeout=20_000)
        done(page)
    write(page, 1, "print(kept)")
    run_button(page, 1).click()
    expect(page.locator(".cell_output").first).to_have_text("42\n")


@pytest.mark.parametrize("why", ["memory", "exit"])
def test_an_engine_that_gives_up_is_told_in_one_sentence(visit, why):
    """Played here: no test can rely on a machine to run out of memory."""
    page = visit("book/intro.html")
    script = f"onmessage = () => postMessage({{kind: 'failed', why: '{why}', text: 'code 1'}})"
    page.route("**/worker.js", lambda route: route.fulfill(body=script, content_type="text/javascript"))
    open_here(page)
    sentence = "not enough memory left for Python" if why == "memory" else "Python has ended itself (code 1)"
    expect(status(page)).to_contain_text(sentence)
    expect(status(page)).to_contain_text("offers other places")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


LOOP = "print('on and on')\nwhile True:\n    pass"


def test_stop_ends_an_endless_loop_within_a_second_and_restart_forgets_every_name(visit):
    page = here(visit("book/intro.html"))

    def run(code):
        write(page, 1, code)
        run_button(page, 1).click()

    run(LOOP)
    expect(page.locator(".cell_output").first).to_contain_text("on and on")
    expect(status(page)).to_contain_text("Running cell 1")
    began = time.monotonic()
    page.get_by_role("button", name="Stop").click()
    expect(status(page)).to_contain_text("Stopped")
    assert time.monotonic() - began < 1
    expect(page.get_by_role("button", name="Stop")).to_be_disabled()
    run("kept = 'alive'\nprint(kept)")
    done(page)
    expect(page.locator(".cell_output").first).to_contain_text("alive")
    page.get_by_role("button", name="Restart").click()
    expect(status(page)).to_contain_text("started anew, without any names. Done")
    run("kept")
    expect(page.locator(".here-error").first).to_contain_text("NameError: name 'kept' is not defined")
    done(page)
    run(LOOP)
    expect(status(page)).to_contain_text("Running cell 1")
    page.get_by_role("button", name="Restart").click()
    expect(status(page)).to_contain_text("started anew, without any names. Done")
    expect(page.get_by_role("button", name="Stop")).to_be_disabled()


def test_a_slider_draws_what_is_asked_for(visit):
    """One frame and not all of them; also for settings that the page never had."""
    page = here(visit("book/intro.html"))
    lines = [
        "import frontier.show as show",
        "drawn = []",
        "def draw(ax, power):",
        "    drawn.append(power)",
        "    ax.plot([0, 1], [0, power])",
        "    return f'power {power}, {len(drawn)} drawn'",
        "show.explore(draw, alt='A line.', caption='It rises.', power=show.Control('Power', range(300)))",
    ]
    write(page, 1, "\n".join(lines))
    run_button(page, 1).click()
    done(page)
    figure = page.locator("article .cell").first.locator("figure")
    expect(figure.locator("output")).to_have_text("power 150, 1 drawn")
    slider = figure.get_by_role("slider", name="Power")
    svg = figure.locator(".drawing").inner_html()
    slider.press("ArrowRight")
    expect(figure.locator("output")).to_have_text("power 151, 2 drawn")
    expect(slider).to_have_attribute("aria-valuetext", "151")
    assert figure.locator(".drawing").inner_html() != svg
    slider.fill("7")
    expect(figure.locator("output")).to_have_text(re.compile("power 7, "))
    with page.expect_download() as download:
        figure.get_by_role("link", name="SVG").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert text.startswith("<svg")
    assert "var(--" not in text


def test_an_empty_cell_knows_frontier_and_draws(visit):
    page = visit("book/functions-landauer.html")
    page.get_by_role("button", name="Open an empty cell").click()
    area = page.get_by_label("Code of your own cell")
    expect(area).to_be_focused(timeout=MINUTES)
    until(page, "ready")
    area.press("Control+End")
    area.press_sequentially(
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\n"
        "for i in range(2):\nprint(i, frontier.__version__)"
    )
    assert area.input_value().endswith("for i in range(2):\n    print(i, frontier.__version__)")
    area.press("Control+Enter")
    done(page)
    from frontier import __version__

    output = page.locator(".here-own .cell_output")
    expect(output.locator("pre").first).to_have_text(f"0 {__version__}\n1 {__version__}\n")
    expect(output.get_by_role("img", name="A figure drawn by your own cell.")).to_be_visible()


@pytest.mark.parametrize("name", [f"{name}.html" for name in toc() if "functions-" in name])
def test_every_example_says_in_the_page_what_it_says_in_the_text(visit, name):
    """It knows what its module knows, and what the examples before it have made."""
    page = here(visit(name))
    buttons = page.get_by_role("button", name="Try it: example")
    assert buttons.count() == page.locator(".doctest").count() > 5
    wrong = []
    for number, button in enumerate(buttons.all(), 1):
        button.click()
        while page.evaluate("ran.length") < number:
            page.wait_for_timeout(20)
        done(page)
        block = button.locator("xpath=../preceding-sibling::*[1]")
        expected = [" ".join(text.split()) for text in block.locator(".go").all_inner_texts()]
        told = " ".join(page.evaluate("ran.at(-1).text").split())
        fails = "Traceback" in block.inner_text()
        if not all(text in told for text in expected) or bool(page.evaluate("ran.at(-1).error")) != fails:
            wrong.append(f"{button.get_attribute('aria-label')}: {expected} but {told}")
    assert not wrong


def test_a_file_of_the_reader_is_fitted_and_goes_nowhere(visit, host, site, tmp_path):
    page = visit("book/reuse.html")
    page.get_by_role("button", name="Fit a file of yours, in this page").click()
    until(page, "ready")
    n, d = [10**7, 10**8, 10**9], [10**9, 10**10, 10**11]
    rows = [f"{a};{b};{1.8 + 480 / a**0.35 + 2085 / b**0.37}" for a in n for b in d]
    file = tmp_path / "mine.csv"
    file.write_text("Parameters;Tokens;Final loss\n" + "\n".join(rows))
    page.get_by_label("A CSV of yours").set_input_files(file)
    done(page)
    figure = page.locator(".tag_takes-file figure")
    expect(figure).to_contain_text("9 runs")
    expect(figure.get_by_role("link", name="Data (CSV)")).to_be_visible()
    expect(figure.get_by_role("link", name="SVG")).to_be_visible()
    assert all(
        "?" not in path and (site / path).is_file() for path in host.asked
    )  # what could carry anything?
    file.write_text("a,b\n1,2\n")
    page.get_by_label("A CSV of yours").set_input_files(file)
    expect(page.locator(".here-error p").first).to_contain_text(
        "ValueError: path must have a column for n_params and n_tokens or flop and loss, got a, b"
    )


# Keeping it


def test_a_second_visit_fetches_nothing_and_starts_without_the_server(visitor, host):
    """What a release no longer has is thrown away, and what a reader has thrown away is fetched again."""
    open_page = visitor(host.address, expected=["ERR_EMPTY_RESPONSE", "ERR_CONNECTION"])
    page = here(open_page("book/intro.html"))
    first = host.engine()
    assert len(first) == len(set(first)) == 3
    page.wait_for_function("() => navigator.serviceWorker.controller")
    put = "async () => (await caches.open('frontier-python')).put('old-python.gz', new Response('old'))"
    page.evaluate(put)
    page.close()
    page = here(open_page("book/landauer.html"))
    assert host.engine() == first
    names = page.evaluate("async () => (await (await caches.open('frontier-python')).keys()).map(r => r.url)")
    assert len(names) == 3
    assert not [name for name in names if "old" in name]
    page.evaluate("caches.delete('frontier-python')")
    page.close()
    page = here(open_page("book/landauer.html"))
    assert len(host.engine()) == 2 * len(first)
    page.wait_for_timeout(500)
    page.close()
    host.gone = True
    page = here(open_page("book/landauer.html"))
    run_button(page, 1).click()
    done(page)


def test_scikit_learn_comes_only_where_it_is_used(visit, host):
    page = here(visit("book/intro.html"))
    assert not [path for path in host.engine() if "learning" in path]
    write(page, 1, "import sklearn\nprint(sklearn.__name__)")
    run_button(page, 1).click()
    done(page)
    expect(page.locator(".cell_output").first).to_have_text("sklearn\n")
    assert [path for path in host.engine() if "learning" in path]


def test_two_pages_run_at_once(visitor, host):
    open_page = visitor(host.address)
    pages = [here(open_page("book/intro.html")), here(open_page("book/claims.html"))]
    for number, page in enumerate(pages):
        write(page, 1, f"mine = {number}\nprint(mine)")
        run_button(page, 1).click()
    for number, page in enumerate(pages):
        done(page)
        expect(page.locator(".cell_output").first).to_have_text(f"{number}\n")


# Where it cannot run


def part(site, name):
    listed = json.loads((site / "_static/here/engine.json").read_text(encoding="utf-8"))
    return next(entry["file"] for entry in listed if entry["name"] == name)


def test_a_download_that_broke_off_is_said_and_can_be_tried_again(visitor, host, site):
    """What had come whole is kept."""
    host.cut = {part(site, "library")}
    page = visitor(host.address, expected=["ERR_CONTENT_LENGTH_MISMATCH"])("book/intro.html")
    open_here(page)
    expect(status(page)).to_contain_text("The download broke off", timeout=MINUTES)
    expect(status(page)).to_contain_text("offers other places")
    expect(page.locator("article .cell").first).to_be_visible()
    host.cut, whole = set(), [path for path in host.engine() if "library" not in path]
    page.get_by_role("button", name="Try again").click()
    until(page, "ready")
    assert [path for path in host.engine() if "library" not in path] == whole


def test_a_changed_file_is_refused(visitor, host, site):
    host.changed = {part(site, "book")}
    page = visitor(host.address)("book/intro.html")
    open_here(page)
    expect(status(page)).to_contain_text("not the one this page was made with", timeout=MINUTES)
    host.changed = set()
    page.get_by_role("button", name="Try again").click()
    until(page, "ready")


def test_a_missing_list_is_said(visitor, host):
    page = visitor(host.address, expected=["404"])("book/intro.html")
    page.route("**/engine.json", lambda route: route.fulfill(status=404))
    open_here(page)
    expect(status(page)).to_contain_text("The download broke off", timeout=MINUTES)


def test_a_page_whose_cells_do_not_come_is_told_and_tried_again(visitor, host):
    page = visitor(host.address, expected=["ERR_FAILED"])("book/intro.html")
    page.route("**/pages/intro.json", lambda route: route.abort())
    open_here(page)
    expect(status(page)).to_contain_text("The download broke off")
    page.unroute("**/pages/intro.json")
    page.get_by_role("button", name="Try again").click()
    until(page, "ready")


def test_an_old_browser_is_told(visit):
    page = visit("book/intro.html")
    page.evaluate("delete window.DecompressionStream")
    open_here(page)
    expect(status(page)).to_contain_text("This browser is too old")
    assert page.locator("article .cell pre").first.is_visible() or page.locator("article .cell").count()


def test_a_page_from_a_folder_says_why_not(browser, site):
    context = browser.new_context()
    page = context.new_page()
    page.goto((site / "book" / "intro.html").as_uri())
    open_here(page)
    expect(status(page)).to_contain_text("opened from a folder")
    context.close()


def test_without_storage_it_runs_and_says_that_it_keeps_nothing(visitor, host):
    """As over an insecure connection, where browsers give neither storage nor hashes."""
    address = host.address.replace("127.0.0.1", "frontier.test")
    page = here(visitor(address)("book/intro.html"))
    expect(page.locator(".here-note")).to_contain_text("keeps nothing for the next visit")
    run_button(page, 1).click()
    done(page)


# For everybody


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_running_page_is_accessible_on_a_phone(visit, dark):
    page = here(visit("book/which-binds-first.html", color_scheme="dark" if dark else "light", **HAND))
    write(page, 1, "1 / 0")
    run_button(page, 1).click()
    done(page)
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    assert_accessible(page)
    sizes = page.locator(".here-editor textarea").evaluate_all(
        "all => all.map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(sizes) >= 16
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    box = page.locator(".here-bar").bounding_box()
    assert box["height"] < 812 / 4


def test_the_keyboard_does_it_all(visit):
    """Shift and Enter run a cell and lead to the next; the Tab key leads out of an editor."""
    page = visit("book/intro.html")
    page.locator("details.run-page > summary").press("Enter")
    page.get_by_role("button", name="Here, in your browser").press("Enter")
    until(page, "ready")
    write(page, 1, "print('by keyboard')")
    run_button(page, 2)
    area = page.locator("article .cell textarea").first
    area.press("Shift+Enter")
    expect(page.locator("article .cell").first.locator(".cell_output")).to_have_text("by keyboard\n")
    expect(page.locator("article .cell textarea").nth(1)).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") != "TEXTAREA"
    menu = page.locator("details.run-page")
    menu.locator("summary").press("Enter")
    menu.get_by_role("button").press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()


# What is shipped


def test_the_parts_are_small_and_named_by_their_content(site):
    from hashlib import sha256

    folder = site / "_static/here"
    listed = json.loads((folder / "engine.json").read_text(encoding="utf-8"))
    for entry in listed:
        content = (folder / entry["file"]).read_bytes()
        assert (len(content), sha256(content).hexdigest()) == (entry["bytes"], entry["sha256"])
        assert entry["sha256"][:16] in entry["file"]
    assert {f"engine/{path.name}" for path in (folder / "engine").iterdir()} == {e["file"] for e in listed}
    sizes = {entry["name"]: entry["bytes"] for entry in listed}
    assert sum(sizes.values()) <= 45e6
    assert sum(sizes.values()) - sizes["learning"] <= 40e6
    assert max(path.stat().st_size for path in site.rglob("*") if path.is_file()) < 95e6
    licences = (folder / "licences.txt").read_text(encoding="utf-8")
    for name in (
        "Python Software Foundation",
        "NumPy Developers",
        "SciPy Developers",
        "scikit-learn",
        "Matplotlib",
        "Scientific Python project",
    ):
        assert name in licences, name
