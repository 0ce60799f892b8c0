"""How much a noisy channel can carry, and how much a description of Gaussian values must keep.

Information is in bits, power ratios are linear (never decibels), bandwidth in hertz. Capacity is a promise
about long blocks: below it errors can be made as rare as one likes, above it they cannot. It says nothing of
the delay and the arithmetic that a code costs, and it holds for the channel as modelled.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import exprel, xlog1py, xlogy

from frontier._checks import (
    Float,
    above_zero,
    at_least,
    between,
    plain,
    positive,
    product,
    same_shape,
)

Array = NDArray[np.float64]

LN2 = float(np.log(2))
REACH = 9.0  # standard deviations of noise over which a capacity is averaged: 1e-17 of a bit lies beyond


def binary_entropy(p: ArrayLike) -> Float:
    """Bits needed to say which of two outcomes came: h(p) = -p log2 p - (1 - p) log2(1 - p).

    From Shannon, Bell Syst. Tech. J. 27, 379 (1948), section 6 and Figure 7.

    Parameters
    ----------
    p : array_like
        Probability of one of them, 0 to 1.

    Examples
    --------
    >>> binary_entropy([0, 0.11, 0.5]).round(2).tolist()
    [0.0, 0.5, 1.0]
    """
    return plain(_entropy(between("p", p, 0, 1)))


def bsc_capacity(p: ArrayLike) -> Float:
    """Bits per use of a channel that flips each bit with probability p: 1 - h(p).

    A channel that always flips is as good as one that never does (Shannon, Bell Syst. Tech. J. 27, 379, 1948,
    section 12). The result is accurate near p = 1/2, too, where it is about (1 - 2 p)^2 / (2 ln 2).

    Parameters
    ----------
    p : array_like
        Probability of a flip, 0 to 1.

    Examples
    --------
    Shannon's own (section 12): of 1,000 bits a second with one in a hundred wrong, 919 arrive.

    >>> round(1000 * bsc_capacity(0.01))
    919
    """
    flip = between("p", p, 0, 1)
    bias = 1 - 2 * flip
    near = np.clip(bias, -0.9, 0.9)  # where 1 - h would cancel: the same function without the difference
    careful = (np.log1p(-(near**2)) + 2 * near * np.arctanh(near)) / (2 * LN2)
    return plain(np.where(np.abs(bias) < 0.9, careful, 1 - _entropy(flip)))


def awgn_capacity(bandwidth: ArrayLike, *, snr_linear: ArrayLike) -> Float:
    """Bits per second through white Gaussian noise: C = B log2(1 + S/N).

    For a linear channel whose only limit is average power. In an optical fibre more power also means more
    interference of the signal with itself, so there the formula is no bound on what more power buys (Shannon,
    Proc. IRE 37, 10, 1949, theorem 2).

    Parameters
    ----------
    bandwidth : array_like
        Bandwidth B in hertz, above 0.
    snr_linear : array_like
        Signal power over noise power within that bandwidth, at least 0: not in decibels, of which 30 are
        10^(30/10) = 1000.

    Examples
    --------
    A telephone line of 3 kHz at 30 dB, the textbook case:

    >>> round(awgn_capacity(3000, snr_linear=1000))
    29902
    """
    width, ratio = positive("bandwidth", bandwidth), at_least("snr_linear", snr_linear, 0)
    same_shape(bandwidth=width, snr_linear=ratio)
    return product(width, np.log1p(ratio), over=(LN2,))


def ebn0_limit(spectral_efficiency: ArrayLike) -> Float:
    """Least energy per bit over noise density at which error-free transmission is possible: (2^eta - 1)/eta.

    Linear; ln 2 at 0, where bandwidth is free. For thermal noise N_0 = k_B T, so that the least energy per
    bit received is k_B T ln 2: the number of Landauer's bound, for another act. It is energy at the receiver;
    what the way there swallows comes on top. From Shannon's capacity (Proc. IRE 37, 10, 1949), solved for the
    energy of one bit.

    Parameters
    ----------
    spectral_efficiency : array_like
        Bits per second per hertz eta, at least 0; twice the rate of a code that sends one real symbol a use.

    Examples
    --------
    The limit known as -1.59 dB:

    >>> print(f"{10 * np.log10(ebn0_limit(0)):.2f} dB")
    -1.59 dB
    """
    with np.errstate(over="ignore"):
        return plain(LN2 * exprel(LN2 * at_least("spectral_efficiency", spectral_efficiency, 0)))


def binary_input_ebn0_limit(rate: ArrayLike) -> Float:
    """Least E_b/N_0 (linear) at which a binary code of the given rate can work in Gaussian noise.

    The x at which the capacity of an input of two symbols at a signal-to-noise ratio of 2 rate x is the rate.

    Parameters
    ----------
    rate : array_like
        Data bits for each +1 or -1 sent, above 0 and below 1.

    Examples
    --------
    The 0.187 dB against which codes of rate one half are measured:

    >>> print(f"{10 * np.log10(binary_input_ebn0_limit(0.5)):.3f} dB")
    0.187 dB
    """
    r = between("rate", positive("rate", rate), 0, 1)
    if np.any(r >= 1):
        raise ValueError("rate must be below 1, got 1")
    low, high = np.full(r.shape, -10.0), np.full(r.shape, 6.0)  # ln snr: capacity 3e-5 and 1, as floats go
    for _ in range(60):
        middle = (low + high) / 2
        enough = _binary_input(np.exp(middle)) >= r
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    # Below a rate of 1e-4 the digits of the capacity run out, but there two symbols are as good as any input:
    # the capacities differ only from the fourth power of the signal-to-noise ratio on.
    return plain(np.where(r < 1e-4, ebn0_limit(2 * r), np.exp(high) / (2 * np.maximum(r, 1e-4))))


def gaussian_distortion(variance: ArrayLike, rate: ArrayLike) -> Float:
    """Least mean squared error of Gaussian values described with `rate` bits each: variance 2^(-2 rate).

    In the unit of `variance`.

    Parameters
    ----------
    variance : array_like
        Variance of the values, above 0.
    rate : array_like
        Bits per real sample, at least 0.

    Notes
    -----
    Reached only by describing long blocks together. Of all sources with this variance the Gaussian one is the
    hardest, so that others can do with fewer bits. Squared error is not loss: it does not say which errors a
    training run can live with (Cover and Thomas, Elements of Information Theory, 2nd ed., 2006, thm 10.3.2).

    Examples
    --------
    Every bit buys a factor of four, the "6 dB per bit":

    >>> gaussian_distortion(1, [0, 1, 2]).tolist()
    [1.0, 0.25, 0.0625]
    """
    spread, bits = positive("variance", variance), at_least("rate", rate, 0)
    same_shape(variance=spread, rate=bits)
    halvings = np.minimum(2 * bits, 1e4)  # beyond, nothing is left of any float
    steps = np.floor(halvings).astype(int)  # apart, since 2^(-2 rate) alone may be no float
    return above_zero(np.ldexp(spread * np.exp2(steps - halvings), -steps))


def _entropy(p: Array) -> Array:
    return np.asarray((0 - xlogy(p, p) - xlog1py(1 - p, -p)) / LN2)  # 0 - 0, for no entropy of -0.0


def _binary_input(snr: Array) -> Array:
    """Capacity, in bits a use, if only +1 and -1 may be sent: 1 - E[log2(1 + exp(-L))].

    `snr` is the energy of a symbol over the noise's variance, and the log-likelihood ratio L is Gaussian with
    mean 2 snr and variance 4 snr [Gallager, Information Theory and Reliable Communication (1968), problem
    4.22]. The trapezoidal rule is exact to rounding for so smooth a function.
    """
    z = np.linspace(-REACH, REACH, 1801)
    weight, s = np.exp(-(z**2) / 2), snr[..., None]
    lost = np.logaddexp(0, -2 * s - 2 * np.sqrt(s) * z) @ (weight / weight.sum()) / LN2
    return np.asarray(1 - lost)
