"""Breaks of a frontier: laws with closed forms, fits against slow ones, and how often the test errs."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import curve_fit, least_squares

from frontier import knee
from frontier.knee import (
    BrokenLaw,
    Design,
    KneeTest,
    chord_knee,
    forecast_error,
    knee_power,
    knee_test,
    smooth_law,
)
from frontier.scaling import BESIROGLU_2024

BUDGETS = np.logspace(18, 24, 13)
SMOOTH = BrokenLaw(E=1.8, scale=0.5, exponent=0.18, at=1e21)


def noisy(law, budgets=BUDGETS, noise=0.005, seed=0):
    return law.loss(budgets) + noise * np.random.default_rng(seed).standard_normal(len(budgets))


# The law


def test_slopes_far_from_the_break_are_the_two_it_was_given():
    law = BrokenLaw(E=1.0, scale=0.5, exponent=0.2, kept=0.3, at=1e20)
    for flop, slope in ((1e10, 0.2), (1e30, 0.06)):
        rise = np.log((law.loss(flop * 1.01) - law.E) / (law.loss(flop) - law.E)) / np.log(1.01)
        assert rise == pytest.approx(-slope, rel=1e-3)


@pytest.mark.parametrize("width", [knee.WIDTH, 0.6])
def test_the_two_slopes_blend_over_the_width_that_is_promised(width):
    """Half of the change of slope lies at the break, all but an eighth within exp(2 w) of it."""
    law = BrokenLaw(E=1e-9, scale=1.0, exponent=1.0, kept=0.0, at=1.0, width=width)
    for offset, slope in ((0.0, 0.5), (-2 * width, 1 / (1 + np.exp(-2))), (2 * width, 1 / (1 + np.e**2))):
        c = np.exp(offset)
        rise = np.log(law.loss(c * 1.0001) / law.loss(c / 1.0001)) / (2 * np.log(1.0001))
        assert -rise == pytest.approx(slope, rel=1e-3)


@given(st.floats(0.05, 1), st.floats(0.05, 0.8), st.floats(1e18, 1e24))
def test_a_law_that_keeps_its_slope_has_no_break(scale, exponent, at):
    law = BrokenLaw(1.7, scale, exponent, 1.0, at)
    np.testing.assert_allclose(law.loss(BUDGETS), 1.7 + scale * (BUDGETS / at) ** -exponent, rtol=1e-12)


# The fits


def test_points_of_a_smooth_law_give_it_back():
    found = knee_test(BUDGETS, SMOOTH.loss(BUDGETS), n_simulations=1)
    assert abs(found.smooth.E - 1.8) < 2e-4
    assert found.smooth.exponent == pytest.approx(0.18, rel=1e-3)
    np.testing.assert_allclose(found.smooth.loss(BUDGETS), SMOOTH.loss(BUDGETS), atol=1e-6)
    assert found.noise < 1e-6


def test_the_noise_is_that_of_three_fitted_constants_or_of_two_with_a_floor():
    y = noisy(SMOOTH)
    for floor, fitted in ((None, 3), (1.5, 2)):
        found = knee_test(BUDGETS, y, floor=floor, n_simulations=1)
        squares = np.sum((y - found.smooth.loss(BUDGETS)) ** 2)
        assert found.noise == pytest.approx(np.sqrt(squares / (13 - fitted)))


def test_points_of_a_broken_law_give_it_back_where_it_lies_on_the_grid():
    law = dataclasses.replace(SMOOTH, kept=0.5)
    found = knee_test(BUDGETS, law.loss(BUDGETS), n_simulations=99)
    assert found.broken.kept == 0.5
    assert found.broken.at == pytest.approx(1e21, rel=1e-6)
    assert found.broken.exponent == pytest.approx(0.18, rel=1e-3)
    assert found.p_value == 0.01


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0.0, 0.6, 1.0, 2.0]))
def test_smooth_fit_is_as_good_as_that_of_a_general_optimizer(seed, kept):
    y = noisy(dataclasses.replace(SMOOTH, kept=kept), seed=seed)
    x = np.log(BUDGETS / 1e21)
    ours = np.sum((knee_test(BUDGETS, y, n_simulations=1).smooth.loss(BUDGETS) - y) ** 2)
    slow = min(
        2
        * least_squares(
            lambda p: p[0] + p[1] * np.exp(-p[2] * x) - y, start, bounds=([0, 0, 0.005], [9, 99, 2])
        ).cost
        for start in ([1.7, 0.4, 0.2], [0.5, 1.5, 0.06], [2.0, 0.2, 0.6])
    )
    assert ours <= slow * (1 + 1e-6) + 1e-12


@given(st.integers(0, 10**6))
@settings(max_examples=20, deadline=None)
def test_a_break_never_fits_worse_than_none(seed):
    y = noisy(SMOOTH, seed=seed)
    for floor in (None, 0.0, 1.5):
        found = knee_test(BUDGETS, y, floor=floor, n_simulations=1)
        squares = [np.sum((law.loss(BUDGETS) - y) ** 2) for law in (found.smooth, found.broken)]
        assert squares[1] <= squares[0] * (1 + 1e-9)
        assert found.statistic == pytest.approx(np.log(squares[0] / squares[1]), abs=1e-6)


def test_the_order_of_the_points_does_not_matter():
    y, mixed = noisy(SMOOTH), np.random.default_rng(1).permutation(len(BUDGETS))
    assert knee_test(BUDGETS[mixed], y[mixed]) == knee_test(BUDGETS, y)


def test_a_floor_that_is_given_is_kept():
    found = knee_test(BUDGETS, noisy(SMOOTH), floor=1.5, n_simulations=9)
    assert found.smooth.E == found.broken.E == 1.5


def test_an_irreducible_loss_below_zero_is_not_fitted():
    """Straight on doubly logarithmic axes and then steeper: free regression would put E below 0."""
    law = BrokenLaw(E=0.0, scale=2.0, exponent=0.05, kept=2.5, at=1e21)
    found = knee_test(BUDGETS, law.loss(BUDGETS), n_simulations=9)
    assert found.smooth.E == 0
    assert found.broken.kept == 2.5


# The test, as often as it errs


def test_smooth_laws_are_called_broken_about_as_often_as_promised():
    """The whole procedure on fresh data, on and off the grid of slopes: 5% of 120 is 6, give or take 2.4."""
    false_alarms = 0
    for seed in range(40):
        for exponent, noise in ((0.18, 0.005), (0.31, 0.002), (0.11, 0.01)):
            law = dataclasses.replace(SMOOTH, exponent=exponent)
            found = knee_test(BUDGETS, noisy(law, noise=noise, seed=seed), n_simulations=99, seed=seed + 1)
            false_alarms += found.p_value <= 0.05
    assert 1 <= false_alarms <= 14


def test_power_is_the_level_without_a_break_and_grows_with_its_strength():
    shares = [
        knee_power(dataclasses.replace(SMOOTH, kept=kept), BUDGETS, 0.01, n_simulations=600)
        for kept in (1.0, 0.7, 0.4, 0.0)
    ]
    assert shares[0] == pytest.approx(0.05, abs=0.03)
    assert shares == sorted(shares)
    assert shares[-1] > 0.9


def test_power_agrees_with_the_whole_procedure():
    law = dataclasses.replace(SMOOTH, kept=0.6)
    p_values = [
        knee_test(BUDGETS, noisy(law, noise=0.01, seed=seed), n_simulations=99, seed=seed).p_value
        for seed in range(80)
    ]
    share = np.mean(np.array(p_values) <= 0.05)
    assert knee_power(law, BUDGETS, 0.01) == pytest.approx(share, abs=0.15)


@pytest.mark.parametrize(("kept", "at", "noise"), [(0.9, 1e21, 1e-4), (0.85, 3e21, 3e-3), (1.3, 5e20, 1e-3)])
def test_power_promises_of_mild_breaks_what_the_test_keeps(kept, at, noise):
    """Where no slope near 1 was tried, a power of 1 was promised and no break of 60 found."""
    law, budgets = BrokenLaw(1.8, 0.5, 0.18, kept, at), np.logspace(18, 24, 25)
    p_values = [
        knee_test(budgets, noisy(law, budgets, noise, seed), n_simulations=99, seed=seed).p_value
        for seed in range(30)
    ]
    share = np.mean(np.array(p_values) <= 0.05)
    assert share > 0.5
    assert knee_power(law, budgets, noise) == pytest.approx(share, abs=0.25)


@pytest.mark.parametrize("unit", [2.0**-1000, 2.0**-531, 2.0**900])
def test_losses_in_another_unit_give_the_same_answer(unit):
    found, scaled = (knee_test(BUDGETS, k * noisy(SMOOTH), n_simulations=49) for k in (1, unit))
    assert scaled.p_value == found.p_value
    assert scaled.noise == found.noise * unit
    assert found.smooth.E * unit == scaled.smooth.E
    assert scaled.broken.scale == found.broken.scale * unit


def test_without_e_a_smooth_law_looks_broken():
    published = smooth_law(BESIROGLU_2024, at=1e21)
    assert knee_power(published, BUDGETS, 0.005, floor=0.0) > 0.95
    assert knee_power(published, BUDGETS, 0.005) < 0.1


def test_power_does_not_depend_on_the_draw_by_more_than_its_error():
    law = dataclasses.replace(SMOOTH, kept=0.6)
    shares = [knee_power(law, BUDGETS, 0.01, n_simulations=300, seed=seed) for seed in range(20)]
    p = np.mean(shares)
    assert 0.1 < p < 0.9
    assert np.std(shares, ddof=1) < 1.6 * np.sqrt(p * (1 - p) / 300)


def test_less_noise_and_a_known_floor_find_more():
    law, budgets = dataclasses.replace(SMOOTH, kept=0.6), np.logspace(20, 22, 9)
    rough, fine, told = (
        knee_power(law, budgets, noise, floor=floor)
        for noise, floor in ((0.005, None), (0.002, None), (0.005, 1.8))
    )
    assert rough + 0.1 < min(fine, told)


@pytest.mark.parametrize(
    ("flop", "loss", "rule"),
    [
        (BUDGETS[:5], SMOOTH.loss(BUDGETS[:5]), "at least 6 different budgets, got 5"),
        (np.repeat(BUDGETS[:3], 4), np.linspace(3, 2, 12), "at least 6 different budgets, got 3"),
        (BUDGETS, SMOOTH.loss(BUDGETS)[:-1], "one length"),
        (BUDGETS, SMOOTH.loss(BUDGETS)[::-1], "loss must fall"),
    ],
)
def test_points_that_cannot_be_tested_are_refused(flop, loss, rule):
    with pytest.raises(ValueError, match=rule):
        knee_test(flop, loss)


def test_a_floor_above_a_loss_is_refused():
    with pytest.raises(ValueError, match="floor must be below every loss"):
        knee_test(BUDGETS, SMOOTH.loss(BUDGETS), floor=5)


# A frontier to be measured


def test_a_law_is_broken_where_it_is_told_and_the_same_before():
    law = SMOOTH.broken(0.0, 1e23, width=0.1)
    np.testing.assert_allclose(law.loss([1e18, 1e21]), SMOOTH.loss([1e18, 1e21]), rtol=1e-6)
    assert law.loss(1e28) == pytest.approx(SMOOTH.loss(1e23), rel=1e-6)
    with pytest.raises(ValueError, match="only a smooth law can be broken, got kept 0"):
        law.broken(0.5, 1e24)


def test_the_frontier_of_a_scaling_law_keeps_its_losses():
    law = smooth_law(BESIROGLU_2024, at=1e22)
    np.testing.assert_allclose(law.loss(BUDGETS), BESIROGLU_2024.optimal(BUDGETS).loss, rtol=1e-12)


def test_a_design_breaks_in_the_middle_unless_told_and_scatters_by_its_noise():
    design = Design(np.logspace(20, 22, 9), SMOOTH, 0.005)
    assert design.broken(0.5) == SMOOTH.broken(0.5, 1e21)
    assert design.broken(0.5, 1e22, 0.6) == SMOOTH.broken(0.5, 1e22, 0.6)
    rest = [design.points(0.5, seed) - design.broken(0.5).loss(design.budgets) for seed in range(200)]
    assert np.std(rest) == pytest.approx(0.005, rel=0.05)
    np.testing.assert_array_equal(design.points(0.5, 3), design.points(0.5, 3))


def test_a_dead_stop_is_found_in_the_middle_and_hardly_at_the_end_and_a_slow_break_hides():
    design = Design(np.logspace(11, 13, 9), BrokenLaw(0.9, 0.5, 0.25, at=1e12), 0.004)
    middle, end = (design.power(0.0, at, n_simulations=300) for at in (None, 1e13))
    assert middle > 0.95 > 0.35 > end
    sharp, slow = (
        design.power(0.5, width=width, n_simulations=300) for width in (knee.WIDTH, np.log(10) / 4)
    )
    assert sharp > slow + 0.2


def test_the_forecast_of_a_smooth_law_errs_as_simulated_ones_do():
    rng, at, budgets = np.random.default_rng(1), 3e13, np.logspace(11, 13, 9)
    law = BrokenLaw(0.9, 0.5, 0.25, at=1e12)
    test = KneeTest(law, law, 0.0, 1.0, 0.004)

    def smooth(flop, *constants):
        return BrokenLaw(*constants, at=law.at).loss(flop)

    off = []
    for _ in range(300):
        noise = test.noise * rng.standard_normal(len(budgets) + 1)
        start = law.E, law.scale, law.exponent
        found, _error = curve_fit(smooth, budgets, law.loss(budgets) + noise[1:], p0=start)
        off.append(float(smooth(at, *found) - law.loss(at)) - noise[0])
    assert forecast_error(test, budgets, at) == pytest.approx(np.std(off), rel=0.15)


# The knee of the eye


@pytest.mark.parametrize("exponent", [0.05, 0.178, 0.5])
def test_the_knee_of_a_power_law_is_where_the_slope_is_that_of_the_chord(exponent):
    x = np.linspace(1e-3, 1, 200_001)
    slope = (1 - 1e-3**-exponent) / (1 - 1e-3)
    assert chord_knee(x, 5 + 3 * x**-exponent) == pytest.approx(
        (exponent / -slope) ** (1 / (1 + exponent)), rel=1e-3
    )


@given(st.floats(1e-3, 1e3), st.floats(0.1, 10), st.floats(-5, 5))
def test_stretching_an_axis_moves_no_knee(wide, high, up):
    x = np.linspace(0.01, 1, 500)
    assert chord_knee(wide * x, up + high * x**-0.3) == pytest.approx(wide * chord_knee(x, x**-0.3), rel=5e-3)


@pytest.mark.parametrize(
    ("x", "y", "rule"),
    [
        ([1, 2], [2, 1], "at least 3"),
        ([1, 2, 3], [3, 2], "one length"),
        ([1, 3, 2], [3, 2, 1], "x must rise"),
        ([1, 2, 3], [3, 2, 3], "differ between its ends"),
    ],
)
def test_curves_without_a_knee_are_refused(x, y, rule):
    with pytest.raises(ValueError, match=rule):
        chord_knee(x, y)


@pytest.mark.parametrize("noise", [1e-5, 5e-3, 3e-2])
@pytest.mark.parametrize("floor", [None, 0.0])
def test_what_a_fit_does_not_try_would_not_have_won(monkeypatch, floor, noise):
    """Also where points are so exact that a step in the exponent changes the sum a millionfold."""
    budgets = 10 ** np.array([17.25, 20.19, 21.39, 21.75, 22.49, 22.5, 22.56, 23.61, 23.77])
    law = BrokenLaw(E=0.0, scale=0.0514, exponent=0.385, kept=2.5, at=budgets[4])
    losses = np.abs(knee._noisy(law, budgets, noise, 300, np.random.default_rng(2)))
    other = dataclasses.replace(SMOOTH, exponent=0.05)
    losses[:, 1] = other.loss(budgets)  # not among those looked at first
    found, profile = knee._fit(budgets, losses, floor), knee._profile
    monkeypatch.setattr(knee, "_profile", lambda *given: profile(*given[:-1], np.full(300, np.inf)))
    monkeypatch.setattr(knee, "SAMPLE", 301)  # all
    np.testing.assert_allclose(found.statistic, knee._fit(budgets, losses, floor).statistic, atol=1e-9)
