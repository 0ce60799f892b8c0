"""The drawing on the cover, and the distances that the landing page tells."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from frontier import registry, scaling
from frontier.bekenstein import Box, orders
from frontier.chapters.landauer import self_play
from frontier.chapters.which_binds_first import number
from frontier.show.style import COLORS, label, log_axis, title
from frontier.show.words import compact_number


def envelope(ax: Axes, law: scaling.ScalingLaw) -> str:
    """Draw the loss of models of fixed size as they read on, and the frontier that they all touch."""
    flop = np.logspace(17, 27, 121)
    sizes = np.logspace(7, 12, 6)
    for n_params in sizes:
        loss = np.asarray(law.isoflop(flop, n_params))
        shown = loss < 4.3
        ax.plot(
            flop[shown],
            loss[shown],
            color="black",
            linestyle="-",
            linewidth=0.8,
            alpha=0.55,
            label=f"{compact_number(n_params)} parameters",
        )
        if n_params < 5e9:  # above that the curves end too close together for a label each
            label(ax, flop[-1], loss[-1], compact_number(n_params), va="center")
    label(ax, flop[-1], 1.91, "10 billion\nand more", va="center")
    ax.plot(
        flop,
        law.optimal(flop).loss,
        color=COLORS["vermillion"],
        linestyle="-",
        linewidth=2.5,
        label="the frontier",
    )
    label(ax, 1e20, law.optimal(1e20).loss, "the frontier", ha="right", va="top", gap=6)
    ax.axhline(float(law.E), color=COLORS["blue"], linestyle="--", linewidth=1, label="irreducible loss E")
    label(ax, 1.2e17, law.E, "irreducible loss E", va="top", gap=3)
    log_axis(ax.xaxis, every=2)
    ax.set(xlim=(1e17, 1e27), ylim=(1.6, 4.3), xlabel="Training compute (FLOP)")
    title(ax, "Loss (nats per token), a curve for each size")
    return (
        f"Loss against training compute for six sizes of language model, from {compact_number(sizes[0])} to "
        f"{compact_number(sizes[-1])} parameters. Each curve falls and then levels off. A thick line, the "
        "frontier, touches them all from below and keeps falling smoothly towards a dashed line, the "
        "irreducible loss."
    )


def orders_above_landauer() -> tuple[float, float]:
    """Return the orders of magnitude that AlphaZero spent above the bound in chess: least, most."""
    run = self_play("chess")
    least, most = (float(orders(1, run.overhead(bits).value)) for bits in (32, 1))
    return least, most


def orders_below_bekenstein() -> float:
    """Return how many orders of magnitude a stick of flash memory holds less than its size and mass allow."""
    stick = registry.find("WD_BLACK SN8100 2TB")
    box = Box(number(stick, "mass"), number(stick, "radius"))
    return float(orders(number(stick, "capacity"), box.bound))
