"""Drawings and tables of the frontier that we measured ourselves."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from frontier import sweep
from frontier.fitting import bootstrap, fit
from frontier.scaling import ScalingLaw
from frontier.show.style import COLORS, label, log_axis, title
from frontier.show.table import Table
from frontier.show.words import scientific

BLUE, VERMILLION = COLORS["blue"], COLORS["vermillion"]
PUBLISHED = {  # exponent of the best size, where it stands
    "Kaplan 2020": "0.73",
    "Hoffmann 2022, approaches 1, 2, 3": "0.50, 0.49, 0.46",
    "Besiroglu 2024": "0.513",
}


def trunks(ax: Axes, ours: sweep.Runs, *, linewidth: float, alpha: float) -> None:
    """Draw the training curve of each size: that of its longest run, which all shorter ones branch off."""
    look: dict[str, Any] = {"color": "black", "linestyle": "-", "linewidth": linewidth, "alpha": alpha}
    for size in np.unique(ours.n_params):
        longest = str(ours.run[ours.n_params == size][-1])
        ax.plot(*sweep.curve(longest), **look, label=f"{size:,.0f} parameters")


def training_curves(ax: Axes, ours: sweep.Runs, made: sweep.Runs) -> str:
    """Draw the training curve of each model, its cooled-down end points, and their lower envelope.

    `made` is the run that was predicted, marked by a star.
    """
    sizes = np.unique(ours.n_params)
    trunks(ax, ours, linewidth=0.7, alpha=0.5)
    ax.plot(ours.flop, ours.loss, ".", color=BLUE, markersize=4, label="end points")
    best = sweep.envelope(ours.flop, ours.n_params, ours.loss)
    ax.plot(best.flop, best.loss, color=VERMILLION, linestyle="-", linewidth=2.5, label="the frontier")
    ax.plot(made.flop, made.loss, "*", color="black", markersize=9, label="one run more")
    label(ax, 1e10, 2.24, f"{sizes[0]:,.0f} parameters", va="top")
    label(ax, 4.2e11, 2.5, f"{sizes[-1]:,.0f} parameters")
    label(ax, 6e11, float(np.interp(6e11, best.flop, best.loss)), "the frontier", ha="right", va="top", gap=7)
    label(ax, made.flop[0], made.loss[0], "one run more", ha="center", gap=7)
    log_axis(ax.xaxis)
    ax.set(xlim=(1e10, 1e14), ylim=(1.05, 2.8), xlabel="Training compute (FLOP)")
    title(ax, "Held-out loss (nats per byte), a curve for each size")
    return (
        f"Training curves of {len(sizes)} models from {sizes[0]:,.0f} to {sizes[-1]:,.0f} parameters, and "
        f"{len(ours)} dots where they were cooled down. Small models fall first and level off, larger ones "
        "start later and pass below them. The lower envelope, a "
        f"thick line, falls from {best.loss[0]:.2f} to {best.loss[-1]:.2f} nats per byte, ever more slowly "
        f"and without a step. A star at {scientific(made.flop[0])} FLOP continues it at {made.loss[0]:.2f}."
    )


def exponents(ours: sweep.Runs, n_resamples: int = 200, seed: int = 0) -> dict[str, NDArray[np.float64]]:
    """Return the exponent of the best size by the three approaches: value, then low and high end of 95%.

    Runs are drawn anew within each budget, and every approach reads the same draws.
    """
    indices = sweep.resample(ours.budget, n_resamples, seed)
    runs = ours.n_params, ours.n_tokens, ours.loss
    budgets = np.unique(ours.budget)

    def slope(frontier: sweep.Frontier) -> float:
        return sweep.power_law(frontier.flop, frontier.n_params).exponent

    def fitted(law: ScalingLaw) -> sweep.Frontier:
        return sweep.parametric_minima(law, budgets, ours)

    def read(pick: NDArray[np.int64] | slice) -> list[float]:
        flop, n_params, loss = ours.flop[pick], ours.n_params[pick], ours.loss[pick]
        return [
            slope(sweep.envelope(flop, n_params, loss)),
            slope(sweep.isoflop_minima(ours.budget[pick], n_params, loss)),
        ]

    draws = np.array([read(pick) for pick in indices])
    laws = fitted(bootstrap(*runs, indices=indices).law)
    third = [slope(laws._replace(n_params=sizes)) for sizes in laws.n_params]
    values = [*read(slice(None)), slope(fitted(fit(*runs).law))]
    names = ("1, envelope", "2, isoFLOP curves", "3, parametric fit")
    columns = [*draws.T, third]
    return {
        name: np.array([value, *np.quantile(column, [0.025, 0.975])])
        for name, value, column in zip(names, values, columns, strict=True)
    }


def exponent_table(found: dict[str, NDArray[np.float64]]) -> Table[dict[str, str]]:
    """Return our three exponents beside the published ones."""
    rows = [
        {"who": f"ours, approach {name}", "exponent": f"{a:.2f} ({low:.2f} to {high:.2f})"}
        for name, (a, low, high) in found.items()
    ]
    rows += [{"who": who, "exponent": printed} for who, printed in PUBLISHED.items()]
    return Table(rows, caption="Best size grows as compute to this power")


def predicted_band(
    ours: sweep.Runs, n_params: float, n_tokens: float, n_resamples: int = 200, seed: int = 0
) -> tuple[float, float]:
    """Return the ends of the 95% in which the grid expects a run: by the refits, and by how runs scatter."""
    runs = ours.n_params, ours.n_tokens, ours.loss
    draws = bootstrap(*runs, indices=sweep.resample(ours.budget, n_resamples, seed)).law
    scatter = np.random.default_rng(seed).choice(fit(*runs).residuals, n_resamples)
    losses = draws.loss(n_params, n_tokens) * np.exp(-scatter)
    low, high = np.quantile(losses, [0.025, 0.975])
    return float(low), float(high)
