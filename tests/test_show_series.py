"""The table behind a figure: every kind of thing that is drawn, as the reader would download it."""

import csv
import io

import numpy as np
import pytest
from matplotlib import dates

from frontier.show import COLORS, as_csv, figure, label, picture, title
from frontier.show.picture import data_link
from frontier.show.series import COLUMNS

BLUE, GREEN = COLORS["blue"], COLORS["green"]


def read(text):
    """Return comments and rows, as whoever downloads the file reads them."""
    lines = text.splitlines()
    comments = [line for line in lines if line.startswith("#")]
    return comments, list(csv.DictReader(io.StringIO("\n".join(lines[len(comments) :]))))


def table(draw, **size):
    """Draw on new Axes and return what the table says of each series."""
    fig, ax = figure(**size)
    draw(ax)
    series = {}
    for row in read(as_csv(fig))[1]:
        series.setdefault(row["series"], []).append(tuple(row[name] for name in COLUMNS[2:]))
    return series


def test_a_line_has_its_points():
    assert table(lambda ax: ax.plot([1, 2.5], [3, -4e24], color=BLUE)) == {
        "line 1 (blue)": [("1", "", "3", ""), ("2.5", "", "-4e+24", "")]
    }


def test_a_label_names_a_series_and_what_has_none_goes_by_kind_and_look():
    def draw(ax):
        ax.plot([0], [1], label="ours, this year")
        ax.plot([0], [1], color="black", linestyle="--")
        ax.plot([0], [1], "o", color=GREEN)
        ax.plot([0], [1], "o", color="#123456")
        ax.plot([0], [1], color="gray", linestyle=":", label="_hidden")

    assert list(table(draw)) == [
        "ours, this year",
        "line 2 (black dashed)",
        "points 1 (green)",
        "points 2 (#123456)",
        "line 3 (gray dotted)",
    ]


def test_a_band_has_both_edges():
    assert table(lambda ax: ax.fill_between([1, 2, 3], [4, 5, 6], [6, 8, 9], color=GREEN)) == {
        "band 1 (green)": [("1", "", "4", "6"), ("2", "", "5", "8"), ("3", "", "6", "9")]
    }


def test_bars_have_their_ends_and_are_one_series():
    assert table(lambda ax: ax.bar([1, 2], [3, 4], 0.5, color=BLUE)) == {
        "bars 1 (blue)": [("0.75", "1.25", "0", "3"), ("1.75", "2.25", "0", "4")]
    }
    flat = table(lambda ax: ax.barh([1], [3], 0.5, color=BLUE))
    assert flat == {"bars 1 (blue)": [("0", "3", "0.75", "1.25")]}


def test_error_bars_have_their_ends_and_the_name_of_what_they_belong_to():
    assert table(lambda ax: ax.errorbar([1], [2], [0.5], [0.25], fmt="o", color=BLUE)) == {
        "points 1 (blue)": [("1", "", "2", "")],
        "interval 1 (blue)": [("0.75", "1.25", "2", "")],
        "interval 2 (blue)": [("1", "", "1.5", "2.5")],
    }
    named = table(lambda ax: ax.errorbar([1], [2], [0.5], fmt="o", label="measured"))
    assert named == {"measured": [("1", "", "2", ""), ("1", "", "1.5", "2.5")]}


def test_what_runs_across_the_panel_has_one_coordinate():
    def draw(ax):
        ax.axhline(0.693, color="black")
        ax.axvline(5, color="black")
        ax.axhspan(1, 2, color=BLUE)
        ax.axvspan(3, 4, color=BLUE)

    assert table(draw) == {
        "line 1 (black)": [("", "", "0.693", "")],
        "line 2 (black)": [("5", "", "", "")],
        "bars 1 (blue)": [("", "", "1", "2")],
        "bars 2 (blue)": [("3", "4", "", "")],
    }


def test_words_in_the_drawing_have_their_place():
    assert table(lambda ax: label(ax, 1, 2, "GPT-3,\nestimated")) == {
        "words: GPT-3, estimated": [("1", "", "2", "")]
    }


def test_what_is_no_data_is_not_in_the_table():
    def draw(ax):
        ax.plot([1, 2], [3, 4], visible=False)
        ax.plot([0, 1], [0, 1], transform=ax.transAxes)
        ax.text(0.5, 0.5, "a remark")
        ax.grid()
        ax.scatter([], [])

    assert table(draw) == {}


def test_a_gap_is_an_empty_cell_numbers_have_five_digits_and_there_is_no_minus_zero():
    ((_, rows),) = table(lambda ax: ax.plot([1 / 3, -0.0, 2], [2e-30 / 3, 123456.7, np.nan])).items()
    assert rows == [("0.33333", "", "6.6667e-31", ""), ("0", "", "1.2346e+05", ""), ("2", "", "", "")]


@pytest.mark.parametrize("count", [200, 201, 3000])
def test_a_long_series_is_thinned_and_the_table_says_so(count):
    fig, ax = figure()
    ax.scatter(np.arange(count), np.arange(count), color=BLUE, rasterized=True)
    comments, rows = read(as_csv(fig))
    step = -(-count // 200)
    assert len(rows) <= 200
    assert [float(row["x"]) for row in rows] == list(range(0, count, step))
    said = [f"# panel 1: points 1 (blue) has {count} points, one in {step} is written"]
    assert comments == (said if step > 1 else [])


def test_comments_say_what_the_axes_are_what_ticks_stand_for_and_rows_name_their_panel():
    fig, (left, right) = figure(1, 2)
    title(left, "Loss, nats\nper token")
    left.set_xlabel("Compute (FLOP)")
    right.set_yticks([0, 1, 2], ["GPT-2", "GPT-3", "2"])
    right.plot([3], [4], color=BLUE)
    assert as_csv(fig, "A finding.", "One\nsetting.").splitlines() == [
        "# A finding.",
        "# One setting.",
        "# panel 1: title is Loss, nats per token; x is Compute (FLOP)",
        "# panel 2: y 0 is GPT-2, 1 is GPT-3",
        ",".join(COLUMNS),
        "2,line 1 (blue),3,,4,",
    ]


def test_dates_are_numbers_of_days():
    fig, ax = figure()
    ax.plot(np.array(["2024-01-01"], "datetime64[D]"), [1])
    assert float(read(as_csv(fig))[1][0]["x"]) == pytest.approx(dates.date2num(np.datetime64("2024-01-01")))


def test_a_picture_offers_its_data():
    fig, ax = figure()
    ax.plot([1, 2], [3, 4], label="a & b")
    shown = picture(fig, alt="A line.", caption="It rises.")
    assert shown.data == as_csv(fig, "It rises.")
    assert data_link(shown.data) in shown._repr_html_()


def test_the_link_holds_the_data_to_the_letter_and_nothing_else():
    from urllib.parse import unquote

    data = '# "a" <b> & 50% #2\npanel,series\n1,"x, y"\n'
    link = data_link(data)
    address = link.split('href="')[1].split('"')[0]
    assert unquote(address.removeprefix("data:text/csv;charset=utf-8,")) == data
    assert not set(address) & set("<>& #\n")
    assert data_link("") == ""
