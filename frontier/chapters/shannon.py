"""Drawings and tables of the chapter on Shannon's theory and distributed training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from frontier.codes import ErrorRates
from frontier.network import BatchCost
from frontier.quantizers import lloyd_max
from frontier.show.style import COLORS, CYCLE, dot, label, log_axis, title
from frontier.show.table import Table
from frontier.show.words import compact_number, scientific

Array = NDArray[Any]

BLUE, VERMILLION, GREEN = COLORS["blue"], COLORS["vermillion"], COLORS["green"]
LINKS = {  # of the registry, in words
    "TPU host PCIe": "slot of a server",
    "TPU data-centre network": "Google’s network",
    "Llama 3 network": "Meta’s network",
    "TPU v5p ICI link": "Google, chip to chip",
    "NVLink 4": "Nvidia, chip to chip",
    "19-core fibre": "record fibre, Japan",
}
STEPS = 1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.4, 8
RATES = (*(step * 10.0**k for k in range(10, 15) for step in STEPS), 1e15)  # bits/s, of the sliders


def short(seconds: float) -> str:
    """Write a time in the unit people would use."""
    if seconds >= 1:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{float(f'{seconds * 1e3:.2g}'):g} ms"


def tokens(n: float) -> str:
    """Write a number of tokens."""
    return f"{compact_number(n)} tokens"


def speed(bits_per_second: float) -> str:
    """Write the rate of a link, in gigabits a second."""
    return f"{bits_per_second / 1e9:,.1f}".removesuffix(".0")


def decibel(ratio: Any) -> Any:
    """Return a ratio in decibels, the unit of the chapter's drawings and of nothing else."""
    return 10 * np.log10(ratio)


# --- GPT-3's gradients over links --------------------------------------------------------------------


def link_table(rates: Mapping[str, float], times: Mapping[str, float], step: float) -> Table[dict[str, str]]:
    """Return what each link carries, what an all-reduce takes over it, and how many steps that is."""
    rows = [
        {
            "link": LINKS[name],
            "Gb/s": f"{rates[name] / 1e9:,.0f}",
            "all-reduce": short(time),
            "share of a step": f"{time / step:.0%}" if time > 0.01 * step else f"{time / step:.2%}",
        }
        for name, time in times.items()
    ]
    return Table(rows, caption="GPT-3's gradients, summed over links of one direction's rate")


def ladder(
    ax: Axes, times: Mapping[str, float], rate: float, own: float, at_capacity: float, step: float
) -> str:
    """Draw the time of an all-reduce over each link, and over one of this rate, as it is and at capacity."""
    rows = [*map(LINKS.__getitem__, times), "your link"]
    for y, (name, time) in enumerate(times.items()):
        dot(ax, time, y, name, color=BLUE, size=6)
    y, best = len(times), own * at_capacity
    ax.plot(best, y, "|", color=VERMILLION, markersize=16, markeredgewidth=2.5, label="at Shannon’s limit")
    dot(ax, own, y, "your link", color=VERMILLION, size=7, draggable=True)
    ax.axvline(step, color="black", linestyle="--", linewidth=0.8, label="one step of GPT-3")
    label(ax, step, 0.5, "one step", ha="right", va="center", gap=4)
    ax.set_yticks(range(len(rows)), rows)
    log_axis(ax.xaxis, every=2)
    ax.set(xlim=(2e-3, 1e3), ylim=(-0.6, len(rows) - 0.3), xlabel="Seconds to sum all gradients")
    ax.grid(axis="x", color="gray", alpha=0.25, linewidth=0.5)
    ax.tick_params(axis="y", length=0)
    title(ax, "The link counts, not the code")
    return f"{speed(rate)} gigabits a second: {short(own)}, or {short(best)} with codes at Shannon’s limit."


def scaling(
    ax: Axes, chips: Array, overlapped: Array, alone: Array, most: tuple[float, float], bit_rate: float
) -> str:
    """Draw efficiency against the number of chips, with and without overlap; say how far it goes."""
    for y, colour, style, words in (
        (overlapped, BLUE, "-", "overlapped"),
        (alone, VERMILLION, "--", "one after the other"),
    ):
        ax.plot(chips, y, color=colour, linestyle=style, linewidth=1.8, label=words)
    ax.axvline(chips[-1], color="black", linestyle=":", linewidth=1, label="one sequence a copy")
    dot(ax, min(most[0], 6e6), 0.9, "90%", color=BLUE, size=7, draggable=True)
    log_axis(ax.xaxis)
    ax.set(xlim=(64, 6e6), ylim=(0, 1.1), xlabel="Chips (H100)")
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25%", "50%", "75%", "100%"])
    title(ax, "A faster link feeds more chips, to a point\nShare of the time spent computing")
    far, near = (compact_number(n) for n in most)
    return f"{speed(bit_rate)} Gb/s: {far} chips 90% busy, {near} without overlap."


