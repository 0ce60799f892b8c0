"""Sliders: every frame is there, the page rebuilds each exactly, and the live face does the same."""

import inspect
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import numpy as np
import pytest

from frontier.show import Control, Explorer, explore
from frontier.show import slider as module
from frontier.show.picture import data_link
from frontier.show.slider import MAX_FRAMES

WIDGET = "application/vnd.jupyter.widget-view+json"


def draw(ax, power, sign):
    x = np.linspace(0, 1, 30)
    ax.plot(x, sign * 10.0**power * x, marker="o")
    ax.set_ylabel("steep")
    return f"10 to the {power}, times {sign}"


def explorer(**changes):
    settings = {
        "alt": "A line through the origin.",
        "caption": "Powers of ten.",
        "power": Control("Power", [1, 3, 6], start=3),
        "sign": Control("Sign", [1, -1], text=lambda sign: "up" if sign > 0 else "down", start=1),
    }
    return explore(draw, **{**settings, **changes})


class Page(HTMLParser):
    """The elements of a page in order, each as (tag, attributes, text before the next tag)."""

    def __init__(self, html):
        super().__init__()
        self.elements = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append([tag, dict(attributes), ""])

    def handle_data(self, data):
        if self.elements:
            self.elements[-1][2] += data

    def all(self, tag):
        """Return attributes and text of each element with this tag."""
        return [(attributes, text) for name, attributes, text in self.elements if name == tag]

    def one(self, tag):
        """Return attributes and text of the only element with this tag."""
        (found,) = self.all(tag)
        return found


def packed(html):
    """Return the data that the page's script reads."""
    (data,) = [text for attributes, text in Page(html).all("script") if attributes.get("type")]
    return json.loads(data)


def simple(values=(1, 2), text="A line of text.", **control):
    """Return an explorer of one knob, cheap to draw."""
    return explore(lambda ax, x: text, alt="a", caption="c", x=Control("X", values, **control))


@pytest.fixture(scope="module")
def both():
    return explorer()


@pytest.fixture(scope="module")
def page(both):
    return Page(both.html())


# --- Frames -------------------------------------------------------------------------------------------


def test_there_is_a_frame_for_every_setting_the_slider_running_fastest(both):
    assert [text for _svg, text in both.frames] == [
        f"10 to the {power}, times {sign}" for sign in (1, -1) for power in (1, 3, 6)
    ]
    assert len({svg for svg, _text in both.frames}) == 6


def test_frames_are_drawn_once():
    calls = []

    def draw(ax, x):
        calls.append(x)
        return "text"

    slider = explore(draw, alt="a", caption="c", x=Control("X", [1, 2, 3]))
    assert slider.frames is slider.frames
    assert slider.html() == slider.html()
    assert sorted(set(calls)) == [1, 2, 3]
    assert len(calls) <= 4  # the first frame once more, for the margins


def test_a_frame_is_the_same_before_and_after_all_are_drawn():
    one, other = explorer(), explorer()
    assert one.frames[2] == one.frame(2, 0)
    assert other.frame(2, 0) == one.frames[2]


def test_the_axes_stand_at_the_same_place_in_every_frame(both):
    def spines(svg):
        return re.findall(r'<path d="(M [\d. ]+ L [\d. ]+)" style="fill:none;stroke:currentColor', svg)

    places = {tuple(spines(svg)) for svg, _text in both.frames}
    assert len(places) == 1
    assert len(places.pop()) == 2


def test_every_frame_is_an_image_with_the_alternative_text(both):
    for svg, _text in both.frames:
        root = ET.fromstring(svg)
        assert root.get("role") == "img"
        assert root.get("aria-label") == "A line through the origin."


def test_a_setting_reaches_draw_as_it_was_given():
    seen = []
    values = [None, (1, 2), np.float64(0.5)]

    def draw(ax, x):
        seen.append(x)
        return "text"

    assert len(explore(draw, alt="a", caption="c", x=Control("X", values)).frames) == 3
    assert all(any(value is one for one in seen) for value in values)


