"""What no search and no learner can do for all problems at once, by exact enumeration.

A function is a row of whole numbers: its value at point 0, 1, 2, ... A **searcher** is any function
``searcher(points, values, unvisited)`` of what it has seen (two tuples, in the order of the visits) and of
the points that are left (a sorted tuple); it returns one of the latter. A **learner** is any function
``learner(points, values, query)`` that guesses the value at `query` from labelled points. Every average here
is a `fractions.Fraction`: two of them are equal or they are not.

What the theorems do not say: that real problems are drawn uniformly, that all methods do equally well on
problems of interest, or that one method cannot be good at all of those. For search they end where one
arrangement of values over the points is likelier than another, for learning where values seen tell of others.

#X and #Y stand for the number of points of the domain and of values of the codomain.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache, partial
from itertools import product
from numbers import Real
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from frontier._checks import Float, generator, plain, same_shape, single, whole

Ints = NDArray[np.int64]
Seen = tuple[int, ...]
Searcher = Callable[[Seen, Seen, Seen], int]
Learner = Callable[[Seen, Seen, int], Any]

_MOST_NUMBERS = 2**24  # in one table: 128 MiB
_MOST_BITS = 2**18  # in the denominator of an exact fraction
_MOST_SEARCHERS = 2**20
_MOST_STATES = 2**18  # of knowledge, in the search for the best searcher


class Prior(NamedTuple):
    """Functions, one a row, and the probability of each, as fractions that sum to 1."""

    functions: Ints
    weights: tuple[Fraction, ...]


# --- Sets of functions -------------------------------------------------------------------------------


def all_functions(n_points: int, n_values: int) -> Ints:
    """List every function from `n_points` points to the values 0 to `n_values` - 1: #Y^#X rows.

    Parameters
    ----------
    n_points : int
        Points of the domain X, at least 1.
    n_values : int
        Values of the codomain Y, at least 1.

    Returns
    -------
    ndarray of int, shape (n_values**n_points, n_points)
        One row a function, in lexicographic order.

    Raises
    ------
    ValueError
        If an argument is below 1 or not whole, or if the table would hold more than 2^24 numbers; the
        message says how many functions there are.

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

    Parameters
    ----------
    functions : array_like of int, shape (n_functions, n_points)
        One row a function.

    Returns
    -------
    ndarray of int, shape (n, n_points)
        The closure, each function once, in lexicographic order.

    Raises
    ------
    ValueError
        If `functions` is not a table of whole numbers, or if the closure would hold more than 2^24 numbers.

    Examples
    --------
    >>> permutation_closure([[0, 0, 1]]).tolist()
    [[0, 0, 1], [0, 1, 0], [1, 0, 0]]
    """
    orbits = np.unique(np.sort(_table(functions), axis=1), axis=0)
    size, n_points = sum(map(_orbit_size, orbits.tolist())), orbits.shape[1]
    got = f"a closure of {_scientific(math.log10(size))} functions of {n_points} points"
    _at_most("functions", _MOST_NUMBERS, "numbers to list", math.log10(size * n_points), got)
    closure = np.concatenate([_arrangements(values) for values in orbits])
    return closure[np.lexsort(closure.T[::-1])]


def is_closed_under_permutation(functions: ArrayLike) -> bool:
    """Whether every rearrangement of every function is there, too: exactly then there is no free lunch.

    Parameters
    ----------
    functions : array_like of int, shape (n_functions, n_points)
        One row a function, read as a set: a row listed twice counts once.

    Returns
    -------
    bool
        True if and only if, with all functions of the set equally likely, all searchers that never revisit
        see each sequence of values equally often, whatever the budget.

    Raises
    ------
    ValueError
        If `functions` is not a table of whole numbers.

    Notes
    -----
    The "if and only if" [1]_ [2]_ speaks of all searchers and all measures of performance. For one measure,
    one budget or a few searchers a set that is not closed can look like one that is. And it speaks of
    search: for learning, closure is not enough. The constant functions are closed, and yet a learner that
    has seen one value knows all the others. With unequal weights see `is_block_uniform`.

    References
    ----------
    .. [1] Schumacher, M. D. Vose and L. D. Whitley, Proc. GECCO 2001, 565-570, lemmas 1 and 2.
    .. [2] Igel and M. Toussaint, J. Math. Model. Algorithms 3, 313-322 (2004), theorem 2.

    Examples
    --------
    >>> is_closed_under_permutation(all_functions(3, 2))
    True
    >>> is_closed_under_permutation([[0, 1, 2], [1, 2, 0], [2, 0, 1]])
    False
    """
    return is_block_uniform(np.unique(_table(functions), axis=0))


def is_block_uniform(functions: ArrayLike, weights: Iterable[Any] | None = None) -> bool:
    """Whether a function is as likely as each of its rearrangements: no free lunch for a distribution.

    Parameters
    ----------
    functions : array_like of int, shape (n_functions, n_points)
        One row a function; what is not listed has weight 0, the weights of equal rows add up.
    weights : sequence of numbers, optional
        Weight of each row, at least 0; any sum above 0. Equal weights if left out.

    Returns
    -------
    bool
        True if and only if all searchers that never revisit do equally well by every measure.

    Raises
    ------
    ValueError, TypeError
        If `functions` is not a table of whole numbers, or `weights` do not fit it.

    Notes
    -----
    Weights are compared exactly: a float counts as the binary fraction that it is.

    References
    ----------
    .. [1] Igel and M. Toussaint, J. Math. Model. Algorithms 3, 313-322 (2004), theorem 5.

    Examples
    --------
    >>> is_block_uniform([[0, 0], [0, 1], [1, 0]], weights=[6, 1, 1])
    True
    >>> is_block_uniform([[0, 0], [0, 1], [1, 0]], weights=[6, 1, 2])
    False
    """
    table, shares, _ = _weighted(functions, weights)
    share: Counter[Seen] = Counter()
    for row, part in zip(table.tolist(), shares, strict=True):
        share[tuple(row)] += part
    orbits: dict[Seen, list[int]] = {}
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

    Parameters
    ----------
    functions : array_like of int, shape (n_functions, n_points)
        One row a function.
    weights : sequence of numbers, optional
        Weight of each row, at least 0; any sum above 0. Equal weights if left out.

    Returns
    -------
    Prior
        The closure of `functions` and the weights of its rows.

    Raises
    ------
    ValueError, TypeError
        As `is_block_uniform` and `permutation_closure`.

    Examples
    --------
    >>> functions, weights = symmetrise([[0, 0, 1], [1, 1, 1]], weights=[3, 1])
    >>> [str(w) for w in weights]
    ['1/4', '1/4', '1/4', '1/4']
    """
    table, shares, total = _weighted(functions, weights)
    mass: Counter[Seen] = Counter()
    for row, part in zip(np.sort(table, axis=1).tolist(), shares, strict=True):
        mass[tuple(row)] += part
    closure = permutation_closure(table)
    each = {values: Fraction(part, total * _orbit_size(values)) for values, part in mass.items()}
    return Prior(closure, tuple(each[tuple(row)] for row in np.sort(closure, axis=1).tolist()))


