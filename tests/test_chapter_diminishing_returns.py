"""The drawings of the chapter on diminishing returns say what they drew."""

import numpy as np
import pytest

from frontier import registry, scaling, sweep
from frontier.chapters import diminishing_returns as draw
from frontier.chapters import measured
from frontier.show import figure

LAW, DRAWS = scaling.BESIROGLU_2024, scaling.besiroglu_2024_draws()


def test_gain_figure_marks_budgets_on_the_curve_and_their_ranges():
    budgets = {name: registry.find(name).training_flop for name in ("GPT-3", "GPT-4")}
    _fig, ax = figure()
    words = draw.gain_per_decade(ax, LAW, DRAWS, budgets)
    points = {tuple(line.get_xydata()[0]) for line in ax.lines if line.get_marker() == "o"}
    assert points == {(b.value, LAW.gain(b.value)) for b in budgets.values()}
    (bar,) = (line for line in ax.lines if line.get_alpha() == 0.4)
    assert list(bar.get_xdata()) == [8.2e24, 4.4e25]
    assert f"{LAW.gain(3.14e23):.3f} at the budget of GPT-3" in words


def test_gain_is_drawn_as_extrapolation_beyond_the_largest_run():
    _fig, ax = figure()
    draw.gain_per_decade(ax, LAW, DRAWS, {})
    solid, dashed = ax.lines[:2]
    assert solid.get_linestyle() == "-" != dashed.get_linestyle()
    assert max(solid.get_xdata()) <= draw.LARGEST_RUN < min(dashed.get_xdata())


def test_one_input_alone_levels_off_at_the_other_ones_term():
    _fig, ax = figure()
    words = draw.one_input_or_both(ax, LAW, n_tokens=300e9, n_params=1.5e9)
    only_data, only_model, both = (line.get_ydata() for line in ax.lines)
    assert only_data[-1] == pytest.approx(LAW.A * 1.5e9**-LAW.alpha, rel=0.02)
    assert only_model[-1] == pytest.approx(LAW.B * 300e9**-LAW.beta, rel=0.02)
    assert np.allclose(np.diff(np.log(both)), np.diff(np.log(both))[0])
    assert f"{only_model[-1]:.2f}" in words


def test_returns_are_points_per_tenfold():
    assert np.allclose(scaling.return_per_decade([1e8, 1e9, 1e11], [10, 30, 50]), [20, 10])


def test_returns_figure_has_one_bar_for_each_step():
    _fig, axes = figure(1, 2)
    sizes = registry.entries("models", family="GPT-3").values("n_params")
    words = draw.returns_per_decade(axes, sizes, {"up": np.arange(8.0), "down": -np.arange(8.0)})
    assert [len(ax.patches) for ax in axes] == [7, 7]
    assert axes[0].patches[-1].get_x() + axes[0].patches[-1].get_width() == pytest.approx(174.6e9)
    assert words.count(":") == 2


def test_rows_of_allocations_spend_the_budget():
    rows = draw.allocations(3.14e23)
    assert rows[0] == {
        "rule": "GPT-3 as it was",
        "parameters": "175 billion",
        "tokens": "300 billion",
        "tokens each": "1.7",
    }
    ratios = {row["rule"]: float(row["tokens each"]) for row in rows}
    assert ratios["Hoffmann 2022, approach 1"] == pytest.approx(21, abs=1)
    assert ratios["Hoffmann 2022, approach 3, as printed"] == pytest.approx(87, abs=1)


def test_tokens_per_param_draws_each_rule_and_marks_what_models_saw():
    _fig, ax = figure()
    words = draw.tokens_per_param(ax, DRAWS, {"Chinchilla": (5.76e23, 20.0)})
    flop = ax.lines[0].get_xdata()
    at_gopher = [
        np.exp(np.interp(np.log(5.76e23), np.log(flop), np.log(ax.lines[k].get_ydata()))) for k in range(5)
    ]
    # Kaplan: 1.3e9 x 6667^0.73 parameters. Approach 3 as printed and unrounded. Approach 1. Besiroglu.
    assert at_gopher == pytest.approx([0.148, 92.6, 59.1, 21.4, 18.4], rel=0.03)
    assert ax.lines[5].get_xydata().tolist() == [[5.76e23, 20.0]]
    assert words.endswith("Marked: Chinchilla at 20.0.")


def test_a_rule_gives_tokens_for_each_parameter():
    # Approach 1 has 1.5e12 tokens for 67e9 parameters at Gopher's budget (Table 3).
    assert draw.tokens_each("Hoffmann 2022, approach 1", 5.76e23) == pytest.approx(1.5e12 / 67e9, rel=0.06)
    n_params, n_tokens, _loss = LAW.optimal(1e22)
    assert draw.tokens_each("Besiroglu 2024", 1e22) == pytest.approx(n_tokens / n_params)


