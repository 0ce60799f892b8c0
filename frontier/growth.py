"""Trends: how fast something doubles, and when it meets a limit if it goes on as before.

An extrapolation of a trend is no forecast: long before a far limit something else slows the growth.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from frontier._checks import Float, above, plain, positive, product, real, same_shape, share


class DoublingTime(NamedTuple):
    """Years in which something doubles, and the ends of its confidence interval; `high` may be infinite."""

    value: float
    low: float
    high: float


def doubling_time(year: ArrayLike, amount: ArrayLike, level: float = 0.95) -> DoublingTime:
    """Years in which something doubles: a straight line through its logarithm, by least squares.

    It is negative where the amount shrinks, infinite where it stands still; so is `high` where the data do
    not exclude that. The interval has the scatter about one straight trend and nothing else: not that it may
    bend.

    Parameters
    ----------
    year : array_like, shape (n,)
        When it was measured; three different years at least.
    amount : array_like, shape (n,)
        How much there was, in any unit, above 0.
    level : float
        Coverage of the interval, by Student's t for n - 2 degrees of freedom.

    Examples
    --------
    >>> f"{doubling_time([2000, 2002, 2004, 2006], [10, 20, 40, 80]).value:.1f}"
    '2.0'
    """
    x, y = real("year", year), np.log2(positive("amount", amount))
    if x.ndim != 1 or x.shape != y.shape or len(np.unique(x)) < 3:
        rule = "year and amount must be rows of one length, with three different years at least"
        raise ValueError(f"{rule}, got shapes {x.shape} and {y.shape}")
    part = share("level", level)
    span = float(np.max(x) / 2 - np.min(x) / 2)  # half, as the whole may be no float
    t = x / 2 / span - np.mean(x / 2 / span)
    slope, offset = np.polyfit(t, y, 1)  # doublings in the whole span
    rest = y - offset - slope * t
    error = np.sqrt(np.sum(rest**2) / (len(x) - 2) / np.sum(t**2))
    half = float(stdtrit(len(x) - 2, (1 + part) / 2) * error)
    ends = {"value": slope, "low": slope + half, "high": slope - half if abs(slope) > half else 0.0}
    found = {name: float(product(2, span, over=(end,))) if end else np.inf for name, end in ends.items()}
    return DoublingTime(**found)


def years_until(limit: ArrayLike, now: ArrayLike, growth: ArrayLike) -> Float:
    """When something that grows by a factor each year meets a limit: ln(limit / now) / ln(growth).

    In years; negative where the limit is passed.

    Parameters
    ----------
    limit, now : array_like
        The limit and what there is today, in one unit, above 0.
    growth : array_like
        Factor per year, above 1. All arguments broadcast.

    Examples
    --------
    From 2e25 to 2e29 FLOP at 4 times per year:

    >>> round(years_until(2e29, 2e25, 4), 1)
    6.6
    """
    end, start = positive("limit", limit), positive("now", now)
    factor = above("growth", growth, 1)
    same_shape(limit=end, now=start, growth=factor)
    return plain((np.log(end) - np.log(start)) / np.log(factor))


def year_of(start: ArrayLike, factor: ArrayLike, doubling_years: ArrayLike) -> Float:
    """Year, with its fraction, in which something has grown by a factor, doubling every so many years.

    Parameters
    ----------
    start : array_like
        Year from which it grows.
    factor, doubling_years : array_like
        By how much, and years of a doubling, above 0. All arguments broadcast.

    Examples
    --------
    >>> year_of(2020, 8, [1, 2]).tolist()
    [2023.0, 2026.0]
    """
    first, times = real("start", start), positive("factor", factor)
    pace = positive("doubling_years", doubling_years)
    same_shape(start=first, factor=times, doubling_years=pace)
    return plain(first + np.log2(times) * pace)
