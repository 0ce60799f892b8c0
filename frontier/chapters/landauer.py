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
from frontier.show.style import COLORS, dot, label, log_axis, title, without_y
from frontier.show.table import Table
from frontier.show.words import compact_number, scientific

BLUE, VERMILLION, GREEN = COLORS["blue"], COLORS["vermillion"], COLORS["green"]
ROOM = 300.0  # kelvin
BITS = 1.0, 32.0  # erased per operation, at least and at most: the assumption of the chapter
MWH = 3.6e9  # joules
LN2 = float(np.log(2))
CHESS = "chess: all games"
STAGES = "The wall goes down", "The floor tilts", "The wall comes back", "The floor levels"
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
    """A step of the ladder, in joules: what was used, and the bound if each operation erased one bit."""

    name: str
    used: Range | None
    bound: float | None


def ladder(ax: Axes, rungs: Sequence[Rung], bits: float) -> str:
    """Draw what each rung used, and what the bound asks at so many bits an operation; the lowest is one bit.

    Say how far above the bound all of chess is.
    """
    link: dict[str, Any] = {"color": "gray", "linestyle": ":", "linewidth": 0.8}
    for y, (name, used, bound) in enumerate(rungs):
        least = bound if used is None else bound and bound * bits
        if used:
            ax.plot([1e-23, used.value], [y, y], **link, label=f"{name}: row")
        if used:
            dot(ax, used.value, y, f"{name}: used", color=VERMILLION, size=5, span=used[1:])
        if least:
            dot(ax, least, y, f"{name}: bound", color=BLUE, marker="D", size=4.5, draggable=name == CHESS)
    ax.set_yticks(range(len(rungs)), [rung.name for rung in rungs])
    ax.tick_params(axis="y", length=0)
    log_axis(ax.xaxis, every=10)
    ax.set(xlim=(1e-23, 1e18), ylim=(-0.7, len(rungs) + 0.3), xlabel="Energy (joules)")
    ax.grid(axis="x", color="gray", alpha=0.25, linewidth=0.5)
    top = rungs[-1]
    if top.used and top.bound:
        label(ax, top.used.value, len(rungs) - 0.9, "used", gap=3)
        label(ax, top.bound * bits, len(rungs) - 0.9, "least", ha="right", gap=3)
    forgets = f"{compact_number(bits)} {'bit' if bits == 1 else 'bits'} an operation"
    used, bound = next((rung.used, rung.bound) for rung in rungs if rung.name == CHESS)
    times = used.value / (bound * bits) if used and bound else np.inf
    title(ax, "Far above the least heat" if times > 1 else "More than chess used: impossible")
    if times > 1:
        return f"{forgets}: chess used {compact_number(times)} times the least heat."
    return f"{forgets}: that cannot be, no chip forgets so much."


def with_error(at: Range, unit: float = 1.0) -> str:
    """Write a value, times `unit`, with the error above it, to two decimals."""
    return f"{at.value * unit:.2f} ± {(at.high - at.value) * unit:.2f}"


def erasing(ax: Axes, run: Erasure, k: int) -> str:
    """Draw one moment of an erasure: the floor, where the particles are, and one of them; say it."""
    moment, began = run.moments[k], run.start > 0
    floor = -22.0  # where the piles stand
    for side, name, colour in ((slice(None), "began right", VERMILLION), (~began, "began left", BLUE)):
        share, edges = np.histogram(moment.position[side], np.linspace(-1.8, 1.8, 31))
        first, *_, last = np.flatnonzero(share)
        top = floor + 40 * np.append(share[first : last + 1], 0) / run.start.size
        look: dict[str, Any] = {"facecolor": colour, "linewidth": 0, "step": "post", "label": name}
        ax.fill_between(edges[first : last + 2], floor, top, **look)
    x = np.linspace(-1.8, 1.8, 61)
    energy = moment.potential(x)
    seen = energy < 34
    ax.plot(x[seen], energy[seen], color="black", linestyle="-", linewidth=1.8, label="the floor")
    at = moment.position[~began][0]
    ax.plot(at, moment.potential(at) + 1.6, "o", color=BLUE, markersize=8, label="one particle")
    without_y(ax)
    ax.spines["bottom"].set_visible(False)
    ax.set(xlim=(-1.8, 1.8), ylim=(floor, 30))
    ax.set_xticks([-1, 1], ["left: 0", "right: 1"])
    ax.tick_params(axis="x", length=0)
    title(ax, "Wherever it began, it ends on the right")
    right, heat = np.mean(moment.position > 0), moment.heat.mean()
    stage = STAGES[min(int(moment.phase), 3)] if moment.phase < 4 else "Erased"
    if stage == "Erased" and heat > LN2:
        said = f"{heat:.2f} kT of heat: {heat - LN2:.1f} more than ln 2, the price of haste"
        return f"{stage}: {right:.0%} on the right. {said}."
    water = f"the water {'gained' if heat >= 0 else 'lost'} {abs(heat):.2f} kT"
    return f"{stage}: {right:.0%} are on the right; {water}."


