"""Adding up gradients over a network: how long it takes, how much of it hides, how few bits would do.

The model of time is the usual one of two numbers: every message pays a fixed latency and then flows at a
fixed rate while the worker receives as fast as it sends. Congestion, the additions themselves and the
topology of a real machine are left out: times that no run of the named algorithm beats, not predictions.
"""

from __future__ import annotations

from functools import cache
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import entr, ndtr, ndtri

from frontier._checks import (
    Float,
    all_positive,
    at_least,
    between,
    plain,
    positive,
    real,
    same_shape,
    single,
    whole,
)

Array = NDArray[np.float64]

MAX_BITS = 12  # of a quantiser: 4,096 levels


class Quantizer(NamedTuple):
    """Levels and thresholds for unit variance, mean squared error, and entropy of the output in bits."""

    levels: Array
    thresholds: Array
    distortion: float
    entropy: float


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


class BatchCost(NamedTuple):
    """What a batch size costs: steps over the fewest possible, examples (and compute) over the fewest."""

    steps: Float
    examples: Float


def ring_allreduce_time(
    message_bytes: ArrayLike, n_workers: ArrayLike, bytes_per_second: ArrayLike, latency: ArrayLike = 0
) -> Float:
    """Time of a ring all-reduce: 2 (p - 1)/p n/B + 2 (p - 1) latency.

    Parameters
    ----------
    message_bytes : array_like
        Bytes n that every worker holds and wants summed, at least 0.
    n_workers : array_like
        Workers p in the ring, a whole number, at least 1.
    bytes_per_second : array_like
        Rate B at which one worker sends, in one direction, while it receives at the same rate; above 0.
    latency : array_like
        Seconds that each of the 2 (p - 1) steps takes before its first byte arrives, at least 0.

    Returns
    -------
    float or ndarray
        Seconds, with the shape to which the arguments broadcast; 0 for one worker.

    Raises
    ------
    ValueError
        If an argument is out of range or they do not broadcast.
    OverflowError
        If the time is too large for a floating-point number.

    Notes
    -----
    Each worker sends 2 (p - 1)/p of the message, and no algorithm that leaves the sums on all workers lets
    each send less [1]_; what the ring pays for it is latency that grows with p. Where switches do the adding,
    the bound does not hold. A data sheet that counts both directions gives 2 B.

    References
    ----------
    .. [1] Patarasuk and X. Yuan, J. Parallel Distrib. Comput. 69, 117 (2009).
    .. [2] NVIDIA, nccl-tests, doc/PERFORMANCE.md: the factor 2 (n - 1)/n of the "bus bandwidth".

    Examples
    --------
    The factor by which nccl-tests turns 8 ranks' message rate into a bus bandwidth, 2 x 7/8:

    >>> ring_allreduce_time(1e9, 8, 1e9)
    1.75
    """
    n, p, rate, wait = _message(message_bytes, n_workers, bytes_per_second, latency)
    with np.errstate(over="ignore"):
        return plain(2 * ((p - 1) / p) * (n / rate) + 2 * (p - 1) * wait)


