"""Sliders: every frame is there, the page rebuilds each exactly, the live face draws what is asked for."""

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
from frontier.show.progress import WIDGET
from frontier.show.style import dot


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

    def options(self):
        return [("selected" in attributes, text) for attributes, text in self.all("option")]


def packed(html):
    """Return the data that the page's script reads."""
    (data,) = [text for attributes, text in Page(html).all("script") if attributes.get("type")]
    return json.loads(data)


def simple(values=(1, 2), text="A line of text.", **control):
    """Return an explorer of one knob, cheap to draw."""
    return explore(lambda ax, x: text, alt="a", caption="c", x=Control("X", values, **control))


def counted(values=(1, 2, 3)):
    """Return an explorer and the list of settings that it has drawn."""
    drawn = []

    def draw(ax, x):
        drawn.append(x)
        return f"{x} is drawn."

    return explore(draw, alt="a", caption="c", x=Control("X", values)), drawn


@pytest.fixture(scope="module")
def both():
    return explorer()


@pytest.fixture(scope="module")
def page(both):
    return Page(both.html())


# --- Frames -------------------------------------------------------------------------------------------


def test_there_is_a_frame_for_every_setting_the_slider_running_fastest(both):
    assert [frame.text for frame in both.frames] == [
        f"10 to the {power}, times {sign}" for sign in (1, -1) for power in (1, 3, 6)
    ]
    assert both.frames == [both.frame(power, sign) for sign in range(2) for power in range(3)]
    assert len({frame.svg for frame in both.frames}) == len({frame.data for frame in both.frames}) == 6
    assert all(frame.text in frame.data for frame in both.frames)
    for frame in both.frames:
        root = ET.fromstring(frame.svg)
        assert (root.get("role"), root.get("aria-label")) == ("img", "A line through the origin.")


def test_a_frame_is_the_same_before_and_after_all_are_drawn():
    one, other = explorer(), explorer()
    assert one.frames[2] == one.frame(2, 0)
    assert other.frame(2, 0) == one.frames[2]


def test_the_axes_stand_at_the_same_place_in_every_frame(both):
    def spines(svg):
        return re.findall(r'<path d="(M [\d. ]+ L [\d. ]+)" style="fill:none;stroke:currentColor', svg)

    places = {tuple(spines(frame.svg)) for frame in both.frames}
    assert len(places) == 1
    assert len(places.pop()) == 2


def test_a_setting_reaches_draw_as_it_was_given():
    values = [None, (1, 2), np.float64(0.5)]
    slider, drawn = counted(values)
    assert len(slider.frames) == 3
    assert all(any(value is one for one in drawn) for value in values)


def test_without_a_start_the_middle_setting_comes_first():
    assert Control("X", [1, 2, 3]).index == 1
    assert Control("X", [1, 2]).index == 1
    assert Control("X", np.array([1, 2, 3]), start=3).index == 2
    assert Control("X", [0, 1], start=0).index == 0


# --- The static face ----------------------------------------------------------------------------------


def test_the_page_shows_the_default_frame_its_text_and_its_data(both, page):
    frame = both.frame(1, 0)
    assert f'<div class="drawing">{frame.svg}</div>' in both.html()
    assert page.one("output")[1] == frame.text == "10 to the 3, times 1"
    assert data_link(frame.data, "Data of the first setting (CSV)") in both.html()


def test_the_default_frame_follows_both_controls():
    changed = explorer(sign=Control("Sign", [1, -1], start=-1), power=Control("Power", [1, 3, 6], start=6))
    page = Page(changed.html())
    assert page.one("output")[1] == "10 to the 6, times -1"
    assert changed.frame(2, 1).svg in changed.html()
    assert page.options() == [(False, "1"), (True, "-1")]


def test_the_data_rebuild_every_frame_exactly_by_the_count_of_the_script(both, page):
    (script,) = [text for attributes, text in page.all("script") if not attributes]
    assert "(value) => value + data.values.length * (choice ? choice.selectedIndex : 0)" in script
    data = packed(both.html())
    rebuilt = ["\n".join(data["lines"][i] for i in frame) for frame in data["frames"]]
    assert list(zip(rebuilt, data["texts"], strict=True)) == [frame[:2] for frame in both.frames]
    assert data["values"] == ["1", "3", "6"]
    assert len(data["lines"]) == len(set(data["lines"]))


