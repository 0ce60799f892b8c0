"""Bets in a browser: what they cover, how they are placed and judged, and the score."""

import json
import re

import bets
import nbformat
import pytest
from accessible import assert_accessible
from conftest import PHONE, ROOT
from docutils import nodes
from playwright.sync_api import expect

CHOICES = {  # of each chapter, the choice that is right
    "frontier": "It falls steeply, then bends and looks flat again",
    "diminishing-returns": "By about 0.07",
    "best-size": "About three times of each",
    "no-free-lunch": "Neither, over all problems",
    "thinking-longer": "More than half",
    "which-binds-first": "Human text",
    "navigating": "By about 3",
}
NUMBERS = {"models": 105, "landauer": 14e6, "bekenstein": 177, "shannon": 1.56}
ALL = [*CHOICES, *NUMBERS]
SHIFT = """() => new Promise(done => {
  let sum = 0;
  const observer = new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
  });
  observer.observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 500);
})"""


@pytest.fixture
def visit(visitor, server):
    """Open a chapter in a fresh profile."""
    return lambda name, **options: visitor(server, **options)(f"book/{name}")


def covered(page):
    return page.locator("article .bet-covers")


def said(page):
    return page.locator(".bet-said").inner_text()


def hero(page):
    return page.locator("article .bet-covers figure.frontier").first


def kept(page):
    return json.loads(page.evaluate("localStorage.getItem('bets')"))


def place(page, name, guess):
    """Place a bet with a mouse."""
    if name in CHOICES:
        page.get_by_label(guess, exact=True).check()
    else:
        page.locator("#bet-guess").fill(str(guess))
    page.get_by_role("button", name="Place your bet").click()


@pytest.mark.parametrize("name", ALL)
def test_a_right_bet_by_touch(visit, name):
    page = visit(f"{name}.html", viewport=PHONE, has_touch=True, is_mobile=True)
    for hidden in covered(page).all():
        expect(hidden).to_be_hidden()
    assert page.locator("article h1 + .reading + .bet").count() == 1, (
        "the bet stands directly under the title"
    )
    expect(page.locator(".bet details")).to_be_hidden()
    for target in page.locator(".bet-choice, .bet-form button, .bet-form .field input").all():
        assert target.bounding_box()["height"] >= 44
    if name in CHOICES:
        page.locator(".bet-choice").get_by_text(CHOICES[name], exact=True).tap()
    else:
        page.locator("#bet-guess").fill(f"{1.5 * NUMBERS[name]:g}")
    page.get_by_role("button", name="Place your bet").tap()
    assert said(page).startswith("Right")
    if name in NUMBERS:
        assert re.search(r"off by a factor of 1\.[45]", said(page))
    expect(hero(page)).to_be_visible()
    assert page.locator(".bet details").evaluate("e => e.open")
    assert kept(page)[name]["right"] is True
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("name", ALL)
def test_a_wrong_bet_by_keyboard(visit, name):
    page = visit(f"{name}.html")
    first = page.locator(".bet-form input").first
    first.focus()
    if name in CHOICES:
        page.keyboard.press("Space")
        if CHOICES[name] == page.locator(".bet-choice").first.inner_text().strip():
            page.keyboard.press("ArrowDown")
    else:
        page.keyboard.press("Tab")
        page.keyboard.press("End")
        slider = page.locator(".bet-form input[type=range]")
        assert re.search(r"[\d,.]+ (\w+ )?(times|years)", slider.get_attribute("aria-valuetext"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Place your bet"
    page.keyboard.press("Enter")
    if name in CHOICES:
        assert said(page).startswith("Not this time")
        assert CHOICES[name] in said(page)
    else:
        assert said(page).startswith("Too high")
        assert "off by a factor of" in said(page)
    expect(hero(page)).to_be_visible()
    assert page.evaluate("document.activeElement.getAttribute('role')") == "status", "it is read out"
    assert kept(page)[name]["right"] is False


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("177", "Right: you said 177 years, it is 177, as good as exact."),
        ("1,000", "Too high: you said 1,000 years, it is 177, off by a factor of 5.6."),
        ("3", "Too low: you said 3 years, it is 177, off by a factor of 59."),
        ("1.5 million", "Too high: you said 1.5 million years, it is 177, off by a factor of 8,500."),
    ],
)
def test_how_far_off_a_number_was(visit, typed, words):
    page = visit("bekenstein.html")
    place(page, "bekenstein", typed)
    assert said(page).startswith(words)


