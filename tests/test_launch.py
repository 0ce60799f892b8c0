"""Run this page: where a notebook can be run, and what is said of it before the click."""

import re

import pytest
from conftest import ROOT, toc

from _ext.launch import links, state
from frontier import __version__

NOTEBOOKS = [name for name in toc() if (ROOT / f"{name}.ipynb").is_file()]
PHONE = {"width": 375, "height": 667}
MENU = re.compile(r'<details class="run-page">.*?</details>', re.S)


@pytest.mark.parametrize(
    ("version", "ref"), [("0.1.0", "v0.1.0"), ("1.2.0rc1", "v1.2.0rc1"), ("1.3.0.dev0", "trunk")]
)
def test_a_release_is_its_tag_and_a_version_under_development_the_branch(version, ref):
    assert state(version, branch="trunk") == ref


def test_the_links_lead_to_the_notebook_at_that_state():
    found = links("https://github.com/someone/some.book/", "v1.0.0", "book/page.ipynb")
    assert [(name, address) for name, address, _ in found] == [
        ("Binder", "https://mybinder.org/v2/gh/someone/some.book/v1.0.0?urlpath=lab/tree/book/page.ipynb"),
        ("Colab", "https://colab.research.google.com/github/someone/some.book/blob/v1.0.0/book/page.ipynb"),
    ]


@pytest.mark.parametrize("address", ["", "https://example.org/a/b", "https://github.com/a", "github.com/a/b"])
def test_an_address_of_another_kind_is_refused(address):
    with pytest.raises(
        ValueError, match=re.escape(f"must be https://github.com/OWNER/NAME, got {address!r}")
    ):
        links(address, "main", "page.ipynb")


@pytest.mark.parametrize("name", toc())
def test_notebooks_and_no_other_pages_can_be_run(site, name):
    menus = MENU.findall((site / f"{name}.html").read_text(encoding="utf-8"))
    assert len(menus) == (name in NOTEBOOKS)
    ref = state(__version__, r"[\w./-]+")
    for menu in menus:
        binder, colab = re.findall(r'<a href="([^"]+)"', menu)
        assert re.fullmatch(
            rf"https://mybinder\.org/v2/gh/[\w.-]+/[\w.-]+/{ref}\?urlpath=lab/tree/{name}\.ipynb", binder
        )
        assert re.fullmatch(
            rf"https://colab\.research\.google\.com/github/[\w.-]+/[\w.-]+/blob/{ref}/{name}\.ipynb", colab
        )


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