def test_the_controls_are_native_labelled_and_hidden_until_the_script_runs(page):
    slider, choice, output = (page.one(tag)[0] for tag in ("input", "select", "output"))
    assert (slider["type"], slider["min"], slider["max"], slider["value"]) == ("range", "0", "2", "1")
    assert slider["aria-valuetext"] == "3"
    assert page.options() == [(True, "up"), (False, "down")]
    labels = {attributes["for"]: text for attributes, text in page.all("label")}
    assert labels == {slider["id"]: "Power", choice["id"]: "Sign"}
    assert (set(output["for"].split()), output["aria-live"]) == (set(labels), "polite")
    (controls,) = [a for _tag, a, _ in page.elements if a.get("class") == "controls"]
    assert "hidden" in controls


def test_the_value_stands_beside_the_label_for_eyes_and_the_ends_below(both, page):
    assert [text for _, text in page.all("b")] == ["3"]
    hidden = [a.get("class", "value") for _tag, a, _ in page.elements if a.get("aria-hidden") == "true"]
    assert hidden == ["value", "ends"], "who listens hears the value from the slider itself"
    ends = re.search(r'<span class="ends" aria-hidden="true">(.*?)</span></span>', both.html())[1]
    assert re.findall(r"\w+", re.sub("<.*?>", " ", ends)) == ["1", "6"]


def test_only_a_slider_that_can_play_has_a_button_and_a_player():
    still, playing = simple(range(100)), simple(range(100), play=True)
    assert not Page(still.html()).all("button")
    button, text = Page(playing.html()).one("button")
    assert (text, button["data-ms"], "hidden" in button) == ("Play", "50", True)
    assert len(still.widget().children) == 4
    _, player, slider, *_ = playing.widget().children
    assert (player.value, player.max, player.interval) == (50, 99, 50)
    player.value = 7
    assert slider.index == 7
    slider.index = 9
    assert player.value == 9


def test_what_can_be_dragged_is_marked_in_every_frame():
    def draw(ax, x, marked):
        ax.set(xlim=(0, 5))
        dot(ax, x, 2 * x, "dot", color="red", draggable=marked)
        return f"{x} is drawn."

    for marked in (True, False):
        slider = explore(
            lambda ax, x, marked=marked: draw(ax, x, marked), alt="a", caption="c", x=Control("X", [1, 2, 3])
        )
        assert [frame.svg.count('<g class="handle">') for frame in slider.frames] == [marked] * 3
        assert 'id="handle"' not in slider.html()


def test_one_control_alone_has_no_choice_and_every_name_stands_once_on_a_page():
    page = Page(simple().html())
    assert (len(page.all("label")), len(page.all("select"))) == (1, 0)
    html = explorer(caption="One.").html() + explorer(caption="Other.").html()
    names = [attributes["id"] for _tag, attributes, _ in Page(html).elements if "id" in attributes]
    assert len(names) == len(set(names)) > 6


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
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=environment)
        assert done.stdout.decode("utf-8") == both.html()


HOSTILE = """</script><script>alert("1")</script><!--<script> & ' \u2028"""


def test_hostile_words_stay_words():
    control = Control(HOSTILE, [1, 2], text=lambda value: HOSTILE)
    slider = explore(lambda ax, x, y: HOSTILE, alt=HOSTILE, caption=HOSTILE, x=control, y=control)
    page = Page(slider.html())
    assert len(page.all("script")) == 2  # the data and the one that reads them
    assert page.one("output")[1] == HOSTILE
    assert page.one("figcaption")[1] == HOSTILE + " "  # and then the link to the data
    assert page.one("input")[0]["aria-valuetext"] == HOSTILE
    assert page.one("svg")[0]["aria-label"] == HOSTILE
    assert {text for _, text in page.all("label") + page.all("option")} == {HOSTILE}
    assert (packed(slider.html())["texts"], packed(slider.html())["values"]) == ([HOSTILE] * 4, [HOSTILE] * 2)
    *_, line, caption = slider.widget().children
    assert "<script" not in line.value + caption.value


@pytest.mark.parametrize("words", ["</script>", "</SCRIPT >", "<!--", "<!-- <script>"])
def test_no_words_can_end_the_script_element_or_keep_it_from_ending(words):
    # In HTML "<!--<script>" inside a script makes the next "</script>" not end it.
    html = simple(text=words, values=[1, 2]).html()
    data = re.search(r'<script type="application/json">(.*?)</script>', html, re.DOTALL)[1]
    assert json.loads(data)["texts"] == [words, words]
    assert "</" not in data
    assert "<!--" not in data


