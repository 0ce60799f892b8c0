"""Figures: SVG that parses, weighs little, is the same each time, and says only what was drawn."""

import base64
import gzip
import inspect
import io
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor

import matplotlib as mpl
import numpy as np
import pytest
import resvg_py
from PIL import Image
from series import series

from frontier.show import (
    COLORS,
    CYCLE,
    Picture,
    compact_number,
    dot,
    figure,
    label,
    log_axis,
    picture,
    plain_or_scientific,
    power_of_ten,
    scientific,
    title,
    without_y,
)
from frontier.show.picture import to_svg

HOSTILE = """"><script>alert('1')</script>\n&amp;</figcaption>"""


def drawing():
    fig, ax = figure()
    x = np.geomspace(1e18, 1e26, 120)
    for exponent in (0.15, 0.18, 0.2):
        ax.plot(x, 400 * x**-exponent, marker="o", markevery=40)
    ax.fill_between(x, 390 * x**-0.18, 410 * x**-0.18, alpha=0.2)
    log_axis(ax.xaxis, every=2)
    title(ax, "Loss above E, nats per token")
    ax.set_xlabel("Compute, FLOP")
    ax.set_ylabel("turned")
    label(ax, 1e22, 0.2, "here < there & so on", ha="center")
    return picture(fig, alt="Three falling curves.", caption="They fall.")


def test_a_dot_refuses_a_look_that_no_line_has():
    _, ax = figure()
    with pytest.raises(TypeError, match="line must hold what a Matplotlib line has, got 'handle'"):
        dot(ax, 1, 2, "largest run", color="black", handle=True)


@pytest.fixture(scope="module")
def svg():
    return drawing().svg


@pytest.fixture(scope="module")
def root(svg):
    return ET.fromstring(svg)


