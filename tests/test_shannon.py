"""Shannon's bounds: against what others published, against brute force, against what must always hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.constants import k as boltzmann
from scipy.integrate import quad
from scipy.stats import norm

from frontier.shannon import (
    _binary_input,
    awgn_capacity,
    binary_entropy,
    binary_input_ebn0_limit,
    bsc_capacity,
    ebn0_limit,
    gaussian_distortion,
)

P = st.floats(0, 1)


def two_symbols(snr):
    return float(_binary_input(np.asarray(snr, dtype=float)))


def decibels(ratio):
    return 10 * np.log10(ratio)


# --- What others published ---------------------------------------------------------------------------


def test_shannons_example_of_919_bits():
    """Shannon 1948, section 12: 1,000 binary symbols a second, 1 in 100 wrong: 81 bits lost, 919 kept."""
    assert round(1000 * binary_entropy(0.01)) == 81
    assert round(1000 * bsc_capacity(0.01)) == 919


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
    assert 0 <= h <= 1
    direct = -sum(x * np.log2(x) for x in (p, 1 - p) if x > 0)
    assert h == pytest.approx(direct, abs=1e-15)
    assert bsc_capacity(p) == pytest.approx(1 - h, abs=2e-15)
    assert binary_entropy(1 - p) == pytest.approx(h, abs=1e-14)
    assert bsc_capacity(p) <= 1 - 2 * min(p, 1 - p) + 1e-15  # worse than losing twice as many


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


# --- Gaussian channels -------------------------------------------------------------------------------


def test_a_telephone_line():
    assert awgn_capacity(3000, snr_linear=1000) == pytest.approx(3000 * np.log2(1001), rel=1e-14)
    assert awgn_capacity(1, snr_linear=0) == 0
    assert awgn_capacity(2, snr_linear=1) == 2
    assert awgn_capacity(1.0, snr_linear=1e-18) == pytest.approx(1e-18 / np.log(2), rel=1e-14)


@given(st.floats(1e-3, 60))
def test_the_energy_limit_is_the_capacity_solved_for_energy(efficiency):
    """Eb/N0 = SNR / eta at the SNR where C/B = eta."""
    snr = ebn0_limit(efficiency) * efficiency
    assert awgn_capacity(1, snr_linear=snr) == pytest.approx(efficiency, rel=1e-12)
    assert ebn0_limit(efficiency) > ebn0_limit(0)
    assert ebn0_limit(1.01 * efficiency) > ebn0_limit(efficiency)


def test_more_bandwidth_never_beats_the_limit():
    power, noise = 1e-12, 1e-21
    bandwidth = np.logspace(3, 15, 13)
    capacity = awgn_capacity(bandwidth, snr_linear=power / (noise * bandwidth))
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
    assert two_symbols(snr) == pytest.approx(entropy - np.log2(2 * np.pi * np.e) / 2, abs=1e-10)


@pytest.mark.parametrize("snr", [6, 12, 20])
def test_the_reach_of_the_noise_costs_no_digit(snr):
    """Where what lies far out weighs most: 1e-14 of a bit would be missing beyond 8 standard deviations."""

    def loss(z):
        return norm.pdf(z) * np.logaddexp(0, -2 * snr - 2 * np.sqrt(snr) * z) / np.log(2)

    parts = [quad(loss, a, a + 1, epsabs=1e-20, epsrel=1e-13)[0] for a in range(-14, 6)]
    assert two_symbols(snr) == pytest.approx(1 - sum(parts), abs=1e-15)


@given(*[st.just(0.0) | st.floats(1e-300, 1000)] * 2)
def test_binary_input_capacity_is_between_hard_decisions_and_any_input(a, b):
    low, high = sorted((a, b))
    capacity = two_symbols(low)
    assert bsc_capacity(norm.sf(np.sqrt(low))) <= capacity + 1e-13
    assert capacity <= min(1, awgn_capacity(0.5, snr_linear=low)) + 1e-13
    assert two_symbols(high) >= capacity - 1e-13


@given(st.floats(0.001, 0.999))
def test_the_binary_limit_is_where_the_capacity_is_the_rate(rate):
    limit = binary_input_ebn0_limit(rate)
    assert two_symbols(2 * rate * limit) == pytest.approx(rate, abs=1e-12)
    assert limit >= ebn0_limit(2 * rate) * (1 - 1e-9)


@pytest.mark.parametrize("rate", [1e-300, 1e-12, 1e-9, 1e-6, 9.9e-5, 1.01e-4, 1e-3])
def test_at_low_rates_the_binary_limit_is_that_of_any_input(rate):
    # ln 2 (1 + r ln 2 + ...) for both, however low the rate.
    assert binary_input_ebn0_limit(rate) == pytest.approx(ebn0_limit(2 * rate), rel=1e-8)
    assert binary_input_ebn0_limit([0.5, rate])[1] == pytest.approx(binary_input_ebn0_limit(rate), rel=1e-9)


@pytest.mark.parametrize("rate", [3e-3, 9e-3])
def test_where_two_symbols_are_only_nearly_enough(rate):
    assert two_symbols(2 * rate * binary_input_ebn0_limit(rate)) == pytest.approx(rate, rel=1e-11)


def test_at_vanishing_rate_two_symbols_are_enough():
    assert binary_input_ebn0_limit(1e-4) == pytest.approx(np.log(2), rel=1e-3)
    assert np.all(np.diff(binary_input_ebn0_limit(np.linspace(0.05, 0.95, 19))) > 0)


# --- Rate and distortion -----------------------------------------------------------------------------


@given(st.floats(1e-6, 1e6), st.floats(0, 20))
def test_every_bit_leaves_a_quarter_of_the_error(variance, rate):
    distortion = gaussian_distortion(variance, rate)
    assert distortion == pytest.approx(variance / 4**rate, rel=1e-12)
    assert gaussian_distortion(variance, rate + 1) == pytest.approx(distortion / 4, rel=1e-12)
    assert gaussian_distortion(variance, 0) == variance
    assert np.log2(variance / distortion) / 2 == pytest.approx(rate, abs=1e-9)


@pytest.mark.parametrize("rate", [0, 1, 1.2])
def test_a_rate_without_a_limit_is_refused(rate):
    with pytest.raises(ValueError, match="rate must be"):
        binary_input_ebn0_limit(rate)


def test_what_no_float_can_hold():
    for call in (lambda: awgn_capacity(1e308, snr_linear=1e308), lambda: ebn0_limit(2000)):
        with pytest.raises(OverflowError, match="too large"):
            call()
