"""What no learner can do for all problems at once: its error on points that it has not seen, exactly.

A **learner** is any function ``learner(points, values, query)`` that guesses the value at `query` from
labelled points, two tuples. Functions and their weights are those of `frontier.nofreelunch`. There is no free
lunch as long as all functions are alike; it ends where values seen tell of others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from frontier._checks import exact, whole
from frontier.nofreelunch import Seen, prior

Learner = Callable[[Seen, Seen, int], Any]


def nearest_neighbour(points: Seen, values: Seen, query: int) -> int:
    """Learner: the value at the nearest labelled point (ties: the lower); 0 without any.

    >>> nearest_neighbour((0, 4), (7, 9), 3)
    9
    """
    return min(zip(points, values, strict=True), key=lambda p: (abs(p[0] - query), p[0]), default=(0, 0))[1]


def majority(points: Seen, values: Seen, query: int) -> int:
    """Learner: the value seen most often (ties: the smaller); 0 without any.

    >>> majority((0, 1, 2), (9, 7, 9), 3)
    9
    """
    return max(sorted(set(values)), key=lambda value: values.count(value), default=0)


def best_learner(functions: ArrayLike, weights: Iterable[Any] | None = None) -> Learner:
    """Make the learner that errs least often, on average, for functions drawn from a known prior.

    It is Bayes-optimal under zero-one loss: it guesses the likeliest value given the data, of equals the
    smaller, and the smallest of all where no function of the prior fits the data.

    Examples
    --------
    >>> best_learner([[0, 0, 0], [1, 1, 1], [1, 1, 0]], weights=[1, 2, 1])((0,), (1,), 2)
    1
    """
    table, shares = prior(functions, weights)

    def learner(points: Seen, values: Seen, query: int) -> int:
        votes: dict[int, Fraction] = dict.fromkeys(np.unique(table).tolist(), Fraction(0))
        fits = np.all(table[:, list(points)] == values, axis=1)
        for row in np.flatnonzero(fits):
            votes[int(table[row, query])] += shares[row]
        return max(votes, key=votes.__getitem__)

    return learner


def off_training_set_error(
    learner: Learner,
    functions: ArrayLike,
    training_points: Sequence[int],
    weights: Iterable[Any] | None = None,
    loss: Callable[[Any, int], Any] | None = None,
) -> Fraction:
    """Error of a learner on the points it was not trained on, averaged over targets, exactly.

    Parameters
    ----------
    learner : callable
        ``learner(points, values, query)``; it is asked once for each data set and query.
    functions, weights
        The targets, and how likely each is.
    training_points : sequence of int
        Points whose values the learner is told, each once, in this order; at least one point must be left.
    loss : callable, optional
        ``loss(guess, value)``; 0 for a right guess and 1 for a wrong one if left out.

    Returns
    -------
    Fraction
        Mean loss over targets and over the points left, each point counted equally.

    Notes
    -----
    Over all functions to #Y values, equally weighted, it is 1 - 1/#Y for every learner that guesses one of
    them, cross-validation and anti-cross-validation alike [1]_. Other losses do tell learners apart even so:
    squared error favours guesses in the middle. And it counts only points not seen: on those seen, who
    remembers wins.

    References
    ----------
    .. [1] Wolpert, Neural Comput. 8, 1341-1390 (1996).

    Examples
    --------
    >>> from frontier.nofreelunch import all_functions
    >>> targets = all_functions(5, 3)
    >>> [str(off_training_set_error(learner, targets, [0, 2])) for learner in (nearest_neighbour, majority)]
    ['2/3', '2/3']
    """
    judge = loss or (lambda guess, value: int(guess != value))
    table, shares = prior(functions, weights)
    trained = _points(training_points, table.shape[1])
    queries = [point for point in range(table.shape[1]) if point not in trained]
    alike: dict[Seen, list[int]] = {}
    for number, values in enumerate(table[:, np.array(trained, dtype=int)].tolist()):
        alike.setdefault(tuple(values), []).append(number)
    cost = Fraction(0)
    for data, rows in alike.items():
        for query in queries:
            guess, column = learner(trained, data, query), table[rows, query]
            for value in np.unique(column).tolist():
                share = sum(shares[rows[i]] for i in np.flatnonzero(column == value))
                cost += share * exact("loss", judge(guess, value))
    return cost / len(queries)


def smooth_prior(functions: ArrayLike, agree: Any) -> tuple[Fraction, ...]:
    """Weights of functions whose neighbours tend to agree: p^(agreements) (1 - p)^(changes), scaled to 1.

    Parameters
    ----------
    functions
        One a row, to two values.
    agree : number
        The probability p that two neighbours have the same value, between 0 and 1; at one half all functions
        are alike.

    Notes
    -----
    An Ising chain: over all functions, points at a distance d agree with probability (1 + (2p - 1)^d) / 2.

    Examples
    --------
    >>> [str(weight) for weight in smooth_prior([[0, 0], [0, 1]], Fraction(3, 4))]
    ['3/4', '1/4']
    """
    p = exact("agree", agree)
    if not 0 <= p <= 1:
        raise ValueError(f"agree must be between 0 and 1, got {agree}")
    table, _ = prior(functions)
    changes = np.sum(table[:, 1:] != table[:, :-1], axis=1).tolist()
    return prior(table, [p ** (table.shape[1] - 1 - c) * (1 - p) ** c for c in changes]).weights


def _points(training_points: Sequence[int], n_points: int) -> Seen:
    array = whole("training_points", training_points)
    points = tuple(array.ravel().tolist())
    if array.ndim != 1 or len(set(points)) < len(points) or max(points, default=0) >= n_points:
        rule = f"training_points must be different points from 0 to {n_points - 1}"
        raise ValueError(f"{rule}, got {array.tolist()}")
    if len(points) == n_points:
        raise ValueError(f"training_points must leave a point to test on, got all {n_points}")
    return points
