"""Sending gradients: against a simulated ring and tree, against Max's tables, against rate-distortion."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.stats import norm

from frontier import collectives
from frontier.collectives import (
    batch_cost,
    critical_batch,
    gradient_noise_scale,
    lloyd_max,
    quantize_gradient,
    ring_allreduce_time,
    scaling_efficiency,
    tree_allreduce_time,
    uniform_quantizer,
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


@pytest.mark.parametrize(
    ("bits", "printed"), [(1, 0.3634), (2, 0.1175), (3, 0.03454), (4, 0.009497), (5, 0.002499)]
)
def test_lloyd_max_against_the_table_of_max(bits, printed):
    """Max (1960), Table I. His iteration stopped early: by 5 bits the table is a quarter of a percent low."""
    assert lloyd_max(bits).distortion == pytest.approx(printed, rel=3e-3)


def test_two_bits_of_max_in_detail():
    """Max (1960), Table I, four levels: outputs 0.4528 and 1.510, ends 0 and 0.9816."""
    quantizer = lloyd_max(2)
    assert_allclose(quantizer.levels, [-1.510, -0.4528, 0.4528, 1.510], atol=5e-4)
    assert_allclose(quantizer.thresholds, [-0.9816, 0, 0.9816], atol=5e-5)


def test_the_best_step_of_max_for_even_levels():
    """Max (1960), Table II: steps 1.596, 0.9957, 0.5860, 0.3352 for 2, 4, 8, 16 levels."""
    steps = [np.diff(uniform_quantizer(b).levels)[0] for b in (1, 2, 3, 4)]
    assert_allclose(steps, [1.596, 0.9957, 0.5860, 0.3352], atol=5e-4)


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


@pytest.mark.parametrize(
    "quantizer", [lloyd_max(1), lloyd_max(3), uniform_quantizer(2), uniform_quantizer(3)]
)
def test_distortion_and_entropy_are_the_integrals_they_stand_for(quantizer):
    ends = [-12, *quantizer.thresholds, 12]
    error, mass = 0.0, []
    for level, low, high in zip(quantizer.levels, ends[:-1], ends[1:], strict=True):
        error += quad(lambda x, level=level: (x - level) ** 2 * norm.pdf(x), low, high, epsabs=1e-13)[0]
        mass.append(norm.cdf(high) - norm.cdf(low))
    assert quantizer.distortion == pytest.approx(error, abs=1e-12)
    assert quantizer.entropy == pytest.approx(-np.sum(mass * np.log2(mass)), abs=1e-12)
    assert_array_equal(quantizer.thresholds, (quantizer.levels[1:] + quantizer.levels[:-1]) / 2)


@pytest.mark.parametrize("bits", [1, 2, 3])
def test_no_other_levels_do_better(bits):
    found = minimize(lambda x: collectives._quantizer(np.sort(x)).distortion, lloyd_max(bits).levels * 1.1)
    assert lloyd_max(bits).distortion <= found.fun + 1e-15
    assert lloyd_max(bits).distortion == pytest.approx(found.fun, abs=1e-9)


@pytest.mark.parametrize("bits", range(1, 13))
def test_each_level_is_the_mean_of_its_cell(bits):
    quantizer = lloyd_max(bits)
    ends = np.concatenate([[-np.inf], quantizer.thresholds, [np.inf]])
    lower = quantizer.levels < 0  # by symmetry the others, too
    low, high = ends[:-1][lower], ends[1:][lower]
    means = (norm.pdf(low) - norm.pdf(high)) / (norm.cdf(high) - norm.cdf(low))
    assert_allclose(quantizer.levels[lower], means, rtol=1e-10)
    assert_array_equal(quantizer.levels, -quantizer.levels[::-1])


@pytest.mark.parametrize("bits", range(1, 13))
def test_even_levels_have_the_best_step(bits):
    quantizer = uniform_quantizer(bits)
    for factor in (0.999, 1.001):
        assert collectives._quantizer(factor * quantizer.levels).distortion > quantizer.distortion
    assert_allclose(np.diff(quantizer.levels), quantizer.levels[1] - quantizer.levels[0], rtol=1e-12)


# --- What must always hold ---------------------------------------------------------------------------


def test_quantisers_stay_above_rate_distortion_and_near_it():
    ratios = np.array([lloyd_max(b).distortion * 4**b for b in range(1, 13)])
    assert np.all(ratios > 1)
    assert np.all(np.diff(ratios) > 0)
    assert ratios[-1] == pytest.approx(np.sqrt(3) * np.pi / 2, rel=1e-3)  # Panter and Dite's limit
    even = np.array([uniform_quantizer(b).distortion * 4**b for b in range(1, 13)])
    assert even[0] == pytest.approx(ratios[0], rel=1e-12)
    assert np.all(even[1:] > ratios[1:])


@pytest.mark.parametrize("step", [0.1, 0.03])
def test_at_its_entropy_an_even_step_is_a_quarter_of_a_bit_from_the_limit(step):
    quantizer = collectives._quantizer(step * np.arange(-round(9 / step) + 0.5, 9 / step))
    gap = quantizer.entropy + np.log2(quantizer.distortion) / 2
    assert gap == pytest.approx(0.2546, abs=2e-3)
    assert np.log2(np.pi * np.e / 6) / 2 == pytest.approx(0.2546, abs=5e-5)


@given(BYTES, WORKERS, RATE, WAIT)
def test_no_algorithm_beats_the_bounds(message, workers, rate, wait):
    ring = ring_allreduce_time(message, workers, rate, wait)
    tree = tree_allreduce_time(message, workers, rate, wait)
    assert isinstance(ring, float)
    assert isinstance(tree, float)
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
    assert isinstance(efficiency, float)
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


def test_everything_broadcasts_and_leaves_its_arguments_alone():
    message, workers = np.array([[1e6], [1e9]]), np.array([1, 2, 8, 1024])
    before = message.copy(), workers.copy()
    for time in (ring_allreduce_time, tree_allreduce_time):
        many = time(message, workers, 1e9, 1e-6)
        assert many.shape == (2, 4)
        assert many[1, 2] == time(1e9, 8, 1e9, 1e-6)
    assert scaling_efficiency(np.ones((3, 1)), np.ones(2)).shape == (3, 2)
    assert_array_equal(message, before[0])
    assert_array_equal(workers, before[1])


@pytest.mark.parametrize("kind", ["lloyd-max", "uniform"])
@pytest.mark.parametrize("bits", [1, 2, 4])
def test_gaussian_gradients_lose_what_the_quantiser_says(kind, bits):
    """A correct implementation fails for fewer than one seed in a million: 6 standard errors."""
    gradient = 3e-4 * np.random.default_rng(7).standard_normal(200_000)
    before = gradient.copy()
    sent = quantize_gradient(gradient, bits, kind)
    quantizer = lloyd_max(bits) if kind == "lloyd-max" else uniform_quantizer(bits)
    errors = (sent.values - gradient) ** 2
    assert sent.distortion == pytest.approx(errors.mean(), rel=1e-12)
    assert sent.variance == pytest.approx(np.mean(gradient**2), rel=1e-12)
    standard_error = (errors / sent.variance).std() / np.sqrt(len(gradient))
    assert abs(sent.distortion / sent.variance - quantizer.distortion) < 6 * standard_error
    assert sent.limit == pytest.approx(sent.variance / 4**bits, rel=1e-15)
    assert sent.distortion > sent.limit
    assert sent.codes.min() == 0
    assert sent.codes.max() == 2**bits - 1
    assert_allclose(sent.values, np.sqrt(sent.variance) * quantizer.levels[sent.codes], rtol=1e-12)
    assert_array_equal(gradient, before)


@given(
    st.lists(st.floats(-1e150, 1e150).filter(lambda x: x == 0 or abs(x) > 1e-150), min_size=1, max_size=20),
    st.integers(1, 6),
)
def test_every_value_goes_to_its_nearest_level(gradient, bits):
    sent = quantize_gradient(gradient, bits)
    assert sent.values.shape == (len(gradient),)
    scale = np.sqrt(sent.variance)
    nearest = np.abs(np.array(gradient)[:, None] - scale * lloyd_max(bits).levels).min(axis=1)
    assert_allclose(np.abs(sent.values - gradient), nearest, atol=1e-9 * scale)


def test_a_gradient_keeps_its_shape_and_zeros_stay_zeros():
    assert quantize_gradient(np.ones((2, 3, 4)), 3).values.shape == (2, 3, 4)
    sent = quantize_gradient(np.zeros(5), 2)
    assert_array_equal(sent.values, 0)
    assert (sent.variance, sent.distortion, sent.limit) == (0, 0, 0)


def test_one_bit_is_the_sign_times_the_mean_size():
    sent = quantize_gradient([-3, 4], 1)
    assert_allclose(sent.values, np.sqrt(12.5) * np.sqrt(2 / np.pi) * np.array([-1, 1]), rtol=1e-12)


def test_quantisers_are_shared_so_nobody_may_change_them():
    assert lloyd_max(3) is lloyd_max(3)
    with pytest.raises(ValueError, match="read-only"):
        lloyd_max(3).levels[0] = 0
    with pytest.raises(ValueError, match="read-only"):
        uniform_quantizer(3).thresholds[0] = 0


# --- Batches -----------------------------------------------------------------------------------------


def test_critical_batch_doubles_when_the_loss_falls_by_13_per_cent():
    # Kaplan et al. 2020, Figure 10
    assert critical_batch(3 * 0.87) / critical_batch(3) == pytest.approx(2, rel=0.05)
    assert critical_batch(1) == 2e8


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


# --- Refusals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ring_allreduce_time(-1, 2, 1), "message_bytes must be at least 0, got -1"),
        (lambda: ring_allreduce_time(1, 0, 1), "n_workers must be at least 1, got 0"),
        (lambda: ring_allreduce_time(1, 2.5, 1), "n_workers must be a whole number, got 2.5"),
        (lambda: ring_allreduce_time(1, 2, 0), "bytes_per_second must be positive, got 0"),
        (lambda: ring_allreduce_time(1, 2, 1, -1e-6), "latency must be at least 0, got -1e-06"),
        (lambda: ring_allreduce_time(np.nan, 2, 1), "message_bytes must be finite, got nan"),
        (lambda: ring_allreduce_time([1, 2], [2, 3, 4], 1), "must broadcast against each other"),
        (lambda: tree_allreduce_time(-1, 2, 1), "message_bytes must be at least 0, got -1"),
        (lambda: tree_allreduce_time(1, 2, 1, 0, 0), "n_chunks must be at least 1, got 0"),
        (lambda: tree_allreduce_time(1, [2, 3], 1, 0, [1, 2, 3]), r"n_chunks \(3,\)"),
        (lambda: scaling_efficiency(0, 1), "compute_time must be positive, got 0"),
        (lambda: scaling_efficiency(1, -1), "communication_time must be at least 0, got -1"),
        (lambda: scaling_efficiency(1, 1, 1.5), "overlap must be between 0 and 1, got 1.5"),
        (lambda: scaling_efficiency([1, 2], [1, 2, 3]), "must broadcast against each other"),
        (lambda: critical_batch(0), "loss must be positive, got 0"),
        (lambda: critical_batch(3, exponent=-1), "exponent must be positive, got -1"),
        (lambda: batch_cost(0, 1), "batch must be positive, got 0"),
        (lambda: batch_cost([1, 2], [1, 2, 3]), "must broadcast against each other"),
        (lambda: gradient_noise_scale([1, 2]), r"gradients must be rows, at least 2 .* got shape \(2,\)"),
        (lambda: gradient_noise_scale([[1, 2]]), r"got shape \(1, 2\)"),
        (lambda: gradient_noise_scale([[0, 0], [0, 0]]), "not all zero"),
        (lambda: gradient_noise_scale([[np.nan, 0], [0, 0]]), "gradients must be finite, got nan"),
        (lambda: lloyd_max(0), "bits must be at least 1, got 0"),
        (lambda: lloyd_max(13), "bits must be between 1 and 12, got 13"),
        (lambda: uniform_quantizer(1.5), "bits must be a whole number, got 1.5"),
        (lambda: quantize_gradient([1.0], [1, 2]), r"bits must be one number, got an array of shape \(2,\)"),
        (lambda: quantize_gradient([], 2), "gradient must have at least one value, got none"),
        (lambda: quantize_gradient([1, np.inf], 2), "gradient must be finite, got inf"),
        (lambda: quantize_gradient([1.0], 2, "lloyd"), "kind must be lloyd-max or uniform, got 'lloyd'"),
    ],
)
def test_refusals_name_argument_rule_and_value(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_what_no_float_can_hold():
    for time in (ring_allreduce_time, tree_allreduce_time):
        with pytest.raises(OverflowError, match="too large"):
            time(1e300, 8, 1e-300)
    assert scaling_efficiency(1e-300, 1e300) == 0


@pytest.mark.parametrize("function", [lloyd_max, uniform_quantizer])
def test_a_quantiser_kept_from_before_lets_no_bad_bits_pass(function):
    function(1)
    with pytest.raises(TypeError, match=r"^bits must be real numbers, got True$"):
        function(True)
    with pytest.raises(ValueError, match=r"^bits must be one number, got an array of shape \(1,\)$"):
        function([1])


def test_a_gradient_whose_square_no_float_holds_is_refused():
    with pytest.raises(OverflowError, match="too large for a floating-point number"):
        quantize_gradient([1e300, -1e300], 2)
