"""The built site in a browser that can reach nothing but the site.

Every test fails as well if a page asks another host for something, prints to the console, or raises.
"""

import re
import statistics
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from accessible import assert_accessible
from conftest import DESKTOP, PHONE, ROOT, unfold
from playwright.sync_api import expect
from test_site import CHAPTERS, SLIDERS, read

SLIDER = "figure.explore"
every_page_with_sliders = pytest.mark.parametrize(
    "slider_page", [f"{name}.html" for name, sliders in SLIDERS.items() if sliders]
)


def test_a_pale_word_among_many_and_a_button_without_a_name_are_found(visit):
    """That is, the check can fail."""
    page = visit("book/changes.html")
    assert_accessible(page)
    page.evaluate(
        """document.querySelector("article").insertAdjacentHTML("beforeend", "<p>" +
        "<b>word</b> ".repeat(50) + "<b style='color: #bbb'>pale</b> <button></button></p>")"""
    )
    with pytest.raises(AssertionError) as error:
        assert_accessible(page)
    assert "color-contrast" in str(error.value)
    assert "pale" in str(error.value)
    assert "button-name" in str(error.value)


# Pages, each on a desktop, on a phone and without scripts


def in_colour(page, colour):
    """Let the system change its colours, and the page with it."""
    page.emulate_media(color_scheme=colour)
    expect(page.locator("html")).to_have_attribute("data-theme", colour)


def assert_prints(page):
    """On paper nothing is left to press, hidden code stays away, and what else was folded is open where the
    browser can do that."""
    page.emulate_media(media="print")
    assert not [e for e in page.locator(f"{SLIDER} :is(input, select)").all() if e.is_visible()]
    assert not page.locator(".bd-sidebar-primary").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not [code for code in page.locator(".cell details.hide").all() if code.is_visible()]
    if page.evaluate("CSS.supports('selector(::details-content)')"):
        folded = page.locator("article details:not(.hide) > :not(summary, .tag_hide-cell, span)")
        lost = "all => all.filter(e => !e.checkVisibility() || !e.offsetHeight).length"
        assert folded.evaluate_all(lost) == 0
    page.emulate_media(media="screen")


OUTSIDE = "https://example.org/"
INTRUSIONS = """async outside => {
  const refused = new Set();
  document.addEventListener("securitypolicyviolation", event => refused.add(event.effectiveDirective));
  const add = (name, given) => document.body.append(Object.assign(document.createElement(name), given));
  add("img", {src: outside});
  add("script", {src: outside});
  add("script", {textContent: "window.intruder = true"});
  add("link", {rel: "stylesheet", href: outside});
  add("iframe", {src: outside});
  add("video", {src: outside});
  add("base", {href: outside});
  await fetch(outside).catch(() => {});
  setTimeout("window.intruder = true");
  await new Promise(resolve => setTimeout(resolve, 300));
  return [[...refused].sort(), "intruder" in window, document.cookie];
}"""


def assert_lets_nothing_in(page, complaints):
    """What the page needs is allowed, or every other test here would find a complaint in the console."""
    refused, intruded, cookies = page.evaluate(INTRUSIONS, OUTSIDE)
    assert set(refused) >= {
        *("base-uri", "connect-src", "frame-src", "img-src", "media-src"),
        *("script-src", "script-src-elem", "style-src-elem"),
    }
    assert not intruded
    assert cookies == ""
    assert page.context.cookies() == []
    # The console says of each that it was refused; the browser names it among its requests and makes none.
    refusals = [words for words in complaints if words == OUTSIDE or "Content Security Policy" in words]
    assert complaints == refusals
    complaints.clear()


def test_the_address_of_the_site_leads_to_the_first_page(visit):
    page = visit("")
    page.wait_for_url("**/book/intro.html")
    assert page.locator("article h1").is_visible()


WIDE = """width => {
  const scrolls = element => ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
  const inside = element => { while ((element = element.parentElement)) if (scrolls(element)) return true; };
  return [...document.body.querySelectorAll("*")].filter(element => {
    const box = element.getBoundingClientRect();
    return box.width && box.height && (box.right > width + 1 || box.left < -1)
      && element.checkVisibility({visibilityProperty: true, opacityProperty: true})
      && getComputedStyle(element).position !== "fixed" && !inside(element);
  }).map(element => element.outerHTML.slice(0, 120));
}"""


