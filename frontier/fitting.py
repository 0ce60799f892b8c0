"""Fit the law L = E + A / N^alpha + B / D^beta to runs, and ask how far the fit can be trusted.

The objective is that of Hoffmann et al.: the sum over runs of Huber(predicted - observed log-loss), where the
logarithm of the law is a log-sum-exp of three terms that are linear in ln A, ln B, ln E, alpha and beta. That
makes the exact gradient and Hessian short, and the same for all resamples of a bootstrap: a resample is a
row of weights that say how often each run was drawn. So thousands of fits go down together, as matrices.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from frontier._checks import generator, positive, share, single, whole
from frontier.scaling import ScalingLaw

_Array = NDArray[np.float64]

NAMES = ("E", "A", "B", "alpha", "beta")
POLISHED = 32  # of the 4,500 starts, how many are followed down
_TOGETHER = 16  # of these, how many are sent out together; fixed for the same reason as CHUNK
_FINALISTS = 4  # and how many to the very bottom
CHUNK = 500  # resamples sent out together; a fixed size, so that every executor gives the same digits
BLOCK = 128  # resamples worked on together: their arrays fit in a processor's cache
_MOST_DRAWS = 2**27  # in one bootstrap: some gigabytes
CAP = 0.05  # largest change of a predicted log-loss in one step


@dataclass(frozen=True)
class Fit:
    """A fitted law, the sum of Huber losses it reaches, whether it converged, ln(predicted / observed)."""

    law: ScalingLaw
    objective: float
    converged: bool
    residuals: _Array


@dataclass(frozen=True)
class Bootstrap:
    """Fits to resampled runs: a law of arrays, objectives and convergence, one entry a resample."""

    law: ScalingLaw
    objective: _Array
    converged: NDArray[np.bool_]

    def interval(self, level: float = 0.95) -> dict[str, tuple[float, float]]:
        """Return, for each constant, the ends of the central interval that holds `level` of the resamples."""
        coverage = share("level", level)
        ends = [(1 - coverage) / 2, (1 + coverage) / 2]
        found = {name: np.quantile(getattr(self.law, name), ends) for name in NAMES}
        return {name: (float(low), float(high)) for name, (low, high) in found.items()}


def fit(
    n_params: ArrayLike,
    n_tokens: ArrayLike,
    loss: ArrayLike,
    *,
    delta: float = 1e-3,
    executor: Executor | None = None,
) -> Fit:
    """Fit the law to runs, from the published grid of 4,500 starts.

    Parameters
    ----------
    n_params, n_tokens, loss : array_like, shape (n,)
        Parameters, training tokens and final loss (nats per token) of each run, all positive; five runs
        or more.
    delta : float
        Where Huber's loss turns from a parabola into a line, in log-loss, above 0.
    executor : concurrent.futures.Executor, optional
        Where to run the descents; the result is the same to the last digit.

    Raises
    ------
    ValueError
        If all losses are equal, or the best fit is no law: loss does not fall with size or with data.

    Notes
    -----
    The objective, the grid and delta are those of Hoffmann et al., arXiv:2203.15556 (2022), appendix D.2. All
    starts are screened by their objective and the best few dozen followed down with delta shrinking. The
    objective is not convex, so a better minimum elsewhere cannot be excluded. A warning says so if the runs
    do not determine every constant: one size, one amount of data, or nearly so.

    Examples
    --------
    Runs made from the law of Besiroglu et al. (2024) give its constants back:

    >>> from frontier.scaling import BESIROGLU_2024 as law
    >>> n, d = np.meshgrid(np.logspace(8, 10, 5), np.logspace(9, 11, 5))
    >>> found = fit(n.ravel(), d.ravel(), law.loss(n, d).ravel())
    >>> f"{found.law.A:.2f} {found.law.B:.2f} {found.law.E:.4f}"
    '482.01 2085.43 1.8172'
    """
    runs = _runs(n_params, n_tokens, loss, delta)
    once = np.ones((1, len(runs.log_loss)))
    starts = _grid(runs)
    screened = _by_block(lambda rows: (_value(starts[rows], once, runs)[0],), len(starts))[0]
    best = starts[np.argsort(screened, kind="stable")[:POLISHED]]
    jobs = [(best[k : k + _TOGETHER], once, runs) for k in range(0, len(best), _TOGETHER)]
    theta, objective, _converged = _gather(executor, _polish, jobs)
    finalists = theta[np.argsort(objective, kind="stable")[:_FINALISTS]]
    theta, objective, converged = _descend(finalists, np.repeat(once, len(finalists), axis=0), runs)
    winner = int(np.argmin(objective))
    law = _law(theta[winner], runs)
    _warn_if_undetermined(theta[winner], runs)
    residuals = np.log(law.loss(np.asarray(n_params), np.asarray(n_tokens))) - runs.log_loss
    return Fit(law, float(objective[winner]), bool(converged[winner]), residuals)


def bootstrap(
    n_params: ArrayLike,
    n_tokens: ArrayLike,
    loss: ArrayLike,
    *,
    n_resamples: int = 4000,
    seed: Any = 0,
    indices: ArrayLike | None = None,
    delta: float = 1e-3,
    executor: Executor | None = None,
) -> Bootstrap:
    """Fit the law to resamples of the runs, drawn with replacement.

    Each descent starts from the fit to all runs. The draws say how the constants would vary had other runs of
    the same kind been made. They do not know whether the law is right. It has one entry a resample, so
    ``law.loss(n[:, None], d[:, None])`` is a band.

    Parameters
    ----------
    n_params, n_tokens, loss, delta, executor
        As for `fit`.
    n_resamples : int
        How many resamples, 1 or more.
    seed
        Whatever `numpy.random.default_rng` takes.
    indices : array_like of int, shape (n_resamples, n), optional
        Which runs each resample holds: repeats a resampling made elsewhere; `n_resamples` and `seed` are
        then not used.

    Raises
    ------
    ValueError
        As for `fit`, also if some resamples do not determine a law.

    Examples
    --------
    >>> from frontier.scaling import BESIROGLU_2024 as law
    >>> rng = np.random.default_rng(1)
    >>> n, d = 10 ** rng.uniform(8, 10, 60), 10 ** rng.uniform(9, 11, 60)
    >>> draws = bootstrap(n, d, law.loss(n, d) * np.exp(rng.normal(0, 0.005, 60)), n_resamples=200)
    >>> low, high = draws.interval(0.95)["alpha"]
    >>> low < law.alpha < high
    True
    """
    whole_fit = fit(n_params, n_tokens, loss, delta=delta, executor=executor)
    runs = _runs(n_params, n_tokens, loss, delta)
    weights = _weights(len(runs.log_loss), n_resamples, seed, indices)
    start = _theta(whole_fit.law, runs)
    jobs = [(start, weights[k : k + CHUNK], runs) for k in range(0, len(weights), CHUNK)]
    theta, objective, converged = _gather(executor, _descend_from, jobs)
    return Bootstrap(_law(theta, runs), objective, converged)


class _Runs(NamedTuple):
    """Runs as the descent sees them: centred logarithms, so that scales and exponents come apart."""

    x: _Array  # ln N - mean
    y: _Array  # ln D - mean
    log_loss: _Array
    means: tuple[float, float]
    delta: float


def _runs(n_params: ArrayLike, n_tokens: ArrayLike, loss: ArrayLike, delta: float) -> _Runs:
    given = {"n_params": n_params, "n_tokens": n_tokens, "loss": loss}
    columns = {name: positive(name, value) for name, value in given.items()}
    shapes = {name: column.shape for name, column in columns.items()}
    if len(set(shapes.values())) > 1 or len(shapes["loss"]) != 1:
        raise ValueError(f"runs must be three one-dimensional arrays of one length, got {shapes}")
    log_n, log_d, log_loss = (np.log(column) for column in columns.values())
    if len(log_loss) < len(NAMES):
        raise ValueError(f"runs must be at least {len(NAMES)}, one for each constant, got {len(log_loss)}")
    if np.ptp(log_loss) == 0:
        raise ValueError(f"loss must vary between runs, got {columns['loss'][0]:g} for all")
    means = float(np.mean(log_n)), float(np.mean(log_d))
    width = float(single("delta", positive("delta", delta)))
    return _Runs(log_n - means[0], log_d - means[1], log_loss, means, width)


def _grid(runs: _Runs) -> _Array:
    """Return the 4,500 starts of Hoffmann et al., in centred coordinates (a, b, e, alpha, beta)."""
    scale, exponent = np.arange(0, 26, 5.0), np.arange(0, 2.1, 0.5)
    a, b, e, alpha, beta = np.array(
        list(itertools.product(scale, scale, np.arange(-1, 1.1, 0.5), exponent, exponent))
    ).T
    return np.stack([a - alpha * runs.means[0], b - beta * runs.means[1], e, alpha, beta], axis=1)


def _theta(law: ScalingLaw, runs: _Runs) -> _Array:
    a, b = np.log(law.A) - law.alpha * runs.means[0], np.log(law.B) - law.beta * runs.means[1]
    return np.array([[a, b, np.log(law.E), law.alpha, law.beta]], dtype=float)


def _law(theta: _Array, runs: _Runs) -> ScalingLaw:
    a, b, e, alpha, beta = np.moveaxis(theta, -1, 0)
    bad = int(np.sum((alpha <= 0) | (beta <= 0)))
    if bad:
        raise ValueError(
            f"runs must determine a law in which loss falls with size and data, got exponents that are not "
            f"positive in {bad} of {np.size(alpha)} fits"
        )
    scale_n, scale_d = np.exp(a + alpha * runs.means[0]), np.exp(b + beta * runs.means[1])
    return ScalingLaw(np.exp(e), scale_n, scale_d, alpha, beta)


def _weights(n_runs: int, n_resamples: int, seed: Any, indices: ArrayLike | None) -> _Array:
    """Return how often each run is in each resample, shape (n_resamples, n_runs)."""
    if indices is None:
        count = single("n_resamples", whole("n_resamples", n_resamples, 1))
        if count * n_runs > _MOST_DRAWS:
            got = f"{count} resamples of {n_runs} runs"
            raise ValueError(f"n_resamples must make at most {_MOST_DRAWS} draws, got {got}")
        chosen = generator(seed).integers(n_runs, size=(count, n_runs))
    else:
        chosen = whole("indices", indices)
        if chosen.ndim != 2 or chosen.shape[1] != n_runs or chosen.shape[0] == 0:
            raise ValueError(f"indices must have shape (n_resamples, {n_runs}), got {chosen.shape}")
        if chosen.max() >= n_runs:
            raise ValueError(f"indices must be below the number of runs {n_runs}, got {chosen.max()}")
    rows = np.arange(len(chosen))[:, None] * n_runs
    counts = np.bincount((chosen + rows).ravel(), minlength=len(chosen) * n_runs)
    return counts.reshape(len(chosen), n_runs).astype(float)


def _value(
    theta: _Array, weights: _Array, runs: _Runs
) -> tuple[_Array, _Array, _Array, tuple[_Array, _Array, _Array]]:
    """Return the objective of each row of `theta`, residuals, psi, and what the p_k are made of."""
    x, y, log_loss, _means, delta = runs
    a, b, e, alpha, beta = (theta[:, k, None] for k in range(5))
    p1, p2 = np.exp(a - alpha * x - e), np.exp(b - beta * y - e)
    total = 1 + p1 + p2
    residual = np.log(total) + e - log_loss
    psi = np.clip(residual, -delta, delta)
    return np.sum(weights * psi * (residual - psi / 2), axis=1), residual, psi, (p1, p2, total)


def _objective(
    theta: _Array, weights: _Array, runs: _Runs, exact: bool = True
) -> tuple[_Array, _Array, _Array]:
    """Return the objective, its gradient and its Hessian, one row for each row of `theta`.

    With z_k the three terms, p_k = exp(z_k) / sum exp(z) and u_k the gradient of z_k, the predicted log-loss
    has gradient sum p_k u_k and Hessian sum p_k u_k u_k' - (sum p_k u_k)(sum p_k u_k)'. Huber's loss adds its
    slope psi and its curvature, 1 inside delta and 0 outside. Sums over runs are products with powers of x.
    Without `exact` the Hessian leaves out the second derivatives (Gauss and Newton): then it has no negative
    direction, which is what a descent from far away needs.
    """
    x, y = runs.x, runs.y
    value, residual, psi, (p1, p2, total) = _value(theta, weights, runs)
    slope = weights * psi
    second = float(exact)
    curve = np.where(psi == residual, weights, 0.0) - second * slope
    p1, p2, p3 = p1 / total, p2 / total, 1 / total
    one = np.ones_like(x)
    powers_x, powers_y = np.stack([one, x, x * x], axis=1), np.stack([one, y, y * y], axis=1)

    by_x, by_y = (slope * p1) @ powers_x, (slope * p2) @ powers_y
    by_e = np.sum(slope * p3, axis=1)
    gradient = np.stack([by_x[:, 0], by_y[:, 0], by_e, -by_x[:, 1], -by_y[:, 1]], axis=1)

    xx = (curve * p1 * p1) @ powers_x + second * by_x
    yy = (curve * p2 * p2) @ powers_y + second * by_y
    xy = (curve * p1 * p2) @ np.stack([one, x, y, x * y], axis=1)
    xe, ye = (curve * p1 * p3) @ powers_x[:, :2], (curve * p2 * p3) @ powers_y[:, :2]
    ee = np.sum(curve * p3 * p3, axis=1) + second * by_e
    upper = [
        (0, 0, xx[:, 0]), (0, 1, xy[:, 0]), (0, 2, xe[:, 0]), (0, 3, -xx[:, 1]), (0, 4, -xy[:, 2]),
        (1, 1, yy[:, 0]), (1, 2, ye[:, 0]), (1, 3, -xy[:, 1]), (1, 4, -yy[:, 1]),
        (2, 2, ee), (2, 3, -xe[:, 1]), (2, 4, -ye[:, 1]),
        (3, 3, xx[:, 2]), (3, 4, xy[:, 3]),
        (4, 4, yy[:, 2]),
    ]  # fmt: skip
    hessian = np.empty((len(theta), 5, 5))
    for i, j, entry in upper:
        hessian[:, i, j] = hessian[:, j, i] = entry
    return value, gradient, hessian


def _by_block(evaluate: Any, n_rows: int) -> list[_Array]:
    """Evaluate block after block of rows and join what comes back."""
    parts = [evaluate(slice(k, k + BLOCK)) for k in range(0, n_rows, BLOCK)]
    return [np.concatenate(column) for column in zip(*parts, strict=True)]


def _descend(
    theta: _Array, weights: _Array, runs: _Runs, *, cap: float = CAP, n_steps: int = 200, exact: bool = True
) -> tuple[_Array, _Array, NDArray[np.bool_]]:
    """Follow every row of `theta` down by damped Newton steps.

    Returns where each row ends, its objective, and whether it converged.

    A step is shortened so that no predicted log-loss changes by more than `cap`. One that leads up is taken
    back and damped more. A row is done when a step promises less than 1e-9 of the objective: Newton's next
    one would promise the square of that.
    """
    theta, n_rows = theta.copy(), len(theta)
    objective, converged = np.empty(n_rows), np.zeros(n_rows, dtype=bool)
    reach = np.array([1, 1, 1, np.max(np.abs(runs.x)), np.max(np.abs(runs.y))])
    diagonal = np.arange(5)
    live, damping = np.arange(n_rows), np.full(n_rows, 1e-3)
    value, gradient, hessian = _by_block(
        lambda rows: _objective(theta[rows], weights[rows], runs, exact), n_rows
    )
    objective[:] = value
    for _step in range(n_steps):
        size = np.abs(hessian[:, diagonal, diagonal])
        damped = hessian.copy()
        floor = 1e-13 * size.max(1, keepdims=True) + 1e-300  # so that it can be solved whatever the runs
        damped[:, diagonal, diagonal] += damping[:, None] * size + floor
        step = -np.linalg.solve(damped, gradient[:, :, None])[:, :, 0]
        promised = -np.sum(step * gradient, axis=1)
        moves = np.abs(step) * reach
        largest = np.max([moves[:, 0] + moves[:, 3], moves[:, 1] + moves[:, 4], moves[:, 2]], axis=0)
        step *= np.where(promised > 0, np.minimum(1, cap / np.maximum(largest, 1e-300)), 0)[:, None]
        trial = theta[live] + step
        new = _by_block(lambda rows: _objective(trial[rows], weights[live[rows]], runs, exact), len(live))  # noqa: B023
        better = new[0] < value
        theta[live[better]] = trial[better]
        for old, fresh in zip((value, gradient, hessian), new, strict=True):
            old[better] = fresh[better]
        objective[live] = value
        done = (promised > 0) & (promised <= 1e-9 * value) | (value <= 1e-30)
        converged[live[done]] = True
        damping = np.where(better, damping / 10, np.maximum(8 * damping, 1e-3))
        going = ~done & (damping < 1e12)
        if not np.any(going):
            break
        live, damping = live[going], damping[going]
        value, gradient, hessian = value[going], gradient[going], hessian[going]
    return theta, objective, converged


def _polish(starts: _Array, once: _Array, runs: _Runs) -> tuple[_Array, _Array, NDArray[np.bool_]]:
    """Follow distant starts down: a wide parabola and long steps first, the asked-for delta last."""
    weights = np.repeat(once, len(starts), axis=0)
    theta = starts
    for delta, cap in ((0.3, 1.0), (0.03, 0.3)):
        if delta > runs.delta:
            theta = _descend(theta, weights, runs._replace(delta=delta), cap=cap, n_steps=30, exact=False)[0]
    return _descend(theta, weights, runs, n_steps=40)


def _descend_from(start: _Array, weights: _Array, runs: _Runs) -> tuple[_Array, _Array, NDArray[np.bool_]]:
    return _descend(np.repeat(start, len(weights), axis=0), weights, runs)


def _gather(executor: Executor | None, work: Any, jobs: Iterable[tuple[Any, ...]]) -> list[Any]:
    """Do the jobs here or where the executor says, and join their results in order."""
    if executor is not None and not isinstance(executor, Executor):
        raise TypeError(f"executor must be a concurrent.futures.Executor, got {executor!r}")
    columns = zip(*jobs, strict=True)
    results = map(work, *columns) if executor is None else executor.map(work, *columns)
    return [np.concatenate(parts) for parts in zip(*results, strict=True)]


def _warn_if_undetermined(theta: _Array, runs: _Runs) -> None:
    """Warn if some direction in the space of constants hardly changes any prediction."""
    a, b, e, alpha, beta = theta
    terms = np.stack([a - alpha * runs.x, b - beta * runs.y, np.full_like(runs.x, e)])
    p1, p2, p3 = np.exp(terms - np.logaddexp.reduce(terms))
    jacobian = np.stack([p1, p2, p3, -p1 * runs.x, -p2 * runs.y], axis=1)
    scale = np.maximum(np.linalg.norm(jacobian, axis=0), 1e-300)
    _u, singular, directions = np.linalg.svd(jacobian / scale)
    if singular[-1] > 1e-4 * singular[0]:
        return
    order = ("A", "B", "E", "alpha", "beta")
    loose = [name for name, part in zip(order, np.abs(directions[-1]), strict=True) if part > 0.3]
    sizes, amounts = len(np.unique(runs.x)), len(np.unique(runs.y))
    warnings.warn(
        f"these runs do not determine {', '.join(loose)}: they have {sizes} different sizes and {amounts} "
        "different amounts of data; predictions near the runs may still be good, the constants are not",
        UserWarning,
        stacklevel=3,
    )
