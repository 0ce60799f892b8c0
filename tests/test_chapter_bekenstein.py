"""The drawings and tables of the chapter on the Bekenstein bound say what they show."""

import numpy as np
import pytest

from frontier import bekenstein, decoder, registry, sweep
from frontier.chapters import bekenstein as draw
from frontier.show import figure

BOX = draw.Box(7.5e-3, 0.0415)
CAPACITY = 1.6e13


def test_the_box_is_bounded_by_the_laws_in_their_order():
    assert BOX.bound == bekenstein.max_bits(0.0415, bekenstein.rest_energy(7.5e-3))
    assert pytest.approx(2.577e43 * 7.5e-3 * 0.0415, rel=1e-3) == BOX.bound
    assert pytest.approx(7.5e-3 / 0.0280855 * 6.02214e23, rel=1e-4) == BOX.atoms
    assert pytest.approx(215e15 * 8 / 1e-3 * 7.5e-3) == BOX.dna
    assert CAPACITY < BOX.dna < BOX.atoms < BOX.light < BOX.bound < BOX.black_hole


def test_the_sphere_around_the_stick_is_filled_by_a_black_hole_of_its_own_mass():
    mass = BOX.radius / bekenstein.schwarzschild_radius(1)
    assert bekenstein.black_hole_bits(mass) == pytest.approx(BOX.black_hole, rel=1e-9)
    assert mass > 5.97e24  # the Earth's


def test_the_stick_and_what_stands_beside_it_on_the_ladder():
    assert draw.flash_stick() == (BOX, CAPACITY)
    assert draw.held(1.0, 2.0, 3.0) == {
        "DALL-E's weights": 1.0, "the stick today": 2.0, "its training images": 3.0
    }  # fmt: skip


def test_orders_and_doublings_are_the_same_distance():
    assert draw.orders(1, 1000) == pytest.approx(3)
    assert draw.doublings(1, 1024) == 10


def test_the_ladder_has_a_mark_for_each_rung_at_its_bits():
    _fig, ax = figure()
    words = draw.ladder(ax, BOX, {"the weights": 1.92e11})
    marks = {line.get_marker(): line for line in ax.lines if line.get_marker() in "oD"}
    assert set(marks) == {"o", "D"}
    places = sorted(float(line.get_xdata()[0]) for line in ax.lines if line.get_marker() in "oD")
    assert places == sorted([1.92e11, BOX.dna, BOX.atoms, BOX.light, BOX.bound, BOX.black_hole])
    assert "the weights 1.9 × 10¹¹, in DNA 1.3 × 10¹⁹" in words
    assert "Bekenstein bound 8.0 × 10³⁹" in words


def test_the_rungs_climb_and_say_how_far_it_is():
    rows = draw.rungs(BOX)
    left = [row["orders to the bound"] for row in rows]
    assert left[-1] == "another mass"
    assert [float(x) for x in left[:-1]] == sorted(map(float, left[:-1]), reverse=True)
    by_name = {row["rung"]: row for row in rows}
    assert by_name["flash stick"]["bits"].split() == ["1.6", "×", "10¹³"]
    assert by_name["Bekenstein bound"]["orders to the bound"] == "0.0"
    assert float(by_name["one bit per atom"]["orders to the bound"]) == pytest.approx(16.7, abs=0.05)


def test_the_density_of_the_stick_is_that_of_its_data():
    assert draw.stick_density() == pytest.approx(2e12 * 8 / 7.5e-3)


def test_holdings_count_sticks_and_say_when_atoms_do_not_suffice():
    rows = draw.holdings(BOX, CAPACITY, {"weights": 1.92e11, "world": draw.WORLD_2025})
    assert [row["sticks today"] for row in rows] == ["1", "88 billion"]
    assert float(rows[0]["orders to Bekenstein"]) == pytest.approx(28.6)
    assert float(rows[1]["orders to one bit per atom"]) < 0 < float(rows[1]["orders to Bekenstein"])


@pytest.mark.parametrize("years", [1, 2, 8])
def test_the_crossing_marks_what_is_met_within_three_centuries(years):
    _fig, ax = figure()
    words = draw.crossing(ax, years, BOX, CAPACITY)
    limits = [BOX.dna, BOX.atoms, BOX.light, BOX.bound]
    when = [years * np.log2(limit / CAPACITY) for limit in limits]
    met = [float(line.get_xdata()[0]) for line in ax.lines if line.get_marker() == "o"]
    np.testing.assert_allclose(met, [t for t in when if t <= 300])
    assert f"one bit per atom after {when[1]:.0f}" in words
    assert words.startswith(f"Doubling every {years:g} year" + ("s" if years > 1 else "") + ":")


def test_growth_is_dashed_beyond_one_bit_per_atom():
    _fig, ax = figure()
    draw.crossing(ax, 2, BOX, CAPACITY)
    solid, dashed = (line for line in ax.lines if line.get_color() == draw.BLUE)
    assert solid.get_linestyle() == "-" != dashed.get_linestyle()
    assert solid.get_ydata()[-1] == pytest.approx(BOX.atoms, rel=1e-9)


@pytest.fixture(scope="module")
def model():
    return decoder.train(16, 1, sweep.text().train[:400], rate=0.01, dtype=np.float64)


@pytest.fixture(scope="module")
def windows():
    return sweep.text().held_out[:32]


def test_rounding_costs_more_the_fewer_bits_and_codes_stay_near_their_entropy(model, windows):
    full = decoder.loss(model, windows)
    found = draw.rounded(model, windows, (2, 4, 8))
    added = [row.loss - full for row in found]
    assert added[0] > added[1] > abs(added[2])
    for row in found:
        assert row.entropy <= row.huffman < row.entropy + 1
        assert row.entropy <= row.bits
    table = draw.rounding_table(full, found)
    assert [row["bits per weight"] for row in table] == ["2", "4", "8"]
    assert not [row for row in table if row["worse by"].startswith("-0.0")]


def test_the_rounding_figure_draws_both_kinds_of_levels(model, windows):
    full = decoder.loss(model, windows)
    best, even = draw.rounded(model, windows, (2, 4)), draw.rounded(model, windows, (3, 5), "even")
    _fig, ax = figure()
    words = draw.rounding(ax, full, best, even)
    first, second = ax.lines
    np.testing.assert_allclose(first.get_xdata(), [row.entropy for row in best])
    np.testing.assert_allclose(second.get_ydata(), [row.loss - full for row in even])
    assert first.get_linestyle() != second.get_linestyle()
    assert first.get_marker() != second.get_marker()
    assert "fitted levels: 2 bits stored" in words


def test_speeds_are_the_printed_ones():
    rows = {(row["what"], row["says"]): row["per second"].replace("\u00a0", " ") for row in draw.speeds()}
    assert rows["1 kilogram", "Margolus and Levitin, two states"] == "5.43 × 10⁵⁰ steps"
    assert rows["1 joule", "Margolus and Levitin, two states"].startswith("6.04 × 10³³")
    assert rows["1 joule", "Margolus and Levitin, a long sequence"].startswith("3.02 × 10³³")
    assert rows["1 kilogram", "Bremermann"] == "1.36 × 10⁵⁰ bits"
    peak = registry.find("H100 SXM5").flop_per_second.value
    assert rows["an H100 at its peak", "its data sheet"] == "9.89 × 10¹⁴ FLOP"
    assert peak == 989.4e12