def batch_table(multiples: ArrayLike, cost: BatchCost) -> Table[dict[str, str]]:
    """Return what a batch costs in steps and in examples, by multiples of the critical one."""
    rows = [
        {
            "batch over critical": f"{multiple:g}",
            "steps over fewest": f"{steps:.2f}",
            "compute over least": f"{examples:.2f}",
        }
        for multiple, steps, examples in zip(*map(np.asarray, (multiples, *cost)), strict=True)
    ]
    return Table(rows, caption="The price of a batch, to reach the same loss")


# --- Codes -------------------------------------------------------------------------------------------


def needed(run: ErrorRates, share: float) -> float:
    """Return the Eb/N0, in decibels, at which a code loses this share of words, between simulated ones."""
    y = np.maximum.accumulate(np.asarray(run.word_error_rate)[::-1])[::-1]
    return float(np.interp(-np.log(share), -np.log(np.maximum(y, 1e-9)), decibel(run.ebn0)))


def waterfall(ax: Axes, runs: Mapping[int, ErrorRates], energy: Mapping[int, float], limit: float) -> str:
    """Draw how many words are lost against the energy for each bit, for codes of several lengths.

    `energy` is where each loses one word in ten, and `limit` where words begin to arrive, in decibels.
    """
    for (length, run), colour, marker in zip(runs.items(), CYCLE, "osD^", strict=False):
        x, y, low, high = (
            np.asarray(part) for part in (decibel(run.ebn0), run.word_error_rate, run.word_low, run.word_high)
        )
        seen = y * run.n_words > 2.5  # fewer lost words say nothing
        x, y, low, high = x[seen], y[seen], low[seen], high[seen]
        bars = [np.clip(y - low, 0, None), np.clip(high - y, 0, None)]
        look: dict[str, Any] = {"color": colour, "marker": marker, "markersize": 4, "linewidth": 1.2}
        ax.errorbar(x, y, bars, **look, label=f"{length:,} bits")
        longest = length == max(runs)
        foot, side, gap = (y, "right", 4) if longest else (low, "center", 2)
        label(ax, x[-1], foot[-1], f"{length:,} bits", ha=side, va="top", gap=gap)
    ax.axvline(limit, color="black", linestyle="--", linewidth=1, label="Shannon's limit")
    label(ax, limit, 1.5e-4, "Shannon's limit", gap=4)
    ax.axvspan(-0.4, limit, facecolor="gray", alpha=0.15)
    log_axis(ax.yaxis)
    ax.set(xlim=(-0.4, 5.4), ylim=(1e-4, 1.3), xlabel="Energy per data bit, Eb/N0 (dB)")
    title(ax, "Longer codes come nearer to the limit\nShare of words received wrong")
    told = "; ".join(f"{length:,} bits: one word in ten at {db:.1f} dB" for length, db in energy.items())
    return (
        f"Share of words received wrong against energy per bit, falling curves that grow steeper and move "
        f"left with the length of the code, towards a line at {limit:.2f} dB: {told}."
    )


def energy_table(energies: Mapping[str, float]) -> Table[dict[str, str]]:
    """Return energies of a bit in joules and over the first of them, which is kT ln 2."""
    floor = next(iter(energies.values()))
    rows = [
        {"one bit": name, "joules": scientific(joules, 3), "over kT ln 2": compact_number(joules / floor, 3)}
        for name, joules in energies.items()
    ]
    return Table(rows, caption="Energy for one bit, with the noise of room temperature")


# --- Gradients with fewer bits -----------------------------------------------------------------------


