"""The drawings of the chapter on the No Free Lunch theorem say what they drew."""

from fractions import Fraction

import numpy as np
import pytest
from series import series

from frontier import nofreelunch, registry
from frontier.chapters import no_free_lunch as draw
from frontier.show import figure

HALF = Fraction(1, 2)


def test_crossing_draws_a_line_for_each_learner_and_marks_real_data():
    agree = [Fraction(k, 4) for k in range(5)]
    right = {name: np.full(5, k / 4) for k, name in enumerate(draw.LEARNERS)}
    _fig, ax = figure()
    words = draw.crossing(ax, agree, right, {"rows of pixels": 0.66}, Fraction(3, 4))
    for name, shares in right.items():
        np.testing.assert_allclose(series(ax, name), [np.linspace(0, 1, 5), shares])
    assert set(series(ax, "rows of pixels")[0]) == {0.66}
    assert [*series(ax, "majority, here")[0], *series(ax, "majority, here")[1]] == [0.75, 0.5]
    said = "nearest neighbour 0%, its opposite 25%, majority 50%, always 0 75% right."
    assert words == f"Neighbours agree 75% of the time: {said}"
    tied = dict.fromkeys(draw.LEARNERS, np.full(5, HALF))
    assert draw.crossing(ax, agree, tied, {}, HALF).endswith("all four are right 50% of the time.")


def test_the_bill_says_what_is_won_paid_and_left():
    _fig, ax = figure()
    words = draw.bill(ax, HALF, "majority", [0.05, -0.02, -0.03])
    assert (
        words == "Neighbours agree 50% of the time. Majority wins 5.0 points and pays 5.0: nothing is left."
    )
    assert series(ax, "won")[1].tolist() == [5]
    assert series(ax, "paid")[1].tolist() == [-2, -3]
    words = draw.bill(figure()[1], HALF, "its opposite", [Fraction(1, 20), 0, Fraction(-1, 10)])
    assert words.endswith("wins 5.0 points and pays 10.0: −5.0 points are left.")


def test_rarity_is_that_of_igel_and_toussaint():
    table = draw.rarity({n: nofreelunch.log10_cup_fraction(n, 2) for n in (3, 4, 8, 16)})
    three, four, eight, sixteen = table
    assert (three["sets of them"], three["closed, one in"]) == ("255", "17")
    assert four["closed, one in"] == f"{65535 / 31:,.0f}"
    assert eight["closed, one in"] == "about 10⁷⁴"
    assert sixteen["sets of them"] == "about 10¹⁹⁷²⁸"


def test_two_worlds_puts_learners_side_by_side():
    (row,) = draw.two_worlds({"majority": (HALF, Fraction(3, 4))})
    assert row == {"learner": "majority", "all functions": "50%", "rows of digits": "75%"}


def test_search_draws_real_and_shuffled_rows():
    found = {
        "hill climber": [1.5, 2, 2, 2],
        "hill descender": [1.5, 1, 1, 2],
        "left to right": [0, 0.2, 1.9, 2],
    }
    _fig, ax = figure()
    words = draw.search_rows(ax, found, [0.4, 0.9, 1.5, 2])
    for name, best in found.items():
        np.testing.assert_allclose(series(ax, name), [[1, 2, 3, 4], best])
    assert series(ax, "shuffled: all alike")[1].tolist() == [0.4, 0.9, 1.5, 2]
    assert "begin at 1.50" in words
    assert "begins at 0.00 and passes the dashed line at 3" in words


def test_three_ways_draws_both_panels():
    sizes = (10, 20, 40, 80)
    right = {way: {m: 0.75 + m / 1000 for m in sizes} for way in draw.WAYS}
    edge = {way: {m: (k * m / 2000, 0.006) for m in sizes} for k, way in enumerate(draw.WAYS)}
    _fig, axes = figure(2, 1)
    words = draw.three_ways(axes, right, edge, 5)
    np.testing.assert_allclose(series(axes[0], "multitask"), [sizes, [76, 77, 79, 83]])
    np.testing.assert_allclose(series(axes[1], "multitask")[1], [1, 2, 4, 8])
    assert "three ways to learn 5 tasks" in words
    assert "generalist 4.0 (± 0.6) at 80, multitask 8.0 (± 0.6) at 80 labels" in words
    assert "from about 75%" in words


def test_the_recipe_is_the_registrys():
    games = {game: registry.find(f"AlphaZero ({game})") for game in ("chess", "shogi", "Go")}
    rows = draw.recipe(games)
    assert [row["game"] for row in rows] == ["chess", "shogi", "Go"]
    assert [row["training"] for row in rows] == ["9 hours", "12 hours", "312 hours"]


def test_adapting_took_an_hour_of_four_chips_of_which_pretraining_took_1536():
    bert, adapted = registry.find("BERT-Large"), registry.find("BERT-Large, adapted to a task")
    assert (adapted.count.value, adapted.duration.value) == (4, 3600)
    assert bert.n_chips.value * bert.training_days.value * 24 / 4 == 64 * 4 * 24 / 4 == 1536


def test_the_digits_are_those_the_chapter_speaks_of():
    datasets = pytest.importorskip("sklearn.datasets", reason="scikit-learn comes with the extra 'book'")
    digits = datasets.load_digits()
    pixels = (digits.images.reshape(-1, 8) >= 8).astype(int)
    assert pixels.shape == (14376, 8)
    assert len(np.unique(pixels, axis=0)) == 61
    assert np.mean(pixels[:, 1:] == pixels[:, :-1]) == pytest.approx(0.6636, abs=1e-4)
    assert digits.data.max() == 16