def words(svg):
    """Return the words of each text element."""
    return ["".join(text.itertext()) for text in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


# --- The SVG ------------------------------------------------------------------------------------------


def test_the_svg_is_a_named_image_that_scales_with_the_page_and_takes_its_colour(root, svg):
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert (root.get("role"), root.get("aria-label")) == ("img", "Three falling curves.")
    assert re.fullmatch(r"0 0 [\d.]+ [\d.]+", root.get("viewBox"))
    assert (root.get("width"), root.get("height"), root.get("fill")) == ("100%", None, "currentColor")
    assert "stroke:currentColor" in svg
    assert "#000000" not in svg


def test_every_colour_of_the_palette_can_be_set_by_the_page(svg):
    assert "var(--frontier-blue,#0072b2)" in svg
    assert re.findall(r"(?<!,)#[0-9a-f]{6}\b", svg) == []  # no colour that a dark page could not change
    assert list(COLORS.values()) == CYCLE


def test_a_legend_has_no_white_box_that_would_hide_light_words_in_dark_mode():
    fig, ax = figure()
    ax.plot([1, 2], [3, 4], label="a line")
    ax.legend()
    svg = picture(fig, alt="a", caption="c").svg
    assert "a line" in words(svg)
    assert "#ffffff" not in svg


def test_no_name_stands_twice_and_every_reference_resolves(root, svg):
    names = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(names) == len(set(names))
    references = re.findall(r'(?:href="|url\()#([^")]+)', svg)
    assert references
    assert set(references) == set(names)  # and no name without a use


def test_two_drawings_on_one_page_share_no_names():
    def names(alt):
        fig, ax = figure()
        ax.plot([1, 2], [3, 4], marker="o")
        return set(re.findall(r'id="([^"]+)"', picture(fig, alt=alt, caption="c").svg))

    assert names("one")
    assert not names("one") & names("two")


def test_nothing_a_page_does_not_need_is_left(svg):
    for rest in ("<style", "<metadata", "<?xml", "<!DOCTYPE", "<!--", "xlink", "font-family", "Matplotlib"):
        assert rest not in svg
    assert not re.search(r"\b20\d\d-\d\d-\d\d", svg)  # no date
    assert "<g>" not in svg


def test_numbers_are_rounded_and_there_is_no_minus_zero(root, svg):
    for element in root.iter():
        for key in ("d", "x", "y", "transform"):
            assert not re.search(r"\.\d\d", element.get(key, "")), element.attrib
            assert not re.search(r"(?<![\w.])-0(?![\d.])", element.get(key, "")), element.attrib


def test_rounding_moves_nothing_by_more_than_a_tenth_of_a_point():
    fig, ax = figure()
    x = np.linspace(0, 1, 50)
    (line,) = ax.plot(x, np.sin(9 * x))
    svg = picture(fig, alt="a", caption="c").svg
    (path,) = (p for p in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}path") if p.get("clip-path"))
    drawn = np.array(re.findall(r"-?[\d.]+", path.get("d")), dtype=float).reshape(-1, 2)
    # Where Matplotlib says the points lie, in points from the upper left corner.
    exact = ax.transData.transform(line.get_xydata()) * 72 / fig.dpi
    exact[:, 1] = fig.get_figheight() * 72 - exact[:, 1]
    gap = np.abs(drawn[:, None] - exact[None]).max(axis=2).min(axis=1)
    assert len(drawn) > 20
    assert gap.max() <= 0.051


def test_turned_labels_stay_turned(root):
    (turned,) = (text for text in root.iter() if text.text == "turned")
    assert turned.get("transform", "").startswith("rotate(-90")


def test_words_stay_as_they_were_written():
    written = ["black is #000000", "blue is #0072b2", "a /> b"]
    fig, ax = figure()
    for i, text in enumerate(written):
        ax.text(0.1, 0.1 * i, text)
    svg = picture(fig, alt=written[0], caption="c").svg
    assert words(svg)[-3:] == written
    assert {"here < there & so on", "Loss above E, nats per token"} <= set(words(drawing().svg))
    assert ET.fromstring(svg).get("aria-label") == written[0]


def test_a_line_chart_weighs_at_most_six_kilobytes():
    fig, ax = figure()
    x = np.geomspace(1e18, 1e26, 120)
    for i in range(3):
        ax.plot(x, 400 * x ** -(0.15 + 0.02 * i) + np.sin(np.arange(120)) / 50, label=f"curve {i}")
    log_axis(ax.xaxis)
    ax.legend()
    svg = picture(fig, alt="Three curves.", caption="They wiggle.").svg
    assert len(gzip.compress(svg.encode())) <= 6 * 1024


def test_a_dense_scatter_may_be_an_image_inside():
    fig, ax = figure()
    points = np.random.default_rng(0).random((2, 3000))
    ax.scatter(*points, rasterized=True)
    root = ET.fromstring(picture(fig, alt="a", caption="c").svg)
    (image,) = root.iter("{http://www.w3.org/2000/svg}image")
    kind, data = image.get("href").split(",")
    assert kind == "data:image/png;base64"
    assert base64.b64decode(data).startswith(b"\x89PNG")
    assert len(list(root.iter("{http://www.w3.org/2000/svg}use"))) < 100  # ticks only


def test_a_picture_of_several_axes_parses():
    fig, axes = figure(1, 2, width=6, sharey=True)
    for ax in axes:
        ax.plot([1, 2], [3, 4])
        ax.set_title("$x^2$ and more")
    assert axes.shape == (2,)
    ET.fromstring(picture(fig, alt="a", caption="c").svg)


# --- The same each time, and no trace -----------------------------------------------------------------


def test_the_same_drawing_has_the_same_bytes(svg):
    assert drawing().svg == svg
    fig, ax = figure()
    ax.plot([1, 2], [3, 4], marker="o")
    assert picture(fig, alt="a", caption="c") == picture(fig, alt="a", caption="c")


def test_fresh_processes_draw_the_same_bytes_without_pyplot(svg):
    code = (
        "import sys, numpy as np\nfrom frontier.show import figure, label, log_axis, picture, title\n"
        + inspect.getsource(drawing)
        + "\nsys.stdout.reconfigure(encoding='utf-8', newline='')"
        "\nprint(drawing().svg, end='')"
        "\nassert 'matplotlib.pyplot' not in sys.modules, 'pyplot was loaded'"
    )
    for seed in "12":
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=environment)
        assert done.stdout.decode("utf-8") == svg


def test_drawing_neither_changes_the_global_style_nor_follows_it(svg):
    with mpl.rc_context({"font.size": 20, "svg.fonttype": "path", "lines.linewidth": 9, "axes.grid": True}):
        before = mpl.rcParams.copy()
        changed = drawing().svg
        assert mpl.rcParams.copy() == before
    assert 'font-size="10"' in changed
    assert words(changed) == words(svg)


