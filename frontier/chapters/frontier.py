"""Drawings of the chapter on what "efficient compute frontier" means."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from frontier import knee, registry, scaling, sweep
from frontier.chapters.measured import trunks
from frontier.knee import BrokenLaw, KneeTest
from frontier.registry import Fact
from frontier.show.progress import with_progress
from frontier.show.style import COLORS, label, log_axis, title
from frontier.show.words import compact_number, power_of_ten, scientific

BLUE, VERMILLION, GREEN = COLORS["blue"], COLORS["vermillion"], COLORS["green"]
DASHED, DOTTED, DASHDOT = (0, (4, 2)), (0, (1, 1.5)), (0, (5, 1.5, 1, 1.5))

PUBLISHED_BUDGETS = np.array([6e18, 1e19, 3e19, 6e19, 1e20, 3e20, 6e20, 1e21, 3e21])
"""Budgets of the isoFLOP curves of Hoffmann et al. (2022), section 3.2 and the legend of figure 4, FLOP."""

LARGEST_RUN = 1.296e22
"""Largest run that Besiroglu et al. (2024) read off figure 4 of Hoffmann et al. (2022) and fitted, FLOP."""

NAMED = (
    *("GPT-3", "Gopher", "Chinchilla", "PaLM", "LLaMA 65B"),
    *("Llama 2 70B", "Llama 3 8B", "Llama 3 70B", "Llama 3.1 405B"),
)
"""Language models whose size and data are published, held against the frontier."""

HYPOTHETICAL_BUDGETS = np.geomspace(1e18, 1e26, 17)
"""A frontier that nobody has tabulated: two budgets to a tenfold over eight tenfolds."""


class Placed(NamedTuple):
    """A model held against a frontier: compute, how many times the least it spent (95%), and on what."""

    name: str
    flop: float
    excess: float
    low: float
    high: float
    tokens_over_best: float


class Design(NamedTuple):
    """Where a frontier is measured, the smooth law that it follows there, and how noisy a point is."""

    budgets: NDArray[np.float64]
    law: BrokenLaw
    noise: float


def halving_months(version: str = "preprint") -> Fact:
    """Return in how many months the compute for a fixed loss halved (``preprint`` or ``printed``)."""
    return registry.find(f"Algorithms for language, {version}").fact("halving_months")


def interval(draws: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the two ends that hold 95% of the draws, which run along the last axis."""
    return np.asarray(np.quantile(draws, [0.025, 0.975], axis=-1))


def lower_envelope(ax: Axes, ours: sweep.Runs, run: int) -> str:
    """Draw our runs, the lowest at each budget, and what the run at index `run` could have had instead."""
    best = sweep.lowest(ours.budget, ours.n_params, ours.loss)
    trunks(ax, ours, linewidth=0.6, alpha=0.35)
    ax.fill_between(
        best.flop, best.loss, 1.0, color=VERMILLION, alpha=0.12, linewidth=0, label="none of these runs"
    )
    ax.plot(ours.budget, ours.loss, ".", color=BLUE, markersize=4, label="runs")
    ax.plot(best.flop, best.loss, "o-", color=VERMILLION, linewidth=2.2, markersize=4.5, label="the frontier")
    flop, loss = float(ours.budget[run]), float(ours.loss[run])
    times = float(sweep.excess(best, [flop], [loss])[0])
    below = float(np.interp(flop, best.flop, best.loss))
    arrow = {"arrowstyle": "->", "color": "black", "linewidth": 1.2, "shrinkA": 4, "shrinkB": 1}
    ax.annotate("", (flop / times, loss), (flop, loss), arrowprops=arrow)
    ax.annotate("", (flop, below), (flop, loss), arrowprops=arrow | {"shrinkB": 4})
    ax.plot(flop, loss, "s", color="black", markersize=6, label="a worse use")
    words = (
        f"{compact_number(ours.n_params[run], 1)} parameters:\nthe same loss for {1 / times:.0%}\n"
        f"of the compute, or {loss - below:.2f}\nlower for all of it"
    )
    label(ax, 4.2e12, 1.66, words, gap=0)
    label(ax, 1.15e11, 1.2, "below the line:\nnone of these runs")
    label(ax, best.flop[-1], best.loss[-1], "the frontier", va="center", gap=7)
    log_axis(ax.xaxis)
    ax.set(xlim=(8e10, 1.1e14), ylim=(1.1, 2.2), xlabel="Training compute (FLOP)")
    ax.set_xticks([1e11, 1e12, 1e13])
    title(ax, "Held-out loss (nats per byte)")
    return (
        f"{len(ours)} dots, the finished runs of {len(np.unique(ours.n_params))} sizes of model, with their "
        f"training curves. A thick line joins the lowest dot at each of {len(best.loss)} budgets and falls "
        f"from {best.loss[0]:.2f} to {best.loss[-1]:.2f} nats per byte; no dot lies below. From a dot above "
        f"the line, at {scientific(flop)} FLOP and {loss:.2f} nats, an arrow leads left to the line, to "
        f"{1 / times:.0%} of the compute, and one down to it, to {below:.2f} nats."
    )


