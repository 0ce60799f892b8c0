"""Drawings and tables of the chapter on the No Free Lunch theorem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from frontier import nofreelunch, registry
from frontier.multitask import Comparison
from frontier.nofreelunch import Learner, Searcher, Seen
from frontier.show.style import COLORS, label, log_axis, title
from frontier.show.table import Table
from frontier.show.words import compact_number

BLUE, VERMILLION, GREEN, PURPLE = (COLORS[name] for name in ("blue", "vermillion", "green", "purple"))

POINTS = 8
"""Points of the small world: a row of eight, with two values."""

TRAINED = (0, 2, 4, 6)
"""Points whose values the learners are told; they are asked for the others."""

T_95 = {8: 2.365, 10: 2.262, 20: 2.093}
"""Student's t for an interval of 95%, by the number of repetitions."""


def opposite(points: Seen, values: Seen, query: int) -> int:
    """Learner: whatever the nearest labelled point does not say."""
    return 1 - nofreelunch.nearest_neighbour(points, values, query)


def always_zero(points: Seen, values: Seen, query: int) -> int:
    """Learner: 0, whatever it is told."""
    return 0


LEARNERS: dict[str, Learner] = {
    "nearest neighbour": nofreelunch.nearest_neighbour,
    "its opposite": opposite,
    "majority": nofreelunch.majority,
    "always 0": always_zero,
}
STYLES = {
    "nearest neighbour": (BLUE, "-"),
    "its opposite": (VERMILLION, "--"),
    "majority": (GREEN, "-."),
    "always 0": (PURPLE, ":"),
}
SEARCHERS: dict[str, Searcher] = {
    "hill climber": nofreelunch.hill_climb,
    "hill descender": nofreelunch.hill_descend,
    "left to right": nofreelunch.in_order,
}


def prior(agree: Fraction) -> list[Fraction]:
    """Return the weight of each of the 256 functions if neighbours agree with this probability."""
    changes = np.abs(np.diff(nofreelunch.all_functions(POINTS, 2), axis=1)).sum(axis=1)
    return [agree ** (POINTS - 1 - c) * (1 - agree) ** c / 2 for c in changes.tolist()]


def accuracy(
    learner: Learner, functions: ArrayLike, weights: Sequence[Fraction | int] | None = None
) -> float:
    """Return the share of unseen points that a learner gets right, on average over the functions."""
    return float(1 - nofreelunch.off_training_set_error(learner, functions, TRAINED, weights))


def neighbours_agree(rows: ArrayLike) -> float:
    """Return how often two neighbours in a row have the same value."""
    table = np.asarray(rows)
    return float(np.mean(table[:, 1:] == table[:, :-1]))


def nearest_agrees(inputs: ArrayLike, labels: ArrayLike) -> float:
    """Return how often the nearest other example has the same label; the inputs are whole numbers."""
    x, y = np.asarray(inputs).astype(np.int64), np.asarray(labels)
    squares = (x * x).sum(axis=1)
    distance = squares[:, None] + squares - 2 * (x @ x.T)
    np.fill_diagonal(distance, distance.max() + 1)
    return float(np.mean(y[distance.argmin(axis=1)] == y))


def crossing(ax: Axes, real: Mapping[str, float]) -> str:
    """Draw the accuracy of each learner against how often neighbours agree, and where real data lie."""
    shares = [Fraction(k, 20) for k in range(21)]
    functions = nofreelunch.all_functions(POINTS, 2)
    for name, learner in LEARNERS.items():
        right = [accuracy(learner, functions, prior(p)) for p in shares]
        colour, style = STYLES[name]
        ax.plot([float(p) for p in shares], right, color=colour, linestyle=style, linewidth=2, label=name)
    ax.plot(0.5, 0.5, "o", color="black", markersize=6, label="no structure")
    label(ax, 0.2, 0.8, "its opposite")
    label(ax, 0.15, 0.15, "nearest neighbour", va="top", gap=2)
    label(ax, 0.75, 0.66, "majority", va="top")
    label(ax, 0.02, 0.5, "always 0")
    label(ax, 0.5, 0.5, "no structure:\nall alike", ha="center", gap=20)
    for name, share in real.items():
        ax.axvline(share, color="black", linewidth=0.8, linestyle=(0, (2, 2)), label=name)
        label(ax, share, 0.27, name.replace(" ", "\n", 1), ha="right", va="center", gap=3)
    ax.set(xlim=(0, 1.02), ylim=(0, 1.02), xlabel="How often neighbours agree")
    title(ax, "Share right on points not seen before")
    marked = ", ".join(f"{name} at {share:.2f}" for name, share in real.items())
    return (
        "Accuracy of four learners against how often neighbours agree, from 0 to 1. Nearest neighbour rises "
        "from 0 to 1, its opposite falls from 1 to 0, majority curves up at both ends, always 0 stays level. "
        f"All four cross at one point: one half, where there is no structure. Real data are marked: {marked}."
    )


