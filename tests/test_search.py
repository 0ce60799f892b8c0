"""Searching: chapters come first, nothing hidden is quoted, and what was found is in sight on its page."""

import re

import pytest
from accessible import assert_accessible
from conftest import BETS_SHOWN, PHONE
from playwright.sync_api import expect


@pytest.fixture
def search(visitor, server):
    """Look for words; return the page of results."""
    hasty = "preloaded using link preload"  # Chromium's complaint about the font of a second page
    open_page = visitor(server, viewport=PHONE, scripts=[BETS_SHOWN], expected=[hasty])

    def searched(words):
        page = open_page(f"search.html?q={words}")
        page.get_by_text("Search finished").wait_for()
        return page

    return searched


def found(page):
    links = page.locator("#search-results li > a").all()
    return [link.get_attribute("href") for link in links]


@pytest.mark.parametrize("words", ["optimal", "energy", "loss", "capacity"])
def test_chapters_come_before_functions(search, words):
    kinds = [address.startswith("book/functions") for address in found(search(words))]
    assert True in kinds
    assert kinds == sorted(kinds)
    assert kinds.index(True) >= 3


def test_the_name_of_a_function_finds_the_function_first(search):
    first = found(search("erasure_energy"))[0]
    assert first.startswith("book/functions-landauer.html")
    assert first.endswith("#frontier.landauer.erasure_energy")


@pytest.mark.parametrize("words", ["numpy", "import", "forget"])
def test_no_code_that_a_page_hides_is_quoted(search, words):
    page = search(words)
    page.wait_for_load_state("networkidle")
    quoted = page.locator("#search-results li:has(> a[href*='landauer.html']) .context").all_inner_texts()
    assert quoted
    assert not [text for text in quoted if re.search(r"import numpy|\bnp\.|Show code", text)]


def test_a_quotation_shows_what_was_looked_for(search):
    """Also where the stem of a word, entropi, is in no text."""
    context = search("entropy").locator("#search-results li:has(> a[href*='/shannon.html']) .context")
    expect(context).to_contain_text("entropy", ignore_case=True)


def test_a_result_leads_to_its_words_marked_and_a_button_takes_the_marks_away(search):
    page = search("forget")
    page.locator("#search-results a[href*='landauer.html']").first.click()
    page.wait_for_url("**/landauer.html")
    button = page.get_by_role("button", name="Hide search matches")
    expect(button).to_be_visible()
    assert button.evaluate("e => getComputedStyle(e, '::before').content") == "none"
    assert button.bounding_box()["height"] >= 44
    assert_accessible(page)
    marks = page.locator("article .highlighted")
    assert marks.count()
    button.press("Enter")
    expect(button).to_have_count(0)
    expect(marks).to_have_count(0)


def test_nothing_is_marked_or_offered_without_a_search(search):
    page = search("forget")
    page.evaluate("location.href = 'book/landauer.html'")  # by another way than a result
    page.wait_for_url("**/landauer.html")
    page.wait_for_timeout(100)
    expect(page.locator(".highlighted")).to_have_count(0)
    expect(page.locator("#searchbox")).to_be_empty()


def test_a_match_in_a_fold_opens_it_and_the_first_is_in_sight(visit):
    page = visit("book/landauer.html", viewport=PHONE)
    fold = page.locator("details.deeper").first
    heading = fold.evaluate("e => e.parentElement.id")
    words = fold.evaluate(  # of which the rest of the page knows nothing
        """fold => {
          const inside = fold.textContent.toLowerCase().match(/[a-z]{5,}/g);
          const page = document.querySelector("article").cloneNode(true);
          page.querySelector("#" + fold.parentElement.id + " > details").remove();
          const rest = page.textContent.toLowerCase();
          return inside.filter(word => !rest.includes(word));
        }"""
    )
    assert words
    hidden = "fold => [...fold.querySelectorAll('details.hide')].map(e => e.textContent).join().toLowerCase()"
    code = fold.evaluate(hidden)
    word = next(word for word in words if word not in code)
    page = visit(f"book/landauer.html?highlight={word}", viewport=PHONE)
    mark = page.locator(f"#{heading} .highlighted").first
    expect(mark).to_be_in_viewport()
    assert page.locator("details.deeper[open]").count() == 1
    assert page.locator("details.hide[open]").count() == 0
