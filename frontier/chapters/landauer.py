"""Drawings and tables of the chapter on Landauer's principle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from frontier.brownian import Erasure
from frontier.growth import DoublingTime
from frontier.registry import Entry, Range
from frontier.selfplay import SelfPlay
from frontier.show.style import COLORS, dot, label, log_axis, title
from frontier.show.table import Table
from frontier.show.words import scientific

BLUE, VERMILLION, GREEN = COLORS["blue"], COLORS["vermillion"], COLORS["green"]
ROOM = 300.0  # kelvin
BITS = 1.0, 32.0  # erased per operation, at least and at most: the assumption of the chapter
MWH = 3.6e9  # joules
LN2 = float(np.log(2))
NEIGHBOURS = (  # what a section compares with the bound: a brain, and what makers say of their machines
    *("Cortex, computing", "Cortex, communicating", "Ice River, reversible"),
    *("Denoising thermodynamic computer, on paper", "Q.ANT, photonic"),
)


def self_play_table(games: Mapping[str, SelfPlay], bound: Mapping[str, ArrayLike]) -> Table[dict[str, str]]:
    """Return the count of each game, from plies to energy and to the bound for the fewest and most bits."""
    rows = [
        {
            "game": name,
            "plies": f"{game.plies:.0f}",
            "per position": scientific(game.flop),
            "operations": scientific(game.operations.value),
            "of peak": f"{game.peak_share:.0%}",
            "energy, MWh": f"{game.energy.value / MWH:,.1f}",
            "bound, J": " to ".join(f"{float(f'{joules:.2g}'):,.0f}" for joules in np.asarray(bound[name])),
        }
        for name, game in games.items()
    ]
    return Table(rows, caption="AlphaZero's games against itself, counted from the algorithm")


def gate_table(
    truth_tables: Mapping[str, ArrayLike], erased: Mapping[str, float], joules_per_bit: float
) -> Table[dict[str, str]]:
    """Return what steps forget when all inputs are equally likely; who forgets nothing is reversible."""
    rows = []
    for name, outputs in truth_tables.items():
        bits_in, bits_out = (int(n).bit_length() or 1 for n in (np.size(outputs) - 1, np.max(outputs)))
        rows.append(
            {
                "step": name,
                "bits": f"{bits_in} to {bits_out}",
                "reversible": "no" if erased[name] else "yes",
                "bits erased": f"{erased[name]:.3g}",
                "least heat, J": scientific(erased[name] * joules_per_bit),
            }
        )
    return Table(rows, caption="What a step forgets, and the least heat for it at 300 K")


class Rung(NamedTuple):
    """A step of the ladder, in joules: what was used, and the bound if each operation erased 1 to 32 bits."""

    name: str
    used: Range | None
    bound: ArrayLike | None


def _short(value: float) -> str:
    rounded = float(f"{value:.2g}")  # as a number: 860 and not 8.6e+02
    return f"{rounded:g}" if 1e-3 <= rounded < 1e3 else scientific(value)


def _rows(ax: Axes, names: Sequence[str], every: int) -> None:
    """Name the rows of a drawing on a logarithmic axis of x."""
    ax.set_yticks(range(len(names)), names)
    ax.tick_params(axis="y", length=0)
    log_axis(ax.xaxis, every=every)


def ladder(ax: Axes, rungs: Sequence[Rung]) -> str:
    """Draw what each rung used, and what the bound would have asked; the lowest is one bit, erased."""
    told = []
    bar: dict[str, Any] = {"color": BLUE, "linestyle": "-", "linewidth": 6, "solid_capstyle": "butt"}
    bit, *_ = np.asarray(rungs[0].bound)
    for y, (name, used, bound) in enumerate(rungs):
        if used:
            dot(ax, used.value, y, f"{name}: used", color=VERMILLION, size=5, span=used[1:])
            told.append(f"{name} {_short(used.value)} J")
        if used and bound is not None:
            low, high = np.asarray(bound)
            ax.plot([low, high], [y, y], **bar, label=f"{name}: bound")
            told[-1] += f" above {_short(low)} to {_short(high)}"
    ax.plot(bit, 0, "|", color=BLUE, markersize=12, markeredgewidth=2, label=f"{rungs[0].name}: bound")
    _rows(ax, [rung.name for rung in rungs], 6)
    ax.set(xlim=(1e-22, 1e14), ylim=(-0.6, len(rungs) - 0.4), xlabel="Joules")
    ax.grid(axis="x", color="gray", alpha=0.25, linewidth=0.5)
    if rungs[-1].bound is not None:
        label(ax, np.asarray(rungs[-1].bound)[0], len(rungs) - 1, "bound", ha="right", va="center", gap=6)
    for y, (_name, used, bound) in enumerate(rungs):
        if used and bound is None:
            label(ax, used.high, y, "used", va="center", gap=6)
    return (
        f"Ladder of energies on a logarithmic axis, from one bit erased at {scientific(bit)} J to training "
        f"runs, each with what it used and, where it computes, the bound for 1 to 32 bits an operation: "
        f"{'; '.join(told)}."
    )


def times_the_bound(ax: Axes, times: Mapping[str, Range], bits: float) -> str:
    """Draw how many times the bound each thing used if every operation erased so many bits; say it."""
    stem: dict[str, Any] = {"color": BLUE, "linestyle": ":", "linewidth": 1}
    for y, (name, at) in enumerate(times.items()):
        ax.plot([1, at.value], [y, y], **stem, label=f"{name}: from the bound")
        dot(ax, at.value, y, name, color=VERMILLION, size=5, span=at[1:])
    ax.axvline(1, color=BLUE, linestyle="-", linewidth=2, label="the bound")
    label(ax, 1, len(times) - 0.55, "the bound", va="center", gap=4)
    _rows(ax, list(times), 2)
    ax.set(xlim=(0.5, 3e10), ylim=(-0.6, len(times) - 0.2), xlabel="Energy used, over the bound")
    erased = f"{bits:,.0f} {'bit' if bits == 1 else 'bits'}"
    chess, gpt3 = (scientific(times[name].value) for name in ("AlphaZero: all of chess", "GPT-3: training"))
    return f"{erased}: chess at {chess} times the bound, GPT-3 at {gpt3}."


def with_error(at: Range, unit: float = 1.0) -> str:
    """Write a value, times `unit`, with the error above it, to two decimals."""
    return f"{at.value * unit:.2f} ± {(at.high - at.value) * unit:.2f}"


def heat_against_time(
    axes: Sequence[Axes],
    erased: Sequence[Erasure],
    kept: Sequence[Erasure],
    measured: Mapping[str, Range],
    control: Mapping[str, Range],
) -> str:
    """Draw mean heat over duration, with and without erasure, and beside it what experiments found."""
    left, right = axes
    durations = [run.duration for run in erased]
    look: dict[str, Any] = {"color": VERMILLION, "markersize": 5, "linewidth": 1.2}
    for name, runs, marker, face in (
        ("erased", erased, "o", VERMILLION),
        ("only moved about", kept, "s", "none"),
    ):
        heats, errors = np.array([(run.mean_heat, 2 * run.heat_error) for run in runs]).T
        left.errorbar(durations, heats, errors, fmt=marker, markerfacecolor=face, **look, label=name)
    best = [run.finite_time_bound for run in erased]
    left.plot(durations, best, color=BLUE, linestyle="-", label="best possible")
    label(left, durations[1], erased[1].mean_heat, "erased", gap=5)
    label(left, 13, 0.02, "only moved about", ha="right", gap=1)
    label(left, 1.75, 1.02, "best possible", va="top", gap=2)
    for ax in axes:
        ax.axhline(LN2, color="black", linestyle="--", linewidth=0.8, label="ln 2")
    upright: dict[str, Any] = {"color": BLUE, "size": 5, "upright": True, "linewidth": 1.2}
    for found, what, marker, face in ((measured, "erased", "o", BLUE), (control, "only moved", "s", "none")):
        for name, at in found.items():
            x = list(measured).index(name)
            dot(right, x, at.value, f"{name}, {what}", marker=marker, span=at[1:], **upright)
            right.lines[-1].set_markerfacecolor(face)
    log_axis(left.xaxis)
    left.set(xlim=(1.7, 46), ylim=(0, 3.6), xlabel="Duration (a²/D)")
    left.set_xticks(durations, [f"{time:g}" for time in durations])
    right.set(xlim=(-0.6, len(measured) - 0.4))
    right.set_xticks(range(len(measured)), list(measured), rotation=60)
    title(left, "Mean heat (kT), simulated")
    title(right, "Measured")
    label(right, len(measured) - 0.4, LN2, "ln 2", ha="right", va="top", gap=2)
    fell = ", ".join(f"{run.mean_heat:.2f} at {run.duration:g}" for run in erased)
    others = ", ".join(f"{name} {at.value:g}" for name, at in measured.items())
    return (
        f"Mean heat of a simulated erasure falls with its duration, in kT: {fell}; the curve of the best "
        f"possible protocol lies below and both approach a dashed line at ln 2. Without erasure the heat "
        f"falls to {kept[-1].mean_heat:.2f}. Beside it, measured in slow cycles: {others}."
    )


def single_runs(ax: Axes, run: Erasure) -> str:
    """Draw how the heat of single runs scatters, against the mean and ln 2; say how many lie below it."""
    edges = np.arange(-3, 8.01, 0.25)
    share = np.histogram(run.heat, edges)[0] / run.heat.size
    small = edges[:-1] < LN2
    for name, part, colour in (("below ln 2", small, BLUE), ("above ln 2", ~small, VERMILLION)):
        ax.bar(edges[:-1][part], share[part], 0.25, align="edge", facecolor=colour, alpha=0.6, label=name)
    ax.axvline(LN2, color="black", linestyle="--", linewidth=1, label="ln 2")
    ax.axvline(run.mean_heat, color="black", linestyle="-", linewidth=1.5, label="mean")
    (low, left), (high, right) = sorted([(LN2, "ln 2"), (run.mean_heat, "mean")])
    label(ax, low, 0.18, left, ha="right", va="top", gap=3)
    label(ax, high, 0.18, right, va="top", gap=3)
    ax.set(xlim=(-3, 8), ylim=(0, 0.18), xlabel="Heat of a single run (kT)")
    title(ax, f"Share of {run.heat.size:,} runs")
    below = np.mean(run.heat < LN2)
    return (
        f"{run.duration:g} a²/D: {run.mean_heat:.2f} kT on average (± {run.heat_error:.2f}); "
        f"{below:.0%} of the runs stay below ln 2."
    )


def chip_table(
    chips: Sequence[Entry], joules: NDArray[np.float64], times: Sequence[Any]
) -> Table[dict[str, str]]:
    """Return the energy of a 16-bit operation, chip by chip, and how often it has the bound: least, most."""
    rows = [
        {
            "chip": chip.name,
            "year": str(chip.year),
            "TFLOP/s": f"{chip.flop_per_second.value / 1e12:,.5g}",
            "W": f"{chip.power.value:,.0f}",
            "J per FLOP": scientific(each),
            "above the bound": " to ".join(map(scientific, above)),
        }
        for chip, each, above in zip(chips, joules, np.transpose(times), strict=True)
    ]
    return Table(rows, caption="16-bit operations at peak, all at the maker's rated power")


def to_the_limits(
    ax: Axes,
    year: NDArray[np.float64],
    joules: NDArray[np.float64],
    four_bit: float,
    *,
    doubling: DoublingTime,
    koomey: float,
    limit: Range,
    bound: ArrayLike,
    end: ArrayLike,
) -> str:
    """Draw joules per operation of chips over the years, extended to the CMOS limit and to the bound.

    `four_bit` is what the last chip takes at 4 bits, `doubling` the pace of the chips and `koomey` a faster
    one of old, in years, `limit` the CMOS limit and `bound` Landauer's for 1 and 32 bits, in joules, `end`
    the year in which the line meets the CMOS limit, the first and the last in which it may.
    """
    last, (one, many) = year[-1], np.asarray(bound)
    ax.axhspan(limit.low, limit.high, facecolor=GREEN, alpha=0.25, linewidth=0, label="CMOS limit, range")
    ax.axhline(limit.value, color=GREEN, linestyle="-", linewidth=1, label="CMOS limit, 4 bits")
    ax.axhspan(one, many, facecolor=BLUE, alpha=0.35, linewidth=0, label="kT ln 2, 1 to 32 bits")
    ahead = np.array([last, 2130.0])
    fast, slow, middle, old = (
        four_bit * 2 ** (-(ahead - last) / pace)
        for pace in (doubling.low, doubling.high, doubling.value, koomey)
    )
    ax.fill_between(ahead, fast, slow, color=VERMILLION, alpha=0.2, linewidth=0, label="the chips' pace, 95%")
    ax.plot(ahead, middle, color=VERMILLION, linestyle="--", linewidth=1.5, label="the chips' pace")
    ax.plot(ahead, old, color="black", linestyle=":", label="Koomey's pace")
    ax.plot(year, joules, "o-", color=VERMILLION, markersize=4, label="16 bits, V100 to GB300")
    ax.plot(last, four_bit, "s", color=VERMILLION, markersize=5, label="4 bits, GB300")
    label(ax, last + 1, joules[-1], "16 bits, V100 to GB300", va="bottom", gap=3)
    label(ax, last + 4, four_bit, "4 bits, GB300", va="center", gap=3)
    label(ax, 2129, limit.value, "CMOS limit, 4 bits", ha="right", va="bottom", gap=2)
    label(ax, 2014, np.sqrt(one * many), "kT ln 2, 1 to 32 bits", va="center")
    label(ax, 2050, 6e-19, "Koomey's pace", ha="right", va="center", gap=1)
    log_axis(ax.yaxis, every=2)
    ax.set(xlim=(2014, 2130), ylim=(2e-22, 1e-10), xlabel="Year")
    title(ax, "Joules per operation at peak")
    meets, soonest, latest = np.asarray(end)
    return (
        f"Energy of a 16-bit operation falls from {scientific(joules[0])} J in {year[0]:.0f} to "
        f"{scientific(joules[-1])} J in {last:.0f}, of a 4-bit one it is {scientific(four_bit)} J. "
        f"Extended at the same pace, that line meets the band of the CMOS limit around {meets:.0f} "
        f"({soonest:.0f} to {latest:.0f}), {np.log10(limit.value / one):.1f} orders of magnitude "
        "above kT ln 2 for a single bit."
    )
