"""Drawings and tables of the chapter on navigating the frontier: levers, audits, quantum search, ladder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from scipy.constants import day

from frontier import codes, ledger, quantum
from frontier.audit import TrainingRun
from frontier.ceilings import DISCLOSED, NEAR, Trend, levers
from frontier.registry import Fact, Range, find, largest_run, number, sources
from frontier.runs import training_energy
from frontier.show.style import COLORS, MAIN, dot, label, log_axis, title, without_y
from frontier.show.table import Table
from frontier.show.words import compact_number, in_time, scientific

Rooms = Mapping[str, Mapping[str, Sequence[float]]]  # orders of magnitude left, by run and limit: least, most

BLUE, VERMILLION, GREEN, PURPLE = (COLORS[name] for name in ("blue", "vermillion", "green", "purple"))
BOX = {"radius": 0.1, "mass": 1.0, "bits_per_param": 16.0}  # one accelerator: a kilogram, ten centimetres
PLAYED = "AlphaZero (Go, preprint)"  # the one run of AlphaZero whose compute was estimated by others
DALL_E_SHARE = (0.2, 0.4)  # of the chips' peak, assumed: GPT-3's and Llama's
PEAK, SPEED = "The chips' own peak", "Margolus and Levitin"
MARKS: dict[str, tuple[str, str, str, str]] = {  # marker, colour, in short, in a drawing
    PEAK: ("s", "black", "peak", "the peak of their own chips"),
    "CMOS": ("o", BLUE, "CMOS", "CMOS: the best silicon logic"),
    "Landauer": ("D", VERMILLION, "heat", "Landauer: the heat of erasing"),
    "Bekenstein": ("^", GREEN, "bits", "Bekenstein: bits in a kilogram"),
    SPEED: ("v", PURPLE, "steps", "quantum speed: steps of a kilogram"),
}


def lever_bars(ax: Axes, sizes: Mapping[str, Range]) -> str:
    """Draw the size of each lever with its interval; in words, list them."""
    groups = {"algorithms": BLUE, "sparsity": GREEN, "memory": GREEN, "4 bits": GREEN, "chips": VERMILLION}
    listed: list[str] = []
    for place, (name, (value, low, high)) in enumerate(sizes.items()):
        color = next((c for start, c in groups.items() if name.startswith(start)), PURPLE)
        dot(ax, value, place, name, color=color, span=(low, high), linewidth=4, alpha=0.45)
        label(ax, 1, place - 0.4, name.removeprefix("algorithms, "), gap=0, va="center")
        ends = f" ({compact_number(low)} to {compact_number(high)})" if low < high else ""
        listed.append(f"{name} {compact_number(value)}{ends}")
    log_axis(ax.xaxis)
    ax.set(xlim=(1, 5000), ylim=(len(sizes) - 0.5, -0.9), xlabel="Factor gained")
    without_y(ax)
    title(ax, "Every lever of the article has gained")
    start = "Dots and intervals, on a logarithmic axis, of the factor that each lever gains"
    return f"{start}: {'; '.join(listed)}."


def algorithms() -> Table[dict[str, str]]:
    """Return what has been published on the progress of algorithms for language, as factors a year."""
    found, months = levers(), number("Parameters for a given score", "halving_months")
    apart, small = (
        f"algorithms, language, a year ({which})" for which in ("accounted for", "at a small size, at most")
    )
    rows = [
        ("compute for one loss, first version", _spread(found["algorithms, language, a year (preprint)"])),
        ("the same, as printed", _spread(found["algorithms, language, a year (printed)"])),
        ("of that, what tests account for", f"{found[apart].value:.1f}"),
        ("of that, at a small size", f"at most {found[small].value:.1f}"),
        ("parameters for one score", f"{2 ** (12 / months):.0f}"),
    ]
    keys = ("what shrank", "times a year")
    caption = "Progress of algorithms for language, measured in five ways"
    return Table([dict(zip(keys, row, strict=True)) for row in rows], caption=caption)


def _spread(found: Range) -> str:
    return f"{found.value:.1f} ({found.low:.1f} to {found.high:.2g})"


def energies() -> dict[str, tuple[float | Fact, float | Fact]]:
    """Return the energy of each run in joules, low and high; a fact where it is known of that very run.

    Published for GPT-3; for the others our product of chips, time and rated power (mean power for TPU v3).
    BERT is taken to have used TPU v2, DALL-E a share of its peak.
    """

    def alone(joules: float | Fact) -> tuple[float | Fact, float | Fact]:
        return joules, joules

    def known(model: str) -> tuple[float | Fact, float | Fact]:
        fact = training_energy(model)
        assert fact is not None
        return alone(fact)

    chip_days = number("BERT-Large", "n_chips") * number("BERT-Large", "training_days")
    joules = number("V100 SXM2", "power") / number("V100 SXM2", "flop_per_second")
    most, least = (joules / share * number("DALL-E", "training_flop") for share in DALL_E_SHARE)
    return {
        "BERT-Large": alone(chip_days * day * number("TPU v2", "power")),
        "AlphaFold 2": known("AlphaFold 2"),
        PLAYED: known(PLAYED),
        "DALL-E": (least, most),
        "GPT-3": known("GPT-3"),
        DISCLOSED: known(DISCLOSED),
    }


def lane() -> codes.Lane:
    """Return a lane of Ethernet on the noisiest line with which its code copes."""
    return codes.lane(
        **{quantity: fact.value for quantity, fact in find("Ethernet lane of 100G").facts.items()}
    )


def runs() -> dict[str, tuple[TrainingRun, TrainingRun]]:
    """Return the six runs, each twice: least energy and 32 bits erased per FLOP, most energy and one bit."""
    return {name: (run_of(name, low, 32), run_of(name, high, 1)) for name, (low, high) in energies().items()}


def run_of(name: str, energy: float | Fact, bits_per_flop: float) -> TrainingRun:
    """Return one of the six runs with what is known and what we assume of it, and no fact of another."""
    model, link, band = find(name), lane(), number("Ethernet lane of 100G", "symbol_rate") / 2
    given: dict[str, Any] = {"energy": energy, "bits_per_flop": bits_per_flop, **BOX}
    given |= {"link_bits_per_second": link.rate, "link_bandwidth": band, "link_snr_linear": link.snr}
    if model.n_tokens is None:  # not a language model: its compute is published, 6 N D would not hold
        given |= {"n_tokens": 1.0, "training_flop": model.fact("training_flop")}
    if name == PLAYED:  # no total is published: blocks of two layers, first layer and heads as one more
        filters, kernel, blocks = (number("AlphaZero", of) for of in ("n_filters", "kernel", "n_blocks"))
        given["n_params"] = (blocks + 1) * 2 * filters**2 * kernel**2
    if name == DISCLOSED:
        given["days"] = number(name, "gpu_hours") / number(name, "n_chips") / 24
    if name == "BERT-Large":
        given["chip"] = "TPU v2"
    return TrainingRun.from_model(name, **given)


def across(rooms: Rooms, law: str) -> tuple[float, float]:
    """Return how far from one limit the nearest and the farthest run stood, in orders of magnitude."""
    known = [row[law] for row in rooms.values() if law in row]
    return min(low for low, _ in known), max(high for _, high in known)


def apart(rooms: Rooms, near: str, far: str) -> float:
    """Return the orders of magnitude from one limit to another, the mean of the runs that know both."""
    known = [row for row in rooms.values() if near in row and far in row]
    return float(np.mean([np.mean(row[far]) - np.mean(row[near]) for row in known]))


def audits(ax: Axes, rooms: Rooms) -> str:
    """Draw how many orders of magnitude each model stands from each limit."""
    look: dict[str, Any] = {"linewidth": 2, "solid_capstyle": "butt", "size": 4.5}
    step = 0.6 / len(rooms)  # a run has the same place in each row
    for place, (law, (marker, color, _short, words)) in enumerate(MARKS.items()):
        for run, (name, row) in enumerate(rooms.items()):
            if law in row:
                span, middle, at = (row[law][0], row[law][1]), float(np.mean(row[law])), place + run * step
                dot(ax, middle, at, f"{name}: {law}", color=color, marker=marker, span=span, **look)
        far = law in ("Bekenstein", SPEED)
        label(ax, 39.5 if far else 0, place - 0.25, words, ha="right" if far else "left", va="center", gap=0)
    ax.set(xlim=(-0.8, 40), ylim=(len(MARKS) - 0.2, -0.6), xlabel="Orders of magnitude to the limit")
    without_y(ax)
    title(ax, "Six runs had much room to nature's limits")
    said = "; ".join(
        f"{name}: " + ", ".join(f"{law} {_ends(ends)}" for law, ends in row.items())
        for name, row in rooms.items()
    )
    count = f"{len(rooms)} training runs and {len(MARKS)} limits"
    return f"Marks of the orders of magnitude between {count}. {said}."


def _ends(ends: Sequence[float]) -> str:
    low, high = (f"{end:.1f}" for end in ends)
    return low if low == high else f"{low} to {high}"


def audit_table(pairs: Mapping[str, tuple[TrainingRun, TrainingRun]], rooms: Rooms) -> Table[dict[str, str]]:
    """Return the table behind the figure: compute, energy and distances of the runs, each of them twice."""
    rows = []
    for name, (least, most) in pairs.items():
        low, high = float(least.energy or 0), float(most.energy or 0)
        joules = scientific(low) if low == high else f"{scientific(low)} to {scientific(high)}"
        cells, row = {"model": name}, rooms[name]
        cells |= {short: _ends(row[law]) if law in row else "—" for law, (_m, _c, short, _w) in MARKS.items()}
        rows.append(cells | {"run": f"{scientific(least.flop)} FLOP with {joules} joules"})
    caption = "Orders of magnitude from each run to each limit"
    return Table(rows, caption=caption, group="model", below="run")


def grover(ax: Axes, success: Sequence[float], n_items: int, best: int) -> str:
    """Draw the success of quantum and of classical search after 0, 1, ... queries."""
    k, last = np.arange(len(success)), len(success) - 1
    ax.plot(k, success, **MAIN, label="quantum")
    guesses = k + 1  # one more at the end, as Grover's
    ax.plot(k, guesses / n_items, color=VERMILLION, linestyle="--", label="classical")
    dot(ax, best, success[best], "best", color=BLUE)
    label(ax, best, 1.0, f"best after {best} queries")
    label(ax, last, len(success) / n_items, "classical", ha="right")
    ax.set(xlim=(0, last), ylim=(0, 1.15), xlabel="Queries")
    title(ax, f"Chance of having found 1 in {n_items:,}")
    return (
        f"Simulated quantum search among {n_items:,} items: the chance of success rises to "
        f"{success[best]:.3f} after {best} queries, back to {success[2 * best]:.3f} and rises "
        f"again. Classical search has {(best + 1) / n_items:.3f} after as many and grows in a straight line."
    )


def error_correction() -> Table[dict[str, str]]:
    """Return what a reliable qubit costs, extrapolated from the best measured one."""
    error, suppression = (
        number("Willow, distance 7", "error_per_cycle"),
        find("Willow, distance 7").suppression,
    )
    rows = []
    for target in (1e-6, 1e-10, 1e-12):
        x = np.array(suppression.range)
        distance = quantum.required_distance(target, 1 / x, error * x**4)
        qubits, worst, best = (f"{n:,.0f}" for n in np.asarray(quantum.surface_code_qubits(distance)))
        cells = {"error per cycle": scientific(target), "distance": f"{np.asarray(distance)[0]:.0f}"}
        rows.append({**cells, "qubits for one": qubits if worst == best else f"{qubits} ({best} to {worst})"})
    caption = (
        "Physical qubits for one kept in a plain surface code, if the law measured to distance 7 goes on"
    )
    return Table(rows, caption=caption)


def factoring() -> Table[dict[str, str]]:
    """Return how many noisy qubits have been thought to break a cipher, estimate by estimate."""
    cells = {  # how the number bounds, and what the estimate assumes
        "RSA-2048, estimate of 2019": ("", "surface code, eight hours"),
        "RSA-2048, estimate of 2025": ("under ", "surface code in part yoked, under a week"),
        "RSA-2048, estimate of 2026": ("under ", "codes with links over a distance"),
        "Shor's algorithm, with atoms": ("from ", "such codes, atoms that move, a long time"),
    }
    rows = [
        {"estimate": name, "qubits": bound + compact_number(number(name, "n_qubits")), "assumes": what}
        for name, (bound, what) in cells.items()
    ]
    return Table(rows, caption="Physical qubits to break a cipher")


def reached(orders: float, rungs: Mapping[str, float], trend: Trend) -> tuple[list[str], str | None]:
    """Return the limits that lie within so many orders of magnitude of today, and the next one."""
    here = trend.flop * 10.0**orders
    ordered = sorted(rungs, key=lambda name: rungs[name])
    passed = [name for name in ordered if rungs[name] <= here]
    return passed, next((name for name in ordered if rungs[name] > here), None)


def ladder(ax: Axes, rungs: Mapping[str, float], trend: Trend, orders: float) -> str:
    """Draw every limit as a rung above today and how far the trend has climbed; say what is passed."""
    passed, ahead = reached(orders, rungs, trend)
    for place, (name, flop) in enumerate(sorted(rungs.items(), key=lambda item: item[1])):
        height = float(np.log10(flop / trend.flop))
        marker, color = ("o", VERMILLION) if name in passed else ("D", BLUE)
        dot(ax, height, place, name, color=color, marker=marker)
        label(ax, height, place, name, va="center", gap=7, ha="left" if height < 30 else "right")
    ax.axvspan(0, max(orders, 0.01), color=VERMILLION, alpha=0.15, linewidth=0, label="climbed")
    dot(ax, orders, -1, "largest run", color="black", marker=">", size=8, draggable=True)
    label(ax, orders, -1, "largest run", va="center", gap=8, ha="left" if orders < 30 else "right")
    ax.set(
        xlim=(-1, 62),
        ylim=(len(rungs) - 0.5, -1.7),
        xlabel=f"Orders of magnitude beyond {largest_run().name}",
    )
    without_y(ax)
    title(ax, "Limits passed (dots) and ahead (diamonds)")
    year = int(trend.year_of(trend.flop * 10.0**orders) + 1e-6)
    start = f"{year} at today's pace: {len(passed)} of {len(rungs)} limits passed, "
    if ahead is None:
        return start + "none further."
    gap = float(np.log10(rungs[ahead] / trend.flop)) - orders
    return f"{start}the next {gap:.1f} orders of magnitude further: {ahead}."


def break_even_table() -> Table[dict[str, str]]:
    """Return when a quantum computer draws level, by the degree of its speed-up and its rivals."""
    calls = [number("Quantum speed-up, 2021", which) for which in ("quantum_time", "classical_time")]
    rivals = {  # processors, and how much faster the gates are than the source's
        "against 1 processor": (1, 1),
        "against 1,000": (1000, 1),
        "and gates 10 times as fast": (1000, 10),
    }
    rows = []
    for degree, name in {2: "quadratic", 3: "cubic", 4: "quartic"}.items():
        cells = {"speed-up": name}
        for who, (n, faster) in rivals.items():
            level = quantum.break_even(calls[0] / faster, calls[1], degree=degree, n_processors=n)
            cells[who] = in_time(float(level.duration))
        rows.append(cells)
    return Table(rows, caption="Run time at which a quantum computer draws level")


def forecasts() -> Table[dict[str, str]]:
    """Return every forecast of the book, by chapter, with what decides it and what came of it."""
    rows = []
    for row in ledger.forecasts():
        says = _amount(row.value, row.unit)
        if row.low is not None and row.high is not None:
            says += f" ({_amount(row.low, row.unit)} to {_amount(row.high, row.unit)})"
        cells = {"chapter": row.chapter, "forecast": row.statement}
        cells |= {"says": says if row.unit == "year" else f"{says} {row.unit}", "due": str(row.due)}
        cells["outcome"] = row.outcome
        by = "" if row.source is None else sources()[row.source]["label"]
        cells["note"] = f"{by or 'Our computation'}, made {row.made_on[:7]}. Decided by {row.how}."
        if row.found:
            cells["note"] += f" Found: {row.found}."
        rows.append(cells)
    return Table(rows, caption="Forecasts of this book", group="chapter", below="note")


def _amount(value: float, unit: str) -> str:
    return f"{value:.0f}" if unit == "year" else compact_number(value, 3)


def one_screen(row: Mapping[str, Sequence[float]], rungs: Mapping[str, float], link: float) -> Table[Any]:
    """Return all limits of the book in one table, with the room that the latest run has left.

    `row` has its orders of magnitude to each limit, `rungs` the limits on compute, `link` those of one link.
    """
    today = float(largest_run().training_flop)
    text, power, _, _, latency = (f"{np.log10(rungs[name] / today):.1f}" for name in NEAR.values())
    cells = [
        ("Diminishing returns", "loss for compute", "no end", "always, gently"),
        ("Text", "compute of a run", text, "first, with power"),
        ("Power of a campus", "compute of a run", power, "first, with text"),
        ("Latency of networks", "compute of a run", latency, "after chips and money"),
        ("CMOS", "energy of logic", _ends(row["CMOS"]), "in decades"),
        ("Landauer", "energy of erasing", _ends(row["Landauer"]), "not in sight"),
        ("Shannon", "rate of one link", f"{link:.1f}", "already; add links"),
        ("Bekenstein", "bits in a box", _ends(row["Bekenstein"]), "never in fact"),
        ("Quantum speed limit", "steps between states", _ends(row[SPEED]), "never in fact"),
        ("No Free Lunch", "averages over all tasks", "none", "not on our tasks"),
    ]
    keys = ("limit", "what it limits", "orders left", "when it binds")
    caption = f"From {largest_run().name} to each limit on compute, from {DISCLOSED} to the others"
    return Table([dict(zip(keys, cell, strict=True)) for cell in cells], caption=caption)
