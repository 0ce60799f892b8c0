"""What a limit allows one training run: ceilings on its compute from data, energy, money, time and light.

Compute is in FLOP, time in seconds, power in watts, lengths in metres. A ceiling may be an array of draws, so
that what is uncertain stays a distribution; which of several binds first is then a matter of counting.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.constants import c, hour
from scipy.special import erfinv

from frontier._checks import (
    Float,
    above,
    above_zero,
    all_positive,
    between,
    generator,
    overflowing,
    positive,
    product,
    same_shape,
    share,
    single,
    whole,
)

Array = NDArray[np.float64]


def shortest_duration(n_sequential: ArrayLike, distance: ArrayLike, speed: ArrayLike = c) -> Float:
    """Least time in seconds of steps that wait for each other across a machine: T = n l / v.

    Relativity's only demand on a computer. It binds steps that need each other's results from the far side
    of the machine, not work done side by side or kept in one corner. Switching, copying and arithmetic come
    on top and are what takes the time today.

    Parameters
    ----------
    n_sequential, distance, speed : array_like
        Steps n that must follow each other; way l of a signal in one step, in metres; its speed v, in metres
        per second, by default that of light in vacuum (in optical fibre it is about two thirds of that). All
        above 0; they broadcast.

    Examples
    --------
    Light takes 3.34 nanoseconds for a metre:

    >>> f"{shortest_duration(1, 1):.3g}"
    '3.34e-09'
    """
    n, way, v = all_positive(n_sequential=n_sequential, distance=distance, speed=speed).values()
    return product(n, way, over=(v,))


def sequential_passes(n_layers: ArrayLike, n_tokens: ArrayLike, batch_tokens: ArrayLike) -> Float:
    """Count the passes through a layer that must follow each other in a training run: n = 2 L D / B.

    Parameters
    ----------
    n_layers, n_tokens, batch_tokens : array_like
        Layers L, each passed forward and back in every step; tokens D that the run reads, and B in one step.
        All above 0; they broadcast.

    Examples
    --------
    Llama 3.1 405B at its largest batches (Grattafiori et al. 2024, Tables 3 and 4):

    >>> f"{sequential_passes(126, 15.6e12, 16e6):.2e}"
    '2.46e+08'
    """
    given = all_positive(n_layers=n_layers, n_tokens=n_tokens, batch_tokens=batch_tokens)
    return product(2, given["n_layers"], given["n_tokens"], over=(given["batch_tokens"],))


def data_limited_flop(n_tokens: ArrayLike, tokens_per_param: ArrayLike) -> Float:
    """Compute in FLOP that a stock of data can make use of: C = 6 D^2 / r.

    C = 6 N D with N = D / r. It is no wall: a larger model on the same data still gains, only less.

    Parameters
    ----------
    n_tokens, tokens_per_param : array_like
        Tokens D, those that repeating is worth included, and r for each parameter: a choice, so it has no
        default; 20 is Hoffmann's, and a model made for much use gets many more. Both above 0; they broadcast.

    Examples
    --------
    Villalobos et al. (arXiv:2211.04325v2, 2024, figure 1): 4e14 tokens correspond to about 5e28 FLOP.

    >>> f"{data_limited_flop(4e14, 20):.1e}"
    '4.8e+28'
    """
    tokens, ratio = all_positive(n_tokens=n_tokens, tokens_per_param=tokens_per_param).values()
    return product(6, tokens, tokens, over=(ratio,))


def weights_limited_flop(bits: ArrayLike, bits_per_param: ArrayLike, tokens_per_param: ArrayLike) -> Float:
    """Compute in FLOP of the largest run whose weights fit into a store: C = 6 r N^2 with N = b / w.

    Parameters
    ----------
    bits, bits_per_param, tokens_per_param : array_like
        Bits b of the store and w of a parameter; tokens r for each parameter. All above 0; they broadcast.

    Examples
    --------
    Chinchilla's 70 billion parameters at 16 bits, and its 5.9e23 FLOP:

    >>> f"{weights_limited_flop(70e9 * 16, 16, 20):.1e}"
    '5.9e+23'
    """
    store, width, ratio = all_positive(
        bits=bits, bits_per_param=bits_per_param, tokens_per_param=tokens_per_param
    ).values()
    return product(6, ratio, store, store, over=(width, width))


def energy_limited_flop(power: ArrayLike, duration: ArrayLike, flop_per_joule: ArrayLike) -> Float:
    """Compute in FLOP that a power can pay for in a given time: C = P T e.

    Parameters
    ----------
    power, duration, flop_per_joule : array_like
        Power P, in watts; time T, in seconds; efficiency e, in FLOP per joule, what idles, cools and waits
        included. All above 0; they broadcast.

    Examples
    --------
    Sevilla et al. (Epoch AI, 2024) expect 6 GW for 2e29 FLOP: thrice as long as Llama 3.1 405B with eight
    times its FLOP per joule. That took 3.8e25 FLOP, 27 MW and, by its GPU-hours, 78 days.

    >>> llama = 3.8e25 / (27e6 * 78 * 86_400)
    >>> f"{energy_limited_flop(6e9, 3 * 78 * 86_400, 8 * llama):.1e}"
    '2.0e+29'
    """
    given = all_positive(power=power, duration=duration, flop_per_joule=flop_per_joule)
    return product(*given.values())


def money_limited_flop(
    budget: ArrayLike, price_per_chip_hour: ArrayLike, flop_per_second: ArrayLike, mfu: ArrayLike
) -> Float:
    """Compute in FLOP that a budget buys in rented chips: C = B / p x 3600 s x F x u.

    Parameters
    ----------
    budget, price_per_chip_hour : array_like
        Money B, and price p of an hour of one chip in the same currency, above 0.
    flop_per_second, mfu : array_like
        Peak F of a chip in FLOP per second, above 0, and share u of it that is used, above 0 and at most 1.
        All arguments broadcast.

    Examples
    --------
    DeepSeek-V3 (2024, Table 1): 5.576 million dollars at 2 for each hour. A third of an H800's 989.4 TFLOP/s
    would make of them the 6 N D of its 37 billion active parameters and 14.8 trillion tokens, 3.3e24.

    >>> f"{money_limited_flop(5.576e6, 2, 989.4e12, 1 / 3):.1e}"
    '3.3e+24'
    """
    given = {"budget": budget, "price_per_chip_hour": price_per_chip_hour, "flop_per_second": flop_per_second}
    money, price, peak, use = all_positive(**given, mfu=between("mfu", mfu, 0, 1)).values()
    return product(money, hour, peak, use, over=(price,))


def latency_limited_flop(
    duration: ArrayLike, step_time: ArrayLike, batch_tokens: ArrayLike, tokens_per_param: ArrayLike
) -> Float:
    """FLOP of the largest run whose steps fit one after the other: C = 6 D^2 / r with D = B T / t.

    More chips do not help: a run is a chain of steps, and each must wait for the one before. Larger batches
    do, up to the size beyond which they stop saving steps; deeper models hurt, since t grows with the layers.

    Parameters
    ----------
    duration, step_time, batch_tokens, tokens_per_param : array_like
        Seconds T of the run and, at least, t of a step, a pass forward and back through all layers; tokens B
        that a step reads at once and r for each parameter. All above 0; they broadcast.

    Examples
    --------
    Sevilla et al. (Epoch AI, 2024): nine months, batches of 60 million tokens, 110 microseconds a layer, 7e14
    parameters and 6e31 FLOP. A tenth of a second per step, some 920 layers, gives that:

    >>> f"{latency_limited_flop(0.75 * 365.25 * 86_400, 920 * 110e-6, 60e6, 20):.0e}"
    '6e+31'
    """
    time, step, batch, ratio = all_positive(
        duration=duration, step_time=step_time, batch_tokens=batch_tokens, tokens_per_param=tokens_per_param
    ).values()
    return product(6, batch, batch, time, time, over=(step, step, ratio))


def lognormal_draws(
    low: ArrayLike, high: ArrayLike, level: float, *, seed: Any, n_draws: int = 2000
) -> Array:
    """Draw from log-normal distributions that put a given share between two values, in equal tails.

    The median is the geometric mean of the ends. It is a reading of "between a and b" for a quantity known to
    a factor and not to a difference. What is published is rarely log-normal, and its tails are a guess: quote
    the interval, not the tails.

    Parameters
    ----------
    low, high : array_like
        Ends of the interval, above 0, the second above the first. They broadcast: each element is a quantity
        of its own, drawn independently of the others.
    level : float
        The share between the ends, between 0 and 1: 0.9 leaves a twentieth on either side.
    seed : int, Generator or anything else that numpy.random.default_rng takes
        Has no default, since the same seed twice makes two quantities rise and fall together: draw them in
        one call, or give the calls a generator in common.
    n_draws : int
        How many to draw of each, at least 1.

    Returns
    -------
    ndarray, shape (..., n_draws)
        The draws, along the last axis.

    Examples
    --------
    >>> power, money = lognormal_draws([1e9, 2e9], [5e9, 9e9], 0.9, seed=0)
    >>> f"{np.mean((power > 1e9) & (power < 5e9)):.1f}, {abs(np.corrcoef(power, money)[0, 1]):.1f}"
    '0.9, 0.0'
    """
    least, most = positive("low", low), positive("high", high)
    same_shape(low=least, high=most)
    above("high", most, least, meaning=", the low end")
    part, count = share("level", level), single("n_draws", whole("n_draws", n_draws, 1))
    with overflowing():
        width = (np.log(most) - np.log(least)) / (2 * np.sqrt(2) * erfinv(part))
    middle = (np.log(least) + np.log(most)) / 2
    normal = generator(seed).standard_normal((*middle.shape, count))
    with overflowing():
        return np.asarray(above_zero(np.exp(middle[..., None] + width[..., None] * normal)))


def first_to_bind(ceilings: Mapping[str, ArrayLike], *, tied: bool = False) -> dict[str, float]:
    """Share of the draws in which each ceiling is the lowest, the most frequent first; equals share a draw.

    Parameters
    ----------
    ceilings : mapping of str to array_like
        Each ceiling, at least one, all above 0 and in one unit: draws, as many of each, of which the k-th
        belong together, or one number where nothing is uncertain.
    tied : bool
        Whether two ceilings may rise and fall together in every draw. That is refused otherwise, for draws
        from the same seed do it and one would hardly ever be below the other.

    Examples
    --------
    >>> first_to_bind({"power": [1, 5, 1, 1], "data": 2, "chips": 5})
    {'power': 0.75, 'data': 0.25, 'chips': 0.0}
    """
    if not ceilings:
        raise ValueError("ceilings must hold at least one, got none")
    draws = {name: positive(name, values) for name, values in ceilings.items()}
    shapes = sorted({array.shape for array in draws.values()} - {()})
    if len(shapes) > 1 or any(len(shape) != 1 or not shape[0] for shape in shapes):
        raise ValueError(f"ceilings must hold rows of draws of one length, or single numbers, got {shapes}")
    if not tied:
        _refuse_tied(draws)
    rows = np.stack(np.broadcast_arrays(np.ones(1), *draws.values())[1:])
    lowest = rows == rows.min(axis=0)
    shares = dict(zip(draws, np.mean(lowest / lowest.sum(axis=0), axis=1).tolist(), strict=True))
    return dict(sorted(shares.items(), key=lambda item: -item[1]))


def _refuse_tied(draws: Mapping[str, Array]) -> None:
    """Refuse draws of which two have the same order, which does not happen to ten by chance."""
    orders: dict[bytes, str] = {}
    for name, values in draws.items():
        if values.size >= 10 and np.unique(values).size > values.size / 2:
            other = orders.setdefault(np.argsort(values, kind="stable").tobytes(), name)
            if other != name:
                rule = "must not rise and fall together in every draw, as if from one seed, unless tied=True"
                raise ValueError(f"ceilings {rule}, got {other!r} and {name!r}")