def every_try(best: sweep.Frontier) -> tuple[int, sweep.Frontier]:
    """Count our runs beside the grid that lie below `best`, its frontier, and return the lowest of all runs.

    These are the runs that chose the learning rate and those made again with another seed, at the budgets of
    the grid. They were made at some of them only, so the points there had more tries than the others.
    """
    kinds = [sweep.runs(purpose) for purpose in ("grid", "search", "repeat")]
    budget, n_params, loss = (
        np.concatenate([getattr(kind, name) for kind in kinds]) for name in ("budget", "n_params", "loss")
    )
    inside = np.isin(budget, best.flop)
    budget, n_params, loss = budget[inside], n_params[inside], loss[inside]
    lower = int(np.sum(loss < best.loss[np.searchsorted(best.flop, budget)]))
    return lower, sweep.lowest(budget, n_params, loss)


def place(names: Sequence[str], law: scaling.ScalingLaw, draws: scaling.ScalingLaw) -> list[Placed]:
    """Hold published models against the frontier of a law; the intervals come from its draws."""
    placed = []
    for name in names:
        model = registry.find(name)
        if model.n_params is None or model.n_tokens is None:
            raise ValueError(f"names must be models with parameters and tokens, got {name!r}")
        n, d = model.n_params.value, model.n_tokens.value
        flop = scaling.training_flop(n, d)
        low, high = interval(np.asarray(scaling.excess_compute(n, d, draws)))
        ratio = d / n / law.optimal(flop).tokens_per_param
        excess = scaling.excess_compute(n, d, law)
        placed.append(Placed(name, *(float(x) for x in (flop, excess, low, high, ratio))))
    return placed


