"""The drawings and tables of the chapter on the meaning of the frontier say what they show."""

import re

import numpy as np
import pytest
from scipy.optimize import curve_fit

from frontier import knee, registry, scaling, sweep
from frontier.chapters import frontier as draw
from frontier.show import figure

LAW, DRAWS = scaling.BESIROGLU_2024, scaling.besiroglu_2024_draws()
OURS = sweep.runs()
BEST = sweep.lowest(OURS.budget, OURS.n_params, OURS.loss)
TEST = knee.knee_test(BEST.flop, BEST.loss, n_simulations=99)
STRAIGHT = knee.knee_test(BEST.flop, BEST.loss, floor=0.0, n_simulations=99)
DESIGNS = draw.designs(BEST.flop, BEST.loss, TEST, LAW)
MODELS = ("GPT-3", "Gopher", "Chinchilla", "PaLM", "Llama 3 8B", "Llama 3.1 405B")


@pytest.fixture(scope="module")
def placed():
    return draw.place(MODELS, LAW, DRAWS)


@pytest.mark.parametrize(("version", "ends"), [("preprint", (5, 14, 0.95)), ("printed", (2, 22, 0.9))])
def test_the_pace_of_recipes_is_the_two_published_intervals(version, ends):
    pace = draw.halving_months(version)
    assert (pace.value, pace.low, pace.high, pace.level) == (8, *ends)


def test_no_run_lies_below_the_line_that_is_drawn():
    _fig, ax = figure()
    run = int(np.flatnonzero((OURS.budget == BEST.flop[6]) & (OURS.n_params > 8e5))[0])
    words = draw.lower_envelope(ax, OURS, run)
    line = next(line for line in ax.lines if line.get_marker() == "o")
    flop, loss = (np.asarray(x, float) for x in line.get_data())
    for budget, least in zip(flop, loss, strict=True):
        assert OURS.loss[OURS.budget == budget].min() == least
    assert np.all(np.diff(loss) < 0)
    square = next(line for line in ax.lines if line.get_marker() == "s")
    assert square.get_ydata()[0] == OURS.loss[run] > np.interp(OURS.budget[run], flop, loss)
    times = sweep.excess(BEST, [OURS.budget[run]], [OURS.loss[run]])[0]
    assert f"to {1 / times:.0%} of the compute" in words
    assert words.startswith(f"{len(OURS)} dots")


def test_some_runs_beside_the_grid_lie_below_its_frontier():
    """At two budgets only; counting them turns the verdict of the test, which the chapter must not hide."""
    lower, best = draw.every_try(BEST)
    below = best.loss < BEST.loss
    assert lower == 3
    assert below.tolist() == [c in (3.16e11, 1e12) for c in BEST.flop]
    np.testing.assert_array_equal(best.loss[~below], BEST.loss[~below])
    assert best.loss[below].tolist() == [1.62455, 1.45018]
    found = knee.knee_test(best.flop, best.loss)
    assert found.p_value < 0.05 < TEST.p_value
    assert found.broken.kept == 0.75
    residuals = BEST.loss - TEST.smooth.loss(BEST.flop)
    assert below[np.argmax(residuals)]
    assert found.noise < TEST.noise


def test_models_are_placed_by_the_law(placed):
    """The excess by the closed form of the frontier, and what the refits leave of it."""
    for model in placed:
        facts = registry.find(model.name)
        n, d = facts.n_params.value, facts.n_tokens.value
        above, least = LAW.loss(n, d) - LAW.E, LAW.optimal(6 * n * d).loss - LAW.E
        assert model.flop == pytest.approx(6 * n * d)
        assert model.excess == pytest.approx((above / least) ** (1 / LAW.frontier_exponent), rel=1e-6)
        assert 1 <= model.low <= model.excess <= model.high


