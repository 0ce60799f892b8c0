"""The drawings and tables of the chapter on the Bekenstein bound say what they show."""

import numpy as np
import pytest
from series import series

from frontier import registry
from frontier.bekenstein import Box
from frontier.chapters import bekenstein as draw
from frontier.chapters.bekenstein import Rounded
from frontier.show import figure

STICK = Box(7.5e-3, 0.0415)
CAPACITY = 1.6e13
LIMITS = {
    "DNA": 1.72e21 * 7.5e-3,
    "one bit per atom": STICK.atoms(registry.number("Silicon", "molar_mass")),
    "hot light": STICK.light,
    "Bekenstein bound": STICK.bound,
}


def test_the_ladder_has_a_mark_for_each_rung_at_its_bits():
    _fig, ax = figure()
    words = draw.ladder(ax, STICK, {"the weights": 1.92e11}, LIMITS)
    marks = {line.get_label(): line for line in ax.lines if line.get_marker() in ("o", "D")}
    bits = {name: float(line.get_xdata()[0]) for name, line in marks.items()}
    assert bits == {"the weights": 1.92e11} | LIMITS
    assert sorted(bits.values()) == list(bits.values()), "the rungs climb"
    assert [name for name, line in marks.items() if line.get_marker() == "o"] == ["the weights"]
    assert "the weights 1.9 × 10¹¹, DNA 1.3 × 10¹⁹" in words
    assert "Bekenstein bound 8.0 × 10³⁹" in words


def test_the_rungs_climb_and_say_how_far_it_is():
    known = [(name, "by mass", bits) for name, bits in LIMITS.items()]
    known += [("black hole", "as large", STICK.black_hole), ("stick", "as it is", CAPACITY)]
    rows = draw.rungs(known, STICK.bound)
    left = [row["orders to the bound"] for row in rows]
    assert left[-2:] == ["0.0", "another mass"]
    assert [float(x) for x in left[:-1]] == sorted(map(float, left[:-1]), reverse=True)
    assert rows[0]["bits"] == "1.6\u00a0×\u00a010¹³"
    by_name = {row["rung"]: row["orders to the bound"] for row in rows}
    assert float(by_name["one bit per atom"]) == pytest.approx(16.7, abs=0.05)


def test_holdings_count_sticks_and_say_when_atoms_do_not_suffice():
    world = registry.number("The world's data of 2025", "count")
    rows = draw.holdings({"weights": 1.92e11, "world": world}, CAPACITY, LIMITS)
    assert [row["sticks today"] for row in rows] == ["1", "88 billion"]
    assert float(rows[0]["orders to Bekenstein"]) == pytest.approx(28.6)
    assert float(rows[1]["orders to one bit per atom"]) < 0 < float(rows[1]["orders to Bekenstein"])


@pytest.mark.parametrize("years", [1, 2, 8])
def test_the_crossing_marks_what_is_met_within_three_centuries(years):
    _fig, ax = figure()
    words = draw.crossing(ax, years, CAPACITY, LIMITS)
    when = {name: years * np.log2(bits / CAPACITY) for name, bits in LIMITS.items()}
    met = {line.get_label(): line.get_xdata()[0] for line in ax.lines if line.get_marker() == "o"}
    assert met == pytest.approx({f"reaches: {name}": t for name, t in when.items() if t <= 300})
    assert f"one bit per atom after {when['one bit per atom']:.0f}" in words
    assert words.startswith(f"Doubling every {years:g} year" + ("s" if years > 1 else "") + ":")


def test_growth_is_dashed_beyond_one_bit_per_atom():
    _fig, ax = figure()
    draw.crossing(ax, 2, CAPACITY, LIMITS)
    assert series(ax, "the stick")[1] == pytest.approx([CAPACITY, LIMITS["one bit per atom"]], rel=1e-9)
    assert series(ax, "beyond a bit per atom")[1][0] == series(ax, "the stick")[1][1]
    looks = {line.get_label(): line.get_linestyle() for line in ax.lines}
    assert looks["the stick"] == "-" != looks["beyond a bit per atom"]


def test_rounding_is_tabled_and_drawn_for_both_kinds_of_levels():
    best = [Rounded(2, 1.9, 2.0, 2.5), Rounded(4, 3.8, 3.9, 2.01), Rounded(8, 7.7, 7.8, 1.99999)]
    even = [Rounded(3, 1.5, 1.6, 3.0), Rounded(5, 3.5, 3.6, 2.1)]
    table = draw.rounding_table(2.0, best)
    assert [row["worse by"] for row in table] == ["25.0%", "0.5%", "0.0%"]
    _fig, ax = figure()
    words = draw.rounding(ax, 2.0, best[:2], even)
    np.testing.assert_allclose(series(ax, "fitted levels"), [[1.9, 3.8], [0.5, 0.01]])
    np.testing.assert_allclose(series(ax, "even levels"), [[1.5, 3.5], [1.0, 0.1]])
    first, second = ax.lines
    assert first.get_linestyle() != second.get_linestyle()
    assert first.get_marker() != second.get_marker()
    assert "fitted levels: 2 bits stored, 1.9 after coding, 0.5000 nats" in words


def test_speeds_are_written_with_what_they_count():
    (row,) = draw.speeds([("a chip", "its data sheet", 989.4e12, "FLOP")])
    assert row["per second"] == "9.89\u00a0×\u00a010¹⁴ FLOP"
