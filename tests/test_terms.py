"""What the words of the glossary mean, shown where they are used."""

import re

import pytest
from accessible import assert_accessible
from bs4 import BeautifulSoup
from conftest import PHONE, toc, unfold
from playwright.sync_api import expect
from test_site import CHAPTERS

PAGE = "book/landauer.html"
HAND = {"viewport": PHONE, "is_mobile": True, "has_touch": True}


def soup(path):
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


@pytest.mark.parametrize("name", toc())
def test_a_page_holds_the_meaning_of_each_word_that_it_uses_and_no_other(site, name):
    page, glossary = soup(site / f"{name}.html"), soup(site / "book" / "glossary.html")
    links = page.select('a[href^="glossary.html#term-"]')
    used = {link["href"].split("#")[1] for link in links if link.select_one(".std-term")}
    held = {part["id"].removeprefix("means-"): part.get_text() for part in page.select(".definitions > span")}
    assert held.keys() == used
    for term, words in held.items():
        entry = glossary.find(id=term)
        expected = f"{entry.find(string=True)}: {entry.find_next('dd').get_text()}"
        assert " ".join(words.split()) == " ".join(expected.split()).replace("\u00a0", " ")
    assert "definitions" not in (site / f"{name}.md").read_text("utf-8")


@pytest.fixture
def words(visit):
    """Open a chapter, return its first word of the glossary in the text and the bubble."""

    def opened(**options):
        page = visit(PAGE, **options)
        return page, page.locator(".bet > p a:has(.std-term)").first, page.locator(".meaning")

    return opened


def test_the_mouse_shows_a_meaning_that_stays_while_it_is_read_and_esc_closes(words):
    page, word, bubble = words()
    expect(bubble).to_be_hidden()
    word.hover()
    expect(bubble).to_contain_text("Erasing a bit at temperature T")
    bubble.hover()
    page.wait_for_timeout(400)
    expect(bubble).to_be_visible()
    page.keyboard.press("Escape")
    expect(bubble).to_be_hidden()
    word.hover()
    page.mouse.move(2, 2)
    expect(bubble).to_be_hidden()
    word.click()
    page.wait_for_url("**/glossary.html#term-Landauer-s-principle")


def test_the_tab_key_shows_a_meaning_and_enter_leads_to_the_glossary(words):
    page, word, bubble = words()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # past the list of pages
    for _ in range(30):
        page.keyboard.press("Tab")
        if word.evaluate("word => word === document.activeElement"):
            break
    expect(bubble).to_be_visible()
    expect(word).to_have_accessible_description(re.compile("^Landauer’s principle: Erasing a bit"))
    page.keyboard.press("Escape")
    expect(bubble).to_be_hidden()
    expect(word).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/glossary.html#term-Landauer-s-principle")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_finger_shows_a_meaning_first_and_then_the_glossary(words, scheme):
    page, word, bubble = words(**HAND, color_scheme=scheme)
    word.tap()
    expect(bubble).to_be_visible()
    box = bubble.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    assert_accessible(page)
    page.locator(".reading").tap()
    expect(bubble).to_be_hidden()
    word.tap()
    expect(bubble).to_be_visible()
    word.tap()
    page.wait_for_url("**/glossary.html#term-Landauer-s-principle")


def test_on_paper_and_without_a_script_there_are_words_only(words, browser, server):
    page, word, bubble = words()
    word.hover()
    expect(bubble).to_be_visible()
    page.emulate_media(media="print")
    expect(bubble).to_be_hidden()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server + PAGE)
    expect(page.locator(".definitions")).to_be_hidden()
    context.close()


# Each word takes the focus, at the top, in the middle or at the foot of the screen.
BUBBLES = """() => [...document.querySelectorAll("article a:has(> .std-term)")]
  .filter(word => word.checkVisibility())
  .map(word => {
    word.scrollIntoView({block: ["start", "center", "end"][word.hash.length % 3]});
    word.focus({preventScroll: true, focusVisible: true});
    const open = document.querySelector(".meaning:popover-open");
    if (!open) return `${word.textContent}: none`;
    const {left, top, right, bottom} = open.getBoundingClientRect();
    const inside = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
    return inside ? "" : `${word.textContent}: ${[left, top, right, bottom]}`;
  })"""


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_word_has_its_meaning_within_the_screen(visit, name):
    page = unfold(visit(f"{name}.html", viewport=PHONE))
    page.keyboard.press("Tab")  # whoever uses keys sees where the focus is
    found = page.evaluate(BUBBLES)
    assert found
    assert not [fault for fault in found if fault]
