"""The book as one PDF and one EPUB: what it holds, and that its links lead somewhere."""

import re
import zipfile
from collections import Counter
from xml.etree import ElementTree

import editions
import foot
import pytest
from bs4 import BeautifulSoup
from conftest import find_chromium, toc

from frontier import __version__


@pytest.fixture(scope="module")
def whole(site):
    return editions.joined(site)


def test_the_document_has_all_pages_in_order_and_every_link_leads_somewhere(whole):
    soup = BeautifulSoup(whole[0], "html.parser")
    titles = soup.find_all("h1")
    assert [title["id"] for title in titles if title["id"] in {name.split("/")[-1] for name in toc()}] == [
        name.split("/")[-1] for name in toc()
    ]
    places = Counter(part["id"] for part in soup.select("[id]"))
    assert max(places.values()) == 1
    links = [link["href"] for link in soup.select("a[href]")]
    assert not [link for link in links if link.startswith("#") and link[1:] not in places]
    assert not [link for link in links if not re.match(r"#|https?:|mailto:", link)]


def test_every_figure_and_formula_of_the_site_is_in(whole, site):
    body, drawings, formulas = whole
    pages = [(site / f"{name}.html").read_text(encoding="utf-8") for name in toc()]
    figures = sum(page.count('<figure class="frontier') for page in pages)
    kept = {int(number) for number in re.findall(r'<img data-kept="(\d+)"', body)}
    assert sum('role="img"' in drawings[number] for number in kept) == figures
    assert len(formulas) == sum(page.count("<math") for page in pages)
    assert sum(body.count(f'<i data-kept="{n}">') for n in range(len(formulas))) == len(formulas)
    assert not re.search(r"<(script|details|input)\b", editions.put_back(*whole))


@pytest.fixture
def chapter(monkeypatch):
    """Let the book be one chapter, which takes less long."""
    monkeypatch.setattr(editions, "pages", lambda: ["book/landauer"])


@pytest.mark.skipif(find_chromium() is None, reason="no Chromium found")
def test_the_pdf_has_pages_and_bookmarks(chapter, site, tmp_path):
    editions.make_pdf(site, tmp_path / "book.pdf")
    pdf = (tmp_path / "book.pdf").read_bytes()
    assert pdf.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b", pdf)) > 10
    headings = re.findall(r"<h[1-4]\b", editions.joined(site)[0])
    assert len(re.findall(rb"/Title\b", pdf)) >= len(headings) + 1, "of the headings and of the book"


def test_the_epub_is_whole(chapter, site, tmp_path):
    """EPUBCheck, which asks for more, found no fault in the whole book."""
    pytest.importorskip("pypandoc", reason="pandoc comes with make editions")
    editions.make_epub(site, tmp_path / "book.epub")
    editions.make_epub(site, tmp_path / "again.epub")
    assert (tmp_path / "book.epub").read_bytes() == (tmp_path / "again.epub").read_bytes()
    with zipfile.ZipFile(tmp_path / "book.epub") as book:
        first = book.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        names = set(book.namelist())
        pages = [name for name in names if name.endswith(".xhtml")]
        text = "".join(book.read(name).decode() for name in pages)
        for name in (*pages, *(name for name in names if name.endswith((".opf", ".svg", ".ncx")))):
            ElementTree.fromstring(book.read(name))
    _, drawings, formulas = editions.joined(site)
    assert text.count("<math") == len(formulas)
    assert '<mi>ln</mi><mspace width="0.1667em"' in text
    images = re.findall(r'<img[^>]*src="\.\./([^"]*)"[^>]*', text)
    assert len(images) == sum('role="img"' in drawing for drawing in drawings)
    assert {f"EPUB/{image}" for image in images} <= names
    assert all(re.search(r'alt="[^"]+"', tag) for tag in re.findall(r"<img[^>]*>", text))


def test_the_first_page_leads_to_what_the_release_holds(site):
    page = (site / f"{toc()[0]}.html").read_text(encoding="utf-8")
    found = re.findall(r'href="(https://github\.com/[^"]*/releases/[^"]*)"', page)
    repository = found[0].partition("/releases/")[0]
    assert found == list(foot.editions(repository, __version__).values())
    assert all(link.endswith((f"/{editions.NAME}.pdf", f"/{editions.NAME}.epub")) for link in found)
    assert foot.editions("r", "1.2.0.dev0")["pdf"].startswith("r/releases/latest/download/")