def models_on_the_frontier(ax: Axes, placed: Sequence[Placed], *, small: Sequence[Placed] = ()) -> str:
    """Draw how many times the least compute each model spent, against its compute; `small` without names."""
    ax.axhline(1, color=VERMILLION, linestyle="-", linewidth=2.2, label="the frontier")
    for models, size in ((small, 3.5), (placed, 5.5)):
        for model in models:
            marker, colour = ("^", BLUE) if model.tokens_over_best < 1 else ("v", GREEN)
            ax.plot(
                [model.flop] * 2,
                [model.low, model.high],
                color=colour,
                linestyle="-",
                linewidth=1,
                alpha=0.7,
                label=f"{model.name}, 95%",
            )
            ax.plot(model.flop, model.excess, marker, color=colour, markersize=size, label=model.name)
    at = {model.name: model for model in placed}
    for name, ha, va in (
        ("GPT-3", "right", "center"),
        ("Gopher", "center", "bottom"),
        ("PaLM", "center", "bottom"),
        ("Llama 3 8B", "right", "center"),
        ("Llama 3 70B", "left", "center"),
    ):
        if name in at:
            y = at[name].high if va == "bottom" else at[name].excess
            label(ax, at[name].flop, y, name, ha=ha, va=va, gap=2 if va == "bottom" else 6)
    if "Chinchilla" in at:
        label(
            ax, at["Chinchilla"].flop, 1, "Chinchilla,\nLLaMA 65B,\nLlama 2 70B", ha="center", va="top", gap=7
        )
    if "Llama 3.1 405B" in at:
        label(ax, at["Llama 3.1 405B"].flop, 1, "Llama 3.1\n405B", ha="center", va="top", gap=7)
    label(ax, 1.2e20, 1, "the frontier", va="top", gap=5)
    if small:
        label(ax, small[0].flop, small[0].excess, "GPT-3's smaller sisters", gap=7)
    ends = [ax.plot([], [], m, color=c, markersize=5.5)[0] for m, c in (("^", BLUE), ("v", GREEN))]
    ax.legend(ends, ["too large", "trained longer"], loc="upper right", fontsize=9, handletextpad=0.2)
    log_axis(ax.xaxis)
    log_axis(ax.yaxis)
    ax.set(xlim=(1e20, 1e27), ylim=(0.48, 12), xlabel="Training compute (FLOP)")
    ax.set_yticks([1, 2, 5, 10])
    title(ax, "Compute over the least for the same loss")
    listed = ", ".join(f"{m.name} {m.excess:.2f} ({m.low:.2f} to {m.high:.2f})" for m in placed)
    return (
        "Models by compute, and how many times the least compute for their loss they spent, both axes "
        "logarithmic; the frontier is the line at 1. Models lie on it and above it at every budget. "
        f"Triangles point up for models too large for their data, down for those trained longer. {listed}."
    )


