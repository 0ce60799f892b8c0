"""Drawings of the chapter on what "efficient compute frontier" means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from frontier.knee import BrokenLaw, Design, KneeTest
from frontier.measuring import Frontier
from frontier.show.style import COLORS, MAIN, dot, label, log_axis, title
from frontier.show.words import scientific
from frontier.sweep import Runs

Array = NDArray[np.float64]

BLUE, VERMILLION, GREEN = COLORS["blue"], COLORS["vermillion"], COLORS["green"]
DASHED, DOTTED, DASHDOT = (0, (4, 2)), (0, (1, 1.5)), (0, (5, 1.5, 1, 1.5))
LINE: dict[str, Any] = {"color": VERMILLION, "linestyle": "-", "linewidth": 2.2, "label": "the frontier"}
NOTE: dict[str, Any] = {"color": "black", "linestyle": DOTTED, "linewidth": 1}


def on_paper(ax: Axes, line: tuple[Array, Array], flop: Array, loss: Array, at: float) -> str:
    """Draw a frontier on plain axes, with the knee that one sees `at` a budget, and small on log axes.

    `line` is compute and loss of the whole frontier, `flop` and `loss` are the part that is on the paper.
    """
    end, (top, low) = flop[-1], loss[[0, -1]]
    across, down = flop / end, (loss - low) / (top - low)
    ax.plot(across, down, **LINE | {"color": BLUE, "label": "on plain axes"})
    there = float(np.interp(at, flop, down))
    ax.plot(at / end, there, "o", color=VERMILLION, markersize=7, label="the bend")
    label(ax, 0.02, -0.03, f"looks like the end: {scientific(at)}", va="top")
    ax.set(xlim=(-0.02, 1.02), ylim=(-0.28, 1.05), xlabel="Compute (FLOP), plain axis")
    ax.set_xticks([0, 1], ["0", scientific(end)])
    ax.get_xticklabels()[1].set(ha="right")
    ax.set_yticks([0, 1], [f"{low:.2f}", f"{top:.2f}"])
    title(ax, "A bend that moves with the paper\nLoss (nats per token)")
    small = ax.inset_axes((0.42, 0.48, 0.56, 0.36))
    small.set_facecolor("none")
    small.spines[["top", "right"]].set_visible(False)
    small.plot(*line, color="black", linestyle="-", linewidth=1, label="on logarithmic axes")
    small.plot(flop[::50], loss[::50], color=BLUE, linestyle="-", linewidth=4, alpha=0.5)
    dot(small, at, float(np.interp(at, flop, loss)), "the same place", color=VERMILLION, draggable=True)
    log_axis(small.xaxis, every=4)
    log_axis(small.yaxis)
    small.set(xlim=(1e18, 1e28), ylim=(1.75, 3.7), yticks=[])
    title(small, "Logarithmic axes")
    return (
        f"On paper that ends at {scientific(end)} FLOP the gains seem to run out at {scientific(at)}, "
        f"{at / end:.0%} of the way."
    )


def lower_envelope(
    ax: Axes, ours: Runs, trunks: Mapping[float, tuple[Array, Array]], best: Frontier, run: int, times: float
) -> str:
    """Draw our runs, the lowest at each budget, and what the run at index `run` could have had instead.

    `trunks` holds a training curve for each size; `times` is how many times the least compute the run spent.
    """
    for size, curve in trunks.items():
        look: dict[str, Any] = {"color": "black", "linestyle": "-", "linewidth": 0.6, "alpha": 0.35}
        ax.plot(*curve, **look, label=f"{size:,.0f} parameters")
    empty: dict[str, Any] = {"color": VERMILLION, "alpha": 0.12, "linewidth": 0}
    ax.fill_between(best.flop, best.loss, 1.0, **empty, label="none of these runs")
    ax.plot(ours.budget, ours.loss, ".", color=BLUE, markersize=4, label="runs")
    ax.plot(best.flop, best.loss, marker="o", markersize=4.5, **LINE)
    flop, loss = float(ours.budget[run]), float(ours.loss[run])
    below = float(np.interp(flop, best.flop, best.loss))
    arrow = {"arrowstyle": "->", "color": "black", "linewidth": 1.2, "shrinkA": 4, "shrinkB": 1}
    ax.annotate("", (flop / times, loss), (flop, loss), arrowprops=arrow)
    ax.annotate("", (flop, below), (flop, loss), arrowprops=arrow | {"shrinkB": 4})
    ax.plot(flop, loss, "s", color="black", markersize=6, label="a worse use")
    words = f"a worse use:\nsame loss for\n{1 / times:.0%} of it, or\n{loss - below:.2f} lower"
    label(ax, flop, loss, words, gap=7)
    label(ax, 1.15e11, 1.13, "below the line:\nnone of these runs")
    label(ax, best.flop[-1], best.loss[-1], "the frontier", va="center", gap=7)
    log_axis(ax.xaxis)
    ax.set(xlim=(8e10, 2e14), ylim=(1.05, 2.3), xlabel="Training compute (FLOP)")
    ax.set_xticks([1e11, 1e12, 1e13])
    title(ax, "A line, and no point on it is the end\nHeld-out loss (nats per byte)")
    return (
        f"{len(ours)} dots, the finished runs of {len(trunks)} sizes of model, with their "
        f"training curves. A thick line joins the lowest dot at each of {len(best.loss)} budgets and falls "
        f"from {best.loss[0]:.2f} to {best.loss[-1]:.2f} nats per byte; no dot lies below. From a dot above "
        f"the line, at {scientific(flop)} FLOP and {loss:.2f} nats, an arrow leads left to the line, to "
        f"{1 / times:.0%} of the compute, and one down to it, to {below:.2f} nats."
    )


def models_on_the_frontier(
    ax: Axes,
    names: Sequence[str],
    flop: Array,
    excess: Array,
    ends: Array,
    too_large: Array,
    unnamed: int = 0,
) -> str:
    """Draw how many times the least compute each model spent, against its compute.

    `ends` has the two ends of the interval of each; the first `unnamed` models are small and without a name.
    """
    ax.axhline(1, **LINE)
    for k, name in enumerate(names):
        marker, colour = ("^", BLUE) if too_large[k] else ("v", GREEN)
        bar: dict[str, Any] = {"color": colour, "linestyle": "-", "linewidth": 1, "alpha": 0.7}
        ax.plot([flop[k]] * 2, ends[:, k], **bar, label=f"{name}, 95%")
        size = 3.5 if k < unnamed else 5.5
        ax.plot(flop[k], excess[k], marker, color=colour, markersize=size, label=name)
    for k, name in enumerate(names[unnamed:], unnamed):
        if name in ("Gopher", "PaLM"):
            label(ax, flop[k], ends[1, k], name, ha="right" if name == "Gopher" else "left", gap=2)
        elif name in ("GPT-3", "Llama 3 8B", "Llama 3 70B"):
            label(ax, flop[k], excess[k], name, ha="left" if "70B" in name else "right", va="center", gap=6)
        elif name == "Chinchilla":
            label(ax, flop[k], 1, name, ha="right", va="top", gap=7)
        elif name == "Llama 3.1 405B":
            label(ax, flop[k], 1, "Llama 3.1\n405B", ha="center", va="top", gap=7)
    if unnamed:
        label(ax, flop[0], excess[0], "small GPT-3", gap=7)
    shown = [ax.plot([], [], m, color=c, markersize=5.5)[0] for m, c in (("^", BLUE), ("v", GREEN))]
    ax.legend([*shown, ax.lines[0]], ["too large", "trained longer", "the frontier"], loc="upper right")
    log_axis(ax.xaxis)
    log_axis(ax.yaxis)
    ax.set(xlim=(1e20, 1e27), ylim=(0.42, 20), xlabel="Training compute (FLOP)")
    ax.set_yticks([1, 2, 5, 10])
    title(ax, "Models stand on the line at every budget\nCompute, over the least for the same loss")
    listed = ", ".join(
        f"{name} {x:.2f} ({low:.2f} to {high:.2f})"
        for name, x, low, high in list(zip(names, excess, *ends, strict=True))[unnamed:]
    )
    return (
        "Models by compute, and how many times the least compute for their loss they spent, both axes "
        "logarithmic; the frontier is the line at 1. Models lie on it and above it at every budget. "
        f"Triangles point up for models too large for their data, down for those trained longer. {listed}."
    )


def three_laws(ax: Axes, flop: Array, loss: Array, test: KneeTest, straight: KneeTest, noise: float) -> str:
    """Draw points and laws, less the smooth law of `test`; the band is twice the noise between seeds."""
    fine = np.geomspace(flop[0], flop[-1], 200)

    def off(law: BrokenLaw, at: Array) -> Array:
        return np.asarray(1e3 * (np.asarray(law.loss(at)) - np.asarray(test.smooth.loss(at))))

    band: dict[str, Any] = {"color": "black", "alpha": 0.1, "linewidth": 0}
    ax.axhspan(-2e3 * noise, 2e3 * noise, **band, label="twice the noise between seeds")
    ax.axhline(0, **MAIN, label="smooth, E fitted")
    dashed: dict[str, Any] = {"linestyle": DASHED, "linewidth": 1.5}
    ax.plot(fine, off(test.broken, fine), color=VERMILLION, **dashed, label="broken, E fitted")
    dashed["linestyle"] = DASHDOT
    ax.plot(fine, off(straight.smooth, fine), color=GREEN, **dashed, label="straight line on log axes")
    rest = 1e3 * (loss - np.asarray(test.smooth.loss(flop)))
    ax.plot(flop, rest, "o", color="black", markersize=4, label="our frontier")
    ax.legend(handles=ax.lines[:3], loc="lower center")
    log_axis(ax.xaxis)
    ax.set(xlabel="Training compute (FLOP)", xlim=(8e10, 1.3e13))
    title(ax, "Without a floor a law fails\nLoss less smooth law (nats / 1000)")
    return (
        f"The {len(flop)} points of our frontier less a smooth law with E scatter about zero, by at most "
        f"{np.max(np.abs(rest)):.0f} thousandths of a nat, within twice the noise between seeds. A broken "
        f"law with its own E stays within {np.max(np.abs(off(test.broken, fine))):.0f} of the smooth one. A "
        f"straight line on log axes lies up to {np.max(np.abs(off(straight.smooth, flop))):.0f} off, too low "
        "at the ends, too high within."
    )


def power_curves(ax: Axes, kept: Sequence[float], shares: Mapping[str, Sequence[float]], naive: float) -> str:
    """Draw how often a break is found against what it leaves of the slope; `naive` is the test without E."""
    looks = ((VERMILLION, "-", "o"), (BLUE, DASHED, "s"), (GREEN, DASHDOT, "^"))
    for (name, share), (colour, dash, marker) in zip(shares.items(), looks, strict=False):
        look: dict[str, Any] = {"color": colour, "linestyle": dash, "marker": marker, "markersize": 3.5}
        ax.plot(100 * np.asarray(kept), 100 * np.asarray(share), **look, label=name)
    ax.axhline(5, **NOTE, label="false alarms allowed")
    ax.plot(100, 100 * naive, "X", color="black", markersize=8, label="no break, no E fitted")
    label(ax, 100, 100 * naive, "no break,\nno floor", va="center", gap=9)
    ax.legend(handles=ax.lines[: len(shares)], title="Measured at", loc="center right")
    label(ax, 188, 5, "false alarms", ha="right", va="bottom", gap=2)
    ax.set(xlim=(0, 190), ylim=(0, 112), xlabel="Pace left after the break (%)")
    ax.set_xticks([0, 25, 50, 75, 100])
    ax.set_yticks([0, 25, 50, 75, 100])
    title(ax, "The milder a break, the better it hides\nBreaks found (% of simulated frontiers)")
    listed = "; ".join(
        f"{name}: " + ", ".join(f"{share:.0%} at {part:.0%}" for part, share in zip(kept, row, strict=True))
        for name, row in shares.items()
    )
    return (
        f"How often a break is reported, by the slope it leaves. Budgets: {listed}. "
        f"With no E fitted and no break: {naive:.0%}."
    )


def slowdown(kept: float) -> str:
    """Say how much of its pace progress keeps after a break."""
    return "unchanged" if kept == 1 else "dead stop" if kept == 0 else f"slows to {kept:.0%}"


def planted(ax: Axes, design: Design, kept: float, points: Array, smooth: BrokenLaw, share: float) -> str:
    """Draw points of a simulated frontier with a break, the truth, and the smooth law fitted to them.

    The break leaves a part `kept` of the slope; `share` is how often the test reports it.
    """
    budgets, law, _noise = design
    fine, truth = np.geomspace(budgets[0], budgets[-1], 25), design.broken(kept)
    ax.plot(fine, law.loss(fine), **NOTE, label="had it not broken")
    ax.plot(fine, smooth.loss(fine), **MAIN, label="best smooth law")
    ax.plot(fine, truth.loss(fine), color=VERMILLION, linestyle=DASHED, linewidth=1.5, label="truth")
    ax.plot(budgets, points, "o", color="black", markersize=3.5, label="points")
    ax.axvline(truth.at, ymax=0.12, color=VERMILLION, linewidth=1, linestyle="-", label="break")
    start, end = np.asarray(law.loss(budgets[[0, -1]]))
    log_axis(ax.xaxis, every=1 if budgets[-1] / budgets[0] < 1e4 else 2)
    margin = (budgets[-1] / budgets[0]) ** 0.06
    ax.set(xlim=(budgets[0] / margin, budgets[-1] * margin), xlabel="Training compute (FLOP)")
    ax.set_ylim(end - 0.12 * (start - end), start + 0.08 * (start - end))
    title(ax, "Can you see the break?\nLoss (nats)")
    ax.legend(handles=ax.lines[2::-1], loc="upper right")
    said = f"Progress slows to {kept:.0%} of its pace"
    said = "No break" if kept == 1 else "A dead stop" if kept == 0 else said
    return (
        f"{said}: reported in about {share:.0%} of simulated frontiers. "
        f"The smooth law puts the floor at {smooth.E:.2f}; the truth is {law.E:.2f}."
    )


def moving_frontier(
    ax: Axes, flop: Array, loss: Array, years: float, fewer: Sequence[float], at: float, reached: float
) -> str:
    """Draw the frontier and where it lies after `years` in which the compute for a fixed loss shrinks.

    `fewer` is by what factor it has shrunk (value, low end, high end); `at` is the budget that has the loss
    `reached` at first.
    """
    times, least, most = fewer
    band: dict[str, Any] = {"color": BLUE, "alpha": 0.15, "linewidth": 0}
    ax.fill_betweenx(loss, flop / most, flop / least, **band, label="later, 95%")
    first = ax.plot(flop, loss, color="black", linestyle=DASHED, linewidth=1.5, label="at first")
    later = ax.plot(flop / times, loss, color=BLUE, linestyle="-", linewidth=2.2, label="later")
    ax.plot([1e18, at], [reached, reached], **NOTE | {"color": VERMILLION}, label="one loss")
    dot(ax, at / times, reached, "the same loss, later", color=VERMILLION, size=8, draggable=True)
    log_axis(ax.xaxis, every=2)
    ax.set(xlim=(1e18, 1e26), ylim=(1.8, 2.9), xlabel="Training compute (FLOP)")
    ax.legend(handles=[*first, *later], loc="upper right")
    title(ax, "The same loss, ever cheaper\nLoss (nats per token)")
    if years == 0:
        return f"At first a loss of {reached:.2f} nats takes {scientific(at)} FLOP."
    return (
        f"After {years:g} years the loss that took {scientific(at)} FLOP takes {scientific(at / times)} "
        f"({scientific(at / most)} to {scientific(at / least)})."
    )
