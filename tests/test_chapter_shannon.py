"""The chapter on Shannon: its numbers, what it trains, and what its drawings show."""

import os
import subprocess
import sys

import nbformat
import numpy as np
import pytest
from conftest import ROOT
from numpy.testing import assert_allclose
from series import series

from frontier import codes, decoder, network, quantizers, registry, shannon, sweep
from frontier.chapters import shannon as draw
from frontier.show import figure

CELLS = nbformat.read(ROOT / "book" / "shannon.ipynb", as_version=4).cells
TEXT = sweep.text()


def source(words):
    """Return the code of the one cell of the chapter that holds these words."""
    (found,) = (cell.source for cell in CELLS if cell.cell_type == "code" and words in cell.source)
    return found


@pytest.fixture(scope="module")
def chapter():
    """Return the names of the cells on sending gradients, whose training is left to the tests."""
    names = {
        "np": np,
        "decoder": decoder,
        "quantizers": quantizers,
        "shannon": shannon,
        "text": TEXT,
        "BYTES": 2,
    }
    training = source("def trained").partition("runs_of_ways")[0]
    for code in (source("def with_memory"), source("ways = {"), training):
        exec(code, names)
    return names


@pytest.fixture(scope="module")
def slopes():
    """Return the gradient of the chapter's figure."""
    end = decoder.train(16, 1, TEXT.train[:1600], rate=0.02, dtype=np.float64)
    return decoder.loss_and_gradient(end, TEXT.train[2000:2064])[1].matrices


# --- Published numbers -------------------------------------------------------------------------------


def test_the_code_and_the_rate_of_the_lane_belong_together():
    # two bits a symbol, 514 of 544 symbols data, 256 of 257 bits data: what is left is 100 Gb/s
    lane = {name: fact.value for name, fact in registry.find("Ethernet lane of 100G").facts.items()}
    assert lane["block_symbols"] - 2 * lane["mended_symbols"] == 514
    assert 2 * lane["symbol_rate"] * 514 / 544 * 256 / 257 == pytest.approx(lane["bit_rate"], rel=1e-9)
    assert codes.lane(**lane).share == pytest.approx(0.64, abs=0.005)


def test_the_compression_counts_from_32_bits():
    # Lin et al. 2018: 97 MB of ResNet-50, which has 25.6 million parameters, become 0.35
    assert abs(97 * 2**20 / 25.557e6 - 4) < 0.04
    assert registry.number("Lin 2018", "factor") <= 97 / 0.35


def test_a_step_of_gpt3_from_its_registered_numbers():
    run = {name: registry.number("GPT-3", name) for name in ("n_params", "batch_tokens", "n_chips", "mfu")}
    step = network.step_time(flop_per_second=registry.number("V100 SXM2", "flop_per_second"), **run)
    # Patterson et al. 2021, Table 4: 14.8 days for 300 billion tokens
    assert step * 300e9 / 3.2e6 / 86_400 == pytest.approx(14.8, rel=0.005)


# --- Links and chips ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "words"), [(46.6, "47 s"), (7.76, "7.8 s"), (0.218, "220 ms"), (5.5e-3, "5.5 ms")]
)
def test_short_times(seconds, words):
    assert draw.short(seconds) == words


def test_ladder_and_table_show_every_link_and_yours():
    rates = {name: registry.number(name, "bit_rate") for name in draw.LINKS}
    times = {name: network.ring_allreduce_time(349.2e9, 1024, rate / 8) for name, rate in rates.items()}
    rows = draw.link_table(rates, times, 13.6)
    assert [row["all-reduce"] for row in rows] == ["47 s", "28 s", "14 s", "7.8 s", "1.6 s", "5.5 ms"]
    _fig, ax = figure()
    words = draw.ladder(ax, times, 4e11, 14.0, 0.64, 13.6)
    assert series(ax, "your link")[0] == pytest.approx([14])
    assert series(ax, "at Shannon’s limit")[0] == pytest.approx([0.64 * 14])
    for name, time in times.items():
        assert series(ax, name)[0] == pytest.approx([time])
    assert words.startswith("400 gigabits a second: 14 s, or 9.0 s with codes")
    assert [row["link"] for row in rows] == [text.get_text() for text in ax.get_yticklabels()[:-1]]
    assert draw.speed(1.25e10) == "12.5"


