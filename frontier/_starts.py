"""Where fits of L = E + sum of A_j / X_j^alpha_j start: all over the exponents, with the best E and A."""

from __future__ import annotations

import itertools

import numpy as np

from frontier._descent import FAINTEST, Array, End, Runs, descend, value

EXPONENTS = 256  # combinations looked at
FOLLOWED = 32  # how many of them are followed down
FINALISTS = 8  # and how many of these to the very bottom
FLATTEST, STEEP = 0.1, 30.0  # exponents looked at, times the spread of ln X
REWEIGHTINGS = 8
ENOUGH = 4096  # runs: with more, what is followed is chosen with a sample of
SAMPLE = 2048


def lowest(weights: Array, runs: Runs, floor: float | None, tied: bool) -> End:
    """Return the minima found, the deepest first; each is there once."""
    some = runs
    share = weights
    if runs.x.shape[1] > ENOUGH:
        picked = np.random.default_rng(0).choice(runs.x.shape[1], SAMPLE, replace=False)
        some, share = runs._replace(x=runs.x[:, picked], log_loss=runs.log_loss[picked]), weights[picked]
    theta, shape = _candidates(share, some, floor, tied)
    objective = value(theta, share[None], some)[0]
    theta = theta[_low_spots(objective, shape)]
    residual = value(theta[:1], share[None], some)[1]
    width = min(0.3, 3 * float(np.median(np.abs(residual))))
    rows = np.broadcast_to(share, (len(theta), len(share)))
    while width > 3 * some.delta:  # a wide parabola and long steps first, the asked-for delta last
        wider = some._replace(delta=width)
        theta = descend(
            theta, rows, wider, cap=max(0.1, width), n_steps=30, exact=False, floor=floor, tied=tied
        ).theta
        width /= 5
    end = descend(theta, rows, some, n_steps=60, floor=floor, tied=tied)
    theta = end.theta[np.argsort(end.objective, kind="stable")[:FINALISTS]]
    rows = np.broadcast_to(weights, (len(theta), len(weights)))
    return _distinct(descend(theta, rows, runs, floor=floor, tied=tied))


def _candidates(weights: Array, runs: Runs, floor: float | None, tied: bool) -> tuple[Array, tuple[int, ...]]:
    """Return the best E and A at each point of a grid of exponents, and the shape of the grid.

    Given the exponents the law is linear. Least squares of predicted / observed - 1, no constant below 0, are
    weighted anew a few times by the residuals, so that runs that lie far off do not decide.
    """
    terms = len(runs.x)
    spread = np.maximum(np.ptp(runs.x, axis=1), 1e-6)
    free = 1 if tied else terms
    each = round(EXPONENTS ** (1 / free))
    grids = [np.geomspace(FLATTEST / s, STEEP / s, each) for s in spread]
    if tied:
        grids = [np.geomspace(FLATTEST / spread.max(), STEEP / spread.min(), each)]
    exponents = np.array(list(itertools.product(*grids))) * np.ones(terms)
    exponents = np.minimum(exponents, runs.steepest)
    first = runs.x.min(axis=1)
    observed = np.exp(runs.log_loss)
    features = np.empty((len(exponents), terms + (floor is None), len(observed)))
    features[:, :terms] = np.exp(-exponents[:, :, None] * (runs.x - first[:, None])) / observed
    features[:, terms:] = 1 / observed
    target = 1 - (floor or 0.0) / observed
    counted = np.broadcast_to(weights, (len(exponents), len(observed)))
    for _round in range(REWEIGHTINGS):
        found = _nonnegative(features, target, counted)
        miss = np.abs((found[:, None] @ features)[:, 0] - target)
        usual = np.maximum(np.median(miss, axis=1, keepdims=True), min(runs.delta, 0.3))
        counted = weights * np.minimum(1, usual / np.maximum(miss, 1e-300))
    scales = np.log(np.maximum(found[:, :terms], 1e-9)) + exponents * first
    theta = np.concatenate([np.maximum(scales, FAINTEST), exponents, np.zeros((len(found), 1))], axis=1)
    theta[:, -1] = found[:, -1] if floor is None else floor
    return theta, (each,) * free


def _nonnegative(features: Array, target: Array, weights: Array) -> Array:
    """Solve least squares with no coefficient below 0, a problem a row: the best of all subsets."""
    moments = (features * weights[:, None]) @ np.swapaxes(features, 1, 2)
    against = (features * weights[:, None]) @ target
    n = features.shape[1]
    best, found = np.full(len(features), np.inf), np.zeros((len(features), n))
    for columns in itertools.chain(*(itertools.combinations(range(n), k) for k in range(1, n + 1))):
        pick = list(columns)
        matrix = moments[:, pick][:, :, pick]
        ridge = 1e-12 * np.trace(matrix, axis1=1, axis2=2)[:, None, None] * np.eye(len(pick)) + 1e-300
        solved = np.linalg.solve(matrix + ridge, against[:, pick, None])[:, :, 0]
        cost = np.where(np.all(solved >= 0, axis=1), -np.sum(solved * against[:, pick], axis=1), np.inf)
        wins = cost < best
        best[wins], found[wins] = cost[wins], 0
        found[np.nonzero(wins)[0][:, None], pick] = solved[wins]
    return found


def _low_spots(objective: Array, shape: tuple[int, ...]) -> Array:
    """Return which points of a grid to follow: those below all their neighbours, then the lowest others."""
    grid = objective.reshape(shape)
    padded = np.pad(grid, 1, constant_values=np.inf)
    low = np.ones(shape, dtype=bool)
    for offset in itertools.product((0, 1, 2), repeat=len(shape)):
        low &= grid <= padded[tuple(slice(k, k + size) for k, size in zip(offset, shape, strict=True))]
    order = np.argsort(objective, kind="stable")
    spots = order[low.ravel()[order]][: FOLLOWED // 2]
    others = order[~np.isin(order, spots)]
    return np.concatenate([spots, others[: FOLLOWED - len(spots)]])


def _distinct(end: End) -> End:
    """Sort ends by their objective and leave out those that are at the same place as a deeper one."""
    order = np.argsort(end.objective, kind="stable")
    kept: list[int] = []
    for row in order:
        near = [np.allclose(end.theta[row], end.theta[one], rtol=1e-3, atol=1e-4) for one in kept]
        if not any(near):
            kept.append(int(row))
    return End(end.theta[kept], end.objective[kept], end.converged[kept])
