"""Which runs to make: what a sweep would tell of the exponents before anything is trained.

Around a law that is about right, and with the scatter that runs have, every constant's error follows from
sizes and tokens alone (Fisher's information). So sweeps can be compared, and the best one for a budget looked
for.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from frontier._checks import all_positive, overflowing, plain, positive, product, share, single, whole
from frontier.scaling import ScalingLaw, training_flop

_Array = NDArray[np.float64]

RATIOS = tuple(np.geomspace(3, 300, 9).round(1).tolist())
"""Tokens for each parameter that `plan_sweep` tries."""


def _slopes(law: ScalingLaw, n: _Array, d: _Array) -> _Array:
    """Return how ln loss of each run changes with (ln A, ln B, alpha, beta, E), shape (n, 5)."""
    with overflowing():
        size, data = law.A * n**-law.alpha, law.B * d**-law.beta
        columns = [size, data, -size * np.log(n), -data * np.log(d), np.ones_like(size)]
        return np.asarray(plain(np.stack(columns, axis=-1) / np.asarray(law.loss(n, d))[..., None]))


def _targets(law: ScalingLaw) -> dict[str, _Array]:
    """Return the gradients by (ln A, ln B, alpha, beta, E) of what a sweep is made for."""
    total = law.alpha + law.beta
    of_size = np.array([0, 0, -law.beta / total**2, law.alpha / total**2, 0])
    of_loss = np.array([0, 0, (law.beta / total) ** 2, (law.alpha / total) ** 2, 0])
    constants = dict(zip(("alpha", "beta", "E"), np.eye(5)[2:], strict=True))
    return constants | {"size_exponent": of_size, "frontier_exponent": of_loss}


def expected_error(
    law: ScalingLaw, n_params: ArrayLike, n_tokens: ArrayLike, noise: float
) -> dict[str, float]:
    """Return the standard errors that a fit to these runs would have.

    Parameters
    ----------
    law : ScalingLaw
        A law that is about right, as from small runs or a paper.
    n_params, n_tokens : array_like, shape (n,)
        Parameters and training tokens of the runs, above 0; five runs or more.
    noise : float
        Scatter of the runs around the law: standard deviation of ln loss, above 0. Seeds alone give 0.001 to
        0.005.

    Returns
    -------
    dict
        Of ``alpha``, ``beta`` and ``E``; of ``size_exponent``, beta / (alpha + beta), with which the best
        size grows with compute; of ``frontier_exponent``. A Huber fit needs some 5% more runs than that for
        the same errors.

    Examples
    --------
    A 5 x 5 grid from 10 million to a billion parameters, with scatter of 0.3%:

    >>> from frontier.scaling import BESIROGLU_2024 as law
    >>> n, d = np.meshgrid(np.logspace(7, 9, 5), np.logspace(8.5, 10.5, 5))
    >>> errors = expected_error(law, n.ravel(), d.ravel(), 0.003)
    >>> f"{errors['size_exponent']:.3f}"
    '0.007'
    """
    n, d = all_positive(n_params=n_params, n_tokens=n_tokens).values()
    if n.ndim != 1 or n.shape != d.shape or len(n) < 5:
        raise ValueError(f"runs must be two arrays of one length, at least 5, got {n.shape} and {d.shape}")
    sd = float(single("noise", positive("noise", noise)))
    slopes = _slopes(law, n, d)
    size = np.maximum(np.linalg.norm(slopes, axis=0), 1e-300)
    values, directions = np.linalg.eigh((slopes / size).T @ (slopes / size))
    if values[0] < 1e-13 * values[-1]:
        raise ValueError("runs must tell all five constants apart, got sizes and tokens that do not")
    inverse = directions / values @ directions.T / np.outer(size, size)
    return {name: sd * float(np.sqrt(target @ inverse @ target)) for name, target in _targets(law).items()}


class Plan(NamedTuple):
    """Runs to make, by rising compute: parameters, tokens, FLOP; the half width the interval should have."""

    n_params: _Array
    n_tokens: _Array
    flop: _Array
    half_width: float


def plan_sweep(
    law: ScalingLaw,
    noise: float,
    flop: float,
    sizes: ArrayLike,
    *,
    ratios: ArrayLike = RATIOS,
    n_runs: int = 20,
    target: str = "size_exponent",
    level: float = 0.9,
) -> Plan:
    """Choose runs within a total compute that pin an exponent down as well as they can.

    Run after run is exchanged for a better one of the sizes and ratios given, none twice, until none is left
    that helps. The result is a good sweep and not proven to be the best. It believes that the law holds from
    the smallest size to the largest: give only sizes of which you believe that.

    Parameters
    ----------
    law, noise
        As for `expected_error`.
    flop : float
        Compute for all runs together, FLOP (6 N D), above 0.
    sizes, ratios : array_like
        Parameters of models that you can train, and tokens for each parameter, above 0.
    n_runs : int
        How many runs, 6 or more.
    target : str
        What to pin down: a key of what `expected_error` returns.
    level : float
        Of the interval whose half width is returned, between 0 and 1.

    Examples
    --------
    >>> from frontier.scaling import BESIROGLU_2024 as law
    >>> plans = [plan_sweep(law, 0.003, c, np.logspace(7, 10, 13)) for c in (1e19, 1e20)]
    >>> [f"{plan.half_width:.3f}" for plan in plans]
    ['0.015', '0.009']
    >>> bool(plans[0].flop.sum() <= 1e19)
    True
    """
    total, sd = (float(single(k, positive(k, v))) for k, v in (("flop", flop), ("noise", noise)))
    count = int(single("n_runs", whole("n_runs", n_runs, 6)))
    wanted = _targets(law)
    if target not in wanted:
        raise ValueError(f"target must be one of {', '.join(wanted)}, got {target!r}")
    n, d, cost = _candidates(sizes, ratios)
    if len(n) < count:
        raise ValueError(f"sizes and ratios must make at least {count} different runs, got {len(n)}")
    if cost[:count].sum() > total:
        raise ValueError(
            f"flop must pay for the {count} cheapest runs, {cost[:count].sum():.3g}, got {total:.3g}"
        )
    slopes = _slopes(law, n, d)
    unit = np.linalg.norm(slopes, axis=0)
    chosen = np.sort(_exchange(slopes / unit, wanted[target] / unit, cost, total, count))
    error = expected_error(law, n[chosen], d[chosen], sd)[target]
    half = float(ndtri((1 + share("level", level)) / 2)) * error
    return Plan(n[chosen], d[chosen], cost[chosen], half)


def compute_needed(
    law: ScalingLaw, noise: float, half_width: float, sizes: ArrayLike, **options: Any
) -> Plan:
    """Return the cheapest planned sweep whose interval has the half width that is wanted.

    Parameters
    ----------
    law, noise, sizes
        As for `plan_sweep`; `options` are its other ones.
    half_width : float
        Of the target's interval, above 0. It is refused if even all of the largest runs do not reach it.

    Examples
    --------
    >>> from frontier.scaling import BESIROGLU_2024 as law
    >>> plan = compute_needed(law, 0.003, 0.02, np.logspace(7, 10, 13))
    >>> f"{plan.flop.sum():.0e} FLOP in {len(plan.flop)} runs"
    '3e+18 FLOP in 20 runs'
    """
    width = float(single("half_width", positive("half_width", half_width)))
    count = int(single("n_runs", whole("n_runs", options.get("n_runs", 20), 6)))
    cost = _candidates(sizes, options.get("ratios", RATIOS))[2]
    low, high = np.log([cost[:count].sum() * 1.001, cost[-count:].sum() * 1.001])
    best = plan_sweep(law, noise, np.exp(high), sizes, **options)
    if best.half_width > width:
        reached = f"{best.half_width:.3g} with the largest runs"
        raise ValueError(
            f"half_width must be one that {count} runs of these sizes reach, {reached}, got {width:g}"
        )
    for _halving in range(12):
        middle = (low + high) / 2
        plan = plan_sweep(law, noise, np.exp(middle), sizes, **options)
        if plan.half_width <= width:
            high, best = middle, plan
        else:
            low = middle
    return best


def _candidates(sizes: ArrayLike, ratios: ArrayLike) -> tuple[_Array, _Array, _Array]:
    """Return parameters, tokens and FLOP of every size with every ratio, the cheapest first."""
    grid = np.meshgrid(np.unique(positive("sizes", sizes)), np.unique(positive("ratios", ratios)))
    n, d = grid[0].ravel(), np.asarray(product(*grid)).ravel()
    cost = np.asarray(training_flop(n, d))
    order = np.argsort(cost, kind="stable")
    return n[order], d[order], cost[order]


def _exchange(slopes: _Array, target: _Array, cost: _Array, total: float, count: int) -> NDArray[np.int64]:
    """Exchange runs, one at a time, while that lowers the variance of the target within the total."""
    chosen = list(range(count))  # the cheapest, which the total pays for; none is made twice
    ridge = 1e-9 * np.eye(slopes.shape[1])  # while what is chosen does not yet tell all constants apart

    def variance(information: _Array) -> _Array:
        right = np.broadcast_to(target[:, None], (*information.shape[:-1], 1))
        return np.asarray(np.linalg.solve(information + ridge, right)[..., 0] @ target)

    outer = slopes[:, :, None] * slopes[:, None]
    best = np.inf
    while True:
        before = best
        for place in range(count):
            others = chosen[:place] + chosen[place + 1 :]
            found = variance(outer[others].sum(axis=0) + outer)
            found = np.where(cost <= total - cost[others].sum(), found, np.inf)
            found[others] = np.inf
            one = int(np.argmin(found))
            if found[one] < best * (1 - 1e-6):
                best, chosen[place] = float(found[one]), one
        if best >= before * (1 - 1e-6):
            return np.array(chosen)
