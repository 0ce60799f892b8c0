"""The built site as files: its links, what its pages load and weigh, and that a faulty book is not built."""

import gzip
import html
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from conftest import ROOT, toc

MAX_BYTES = 300_000  # compressed, one page with all it loads
MAX_REQUESTS = 13
CHAPTERS = [  # what argues has a bet; the ledger, the sources and the page on reuse are to look things up
    name
    for name in toc()
    if (path := ROOT / f"{name}.ipynb").is_file() and ":class: bet" in path.read_text(encoding="utf-8")
]
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
UNREAD = {"script", "style", "pre", "code", "annotation"}  # what is no sentence
LOADING = {"stylesheet", "preload", "icon", "modulepreload", "manifest"}  # links that are requests


@dataclass
class Page(HTMLParser):
    """One page, taken apart: its tags with their attributes, and the text between them."""

    path: Path
    tags: list = field(default_factory=list)  # (name, attributes)
    text: str = ""  # the sentences

    def __post_init__(self):
        super().__init__()
        self.open = []
        self.source = self.path.read_text(encoding="utf-8")
        self.feed(self.source)

    def handle_starttag(self, name, attributes):
        self.tags.append((name, dict(attributes)))
        if name not in VOID:
            self.open.append(name)

    def handle_startendtag(self, name, attributes):
        self.tags.append((name, dict(attributes)))

    def handle_endtag(self, name):
        if name in self.open:
            while self.open.pop() != name:
                pass

    def handle_data(self, data):
        if not UNREAD & set(self.open):
            self.text += data

    def all(self, *names):
        return [attributes for name, attributes in self.tags if name in names]

    @property
    def ids(self):
        return [attributes["id"] for _, attributes in self.tags if attributes.get("id")]

    @property
    def redirects(self):
        return any(tag.get("http-equiv", "").lower() == "refresh" for tag in self.all("meta"))

    @property
    def loaded(self):
        """Addresses of what a browser fetches to show the page."""
        found = [tag["src"] for tag in self.all("script", "img", "iframe", "source") if tag.get("src")]
        found += [tag["href"] for tag in self.all("link") if LOADING & set(tag.get("rel", "").split())]
        return [address for address in found if not address.startswith("data:")]

    @property
    def root(self):
        """Path at which the site will stand; only the page for missing addresses knows it."""
        return self.all("html")[0]["data-content_root"] if self.path.name == "404.html" else None

    def resolve(self, address):
        """Return the file that an address of this site means, and the place in it."""
        parts = urlsplit(address)
        path = unquote(parts.path).removeprefix(self.root or "")
        target = (self.path.parent / path).resolve() if path else self.path
        return (target / "index.html" if target.is_dir() else target), unquote(parts.fragment)


@cache
def read(path):
    return Page(path)


@pytest.fixture(scope="module")
def pages(site):
    """Every page of the site; the theme leaves files of another kind in _static."""
    paths = [path for path in sorted(site.rglob("*.html")) if "_static" not in path.parts]
    return [read(path.resolve()) for path in paths]


@pytest.fixture
def page(site, page_name):
    return read((site / page_name).resolve())


def internal(address):
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc


def css_addresses(text):
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    found = re.findall(r"@import\s+(?:url\()?[\"']?([^\"')\s;]+)", text)
    found += re.findall(r"url\(\s*(\"[^\"]*\"|'[^']*'|[^)]*)\s*\)", text)
    return [address.strip("\"' ") for address in found if not address.strip("\"' ").startswith("data:")]


# Links


def test_the_site_has_the_pages_of_the_table_of_contents_and_no_other(site, pages):
    expected = {f"{name}.html" for name in [*toc(), "index", "search", "404"]}
    found = {page.path.relative_to(site).as_posix() for page in pages}
    assert {name for name in found if not name.startswith("embed/")} == expected


def test_internal_links_lead_somewhere(site, pages):
    broken = []
    for page in pages:
        addresses = [tag.get("href") for tag in page.all("a", "link")] + page.loaded
        addresses += [tag.get("action") for tag in page.all("form")]
        for tag in page.all("meta"):
            if tag.get("http-equiv", "").lower() == "refresh":
                addresses.append(tag["content"].partition("url=")[2])
        for address in addresses:
            if not address or not internal(address):
                continue
            target, anchor = page.resolve(address)
            there = target.is_relative_to(site.resolve()) and target.is_file()
            if there and anchor and target.suffix == ".html":
                there = anchor in read(target).ids
            if not there or (urlsplit(address).path.startswith("/") and not page.root):
                broken.append(f"{page.path.name}: {address}")
    assert not broken


