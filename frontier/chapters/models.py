"""Drawings and tables of the chapter on models at the frontier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray
from scipy.constants import hour, mega

from frontier import runs
from frontier.registry import Entry, Fact
from frontier.show.style import COLORS, dot, label, log_axis, title
from frontier.show.table import Table
from frontier.show.words import compact_number, plain_or_scientific, scientific

BLUE, VERMILLION, GREEN, PURPLE, ORANGE = (
    COLORS[name] for name in ("blue", "vermillion", "green", "purple", "orange")
)
MWH = mega * hour  # joules
EDGE: Any = {"edgecolor": "black", "linewidth": 0.5, "alpha": 0.6}

# Of a family: how far its years are moved, so that neighbours do not hide each other, and its look.
LOOKS: dict[str, tuple[float, str, str, Any]] = {
    "GPT": (0.0, "o", BLUE, "-"),
    "BERT": (0.3, "s", VERMILLION, "--"),
    "AlphaZero": (0.0, "v", PURPLE, "-."),
    "AlphaFold": (0.0, "^", GREEN, ":"),
    "DALL-E": (0.0, "D", ORANGE, (0, (5, 1, 1, 1))),
    "Llama": (0.4, "X", "black", "-"),
    "Claude": (-0.1, "P", "black", ":"),
    "Grok": (-0.3, "p", VERMILLION, "-"),
    "DeepSeek": (0.2, "h", GREEN, "--"),
}

PLACES: dict[str, tuple[int, Any]] = {  # of a family's name: at which run, and on which side
    "GPT": (-1, {"ha": "right"}),
    "BERT": (-1, {"ha": "right", "va": "center", "gap": 7}),
    "AlphaZero": (-1, {"ha": "center", "gap": 9}),
    "AlphaFold": (-1, {"va": "top"}),
    "DALL-E": (0, {"va": "top"}),
    "Llama": (0, {"va": "top", "ha": "center", "gap": 8}),
    "Claude": (-1, {"va": "center", "gap": 7}),
    "Grok": (-1, {"ha": "right"}),
    "DeepSeek": (0, {"va": "top"}),
}


def wall(ax: Axes, families: Mapping[str, Sequence[tuple[str, Fact]]], at: float) -> str:
    """Draw each family's runs on a row of its own, and a wall; say which runs lie beyond it.

    A run is its name within the family and its training compute in FLOP; the names of the first and the last
    stand beside them.
    """
    ax.axvline(at, color="black", linewidth=3, linestyle="-", alpha=0.5, label="the wall")
    beyond, short = 0, []
    look: Any = {"color": "black", "linestyle": "-", "linewidth": 0.7}
    for y, (family, found) in enumerate(list(families.items())[::-1]):
        values = [spent.value for _, spent in found]
        ax.plot(values, [y] * len(values), **look, label=f"{family}, joined")
        for name, spent in found:
            color = VERMILLION if spent.value > at else BLUE
            span = None if spent.low is None else spent.range[1:]
            dot(ax, spent.value, y, f"{family} {name}", color=color, span=span, linewidth=5, alpha=0.4)
            if spent.basis == "estimated":
                ax.lines[-1].set_markerfacecolor("none")
        ends = [end for _, spent in found for end in spent.range if end is not None]
        label(ax, min(ends), y, found[0][0], ha="right", va="center", gap=7)
        label(ax, max(ends), y, found[-1][0], va="center", gap=7)
        passed = sum(value > at for value in values)
        beyond += passed
        short += [] if passed else [family]
    dot(ax, at, len(families) - 0.3, "the wall's place", color="black", marker="v", size=9, draggable=True)
    log_axis(ax.xaxis, every=2)
    ax.set_yticks(range(len(families)), list(families)[::-1])
    ax.set(xlim=(2e18, 2e28), ylim=(-0.6, len(families)), xlabel="Compute of one training run (FLOP)")
    title(ax, "No single wall would have stopped them all")
    total = sum(len(found) for found in families.values())
    never = f"{_listed(short[::-1])} never reached it" if short else "no family stayed short of it"
    passed_it = f"{beyond} of {total} runs (orange) went beyond it"
    said = f"{passed_it}, and {never}" if beyond else "no run has reached it yet"
    return f"A wall at {scientific(at)} FLOP: {said}."


def compute_by_year(ax: Axes, families: Mapping[str, Sequence[tuple[str, int, Fact]]]) -> str:
    """Draw the training compute of each family's runs against their year, in FLOP."""
    said = []
    for family, found in families.items():
        shift, marker, colour, style = LOOKS[family]
        years, values = [year + shift for _, year, _ in found], [spent.value for *_, spent in found]
        ax.plot(years, values, color=colour, linestyle=style, linewidth=1, label=f"{family}, joined")
        for (name, _, spent), year in zip(found, years, strict=True):
            look: Any = {"color": colour, "marker": marker, "linewidth": 5, "alpha": 0.4}
            span = None if spent.low is None else spent.range[1:]
            dot(ax, year, spent.value, name, span=span, upright=True, **look)
            if spent.basis == "estimated":
                ax.lines[-1].set_markerfacecolor("none")
        run, place = PLACES[family]
        label(ax, years[run], values[run], family, **place)
        said.append(f"{family} from {scientific(values[0])} to {scientific(values[-1])}")
    log_axis(ax.yaxis, every=2)
    ax.set(xlim=(2016.5, 2027), ylim=(6e18, 4e27), xlabel="Year of publication")
    ax.set_xticks(range(2018, 2027, 2))
    title(ax, "Training compute (FLOP) climbs from run to run")
    return f"Training compute against year, a line for each family: {'; '.join(said)} FLOP."


