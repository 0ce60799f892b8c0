"""Run this page: where a notebook can be run, and what is said of it before the click."""

import re

import pytest
from conftest import ROOT, toc
from foot import runs
from playwright.sync_api import expect

from frontier import __version__

PHONE = {"width": 375, "height": 667}
NOTEBOOKS = [name for name in toc() if (ROOT / f"{name}.ipynb").is_file()]


@pytest.mark.parametrize(
    ("version", "ref"), [("0.1.0", "v0.1.0"), ("1.2.0rc1", "v1.2.0rc1"), ("1.3.0.dev0", "trunk")]
)
def test_a_release_is_its_tag_and_a_version_under_development_the_branch(version, ref):
    assert runs("https://github.com/someone/some.book/", version, "trunk", "book/page.ipynb") == {
        "binder": f"https://mybinder.org/v2/gh/someone/some.book/{ref}?urlpath=lab/tree/book/page.ipynb",
        "colab": f"https://colab.research.google.com/github/someone/some.book/blob/{ref}/book/page.ipynb",
    }


@pytest.mark.parametrize("name", toc())
def test_notebooks_can_be_run_in_three_places_and_examples_in_the_page(site, name):
    """A menu that has nothing without a script is shown by it."""
    page = (site / f"{name}.html").read_text(encoding="utf-8")
    menus = re.findall(r'<details class="run-page"( hidden)?>(.*?)</details>', page, re.S)
    assert len(menus) == (name in NOTEBOOKS or 'class="doctest' in page)
    for hidden, menu in menus:
        assert bool(hidden) == (name not in NOTEBOOKS)
        assert 'data-here=""' in menu
        if hidden:
            continue
        place = re.search(r"gh/([\w.-]+/[\w.-]+)/", menu)[1]
        path = name.replace("book/", "notebooks/") + ".ipynb"
        assert (ROOT / path).is_file()
        expected = runs(f"https://github.com/{place}", __version__, "main", path)
        assert re.findall(r'<a href="([^"]+)"', menu) == list(expected.values())


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def phone(browser, server, request):
    """Open a chapter on a phone, with and without JavaScript."""
    context = browser.new_context(
        viewport=PHONE, java_script_enabled=request.param, is_mobile=True, has_touch=True
    )
    page = context.new_page()
    page.goto(f"{server}{NOTEBOOKS[-1]}.html")
    yield page
    context.close()


def test_the_menu_opens_by_keyboard_and_says_what_to_expect(phone):
    menu = phone.locator(".run-page")
    assert menu.locator("summary").bounding_box()["height"] >= 44
    assert not menu.locator("a").first.is_visible()
    menu.locator("summary").press("Enter")
    if menu.get_by_role("button").is_visible():  # where there are scripts
        phone.keyboard.press("Tab")
        here = phone.locator(":focus")
        expect(here).to_have_accessible_name("Here, in your browser")
        expect(here).to_have_accessible_description(re.compile("MB to fetch, once"))
        assert here.bounding_box()["height"] >= 44
    for name, expected in (("Binder", "minutes, not seconds"), ("Colab", "Google account")):
        phone.keyboard.press("Tab")
        link = phone.locator(":focus")
        assert link.inner_text().startswith(name), "the next stop of the Tab key"
        assert expected in link.inner_text()
        box = link.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
        assert box["height"] >= 44
    menu.locator("summary").press("Enter")
    assert not menu.locator("a").first.is_visible()


def test_the_menu_lies_on_the_screen_wherever_the_reader_is(phone):
    phone.mouse.wheel(0, 2000)
    phone.locator(".run-page summary").tap()
    box = phone.locator(".run-page > div").bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= PHONE["height"]


def test_the_menu_closes_by_escape_and_by_a_click_elsewhere(visitor, server):
    page = visitor(server)(f"{NOTEBOOKS[-1]}.html")
    menu = page.locator(".run-page")
    menu.locator("summary").click()
    expect(menu.locator("a").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu.locator("a").first).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()
    menu.locator("summary").click()
    expect(menu.locator("a").first).to_be_visible()
    page.mouse.click(20, 880)  # below the list of pages
    expect(menu.locator("a").first).to_be_hidden()