def test_outside_links_are_secure(pages):
    addresses = {tag["href"] for page in pages for tag in page.all("a") if tag.get("href")}
    assert not [a for a in addresses if not internal(a) and urlsplit(a).scheme not in ("https", "mailto")]


def test_names_on_a_page_are_unique(pages):
    """Also those of clip paths and markers, or one drawing would use the parts of another."""
    for page in pages:
        assert not [name for name in set(page.ids) if page.ids.count(name) > 1], page.path


def test_parts_of_drawings_are_on_the_page(pages):
    for page in pages:
        attributes = [value or "" for name, tag in page.tags for value in tag.values() if name != "a"]
        names = {name for value in attributes for name in re.findall(r"url\(#([^)]+)\)", value)}
        names |= {tag.get("href", tag.get("xlink:href", "#"))[1:] for tag in page.all("use")}
        assert names <= set(page.ids), page.path


def test_pages_load_nothing_from_other_hosts(site, pages):
    for page in pages:
        assert not [address for address in page.loaded if not internal(address)], page.path
        styles = [tag["style"] for _, tag in page.tags if tag.get("style")]
        styles += re.findall(r"<style[^>]*>(.*?)</style>", page.source, re.S)
        assert all(internal(address) for style in styles for address in css_addresses(style)), page.path


def test_stylesheets_find_what_they_name_in_the_site(pages):
    sheets = {page.resolve(address)[0] for page in pages for address in page.loaded if ".css" in address}
    assert sheets
    for sheet in sheets:
        for address in css_addresses(sheet.read_text(encoding="utf-8")):
            assert internal(address), f"{sheet.name} asks another host: {address}"
            assert (sheet.parent / urlsplit(address).path).is_file(), f"{sheet.name}: {address}"


@pytest.mark.parametrize("word", ["require.js", "jsdelivr", "cdnjs", "unpkg", "googleapis", "widget-state"])
def test_pages_and_their_scripts_know_no_third_party(pages, word):
    files = {page.resolve(address)[0] for page in pages for address in page.loaded}
    texts = {file: file.read_text(encoding="utf-8") for file in files if file.suffix in (".js", ".css")}
    texts |= {page.path: page.source for page in pages}
    assert not [file for file, text in texts.items() if word in text]


# What a page must say


def test_page_introduces_itself(page):
    html_tag, metas = page.all("html")[0], {tag.get("name"): tag.get("content") for tag in page.all("meta")}
    title = re.search(r"<title>(.*?)</title>", page.source, re.S)
    assert title
    assert title[1].strip()
    assert html_tag.get("lang")
    assert metas.get("viewport")
    assert metas.get("description"), "no meta description"


def test_titles_are_unique(pages):
    titles = [re.search(r"<title>(.*?)</title>", page.source)[1] for page in pages if not page.redirects]
    assert len(set(titles)) == len(titles)


def test_pictures_have_alternative_text(pages):
    for page in pages:
        for tag in page.all("img"):
            assert "alt" in tag, f"{page.path}: {tag.get('src')}"
        for tag in page.all("svg"):
            hidden = tag.get("aria-hidden") == "true"
            assert hidden or (tag.get("role") == "img" and tag.get("aria-label", "").strip()), page.path


def test_no_markup_is_left_unread(page):
    assert not re.findall(r"\{[\w:-]+\}`|\[\[|\]\]|:::|\{eval\}", page.text)
    assert not [
        tag for _, tag in page.tags if {"problematic", "system-message"} & set(str(tag.get("class")).split())
    ]


# Sliders


SLIDER = re.compile(r'<figure class="frontier explore".*?</figure>', re.S)
SLIDERS = {
    name: sum(
        "".join(out.get("data", {}).get("text/html", "")).count('class="frontier explore"')
        for cell in nbformat.read(ROOT / f"{name}.ipynb", as_version=4).cells
        for out in cell.get("outputs", [])
    )
    for name in toc()
    if (ROOT / f"{name}.ipynb").is_file()
}


