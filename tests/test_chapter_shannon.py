"""The chapter on Shannon: the lane, the sums of gradients, the cluster, and what the drawings show."""

import os
import subprocess
import sys
from itertools import pairwise

import nbformat
import numpy as np
import pytest
from conftest import ROOT
from numpy.testing import assert_allclose
from scipy import constants
from scipy.stats import binom, norm

from frontier import decoder, registry, shannon, sweep
from frontier.chapters import shannon as draw
from frontier.show import figure

LANE = draw.lane()
GPT3 = registry.find("GPT-3")
WINDOWS = sweep.text().train


@pytest.fixture(scope="module")
def slopes():
    """Return the gradient of the chapter's figure."""
    end = decoder.train(16, 1, WINDOWS[:1600], rate=0.02, dtype=np.float64)
    return draw.gradient(end, WINDOWS[2000:2064])


def texts(ax):
    return [text.get_text() for text in ax.texts]


# --- The lane ----------------------------------------------------------------------------------------


def test_the_lane_works_at_the_error_rate_that_engineers_quote():
    # 2.4e-4, the usual threshold of the code before it mends, as independent errors give it
    assert LANE.error_rate == pytest.approx(2.4e-4, rel=0.02)
    assert draw.block_loss(LANE.error_rate) == pytest.approx(1e-12, rel=1e-6)


def test_a_block_is_lost_when_sixteen_symbols_are_wrong():
    symbol = 1 - (1 - 1e-3) ** 10
    assert draw.block_loss(1e-3) == pytest.approx(binom.sf(15, 544, symbol))


def test_the_code_and_the_rate_belong_together():
    # two bits a symbol, 514 of 544 symbols data, 256 of 257 bits data: what is left is 100 Gb/s
    line = registry.find("Ethernet lane of 100G")
    assert draw.BLOCK - 2 * draw.MENDED == 514
    assert 2 * line.symbol_rate.value * 514 / 544 * 256 / 257 == pytest.approx(line.bit_rate.value, rel=1e-9)


def test_a_block_in_a_trillion_is_one_in_half_a_day():
    # 106.25 Gb/s on the line, 5,440 bits a block
    assert draw.blocks_a_second() == pytest.approx(106.25e9 / 5440)
    assert 1e12 / draw.blocks_a_second() / 3600 == pytest.approx(14.2, abs=0.05)


def test_four_levels_err_as_a_simulation_does():
    rng, snr = np.random.default_rng(0), 20.0
    levels = np.array([-3, -1, 1, 3])
    sent = rng.integers(0, 4, 400_000)
    got = levels[sent] + rng.normal(0, np.sqrt(5 / snr), sent.size)
    found = np.clip(np.round((got + 3) / 2), 0, 3).astype(int)
    gray = np.array([0b00, 0b01, 0b11, 0b10])
    wrong = np.bitwise_count(gray[sent] ^ gray[found]).sum() / (2 * sent.size)
    assert wrong == pytest.approx(float(draw.four_level_error_rate(snr)), rel=0.03)


def test_the_lane_against_capacity():
    assert LANE.capacity == pytest.approx(26.5625e9 * np.log2(1 + LANE.snr))
    assert LANE.share == pytest.approx(0.64, abs=0.005)
    assert norm.sf(np.sqrt(LANE.snr / 5)) * 0.75 == pytest.approx(LANE.error_rate)


# --- All-reduce --------------------------------------------------------------------------------------


def test_gradients_and_step_of_gpt3():
    assert draw.message(GPT3) == pytest.approx(349.2e9)
    step = draw.step_time(GPT3, registry.find("V100 SXM2"))
    # Patterson et al. 2021, Table 4: 14.8 days for 300 billion tokens
    assert step * 300e9 / 3.2e6 / 86_400 == pytest.approx(14.8, rel=0.005)


def test_link_times_are_two_messages_over_the_rate():
    times = draw.link_times(349.2e9)
    assert times["Llama 3 network"] == pytest.approx(2 * 1023 / 1024 * 349.2e9 / 50e9)
    assert list(times.values()) == sorted(times.values(), reverse=True)
    rows = draw.link_table(349.2e9, 13.6)
    assert [row["all-reduce"] for row in rows] == ["47 s", "28 s", "14 s", "7.8 s", "1.6 s", "5.5 ms"]


