"""What a limit allows one training run: ceilings on its compute from data, energy, time and light.

Compute is in FLOP, time in seconds, power in watts, lengths in metres. A ceiling may be an array of draws, so
that what is uncertain stays a distribution; which of several binds first is then a matter of counting.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.constants import c
from scipy.special import ndtri

from frontier._checks import (
    Float,
    above,
    all_positive,
    generator,
    positive,
    product,
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


def lognormal_draws(low: float, high: float, level: float, *, n_draws: int = 2000, seed: Any = 0) -> Array:
    """Draw from the log-normal distribution that puts a given share between two values, in equal tails.

    The median is the geometric mean of the ends. It is a reading of "between a and b" for a quantity known to
    a factor and not to a difference. What is published is rarely log-normal, and its tails are a guess: quote
    the interval, not the tails.

    Parameters
    ----------
    low, high, level : float
        Ends of the interval, above 0, the second above the first, and the share between them, between 0 and
        1: 0.9 leaves a twentieth on either side.
    n_draws : int
        How many to draw, at least 1.
    seed : int, Generator or anything else that numpy.random.default_rng takes
        Quantities that vary independently need a generator in common, or seeds of their own: the same seed
        twice makes them rise and fall together.

    Examples
    --------
    >>> draws = lognormal_draws(1e9, 5e9, 0.9)
    >>> f"{np.mean((draws > 1e9) & (draws < 5e9)):.1f}"
    '0.9'
    """
    least, most = single("low", positive("low", low)), single("high", positive("high", high))
    above("high", most, least, meaning=", the low end")
    part, count = share("level", level), single("n_draws", whole("n_draws", n_draws, 1))
    width = np.log(most / least) / (2 * ndtri((1 + part) / 2))
    middle = (np.log(least) + np.log(most)) / 2
    draws: Array = np.exp(generator(seed).normal(middle, width, count))
    return draws


def first_to_bind(ceilings: Mapping[str, ArrayLike]) -> dict[str, float]:
    """Share of the draws in which each ceiling is the lowest, the most frequent first.

    Parameters
    ----------
    ceilings : mapping of str to array_like
        Draws of each ceiling, at least one, all above 0, in one unit and of one length. The k-th draws belong
        together.

    Examples
    --------
    >>> first_to_bind({"power": [1, 5, 1, 1], "data": [2, 2, 2, 2]})
    {'power': 0.75, 'data': 0.25}
    """
    if not ceilings:
        raise ValueError("ceilings must hold at least one, got none")
    draws = {name: positive(name, values) for name, values in ceilings.items()}
    shapes = {array.shape for array in draws.values()}
    if len(shapes) > 1 or any(len(shape) != 1 or not shape[0] for shape in shapes):
        raise ValueError(f"ceilings must hold rows of draws of one length, got {sorted(shapes)}")
    lowest = np.argmin(np.stack(list(draws.values())), axis=0)
    shares = {name: float(np.mean(lowest == k)) for k, name in enumerate(draws)}
    return dict(sorted(shares.items(), key=lambda item: -item[1]))
