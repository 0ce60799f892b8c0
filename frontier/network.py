"""Training on many chips: how long gradients take to add up, how much of it hides, how large a batch helps.

The model of time is the usual one of two numbers: every message pays a fixed latency and then flows at a
fixed rate while the worker receives as fast as it sends. Congestion, the additions themselves and the
topology of a real machine are left out: times that no run of the named algorithm beats, not predictions.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from frontier._checks import (
    Float,
    above_zero,
    all_positive,
    at_least,
    between,
    multiplied,
    overflowing,
    plain,
    positive,
    product,
    real,
    refuse_where,
    same_shape,
    whole,
)

Array = NDArray[np.float64]


class BatchCost(NamedTuple):
    """What a batch size costs: steps over the fewest possible, examples (and compute) over the fewest."""

    steps: Float
    examples: Float


def ring_allreduce_time(
    message_bytes: ArrayLike, n_workers: ArrayLike, bytes_per_second: ArrayLike, latency: ArrayLike = 0
) -> Float:
    """Seconds of a ring all-reduce: 2 (p - 1)/p n/B + 2 (p - 1) latency.

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

    Notes
    -----
    Each worker sends 2 (p - 1)/p of the message, and no algorithm that leaves the sums on all workers lets
    each send less [1]_; what the ring pays for it is latency that grows with p. Where switches do the adding,
    the bound does not hold. A data sheet that counts both directions gives 2 B.

    References
    ----------
    .. [1] Patarasuk and X. Yuan, J. Parallel Distrib. Comput. 69, 117 (2009).

    Examples
    --------
    The factor by which nccl-tests (doc/PERFORMANCE.md) turns 8 ranks' rate into a bus bandwidth, 2 x 7/8:

    >>> ring_allreduce_time(1e9, 8, 1e9)
    1.75
    """
    n, p, rate, wait = _message(message_bytes, n_workers, bytes_per_second, latency)
    return above_zero(_ring(n, p, rate, wait), but=(p == 1) | (np.maximum(n, wait) == 0))


def tree_allreduce_time(
    message_bytes: ArrayLike,
    n_workers: ArrayLike,
    bytes_per_second: ArrayLike,
    latency: ArrayLike = 0,
    n_chunks: ArrayLike = 1,
) -> Float:
    """Seconds of a reduction up a tree and a broadcast down: 2 (ceil(log2 p) + k - 1) (latency + n/(k B)).

    Parameters
    ----------
    message_bytes, n_workers, bytes_per_second, latency : array_like
        As for `ring_allreduce_time`.
    n_chunks : array_like
        Pieces k into which the message is cut, a whole number, at least 1. With one, every step carries the
        whole message (a binomial tree); with more, levels work on different pieces at once.

    Notes
    -----
    With ``n_chunks=1`` the time is exact for a binomial tree [1]_: ceil(log2 p) steps up and as many down.
    With more it is that of a pipeline whose links are never shared, which one tree with one port cannot give
    but two interleaved trees approach [2]_. Best k, if above 1: sqrt((ceil(log2 p) - 1) n / (B latency)).

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
    return above_zero(_tree(n, p, rate, wait, pieces), but=(p == 1) | (np.maximum(n, wait) == 0))