@pytest.mark.parametrize("name", SLIDERS)
def test_sliders_show_the_frame_that_their_data_say(site, name):
    figures = SLIDER.findall((site / f"{name}.html").read_text(encoding="utf-8"))
    assert len(figures) == SLIDERS[name]
    for figure in figures:
        data = json.loads(re.search(r'<script type="application/json">(.*?)</script>', figure, re.S)[1])
        slider = dict(re.findall(r'([\w-]+)="([^"]*)"', re.search(r"<input [^>]*>", figure)[0]))
        options = re.findall(r"<option( selected)?>", figure) or [" selected"]
        last, at = int(slider["max"]), int(slider["value"])
        assert (slider["type"], slider["min"]) == ("range", "0")
        assert last + 1 == len(data["values"])
        assert len(data["frames"]) == len(data["texts"]) == len(data["values"]) * len(options)

        frame = at + len(data["values"]) * options.index(" selected")
        svg = re.search(r'<div class="drawing">(.*?)</div>', figure, re.S)[1]
        assert "\n".join(data["lines"][line] for line in data["frames"][frame]) == svg
        assert html.unescape(re.search(r"<output.*?>(.*?)</output>", figure)[1]) == data["texts"][frame]
        assert html.unescape(slider["aria-valuetext"]) == data["values"][at]
        assert "hidden" in re.search(r'<div class="controls"(.*?)>', figure)[1]


# Weight


def test_every_icon_that_a_page_uses_is_there_and_no_other(site, pages):
    """They stand in our stylesheet, in place of a font and a script of 1.6 MB."""
    kinds = {"fa-solid", "fa-brands", "fa-regular", "fa-lg"}  # the look of an icon, not which one it is
    classes = {name for page in pages for name in re.findall(r'class="([^"]*)"', page.source)}
    used = {name for value in classes for name in value.split() if name.startswith("fa-")} - kinds
    style = (site / "_static" / "frontier.css").read_text(encoding="utf-8")
    assert used == set(re.findall(r"^\.(fa-[a-z-]+) \{", style, re.M))


def weight(path):
    return (
        len(gzip.compress(path.read_bytes(), 6, mtime=0)) if path.suffix != ".woff2" else path.stat().st_size
    )


def test_page_is_light(page, page_name):
    files = {page.resolve(address)[0] for address in page.loaded} | {page.path}
    total = sum(weight(file) for file in files)
    print(f"\n{page_name}: {total:,} bytes compressed, {len(files)} requests")
    for file in sorted(files, key=weight, reverse=True):
        print(f"  {weight(file):9,}  {file.name}")
    assert total < MAX_BYTES
    assert len(files) <= MAX_REQUESTS


# Faults


def write(folder, *pages):
    """Write a book of these pages, with the settings of ours, and run those that have code."""
    for name in ("_config.yml", "CITATION.cff", "CHANGELOG.md"):
        shutil.copy(ROOT / name, folder)
    for name in ("_ext", "scripts"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "book" / "_static", folder / "book" / "_static")
    (folder / "_build").mkdir()
    (folder / "_build" / "engine").symlink_to(ROOT / "_build" / "engine")  # what pages run
    toc = "format: jb-article\nroot: book/page0\nsections:\n"
    toc += "".join(f"- file: book/page{number}\n" for number in range(1, len(pages)))
    (folder / "_toc.yml").write_text(toc.removesuffix("sections:\n"))
    (folder / "book" / "references.bib").write_text(
        "@misc{known2024, title={A}, author={B, C}, year={2024}}\n"
    )
    for page, cells in enumerate(pages):
        notebook = nbformat.v4.new_notebook(cells=prose(f"# Page {page}") + cells)
        for number, cell in enumerate(notebook.cells):
            cell.id = f"cell-{number}"  # random otherwise
        nbformat.write(notebook, folder / "book" / f"page{page}.ipynb")
    with_code = [page for page, cells in enumerate(pages) if any(c.cell_type == "code" for c in cells)]
    status, printed = run_notebooks(*(folder / "book" / f"page{page}.ipynb" for page in with_code))
    assert status == 0, printed


def run_notebooks(*paths):
    """Run and store notebooks; return the exit status and what was printed."""
    command = [sys.executable, ROOT / "scripts" / "run_notebooks.py", *paths]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240)
    return done.returncode, done.stdout + done.stderr


