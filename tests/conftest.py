"""What the tests share: the built site, a server for it, a browser, and settings of Hypothesis."""

import json
import os
import re
import shlex
import shutil
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import hypothesis
import kernels  # noqa: F401  what starts kernels here and in nbval
import pytest

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
BROWSING = ("test_browser.py", "test_figures.py", "test_run_here.py")  # take long, one page after the other
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 375, "height": 812}
QUIET = ("log", "info", "debug")  # what a console may say: the theme reports the colour mode it took
PREFIX = "/some/prefix/"  # where a site may stand that is not the only one of its host

hypothesis.settings.register_profile("frontier", derandomize=True, deadline=None)
hypothesis.settings.load_profile("frontier")


def toc():
    """Return the pages of the book in order, as _toc.yml names them: ["book/intro", ...]."""
    return re.findall(r"(?:root|file): *(\S+)", (ROOT / "_toc.yml").read_text(encoding="utf-8"))


def pytest_generate_tests(metafunc):
    """Run a test that asks for a `page_name` once for every page, from what should exist, not what does."""
    if "page_name" in metafunc.fixturenames:
        metafunc.parametrize("page_name", [f"{name}.html" for name in [*toc(), "search"]])


def pytest_collection_modifyitems(items):
    """Begin with what takes long, so that at the end no process waits for another's last page."""
    items.sort(key=lambda item: not item.path.name.endswith((*BROWSING, ".ipynb")))


@pytest.hookimpl(optionalhook=True)  # where tests run side by side
def pytest_xdist_make_scheduler(config, log):
    """Keep in one process what belongs together: a file, or in the browser, where all take long, a page."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            file, _, test = nodeid.partition("::")
            page = re.search(r"\[([\w/-]+\.html)", test) if file.endswith(BROWSING) else None
            return file + (page[1] if page else "")

    return Scheduling(config, log)


# What a bet covers shows where this has run; tests/test_bets.py looks at bets.
PLACED = json.dumps({Path(name).name: {} for name in toc()})
BETS_SHOWN = f"if (origin !== 'null') localStorage.bets = {json.dumps(PLACED)}"


@pytest.fixture(scope="session")
def site():
    """Folder of the built site."""
    missing = [name for name in toc() if not (SITE / f"{name}.html").is_file()]
    if missing:
        pytest.fail(f"{SITE} lacks {', '.join(missing)}: run `make book` first", pytrace=False)
    return SITE


class _Handler(SimpleHTTPRequestHandler):
    """Serves a folder under PREFIX and nothing outside of it, as a host with several sites would."""

    protocol_version = "HTTP/1.1"
    extensions_map = {  # noqa: RUF012  the same on every machine, whatever its own list of types says
        "": "application/octet-stream",
        ".css": "text/css; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".svg": "image/svg+xml",
        ".woff2": "font/woff2",
    }

    def translate_path(self, path):
        outside = "no such file"
        return super().translate_path("/" + path.removeprefix(PREFIX) if path.startswith(PREFIX) else outside)

    def log_message(self, *_):
        """Say nothing."""


@contextmanager
def serving(handler):
    """Serve on this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as httpd:
        thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield httpd
        httpd.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def server(site):
    """Address of the site, with a slash at its end, while a local server offers it."""
    with serving(partial(_Handler, directory=site)) as httpd:
        yield f"http://127.0.0.1:{httpd.server_port}{PREFIX}"


def unfold(page):
    """Open all that is folded in the text of a page; return the page."""
    page.evaluate("document.querySelectorAll('article details').forEach((fold) => { fold.open = true; })")
    return page


def find_chromium():
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next(filter(None, (shutil.which(name) for name in names if name)), None)


# One module and not the whole session: while Playwright's event loop runs, nothing else in the same thread
# can talk to a Jupyter kernel.
@pytest.fixture(scope="module")
def browser():
    """Chromium, driven by Playwright."""
    path = find_chromium()
    if path is None:
        reason = "no Chromium found: install one, or set CHROMIUM to its path"
        if os.environ.get("FRONTIER_REQUIRE_BROWSER"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    # Nothing is reached but this machine, which also has a name that does not sound like it.
    hosts = "MAP frontier.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
    flags = (
        "--no-sandbox --disable-gpu --disable-background-networking --no-first-run "
        f'--disable-component-update --disable-sync --host-resolver-rules="{hosts}"'
    )
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=shlex.split(flags))
        yield chromium
        chromium.close()


@pytest.fixture
def visitor(browser):
    """Return a function that makes a browser profile which opens pages of an address.

    Afterwards nobody else may have been asked for anything, the console must be empty but for what is
    `expected`, and nothing may have been raised. `scripts` run before those of each page.
    """
    contexts, complaints = [], []

    def profile(address, *, expected=(), scripts=(), **options):
        context = browser.new_context(**{"viewport": DESKTOP, "reduced_motion": "reduce"} | options)
        contexts.append(context)
        context.set_default_timeout(20_000)

        def heard(text):
            if not any(re.search(pattern, text) for pattern in expected):
                complaints.append(text)

        def open_page(name):
            page = context.new_page()
            page.on("request", lambda r: r.url.startswith((address, "data:", "blob:")) or heard(r.url))
            page.on("console", lambda message: message.type in QUIET or heard(message.text))
            page.on("pageerror", lambda error: heard(str(error)))
            for script in scripts:
                page.add_init_script(script)
            page.goto(address + name, wait_until="load")
            return page

        return open_page

    profile.complaints = complaints
    yield profile
    for context in contexts:
        context.close()
    assert not complaints


@pytest.fixture
def visit(visitor, server):
    """Open a page of the site in a fresh profile but for bets, with Playwright's options for one."""
    return lambda name, **options: visitor(server, scripts=[BETS_SHOWN], **options)(name)