def test_pictures_drawn_side_by_side_are_those_drawn_one_after_another():
    def one(number):
        fig, ax = figure(1, 1 + number % 2)
        ax = np.ravel(ax)[-1]
        ax.plot(np.geomspace(1, 1e6, 50), np.sin(np.arange(50) + number), "o-")
        log_axis(ax.xaxis)
        title(ax, f"picture {number}")
        return picture(fig, alt=f"{number}", caption="c").svg

    before, apart = mpl.rcParams.copy(), [one(number) for number in range(32)]
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(one, range(32))) == apart
    assert mpl.rcParams.copy() == before


# --- Figure and picture -------------------------------------------------------------------------------


def test_a_figure_has_the_size_asked_for_and_its_curves_differ_by_colour_and_by_dash():
    fig, ax = figure(width=4, height=2)
    assert tuple(fig.get_size_inches()) == (4, 2)
    lines = [ax.plot([0, 1], [i, i])[0] for i in range(5)]
    assert len({line.get_color() for line in lines}) == 5
    assert len({str(line._unscaled_dash_pattern) for line in lines}) == 5
    for name in ("nrows", "ncols", "width", "height"):
        with pytest.raises(ValueError, match=f"^{name} must be positive, got 0$"):
            figure(**{name: 0})


@pytest.mark.parametrize("name", ["alt", "caption"])
@pytest.mark.parametrize("bad", ["", "\n\t ", None, 5])
def test_a_text_that_says_nothing_is_refused(name, bad):
    with pytest.raises(ValueError, match=f"^{name} must not be empty, got "):
        picture(figure()[0], **{"alt": "a", "caption": "c", name: bad})


def test_alternative_text_and_caption_reach_the_page_as_they_were_written():
    fig, ax = figure()
    ax.plot([1, 2], [3, 4])
    page = picture(fig, alt=HOSTILE, caption=HOSTILE)._repr_html_()
    assert "<script" not in page
    shown = ET.fromstring(page)
    assert shown.find("figcaption").text == HOSTILE + " "  # and then the link to the data
    assert shown.find("{http://www.w3.org/2000/svg}svg").get("aria-label") == HOSTILE
    assert [child.tag.split("}")[-1] for child in shown] == ["svg", "figcaption"]


def test_a_picture_says_in_words_what_it_shows():
    assert repr(Picture("<svg/>", "A line.", "It rises.")) == "Figure: It rises.\n(A line.)"


def test_a_saved_svg_stands_alone_and_says_the_same(tmp_path, svg):
    path = tmp_path / "picture.SVG"
    for place in (str(path), path):
        drawing().save(place)
        saved = path.read_text(encoding="utf-8")
        root = ET.fromstring(saved)
        assert not re.search(r"var\(|currentColor|<style|prefers-color-scheme", saved)
        assert [f"{root.get(side)[:-2]}" for side in ("width", "height")] == root.get("viewBox").split()[2:]
        assert root.get("aria-label") == ET.fromstring(svg).get("aria-label")
        assert words(saved) == words(svg)


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_saved_picture_is_black_and_coloured_on_white(tmp_path, kind):
    fig, ax = figure()
    ax.fill_between([0, 1], 0, 1, color=COLORS["blue"])
    path = tmp_path / f"picture.{kind}"
    picture(fig, alt="currentColor", caption="c").save(path, dpi=72)
    file = io.BytesIO(
        bytes(resvg_py.svg_to_bytes(svg_path=str(path), dpi=96)) if kind == "svg" else path.read_bytes()
    )
    pixels = np.asarray(Image.open(file).convert("RGBA")).reshape(-1, 4)
    assert len(pixels) == pytest.approx(3.95 * 2.9 * (96 if kind == "svg" else 72) ** 2, rel=0.01)
    assert kind == "png" or 'aria-label="currentColor"' in path.read_text(encoding="utf-8"), "words stay"
    for colour in ((255, 255, 255), (0, 0x72, 0xB2), (0, 0, 0)):
        near = np.abs(pixels.astype(int) - (*colour, 255)).max(axis=1) < 60
        assert near.mean() > 0.001, colour
    assert (pixels[:, 3] == 255).all()