def cup_fraction(n_points: int, n_values: int) -> Fraction:
    """Share of the sets of functions that are closed under permutation: how rarely the theorem applies.

    (2^C(#X + #Y - 1, #X) - 1) / (2^(#Y^#X) - 1), of the sets that are not empty.

    Parameters
    ----------
    n_points : int
        Points of the domain, #X, at least 1.
    n_values : int
        Values of the codomain, #Y, at least 1.

    Returns
    -------
    Fraction
        The share, exactly; above 2^18 functions use `log10_cup_fraction`.

    Raises
    ------
    ValueError
        If an argument is below 1 or not whole, or if there are more than 2^18 functions.

    Notes
    -----
    A count, not a probability that a class met in practice is closed: that no one draws classes at random
    is why Igel and Toussaint add arguments about neighbourhoods.

    References
    ----------
    .. [1] Igel and M. Toussaint, Inf. Process. Lett. 86, 317-321 (2003), arXiv:cs/0108011; theorem 3 of
       J. Math. Model. Algorithms 3, 313-322 (2004), whose example is four points and two values.

    Examples
    --------
    >>> cup_fraction(4, 2) == Fraction(31, 65535)
    True
    >>> f"{float(cup_fraction(8, 2)):.1e}"
    '4.4e-75'
    """
    points, values = _one("n_points", n_points), _one("n_values", n_values)
    digits = points * math.log10(values)
    got = f"{values}^{points} = {_scientific(digits)}: use log10_cup_fraction"
    _at_most("n_points", _MOST_BITS, "functions", digits, got)
    closed = math.comb(points + values - 1, points)
    return Fraction(2**closed - 1, 2 ** (values**points) - 1)