def assert_fits(page):
    """Nothing is wider than the screen, whatever is folded open and wherever a slider stands."""
    unfold(page)
    for slider in page.locator(f"{SLIDER} input").all():
        slider.press("End")
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(WIDE, width) == []


STOPS = "a[href], button, input, select, summary, [tabindex='0']"
EXPECTED = f"""() => [...document.querySelectorAll("article :is({STOPS})")].filter(e =>
  e.checkVisibility({{visibilityProperty: true}}) &&
  !e.matches(":disabled, input[type=radio]:not(:checked)"))"""
FOLLOW = """() => {
  window.reached = new Set();
  document.addEventListener("focusin", ({target}) => {
    const style = getComputedStyle(target);
    target.focusShows = style.outlineStyle !== "none" || style.boxShadow !== "none";
    reached.add(target);
  });
}"""


def assert_reached_by_keyboard(page):
    """The first stop of the Tab key leads past the navigation. What can be pressed in the article is among
    the stops (of a group of radio buttons one: the arrow keys lead on), and each stop shows."""
    page.evaluate(FOLLOW)
    page.keyboard.press("Tab")
    link = page.locator(":focus")
    assert link.get_attribute("href") == "#main-content"
    assert link.is_visible()
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    before = 0
    while before < (before := page.evaluate("reached.size")):
        for _ in range(50):
            page.keyboard.down("Tab")  # held down, it goes on
    page.keyboard.up("Tab")
    missed = page.evaluate(f"({EXPECTED})().filter(e => !reached.has(e)).map(e => e.outerHTML.slice(0, 200))")
    assert missed == []
    hidden = "[...reached].filter(e => !e.focusShows).map(e => e.outerHTML.slice(0, 200))"
    assert page.evaluate(hidden) == [], "no sign of the focus"
    page.locator("a[href='#main-content']").first.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('#main-content').contains(document.activeElement)")


def test_page_on_a_desktop(visit, visitor, page_name):
    page = visit(page_name, color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.title()
    assert_reached_by_keyboard(page)
    assert_prints(page)
    in_colour(page, "light")
    assert_fits(page)
    assert_accessible(page)
    assert_lets_nothing_in(page, visitor.complaints)


def test_page_on_a_phone(visit, page_name):
    """Scrolled to its end, so that nothing is left to load; the fixture holds that nobody else is asked and
    nothing complains."""
    phone = {"viewport": PHONE, "is_mobile": True, "has_touch": True}
    page = visit(page_name, color_scheme="light", reduced_motion="no-preference", **phone)
    unfold(page).evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.emulate_media(reduced_motion="reduce")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    in_colour(page, "dark")
    assert_accessible(page)
    page.wait_for_load_state("networkidle")  # long since
    assert_fits(page)
    assert_wide_equations_scroll(page)


INSIDE = """() => [...document.querySelectorAll("article details")].map(fold =>
  [...fold.children].some(part => part.localName !== "summary" && part.checkVisibility()))"""


def test_page_reads_without_scripts(visit, page_name):
    """All text is there, answers open, and the sliders show their first frame without dead controls."""
    page = visit(page_name, java_script_enabled=False)
    if page_name == "search.html":
        assert "JavaScript" in page.locator("main").inner_text()
        return
    assert page.locator("article h1").is_visible()
    assert not any(page.evaluate(INSIDE))
    for summary in page.locator("article details > summary").all():
        summary.click()
    assert all(page.evaluate(INSIDE))
    words = page.locator("article :is(p, h1, h2, h3, li, td, pre, math, svg, figcaption, output)")
    hidden = words.evaluate_all(
        "all => all.filter(e => e.textContent.trim() && !e.checkVisibility())"
        ".filter(e => !e.closest('summary, .try-it, .bet-form')).map(e => e.outerHTML.slice(0, 100))"
    )
    assert hidden == []
    for figure in page.locator(SLIDER).all():
        assert figure.locator("svg").is_visible()
        assert figure.locator("output").inner_text().strip()
        assert not figure.locator("input").is_visible()


# What the theme adds


def test_the_search_opens_finds_and_links(visit):
    page = visit("book/intro.html")
    page.keyboard.press("Control+k")
    field = page.locator(":focus")
    assert field.get_attribute("type") == "search"
    assert_accessible(page)
    field.fill("compute")
    field.press("Enter")
    result = page.locator("#search-results li a").first
    result.wait_for()
    result.click()
    page.wait_for_url("**/book/*.html*")
    assert "compute" in page.locator("article").inner_text().lower()


@pytest.mark.parametrize("touch", [False, True])
def test_keys_are_named_only_where_there_are_keys(visit, touch):
    page = visit("search.html", has_touch=touch, is_mobile=touch)
    shown = page.locator("form.bd-search:visible .search-button__kbd-shortcut").evaluate_all(
        "hints => hints.filter(hint => hint.checkVisibility()).length"
    )
    assert bool(shown) is not touch


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("isoFLOP", "glossary.html#term-isoFLOP-curve"),
        ("all-reduce", "glossary.html#term-all-reduce"),
        ("erasure_energy", "functions-landauer.html#frontier.landauer.erasure_energy"),
        ("frontier.landauer.erasure_energy", "functions-landauer.html#frontier.landauer.erasure_energy"),
        ("ScalingLaw.optimal", "functions-scaling.html#frontier.scaling.ScalingLaw.optimal"),
    ],
)
def test_the_search_finds_terms_and_functions(visit, words, target):
    """Among the first three, and reached with nothing but the keyboard."""
    page = visit("book/intro.html")
    page.keyboard.press("Control+k")
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    results = page.locator("#search-results li > a")
    page.get_by_text("Search finished").wait_for()
    found = [re.sub(r"\?[^#]*", "", link.get_attribute("href")) for link in results.all()[:3]]
    assert f"book/{target}" in found
    result = results.nth(found.index(f"book/{target}"))
    for _ in range(100):
        if result.evaluate("link => link === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/book/{target}")
    name = target.split("#")[1]
    assert page.locator(f"[id='{name}']").evaluate("e => e.getBoundingClientRect().top < innerHeight")


