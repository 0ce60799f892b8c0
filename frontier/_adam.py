"""Adam, the method by which our small models learn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

BETAS = (0.9, 0.99)  # how slowly it forgets; the second is high because batches are small


def adam(parts: Sequence[NDArray[Any]]) -> Callable[[Sequence[NDArray[Any]], float], None]:
    """Return a function that takes one step: it changes `parts` in place, given their slopes and a rate.

    Kingma and Ba, arXiv:1412.6980 (2015), algorithm 1.
    """
    means, squares = ([np.zeros_like(part) for part in parts] for _ in range(2))
    steps = 0

    def step(slopes: Sequence[NDArray[Any]], rate: float) -> None:
        nonlocal steps
        steps += 1
        fade = [1 - beta**steps for beta in BETAS]  # the correction of its slow start
        for part, slope, mean, square in zip(parts, slopes, means, squares, strict=True):
            mean += (1 - BETAS[0]) * (slope - mean)
            square += (1 - BETAS[1]) * (slope * slope - square)
            part -= (rate / fade[0]) * mean / (np.sqrt(square / fade[1]) + 1e-8)

    return step