def build(folder):
    """Build a book; return the exit status and what was printed."""
    command = [Path(sys.executable).with_name("jupyter-book"), "build", ".", "-W", "-n", "--keep-going"]
    environment = os.environ | {"TMPDIR": str(folder)}  # for the report that Sphinx writes when it stops
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=240)
    return done.returncode, done.stdout + done.stderr


def prose(text):
    return [nbformat.v4.new_markdown_cell(text)]


def code(text):
    return [nbformat.v4.new_code_cell(text)]


FIGURE = """
import matplotlib
matplotlib.use("agg")
from IPython.display import Image
from matplotlib.figure import Figure
import io
file = io.BytesIO()
Figure(figsize=(1, 1)).savefig(file)
Image(file.getvalue())
"""
PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
SVG = 'from IPython.display import HTML\nHTML(\'<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>\')'

FAULTS = {  # what is wrong: cells, and what the message must say
    "unknown citation": (prose("{cite:p}`nobody1900`"), "nobody1900"),
    "a figure without alternative text": (code(FIGURE), "alternative text"),
    "an image without alternative text": (prose(f"![]({PIXEL})"), "alternative text"),
    "a drawing without a label": (code(SVG), "label"),
    "broken cross-reference": (prose("See [there](nowhere.md)."), "nowhere"),
    "broken reference": (prose("See {ref}`nothing`."), "nothing"),
    "a verdict that is none": (prose("{verdict}`maybe`"), "no such verdict: 'maybe'"),
    "a formula that lacks a part": (
        prose(r"$\frac{a}$"),
        "Last node missing children",
    ),
    "a formula with an unknown command": (prose(r"$\nothing$"), r'Unknown LaTeX command "\nothing"'),
    "a formula with braces that do not balance": (prose(r"$a}$"), "{ and } do not balance"),
    "a formula with brackets that do not balance": (prose(r"$\left( a$"), r"\left and \right do not balance"),
    "a formula with two indices": (prose("$x_a_b$"), "two indices"),
    "code that was changed after it has run": (code("a = 1") + code("a + 1"), "run `make notebooks`"),
    "a cell of code that was taken away": (code("a = 1") + code("a + 2"), "run `make notebooks`"),
    "a page that has not been run": (code("a = 1"), "run `make notebooks`"),
    "a page whose outputs were cleared": (code("print(1)"), "run `make notebooks`"),
    "an inline value that was not stored": (
        code("a = 1") + prose("{eval}`a`"),
        "a + 1 has no stored value: run `make notebooks`",
    ),
}


def change(notebook, fault):
    """Do to a notebook that has been run what the last of the faults say."""
    *_, last = notebook.cells
    if fault == "code that was changed after it has run":
        last.source = "a + 3"
    elif fault == "a cell of code that was taken away":
        del notebook.cells[-1]
    elif fault == "a page that has not been run":
        del notebook.metadata["ran"]
    elif fault == "a page whose outputs were cleared":
        last.update(outputs=[], execution_count=None)
    elif fault == "an inline value that was not stored":
        last.source = "{eval}`a + 1`"


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    """A book of faulty pages, one for each fault, built twice: what was printed."""
    folder = tmp_path_factory.mktemp("faulty")
    pages = [cells for cells, _ in FAULTS.values()]
    write(folder, *pages, prose("Nothing is wrong.\n\n```{bibliography}\n```"))
    for number, fault in enumerate(FAULTS):
        path = folder / "book" / f"page{number}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        change(notebook, fault)
        nbformat.write(notebook, path)
    built = [build(folder) for _ in range(2)]
    assert all(status for status, _ in built)
    return [printed for _, printed in built]


@pytest.mark.parametrize("number", range(len(FAULTS)), ids=FAULTS)
def test_a_faulty_page_is_refused_with_place_and_reason(refused, number):
    """Also when the book is built again: the second build must not find nothing changed and pass."""
    reason = list(FAULTS.values())[number][1]
    for printed in refused:
        warnings = re.findall(rf"page{number}\.ipynb:\d+: WARNING: (.*)", printed)
        assert len(warnings) == 1
        assert reason in warnings[0]


def test_nothing_else_is_refused(refused):
    for printed in refused:
        follows = "a reader's run could not renew them"  # from the value that is not there
        warnings = [words for words in re.findall("WARNING: (.*)", printed) if follows not in words]
        assert len(warnings) == len(FAULTS), printed