def tree_allreduce_time(
    message_bytes: ArrayLike,
    n_workers: ArrayLike,
    bytes_per_second: ArrayLike,
    latency: ArrayLike = 0,
    n_chunks: ArrayLike = 1,
) -> Float:
    """Time of a reduction up a tree and a broadcast down: 2 (ceil(log2 p) + k - 1) (latency + n/(k B)).

    Parameters
    ----------
    message_bytes : array_like
        Bytes n that every worker holds and wants summed, at least 0.
    n_workers : array_like
        Workers p, a whole number, at least 1.
    bytes_per_second : array_like
        Rate B at which one worker sends, in one direction, while it receives at the same rate; above 0.
    latency : array_like
        Seconds that each step takes before its first byte arrives, at least 0.
    n_chunks : array_like
        Pieces k into which the message is cut, a whole number, at least 1. With one, every step carries the
        whole message (a binomial tree); with more, levels work on different pieces at once.

    Returns
    -------
    float or ndarray
        Seconds, with the shape to which the arguments broadcast; 0 for one worker.

    Raises
    ------
    ValueError
        If an argument is out of range or they do not broadcast.
    OverflowError
        If the time is too large for a floating-point number.

    Notes
    -----
    With ``n_chunks=1`` the time is exact for a binomial tree [1]_: ceil(log2 p) steps up and as many down.
    With more it is that of a pipeline whose links are never shared, which one tree with one port cannot
    give but two interleaved trees approach [2]_; then it tends to 2 n/B + 2 latency ceil(log2 p) at best, a
    little more bytes than a ring and far fewer steps. Best k, where it exceeds 1:
    sqrt((ceil(log2 p) - 1) n / (B latency)).

    References
    ----------
    .. [1] Thakur, R. Rabenseifner and W. Gropp, Int. J. High Perform. Comput. Appl. 19, 49 (2005).
    .. [2] Sanders, J. Speck and J. L. Träff, Parallel Computing 35, 581 (2009).

    Examples
    --------
    Ten levels instead of 1,023 neighbours: a small message is fifty to a hundred times quicker on the tree.

    >>> ring, tree = (f(8, 1024, 50e9, latency=5e-6) for f in (ring_allreduce_time, tree_allreduce_time))
    >>> round(ring / tree)
    102
    """
    n, p, rate, wait = _message(message_bytes, n_workers, bytes_per_second, latency)
    pieces = whole("n_chunks", n_chunks, 1).astype(float)
    same_shape(message_bytes=n, n_workers=p, bytes_per_second=rate, latency=wait, n_chunks=pieces)
    levels = np.frexp(p - 1)[1]  # ceil(log2 p), exact where the logarithm would be rounded
    steps = np.where(levels > 0, levels + pieces - 1, 0)
    with np.errstate(over="ignore"):
        return plain(2 * steps * (wait + n / rate / pieces))


def scaling_efficiency(
    compute_time: ArrayLike, communication_time: ArrayLike, overlap: ArrayLike = 0
) -> Float:
    """Share of a data-parallel step spent computing: T / (T + max(0, t - overlap T)).

    Parameters
    ----------
    compute_time : array_like
        Seconds T of arithmetic in one step of one worker, above 0.
    communication_time : array_like
        Seconds t that summing the gradients takes, at least 0; see `ring_allreduce_time`.
    overlap : array_like
        Share of the compute time during which gradients can already travel, 0 to 1. The backward pass is
        two thirds of 6 N D.

    Returns
    -------
    float or ndarray
        Efficiency, above 0 and at most 1: speed-up over one worker, divided by the number of workers, when
        each keeps its batch (weak scaling).

    Raises
    ------
    ValueError
        If an argument is out of range or they do not broadcast.

    Notes
    -----
    For a fixed total batch (strong scaling) give T/p as the compute time. The first gradient exists only
    after the last layer's backward pass and the last one has nothing left to hide behind, so a real overlap
    is a little less than the share of the backward pass. Says nothing of stragglers, of input pipelines, or
    of whether a larger batch still helps learning.

    References
    ----------
    .. [1] Austin et al., How to Scale Your Model (2025), "How to Parallelize a Transformer for Training".

    Examples
    --------
    On TPU v5p (4.6e14 FLOP/s, links of 2 x 9e10 B/s) data parallelism is bound by communication below about
    2,550 tokens a chip [1]_. Half as many tokens hide half of the traffic:

    >>> tokens, n_params = np.array([1275, 2560]), 1e9
    >>> compute = 6 * n_params * tokens / 4.6e14
    >>> traffic = ring_allreduce_time(2 * n_params, 8960, 2 * 9e10)
    >>> scaling_efficiency(compute, traffic, overlap=2 / 3).round(2).tolist()
    [0.6, 1.0]
    """
    compute, traffic = (
        positive("compute_time", compute_time),
        at_least("communication_time", communication_time, 0),
    )
    share = between("overlap", overlap, 0, 1)
    same_shape(compute_time=compute, communication_time=traffic, overlap=share)
    with np.errstate(over="ignore"):  # an overflowing ratio is an efficiency of nought, which is right
        return plain(1 / (1 + np.maximum(0, traffic / compute - share)))


