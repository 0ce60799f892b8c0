"""Drawings and tables of the chapter on the law of diminishing returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from frontier.show.style import BAND, COLORS, MAIN, dot, label, log_axis, title
from frontier.show.table import Table
from frontier.show.words import compact_number, scientific

Array = NDArray[np.float64]

BLUE, VERMILLION, GREEN = (COLORS[name] for name in ("blue", "vermillion", "green"))


def _over_all(axes: Sequence[Axes], text: str) -> None:
    """Write a title over all panels, flush left."""
    figure = axes[0].get_figure()
    assert figure is not None
    figure.suptitle(text, x=0.02, ha="left")


def next_gain(
    ax: Axes,
    curve: tuple[Array, Array, Array],
    models: Mapping[str, tuple[float, float]],
    largest_run: float,
    spent: float,
    gains: tuple[float, float],
) -> str:
    """Draw the nats that the next tenfold of compute buys, and a dot at what is `spent`; say what it buys.

    `curve` is compute, the gain there and the two ends of its band; it is dashed beyond the largest run
    fitted. `models` maps a name to its budget and the gain there, `gains` are that of the next tenfold and
    of the one after it.
    """
    flop, gain, band = curve
    ax.fill_between(flop, *band, **BAND, label="95% of the refits")
    fitted = flop <= largest_run
    ax.plot(flop[fitted], gain[fitted], **MAIN, label="within the runs fitted")
    ax.plot(flop[~fitted], gain[~fitted], **MAIN | {"linestyle": (0, (4, 2))}, label="extrapolated")
    for name, (budget, bought) in models.items():
        ax.plot(budget, bought, "o", color="black", markersize=4, label=name)
        label(ax, budget, bought, name, gap=7)
    dot(ax, spent, gains[0], "the next tenfold", color=VERMILLION, size=9, draggable=True)
    log_axis(ax.xaxis, every=2)
    ax.set(xlim=(6e17, 1e28), ylim=(0, 0.62), xlabel="Compute already spent (FLOP)")
    title(ax, "What the next tenfold takes off\nLoss (nats per token)")
    return (
        f"After {scientific(spent)} FLOP, ten times more takes {gains[0]:.3f} nats off the loss. Ten times "
        f"more again takes {gains[1]:.3f}, {gains[1] / gains[0]:.0%} of that."
    )


def one_input_or_both(
    ax: Axes,
    flop: Array,
    only_data: Array,
    only_model: Array,
    both: Array,
    *,
    n_tokens: float,
    n_params: float,
) -> str:
    """Draw loss above E when only the data grow, only the model grows, or both along the frontier."""
    ax.plot(flop, only_data, color=VERMILLION, linestyle="--", label="only the data grow")
    ax.plot(flop, only_model, color=GREEN, linestyle="-.", label="only the model grows")
    ax.plot(flop, both, **MAIN, label="both grow: the frontier")
    label(ax, 1e28, only_data[-1], "only the data", ha="right")
    label(ax, 1e28, only_model[-1], "only the model", ha="right", gap=7)
    at = float(np.interp(1e24, flop, both))
    label(ax, 1e24, at, "both grow", ha="right", va="top", gap=8)
    log_axis(ax.xaxis, every=2)
    log_axis(ax.yaxis)
    ax.set(xlim=(1e20, 1e28), ylim=(0.02, 2), xlabel="Compute (FLOP)")
    title(ax, "One input alone runs into a floor\nLoss above E (nats per token)")
    return (
        "Loss above E against compute, both axes logarithmic. "
        f"With {compact_number(n_params)} parameters and growing data the curve levels off at "
        f"{only_data[-1]:.2f} nats, with {compact_number(n_tokens)} tokens and a growing model at "
        f"{only_model[-1]:.2f}. With both growing it is a straight line that keeps falling."
    )


def steps(bought: Mapping[str, tuple[float, float, float, float]]) -> Table[dict[str, str]]:
    """Return the table of steps along the frontier: by what factor, and the nats bought with their ends."""
    rows = [
        {
            "step": name,
            "compute": f"× {compact_number(times)}",
            "nats bought (95%)": f"{nats:.3f} ({low:.3f} to {high:.3f})",
            "per tenfold": f"{nats / np.log10(times):.3f}",
        }
        for name, (times, nats, low, high) in bought.items()
    ]
    return Table(rows, caption="What each step buys if both budgets are spent along the frontier")


def returns_per_decade(axes: Sequence[Axes], n_params: Array, bought: Mapping[str, Array]) -> str:
    """Draw, on one of the Axes for each task, the points that each tenfold of parameters bought."""
    bars: dict[str, Any] = {"align": "edge", "edgecolor": "black", "linewidth": 0.5, "alpha": 0.6}
    for ax, (name, points) in zip(axes, bought.items(), strict=True):
        ax.bar(n_params[:-1], points, np.diff(n_params), facecolor=BLUE, **bars, label=name)
        ax.axhline(0, color="black", linewidth=0.7)
        log_axis(ax.xaxis)
        ax.set_xlabel("Parameters")
        title(ax, name.replace(": ", ":\n"))
    _over_all(axes, "Four tasks, four shapes\nPoints of accuracy per tenfold of size")
    listed = (f"{name}: {', '.join(f'{r:.0f}' for r in points)}." for name, points in bought.items())
    return "Bar charts of points of score per tenfold of parameters, from size to size. " + " ".join(listed)


def repeated_epochs(ax: Axes, worth: Array, epochs: int) -> str:
    """Draw what each pass over the same data is worth, shaded up to `epochs`; say the sum.

    `worth` says of 0, 1, 2, ... passes how many fresh ones they are worth together.
    """
    each, most = np.diff(worth), len(worth) - 1
    ax.step(
        np.arange(most + 1),
        np.r_[each, each[-1]],
        where="post",
        color=BLUE,
        linestyle="-",
        label="worth of each pass",
    )
    shade: dict[str, Any] = {"width": 1, "color": BLUE, "alpha": 0.3, "linewidth": 0}
    ax.bar(np.arange(epochs) + 0.5, each[:epochs], **shade, label="passes made")
    dot(ax, epochs - 0.5, each[epochs - 1], "last pass", color=VERMILLION, size=8, draggable=True)
    ax.set(xlim=(0, most + 0.5), ylim=(0, 1.08), xlabel="Pass over the same data")
    title(ax, "Reading again is worth ever less\nWorth of a pass, in fresh passes")
    times = "pass is" if epochs == 1 else "passes are"
    return (
        f"{epochs} {times} worth {worth[epochs]:.1f} fresh ones; "
        f"pass {epochs} added {each[epochs - 1]:.0%} of a fresh one."
    )


def one_run_many_scales(
    axes: Sequence[Axes], flop: ArrayLike, perplexity: ArrayLike, accuracy: ArrayLike, dollars: ArrayLike
) -> str:
    """Draw the same runs in nats, perplexity and accuracy over compute, and in accuracy over money."""
    nats, ppl, points = (np.asarray(y, float) for y in (np.log(perplexity), perplexity, accuracy))
    panels = {
        "Loss (nats)\nover compute": (flop, nats),
        "Perplexity\nover compute": (flop, ppl),
        "Accuracy (%)\nover compute": (flop, points),
        "Accuracy (%)\nover money": (np.asarray(dollars) / 1e6, points),
    }
    for ax, (name, (x, y)) in zip(axes, panels.items(), strict=True):
        ax.plot(x, y, "o-", color=BLUE, markersize=4, label=name.replace("\n", " "))
        title(ax, name)
        ax.set_ylim(bottom=0)
    for ax in axes[:3]:
        log_axis(ax.xaxis)
        ax.set_xlabel("FLOP")
    _over_all(axes, "One set of runs on four rulers")
    axes[3].set(xlabel="Million dollars", xlim=(-0.05, None))
    return (
        f"{len(ppl)} models on one task. Against the logarithm of compute the loss falls gently from "
        f"{nats[0]:.1f} to {nats[-1]:.1f} nats, perplexity falls steeply from {ppl[0]:.1f} and flattens at "
        f"{ppl[-1]:.1f}, accuracy climbs from {points[0]:.0f} to {points[-1]:.0f}%. Against money accuracy "
        "shoots up, then lies almost flat."
    )