def test_without_a_start_the_middle_setting_comes_first():
    assert Control("X", [1, 2, 3]).index == 1
    assert Control("X", [1, 2]).index == 1
    assert Control("X", np.array([1, 2, 3]), start=3).index == 2
    assert Control("X", [0, 1], start=0).index == 0


# --- The static face ----------------------------------------------------------------------------------


def test_the_page_shows_the_default_frame_and_its_text(both, page):
    svg, text = both.frame(1, 0)
    assert f'<div class="drawing">{svg}</div>' in both.html()
    assert page.one("output")[1] == text == "10 to the 3, times 1"


def test_the_default_frame_follows_both_controls():
    changed = explorer(sign=Control("Sign", [1, -1], start=-1), power=Control("Power", [1, 3, 6], start=6))
    page = Page(changed.html())
    assert page.one("output")[1] == "10 to the 6, times -1"
    assert changed.frame(2, 1)[0] in changed.html()
    assert [("selected" in attributes, text) for attributes, text in page.all("option")] == [
        (False, "1"),
        (True, "-1"),
    ]


def test_the_data_rebuild_every_frame_exactly(both):
    data = packed(both.html())
    rebuilt = ["\n".join(data["lines"][i] for i in frame) for frame in data["frames"]]
    assert list(zip(rebuilt, data["texts"], strict=True)) == both.frames
    assert data["values"] == ["1", "3", "6"]
    assert len(data["lines"]) == len(set(data["lines"]))


def test_the_script_counts_frames_as_python_does(both, page):
    # show() in explore.js: slider.value + data.values.length * choice.selectedIndex
    (script,) = [text for attributes, text in page.all("script") if not attributes]
    assert "+slider.value + data.values.length * (choice ? choice.selectedIndex : 0)" in script
    for power in range(3):
        for sign in range(2):
            assert both.frames[power + 3 * sign] == both.frame(power, sign)


def test_the_slider_is_native_labelled_and_says_its_value_in_words(page):
    attributes, _ = page.one("input")
    assert attributes["type"] == "range"
    assert (attributes["min"], attributes["max"], attributes["value"]) == ("0", "2", "1")
    assert attributes["aria-valuetext"] == "3"


def test_every_control_has_a_label_and_every_name_stands_once(page):
    names = [attributes["id"] for _tag, attributes, _ in page.elements if "id" in attributes]
    assert len(names) == len(set(names))
    labels = {attributes["for"]: text for attributes, text in page.all("label")}
    slider, choice = page.one("input")[0]["id"], page.one("select")[0]["id"]
    assert labels == {slider: "Power", choice: "Sign"}
    assert set(page.one("output")[0]["for"].split()) <= {slider, choice}


def test_the_result_is_read_out_when_it_changes(page):
    assert page.one("output")[0]["aria-live"] == "polite"


def test_the_chosen_option_is_selected_and_only_it(page):
    assert [("selected" in attributes, text) for attributes, text in page.all("option")] == [
        (True, "up"),
        (False, "down"),
    ]


def test_the_controls_stay_hidden_until_the_script_runs(page):
    (controls,) = [a for _tag, a, _ in page.elements if a.get("class") == "controls"]
    assert "hidden" in controls


def test_one_control_alone_has_no_choice():
    page = Page(simple().html())
    assert not page.all("select")
    assert len(page.all("label")) == 1
    assert [tag for tag, *_ in page.elements].count("figure") == 1


def test_two_explorers_on_one_page_share_no_name():
    def names(caption):
        return {
            attributes["id"]
            for _tag, attributes, _ in Page(explorer(caption=caption).html()).elements
            if "id" in attributes
        }

    assert not names("One.") & names("Other.")