@pytest.mark.parametrize(
    ("seconds", "words"), [(46.6, "47 s"), (7.76, "7.8 s"), (0.218, "220 ms"), (5.5e-3, "5.5 ms")]
)
def test_short_times(seconds, words):
    assert draw.short(seconds) == words


def test_ladder_shows_every_link_and_both_ways_out():
    _fig, ax = figure()
    words = draw.ladder(ax, 349.2e9, 0.64, draw.FEWER, 13.6)
    points = {line.get_marker(): line.get_xdata()[0] for line in ax.lines if line.get_marker() in "sD"}
    now = draw.link_times(349.2e9)["Llama 3 network"]
    assert points == {"D": pytest.approx(0.64 * now), "s": pytest.approx(now / 135)}
    assert sum(line.get_marker() == "o" for line in ax.lines) == len(draw.LINKS)
    assert "NVLink 4 1.6 s" in words


# --- Codes -------------------------------------------------------------------------------------------


def test_waterfall_draws_what_was_counted_and_no_chance_hits():
    run = shannon.simulate_code(shannon.polar(64), draw.noise_levels(64), n_words=400, seed=1)
    _fig, ax = figure()
    words = draw.waterfall(ax, {64: run})
    drawn = ax.containers[0][0].get_xydata()
    seen = np.asarray(run.word_error_rate) * 400 > 2.5
    assert_allclose(drawn[:, 1], run.word_error_rate[seen])
    assert "at 0.19 dB" in words


def test_needed_energy_lies_between_the_simulated_points():
    run = shannon.simulate_code(shannon.polar(64), [1.0, 2.0, 4.0], n_words=2000, seed=2)
    for where, share in zip(run.ebn0, run.word_error_rate, strict=True):
        if share > 0:
            assert draw.needed(run, float(share)) == pytest.approx(where)
    middle = np.sqrt(run.word_error_rate[0] * run.word_error_rate[1])
    assert 1 < draw.needed(run, float(middle)) < 2


def test_energies_start_at_kt_ln_2_and_end_at_what_a_transceiver_draws():
    run = shannon.simulate_code(shannon.polar(64), draw.noise_levels(64), n_words=200, seed=1)
    rows = draw.energy_table(run)
    assert [row["over kT ln 2"] for row in rows][:3] == ["1", "1", "1.44"]
    assert rows[-1]["over kT ln 2"] == "7.84 billion"
    assert 9 / 4e11 / (constants.k * 300 * np.log(2)) == pytest.approx(7.84e9, rel=1e-3)


# --- The cluster -------------------------------------------------------------------------------------


def test_efficiency_by_hand():
    # 64 chips a copy, 8,192 chips: 128 copies; 5.456e9 bytes each over 50e9 B/s
    compute = 6 * 174.6e9 * 3.2e6 / (8192 * 0.41 * 989.4e12)
    ring = 2 * 127 / 128 * 5.45625e9 / 50e9 + 2 * 127 * 14e-6
    assert draw.efficiency(8192, 50e9, 3.2e6, 0) == pytest.approx(compute / (compute + ring), rel=1e-3)
    assert draw.efficiency(8192, 50e9, 3.2e6, 2 / 3) == 1


def test_more_bandwidth_buys_chips_in_proportion_until_the_batch_runs_out():
    few, more = (draw.most_chips(rate, 3.2e6, draw.BACKWARD) for rate in (12.5e9, 25e9))
    assert more / few == pytest.approx(2, rel=0.02)
    assert draw.most_chips(1.02e15 / 8, 3.2e6, draw.BACKWARD) == draw.copy_limit(3.2e6) * draw.GROUP
    assert draw.copy_limit(3.2e6) == 1562


def test_scaling_draws_both_curves_and_where_the_batch_ends():
    _fig, ax = figure()
    words = draw.scaling(ax, 50e9, 3.2e6)
    curves = [line for line in ax.lines if len(line.get_xdata()) > 2]
    overlapped, plain = (line.get_ydata() for line in curves)
    assert np.all(overlapped >= plain)
    assert curves[0].get_xdata()[-1] == 1562 * 64
    assert words.startswith("With 400 Gb/s, 90% of the time is spent computing up to 28 thousand chips")


