"""Three ways to read a compute-optimal frontier off runs, and how far above it a run lies.

The ways are those of Hoffmann et al., arXiv:2203.15556 (2022), section 3: the envelope of training curves
(`envelope`), the lowest points of isoFLOP curves (`isoflop_minima`), and the parametric fit
(`frontier.fitting.fit`, read by `parametric_minima`). `lowest` takes the best run at each budget as it is.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from frontier._checks import generator, positive, product, single, whole
from frontier.scaling import ScalingLaw

_Array = NDArray[np.float64]

TOLERANCE = 0.1  # budgets that are tried lie further apart, by a factor of two or more


class Frontier(NamedTuple):
    """Points of a frontier: compute (FLOP), and along the last axis parameters and loss (as in the runs)."""

    flop: _Array
    n_params: _Array
    loss: _Array

    @property
    def size_exponent(self) -> Any:
        """The best size grows as compute to this power: a number, or one for each row of `n_params`."""
        if len(self.flop) < 2:
            raise ValueError(f"a frontier must have two points at least, got {len(self.flop)}")
        return np.polyfit(np.log(self.flop), np.log(self.n_params).T, 1)[0]


def envelope(flop: ArrayLike, n_params: ArrayLike, loss: ArrayLike, *, n_points: int = 200) -> Frontier:
    """Trace the lower envelope of training curves (approach 1 of Hoffmann et al.).

    Between its end points a curve is interpolated monotonically in the logarithm of compute, beyond them
    it is not followed; budgets that no curve covers are left out. As the sizes are few, the best one is a
    staircase; its slope is what counts.

    Parameters
    ----------
    flop, n_params, loss : array_like, shape (n,)
        Compute in FLOP, size and loss of end points; those of one size make a curve. All above 0.
    n_points : int
        Budgets, evenly spread over the logarithm of compute, at which the best size is looked up; 2 or more.

    Examples
    --------
    >>> from frontier.sweep import runs
    >>> ours = runs()
    >>> best = envelope(ours.flop, ours.n_params, ours.loss)
    >>> bool(np.all(np.diff(best.n_params) >= 0)), bool(np.all(np.diff(best.loss) < 0))
    (True, True)
    """
    from scipy.interpolate import PchipInterpolator

    c, n, y = _points(flop=flop, n_params=n_params, loss=loss)
    at = np.linspace(
        np.log(c.min()), np.log(c.max()), int(single("n_points", whole("n_points", n_points, 2)))
    )
    sizes = np.array([size for size in np.unique(n) if len(np.unique(c[n == size])) > 1])
    if len(sizes) == 0:
        raise ValueError("n_params must hold one size with two different budgets at least, got none")
    curves = []
    for size in sizes:
        order, first = np.unique(np.log(c[n == size]), return_index=True)
        curves.append(PchipInterpolator(order, y[n == size][first], extrapolate=False)(at))
    losses = np.array(curves)
    covered = ~np.all(np.isnan(losses), axis=0)
    best = np.nanargmin(losses[:, covered], axis=0)
    return Frontier(np.exp(at[covered]), sizes[best], np.nanmin(losses[:, covered], axis=0))


def lowest(
    budget: ArrayLike, n_params: ArrayLike, loss: ArrayLike, *, tolerance: float = TOLERANCE
) -> Frontier:
    """Take the run with the least loss at each budget: the frontier with nothing fitted and nothing smoothed.

    Of two runs with the same loss the first counts. Sizes between those tried might do better, so these
    points lie on the true frontier or a little above it.

    Parameters
    ----------
    budget, n_params, loss : array_like, shape (n,)
        Budget in FLOP, size and loss of each run. All above 0.
    tolerance : float
        By what part a run may miss its budget, above 0: runs that differ by no more than that share one,
        since whole batches never make a round number of FLOP. The frontier has their mean.

    Examples
    --------
    >>> lowest([1e12, 1e12, 1e13], [1e5, 2e5, 2e5], [1.46, 1.45, 1.24]).n_params.tolist()
    [200000.0, 200000.0]
    """
    c, n, y = _points(budget=budget, n_params=n_params, loss=loss)
    groups = _budgets(c, tolerance)
    best = np.array([members[np.argmin(y[members])] for _one, members in groups])
    return Frontier(np.array([one for one, _members in groups]), n[best], y[best])


def excess(best: Frontier, flop: ArrayLike, loss: ArrayLike) -> _Array:
    """How many times the least compute for its loss a run spent, by a measured frontier.

    It is 1 on the frontier and NaN where the loss lies outside what it covers; between its points it is taken
    for straight, loss against the logarithm of compute. `frontier.scaling.excess_compute` asks a fitted law.

    Parameters
    ----------
    best : Frontier
        From `lowest`, `envelope` or `isoflop_minima`; its loss must fall all the way.
    flop, loss : array_like, shape (n,)
        Compute in FLOP and loss of each run, above 0.

    Examples
    --------
    >>> from frontier.sweep import runs
    >>> ours = runs()
    >>> best = lowest(ours.budget, ours.n_params, ours.loss)
    >>> times = excess(best, ours.budget, ours.loss)
    >>> float(np.nanmin(times)), int(np.isnan(times).sum())
    (1.0, 12)
    """
    c, y = _points(flop=flop, loss=loss)
    if len(best.loss) < 2 or np.any(np.diff(best.loss) >= 0):
        raise ValueError(f"best must have losses that fall, got {np.asarray(best.loss).tolist()}")
    least = np.interp(y, best.loss[::-1], np.log(best.flop[::-1]), left=np.nan, right=np.nan)
    return np.asarray(np.exp(np.log(c) - least))


def isoflop_minima(
    budget: ArrayLike,
    n_params: ArrayLike,
    loss: ArrayLike,
    *,
    tolerance: float = TOLERANCE,
    skip: bool = False,
) -> Frontier:
    """Find the lowest point of a parabola through each isoFLOP curve (approach 2 of Hoffmann et al.).

    The parabola is of loss against the logarithm of size.

    Parameters
    ----------
    budget, n_params, loss : array_like, shape (n,)
        Budget in FLOP, size and loss of each run; runs of one budget make a curve. All above 0.
    tolerance : float
        As for `lowest`.
    skip : bool
        Whether to leave out budgets whose runs do not enclose a minimum (fewer than three sizes, or the
        lowest point outside of them), which are refused otherwise.

    Examples
    --------
    On runs made from a published law, the exponent of its best size comes back:

    >>> from frontier.scaling import BESIROGLU_2024 as law
    >>> c, n = np.meshgrid(np.logspace(18, 22, 5), np.linspace(-1, 1, 7), indexing="ij")
    >>> n = law.optimal(c).n_params * 10**n
    >>> minima = isoflop_minima(c.ravel(), n.ravel(), law.isoflop(c, n).ravel())
    >>> f"{minima.size_exponent:.3f}"
    '0.513'
    """
    c, n, y = _points(budget=budget, n_params=n_params, loss=loss)
    found = []
    for one, members in _budgets(c, tolerance):
        x, here = np.log(n[members]), y[members]
        lowest, sizes = np.inf, len(np.unique(x))
        if sizes >= 3:
            middle = x.mean()
            bend, slope, level = np.polyfit(x - middle, here, 2)
            lowest = -slope / (2 * bend) if bend > 0 else np.inf
        if sizes >= 3 and x.min() < middle + lowest < x.max():
            found.append((one, np.exp(middle + lowest), level + slope * lowest / 2))
        elif not skip:
            ends = f"{n[members].min():.3g} to {n[members].max():.3g}"
            why = f"no lowest point in {ends}" if sizes >= 3 else f"{sizes} different n_params"
            raise ValueError(
                f"budget {one:.3g} must have a minimum between three sizes or more, got {why}; skip=True "
                "leaves such budgets out"
            )
    return Frontier(*np.array(found).reshape(-1, 3).T)


def parametric_minima(
    law: ScalingLaw, budget: ArrayLike, n_params: ArrayLike, n_tokens: ArrayLike, flop: ArrayLike
) -> Frontier:
    """Find the best size under a fitted law (approach 3 of Hoffmann et al.), by the compute that runs took.

    `ScalingLaw.optimal` takes 6 N D for the compute. Small models spend half as much again on attention, so
    the best size is looked up on a fine grid that reaches as far as it must, with FLOP per token interpolated
    between the sizes of the runs (beyond them, with the ratio to 6 N of the nearest).

    Parameters
    ----------
    law : ScalingLaw
        From `frontier.fitting`. With fields of shape (m,), one entry a draw, `n_params` and `loss` of the
        frontier have shape (m, k), else (k,).
    budget : array_like, shape (k,)
        Budgets in FLOP, above 0.
    n_params, n_tokens, flop : array_like, shape (n,)
        Size, tokens and compute in FLOP of runs, which say what a model of some size spends on a token.

    Examples
    --------
    >>> from frontier.fitting import fit
    >>> from frontier.sweep import runs
    >>> ours = runs()
    >>> law = fit(ours.n_params, ours.n_tokens, ours.loss).law
    >>> found = parametric_minima(law, [1e12], ours.n_params, ours.n_tokens, ours.flop)
    >>> bool(ours.n_params.min() < found.n_params[0] < ours.n_params.max())
    True
    """
    (c,) = _points(budget=budget)
    size, tokens, spent = _points(n_params=n_params, n_tokens=n_tokens, flop=flop)
    sizes, first = np.unique(size, return_index=True)
    ratio = np.asarray(product(spent[first], over=(6, sizes, tokens[first])))
    columns = {field.name: np.asarray(getattr(law, field.name))[..., None] for field in fields(law)}
    flat = type(law)(**columns)
    # A token costs as many times 6 N as the ratio says: so many times less of a budget is left.
    less, more = (product(c, over=(one,)) for one in (max(ratio.max(), 1), min(ratio.min(), 1)))
    around = np.asarray(product(flat.optimal(less).n_params, 0.1))
    beyond = np.asarray(product(flat.optimal(more).n_params, 10))
    steps = np.linspace(0, 1, 1000)
    n = around[..., None] ** (1 - steps) * beyond[..., None] ** steps
    per_token = np.asarray(product(6, n, np.interp(np.log(n), np.log(sizes), ratio)))
    again = type(law)(**{name: column[..., None] for name, column in columns.items()})
    loss = np.asarray(again.loss(n, product(c[:, None], over=(per_token,))))
    best = np.argmin(loss, axis=-1)[..., None]
    size, least = (np.take_along_axis(array, best, axis=-1)[..., 0] for array in np.broadcast_arrays(n, loss))
    return Frontier(c, size, least)


def resample(
    budget: ArrayLike, n_resamples: int = 1000, seed: Any = 0, *, tolerance: float = TOLERANCE
) -> NDArray[np.int64]:
    """Draw runs with replacement within each budget, so that every resample has them all.

    Returns indices of shape (n_resamples, n), as `frontier.fitting.bootstrap` takes them; `tolerance` is that
    of `lowest`.

    Examples
    --------
    >>> resample([1e18, 1e18, 1e19], n_resamples=2).shape
    (2, 3)
    """
    (c,) = _points(budget=budget)
    count = int(single("n_resamples", whole("n_resamples", n_resamples, 1)))
    rng = generator(seed)
    drawn = np.empty((count, len(c)), dtype=np.int64)
    for _one, members in _budgets(c, tolerance):
        drawn[:, members] = rng.choice(members, size=(count, len(members)))
    return drawn


def _budgets(flop: _Array, tolerance: float) -> list[tuple[float, NDArray[np.int64]]]:
    """Return each budget with the indices of its runs; a step of more than the tolerance starts the next."""
    part = float(single("tolerance", positive("tolerance", tolerance)))
    order = np.argsort(flop, kind="stable")
    steps = np.diff(np.log(flop[order])) > np.log1p(part)
    found = []
    for members in np.split(order, np.nonzero(steps)[0] + 1):
        low, high = flop[members].min(), flop[members].max()
        if high / low - 1 > 2 * part:
            run_on = f"{len(members)} runs from {low:.3g} to {high:.3g} without a gap of {part:g}"
            raise ValueError(f"budget must fall into groups further apart than tolerance, got {run_on}")
        one = low if low == high else float(np.exp(np.log(flop[members]).mean()))
        found.append((float(one), np.sort(members)))
    return found


def _points(**columns: ArrayLike) -> list[_Array]:
    """Return the columns as arrays, refusing what is not one row of positive numbers each."""
    arrays = {name: positive(name, value) for name, value in columns.items()}
    shapes = {name: array.shape for name, array in arrays.items()}
    if len(set(shapes.values())) > 1 or any(len(shape) != 1 or shape[0] == 0 for shape in shapes.values()):
        raise ValueError(f"columns must be one-dimensional arrays of one length, got {shapes}")
    return list(arrays.values())
