"""Drawings and tables of the chapter on models at the frontier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from frontier import registry, scaling
from frontier.show.style import COLORS, label, log_axis, title
from frontier.show.table import Table
from frontier.show.words import compact_number, plain_or_scientific, scientific

BLUE, VERMILLION, GREEN, PURPLE, ORANGE = (
    COLORS[name] for name in ("blue", "vermillion", "green", "purple", "orange")
)
MWH, DAY = 3.6e9, 86_400.0  # joules, seconds

# Elo per tenfold of training compute. Hex: Jones (2021), section IV. Connect Four and Pentago: strength
# grows as compute to the power 0.55 (Neumann and Gros 2023), and 400 Elo are a factor of ten in strength.
STRENGTH_EXPONENT = 0.55
ELO_PER_DECADE = {"Hex": 500.0, "Connect Four, Pentago": 400 * STRENGTH_EXPONENT}

# Image tokens on a grid of 32 x 32: Finzi et al. (2026), Table 1, who convert the fits of Henighan et al.
# (2020) to all parameters and to the form of Hoffmann et al. (2022): L = E + (N0/N)^alpha + (D0/D)^beta.
IMAGE_TOKENS = scaling.ScalingLaw(E=3.32, A=1.9e4**0.287, B=1.63e8**0.560, alpha=0.287, beta=0.560)

GLUE = ("MNLI matched", "MNLI mismatched", "QQP", "QNLI", "SST-2", "CoLA", "STS-B", "MRPC", "RTE")
BERTS = ("BERT-Tiny", "BERT-Mini", "BERT-Small", "BERT-Medium", "BERT-Base", "BERT-Large")

# A family: its models, where the years are drawn (so that neighbours do not hide each other), and its look.
LINES: dict[str, tuple[tuple[str, ...], float, str, str, Any]] = {
    "GPT": (("GPT-1", "GPT-2", "GPT-3", "GPT-4"), 0.0, "o", BLUE, "-"),
    "BERT": (("BERT-Base", "BERT-Large"), 0.3, "s", VERMILLION, "--"),
    "AlphaGo": (("AlphaGo Zero", "AlphaZero"), 0.0, "v", PURPLE, "-."),
    "AlphaFold": (("AlphaFold 1", "AlphaFold 2", "AlphaFold 3"), 0.0, "^", GREEN, ":"),
    "DALL-E": (("DALL-E", "DALL-E 2"), 0.0, "D", ORANGE, (0, (5, 1, 1, 1))),
    "Llama": (("LLaMA 65B", "Llama 2 70B", "Llama 3.1 405B"), 0.4, "X", "black", "-"),
    "Claude": (("Claude 2", "Claude 3 Opus", "Claude 3.5 Sonnet"), -0.1, "P", "black", ":"),
}

PLACES: dict[str, Any] = {  # of the labels, so that none hides another
    "GPT-1": {"va": "top"},
    "GPT-2": {"va": "center", "gap": 7},
    "GPT-3": {"va": "top"},
    "GPT-4": {"ha": "right"},
    "BERT-Large": {"ha": "right"},
    "AlphaFold 1": {"ha": "right", "va": "top"},
    "AlphaFold 2": {"va": "top"},
    "AlphaFold 3": {"va": "top"},
    "AlphaGo Zero": {"gap": 5},
    "AlphaZero": {"va": "top"},
    "DALL-E": {"va": "top"},
    "DALL-E 2": {"va": "top"},
    "LLaMA 65B": {"va": "center", "gap": 7},
    "Claude 2": {"va": "top"},
    "Claude 3.5 Sonnet": {"ha": "center", "gap": 12},
    "Llama 3.1 405B": {"va": "top", "gap": 7},
}


class Compute(NamedTuple):
    """Training compute of a model in FLOP, its range where there is one, and where it comes from."""

    value: float
    low: float | None
    high: float | None
    basis: str  # reported, estimated, or 6ND: our product of what its makers report


def compute(model: registry.Entry) -> Compute | None:
    """Return what is known of the training compute of a model, or None."""
    if model.training_flop is not None:
        fact = model.training_flop
        return Compute(fact.value, fact.low, fact.high, fact.basis)
    if model.n_params is not None and model.n_tokens is not None:
        flop = scaling.training_flop(model.n_params.value, model.n_tokens.value)
        return Compute(float(flop), None, None, "6ND")
    return None


def flop(name: str) -> float:
    """Return the training compute of a model in FLOP, as `compute` has it."""
    found = compute(registry.find(name))
    if found is None:
        raise ValueError(f"name must be a model whose compute is known, got {name!r}")
    return found.value


def score(task: str, model: str, **which: str) -> float:
    """Return one score of a model; `which` picks the setting or the metric."""
    return registry.evaluations(task, model=model, **which)[0].value


def energy(model: registry.Entry) -> registry.Fact | None:
    """Return the energy of a training run in joules: a published one, or chips times power times time."""
    if isinstance(model.energy, registry.Fact):
        return model.energy
    power = None if model.chip is None else registry.find(model.chip).power
    if power is None or model.n_chips is None or model.training_days is None:
        return None
    scale = model.n_chips.value * model.training_days.value * DAY
    low, high = (None if end is None else scale * end for end in (power.low, power.high))
    note = "our product of chips, power and time; the chips alone"
    return registry.Fact(scale * power.value, low, high, None, "J", "estimated", power.source, note)


def compute_by_year(ax: Axes) -> str:
    """Draw training compute against the year of publication, a line for each family."""
    said = []
    for family, (names, shift, marker, colour, style) in LINES.items():
        models = [registry.find(name) for name in names]
        found = [c for c in map(compute, models) if c is not None]
        years = np.array([model.year for model in models]) + shift
        values = np.array([c.value for c in found])
        ax.plot(years, values, color=colour, linestyle=style, linewidth=1, label=f"{family}, joined")
        for name, year, c in zip(names, years, found, strict=True):
            if c.low is not None and c.high is not None:
                ax.plot(
                    [year, year],
                    [c.low, c.high],
                    color=colour,
                    linestyle="-",
                    linewidth=5,
                    alpha=0.4,
                    label=f"{name}, range",
                )
            inside = "none" if c.basis == "estimated" else colour
            ax.plot(year, c.value, marker, color=colour, markerfacecolor=inside, markersize=6, label=name)
        said.append(f"{family} from {scientific(values[0])} to {scientific(values[-1])}")
    for name, where in PLACES.items():
        model, shift = registry.find(name), next(line[1] for line in LINES.values() if name in line[0])
        flop = compute(model)
        if flop is not None:
            label(ax, model.year + shift, flop.value, name, **where)
    log_axis(ax.yaxis)
    ax.set(xlim=(2015.4, 2026.9), ylim=(6e18, 3e26), xlabel="Year of publication")
    ax.set_xticks(range(2016, 2026, 2))
    title(ax, "Training compute (FLOP); hollow: estimated by others")
    return f"Training compute against year, a line for each family: {'; '.join(said)} FLOP."


def card(*names: str) -> Table[dict[str, str]]:
    """Return what the registry knows of some models, a column for each."""
    models = [registry.find(name) for name in names]
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


def expected_score(elo: ArrayLike) -> Any:
    """Return the share of points that the stronger of two players wins, `elo` ahead: a draw is half."""
    return 1 / (1 + 10 ** (-np.asarray(elo, float) / 400))


def elo_table(names: Sequence[str]) -> Table[dict[str, str]]:
    """Return the ratings of some Go programs, and what each should win against the one before."""
    ratings = np.array([registry.evaluations("Go", model=n, setting="with search")[0].value for n in names])
    gains = np.diff(ratings)
    rows = [
        {"program": name, "Elo": f"{rating:.0f}", "gain": gain, "share expected": share}
        for name, rating, gain, share in zip(
            names,
            ratings,
            ["", *(f"{g:.0f}" for g in gains)],
            ["", *(f"{p:.1%}" for p in expected_score(gains))],
            strict=True,
        )
    ]
    return Table(rows, caption="Go programs of DeepMind, 2015 to 2017")


def excess(name: str, law: scaling.ScalingLaw) -> Any:
    """Return the compute of a model over the least for the same loss, by a law of language models."""
    model = registry.find(name)
    if model.n_params is None or model.n_tokens is None:
        raise ValueError(f"name must be a model with known parameters and tokens, got {name!r}")
    return scaling.excess_compute(model.n_params.value, model.n_tokens.value, law)


def excess_table(found: Mapping[str, float], draws: scaling.ScalingLaw) -> Table[dict[str, str]]:
    """Return how far from the frontier some models lie, with the 95% of the refits."""
    rows = []
    for name, value in found.items():
        model = registry.find(name)
        low, high = np.quantile(excess(name, draws), [0.025, 0.975])
        each = float(model.n_tokens or np.nan) / float(model.n_params or np.nan)
        rows.append(
            {
                "model": name,
                "tokens each": f"{each:,.1f}",
                "excess (95%)": f"{value:.2f} ({low:.2f} to {high:.2f})",
            }
        )
    return Table(rows, caption="Tokens per parameter, and compute over the least for the same loss")


def glue(ax: Axes) -> str:
    """Draw all six sizes of BERT on the nine columns of GLUE, Base and Large joined."""
    scores = np.array([[_glue(name, column) for column in GLUE] for name in BERTS])
    rows = np.arange(len(GLUE))[::-1]
    for name, scored, marker in zip(BERTS[:4], scores[:4], ".^sd", strict=True):
        ax.plot(scored, rows, marker, color="black", markersize=4, alpha=0.6, linestyle="none", label=name)
    ax.hlines(
        rows, scores[4], scores[5], color=VERMILLION, linewidth=3, linestyle="-", label="from Base to Large"
    )
    ax.plot(
        scores[4],
        rows,
        "o",
        color=BLUE,
        markersize=6,
        markerfacecolor="none",
        linestyle="none",
        label=BERTS[4],
    )
    ax.plot(scores[5], rows, "o", color=VERMILLION, markersize=6, linestyle="none", label=BERTS[5])
    ax.set_yticks(rows, list(GLUE))
    top = rows[0] + 0.55
    label(ax, scores[0, 0], top, "Tiny", ha="right", va="center", gap=1)
    label(ax, scores[4, 0], top, "Base", ha="right", va="center", gap=1)
    label(ax, scores[5, 0], top, "Large", va="center", gap=4)
    ax.set(xlim=(-3, 103), ylim=(-0.6, top + 0.3), xlabel="Score on the test set")
    gains = ", ".join(f"{c} {s:+.1f}" for c, s in zip(GLUE, scores[5] - scores[4], strict=True))
    return (
        "Six sizes of BERT on nine columns of GLUE. Dots run from left to right from the smallest to the "
        f"largest in nearly every row. From Base to Large: {gains}. CoLA spreads widest, from "
        f"{scores[:, 5].min():.0f} for the two smallest to {scores[:, 5].max():.1f}."
    )


def returns_of_all(axes: Sequence[Axes]) -> str:
    """Draw, on six Axes, what each tenfold bought in the metric of each family."""
    said = []

    def sizes(family: str) -> list[str]:
        return [model.name for model in registry.entries("models", family=family)]

    for ax, (name, models, task) in zip(
        axes,
        [
            ("GPT-3: SuperGLUE (points)", sizes("GPT-3"), "SuperGLUE"),
            ("Llama 3.1: MMLU (points)", [f"Llama 3.1 {size}" for size in ("8B", "70B", "405B")], "MMLU"),
            ("BERT: MNLI (points)", list(BERTS), "GLUE MNLI matched"),
            ("ESM-2: contacts (points)", sizes("ESM-2"), "Contacts"),
        ],
        strict=False,
    ):
        size, bought = ladder(models, task)
        _bars(ax, size, bought, "Parameters")
        title(ax, name)
        said.append(f"{name}: {', '.join(f'{b:.0f}' for b in bought)}")
    flop = np.logspace(17, 21, 5)
    gains = np.asarray(IMAGE_TOKENS.gain(flop[:-1]))
    _bars(axes[4], flop, gains, "FLOP")
    title(axes[4], "Images: loss (nats)")
    said.append(f"images, from a fitted law: {', '.join(f'{g:.2f}' for g in gains)} nats")
    ax, elo = axes[5], list(ELO_PER_DECADE.values())
    ax.barh(
        [1, 0],
        elo,
        height=0.7,
        facecolor=BLUE,
        edgecolor="black",
        linewidth=0.5,
        alpha=0.6,
        label="Elo per tenfold: Hex, then Connect Four and Pentago",
    )
    for y, (game, points) in zip((1, 0), ELO_PER_DECADE.items(), strict=True):
        label(ax, 0, y, game, va="center")
        said.append(f"{game}: {points:.0f} Elo at every size")
    ax.set(xlim=(0, 640), yticks=[], xlabel="the same at every size")
    title(ax, "AlphaZero's way: Elo")
    return f"Six charts of what a tenfold bought, from step to step. {'; '.join(said)}."


def ladder(names: Sequence[str], task: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the sizes of some models and what each tenfold of size bought them on a task."""
    size = np.array([float(registry.find(name).n_params or np.nan) for name in names])
    score = [registry.evaluations(task, model=name)[0].value for name in names]
    return size, scaling.return_per_decade(size, score)


