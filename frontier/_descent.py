"""Follow fits of L = E + sum of A_j / X_j^alpha_j down to where no step helps, thousands of them together.

The objective is that of Hoffmann et al., Huber's loss of ln(predicted / observed). A row of `theta` holds the
ln A_j, the alpha_j and E, in centred coordinates; a row of weights says how much each run counts, so that a
resample of a bootstrap is a row like any other.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

BLOCK = 2**15  # numbers in an array that is worked on at once: it fits in a processor's cache
FAINTEST = -40.0  # ln A_j against the loss, in the middle of the runs: below, a term is as good as absent
STEEPEST = 60.0  # alpha_j times the spread of ln X_j: above, a term is there for the smallest X_j alone
LARGEST = 690.0  # ln A_j that a float can hold once the coordinates are no longer centred


class Runs(NamedTuple):
    """Runs as the descent sees them: logarithms less their means, so that scales and exponents come apart."""

    x: Array  # ln X_j, shape (terms, n)
    log_loss: Array
    means: Array  # what was taken away, of each ln X_j
    mean_loss: float  # and of the log-losses
    delta: float  # where Huber's loss turns from a parabola into a line
    above: float  # what a run above the law counts, where one below counts 1

    @property
    def steepest(self) -> Array:
        """Largest exponents that still say something, and give an A that a float can hold."""
        spread = np.maximum(np.ptp(self.x, axis=1), 1e-6)
        return np.asarray(np.minimum(STEEPEST / spread, LARGEST / np.maximum(np.abs(self.means), 1)))


class End(NamedTuple):
    """Where descents end: theta, the objective there, and whether no step promises anything any more."""

    theta: Array
    objective: Array
    converged: Flags


def value(theta: Array, weights: Array, runs: Runs) -> tuple[Array, ...]:
    """Return the objective of each row, residuals, weights, Huber's slopes, the terms and the prediction."""
    terms = len(runs.x)
    p = np.exp(theta[:, :terms, None] - theta[:, terms:-1, None] * runs.x)
    total = p.sum(axis=1) + theta[:, -1:]
    residual = np.log(total) - runs.log_loss
    psi = np.clip(residual, -runs.delta, runs.delta)
    counted = weights if runs.above == 1 else weights * np.where(residual < 0, runs.above, 1)
    return np.sum(counted * psi * (residual - psi / 2), axis=1), residual, counted, psi, p, total


def derivatives(theta: Array, weights: Array, runs: Runs, exact: bool = True) -> tuple[Array, Array, Array]:
    """Return the objective, its gradient and its Hessian, one row for each row of `theta`.

    The gradient u of ln(total) holds the shares q_j of the terms, -q_j x_j and 1 / total; its Hessian is -uu'
    and what the terms themselves bend. Huber's loss adds its slope and its curvature, 1 inside delta and 0
    outside. Sums over runs are products with powers of x. Without `exact` the second derivatives are left out
    (Gauss and Newton): then no direction is negative, which is what a descent from far away needs.
    """
    terms, n = len(runs.x), theta.shape[1]
    objective, residual, counted, psi, p, total = value(theta, weights, runs)
    slope = counted * psi
    curve = np.where(psi == residual, counted, 0.0) - (slope if exact else 0.0)
    q, rest = p / total[:, None], 1 / total
    gradient, hessian = np.empty((len(theta), n)), np.empty((len(theta), n, n))
    gradient[:, -1] = np.sum(slope * rest, axis=1)
    hessian[:, -1, -1] = np.sum(curve * rest * rest, axis=1)
    for j, x in enumerate(runs.x):
        bend = (slope * q[:, j]) @ np.stack([np.ones_like(x), -x, x * x], axis=1)
        gradient[:, j], gradient[:, terms + j] = bend[:, 0], bend[:, 1]
        cross = (curve * q[:, j] * rest) @ np.stack([np.ones_like(x), -x], axis=1)
        hessian[:, [j, terms + j], -1] = hessian[:, -1, [j, terms + j]] = cross
        for k in range(j, terms):
            y = runs.x[k]
            block = (curve * q[:, j] * q[:, k]) @ np.stack([np.ones_like(x), -x, -y, x * y], axis=1)
            if k == j and exact:
                block += bend[:, [0, 1, 1, 2]]
            rows, columns = [j, terms + j, j, terms + j], [k, k, terms + k, terms + k]
            hessian[:, rows, columns] = hessian[:, columns, rows] = block
    return objective, gradient, hessian


