"""Drawings and tables of the chapter on the law of diminishing returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from frontier import registry, scaling
from frontier.chapters.frontier import LARGEST_RUN as LARGEST_RUN
from frontier.chapters.frontier import halving_months
from frontier.show.style import COLORS, label, log_axis, title
from frontier.show.table import Table
from frontier.show.words import compact_number, scientific

BLUE, VERMILLION, GREEN, PURPLE = (COLORS[name] for name in ("blue", "vermillion", "green", "purple"))

RULES: dict[str, Any] = {
    "Kaplan 2020": scaling.KAPLAN_2020,
    "Hoffmann 2022, approach 1": scaling.HOFFMANN_2022_APPROACH_1,
    "Hoffmann 2022, approach 2": scaling.HOFFMANN_2022_APPROACH_2,
    "Hoffmann 2022, approach 3, as printed": scaling.HOFFMANN_2022_ROUNDED,
    "Hoffmann 2022, approach 3, unrounded": scaling.HOFFMANN_2022,
    "Besiroglu 2024": scaling.BESIROGLU_2024,
}


def interval(draws: ArrayLike) -> NDArray[np.float64]:
    """Return the two ends that hold 95% of the draws, which run along the last axis."""
    return np.asarray(np.quantile(np.asarray(draws), [0.025, 0.975], axis=-1))


def gain_per_decade(
    ax: Axes, law: scaling.ScalingLaw, draws: scaling.ScalingLaw, budgets: Mapping[str, registry.Fact]
) -> str:
    """Draw the nats that the next tenfold of compute buys, dashed beyond the largest run fitted."""
    flop = np.logspace(18, 28, 121)
    gain = np.asarray(law.gain(flop))
    ax.fill_between(
        flop,
        *interval(draws.gain(flop[:, None])),
        color=BLUE,
        alpha=0.25,
        linewidth=0,
        label="95% of the refits",
    )
    fitted = flop <= LARGEST_RUN
    ax.plot(
        flop[fitted], gain[fitted], color=BLUE, linestyle="-", linewidth=2, label="within the runs fitted"
    )
    ax.plot(
        flop[~fitted], gain[~fitted], color=BLUE, linestyle=(0, (4, 2)), linewidth=2, label="extrapolated"
    )
    ax.axvline(
        LARGEST_RUN, ymin=0.45, color="black", linewidth=0.7, linestyle=":", label="largest run fitted"
    )
    label(ax, LARGEST_RUN, 0.59, "largest run fitted", ha="right", va="center")
    label(ax, LARGEST_RUN, 0.59, "extrapolated", va="center")
    for name, budget in budgets.items():
        if budget.low and budget.high:
            ends = np.array([budget.low, budget.high])
            ax.plot(
                ends,
                law.gain(ends),
                color=VERMILLION,
                linestyle="-",
                linewidth=6,
                alpha=0.4,
                label=f"{name}, range",
            )
        ax.plot(budget.value, law.gain(budget.value), "o", color=VERMILLION, markersize=5, label=name)
        label(ax, budget.value, law.gain(budget.value), name)
    log_axis(ax.xaxis, every=2)
    ax.set(xlim=(1e18, 1e28), ylim=(0, 0.62), xlabel="Compute already spent (FLOP)")
    title(ax, "Loss bought by the next tenfold (nats per token)")
    marked = ", ".join(f"{law.gain(b.value):.3f} at the budget of {name}" for name, b in budgets.items())
    return (
        f"Curve of the loss bought by the next tenfold of compute. It falls smoothly from {gain[0]:.2f} "
        f"nats per token at {scientific(flop[0])} FLOP to {gain[-1]:.3f} at {scientific(flop[-1])}, "
        f"without a step or a bend: {marked}."
    )


def one_input_or_both(ax: Axes, law: scaling.ScalingLaw, *, n_tokens: float, n_params: float) -> str:
    """Draw loss above E when only the model grows, only the data grow, or both along the frontier."""
    flop = np.logspace(20, 28, 121)
    only_model = np.asarray(law.isoflop(flop, flop / (6 * n_tokens))) - law.E
    only_data = np.asarray(law.isoflop(flop, n_params)) - law.E
    ax.plot(flop, only_data, color=VERMILLION, linestyle="--", label="only the data grow")
    ax.plot(flop, only_model, color=GREEN, linestyle="-.", label="only the model grows")
    ax.plot(
        flop,
        law.optimal(flop).loss - law.E,
        color=BLUE,
        linestyle="-",
        linewidth=2,
        label="both grow: the frontier",
    )
    label(ax, 1e28, only_data[-1], "only the data grow", ha="right")
    label(ax, 1e28, only_model[-1], "only the model grows", ha="right")
    label(ax, 1e26, law.optimal(1e26).loss - law.E, "both grow: the frontier", ha="right", va="top", gap=8)
    log_axis(ax.xaxis, every=2)
    log_axis(ax.yaxis)
    ax.set(xlim=(1e20, 1e28), ylim=(0.02, 2), xlabel="Compute (FLOP)")
    title(ax, "Loss above the irreducible E (nats per token)")
    return (
        "Loss above E against compute, both axes logarithmic. "
        f"With {compact_number(n_params)} parameters and growing data the curve levels off at "
        f"{only_data[-1]:.2f} nats, with {compact_number(n_tokens)} tokens and a growing model at "
        f"{only_model[-1]:.2f}. With both growing it is a straight line that keeps falling."
    )


def allocations(flop: float) -> Table[dict[str, str]]:
    """Return the table of how each paper would spend a budget, below how GPT-3 was made."""
    rows = [("GPT-3 as it was", 174.6e9, 300e9)] + [(name, *r.optimal(flop)[:2]) for name, r in RULES.items()]
    cells = [
        {
            "rule": name,
            "parameters": compact_number(n_params, 3),
            "tokens": compact_number(n_tokens, 3),
            "tokens each": f"{n_tokens / n_params:.1f}",
        }
        for name, n_params, n_tokens in rows
    ]
    return Table(cells, caption=f"{scientific(flop, 3)} FLOP, by the rule of each paper")


def tokens_each(rule: str, flop: float) -> float:
    """Return how many tokens a parameter sees if one of the `RULES` spends the budget."""
    n_params, n_tokens, *_loss = RULES[rule].optimal(flop)
    return float(n_tokens / n_params)


def tokens_per_param(ax: Axes, draws: scaling.ScalingLaw, models: Mapping[str, tuple[float, float]]) -> str:
    """Draw how many tokens a parameter should see, paper by paper, and what two models saw.

    `models` maps a name to its compute in FLOP and its tokens per parameter.
    """
    flop = np.logspace(18, 26, 81)
    low, high = interval(draws.optimal(flop[:, None]).tokens_per_param)
    ax.fill_between(flop, low, high, color=BLUE, alpha=0.25, linewidth=0, label="Besiroglu 2024, 95%")
    styles: dict[str, tuple[str, Any]] = {
        "Kaplan 2020": (GREEN, "-."),
        "Hoffmann 2022, approach 3, as printed": (VERMILLION, ":"),
        "Hoffmann 2022, approach 3, unrounded": (VERMILLION, "--"),
        "Hoffmann 2022, approach 1": (PURPLE, (0, (5, 1, 1, 1))),
        "Besiroglu 2024": (BLUE, "-"),
    }
    for name, (colour, style) in styles.items():
        n_params, n_tokens, *_loss = RULES[name].optimal(flop)
        ax.plot(flop, n_tokens / n_params, color=colour, linestyle=style, label=name)
    label(ax, 1e21, 4, "Kaplan 2020")
    label(ax, 1e26, 155, "Hoffmann, approach 3 as printed", ha="right")
    label(ax, 1e26, 66, "unrounded", ha="right", va="top", gap=2)
    label(ax, 1e26, 21, "approach 1", ha="right", gap=2)
    label(ax, 1e26, low[-1], "Besiroglu 2024 and its 95% band", ha="right", va="top", gap=2)
    for name, (spent, ratio) in models.items():
        ax.plot(spent, ratio, "o", color="black", markersize=5, label=name)
        label(ax, spent, ratio, name, va="top")
    log_axis(ax.xaxis, every=2)
    log_axis(ax.yaxis)
    ax.set(xlim=(1e18, 1e26), ylim=(0.8, 400), xlabel="Compute (FLOP)")
    title(ax, "Training tokens per parameter")
    seen = ", ".join(f"{name} at {ratio:.1f}" for name, (_spent, ratio) in models.items())
    return (
        "Best number of training tokens per parameter against compute. The rule of Kaplan falls below one. "
        "Approach 3 of Hoffmann rises steadily, as printed more than unrounded. Approach 1 and the refit of "
        f"Besiroglu stay near 20, with a band that widens to {low[-1]:.0f} to {high[-1]:.0f}. Marked: {seen}."
    )


def steps(
    law: scaling.ScalingLaw, draws: scaling.ScalingLaw, budgets: Mapping[str, tuple[float, float]]
) -> Table[dict[str, str]]:
    """Return the table of what going from one budget to another buys along the frontier."""
    rows = []
    for name, (start, end) in budgets.items():
        bought, (low, high) = law.gain(start, end / start), interval(draws.gain(start, end / start))
        rows.append(
            {
                "step": name,
                "compute": f"× {compact_number(end / start)}",
                "nats bought (95%)": f"{bought:.3f} ({low:.3f} to {high:.3f})",
                "per tenfold": f"{bought / np.log10(end / start):.3f}",
            }
        )
    return Table(rows, caption="What each step buys if both budgets are spent along the frontier")


def scores(task: str, setting: str, metric: str = "accuracy") -> NDArray[np.float64]:
    """Return the scores of the eight models of GPT-3 on a task, the smallest model first."""
    return registry.evaluations(task, setting=setting, metric=metric).values("value")


def returns_per_decade(axes: Sequence[Axes], n_params: ArrayLike, scores: Mapping[str, ArrayLike]) -> str:
    """Draw, on one of the Axes for each score, the points that each tenfold of parameters bought."""
    size = np.asarray(n_params, float)
    bars: dict[str, Any] = {"align": "edge", "edgecolor": "black", "linewidth": 0.5, "alpha": 0.6}
    bought = {name: scaling.return_per_decade(size, score) for name, score in scores.items()}
    for ax, (name, points) in zip(axes, bought.items(), strict=True):
        ax.bar(size[:-1], points, np.diff(size), facecolor=BLUE, **bars, label=name)
        ax.axhline(0, color="black", linewidth=0.7)
        log_axis(ax.xaxis)
        ax.set_xlabel("Parameters")
        title(ax, name)
    listed = (f"{name}: {', '.join(f'{r:.0f}' for r in points)}." for name, points in bought.items())
    return "Bar charts of points of score per tenfold of parameters, from size to size. " + " ".join(listed)


def three_rulers(perplexity: ArrayLike, accuracy: ArrayLike) -> Table[dict[str, Any]]:
    """Return the table of the models of GPT-3 on one task, in nats, perplexity and accuracy."""
    gpt3 = registry.entries("models", family="GPT-3")
    rows = [
        {"model": model.name, "nats": np.log(ppl), "perplexity": ppl, "accuracy, %": points}
        for model, ppl, points in zip(gpt3, np.asarray(perplexity), np.asarray(accuracy), strict=True)
    ]
    return Table(rows, caption="LAMBADA, zero-shot, on three rulers")


def one_run_many_scales(
    axes: Sequence[Axes], flop: ArrayLike, perplexity: ArrayLike, accuracy: ArrayLike, dollars: ArrayLike
) -> str:
    """Draw the same runs in nats, perplexity and accuracy over compute, and in accuracy over money."""
    nats, ppl, points, spent = (
        np.asarray(x, float) for x in (np.log(perplexity), perplexity, accuracy, dollars)
    )
    panels = {
        "ln perplexity (nats)": (flop, nats),
        "Perplexity": (flop, ppl),
        "Accuracy (%)": (flop, points),
        "Accuracy (%), by money": (spent / 1e6, points),
    }
    for ax, (name, (x, y)) in zip(axes, panels.items(), strict=True):
        ax.plot(x, y, "o-", color=BLUE, markersize=4, label=name)
        title(ax, name)
        ax.set_ylim(bottom=0)
    for ax in axes[:3]:
        log_axis(ax.xaxis)
        ax.set_xlabel("FLOP")
    axes[3].set(xlabel="Million dollars", xlim=(-0.05, None))
    return (
        f"{len(ppl)} models on one task. Against the logarithm of compute the loss falls gently from "
        f"{nats[0]:.1f} to {nats[-1]:.1f} nats, perplexity falls steeply from {ppl[0]:.1f} and flattens at "
        f"{ppl[-1]:.1f}, accuracy climbs from {points[0]:.0f} to {points[-1]:.0f}%. Against money accuracy "
        "shoots up, then lies almost flat."
    )


def isoflop(ax: Axes, law: scaling.ScalingLaw, flop: float) -> str:
    """Draw loss against size at one budget, over the path of all minima; say where the minimum is."""
    sizes = np.logspace(7, 13, 73)
    frontier = law.optimal(np.logspace(17, 28, 45))
    ax.plot(
        frontier.n_params,
        frontier.loss,
        color="black",
        linestyle=":",
        linewidth=1,
        label="best size for each budget",
    )
    label(ax, 1e13, law.E, "best size for each budget", ha="right", va="top", gap=6)
    ax.plot(sizes, law.isoflop(flop, sizes), color=BLUE, linestyle="-", linewidth=2, label="this budget")
    best = law.optimal(flop)
    ax.plot(best.n_params, best.loss, "o", color=VERMILLION, markersize=7, label="best size")
    log_axis(ax.xaxis)
    ax.set(xlim=(1e7, 1e13), ylim=(1.4, 4.2), xlabel="Parameters")
    title(ax, "Loss (nats per token)")
    return (
        f"{scientific(flop)} FLOP: least loss {best.loss:.2f} nats, "
        f"with {compact_number(float(best.n_params))} parameters "
        f"and {compact_number(float(best.n_tokens))} tokens, "
        f"{compact_number(float(best.tokens_per_param))} per parameter."
    )


def repeated_epochs(ax: Axes, epochs: int, *, most: int = 60) -> str:
    """Draw what each pass over the same data is worth, shaded up to `epochs`; say the sum."""
    passes = np.arange(1, most + 1)
    worth = np.diff(scaling.effective_tokens(1.0, passes), prepend=0.0)
    ax.step(
        np.r_[0, passes],
        np.r_[worth, worth[-1]],
        where="post",
        color=BLUE,
        linestyle="-",
        label="worth of each pass",
    )
    shaded = np.r_[worth[:epochs], worth[epochs - 1]]
    ax.fill_between(
        np.arange(epochs + 1), shaded, step="post", color=BLUE, alpha=0.3, linewidth=0, label="passes made"
    )
    ax.plot(epochs - 0.5, worth[epochs - 1], "o", color=VERMILLION, markersize=6, label="last pass")
    ax.set(xlim=(0, most), ylim=(0, 1.08), xlabel="Pass over the same data")
    title(ax, "Worth of this pass, in fresh passes")
    total = f"{scaling.effective_tokens(1.0, epochs):.1f}"
    times = "pass is" if epochs == 1 else "passes are"
    added = f"{worth[epochs - 1]:.0%}"
    return f"{epochs} {times} worth {total} fresh ones; pass {epochs} added {added} of a fresh one."


def passes(worth: Callable[[int], Any], counts: Sequence[int]) -> Table[dict[str, Any]]:
    """Return the table of what a pass adds; `worth` says what so many passes are worth in fresh ones."""
    rows = [
        {"pass": k, "adds": f"{worth(k) - worth(k - 1):.2f}", "all so far": f"{worth(k):.1f}"} for k in counts
    ]
    return Table(rows, caption="What one more pass adds to all before it, in fresh passes")


def halving(version: str) -> str:
    """Say how fast the compute for one loss halves, by the preprint or the printed version of Ho et al."""
    months = halving_months(version)
    return f"{months.value:.0f} months ({months.level:.0%}: {months.low:.0f} to {months.high:.0f})"