def card(*models: Entry) -> Table[dict[str, str]]:
    """Return what the registry knows of some models, a column for each."""
    names = [model.name for model in models]
    lines = {
        "published": [str(m.year) for m in models],
        "parameters": [_count(m.n_params) for m in models],
        "data": [_data(m) for m in models],
        "compute, FLOP": [_compute(m) for m in models],
        "machine": [_machine(m) for m in models],
        "energy, MWh": [_energy(m) for m in models],
    }
    rows = [
        {"quantity": quantity, **dict(zip(names, cells, strict=True))}
        for quantity, cells in lines.items()
        if set(cells) != {"—"}
    ]
    caption = (
        f"What is known of {', '.join(names)} (≈: estimated by others than the makers; —: not disclosed)"
    )
    return Table(rows, caption=caption)


def elo_table(ratings: Mapping[str, float], shares: ArrayLike) -> Table[dict[str, str]]:
    """Return the ratings of some programs, and what share each should win against the one before."""
    gains = ["", *(f"{gain:.0f}" for gain in np.diff(list(ratings.values())))]
    expected = ["", *(f"{share:.1%}" for share in np.asarray(shares))]
    rows = [
        {"program": name, "Elo": f"{rating:.0f}", "gain": gain, "share expected": share}
        for (name, rating), gain, share in zip(ratings.items(), gains, expected, strict=True)
    ]
    return Table(rows, caption="Go programs of DeepMind, 2015 to 2017")


def excess_table(
    each: Mapping[str, float], excess: Mapping[str, float], likely: Mapping[str, ArrayLike]
) -> Table[dict[str, str]]:
    """Return tokens per parameter of some models, how far above the frontier they lie, and its 95%."""
    rows = [
        {
            "model": name,
            "tokens each": f"{each[name]:,.1f}",
            "excess (95%)": "{:.2f} ({:.2f} to {:.2f})".format(excess[name], *np.asarray(likely[name])),
        }
        for name in excess
    ]
    return Table(rows, caption="Tokens per parameter, and compute over the least for the same loss")


def glue(ax: Axes, columns: Sequence[str], found: Mapping[str, Sequence[float]]) -> str:
    """Draw six sizes of BERT, smallest first, on the columns of GLUE, the largest two joined."""
    scores, rows = np.array(list(found.values())), np.arange(len(columns))[::-1]
    small: Any = {"color": "black", "markersize": 4, "alpha": 0.6}
    looks: list[Any] = [{"marker": marker, **small} for marker in ".^sd"]
    looks += [{"marker": "o", "color": BLUE, "markerfacecolor": "none"}, {"marker": "o", "color": VERMILLION}]
    ax.hlines(rows, *scores[4:], color=VERMILLION, linewidth=3, linestyle="-", label="from Base to Large")
    for name, scored, look in zip(found, scores, looks, strict=True):
        ax.plot(scored, rows, **look, linestyle="none", label=name)
    ax.set_yticks(rows, list(columns))
    top = rows[0] + 0.55
    for size, name, where, gap in ((0, "Tiny", "right", 8), (4, "Base", "right", 1), (5, "Large", "left", 4)):
        label(ax, scores[size, 0], top, name, ha=where, va="center", gap=gap)
    ax.set(xlim=(-3, 103), ylim=(-0.6, top + 0.3), xlabel="Score on the test set")
    title(ax, "The larger BERT wins all nine")
    gains = ", ".join(f"{c} {s:+.1f}" for c, s in zip(columns, scores[5] - scores[4], strict=True))
    widest = scores[:, columns.index("CoLA")]
    return (
        "Six sizes of BERT on nine columns of GLUE. Dots run from left to right from the smallest to the "
        f"largest in nearly every row. From Base to Large: {gains}. CoLA spreads widest, from "
        f"{widest.min():.0f} for the two smallest to {widest.max():.1f}."
    )


