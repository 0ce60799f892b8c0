"""Drawings and tables of the chapter on thinking longer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from frontier import inference, transformer
from frontier.registry import Range, number
from frontier.scaling import ScalingLaw, inference_optimal
from frontier.show.style import COLORS, MAIN, dot, label, log_axis, title
from frontier.show.table import Table
from frontier.show.words import compact_number, scientific

Array = NDArray[np.float64]

BLUE, VERMILLION, GREEN = COLORS["blue"], COLORS["vermillion"], COLORS["green"]
SHAPES = {
    "GPT-3": "each query its key",
    "Llama 3.1 70B": "8 queries share a key",
    "Mixtral 8x7B": "2 experts of 8",
    "DeepSeek-V3": "8 experts of 256, latent keys",
}
COUNTS = np.unique([250, *np.round(np.logspace(0, 4, 56))])  # attempts: what was measured, and others


def tries(
    ax: Axes, one: float, many: tuple[float, float], best: float, concentration: float, count: float
) -> str:
    """Draw the share solved against attempts, as measured, by the spread and if all problems were alike.

    A dot on the curve of the spread says what `count` attempts solve.
    """
    spread = np.asarray(inference.coverage(one, COUNTS, concentration))
    ax.axhline(best, color="black", linestyle=":", linewidth=0.8, label="best single attempt of 2024")
    label(ax, 1.2e4, best, "best single try of 2024", ha="right", va="top")
    alike = np.asarray(inference.coverage(one, COUNTS))
    ax.plot(COUNTS, alike, color=GREEN, linestyle="--", label="if all problems were alike")
    ax.plot(COUNTS, spread, **MAIN, label="problems that differ")
    for place, (x, share) in zip(("one attempt", "many attempts"), ((1.0, one), many), strict=True):
        dot(ax, x, share, f"measured, {place}", color=VERMILLION)
    label(ax, 40, 0.95, "all equally hard", va="top", gap=6)
    label(ax, 1.2e4, 0.56, "as they are", ha="right", va="center")
    solved, if_alike = (float(inference.coverage(one, count, c)) for c in (concentration, None))
    dot(ax, count, solved, "this many attempts", color="black", size=8, draggable=True)
    log_axis(ax.xaxis)
    ax.set(xlim=(0.8, 1.2e4), ylim=(0, 1.05), xlabel="Tries at each fault", ylabel="Share repaired")
    title(ax, "More tries repair more, ever more slowly")
    all_alike = f"{if_alike:.0%}" if if_alike < 0.995 else "as good as all"
    times = "one try" if count == 1 else f"{count:,.0f} tries"
    return (
        f"With {times} at each, {solved:.0%} of the faults are repaired, by the curve. "
        f"Were all equally hard, it would be {all_alike}."
    )


def shapes() -> Table[dict[str, str]]:
    """Return what a written token costs models of different build, on H100 and in 16 bits."""
    peak, speed = number("H100 SXM5", "flop_per_second"), number("H100 SXM5", "memory_bandwidth")
    rows = []
    for name, built in SHAPES.items():
        model = transformer.published(name)
        near, far = (float(inference.decode_flop(model, 1, n)) for n in (1000, 100_000))
        alone, shared = np.asarray(inference.decode_bytes(model, 1000, [1, 64])) / 1e9
        step = inference.decode_time(model, 1000, [1, 64], peak, speed)
        shares = np.asarray(step.mfu)
        rows.append(
            {
                "model": f"{name}: {built}",
                "GFLOP, after 1,000": f"{near / 1e9:,.0f}",
                "after 100,000": f"{far / 1e9:,.0f}",
                "GB alone": f"{alone:,.0f}",
                "64 together": f"{shared:,.1f}",
                "of peak at best, alone": f"{shares[0]:.1%}",
                "64": f"{shares[1]:.0%}",
            }
        )
    return Table(rows, caption="What a written token costs: arithmetic, bytes fetched, and which binds")


def answers(ax: Axes, energies: Mapping[str, Range], floor: tuple[float, float]) -> str:
    """Draw what answers take, in joules, over the least that Landauer's principle asks of one."""
    told = []
    for y, (name, energy) in enumerate(reversed(list(energies.items())), start=1):
        wide = energy.low < energy.high
        dot(ax, energy.value, y, name, color=VERMILLION, span=(energy.low, energy.high) if wide else None)
        label(ax, energy.low, y, name, ha="right", va="center", gap=8)
        ends = f" ({energy.low / 3600:.2f} to {energy.high / 3600:.2f})" if wide else ""
        told.append(f"{name} {energy.value / 3600:.2f}{ends}")
    look: dict[str, Any] = {"color": BLUE, "linestyle": "-", "linewidth": 6, "solid_capstyle": "butt"}
    ax.plot(floor, [0, 0], **look, label="erasing 1 to 32 bits an operation")
    label(ax, floor[1], 0, "erasing 1 to 32 bits an operation", va="center", gap=6)
    log_axis(ax.xaxis, every=3)
    ax.set(xlim=(1e-8, 1e7), ylim=(-0.6, len(energies) + 0.6), xlabel="Joules for one answer")
    title(ax, "Answers lie far above the floor of nature")
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ends = " to ".join(scientific(joules) for joules in floor)
    return f"Energy of answers in watt-hours: {'; '.join(told)}. Landauer's floor of one is {ends} J."


