"""Information in fewer bits: the entropy of symbols, a code that comes near it, weights rounded to levels.

Two ways to save. A lossless code spends few bits on what is frequent, and its limit is the entropy. Rounding
gives up precision, and what that costs has to be measured.
"""

from __future__ import annotations

import heapq
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from frontier._checks import real, single, whole
from frontier.decoder import Layer, Weights
from frontier.quantizers import quantize_gradient

Ints = NDArray[np.int64]


class Compressed(NamedTuple):
    """Rounded `weights`, and the number of the level of each as one row of `codes`."""

    weights: Weights
    codes: Ints


def entropy(symbols: ArrayLike) -> float:
    """Return the bits per symbol that no lossless code of single symbols beats: -sum p log2 p.

    Parameters
    ----------
    symbols : array_like of int
        The symbols, whole numbers of at least 0; their shares are taken for the probabilities p.

    Raises
    ------
    ValueError
        If `symbols` is empty or holds anything else.

    Notes
    -----
    Each symbol counts by itself [1]_: what one tells about the next can be saved on top.

    References
    ----------
    .. [1] Shannon, Bell Syst. Tech. J. 27, 379 (1948), section 6.

    Examples
    --------
    Shannon's example of a source, section 7: four letters with shares 1/2, 1/4, 1/8 and 1/8.

    >>> entropy([0, 0, 0, 0, 1, 1, 2, 3])
    1.75
    """
    _values, counts = _counted(symbols)
    p = counts / counts.sum()
    return float(-(p @ np.log2(p))) + 0.0  # minus zero is zero


def huffman_lengths(counts: ArrayLike) -> Ints:
    """Return how many bits Huffman's code gives each symbol: the best code with whole bits for each.

    Parameters
    ----------
    counts : array_like of int, shape (n,)
        How often each symbol occurs, at least 1.

    Returns
    -------
    ndarray of int, shape (n,)
        Lengths in bits. A single symbol needs none.

    Raises
    ------
    ValueError
        If `counts` is not one row of whole numbers above zero.

    Notes
    -----
    The two rarest symbols are joined into one, over and over; each joint adds a bit to all it holds [1]_. The
    mean length is at least the entropy and less than one bit above it.

    References
    ----------
    .. [1] Huffman, Proc. IRE 40, 1098 (1952).

    Examples
    --------
    Where the shares are powers of one half, it reaches the entropy:

    >>> huffman_lengths([4, 2, 1, 1])
    array([1, 2, 3, 3])
    """
    n = whole("counts", counts, 1)
    if n.ndim != 1 or n.size == 0:
        raise ValueError(f"counts must be one row of numbers, got shape {n.shape}")
    lengths = np.zeros(n.size, dtype=np.int64)
    heap = [(int(count), place, [place]) for place, count in enumerate(n)]
    heapq.heapify(heap)
    while len(heap) > 1:
        (a, _, left), (b, mark, right) = heapq.heappop(heap), heapq.heappop(heap)
        lengths[left + right] += 1
        heapq.heappush(heap, (a + b, mark, left + right))
    return lengths


def huffman_rate(symbols: ArrayLike) -> float:
    """Return the mean bits per symbol in Huffman's code for them, the table of the code left out.

    Raises
    ------
    ValueError
        If `symbols` is empty or holds anything but whole numbers of at least 0.

    Examples
    --------
    >>> huffman_rate([0, 0, 0, 0, 1, 1, 2, 3])
    1.75
    """
    _values, counts = _counted(symbols)
    return float(counts @ huffman_lengths(counts) / counts.sum())


def bfloat16_fields(values: ArrayLike) -> dict[str, Ints]:
    """Return the three parts of each value as stored in bfloat16: sign, exponent, fraction.

    Parameters
    ----------
    values : array_like
        Numbers of any shape, within the range of 32-bit floats.

    Returns
    -------
    dict of str to ndarray of int
        ``sign`` (1 bit), ``exponent`` (8 bits) and ``fraction`` (7 bits), each with the shape of `values`.

    Raises
    ------
    ValueError
        If a value is not finite, or too large.

    Notes
    -----
    The upper half of a 32-bit float, rounded to the nearest, a tie to the even one.

    Examples
    --------
    One is 1.0 times two to the power 127 - 127:

    >>> {name: int(field) for name, field in bfloat16_fields(1.0).items()}
    {'sign': 0, 'exponent': 127, 'fraction': 0}
    """
    numbers = real("values", values)
    if np.any(np.abs(numbers) > 3e38):
        raise ValueError(f"values must be at most 3e38, got {np.abs(numbers).max():g}")
    bits = numbers.astype(np.float32).view(np.uint32).astype(np.int64)
    upper = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16
    return {"sign": upper >> 15, "exponent": upper >> 7 & 255, "fraction": upper & 127}


def quantize_weights(
    weights: Weights, bits: int, levels: Literal["lloyd-max", "even"] = "lloyd-max"
) -> Compressed:
    """Round every weight of a model to one of 2^bits levels, each matrix by itself.

    Parameters
    ----------
    weights : Weights
        From `frontier.decoder.train`.
    bits : int
        Bits per weight, 2 to 12.
    levels : {"lloyd-max", "even"}
        Where the levels lie: as is best for values of a Gaussian of the matrix's spread
        (`frontier.quantizers.lloyd_max`), or evenly from minus to plus its largest value, zero among them,
        2^bits - 1 of them: "round to nearest", as it is commonly done.

    Returns
    -------
    Compressed
        The rounded weights, and the number of each one's level.

    Raises
    ------
    ValueError
        If `bits` is out of range, or `levels` is neither.

    Notes
    -----
    A scale for each matrix is stored besides. Methods made for large models do better than this: they choose
    scales for small groups, or let the weights not yet rounded make up for the error [1]_.

    References
    ----------
    .. [1] Frantar et al., arXiv:2210.17323 (2022).

    Examples
    --------
    >>> from frontier.decoder import random_weights
    >>> rounded = quantize_weights(random_weights(16, 1), bits=3)
    >>> len(np.unique(rounded.codes)), len(np.unique(rounded.weights.embedding))
    (8, 8)
    """
    n = int(single("bits", whole("bits", bits, 2)))
    if n > 12:
        raise ValueError(f"bits must be at most 12, got {n}")
    if not isinstance(levels, str) or levels not in ("lloyd-max", "even"):
        raise ValueError(f"levels must be lloyd-max or even, got {levels!r}")
    codes: list[Any] = []

    def rounded(matrix: NDArray[Any]) -> NDArray[Any]:
        if levels == "lloyd-max":
            sent = quantize_gradient(matrix, n)
            values, code = sent.values, sent.codes
        else:
            top = 2 ** (n - 1) - 1
            step = float(np.abs(matrix).max()) / top or 1.0
            code = np.rint(matrix / step).astype(np.int64)
            values, code = code * step, code + top
        codes.append(np.ravel(code))
        return np.asarray(values, dtype=matrix.dtype)

    made = Weights(
        rounded(weights.embedding),
        tuple(Layer(*(rounded(matrix) for matrix in layer)) for layer in weights.layers),
    )
    return Compressed(made, np.concatenate(codes).astype(np.int64))


def _counted(symbols: ArrayLike) -> tuple[Ints, Ints]:
    """Return the symbols that occur, and how often."""
    array = whole("symbols", symbols)
    if array.size == 0:
        raise ValueError("symbols must hold at least one, got none")
    values, counts = np.unique(array, return_counts=True)
    return values, counts.astype(np.int64)
