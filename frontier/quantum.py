"""What quantum computers add to the limits and what they cost: search, error correction, break-even.

A quantum computer bends no law of this package. It searches in the square root of the queries and no faster,
it pays for every reliable qubit with hundreds of others, and n qubits still say no more than n bits.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from frontier._checks import (
    Float,
    above,
    above_zero,
    at_least,
    between,
    generator,
    multiplied,
    overflowing,
    plain,
    positive,
    product,
    same_shape,
    single,
    whole,
)

MAX_AMPLITUDES = 2**24
"""Longest state vector that `simulate_grover` keeps: 128 MiB."""

MAX_UPDATES = 2**31
"""Most single amplitudes that `simulate_grover` changes in one call: some seconds."""


class GroverRun(NamedTuple):
    """A simulated search: success after 0, 1, ... queries, the last state vector, what was marked."""

    success: NDArray[np.float64]
    amplitudes: NDArray[np.float64]
    marked: NDArray[np.int64]


class BreakEven(NamedTuple):
    """Where a quantum algorithm draws level: its calls of the primitive, and its run time in seconds."""

    n_calls: Float
    duration: Float


def grover_queries(n_items: ArrayLike, n_marked: ArrayLike = 1) -> Float:
    """Best number of queries for Grover's search, its first peak: floor(pi / (4 theta)), sin^2 theta = M/N.

    About (pi/4) sqrt(N/M); 0 where half or more are marked, since guessing is as good.

    Parameters
    ----------
    n_items : array_like
        Items N, a whole number, at least 1.
    n_marked : array_like
        Marked items M, a whole number from 1 to N.

    Notes
    -----
    It then fails with probability M/N at most, and M must be known; if it is not, an adaptive search needs a
    few times as many queries on average (both: Boyer et al., Fortschr. Phys. 46, 493, 1998, sections 3 and
    6). Queries must follow each other: P machines side by side save a factor of sqrt(P) only (Zalka, Phys.
    Rev. A 60, 2746, 1999), where classical search saves P.

    Examples
    --------
    A 128-bit key takes pi/4 times 2^64 queries, one after the other:

    >>> round(grover_queries(2**128) / 2**64, 4)
    0.7854
    """
    n, m = _items(n_items, n_marked)
    # Where half are marked the quotient is 1; the root of 0.5 is rounded up, so that 0 comes out.
    return plain(np.floor(np.pi / 4 / np.arcsin(np.sqrt(m / n))))


def classical_queries(n_items: ArrayLike, n_marked: ArrayLike = 1) -> Float:
    """Mean number of queries of a classical search without repeats: (N + 1) / (M + 1).

    The query that finds a marked item is counted. The fair rival of `grover_queries` where items have no
    structure; where they have, neither is.

    Parameters
    ----------
    n_items : array_like
        Items N, a whole number, at least 1.
    n_marked : array_like
        Marked items M, a whole number from 1 to N.

    Examples
    --------
    Half the list on average, for one marked item:

    >>> classical_queries(999)
    500.0
    """
    n, m = _items(n_items, n_marked)
    return plain((n + 1) / (m + 1))


def simulate_grover(n_items: int, n_queries: int, n_marked: int = 1, *, seed: Any = 0) -> GroverRun:
    """Run Grover's search on a state vector: flip the sign of marked items, reflect all about their mean.

    It touches all N amplitudes in each query, N k steps to learn what a quantum computer does in k: the
    simulation is slower than looking through the list. The amplitudes stay real, so real numbers are enough.

    Parameters
    ----------
    n_items : int
        Items N, at most 2**24: one amplitude for each.
    n_queries : int
        Queries k, at least 0. At most 2**31 amplitudes are changed in all, N times k.
    n_marked : int
        Marked items M, from 1 to N.
    seed : int, sequence of int, Generator or None
        Draws which items are marked; whatever ``numpy.random.default_rng`` takes.

    Examples
    --------
    One query too many, on 16 items:

    >>> simulate_grover(16, 4).success[3:].round(2).tolist()
    [0.96, 0.58]
    """
    n, k = _single("n_items", n_items, 1), _single("n_queries", n_queries, 0)
    m = _single("n_marked", n_marked, 1)
    _items(n, m)
    if n > MAX_AMPLITUDES:
        raise ValueError(f"n_items must be at most {MAX_AMPLITUDES} for a state vector, got {n} amplitudes")
    if n * k > MAX_UPDATES:
        raise ValueError(f"n_items times n_queries must be at most {MAX_UPDATES}, got {n * k} updates")
    marked = np.sort(generator(seed).choice(n, size=m, replace=False)).astype(np.int64)
    amplitudes = np.full(n, n**-0.5)
    success = np.empty(k + 1)
    for query in range(k + 1):
        success[query] = np.sum(amplitudes[marked] ** 2)
        if query < k:
            amplitudes[marked] *= -1
            np.subtract(2 * amplitudes.mean(), amplitudes, out=amplitudes)
    return GroverRun(success, amplitudes, marked)


def surface_code_qubits(distance: ArrayLike) -> Float:
    """Physical qubits of one logical qubit in the surface code: 2 d^2 - 1.

    Of these d^2 hold data, and d^2 - 1 measure them. To keep one qubit, nothing more (Google Quantum AI,
    Nature 638, 920, 2025, eq. 1). Qubits that remove leakage (four in the experiment, which had 101 at
    distance 7), routes between logical qubits and factories for gates come on top and can dominate.

    Parameters
    ----------
    distance : array_like
        Distance d of the code, an odd whole number, at least 3.

    Examples
    --------
    The source's own extrapolation to one error in a million cycles needs distance 27:

    >>> surface_code_qubits(27)
    1457.0
    """
    d = _odd("distance", distance)
    return plain(2 * d**2 - 1)


def required_distance(target_error: ArrayLike, ratio: ArrayLike, prefactor: ArrayLike) -> Float:
    """Least odd distance d at which a logical qubit errs no more often than wanted: a r^((d + 1) / 2).

    Parameters
    ----------
    target_error : array_like
        Error in one cycle of error correction that is wanted, above 0 and at most 1.
    ratio : array_like
        Physical error rate over the threshold of the code, r, above 0 and below 1. It is one over the factor
        Lambda by which the error falls when d grows by two.
    prefactor : array_like
        What the fit extrapolates to at ratio 1, a, above 0. It depends on code, decoder and noise.

    Notes
    -----
    The law was fitted to what is measured at distances 3, 5 and 7 (Google Quantum AI, Nature 638, 920, 2025,
    eq. 1), and this extrapolates it. It assumes errors without correlation; rare bursts put a floor under it,
    met near 1e-10 per cycle by the experiment's repetition codes. Near the threshold the distance explodes.

    Examples
    --------
    Lambda = 2.14 and 0.143% at distance 7 fix the prefactor; the source puts one error in a million at 27:

    >>> required_distance(1e-6, 1 / 2.14, 1.43e-3 * 2.14**4)
    27.0
    """
    target, r, a = positive("target_error", target_error), _ratio(ratio), positive("prefactor", prefactor)
    between("target_error", target, 0, 1)
    same_shape(target_error=target, ratio=r, prefactor=a)
    half = np.maximum(np.ceil((np.log(target) - np.log(a)) / np.log(r)), 2)  # (d + 1) / 2
    # The logarithms are rounded; the formula itself decides between neighbours.
    half = np.where((half > 2) & (a * r ** (half - 1) <= target), half - 1, half)
    half = np.where(a * r**half > target, half + 1, half)
    return plain(2 * half - 1)


def break_even(
    quantum_time: ArrayLike, classical_time: ArrayLike, *, degree: ArrayLike = 2, n_processors: ArrayLike = 1
) -> BreakEven:
    """Where M quantum calls take as long as M^d classical ones: M = (S t_Q / t_C)^(1 / (d - 1)), T = M t_Q.

    Parameters
    ----------
    quantum_time, classical_time : array_like
        Seconds of one call of the primitive, above 0: t_Q on the quantum computer, error correction included,
        t_C on one classical processor.
    degree : array_like
        Degree d of the speed-up, above 1: two for Grover's search.
    n_processors : array_like
        Factor S by which classical machines work in parallel, at least 1.

    Notes
    -----
    Problems that need more calls favour the quantum computer; M below 1 says that it is ahead from the first.
    Run time against run time (Babbush et al., PRX Quantum 2, 010103, 2021, eqs. 1 to 5 and Table I): neither
    energy nor money, and the quantum computer is taken to be one, since search in parallel gains it little.
    It assumes that both sides call the same primitive and that no better classical algorithm exists, which is
    generous. With error correction the source has t_Q / t_C at half a million and more.

    Examples
    --------
    The source's most favourable primitive, a hundred Toffoli gates (17 ms) against 33 ns: 2.4 hours, and
    against a thousand processors what the source rounds to 100 days.

    >>> f"{break_even(17e-3, 33e-9).duration / 3600:.1f} hours"
    '2.4 hours'
    >>> f"{break_even(17e-3, 33e-9, n_processors=1000).duration / 86400:.0f} days"
    '101 days'
    """
    slow, fast = positive("quantum_time", quantum_time), positive("classical_time", classical_time)
    d, s = above("degree", degree, 1), at_least("n_processors", n_processors, 1)
    same_shape(quantum_time=slow, classical_time=fast, degree=d, n_processors=s)
    with overflowing():
        calls = above_zero(multiplied(s, slow, over=(fast,)) ** (1 / (d - 1)))
    return BreakEven(calls, product(calls, slow))


def holevo_bits(n_qubits: ArrayLike) -> Float:
    """Most classical bits that n qubits carry to someone who shares no entanglement: n.

    Their 2^n amplitudes cannot be read out (Holevo, Probl. Inf. Transm. 9, 177, 1973). With n entangled pairs
    shared beforehand it is 2 n bits, but then 2 n qubits went across (Bennett and Wiesner, Phys. Rev. Lett.
    69, 2881, 1992).

    >>> holevo_bits(53)
    53.0
    """
    return plain(_count("n_qubits", n_qubits, 0))


def _count(name: str, value: ArrayLike, least: int) -> NDArray[np.float64]:
    """Return whole numbers as floats: unlike `whole`, also those beyond 2**53."""
    array = at_least(name, value, least)
    if np.any(array != np.floor(array)):
        raise ValueError(f"{name} must be a whole number, got {array[array != np.floor(array)].flat[0]:.17g}")
    return array


def _single(name: str, value: int, least: int) -> int:
    """Return one whole number, refusing an array of them."""
    return int(single(name, whole(name, value, least)))


def _items(n_items: ArrayLike, n_marked: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return N and M, refusing more marked items than there are."""
    n, m = _count("n_items", n_items, 1), _count("n_marked", n_marked, 1)
    same_shape(n_items=n, n_marked=m)
    n_all, m_all = np.broadcast_arrays(n, m)
    if np.any(m_all > n_all):
        worst = np.unravel_index(int(np.argmax(m_all > n_all)), n_all.shape)
        raise ValueError(f"n_marked must be at most n_items ({n_all[worst]:.6g}), got {m_all[worst]:.6g}")
    return n, m


def _odd(name: str, value: ArrayLike) -> NDArray[np.float64]:
    """Return odd whole numbers of at least 3 as floats, so that their squares cannot wrap around."""
    array = whole(name, value, 3)
    if np.any(array % 2 == 0):
        raise ValueError(f"{name} must be odd, got {array[array % 2 == 0].flat[0]}")
    return array.astype(float)


def _ratio(value: ArrayLike) -> NDArray[np.float64]:
    """Return p / p_thr, refusing the threshold and what is above it."""
    array = positive("ratio", value)
    if np.any(array >= 1):
        raise ValueError(f"ratio must be below 1, the threshold, got {array[array >= 1].flat[0]:.6g}")
    return array
