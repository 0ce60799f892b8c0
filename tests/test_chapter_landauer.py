"""The drawings of the chapter on Landauer's principle, and tables beyond what its notebook stores."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from series import series

from frontier import brownian, growth, landauer, registry, selfplay
from frontier.chapters import landauer as draw
from frontier.registry import Range
from frontier.show import Table, figure

CHESS = selfplay.alphazero("chess")
CHIPS = Table([registry.find(name) for name in ("V100 SXM2", "A100 SXM 80GB", "H100 SXM5", "B200", "GB300")])
JOULES = CHIPS.values("power") / CHIPS.values("flop_per_second")
ERASED, KEPT = (
    [brownian.erase_bit(t, n_trajectories=200, seed=t, tilt=tilt) for t in (2, 4, 8)] for tilt in (8, 0)
)


def test_gates_that_are_reversible_erase_nothing_and_an_8_bit_multiplication_what_a_count_of_products_says():
    products = np.outer(np.arange(256), np.arange(256)).ravel()
    pairs = np.unique(products, return_counts=True)[1]
    steps = {"NOT": landauer.NOT, "reset": [0, 0], "AND": [0, 0, 0, 1], "8-bit multiplication": products}
    forgets = {name: landauer.erased_bits(step) for name, step in steps.items()}
    assert forgets["8-bit multiplication"] == pytest.approx(np.sum(pairs / 65_536 * np.log2(pairs)))
    rows = draw.gate_table(steps, forgets, 3e-21)
    assert [row["bits"] for row in rows] == ["1 to 1", "1 to 1", "2 to 1", "16 to 16"]
    assert [row["reversible"] for row in rows] == ["yes", "no", "no", "no"]
    assert [row["bits erased"] for row in rows] == ["0", "1", "1.19", "2.29"]


RUNGS = [
    draw.Rung("one bit forgotten", None, 3e-21),
    draw.Rung("only read", Range(6e-10, 5e-10, 9e-10), None),
    draw.Rung(draw.CHESS, CHESS.energy, 27),
]


def test_ladder_draws_what_was_used_and_the_bound_for_so_many_bits():
    _fig, ax = figure()
    words = draw.ladder(ax, RUNGS, 32)
    assert_allclose(series(ax, "one bit forgotten: bound"), [[3e-21], [0]])
    assert_allclose(series(ax, "only read: used"), [[6e-10], [1]])
    assert_allclose(series(ax, "only read: used, range"), [[5e-10, 9e-10], [1, 1]])
    assert_allclose(series(ax, "chess: all games: bound"), [[27 * 32], [2]])
    assert "only read: bound" not in [line.get_label() for line in ax.lines]
    assert words == "32 bits an operation: chess used 14 million times the least heat."


@pytest.mark.parametrize(
    ("bits", "said"), [(1, "1 bit an operation"), (2**30, "1.1 billion bits an operation")]
)
def test_ladder_says_where_the_bound_would_pass_what_was_used(bits, said):
    _fig, ax = figure()
    words = draw.ladder(ax, RUNGS, bits)
    assert words.startswith(said)
    assert ("that cannot be" in words) == (bits > 1)


@pytest.mark.parametrize(
    ("k", "said"), [(0, "The wall goes down: 4"), (2, "The floor tilts"), (8, "Erased: 100%")]
)
def test_an_erasure_is_shown_on_its_way(k, said):
    run = brownian.erase_bit(3, n_trajectories=400, seed=1, n_moments=9)
    _fig, ax = figure()
    words = draw.erasing(ax, run, k)
    assert words.startswith(said)
    moment = run.moments[k]
    heat = moment.heat.mean()
    assert f"{abs(heat):.2f} kT" in words
    assert (f": {heat - np.log(2):.1f} more than ln 2, the price of haste" in words) == (k == 8)
    x, floor = series(ax, "the floor")
    assert_allclose(floor, moment.potential(x))
    assert series(ax, "one particle")[0] == moment.position[run.start < 0][0]
    piles = {pile.get_label(): pile.get_paths()[0].vertices[:, 1].max() for pile in ax.collections}
    assert piles["began right"] >= piles["began left"] > -22  # all, and in front of them those from the left


def test_heat_figure_shows_simulated_and_measured_means():
    jun, kept = (registry.find(name).heat.range for name in ("Jun 2014", "Jun 2014, nothing erased"))
    assert draw.with_error(jun) == "0.71 ± 0.03"
    assert draw.with_error(Range(6e-21, 4e-21, 7.5e-21), 1e21) == "6.00 ± 1.50"
    _fig, axes = figure(2, 1)
    words = draw.heat_against_time(axes, ERASED, KEPT, {"Jun": jun}, {"Jun": kept})
    assert_allclose(
        series(axes[0], "erased"), np.transpose([(run.duration, run.mean_heat) for run in ERASED])
    )
    assert_allclose(series(axes[0], "best possible")[1], [run.finite_time_bound for run in ERASED])
    assert f"{ERASED[0].mean_heat:.2f} at 2" in words
    assert words.endswith("Jun 0.71.")
    assert_allclose(series(axes[1], "Jun, erased, range")[0], jun[1:])
    assert_allclose(series(axes[1], "Jun, only moved")[0], kept.value)


@pytest.mark.parametrize("run", [ERASED[0], KEPT[2]])
def test_single_runs_counts_those_below_ln_2(run):
    _fig, ax = figure()
    words = draw.single_runs(ax, run)
    share, edges = np.histogram(run.heat, np.arange(-3, 8.01, 0.25))
    below = edges[:-1] < np.log(2)
    for pile, part in zip(ax.collections, (share[below], share[~below]), strict=True):
        assert pile.get_paths()[0].vertices[:, 1].max() == pytest.approx(part.max() / run.heat.size)
    assert f"{np.mean(run.heat < np.log(2)):.0%} of runs" in words
    assert series(ax, "mean")[0][0] == run.mean_heat
    labels = [text.get_text() for text in ax.texts]
    assert labels == (["ln 2", "mean"] if run.mean_heat > draw.LN2 else ["mean", "ln 2"])


def test_the_chips_grow_as_others_found_and_their_line_meets_cmos_where_it_says():
    rows = draw.chip_table(CHIPS, JOULES, [JOULES / 1e-19, JOULES / 3e-21])
    assert [row["J per FLOP"][:3] for row in rows] == ["2.4", "1.3", "7.1", "4.4", "5.6"]
    assert rows[2]["above the bound"] == "7.1 × 10⁶ to 2.4 × 10⁸"
    doubling = growth.doubling_time(CHIPS.values("year"), 1 / JOULES)
    assert 1.57 < doubling.low < 2.6 < 2.7 < doubling.high  # Koomey and Naffziger 2016; Ho et al. 2023
    four_bit, limit = 1400 / 15e15, Range(1 / 4.7e15, 1 / 2.35e16, 1 / 1.175e15)
    meets = growth.year_of(2025, four_bit / limit.value, doubling.value)
    _fig, ax = figure()
    given = {"doubling": doubling, "koomey": 1.57, "limit": limit, "bound": (3e-21, 1e-19)}
    words = draw.to_the_limits(ax, CHIPS.values("year"), JOULES, four_bit, **given, end=(meets, 2040, 2065))
    assert f"around {meets:.0f} (2040 to 2065), 4.9 orders of magnitude" in words
    years, energies = series(ax, "the chips' pace")
    assert energies[0] == four_bit
    assert np.interp(meets, years, np.log(energies)) == pytest.approx(np.log(limit.value))
