"""Drawings and tables of the chapter on the best model for a budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from frontier.measuring import Frontier
from frontier.scaling import ScalingLaw
from frontier.show.style import BAND, COLORS, MAIN, dot, label, log_axis, title
from frontier.show.table import Table
from frontier.show.words import compact_number, scientific
from frontier.sweep import Runs

Array = NDArray[np.float64]

BLUE, VERMILLION, GREEN, PURPLE = (COLORS[name] for name in ("blue", "vermillion", "green", "purple"))


def isoflop(ax: Axes, law: ScalingLaw, flop: float) -> str:
    """Draw loss against size at one budget, over the path of all minima; say where the minimum is."""
    sizes = np.logspace(7, 13, 73)
    path, best = law.optimal(np.logspace(17, 28, 45)), law.optimal(flop)
    dotted: dict[str, Any] = {"color": "black", "linestyle": ":", "linewidth": 1}
    ax.plot(path.n_params, path.loss, **dotted, label="best size for each budget")
    label(ax, 1e13, law.E, "best size for each budget", ha="right", va="top", gap=6)
    ax.plot(sizes, law.isoflop(flop, sizes), **MAIN, label="this budget")
    x, y = float(best.n_params), float(best.loss)
    dot(ax, x, y, "best size", color=VERMILLION, size=8, draggable=True)
    log_axis(ax.xaxis)
    ax.set(xlim=(1e7, 1e13), ylim=(1.4, 4.2), xlabel="Parameters")
    title(ax, "The best size lies in a flat valley\nLoss (nats per token)")
    return (
        f"{scientific(flop)} FLOP: least loss {best.loss:.2f} nats, "
        f"with {compact_number(float(best.n_params))} parameters "
        f"and {compact_number(float(best.n_tokens))} tokens, "
        f"{compact_number(float(best.tokens_per_param))} per parameter."
    )


def allocations(spent: Mapping[str, tuple[float, float]], flop: float) -> Table[dict[str, str]]:
    """Return the table of the parameters and tokens that each rule buys with a budget."""
    rows = [
        {
            "rule": name,
            "parameters": compact_number(n_params, 3),
            "tokens": compact_number(n_tokens, 3),
            "tokens each": f"{n_tokens / n_params:.1f}",
        }
        for name, (n_params, n_tokens) in spent.items()
    ]
    return Table(rows, caption=f"{scientific(flop, 3)} FLOP, by the rule of each paper")


def tokens_per_param(
    ax: Axes,
    flop: Array,
    rules: Mapping[str, Array],
    band: Array,
    models: Mapping[str, tuple[float, float]],
) -> str:
    """Draw how many tokens a parameter should see, paper by paper, and what two models saw.

    `models` maps a name to its compute in FLOP and its tokens per parameter.
    """
    low, high = band
    ax.fill_between(flop, low, high, **BAND, label="Besiroglu 2024, 95%")
    styles: dict[str, tuple[str, Any]] = {
        "Kaplan 2020": (GREEN, "-."),
        "Hoffmann 2022, approach 3, as printed": (VERMILLION, ":"),
        "Hoffmann 2022, approach 3, unrounded": (VERMILLION, "--"),
        "Hoffmann 2022, approach 1": (PURPLE, (0, (5, 1, 1, 1))),
        "Besiroglu 2024": (BLUE, "-"),
    }
    for name, (colour, style) in styles.items():
        ax.plot(flop, rules[name], color=colour, linestyle=style, label=name)
    label(ax, 2e21, 2.6, "rule of 2020")
    for name, place in {"as printed": 150, "unrounded": 88, "first way": 25, "refit": 14}.items():
        label(ax, flop[-1], place, name, va="center")
    for name, (spent, ratio) in models.items():
        ax.plot(spent, ratio, "o", color="black", markersize=5, label=name)
        label(ax, spent, ratio, name, ha="center", va="top", gap=9)
    log_axis(ax.xaxis, every=2)
    log_axis(ax.yaxis)
    ax.set(xlim=(1e18, 3e29), ylim=(0.8, 400), xlabel="Compute (FLOP)")
    ax.set_xticks([1e18, 1e20, 1e22, 1e24, 1e26])
    title(ax, "Answers spread with the budget\nBest number of tokens per parameter")
    seen = ", ".join(f"{name} at {ratio:.1f}" for name, (_spent, ratio) in models.items())
    return (
        "Best number of training tokens per parameter against compute. The rule of Kaplan falls below one. "
        "Approach 3 of Hoffmann rises steadily, as printed more than unrounded. Approach 1 and the refit of "
        f"Besiroglu stay near 20, with a band that widens to {low[-1]:.0f} to {high[-1]:.0f}. Marked: {seen}."
    )


def over_six(
    ax: Axes,
    contexts: Array,
    over: Mapping[str, Array],
    trained: Mapping[str, tuple[float, float]],
) -> str:
    """Draw how many times 6ND each model costs at each context, with a dot where it was trained.

    `over` maps a name to its ratio at each of the `contexts`, `trained` to the context and the ratio there.
    """
    looks: list[Any] = [(PURPLE, (0, (5, 1, 1, 1))), (VERMILLION, "--"), (GREEN, "-."), (BLUE, "-")]
    apart = 0, 0, 0.12, -0.12  # how far a name stands off its curve, so that none hides another
    for (name, ratio), (colour, style), off in zip(over.items(), looks, apart, strict=True):
        ax.plot(contexts, ratio, color=colour, linestyle=style, label=name)
        label(ax, contexts[-1], ratio[-1] + off, name, va="center")
        if name in trained:
            ax.plot(*trained[name], "o", color=colour, markersize=5, label=f"{name} in training")
    ax.axhline(1, color="black", linewidth=0.7, linestyle=":", label="6ND")
    ticks = contexts[0] * 4.0 ** np.arange(4)
    ax.set(xscale="log", xlim=(contexts[0], 8 * contexts[-1]), ylim=(0.8, 5.6), xlabel="Context (tokens)")
    ax.set_xticks(ticks, [f"{length:,.0f}" for length in ticks])
    ax.minorticks_off()
    title(ax, "Long texts cost far more than 6ND\nTraining compute, over 6ND")
    ends = "; ".join(f"{name} from {ratio[0]:.2f} to {ratio[-1]:.2f}" for name, ratio in over.items())
    dots = ", ".join(f"{name} {times:.2f} at {length:,.0f}" for name, (length, times) in trained.items())
    return (
        f"Training compute over 6ND against context, from {contexts[0]:,.0f} to {contexts[-1]:,.0f} tokens. "
        f"All curves start near 1 and rise with the context: {ends}. In training: {dots}."
    )


def training_curves(
    ax: Axes, ours: Runs, trunks: Mapping[float, tuple[Array, Array]], best: Frontier, made: Runs
) -> str:
    """Draw the training curve of each size, the cooled-down end points, and their lower envelope.

    `made` is the run that was predicted, marked by a star.
    """
    sizes = list(trunks)
    ends: dict[float, dict[str, Any]] = {
        sizes[0]: {"color": GREEN, "linestyle": "--", "linewidth": 1.8},
        sizes[-1]: {"color": PURPLE, "linestyle": "-.", "linewidth": 1.8},
    }
    look: dict[str, Any] = {"color": "black", "linestyle": "-", "linewidth": 0.7, "alpha": 0.4}
    drawn = {
        size: ax.plot(*curve, **ends.get(size, look), label=f"{size:,.0f} parameters")[0]
        for size, curve in trunks.items()
    }
    ax.plot(ours.flop, ours.loss, ".", color=BLUE, markersize=4, label="end points")
    line: dict[str, Any] = {"color": VERMILLION, "linestyle": "-", "linewidth": 2.5}
    ax.plot(best.flop, best.loss, **line, label="the frontier")
    ax.plot(made.flop, made.loss, "*", color="black", markersize=9, label="one run more")
    named = [f"{sizes[0]:,.0f}", compact_number(sizes[-1])]
    ax.legend([drawn[size] for size in ends], named, title="Parameters", loc="upper right")
    label(ax, 3e11, float(np.interp(3e11, best.flop, best.loss)), "the frontier", ha="right", va="top", gap=7)
    label(ax, made.flop[0], made.loss[0], "one run more", ha="center", va="top", gap=7)
    log_axis(ax.xaxis)
    ax.set(xlim=(1e10, 1e14), ylim=(0.85, 3.4), xlabel="Training compute (FLOP)")
    title(ax, "Larger models start later and pass below\nHeld-out loss (nats per byte)")
    return (
        f"Training curves of {len(sizes)} models from {sizes[0]:,.0f} to {sizes[-1]:,.0f} parameters, and "
        f"{len(ours)} dots where they were cooled down. Small models fall first and slow down, larger ones "
        "start later and pass below them. The lower envelope, a "
        f"thick line, falls from {best.loss[0]:.2f} to {best.loss[-1]:.2f} nats per byte, ever more slowly "
        f"and without a step. A star at {scientific(made.flop[0])} FLOP continues it at {made.loss[0]:.2f}."
    )


def exponents(
    values: Sequence[float], ends: Sequence[Array], published: Mapping[str, tuple[float, str]]
) -> Table[dict[str, str]]:
    """Return the table of our exponents of the best size by the three approaches, beside published ones.

    The third of ours stands twice, by two counts of FLOP; a published one comes with the count behind it.
    """
    ways = ("1, envelope", "2, isoFLOP curves", *["3, parametric fit"] * 2)
    rows = [
        {"who": f"ours, {way}", "FLOP": count, "exponent": f"{value:.2f} ({low:.2f} to {high:.2f})"}
        for way, count, value, (low, high) in zip(ways, [*["all"] * 3, "6ND"], values, ends, strict=True)
    ]
    rows += [{"who": who, "FLOP": count, "exponent": f"{x:.2f}"} for who, (x, count) in published.items()]
    return Table(rows, caption="Best size grows as compute to this power; all FLOP: with attention")