def test_models_fall_on_the_sides_that_the_text_names(placed):
    side = {model.name: model.tokens_over_best < 1 for model in placed}
    assert {name for name, large in side.items() if large} >= {"GPT-3", "Gopher", "PaLM"}
    assert not any(side[name] for name in ("Llama 3 8B", "Llama 3.1 405B"))
    excess = {model.name: round(model.excess, 2) for model in placed}
    assert (excess["GPT-3"], excess["Gopher"], excess["Chinchilla"]) == (1.64, 2.01, 1.0)
    assert next(model.low for model in placed if model.name == "GPT-3") > 1


def test_a_model_without_tokens_is_refused():
    with pytest.raises(ValueError, match="parameters and tokens, got 'GPT-4'"):
        draw.place(["GPT-4"], LAW, DRAWS)


def test_the_illustration_has_a_triangle_and_a_bar_for_each_model(placed):
    _fig, ax = figure()
    small = draw.place(["GPT-3 Small"], LAW, DRAWS)
    words = draw.models_on_the_frontier(ax, placed, small=small)
    marks = [line for line in ax.lines if line.get_marker() in "^v" and len(line.get_xdata())]
    assert len(marks) == len(placed) + len(small)
    up = {float(line.get_ydata()[0]) for line in marks if line.get_marker() == "^"}
    assert {m.excess for m in placed if m.tokens_over_best < 1} <= up
    for model in placed:
        assert f"{model.name} {model.excess:.2f} ({model.low:.2f} to {model.high:.2f})" in words


def test_the_knee_sits_at_one_part_of_every_window():
    _fig, axes = figure(1, 3)
    words = draw.same_knee_in_every_window(axes, LAW, [1e22, 1e25, 1e28])
    at = [float(line.get_xdata()[0]) for ax in axes for line in ax.lines if line.get_marker() == "o"]
    np.testing.assert_allclose(at, at[0], rtol=0.02)
    assert at[0] == pytest.approx(0.11, abs=0.01)
    assert draw.knee_on_paper(LAW, 1e25) == pytest.approx(at[1] * 1e25)
    assert "1.1 × 10²⁴ in the window up to 10²⁵" in words


def test_the_forecast_of_a_smooth_law_errs_as_simulated_ones_do():
    rng, at, law = np.random.default_rng(1), 3e13, TEST.smooth

    def smooth(flop, *constants):
        return knee.BrokenLaw(*constants, at=law.at).loss(flop)

    off = []
    for _ in range(300):
        noise = TEST.noise * rng.standard_normal(len(BEST.flop) + 1)
        start = law.E, law.scale, law.exponent
        found, _error = curve_fit(smooth, BEST.flop, law.loss(BEST.flop) + noise[1:], p0=start)
        off.append(float(smooth(at, *found) - law.loss(at)) - noise[0])
    assert draw.forecast_error(TEST, BEST.flop, at) == pytest.approx(np.std(off), rel=0.15)


def test_points_scatter_about_the_smooth_law_within_the_noise_and_the_straight_line_does_not():
    _fig, ax = figure()
    noise = sweep.seed_noise(OURS, sweep.runs("repeat"))
    draw.three_laws(ax, BEST.flop, BEST.loss, TEST, STRAIGHT, noise)
    points = next(line for line in ax.lines if line.get_marker() == "o")
    assert np.abs(points.get_ydata()).max() < 2e3 * noise
    smooth, broken, straight = ax.lines[:3]
    assert len({line.get_linestyle() for line in (smooth, broken, straight)}) >= 2
    assert np.abs(straight.get_ydata()).max() > 2e3 * noise > np.abs(broken.get_ydata()).max()


