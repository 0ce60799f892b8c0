"""The drawings of the chapter on the meaning of the frontier say what they show."""

import re

import numpy as np
import pytest
from series import series

from frontier import knee, measuring, scaling, sweep
from frontier.chapters import frontier as draw
from frontier.show import figure

LAW = scaling.BESIROGLU_2024
OURS = sweep.runs()
BEST = measuring.lowest(OURS.budget, OURS.n_params, OURS.loss)
TEST = knee.knee_test(BEST.flop, BEST.loss, n_simulations=99)
STRAIGHT = knee.knee_test(BEST.flop, BEST.loss, floor=0.0, n_simulations=99)
DESIGNS = {
    "ours": knee.Design(BEST.flop, TEST.smooth, TEST.noise),
    "Hoffmann's": knee.Design(np.array(scaling.HOFFMANN_2022_BUDGETS), knee.smooth_law(LAW, at=1e22), 0.006),
}


def test_no_run_lies_below_the_line_that_is_drawn():
    _fig, ax = figure()
    run = int(np.flatnonzero((OURS.budget == BEST.flop[6]) & (OURS.n_params > 8e5))[0])
    times = measuring.excess(BEST, [OURS.budget[run]], [OURS.loss[run]])[0]
    trunks = {1e4: (np.array([1e11, 1e12]), np.array([2.0, 1.8]))}
    words = draw.lower_envelope(ax, OURS, trunks, BEST, run, times)
    flop, loss = series(ax, "the frontier")
    for budget, least in zip(flop, loss, strict=True):
        assert OURS.loss[OURS.budget == budget].min() == least
    assert series(ax, "a worse use")[1] == OURS.loss[run] > np.interp(OURS.budget[run], flop, loss)
    np.testing.assert_array_equal(series(ax, "10,000 parameters"), trunks[1e4])
    assert f"to {1 / times:.0%} of the compute" in words
    assert words.startswith(f"{len(OURS)} dots, the finished runs of 1 sizes")


def test_some_runs_beside_the_grid_lie_below_its_frontier():
    """At two budgets only; counting them brings the test nearer to a break, which the chapter says."""
    tries = sweep.runs("grid", "search", "repeat")
    tries = tries[np.isin(tries.budget, BEST.flop)]
    best = measuring.lowest(tries.budget, tries.n_params, tries.loss)
    below = best.loss < BEST.loss
    assert np.sum(tries.loss < BEST.loss[np.searchsorted(BEST.flop, tries.budget)]) == 3
    assert below.tolist() == [c in (3.16e11, 1e12) for c in BEST.flop]
    np.testing.assert_array_equal(best.loss[~below], BEST.loss[~below])
    assert best.loss[below].tolist() == [1.62455, 1.45018]
    found = knee.knee_test(best.flop, best.loss)
    assert 0.05 < found.p_value < TEST.p_value
    assert found.broken.kept == 0.8
    residuals = BEST.loss - TEST.smooth.loss(BEST.flop)
    assert below[np.argmax(residuals)]
    assert found.noise < TEST.noise


def test_the_illustration_has_a_triangle_and_a_bar_for_each_model():
    _fig, ax = figure()
    names = ["GPT-3 Small", "GPT-3", "Chinchilla"]
    flop, excess = np.array([2e20, 3e23, 6e23]), np.array([2.5, 1.64, 1.0])
    ends = np.array([[2.0, 1.26, 1.0], [3.0, 2.12, 1.08]])
    words = draw.models_on_the_frontier(ax, names, flop, excess, ends, np.array([False, True, False]), 1)
    for k, name in enumerate(names):
        assert series(ax, name)[1] == excess[k]
        assert series(ax, f"{name}, 95%")[1].tolist() == ends[:, k].tolist()
    markers = {line.get_label(): line.get_marker() for line in ax.lines}
    assert [markers[name] for name in names] == ["v", "^", "v"]
    assert words.endswith("GPT-3 1.64 (1.26 to 2.12), Chinchilla 1.00 (1.00 to 1.08).")