def test_png_and_pdf_have_the_size_of_the_figure_its_words_and_the_same_bytes(tmp_path):
    mine = picture(figure(width=4, height=2)[0], alt="Nothing.", caption="It is 10²⁴ ≥ 1.")
    for kind in ("png", "pdf"):
        for name in ("one", "two"):
            mine.save(tmp_path / f"{name}.{kind}")
        assert (tmp_path / f"one.{kind}").read_bytes() == (tmp_path / f"two.{kind}").read_bytes()
    png, pdf = Image.open(tmp_path / "one.png"), (tmp_path / "one.pdf").read_bytes()
    assert (png.format, png.size) == ("PNG", (1200, 600))
    assert (png.text["Title"], png.text["Description"]) == (mine.caption, mine.alt)
    assert pdf.startswith(b"%PDF-")
    assert b"/MediaBox [ 0 0 288 144 ]" in pdf
    assert b"/Subject (Nothing.)" in pdf
    assert mine.svg == to_svg(mine.figure, "Nothing."), "a page is drawn the same afterwards"


@pytest.mark.parametrize("name", ["x.gif", "x.svgz", "svg", ""])
def test_another_suffix_is_refused_and_nothing_written(tmp_path, name):
    with pytest.raises(ValueError, match=r"^path must end in \.svg, \.png or \.pdf, got '.*'$"):
        drawing().save(tmp_path / name)
    with pytest.raises(
        ValueError, match=r"^path must end in \.svg where there is no figure, got '.*x\.png'$"
    ):
        Picture("<svg/>", "a", "c").save(tmp_path / "x.png")
    assert not list(tmp_path.iterdir())


def test_a_picture_with_hostile_words_is_saved_as_a_file_that_parses(tmp_path):
    picture(figure()[0], alt="a > b <style> &", caption="c").save(tmp_path / "x.svg")
    assert ET.parse(tmp_path / "x.svg").getroot().get("aria-label") == "a > b <style> &"


# --- Numbers in words ---------------------------------------------------------------------------------


def written(text):
    """Run a test for what stands as "5e9 = 5 billion; 3e23, 2 = ...": arguments and result."""
    items = (item.split(" = ") for item in " ".join(text.split()).split("; "))
    cases = [([float(x) for x in left.split(",")], right) for left, right in items]
    return pytest.mark.parametrize(("arguments", "words"), cases)


@written("""53e9 = 53 billion; 1.07e12 = 1.1 trillion; 128e6 = 130 million; 20.4 = 20; 1 = 1; 0.05 = 0.05;
1500 = 1.5 thousand; 0.996 = 1; 9.96 = 10; 994e6 = 990 million; 995.1e6 = 1 billion;
1e15 = 1,000 trillion; 999.6 = 1 thousand; 999.6e3 = 1 million; 999.6e6 = 1 billion;
999.6e9 = 1 trillion; 0 = 0; -0.0 = 0; -5 = -5; -53e9 = -53 billion; -999.6e6 = -1 billion;
1234567, 1 = 1 million; 1234567, 4 = 1.235 million; 999.6e6, 4 = 999.6 million;
2e15 = 2.0 × 10¹⁵; 3.14e23 = 3.1 × 10²³""")
def test_a_count_reads_as_people_say_it(arguments, words):
    assert compact_number(*arguments) == words  # rounding may carry into the next unit


@written("""3.14e23, 2 = 3.1 × 10²³; 3.14e23, 3 = 3.14 × 10²³; 1e24, 1 = 10²⁴; 1e24, 3 = 10²⁴;
9.96e23, 2 = 10²⁴; 5e-7, 1 = 5 × 10⁻⁷; -3.14e23, 2 = -3.1 × 10²³; 1.2345e-21, 3 = 1.23 × 10⁻²¹; 0, 2 = 0;
-1e24, 2 = -10²⁴""")
def test_a_number_in_scientific_notation(arguments, words):
    assert scientific(*arguments) == words  # rounding may carry into the exponent


@written("""76.2 = 76.2; 3 = 3; 0 = 0; 0.001 = 0.001; 99999 = 99999; 2e12 = 2 × 10¹²; 1e5 = 10⁵;
-12.5 = -12.5; 174.6e9 = 1.746 × 10¹¹; 3.14e23 = 3.14 × 10²³; 6.6e5 = 6.6 × 10⁵; 5e-7 = 5 × 10⁻⁷;
-2e12 = -2 × 10¹²""")
def test_a_number_with_the_digits_it_was_typed_with(arguments, words):
    assert plain_or_scientific(*arguments) == words