def joined(terms: int) -> Array:
    """Return the matrix that makes one exponent those of all terms, from coordinates with a single one."""
    join = np.delete(np.eye(2 * terms + 1), range(terms + 1, 2 * terms), axis=1)
    join[terms:-1, terms] = 1
    return join


def descend(
    theta: Array,
    weights: Array,
    runs: Runs,
    *,
    floor: float | None = None,
    tied: bool = False,
    cap: float = 0.05,
    n_steps: int = 1000,
    exact: bool = True,
) -> End:
    """Follow every row of `theta` down by damped Newton steps, with E at `floor` if given, else E >= 0.

    A step is shortened so that no predicted log-loss changes by much more than `cap`. One that leads up is
    taken back and damped more. A row is done when a step promises less than 1e-9 of the objective: Newton's
    next one would promise the square of that. One that would take E below 0 stops at the edge, with level and
    slopes as the step wants them, and goes on along the edge; it leaves the edge if E wants to rise where it
    is done otherwise.
    """
    theta, terms = theta.copy(), len(runs.x)
    if floor is not None:
        theta[:, -1] = floor
    lowest = floor or 0.0
    edge = theta[:, -1] <= lowest
    converged = np.zeros(len(theta), dtype=bool)
    live, damping = np.arange(len(theta)), np.full(len(theta), 1e-3)
    now = _evaluate(theta, weights, runs, exact)
    objective = now[0].copy()
    for _step in range(n_steps):
        here, at_edge = theta[live], edge[live]
        gradient, hessian = _straightened(here, at_edge, now[1], now[2], exact)
        stuck = _stuck(here, at_edge, gradient, runs)
        step, promised = _newton(gradient, hessian, damping, stuck, terms if tied else 0)
        step *= np.where(promised > 0, np.minimum(1, cap / _change(here, at_edge, step, runs)), 0)[:, None]
        trial, lands = _moved(here, at_edge, step, lowest, runs)
        new = _evaluate(trial, weights[live], runs, exact)
        better = new[0] < now[0]
        theta[live[better]] = trial[better]
        edge[live[better & lands]] = True
        done = (promised >= 0) & (promised <= 1e-9 * now[0]) | (now[0] <= 1e-30)
        if floor is None:
            rises = -now[1][:, -1] * np.exp(here[:, :terms]).sum(axis=1) > 1e-6 * now[0]
            leaves = done & at_edge & rises & (now[0] > 1e-30)
            edge[live[leaves]] = False
            damping[leaves], done[leaves] = 1e-2, False
        for old, fresh in zip(now, new, strict=True):
            old[better] = fresh[better]
        objective[live] = now[0]
        converged[live[done]] = True
        damping = np.where(better, damping / 10, np.maximum(8 * damping, 1e-3))
        going = ~done & (damping < 1e12)
        if not np.any(going):
            break
        live, damping = live[going], damping[going]
        now = now[0][going], now[1][going], now[2][going]
    return End(theta, objective, converged)


