"""The drawing on the cover."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from frontier.show.style import COLORS, label, log_axis, title
from frontier.show.words import compact_number

Row = NDArray[np.float64]


def envelope(ax: Axes, flop: Row, losses: Mapping[float, Row], best: Row, floor: float) -> str:
    """Draw the loss of models of fixed size as they read on, and the frontier that all of them touch."""
    thin: Any = {"color": "black", "linestyle": "-", "linewidth": 0.8, "alpha": 0.55}
    for n_params, loss in losses.items():
        shown = loss < 4.3
        ax.plot(flop[shown], loss[shown], label=f"{compact_number(n_params)} parameters", **thin)
        if n_params < 5e9:  # above that the curves end too close together for a label each
            label(ax, flop[-1], loss[-1], compact_number(n_params), va="center")
    label(ax, flop[-1], 1.91, "10 billion\nand more", va="center")
    ax.plot(flop, best, color=COLORS["vermillion"], linestyle="-", linewidth=2.5, label="the frontier")
    label(ax, 1e20, np.interp(1e20, flop, best), "the frontier", ha="right", va="top", gap=6)
    ax.axhline(floor, color=COLORS["blue"], linestyle="--", linewidth=1, label="irreducible loss E")
    label(ax, 1.2e17, floor, "irreducible loss E", va="top", gap=3)
    log_axis(ax.xaxis, every=2)
    ax.set(xlim=(1e17, 1e27), ylim=(1.6, 4.3), xlabel="Training compute (FLOP)")
    title(ax, "Loss (nats per token), a curve for each size")
    smallest, *_, largest = map(compact_number, losses)
    return (
        f"Loss against training compute for six sizes of language model, from {smallest} to {largest} "
        "parameters. Each curve falls and then levels off. A thick line, the frontier, touches them all from "
        "below and keeps falling smoothly towards a dashed line, the irreducible loss."
    )
