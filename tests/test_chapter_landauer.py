"""The drawings and counts of the chapter on Landauer's principle."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import constants

from frontier import landauer, registry
from frontier.chapters import landauer as draw
from frontier.show import figure, scientific

CHESS, SHOGI, GO = (draw.self_play(game) for game in ("chess", "shogi", "Go"))
CHIPS = [registry.find(name) for name in ("V100 SXM2", "A100 SXM 80GB", "H100 SXM5", "B200")]
ERASED = [landauer.erase_bit(t, n_trajectories=200, seed=t) for t in (2, 4, 8)]
KEPT = [landauer.erase_bit(t, n_trajectories=200, seed=t, tilt=0) for t in (2, 4, 8)]
LIMIT = draw.Range(1 / 4.7e15, 1 / 2.35e16, 1 / 1.175e15)


def test_network_flop_counts_every_multiply_add_of_every_convolution():
    side, planes = 8, 119
    layers = [(planes, 256)] + [(256, 256)] * 38
    by_loop = sum(2 * 9 * fan_in * fan_out for fan_in, fan_out in layers) * side**2
    assert draw.network_flop("chess") == by_loop == 2_903_998_464


def test_a_head_is_a_few_per_cent_of_the_body():
    one_layer = draw.FILTERS / draw.channels_in("chess")
    policy = one_layer * (1 + 73 / 256)  # a layer of 256 filters and one of 73, were both 3 x 3
    assert one_layer == pytest.approx(0.026, abs=5e-4)
    assert policy < 0.035


def test_self_play_is_the_arithmetic_of_the_published_table():
    # Silver et al. 2018, Table S3: 5,000 chips, 9 hours, 40 ms a move, 44 million games, 800 simulations
    chip_seconds = 5000 * 9 * 3600
    assert CHESS.plies == pytest.approx(chip_seconds / 0.040 / 44e6)
    assert CHESS.operations.value == pytest.approx(chip_seconds / 0.040 * 800 * 2_903_998_464)
    assert CHESS.energy == pytest.approx((75 * chip_seconds, 40 * chip_seconds, 75 * chip_seconds))
    assert [round(g.plies) for g in (CHESS, SHOGI, GO)] == [92, 112, 201]
    assert pytest.approx(5000 * 13 * 86_400 * 75) == GO.energy.value


def test_no_count_exceeds_the_peak_of_the_chips():
    for g in (CHESS, SHOGI, GO):
        assert 0.3 < g.peak_share < 0.8
        assert g.operations.high == pytest.approx(g.operations.value / g.peak_share)
        assert g.operations.low == g.operations.value / 2


def test_overhead_and_floor_are_the_laws():
    per_op, one, many = CHESS.energy_per_operation, CHESS.overhead(1), CHESS.overhead(32)
    assert per_op.value == pytest.approx(75 * 0.040 / (800 * 2_903_998_464))
    assert per_op.low == pytest.approx(40 / 92e12)
    assert one.low < one.value < one.high
    assert_allclose(one, 32 * np.array(many))
    assert one.value == pytest.approx(per_op.value / 2.87098e-21, rel=1e-5)
    assert CHESS.floor(32) == pytest.approx(32 * CHESS.operations.value * 2.87098e-21, rel=1e-5)
    assert CHESS.energy.value / CHESS.floor(1) == pytest.approx(one.value)


def test_self_play_table_has_a_row_for_each_game():
    rows = draw.self_play_table([CHESS, GO])
    assert [row["game"] for row in rows] == ["chess", "Go"]
    assert rows[0]["energy, MWh"] == "3.4"
    assert rows[1]["energy, MWh"] == "117.0"
    assert rows[0]["bound, J"] == "27 to 860"


def test_gates_that_are_reversible_erase_nothing_and_the_others_something():
    for row in draw.gate_table():
        assert (row["reversible"] == "yes") == (row["bits erased"] == "0")
    erased = {row["step"]: row["bits erased"] for row in draw.gate_table()}
    assert (erased["reset to 0"], erased["AND"], erased["half adder (sum and carry)"]) == ("1", "1.19", "0.5")


def test_an_8_bit_multiplication_erases_what_a_count_of_products_says():
    products = np.outer(np.arange(256), np.arange(256)).ravel()
    pairs = np.unique(products, return_counts=True)[1]
    assert landauer.erased_bits(draw.GATES["8-bit multiplication"][1]) == pytest.approx(
        np.sum(pairs / 65_536 * np.log2(pairs))
    )


def test_ladder_draws_each_used_energy_and_each_bound():
    steps = draw.rungs(CHESS, GO)
    _fig, ax = figure()
    words = draw.ladder(ax, steps)
    dots = [line.get_xydata()[0] for line in ax.lines if line.get_marker() == "o"]
    assert [list(dot) for dot in dots] == [[s.used.value, y] for y, s in enumerate(steps) if s.used]
    bars = [line.get_xdata() for line in ax.lines if line.get_linewidth() == 6]
    assert len(bars) == sum(step.operations is not None for step in steps)
    assert_allclose([high / low for low, high in bars], 32)
    for step in steps:
        assert not step.used or step.used.low <= step.used.value <= step.used.high
        assert not step.used or f"{step.name} " in words
    assert "e+" not in words, "numbers as people write them"
    assert all(low < high for low, high in (step.used[1:] for step in steps if step.name.startswith("Alpha")))


@pytest.mark.parametrize("bits", [1, 64])
def test_more_bits_bring_the_bound_nearer(bits):
    steps = [step for step in draw.rungs(CHESS, GO) if step.name in draw.WHOLE]
    assert [step.name for step in steps] == list(draw.WHOLE)
    _fig, ax = figure()
    words = draw.times_the_bound(ax, steps, bits)
    at = {line.get_label(): float(line.get_xdata()[0]) for line in ax.lines if line.get_marker() == "o"}
    assert at["AlphaZero: all of chess"] == pytest.approx(CHESS.overhead(bits).value)
    gpt3 = registry.find("GPT-3")
    assert at["GPT-3: training"] == pytest.approx(
        gpt3.energy.value / (gpt3.training_flop.value * bits * constants.k * 300 * np.log(2))
    )
    assert f"chess at {scientific(CHESS.overhead(bits).value)} times" in words
    assert words.startswith("1 bit:" if bits == 1 else "64 bits:")


def test_rungs_use_the_registry():
    used = {step.name: step.used.value for step in draw.rungs(CHESS, GO) if step.used}
    assert used["GPT-3: training"] == 1287 * 3.6e9
    assert used["4-bit operation, B200"] == pytest.approx(1000 / 9e15)
    assert used["AlphaZero: a chess move"] == pytest.approx(75 * 0.040)


def test_slow_limit_finds_the_intercept_of_a_law_in_one_over_tau():
    limit, error = draw.slow_limit(ERASED)
    assert abs(limit - np.log(2)) < 4 * error
    assert 0 < error < 0.2


def test_price_of_haste_by_hand():
    paid = [(run.mean_heat - np.log(2)) / (run.finite_time_bound - np.log(2)) for run in ERASED]
    assert draw.price_of_haste(ERASED) == (min(paid), max(paid))
    assert min(paid) > 1, "nobody beats the best protocol"


def test_a_measured_value_is_written_with_its_error():
    measured, control = draw.experiments()
    assert [draw.with_error(measured[name]) for name in ("Jun", "Hong")] == ["0.71 ± 0.03", "1.45 ± 0.35"]
    assert draw.with_error(control["Jun"]) == "0.05 ± 0.03"
    assert draw.with_error(registry.find("Hong 2016").energy, 1e21) == "6.09 ± 1.43"


def test_heat_figure_shows_simulated_and_measured_means():
    measured, control = draw.experiments()
    _fig, axes = figure(1, 2, sharey=True)
    words = draw.heat_against_time(axes, ERASED, KEPT, measured, control)
    means = [line.get_ydata()[0] for line in axes[1].lines if line.get_marker() in ("o", "s")]
    assert means == [0.72, 0.71, 1.45, 0.05]
    drawn = axes[0].containers[0][0].get_xydata()
    assert_allclose(drawn, [[run.duration, run.mean_heat] for run in ERASED])
    assert f"{ERASED[0].mean_heat:.2f} at 2" in words
    assert "Hong 1.45" in words


@pytest.mark.parametrize("run", [ERASED[0], KEPT[2]])
def test_single_runs_counts_those_below_ln_2(run):
    _fig, ax = figure()
    words = draw.single_runs(ax, run)
    heights = sum(patch.get_height() for patch in ax.patches)
    assert heights == pytest.approx(np.mean((run.heat >= -3) & (run.heat < 8)))
    assert f"{np.mean(run.heat < np.log(2)):.0%} of the runs" in words
    assert {line.get_xdata()[0] for line in ax.lines} == {draw.LN2, run.mean_heat}
    labels = [text.get_text() for text in ax.texts]
    assert labels == (["ln 2", "mean"] if run.mean_heat > draw.LN2 else ["mean", "ln 2"])


def test_chip_table_gives_joules_per_flop_and_the_distance():
    rows = draw.chip_table(CHIPS)
    assert [row["J per FLOP"] for row in rows] == [
        *("2.4 × 10⁻¹²", "1.3 × 10⁻¹²", "7.1 × 10⁻¹³", "4.4 × 10⁻¹³")
    ]
    assert rows[2]["above the bound"] == "7.7 × 10⁶ to 2.5 × 10⁸"


def test_doubling_time_of_an_exact_exponential_and_of_none():
    years = np.array([2010, 2013, 2016, 2020])
    exact = draw.doubling_time(years, 5 * 2 ** (years / 2.5))
    assert exact == pytest.approx((2.5, 2.5, 2.5))
    noisy = draw.doubling_time(years, 2 ** (years / 2.5) * np.array([1, 1.3, 0.8, 1]))
    assert noisy.low < noisy.value < noisy.high
    assert draw.doubling_time(years, [1, 8, 1, 4]).high == np.inf


def test_doubling_time_of_the_chips_agrees_with_others():
    doubling = draw.doubling_time([c.year for c in CHIPS], [1 / draw.chip_energy(c) for c in CHIPS])
    assert doubling.low < 2.6 < 2.7 < doubling.high  # Koomey and Naffziger 2016; Ho et al. 2023, section I
    assert doubling.low > 1.57
    # by hand: 95% of Student's t with two degrees of freedom is 4.302653
    x, y = np.array([c.year for c in CHIPS]), np.array([-np.log2(draw.chip_energy(c)) for c in CHIPS])
    slope, intercept = np.polyfit(x, y, 1)
    error = np.sqrt(np.sum((y - slope * x - intercept) ** 2) / 2 / np.sum((x - x.mean()) ** 2))
    assert doubling == pytest.approx(
        (1 / slope, 1 / (slope + 4.302653 * error), 1 / (slope - 4.302653 * error)), rel=1e-4
    )


def test_year_of_adds_doublings():
    got = draw.year_of(2024, draw.Range(8, 4, 16), draw.Range(3, 2, 4))
    assert got == (2033, 2028, 2040)


def test_way_to_the_limits_says_when_the_line_meets_cmos():
    _fig, ax = figure()
    words = draw.to_the_limits(ax, CHIPS, draw.Range(3, 2, 4), 1.57, LIMIT)
    four_bit = 1000 / 9e15
    meets = 2024 + 3 * np.log2(four_bit / LIMIT.value)
    assert f"around {meets:.0f} (" in words
    (dashed,) = (line for line in ax.lines if line.get_linestyle() == "--")
    years, energies = dashed.get_data()
    assert energies[0] == four_bit
    assert np.interp(meets, years, np.log(energies)) == pytest.approx(np.log(LIMIT.value))
    assert "4.9 orders of magnitude" in words