def gains(agree: Fraction, learner: Learner) -> NDArray[np.float64]:
    """Return what functions with 0, 1, ... changes add to the accuracy above one half."""
    functions = nofreelunch.all_functions(POINTS, 2)
    changes = np.abs(np.diff(functions, axis=1)).sum(axis=1)
    shares = np.array([float(w) for w in prior(agree)])
    rest = [x for x in range(POINTS) if x not in TRAINED]
    told = [tuple(f[list(TRAINED)].tolist()) for f in functions]
    right = np.array(
        [
            np.mean([learner(TRAINED, seen, x) == f[x] for x in rest])
            for f, seen in zip(functions, told, strict=True)
        ]
    )
    return np.bincount(changes, shares * (right - 0.5), POINTS).astype(float)


def bill(ax: Axes, agree: Fraction, learner: str) -> str:
    """Draw on which functions a learner wins and on which it pays; say the sum."""
    points = 100 * gains(agree, LEARNERS[learner])
    won = points >= 0
    numbers = np.arange(POINTS)
    ax.bar(numbers[won], points[won], color=BLUE, edgecolor="black", linewidth=0.5, label="won")
    ax.bar(
        numbers[~won],
        points[~won],
        color=VERMILLION,
        edgecolor="black",
        linewidth=0.5,
        hatch="//",
        alpha=0.8,
        label="paid",
    )
    ax.axhline(0, color="black", linewidth=0.8)
    ax.set(xlim=(-0.6, POINTS - 0.4), ylim=(-14, 14), xlabel="Changes along the row: smooth (0) to rough (7)")
    title(ax, "Points of accuracy won and paid, against guessing")
    gain, loss = points[won].sum(), -points[~won].sum()
    total = gain - loss
    left = "nothing is left" if abs(total) < 0.05 else f"{total:+.1f} points are left".replace("-", "−")
    who = learner[0].upper() + learner[1:]
    return (
        f"Neighbours agree {float(agree):.0%} of the time. {who} wins {gain:.1f} points "
        f"and pays {loss:.1f}: {left}."
    )


def rarity(points: Sequence[int]) -> Table[dict[str, str]]:
    """Return the table of how many sets of functions with two values there are, and what share is closed."""
    rows = []
    for n_points in points:
        n_functions = 2**n_points
        digits = float(nofreelunch.log10_cup_fraction(n_points, 2))
        small = n_functions <= 16
        rows.append(
            {
                "points": f"{n_points}",
                "functions": f"{n_functions:,}",
                "sets of them": f"{2**n_functions - 1:,}"
                if small
                else f"about {_power(n_functions * np.log10(2))}",
                "closed, one in": f"{10**-digits:,.0f}" if small else f"about {_power(-digits)}",
            }
        )
    return Table(rows, caption="How rare closed sets are, with two values")


def _power(digits: float) -> str:
    """Write a power of ten, however large."""
    return "10" + str(round(digits)).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def two_worlds(rows: ArrayLike, weights: Sequence[int]) -> Table[dict[str, str]]:
    """Return the table of how the learners do on all functions alike and on rows that occur."""
    everything = nofreelunch.all_functions(POINTS, 2)
    known = LEARNERS | {"who knows the rows": nofreelunch.best_learner(rows, weights)}
    cells = [
        {
            "learner": name,
            "all functions": f"{accuracy(learner, everything):.0%}",
            "rows of digits": f"{accuracy(learner, rows, weights):.0%}",
        }
        for name, learner in known.items()
    ]
    return Table(cells, caption="Right on pixels not seen, in two worlds")


def search_rows(ax: Axes, rows: ArrayLike, weights: Sequence[int]) -> str:
    """Draw the best value found after each visit, in real rows and in the same rows shuffled in every way."""
    shuffled = nofreelunch.symmetrise(rows, weights)
    visits = np.arange(1, POINTS + 1)
    alike = {
        name: [float(nofreelunch.mean_performance(s, *_of(shuffled, b))) for b in visits.tolist()]
        for name, s in SEARCHERS.items()
    }
    same = alike["left to right"]
    ax.plot(visits, same, color="black", linestyle="--", linewidth=2, label="shuffled: all alike")
    found = {}
    for (name, s), colour, mark in zip(SEARCHERS.items(), (BLUE, GREEN, VERMILLION), "osv", strict=True):
        found[name] = [float(nofreelunch.mean_performance(s, rows, b, weights)) for b in visits.tolist()]
        ax.plot(visits, found[name], color=colour, linestyle="-", marker=mark, markersize=5, label=name)
    label(ax, 0.85, 1.92, "from the middle", va="center", gap=2)
    label(ax, 2.6, 0.62, "left to right", va="center")
    label(ax, 4, same[3], "shuffled: all alike", va="top", gap=8)
    ax.set(xlim=(0.8, POINTS + 0.2), ylim=(-0.05, 2.15), xlabel="Pixels looked at")
    title(ax, "Darkest pixel found so far (0 to 2)")
    ahead = np.flatnonzero(np.array(found["left to right"]) > np.array(same) + 1e-9)
    when = f"at {visits[ahead[0]]}" if len(ahead) else "nowhere"
    climber, plain = found["hill climber"][0], found["left to right"][0]
    return (
        "Best value found against the number of pixels looked at. In real rows of digits two searchers that "
        f"start in the middle begin at {climber:.2f}; one that goes from left to right begins at {plain:.2f} "
        f"and passes the dashed line {when}. The dashed line is the same rows with their pixels shuffled "
        f"in every way: there all searchers are alike, from {same[0]:.2f} to {same[-1]:.2f}."
    )


