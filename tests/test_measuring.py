"""The three readings of a frontier, on runs made from known laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontier import measuring, sweep
from frontier.fitting import fit
from frontier.scaling import BESIROGLU_2024, ScalingLaw, excess_compute


def grid_of_a_law(law):
    """Return budget, size and loss of 7 runs at each budget, around the best size of a law."""
    c, off = np.meshgrid(np.logspace(18, 22, 9), np.linspace(-0.8, 0.8, 7), indexing="ij")
    n = law.optimal(c).n_params * 10**off
    return c.ravel(), n.ravel(), law.isoflop(c, n).ravel()


def test_parabolas_find_the_exponent_of_a_law_that_is_symmetric():
    law = ScalingLaw(1.7, 400.0, 400.0, 0.3, 0.3)
    minima = measuring.isoflop_minima(*grid_of_a_law(law))
    np.testing.assert_allclose(minima.n_params, law.optimal(minima.flop).n_params, rtol=1e-6)
    assert minima.size_exponent == pytest.approx(0.5, abs=1e-6)


def test_all_three_find_the_exponent_of_a_published_law():
    """Besiroglu et al. (2024), Table 1, print a = 0.513 for beta / (alpha + beta)."""
    c, n, loss = grid_of_a_law(BESIROGLU_2024)
    minima = measuring.isoflop_minima(c, n, loss)
    assert minima.size_exponent == pytest.approx(0.513, abs=0.005)
    law = fit(n, c / (6 * n), loss).law
    assert law.beta / (law.alpha + law.beta) == pytest.approx(0.513, abs=0.001)
    sizes = np.logspace(8, 11, 60)
    budgets, size = (x.ravel() for x in np.meshgrid(np.logspace(19, 23, 30), sizes))
    best = measuring.envelope(budgets, size, BESIROGLU_2024.isoflop(budgets, size))
    inside = (best.n_params > sizes[0]) & (best.n_params < sizes[-1])
    assert measuring.Frontier(*(x[inside] for x in best)).size_exponent == pytest.approx(0.513, abs=0.01)


def test_the_envelope_is_the_least_of_all_curves_and_follows_none_beyond_its_end():
    flop = np.array([1e18, 1e20, 1e18, 1e20, 1e22])
    n_params = np.array([1e8, 1e8, 1e9, 1e9, 1e9])
    loss = np.array([3.0, 2.8, 3.5, 2.5, 2.2])
    best = measuring.envelope(flop, n_params, loss, n_points=101)
    assert best.n_params[0] == 1e8
    assert set(best.n_params[best.flop > 1.01e20]) == {1e9}
    assert best.loss[0] == pytest.approx(3.0)
    assert best.loss[-1] == pytest.approx(2.2)
    assert np.all(np.diff(best.loss) <= 0)


def test_budgets_that_enclose_no_minimum_are_refused_by_name_or_left_out():
    columns = [1, 1, 1, 2, 2, 3, 3, 3], [1, 2, 4, 1, 2, 1, 2, 4], [3, 1, 3, 2, 1, 3, 2, 1.5]
    with pytest.raises(
        ValueError, match=r"budget 2 must have a minimum .* got 2 different n_params; skip=True"
    ):
        measuring.isoflop_minima(*columns)
    with pytest.raises(ValueError, match=r"budget 3 .* got no lowest point in 1 to 4"):
        measuring.isoflop_minima(*(np.delete(column, [3, 4]) for column in columns))
    minima = measuring.isoflop_minima(*columns, skip=True)
    assert minima.flop.tolist() == [1]
    assert minima.n_params[0] == pytest.approx(2)


def test_budgets_that_whole_tokens_miss_by_a_little_are_one():
    c, n, loss = grid_of_a_law(BESIROGLU_2024)
    spent = 6 * n * np.round(c / 6 / n)
    uneven = c * np.exp(np.random.default_rng(0).uniform(-0.03, 0.03, len(c)))
    for flop in (spent, uneven):
        minima = measuring.isoflop_minima(flop, n, loss)
        np.testing.assert_allclose(minima.flop, np.unique(c), rtol=0.03)
        assert minima.size_exponent == pytest.approx(0.513, abs=0.01)
        assert len(measuring.lowest(flop, n, loss).loss) == 9
        drawn = measuring.resample(flop, n_resamples=20)
        np.testing.assert_array_equal(c[drawn], np.broadcast_to(c, drawn.shape))


def test_budgets_that_run_into_one_another_are_refused():
    with pytest.raises(
        ValueError, match=r"groups further apart than tolerance, got 60 runs from 1e\+18 to 1e\+20"
    ):
        measuring.lowest(np.logspace(18, 20, 60), np.ones(60), np.ones(60))


def test_the_parametric_minimum_is_found_far_beyond_the_sizes_that_were_run():
    """Sizes of a million parameters at 1e20 FLOP, where the law's own optimum is 7.3e8."""
    n = np.logspace(5.5, 6.1, 5)
    found = measuring.parametric_minima(BESIROGLU_2024, [1e20], n, np.full(5, 1e9), 6e9 * n)
    np.testing.assert_allclose(found.n_params, BESIROGLU_2024.optimal([1e20]).n_params, rtol=0.01)


