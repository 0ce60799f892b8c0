"""Drawings and tables of the chapter on the Bekenstein bound."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes

from frontier.bekenstein import Box, doublings, orders
from frontier.show.style import COLORS, dot, label, log_axis, title, without_y
from frontier.show.table import Table
from frontier.show.words import compact_number, scientific

BLUE, VERMILLION = COLORS["blue"], COLORS["vermillion"]
ATOMS, BOUND = "one bit per atom", "Bekenstein bound"


def ladder(ax: Axes, box: Box, held: Mapping[str, float], could: Mapping[str, float]) -> str:
    """Draw what is held (dots) under what a box of that mass and size could hold (diamonds), in bits."""
    rungs = sorted([*held.items(), *could.items()], key=lambda rung: rung[1])
    for place, (name, bits) in enumerate(rungs):
        ax.plot([1e10, bits], [place, place], color="black", linestyle="-", linewidth=0.7, alpha=0.4)
        mark, colour = ("D", VERMILLION) if name in could else ("o", BLUE)
        ax.plot(bits, place, mark, color=colour, markersize=6, label=name)
        if bits > 1e50:  # no room on the right
            label(ax, bits, place + 0.12, name, ha="right", gap=7)
        else:
            label(ax, bits, place, name, va="center", gap=7)
    log_axis(ax.xaxis, every=10)
    ax.set(xlim=(1e10, 1e70), ylim=(-0.7, len(rungs) + 0.1), xlabel="Bits")
    without_y(ax)
    where = f"{box.mass * 1e3:g} grams within {box.radius * 100:.1f} cm"
    title(ax, f"Far from the bound, all that is stored\nin {where}")
    listed = ", ".join(f"{name} {scientific(bits)}" for name, bits in rungs)
    return (
        f"A ladder of bits on a logarithmic axis, for a box of {box.mass * 1e3:g} grams within a sphere of "
        f"{box.radius * 100:.1f} centimetres: {listed}."
    )


def rungs(known: Iterable[tuple[str, str, float]], bound: float) -> Table[dict[str, str]]:
    """Return the table of what fits into a box, the least first: name, how it is counted, bits."""
    rows = [
        {
            "rung": what,
            "counted as": how,
            "bits": _unbroken(bits),
            "orders to the bound": f"{abs(orders(bits, bound)):.1f}" if bits <= bound else "another mass",
        }
        for what, how, bits in sorted(known, key=lambda row: row[2])
    ]
    return Table(rows, caption="The ladder of storage, each rung in or on the same box")


def _unbroken(value: float, digits: int = 2) -> str:
    """Write a number so that no line of a narrow table breaks inside it."""
    return scientific(value, digits).replace(" ", "\u00a0")


def holdings(
    things: Mapping[str, float], capacity: float, limits: Mapping[str, float]
) -> Table[dict[str, str]]:
    """Return the table of what there is to store: sticks it takes, and room left in one by two limits.

    All in bits: the size of each thing, what a stick holds today, and its limits.
    """
    rows = [
        {
            "to store": name,
            "bits": _unbroken(bits),
            "sticks today": compact_number(np.ceil(bits / capacity)),
            "orders to one bit per atom": f"{orders(bits, limits[ATOMS]):.1f}",
            "orders to Bekenstein": f"{orders(bits, limits[BOUND]):.1f}",
        }
        for name, bits in things.items()
    ]
    return Table(rows, caption="What one stick of flash could hold")


def crossing(ax: Axes, years: float, capacity: float, limits: Mapping[str, float]) -> str:
    """Draw bits in the box against time if they double every `years` years; say when limits are met."""
    end = 300.0
    when = {name: years * float(doublings(capacity, bits)) for name, bits in limits.items()}
    for name, bits in limits.items():
        ax.axhline(bits, color="black", linewidth=0.7, linestyle=":", label=name)
        label(ax, end, bits, name, ha="right", va="top" if name == BOUND else "bottom", gap=2)
    matter = min(when[ATOMS], end)
    parts: Any = (
        ("the stick", [0, matter], {"linestyle": "-", "linewidth": 2}),
        ("beyond a bit per atom", [matter, end], {"linestyle": (0, (4, 2)), "linewidth": 1.5}),
    )
    for name, ends, look in parts:
        grown = capacity * 2.0 ** (np.array(ends) / years)
        ax.plot(ends, grown, color=BLUE, label=name, **look)
    for name, bits in limits.items():
        if when[name] <= end:
            dot(ax, when[name], bits, f"reaches: {name}", color=VERMILLION, draggable=name == ATOMS)
    log_axis(ax.yaxis, every=10)
    ax.set(xlim=(0, end), ylim=(1e12, 1e43), xlabel="Years from now")
    title(ax, "Atoms run out long before the bound\nBits in one stick of flash")
    return (
        f"Doubling every {years:g} year{'s' * (years > 1)}: as dense as DNA after {when['DNA']:.0f} years, "
        f"one bit per atom after {when[ATOMS]:.0f}, the Bekenstein bound after {when[BOUND]:.0f}."
    )


class Rounded(NamedTuple):
    """A model with rounded weights: bits as stored, entropy and Huffman's code per weight, loss held out."""

    bits: int
    entropy: float
    huffman: float
    loss: float