def _of(shuffled: nofreelunch.Prior, budget: int) -> tuple[NDArray[np.int64], int, tuple[Fraction, ...]]:
    return shuffled.functions, budget, shuffled.weights


WAYS = {
    "specialist": (BLUE, "o", "-"),
    "generalist": (GREEN, "s", "-."),
    "multitask": (VERMILLION, "^", "--"),
}
"""How each way to learn is drawn."""


def paired(differences: ArrayLike) -> tuple[float, float]:
    """Return the mean of paired differences and half the width of its 95% interval."""
    each = np.asarray(differences, float)
    return float(each.mean()), float(T_95[len(each)] * each.std(ddof=1) / np.sqrt(len(each)))


def edge(runs: Sequence[Comparison], way: str, task: int | slice = slice(None)) -> tuple[float, float]:
    """Return how much better than the specialist a way is, with half the width of its 95% interval.

    Each run draws examples and starting weights anew, the examples for all ways alike.
    """
    return paired([np.mean(getattr(run, way)[task] - run.specialist[task]) for run in runs])


def mean(runs: Sequence[Comparison], way: str, task: int | slice = slice(None)) -> float:
    """Return the accuracy of a way, averaged over runs and tasks."""
    return float(np.mean([getattr(run, way)[task] for run in runs]))


def three_ways(axes: Sequence[Axes], runs: Mapping[int, Sequence[Comparison]]) -> str:
    """Draw accuracy against labels a task for the three ways, and their edge over the specialist."""
    sizes = list(runs)
    left, right = axes
    for way, (colour, mark, style) in WAYS.items():
        right_ones = [100 * mean(runs[m], way) for m in sizes]
        left.plot(sizes, right_ones, color=colour, marker=mark, linestyle=style, markersize=5, label=way)
    label(left, 100, 81, "specialist", ha="right", va="center", gap=0)
    label(left, 40, 100 * mean(runs[40], "multitask"), "multitask", ha="right", gap=5)
    right.axhline(0, color=BLUE, linewidth=1.2, label="specialist")
    for way, shift in (("generalist", 1.05), ("multitask", 0.95)):
        colour, mark, style = WAYS[way]
        over = np.array([edge(runs[m], way) for m in sizes]) * 100
        at = np.array(sizes) * shift
        right.errorbar(
            at, over[:, 0], over[:, 1], color=colour, marker=mark, linestyle=style, markersize=5, label=way
        )
    label(right, 34, edge(runs[40], "multitask")[0] * 100, "multitask", ha="right", gap=8)
    label(right, 103, edge(runs[80], "generalist")[0] * 100, "generalist", ha="right", gap=6)
    label(right, 103, 0, "specialist", ha="right", va="top", gap=5)
    for ax in axes:
        log_axis(ax.xaxis)
        ax.set(xlim=(8, 105), xticks=sizes, xticklabels=[str(m) for m in sizes], xlabel="Labels a task")
    title(left, "Right on new pictures (%)")
    title(right, "Over the specialist (points)")
    fewest, most = sizes[0], sizes[-1]
    start = 5 * round(20 * mean(runs[fewest], "specialist"))
    at_ends = ", ".join(
        f"{way} {round(100 * over, 1) + 0.0:.1f} (± {100 * half:.1f}) at {m}"
        for m in (fewest, most)
        for way, (over, half) in ((way, edge(runs[m], way)) for way in ("generalist", "multitask"))
    )
    return (
        f"Accuracy of three ways to learn {len(runs[most][0].specialist)} tasks, against labels a task from "
        f"{fewest} to {most}. All rise, from about {start}%. Points over the specialist: {at_ends} labels."
    )


def pretraining_over_adapting() -> float:
    """Return the chip time of BERT-Large's pre-training over that of an hour on a Cloud TPU of four chips.

    Adapting took "at most 1 hour on a single Cloud TPU" (Devlin et al., 2019, section 3.2).
    """
    bert = registry.find("BERT-Large")
    if bert.n_chips is None or bert.training_days is None:
        raise ValueError("the registry must hold the chips and days of BERT-Large")
    return float(bert.n_chips.value * bert.training_days.value * 24 / 4)


def recipe() -> Table[dict[str, str]]:
    """Return the table of what AlphaZero's one recipe did in three games."""
    rows = []
    for game in ("chess", "shogi", "Go"):
        model = registry.find(f"AlphaZero ({game})")
        if model.n_games is None or model.training_days is None:
            raise ValueError(f"the registry must hold the games and days of {model.name}")
        rows.append(
            {
                "game": game,
                "games against itself": compact_number(model.n_games.value),
                "training": f"{24 * model.training_days.value:.0f} hours",
            }
        )
    return Table(rows, caption="AlphaZero: one recipe, three games, three sets of weights")
