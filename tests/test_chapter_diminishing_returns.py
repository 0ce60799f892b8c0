"""The drawings of the chapter on diminishing returns say what they drew."""

import numpy as np
import pytest
from series import series

from frontier import registry, scaling
from frontier.chapters import diminishing_returns as draw
from frontier.show import figure

LAW, DRAWS = scaling.BESIROGLU_2024, scaling.besiroglu_2024_draws()


def test_the_next_tenfold_is_marked_on_the_curve_beside_the_models():
    flop = np.logspace(18, 28, 121)
    models = {name: registry.number(name, "training_flop") for name in ("GPT-3", "GPT-4")}
    marked = {name: (budget, LAW.gain(budget)) for name, budget in models.items()}
    curve = flop, LAW.gain(flop), np.quantile(DRAWS.gain(flop[:, None]), [0.025, 0.975], axis=-1)
    _fig, ax = figure()
    gains = LAW.gain(1e22), LAW.gain(1e23)
    words = draw.next_gain(ax, curve, marked, scaling.LARGEST_RUN, 1e22, gains)
    for name, budget in models.items():
        assert series(ax, name) == (budget, LAW.gain(budget))
    assert series(ax, "the next tenfold") == (1e22, gains[0])
    assert words == (
        f"After 10²² FLOP, ten times more takes {gains[0]:.3f} nats off the loss. "
        f"Ten times more again takes {gains[1]:.3f}, 66% of that."
    )
    within, beyond = (series(ax, name)[0] for name in ("within the runs fitted", "extrapolated"))
    assert max(within) <= scaling.LARGEST_RUN < min(beyond)
    np.testing.assert_allclose(series(ax, "95% of the refits")[1], curve[2].T)


def test_one_input_alone_levels_off_at_the_other_ones_term():
    flop = np.logspace(20, 28, 121)
    only_data, only_model = LAW.isoflop(flop, 1.5e9) - LAW.E, LAW.isoflop(flop, flop / 1.8e12) - LAW.E
    assert only_data[-1] == pytest.approx(LAW.A * 1.5e9**-LAW.alpha, rel=0.02)
    assert only_model[-1] == pytest.approx(LAW.B * 300e9**-LAW.beta, rel=0.02)
    both = LAW.optimal(flop).loss - LAW.E
    _fig, ax = figure()
    words = draw.one_input_or_both(ax, flop, only_data, only_model, both, n_tokens=300e9, n_params=1.5e9)
    drawn = [series(ax, f"only the {x}")[1] for x in ("data grow", "model grows")]
    np.testing.assert_array_equal(drawn, [only_data, only_model])
    assert f"300 billion tokens and a growing model at {only_model[-1]:.2f}" in words


def test_returns_figure_has_one_bar_for_each_step():
    _fig, axes = figure(1, 2)
    sizes = registry.entries("models", family="GPT-3").values("n_params")
    words = draw.returns_per_decade(axes, sizes, {"up": np.arange(7.0), "down": -np.arange(7.0)})
    for ax, name, sign in zip(axes, ("up", "down"), (1, -1), strict=True):
        starts, heights = series(ax, name)
        np.testing.assert_array_equal(starts, sizes[:-1])
        np.testing.assert_array_equal(heights, sign * np.arange(7.0))
    assert words.endswith("down: -0, -1, -2, -3, -4, -5, -6.")


def test_a_step_is_told_by_the_tenfold():
    (row,) = draw.steps({"hundredfold": (100, 0.26, 0.24, 0.27)})
    assert list(row.values()) == ["hundredfold", "× 100", "0.260 (0.240 to 0.270)", "0.130"]


@pytest.mark.parametrize(
    ("epochs", "said"), [(1, "1 pass is worth 1.0"), (40, "40 passes are worth 15.2 fresh ones")]
)
def test_repeated_epochs_shades_what_the_passes_are_worth(epochs, said):
    worth = np.r_[0, scaling.effective_tokens(1.0, np.arange(1, 61))]
    _fig, ax = figure()
    assert said in draw.repeated_epochs(ax, worth, epochs)
    assert series(ax, "passes made")[1].sum() == pytest.approx(worth[epochs])


def test_same_runs_on_four_rulers():
    _fig, axes = figure(2, 2)
    words = draw.one_run_many_scales(list(axes.flat), [1e20, 1e21], [np.e**2, np.e], [40, 60], [1e6, 1e7])
    assert list(series(axes.flat[0], "Loss (nats) over compute")[1]) == [2, 1]
    assert list(series(axes.flat[3], "Accuracy (%) over money")[0]) == [1, 10]
    assert "from 2.0 to 1.0 nats" in words
