"""The drawing on the cover."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from frontier.show.style import COLORS, log_axis, title, without_y
from frontier.show.words import compact_number, power_of_ten

Range = tuple[float, float]
LOOKS = ("vermillion", "green", "blue")  # of the groups, from near to far
RUNGS = {  # what the picture calls a limit, and what the package does
    "What people make": {
        "Text worth reading": "data",
        "Power of one campus": "power",
        "100 billion dollars": "money",
        "Chips that can be made": "chips",
        "Latency of networks": "latency",
    },
    "Silicon": {"The best silicon": "CMOS, all electricity"},
    "Laws of nature": {
        "Landauer's floor": "Landauer, all electricity",
        "The Bekenstein bound": "Bekenstein, 1 kg",
    },
}


def times(low: float, high: float) -> str:
    """Write an interval of factors by two figures; one far out by the power of ten at its lower end."""
    if low >= 1e15:
        return power_of_ten(10.0 ** np.floor(np.log10(low)))
    ends = [f"{float(f'{x:.2g}'):,g}" if x < 1e6 else compact_number(x) for x in (low, high)]
    return f"{ends[0]} to {ends[1]}"


def reach(
    near: Mapping[str, NDArray[np.float64]], far: Mapping[str, Range], today: float
) -> dict[str, dict[str, Range]]:
    """Return how many times the largest run may grow before each limit: 90% of draws, or the far range."""
    ends = {name: np.quantile(draws, [0.05, 0.95]) for name, draws in near.items()} | dict(far)
    return {
        group: {name: (ends[key][0] / today, ends[key][1] / today) for name, key in keys.items()}
        for group, keys in RUNGS.items()
    }


def ladder(ax: Axes, groups: Mapping[str, Mapping[str, Range]]) -> str:
    """Draw how many times the largest run may grow before each limit; the picture names the groups."""
    place, said = 0.0, []
    for (group, rungs), color in zip(groups.items(), map(COLORS.get, LOOKS), strict=True):
        words: dict[str, Any] = {"textcoords": "offset points", "va": "center"}
        ax.annotate(group, (1, place), (4, 0), fontweight="bold", color=color, **words)
        for name, (low, high) in rungs.items():
            place += 1.5
            bar: dict[str, Any] = {"color": color, "linestyle": "-", "solid_capstyle": "butt"}
            ax.plot([1, low], [place] * 2, linewidth=6, **bar, label=f"{name}, at least")
            ax.plot([low, high], [place] * 2, linewidth=6, alpha=0.45, **bar, label=f"{name}, at most")
            ax.annotate(f"{name}: {times(low, high)}", (1, place - 0.7), (4, 0), **words)
            said.append(f"{name} {times(low, high)} times")
        place += 1.5
    log_axis(ax.xaxis, every=10)
    ax.set(xlim=(1, 1e60), ylim=(place - 0.7, -0.8), xlabel="Times the largest training run of today")
    without_y(ax)
    ax.spines["left"].set_visible(True)
    title(ax, "What people make ends first, nature last")
    told = "; ".join(said)
    return f"Bars of how many times the largest training run of today may grow before each limit: {told}."
