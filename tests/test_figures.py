"""The words in every drawing can be read, on a phone and on a desktop: large enough, and none on another."""

import math
import re
from pathlib import Path
from urllib.parse import urljoin

import pytest
from conftest import DESKTOP, PHONE, toc, unfold
from playwright.sync_api import expect

ROOT = Path(__file__).resolve().parents[1]
TEXTS = Path(__file__).with_name("texts.js").read_text(encoding="utf-8")
SIZES = [11.9, 16.1]  # pixels
CHAPTERS = [f"{name}.html" for name in toc() if (ROOT / f"{name}.ipynb").is_file()]


def faults(figure):
    return figure.locator("svg").first.evaluate(TEXTS, SIZES)


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("name", CHAPTERS)
def test_words_in_drawings_are_legible_and_apart(visit, name, screen):
    page = visit(name, viewport=screen)
    unfold(page)
    found = {}
    for figure in page.locator("figure.frontier:has(svg)").all():
        title = figure.locator("figcaption").text_content()[:60]
        if wrong := faults(figure):
            found[title] = wrong
        slider, choice = figure.locator("input[type=range]"), figure.locator("select")
        if not slider.count():
            continue
        last = slider.get_attribute("max")
        for option in range(choice.locator("option").count() or 1):
            if choice.count():
                choice.select_option(index=option)
            for value in ("0", str(int(last) // 2), last):
                slider.fill(value)
                if wrong := faults(figure):
                    found[f"{title}, at {slider.get_attribute('aria-valuetext')}, {option}"] = wrong
    assert not found, "\n".join(f"{title}: {'; '.join(wrong)}" for title, wrong in found.items())


TWO = """<svg viewBox="0 0 300 100" font-size="10" width="300">
<text x="10" y="50">first words</text><text x="{x}" y="{y}">second words</text></svg>"""


@pytest.mark.parametrize(
    ("place", "fault"),
    [
        ({"x": 30, "y": 50}, "first words | second words"),
        ({"x": 90, "y": 50}, ""),
        ({"x": 10, "y": 61}, ""),
        ({"x": 10, "y": 53}, "first words | second words"),
        ({"x": 1270, "y": 50}, "second words: outside the page"),
    ],
)
def test_the_judge_of_words_sees_what_eyes_see(browser, place, fault):
    page = browser.new_page(viewport=DESKTOP)
    page.set_content(TWO.format(**place))
    svg = page.locator("svg")
    expect(svg).to_be_visible()
    assert svg.evaluate(TEXTS, [9, 16]) == ([fault] if fault else [])
    assert svg.evaluate(TEXTS, [12, 16])[-1] == "second words: 10.0 px" or fault
    page.close()


@pytest.mark.parametrize("way", ["hover", "tap"])
def test_a_still_drawing_tells_its_values_where_one_points(visitor, server, way):
    open_page = visitor(server, viewport=PHONE if way == "tap" else DESKTOP, has_touch=way == "tap")
    page = open_page("book/intro.html")
    figure = page.locator("figure.frontier:has(svg)").first
    link = figure.locator("a.data").get_attribute("href")
    data = page.request.get(urljoin(page.url, link)).text()
    _, (high, up) = re.findall(r'^1,"?Latency of networks, at most"?,([^,]*),,([^,]*),', data, re.M)
    svg = figure.locator("svg")
    svg.scroll_into_view_if_needed()
    box, view = svg.bounding_box(), svg.get_attribute("viewBox").split()
    left, bottom, right, top, *_, start, end = map(
        float, re.sub("(bare-)?(log|linear)", "", svg.get_attribute("data-panels")).split()
    )
    x = left + math.log(float(high), 1e60) * (right - left)
    y = bottom + (float(up) - start) / (end - start) * (top - bottom)
    at = {"x": x / float(view[2]) * box["width"], "y": y / float(view[3]) * box["height"]}
    svg.hover(position=at) if way == "hover" else svg.tap(position=at)
    tip = page.locator(".tip")
    expect(tip).to_contain_text("Latency of networks, at most")
    expect(tip).to_contain_text("Times the largest training run of today: ")
    told = tip.inner_text().rsplit(": ", 1)[1].replace(",", "")
    assert float(told) == pytest.approx(float(high), rel=0.01)
    edge = tip.bounding_box()
    assert edge["x"] >= 0
    assert edge["x"] + edge["width"] <= page.viewport_size["width"]
    page.keyboard.press("Escape")
    expect(tip).to_have_count(0)


def test_marks_of_a_slider_that_stay_where_they_were_tell_their_values(visit):
    page = visit("book/models.html", viewport=PHONE, has_touch=True)
    figure = page.locator("figure.explore").first
    link = figure.locator("a.data").get_attribute("href")
    data = page.request.get(urljoin(page.url, link)).text()
    (value,) = re.findall(r"^1,GPT 4\.5,([^,]*),", data, re.M)
    svg = figure.locator("svg")
    svg.scroll_into_view_if_needed()
    box, view = svg.bounding_box(), svg.get_attribute("viewBox").split()
    marks = svg.locator("use").evaluate_all("all => all.map(e => ['x', 'y'].map(n => +e.getAttribute(n)))")
    left, _, right, _, scale, start, end = svg.get_attribute("data-panels").split()[:7]
    assert scale == "log"
    share = math.log(float(value) / float(start)) / math.log(float(end) / float(start))
    x = float(left) + share * (float(right) - float(left))
    (at,) = {(a, b) for a, b in marks if abs(a - x) < 0.2}
    svg.tap(
        position={"x": at[0] / float(view[2]) * box["width"], "y": at[1] / float(view[3]) * box["height"]}
    )
    expect(page.locator(".tip")).to_contain_text("GPT 4.5")