def step_time(
    n_params: ArrayLike,
    batch_tokens: ArrayLike,
    n_chips: ArrayLike,
    flop_per_second: ArrayLike,
    mfu: ArrayLike,
) -> Float:
    """Seconds of arithmetic in one step of training: 6 N D / (chips x peak x share of it that is used).

    Parameters
    ----------
    n_params, batch_tokens : array_like
        Parameters N of the model, and tokens D in the batch of one step; above 0.
    n_chips, flop_per_second : array_like
        Chips, and the peak of each in FLOP per second; above 0.
    mfu : array_like
        Share of the peak that is used, above 0 and at most 1.

    Examples
    --------
    Patterson et al. (2021, Table 4) print 14.8 days for GPT-3's 300 billion tokens on 10,000 V100s:

    >>> round(300e9 / 3.2e6 * step_time(174.6e9, 3.2e6, 10_000, 125e12, 24.6 / 125) / 86_400, 1)
    14.8
    """
    given = {"n_params": n_params, "batch_tokens": batch_tokens, "n_chips": n_chips}
    values = all_positive(**given, flop_per_second=flop_per_second, mfu=between("mfu", mfu, 0, 1))
    n, tokens, chips, peak, use = values.values()
    return product(6, n, tokens, over=(use, chips, peak))


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

    Notes
    -----
    For a fixed total batch (strong scaling) give T/p as the compute time. The last gradient has nothing left
    to hide behind, so a real overlap is a little less than the share of the backward pass. Says nothing of
    stragglers, of input pipelines, or of whether a larger batch still helps learning.

    References
    ----------
    .. [1] Austin et al., How to Scale Your Model (2025), "How to Parallelize a Transformer for Training".

    Examples
    --------
    On TPU v5p (4.6e14 FLOP/s, links of 2 x 9e10 B/s) data parallelism is bound by communication below about
    2,550 tokens a chip [1]_. Half as many tokens hide half of the traffic:

    >>> compute = step_time(1e9, np.array([1275, 2560]), 1, 4.6e14, 1)
    >>> traffic = ring_allreduce_time(2e9, 8960, 2 * 9e10)
    >>> scaling_efficiency(compute, traffic, overlap=2 / 3).round(2).tolist()
    [0.6, 1.0]
    """
    compute = positive("compute_time", compute_time)
    traffic = at_least("communication_time", communication_time, 0)
    share = between("overlap", overlap, 0, 1)
    same_shape(compute_time=compute, communication_time=traffic, overlap=share)
    with overflowing():
        return above_zero(1 / (1 + np.maximum(0, traffic / compute - share)))


def site_efficiency(
    n_chips: ArrayLike,
    n_params: ArrayLike,
    batch_tokens: ArrayLike,
    flop_per_second: ArrayLike,
    mfu: ArrayLike,
    bytes_per_second: ArrayLike,
    latency: ArrayLike = 0,
    overlap: ArrayLike = 0,
    group: ArrayLike = 1,
    bytes_per_value: ArrayLike = 2,
) -> Float:
    """Share of the time in which the chips of a site compute, training one model with a fixed batch.

    Groups of chips share a copy of the model. Each chip sums its part of the gradients with its peers in the
    other groups, in a ring or a tree, whichever is quicker. What travels within a group is left out.

    Parameters
    ----------
    n_chips : array_like
        Chips, a multiple of `group`.
    n_params, batch_tokens, flop_per_second, mfu : array_like
        As for `step_time`; the batch is that of the whole site.
    bytes_per_second, latency : array_like
        Of each chip's link, in bytes per second and seconds, as for `ring_allreduce_time`.
    overlap : array_like
        As for `scaling_efficiency`.
    group : array_like
        Chips that share a copy of the model, a whole number, at least 1.
    bytes_per_value : array_like
        Bytes in which a gradient of one parameter travels, above 0.

    Examples
    --------
    GPT-3's size and batch on H100s with links of 400 Gb/s, and 64 of them to a copy:

    >>> chips = [8192, 16384, 32768]
    >>> site_efficiency(chips, 174.6e9, 3.2e6, 989.4e12, 0.41, 50e9, 14e-6, 2 / 3, group=64).round(2).tolist()
    [1.0, 1.0, 0.8]
    """
    chips, size = whole("n_chips", n_chips, 1).astype(float), whole("group", group, 1).astype(float)
    given = {"n_params": n_params, "batch_tokens": batch_tokens, "flop_per_second": flop_per_second}
    rates = {"mfu": mfu, "bytes_per_second": bytes_per_second, "bytes_per_value": bytes_per_value}
    values = _site(latency, overlap, **given, **rates)
    same_shape(n_chips=chips, group=size, **values)
    refuse_where(chips % size != 0, "n_chips must be a multiple of group", n_chips=chips, group=size)
    compute, traffic = _times(chips, size, values)
    return scaling_efficiency(above_zero(compute), plain(traffic), overlap)


def most_chips(
    efficiency: ArrayLike,
    sequence_tokens: ArrayLike,
    n_params: ArrayLike,
    batch_tokens: ArrayLike,
    flop_per_second: ArrayLike,
    mfu: ArrayLike,
    bytes_per_second: ArrayLike,
    latency: ArrayLike = 0,
    overlap: ArrayLike = 0,
    group: ArrayLike = 1,
    bytes_per_value: ArrayLike = 2,
) -> Float:
    """Most chips, in whole groups, that compute for this share of the time and have text for every copy.

    Parameters
    ----------
    efficiency : array_like
        Share of the time in which they must compute, above 0 and at most 1.
    sequence_tokens : array_like
        Tokens that a copy of the model reads at least in a step, above 0 and at most `batch_tokens`.
    n_params, ..., bytes_per_value : array_like
        As for `site_efficiency`: FLOP per second, bytes per second, seconds of latency.

    Examples
    --------
    >>> most_chips(0.9, 2048, 174.6e9, 3.2e6, 989.4e12, 0.41, 50e9, 14e-6, 2 / 3, group=64)
    27904.0
    """
    least = between("efficiency", positive("efficiency", efficiency), 0, 1)
    batch, size = positive("batch_tokens", batch_tokens), whole("group", group, 1).astype(float)
    sequence = positive("sequence_tokens", sequence_tokens)
    given = {"n_params": n_params, "flop_per_second": flop_per_second}
    rates = {"mfu": mfu, "bytes_per_second": bytes_per_second, "bytes_per_value": bytes_per_value}
    values = _site(latency, overlap, **given, **rates)
    same_shape(efficiency=least, batch_tokens=batch, group=size, sequence_tokens=sequence, **values)
    with overflowing():
        copies = np.floor(batch / sequence)
    if np.any(copies > 2**53):
        raise OverflowError("the copies of the model are too many for floating-point numbers")
    rule = "sequence_tokens must be at most batch_tokens"
    refuse_where(copies < 1, rule, sequence_tokens=sequence, batch_tokens=batch)
    values |= {"batch_tokens": batch}
    low, high = np.ones_like(copies), copies + 1  # one copy has nothing to wait for
    for _ in range(int(copies.max()).bit_length()):
        middle = np.floor((low + high) / 2)
        compute, traffic = _times(middle * size, size, values)
        with overflowing():
            waiting = np.maximum(0, traffic / compute - values["overlap"])
        enough = 1 / (1 + waiting) >= least
        low, high = np.where(enough, middle, low), np.where(enough, high, middle)
    return plain(low * size)


def _times(chips: Array, size: Array, site: dict[str, Array]) -> tuple[Array, Array]:
    """Return how long a step computes and its gradients travel, 0 or inf where no float can say it."""
    n = multiplied(site["n_params"], site["bytes_per_value"], over=(size,))
    copies, rate, wait = chips / size, site["bytes_per_second"], site["latency"]
    work = (site["mfu"], chips, site["flop_per_second"])
    compute = multiplied(6, site["n_params"], site["batch_tokens"], over=work)
    with overflowing():
        chunks = np.sqrt(np.maximum(_levels(copies) - 1, 0) * n / rate / np.maximum(wait, 1e-20))
        tree = _tree(n, copies, rate, wait, np.clip(chunks.round(), 1, 1e15))  # at its best
        traffic = np.minimum(_ring(n, copies, rate, wait), tree)
    if np.any(
        np.isnan(traffic) | ((compute == 0) | np.isinf(compute)) & ((traffic == 0) | np.isinf(traffic))
    ):
        raise OverflowError("the times of a step are too large or too small for floating-point numbers")
    return compute, traffic


def _ring(n: Array, p: Array, rate: Array, wait: Array) -> Array:
    with overflowing():
        return np.asarray(2 * ((p - 1) / p) * (n / rate) + 2 * (p - 1) * wait)


def _tree(n: Array, p: Array, rate: Array, wait: Array, pieces: Array) -> Array:
    with overflowing():
        return np.asarray(2 * np.where(p > 1, _levels(p) + pieces - 1, 0) * (wait + n / rate / pieces))


def _site(latency: ArrayLike, overlap: ArrayLike, **positives: ArrayLike) -> dict[str, Array]:
    """Return what a site is given as arrays by name, refusing what is out of range."""
    values = all_positive(**positives)
    return values | {"latency": at_least("latency", latency, 0), "overlap": between("overlap", overlap, 0, 1)}


def gradient_noise_scale(gradients: ArrayLike) -> float:
    """How many examples it takes until their mean gradient is as long as its own noise: tr(S) / G·G.

    Parameters
    ----------
    gradients : array_like, shape (examples, parameters)
        The gradient of each example by itself, of at least two, not all zero.

    Notes
    -----
    Both are unbiased estimates; the scale is infinite where the examples are too few to tell their mean from
    none. It stands for the critical batch where curvature is alike in all directions and steps are those of
    plain gradient descent; with Adam that is a rule of thumb [2]_.

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
    batch, critical : array_like
        Examples (or tokens) in a batch, and in the critical one, above 0.

    Notes
    -----
    Larger batches save steps and cost examples: (steps - 1)(examples - 1) = 1. An empirical rule for one loss
    to be reached, each batch size with its own best learning rate.

    References
    ----------
    .. [1] McCandlish et al., arXiv:1812.06162 (2018).

    Examples
    --------
    At the critical batch both are twice the least:

    >>> batch_cost(3.2e6, 3.2e6)
    BatchCost(steps=2.0, examples=2.0)
    """
    size, middle = all_positive(batch=batch, critical=critical).values()
    with np.errstate(over="ignore"):
        return BatchCost(plain(1 + middle / size), plain(1 + size / middle))


def _message(
    message_bytes: ArrayLike, n_workers: ArrayLike, bytes_per_second: ArrayLike, latency: ArrayLike
) -> tuple[Array, Array, Array, Array]:
    """Return the four arguments that every collective has, checked, as float arrays."""
    n, rate = at_least("message_bytes", message_bytes, 0), positive("bytes_per_second", bytes_per_second)
    workers, wait = whole("n_workers", n_workers, 1).astype(float), at_least("latency", latency, 0)
    same_shape(message_bytes=n, n_workers=workers, bytes_per_second=rate, latency=wait)
    return n, workers, rate, wait


def _levels(n_workers: Array) -> Array:
    """Return ceil(log2 p), exact where the logarithm would be rounded."""
    return np.asarray(np.frexp(n_workers - 1)[1], dtype=float)
