"""How much a noisy channel can carry, and how much a description of Gaussian values must keep.

Information is in bits, power ratios are linear (never decibels), bandwidth in hertz. Capacity is a promise
about long blocks: below it errors can be made as rare as one likes, above it they cannot. It says nothing of
the delay and the arithmetic that a code costs, and it holds for the channel as modelled.

Codes (`frontier.codes`) and the sending of gradients (`frontier.collectives`) are offered here too.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import exprel, xlog1py, xlogy

from frontier._checks import Float, all_positive, at_least, between, plain, positive, same_shape, single
from frontier.codes import (
    CODES,
    Code,
    ErrorRates,
    block_failure,
    hamming,
    polar,
    repetition,
    simulate_code,
    uncoded,
)
from frontier.collectives import (
    BatchCost,
    Quantized,
    Quantizer,
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

__all__ = [
    "CODES",
    "BatchCost",
    "ChannelInput",
    "Code",
    "ErrorRates",
    "Quantized",
    "Quantizer",
    "WaterFilling",
    "awgn_capacity",
    "batch_cost",
    "bec_capacity",
    "binary_entropy",
    "binary_input_capacity",
    "binary_input_ebn0_limit",
    "block_failure",
    "bsc_capacity",
    "channel_capacity",
    "critical_batch",
    "ebn0_limit",
    "gaussian_distortion",
    "gaussian_rate",
    "gradient_noise_scale",
    "hamming",
    "lloyd_max",
    "optimal_input",
    "polar",
    "quantize_gradient",
    "repetition",
    "ring_allreduce_time",
    "scaling_efficiency",
    "simulate_code",
    "tree_allreduce_time",
    "uncoded",
    "uniform_quantizer",
    "water_filling",
]

Array = NDArray[np.float64]

LN2 = float(np.log(2))
BLAHUT_STEPS = 100  # after so many, a channel counts as hard and Newton's method takes over


class ChannelInput(NamedTuple):
    """Input probabilities, the rate they achieve (bits per use) and an upper bound on the capacity."""

    probabilities: Array
    capacity: float
    upper: float


class WaterFilling(NamedTuple):
    """Power of each channel, the water level, and the capacity in bits per use of all channels together."""

    powers: Array
    level: Float
    capacity: Float


def binary_entropy(p: ArrayLike) -> Float:
    """Bits needed to say which of two outcomes came: h(p) = -p log2 p - (1 - p) log2(1 - p).

    Parameters
    ----------
    p : array_like
        Probability of one of them, 0 to 1.

    Returns
    -------
    float or ndarray
        Entropy in bits, 0 to 1.

    Raises
    ------
    ValueError
        If `p` is not between 0 and 1.

    References
    ----------
    .. [1] Shannon, Bell Syst. Tech. J. 27, 379 (1948), section 6 and Figure 7.

    Examples
    --------
    >>> binary_entropy([0, 0.11, 0.5]).round(2).tolist()
    [0.0, 0.5, 1.0]
    """
    return plain(_entropy(between("p", p, 0, 1)))


def bsc_capacity(p: ArrayLike) -> Float:
    """Bits per use of a channel that flips each bit with probability p: 1 - h(p).

    Parameters
    ----------
    p : array_like
        Probability of a flip, 0 to 1.

    Returns
    -------
    float or ndarray
        Capacity in bits per use, 0 to 1; accurate near p = 1/2, too, where it is about
        (1 - 2 p)^2 / (2 ln 2).

    Raises
    ------
    ValueError
        If `p` is not between 0 and 1.

    Notes
    -----
    A channel that always flips is as good as one that never does.

    References
    ----------
    .. [1] Shannon, Bell Syst. Tech. J. 27, 379 (1948), section 12.

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


