"""Rounding to few levels: the best ones for Gaussian values, and what a gradient loses on them."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from frontier._checks import between, plain, real, single, whole
from frontier.shannon import gaussian_distortion

Array = NDArray[np.float64]

MAX_BITS = 12  # of a quantiser: 4,096 levels
NEWTON_STEPS = 4  # to the best levels: each squares the error, and the fourth meets rounding


class Quantizer(NamedTuple):
    """Levels and thresholds for unit variance, and the mean squared error that they leave."""

    levels: Array
    thresholds: Array
    distortion: float


class Quantized(NamedTuple):
    """A gradient after its journey: values as received, the code of each, and what it cost.

    `distortion` is the mean squared error, `limit` the least that any code of so many bits per value could
    reach if the values were independent Gaussian with their `variance` (mean square).
    """

    values: Array
    codes: NDArray[np.int64]
    variance: float
    distortion: float
    limit: float


def lloyd_max(bits: int) -> Quantizer:
    """Return the best quantiser of single Gaussian values of variance 1 with 2^bits levels.

    Each threshold lies midway between two levels, each level at the mean of its cell. One value at a time it
    stays above 2^(-2 bits), by a factor that tends to sqrt(3) pi / 2 = 2.72. The arrays are read-only.
    Max, IRE Trans. Inf. Theory 6, 7 (1960), Table I; Lloyd, IEEE Trans. Inf. Theory 28, 129 (1982).

    Parameters
    ----------
    bits : int
        Bits per value, 1 to 12.

    Examples
    --------
    Max's table reads 0.3634, 0.1175, 0.03454 and 0.009497, the last two low by one part in some thousands:

    >>> [f"{lloyd_max(b).distortion:.4g}" for b in (1, 2, 3, 4)]
    ['0.3634', '0.1175', '0.03455', '0.009501']
    """
    return _lloyd_max(int(single("bits", between("bits", whole("bits", bits, 1), 1, MAX_BITS))))


@cache
def _lloyd_max(bits: int) -> Quantizer:
    from scipy.linalg import solve_banded

    n = 2**bits
    levels = np.sqrt(3) * ndtri((np.arange(n) + 0.5) / n)  # right for many levels, near enough for few
    for _ in range(NEWTON_STEPS):
        mass, means, ends = _cells(levels)
        slope = _density(ends) / 2  # Newton's method on centroid = level: both change with the thresholds
        right = slope * (ends - means[:-1]) / mass[:-1]
        left = slope * (means[1:] - ends) / mass[1:]
        matrix = np.zeros((3, n))
        matrix[1] = 1 - np.append(right, 0) - np.append(0, left)
        matrix[0, 1:], matrix[2, :-1] = -right, -left
        levels = levels + solve_banded((1, 1), matrix, means - levels)
    levels = (levels - levels[::-1]) / 2
    mass, means, ends = _cells(levels)
    for array in (levels, ends):
        array.setflags(write=False)
    return Quantizer(levels, ends, 1 - float(mass @ means**2) + float(mass @ (levels - means) ** 2))


def quantize_gradient(gradient: ArrayLike, bits: int) -> Quantized:
    """Send a gradient with a few bits per value, and measure what that loses against rate-distortion.

    Parameters
    ----------
    gradient : array_like
        Values of any shape, at least one.
    bits : int
        Bits per value, 1 to 12, of the quantiser `lloyd_max`, scaled by the root mean square of the values.

    Notes
    -----
    The scale is sent besides: 32 bits once. Real gradients are not independent Gaussian values: heavy tails
    can raise the distortion beyond the table of Max, structure can allow less than `limit`. The
    values received are too small on average (as every mean of a cell is), so methods that train with few bits
    carry the error over to the next step or round at random.

    Examples
    --------
    >>> sent = quantize_gradient(np.random.default_rng(0).standard_normal(100_000), bits=2)
    >>> f"{sent.distortion / sent.variance:.3f} against {sent.limit / sent.variance}"
    '0.118 against 0.0625'
    """
    quantizer, g = lloyd_max(bits), real("gradient", gradient)
    if g.size == 0:
        raise ValueError("gradient must have at least one value, got none")
    peak = float(np.max(np.abs(g))) or 1.0  # squares of what is tiny or huge would leave the range of floats
    scale = peak * float(np.sqrt(np.mean((g / peak) ** 2)))
    codes = np.searchsorted(quantizer.thresholds, g / (scale or 1.0))
    values = scale * quantizer.levels[codes]
    with np.errstate(over="ignore"):
        variance, distortion = float(plain(np.square(scale))), float(plain(float(np.mean((values - g) ** 2))))
    return Quantized(values, codes, variance, distortion, variance * _least(int(bits)))


@cache
def _least(bits: int) -> float:
    return float(gaussian_distortion(1, bits))


def _cells(levels: Array) -> tuple[Array, Array, Array]:
    """Return probability and mean of the Gaussian values nearest to each level, and the thresholds."""
    middle = (levels[1:] + levels[:-1]) / 2
    ends = np.concatenate([[-np.inf], middle, [np.inf]])
    low, high = ends[:-1], ends[1:]
    flip = levels > 0  # the upper tail as a mirror image of the lower: no difference of numbers near 1
    mass = ndtr(np.where(flip, -low, high)) - ndtr(np.where(flip, -high, low))
    return mass, (_density(low) - _density(high)) / mass, middle


def _density(x: Array) -> Array:
    return np.asarray(np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi))