def log10_cup_fraction(n_points: ArrayLike, n_values: ArrayLike) -> Float:
    """Decimal logarithm of `cup_fraction`, for sets too many to write down.

    Parameters
    ----------
    n_points, n_values : array_like of int
        #X and #Y, at least 1. They broadcast.

    Returns
    -------
    float or ndarray
        log10 of the share, at most 0.

    Raises
    ------
    ValueError
        If an argument is below 1 or not whole, or they do not broadcast.
    OverflowError
        If even the logarithm is beyond a floating-point number: #Y^#X above 10^308.

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

    Examples
    --------
    >>> in_order((0, 1), (5, 3), (2, 3, 4))
    2
    """
    return unvisited[0]


def reverse_order(points: Seen, values: Seen, unvisited: Seen) -> int:
    """Searcher: the last point that is left.

    Examples
    --------
    >>> reverse_order((4, 3), (5, 3), (0, 1, 2))
    2
    """
    return unvisited[-1]


def hill_climb(points: Seen, values: Seen, unvisited: Seen) -> int:
    """Searcher: from the middle, always the point nearest to the best one so far (ties: the lower).

    Examples
    --------
    >>> hill_climb((4, 8), (5, 3), (0, 3, 5, 7, 9))
    3
    """
    return _near(points, values, unvisited, max)


def hill_descend(points: Seen, values: Seen, unvisited: Seen) -> int:
    """Searcher: from the middle, always the point nearest to the worst one so far (ties: the lower).

    Examples
    --------
    >>> hill_descend((4, 8), (5, 3), (0, 3, 5, 7, 9))
    7
    """
    return _near(points, values, unvisited, min)


def random_order(seed: Any) -> Searcher:
    """Make a searcher that visits the points in an order drawn beforehand, whatever it sees.

    Parameters
    ----------
    seed : None, int, SeedSequence, BitGenerator or Generator
        As `numpy.random.default_rng` takes it. The order is fixed here, one for each number of points.

    Returns
    -------
    callable
        The searcher. A randomised search is a mixture of such fixed ones: average over seeds.
    """
    key = int(generator(seed).integers(2**63))

    def searcher(points: Seen, values: Seen, unvisited: Seen) -> int:
        n_points = len(points) + len(unvisited)
        rank = np.random.default_rng([key, n_points]).permutation(n_points)
        return min(unvisited, key=lambda point: int(rank[point]))

    return searcher