def heat_against_time(
    axes: Sequence[Axes],
    erased: Sequence[Erasure],
    kept: Sequence[Erasure],
    measured: Mapping[str, Range],
    control: Mapping[str, Range],
) -> str:
    """Draw mean heat over duration, with and without erasure, and below it what experiments found."""
    above, below = axes
    durations = [run.duration for run in erased]
    look: dict[str, Any] = {"color": VERMILLION, "markersize": 5, "linewidth": 1.2}
    for name, runs, marker, face in (
        ("erased", erased, "o", VERMILLION),
        ("only moved", kept, "s", "none"),
    ):
        x, heats, errors = np.array([(run.duration, run.mean_heat, 2 * run.heat_error) for run in runs]).T
        above.errorbar(x, heats, errors, fmt=marker, markerfacecolor=face, **look, label=name)
    best = [run.finite_time_bound for run in erased]
    above.plot(durations, best, color=BLUE, linestyle="-", label="best possible")
    above.axhline(LN2, color="black", linestyle="--", linewidth=0.8, label="ln 2")
    label(above, durations[1], erased[1].mean_heat, "erased", gap=6)
    label(above, 47, LN2, "ln 2", ha="right", gap=3)
    log_axis(above.xaxis)
    above.set(xlim=(1.7, 47), ylim=(-0.15, 3.6), xlabel="Duration (diffusion times)")
    ticks = [2, 4, 8, 16, 32]
    above.set_xticks(ticks, [f"{time:g}" for time in ticks])
    title(above, "Slower is cheaper, but never free\nMean heat (kT), simulated")

    below.axvline(LN2, color="black", linestyle="--", linewidth=0.8, label="ln 2")
    lying: dict[str, Any] = {"color": BLUE, "size": 6, "linewidth": 1.2}
    rows = list(measured)[::-1]
    for found, what, marker, face in ((measured, "erased", "o", BLUE), (control, "only moved", "s", "none")):
        for name, at in found.items():
            dot(below, at.value, rows.index(name), f"{name}, {what}", marker=marker, span=at[1:], **lying)
            below.lines[-1].set_markerfacecolor(face)
    for name, at in control.items():
        label(below, at.high, rows.index(name), "only moved", va="center", gap=5)
    below.set(xlim=(-0.1, 1.7), ylim=(-0.6, len(rows) - 0.4))
    below.set_yticks(range(len(rows)), rows)
    below.tick_params(axis="y", length=0)
    title(below, "Mean heat (kT), measured")
    fell = ", ".join(f"{run.mean_heat:.2f} at {run.duration:g}" for run in erased)
    others = ", ".join(f"{name} {at.value:g}" for name, at in measured.items())
    return (
        f"Mean heat of a simulated erasure falls with its duration, in kT: {fell}; the curve of the best "
        f"possible protocol lies below and both approach a dashed line at ln 2. Without erasure the heat "
        f"falls to {kept[-1].mean_heat:.2f}. Below it, measured in slow cycles: {others}."
    )


def single_runs(ax: Axes, run: Erasure) -> str:
    """Draw how the heat of single runs scatters, against the mean and ln 2; say how many lie below it."""
    edges = np.arange(-3, 8.01, 0.25)
    share = np.histogram(run.heat, edges)[0] / run.heat.size
    cut = int(np.searchsorted(edges, LN2))
    first, *_, last = np.flatnonzero(share)
    for name, ends, colour in (
        ("below ln 2", slice(first, cut), BLUE),
        ("above ln 2", slice(cut, last + 1), VERMILLION),
    ):
        bars = np.append(share[ends], 0), edges[ends.start : ends.stop + 1]
        look: dict[str, Any] = {"facecolor": colour, "alpha": 0.6, "linewidth": 0, "step": "post"}
        ax.fill_between(bars[1], 0, bars[0], **look, label=name)
    ax.axvline(LN2, color="black", linestyle="--", linewidth=1, label="ln 2")
    ax.axvline(run.mean_heat, color="black", linestyle="-", linewidth=1.5, label="mean")
    (low, left), (high, right) = sorted([(LN2, "ln 2"), (run.mean_heat, "mean")])
    label(ax, low, 0.18, left, ha="right", va="top", gap=3)
    label(ax, high, 0.18, right, va="top", gap=3)
    ax.set(xlim=(-3, 8), ylim=(0, 0.18), xlabel="Heat of a single run (kT)")
    ax.set_yticks([0, 0.05, 0.1, 0.15], ["0", "5%", "10%", "15%"])
    title(ax, f"Some runs pay less than ln 2\nShare of {run.heat.size:,} runs")
    below = np.mean(run.heat < LN2)
    return (
        f"{run.duration:g} diffusion times: {run.mean_heat:.2f} ± {run.heat_error:.2f} kT on average; "
        f"{below:.0%} of runs below ln 2."
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
    ax.plot(ahead, old, color="black", linestyle=":", label="the pace of 1946 to 2009")
    ax.plot(year, joules, "o-", color=VERMILLION, markersize=4, label="16 bits, V100 to GB300")
    ax.plot(last, four_bit, "s", color=VERMILLION, markersize=5, label="4 bits, GB300")
    label(ax, last + 3, joules[-1] * 3, "16 bits", va="center", gap=2)
    label(ax, last + 4, four_bit, "4 bits", va="center", gap=3)
    label(ax, 2129, limit.value, "silicon’s limit", ha="right", va="bottom", gap=2)
    label(ax, 2016, np.sqrt(one * many), "Landauer, 1 to 32 bits", va="center", gap=0)
    label(ax, 2048, 6e-19, "old pace", ha="right", va="center", gap=1)
    log_axis(ax.yaxis, every=4)
    ax.set(xlim=(2014, 2130), ylim=(2e-22, 1e-10), xlabel="Year")
    title(ax, "Silicon ends long before Landauer\nJoules per operation at peak")
    meets, soonest, latest = np.asarray(end)
    return (
        f"Energy of a 16-bit operation falls from {scientific(joules[0])} J in {year[0]:.0f} to "
        f"{scientific(joules[-1])} J in {last:.0f}, of a 4-bit one it is {scientific(four_bit)} J. "
        f"Extended at the same pace, that line meets the band of the CMOS limit around {meets:.0f} "
        f"({soonest:.0f} to {latest:.0f}), {np.log10(limit.value / one):.1f} orders of magnitude "
        "above kT ln 2 for a single bit."
    )