def bec_capacity(p: ArrayLike) -> Float:
    """Bits per use of a channel that erases each bit, and says so, with probability p: 1 - p.

    Parameters
    ----------
    p : array_like
        Probability of an erasure, 0 to 1.

    Returns
    -------
    float or ndarray
        Capacity in bits per use, 0 to 1.

    Raises
    ------
    ValueError
        If `p` is not between 0 and 1.

    References
    ----------
    .. [1] Elias, in Information Theory: Third London Symposium (Butterworths, 1956), p. 61.

    Examples
    --------
    >>> bec_capacity(0.25)
    0.75
    """
    return plain(1 - between("p", p, 0, 1))


def channel_capacity(transition: ArrayLike, tol: float = 1e-9) -> float:
    """Capacity of any discrete memoryless channel, in bits per use: max over p of I(X; Y).

    Parameters
    ----------
    transition : array_like, shape (inputs, outputs)
        P(output | input): rows are inputs, at least 0, and sum to 1 (to within 1e-9; they are then scaled).
    tol : float
        Largest error in bits, 1e-12 to 1.

    Returns
    -------
    float
        Capacity in bits per use; the true one is higher by less than `tol`.

    Raises
    ------
    ValueError
        If `transition` is not such a matrix or `tol` is out of range.
    ArithmeticError
        If rounding keeps the two bounds further apart than `tol`.

    Notes
    -----
    The method of Arimoto [1]_ and Blahut [2]_ multiplies each input's probability by exp(D_x), where D_x is
    how far its outputs diverge from all outputs. I(p) is below the capacity and max_x D_x above it, and
    their difference is the stopping rule. For hard channels (an input that is only just unused, inputs that
    are nearly alike) it closes like one over the number of steps or slower; then Newton's method
    on I(p) + mu sum ln p, with mu shrinking, closes it under the same rule.

    References
    ----------
    .. [1] Arimoto, IEEE Trans. Inf. Theory 18, 14 (1972).
    .. [2] Blahut, IEEE Trans. Inf. Theory 18, 460 (1972).

    Examples
    --------
    The Z-channel with even odds, whose capacity is log2(5) - 2:

    >>> round(channel_capacity([[1, 0], [0.5, 0.5]]), 9)
    0.321928095
    """
    return optimal_input(transition, tol).capacity


def optimal_input(transition: ArrayLike, tol: float = 1e-9) -> ChannelInput:
    """Input probabilities that reach the capacity of a discrete memoryless channel, to within `tol` bits.

    Parameters
    ----------
    transition, tol
        As for `channel_capacity`.

    Returns
    -------
    ChannelInput
        With `probabilities`, shape (inputs,), the `capacity` they achieve and the `upper` bound on it. Where
        several inputs are optimal, one of them.

    Raises
    ------
    ValueError, ArithmeticError
        As for `channel_capacity`.

    Examples
    --------
    The Z-channel uses its noisy input two times in five:

    >>> optimal_input([[1, 0], [0.5, 0.5]]).probabilities.round(6).tolist()
    [0.6, 0.4]
    """
    channel, limit = _channel(transition), LN2 * float(single("tol", between("tol", tol, 1e-12, 1)))
    p = np.full(len(channel), 1 / len(channel))
    for _ in range(BLAHUT_STEPS):
        divergence, low, high = _bounds(channel, p)
        if high - low < limit:
            break
        p = p * np.exp(divergence - high)
        p /= p.sum()
    else:
        p, low, high = _interior(channel, p, limit)
    return ChannelInput(p, max(float(low / LN2), 0.0), float(high / LN2))