def test_scaling_draws_both_curves_and_where_the_batch_ends():
    _fig, ax = figure()
    chips, alone = 64 * np.arange(1, 1563), np.linspace(1, 0.01, 1562)
    words = draw.scaling(ax, chips, np.minimum(1, 2 * alone), alone, (27_904, 4_224), 4e11)
    assert_allclose(series(ax, "overlapped"), [chips, np.minimum(1, 2 * alone)])
    assert_allclose(series(ax, "one after the other"), [chips, alone])
    assert_allclose(series(ax, "one sequence a copy")[0], 1562 * 64)
    assert words == "400 Gb/s: 28 thousand chips 90% busy, 4.2 thousand without overlap."


def test_batch_table_is_the_hyperbola():
    rows = draw.batch_table([0.5, 10], network.batch_cost([0.5, 10], 1))
    assert [row["steps over fewest"] for row in rows] == ["3.00", "1.10"]
    assert [row["compute over least"] for row in rows] == ["1.50", "11.00"]


# --- Codes -------------------------------------------------------------------------------------------


def test_waterfall_draws_what_was_counted_and_no_chance_hits():
    run = codes.simulate_code(
        codes.polar(64), ebn0_linear=10 ** (np.arange(0.5, 5.1, 0.5) / 10), n_words=400, seed=1
    )
    _fig, ax = figure()
    words = draw.waterfall(ax, {64: run}, {64: 2.24}, 0.187)
    seen = run.word_error_rate * 400 > 2.5
    assert not seen.all()
    assert_allclose(series(ax, "64 bits"), [draw.decibel(run.ebn0[seen]), run.word_error_rate[seen]])
    assert "at 0.19 dB" in words
    assert "64 bits: one word in ten at 2.2 dB" in words


def test_needed_energy_lies_between_the_simulated_points():
    run = codes.simulate_code(codes.polar(64), ebn0_linear=[1.0, 2.0, 4.0], n_words=2000, seed=2)
    for where, share in zip(run.ebn0, run.word_error_rate, strict=True):
        if share > 0:
            assert draw.needed(run, float(share)) == pytest.approx(draw.decibel(where))
    middle = np.sqrt(run.word_error_rate[0] * run.word_error_rate[1])
    assert draw.needed(run, float(middle)) == pytest.approx(draw.decibel(2) / 2)


def test_energies_are_told_over_the_first():
    rows = draw.energy_table({"a": 2.87e-21, "b": 2.25e-11})
    assert [row["over kT ln 2"] for row in rows] == ["1", "7.84 billion"]


# --- Gradients with fewer bits -----------------------------------------------------------------------


def test_rate_distortion_shows_what_it_is_given():
    limit = np.array([[0, 1], [6, 4**-6]])
    gaussian, own = (np.transpose([np.arange(1, 7), factor * 4.0 ** -np.arange(1, 7)]) for factor in (2, 5))
    sparse = np.array([[0.1, 0.8], [0.24, 0.66], [0.68, 0.47], [1.3, 0.34]])
    _fig, ax = figure()
    words = draw.rate_distortion(ax, limit, gaussian, own, sparse, [0.9, 0.72, 0.39, 0.17])
    assert_allclose(series(ax, "limit for Gaussian values"), limit.T)
    assert_allclose(series(ax, "rounded: Gaussian"), gaussian.T)
    assert_allclose(series(ax, "rounded: a gradient"), own.T)
    assert_allclose(series(ax, "largest only: the same gradient"), sparse.T)
    assert "0.66 at 0.24 bits, below the limit for Gaussian values, 0.72" in words
    assert "0.47 at 0.68 bits, above the limit, 0.39" in words


