"""Where a reader stands: numbers of chapters, minutes that are counted, the place at the foot."""

import re
from functools import cache

import orientation
import pytest
from bs4 import BeautifulSoup
from conftest import toc
from docutils import nodes
from playwright.sync_api import expect
from test_site import CHAPTERS, build, code, prose, write

NUMBERS = {name: number for number, name in enumerate(CHAPTERS, start=1)}


@cache
def read(path):
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


@pytest.fixture(params=toc())
def page(site, request):
    return request.param, read(site / f"{request.param}.html")


def minutes(soup):
    return int(re.search(r"About (\d+) minutes", soup.select_one(".reading").get_text())[1])


def test_chapters_that_argue_are_numbered_and_no_other_page(page):
    name, soup = page
    if name not in NUMBERS:
        assert not soup.select(".reading, .place")
        return
    line = soup.select_one("h1 + .reading").get_text()
    assert re.fullmatch(rf"Chapter {NUMBERS[name]}\. About \d+ minutes(, \d+ with all folds)?\.", line)
    assert soup.select_one(".place").get_text() == f"Chapter {NUMBERS[name]} of {len(CHAPTERS)}"


def test_the_list_of_pages_says_number_and_minutes(page, site):
    _, soup = page
    listed = {}
    for link in soup.select(".bd-sidebar-primary .toctree-l1 > a:has(.minutes)"):
        parts = [part.get_text(strip=True) for part in link.select("span")]
        assert link.get_text() == "{} {} {}".format(*parts), "also read aloud as words"
        listed[parts[1]] = parts[0], parts[2]
    expected = {}
    for name, number in NUMBERS.items():
        there = read(site / f"{name}.html")
        title = there.h1.find(string=True, recursive=False)
        expected[title] = str(number), f"{minutes(there)} min"
    assert listed == expected


def test_the_ways_on_are_numbered(page):
    name, soup = page
    pages = toc()
    for side, step in (("left-prev", -1), ("right-next", 1)):
        for way in soup.select(f"a.{side} .prev-next-title"):
            number = NUMBERS.get(pages[pages.index(name) + step])
            assert re.match(rf"{number}\. \w" if number else r"\D", way.get_text())


def test_the_first_page_says_how_long_each_chapter_takes_and_all(site):
    soup = read(site / f"{toc()[0]}.html")
    box, total = soup.select_one(".bets"), 0
    route = soup.find("strong", string="Thirty minutes.").parent
    taken = sum(int(part.get_text(strip=True).strip("( minutes)")) for part in route.select("a + .minutes"))
    assert 20 <= taken <= 40, "what is promised as thirty minutes"
    said = [part.get_text() for part in box.select("a + .minutes")]
    for name, words in zip(CHAPTERS, said, strict=True):
        takes = minutes(read(site / f"{name}.html"))
        assert words == f" ({takes} minutes)"
        total += takes
    assert f"about {orientation.hours(total)}" in box.get_text()


def paragraph(words):
    return nodes.paragraph("", words)


def test_numbers_formulas_and_figures_take_time_besides_words():
    plain = orientation.seconds(paragraph("one two three four"))
    assert plain == pytest.approx(4 * 60 / 200)
    assert orientation.seconds(paragraph("one 2.9 × 10⁻²¹ three four")) > plain
    assert orientation.seconds(paragraph("one 2 three 4")) == pytest.approx(plain + 2 * orientation.NUMBER)
    assert orientation.seconds(nodes.math("", "x")) == orientation.FORMULA
    figure = '<figure class="frontier{}"><svg><text>9</text></svg><figcaption>two words</figcaption></figure>'
    still, moving = (nodes.raw("", figure.format(kind), format="html") for kind in ("", " explore"))
    assert orientation.seconds(still) == pytest.approx(orientation.FIGURE + 2 * orientation.WORD)
    assert orientation.seconds(moving) == pytest.approx(orientation.SLIDER + 2 * orientation.WORD)


def test_what_is_folded_counts_apart_and_hidden_code_never():
    fold = nodes.section("", nodes.title("", "Why"), paragraph("four words in it"), classes=["deeper"])
    page = nodes.section("", paragraph("two words"), fold)
    assert orientation.seconds(page) == pytest.approx(3 * orientation.WORD)
    assert orientation.seconds(page, deep=True) == pytest.approx(7 * orientation.WORD)
    hidden = nodes.container("", paragraph("code"), classes=["cell", "tag_hide-cell"])
    assert orientation.seconds(hidden, deep=True) == 0


@pytest.mark.parametrize(
    ("total", "words"), [(45, "45 minutes"), (100, "1½ hours"), (125, "2 hours"), (140, "2½ hours")]
)
def test_hours_are_said_in_halves(total, words):
    assert orientation.hours(total) == words


def test_other_pages_are_written_again_when_a_chapter_takes_longer(tmp_path):
    bet = ":::{admonition} Your bet\n:class: bet right-1\nWhich?\n\n- This.\n- That.\n\n"
    bet += "````{dropdown} The answer\nThis.\n````\n:::\n\nThe claim.\n\n"
    write(tmp_path, code("print(1)"), prose(bet))
    path = tmp_path / "book" / "page1.ipynb"
    status, printed = build(tmp_path)
    assert status == 0, printed
    first = tmp_path / "_build" / "html" / "book" / "page0.html"
    assert "1 min" in first.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace("The claim.", "word " * 1000), "utf-8")
    status, printed = build(tmp_path)
    assert status == 0, printed
    assert "5 min" in first.read_text("utf-8")


@pytest.mark.parametrize("width", [375, 1280])
def test_the_place_stands_at_the_foot(visitor, server, width):
    page = visitor(server, viewport={"width": width, "height": 812})(f"{CHAPTERS[3]}.html")
    place = page.locator(".place")
    place.scroll_into_view_if_needed()
    expect(place).to_have_text(f"Chapter 4 of {len(CHAPTERS)}")
    expect(page.locator("a.right-next")).to_contain_text("5. ")
