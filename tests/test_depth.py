"""Two depths: a chapter's main line is short, soon plays, spares numbers; the rest is folded, not lost."""

from pathlib import Path

import pytest
from conftest import PHONE
from playwright.sync_api import expect
from test_site import CHAPTERS

MAIN_LINE = Path(__file__).with_name("main_line.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_plays_soon_and_is_read_in_a_quarter_of_an_hour(visit, name):
    page = visit(f"{name}.html", viewport=PHONE)
    found = page.evaluate(MAIN_LINE)
    assert found["words"] <= 1800, f"{found['words']} words before anything is unfolded"
    assert found["density"] <= 6, f"{found['density']:.1f} numbers in 100 words"
    assert found["screens"] <= 2, f"the first slider ends {found['screens']:.1f} screens down"


def test_all_chapters_are_held_to_it():
    assert len(CHAPTERS) >= 10


FOLD = "details.deeper"


def test_a_link_into_a_fold_opens_it_and_a_click_closes_it(visit):
    page = visit("book/landauer.html", viewport=PHONE)
    heading = page.locator(f"#what-a-step-forgets > {FOLD} > summary")
    inside = page.locator(f"#what-a-step-forgets > {FOLD} > p").first
    expect(heading).to_be_visible()
    expect(inside).to_be_hidden()
    page.evaluate("location.hash = '#what-a-step-forgets'")
    expect(inside).to_be_visible()
    expect(heading).to_be_in_viewport()
    heading.focus()
    page.keyboard.press("Enter")
    expect(inside).to_be_hidden()

    again = visit("book/landauer.html#what-a-step-forgets", viewport=PHONE)
    expect(again.locator(f"#what-a-step-forgets > {FOLD} > p").first).to_be_visible()


@pytest.mark.parametrize("name", CHAPTERS)
def test_print_and_search_reach_what_is_folded(visit, name):
    page = visit(f"{name}.html")
    folds = page.locator(FOLD)
    assert folds.count()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(f"{FOLD}:not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(f"{FOLD}[open]").count() == 0
    assert page.locator("summary h2 a.headerlink").first.get_attribute("title")


def test_on_a_phone_long_code_shows_its_first_lines_and_all_when_asked(visit):
    page = visit("book/which-binds-first.html", viewport=PHONE)
    button = page.locator(".whole-code:visible").first
    cells = page.locator(".cell_input")
    number = next(n for n, one in enumerate(cells.all()) if one.locator(".whole-code:visible").count())
    cell = cells.nth(number)
    before = cell.bounding_box()["height"]
    lines = int(button.inner_text().split()[1])
    assert lines == len(cell.locator("pre").text_content().rstrip().split("\n")) > 8
    button.press("Enter")
    assert cell.bounding_box()["height"] > before
    assert not cell.locator(".whole-code").count()
    wide = visit("book/which-binds-first.html")
    assert not wide.locator(".whole-code:visible").count()