def _on_paper(law: scaling.ScalingLaw, end: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return budgets, evenly over three tenfolds up to `end`, and the least loss at each."""
    flop = end * np.linspace(1e-3, 1, 2001)
    return flop, np.asarray(law.optimal(flop).loss)


def knee_on_paper(law: scaling.ScalingLaw, end: float) -> float:
    """Return where the eye sees a knee: a frontier on plain axes over three tenfolds, up to `end`."""
    return knee.chord_knee(*_on_paper(law, end))


def same_knee_in_every_window(axes: Sequence[Axes], law: scaling.ScalingLaw, ends: Sequence[float]) -> str:
    """Draw one frontier on plain axes, each window wider than the one before, with the knee that one sees."""
    parts = []
    for ax, end in zip(axes, ends, strict=True):
        flop, loss = _on_paper(law, end)
        at = knee.chord_knee(flop, loss)
        parts.append(at / end)
        ax.plot(flop / end, loss, color=BLUE, linestyle="-", linewidth=2, label="the frontier")
        ax.plot(
            [flop[0] / end, 1], loss[[0, -1]], color="black", linestyle=DOTTED, linewidth=1, label="chord"
        )
        ax.plot(at / end, np.interp(at, flop, loss), "o", color=VERMILLION, markersize=7, label="knee")
        rise = np.ptp(loss)
        ax.set(xlim=(-0.03, 1.03), ylim=(loss[-1] - 0.08 * rise, loss[0] + 0.05 * rise))
        ax.set_xticks([0, 1], ["0", power_of_ten(end)])
        ax.set_yticks([loss[-1], loss[0]], [f"{loss[-1]:.2f}", f"{loss[0]:.2f}"])
        label(ax, at / end, np.interp(at, flop, loss), scientific(at, 1), gap=6)
        title(ax, f"up to {power_of_ten(end)}")
    axes[0].set_ylabel("Loss (nats per token)")
    axes[len(axes) // 2].set_xlabel("Compute (FLOP)")
    named = ", ".join(
        f"{scientific(p * end)} in the window up to {scientific(end)}"
        for p, end in zip(parts, ends, strict=True)
    )
    return (
        f"One frontier on plain axes in {len(ends)} windows. All look alike: a steep fall, a bend and a "
        f"long flat stretch. The bend, farthest from the dotted chord, is at {named} FLOP."
    )


def three_laws(
    ax: Axes,
    flop: NDArray[np.float64],
    loss: NDArray[np.float64],
    test: KneeTest,
    straight: KneeTest,
    noise: float,
) -> str:
    """Draw points and laws, less the smooth law of `test`; the band is twice the noise between seeds."""
    fine = np.geomspace(flop[0], flop[-1], 200)

    def off(law: BrokenLaw, at: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(1e3 * (np.asarray(law.loss(at)) - np.asarray(test.smooth.loss(at))))

    ax.axhspan(
        -2e3 * noise,
        2e3 * noise,
        color="black",
        alpha=0.1,
        linewidth=0,
        label="twice the noise between seeds",
    )
    ax.axhline(0, color=BLUE, linestyle="-", linewidth=2, label="smooth, E fitted")
    for law, colour, style, words in (
        (test.broken, VERMILLION, DASHED, "broken, E fitted"),
        (straight.smooth, GREEN, DASHDOT, "straight line on log axes"),
    ):
        ax.plot(fine, off(law, fine), color=colour, linestyle=style, linewidth=1.5, label=words)
    rest = 1e3 * (loss - np.asarray(test.smooth.loss(flop)))
    ax.plot(flop, rest, "o", color="black", markersize=4, label="our frontier")
    ax.legend(handles=ax.lines[:3], loc="lower center", fontsize=9)
    log_axis(ax.xaxis)
    ax.set(xlabel="Training compute (FLOP)", xlim=(8e10, 1.3e13))
    title(ax, "Loss less the smooth law (thousandths of a nat)")
    worst = np.max(np.abs(off(straight.smooth, flop)))
    return (
        f"The {len(flop)} points of our frontier less a smooth law with E scatter about zero, by at most "
        f"{np.max(np.abs(rest)):.0f} thousandths of a nat, within twice the noise between seeds. A broken "
        f"law with its own E stays within {np.max(np.abs(off(test.broken, fine))):.0f} of the smooth one. A "
        f"straight line on log axes lies up to {worst:.0f} off, too low at the ends, too high within."
    )


def forecast_error(test: KneeTest, flop: NDArray[np.float64], at: float) -> float:
    """Return the standard error, in nats, of a run at `at` about the forecast of the law fitted at `flop`.

    Noise of the run and of the three fitted constants, the law being taken as linear in them.
    """
    law = test.smooth

    def slopes(budget: NDArray[np.float64]) -> NDArray[np.float64]:
        above = np.asarray(law.loss(budget)) - law.E
        return np.stack([np.ones_like(above), above, np.log(budget / law.at) * above], axis=-1)

    here, there = slopes(flop), slopes(np.array([at]))
    return test.noise * float(np.sqrt(1 + there @ np.linalg.inv(here.T @ here) @ there.T)[0, 0])


def designs(
    flop: NDArray[np.float64], loss: NDArray[np.float64], test: KneeTest, published: scaling.ScalingLaw
) -> dict[str, Design]:
    """Return three ways to measure a frontier: our own, and a published law at its budgets and at more.

    A point of the published law is as noisy as one of ours, as a part of the mean loss.
    """
    middle = float(np.median(flop))
    above = float(test.smooth.loss(middle)) - test.smooth.E
    found = {
        "ours": Design(flop, BrokenLaw(test.smooth.E, above, test.smooth.exponent, at=middle), test.noise)
    }
    for name, budgets in {"Hoffmann's": PUBLISHED_BUDGETS, "8 tenfolds": HYPOTHETICAL_BUDGETS}.items():
        at = float(np.median(budgets))
        best = np.asarray(published.optimal(budgets).loss)
        law = BrokenLaw(
            float(published.E),
            float(published.optimal(at).loss - published.E),
            float(published.frontier_exponent),
            at=at,
        )
        found[name] = Design(budgets, law, test.noise * float(np.mean(best) / np.mean(loss)))
    return found


def powers(
    found: Mapping[str, Design],
    kept: Sequence[float],
    *,
    over: float | None = None,
    n_simulations: int = 1000,
) -> dict[str, list[float]]:
    """Return, for each design, how often the test finds a break that keeps a part of the slope.

    The two slopes blend `over` a factor of compute, by default the one that the test looks for.
    """
    width = knee.WIDTH if over is None else np.log(over) / 4

    shares: dict[str, list[float]] = {name: [] for name in found}
    cases = [(name, part) for name in found for part in kept]
    for name, part in with_progress(cases, "Simulating frontiers"):
        one = found[name]
        law = dataclasses.replace(one.law, kept=part, width=width)
        shares[name].append(knee.knee_power(law, one.budgets, one.noise, n_simulations=n_simulations))
    return shares


def dead_stop(design: Design, place: int = -1, n_simulations: int = 1000) -> float:
    """Return how often the test reports a frontier that stops dead at its budget with index `place`."""
    budgets, law, noise = design
    at = float(budgets[place])
    stopped = BrokenLaw(law.E, float(law.loss(at)) - law.E, law.exponent, kept=0.0, at=at)
    return knee.knee_power(stopped, budgets, noise, n_simulations=n_simulations)


def power_curves(ax: Axes, kept: Sequence[float], shares: Mapping[str, Sequence[float]], naive: float) -> str:
    """Draw how often a break is found against what it leaves of the slope; `naive` is the test without E."""
    left = 100 * np.asarray(kept)
    styles = {
        "ours": (VERMILLION, "-", "o"),
        "Hoffmann's": (BLUE, DASHED, "s"),
        "8 tenfolds": (GREEN, DASHDOT, "^"),
    }
    for name, share in shares.items():
        colour, dash, marker = styles[name]
        ax.plot(
            left,
            100 * np.asarray(share),
            color=colour,
            linestyle=dash,
            marker=marker,
            markersize=3.5,
            label=name,
        )
    ax.axhline(5, color="black", linestyle=DOTTED, linewidth=1, label="false alarms allowed")
    ax.plot(100, 100 * naive, "X", color="black", markersize=8, label="no break, no E fitted")
    label(ax, 100, 100 * naive, "no break,\nno E fitted", va="center", gap=9)
    ax.legend(handles=ax.lines[: len(shares)], title="budgets", loc="center right", fontsize=9)
    label(ax, 2, 5, "false alarms allowed", va="bottom", gap=2)
    ax.set(xlim=(0, 172), ylim=(0, 112), xlabel="Slope left after the break (%)")
    ax.set_xticks([0, 25, 50, 75, 100])
    ax.set_yticks([0, 25, 50, 75, 100])
    title(ax, "A break is reported (% of simulated frontiers)")
    listed = "; ".join(
        f"{name}: " + ", ".join(f"{share:.0%} at {part:.0%}" for part, share in zip(kept, row, strict=True))
        for name, row in shares.items()
    )
    return (
        f"How often a break is reported, by the slope it leaves. Budgets: {listed}. "
        f"With no E fitted and no break: {naive:.0%}."
    )


def planted(ax: Axes, kept: float, design: Design, share: float, *, seed: int = 5) -> str:
    """Draw one simulated frontier with a break, the truth, and the smooth law fitted to it; say the power."""
    budgets, law, noise = design
    truth = dataclasses.replace(law, kept=kept)
    fine = np.geomspace(budgets[0], budgets[-1], 60)
    scatter = noise * np.random.default_rng(seed).standard_normal(len(budgets))
    points = np.asarray(truth.loss(budgets)) + scatter
    smooth = knee.knee_test(budgets, points, n_simulations=1).smooth
    ax.plot(fine, law.loss(fine), color="black", linestyle=DOTTED, linewidth=1, label="had it not broken")
    ax.plot(fine, smooth.loss(fine), color=BLUE, linestyle="-", linewidth=2, label="smooth law, E fitted")
    ax.plot(fine, truth.loss(fine), color=VERMILLION, linestyle=DASHED, linewidth=1.5, label="truth")
    ax.plot(budgets, points, "o", color="black", markersize=3.5, label="points")
    ax.axvline(law.at, ymax=0.12, color=VERMILLION, linewidth=1, linestyle="-", label="break")
    ends = np.asarray(law.loss(budgets[[0, -1]]))
    rise = float(ends[0] - ends[1])
    log_axis(ax.xaxis, every=1 if budgets[-1] / budgets[0] < 1e4 else 2)
    ax.set(
        xlim=(budgets[0] / 1.3, budgets[-1] * 1.3),
        ylim=(ends[1] - 0.12 * rise, ends[0] + 0.08 * rise),
        xlabel="Training compute (FLOP)",
    )
    title(ax, "Loss (nats)")
    ax.legend(handles=ax.lines[2::-1], loc="upper right", fontsize=9)
    said = "No break" if kept == 1 else f"The break leaves {kept:.0%} of the slope"
    return (
        f"{said}: reported in {share:.0%} of simulated frontiers. "
        f"The smooth law puts E at {smooth.E:.2f}; the truth is {law.E:.2f}."
    )


def moving_frontier(ax: Axes, law: scaling.ScalingLaw, years: Sequence[float], at: float) -> str:
    """Draw the frontier as it moves left while the compute for a fixed loss halves again and again."""
    flop = np.logspace(18, 33, 226)
    pace = halving_months()
    middle, fast, slow = pace.value, float(pace.low or pace.value), float(pace.high or pace.value)
    loss = float(law.optimal(at).loss)
    dashes = ["-", DASHED, DASHDOT]
    told, lines = [], []
    for k, year in enumerate(years):
        fewer, most, least = (2 ** (12 * year / months) for months in (middle, fast, slow))
        if year:
            ax.fill_betweenx(
                law.optimal(flop).loss,
                flop / most,
                flop / least,
                color=BLUE,
                alpha=0.13,
                linewidth=0,
                label=f"{year:g} years later, 95%",
            )
            reach = f"{scientific(at / most)} to {scientific(at / least)}"
            told.append(f"after {year:g} years {scientific(at / fewer)} ({reach})")
        name = f"{year:g} years later" if year else "at first"
        lines += ax.plot(
            flop / fewer, law.optimal(flop).loss, color=BLUE, linestyle=dashes[k], linewidth=2, label=name
        )
        ax.plot(
            at / fewer,
            loss,
            "o",
            color=VERMILLION,
            markersize=6,
            label=f"the same loss, {year:g} years later",
        )
    ax.plot(
        [at / 2 ** (12 * years[-1] / middle), at],
        [loss, loss],
        color=VERMILLION,
        linestyle=DOTTED,
        linewidth=1,
        label="one loss",
    )
    log_axis(ax.xaxis, every=2)
    ax.set(xlim=(1e18, 1e26), ylim=(1.8, 2.9), xlabel="Training compute (FLOP)")
    ax.legend(handles=lines, loc="upper right", fontsize=9)
    title(ax, "Loss (nats per token), at the pace of 2012 to 2023")
    return (
        f"A frontier moves to the left with time. The loss of {loss:.2f} nats takes {scientific(at)} FLOP "
        f"at first, {', '.join(told)}. Bands widen with the years; the shape stays the same."
    )
