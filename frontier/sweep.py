"""Our own scaling experiment: its runs, and three ways to read a frontier off them.

Small decoders were trained on Python source code, byte by byte, each once through its text. The losses are in
nats per byte on files held out: another tokenizer and other data than those of any published law, so they
share an axis with none. How they were made stands in ``experiments/README.md``, every column in
``frontier/data/README.md``.

The three ways are those of Hoffmann et al. (2022), section 3: the envelope of the training curves
(`envelope`), the lowest points of isoFLOP curves (`isoflop_minima`), and the parametric fit
(`frontier.fitting.fit`). `lowest` takes the best run at each budget as it is, and `excess` says how far above
such a frontier a run lies.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from frontier._checks import generator, positive, single, whole
from frontier.scaling import ScalingLaw

_Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Runs:
    """Finished runs as arrays of one length.

    `budget` is the compute that was planned and `flop` what was spent, both in FLOP; `loss` is the held-out
    loss in nats per byte; `purpose` is ``search``, ``grid``, ``repeat`` or ``prediction``.
    """

    run: NDArray[np.str_]
    purpose: NDArray[np.str_]
    device: NDArray[np.str_]
    budget: _Array
    n_params: _Array
    n_tokens: _Array
    flop: _Array
    loss: _Array
    width: _Array
    depth: _Array
    learning_rate: _Array
    seed: _Array
    seconds: _Array

    def __len__(self) -> int:
        """Count the runs."""
        return len(self.loss)


class Text(NamedTuple):
    """Windows of 65 bytes each: some to train on, some held out; shape (n, 65), values below 128."""

    train: NDArray[np.uint8]
    held_out: NDArray[np.uint8]


class Frontier(NamedTuple):
    """Points of a compute-optimal frontier: compute (FLOP), parameters, loss (nats per token)."""

    flop: _Array
    n_params: _Array
    loss: _Array


class Prediction(NamedTuple):
    """A loss (nats per byte) foretold for a run, with the interval that holds a share `level`."""

    n_params: float
    n_tokens: float
    loss: float
    low: float
    high: float
    level: float


class PowerLaw(NamedTuple):
    """A straight line on doubly logarithmic axes: y = scale * x^exponent."""

    scale: float
    exponent: float


def runs(purpose: str = "grid") -> Runs:
    """Return the runs made for one purpose, by budget and then by size.

    Parameters
    ----------
    purpose : str
        ``"grid"`` for the isoFLOP grid, ``"repeat"`` for one budget with another seed, ``"search"`` for the
        learning rates tried, ``"prediction"`` for the run that was predicted before it was made.

    Raises
    ------
    ValueError
        If there is no such purpose.

    Examples
    --------
    >>> ours = runs()
    >>> len(ours), len(np.unique(ours.n_params)), len(np.unique(ours.budget))
    (63, 12, 9)
    """
    rows = _read("sweep_runs.csv")
    known = sorted({row["purpose"] for row in rows})
    if purpose not in known:
        raise ValueError(f"purpose must be one of {', '.join(known)}, got {purpose!r}")
    rows = [row for row in rows if row["purpose"] == purpose]
    rows.sort(key=lambda row: (float(row["budget"]), float(row["n_params"])))
    numbers = [field.name for field in fields(Runs) if field.type == "_Array"]
    columns: dict[str, Any] = {
        field.name: np.array([row[field.name] for row in rows]) for field in fields(Runs)
    }
    return Runs(**{name: c.astype(float) if name in numbers else c for name, c in columns.items()})


def curve(run: str) -> tuple[_Array, _Array]:
    """Return the training curve of a run: compute spent so far (FLOP), and the held-out loss there.

    Raises
    ------
    ValueError
        If there is no such run, or its curve was not kept (that of the search was not).

    Examples
    --------
    >>> flop, loss = curve(str(runs().run[0]))
    >>> bool(np.all(np.diff(flop) > 0)), bool(loss[0] > loss[-1])
    (True, True)
    """
    points = [row for row in _read("sweep_curves.csv") if row["run"] == run]
    if not points:
        raise ValueError(f"run must be the name of a run with a curve, got {run!r}")
    row = next(row for row in _read("sweep_runs.csv") if row["run"] == run)
    per_step = float(row["flop"]) / float(row["steps"])
    step, loss = (np.array([float(point[name]) for point in points]) for name in ("step", "loss"))
    return step * per_step, loss


def prediction() -> Prediction:
    """Return what the grid foretold for one larger run, filed before that run was started.

    Examples
    --------
    >>> filed, made = prediction(), runs("prediction")
    >>> bool(filed.n_params == made.n_params[0])
    True
    """
    row = _read("sweep_prediction.csv")[0]
    return Prediction(**{name: float(row[name]) for name in Prediction._fields})


def seed_noise(ours: Runs, again: Runs) -> float:
    """Return the standard deviation of the loss between seeds, from runs that were made twice.

    Parameters
    ----------
    ours, again : Runs
        The grid, and runs of some of its budgets and sizes with another seed.

    Returns
    -------
    float
        In nats per byte. The difference of two runs has twice the variance of one.

    Raises
    ------
    ValueError
        If a run of `again` has no partner in `ours`.

    Examples
    --------
    >>> seed_noise(runs(), runs("repeat")) < 0.01
    True
    """
    first = dict(zip(zip(ours.budget, ours.n_params, strict=True), ours.loss, strict=True))
    pairs = list(zip(again.budget, again.n_params, strict=True))
    if not pairs or not all(pair in first for pair in pairs):
        raise ValueError(f"again must hold runs that are in ours too, got {pairs}")
    change = again.loss - np.array([first[pair] for pair in pairs])
    return float(np.sqrt(np.mean(change**2) / 2))


def text() -> Text:
    """Return a sample of the text of the experiment, as `frontier.decoder` takes it.

    Both parts are random windows: of the text for training half a million bytes, of the held-out files as
    many as each look at a training curve takes.

    Examples
    --------
    >>> text().train.shape, text().held_out.shape
    ((8000, 65), (2048, 65))
    """
    with (files("frontier") / "data" / "sweep_text.npz").open("rb") as file, np.load(file) as parts:
        return Text(parts["train"], parts["held_out"])


def envelope(flop: ArrayLike, n_params: ArrayLike, loss: ArrayLike, *, n_points: int = 200) -> Frontier:
    """Trace the lower envelope of training curves (approach 1 of Hoffmann et al.).

    Parameters
    ----------
    flop, n_params, loss : array_like, shape (n,)
        Compute in FLOP, size and loss of end points; those of one size make a curve. All above 0.
    n_points : int
        Budgets, evenly spread over the logarithm of compute, at which the best size is looked up; 2 or more.

    Returns
    -------
    Frontier
        The best size and its loss at each budget that some curve covers.

    Raises
    ------
    ValueError
        If the input is malformed, or no size has two end points.

    Notes
    -----
    Between its end points a curve is interpolated monotonically in the logarithm of compute, beyond them
    it is not followed. As the sizes are few, the best one is a staircase; its slope is what counts [1]_.

    References
    ----------
    .. [1] Hoffmann et al., arXiv:2203.15556 (2022), section 3.1.

    Examples
    --------
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