def fitted_error(slopes: Sequence[Array], bits: int) -> float:
    """Return the error of rounding with levels fitted to each matrix itself, by the method of Lloyd.

    It starts from the levels for Gaussian values and can only get better: each value goes to the nearest
    level, each level to the mean of its values.
    """
    lost = 0.0
    for m in slopes:
        x, n = m.ravel(), 2**bits
        levels = np.sqrt(np.mean(x**2)) * lloyd_max(bits).levels
        for _ in range(100):
            cell = np.searchsorted((levels[1:] + levels[:-1]) / 2, x)
            count = np.bincount(cell, minlength=n)
            levels = np.where(count, np.bincount(cell, x, n) / np.maximum(count, 1), levels)
        lost += float(np.min(np.abs(x[:, None] - levels) ** 2, axis=1).sum())
    return lost / sum(float(np.sum(m**2)) for m in slopes)


def gaussian_share(share: float) -> float:
    """Return which part of all squares the largest of Gaussian values hold: share + 2 t phi(t)."""
    t = -ndtri(share / 2)  # beyond it, on both sides, lies this share
    return float(share + 2 * t * np.exp(-(t**2) / 2) / np.sqrt(2 * np.pi))


def rate_distortion(
    ax: Axes, limit: Array, gaussian: Array, own: Array, sparse: Array, least: Sequence[float]
) -> str:
    """Draw error against bits for Gaussian values, and for a gradient: rounded, or only its largest sent.

    Each series has a column of bits and one of errors; those of rounding begin at one bit. `least` is the
    limit at the bits of `sparse`.
    """
    for points, name, look in (
        (limit, "limit for Gaussian values", {"color": "black", "linestyle": "-", "linewidth": 1.2}),
        (gaussian, "rounded: Gaussian", {"color": BLUE, "linestyle": "--", "marker": "o", "mfc": "none"}),
        (own, "rounded: a gradient", {"color": VERMILLION, "linestyle": "-.", "marker": "s"}),
        (sparse, "largest only: the same gradient", {"color": GREEN, "linestyle": ":", "marker": "D"}),
    ):
        ax.plot(*np.transpose(points), markersize=5, label=name, **look)
    at = float(np.exp(np.interp(3.8, limit[:, 0], np.log(limit[:, 1]))))
    label(ax, 3.8, at, "limit for\nGaussian values", ha="right", va="top", gap=6)
    label(ax, gaussian[4, 0], gaussian[4, 1], "rounded: Gaussian", gap=3)
    label(ax, own[3, 0], own[3, 1], "rounded: a gradient", gap=5)
    label(ax, 0.05, 0.035, "largest\nonly", va="top", gap=2)
    log_axis(ax.yaxis)
    ax.set(xlim=(0, 7.4), ylim=(2e-4, 1.6), xlabel="Bits for each value")
    title(ax, "Few values hold much of a gradient\nSquared error, over the squares of all")
    where = ["below" if error < bound else "above" for error, bound in zip(sparse[:, 1], least, strict=True)]
    return (
        f"Squared error against bits a value. Limit for Gaussian values: a quarter for each bit more. "
        f"Gaussian values rounded one by one: {gaussian[1, 1]:.2g} at 2 bits. A gradient at the end of "
        f"training rounded to the same levels: {own[1, 1]:.2g} at 2 bits, {own[3, 1]:.2g} at 4. Of the same "
        f"gradient only the largest 1% sent: {sparse[1, 1]:.2g} at {sparse[1, 0]:.2g} bits, {where[1]} the "
        f"limit for Gaussian values, {least[1]:.2g}. The largest 3%: {sparse[2, 1]:.2g} at "
        f"{sparse[2, 0]:.2g} bits, {where[2]} the limit, {least[2]:.2g}."
    )


def extra(losses: Mapping[str, Array], name: str) -> str:
    """Write how much more loss a way to send leaves, run by run: mean, least and most."""
    more = losses[name] - losses["everything"]
    return f"{more.mean():.2f} ({more.min():.2f} to {more.max():.2f})"


def training_table(losses: Mapping[str, Array], bits: Mapping[str, float]) -> Table[dict[str, str | None]]:
    """Return the loss after training for each way to send gradients, with its bits a value."""
    rows: list[dict[str, str | None]] = [
        {
            "sent": name,
            "bits a value": f"{bits[name]:.3g}",
            "times fewer": f"{32 / bits[name]:.0f}",
            "loss, nats": f"{found.mean():.2f}",
            "extra loss (least to most)": None if name == "everything" else extra(losses, name),
        }
        for name, found in losses.items()
    ]
    return Table(rows, caption="Loss on new text after 200 steps of two workers, mean of the runs")