def test_the_lowest_point_of_a_parabola_beside_the_middle_of_its_runs_is_found_exactly():
    n = np.exp([0.0, 1.0, 2.0, 5.0])
    minima = measuring.isoflop_minima(np.ones(4), n, 1.5 + 0.1 * (np.log(n) - 1.2) ** 2)
    assert minima.n_params == pytest.approx([np.exp(1.2)], rel=1e-9)
    assert minima.loss == pytest.approx([1.5], rel=1e-9)


def test_a_curve_is_not_followed_beyond_its_end_though_it_would_win_there():
    best = measuring.envelope([1e18, 1e20, 1e18, 1e20, 1e22], [1, 1, 2, 2, 2], [3.0, 1.0, 3.5, 2.5, 2.2])
    assert set(best.n_params[best.flop < 0.99e20]) == {1}
    assert set(best.n_params[best.flop > 1.01e20]) == {2}


def test_without_attention_the_parametric_minimum_is_the_closed_form():
    n = np.logspace(7, 11, 50)
    found = measuring.parametric_minima(BESIROGLU_2024, [1e20, 1e22], n, np.full(50, 1e9), 6e9 * n)
    best = BESIROGLU_2024.optimal([1e20, 1e22])
    np.testing.assert_allclose(found.n_params, best.n_params, rtol=0.01)
    np.testing.assert_allclose(found.loss, best.loss, rtol=1e-4)


def test_a_law_of_draws_gives_a_minimum_for_each():
    ours = sweep.runs()
    law = ScalingLaw(np.array([1.0, 1.1]), 60.0, 360.0, 0.5, 0.5)
    found = measuring.parametric_minima(law, [1e12, 1e13, 1e14], ours.n_params, ours.n_tokens, ours.flop)
    assert found.n_params.shape == found.loss.shape == (2, 3)
    np.testing.assert_allclose(found.loss[1] - found.loss[0], 0.1)


@given(st.lists(st.floats(-3, 3), min_size=1, max_size=4), st.floats(1e-3, 1e3))
def test_the_exponent_of_a_power_of_compute_is_found_exactly_row_by_row(exponents, scale):
    flop = np.logspace(0, 5, 7)
    sizes = scale * flop ** np.array(exponents)[:, None]
    found = measuring.Frontier(flop, sizes, sizes)
    assert found.size_exponent == pytest.approx(exponents, abs=1e-9)
    assert found._replace(n_params=sizes[0]).size_exponent == pytest.approx(exponents[0], abs=1e-9)


def test_resamples_keep_the_number_of_runs_of_each_budget():
    budget = sweep.runs().budget
    drawn = measuring.resample(budget, n_resamples=200, seed=3)
    assert drawn.shape == (200, len(budget))
    assert np.all(budget[drawn] == budget)
    assert not np.array_equal(drawn[0], drawn[1])
    np.testing.assert_array_equal(drawn, measuring.resample(budget, n_resamples=200, seed=3))
    assert len(np.unique(drawn)) == len(budget)


def test_the_lowest_run_of_each_budget_has_no_better_rival():
    ours = sweep.runs()
    best = measuring.lowest(ours.budget, ours.n_params, ours.loss)
    assert len(best.loss) == len(np.unique(ours.budget))
    for flop, n_params, loss in zip(*best, strict=True):
        here = ours.budget == flop
        assert loss == ours.loss[here].min()
        assert n_params == ours.n_params[here][np.argmin(ours.loss[here])]


def test_excess_of_runs_of_a_law_is_the_laws_own():
    c, n, loss = grid_of_a_law(BESIROGLU_2024)
    flop = np.logspace(17, 23, 600)
    best = measuring.Frontier(flop, *BESIROGLU_2024.optimal(flop)[::2])
    np.testing.assert_allclose(
        measuring.excess(best, c, loss), excess_compute(n, c / 6 / n, BESIROGLU_2024), rtol=1e-4
    )


def test_excess_is_unknown_beyond_the_frontier_and_one_on_it():
    best = measuring.Frontier(np.array([1e10, 1e11]), np.array([1e4, 3e4]), np.array([2.0, 1.5]))
    found = measuring.excess(best, [1e11, 1e11, 1e11, 1e11], [2.1, 2.0, 1.5, 1.4])
    np.testing.assert_allclose(found, [np.nan, 10, 1, np.nan])


def test_excess_refuses_a_frontier_that_does_not_fall():
    best = measuring.Frontier(np.array([1e10, 1e11]), np.array([1e4, 3e4]), np.array([1.5, 1.5]))
    with pytest.raises(ValueError, match="losses that fall"):
        measuring.excess(best, [1e11], [1.5])


def test_columns_that_make_no_frontier_are_refused():
    with pytest.raises(ValueError, match="columns must be one-dimensional arrays of one length"):
        measuring.isoflop_minima([1, 2], [1], [1, 2])
    with pytest.raises(ValueError, match="n_params must hold one size with two different budgets"):
        measuring.envelope([1, 2], [1, 2], [1, 2])
    with pytest.raises(ValueError, match="two points at least, got 1"):
        _ = measuring.lowest([1, 1], [1, 2], [1, 2]).size_exponent