def test_what_a_link_keeps_busy_at_gpt3s_batch():
    assert draw.busy_chips("Llama 3 network") == draw.most_chips(50e9, 3.2e6, 2 / 3)
    assert draw.busy_chips("19-core fibre") == 1562 * 64


def test_every_doubling_of_the_link_nearly_doubles_the_chips():
    for batch in (3.2e6, 16e6):
        end = draw.copy_limit(batch) * draw.GROUP
        chips = [draw.most_chips(rate / 8, batch, draw.BACKWARD) for rate in draw.RATES]
        ratios = [b / a for a, b in pairwise(chips) if b < end]
        assert len(ratios) >= 5
        assert all(1.85 < ratio <= 2.02 for ratio in ratios)
    assert registry.find("19-core fibre").bit_rate.value == draw.RATES[-1]
    assert draw.speed(draw.RATES[-1]) == "1,020,000 Gb/s"


# --- Gradients ---------------------------------------------------------------------------------------


def test_rows_of_single_gradients_average_to_the_gradient_of_all():
    model = decoder.random_weights(8, 1, 0, np.float64)
    rows = draw.gradients_one_by_one(model, WINDOWS[:6])
    whole = np.concatenate([m.ravel() for m in draw.gradient(model, WINDOWS[:6])])
    assert_allclose(rows.mean(axis=0), whole, atol=1e-12)


def test_rounding_gaussian_values_errs_as_max_has_it():
    slopes = [np.random.default_rng(0).standard_normal(200_000)]
    assert draw.rounding_error(slopes, 2) == pytest.approx(0.1175, rel=0.01)


def test_largest_values_cost_their_bits_and_their_places():
    bits, error = draw.kept_largest([np.array([3.0, 4.0]), np.zeros(98)], 0.01)
    assert bits == pytest.approx(16 * 0.01 + 0.0807931, abs=1e-6)
    assert error == pytest.approx(9 / 25)


def test_rate_distortion_shows_a_gradient_below_the_gaussian_limit():
    tailed = [np.random.default_rng(0).standard_t(2, 20_000)]
    _fig, ax = figure()
    words = draw.rate_distortion(ax, tailed)
    limit, table, own, largest = (line.get_ydata() for line in ax.lines)
    assert np.all(table > shannon.gaussian_distortion(1, np.arange(1, 7)))
    assert np.all(own > table)
    assert len(largest) == 4
    assert limit[0] == 1
    assert "0.12 at 2 bits" in words


def test_what_is_said_of_the_gradient_in_the_figure(slopes):
    shares = (0.003, 0.01, 0.03, 0.06)
    kept = [draw.kept_largest(slopes, share) for share in shares]
    below = [error < shannon.gaussian_distortion(1, bits) for bits, error in kept]
    assert below == [True, True, False, False]
    for bits in range(1, 7):
        assert draw.rounding_error(slopes, bits) > 1.5 * shannon.lloyd_max(bits).distortion
    assert 1 - kept[1][1] > 3 * draw.gaussian_share(0.01)
    words = draw.rate_distortion(figure()[1], slopes)
    assert "bits, below the limit for Gaussian values" in words
    assert "bits, above the limit" in words
    factors = [shannon.lloyd_max(bits).distortion * 4**bits for bits in range(1, 7)]
    assert max(factors) == factors[-1] == pytest.approx(2.64, abs=0.005)


def test_fitted_levels_do_better_than_those_for_gaussian_values(slopes):
    assert draw.fitted_error(slopes, 4) < draw.rounding_error(slopes, 4) / 5
    normal = [np.random.default_rng(0).standard_normal(100_000)]
    assert draw.fitted_error(normal, 2) == pytest.approx(0.1175, rel=0.01)
    even = [np.linspace(-1, 1, 10_001)]  # n even levels leave 1/n^2
    assert draw.fitted_error(even, 2) == pytest.approx(1 / 16, rel=1e-3)


def test_the_largest_gaussian_values_hold_few_of_the_squares():
    squares = np.sort(np.random.default_rng(0).standard_normal(1_000_000) ** 2)
    assert draw.gaussian_share(0.01) == pytest.approx(squares[-10_000:].sum() / squares.sum(), rel=0.01)
    assert draw.gaussian_share(1) == 1