def test_designs_follow_the_laws_they_were_made_from():
    ours, published, long = (DESIGNS[name] for name in ("ours", "Hoffmann's", "8 tenfolds"))
    np.testing.assert_allclose(ours.law.loss(ours.budgets), TEST.smooth.loss(BEST.flop), rtol=1e-9)
    for design in (published, long):
        np.testing.assert_allclose(
            design.law.loss(design.budgets), LAW.optimal(design.budgets).loss, rtol=1e-9
        )
        assert design.noise / LAW.optimal(design.budgets).loss.mean() == pytest.approx(
            TEST.noise / BEST.loss.mean()
        )
    assert (published.budgets[0], published.budgets[-1], len(published.budgets)) == (6e18, 3e21, 9)
    assert long.budgets[-1] / long.budgets[0] == pytest.approx(1e8)


def test_a_dead_stop_is_found_in_the_middle_and_hardly_at_the_end():
    for design in DESIGNS.values():
        middle, end = (draw.dead_stop(design, k, n_simulations=300) for k in (len(design.budgets) // 2, -1))
        assert middle > 0.95
        assert end < 0.35


def test_power_falls_with_what_is_left_of_the_slope():
    shares = draw.powers(DESIGNS, [0.0, 0.5, 1.0], n_simulations=300)
    for stopped, half, none in shares.values():
        assert stopped > 0.95
        assert none < 0.12
        assert stopped >= half >= none
    assert shares["8 tenfolds"][1] > max(shares["ours"][1], shares["Hoffmann's"][1]) + 0.2


def test_a_break_that_blends_slowly_hides():
    sharp, slow, slower = (
        draw.powers({"ours": DESIGNS["ours"]}, [0.5, 0.0], over=over, n_simulations=300)["ours"]
        for over in (None, 10, 100)
    )
    assert sharp[0] > slow[0] + 0.2
    assert slow[0] < 0.2
    assert sharp[1] > 0.95 > slower[1] + 0.3


def test_the_curves_of_power_are_the_shares():
    _fig, ax = figure()
    kept, shares = [0.0, 0.5, 1.0], {"ours": [1.0, 0.5, 0.05], "Hoffmann's": [1.0, 0.4, 0.05]}
    words = draw.power_curves(ax, kept, shares, 0.97)
    first, second = ax.lines[:2]
    np.testing.assert_allclose(first.get_ydata(), [100, 50, 5])
    np.testing.assert_allclose(first.get_xdata(), [0, 50, 100])
    assert first.get_marker() != second.get_marker()
    assert "Budgets: ours: 100% at 0%, 50% at 50%, 5% at 100%" in words
    assert words.endswith("With no E fitted and no break: 97%.")


@pytest.mark.parametrize("name", ["ours", "Hoffmann's", "8 tenfolds"])
def test_the_planted_break_stays_under_the_law_it_broke_from(name):
    _fig, ax = figure()
    words = draw.planted(ax, 0.4, DESIGNS[name], 0.64)
    unbroken, _smooth, truth, points, _where = ax.lines
    assert np.all(truth.get_ydata() >= np.asarray(unbroken.get_ydata()) - 1e-9)
    assert len(points.get_xdata()) == len(DESIGNS[name].budgets)
    assert words.startswith("The break leaves 40% of the slope: reported in 64% of")
    fitted, true = map(float, re.search(r"E at ([\d.]+); the truth is ([\d.]+)\.$", words).groups())
    assert fitted > true == pytest.approx(DESIGNS[name].law.E, abs=0.005)


def test_no_break_is_said_to_be_none():
    _fig, ax = figure()
    assert draw.planted(ax, 1.0, DESIGNS["ours"], 0.05).startswith("No break: reported in 5%")


def test_the_frontier_moves_by_the_halvings_of_its_pace():
    _fig, ax = figure()
    words = draw.moving_frontier(ax, LAW, [0, 4], 1e24)
    dots = [float(line.get_xdata()[0]) for line in ax.lines if line.get_marker() == "o"]
    assert dots == pytest.approx([1e24, 1e24 / 2**6])
    assert "after 4 years 1.6 × 10²²" in words
    assert f"{LAW.optimal(1e24).loss:.2f} nats takes 10²⁴ FLOP at first" in words
