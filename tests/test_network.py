"""Training on many chips: against a ring and a tree run step by step, and against published times."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from frontier.network import (
    batch_cost,
    gradient_noise_scale,
    most_chips,
    ring_allreduce_time,
    scaling_efficiency,
    site_efficiency,
    step_time,
    tree_allreduce_time,
)

WORKERS = st.integers(1, 5000)
BYTES = st.floats(0, 1e13)
RATE = st.floats(1e6, 1e13)
WAIT = st.floats(0, 1e-2)


# --- What others published ---------------------------------------------------------------------------


@pytest.mark.parametrize(("workers", "factor"), [(2, 1.0), (4, 1.5), (8, 1.75), (16, 1.875)])
def test_the_bus_bandwidth_of_nccl_tests(workers, factor):
    """doc/PERFORMANCE.md of nccl-tests: t = (S/B) (2 (n-1)/n)."""
    assert ring_allreduce_time(3e9, workers, 1.5e9) == pytest.approx(2 * factor, rel=1e-15)


def test_data_parallelism_is_compute_bound_from_2550_tokens_a_chip():
    """Austin et al., How to Parallelize a Transformer: C = 4.6e14, W = 2 x 9e10, printed 2,550."""

    def efficiency(tokens):
        backward = 2 / 3
        return scaling_efficiency(
            6e9 * tokens / 4.6e14, ring_allreduce_time(2e9, 10**9, 1.8e11), overlap=backward
        )

    assert efficiency(2560) == 1
    assert efficiency(2540) < 1


# --- Against brute force -----------------------------------------------------------------------------


def run_ring(workers, message, rate, wait):
    """Pass pieces round a ring until every worker has every sum; return the sums and the time it took."""
    pieces = np.arange(workers)
    held = [np.arange(workers, dtype=float) + 10 * w for w in range(workers)]
    clock = 0.0
    for phase in (0, 1):
        for step in range(workers - 1):
            send = [(w - step + phase) % workers for w in range(workers)]
            sent = [held[w][send[w]] for w in range(workers)]
            for w in range(workers):
                to, piece = (w + 1) % workers, send[w]
                held[to][piece] = sent[w] if phase else held[to][piece] + sent[w]
            clock += wait + message / workers / rate
    return held, workers * pieces + 10 * sum(range(workers)), clock


@pytest.mark.parametrize("workers", [1, 2, 3, 5, 8])
def test_the_ring_run_step_by_step(workers):
    held, expected, clock = run_ring(workers, 1e9, 4e8, 0.25)
    for worker in held:
        assert_array_equal(worker, expected)
    assert ring_allreduce_time(1e9, workers, 4e8, 0.25) == pytest.approx(clock, rel=1e-14)


def run_tree(workers, message, rate, wait):
    """Sum up a binomial tree and send the result back down; return what each holds and the time it took."""
    held, clock, span = [float(w) for w in range(workers)], 0.0, 1
    while span < workers:
        for w in range(0, workers - span, 2 * span):
            held[w] += held[w + span]
        clock, span = clock + wait + message / rate, 2 * span
    while span > 1:
        span //= 2
        for w in range(0, workers - span, 2 * span):
            held[w + span] = held[w]
        clock += wait + message / rate
    return held, clock


@pytest.mark.parametrize("workers", [1, 2, 3, 4, 5, 8, 9, 16, 17])
def test_the_tree_run_step_by_step(workers):
    held, clock = run_tree(workers, 1e9, 4e8, 0.25)
    assert held == [sum(range(workers))] * workers
    assert tree_allreduce_time(1e9, workers, 4e8, 0.25) == pytest.approx(clock, rel=1e-14)


@pytest.mark.parametrize(("levels", "chunks"), [(1, 1), (1, 7), (3, 1), (3, 4), (5, 20)])
def test_the_pipeline_run_step_by_step(levels, chunks):
    """Each level passes on, in one step, the piece it got in the step before."""
    arrived, steps = [chunks] + [0] * levels, 0
    while arrived[-1] < chunks:
        for level in range(levels, 0, -1):
            if arrived[level] < chunks and arrived[level - 1] > arrived[level]:
                arrived[level] += 1
        steps += 1
    time = 2 * steps * (0.25 + 1e9 / chunks / 4e8)
    assert tree_allreduce_time(1e9, 2**levels, 4e8, 0.25, chunks) == pytest.approx(time, rel=1e-14)


def test_the_best_number_of_chunks_is_that_of_the_notes():
    message, rate, wait, levels = 1e9, 1e10, 1e-6, 10
    chunks = np.arange(1, 5000)
    best = chunks[np.argmin(tree_allreduce_time(message, 2**levels, rate, wait, chunks))]
    assert best == pytest.approx(np.sqrt((levels - 1) * message / rate / wait), abs=1)


def test_the_depth_of_a_tree_is_exact_where_a_logarithm_is_not():
    workers = np.array([2**50, 2**50 + 1, 2**53 - 1, 2**53])
    assert_array_equal(tree_allreduce_time(1, workers, 1) / 2, [50, 51, 53, 53])


# --- A site ------------------------------------------------------------------------------------------

SITE = {"n_params": 174.6e9, "flop_per_second": 989.4e12, "mfu": 0.41, "latency": 14e-6, "group": 64}


def test_efficiency_by_hand():
    # 64 chips a copy, 8,192 chips: 128 copies; 5.456e9 bytes each over 50e9 B/s
    compute = 6 * 174.6e9 * 3.2e6 / (8192 * 0.41 * 989.4e12)
    ring = 2 * 127 / 128 * 5.45625e9 / 50e9 + 2 * 127 * 14e-6
    link = {"batch_tokens": 3.2e6, "bytes_per_second": 50e9}
    assert site_efficiency(8192, **link, **SITE) == pytest.approx(compute / (compute + ring), rel=1e-3)
    assert site_efficiency(8192, **link, **SITE, overlap=2 / 3) == 1
    wider = site_efficiency(8192, **link, **SITE, bytes_per_value=4)
    assert wider == pytest.approx(compute / (compute + 2 * ring), rel=0.01)


@pytest.mark.parametrize("copies", [1, 2, 3, 100, 1562, 100_000])
@pytest.mark.parametrize("latency", [0, 14e-6, 1e-3])
def test_no_other_tree_and_no_ring_is_quicker(copies, latency):
    site = {**SITE, "latency": latency, "batch_tokens": 3.2e6, "bytes_per_second": 50e9}
    compute = step_time(174.6e9, 3.2e6, 64 * copies, 989.4e12, 0.41)
    part, chunks = 2 * 174.6e9 / 64, np.append(np.arange(1, 2000), np.arange(2000, 200_000, 100))
    trees = tree_allreduce_time(part, copies, 50e9, latency, chunks)
    best = min(ring_allreduce_time(part, copies, 50e9, latency), trees.min())
    found = site_efficiency(64 * copies, **site)
    assert found >= scaling_efficiency(compute, best) - 1e-6
    assert found == pytest.approx(scaling_efficiency(compute, best), rel=1e-3)


@pytest.mark.parametrize("rate", [1e9, 12.5e9, 50e9, 1e14])
@pytest.mark.parametrize("overlap", [0, 2 / 3])
def test_the_most_chips_are_found_as_by_trying_each_number(rate, overlap):
    site = {**SITE, "batch_tokens": 3.2e6, "bytes_per_second": rate, "overlap": overlap}
    chips = 64 * np.arange(1, 1563)
    assert most_chips(0.9, 2048, **site) == chips[site_efficiency(chips, **site) >= 0.9][-1]


def test_more_bandwidth_buys_chips_in_proportion_until_the_batch_runs_out():
    rates = np.array([25, 50, 100, 200, 400, 800, 1600, 3600, 1.02e6]) * 1e9 / 8
    for batch in (3.2e6, 16e6):
        end = 64 * (batch // 2048)
        chips = most_chips(0.9, 2048, batch_tokens=batch, bytes_per_second=rates, overlap=2 / 3, **SITE)
        ratios = (chips[1:] / chips[:-1])[chips[1:] < end]
        assert len(ratios) >= 5
        assert np.all((ratios > 1.85) & (ratios <= 2.02))
        assert chips[-1] == end


def test_what_is_no_site_is_refused():
    link = {"batch_tokens": 3.2e6, "bytes_per_second": 50e9}
    with pytest.raises(ValueError, match=r"n_chips must be a multiple of group, got n_chips \d+, group \d+$"):
        site_efficiency(100, **link, **SITE)
    with pytest.raises(ValueError, match=r"at most batch_tokens, got sequence_tokens .*, batch_tokens .*"):
        most_chips(0.9, 1e7, **link, **SITE)


# --- What must always hold ---------------------------------------------------------------------------


@given(BYTES, WORKERS, RATE, WAIT)
def test_no_algorithm_beats_the_bounds(message, workers, rate, wait):
    ring = ring_allreduce_time(message, workers, rate, wait)
    tree = tree_allreduce_time(message, workers, rate, wait)
    least = 2 * (workers - 1) / workers * message / rate
    assert ring >= least * (1 - 1e-12)
    assert tree >= least * (1 - 1e-12)
    assert tree <= ring * np.ceil(np.log2(max(workers, 2))) * 2 + 1e-300


@given(BYTES, WORKERS, RATE, WAIT, st.floats(0.1, 10))
def test_scale_of_time(message, workers, rate, wait, factor):
    for time in (ring_allreduce_time, tree_allreduce_time):
        once = time(message, workers, rate, wait)
        assert time(factor * message, workers, factor * rate, wait) == pytest.approx(once, rel=1e-12)
        slower = time(message, workers, rate / factor, wait * factor)
        assert slower == pytest.approx(factor * once, rel=1e-12)


@given(st.floats(1e-6, 1e3), st.floats(0, 1e4), st.floats(0, 1))
def test_efficiency_is_a_share(compute, traffic, overlap):
    efficiency = scaling_efficiency(compute, traffic, overlap)
    assert 0 < efficiency <= 1
    assert efficiency == pytest.approx(compute / (compute + max(0, traffic - overlap * compute)), rel=1e-12)
    assert scaling_efficiency(2 * compute, 2 * traffic, overlap) == pytest.approx(efficiency, rel=1e-12)
    assert scaling_efficiency(compute, traffic, 1) >= efficiency >= scaling_efficiency(compute, traffic)


def test_one_worker_has_nothing_to_wait_for():
    assert ring_allreduce_time(1e9, 1, 1, 1) == 0
    assert tree_allreduce_time(1e9, 1, 1, 1, 7) == 0
    assert scaling_efficiency(1, 0) == 1


def test_half_the_step_is_waiting_when_traffic_takes_as_long():
    assert scaling_efficiency(2, 2) == 0.5
    assert scaling_efficiency(2, 2, 0.5) == pytest.approx(2 / 3)


# --- Batches -----------------------------------------------------------------------------------------


@given(st.floats(1e-3, 1e3))
def test_batch_cost_is_a_hyperbola(multiple):
    steps, examples = batch_cost(multiple, 1)
    assert (steps - 1) * (examples - 1) == pytest.approx(1)
    # what is read is the batch times the steps: both in units of the critical batch and the fewest steps
    assert examples == pytest.approx(multiple * steps)


def test_noise_scale_of_gradients_with_known_mean_and_noise():
    rng = np.random.default_rng(0)
    gradients = 2.0 + 3 * rng.standard_normal((20_000, 10))
    assert gradient_noise_scale(gradients) == pytest.approx(9 / 4, rel=0.02)
    assert gradient_noise_scale(1e-200 * gradients) == pytest.approx(gradient_noise_scale(gradients))


def test_noise_scale_is_infinite_where_no_mean_shows():
    assert gradient_noise_scale([[1, 0], [-1, 0]]) == np.inf
    assert gradient_noise_scale([[1, 2], [1, 2]]) == 0


def test_noise_scale_says_when_a_batch_gradient_is_as_long_as_its_noise():
    rng = np.random.default_rng(1)
    means = np.array([(1 + 4 * rng.standard_normal((16, 50))).mean(axis=0) for _ in range(2000)])
    assert np.mean(np.sum((means - 1) ** 2, axis=1)) == pytest.approx(50, rel=0.03)  # |G|^2 = 50, B = 16


def test_few_examples_have_unbiased_estimates():
    """McCandlish et al. 2018, appendix A.1: of pairs drawn again and again, both means are the true ones."""
    assert gradient_noise_scale([[3, 0], [1, 0]]) == pytest.approx(2 / (4 - 2 / 2))
    assert gradient_noise_scale([[3, 1], [1, 0], [2, 2]]) == pytest.approx(2 / (5 - 2 / 3))
    for bad in ([1, 2], [[1, 2]], [[0, 0], [0, 0]]):
        with pytest.raises(ValueError, match="gradients must be rows, at least 2 and not all zero"):
            gradient_noise_scale(bad)


def test_what_no_float_can_hold():
    for time in (ring_allreduce_time, tree_allreduce_time):
        with pytest.raises(OverflowError, match="too large"):
            time(1e300, 8, 1e-300)
    with pytest.raises(OverflowError, match="too small"):
        scaling_efficiency(1e-300, 1e300)