def test_memory_sends_in_the_end_what_it_kept_back():
    gradient = np.random.default_rng(0).standard_normal((40, 5))
    send = draw.with_memory(draw.largest(0.1))
    arrived = [send(0, [gradient])[0] for _ in range(60)]
    assert all(np.count_nonzero(part) == 20 for part in arrived)
    assert np.abs(np.mean(arrived, axis=0) - gradient).max() < 1
    forgetful = draw.with_memory(draw.largest(0.1), remember=False)
    once, twice = (forgetful(0, [gradient])[0] for _ in range(2))
    assert_allclose(once, twice)


def test_workers_do_not_share_a_memory():
    send = draw.with_memory(draw.round_to(1))
    one = send(0, [np.array([1.0, -3.0])])
    other = send(1, [np.array([1.0, -3.0])])
    assert_allclose(one, other)


def test_training_table_counts_the_bits_and_compares_run_by_run():
    losses = {"everything": np.array([2.0, 2.2]), "2 bits": np.array([2.05, 2.27])}
    rows = draw.training_table(losses)
    assert rows[0]["extra loss (least to most)"] is None
    assert rows[1] == {
        "sent": "2 bits",
        "bits a value": "2",
        "times fewer": "16",
        "loss, nats": "2.16",
        "extra loss (least to most)": "0.06 (0.05 to 0.07)",
    }


def test_trained_gives_losses_for_each_way_to_send():
    losses = draw.trained(WINDOWS[:160], sweep.text().held_out[:16], 2)
    assert list(losses) == list(draw.SENDERS)
    assert all(found.shape == (2,) and found[0] != found[1] for found in losses.values())
    assert np.all(losses["everything"] < losses["largest 1%, rest kept for the next step"])


def test_the_ways_to_send_cost_what_the_table_says():
    bits, _ = draw.kept_largest([np.random.default_rng(0).standard_normal(10_000)], 0.01)
    assert draw.SENDERS["largest 1%, rest kept for the next step"][0] == pytest.approx(bits)
    assert [cost for cost, _ in draw.SENDERS.values()][:4] == [32, 4, 2, 2]


def test_the_table_is_of_two_hundred_steps_of_two_workers(monkeypatch):
    asked = []

    def train(width, layers, windows, rate, batch, **options):
        asked.append((len(windows) / batch, options["workers"], options["seed"]))
        return decoder.random_weights(width, layers, options["seed"], options["dtype"])

    monkeypatch.setattr(decoder, "train", train)
    losses = draw.trained(WINDOWS[:1600], WINDOWS[:2])
    assert set(asked) == {(200, 2, seed) for seed in range(3)}
    assert "after 200 steps of two workers" in draw.training_table(losses).caption


def test_in_half_the_steps_memory_costs_more_than_it_saves():
    losses = draw.trained(WINDOWS[:800], sweep.text().held_out[:256], 2)
    assert np.all(losses["2 bits, error kept for the next step"] > losses["2 bits"])


def test_the_compression_counts_from_the_bits_of_the_chapter():
    # Lin et al. 2018: 97 MB of ResNet-50, which has 25.6 million parameters, become 0.35
    bytes_a_value = 97 * 2**20 / 25.557e6
    assert bytes_a_value == pytest.approx(4, rel=0.01)
    assert draw.FROM_32 <= 97 / 0.35
    assert draw.FEWER == 135


def test_batch_table_is_the_hyperbola():
    rows = draw.batch_table([0.5, 10])
    assert [row["steps over fewest"] for row in rows] == ["3.00", "1.10"]
    assert [row["compute over least"] for row in rows] == ["1.50", "11.00"]


# --- The chapter's first cell ------------------------------------------------------------------------


def test_one_thread_is_asked_for_before_numpy_starts():
    cells = nbformat.read(ROOT / "book" / "shannon.ipynb", as_version=4).cells
    first = next(cell for cell in cells if cell.cell_type == "code").source
    asked, end = (
        'os.environ.setdefault("OMP_NUM_THREADS", "1")\n',
        "import sys; print('numpy' in sys.modules)",
    )
    before, _, _ = first.partition(asked)
    assert before != first
    code = before.replace("    %pip", "    pass  # %pip") + asked + end
    rest = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    shown = subprocess.check_output([sys.executable, "-c", code], text=True, env=rest)
    assert shown.split() == ["False"]