def returns_of_all(
    ax: Axes,
    ladders: Mapping[str, tuple[NDArray[np.float64], NDArray[np.float64]]],
    images: tuple[NDArray[np.float64], NDArray[np.float64]],
    elo: Mapping[str, float],
) -> str:
    """Draw what each tenfold bought, a row for each family, a bar of one width for each step.

    A ladder, like `images`, is the sizes and what each step bought per tenfold; its name ends in its unit.
    In a game every tenfold buys as many `elo`, so that it has one bar. The tallest bars of all rows are
    equally tall; the values stand above them.
    """
    rows = [(name, [f"{b:.0f}" for b in bought], bought) for name, (_, bought) in ladders.items()]
    rows.append(("Images (nats)", [f"{b:.2f}" for b in images[1]], images[1]))
    rows += [(f"{game} (Elo)", [f"{points:.0f} each"], np.array([points])) for game, points in elo.items()]
    names, said = [], []
    widest = max(bought.size for _, _, bought in rows)
    for y, (name, values, bought) in zip(range(len(rows))[::-1], rows, strict=True):
        heights, steps = 0.58 * bought / bought.max(), np.arange(bought.size)
        width = 0.85 if bought.size > 1 else widest - 0.15
        ax.bar(steps, heights, width, bottom=y, align="edge", facecolor=BLUE, **EDGE, label=name)
        ax.plot([-0.1, widest], [y, y], color="black", linestyle="-", linewidth=0.5, label=f"{name}, nought")
        for step, height, value in zip(steps, heights, values, strict=True):
            label(ax, step + width / 2, y + max(height, 0), value, ha="center", gap=1)
        names.append(name.replace(": ", ",\n").replace(", P", ",\nP").replace(" (", "\n("))
        said.append(f"{name}: {', '.join(values)}")
    ax.set_yticks([y + 0.35 for y in range(len(rows))[::-1]], names)
    ax.set(xlim=(-0.1, widest), ylim=(-0.1, len(rows)), xticks=[], xlabel="From small to large →")
    ax.tick_params(axis="y", length=0)
    ax.spines["bottom"].set_visible(False)
    title(ax, "A tenfold buys less, or as much again")
    return f"Rows of bars, what each tenfold bought from step to step. {'; '.join(said)}."


def against_more_compute(
    ax: Axes,
    more: NDArray[np.float64],
    shares: Mapping[str, NDArray[np.float64]],
    game: str,
    ratio: float,
    elo: float,
    won: float,
) -> str:
    """Draw the share of points won at `more` compute in each game, and in one of them say it at a ratio."""
    chosen: Any = {"color": BLUE, "linewidth": 2, "linestyle": "-"}
    other: Any = {"color": "black", "linewidth": 0.8, "linestyle": "--"}
    for name, share in shares.items():
        ax.plot(more, 100 * share, **(chosen if name == game else other), label=name)
    dot(ax, ratio, 100 * won, "this ratio", color=VERMILLION, size=7, draggable=True)
    label(ax, 5, 90, "Hex", ha="right", gap=3)
    label(ax, 12, 74, "Connect Four, Pentago", va="top", gap=4)
    log_axis(ax.xaxis)
    ax.set(xlim=(1, 1000), ylim=(45, 102), xlabel="Training compute over that of the opponent")
    ax.set_ylabel("Points of 100 (a draw is half)")
    title(ax, "Each doubling adds fewer points")
    return f"{game}: {ratio:g} times the compute is {elo:.0f} Elo ahead, {100 * won:.0f} points out of 100."


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _about(fact: Fact) -> str:
    return "≈ " if fact.basis == "estimated" else ""


def _count(fact: Fact | None) -> str:
    return "—" if fact is None else _about(fact) + compact_number(fact.value, 3)


def _data(model: Entry) -> str:
    facts = [f for f in (model.n_images, model.n_tokens, model.n_games) if f is not None]
    return f"{_count(facts[0])} {facts[0].unit}" if facts else "—"


def _compute(model: Entry) -> str:
    found = runs.training_compute(model.name)
    if found is None:
        return "—"
    if found.note.startswith("our product"):
        return f"6ND: {scientific(found.value)}"
    known = [float(f"{x:.3g}") for x in (found.value, found.low, found.high) if x is not None]
    value, *ends = map(plain_or_scientific, known)
    span = f" ({' to '.join(ends)})" if ends else ""
    return f"{_about(found)}{value}{span}"


def _machine(model: Entry) -> str:
    if model.n_chips is None or model.training_days is None:
        if model.gpu_hours is not None:
            return f"{compact_number(model.gpu_hours.value, 3)} GPU-hours"
        return "—" if model.n_chips is None else f"{model.n_chips.value:,.0f} {model.chip or 'chips'}"
    days = model.training_days.value
    time = f"{days:.3g} days" if days >= 1 else f"{24 * days:g} hours"
    return f"{_about(model.n_chips)}{model.n_chips.value:,.0f} {model.chip or 'chips'}, {time}"


def _energy(model: Entry) -> str:
    found = runs.training_energy(model.name)
    if found is None:
        return "—"
    value, *ends = (f"{j / MWH:,.0f}" if j >= 10 * MWH else f"{j / MWH:.1f}" for j in found.range)
    return f"{_about(found)}{value}" + ("" if found.low is None else f" ({' to '.join(ends)})")
