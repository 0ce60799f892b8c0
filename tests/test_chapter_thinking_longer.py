"""The drawings of the chapter on thinking longer: what they say, and that they draw the law."""

import numpy as np
import pytest
from series import series

from frontier import inference, scaling
from frontier.chapters import thinking_longer as draw
from frontier.registry import Range, number
from frontier.show import figure

LAW = scaling.BESIROGLU_2024


def test_tries_draws_both_laws_through_what_was_measured():
    _fig, ax = figure()
    words = draw.tries(ax, 0.159, (250, 0.56), 0.43, 0.767, 50)
    x, y = series(ax, "problems that differ")
    assert np.interp(np.log(250), np.log(x), y) == pytest.approx(0.56, abs=2e-3)
    assert series(ax, "if all problems were alike")[1][-1] == 1
    assert series(ax, "this many attempts")[0].tolist() == [50]
    assert words.startswith("With 50 tries at each, 46% of the faults are repaired, by the curve.")
    assert words.endswith("Were all equally hard, it would be as good as all.")
    assert draw.tries(ax, 0.159, (250, 0.56), 0.43, 0.767, 2).endswith(f"it would be {1 - 0.841**2:.0%}.")


def test_the_table_says_what_binds():
    rows = {row["model"].split(":")[0]: row for row in draw.shapes()}
    assert list(rows) == list(draw.SHAPES)
    assert float(rows["GPT-3"]["GB alone"]) == pytest.approx(2 * 174.6 + 4.7, abs=2)  # weights and cache
    for row in rows.values():
        alone, shared = (float(row[key].strip("%")) for key in ("of peak at best, alone", "64"))
        assert alone < 0.5 < shared


def test_answers_stand_over_the_floor():
    _fig, ax = figure()
    energies = {"a": Range(3600.0, 360.0, 36000.0), "b": Range(7200.0, 7200.0, 7200.0)}
    words = draw.answers(ax, energies, (1e-7, 1e-5))
    assert series(ax, "a, range")[0].tolist() == [360, 36000]
    assert series(ax, "erasing 1 to 32 bits an operation")[0].tolist() == [1e-7, 1e-5]
    assert "b 2.00; a 1.00 (0.10 to 10.00)" in words


def test_ceilings_are_neared_and_not_passed():
    _fig, ax = figure()
    words = draw.ceilings(ax, 0.2, {"good": 0.6, "poor": 0.5}, 2.0)
    for name, top in (("good", 0.6), ("poor", 0.5)):
        y = series(ax, name)[1]
        assert np.all(np.diff(y) > 0)
        assert top - 1e-3 < y[-1] < top
    assert "50.00% at 1, 99.01% at 10" in words


def test_matched_marks_the_formula():
    _fig, ax = figure()
    words = draw.matched(ax, 14)
    assert series(ax, "at 1")[1][0] == pytest.approx(14 + 3 * 13)
    assert "53 times at 1" in words


@pytest.mark.parametrize("used", [1e11, 1e14, 1e16])
def test_life_marks_the_lowest_point_of_the_curve(used):
    _fig, ax = figure()
    words = draw.life(ax, LAW, 1.95, used)
    total = series(ax, "both")[1]
    least = series(ax, "least for both")[1][0]
    assert least <= total.min() * (1 + 1e-9)
    assert least == pytest.approx(total.min(), rel=0.01)
    assert "less compute than the training optimum" in words


def test_the_curve_of_the_chapter_goes_through_both_points():
    one, many = (number(f"Brown 2024, {x}", "success") for x in ("one attempt", "many attempts"))
    assert inference.coverage(one, 250, 0.767) == pytest.approx(many, abs=1e-3)


def test_quantiles_are_the_median_and_the_middle_nine_tenths():
    assert draw.quantiles(np.arange(101.0)) == Range(50.0, 5.0, 95.0)