def critical_batch(loss: ArrayLike, scale: float = 2e8, exponent: float = 1 / 0.21) -> Float:
    """Batch at which a step and an example are equally well used, by Kaplan's fit: scale / loss^exponent.

    Parameters
    ----------
    loss : array_like
        Loss reached so far, in nats per token, above 0.
    scale : float
        Tokens in the critical batch at a loss of 1 nat per token, above 0.
    exponent : float
        How fast it falls with the loss, above 0.

    Returns
    -------
    float or ndarray
        Tokens in a batch.

    Raises
    ------
    ValueError
        If an argument is not positive.
    OverflowError
        If the result is too large for a floating-point number.

    Notes
    -----
    Fitted to losses of WebText2 with its own tokenizer, so it takes no other losses. Later work ties the
    critical batch to the tokens read rather than to the loss [2]_.

    References
    ----------
    .. [1] Kaplan et al., arXiv:2001.08361 (2020), equation 5.3.
    .. [2] Zhang et al., arXiv:2410.21676 (2024).

    Examples
    --------
    "Roughly 1-2 million tokens at convergence for the largest models" of Kaplan et al.:

    >>> critical_batch([3.0, 2.6]).round(-5).tolist()
    [1100000.0, 2100000.0]
    """
    nats = positive("loss", loss)
    top, power = single("scale", positive("scale", scale)), single("exponent", positive("exponent", exponent))
    with np.errstate(over="ignore"):
        return plain(top / nats**power)


def gradient_noise_scale(gradients: ArrayLike) -> float:
    """How many examples it takes until their mean gradient is as long as its own noise: tr(S) / G·G.

    Parameters
    ----------
    gradients : array_like, shape (examples, parameters)
        The gradient of each example by itself, of at least two.

    Returns
    -------
    float
        Noise scale in examples, from unbiased estimates of both; infinity where the examples are too few to
        tell the mean gradient from none.

    Raises
    ------
    ValueError
        If `gradients` is not such a matrix, or all of it is zero.

    Notes
    -----
    Called the simple noise scale. It stands for the critical batch where curvature is alike in all
    directions and steps are those of plain gradient descent; with Adam that is a rule of thumb [2]_.

    References
    ----------
    .. [1] McCandlish et al., arXiv:1812.06162 (2018), equation 2.9 and appendix A.1.
    .. [2] Merrill et al., arXiv:2505.23971 (2025).

    Examples
    --------
    Two examples that agree in one direction and differ in another: variance 2, squared mean 4 - 2/2.

    >>> round(gradient_noise_scale([[2, 1], [2, -1]]), 3)
    0.667
    """
    g = real("gradients", gradients)
    if g.ndim != 2 or len(g) < 2 or not g.any():
        raise ValueError(f"gradients must be rows, at least 2 and not all zero, got shape {g.shape}")
    g = g / np.max(np.abs(g))  # squares of what is tiny or huge would leave the range of floats
    noise = float(g.var(axis=0, ddof=1).sum())
    signal = float(np.square(g.mean(axis=0)).sum()) - noise / len(g)
    return noise / signal if signal > 0 else float("inf")


def batch_cost(batch: ArrayLike, critical: ArrayLike) -> BatchCost:
    """Price of training with one batch size: steps 1 + critical/batch, examples 1 + batch/critical.

    Parameters
    ----------
    batch : array_like
        Examples (or tokens) in a batch, above 0.
    critical : array_like
        The critical batch, in the same unit, above 0.

    Returns
    -------
    BatchCost
        `steps` over the fewest that any batch could do with, `examples` over the fewest that any could.

    Raises
    ------
    ValueError
        If an argument is not positive or they do not broadcast.
    OverflowError
        If a result is too large for a floating-point number.

    Notes
    -----
    Larger batches save steps, which must be taken one after another, and cost examples. The two excesses
    multiply to one: (steps - 1)(examples - 1) = 1. An empirical rule for one loss to be reached, each batch
    size with its own best learning rate.

    References
    ----------
    .. [1] McCandlish et al., arXiv:1812.06162 (2018).
    .. [2] Kaplan et al., arXiv:2001.08361 (2020), equations 5.1 and 5.4.

    Examples
    --------
    At the critical batch both are twice the least:

    >>> batch_cost(3.2e6, 3.2e6)
    BatchCost(steps=2.0, examples=2.0)
    """
    size, middle = all_positive(batch=batch, critical=critical).values()
    with np.errstate(over="ignore"):
        return BatchCost(plain(1 + middle / size), plain(1 + size / middle))