# --- The two faces ------------------------------------------------------------------------------------


def test_an_explorer_says_in_words_what_there_is_to_explore(both):
    assert repr(both).splitlines() == [
        "Figure with a slider: Powers of ten.",
        "(A line through the origin.)",
        "Power: 1 to 6, 3 settings.",
        "Sign: up to down, 2 settings.",
        "10 to the 3, times 1",
    ]


def test_where_nobody_sits_at_a_notebook_the_bundle_has_all_frames_each_drawn_once():
    slider, drawn = counted()
    bundle = slider._repr_mimebundle_(include=None, exclude=None)
    assert bundle == {"text/html": slider.html(), "text/plain": repr(slider)}
    assert len(packed(bundle["text/html"])["frames"]) == 3
    assert sorted(drawn) == [1, 2, 3]


def test_at_a_notebook_the_bundle_has_a_widget_and_a_still_and_one_frame_is_drawn(monkeypatch):
    monkeypatch.setattr(module, "is_live", lambda: True)
    slider, drawn = counted()
    bundle = slider._repr_mimebundle_()
    assert drawn == [2]
    assert set(bundle) == {"text/html", "text/plain", WIDGET}
    assert bundle[WIDGET]["model_id"]
    page = Page(bundle["text/html"])
    assert not {"input", "label", "script"} & {tag for tag, *_ in page.elements}
    assert slider.frame(1).svg in bundle["text/html"]
    assert (page.one("output")[1], page.one("figcaption")[1]) == ("2 is drawn.", "c ")


def test_the_widget_draws_the_frame_of_a_setting_once_as_the_page_has_it(both):
    drawing, slider, choice, line, caption = both.widget().children
    assert (slider.description, choice.description) == ("Power", "Sign")
    assert [words for words, _ in slider.options + choice.options] == ["1", "3", "6", "up", "down"]

    def shows(power, sign):
        svg, text, data = both.frames[power + 3 * sign]
        return (
            drawing.value == svg
            and line.value == f"<div aria-live='polite'>{text}</div>"
            and caption.value == "Powers of ten." + data_link(data)
        )

    assert shows(1, 0)
    slider.value = 2
    assert shows(2, 0)
    choice.index = 1
    assert shows(2, 1)
    slider.index = 0
    assert shows(0, 1)

    single, drawn = counted()
    _, slider, *_ = single.widget().children
    slider.value = 2
    assert drawn == [2, 3]


# --- What is refused ----------------------------------------------------------------------------------


def test_what_cannot_be_explored_is_refused_before_anything_is_drawn():
    knob, drawn = Control("X", [1, 2]), counted()[1]
    many = {"x": Control("X", range(201)), "y": knob}
    for changes, message in (
        ({"alt": " ", "x": knob}, "alt must not be empty, got ' '"),
        ({"caption": "", "x": knob}, "caption must not be empty, got ''"),
        ({"draw": "line", "x": knob}, "draw must be a function, got 'line'"),
        ({"x": [1, 2]}, "x must be a Control, got [1, 2]"),
        ({}, "controls must be one or two, got 0"),
        ({"x": knob, "y": knob, "z": knob}, "controls must be one or two, got 3"),
        (many, "controls must make at most 400 frames, got 402"),
    ):
        with pytest.raises((TypeError, ValueError), match=f"^{re.escape(message)}$"):
            explore(**{"draw": lambda ax, **_: drawn.append(1), "alt": "a", "caption": "c", **changes})
    assert not drawn
    assert isinstance(explorer(power=Control("Power", range(200))), Explorer)


@pytest.mark.parametrize("text", [None, "", " \n", 5])
def test_a_draw_without_a_line_of_text_is_refused_with_its_setting(text):
    with pytest.raises(ValueError, match=r"^draw must return .*'x': 2.*, got ") as refusal:
        simple(text=text).html()
    assert repr(text) in str(refusal.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"label": "  "}, "label must not be empty, got '  '"),
        ({"values": [1]}, "values must be a sequence of two or more, got [1]"),
        ({"values": "abc"}, "values must be a sequence of two or more, got 'abc'"),
        ({"values": {1, 2}}, "values must be a sequence of two or more, got {1, 2}"),
        ({"values": None}, "values must be a sequence of two or more, got None"),
        ({"start": 5}, "start must be one of the values of 'X', got 5"),
    ],
)
def test_a_control_without_sense_is_refused(changes, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        Control(**{"label": "X", "values": [1, 2, 3], **changes})