def rounding_table(full: float, found: Sequence[Rounded]) -> Table[dict[str, str]]:
    """Return the table of rounded models; `full` is the loss before rounding, in nats per byte."""
    rows = [
        {
            "bits per weight": str(row.bits),
            "entropy": f"{row.entropy:.2f}",
            "Huffman's code": f"{row.huffman:.2f}",
            "loss (nats per byte)": f"{row.loss:.3f}",
            "worse by": f"{round(row.loss / full - 1, 3) + 0.0:.1%}",
        }
        for row in found
    ]
    return Table(rows, caption="The same model, its weights rounded")


def rounding(ax: Axes, full: float, best: Sequence[Rounded], even: Sequence[Rounded]) -> str:
    """Draw the loss that rounding adds against the entropy of the rounded weights, for two sets of levels."""
    kinds: Any = (
        ("fitted levels", best, {"color": BLUE, "marker": "o", "linestyle": "-"}, ("left", "bottom")),
        ("even levels", even, {"color": VERMILLION, "marker": "D", "linestyle": "--"}, ("right", "top")),
    )
    said = []
    for name, found, look, (ha, va) in kinds:
        added = [row.loss - full for row in found]
        ax.plot([row.entropy for row in found], added, **look, markersize=5, label=name)
        for row, more in zip(found, added, strict=True):
            label(ax, row.entropy, more, str(row.bits), ha=ha, va=va, gap=4)
        stored = ", ".join(
            f"{row.bits} bits stored, {row.entropy:.1f} after coding, {more:.4f} nats"
            for row, more in zip(found, added, strict=True)
        )
        said.append(f"{name}: {stored}")
    right, left = best[len(best) // 2], even[-2]
    label(ax, right.entropy, right.loss - full, "fitted levels", va="center", gap=20)
    label(ax, left.entropy, left.loss - full, "even levels", ha="right", va="center", gap=20)
    log_axis(ax.yaxis)
    ax.set(xlim=(1, 8.4), ylim=(1e-4, 3), xlabel="Bits per weight after entropy coding")
    title(ax, "What counts is the information kept\nLoss added by rounding (nats per byte)")
    return "Loss added against bits per weight, falling steeply. " + ". ".join(said) + "."


def speeds(rows: Iterable[tuple[str, str, float, str]]) -> Table[dict[str, str]]:
    """Return the table of how fast something can go through states: what, who says so, how often, of what."""
    return Table(
        [
            {"what": what, "says": who, "per second": f"{_unbroken(float(rate), 3)} {unit}"}
            for what, who, rate, unit in rows
        ],
        caption="Limits of processing, in steps a second",
    )