def test_the_page_is_the_same_in_fresh_processes(both):
    code = (
        "import sys, numpy as np\nfrom frontier.show import Control, explore\n"
        + inspect.getsource(draw)
        + inspect.getsource(explorer)
        + "\nsys.stdout.reconfigure(encoding='utf-8', newline='')"
        "\nprint(explorer().html(), end='')"
        "\nassert not {'matplotlib.pyplot', 'ipywidgets'} & set(sys.modules)"
    )
    for seed in "12":
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        assert done.stdout.decode("utf-8") == both.html()


HOSTILE = """</script><script>alert("1")</script><!--<script> & ' \u2028"""


def test_hostile_words_stay_words():
    slider = explore(
        lambda ax, x, y: HOSTILE,
        alt=HOSTILE,
        caption=HOSTILE,
        x=Control(HOSTILE, [1, 2], text=lambda value: HOSTILE),
        y=Control(HOSTILE, [1, 2], text=lambda value: HOSTILE),
    )
    page = Page(slider.html())
    assert len(page.all("script")) == 2  # the data and the one that reads them
    assert page.one("output")[1] == HOSTILE
    assert page.one("figcaption")[1] == HOSTILE + " "  # and then the link to the data
    assert page.one("input")[0]["aria-valuetext"] == HOSTILE
    assert page.one("svg")[0]["aria-label"] == HOSTILE
    assert {text for _, text in page.all("label") + page.all("option")} == {HOSTILE}
    data = packed(slider.html())
    assert data["texts"] == [HOSTILE] * 4
    assert data["values"] == [HOSTILE] * 2


@pytest.mark.parametrize("words", ["</script>", "</SCRIPT >", "<!--", "<!-- <script>"])
def test_no_words_can_end_the_script_element_or_keep_it_from_ending(words):
    # In HTML "<!--<script>" inside a script makes the next "</script>" not end it.
    html = simple(text=words, values=[1, 2]).html()
    data = re.search(r'<script type="application/json">(.*?)</script>', html, re.DOTALL)[1]
    assert json.loads(data)["texts"] == [words, words]
    assert "</" not in data
    assert "<!--" not in data


# --- In words -----------------------------------------------------------------------------------------


def test_an_explorer_says_in_words_what_there_is_to_explore(both):
    assert repr(both).splitlines() == [
        "Figure with a slider: Powers of ten.",
        "(A line through the origin.)",
        "Power: 1 to 6, 3 settings.",
        "Sign: up to down, 2 settings.",
        "10 to the 3, times 1",
    ]


def test_without_a_kernel_the_bundle_has_html_and_text_and_no_widget(both):
    bundle = both._repr_mimebundle_()
    assert bundle == {"text/html": both.html(), "text/plain": repr(both)}
    assert both._repr_mimebundle_(include=None, exclude=None) == bundle


# --- The live face ------------------------------------------------------------------------------------


def test_with_a_kernel_the_bundle_has_the_widget_too(both, monkeypatch):
    monkeypatch.setattr(module, "in_kernel", lambda: True)
    bundle = both._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain", WIDGET}
    assert bundle[WIDGET]["model_id"]
    assert bundle["text/html"] == both.html()


def test_the_widget_redraws_when_a_knob_moves(both):
    drawing, slider, choice, line, caption = both.widget().children
    assert (drawing.value, "10 to the 3, times 1" in line.value) == (both.frame(1, 0)[0], True)
    slider.value = 2
    assert (drawing.value, "10 to the 6, times 1" in line.value) == (both.frame(2, 0)[0], True)
    choice.index = 1
    assert (drawing.value, "10 to the 6, times -1" in line.value) == (both.frame(2, 1)[0], True)
    slider.index = 0
    assert (drawing.value, "10 to the 1, times -1" in line.value) == (both.frame(0, 1)[0], True)
    assert caption.value == "Powers of ten." + data_link(both.data(0, 1))