def lloyd_max(bits: int) -> Quantizer:
    """Return the best quantiser of single Gaussian values of variance 1 with 2^bits levels.

    Parameters
    ----------
    bits : int
        Bits per value, 1 to 12.

    Returns
    -------
    Quantizer
        Levels, thresholds, mean squared error and the entropy of the output. Arrays are read-only.

    Raises
    ------
    ValueError
        If `bits` is not a whole number from 1 to 12.

    Notes
    -----
    Each threshold lies midway between two levels, each level at the mean of its cell. One value at a time it
    stays above 2^(-2 bits), by a factor that tends to sqrt(3) pi / 2 = 2.72.

    References
    ----------
    .. [1] Max, IRE Trans. Inf. Theory 6, 7 (1960), Table I.
    .. [2] Lloyd, IEEE Trans. Inf. Theory 28, 129 (1982).

    Examples
    --------
    Max's table reads 0.3634, 0.1175, 0.03454 and 0.009497, the last two low by one part in some thousands:

    >>> [f"{lloyd_max(b).distortion:.4g}" for b in (1, 2, 3, 4)]
    ['0.3634', '0.1175', '0.03455', '0.009501']
    """
    return _lloyd_max(_bits(bits))


@cache
def _lloyd_max(bits: int) -> Quantizer:
    n = 2**bits
    levels = np.sqrt(3) * ndtri((np.arange(n) + 0.5) / n)  # right for many levels, near enough for few
    for _ in range(50):
        cells, ends = _cells(levels), (levels[1:] + levels[:-1]) / 2
        slope = _density(ends) / 2  # Newton's method on centroid = level: both change with the thresholds
        right = slope * (ends - cells.means[:-1]) / cells.mass[:-1]
        left = slope * (cells.means[1:] - ends) / cells.mass[1:]
        matrix = np.zeros((3, n))
        matrix[1] = 1 - np.append(right, 0) - np.append(0, left)
        matrix[0, 1:], matrix[2, :-1] = -right, -left
        step = _tridiagonal(matrix, cells.means - levels)
        levels = levels + step
        if np.max(np.abs(step)) < 1e-13:
            break
    return _quantizer((levels - levels[::-1]) / 2)


def uniform_quantizer(bits: int) -> Quantizer:
    """Return the best quantiser with 2^bits evenly spaced levels for Gaussian values of variance 1.

    Parameters
    ----------
    bits : int
        Bits per value, 1 to 12.

    Returns
    -------
    Quantizer
        As `lloyd_max`, which it equals at one bit.

    Raises
    ------
    ValueError
        If `bits` is not a whole number from 1 to 12.

    Notes
    -----
    Its levels are odd multiples of half a step, which is what hardware adds. The factor over 2^(-2 bits)
    grows with the bits. With levels without end and its output coded at its entropy, a small even step would
    come within 1/2 log2(pi e/6) = 0.2546 bits of the limit [2]_.

    References
    ----------
    .. [1] Max, IRE Trans. Inf. Theory 6, 7 (1960), Table II.
    .. [2] Gish and J. N. Pierce, IEEE Trans. Inf. Theory 14, 676 (1968).

    Examples
    --------
    >>> f"{uniform_quantizer(2).distortion:.4g}"
    '0.1188'
    """
    return _uniform_quantizer(_bits(bits))


@cache
def _uniform_quantizer(bits: int) -> Quantizer:
    n = 2**bits
    from scipy.optimize import minimize_scalar

    ladder = np.arange(n) - (n - 1) / 2
    span = 2 * np.sqrt(3 + 2 * np.log(n))  # the outermost level lies well within

    def error(step: float) -> float:
        return _quantizer(step * ladder).distortion

    best = minimize_scalar(
        error, bounds=(0.2 * span / n, 1.5 * span / n), options={"xatol": 1e-10}, method="bounded"
    )
    return _quantizer(best.x * ladder)


