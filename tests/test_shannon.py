"""Shannon's bounds: against what others published, against brute force, against what must always hold."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.constants import k as boltzmann
from scipy.integrate import quad
from scipy.optimize import brentq, minimize
from scipy.stats import norm

from frontier import shannon
from frontier.shannon import (
    awgn_capacity,
    bec_capacity,
    binary_entropy,
    binary_input_capacity,
    binary_input_ebn0_limit,
    bsc_capacity,
    channel_capacity,
    ebn0_limit,
    gaussian_distortion,
    gaussian_rate,
    optimal_input,
    water_filling,
)

P = st.floats(0, 1)


def decibels(ratio):
    return 10 * np.log10(ratio)


def bsc(p):
    return [[1 - p, p], [p, 1 - p]]


def bec(p):
    return [[1 - p, p, 0], [0, p, 1 - p]]


# --- What others published ---------------------------------------------------------------------------


def test_shannons_example_of_919_bits():
    """Shannon 1948, section 12: 1,000 binary symbols a second, 1 in 100 wrong: 81 bits lost, 919 kept."""
    assert round(1000 * binary_entropy(0.01)) == 81
    assert round(1000 * bsc_capacity(0.01)) == 919
    assert round(1000 * channel_capacity(bsc(0.01))) == 919


def test_the_z_channel():
    """Cambridge Mathematical Tripos, Part II 2007, Coding and Cryptography: log 5 - 2."""
    assert channel_capacity([[1, 0], [0.5, 0.5]]) == pytest.approx(np.log2(5) - 2, abs=1e-9)


@pytest.mark.parametrize("p", [0.01, 0.3, 0.5, 0.9])
def test_any_z_channel(p):
    """log2(1 + (1 - p) p^(p/(1-p)))."""
    expected = np.log2(1 + (1 - p) * p ** (p / (1 - p)))
    assert channel_capacity([[1, 0], [p, 1 - p]], 1e-12) == pytest.approx(expected, abs=1.1e-12)


def test_the_limit_of_minus_one_point_six_decibels():
    assert ebn0_limit(0) == pytest.approx(np.log(2), rel=1e-15)
    assert decibels(ebn0_limit(0)) == pytest.approx(-1.5917, abs=5e-5)
    assert ebn0_limit(1) == 1
    assert ebn0_limit(2) == 1.5
    assert ebn0_limit(4) == pytest.approx(15 / 4, rel=1e-15)


def test_binary_codes_of_rate_one_half_start_at_0_187_decibels():
    assert decibels(binary_input_ebn0_limit(0.5)) == pytest.approx(0.187, abs=5e-4)


def test_a_thermal_bit_costs_what_landauer_says():
    """N0 = kT at 300 K: 2.871e-21 J, the number of the bound on erasure."""
    assert ebn0_limit(0) * boltzmann * 300 == pytest.approx(2.871e-21, rel=2e-4)


# --- Binary channels ---------------------------------------------------------------------------------


@given(P)
def test_entropy_and_capacities_of_binary_channels(p):
    h = binary_entropy(p)
    assert isinstance(h, float)
    assert 0 <= h <= 1
    direct = -sum(x * np.log2(x) for x in (p, 1 - p) if x > 0)
    assert h == pytest.approx(direct, abs=1e-15)
    assert bsc_capacity(p) == pytest.approx(1 - h, abs=2e-15)
    assert bec_capacity(p) == 1 - p
    assert binary_entropy(1 - p) == pytest.approx(h, abs=1e-14)
    assert bsc_capacity(p) <= bec_capacity(2 * min(p, 1 - p)) + 1e-15  # worse than losing twice as many


def test_entropy_at_the_ends_and_near_them():
    assert_array_equal(binary_entropy([0, 0.5, 1]), [0, 1, 0])
    assert not np.signbit(binary_entropy([0, 1])).any()
    assert binary_entropy(1e-20) == pytest.approx(1e-20 * (np.log2(1e20) + 1 / np.log(2)), rel=1e-12)
    assert_array_equal(bsc_capacity([0, 0.5, 1]), [1, 0, 1])


@pytest.mark.parametrize("bias", [1e-7, 1e-4, 1e-2, 0.3])
def test_a_channel_that_is_almost_a_coin(bias):
    """1 - h((1 - d)/2) = sum of d^2n / (2n (2n - 1) ln 2): no digit lost where 1 - h is all but 0."""
    flip = (1 - bias) / 2
    d = 1 - 2 * flip  # as the float has it
    series = sum(d ** (2 * n) / (2 * n * (2 * n - 1)) for n in range(1, 40)) / np.log(2)
    assert bsc_capacity(flip) == pytest.approx(series, rel=1e-13)
    assert bsc_capacity(1 - flip) == pytest.approx(series, rel=1e-8)


def test_the_two_forms_of_the_capacity_meet():
    flip = np.array([0.05 - 1e-12, 0.05 + 1e-12, 0.95 - 1e-12, 0.95 + 1e-12])
    assert_allclose(bsc_capacity(flip), 1 - binary_entropy(flip), rtol=1e-14)


# --- Any channel -------------------------------------------------------------------------------------


@pytest.mark.parametrize("p", [0, 1e-9, 0.11, 0.25, 0.4999, 0.5, 1])
def test_blahut_arimoto_on_channels_with_a_formula(p):
    assert channel_capacity(bsc(p), 1e-12) == pytest.approx(bsc_capacity(p), abs=1.1e-12)
    assert channel_capacity(bec(p), 1e-12) == pytest.approx(bec_capacity(p), abs=1.1e-12)


def test_a_noisy_typewriter_and_a_perfect_one():
    """26 letters, each as likely itself as the next: log2 13."""
    letters = np.eye(26)
    assert channel_capacity((letters + np.roll(letters, 1, axis=1)) / 2) == pytest.approx(
        np.log2(13), abs=1e-9
    )
    assert channel_capacity(letters) == pytest.approx(np.log2(26), abs=1e-9)


def test_useless_channels():
    assert channel_capacity([[0.2, 0.3, 0.5]] * 4) == 0
    assert channel_capacity([[1.0], [1.0]]) == 0
    assert channel_capacity([[0.3, 0.7]]) == 0


def knife_edge():
    """Return an erasure channel and a third input that is unused, but would be used if it were any better."""
    at = brentq(lambda a: a * np.log2(4 * a) + (1 - a) * np.log2(2 * (1 - a)) - 0.5, 1e-9, 0.3, xtol=1e-16)
    return [[0.5, 0.5, 0], [0, 0.5, 0.5], [at, 1 - at, 0]]


HARD = {
    "an input just unused": (knife_edge(), 0.5),
    "an input between two others": ([[2 / 3, 1 / 3, 0], [1 / 3] * 3, [0, 1 / 3, 2 / 3]], 2 / 3),
    "inputs alike": (bec(0.5) + bec(0.5), 0.5),
    "nearly a coin": (bsc(0.4995), bsc_capacity(0.4995)),
    "nearly a coin, and crooked": ([[0.501, 0.499], [0.4995, 0.5005]], None),
    "a letter seldom seen": ([[1 - 1e-9, 1e-9], [0.3, 0.7]], None),
}


@pytest.mark.parametrize("name", HARD)
@pytest.mark.parametrize("tol", [1e-6, 1e-9, 1e-12])
def test_hard_channels(name, tol):
    channel, capacity = HARD[name]
    found = optimal_input(channel, tol)
    assert 0 <= found.upper - found.capacity < tol
    if capacity is not None:
        assert found.capacity - 1e-15 <= capacity <= found.upper + 1e-15


def plain_blahut(channel, steps):
    """Arimoto's and Blahut's method, nothing else: bits, always from below."""
    p = np.full(len(channel), 1 / len(channel))
    for _ in range(steps):
        q = p @ channel
        d = np.sum(channel * np.log2(np.where(channel > 0, channel / q, 1)), axis=1)
        p = p * 2.0**d
        p /= p.sum()
    q = p @ channel
    d = np.sum(channel * np.log2(np.where(channel > 0, channel / q, 1)), axis=1)
    return p @ d, d.max()


@pytest.mark.parametrize("seed", range(12))
def test_random_channels_against_the_plain_method(seed):
    rng = np.random.default_rng(seed)
    channel = rng.dirichlet(np.full(rng.integers(2, 9), rng.choice([0.1, 1, 10])), rng.integers(2, 9))
    low, high = plain_blahut(channel, 3000)
    found = optimal_input(channel, 1e-11)
    assert found.upper >= low - 1e-14
    assert found.capacity <= high + 1e-14
    assert found.upper - found.capacity < 1e-11
    assert found.probabilities.sum() == pytest.approx(1, abs=1e-14)
    assert np.all(found.probabilities >= 0)


@pytest.mark.parametrize("seed", range(4))
def test_the_input_achieves_what_it_is_said_to(seed):
    rng = np.random.default_rng(100 + seed)
    channel = rng.dirichlet(np.ones(4), 6)
    p, capacity, upper = optimal_input(channel, 1e-10)
    joint = p[:, None] * channel
    outputs = joint.sum(axis=0)
    assert np.sum(joint * np.log2(channel / outputs)) == pytest.approx(capacity, abs=1e-13)
    other = rng.dirichlet(np.ones(6), 200)
    for q in other:
        joint = q[:, None] * channel
        assert np.sum(joint * np.log2(channel / (q @ channel))) <= upper


def test_a_wide_channel_is_done_soon():
    channel = np.random.default_rng(5).dirichlet(np.ones(40), 60)
    found = optimal_input(channel)
    assert found.upper - found.capacity < 1e-9


rows = st.lists(st.lists(st.floats(0.001, 1), min_size=3, max_size=3), min_size=2, max_size=5)


@settings(max_examples=40)
@given(rows, st.randoms(use_true_random=False))
def test_what_processing_cannot_do(weights, random):
    """Order does not matter, an input more does no harm, and blurring the output helps nobody."""
    channel = np.array(weights) / np.sum(weights, axis=1, keepdims=True)
    capacity = channel_capacity(channel)
    assert type(capacity) is float
    assert 0 <= capacity <= np.log2(min(channel.shape)) + 1e-12
    order = list(range(len(channel)))
    random.shuffle(order)
    assert channel_capacity(channel[order][:, ::-1]) == pytest.approx(capacity, abs=1e-9)
    assert channel_capacity(channel[:-1]) <= capacity + 1e-9
    assert channel_capacity(channel @ [[0.8, 0.2], [0.5, 0.5], [0, 1]]) <= capacity + 1e-9


def test_two_channels_side_by_side_add_up():
    a, b = np.array([[1, 0], [0.5, 0.5]]), np.array(bec(0.3))
    both = channel_capacity(np.kron(a, b), 1e-10)
    assert both == pytest.approx(channel_capacity(a, 1e-10) + channel_capacity(b, 1e-10), abs=3e-10)


def test_outputs_that_never_come_and_rows_as_typed():
    assert channel_capacity([[1, 0, 0], [0.5, 0, 0.5]]) == pytest.approx(np.log2(5) - 2, abs=1e-9)
    rough = np.array([[0.1] * 10, [0.7, *[1 / 30] * 9]])  # sums of floats, an ulp or two from 1
    kept = rough.copy()
    channel_capacity(rough)
    assert_array_equal(rough, kept)


def test_more_than_floats_can_tell(monkeypatch):
    monkeypatch.setattr(shannon, "BLAHUT_STEPS", 1)
    monkeypatch.setattr(shannon, "_climb", lambda channel, p, *_: p)
    with pytest.raises(ArithmeticError, match=r"the bounds stay .* bits apart: ask for a larger tol"):
        channel_capacity(knife_edge())


@pytest.mark.parametrize("channel", HARD.values(), ids=HARD)
def test_newton_alone_finds_the_same(channel, monkeypatch):
    expected = channel_capacity(channel[0], 1e-11)
    monkeypatch.setattr(shannon, "BLAHUT_STEPS", 0)
    assert channel_capacity(channel[0], 1e-11) == pytest.approx(expected, abs=1e-11)


def test_a_step_that_only_leads_down_is_not_taken():
    p = np.array([0.5, 0.5])  # the best input of a symmetric channel
    assert shannon._climb(np.array(bsc(0.1)), p, np.array([0.5, -0.5]), 1.0, 0.0) is p


# --- Gaussian channels -------------------------------------------------------------------------------


def test_a_telephone_line():
    assert awgn_capacity(3000, 1000) == pytest.approx(3000 * np.log2(1001), rel=1e-14)
    assert awgn_capacity(1, 0) == 0
    assert awgn_capacity(2, 1) == 2
    assert awgn_capacity(1.0, 1e-18) == pytest.approx(1e-18 / np.log(2), rel=1e-14)


@given(st.floats(1e-3, 60))
def test_the_energy_limit_is_the_capacity_solved_for_energy(efficiency):
    """Eb/N0 = SNR / eta at the SNR where C/B = eta."""
    snr = ebn0_limit(efficiency) * efficiency
    assert awgn_capacity(1, snr) == pytest.approx(efficiency, rel=1e-12)
    assert ebn0_limit(efficiency) > ebn0_limit(0)
    assert ebn0_limit(1.01 * efficiency) > ebn0_limit(efficiency)


def test_more_bandwidth_never_beats_the_limit():
    power, noise = 1e-12, 1e-21
    bandwidth = np.logspace(3, 15, 13)
    capacity = awgn_capacity(bandwidth, power / (noise * bandwidth))
    assert np.all(np.diff(capacity) > 0)
    assert_allclose(capacity[-1], power / noise / ebn0_limit(0), rtol=1e-6)


@pytest.mark.parametrize("snr", [0, 1e-3, 0.3, 1, 4, 20, 120, 400])
def test_binary_input_capacity_is_the_mutual_information(snr):
    """From the definition: h(Y) - h(noise), with Y a mixture of two Gaussians."""

    def surprise(y):
        density = (norm.pdf(y - np.sqrt(snr)) + norm.pdf(y + np.sqrt(snr))) / 2
        return -density * np.log2(density) if density > 0 else 0.0

    reach = np.sqrt(snr)
    entropy = 2 * quad(surprise, 0, reach + 12, points=[reach], epsabs=1e-12, limit=200)[0]
    assert binary_input_capacity(snr) == pytest.approx(entropy - np.log2(2 * np.pi * np.e) / 2, abs=1e-10)


@given(st.floats(0, 1000), st.floats(0, 1000))
def test_binary_input_capacity_is_between_hard_decisions_and_any_input(a, b):
    low, high = sorted((a, b))
    capacity = binary_input_capacity(low)
    assert isinstance(capacity, float)
    assert bsc_capacity(norm.sf(np.sqrt(low))) <= capacity + 1e-13
    assert capacity <= min(1, awgn_capacity(0.5, low)) + 1e-13
    assert binary_input_capacity(high) >= capacity - 1e-13


@given(st.floats(0.001, 0.999))
def test_the_binary_limit_is_where_the_capacity_is_the_rate(rate):
    limit = binary_input_ebn0_limit(rate)
    assert binary_input_capacity(2 * rate * limit) == pytest.approx(rate, abs=1e-12)
    assert limit >= ebn0_limit(2 * rate) * (1 - 1e-9)


@pytest.mark.parametrize("rate", [1e-300, 1e-12, 1e-9, 1e-6, 9.9e-5, 1.01e-4, 1e-3])
def test_at_low_rates_the_binary_limit_is_that_of_any_input(rate):
    # ln 2 (1 + r ln 2 + ...) for both, however low the rate.
    assert binary_input_ebn0_limit(rate) == pytest.approx(ebn0_limit(2 * rate), rel=1e-8)
    assert binary_input_ebn0_limit([0.5, rate])[1] == pytest.approx(binary_input_ebn0_limit(rate), rel=1e-9)


@pytest.mark.parametrize("rate", [3e-3, 9e-3])
def test_where_two_symbols_are_only_nearly_enough(rate):
    assert binary_input_capacity(2 * rate * binary_input_ebn0_limit(rate)) == pytest.approx(rate, rel=1e-11)


def test_at_vanishing_rate_two_symbols_are_enough():
    assert binary_input_ebn0_limit(1e-4) == pytest.approx(np.log(2), rel=1e-3)
    assert np.all(np.diff(binary_input_ebn0_limit(np.linspace(0.05, 0.95, 19))) > 0)


# --- Water ------------------------------------------------------------------------------------------


def test_water_by_hand():
    powers, level, capacity = water_filling([1, 2, 10], 5)
    assert_array_equal(powers, [3, 2, 0])
    assert level == 4
    assert capacity == pytest.approx(1.5, rel=1e-15)
    assert type(capacity) is float
    assert type(level) is float


noises = st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=8)


@given(noises, st.floats(0, 1e4))
def test_water_finds_its_level(noise, power):
    n = np.array(noise)
    kept = n.copy()
    powers, level, capacity = water_filling(n, power)
    assert_array_equal(n, kept)
    assert powers.sum() == pytest.approx(power, rel=1e-9, abs=1e-12)
    assert_allclose(powers, np.maximum(level - n, 0), atol=1e-10 * level)
    assert capacity == pytest.approx(np.sum(np.log2(1 + powers / n)) / 2, rel=1e-9, abs=1e-13)
    assert water_filling(n, power + 1).capacity > capacity
    assert water_filling(n[::-1], power).capacity == pytest.approx(capacity, rel=1e-9, abs=1e-13)
    scaled = water_filling(7 * n, 7 * power)
    assert scaled.capacity == pytest.approx(capacity, rel=1e-9, abs=1e-13)
    assert scaled.level == pytest.approx(7 * level, rel=1e-12)


@pytest.mark.parametrize("power", [0.3, 3.0, 30.0])
def test_no_other_sharing_carries_more(power):
    noise = np.array([0.5, 1.0, 2.0, 5.0])

    def lost(x):
        share = np.exp(x - x.max())
        return -np.sum(np.log2(1 + power * share / share.sum() / noise)) / 2

    best = minimize(lost, np.zeros(4), options={"gtol": 1e-9})
    assert water_filling(noise, power).capacity >= -best.fun - 1e-12
    assert water_filling(noise, power).capacity == pytest.approx(-best.fun, abs=1e-5)


def test_equal_channels_share_alike_and_a_single_one_is_plain():
    assert_array_equal(water_filling([2.0] * 4, 8).powers, [2.0] * 4)
    assert water_filling([3.0], 9).capacity == pytest.approx(awgn_capacity(0.5, 3.0), rel=1e-15)
    assert water_filling([1, 2], 0) == (pytest.approx([0, 0]), 1, 0)


def test_a_little_power_in_much_noise_is_not_rounded_away():
    powers, _, capacity = water_filling([1e9, 1e9, 2e9], 1e-9)
    assert_allclose(powers, [5e-10, 5e-10, 0], rtol=1e-14)
    assert capacity == pytest.approx(1e-18 / (2 * np.log(2)), rel=1e-14)


def test_water_broadcasts():
    noise = np.array([[1.0, 2.0, 4.0], [2.0, 2.0, 2.0]])
    powers, level, capacity = water_filling(noise, [[3.0], [6.0], [0.0]])
    assert powers.shape == (3, 2, 3)
    assert level.shape == capacity.shape == (3, 2)
    one = water_filling(noise[0], 6.0)
    assert_array_equal(powers[1, 0], one.powers)
    assert (level[1, 0], capacity[1, 0]) == (one.level, one.capacity)


# --- Rate and distortion -----------------------------------------------------------------------------


@given(st.floats(1e-6, 1e6), st.floats(0, 20))
def test_rate_and_distortion_are_inverse(variance, rate):
    distortion = gaussian_distortion(variance, rate)
    assert distortion == pytest.approx(variance / 4**rate, rel=1e-12)
    assert gaussian_rate(variance, distortion) == pytest.approx(rate, abs=1e-12)
    assert gaussian_rate(5 * variance, 5 * distortion) == pytest.approx(rate, abs=1e-12)
    assert gaussian_rate(variance, 2 * variance) == 0


def test_rates_by_hand():
    assert gaussian_rate(1, 0.25) == 1
    assert gaussian_rate(16, 1) == 2
    assert gaussian_rate(1, 1) == 0
    assert gaussian_rate(1e-300, 1e300) == 0
    assert gaussian_distortion(3, 0) == 3
    assert gaussian_distortion(16, 2) == 1


def test_everything_broadcasts_and_scalars_stay_scalars():
    column, row = np.array([[1.0], [2.0]]), np.array([0.1, 0.2, 0.3])
    kept = column.copy(), row.copy()
    for function in (awgn_capacity, gaussian_rate, gaussian_distortion):
        assert function(column, row).shape == (2, 3)
        assert type(function(1, 1)) is float
        assert function(column, row)[1, 2] == function(2, 0.3)
    for function in (binary_entropy, bsc_capacity, bec_capacity, ebn0_limit, binary_input_capacity):
        assert function(row).shape == (3,)
        assert type(function(0)) is float
        assert function(row)[1] == pytest.approx(function(0.2), rel=1e-15)
    assert binary_input_ebn0_limit(row).shape == (3,)
    assert type(binary_input_ebn0_limit(0.3)) is float
    assert_array_equal(column, kept[0])
    assert_array_equal(row, kept[1])


# --- Refusals and the module -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: binary_entropy(1.5), "p must be between 0 and 1, got 1.5"),
        (lambda: binary_entropy(np.nan), "p must be finite, got nan"),
        (lambda: bsc_capacity([0.1, -0.1]), "p must be between 0 and 1, got -0.1"),
        (lambda: bec_capacity(2), "p must be between 0 and 1, got 2"),
        (
            lambda: channel_capacity([0.5, 0.5]),
            r"transition must be a matrix, inputs by outputs, got shape \(2,\)",
        ),
        (lambda: channel_capacity(np.zeros((0, 3))), "transition must be a matrix"),
        (
            lambda: channel_capacity([[1, 0], [0.5, 0.4]]),
            "transition must have rows that sum to 1, got 0.9 in row 1",
        ),
        (lambda: channel_capacity([[1.5, -0.5]]), "transition must be between 0 and 1, got 1.5"),
        (lambda: channel_capacity([[1, 0], [1]]), "transition must be finite numbers in a regular array"),
        (lambda: channel_capacity([[1, 0], [0, 1]], 0), "tol must be between 1e-12 and 1, got 0"),
        (
            lambda: channel_capacity([[1, 0], [0, 1]], [1e-9]),
            r"tol must be one number, got an array of shape",
        ),
        (lambda: awgn_capacity(0, 1), "bandwidth must be positive, got 0"),
        (lambda: awgn_capacity(1, -0.5), "snr must be at least 0, got -0.5"),
        (lambda: awgn_capacity([1, 2], [1, 2, 3]), r"bandwidth \(2,\), snr \(3,\)"),
        (lambda: ebn0_limit(-1), "spectral_efficiency must be at least 0, got -1"),
        (lambda: binary_input_capacity(-1), "snr must be at least 0, got -1"),
        (lambda: binary_input_ebn0_limit(1), "rate must be below 1, got 1"),
        (lambda: binary_input_ebn0_limit(0), "rate must be positive, got 0"),
        (lambda: binary_input_ebn0_limit(1.2), "rate must be between 0 and 1, got 1.2"),
        (lambda: water_filling([1, 0], 1), "noise must be positive, got 0"),
        (lambda: water_filling([1, 2], -1), "power must be at least 0, got -1"),
        (lambda: water_filling(1.0, 1), "noise must list at least one channel, got 1.0"),
        (lambda: water_filling([], 1), r"noise must list at least one channel, got \[\]"),
        (lambda: water_filling(np.ones((3, 2)), [1, 2]), r"noise \(3,\), power \(2,\)"),
        (lambda: gaussian_rate(0, 1), "variance must be positive, got 0"),
        (lambda: gaussian_rate(1, 0), "distortion must be positive, got 0"),
        (lambda: gaussian_rate([1, 2], [1, 2, 3]), "must broadcast"),
        (lambda: gaussian_distortion(-1, 1), "variance must be positive, got -1"),
        (lambda: gaussian_distortion(1, -1), "rate must be at least 0, got -1"),
        (lambda: gaussian_distortion([1, 2], [1, 2, 3]), "must broadcast"),
    ],
)
def test_refusals_name_argument_rule_and_value(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_what_no_float_can_hold():
    for call in (
        lambda: awgn_capacity(1e308, 1e308),
        lambda: ebn0_limit(2000),
        lambda: gaussian_rate(1e300, 1e-300),
    ):
        with pytest.raises(OverflowError, match="too large"):
            call()
    with pytest.raises(OverflowError, match="too large"):
        water_filling([1.0, 1e308], 1.2e308)


def test_decibels_are_no_numbers_here():
    with pytest.raises(TypeError, match="snr must be real numbers, got '20 dB'"):
        awgn_capacity(1, "20 dB")


def test_codes_and_collectives_are_offered_here_and_nothing_heavy_is_loaded():
    for name in shannon.__all__:
        assert hasattr(shannon, name)
    assert {"simulate_code", "ring_allreduce_time", "quantize_gradient"} <= set(shannon.__all__)
    code = "import frontier.shannon, sys; print(*sys.modules)"
    loaded = set(subprocess.check_output([sys.executable, "-c", code], text=True).split())
    assert not loaded & {"matplotlib", "ipywidgets", "pandas", "scipy.optimize", "scipy.stats"}
