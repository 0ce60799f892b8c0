"""A chapter in a real JupyterLab, as Binder shows it: run from top to bottom, read, its slider moved.

The settings, the kernel and everything that Jupyter writes stay in a temporary folder, and the browser
reaches nothing but this server.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from urllib.request import urlopen

import nbformat
import pytest
from conftest import ROOT
from test_site import read

CHAPTER = ROOT / "book" / "landauer.ipynb"
COPY = ROOT / "notebooks" / "landauer.ipynb"  # what Binder opens
CELLS = nbformat.read(CHAPTER, as_version=4).cells
PROSE = "\n\n".join(cell.source for cell in CELLS if cell.cell_type == "markdown")
TIMEOUT = 120  # seconds for one step on a busy machine
SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},  # not only the cells on the screen
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
OWN = ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_WORKSPACES_DIR")


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Address of a JupyterLab that serves a copy of the chapter, trusted as postBuild does it."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copy(CHAPTER, folder)
    shutil.copy(COPY, folder / "copy.ipynb")
    for name, setting in SETTINGS.items():
        path = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(setting))
    environment = os.environ | {name: str(folder / name.lower()) for name in OWN}
    environment["JUPYTERLAB_SETTINGS_DIR"] = str(folder / "settings")
    environment["JUPYTER_PREFER_ENV_PATH"] = "1"  # the kernel of this Python before any other
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    trust = [sys.executable, "-m", "jupyter", "trust", CHAPTER.name]
    subprocess.run(trust, cwd=folder, env=environment, check=True, capture_output=True)

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1"]
    command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=reader"]
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=output)
    try:
        deadline = time.monotonic() + TIMEOUT
        while True:
            try:
                urlopen(f"http://127.0.0.1:{port}/api", timeout=5).close()
                break
            except OSError:
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()  # stops the kernel, too
        process.wait(timeout=TIMEOUT)


@pytest.fixture(scope="module")
def opened(browser, lab):
    """The chapter in JupyterLab before anything is run."""
    foreign = []

    def guard(route):
        if route.request.url.startswith((lab, "data:", "blob:")):
            route.continue_()
        else:
            foreign.append(route.request.url)
            route.abort()

    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(TIMEOUT * 1000)
    context.route("**/*", guard)
    page = context.new_page()
    page.goto(f"{lab}lab/tree/{CHAPTER.name}?token=reader")
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    yield page
    context.close()
    assert foreign == [], "JupyterLab asks other hosts"


RUNNING = """() => [...document.querySelectorAll(".jp-InputPrompt")].some(e => e.textContent.includes("*"))"""
UNREAD = """values => {
  const prose = [...document.querySelectorAll(".myst")].map(e => e.textContent).join();
  return values.filter(value => prose.includes(value));
}"""


VALUES = re.findall(r"\{eval\}`([^`]+)`", PROSE)


def test_stored_figures_and_inline_values_show_before_anything_is_run(opened):
    assert opened.locator("figure.frontier svg").first.is_visible()
    assert VALUES
    opened.wait_for_function(f"values => !({UNREAD})(values).length", arg=VALUES)


@pytest.fixture(scope="module")
def page(opened):
    """The chapter after the command that a reader chooses: Run All Cells."""
    opened.get_by_role("menuitem", name="Run", exact=True).click()
    opened.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    opened.wait_for_function(RUNNING)
    opened.wait_for_function(f"!({RUNNING})()")
    wrong = opened.locator("[data-mime-type*=error], [data-mime-type*=stderr]").all_inner_texts()
    assert not wrong, wrong[0]
    opened.wait_for_function(f"values => !({UNREAD})(values).length", arg=VALUES)
    return opened


def test_every_cell_runs(page):
    prompts = page.locator(".jp-CodeCell .jp-InputPrompt").all_inner_texts()
    code = [cell for cell in CELLS if cell.cell_type == "code"]
    folded = ["source_hidden" in cell.metadata.get("jupyter", {}) for cell in code]  # has no number
    assert prompts == ["" if hidden else f"[{i + 1}]:" for i, hidden in enumerate(folded)]


def test_directives_and_roles_are_read(page):
    assert page.locator(".myst-admonition").count() == PROSE.count("{admonition}")
    assert page.locator("details.myst-dropdown").count() == PROSE.count("{dropdown}")
    words = page.locator(".myst :is(p, li, summary, .myst-admonition-header)").all_text_contents()
    assert not [text for text in words if re.search(r":::|\{[a-z][\w:-]*\}|`|Error", text)]
    for verdict in re.findall(r"\{verdict\}`([^`]+)`", PROSE):
        assert any(verdict in text for text in words), verdict


def squeezed(text):
    return re.sub(r"\s+", "", text)


def test_the_prose_says_what_the_page_of_the_site_says(page, site):
    """Above all the same numbers. Left out: formulas, citations, which are keys in JupyterLab, and the words
    there in the place of an instrument."""
    said = squeezed(read((site / "book" / f"{CHAPTER.stem}.html").resolve()).text)
    plain = page.locator(".myst p:not(:has(.katex, .cite-group, [title='Citation Not Found'], a))")
    paragraphs = [
        squeezed(text)
        for text in plain.all_text_contents()
        if not re.search("a form stands here|^{.deeper}$", text.strip())
    ]
    assert len(paragraphs) >= 10
    assert [text for text in paragraphs if text not in said] == []


def test_nothing_in_the_prose_lies_on_something_else(page):
    """A note for the margin would: JupyterLab has no margin."""
    overlaps = page.locator(".myst").evaluate_all(
        """all => all.flatMap(cell => [...cell.children].filter((e, i) => {
          const next = cell.children[i + 1]?.getBoundingClientRect();
          return next && e.getBoundingClientRect().top + e.scrollHeight > next.top + 2;
        }).map(e => e.textContent))"""
    )
    assert overlaps == []


def test_a_slider_is_live(page):
    box = page.locator(".widget-vbox:has([role=slider])").first
    handle, (drawing, line, caption) = box.get_by_role("slider"), box.locator(".widget-html-content").all()
    assert drawing.locator("svg").is_visible()
    start = drawing.inner_html(), line.inner_text(), caption.inner_text()
    seen = {start}
    handle.focus()
    for key in ("ArrowRight", "ArrowRight"):
        value, text = handle.get_attribute("aria-valuenow"), line.inner_text()
        handle.press(key)
        line.filter(has_not_text=text).wait_for()
        assert handle.get_attribute("aria-valuenow") != value
        seen.add((drawing.inner_html(), line.inner_text(), caption.inner_text()))
    for part, count in zip(zip(*seen, strict=True), (3, 3, 1), strict=True):
        assert len(set(part)) == count, "the drawing and the line change with each step, the caption stays"


def test_the_data_under_a_live_slider_are_a_link_that_looks_like_one(page):
    links = page.locator("figure.frontier a.data").first, page.locator(".widget-vbox a.data").first
    colour, own = (link.evaluate("e => getComputedStyle(e).color") for link in links)
    assert own == colour != links[1].evaluate("e => getComputedStyle(e.parentElement).color")
    with page.expect_download() as started:
        links[1].click()
    assert started.value.suggested_filename == "figure.csv"


@pytest.fixture(scope="module")
def copy(page, lab):
    """The same chapter as Binder and `make lab` open it."""
    page.goto(f"{lab}lab/tree/copy.ipynb?token=reader&reset")
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.locator(".myst details").first.wait_for()
    return page


def test_a_copy_says_what_the_page_says_citations_too(copy, site):
    said = read((site / "book" / f"{CHAPTER.stem}.html").resolve()).text
    said = squeezed(said).translate(str.maketrans("[]", "()"))
    plain = copy.locator(".myst :is(p, li, td):not(:has(.katex, p))")
    paragraphs = [squeezed(text).translate(str.maketrans("[]", "()")) for text in plain.all_text_contents()]
    assert len(paragraphs) >= 50
    assert [text for text in paragraphs if text not in said and "Onthesite,aform" not in text] == []
    assert copy.locator("[title='Citation Not Found'], .myst a[href='#'], .myst-error").count() == 0
    assert (
        copy.get_by_role("link", name="Landauer, 1961").first.get_attribute("href").startswith("https://doi")
    )


def test_an_answer_in_a_copy_opens(copy):
    answer = copy.locator(".myst details").first
    assert not answer.locator("p").first.is_visible()
    answer.locator("summary").click()
    assert answer.locator("p").first.is_visible()
