"""Has a frontier a knee? A smooth power law against one whose slope breaks, E fitted under both.

Drawn as log L against log C, every law with an irreducible loss E bends, so a bend is no evidence of a break.
`knee_test` asks whether a break explains measured points better than a smooth law with an E of its own;
`knee_power` says how often it would find a break that was there, and how often it finds one that was not.
`chord_knee` is the knee that the eye sees on plain axes, which any power law has anywhere.

Loss is in nats per token, compute in FLOP; errors are taken to be normal and of one size at all budgets.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from frontier._checks import (
    Float,
    at_least,
    generator,
    near_power_of_two,
    overflowing,
    plain,
    positive,
    real,
    share,
    single,
    whole,
)
from frontier.scaling import ScalingLaw

_Array = NDArray[np.float64]

WIDTH = 0.25
"""How sharp a break `knee_test` looks for: its two slopes blend over about a factor exp(4 WIDTH), 2.7."""

EXPONENTS = np.geomspace(0.005, 2.0, 24)
"""Slopes before the break that are tried first."""

KEPT = (0.0, 0.25, 0.5, 0.65, 0.8, 0.9, 1.1, 1.25, 1.5, 2.0, 2.5)
"""Slopes after the break that are tried, as parts of the slope before; closer where breaks are mild."""

PLACES = 5
"""Places of the break that are tried, evenly between the second budget and the last but one, in log C."""

ROUNDS = 4
"""How often a slope before the break is refined between those of `EXPONENTS`."""

SAMPLE = 16
"""Data sets, about, that say for all which slopes are worth trying."""

_CALM = 4  # smooth data sets to a broken one in `knee_power`: the line must not be the noisier part
_EXACT = 1e-12  # of the total sum of squares: what is left of that is rounding, not misfit


@dataclass(frozen=True)
class BrokenLaw:
    """A frontier whose slope changes once: L = E + scale x^-g (1 + x^(1/w))^((1 - k) g w).

    The smoothly broken power law of Caballero et al., arXiv:2210.14891 (2023), with one break.

    Parameters
    ----------
    E : float
        Irreducible loss, nats per token, at least 0.
    scale : float
        Loss above E at x = 1 if there were no break, nats per token, above 0.
    exponent : float
        g, the slope of log (L - E) against log C far below the break, with its sign turned, above 0.
    kept : float
        k, the part of that slope left far above the break, at least 0: 1 is no break at all, 0 a full stop.
    at : float
        Compute of the break, FLOP, above 0; x = C / at.
    width : float
        w, above 0: the two slopes blend over about a factor exp(4 w) of compute.

    Examples
    --------
    >>> law = BrokenLaw(E=1.8, scale=0.3, exponent=0.18, kept=0.0, at=1e22)
    >>> [round(float(loss), 3) for loss in law.loss([1e20, 1e22, 1e24, 1e26])]
    [2.487, 2.11, 2.1, 2.1]
    """

    E: float
    scale: float
    exponent: float
    kept: float = 1.0
    at: float = 1.0
    width: float = WIDTH

    def __post_init__(self) -> None:
        """Check the fields."""
        for name in ("E", "kept"):
            object.__setattr__(self, name, float(single(name, at_least(name, getattr(self, name), 0))))
        for name in ("scale", "exponent", "at", "width"):
            object.__setattr__(self, name, float(single(name, positive(name, getattr(self, name)))))

    def loss(self, flop: ArrayLike) -> Float:
        """Loss at a budget in FLOP, nats per token."""
        x = np.log(positive("flop", flop)) - np.log(self.at)
        with overflowing():
            return plain(self.E + self.scale * np.exp(-self.exponent * _bent(x, self.kept, self.width)))

    def broken(self, kept: float, at: float, width: float = WIDTH) -> BrokenLaw:
        """Return this smooth law with its slope broken at a budget in FLOP, and the same before.

        Examples
        --------
        >>> law = BrokenLaw(E=1.8, scale=0.3, exponent=0.18, at=1e22)
        >>> [round(law.broken(0.0, 1e24).loss(c) - law.loss(c), 3) for c in (1e20, 1e22, 1e26)]
        [0.0, 0.0, 0.074]
        """
        if self.kept != 1:
            raise ValueError(f"only a smooth law can be broken, got kept {self.kept:g}")
        at = float(single("at", positive("at", at)))
        return replace(self, scale=float(self.loss(at)) - self.E, kept=kept, at=at, width=width)


def smooth_law(law: ScalingLaw, at: float) -> BrokenLaw:
    """Return the frontier of a `ScalingLaw` in the form that can be broken, with x = C / at.

    Examples
    --------
    >>> from frontier.scaling import BESIROGLU_2024 as published
    >>> bool(np.isclose(smooth_law(published, 5.76e23).loss(1e20), published.optimal(1e20).loss))
    True
    """
    at = float(single("at", positive("at", at)))
    return BrokenLaw(float(law.E), float(law.optimal(at).loss - law.E), float(law.frontier_exponent), at=at)


class KneeTest(NamedTuple):
    """What `knee_test` found.

    `smooth` and `broken` are the best laws, `statistic` is ln of the ratio of their sums of squares,
    `p_value` how often a smooth law would reach that, `noise` the standard deviation of the points about it.
    """

    smooth: BrokenLaw
    broken: BrokenLaw
    statistic: float
    p_value: float
    noise: float


def knee_test(
    flop: ArrayLike, loss: ArrayLike, *, floor: float | None = None, n_simulations: int = 999, seed: Any = 0
) -> KneeTest:
    """Ask whether a break in the slope explains points of a frontier better than a smooth law does.

    Parameters
    ----------
    flop, loss : array_like, shape (n,)
        Budgets in FLOP and the least loss at each, above 0; six different budgets or more, and the loss must
        fall with compute.
    floor : float, optional
        The irreducible loss E, where it is known. By default it is fitted under both laws, at least 0.
        With 0 the laws are a straight and a bent line on doubly logarithmic axes.
    n_simulations : int
        Data sets drawn from the smooth law to see what chance does, 1 or more.
    seed
        Whatever `numpy.random.default_rng` takes.

    Notes
    -----
    Under the smooth law the place of the break does not exist, so the usual tables for a ratio of
    likelihoods do not hold (R. B. Davies, Biometrika 74, 33, 1987). The p-value therefore comes from data
    sets simulated from the smooth fit: the share of them, the observed one included, whose statistic is as
    large. Slopes and places are tried on a grid (`EXPONENTS`, `KEPT`, `PLACES`), the same for all.

    Examples
    --------
    A frontier that stops dead in its middle, and one without a break:

    >>> rng = np.random.default_rng(0)
    >>> budgets = np.logspace(18, 24, 13)
    >>> for kept in (0.0, 1.0):
    ...     law = BrokenLaw(E=1.8, scale=0.5, exponent=0.18, kept=kept, at=1e21)
    ...     found = knee_test(budgets, law.loss(budgets) + rng.normal(0, 0.005, 13), n_simulations=199)
    ...     print(found.p_value < 0.05)
    True
    False
    """
    c, y, bottom, unit = _points(flop, loss, floor)
    count, rng = int(single("n_simulations", whole("n_simulations", n_simulations, 1))), generator(seed)
    observed = _fit(c, y[:, None], bottom)
    smooth, broken = (_law(c, y, bottom, *(float(p[0]) for p in best)) for best in observed.best)
    noise = float(np.sqrt(_scatter(smooth, c, y, bottom)))
    chance = _fit(c, _noisy(smooth, c, noise, count, rng), bottom).statistic
    statistic = float(observed.statistic[0])
    p_value = (1 + int(np.sum(chance >= statistic))) / (1 + count)
    smooth, broken = (replace(law, E=law.E * unit, scale=law.scale * unit) for law in (smooth, broken))
    return KneeTest(smooth, broken, statistic, p_value, noise * unit)


def knee_power(
    law: BrokenLaw,
    flop: ArrayLike,
    noise: float,
    *,
    floor: float | None = None,
    level: float = 0.05,
    n_simulations: int = 500,
    seed: Any = 0,
) -> float:
    """How often `knee_test` would report a break on points measured from a law, by simulation.

    Parameters
    ----------
    law : BrokenLaw
        The truth. With a break the answer is the power of the test, without one its rate of false alarms.
    flop : array_like, shape (n,)
        The budgets measured, FLOP, above 0; six different ones or more, over which `law` falls.
    noise : float
        Standard deviation of a measured loss, in the unit of the loss, above 0.
    level : float
        The p-value below which a break is reported, between 0 and 1.
    n_simulations : int
        Data sets drawn from `law`, 1 or more; four times as many come from the smooth law nearest to it.
    floor, seed
        As for `knee_test`.

    Returns
    -------
    float
        A share p of data sets, between 0 and 1. Its standard error is some 1.1 to 1.3 times
        sqrt(p (1 - p) / n_simulations), since the line beyond which a break is reported is simulated, too:
        once, from the smooth law nearest to `law`, and not anew for each data set as `knee_test` does.

    Examples
    --------
    A frontier that stops dead, on ever more of compute:

    >>> law = BrokenLaw(E=1.8, scale=0.5, exponent=0.18, kept=0.0, at=1e21)
    >>> narrow, wide = np.logspace(20.5, 21.5, 9), np.logspace(19, 23, 9)
    >>> [knee_power(law, c, 0.005, n_simulations=200) > 0.5 for c in (narrow, wide)]
    [False, True]
    """
    if not isinstance(law, BrokenLaw):
        raise TypeError(f"law must be a BrokenLaw, got {law!r}")
    c, y, bottom, unit = _points(flop, law.loss(flop), floor)
    sd, line = float(single("noise", positive("noise", noise))) / unit, share("level", level)
    count, rng = int(single("n_simulations", whole("n_simulations", n_simulations, 1))), generator(seed)
    law = replace(law, E=law.E / unit, scale=law.scale / unit)
    nearest = _law(c, y, bottom, *(float(p[0]) for p in _fit(c, y[:, None], bottom).best[0]))
    # What the test takes for noise is the noise and what the nearest smooth law misses, as in `knee_test`.
    taken = float(np.sqrt(sd**2 + _scatter(nearest, c, y, bottom)))
    chance = _fit(c, _noisy(nearest, c, taken, _CALM * count, rng), bottom)
    found = _fit(c, _noisy(law, c, sd, count, rng), bottom)
    return float(np.mean(found.statistic > np.quantile(chance.statistic, 1 - line)))


class Design(NamedTuple):
    """Where a frontier is measured (FLOP), the smooth law it follows, and how noisy a point is (nats)."""

    budgets: _Array
    law: BrokenLaw
    noise: float

    def broken(self, kept: float, at: float | None = None, width: float = WIDTH) -> BrokenLaw:
        """Return the law with a break, by default at the middle budget."""
        return self.law.broken(kept, float(np.median(self.budgets)) if at is None else at, width)

    def points(self, kept: float, seed: Any = 0) -> _Array:
        """Draw the losses once, with a break at the middle budget."""
        return _noisy(self.broken(kept), self.budgets, self.noise, 1, generator(seed))[:, 0]

    def power(self, kept: float, at: float | None = None, width: float = WIDTH, **options: Any) -> float:
        """How often `knee_test` would report such a break; `options` are those of `knee_power`."""
        return knee_power(self.broken(kept, at, width), self.budgets, self.noise, **options)


def forecast_error(test: KneeTest, flop: ArrayLike, at: float) -> float:
    """Foretell by how much a run at `at` FLOP will miss the smooth law that a test fitted with E at `flop`.

    A standard error in the unit of the loss: noise of the run and of the constants, taken as linear.
    """
    law, at = test.smooth, float(single("at", positive("at", at)))

    def slopes(budget: _Array) -> _Array:
        above = np.asarray(law.loss(budget)) - law.E
        return np.stack([np.ones_like(above), above, np.log(budget / law.at) * above], axis=-1)

    here, there = slopes(positive("flop", flop)), slopes(positive("at", [at]))
    return test.noise * float(np.sqrt(1 + there @ np.linalg.inv(here.T @ here) @ there.T)[0, 0])


def chord_knee(x: ArrayLike, y: ArrayLike) -> float:
    """Where a curve on plain axes bends most to the eye: the x farthest from the chord between its ends.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        Points of the curve; x rising, three or more, and the two ends not equally high.

    Notes
    -----
    This is the knee of Satopaa et al., Proc. 31st Int. Conf. on Distributed Computing Systems Workshops, 166
    (2011), without their smoothing and threshold. Stretching either axis does not move it, but a wider window
    does.

    Examples
    --------
    A power law shows a knee at the same part of the window wherever the window ends:

    >>> for end in (1e22, 1e25, 1e28):
    ...     c = np.linspace(end / 1000, end, 100_001)
    ...     print(f"{chord_knee(c, c**-0.178) / end:.2f}")
    0.11
    0.11
    0.11
    """
    a, b = real("x", x), real("y", y)
    if a.ndim != 1 or a.shape != b.shape or len(a) < 3:
        raise ValueError(f"x and y must be rows of one length, at least 3, got {a.shape}, {b.shape}")
    if np.any(np.diff(a) <= 0):
        raise ValueError(f"x must rise, got {a.tolist() if len(a) < 9 else 'an array that does not'}")
    if b[0] == b[-1]:
        raise ValueError(f"y must differ between its ends, got {b[0]:g} at both")
    off = (a - a[0]) / (a[-1] - a[0]) - (b - b[0]) / (b[-1] - b[0])
    return float(a[np.argmax(np.abs(off))])


class _Fits(NamedTuple):
    """The statistic of each data set, and (exponent, kept, at) of its best smooth and its best broken law."""

    statistic: _Array
    best: tuple[tuple[_Array, _Array, _Array], tuple[_Array, _Array, _Array]]


def _points(
    flop: ArrayLike, loss: ArrayLike, floor: float | None
) -> tuple[_Array, _Array, float | None, float]:
    """Return the points by rising budget, and the floor, in the unit of loss that comes last.

    In it no square of a loss leaves the range of a float. What cannot tell a break from none is refused.
    """
    c, y = positive("flop", flop), positive("loss", loss)
    if c.ndim != 1 or c.shape != y.shape:
        raise ValueError(f"flop and loss must be rows of one length, got {c.shape}, {y.shape}")
    if len(np.unique(c)) < 6:
        raise ValueError(f"flop must hold at least 6 different budgets, got {len(np.unique(c))}")
    order = np.argsort(c, kind="stable")
    c, y = c[order], y[order]
    if np.polyfit(np.log(c), y, 1)[0] >= 0:
        raise ValueError("loss must fall with compute")
    unit = near_power_of_two(y)
    if floor is None:
        return c, y / unit, None, unit
    bottom = float(single("floor", at_least("floor", floor, 0)))
    if bottom >= y.min():
        raise ValueError(f"floor must be below every loss, got {bottom:g} with a loss of {y.min():g}")
    return c, y / unit, bottom / unit, unit


def _scatter(law: BrokenLaw, flop: _Array, loss: _Array, floor: float | None) -> float:
    """Return the variance of points about a smooth law that was fitted to them."""
    freedom = len(flop) - (3 if floor is None else 2)
    return float(np.sum((loss - law.loss(flop)) ** 2)) / freedom


def _bent(x: Any, kept: float, width: float = WIDTH) -> Any:
    """Return -ln(L - E) / exponent, up to a constant, at x = ln(compute / compute of the break)."""
    return x - (1 - kept) * width * np.logaddexp(0, x / width)


def _noisy(law: BrokenLaw, flop: _Array, noise: float, count: int, rng: np.random.Generator) -> _Array:
    """Draw data sets from a law, one a column."""
    clean = np.asarray(law.loss(flop))
    return np.asarray(clean[:, None] + noise * rng.standard_normal((len(flop), count)))


class _Sets(NamedTuple):
    """Data sets, one a column, and their sums of squares, about 0 and about the bottom.

    `rest` is what lies above the bottom: the floor where it is known, the mean of each set where E is fitted.
    """

    losses: _Array
    bottom: Any
    rest: _Array
    about_zero: _Array
    about_bottom: _Array

    def some(self, which: Any) -> _Sets:
        """Return the sets of some columns."""
        return _Sets(*(part[..., which] if np.ndim(part) else part for part in self))


def _fit(flop: _Array, losses: _Array, floor: float | None) -> _Fits:
    """Fit a smooth and a broken law to each column of `losses`, all columns together."""
    x = np.log(flop)
    middle, inner = float(x.mean()), np.unique(x)[1:-1]
    bottom = losses.mean(axis=0) if floor is None else floor
    rest = losses - bottom
    sets = _Sets(losses, bottom, rest, np.sum(losses**2, axis=0), np.sum(rest**2, axis=0))
    least, fitted = _EXACT * sets.about_bottom, floor is None
    squares, exponent = _profile(x - middle, sets, fitted, np.full(losses.shape[1], np.inf))
    smooth = exponent, np.ones_like(exponent), np.full_like(exponent, np.exp(middle))
    lowest, (exponent, kept, at) = squares, smooth
    for place in np.linspace(inner[0], inner[-1], PLACES):
        for part in KEPT:
            here, slope = _profile(_bent(x - place, part), sets, fitted, lowest)
            better = here < lowest
            lowest, exponent = np.where(better, here, lowest), np.where(better, slope, exponent)
            kept, at = np.where(better, part, kept), np.where(better, np.exp(place), at)
    statistic = np.log(np.maximum(squares, least) / np.maximum(lowest, least))
    return _Fits(statistic, (smooth, (exponent, kept, at)))


def _profile(bent: _Array, sets: _Sets, fitted: bool, to_beat: _Array) -> tuple[_Array, _Array]:
    """Return, for each data set, the least sum of squares over all exponents, and the exponent there.

    The best exponent of the grid, then a few steps to the lowest point of a parabola ever closer about it.
    A set takes them only as long as it can still come below the sum `to_beat`.
    """
    lowest, here = _best_of_grid(np.exp(-np.outer(bent, EXPONENTS)), sets, fitted)
    best = np.log(EXPONENTS[lowest])

    def try_at(place: _Array) -> _Array:
        return _squares(np.exp(-np.exp(place) * bent[:, None]), some, fitted, each=True)

    width, which, some = np.log(EXPONENTS[1] / EXPONENTS[0]), np.arange(len(best)), sets
    for _round in range(ROUNDS):
        centre, least = best[which], here[which]
        below, above = try_at(centre - width), try_at(centre + width)
        tilt, bend = (above - below) / 2, below - 2 * least + above
        with overflowing():
            step = np.where(bend > 0, np.clip(-tilt / bend, -1, 1), -np.sign(tilt))
        there = try_at(centre + step * width)
        better = there < least
        best[which] = np.where(better, centre + step * width, centre)
        here[which] = least = np.where(better, there, least)
        width /= 8
        # The steps to come are together little more than 1/8 of this one, and gain about bend / 100 on a
        # parabola. Ten times that is allowed for.
        more = (np.abs(step) == 1) | (least - bend / 10 < to_beat[which])
        which = which[more]
        some = sets.some(which)
    return here, np.exp(best)


def _best_of_grid(shapes: _Array, sets: _Sets, fitted: bool) -> tuple[NDArray[np.intp], _Array]:
    """Return, for each data set, which of the shapes leaves the least sum of squares, and that sum.

    Sets of one law are alike: tried are the shapes about the best of some sets, and all for a set whose best
    is the first or last of these.
    """

    def least(first: int, last: int, which: Any) -> tuple[NDArray[np.intp], _Array]:
        grid = _squares(shapes[:, first:last], sets.some(which), fitted, each=False)
        lowest = np.argmin(grid, axis=0)
        return first + lowest, grid[lowest, np.arange(len(lowest))]

    n_sets, n_shapes = len(sets.about_zero), shapes.shape[1]
    best, _ = least(0, n_shapes, slice(None, None, 1 + n_sets // SAMPLE))
    first, last = max(int(best.min()) - 2, 0), min(int(best.max()) + 3, n_shapes)
    lowest, squares = least(first, last, slice(None))
    ends = ((lowest == first) & (first > 0)) | ((lowest == last - 1) & (last < n_shapes))
    (outside,) = np.nonzero(ends)
    lowest[outside], squares[outside] = least(0, n_shapes, outside)
    return lowest, squares


def _squares(shapes: _Array, sets: _Sets, fitted: bool, *, each: bool) -> _Array:
    """Return the sum of squares that shapes (columns) leave of data sets (columns), E and scale being best.

    With `each` the first shape meets the first data set and so on, without it every shape every data set.
    E is `fitted`, at least 0, or the sets' own bottom.
    """

    def product(a: _Array, b: _Array) -> _Array:
        # einsum, not @: such small products only lose by being spread over threads
        return np.asarray(np.einsum("nm,nm->m" if each else "ng,nm->gm", a, b))

    def own(a: _Array) -> _Array:
        squares = np.einsum("nm,nm->m", a, a)
        return np.asarray(squares if each else squares[:, None])

    if not fitted:
        return np.asarray(sets.about_bottom - product(shapes, sets.rest) ** 2 / own(shapes))
    level = shapes.mean(axis=0)
    centred = shapes - level
    along = np.maximum(product(centred, sets.rest), 0.0)  # a scale below 0 is none
    scale = along / own(centred)
    left = np.asarray(sets.about_bottom - along * scale)
    below = scale * (level if each else level[:, None]) > sets.bottom
    if np.any(below):  # there E is 0
        which = np.any(below, axis=tuple(range(below.ndim - 1)))
        some = shapes[:, which] if each else shapes
        zero = sets.about_zero[which] - product(some, sets.losses[:, which]) ** 2 / own(some)
        left[..., which] = np.where(below[..., which], zero, left[..., which])
    return left


def _law(
    flop: _Array, loss: _Array, floor: float | None, exponent: float, kept: float, at: float
) -> BrokenLaw:
    """Return the law of one shape that is nearest to the points."""
    shape = np.exp(-exponent * _bent(np.log(flop / at), kept))
    bottom = floor
    if bottom is None:
        bottom = max(float(np.polyfit(shape, loss, 1)[1]), 0.0)
    scale = float(np.sum(shape * (loss - bottom)) / np.sum(shape**2))
    return BrokenLaw(bottom, scale, exponent, kept, at)