def _evaluate(theta: Array, weights: Array, runs: Runs, exact: bool) -> tuple[Array, Array, Array]:
    """Evaluate block after block of rows; what overflows far away is no better than anything."""
    size = max(1, BLOCK // len(runs.log_loss))
    with np.errstate(all="ignore"):
        parts = [
            derivatives(theta[k : k + size], weights[k : k + size], runs, exact)
            for k in range(0, len(theta), size)
        ]
    objective, gradient, hessian = (np.concatenate(column) for column in zip(*parts, strict=True))
    return objective, gradient, hessian


def _straightened(
    theta: Array, edge: Flags, gradient: Array, hessian: Array, exact: bool
) -> tuple[Array, Array]:
    """Turn derivatives by (ln A_j, alpha_j, E) into those by (ln A_j alpha_j, alpha_j, E + sum A_j).

    Runs tell the level of the loss in their middle, its slopes there, and how these bend. E, A and alpha they
    tell only together, along a narrow bent valley where Newton's steps are short; in these coordinates it is
    straight. On the edge of E there is no such valley, and rows there stay as they are.
    """
    terms, n = (theta.shape[1] - 1) // 2, theta.shape[1]
    j, at = np.arange(terms), slice(terms, -1)
    A, alpha = np.exp(theta[:, :terms]) * ~edge[:, None], theta[:, at]
    change = np.zeros((len(theta), n, n)) + np.eye(n)
    change[:, j, terms + j] = np.where(edge[:, None], 0, -1 / alpha)
    change[:, -1, :terms], change[:, -1, at] = -A, A / alpha
    turned = np.swapaxes(change, 1, 2) @ hessian @ change
    if exact:
        slope, level = gradient[:, :terms] * ~edge[:, None], gradient[:, -1:]
        turned[:, j, j] -= level * A
        turned[:, terms + j, terms + j] += (slope - 2 * level * A) / alpha**2
        turned[:, j, terms + j] += level * A / alpha
        turned[:, terms + j, j] += level * A / alpha
    return np.asarray((gradient[:, None] @ change)[:, 0]), np.asarray(turned)


def _stuck(theta: Array, edge: Flags, gradient: Array, runs: Runs) -> Flags:
    """Return which coordinates are at a bound and pressed against it."""
    terms = len(runs.x)
    stuck = np.zeros(theta.shape, dtype=bool)
    stuck[:, :terms] = (theta[:, :terms] <= FAINTEST) & (gradient[:, :terms] > 0)
    stuck[:, terms:-1] = (theta[:, terms:-1] >= runs.steepest) & (gradient[:, terms:-1] < 0)
    stuck[:, -1] = edge
    return stuck


def _newton(gradient: Array, hessian: Array, damping: Array, stuck: Flags, tied: int) -> tuple[Array, Array]:
    """Solve for the steps, and say what they promise; with `tied` terms their exponents are one."""
    if tied:
        join = joined(tied)
        gradient, hessian = gradient @ join, join.T @ hessian @ join
        stuck = np.stack([np.any(stuck[:, column > 0], axis=1) for column in join.T], axis=1)
    diagonal = np.arange(gradient.shape[1])
    loose = ~stuck
    gradient = np.where(stuck, 0, gradient)
    hessian = np.where(loose[:, :, None] & loose[:, None], hessian, 0)
    size = np.abs(hessian[:, diagonal, diagonal])
    least = 1e-13 * size.max(axis=1, keepdims=True) + 1e-300  # so that it can be solved whatever the runs
    hessian[:, diagonal, diagonal] += damping[:, None] * size + least + stuck
    step = -np.linalg.solve(hessian, gradient[:, :, None])[:, :, 0]
    promised = -np.sum(step * gradient, axis=1)
    return np.asarray(step @ join.T if tied else step), np.asarray(promised)


def _change(theta: Array, edge: Flags, step: Array, runs: Runs) -> Array:
    """Return how far a step moves predicted log-losses, about, by what it does to level, slopes and bends."""
    terms = len(runs.x)
    A, alpha, reach = np.exp(theta[:, :terms]), theta[:, terms:-1], np.max(np.abs(runs.x), axis=1)
    level = A.sum(axis=1) + theta[:, -1]
    share = A / level[:, None]
    lever = np.where(edge[:, None], 1, np.minimum(alpha * reach, 1))
    bend = lever * reach * np.where(edge[:, None], 1, 0.5)
    moved = share * (lever * np.abs(step[:, :terms]) + bend * np.abs(step[:, terms:-1]))
    return np.asarray(np.maximum(moved.sum(axis=1) + np.abs(step[:, -1]) / level, 1e-300))


def _moved(theta: Array, edge: Flags, step: Array, lowest: float, runs: Runs) -> tuple[Array, Flags]:
    """Return where a step leads, and which rows it brings to the edge of E."""
    terms = len(runs.x)
    scale, alpha, E = theta[:, :terms], theta[:, terms:-1], theta[:, -1]
    steep = np.clip(alpha + step[:, terms:-1], alpha / 2, np.minimum(2 * alpha + 1e-3, runs.steepest))
    with np.errstate(all="ignore"):
        loud = scale + step[:, :terms] - np.where(edge[:, None], 0, np.log(steep / alpha))
        level = np.exp(scale).sum(axis=1) + E + step[:, -1]
        left = np.where(edge, E, level - np.exp(loud).sum(axis=1))
        lands = ~edge & (left <= lowest)
        # All exponents larger by one factor: the terms shrink and make up the level, with the same slopes.
        factor = np.where(lands, np.exp(loud).sum(axis=1) / np.maximum(level - lowest, 1e-300), 1)[:, None]
    loud = np.maximum(loud - np.log(factor), FAINTEST)
    steep = np.minimum(steep * factor, runs.steepest)
    return np.concatenate([loud, steep, np.where(lands, lowest, left)[:, None]], axis=1), lands