def against_more_compute(ax: Axes, ratio: float, game: str) -> str:
    """Draw how often an agent with `ratio` times the compute wins, and say it."""
    more = np.logspace(0, 3, 61)
    for name, slope in ELO_PER_DECADE.items():
        share = expected_score(slope * np.log10(more))
        chosen = name == game
        ax.plot(
            more,
            100 * share,
            color=BLUE if chosen else "black",
            linestyle="-" if chosen else "--",
            linewidth=2 if chosen else 0.8,
            label=name,
        )
    elo = ELO_PER_DECADE[game] * np.log10(ratio)
    won = float(expected_score(elo))
    ax.plot(ratio, 100 * won, "o", color=VERMILLION, markersize=7, label="this ratio")
    label(ax, 5, 90, "Hex", ha="right", gap=3)
    label(ax, 40, 87, "Connect Four, Pentago", va="top", gap=4)
    log_axis(ax.xaxis)
    ax.set(xlim=(1, 1000), ylim=(45, 102), xlabel="Training compute over that of the opponent")
    title(ax, "Points won out of 100 (a draw is half)")
    return f"{game}: {ratio:g} times the compute is {elo:.0f} Elo ahead, {100 * won:.0f} points out of 100."


def _glue(name: str, column: str) -> float:
    return float(registry.evaluations(f"GLUE {column}", model=name)[0].value)