def test_the_scores_are_those_of_table_h1():
    assert list(draw.scores("LAMBADA", "zero-shot")) == [42.7, 54.3, 60.4, 63.6, 67.1, 70.3, 72.5, 76.2]
    assert list(draw.scores("LAMBADA", "zero-shot", "perplexity"))[-1] == 3.0


def test_steps_agree_with_the_law():
    (row,) = draw.steps(LAW, DRAWS, {"tenfold": (1e22, 1e23)})
    assert row["nats bought (95%)"].startswith(f"{LAW.gain(1e22):.3f} (")
    assert row["per tenfold"] == f"{LAW.gain(1e22):.3f}"


def test_isoflop_marks_the_least_loss():
    _fig, ax = figure()
    words = draw.isoflop(ax, LAW, 1e22)
    dot = ax.lines[-1].get_xydata()[0]
    valley = ax.lines[1]
    assert dot == pytest.approx([LAW.optimal(1e22).n_params, LAW.optimal(1e22).loss])
    assert min(valley.get_ydata()) >= dot[1]
    assert "least loss 2.14 nats" in words


@pytest.mark.parametrize(
    ("epochs", "said"), [(1, "1 pass is worth 1.0"), (40, "40 passes are worth 15.2 fresh ones")]
)
def test_repeated_epochs_shades_what_the_passes_are_worth(epochs, said):
    _fig, ax = figure()
    assert said in draw.repeated_epochs(ax, epochs)
    (shape,) = ax.collections
    (path,) = shape.get_paths()
    x, y = path.vertices.T
    area = abs(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2
    assert area == pytest.approx(scaling.effective_tokens(1.0, epochs))


def test_passes_are_worth_less_and_less():
    rows = draw.passes(lambda k: scaling.effective_tokens(1.0, k), [2, 4, 40])
    assert rows[0] == {"pass": 2, "adds": "0.97", "all so far": "2.0"}
    assert [row["all so far"] for row in rows[1:]] == ["3.7", "15.2"]


def test_halving_times_are_those_of_both_versions():
    assert draw.halving("preprint") == "8 months (95%: 5 to 14)"
    assert draw.halving("printed") == "8 months (90%: 2 to 22)"


def test_three_rulers_names_each_model():
    perplexity = draw.scores("LAMBADA", "zero-shot", "perplexity")
    table = draw.three_rulers(perplexity, draw.scores("LAMBADA", "zero-shot"))
    assert (table[0]["model"], table[-1]["accuracy, %"]) == ("GPT-3 Small", 76.2)
    assert table[-1]["nats"] == pytest.approx(np.log(3))


def test_same_runs_on_four_rulers():
    _fig, axes = figure(2, 2)
    words = draw.one_run_many_scales(list(axes.flat), [1e20, 1e21], [np.e**2, np.e], [40, 60], [1e6, 1e7])
    assert list(axes.flat[0].lines[0].get_ydata()) == [2, 1]
    assert list(axes.flat[3].lines[0].get_xdata()) == [1, 10]
    assert "from 2.0 to 1.0 nats" in words


def test_the_measured_frontier_lies_below_every_curve_and_dot():
    _fig, ax = figure()
    ours, made = sweep.runs(), sweep.runs("prediction")
    words = measured.training_curves(ax, ours, made)
    *curves, dots, best, star = ax.lines
    assert len(curves) == len(np.unique(ours.n_params))
    floor = np.interp(ours.flop, best.get_xdata(), best.get_ydata())
    assert np.all(ours.loss >= floor - 2e-3)
    assert list(dots.get_ydata()) == list(ours.loss)
    assert star.get_xydata().tolist() == [[made.flop[0], made.loss[0]]]
    assert f"continues it at {made.loss[0]:.2f}" in words


def test_the_three_exponents_have_intervals_that_hold_them_and_overlap():
    found = measured.exponents(sweep.runs(), n_resamples=50)
    table = measured.exponent_table(found)
    assert all(low <= value <= high for value, low, high in found.values())
    assert max(low for _value, low, _high in found.values()) < min(high for *_rest, high in found.values())
    assert [row["exponent"] for row in table][3:] == ["0.73", "0.50, 0.49, 0.46", "0.513"]


def test_the_band_of_a_new_run_is_narrow_and_holds_the_law():
    ours = sweep.runs()
    low, high = measured.predicted_band(ours, 61_440, 1e7)
    assert (
        low < measured.fit(ours.n_params, ours.n_tokens, ours.loss).law.loss(61_440, 1e7) < high < 1.1 * low
    )