def test_the_data_are_those_of_the_setting(both):
    assert "10 to the 6, times -1" in both.data(2, 1)
    assert both.data(2, 1) != both.data(2, 0)
    assert data_link(both.data(1, 0), "Data of the first setting (CSV)") in both.html()


def test_the_widget_alone_draws_the_frames_of_the_page(both):
    # Without this its axes would jump as the tick labels change their width.
    drawing, slider, *_ = explorer().widget().children
    assert drawing.value == both.frames[1][0]
    slider.value = 2
    assert drawing.value == both.frames[2][0]


def test_the_widgets_knobs_are_labelled_with_the_same_words(both):
    _, slider, choice, *_ = both.widget().children
    assert (slider.description, choice.description) == ("Power", "Sign")
    assert [words for words, _ in slider.options] == ["1", "3", "6"]
    assert [words for words, _ in choice.options] == ["up", "down"]
    assert (slider.index, choice.index) == (1, 0)


def test_the_widget_escapes_hostile_words():
    slider = explore(lambda ax, x: HOSTILE, alt="a", caption=HOSTILE, x=Control("X", [1, 2]))
    _, _, line, caption = slider.widget().children
    assert "<script" not in line.value + caption.value
    assert "aria-live" in line.value


# --- What is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["alt", "caption"])
def test_an_empty_text_is_refused(name):
    with pytest.raises(ValueError, match=f"^{name} must not be empty, got ' '$"):
        explorer(**{name: " "})


@pytest.mark.parametrize("count", [0, 3])
def test_one_or_two_controls_are_wanted(count):
    controls = {f"x{i}": Control("X", [1, 2]) for i in range(count)}
    with pytest.raises(ValueError, match=f"^controls must be one or two, got {count}$"):
        explore(lambda ax, **_: "text", alt="a", caption="c", **controls)


def test_what_cannot_draw_is_refused():
    with pytest.raises(TypeError, match=r"^draw must be a function, got 'line'$"):
        explore("line", alt="a", caption="c", x=Control("X", [1, 2]))


def test_bare_values_are_refused_with_a_hint():
    with pytest.raises(TypeError, match=r"^x must be a Control, got \[1, 2\]"):
        explore(lambda ax, x: "text", alt="a", caption="c", x=[1, 2])


def test_too_many_frames_are_refused_before_any_is_drawn():
    assert MAX_FRAMES == 400

    def draw(ax, **_):
        raise AssertionError("drawn")

    def make(first, second):
        controls = {"x": Control("X", range(first)), "y": Control("Y", range(second))}
        return explore(draw, alt="a", caption="c", **controls)

    with pytest.raises(ValueError, match=r"^controls must make at most 400 frames, got 402$"):
        make(201, 2)
    assert isinstance(make(200, 2), Explorer)


@pytest.mark.parametrize("text", [None, "", " \n", 5])
def test_a_draw_without_a_line_of_text_is_refused_with_its_setting(text):
    with pytest.raises((TypeError, ValueError), match=r"^draw must return .*'x': 1.*, got ") as refusal:
        _ = simple(text=text).frames
    assert repr(text) in str(refusal.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"label": ""}, "label must not be empty, got ''"),
        ({"label": "  "}, "label must not be empty, got '  '"),
        ({"values": [1]}, "values must be a sequence of two or more, got [1]"),
        ({"values": []}, "values must be a sequence of two or more, got []"),
        ({"values": "abc"}, "values must be a sequence of two or more, got 'abc'"),
        ({"start": 5}, "start must be one of the values of 'X', got 5"),
    ],
)
def test_a_control_without_sense_is_refused(changes, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        Control(**{"label": "X", "values": [1, 2, 3], **changes})


@pytest.mark.parametrize("values", [5, None, (i for i in range(3)), {1, 2}])
def test_values_without_order_or_length_are_refused_by_name(values):
    with pytest.raises((TypeError, ValueError), match=r"^values must be a sequence of two or more, got "):
        Control("X", values)
