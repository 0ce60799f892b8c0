"""Drawings and tables of the chapter on the No Free Lunch theorem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from frontier.registry import Entry
from frontier.show.style import COLORS, dot, label, log_axis, title
from frontier.show.table import Table
from frontier.show.words import compact_number

BLUE, VERMILLION, GREEN, PURPLE = (COLORS[name] for name in ("blue", "vermillion", "green", "purple"))

LEARNERS: dict[str, Any] = {
    "nearest neighbour": {"color": BLUE, "linestyle": "-"},
    "its opposite": {"color": VERMILLION, "linestyle": "--"},
    "majority": {"color": GREEN, "linestyle": "-."},
    "always 0": {"color": PURPLE, "linestyle": ":"},
}
"""How each learner is drawn."""

WAYS: dict[str, Any] = {
    "specialist": {"color": BLUE, "marker": "o", "linestyle": "-"},
    "generalist": {"color": GREEN, "marker": "s", "linestyle": "-."},
    "multitask": {"color": VERMILLION, "marker": "^", "linestyle": "--"},
}
"""How each way to learn is drawn."""


def crossing(
    ax: Axes, agree: Sequence[Any], right: Mapping[str, ArrayLike], real: Mapping[str, float], at: Any
) -> str:
    """Draw the accuracy of each learner against how often neighbours agree, and where real data lie.

    Dots say how good each learner is where neighbours agree as often as `at` says, one of `agree`.
    """
    here = list(agree).index(at)
    for name, share in real.items():
        ax.axvline(share, color="black", linewidth=0.8, linestyle=(0, (2, 2)), label=name)
    for name, look in LEARNERS.items():
        ax.plot(np.asarray(agree, float), np.asarray(right[name], float), **look, linewidth=2, label=name)
    found = {name: float(np.asarray(right[name], float)[here]) for name in LEARNERS}
    for name, share in found.items():
        first = name == next(iter(LEARNERS))
        dot(ax, float(at), share, f"{name}, here", color=LEARNERS[name]["color"], size=8, draggable=first)
    label(ax, 0.2, 0.82, "its opposite")
    label(ax, 0.17, 0.13, "nearest neighbour", va="top", gap=2)
    label(ax, 0.97, 0.61, "majority", ha="right", va="center", gap=0)
    label(ax, 0.02, 0.5, "always 0", va="top")
    for (name, share), y in zip(real.items(), (0.43, 0.33), strict=False):
        label(ax, share, y, name, ha="right" if share > 0.9 else "left", va="center", gap=3)
    ax.set(xlim=(0, 1.02), ylim=(0, 1.04), xlabel="How often neighbours agree", ylabel="Share right")
    title(ax, "Only at one half are all alike")
    rest = ", ".join(f"{name} {share:.0%}" for name, share in found.items())
    said = "all four are right 50% of the time" if len(set(found.values())) == 1 else f"{rest} right"
    return f"Neighbours agree {float(at):.0%} of the time: {said}."


def bill(ax: Axes, agree: Any, learner: str, gains: ArrayLike) -> str:
    """Draw on which functions a learner wins and on which it pays, by their changes; say the sum."""
    points = 100 * np.asarray(gains, float)
    numbers, won = np.arange(len(points)), points >= 0
    edge: Any = {"edgecolor": "black", "linewidth": 0.5}
    ax.bar(numbers[won], points[won], color=BLUE, label="won", **edge)
    ax.bar(numbers[~won], points[~won], color=VERMILLION, hatch="//", alpha=0.8, label="paid", **edge)
    ax.axhline(0, color="black", linewidth=0.8)
    ax.set(xlim=(-0.6, len(points) - 0.4), ylim=(-14, 14), ylabel="Points against guessing")
    ax.set(xticks=numbers, xlabel="Changes along the row, smooth to rough")
    title(ax, "What is won on some rows is paid on others")
    gain, loss = points[won].sum(), abs(points[~won].sum())
    total = gain - loss
    left = "nothing is left" if abs(total) < 0.05 else f"{total:+.1f} points are left".replace("-", "−")
    who = learner[0].upper() + learner[1:]
    return (
        f"Neighbours agree {float(agree):.0%} of the time. {who} wins {gain:.1f} points "
        f"and pays {loss:.1f}: {left}."
    )


def rarity(log10_closed: Mapping[int, float]) -> Table[dict[str, str]]:
    """Return the table of how many sets of functions with two values there are, and what share is closed.

    By the number of points, the decimal logarithm of that share.
    """
    rows = []
    for n_points, digits in log10_closed.items():
        n_functions = 2**n_points
        small = n_functions <= 16
        sets = f"{2**n_functions - 1:,}" if small else f"about {_power(n_functions * np.log10(2))}"
        rows.append(
            {
                "points": f"{n_points}",
                "functions": f"{n_functions:,}",
                "sets of them": sets,
                "closed, one in": f"{10**-digits:,.0f}" if small else f"about {_power(-digits)}",
            }
        )
    return Table(rows, caption="How rare closed sets are, with two values")


def _power(digits: float) -> str:
    """Write a power of ten, however large."""
    return "10" + str(round(digits)).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def two_worlds(right: Mapping[str, tuple[Any, Any]]) -> Table[dict[str, str]]:
    """Return the table of how often each learner is right, on all functions alike and on rows that occur."""
    rows = [
        {"learner": name, "all functions": f"{float(everywhere):.0%}", "rows of digits": f"{float(here):.0%}"}
        for name, (everywhere, here) in right.items()
    ]
    return Table(rows, caption="Right on pixels not seen, in two worlds")


def search_rows(ax: Axes, found: Mapping[str, ArrayLike], shuffled: ArrayLike) -> str:
    """Draw the best value found after each visit, in real rows and in the same rows shuffled in every way."""
    same = np.asarray(shuffled, float)
    visits = np.arange(1, len(same) + 1)
    ax.plot(visits, same, color="black", linestyle="--", linewidth=2, label="shuffled: all alike")
    for (name, best), colour, mark in zip(found.items(), (BLUE, GREEN, VERMILLION), "osv", strict=True):
        values = np.asarray(best, float)
        ax.plot(visits, values, color=colour, linestyle="-", marker=mark, markersize=5, label=name)
    label(ax, 0.9, 2.0, "from the middle", va="center", gap=2)
    label(ax, 2.6, 0.62, "left to right", va="center")
    label(ax, 4, same[3], "shuffled: all alike", va="top", gap=14)
    ax.set(xlim=(0.8, len(same) + 0.2), ylim=(-0.05, 2.2), xlabel="Pixels looked at")
    ax.set_ylabel("Darkest so far (0 to 2)")
    title(ax, "Real rows reward a start in the middle")
    climber, plain = (np.asarray(found[name], float) for name in ("hill climber", "left to right"))
    ahead = np.flatnonzero(plain > same + 1e-9)
    when = f"at {visits[ahead[0]]}" if len(ahead) else "nowhere"
    return (
        "Best value found against the number of pixels looked at. In real rows of digits two searchers that "
        f"start in the middle begin at {climber[0]:.2f}; one that goes from left to right begins at "
        f"{plain[0]:.2f} and passes the dashed line {when}. The dashed line is the same rows with their "
        f"pixels shuffled in every way: there all searchers are alike, from {same[0]:.2f} to {same[-1]:.2f}."
    )


def three_ways(
    axes: Sequence[Axes],
    right: Mapping[str, Mapping[int, float]],
    edge: Mapping[str, Mapping[int, tuple[float, float]]],
    n_tasks: int,
) -> str:
    """Draw accuracy against labels a task for the three ways, and their edge over the specialist.

    By way and labels, the accuracy, and the edge with half the width of its 95% interval.
    """
    sizes = list(right["specialist"])
    above, below = axes
    for way, look in WAYS.items():
        above.plot(sizes, [100 * right[way][m] for m in sizes], **look, markersize=5, label=way)
    below.axhline(0, color=BLUE, linewidth=1.2, label="specialist")
    for way, shift in (("generalist", 1.05), ("multitask", 0.95)):  # side by side, to be told apart
        over, half = 100 * np.array([edge[way][m] for m in sizes]).T
        below.errorbar(np.array(sizes) * shift, over, half, **WAYS[way], markersize=5, label=way)
    label(above, 84, 100 * right["specialist"][80], "specialist", va="top", gap=1)
    label(above, 40, 100 * right["multitask"][40], "multitask", ha="right", gap=5)
    label(below, 36, 100 * edge["multitask"][40][0], "multitask", ha="right", gap=8)
    label(below, 84, 100 * edge["generalist"][80][0], "generalist", va="center", gap=7)
    label(below, 84, 0, "specialist", va="top", gap=5)
    for ax in axes:
        log_axis(ax.xaxis)
        ax.set(xlim=(8.5, 150), xticks=sizes, xticklabels=[str(m) for m in sizes])
    below.set_xlabel("Labels for each task")
    title(above, "Right on new pictures (%)")
    title(below, "Ahead of the specialist (points)")
    fewest, most = sizes[0], sizes[-1]
    start = 5 * round(20 * right["specialist"][fewest])
    at_ends = ", ".join(
        f"{way} {round(100 * edge[way][m][0], 1) + 0.0:.1f} (± {100 * edge[way][m][1]:.1f}) at {m}"
        for m in (fewest, most)
        for way in ("generalist", "multitask")
    )
    return (
        f"Accuracy of three ways to learn {n_tasks} tasks, against labels a task from {fewest} to {most}. "
        f"All rise, from about {start}%. Points over the specialist: {at_ends} labels."
    )


def recipe(games: Mapping[str, Entry]) -> Table[dict[str, str]]:
    """Return the table of what AlphaZero's one recipe did in each game."""
    rows = [
        {
            "game": game,
            "games against itself": compact_number(run.fact("n_games").value),
            "training": f"{24 * run.fact('training_days').value:.0f} hours",
        }
        for game, run in games.items()
    ]
    return Table(rows, caption="AlphaZero: one recipe, three games, three sets of weights")