def test_what_is_no_number_is_refused(visit):
    page = visit("bekenstein.html")
    for typed in ("", "0", "-3", "soon", "1 dozen", "NaN", "1e999"):
        place(page, "bekenstein", typed)
        message = page.locator("#bet-guess").evaluate("e => e.validationMessage")
        assert message.startswith("Move the slider, or type"), typed
        expect(hero(page)).to_be_hidden()
    place(page, "bekenstein", "200")
    assert said(page).startswith("Right")


def test_choosing_nothing_places_nothing(visit):
    page = visit("navigating.html")
    page.get_by_role("button", name="Place your bet").click()
    expect(hero(page)).to_be_hidden()
    assert page.evaluate("localStorage.getItem('bets')") is None


def test_showing_without_betting_counts_for_nothing(visit, server):
    page = visit("landauer.html")
    page.get_by_role("button", name="Show me without betting").click()
    expect(hero(page)).to_be_visible()
    page.reload()
    expect(hero(page)).to_be_visible()
    assert page.locator(".bet-form fieldset").evaluate("e => e.disabled")
    page.goto(f"{server}book/intro.html")
    assert page.locator(".bet-score span").inner_text() == "You have placed 0 of 11 bets, 0 right."


def test_the_score_goes_along_and_can_be_reset(visit, server):
    page = visit("frontier.html")
    place(page, "frontier", CHOICES["frontier"])
    page.goto(f"{server}book/models.html")
    place(page, "models", 1e5)
    assert said(page).endswith("Bets placed so far: 2, right: 1.")
    page.reload()
    assert said(page).startswith("Too high")
    expect(hero(page)).to_be_visible()
    assert page.evaluate(SHIFT) < 0.1
    page.goto(f"{server}book/intro.html")
    score = page.locator(".bet-score span")
    expect(score).to_have_text("You have placed 2 of 11 bets, 1 right.")
    assert page.context.cookies() == []
    page.locator(".bet-score button").click()
    expect(score).to_have_text("You have placed 0 of 11 bets, 0 right.")
    page.goto(f"{server}book/models.html")
    expect(hero(page)).to_be_hidden()


def test_the_landing_page_leads_to_every_bet(visit):
    page = visit("intro.html")
    links = page.locator(".bets a").evaluate_all("all => all.map(e => e.getAttribute('href'))")
    assert sorted(links) == sorted(f"{name}.html" for name in ALL)
    assert page.evaluate(SHIFT) < 0.1


def test_whatever_is_stored_breaks_nothing(visit, server):
    page = visit("intro.html")
    for stored in ("null", "[]", "7", "nonsense", '{"models": null}', '{"models": {"guess": "x"}}'):
        page.evaluate("stored => localStorage.setItem('bets', stored)", stored)
        page.goto(f"{server}book/models.html")
        assert page.evaluate("document.documentElement.dataset.bets") == "ready", stored
        page.goto(f"{server}book/intro.html")
        expect(page.locator(".bet-score span")).to_have_text("You have placed 0 of 11 bets, 0 right.")


@pytest.mark.parametrize("name", ALL)
def test_without_a_script_everything_shows_and_the_answer_is_folded(visit, name):
    page = visit(f"{name}.html", java_script_enabled=False)
    expect(hero(page)).to_be_visible()
    expect(page.locator(".bet > ul")).to_be_visible()
    expect(page.locator(".bet-form")).to_be_hidden()
    expect(page.locator(".bet summary")).to_be_visible()
    expect(page.locator(".bet .sd-card-body")).to_be_hidden()


