"""Information in fewer bits: the entropy of symbols, a code that comes near it, weights rounded to levels.

Two ways to save. A lossless code spends few bits on what is frequent, and its limit is the entropy. Rounding
gives up precision, and what that costs has to be measured.
"""

from __future__ import annotations

import heapq
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from frontier._checks import between, one_of, single, whole
from frontier.decoder import Layer, Weights
from frontier.quantizers import quantize_gradient

Ints = NDArray[np.int64]

_LARGEST_BFLOAT16 = (2 - 2.0**-7) * 2.0**127


class Compressed(NamedTuple):
    """Rounded `weights`, and the number of the level of each as one row of `codes`."""

    weights: Weights
    codes: Ints


def entropy(symbols: ArrayLike) -> float:
    """Bits per symbol that no lossless code of single symbols beats: -sum p log2 p.

    Each symbol counts by itself (Shannon, Bell Syst. Tech. J. 27, 379, 1948, section 6): what one tells about
    the next can be saved on top.

    Parameters
    ----------
    symbols : array_like of int
        The symbols, one at least, whole numbers of at least 0; their shares are taken for p.

    Examples
    --------
    Shannon's example of a source, section 7: four letters with shares 1/2, 1/4, 1/8 and 1/8.

    >>> entropy([0, 0, 0, 0, 1, 1, 2, 3])
    1.75
    """
    counts = _counted(symbols)
    p = counts / counts.sum()
    return float(-(p @ np.log2(p))) + 0.0  # minus zero is zero


def huffman_rate(symbols: ArrayLike) -> float:
    """Mean bits per symbol in Huffman's code for them, the best with whole bits for each.

    The two rarest symbols are joined into one, over and over; each joint adds a bit to all it holds (Huffman,
    Proc. IRE 40, 1098, 1952). The mean is at least the entropy and less than one bit above it. The table of
    the code is left out.

    Parameters
    ----------
    symbols : array_like of int
        As in `entropy`. Of a single kind they need no bits.

    Examples
    --------
    Where the shares are powers of one half, it reaches the entropy:

    >>> huffman_rate([0, 0, 0, 0, 1, 1, 2, 3])
    1.75
    """
    heap = _counted(symbols).tolist()
    total, bits = sum(heap), 0
    heapq.heapify(heap)
    while len(heap) > 1:
        joint = heapq.heappop(heap) + heapq.heappop(heap)
        bits += joint
        heapq.heappush(heap, joint)
    return float(bits / total)


def bfloat16_fields(values: ArrayLike) -> dict[str, Ints]:
    """Return the parts of each value as stored in bfloat16: sign (1 bit), exponent (8) and fraction (7).

    It is the upper half of a 32-bit float, rounded to the nearest, a tie to the even one. Each part has the
    shape of `values`.

    Parameters
    ----------
    values : array_like
        Numbers of any shape, at most 3.39e38 in size, the largest that the format holds.

    Examples
    --------
    One is 1.0 times two to the power 127 - 127:

    >>> {name: int(field) for name, field in bfloat16_fields(1.0).items()}
    {'sign': 0, 'exponent': 127, 'fraction': 0}
    """
    numbers = between("values", values, -_LARGEST_BFLOAT16, _LARGEST_BFLOAT16)
    bits = numbers.astype(np.float32).view(np.uint32).astype(np.int64)
    upper = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16
    return {"sign": upper >> 15, "exponent": upper >> 7 & 255, "fraction": upper & 127}


def quantize_weights(
    weights: Weights, bits: int, levels: Literal["lloyd-max", "even"] = "lloyd-max"
) -> Compressed:
    """Round every weight of a model to one of 2^bits levels, each matrix by itself.

    A scale for each matrix is stored besides. Methods made for large models do better than this: they choose
    scales for small groups, or let the weights not yet rounded make up for the error (Frantar et al.,
    arXiv:2210.17323, 2022).

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

    Examples
    --------
    >>> from frontier.decoder import random_weights
    >>> rounded = quantize_weights(random_weights(16, 1), bits=3)
    >>> len(np.unique(rounded.codes)), len(np.unique(rounded.weights.embedding))
    (8, 8)
    """
    n = int(single("bits", between("bits", whole("bits", bits), 2, 12)))
    placed = one_of("levels", levels, ("lloyd-max", "even"))
    codes: list[Any] = []

    def rounded(matrix: NDArray[Any]) -> NDArray[Any]:
        if placed == "lloyd-max":
            sent = quantize_gradient(matrix, n)
            values, code = sent.values, sent.codes
        else:
            top = 2 ** (n - 1) - 1
            step = float(np.abs(matrix).max()) / top or 1.0
            code = np.rint(matrix / step).astype(np.int64)
            values, code = code * step, code + top
        codes.append(np.ravel(code))
        return np.asarray(values, dtype=matrix.dtype)

    first, layers = rounded(weights.embedding), (Layer(*map(rounded, layer)) for layer in weights.layers)
    made = Weights(first, tuple(layers))
    return Compressed(made, np.concatenate(codes).astype(np.int64))


def _counted(symbols: ArrayLike) -> Ints:
    array = whole("symbols", symbols)
    if array.size == 0:
        raise ValueError("symbols must hold at least one, got none")
    return np.unique(array, return_counts=True)[1].astype(np.int64)