def awgn_capacity(bandwidth: ArrayLike, snr: ArrayLike) -> Float:
    """Bits per second through white Gaussian noise: C = B log2(1 + S/N).

    Parameters
    ----------
    bandwidth : array_like
        Bandwidth B in hertz, above 0.
    snr : array_like
        Signal power over noise power within that bandwidth, linear, at least 0.

    Returns
    -------
    float or ndarray
        Capacity in bits per second.

    Raises
    ------
    ValueError
        If an argument is out of range or they do not broadcast.
    OverflowError
        If the capacity is too large for a floating-point number.

    Notes
    -----
    For a linear channel whose only limit is average power. In an optical fibre more power also means more
    interference of the signal with itself, so there the formula is no bound on what more power buys.

    References
    ----------
    .. [1] Shannon, Proc. IRE 37, 10 (1949), theorem 2.

    Examples
    --------
    A telephone line of 3 kHz at 30 dB, the textbook case:

    >>> round(awgn_capacity(3000, 1000))
    29902
    """
    width, ratio = positive("bandwidth", bandwidth), at_least("snr", snr, 0)
    same_shape(bandwidth=width, snr=ratio)
    with np.errstate(over="ignore"):
        return plain(width * (np.log1p(ratio) / LN2))


def ebn0_limit(spectral_efficiency: ArrayLike) -> Float:
    """Least energy per bit over noise density at which error-free transmission is possible: (2^eta - 1)/eta.

    Parameters
    ----------
    spectral_efficiency : array_like
        Bits per second per hertz eta, at least 0; twice the rate of a code that sends one real symbol a use.

    Returns
    -------
    float or ndarray
        E_b/N_0, linear; ln 2 at 0, where bandwidth is free.

    Raises
    ------
    ValueError
        If `spectral_efficiency` is negative.
    OverflowError
        If the result is too large for a floating-point number.

    Notes
    -----
    For thermal noise N_0 = k_B T, so that the least energy per bit received is k_B T ln 2: the number of
    Landauer's bound, for another act. It is energy at the receiver; what the way there swallows comes on top.

    References
    ----------
    .. [1] Shannon, Proc. IRE 37, 10 (1949): capacity, solved for the energy of one bit.

    Examples
    --------
    The limit known as -1.59 dB:

    >>> print(f"{10 * np.log10(ebn0_limit(0)):.2f} dB")
    -1.59 dB
    """
    with np.errstate(over="ignore"):
        return plain(LN2 * exprel(LN2 * at_least("spectral_efficiency", spectral_efficiency, 0)))


def binary_input_capacity(snr: ArrayLike) -> Float:
    """Bits per use through Gaussian noise if only +1 and -1 may be sent: 1 - E[log2(1 + exp(-L))].

    Parameters
    ----------
    snr : array_like
        Energy of a symbol over the noise's variance (2 E_s/N_0), linear, at least 0. The log-likelihood
        ratio L is then Gaussian with mean 2 snr and variance 4 snr.

    Returns
    -------
    float or ndarray
        Capacity in bits per use, 0 to 1; absolute error below 1e-12.

    Raises
    ------
    ValueError
        If `snr` is negative.

    Notes
    -----
    What binary codes such as those of `simulate_code` can reach; ``awgn_capacity(0.5, snr)`` is what any
    input could.

    References
    ----------
    .. [1] Gallager, Information Theory and Reliable Communication (Wiley, 1968), problem 4.22.

    Examples
    --------
    >>> round(binary_input_capacity(1.0), 3)
    0.486
    """
    return plain(_binary_input(at_least("snr", snr, 0)))