def lowest(budget: ArrayLike, n_params: ArrayLike, loss: ArrayLike) -> Frontier:
    """Take the run with the least loss at each budget: the frontier with nothing fitted and nothing smoothed.

    Parameters
    ----------
    budget, n_params, loss : array_like, shape (n,)
        Budget in FLOP, size and loss of each run. All above 0.

    Returns
    -------
    Frontier
        One point a budget, by rising budget.

    Raises
    ------
    ValueError
        If the input is malformed.

    Notes
    -----
    Of two runs with the same loss the first counts. Sizes between those tried might do better, so these
    points lie on the true frontier or a little above it.

    Examples
    --------
    >>> lowest([1e12, 1e12, 1e13], [1e5, 2e5, 2e5], [1.46, 1.45, 1.24]).n_params.tolist()
    [200000.0, 200000.0]
    """
    c, n, y = _points(budget=budget, n_params=n_params, loss=loss)
    members = [np.nonzero(c == one)[0] for one in np.unique(c)]
    best = np.array([group[np.argmin(y[group])] for group in members])
    return Frontier(c[best], n[best], y[best])


def excess(best: Frontier, flop: ArrayLike, loss: ArrayLike) -> _Array:
    """How many times the least compute for its loss a run spent, by a measured frontier.

    Parameters
    ----------
    best : Frontier
        From `lowest`, `envelope` or `isoflop_minima`; its loss must fall all the way.
    flop, loss : array_like, shape (n,)
        Compute in FLOP and loss of each run, above 0.

    Returns
    -------
    ndarray, shape (n,)
        1 on the frontier; NaN where the loss lies outside what the frontier covers.

    Raises
    ------
    ValueError
        If the input is malformed, or the frontier does not fall.

    Notes
    -----
    `frontier.scaling.excess_compute` asks a fitted law instead. Between its points the frontier is taken
    for straight, loss against the logarithm of compute.

    Examples
    --------
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


def isoflop_minima(budget: ArrayLike, n_params: ArrayLike, loss: ArrayLike) -> Frontier:
    """Find the lowest point of a parabola through each isoFLOP curve (approach 2 of Hoffmann et al.).

    Parameters
    ----------
    budget, n_params, loss : array_like, shape (n,)
        Budget in FLOP, size and loss of each run; runs of one budget make a curve. All above 0.

    Returns
    -------
    Frontier
        The lowest point at each budget, in the parabola of loss against the logarithm of size. Budgets
        whose runs do not enclose a minimum (fewer than three sizes, or the lowest point outside) are left
        out.

    Raises
    ------
    ValueError
        If the input is malformed.

    References
    ----------
    .. [1] Hoffmann et al., arXiv:2203.15556 (2022), section 3.2.

    Examples
    --------
    On runs made from a published law, the exponent of its best size comes back:

    >>> from frontier.scaling import BESIROGLU_2024 as law
    >>> c, n = np.meshgrid(np.logspace(18, 22, 5), np.linspace(-1, 1, 7), indexing="ij")
    >>> n = law.optimal(c).n_params * 10**n
    >>> minima = isoflop_minima(c.ravel(), n.ravel(), law.isoflop(c, n).ravel())
    >>> f"{power_law(minima.flop, minima.n_params).exponent:.3f}"
    '0.513'
    """
    c, n, y = _points(budget=budget, n_params=n_params, loss=loss)
    found = []
    for one in np.unique(c):
        x, here = np.log(n[c == one]), y[c == one]
        if len(np.unique(x)) < 3:
            continue
        middle = x.mean()
        bend, slope, level = np.polyfit(x - middle, here, 2)
        lowest = -slope / (2 * bend) if bend > 0 else np.inf
        if x.min() < middle + lowest < x.max():
            found.append((one, np.exp(middle + lowest), level + slope * lowest / 2))
    return Frontier(*np.array(found).reshape(-1, 3).T)


def parametric_minima(law: ScalingLaw, flop: ArrayLike, ours: Runs) -> Frontier:
    """Find the best size under a fitted law (approach 3 of Hoffmann et al.), by the compute our models take.

    Parameters
    ----------
    law : ScalingLaw
        From `frontier.fitting`. Its fields may be arrays of shape (m,), one entry a draw.
    flop : array_like, shape (n,)
        Budgets in FLOP, above 0.
    ours : Runs
        The runs that say how many FLOP a model of some size spends on a token.

    Returns
    -------
    Frontier
        `n_params` and `loss` of shape (n,), or (m, n) for a law of arrays.

    Raises
    ------
    ValueError
        If a budget is not positive.

    Notes
    -----
    `ScalingLaw.optimal` takes 6 N D for the compute. Our smallest models spend half as much again on
    attention, so the best size is looked up on a fine grid, with FLOP per token interpolated between sizes
    (beyond them, with the ratio to 6 N of the nearest).

    Examples
    --------
    >>> from frontier.fitting import fit
    >>> ours = runs()
    >>> found = parametric_minima(fit(ours.n_params, ours.n_tokens, ours.loss).law, [1e12], ours)
    >>> bool(ours.n_params.min() < found.n_params[0] < ours.n_params.max())
    True
    """
    (c,) = _points(flop=flop)
    sizes, first = np.unique(ours.n_params, return_index=True)
    ratio = ours.flop[first] / (6 * sizes * ours.n_tokens[first])
    n = np.geomspace(sizes[0] / 30, sizes[-1] * 30, 2000)
    per_token = 6 * n * np.interp(np.log(n), np.log(sizes), ratio)
    columns = {field.name: np.asarray(getattr(law, field.name))[..., None] for field in fields(law)}
    spread = type(law)(**columns)
    losses = [np.asarray(spread.loss(n, budget / per_token)) for budget in c]
    best = np.stack([np.argmin(loss, axis=-1) for loss in losses], axis=-1)
    return Frontier(c, n[best], np.stack([loss.min(axis=-1) for loss in losses], axis=-1))


def power_law(x: ArrayLike, y: ArrayLike) -> PowerLaw:
    """Fit y = scale * x^exponent by least squares on the logarithms.

    Examples
    --------
    >>> law = power_law([1, 10, 100], [2, 20, 200])
    >>> round(law.scale, 6), round(law.exponent, 6)
    (2.0, 1.0)
    """
    a, b = _points(x=x, y=y)
    if len(np.unique(a)) < 2:
        raise ValueError(f"x must hold two different values at least, got {a.tolist()}")
    exponent, log_scale = np.polyfit(np.log(a), np.log(b), 1)
    return PowerLaw(float(np.exp(log_scale)), float(exponent))


def resample(budget: ArrayLike, n_resamples: int = 1000, seed: Any = 0) -> NDArray[np.int64]:
    """Draw runs with replacement within each budget, so that every resample has them all.

    Returns indices of shape (n_resamples, n), as `frontier.fitting.bootstrap` takes them.

    Examples
    --------
    >>> resample([1e18, 1e18, 1e19], n_resamples=2).shape
    (2, 3)
    """
    (c,) = _points(budget=budget)
    count = int(single("n_resamples", whole("n_resamples", n_resamples, 1)))
    rng = generator(seed)
    drawn = np.empty((count, len(c)), dtype=np.int64)
    for one in np.unique(c):
        (members,) = np.nonzero(c == one)
        drawn[:, members] = rng.choice(members, size=(count, len(members)))
    return drawn


def _points(**columns: ArrayLike) -> list[_Array]:
    """Return the columns as arrays, refusing what is not one row of positive numbers each."""
    arrays = {name: positive(name, value) for name, value in columns.items()}
    shapes = {name: array.shape for name, array in arrays.items()}
    if len(set(shapes.values())) > 1 or any(len(shape) != 1 or shape[0] == 0 for shape in shapes.values()):
        raise ValueError(f"columns must be one-dimensional arrays of one length, got {shapes}")
    return list(arrays.values())


@cache
def _read(name: str) -> list[dict[str, str]]:
    with (files("frontier") / "data" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
