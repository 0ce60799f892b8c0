"""The drawings of the chapter on the No Free Lunch theorem say what they drew."""

from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest

from frontier import nofreelunch, registry
from frontier.chapters import no_free_lunch as draw
from frontier.multitask import Comparison
from frontier.show import figure

HALF = Fraction(1, 2)


def test_the_prior_counts_agreements():
    """The same, slowly: the first value is a coin, each further one agrees with its neighbour or not."""
    agree = Fraction(3, 10)
    weights = draw.prior(agree)
    assert sum(weights) == 1
    for row, weight in zip(product((0, 1), repeat=8), weights, strict=True):
        slow = HALF
        for left, right in pairwise(row):
            slow *= agree if left == right else 1 - agree
        assert weight == slow


def test_all_learners_cross_at_one_half_and_part_elsewhere():
    functions = nofreelunch.all_functions(8, 2)
    assert {draw.accuracy(a, functions, draw.prior(HALF)) for a in draw.LEARNERS.values()} == {0.5}
    found = {
        name: draw.accuracy(a, functions, draw.prior(Fraction(4, 5))) for name, a in draw.LEARNERS.items()
    }
    assert found["nearest neighbour"] == pytest.approx(0.8)
    assert found["its opposite"] == pytest.approx(0.2)
    assert 0.5 < found["majority"] < 0.8
    assert found["always 0"] == 0.5


def test_crossing_draws_a_line_for_each_learner_and_marks_real_data():
    _fig, ax = figure()
    words = draw.crossing(ax, {"rows of pixels": 0.66})
    nearest, opposite, _majority, always = (line.get_ydata() for line in ax.lines[:4])
    assert np.allclose(nearest, np.linspace(0, 1, 21))
    assert np.allclose(nearest + opposite, 1)
    assert np.allclose(always, 0.5)
    assert set(ax.lines[5].get_xdata()) == {0.66}
    assert "rows of pixels at 0.66" in words


@pytest.mark.parametrize("name", draw.LEARNERS)
def test_the_bill_adds_up_to_the_accuracy(name):
    functions, learner = nofreelunch.all_functions(8, 2), draw.LEARNERS[name]
    for agree in (Fraction(1, 5), HALF, Fraction(4, 5)):
        whole = draw.accuracy(learner, functions, draw.prior(agree)) - 0.5
        assert draw.gains(agree, learner).sum() == pytest.approx(whole, abs=1e-12)


def test_the_bill_says_what_is_left():
    _fig, ax = figure()
    assert draw.bill(ax, HALF, "majority").endswith("nothing is left.")
    assert [bar.get_height() for bar in ax.patches]
    assert draw.bill(figure()[1], Fraction(4, 5), "nearest neighbour").endswith("+30.0 points are left.")
    assert draw.bill(figure()[1], Fraction(4, 5), "its opposite").endswith("−30.0 points are left.")
    for agree, name in product((Fraction(1, 5), Fraction(4, 5)), draw.LEARNERS):
        assert abs(100 * draw.gains(agree, draw.LEARNERS[name])).max() < 14  # the ends of the axis


def test_rarity_is_that_of_igel_and_toussaint():
    three, four, eight, sixteen = draw.rarity([3, 4, 8, 16])
    assert (three["sets of them"], three["closed, one in"]) == ("255", "17")
    assert four["closed, one in"] == f"{65535 / 31:,.0f}"
    assert eight["closed, one in"] == "about 10⁷⁴"
    assert sixteen["sets of them"] == "about 10¹⁹⁷²⁸"


def test_neighbours_and_nearest_are_counted():
    assert draw.neighbours_agree([[0, 0, 1], [1, 1, 1]]) == 0.75
    assert draw.nearest_agrees([[0], [1], [5], [7]], [0, 0, 1, 0]) == 0.5


def test_two_worlds_puts_learners_side_by_side():
    table = draw.two_worlds([[0] * 8, [1] * 8], [3, 1])
    assert {row["all functions"] for row in table} == {"50%"}
    found = {row["learner"]: row["rows of digits"] for row in table}
    assert found["nearest neighbour"] == found["majority"] == found["who knows the rows"] == "100%"
    assert (found["its opposite"], found["always 0"]) == ("0%", "75%")


def test_search_draws_real_and_shuffled_rows():
    rows, times = [[0, 0, 0, 2, 1, 0, 0, 0], [0, 0, 0, 0, 2, 1, 0, 0]], [1, 1]
    _fig, ax = figure()
    words = draw.search_rows(ax, rows, times)
    shuffled, climber, _descender, plain = (line.get_ydata() for line in ax.lines)
    assert shuffled[0] == pytest.approx(3 / 8)
    assert shuffled[-1] == climber[-1] == plain[-1] == 2
    assert climber[0] == pytest.approx(1.5)  # it begins at point 4
    assert plain[2] == 0
    assert "begin at 1.50" in words


def runs(lead):
    """Eight runs in which the two others are better than the specialist by `lead`, and by half of it."""
    noise = np.linspace(-0.01, 0.01, 8)
    base = np.array([0.7, 0.8])
    return [Comparison(base, base + lead / 2, base + lead + e, {"specialist": 1.0}) for e in noise]


def test_the_edge_is_paired_and_has_students_interval():
    from scipy import stats

    over, half = draw.edge(runs(0.03), "multitask")
    noise = np.linspace(-0.01, 0.01, 8)
    assert over == pytest.approx(0.03)
    assert half == pytest.approx(stats.t.ppf(0.975, 7) * stats.sem(noise), rel=1e-3)
    for count, factor in draw.T_95.items():
        assert factor == pytest.approx(stats.t.ppf(0.975, count - 1), rel=1e-3)
    assert draw.mean(runs(0.03), "specialist") == pytest.approx(0.75)
    assert draw.mean(runs(0.03), "specialist", 0) == pytest.approx(0.7)


def test_three_ways_draws_both_panels():
    _fig, axes = figure(1, 2)
    words = draw.three_ways(axes, {m: runs(m / 1000) for m in (10, 20, 40, 80)})
    assert len(axes[0].lines) == 3
    assert "generalist 4.0 (± 0.0) at 80, multitask 8.0 (± 0.6) at 80 labels" in words
    assert "from about 75%" in words


def test_adapting_takes_an_hour_of_four_chips():
    assert draw.pretraining_over_adapting() == 64 * 4 * 24 / (4 * 1)


def test_the_recipe_is_the_registrys():
    rows = draw.recipe()
    assert [row["training"] for row in rows] == ["9 hours", "12 hours", "312 hours"]
    assert registry.find("AlphaZero (Go)").training_days.value * 24 == 312


def test_the_digits_are_those_the_chapter_speaks_of():
    datasets = pytest.importorskip("sklearn.datasets", reason="scikit-learn comes with the extra 'book'")
    digits = datasets.load_digits()
    pixels = (digits.images.reshape(-1, 8) >= 8).astype(int)
    assert pixels.shape == (14376, 8)
    assert len(np.unique(pixels, axis=0)) == 61
    assert draw.neighbours_agree(pixels) == pytest.approx(0.6636, abs=1e-4)
    assert draw.nearest_agrees(digits.data, digits.target % 2) == pytest.approx(0.994, abs=1e-3)
    assert digits.data.max() == 16