def _bars(ax: Axes, size: NDArray[np.float64], bought: NDArray[np.float64], unit: str) -> None:
    style: Any = {"align": "edge", "edgecolor": "black", "linewidth": 0.5, "alpha": 0.6}
    ax.bar(size[:-1], bought, np.diff(size), facecolor=BLUE, **style)
    ax.axhline(0, color="black", linewidth=0.7)
    log_axis(ax.xaxis, every=1 if size[-1] / size[0] < 1e3 else 2)
    ax.set_xlabel(unit)


def _about(fact: registry.Fact) -> str:
    return "≈ " if fact.basis == "estimated" else ""


def _count(fact: registry.Fact | None) -> str:
    return "—" if fact is None else _about(fact) + compact_number(fact.value, 3)


def _data(model: registry.Entry) -> str:
    facts = [f for f in (model.n_images, model.n_tokens, model.n_games) if f is not None]
    return f"{_count(facts[0])} {facts[0].unit}" if facts else "—"


def _compute(model: registry.Entry) -> str:
    found = compute(model)
    if found is None:
        return "—"
    if found.basis == "6ND":
        return f"6ND: {scientific(found.value)}"
    sign = "≈ " if found.basis == "estimated" else ""
    if found.low is None or found.high is None:
        return f"{sign}{plain_or_scientific(found.value)}"
    span = f"{plain_or_scientific(found.low)} to {plain_or_scientific(found.high)}"
    return f"{sign}{plain_or_scientific(found.value)} ({span})"


def _machine(model: registry.Entry) -> str:
    if model.n_chips is None or model.training_days is None:
        if model.gpu_hours is not None:
            return f"{compact_number(model.gpu_hours.value, 3)} GPU-hours"
        return "—" if model.n_chips is None else f"{model.n_chips.value:,.0f} {model.chip or 'chips'}"
    days = model.training_days.value
    time = f"{days:g} days" if days >= 1 else f"{24 * days:g} hours"
    return f"{_about(model.n_chips)}{model.n_chips.value:,.0f} {model.chip or 'chips'}, {time}"


def _energy(model: registry.Entry) -> str:
    found = energy(model)
    if found is None:
        return "—"
    low, high = (None if end is None else _mwh(end) for end in (found.low, found.high))
    span = "" if low is None else f" ({low} to {high})"
    return f"{_about(found)}{_mwh(found.value)}{span}"


def _mwh(joules: float) -> str:
    return f"{joules / MWH:,.0f}" if joules >= 10 * MWH else f"{joules / MWH:.1f}"