def test_on_paper_nothing_is_covered(visit):
    page = visit("shannon.html")
    page.emulate_media(media="print")
    expect(hero(page)).to_be_visible()
    expect(page.locator(".bet > ul")).to_be_visible()
    expect(page.locator(".bet-form")).to_be_hidden()
    expect(page.locator(".bet .sd-card-body")).to_be_visible()


def test_a_link_into_the_page_finds_its_place(visit):
    page = visit("landauer.html#the-law")
    expect(page.locator("#the-law h2")).to_be_in_viewport()
    expect(hero(page)).to_be_visible()
    page = visit("landauer.html")
    figure = page.locator(".bet-covers figure[id], .bet-covers [id]").first.get_attribute("id")
    page.evaluate("id => { location.hash = id; }", figure)
    expect(page.locator(f"[id='{figure}']")).to_be_visible()


def test_where_the_script_does_not_come_nothing_stays_covered(browser, server):
    page = browser.new_page()
    page.route("**/site.js*", lambda route: route.abort())
    page.goto(f"{server}book/models.html", wait_until="load")
    expect(hero(page)).to_be_visible()
    expect(page.locator(".bet > ul")).to_be_visible()
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["models", "which-binds-first", "intro"])
def test_bets_are_accessible(visit, name, scheme):
    page = visit(f"{name}.html", color_scheme=scheme)
    assert page.evaluate(SHIFT) < 0.1
    part = ".bets" if name == "intro" else ".bet"
    assert_accessible(page, part)
    if name != "intro":
        place(page, name, NUMBERS.get(name) or CHOICES[name])
        assert_accessible(page, part)


def bet(*choices, answer="It is 5 times.", kind="bet"):
    """Return a bet as the book reads one."""
    listed = nodes.bullet_list("", *(nodes.list_item("", nodes.paragraph("", text)) for text in choices))
    folded = nodes.container("", nodes.paragraph("", "Look"), nodes.paragraph("", answer))
    return nodes.admonition("", nodes.title("", "Your bet"), listed, folded, classes=kind.split())


def test_a_bet_that_cannot_be_placed_is_refused():
    assert 'data-right="2"' in bets.form(bet("One", "Two", kind="bet right-2"), "page")
    assert 'data-answer="5"' in bets.form(bet("From 1 to 1,000 times"), "page")
    with pytest.raises(ValueError, match="says which is right, not right-0"):
        bets.form(bet("One", "Two"), "page")
    with pytest.raises(ValueError, match="not right-3"):
        bets.form(bet("One", "Two", kind="bet right-3"), "page")
    with pytest.raises(ValueError, match="a list of choices, or of one range"):
        bets.form(bet("Some number"), "page")
    with pytest.raises(ValueError, match="lies within its range, From 10 to 20 times, not 5"):
        bets.form(bet("From 10 to 20 times"), "page")


@pytest.mark.parametrize("name", ALL)
def test_what_is_right_follows_from_the_numbers(name):
    """A choice that is marked right agrees with what its chapter has computed."""
    cells = nbformat.read(ROOT / "book" / f"{name}.ipynb", as_version=4).cells
    box = next(cell for cell in cells if cell.cell_type == "markdown" and ":class: bet" in cell.source)
    value = {
        v["expression"]: v["result"]["data"]["text/plain"].strip("'") for v in box.metadata.user_expressions
    }
    found = list(value.values())
    if name == "diminishing-returns":
        assert f"By about {found[0]}" == CHOICES[name]
    if name == "best-size":
        assert [round(float(found[k])) for k in (0, 2)] == [3, 3]
    if name == "navigating":
        assert round(float(found[0])) == 3
    if name == "thinking-longer":
        assert 50 < float(value['f"{many:.0%}"'].rstrip("%")) < 67
    if name == "which-binds-first":
        shares = [float(share.rstrip("%")) for share in found[:2]]
        assert shares[0] > 50 > shares[1]
    if name == "no-free-lunch":
        assert found[0] == found[1] == "50%"
