"""What no search can do for all problems at once, by exact enumeration.

A function is a row of whole numbers: its value at point 0, 1, 2, ... `functions` is a table of shape
(n_functions, n_points), one function a row, and `weights` says how likely each of them is: numbers of at
least 0, not all 0, of which only the ratios matter; all alike if left out. `n_points` and `n_values`, whole
numbers of at least 1, are the sizes #X and #Y of domain and codomain.

A **searcher** is any function ``searcher(points, values, unvisited)`` of what it has seen (two tuples, in the
order of the visits) and of the points that are left (a sorted tuple); it returns one of the latter. Every
average here is a `fractions.Fraction`: two of them are equal or they are not.

What the theorem does not say: that real problems are drawn uniformly, that all methods do equally well on
problems of interest, or that one method cannot be good at all of those. It ends where one arrangement of
values over the points is likelier than another.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from frontier._checks import Float, exact, plain, same_shape, single, whole

Ints = NDArray[np.int64]
Seen = tuple[int, ...]
Searcher = Callable[[Seen, Seen, Seen], int]

_MOST_NUMBERS = 2**24  # in one table: 128 MiB
_MOST_BITS = 2**18  # in the denominator of an exact fraction
_MOST_SEARCHERS = 2**20
_MOST_HISTORIES = 2**18


class Prior(NamedTuple):
    """Functions, one a row, and the probability of each, as fractions that sum to 1."""

    functions: Ints
    weights: tuple[Fraction, ...]


def prior(functions: ArrayLike, weights: Iterable[Any] | None = None) -> Prior:
    """Functions with their weights scaled to sum to 1, exactly: a float is the binary fraction that it is.

    Examples
    --------
    >>> [str(weight) for weight in prior([[0, 0], [0, 1]], weights=[3, 1]).weights]
    ['3/4', '1/4']
    """
    table = whole("functions", functions, -(2**53))
    if table.ndim != 2 or not table.size:
        raise ValueError(f"functions must be a table with one row a function, got shape {table.shape}")
    if weights is None:
        return Prior(table, (Fraction(1, len(table)),) * len(table))
    try:
        listed = [exact("weights", weight) for weight in weights]
    except TypeError as problem:
        raise TypeError(f"weights must be a sequence of real numbers, got {weights!r}") from problem
    if len(listed) != len(table):
        raise ValueError(f"weights must be one for each of {len(table)} functions, got {len(listed)}")
    if min(listed) < 0 or not any(listed):
        raise ValueError(f"weights must be at least 0 and not all 0, got {float(min(listed))}")
    total = sum(listed)
    return Prior(table, tuple(weight / total for weight in listed))


# --- Sets of functions -------------------------------------------------------------------------------


def all_functions(n_points: int, n_values: int) -> Ints:
    """List every function from `n_points` points to the values 0 to `n_values` - 1: #Y^#X rows.

    They come in lexicographic order. A table of more than 2^24 numbers is refused.

    Examples
    --------
    >>> all_functions(2, 2).tolist()
    [[0, 0], [0, 1], [1, 0], [1, 1]]
    >>> all_functions(64, 2)
    Traceback (most recent call last):
    ValueError: n_points must leave at most 16777216 numbers to list,
        got 2^64 = 1.8e+19 functions of 64 points
    """
    points, values = _one("n_points", n_points), _one("n_values", n_values)
    digits = points * math.log10(values)
    got = f"{values}^{points} = {_scientific(digits)} functions of {points} points"
    _at_most("n_points", _MOST_NUMBERS, "numbers to list", digits + math.log10(points), got)
    place = values ** np.arange(points - 1, -1, -1, dtype=np.int64)
    return np.arange(values**points, dtype=np.int64)[:, None] // place % values


def permutation_closure(functions: ArrayLike) -> Ints:
    """Smallest set that contains `functions` and, with each of them, every rearrangement of its values.

    They come once each, in lexicographic order. A table of more than 2^24 numbers is refused.

    Examples
    --------
    >>> permutation_closure([[0, 0, 1]]).tolist()
    [[0, 0, 1], [0, 1, 0], [1, 0, 0]]
    """
    orbits = np.unique(np.sort(prior(functions).functions, axis=1), axis=0)
    size, n_points = sum(map(_orbit_size, orbits.tolist())), orbits.shape[1]
    got = f"a closure of {_scientific(math.log10(size))} functions of {n_points} points"
    _at_most("functions", _MOST_NUMBERS, "numbers to list", math.log10(size * n_points), got)
    closure = np.concatenate([_arrangements(values) for values in orbits])
    return closure[np.lexsort(closure.T[::-1])]


def is_closed_under_permutation(functions: ArrayLike, weights: Iterable[Any] | None = None) -> bool:
    """Whether every rearrangement of every function is as likely: exactly then there is no free lunch.

    Without weights the rows are a set, in which one listed twice counts once, and "as likely" is "there,
    too". With weights, those of equal rows add up, and what is not listed has weight 0.

    Notes
    -----
    It is if and only if all searchers that never revisit see each sequence of values equally often, whatever
    the budget: for sets Schumacher, Vose and Whitley, Proc. GECCO 2001, 565-570, lemmas 1 and 2, for weights
    Igel and Toussaint, J. Math. Model. Algorithms 3, 313-322 (2004), theorems 2 and 5. For one measure, one
    budget or a few searchers a set that is not closed can look like one that is. And it speaks of search: for
    learning, closure is not enough. The constant functions are closed, and yet a learner that has seen one
    value knows all the others.

    Examples
    --------
    >>> is_closed_under_permutation(all_functions(3, 2))
    True
    >>> is_closed_under_permutation([[0, 1, 2], [1, 2, 0], [2, 0, 1]])
    False
    >>> is_closed_under_permutation([[0, 0], [0, 1], [1, 0]], weights=[6, 1, 1])
    True
    """
    table, shares = prior(functions, weights)
    if weights is None:
        table, shares = prior(np.unique(table, axis=0))
    share: dict[Seen, Fraction] = {}
    for row, part in zip(table.tolist(), shares, strict=True):
        share[tuple(row)] = share.get(tuple(row), Fraction(0)) + part
    orbits: dict[Seen, list[Fraction]] = {}
    for function, part in share.items():
        orbits.setdefault(tuple(sorted(function)), []).append(part)
    return all(
        not any(parts) or (min(parts) == max(parts) and len(parts) == _orbit_size(values))
        for values, parts in orbits.items()
    )


def symmetrise(functions: ArrayLike, weights: Iterable[Any] | None = None) -> Prior:
    """Spread the weight of each function evenly over its rearrangements: forget which point is which.

    What is left knows how good values are, and how often, but not where: under it all searchers are
    equal, and as good as a search in random order is under the weights that were put in.

    Examples
    --------
    >>> functions, weights = symmetrise([[0, 0, 1], [1, 1, 1]], weights=[3, 1])
    >>> [str(w) for w in weights]
    ['1/4', '1/4', '1/4', '1/4']
    """
    table, shares = prior(functions, weights)
    mass: dict[Seen, Fraction] = {}
    for row, part in zip(np.sort(table, axis=1).tolist(), shares, strict=True):
        mass[tuple(row)] = mass.get(tuple(row), Fraction(0)) + part
    closure = permutation_closure(table)
    each = {values: part / _orbit_size(values) for values, part in mass.items()}
    return Prior(closure, tuple(each[tuple(row)] for row in np.sort(closure, axis=1).tolist()))


def cup_fraction(n_points: int, n_values: int) -> Fraction:
    """Share of the sets of functions that are closed under permutation: how rarely the theorem applies.

    (2^C(#X + #Y - 1, #X) - 1) / (2^(#Y^#X) - 1), of the sets that are not empty. Above 2^18 functions use
    `log10_cup_fraction`.

    Notes
    -----
    A count (Igel and Toussaint, Inf. Process. Lett. 86, 317-321, 2003, arXiv:cs/0108011; theorem 3 of J.
    Math. Model. Algorithms 3, 313-322, 2004, whose example is four points and two values), not a probability
    that a class met in practice is closed: that no one draws classes at random is why Igel and Toussaint add
    arguments about neighbourhoods.

    Examples
    --------
    >>> cup_fraction(4, 2) == Fraction(31, 65535)
    True
    """
    points, values = _one("n_points", n_points), _one("n_values", n_values)
    digits = points * math.log10(values)
    got = f"{values}^{points} = {_scientific(digits)}: use log10_cup_fraction"
    _at_most("n_points", _MOST_BITS, "functions", digits, got)
    closed = math.comb(points + values - 1, points)
    return Fraction(2**closed - 1, 2 ** (values**points) - 1)


def log10_cup_fraction(n_points: ArrayLike, n_values: ArrayLike) -> Float:
    """Decimal logarithm of `cup_fraction`, for sets too many to write down. The arguments broadcast.

    Examples
    --------
    Functions of a 16-bit input with one bit of output:

    >>> f"{log10_cup_fraction(16, 2):.0f}"
    '-19723'
    """
    points, values = whole("n_points", n_points, 1), whole("n_values", n_values, 1)
    same_shape(n_points=points.astype(float), n_values=values.astype(float))
    return plain(np.vectorize(_log10_cup, otypes=[float])(points, values))


# --- Searchers ---------------------------------------------------------------------------------------


def in_order(points: Seen, values: Seen, unvisited: Seen) -> int:
    """Searcher: the first point that is left.

    >>> in_order((0, 1), (5, 3), (2, 3, 4))
    2
    """
    return unvisited[0]


def reverse_order(points: Seen, values: Seen, unvisited: Seen) -> int:
    """Searcher: the last point that is left.

    >>> reverse_order((4, 3), (5, 3), (0, 1, 2))
    2
    """
    return unvisited[-1]


def hill_climb(points: Seen, values: Seen, unvisited: Seen) -> int:
    """Searcher: from the middle, always the point nearest to the best one so far (ties: the lower).

    >>> hill_climb((4, 8), (5, 3), (0, 3, 5, 7, 9))
    3
    """
    return _near(points, values, unvisited, max)


def hill_descend(points: Seen, values: Seen, unvisited: Seen) -> int:
    """Searcher: from the middle, always the point nearest to the worst one so far (ties: the lower).

    >>> hill_descend((4, 8), (5, 3), (0, 3, 5, 7, 9))
    7
    """
    return _near(points, values, unvisited, min)


def all_searchers(n_points: int, n_values: int) -> Iterator[Searcher]:
    """Every searcher there is: all ways to choose the next point by the values seen so far.

    Their number is the product of (#X - i)^(#Y^i) over the steps i = 0 to #X - 1; the one that goes in order
    comes first. Any randomised search that never revisits is a mixture of them. More than 2^20 searchers, or
    2^18 histories that they can meet, are refused.

    Examples
    --------
    >>> len(list(all_searchers(4, 2)))
    576
    """
    points, values = _one("n_points", n_points), _one("n_values", n_values)
    digits = 0.0
    for step in range(points):
        digits += values**step * math.log10(points - step)
        if digits > 300:  # enough to refuse it, and the next power might not fit a float
            break
    got = f"at least {_scientific(digits)} for {points} points and {values} values"
    _at_most("n_points", _MOST_SEARCHERS, "searchers", digits, got)
    count = sum(values**step for step in range(points))
    _at_most("n_values", _MOST_HISTORIES, "histories of values", math.log10(count), str(count))
    histories = [seen for step in range(points) for seen in product(range(values), repeat=step)]
    choices = product(*(range(points - len(seen)) for seen in histories))
    return (partial(_by_rank, dict(zip(histories, ranks, strict=True))) for ranks in choices)


# --- What search achieves ----------------------------------------------------------------------------


def value_sequences(
    searcher: Searcher, functions: ArrayLike, budget: int, weights: Iterable[Any] | None = None
) -> dict[Seen, Fraction]:
    """How often a searcher sees each sequence of values: all that any measure of performance can use.

    The probability of each sequence of `budget` values, in lexicographic order. Over all functions, or any
    set closed under permutation, it is the same for every searcher (Wolpert and Macready, IEEE Trans. Evol.
    Comput. 1, 67-82, 1997, theorem 1).

    Parameters
    ----------
    searcher, functions, weights
        See above; the searcher is asked once for each history.
    budget : int
        Points visited, from 1 to the number of points.

    Examples
    --------
    >>> sequences = value_sequences(hill_climb, all_functions(5, 2), budget=2)
    >>> {seen: str(share) for seen, share in sequences.items()}
    {(0, 0): '1/4', (0, 1): '1/4', (1, 0): '1/4', (1, 1): '1/4'}
    """
    table, shares = prior(functions, weights)
    n_points, most = table.shape[1], _one("budget", budget)
    if most > n_points:
        raise ValueError(f"budget must be at most the {n_points} points there are, got {most}")
    found: dict[Seen, Fraction] = {}
    pending: list[tuple[Seen, Seen, Ints]] = [((), (), np.arange(len(table)))]
    while pending:  # functions that look the same so far are followed together
        points, values, rows = pending.pop()
        if len(points) == most:
            found[values] = sum((shares[i] for i in rows), Fraction(0))
            continue
        left = tuple(point for point in range(n_points) if point not in points)
        point = searcher(points, values, left)
        if point not in left:
            raise ValueError(f"searcher must return a point not yet visited, one of {left}, got {point!r}")
        column = table[rows, point]
        for value in np.unique(column)[::-1].tolist():
            pending.append(((*points, int(point)), (*values, value), rows[column == value]))
    return found


def mean_performance(
    searcher: Searcher,
    functions: ArrayLike,
    budget: int,
    weights: Iterable[Any] | None = None,
    performance: Callable[[Seen], Any] = max,
) -> Fraction:
    """Best value that a searcher finds within its budget, averaged over functions, exactly.

    Equal for all searchers over a set closed under permutation. A searcher pays for points only: the theorem
    knows neither the time to choose the next point nor searchers that revisit, which do worse.

    Parameters
    ----------
    searcher, functions, budget, weights
        As in `value_sequences`.
    performance : callable, optional
        What to average, of the tuple of values in the order seen. The largest if left out.

    Examples
    --------
    Of two fair coins the better shows 1 three times in four, however one climbs:

    >>> [str(mean_performance(s, all_functions(6, 2), 2)) for s in (in_order, hill_climb, hill_descend)]
    ['3/4', '3/4', '3/4']
    """
    sequences = value_sequences(searcher, functions, budget, weights)
    scores = (share * exact("performance", performance(seen)) for seen, share in sequences.items())
    return sum(scores, Fraction(0))


# --- Private -----------------------------------------------------------------------------------------


def _one(name: str, value: Any) -> int:
    """Return one whole number, at least 1."""
    return int(single(name, whole(name, value, 1)))


def _at_most(name: str, most: int, what: str, digits: float, got: str) -> None:
    """Refuse what is too much to enumerate; `digits` is the decimal logarithm of how much there is."""
    if digits > math.log10(most) + 1e-9:
        raise ValueError(f"{name} must leave at most {most} {what}, got {got}")


def _scientific(digits: float) -> str:
    """Write 10^digits as 1.8e+19, however large it is."""
    return f"{10 ** (digits % 1):.1f}e+{math.floor(digits)}"


def _orbit_size(values: Sequence[int]) -> int:
    """Count the rearrangements of `values`: a multinomial coefficient."""
    return math.factorial(len(values)) // math.prod(map(math.factorial, Counter(values).values()))


def _arrangements(values: Ints) -> Ints:
    """Return every rearrangement of `values` once, growing all rows together from the left."""
    alphabet, counts = np.unique(values, return_counts=True)
    rows, left = np.empty((1, 0), np.int64), counts[None]
    for _ in values:
        parent, letter = np.nonzero(left)
        rows = np.column_stack([rows[parent], alphabet[letter]])
        left = left[parent]
        left[np.arange(len(parent)), letter] -= 1
    return rows


def _log10_cup(points: int, values: int) -> float:
    points, values = int(points), int(values)
    if points * math.log10(values) > 308:
        return -math.inf
    closed, total = math.comb(points + values - 1, points), int(values**points)
    ones = math.log1p(-math.ldexp(1, -closed)) - math.log1p(-math.ldexp(1, -total))
    return (closed - total) * math.log10(2) + ones / math.log(10)


def _near(points: Seen, values: Seen, unvisited: Seen, choose: Callable[..., int]) -> int:
    """Return the point nearest to the best or worst seen; the neighbourhood is the assumption."""
    centre = points[values.index(choose(values))] if points else unvisited[len(unvisited) // 2]
    return min(unvisited, key=lambda point: (abs(point - centre), point))


def _by_rank(ranks: dict[Seen, int], points: Seen, values: Seen, unvisited: Seen) -> int:
    if values not in ranks:
        raise ValueError(f"values must be among those the searcher was made for, got {values}")
    return unvisited[ranks[values]]