def test_what_is_said_of_the_gradient_in_the_figure(slopes):
    squares = np.sort(np.concatenate([m.ravel() for m in slopes]) ** 2)[::-1]
    for share, below in ((0.003, True), (0.01, True), (0.03, False), (0.06, False)):
        kept = round(share * squares.size)
        part = kept / squares.size
        limit = shannon.gaussian_distortion(1, 16 * part + shannon.binary_entropy(part))
        assert bool(squares[kept:].sum() / squares.sum() < limit) is below
    assert squares[: squares.size // 100].sum() / squares.sum() > 3 * draw.gaussian_share(0.01)
    sent = [quantizers.quantize_gradient(m, 4).values for m in slopes]
    rounded = sum(np.sum((s - m) ** 2) for s, m in zip(sent, slopes, strict=True)) / squares.sum()
    assert rounded > 1.5 * quantizers.lloyd_max(4).distortion
    assert draw.fitted_error(slopes, 4) < rounded / 5


def test_fitted_levels_are_those_known_to_be_best():
    normal = [np.random.default_rng(0).standard_normal(100_000)]
    assert draw.fitted_error(normal, 2) == pytest.approx(0.1175, rel=0.01)  # Max 1960
    even = [np.linspace(-1, 1, 10_001)]  # n even levels leave 1/n^2
    assert draw.fitted_error(even, 2) == pytest.approx(1 / 16, rel=1e-3)


def test_the_largest_gaussian_values_hold_few_of_the_squares():
    squares = np.sort(np.random.default_rng(0).standard_normal(1_000_000) ** 2)
    assert draw.gaussian_share(0.01) == pytest.approx(squares[-10_000:].sum() / squares.sum(), rel=0.01)
    assert draw.gaussian_share(1) == 1


def test_memory_sends_in_the_end_what_it_kept_back(chapter):
    gradient = np.random.default_rng(0).standard_normal((40, 5))
    send = chapter["with_memory"](lambda m: chapter["largest"](m, 0.1))
    arrived = [send(0, [gradient])[0] for _ in range(60)]
    assert all(np.count_nonzero(part) == 20 for part in arrived)
    assert np.abs(np.mean(arrived, axis=0) - gradient).max() < 1
    assert_allclose(send(1, [gradient])[0], arrived[0])  # workers do not share a memory
    forgetful = chapter["with_memory"](chapter["largest"], remember=False)
    assert_allclose(*(forgetful(0, [gradient])[0] for _ in range(2)))


def test_training_table_counts_the_bits_and_compares_run_by_run():
    losses = {"everything": np.array([2.0, 2.2]), "2 bits": np.array([2.05, 2.27])}
    rows = draw.training_table(losses, {"everything": 32, "2 bits": 2})
    assert rows[0]["extra loss (least to most)"] is None
    assert list(rows[1].values()) == ["2 bits", "2", "16", "2.16", "0.06 (0.05 to 0.07)"]


def test_the_table_is_of_two_hundred_steps_of_two_workers(chapter, monkeypatch):
    asked = []

    def train(width, layers, windows, **options):
        asked.append((len(windows) / 8, options["workers"]))
        return decoder.random_weights(width, layers, options["seed"], options["dtype"])

    monkeypatch.setattr(decoder, "train", train)
    chapter["trained"](TEXT.train[:1600], 0, *chapter["ways"]["2 bits"][1:])
    assert asked == [(200, 2)]
    assert "trained(text.train[:1600]" in source("def trained")
    assert (
        "after 200 steps of two workers"
        in draw.training_table({"everything": np.ones(1)}, {"everything": 32}).caption
    )


def test_in_half_the_steps_memory_costs_more_than_it_saves(chapter):
    loss = {
        name: [chapter["trained"](TEXT.train[:800], seed, *way[1:]) for seed in range(2)]
        for name, way in chapter["ways"].items()
        if name.startswith("2 bits")
    }
    assert np.all(np.array(loss["2 bits, error kept for the next step"]) > loss["2 bits"])


# --- The chapter's first cell ------------------------------------------------------------------------


def test_one_thread_is_asked_for_before_numpy_starts():
    first = next(cell for cell in CELLS if cell.cell_type == "code").source
    asked = 'os.environ.setdefault("OMP_NUM_THREADS", "1")\n'
    before, _, _ = first.partition(asked)
    assert before != first
    end = "import sys; print('numpy' in sys.modules)"
    code = before.replace("    %pip", "    pass  # %pip") + asked + end
    rest = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    shown = subprocess.check_output([sys.executable, "-c", code], text=True, env=rest)
    assert shown.split() == ["False"]