def test_the_knee_sits_at_one_part_of_every_paper():
    line = np.logspace(18, 28, 11), LAW.optimal(np.logspace(18, 28, 11)).loss
    seen, shapes = [], []
    for end in (1e22, 1e25, 1e28):
        _fig, ax = figure()
        flop = end * np.linspace(1e-3, 1, 2001)
        loss = LAW.optimal(flop).loss
        words = draw.on_paper(ax, line, flop, loss, knee.chord_knee(flop, loss))
        seen.append(float(series(ax, "the bend")[0][0]))
        shapes.append(series(ax, "on plain axes")[1])
        (small,) = ax.child_axes
        assert series(small, "the same place")[0] == knee.chord_knee(flop, loss)
    np.testing.assert_allclose(seen, seen[0], rtol=0.02)
    assert seen[0] == pytest.approx(0.11, abs=0.01)
    np.testing.assert_allclose(shapes[1:], [shapes[0]] * 2, atol=1e-9)
    assert words == (
        "On paper that ends at 10²⁸ FLOP the gains seem to run out at 1.1 × 10²⁷, 11% of the way."
    )


def test_points_scatter_about_the_smooth_law_within_the_noise_and_the_straight_line_does_not():
    _fig, ax = figure()
    noise = sweep.seed_noise(OURS, sweep.runs("repeat"))
    draw.three_laws(ax, BEST.flop, BEST.loss, TEST, STRAIGHT, noise)
    off = {
        name: np.abs(series(ax, name)[1]).max()
        for name in ("our frontier", "broken, E fitted", "straight line on log axes")
    }
    assert off["our frontier"] < 2e3 * noise
    assert off["straight line on log axes"] > 2e3 * noise > off["broken, E fitted"]


def test_the_curves_of_power_are_the_shares():
    _fig, ax = figure()
    kept, shares = [0.0, 0.5, 1.0], {"ours": [1.0, 0.5, 0.05], "Hoffmann's": [1.0, 0.4, 0.05]}
    words = draw.power_curves(ax, kept, shares, 0.97)
    np.testing.assert_allclose(series(ax, "ours"), [[0, 50, 100], [100, 50, 5]])
    assert series(ax, "no break, no E fitted")[1] == 97
    assert "Budgets: ours: 100% at 0%, 50% at 50%, 5% at 100%" in words
    assert words.endswith("With no E fitted and no break: 97%.")


@pytest.mark.parametrize("name", list(DESIGNS))
def test_the_planted_break_stays_under_the_law_it_broke_from(name):
    _fig, ax = figure()
    design = DESIGNS[name]
    points = design.points(0.4, seed=5)
    smooth = knee.knee_test(design.budgets, points, n_simulations=1).smooth
    words = draw.planted(ax, design, 0.4, points, smooth, 0.64)
    assert np.all(series(ax, "truth")[1] >= series(ax, "had it not broken")[1] - 1e-9)
    np.testing.assert_array_equal(series(ax, "points"), [design.budgets, points])
    assert words.startswith("Progress slows to 40% of its pace: reported in about 64% of")
    fitted, true = map(float, re.search(r"floor at ([\d.]+); the truth is ([\d.]+)\.$", words).groups())
    assert fitted > true == pytest.approx(design.law.E, abs=0.005)
    _fig, ax = figure()
    assert draw.planted(ax, design, 1.0, points, smooth, 0.05).startswith("No break: reported in about 5%")
    assert [draw.slowdown(kept) for kept in (1, 0.4, 0)] == ["unchanged", "slows to 40%", "dead stop"]


def test_the_frontier_moves_by_the_factor_of_its_pace():
    _fig, ax = figure()
    flop = np.logspace(18, 27, 10)
    moved = flop, LAW.optimal(flop).loss, 4, (2**6, 2**3, 2**9), 1e24, LAW.optimal(1e24).loss
    words = draw.moving_frontier(ax, *moved)
    assert series(ax, "the same loss, later")[0] == [1e24 / 2**6]
    np.testing.assert_allclose(series(ax, "later")[0], flop / 2**6)
    assert words == "After 4 years the loss that took 10²⁴ FLOP takes 1.6 × 10²² (2.0 × 10²¹ to 1.2 × 10²³)."
    _fig, ax = figure()
    assert draw.moving_frontier(ax, *moved[:2], 0, (1, 1, 1), *moved[4:]).startswith("At first a loss of")
