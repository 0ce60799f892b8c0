"""Quantisers: against Max's tables, against numerical integration, against rate-distortion."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.stats import norm

from frontier.quantizers import lloyd_max, quantize_gradient


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


def distortion(levels):
    """Integrate the squared distance to the nearest level over the Gaussian density."""
    ends = [-12, *(levels[1:] + levels[:-1]) / 2, 12]
    parts = [
        quad(lambda x, level=level: (x - level) ** 2 * norm.pdf(x), low, high, epsabs=1e-13)[0]
        for level, low, high in zip(levels, ends[:-1], ends[1:], strict=True)
    ]
    return sum(parts)


@pytest.mark.parametrize("bits", [1, 2, 3])
def test_no_other_levels_do_better(bits):
    quantizer = lloyd_max(bits)
    assert quantizer.distortion == pytest.approx(distortion(quantizer.levels), abs=1e-12)
    assert_array_equal(quantizer.thresholds, (quantizer.levels[1:] + quantizer.levels[:-1]) / 2)
    found = minimize(lambda x: distortion(np.sort(x)), quantizer.levels * 1.1, method="BFGS")
    assert quantizer.distortion == pytest.approx(found.fun, abs=1e-9)


@pytest.mark.parametrize("bits", range(1, 13))
def test_each_level_is_the_mean_of_its_cell(bits):
    quantizer = lloyd_max(bits)
    ends = np.concatenate([[-np.inf], quantizer.thresholds, [np.inf]])
    lower = quantizer.levels < 0  # by symmetry the others, too
    low, high = ends[:-1][lower], ends[1:][lower]
    means = (norm.pdf(low) - norm.pdf(high)) / (norm.cdf(high) - norm.cdf(low))
    assert_allclose(quantizer.levels[lower], means, rtol=1e-10)
    assert_array_equal(quantizer.levels, -quantizer.levels[::-1])


def test_quantisers_stay_above_rate_distortion_and_near_it():
    ratios = np.array([lloyd_max(b).distortion * 4**b for b in range(1, 13)])
    assert np.all(ratios > 1)
    assert np.all(np.diff(ratios) > 0)
    assert ratios[-1] == pytest.approx(np.sqrt(3) * np.pi / 2, rel=1e-3)  # Panter and Dite's limit


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_gaussian_gradients_lose_what_the_quantiser_says(bits):
    """A correct implementation fails for fewer than one seed in a million: 6 standard errors."""
    gradient = 3e-4 * np.random.default_rng(7).standard_normal(200_000)
    before = gradient.copy()
    sent = quantize_gradient(gradient, bits)
    quantizer = lloyd_max(bits)
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
    for array in (lloyd_max(3).levels, lloyd_max(3).thresholds):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_a_quantiser_kept_from_before_lets_no_bad_bits_pass():
    lloyd_max(1)
    with pytest.raises(TypeError, match=r"^bits must be real numbers, got True$"):
        lloyd_max(True)
    with pytest.raises(ValueError, match=r"^bits must be one number, got an array of shape \(1,\)$"):
        lloyd_max([1])
    with pytest.raises(ValueError, match="bits must be between 1 and 12, got 13"):
        lloyd_max(13)


def test_gradients_that_cannot_be_sent_are_refused():
    with pytest.raises(ValueError, match="gradient must have at least one value, got none"):
        quantize_gradient([], 2)
    with pytest.raises(OverflowError, match="too large for a floating-point number"):
        quantize_gradient([1e300, -1e300], 2)