def binary_input_ebn0_limit(rate: ArrayLike) -> Float:
    """Least E_b/N_0 at which a binary code of the given rate can work in Gaussian noise.

    Parameters
    ----------
    rate : array_like
        Data bits for each +1 or -1 sent, above 0 and below 1.

    Returns
    -------
    float or ndarray
        E_b/N_0, linear: the x at which `binary_input_capacity` of 2 rate x equals the rate.

    Raises
    ------
    ValueError
        If `rate` is not above 0 and below 1.

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


def water_filling(noise: ArrayLike, power: ArrayLike) -> WaterFilling:
    """Share power among parallel Gaussian channels so that they carry most: P_i = max(0, level - N_i).

    Parameters
    ----------
    noise : array_like, shape (..., channels)
        Noise power N_i of each channel, above 0.
    power : array_like
        Total power, at least 0, in the same unit; broadcasts against `noise` without its last axis.

    Returns
    -------
    WaterFilling
        `powers` of shape (..., channels), which sum to `power`; the `level`; and `capacity`, the sum of
        1/2 log2(1 + P_i/N_i), in bits per use of all channels.

    Raises
    ------
    ValueError
        If an argument is out of range, `noise` is a single number, or they do not broadcast.
    OverflowError
        If all noise and power together are too large for a floating-point number.

    Notes
    -----
    The quietest channels are filled first; a noisy one gets nothing until the level reaches it. The sender
    must know the noise; the channels must be independent.

    References
    ----------
    .. [1] Cover and J. A. Thomas, Elements of Information Theory, 2nd ed. (Wiley, 2006), section 9.4.

    Examples
    --------
    >>> powers, level, capacity = water_filling([1, 2, 10], 5)
    >>> powers.tolist(), level, round(capacity, 2)
    ([3.0, 2.0, 0.0], 4.0, 1.5)
    """
    n, total = positive("noise", noise), at_least("power", power, 0)
    if n.ndim == 0 or n.shape[-1] == 0:
        raise ValueError(f"noise must list at least one channel, got {noise!r}")
    same_shape(noise=n[..., 0], power=total)
    floor = n.min(
        axis=-1, keepdims=True
    )  # measured from here, little power in much noise is not rounded away
    heights = np.sort(n - floor, axis=-1)
    used = np.arange(1, n.shape[-1] + 1)
    with np.errstate(over="ignore"):
        depth = (plain(total[..., None] + np.cumsum(heights, axis=-1)) / used).min(axis=-1, keepdims=True)
        powers = np.maximum(depth - (n - floor), 0)
        capacity = np.log1p(powers / n).sum(axis=-1) / (2 * LN2)
    return WaterFilling(powers, plain((floor + depth)[..., 0]), plain(capacity))


def gaussian_rate(variance: ArrayLike, distortion: ArrayLike) -> Float:
    """Bits per real sample to describe Gaussian values within a mean squared error: 1/2 log2(variance/D).

    Parameters
    ----------
    variance : array_like
        Variance of the values, above 0.
    distortion : array_like
        Mean squared error D that is allowed, above 0, in the same unit.

    Returns
    -------
    float or ndarray
        Rate in bits per sample; 0 where D is at least the variance, since then nothing need be sent.

    Raises
    ------
    ValueError
        If an argument is not positive or they do not broadcast.

    Notes
    -----
    Reached only by describing long blocks together; of all sources with this variance the Gaussian one is
    the hardest, so for others it is an upper bound on the rate needed. Squared error is not loss: it does not
    say which errors a training run can live with.

    References
    ----------
    .. [1] Cover and J. A. Thomas, Elements of Information Theory, 2nd ed. (Wiley, 2006), thm 10.3.2.

    Examples
    --------
    Every bit buys a factor of four, the "6 dB per bit":

    >>> gaussian_rate(1, [1, 1 / 4, 1 / 16]).tolist()
    [0.0, 1.0, 2.0]
    """
    spread, error = all_positive(variance=variance, distortion=distortion).values()
    with np.errstate(over="ignore"):
        return plain(np.log2(np.maximum(spread / error, 1)) / 2)


def gaussian_distortion(variance: ArrayLike, rate: ArrayLike) -> Float:
    """Least mean squared error of Gaussian values described with `rate` bits each: variance 2^(-2 rate).

    Parameters
    ----------
    variance : array_like
        Variance of the values, above 0.
    rate : array_like
        Bits per real sample, at least 0.

    Returns
    -------
    float or ndarray
        Mean squared error, in the unit of `variance`. The inverse of `gaussian_rate`.

    Raises
    ------
    ValueError
        If an argument is out of range or they do not broadcast.

    Examples
    --------
    >>> gaussian_distortion(1, 1)
    0.25
    """
    spread, bits = positive("variance", variance), at_least("rate", rate, 0)
    same_shape(variance=spread, rate=bits)
    with np.errstate(over="ignore"):
        return plain(spread * np.exp2(-2 * bits))


def _entropy(p: Array) -> Array:
    return np.asarray((0 - xlogy(p, p) - xlog1py(1 - p, -p)) / LN2)  # 0 - 0, for no entropy of -0.0


def _channel(transition: ArrayLike) -> Array:
    """Return a transition matrix, checked, without outputs that never occur."""
    channel = between("transition", transition, 0, 1)
    if channel.ndim != 2 or channel.size == 0:
        raise ValueError(f"transition must be a matrix, inputs by outputs, got shape {channel.shape}")
    sums = channel.sum(axis=1, keepdims=True)
    worst = int(np.argmax(np.abs(sums - 1)))
    if abs(sums[worst, 0] - 1) > 1e-9:
        raise ValueError(
            f"transition must have rows that sum to 1, got {float(sums[worst, 0])!r} in row {worst}"
        )
    return np.asarray((channel / sums)[:, channel.any(axis=0)])


def _bounds(channel: Array, p: Array) -> tuple[Array, float, float]:
    """Return how far each input's outputs diverge from all, and the bounds on capacity, in nats."""
    divergence = xlogy(channel, channel).sum(axis=1) - channel @ np.log(p @ channel)
    return divergence, float(p @ divergence), float(divergence.max())