def ceilings(ax: Axes, before: float, asymptotes: Mapping[str, float], exponent: float) -> str:
    """Draw how reinforcement learning nears two ceilings, against compute in units of its midpoint."""
    times = np.logspace(-2, 3, 80)
    for (name, top), style in zip(asymptotes.items(), ("-", "--"), strict=True):
        color = BLUE if style == "-" else VERMILLION
        curve = np.asarray(inference.rl_score(times, before, top, 1.0, exponent))
        ax.plot(times, curve, color=color, linestyle=style, label=name)
        ax.axhline(top, color=color, linestyle=":", linewidth=0.8, label=f"{name}, ceiling")
        label(ax, 0.011, top, name)
    log_axis(ax.xaxis)
    ax.set(xlim=(0.01, 1000), ylim=(0, 0.75), ylabel="Share solved")
    ax.set_xlabel("Compute, over that for half the gain")
    title(ax, "Two recipes, two ceilings")
    gained = [float(inference.rl_score(t, 0.0, 1.0, 1.0, exponent)) for t in (1, 10, 100)]
    said = ", ".join(f"{share:.2%} at {t}" for share, t in zip(gained, (1, 10, 100), strict=True))
    tops = " and ".join(f"{top:g} ({name})" for name, top in asymptotes.items())
    return f"Two sigmoids with ceilings at {tops}. Of the gain are made {said} times the midpoint."


def matched(ax: Axes, factor: float) -> str:
    """Draw how much longer the small model may think than the large one, against use per training token."""
    use = np.logspace(-3, 3, 25)
    times = np.asarray(inference.matched_thinking(factor, 1.0, use))
    ax.plot(use, times, **MAIN, label="equal FLOP over a life")
    ax.axhline(factor, color="black", linestyle=":", linewidth=0.8, label="the ratio of sizes")
    label(ax, 1.2e-3, factor, "the ratio of sizes")
    for at in (0.01, 1.0, 100.0):
        there = float(np.interp(np.log(at), np.log(use), times))
        dot(ax, at, there, f"at {at:g}", color=VERMILLION, draggable=at == 1)
    for axis in (ax.xaxis, ax.yaxis):
        log_axis(axis, every=2 if axis is ax.yaxis else 1)
    ax.set(xlim=(1e-3, 1e3), ylim=(1, 1e6), xlabel="Tokens written in a life, per token of training")
    ax.set_ylabel("Times the compute an answer")
    title(ax, "Who answers seldom may think long")
    said = "; ".join(
        f"{inference.matched_thinking(factor, 1.0, at):,.0f} times at {at:g}" for at in (0.01, 1, 100)
    )
    return f"{factor:g} times smaller: {said} tokens written for each token of training."


def life(ax: Axes, law: ScalingLaw, loss: float, used: float) -> str:
    """Draw compute for training and for a life of use against size, at one loss; mark the best size."""
    least = float(law.flop_to_reach(loss))
    best, planned = (
        [float(x) for x in allocation[:2]]
        for allocation in (law.optimal(least), inference_optimal(loss, used, law))
    )
    low = float(law.params_to_reach(loss, 1e6 * best[1]))
    sizes = 1.02 * low * (8 * best[0] / (1.02 * low)) ** (np.linspace(0, 1, 40) ** 1.6)  # steep at first
    training = 6 * sizes * np.asarray(law.tokens_to_reach(loss, sizes))
    serving = 2 * sizes * used
    ax.plot(sizes, training, color=BLUE, linestyle="-", label="training")
    ax.plot(sizes[[0, -1]], serving[[0, -1]], color=GREEN, linestyle="--", label="use")
    ax.plot(sizes, training + serving, color="black", linestyle="-", linewidth=2, label="both")
    spent, alone = (6 * n * d + 2 * n * used for n, d in (planned, best))
    dot(ax, best[0], least, "least for training", color=BLUE, marker="s")
    dot(ax, planned[0], spent, "least for both", color=VERMILLION, size=8, draggable=True)
    label(ax, planned[0], spent, "both", ha="center", gap=9)
    label(ax, sizes[-1], training[-1], "training", ha="right", va="top", gap=9)
    label(ax, sizes[0], serving[0], "use", va="top")
    for axis in (ax.xaxis, ax.yaxis):
        log_axis(axis)
    ax.set(xlim=(sizes[0] / 1.1, sizes[-1]), ylim=(least / 300, least * 3000), xlabel="Parameters")
    ax.set_ylabel("Compute in its life (FLOP)")
    title(ax, "Much use asks for a smaller model")
    return (
        f"{compact_number(used)} tokens of use: best {compact_number(planned[0])} parameters trained on "
        f"{planned[1] / planned[0]:,.0f} tokens each, {1 - spent / alone:.0%} less compute than the "
        f"training optimum, of {compact_number(best[0])}."
    )


def quantiles(draws: Array, levels: Sequence[float] = (0.5, 0.05, 0.95)) -> Range:
    """Return the median of draws and the ends of their middle 90%."""
    return Range(*(float(x) for x in np.quantile(draws, levels)))
