"""What a fitted law foretells of runs to come, and how well it would have foretold those that were made."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from frontier._checks import all_positive, generator, positive, share, single
from frontier.fitting import Bootstrap, Fit, bootstrap
from frontier.scaling import ScalingLaw, training_flop
from frontier.show.table import Table
from frontier.show.words import scientific

_Array = NDArray[np.float64]


class Forecast(NamedTuple):
    """Losses foretold, in nats per token, with the ends of the interval that should hold what is measured."""

    loss: _Array
    low: _Array
    high: _Array


def predict(
    draws: Bootstrap,
    n_params: ArrayLike,
    n_tokens: ArrayLike,
    *,
    level: float = 0.9,
    seed: Any = 0,
) -> Forecast:
    """Foretell the losses of runs, with intervals for the measured loss and not for the law alone.

    Two things spread: the law, as its refits do, and the run around the law, as the runs that were fitted do.
    Each draw is a refit and a residual of the fit, drawn anew and widened for the constants that were fitted.
    The interval believes in the form of the law: far beyond the runs that is the larger doubt, and no draw
    knows it.

    Parameters
    ----------
    draws : Bootstrap
        From `frontier.fitting.bootstrap`.
    n_params, n_tokens : array_like, shape (k,)
        Parameters and training tokens of the runs to come, above 0. They broadcast.
    level : float
        Share of measured losses that the interval should hold, between 0 and 1.
    seed
        Whatever `numpy.random.default_rng` takes.

    Examples
    --------
    >>> from frontier.sweep import runs
    >>> ours = runs()
    >>> columns = ours.n_params, ours.n_tokens, ours.loss
    >>> said = predict(bootstrap(*columns, n_resamples=200), 454_656, 9_924_416)
    >>> f"{said.loss:.2f} ({said.low:.2f} to {said.high:.2f}), measured {runs('prediction').loss[0]:.2f}"
    '1.18 (1.17 to 1.23), measured 1.16'
    """
    found = draws.found
    if not isinstance(found.law, ScalingLaw) or not isinstance(draws.law, ScalingLaw):
        raise TypeError(f"draws must be of a ScalingLaw, got {draws.law!r}")
    n, d = np.broadcast_arrays(*all_positive(n_params=n_params, n_tokens=n_tokens).values())
    coverage, rng = share("level", level), generator(seed)
    refits = np.asarray(draws.law.loss(n[..., None], d[..., None]))
    free = len(found.residuals) - found.n_constants
    if free < 1:
        raise ValueError(
            f"draws must be of more runs than their {found.n_constants} constants, got {len(found.residuals)}"
        )
    wider = np.sqrt(len(found.residuals) / free)
    missed = rng.choice(found.residuals, size=refits.shape) * wider
    ends = [(1 - coverage) / 2, (1 + coverage) / 2]
    low, high = np.quantile(refits * np.exp(-missed), ends, axis=-1)
    return Forecast(np.asarray(found.law.loss(n, d)), low, high)


class Backtest(NamedTuple):
    """Runs that a fit had not seen, and what it foretold. Shows itself as a table."""

    n_params: _Array
    n_tokens: _Array
    loss: _Array
    forecast: Forecast
    found: Fit

    @property
    def miss(self) -> _Array:
        """Foretold over measured loss, less 1."""
        return self.forecast.loss / self.loss - 1

    @property
    def held(self) -> float:
        """Share of the runs whose loss lies within its interval."""
        return float(np.mean((self.forecast.low <= self.loss) & (self.loss <= self.forecast.high)))

    def table(self) -> Table[dict[str, str]]:
        """Return a row for each run."""
        rows = zip(self.n_params, self.n_tokens, self.loss, *self.forecast, self.miss, strict=True)
        words = [
            {
                "parameters": scientific(n),
                "tokens": scientific(d),
                "measured": f"{loss:.3f}",
                "foretold": f"{said:.3f} ({low:.3f} to {high:.3f})",
                "miss": f"{miss:+.1%}",
            }
            for n, d, loss, said, low, high, miss in rows
        ]
        return Table(words, caption="Runs that the fit had not seen")

    def __repr__(self) -> str:
        """Write the table."""
        return repr(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def backtest(
    n_params: ArrayLike,
    n_tokens: ArrayLike,
    loss: ArrayLike,
    *,
    below: float,
    flop: ArrayLike | None = None,
    level: float = 0.9,
    n_resamples: int = 1000,
    seed: Any = 0,
    **options: Any,
) -> Backtest:
    """Fit the runs below a budget and foretell those above it: what the law would have been worth.

    Parameters
    ----------
    n_params, n_tokens, loss : array_like, shape (n,)
        Parameters, training tokens and final loss (nats per token) of each run, above 0.
    below : float
        The budget in FLOP, above 0: runs that took less are fitted, the others foretold.
    flop : array_like, shape (n,), optional
        Compute of each run where it is not 6 N D.
    level, n_resamples, seed
        As for `predict` and `frontier.fitting.bootstrap`.
    **options
        Those of `frontier.fitting.fit`.

    Examples
    --------
    Our own sweep, its last two budgets foretold from the seven before:

    >>> from frontier.sweep import runs
    >>> ours = runs()
    >>> columns = ours.n_params, ours.n_tokens, ours.loss
    >>> test = backtest(*columns, below=5e12, flop=ours.budget, n_resamples=200)
    >>> len(test.loss), f"{np.abs(test.miss).max():.1%}"
    (14, '1.0%')
    """
    n, d, y = all_positive(n_params=n_params, n_tokens=n_tokens, loss=loss).values()
    spent = np.asarray(training_flop(n, d)) if flop is None else positive("flop", flop)
    limit = float(single("below", positive("below", below)))
    if spent.shape != y.shape or y.ndim != 1:
        raise ValueError(
            f"runs must be one-dimensional arrays of one length, got {y.shape} and flop {spent.shape}"
        )
    seen = spent < limit
    if np.all(seen):
        raise ValueError(f"below must leave runs to foretell, got {limit:g} and no run above it")
    columns = n[seen], d[seen], y[seen]
    draws = bootstrap(*columns, n_resamples=n_resamples, seed=seed, **options)
    said = predict(draws, n[~seen], d[~seen], level=level, seed=seed)
    return Backtest(n[~seen], d[~seen], y[~seen], said, draws.found)