def _interior(channel: Array, p: Array, limit: float) -> tuple[Array, float, float]:
    """Close the gap between the bounds by Newton's method on I(p) + mu sum ln p, for ever smaller mu."""
    p = (p + 1 / len(p)) / 2  # away from the walls
    for mu in np.logspace(-2, -17, 46) / len(p):
        for _ in range(50):
            divergence, low, high = _bounds(channel, p)
            if high - low < limit:
                return p, low, high
            step, decrement = _newton(channel, p, divergence, mu)
            p = _climb(channel, p, step, decrement, mu)
            if decrement < 0.01 * mu:  # after a step, not before: the gap is of the order of its root
                break
    raise ArithmeticError(f"the bounds stay {(high - low) / LN2:.1e} bits apart: ask for a larger tol")


def _newton(channel: Array, p: Array, divergence: Array, mu: float) -> tuple[Array, float]:
    """Return the Newton step relative to `p`, which leaves its sum at 1, and what it promises to gain."""
    n = len(p)
    joint = p[:, None] * channel
    system = np.zeros((n + 1, n + 1))
    system[:n, :n] = (joint / (p @ channel)) @ joint.T + mu * np.eye(n)
    system[n, :n] = system[:n, n] = p
    gain = p * divergence + mu
    step = np.linalg.solve(system, np.append(gain, 0))[:n]
    return step, float(gain @ step)


def _climb(channel: Array, p: Array, step: Array, decrement: float, mu: float) -> Array:
    """Go along the step as far as p stays positive and I(p) + mu sum ln p rises."""

    def height(q: Array) -> float:
        return _bounds(channel, q)[1] + mu * float(np.log(q).sum())

    start, share = height(p), min(1.0, 0.9 / max(float(-step.min()), 1e-300))
    while share > 1e-6:
        trial = p * (1 + share * step)
        trial /= trial.sum()
        if height(trial) >= start + 1e-4 * share * decrement - 1e-14:  # less is rounding
            return trial
        share /= 2
    return p


def _binary_input(snr: Array) -> Array:
    """Average over the noise by the trapezoidal rule, which for so smooth a function is exact to rounding."""
    z = np.linspace(-9, 9, 1801)
    weight = np.exp(-(z**2) / 2)
    s = np.minimum(snr, 150)[..., None]  # beyond, all but 1e-30 of a bit gets through
    lost = np.logaddexp(0, -2 * s - 2 * np.sqrt(s) * z) @ (weight / weight.sum()) / LN2
    return np.asarray(1 - lost)
