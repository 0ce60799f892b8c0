"""Our own experiment: what the grid must be, and the three readings of a frontier on known laws."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments import predict
from experiments.design import SHAPES
from frontier import sweep
from frontier.fitting import fit
from frontier.scaling import BESIROGLU_2024, ScalingLaw

DATA = Path(sweep.__file__).parent / "data"


def rows(name):
    return list(csv.DictReader((DATA / name).read_text(encoding="utf-8").splitlines()))


def grid_of_a_law(law):
    """Return budget, size and loss of 7 runs at each budget, around the best size of a law."""
    c, off = np.meshgrid(np.logspace(18, 22, 9), np.linspace(-0.8, 0.8, 7), indexing="ij")
    n = law.optimal(c).n_params * 10**off
    return c.ravel(), n.ravel(), law.isoflop(c, n).ravel()


# The data


def test_the_grid_is_an_isoflop_grid_with_every_best_size_inside():
    ours = sweep.runs()
    budgets = np.unique(ours.budget)
    assert len(budgets) >= 5
    assert np.all(np.diff(np.log10(budgets)) < 0.55)
    assert budgets[-1] / budgets[0] >= 3**4
    for budget in budgets:
        here = ours.budget == budget
        assert len(np.unique(ours.n_params[here])) == np.sum(here) >= 7
        assert 0 < np.argmin(ours.loss[here]) < np.sum(here) - 1
    assert np.ptp(np.log10(ours.n_params)) >= 2.5
    np.testing.assert_allclose(ours.flop, ours.budget, rtol=0.002)


def test_the_compute_of_each_run_is_that_of_its_shape_and_near_6nd():
    per_token = {shape.n_params: shape.flop_per_token for shape in SHAPES}
    for purpose in ("search", "grid", "repeat", "prediction"):
        ours = sweep.runs(purpose)
        counted = np.array([per_token[n] for n in ours.n_params]) * ours.n_tokens
        np.testing.assert_array_equal(ours.flop, counted)
        ratio = ours.flop / (6 * ours.n_params * ours.n_tokens)
        assert 1 < ratio.min() <= ratio.max() < 1.5


def test_no_run_is_there_twice_and_none_reads_its_text_twice():
    names = [row["run"] for row in rows("sweep_runs.csv")]
    assert len(names) == len(set(names))
    assert max(sweep.runs(p).n_tokens.max() for p in ("grid", "prediction")) < 128_806_243  # bytes of text


def test_noise_between_seeds_is_small_against_what_the_grid_shows():
    ours, again = sweep.runs(), sweep.runs("repeat")
    first = ours.loss[(ours.budget == again.budget[0]) & np.isin(ours.n_params, again.n_params)]
    assert len(first) == len(again) == 7
    assert set(again.seed) == {1.0}
    assert np.std(again.loss - first) < 0.1 * np.ptp(first)


@pytest.mark.parametrize("purpose", ["grid", "repeat", "prediction"])
def test_every_curve_falls_from_the_loss_of_ignorance_towards_the_loss_of_its_run(purpose):
    ours = sweep.runs(purpose)
    for name, flop, final in zip(ours.run, ours.flop, ours.loss, strict=True):
        spent, loss = sweep.curve(str(name))
        assert np.all(np.diff(spent) > 0)
        assert spent[-1] < flop
        assert 1.05 * np.log(128) > loss[0] > loss[-1] > final - 0.02


def test_a_curve_repeats_the_trunk_of_its_model():
    """End points of one model share all of the curve before the first of them cools down."""
    ours = sweep.runs()
    names = ours.run[ours.n_params == 106_496]
    first, last = (sweep.curve(str(name)) for name in (names[0], names[-1]))
    shared = first[0] < 0.8 * ours.flop[ours.run == names[0]]
    np.testing.assert_allclose(first[0][shared], last[0][: np.sum(shared)], rtol=0.001)
    np.testing.assert_array_equal(first[1][shared], last[1][: np.sum(shared)])


def test_the_files_are_small():
    assert sum(path.stat().st_size for path in DATA.glob("sweep_*.csv")) < 2e6
    assert (DATA / "sweep_text.npz").stat().st_size < 300_000


def test_the_text_is_python_and_both_parts_differ():
    train, held_out = sweep.text()
    assert train.max() < 128
    assert b"self" in train.tobytes()
    assert not {row.tobytes() for row in train} & {
        row.tobytes() for row in held_out if b"  " not in row.tobytes()
    }


def test_the_prediction_on_file_is_the_one_that_the_grid_gives():
    row = rows("sweep_prediction.csv")[0]
    assert predict.prediction() == pytest.approx(
        {name: float(value) for name, value in row.items()}, rel=2e-3
    )


def test_the_predicted_run_is_the_one_that_was_made():
    made = sweep.runs("prediction")
    row = rows("sweep_prediction.csv")[0]
    assert made.n_params.tolist() == [float(row["n_params"])]
    assert made.n_tokens[0] == pytest.approx(float(row["n_tokens"]), rel=1e-3)
    assert made.flop[0] == pytest.approx(3 * sweep.runs().budget.max(), rel=0.001)


# Three ways to a frontier


def test_parabolas_find_the_exponent_of_a_law_that_is_symmetric():
    law = ScalingLaw(1.7, 400.0, 400.0, 0.3, 0.3)
    minima = sweep.isoflop_minima(*grid_of_a_law(law))
    np.testing.assert_allclose(minima.n_params, law.optimal(minima.flop).n_params, rtol=1e-6)
    assert sweep.power_law(minima.flop, minima.n_params).exponent == pytest.approx(0.5, abs=1e-6)


def test_all_three_find_the_exponent_of_a_published_law():
    """Besiroglu et al. (2024), Table 1, print a = 0.513 for beta / (alpha + beta)."""
    c, n, loss = grid_of_a_law(BESIROGLU_2024)
    minima = sweep.isoflop_minima(c, n, loss)
    assert sweep.power_law(minima.flop, minima.n_params).exponent == pytest.approx(0.513, abs=0.005)
    law = fit(n, c / (6 * n), loss).law
    assert law.beta / (law.alpha + law.beta) == pytest.approx(0.513, abs=0.001)
    sizes = np.logspace(8, 11, 60)
    budgets, size = (x.ravel() for x in np.meshgrid(np.logspace(19, 23, 30), sizes))
    best = sweep.envelope(budgets, size, BESIROGLU_2024.isoflop(budgets, size))
    inside = (best.n_params > sizes[0]) & (best.n_params < sizes[-1])
    assert sweep.power_law(best.flop[inside], best.n_params[inside]).exponent == pytest.approx(
        0.513, abs=0.01
    )


def test_the_envelope_is_the_least_of_all_curves_and_follows_none_beyond_its_end():
    flop = np.array([1e18, 1e20, 1e18, 1e20, 1e22])
    n_params = np.array([1e8, 1e8, 1e9, 1e9, 1e9])
    loss = np.array([3.0, 2.8, 3.5, 2.5, 2.2])
    best = sweep.envelope(flop, n_params, loss, n_points=101)
    assert best.n_params[0] == 1e8
    assert set(best.n_params[best.flop > 1.01e20]) == {1e9}
    assert best.loss[0] == pytest.approx(3.0)
    assert best.loss[-1] == pytest.approx(2.2)
    assert np.all(np.diff(best.loss) <= 0)


def test_budgets_that_enclose_no_minimum_are_left_out():
    minima = sweep.isoflop_minima(
        [1, 1, 1, 2, 2, 3, 3, 3], [1, 2, 4, 1, 2, 1, 2, 4], [3, 1, 3, 2, 1, 3, 2, 1.5]
    )
    assert minima.flop.tolist() == [1]
    assert minima.n_params[0] == pytest.approx(2)


def test_without_attention_the_parametric_minimum_is_the_closed_form():
    n = np.logspace(7, 11, 50)
    zeros = np.zeros(50)
    words = np.array(["x"] * 50)
    plain = sweep.Runs(words, words, words, zeros, n, zeros + 1e9, 6e9 * n, zeros, *[zeros] * 5)
    found = sweep.parametric_minima(BESIROGLU_2024, [1e20, 1e22], plain)
    best = BESIROGLU_2024.optimal([1e20, 1e22])
    np.testing.assert_allclose(found.n_params, best.n_params, rtol=0.01)
    np.testing.assert_allclose(found.loss, best.loss, rtol=1e-4)


def test_a_law_of_draws_gives_a_minimum_for_each():
    ours = sweep.runs()
    law = ScalingLaw(np.array([1.0, 1.1]), 60.0, 360.0, 0.5, 0.5)
    found = sweep.parametric_minima(law, [1e12, 1e13, 1e14], ours)
    assert found.n_params.shape == found.loss.shape == (2, 3)
    np.testing.assert_allclose(found.loss[1] - found.loss[0], 0.1)


@given(scale=st.floats(1e-3, 1e3), exponent=st.floats(-3, 3))
def test_a_power_law_is_found_exactly(scale, exponent):
    x = np.logspace(0, 5, 7)
    found = sweep.power_law(x, scale * x**exponent)
    assert found.scale == pytest.approx(scale, rel=1e-9)
    assert found.exponent == pytest.approx(exponent, abs=1e-9)


def test_resamples_keep_the_number_of_runs_of_each_budget():
    budget = sweep.runs().budget
    drawn = sweep.resample(budget, n_resamples=200, seed=3)
    assert drawn.shape == (200, len(budget))
    assert np.all(budget[drawn] == budget)
    assert not np.array_equal(drawn[0], drawn[1])
    np.testing.assert_array_equal(drawn, sweep.resample(budget, n_resamples=200, seed=3))
    assert len(np.unique(drawn)) == len(budget)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: sweep.runs("nothing"),
            "purpose must be one of grid, prediction, repeat, search, got 'nothing'",
        ),
        (lambda: sweep.curve("nothing"), "run must be the name of a run with a curve, got 'nothing'"),
        (lambda: sweep.isoflop_minima([1, 2], [1], [1, 2]), "columns must be one-dimensional"),
        (lambda: sweep.isoflop_minima([], [], []), "columns must be one-dimensional"),
        (lambda: sweep.isoflop_minima([0], [1], [1]), "budget must be positive, got 0"),
        (
            lambda: sweep.envelope([1, 2], [1, 2], [1, 2]),
            "n_params must hold one size with two different budgets",
        ),
        (lambda: sweep.envelope([1, 2], [1, 1], [2, np.nan]), "loss must be finite, got nan"),
        (lambda: sweep.envelope([1, 2], [1, 1], [2, 1], n_points=1), "n_points must be at least 2, got 1"),
        (lambda: sweep.power_law([1, 1], [1, 2]), "x must hold two different values at least"),
        (lambda: sweep.power_law([1, 2], [1, -2]), "y must be positive, got -2"),
        (lambda: sweep.resample([1, 2], n_resamples=0), "n_resamples must be at least 1, got 0"),
        (lambda: sweep.resample([[1, 2]]), "columns must be one-dimensional"),
        (
            lambda: sweep.parametric_minima(BESIROGLU_2024, [-1], sweep.runs()),
            "flop must be positive, got -1",
        ),
    ],
)
def test_bad_input_is_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The frontier as it is


def test_the_lowest_run_of_each_budget_has_no_better_rival():
    ours = sweep.runs()
    best = sweep.lowest(ours.budget, ours.n_params, ours.loss)
    assert len(best.loss) == len(np.unique(ours.budget))
    for flop, n_params, loss in zip(*best, strict=True):
        here = ours.budget == flop
        assert loss == ours.loss[here].min()
        assert n_params == ours.n_params[here][np.argmin(ours.loss[here])]


def test_excess_of_runs_of_a_law_is_the_laws_own():
    from frontier.scaling import excess_compute

    c, n, loss = grid_of_a_law(BESIROGLU_2024)
    flop = np.logspace(17, 23, 600)
    best = sweep.Frontier(flop, *BESIROGLU_2024.optimal(flop)[::2])
    np.testing.assert_allclose(
        sweep.excess(best, c, loss), excess_compute(n, c / 6 / n, BESIROGLU_2024), rtol=1e-4
    )


def test_excess_is_unknown_beyond_the_frontier_and_one_on_it():
    best = sweep.Frontier(np.array([1e10, 1e11]), np.array([1e4, 3e4]), np.array([2.0, 1.5]))
    found = sweep.excess(best, [1e11, 1e11, 1e11, 1e11], [2.1, 2.0, 1.5, 1.4])
    np.testing.assert_allclose(found, [np.nan, 10, 1, np.nan])


def test_excess_refuses_a_frontier_that_does_not_fall():
    best = sweep.Frontier(np.array([1e10, 1e11]), np.array([1e4, 3e4]), np.array([1.5, 1.5]))
    with pytest.raises(ValueError, match="losses that fall"):
        sweep.excess(best, [1e11], [1.5])