def test_the_citation_opens_and_is_copied_by_keyboard(visit):
    page = visit("book/landauer.html", permissions=["clipboard-read", "clipboard-write"])
    page.locator(".page-foot summary").press("Enter")
    assert_accessible(page)
    for text in page.locator(".page-foot pre").all():
        text.locator("xpath=..").locator("button.copybtn").press("Enter")
        expect(text.locator("xpath=..").locator("button.copybtn.success")).to_be_visible()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.strip() == text.inner_text().strip()


def test_the_data_of_a_figure_are_downloaded(visit):
    page = visit("book/landauer.html")
    with page.expect_download() as download:
        page.locator("a.data").first.press("Enter")
    assert download.value.suggested_filename == "landauer-1.csv"
    assert "panel,series,x,x_end,y,y_end\n" in Path(download.value.path()).read_text(encoding="utf-8")


@pytest.fixture
def elsewhere(browser, site):
    """Open pages of the site outside of the server; return a function, what failed and what came."""
    context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
    page = context.new_page()
    failed, came, errors = [], [], []
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.on("requestfinished", lambda request: came.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page, failed, came
    context.close()
    assert not errors


def test_the_book_works_from_a_folder(elsewhere, site):
    """Links, sliders and mathematics; only what a browser forbids to files is missing."""
    page, failed, came = elsewhere
    page.goto((site / "index.html").as_uri())
    page.wait_for_url("file:///**/book/intro.html")
    page.locator(".bd-sidebar-primary .toctree-l1 a", has_text="The law of diminishing returns").click()
    page.wait_for_url("file:///**/book/diminishing-returns.html")
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Show me without betting").click()
    figure = page.locator(SLIDER).first
    start = state(figure)
    figure.get_by_role("slider").press("ArrowRight")
    assert differ(start, state(figure))
    assert page.evaluate("document.fonts.check('16px \"STIX Two Math\"')")
    assert page.locator("article").evaluate("e => getComputedStyle(e).fontSize") == "18px"
    page.locator("a.right-next").click()
    page.wait_for_url("file:///**/book/best-size.html")
    # Chromium refuses to load a file early, and loads it with the stylesheet.
    assert set(failed) <= set(came)
    assert all(address.startswith("file:///") for address in came)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("prefix", [None, "/", "/some/prefix/"], ids=["as built", "root", "elsewhere"])
def test_a_missing_page_leads_back_from_any_depth(elsewhere, site, prefix, viewport):
    """The host is played here, with the path for which the site was built, or with another."""
    page, failed, came = elsewhere
    page.set_viewport_size(viewport)
    missing = site / "404.html"
    root, host = prefix or read(missing.resolve()).root, "https://book.test"

    def answer(route):
        path = urlsplit(route.request.url).path
        file = site / path.removeprefix(root)
        there = path.startswith(root) and file.is_file()
        route.fulfill(status=200 if there else 404, path=file if there else missing)

    page.route("**/*", answer)
    for address in ("nothing", "book/nothing.html", "a/b/c/d/", "a/b/c.html"):
        page.goto(f"{host}{root}{address}")
        assert page.locator("h1").inner_text() == "No such page"
        assert page.locator("article").evaluate("e => getComputedStyle(e).fontSize") == "18px", "styled"
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        expect(page.locator("article ol a")).to_have_count(len(CHAPTERS))
        expect(page.get_by_role("search")).to_have_js_property("action", f"{host}{root}search.html")
        page.keyboard.press("Tab")
        expect(page.get_by_role("searchbox", name="Search this book")).to_be_focused()
        page.locator("article a").first.click()
        page.wait_for_url(f"{host}{root}book/intro.html")
    page.goto(f"{host}{root}a/b/c.html", wait_until="networkidle")
    assert_accessible(page)
    assert set(failed) <= set(came), "but for what was still on its way when the link was pressed"


def test_the_table_of_contents_opens_on_a_phone(visit):
    page = visit("book/intro.html", viewport=PHONE)
    link = page.locator(".bd-sidebar-primary .toctree-l1 a").last
    target = link.get_attribute("href")
    assert not link.is_visible()
    page.locator("button.primary-toggle").press("Enter")
    assert_accessible(page)
    link.click()
    page.wait_for_url(f"**/{target}")


WIDER = """() => [...document.querySelectorAll("div.math .equation")]
  .filter(e => e.scrollWidth > e.clientWidth)
  .map(e => {
    e.scrollLeft = 999;
    return [e.tabIndex, getComputedStyle(e).backgroundImage.split("gradient(").length - 1, e.scrollLeft];
  })"""


def assert_wide_equations_scroll(page):
    """By keyboard, and they show it."""
    found = page.evaluate(WIDER)
    for stop, shades, moved in found:
        assert stop == 0, "a stop of the Tab key"
        assert shades == 4, "as at the edges of tables"
        assert moved > 0
    return found


def test_an_equation_wider_than_a_phone_scrolls_by_keyboard_and_shows_it(visit):
    """Here is one; `test_page_on_a_phone` holds it of all."""
    page = unfold(visit("book/thinking-longer.html", viewport=PHONE))
    page.wait_for_timeout(200)
    assert assert_wide_equations_scroll(page)


def test_the_foot_of_the_first_page_is_short_on_a_phone(visit):
    """The links to files stand in pairs, the way on in at most two lines, and so does the imprint."""
    page = visit("book/intro.html", viewport=PHONE)
    links = page.locator(".page-foot > p > a")
    boxes = [link.bounding_box() for link in links.all()]
    assert len({box["y"] for box in boxes}) <= 3
    assert len({box["x"] for box in boxes}) == 2, "in line with one another"
    lines = "e => e.getBoundingClientRect().height / parseFloat(getComputedStyle(e).lineHeight)"
    assert page.locator(".prev-next-title").evaluate(lines) < 2.5
    assert page.locator(".bd-footer-content__inner").evaluate(lines) < 3.5


# Sliders


STATE = """figure => {
  const [drawing, line, slider] = [".drawing", "output", "input"].map(name => figure.querySelector(name));
  return [drawing.innerHTML, line.innerText, slider.getAttribute("aria-valuetext")];
}"""


def state(figure):
    """Return all that a slider changes: the drawing, the text line, and what a screen reader says."""
    return tuple(figure.evaluate(STATE))


def differ(*states):
    """Whether all three parts differ between any two states."""
    return all(len(set(part)) == len(states) for part in zip(*states, strict=True))


@every_page_with_sliders
def test_sliders_of_a_page(visit, slider_page):
    """On a desktop and on a phone, and what the address holds of each."""
    page = unfold(visit(slider_page))
    for figure in page.locator(SLIDER).all():
        assert_labelled_and_moved_by_keyboard(figure)
    for figure in unfold(visit(slider_page, viewport=PHONE)).locator(SLIDER).all():
        assert_keeps_its_place(figure)
    for figure in page.locator(SLIDER).all():
        assert_the_address_holds_its_setting(figure)


def assert_labelled_and_moved_by_keyboard(figure):
    slider = figure.get_by_role("slider")
    for control in figure.locator("input, select").all():
        assert control.is_visible()
        assert control.evaluate("e => [...e.labels].map(label => label.innerText.trim()).join()")
        assert control.bounding_box()["height"] >= 44, "large enough for a finger"
    assert slider.get_attribute("aria-valuetext")
    assert figure.locator("output").get_attribute("aria-live") == "polite"
    assert figure.locator("figcaption").inner_text().strip()

    start = state(figure)
    slider.press("ArrowRight")
    right = state(figure)
    slider.press("ArrowLeft")
    assert state(figure) == start, "the first frame of the page is the one in the data"
    slider.press("ArrowLeft")
    left = state(figure)
    slider.press("Home")
    first = state(figure)
    assert slider.input_value() == "0"
    slider.press("End")
    last = state(figure)
    assert slider.input_value() == slider.get_attribute("max")
    beside = [one for one in (right, left) if one != start]  # one of them, where it starts at an end
    assert beside
    # The line below may say the same of two neighbours.
    assert differ(*(one[::2] for one in (start, *beside)))
    assert differ(first, last)
    assert figure.page.evaluate("document.getAnimations().length") == 0, "the reader wants no animations"

    for choice in figure.locator("select").all():
        before, at = state(figure), choice.evaluate("e => e.selectedIndex")
        there, back = ("ArrowUp", "ArrowDown") if at else ("ArrowDown", "ArrowUp")
        choice.press(there)
        assert choice.evaluate("e => e.selectedIndex") != at
        drawing, line, setting = state(figure)
        assert drawing != before[0]
        assert line != before[1]
        assert setting == before[2], "the slider itself stays where it is"
        choice.press(back)
        assert state(figure) == before


def test_sliders_show_their_value_and_dots_that_can_be_dragged_move_them(visit):
    """With a mouse here; a finger sends the same events."""
    dragged = 0
    for name in (name for name, sliders in SLIDERS.items() if sliders):
        page = visit(f"{name}.html", viewport=PHONE)
        for figure in unfold(page).locator(SLIDER).all():
            slider, grip = figure.get_by_role("slider"), figure.locator(".grip")
            shown = figure.locator("label b").inner_text()
            assert shown == slider.get_attribute("aria-valuetext")
            if not grip.count():
                continue
            dragged += 1
            grip.scroll_into_view_if_needed()
            slider.press("Home")
            first, frame = grip.bounding_box(), figure.locator("svg").bounding_box()
            slider.press("End")
            grip.evaluate("grip => grip.scrollIntoView({block: 'center'})")  # not under the page's head
            last, now = grip.bounding_box(), figure.locator("svg").bounding_box()
            first = {side: first[side] - frame[side] + now[side] for side in "xy"}  # the page may have moved
            page.mouse.move(last["x"] + 22, last["y"] + 22)
            page.mouse.down()
            page.mouse.move(
                last["x"] + 22 + first["x"] - last["x"], last["y"] + 22 + first["y"] - last["y"], steps=9
            )
            page.mouse.up()
            assert int(slider.input_value()) < int(slider.get_attribute("max"))
            assert f"={slider.input_value()}" in page.url
    assert dragged >= 5


def test_a_slider_that_plays_moves_and_stops(visit):
    pages = [
        name for name in SLIDERS if 'class=\\"play\\"' in (ROOT / f"{name}.ipynb").read_text(encoding="utf-8")
    ]
    assert pages
    page = visit(f"{pages[0]}.html", reduced_motion="no-preference")
    figure = page.locator(f"{SLIDER}:has(.play)").first
    unfold(page)
    slider = figure.get_by_role("slider")
    slider.press("Home")
    figure.get_by_role("button", name="Play").click()
    expect(slider).not_to_have_value("0")
    figure.get_by_role("button", name="Stop").click()
    held = slider.input_value()
    page.wait_for_timeout(700)
    assert slider.input_value() == held
    assert f"={held}" in page.url
    slider.fill(str(int(slider.get_attribute("max")) - 1))
    figure.get_by_role("button", name="Play").click()
    expect(figure.get_by_role("button", name="Play")).to_be_visible()
    assert slider.input_value() == slider.get_attribute("max")
    quiet = visit(f"{pages[0]}.html").locator(f"{SLIDER}:has(.play)").first
    expect(quiet.locator(".play")).to_be_hidden()


def assert_the_address_holds_its_setting(figure):
    """To be sent, and for the reader who comes back: the drawing shows what the browser restores."""
    page = unfold(figure.page)
    for end in ("Home", "End"):
        figure.get_by_role("slider").press(end)
    for choice in figure.locator("select").all():
        choice.select_option(index=1)
    moved, sent = state(figure), page.url
    assert f"#{figure.get_attribute('id')}=" in sent
    page.goto("about:blank")
    page.go_back()
    assert page.url == sent
    assert state(figure) == moved
    page.goto("about:blank")
    page.goto(sent)
    assert state(figure) == moved
    assert figure.bounding_box()["y"] < DESKTOP["height"], "and it is in sight"


@pytest.mark.parametrize("kind", [":not(:has(select))", ":has(select)"], ids=["slider", "and choice"])
def test_a_wrong_address_sets_nothing(visit, kind):
    page = unfold(visit("book/frontier.html"))
    figure, here = page.locator(SLIDER + kind).first, page.url
    name = figure.get_attribute("id")
    start = state(figure)
    for wrong in ("=999", "=1,99", "=x", "=-1"):
        page.goto(f"{here}?{wrong}#{name}{wrong}")  # another address before the #, so that it is loaded anew
        unfold(page)
        assert state(figure) == start


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_figure_can_be_framed(visit, scheme):
    page = visit("embed/landauer-1.html", color_scheme=scheme, viewport=PHONE)
    assert page.locator("figure svg").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.locator(".credit a").first.get_attribute("href").startswith("../book/landauer.html#")
    assert_accessible(page)


def test_a_framed_slider_moves(visit):
    name = next(name for name in SLIDERS if SLIDERS[name])
    page = visit(f"{name}.html")
    link = page.locator(SLIDER).first.get_by_role("link", name="Embed")
    link.press("Enter")
    page.wait_for_url("**/embed/*.html")
    figure = page.locator(SLIDER)
    start = state(figure)
    figure.get_by_role("slider").press("End")
    assert differ(start, state(figure))
    assert_accessible(page)


HEIGHTS = """figure => {
  const slider = figure.querySelector("input");
  return Array.from({length: +slider.max + 1}, (_, value) => {
    slider.value = value;
    slider.dispatchEvent(new Event("input", {bubbles: true}));
    return Math.round(figure.getBoundingClientRect().height);
  });
}"""


def assert_keeps_its_place(figure):
    """Whatever its setting, what stands below the figure does not jump, also on a phone."""
    figure.get_by_role("slider").press("Home")
    assert len(set(figure.evaluate(HEIGHTS))) == 1


LATENCY = """figure => {
  const slider = figure.querySelector("input"), times = [];
  for (let i = 0; i < 41; i++) {
    slider.value = i % (+slider.max + 1);
    const start = performance.now();
    slider.dispatchEvent(new Event("input", {bubbles: true}));
    figure.getBoundingClientRect();  // and laid out
    times.push(performance.now() - start);
  }
  return times;
}"""


@every_page_with_sliders
def test_sliders_answer_at_once(visit, slider_page, record_property):
    """One frame of the screen lasts 16 ms; a busy machine gets three."""
    for number, figure in enumerate(visit(slider_page).locator(SLIDER).all(), start=1):
        times = figure.evaluate(LATENCY)
        median = statistics.median(times)
        record_property(f"median_ms_{number}", median)
        print(f"\n{slider_page} slider {number}: median {median:.1f} ms, worst {max(times):.1f} ms")
        assert median < 50