@written("""1e24 = 10²⁴; 1e4 = 10⁴; 1e-4 = 10⁻⁴; 1000 = 1000; 100 = 100; 1 = 1; 0.1 = 0.1; 0.001 = 0.001;
500 = 500; 0.25 = 0.25; 5e4 = 5.0 × 10⁴; 2e20 = 2.0 × 10²⁰; 0 = 0; 1e5, 3 = 10⁵""")
def test_a_tick_of_a_log_axis(arguments, words):
    assert power_of_ten(*arguments) == words  # Matplotlib passes the position, too


def test_whole_numbers_and_those_of_numpy_are_numbers():
    assert compact_number(np.float64(5e9)) == "5 billion"
    assert (compact_number(10**12), scientific(10**24)) == ("1 trillion", "10²⁴")


@pytest.mark.parametrize("write", [compact_number, scientific, plain_or_scientific, power_of_ten])
def test_what_is_no_number_is_not_written_as_one(write):
    for bad in (True, "3", None, 1j):
        with pytest.raises(TypeError, match=r"^value must be real numbers, got "):
            write(bad)
    for bad in (np.nan, np.inf):
        with pytest.raises(ValueError, match=f"^value must be finite, got {bad}$"):
            write(bad)


@pytest.mark.parametrize("write", [compact_number, scientific])
def test_digits_are_few_and_whole(write):
    for digits, rule in ((0, "between 1 and 17, got 0"), (18, "between 1 and 17"), (1.5, "a whole number")):
        with pytest.raises(ValueError, match=f"^digits must be {rule}"):
            write(3.14, digits)


# --- Axes ---------------------------------------------------------------------------------------------


def test_a_log_axis_has_a_tick_at_every_power_asked_for():
    fig, ax = figure()
    ax.plot([1e18, 1e26], [1.5, 4])
    log_axis(ax.xaxis, every=2)
    ax.set_xlim(1e18, 1e26)
    fig.draw_without_rendering()
    assert ax.get_xscale() == "log"
    assert ax.get_yscale() == "linear"
    low, high = ax.get_xlim()
    inside = [tick for tick in ax.get_xticks() if low <= tick <= high]
    np.testing.assert_allclose(inside, [1e18, 1e20, 1e22, 1e24, 1e26])
    assert ax.xaxis.get_major_formatter()(1e22) == "10²²"
    assert len(ax.get_xticks(minor=True)) == 0


def test_the_other_axis_can_be_logarithmic_and_the_title_stands_flush_left():
    _, ax = figure()
    log_axis(ax.yaxis)
    title(ax, "Loss, nats per token")
    assert (ax.get_xscale(), ax.get_yscale()) == ("linear", "log")
    assert (ax.get_title(loc="left"), ax.get_title()) == ("Loss, nats per token", "")


def test_a_dot_has_a_name_and_its_range_another():
    _, ax = figure()
    dot(ax, 2.0, 5.0, "a", color="red", span=(1.0, 4.0))
    dot(ax, 2.0, 5.0, "b", color="red", span=(4.0, 7.0), upright=True)
    dot(ax, 3.0, 5.0, "c", color="red")
    for name, x, y in (("a", [2], [5]), ("b", [2], [5]), ("c", [3], [5])):
        np.testing.assert_array_equal(series(ax, name), (x, y))
    np.testing.assert_array_equal(series(ax, "a, range"), ([1, 4], [5, 5]))
    np.testing.assert_array_equal(series(ax, "b, range"), ([2, 2], [4, 7]))
    with pytest.raises(AssertionError, match="0 series called 'c, range'"):
        series(ax, "c, range")
    without_y(ax)
    assert not len(ax.get_yticks())


@pytest.mark.parametrize(
    ("ha", "va", "offset"),
    [("left", "bottom", (4, 4)), ("right", "top", (-4, -4)), ("center", "center", (0, 0))],
)
def test_a_label_stands_off_its_place(ha, va, offset):
    _, ax = figure()
    label(ax, 1, 2, "here", ha=ha, va=va)
    (note,) = ax.texts
    assert (note.get_text(), note.xy, note.xyann) == ("here", (1.0, 2.0), offset)
    assert (note.get_ha(), note.get_va()) == (ha, va)


@pytest.mark.parametrize(("name", "bad"), [("ha", "middle"), ("va", "baseline")])
def test_a_label_on_an_unknown_side_is_refused_with_the_known_ones(name, bad):
    _, ax = figure()
    with pytest.raises(ValueError, match=rf"^{name} must be one of .*center.*, got '{bad}'"):
        label(ax, 1, 2, "here", **{name: bad})
