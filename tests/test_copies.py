"""The chapters as plain notebooks: what a reader of Colab, VS Code or JupyterLab opens."""

import re

import nbformat
import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from copies import SOURCE, parts
from markdown_it import MarkdownIt
from stored import VALUES

CHAPTERS = sorted((ROOT / "book").glob("*.ipynb"))
COPIES = ROOT / "notebooks"
every_copy = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
parser = MarkdownIt("commonmark").enable("table")


def read(path):
    return nbformat.read(path, as_version=4)


def text(path):
    return "\n\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")


def plain(markdown):
    """Return the words of Markdown, without marks."""
    return re.sub(r"\\(?=[^\w\s])|[*`\s]", "", markdown.replace("\u00a0", " "))


def test_every_chapter_has_a_copy():
    assert sorted(path.name for path in COPIES.glob("*.ipynb")) == [path.name for path in CHAPTERS]


@every_copy
def test_a_copy_is_what_the_site_offers(chapter, site):
    stored, built = COPIES / chapter.name, site / "book" / chapter.name
    assert stored.read_bytes() == built.read_bytes(), f"{stored} is stale: run `make copies`"


@every_copy
def test_a_copy_runs_what_the_chapter_runs(chapter):
    """nbval runs the chapter; here the same code and the same outputs stand in the same order."""
    code, copied = (
        [c for c in read(path).cells if c.cell_type == "code"] for path in (chapter, COPIES / chapter.name)
    )
    assert [(c.source, c.outputs, c.execution_count) for c in copied] == [
        (c.source, c.outputs, c.execution_count) for c in code
    ]


@every_copy
def test_no_markup_is_left_that_only_a_site_reads(chapter):
    found = text(COPIES / chapter.name)
    assert not re.findall(r".*(?:\{[\w:-]+\}`|:::|```\{|\ue000|^\$\$ *\(|^\([\w-]+\)=$).*", found, re.M)
    tags = set(re.findall(r"</?(\w+)", re.sub(r"`[^`]*`|<https?:[^>]*>|\\<|\$[^$]*\$", "", found)))
    assert tags <= {"details", "summary"}


def said(value):
    """Return what an inline value reads."""
    given = value["result"]["data"]
    if "text/html" in given:
        return BeautifulSoup(given["text/html"], "html.parser").get_text()
    return given["text/plain"].strip("'")


@every_copy
def test_every_value_is_the_stored_one(chapter):
    values = [said(value) for cell in read(chapter).cells for value in cell.metadata.get(VALUES, [])]
    found, at = plain(re.sub(r"\]\(http[^)\s]*\)|(?<!\\)\[", "", text(COPIES / chapter.name))), 0
    for value in values:
        at = found.find(plain(value), at)
        assert at >= 0, value


@every_copy
def test_an_answer_to_a_bet_is_folded(chapter):
    folded = re.findall(r"<details>\n(?:> )?<summary>[^\n]+</summary>\n", text(COPIES / chapter.name))
    assert len(folded) == text(chapter).count("{dropdown}")


@every_copy
def test_links_lead_to_a_notebook_a_file_or_elsewhere(chapter):
    for token in parser.parse(text(COPIES / chapter.name)):
        for child in token.children or ():
            target = child.attrs.get("href", "https:")
            assert target.startswith(("https:", "http:")) or (COPIES / target).is_file(), target


@every_copy
def test_citations_are_author_and_year_and_lead_to_their_sources(chapter, site):
    """A source without an address stands in the list of sources."""
    page = BeautifulSoup((site / "book" / f"{chapter.stem}.html").read_text(encoding="utf-8"), "html.parser")
    found = text(COPIES / chapter.name)
    for citation in page.article.select(".bibtex-citation a"):
        address = SOURCE.search(citation["title"])
        link = f"]({address[0] if address else 'sources.ipynb'})"
        assert plain(citation.get_text()) + link in re.sub(r"[*`\s]", "", found)
    keys = {key for keys in re.findall(r"\{cite:\w+\}`([^`]+)`", text(chapter)) for key in keys.split(",")}
    assert not keys & set(re.findall(r"\w+", re.sub(r"\]\([^)]*\)", "", found)))


def test_a_form_gives_way_to_what_the_chapter_says_in_its_place():
    assert parts('<p>a</p><div class="some-form"><form><p>b</p></form></div><div class="cell">c</div>') == [
        *("a\n\n", "some-form", "\n\n", "code", "\n")
    ]
    for chapter, form in (
        ("landauer", "your-machine"),
        ("which-binds-first", "build-run"),
        ("intro", "build-run"),
    ):
        words = re.search(rf":::\{{div\}} {form}\n(.*)\n:::", text(ROOT / "book" / f"{chapter}.ipynb"))[1]
        assert words in text(COPIES / f"{chapter}.ipynb")