def all_searchers(n_points: int, n_values: int) -> Iterator[Searcher]:
    """Every searcher there is: all ways to choose the next point by the values seen so far.

    Their number is the product of (#X - i)^(#Y^i) over the steps i = 0 to #X - 1. Any randomised search
    that never revisits is a mixture of them.

    Parameters
    ----------
    n_points : int
        Points of the domain, #X, at least 1.
    n_values : int
        Values of the codomain, #Y, at least 1; the values are 0 to `n_values` - 1.

    Returns
    -------
    iterator of callables
        The searchers, the one that goes in order first.

    Raises
    ------
    ValueError
        If an argument is below 1 or not whole, or if there are more than 2^20 searchers (the message says how
        many there are at least) or more than 2^18 histories that they can meet.

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
    _at_most("n_values", _MOST_STATES, "histories of values", math.log10(count), str(count))
    histories = [seen for step in range(points) for seen in product(range(values), repeat=step)]
    choices = product(*(range(points - len(seen)) for seen in histories))
    return (partial(_by_rank, dict(zip(histories, ranks, strict=True))) for ranks in choices)


def best_searcher(functions: ArrayLike, budget: int, weights: Iterable[Any] | None = None) -> Searcher:
    """Make the searcher that finds the best value, on average, for functions drawn from a known prior.

    Found by backward induction over all states of knowledge. It says how much a prior is worth; nobody
    claims that it is cheap to find.

    Parameters
    ----------
    functions : array_like of int, shape (n_functions, n_points)
        One row a function.
    budget : int
        Points it may visit, from 1 to the number of points.
    weights : sequence of numbers, optional
        Weight of each row, at least 0; any sum above 0. Equal weights if left out.

    Returns
    -------
    callable
        The searcher. Where no function of the prior fits what it sees, or beyond its budget, it takes the
        first point that is left.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range, or if there may be more than 2^18 states of knowledge.

    Examples
    --------
    Where one of seven points is a peak with slopes of two steps, climbing beats going in order, and who
    knows all this is sure to find it with three visits:

    >>> peaks = [[max(0, 3 - abs(x - peak)) for x in range(7)] for peak in range(7)]
    >>> [str(mean_performance(s, peaks, 3)) for s in (in_order, hill_climb, best_searcher(peaks, 3))]
    ['12/7', '17/7', '3']
    """
    table, shares, _ = _weighted(functions, weights)
    n_points, most = table.shape[1], _budget(budget, table.shape[1])
    kinds = len(np.unique(table))
    states = sum(math.comb(n_points, k) * min(kinds**k, len(table)) for k in range(most + 1))
    _at_most("budget", _MOST_STATES, "states of knowledge", math.log10(states), f"{states}")

    @cache
    def play(known: frozenset[tuple[int, int]]) -> tuple[int, int]:
        """Return the weight times the best value still to be had, and the next point."""
        rows = _consistent(table, known)
        if len(known) == most:
            return sum(shares[i] for i in rows) * max(value for _, value in known), -1
        gains = []
        for point in sorted(set(range(n_points)) - {seen for seen, _ in known}):
            outcomes = np.unique(table[rows, point]).tolist()
            gains.append((sum(play(known | {(point, value)})[0] for value in outcomes), -point))
        gain, point = max(gains)
        return gain, -point

    def searcher(points: Seen, values: Seen, unvisited: Seen) -> int:
        known = frozenset(zip(points, values, strict=True))
        if len(known) >= most or not len(_consistent(table, known)):
            return unvisited[0]
        return play(known)[1]

    return searcher


# --- What search achieves ----------------------------------------------------------------------------


def value_sequences(
    searcher: Searcher, functions: ArrayLike, budget: int, weights: Iterable[Any] | None = None
) -> dict[Seen, Fraction]:
    """How often a searcher sees each sequence of values: all that any measure of performance can use.

    Parameters
    ----------
    searcher : callable
        ``searcher(points, values, unvisited)``; it is asked once for each history.
    functions : array_like of int, shape (n_functions, n_points)
        One row a function.
    budget : int
        Points visited, from 1 to the number of points.
    weights : sequence of numbers, optional
        Weight of each row, at least 0; any sum above 0. Equal weights if left out.

    Returns
    -------
    dict of tuple to Fraction
        Probability of each sequence of `budget` values, sequences in lexicographic order.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range, or if the searcher returns a point that is not left.

    Notes
    -----
    Over all functions, or any set closed under permutation, the result is the same for every searcher [1]_.

    References
    ----------
    .. [1] Wolpert and W. G. Macready, IEEE Trans. Evol. Comput. 1, 67-82 (1997), theorem 1.

    Examples
    --------
    >>> sequences = value_sequences(hill_climb, all_functions(5, 2), budget=2)
    >>> {seen: str(share) for seen, share in sequences.items()}
    {(0, 0): '1/4', (0, 1): '1/4', (1, 0): '1/4', (1, 1): '1/4'}
    """
    _callable(searcher=searcher)
    table, shares, total = _weighted(functions, weights)
    most = _budget(budget, table.shape[1])
    found: dict[Seen, Fraction] = {}
    pending: list[tuple[Seen, Seen, Ints]] = [((), (), np.arange(len(table)))]
    while pending:  # functions that look the same so far are followed together
        points, values, rows = pending.pop()
        if len(points) == most:
            found[values] = Fraction(sum(shares[i] for i in rows), total)
            continue
        point = _next(searcher, points, values, table.shape[1])
        column = table[rows, point]
        for value in np.unique(column)[::-1].tolist():
            pending.append(((*points, point), (*values, value), rows[column == value]))
    return found


def mean_performance(
    searcher: Searcher,
    functions: ArrayLike,
    budget: int,
    weights: Iterable[Any] | None = None,
    performance: Callable[[Seen], Any] = max,
) -> Fraction:
    """Best value that a searcher finds within its budget, averaged over functions, exactly.

    Parameters
    ----------
    searcher : callable
        ``searcher(points, values, unvisited)``; it is asked once for each history.
    functions : array_like of int, shape (n_functions, n_points)
        One row a function.
    budget : int
        Points visited, from 1 to the number of points.
    weights : sequence of numbers, optional
        Weight of each row, at least 0; any sum above 0. Equal weights if left out.
    performance : callable, optional
        What to average, of the tuple of values in the order seen. The largest if left out.

    Returns
    -------
    Fraction
        The mean, in the units of the values.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range, the searcher returns a point that is not left, or `performance`
        returns something that is not a finite real number.

    Notes
    -----
    Equal for all searchers over a set closed under permutation. A searcher pays for points only: the theorem
    knows neither the time to choose the next point nor searchers that revisit, which do worse.

    References
    ----------
    .. [1] Wolpert and W. G. Macready, IEEE Trans. Evol. Comput. 1, 67-82 (1997), theorem 1.

    Examples
    --------
    Of two fair coins the better shows 1 three times in four, however one climbs:

    >>> [str(mean_performance(s, all_functions(6, 2), 2)) for s in (in_order, hill_climb, hill_descend)]
    ['3/4', '3/4', '3/4']
    """
    _callable(performance=performance)
    sequences = value_sequences(searcher, functions, budget, weights)
    scores = (share * _exact("performance", performance(seen)) for seen, share in sequences.items())
    return sum(scores, Fraction(0))


def search_advantage(
    searcher: Searcher,
    functions: ArrayLike,
    budget: int,
    weights: Iterable[Any] | None = None,
    performance: Callable[[Seen], Any] = max,
) -> Fraction:
    """Compare a searcher with random order: what it gains from where good values lie.

    Parameters
    ----------
    searcher, functions, budget, weights, performance
        As in `mean_performance`.

    Returns
    -------
    Fraction
        The gain, in the units of the values; 0 for all searchers and all measures if and only if the prior
        is block uniform. Below 0 where the searcher's assumption misfits the prior.

    Raises
    ------
    ValueError, TypeError
        As `mean_performance` and `permutation_closure`.

    Notes
    -----
    The yardstick is the same functions with their points shuffled (`symmetrise`), under which all searchers
    are equal: good values that are merely frequent are no merit of the searcher.

    Examples
    --------
    Climbing a hill helps once there is time to climb; before, looking elsewhere is better:

    >>> peaks = [[max(0, 3 - abs(x - peak)) for x in range(7)] for peak in range(7)]
    >>> [f"{float(search_advantage(hill_climb, peaks, budget)):+.2f}" for budget in (2, 3, 4)]
    ['-0.09', '+0.20', '+0.36']
    """
    achieved = mean_performance(searcher, functions, budget, weights, performance)
    shuffled = symmetrise(functions, weights)
    return achieved - mean_performance(in_order, shuffled.functions, budget, shuffled.weights, performance)


# --- Learners ----------------------------------------------------------------------------------------


def nearest_neighbour(points: Seen, values: Seen, query: int) -> int:
    """Learner: the value at the nearest labelled point (ties: the lower); 0 without any.

    Examples
    --------
    >>> nearest_neighbour((0, 4), (7, 9), 3)
    9
    """
    return min(zip(points, values, strict=True), key=lambda p: (abs(p[0] - query), p[0]), default=(0, 0))[1]


def majority(points: Seen, values: Seen, query: int) -> int:
    """Learner: the value seen most often (ties: the smaller); 0 without any.

    Examples
    --------
    >>> majority((0, 1, 2), (9, 7, 9), 3)
    9
    """
    return max(sorted(set(values)), key=lambda value: values.count(value), default=0)


def best_learner(functions: ArrayLike, weights: Iterable[Any] | None = None) -> Learner:
    """Make the learner that errs least often, on average, for functions drawn from a known prior.

    Parameters
    ----------
    functions : array_like of int, shape (n_functions, n_points)
        One row a function.
    weights : sequence of numbers, optional
        Weight of each row, at least 0; any sum above 0. Equal weights if left out.

    Returns
    -------
    callable
        The Bayes-optimal learner under zero-one loss: the likeliest value given the data (ties: the smaller).
        Where no function of the prior fits the data it guesses the smallest value.

    Raises
    ------
    ValueError, TypeError
        If `functions` is not a table of whole numbers, or `weights` do not fit it.

    Examples
    --------
    >>> best_learner([[0, 0, 0], [1, 1, 1], [1, 1, 0]], weights=[1, 2, 1])((0,), (1,), 2)
    1
    """
    table, shares, _ = _weighted(functions, weights)

    def learner(points: Seen, values: Seen, query: int) -> int:
        votes: dict[int, int] = dict.fromkeys(np.unique(table).tolist(), 0)
        for row in _consistent(table, zip(points, values, strict=True)):
            votes[int(table[row, query])] += shares[row]
        return max(votes, key=votes.__getitem__)

    return learner


def zero_one_loss(guess: Any, value: int) -> int:
    """Loss of a guess: 0 if it is right, else 1.

    Examples
    --------
    >>> zero_one_loss(2, 2), zero_one_loss(2, 3)
    (0, 1)
    """
    return int(guess != value)


def off_training_set_error(
    learner: Learner,
    functions: ArrayLike,
    training_points: Sequence[int],
    weights: Iterable[Any] | None = None,
    loss: Callable[[Any, int], Any] = zero_one_loss,
) -> Fraction:
    """Error of a learner on the points it was not trained on, averaged over targets, exactly.

    Parameters
    ----------
    learner : callable
        ``learner(points, values, query)``; it is asked once for each data set and query.
    functions : array_like of int, shape (n_functions, n_points)
        The targets, one row each.
    training_points : sequence of int
        Points whose values the learner is told, each once, in this order; at least one point must be left.
    weights : sequence of numbers, optional
        Weight of each target, at least 0; any sum above 0. Equal weights if left out.
    loss : callable, optional
        ``loss(guess, value)``; zero-one loss if left out.

    Returns
    -------
    Fraction
        Mean loss over targets and over the points left, each point counted equally.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range, or a guess or a loss is not a finite real number.

    Notes
    -----
    Over all functions to #Y values, equally weighted, zero-one loss is 1 - 1/#Y for every learner that
    guesses one of them, cross-validation and anti-cross-validation alike [1]_. Other losses do tell learners
    apart even so: squared error favours guesses in the middle. And it counts only points not seen: on those
    seen, who remembers wins.

    References
    ----------
    .. [1] Wolpert, Neural Comput. 8, 1341-1390 (1996).

    Examples
    --------
    >>> targets = all_functions(5, 3)
    >>> [str(off_training_set_error(learner, targets, [0, 2])) for learner in (nearest_neighbour, majority)]
    ['2/3', '2/3']
    """
    _callable(learner=learner, loss=loss)
    table, shares, total = _weighted(functions, weights)
    trained = _points(training_points, table.shape[1])
    queries = [point for point in range(table.shape[1]) if point not in trained]
    alike: dict[Seen, list[int]] = {}
    for number, values in enumerate(table[:, np.array(trained, dtype=int)].tolist()):
        alike.setdefault(tuple(values), []).append(number)
    cost = Fraction(0)
    for data, rows in alike.items():
        for query in queries:
            guess = learner(trained, data, query)
            _exact("learner's guess", guess)
            column = table[rows, query]
            for value in np.unique(column).tolist():
                share = sum(shares[rows[i]] for i in np.flatnonzero(column == value))
                cost += share * _exact("loss", loss(guess, value))
    return cost / (total * len(queries))


def prior_advantage(
    learner: Learner,
    functions: ArrayLike,
    training_points: Sequence[int],
    weights: Iterable[Any] | None = None,
    *,
    n_values: int,
) -> Fraction:
    """Say what a learner gains from a structured prior over targets: (1 - 1/#Y) less its error.

    Parameters
    ----------
    learner, functions, training_points, weights
        As in `off_training_set_error`; `functions` and `weights` are the prior.
    n_values : int
        #Y, the values that were possible; those of `functions` are 0 to `n_values` - 1.

    Returns
    -------
    Fraction
        Error avoided off the training set, as a share of all guesses: 0 for every learner if all functions
        are equally likely, at most 1 - 1/#Y, below 0 where the learner's assumption misfits the prior.

    Raises
    ------
    ValueError, TypeError
        As `off_training_set_error`, or if a value is not one of 0 to `n_values` - 1.

    Notes
    -----
    `best_learner` shows the most that any learner can gain from a prior. That a prior like `simple_prior`
    describes real data is an empirical claim [1]_, no theorem.

    References
    ----------
    .. [1] Goldblum, M. Finzi, K. Rowan and A. G. Wilson, arXiv:2304.05366 (2023).

    Examples
    --------
    A preference for few changes, two to one, is worth a sixth of all guesses at the point next door:

    >>> targets = all_functions(2, 2)
    >>> str(prior_advantage(nearest_neighbour, targets, [0], smooth_prior(targets, 0.5), n_values=2))
    '1/6'
    """
    values = _one("n_values", n_values)
    table = _table(functions)
    outside = table[(table < 0) | (table >= values)]
    if outside.size:
        raise ValueError(
            f"functions must have values from 0 to n_values - 1 = {values - 1}, got {outside[0]}"
        )
    return 1 - Fraction(1, values) - off_training_set_error(learner, table, training_points, weights)


# --- Priors ------------------------------------------------------------------------------------------


def smooth_prior(functions: ArrayLike, ratio: Any) -> tuple[Fraction, ...]:
    """Weights that prefer functions with small steps: ratio^(sum of abs(f(x+1) - f(x))), scaled to sum to 1.

    Parameters
    ----------
    functions : array_like of int, shape (n_functions, n_points)
        One row a function.
    ratio : number
        How much less likely a function is for each unit of step, above 0 and at most 1 (no preference).

    Returns
    -------
    tuple of Fraction
        The weight of each row.

    Raises
    ------
    ValueError, TypeError
        If `functions` is not a table of whole numbers, or `ratio` is out of range.

    Notes
    -----
    With two values this is an Ising chain: neighbours differ with probability ratio / (1 + ratio).

    Examples
    --------
    >>> [str(w) for w in smooth_prior([[0, 0], [0, 1]], Fraction(1, 3))]
    ['3/4', '1/4']
    """
    base = _exact("ratio", ratio)
    if not 0 < base <= 1:
        raise ValueError(f"ratio must be above 0 and at most 1, got {ratio}")
    steps = np.abs(np.diff(_table(functions), axis=1)).sum(axis=1)
    return _scaled([base**step for step in steps.tolist()])


def simple_prior(functions: ArrayLike) -> tuple[Fraction, ...]:
    """Weights that prefer functions with a short description: 2^-(c log2 #X), scaled to sum to 1.

    c is the `lempel_ziv_complexity`: a phrase is copied from one of #X places, which takes log2 #X bits.

    Parameters
    ----------
    functions : array_like of int, shape (n_functions, n_points)
        One row a function.

    Returns
    -------
    tuple of Fraction
        The weight of each row; they sum to 1.

    Raises
    ------
    ValueError, TypeError
        If `functions` is not a table of whole numbers.

    Notes
    -----
    A stand-in: the complexity that the argument is about, Kolmogorov's, cannot be computed. This one reads
    from left to right and counts the last phrase whether it is complete or not, so it cares little about
    the last point.

    Examples
    --------
    >>> [str(w) for w in simple_prior([[0, 0, 0], [0, 1, 0]])]
    ['3/4', '1/4']
    """
    table = _table(functions)
    return _scaled([Fraction(1, table.shape[1] ** lempel_ziv_complexity(row)) for row in table])


def lempel_ziv_complexity(sequence: ArrayLike) -> int:
    """Count the phrases of a sequence, each the shortest that cannot be copied from before its last symbol.

    Parameters
    ----------
    sequence : array_like of int, shape (n,)
        Whole numbers, at least one.

    Returns
    -------
    int
        The number of phrases of the exhaustive history [1]_, at least 1.

    Raises
    ------
    ValueError, TypeError
        If `sequence` is not a row of whole numbers.

    References
    ----------
    .. [1] Lempel and J. Ziv, IEEE Trans. Inf. Theory 22, 75-81 (1976), section II.

    Examples
    --------
    Their own example, 0 001 10 100 1000 101:

    >>> lempel_ziv_complexity([0, 0, 0, 1, 1, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 1])
    6
    """
    array = whole("sequence", sequence, -(2**53))
    if array.ndim != 1 or not array.size:
        raise ValueError(f"sequence must be a row of whole numbers, got shape {array.shape}")
    row = array.tolist()
    phrases = start = 0
    while start < len(row):
        length = 1
        while start + length < len(row) and _occurs(row[start : start + length], row[: start + length - 1]):
            length += 1
        phrases, start = phrases + 1, start + length
    return phrases


# --- Private: reading arguments ----------------------------------------------------------------------


def _one(name: str, value: Any) -> int:
    """Return one whole number, at least 1."""
    return int(single(name, whole(name, value, 1)))


def _table(functions: ArrayLike) -> Ints:
    table = whole("functions", functions, -(2**53))
    if table.ndim != 2 or not table.size:
        raise ValueError(f"functions must be a table with one row a function, got shape {table.shape}")
    return table


def _exact(name: str, value: Any) -> Fraction:
    """Return a real number as the fraction that it is."""
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, bool) or not isinstance(value, (Real, Decimal)):
        raise TypeError(f"{name} must be a real number, got {value!r}")
    try:
        return Fraction(value)  # type: ignore[arg-type]
    except (ValueError, OverflowError):
        raise ValueError(f"{name} must be finite, got {value!r}") from None


def _weighted(functions: ArrayLike, weights: Iterable[Any] | None) -> tuple[Ints, list[int], int]:
    """Return the table, the weight of each row as a whole number, and the sum of the weights."""
    table = _table(functions)
    if weights is None:
        return table, [1] * len(table), len(table)
    try:
        listed = list(weights)
    except TypeError:
        raise TypeError(f"weights must be a sequence of numbers, got {weights!r}") from None
    exact = [_exact("weights", weight) for weight in listed]
    if len(exact) != len(table):
        raise ValueError(f"weights must be one for each of {len(table)} functions, got {len(exact)}")
    if min(exact) < 0 or not any(exact):
        raise ValueError(f"weights must be at least 0 and not all 0, got {float(min(exact))}")
    unit = math.lcm(*(weight.denominator for weight in exact))
    shares = [int(weight * unit) for weight in exact]
    return table, shares, sum(shares)


def _scaled(weights: list[Fraction]) -> tuple[Fraction, ...]:
    total = sum(weights)
    return tuple(weight / total for weight in weights)


def _callable(**functions: object) -> None:
    for name, function in functions.items():
        if not callable(function):
            raise TypeError(f"{name} must be a function, got {function!r}")


def _budget(budget: Any, n_points: int) -> int:
    most = _one("budget", budget)
    if most > n_points:
        raise ValueError(f"budget must be at most the {n_points} points there are, got {most}")
    return most


def _points(training_points: Sequence[int], n_points: int) -> Seen:
    array = whole("training_points", training_points)
    points = tuple(array.ravel().tolist())
    if array.ndim != 1 or len(set(points)) < len(points) or max(points, default=0) >= n_points:
        raise ValueError(
            f"training_points must be different points from 0 to {n_points - 1}, got {array.tolist()}"
        )
    if len(points) == n_points:
        raise ValueError(f"training_points must leave a point to test on, got all {n_points}")
    return points


def _next(searcher: Searcher, points: Seen, values: Seen, n_points: int) -> int:
    unvisited = tuple(point for point in range(n_points) if point not in points)
    point = searcher(points, values, unvisited)
    if point not in unvisited:
        raise ValueError(f"searcher must return a point not yet visited, one of {unvisited}, got {point!r}")
    return int(point)


# --- Private: orbits and counts ----------------------------------------------------------------------


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


def _consistent(table: Ints, known: Iterable[tuple[int, int]]) -> Ints:
    """Return the rows of the table that have these values at these points."""
    fits = np.ones(len(table), dtype=bool)
    for point, value in known:
        fits &= table[:, point] == value
    return np.flatnonzero(fits)


def _near(points: Seen, values: Seen, unvisited: Seen, choose: Callable[..., int]) -> int:
    """Return the point nearest to the best or worst seen; the neighbourhood is the assumption."""
    centre = points[values.index(choose(values))] if points else unvisited[len(unvisited) // 2]
    return min(unvisited, key=lambda point: (abs(point - centre), point))


def _by_rank(ranks: dict[Seen, int], points: Seen, values: Seen, unvisited: Seen) -> int:
    if values not in ranks:
        raise ValueError(f"values must be among those the searcher was made for, got {values}")
    return unvisited[ranks[values]]


def _occurs(phrase: list[int], text: list[int]) -> bool:
    return any(text[i : i + len(phrase)] == phrase for i in range(len(text) - len(phrase) + 1))