def quantize_gradient(
    gradient: ArrayLike, bits: int, kind: Literal["lloyd-max", "uniform"] = "lloyd-max"
) -> Quantized:
    """Send a gradient with a few bits per value, and measure what that loses against rate-distortion.

    Parameters
    ----------
    gradient : array_like
        Values of any shape, at least one.
    bits : int
        Bits per value, 1 to 12.
    kind : {"lloyd-max", "uniform"}
        The quantiser, scaled by the root mean square of the values.

    Returns
    -------
    Quantized
        Received `values` and `codes` with the shape of `gradient`; their `variance`, the `distortion`
        measured and its `limit` variance 2^(-2 bits).

    Raises
    ------
    ValueError
        If `gradient` is empty, `bits` is out of range, or `kind` is neither.

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
    if not isinstance(kind, str) or kind not in ("lloyd-max", "uniform"):
        raise ValueError(f"kind must be lloyd-max or uniform, got {kind!r}")
    quantizer = lloyd_max(bits) if kind == "lloyd-max" else uniform_quantizer(bits)
    g = real("gradient", gradient)
    if g.size == 0:
        raise ValueError("gradient must have at least one value, got none")
    peak = float(np.max(np.abs(g))) or 1.0  # squares of what is tiny or huge would leave the range of floats
    scale = peak * float(np.sqrt(np.mean((g / peak) ** 2)))
    codes = np.searchsorted(quantizer.thresholds, g / (scale or 1.0))
    values = scale * quantizer.levels[codes]
    with np.errstate(over="ignore"):
        variance, distortion = float(plain(np.square(scale))), float(plain(float(np.mean((values - g) ** 2))))
    return Quantized(values, codes, variance, distortion, variance * 4.0 ** -_bits(bits))


def _message(
    message_bytes: ArrayLike, n_workers: ArrayLike, bytes_per_second: ArrayLike, latency: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the four arguments that every collective has, checked, as float arrays."""
    n, rate = at_least("message_bytes", message_bytes, 0), positive("bytes_per_second", bytes_per_second)
    workers, wait = whole("n_workers", n_workers, 1).astype(float), at_least("latency", latency, 0)
    same_shape(message_bytes=n, n_workers=workers, bytes_per_second=rate, latency=wait)
    return n, workers, rate, wait


def _bits(bits: int) -> int:
    return int(single("bits", between("bits", whole("bits", bits, 1), 1, MAX_BITS)))


class _Cells(NamedTuple):
    mass: Array
    means: Array


def _density(x: Array) -> Array:
    return np.asarray(np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi))


def _cells(levels: Array) -> _Cells:
    """Return the probability and the mean of the Gaussian values nearest to each level."""
    ends = np.concatenate([[-np.inf], (levels[1:] + levels[:-1]) / 2, [np.inf]])
    low, high = ends[:-1], ends[1:]
    flip = levels > 0  # the upper tail as a mirror image of the lower: no difference of numbers near 1
    mass = ndtr(np.where(flip, -low, high)) - ndtr(np.where(flip, -high, low))
    return _Cells(mass, (_density(low) - _density(high)) / mass)


def _quantizer(levels: Array) -> Quantizer:
    """Return the nearest-level quantiser and what it does to unit Gaussian values."""
    mass, means = _cells(levels)
    spread = 1 - float(mass @ means**2)  # what even the best levels for these cells would leave
    distortion = spread + float(mass @ (levels - means) ** 2)
    thresholds = (levels[1:] + levels[:-1]) / 2
    for array in (levels, thresholds):
        array.setflags(write=False)
    return Quantizer(levels, thresholds, distortion, float(entr(mass).sum() / np.log(2)))


def _tridiagonal(bands: Array, right: Array) -> Array:
    from scipy.linalg import solve_banded

    return np.asarray(solve_banded((1, 1), bands, right))
