"""Drawings and tables of the chapter on navigating the frontier: levers, audits, quantum search, ladder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from frontier import codes, quantum, registry
from frontier.audit import DAY, TrainingRun, audit
from frontier.chapters import which_binds_first as limits
from frontier.show.style import COLORS, label, log_axis, title
from frontier.show.table import Table
from frontier.show.words import compact_number, scientific

BLUE, VERMILLION, GREEN, PURPLE = (COLORS[name] for name in ("blue", "vermillion", "green", "purple"))
MODELS = ("BERT-Large", "AlphaFold 2", "AlphaZero", "DALL-E", "GPT-3", "Llama 3.1 405B")
BOX = {
    "radius": 0.1,
    "mass": 1.0,
    "bits_per_param": 16.0,
}  # one accelerator: a kilogram within ten centimetres
ALPHAZERO_PARAMS = 2 * 20 * 256**2 * 9  # of 20 blocks of two layers with 256 filters; no total is published
DALL_E_SHARE = (0.2, 0.4)  # of the chips' peak, assumed: GPT-3's and Llama's


def levers() -> dict[str, tuple[float, float, float]]:
    """Return each lever's measured size as a factor: value, low and high."""
    preprint, printed = (
        registry.find(f"Algorithms for language, {edition}").halving_months
        for edition in ("preprint", "printed")
    )
    v100, b200 = registry.find("V100 SXM2"), registry.find("B200")
    deepseek = registry.find("DeepSeek-V3")
    per_joule = [
        limits.number(chip, "flop_per_second") / limits.number(chip, "power") for chip in (v100, b200)
    ]
    sparse = limits.number(deepseek, "n_params") / limits.number(deepseek, "n_active_params")
    fp4 = limits.number(b200, "fp4_per_second") / limits.number(b200, "flop_per_second")

    def alone(factor: float) -> tuple[float, float, float]:
        return factor, factor, factor

    low, high = limits.ends("Text on the indexed web", "n_epochs")
    return {
        "algorithms, language, a year (preprint)": _per_year(preprint),
        "algorithms, language, a year (printed)": _per_year(printed),
        "algorithms, vision, seven years": alone(limits.value("Algorithms for vision", "factor")),
        "algorithms, Go, KataGo": alone(limits.value("Algorithms for Go", "factor")),
        "sparsity, energy": alone(limits.value("Sparse activation", "factor")),
        "sparsity, DeepSeek-V3": alone(sparse),
        "memory, 3 or 4 bits for 16": (
            limits.value("Weights in 3 or 4 bits", "factor"),
            *limits.ends("Weights in 3 or 4 bits", "factor"),
        ),
        "4 bits for 16, one chip": alone(fp4),
        "chips, V100 to B200, per joule": alone(per_joule[1] / per_joule[0]),
        "chips, B200 to the CMOS limit": limits.headroom()["factor"],
        "data, reread": (limits.value("Text on the indexed web", "n_epochs"), low, high),
    }


def gained() -> tuple[float, float]:
    """Return the least and the most that a lever has gained so far: the step to the CMOS limit is to come."""
    factors = [value for name, (value, _low, _high) in levers().items() if "limit" not in name]
    return min(factors), max(factors)


def _per_year(months: Any) -> tuple[float, float, float]:
    """Return by what factor a need shrinks each year, from the months in which it halves."""
    value, low, high = (2 ** (12 / float(x)) for x in (months.value, months.high, months.low))
    return value, low, high


def lever_bars(ax: Axes) -> str:
    """Draw the size of each lever with its interval; in words, list them."""
    found = levers()
    groups = {"algorithms": BLUE, "sparsity": GREEN, "memory": GREEN, "4 bits": GREEN, "chips": VERMILLION}
    for place, (name, (value, low, high)) in enumerate(found.items()):
        colour = next((c for start, c in groups.items() if name.startswith(start)), PURPLE)
        ax.plot(
            [low, high],
            [place, place],
            color=colour,
            linestyle="-",
            linewidth=4,
            alpha=0.45,
            label=f"{name}, range",
        )
        ax.plot(value, place, "o", color=colour, markersize=6, label=name)
        label(ax, 1.05, place - 0.34, name, gap=1, va="center")
    log_axis(ax.xaxis)
    ax.set(xlim=(1, 5000), ylim=(len(found) - 0.5, -0.9), xlabel="Factor gained")
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    title(ax, "Levers and their sizes")
    listed = "; ".join(
        f"{name} {compact_number(value)}"
        + (f" ({compact_number(low)} to {compact_number(high)})" if low < high else "")
        for name, (value, low, high) in found.items()
    )
    return f"Dots and intervals, on a logarithmic axis, of the factor that each lever gains: {listed}."


def energies() -> dict[str, tuple[float, float]]:
    """Return the energy of each run in joules, low and high.

    Published for GPT-3; for the others our product of chips, time and rated power (mean power for TPU v3).
    AlphaZero is its thirteen days of Go, BERT is taken to have used TPU v2, DALL-E a share of its peak.
    """
    known = {name: limits.number(registry.find(name), "energy") for name in ("GPT-3", "Llama 3.1 405B")}

    def rated(model: str, chip: str) -> float:
        run = registry.find(model)
        count, days = limits.number(run, "n_chips"), limits.number(run, "training_days")
        return count * days * DAY * limits.number(registry.find(chip), "power")

    v100 = registry.find("V100 SXM2")
    joules = limits.number(v100, "power") / limits.number(v100, "flop_per_second")
    dalle = [
        joules / share * limits.number(registry.find("DALL-E"), "training_flop") for share in DALL_E_SHARE
    ]
    bert, fold = rated("BERT-Large", "TPU v2"), rated("AlphaFold 2", "TPU v3")
    zero = rated("AlphaZero (Go)", "TPU v1")
    llama = known["Llama 3.1 405B"]
    return {
        "BERT-Large": (bert, bert),
        "AlphaFold 2": (fold, fold),
        "AlphaZero": (zero, zero),
        "DALL-E": (dalle[1], dalle[0]),
        "GPT-3": (known["GPT-3"], known["GPT-3"]),
        "Llama 3.1 405B": (llama, llama),
    }


def run_of(name: str, energy: float, bits_per_flop: float) -> TrainingRun:
    """Return one of the six runs with what is known and what we assume of it."""
    model = registry.find(name)
    given: dict[str, Any] = {"energy": energy, "bits_per_flop": bits_per_flop, **BOX, **_link()}
    if model.n_tokens is None:  # not a language model: its compute is published, 6 N D would not hold
        given |= {"n_tokens": 1.0, "training_flop": limits.number(model, "training_flop")}
    if model.n_params is None:
        given["n_params"] = ALPHAZERO_PARAMS
    if name == "AlphaZero":
        given["days"] = limits.number(registry.find("AlphaZero (Go)"), "training_days")
    if name == "Llama 3.1 405B":
        given["days"] = limits.number(model, "gpu_hours") / limits.number(model, "n_chips") / 24
    if name == "BERT-Large":
        given["chip"] = "TPU v2"
    return TrainingRun.from_model(name, **given)


def lane() -> codes.Lane:
    """Return a lane of Ethernet on the noisiest line with which it copes."""
    facts = registry.find("Ethernet lane of 100G").facts
    return codes.lane(**{quantity: fact.value for quantity, fact in facts.items()})


def _link() -> dict[str, float]:
    """Return what the audit asks of a link, here of one lane of Ethernet."""
    band = limits.number(registry.find("Ethernet lane of 100G"), "symbol_rate") / 2
    return {"link_bits_per_second": float(lane().rate), "link_bandwidth": band, "link_snr": float(lane().snr)}


def distances() -> dict[str, dict[str, tuple[float, float] | None]]:
    """Return, for each model and limit, the orders of magnitude left, low and high; None where unknown."""
    table: dict[str, dict[str, tuple[float, float] | None]] = {}
    for name, (low, high) in energies().items():
        near, far = audit(run_of(name, low, 32)), audit(run_of(name, high, 1))
        row: dict[str, tuple[float, float] | None] = {}
        for law in ("The chips' own peak", "Landauer", "Bekenstein", "Margolus and Levitin"):
            ends = near.row(law).orders, far.row(law).orders
            row[law] = None if ends[0] is None or ends[1] is None else (ends[0], ends[1])
        if name == "AlphaZero":  # the audit knows peaks in 16 bits; this chip has 8
            row["The chips' own peak"] = _eight_bit_peak(run_of(name, low, 1))
        best = limits.value("CMOS processors", "flop_per_joule")
        per_flop = [energy / run_of(name, energy, 1).flop for energy in (low, high)]
        row["CMOS"] = (float(np.log10(per_flop[0] * best)), float(np.log10(per_flop[1] * best)))
        table[name] = row
    return table


def across(law: str) -> tuple[float, float]:
    """Return how far from one limit the nearest and the farthest run stood, in orders of magnitude."""
    known = [ends for row in distances().values() if (ends := row[law]) is not None]
    return min(low for low, _ in known), max(high for _, high in known)


def apart(near: str, far: str) -> float:
    """Return the orders of magnitude from one limit to another, the mean of the runs that know both."""
    pairs = [(row[near], row[far]) for row in distances().values()]
    return float(np.mean([np.mean(b) - np.mean(a) for a, b in pairs if a is not None and b is not None]))


def _eight_bit_peak(run: TrainingRun) -> tuple[float, float]:
    peak = limits.number(registry.find("TPU v1"), "int8_per_second") * float(run.n_chips or 0)
    orders = float(np.log10(peak * float(run.days or 0) * DAY / run.flop))
    return orders, orders


MARKS: dict[str, tuple[str, str, str]] = {
    "The chips' own peak": ("s", "black", "peak"),
    "CMOS": ("o", BLUE, "CMOS"),
    "Landauer": ("D", VERMILLION, "Landauer"),
    "Bekenstein": ("^", GREEN, "Bekenstein"),
    "Margolus and Levitin": ("v", PURPLE, "quantum speed"),
}


def audits(ax: Axes) -> str:
    """Draw how many orders of magnitude each model stands from each limit."""
    found = distances()
    names = list(found)
    for place, name in enumerate(names):
        for law, (mark, colour, _short) in MARKS.items():
            ends = found[name][law]
            if ends is not None:
                ax.plot(
                    ends,
                    [place] * 2,
                    color=colour,
                    linestyle="-",
                    linewidth=3,
                    solid_capstyle="butt",
                    label=f"{name}: {law}, range",
                )
                ax.plot(np.mean(ends), place, mark, color=colour, markersize=6, label=f"{name}: {law}")
        label(ax, 39.5, place - 0.38, name, ha="right", va="center", gap=0)
    last = found[names[-1]]
    for law, (_mark, _colour, short) in MARKS.items():
        ends = last[law]
        if ends is not None:
            high = 0.95 if law in ("CMOS", "Margolus and Levitin") else 0.45
            side = "center" if high > 0.5 or law == "Landauer" else "left" if law != "Bekenstein" else "right"
            label(ax, float(np.mean(ends)), len(names) - 1 + high, short, ha=side, va="center", gap=0)
    ax.set(xlim=(-0.8, 40), ylim=(len(names) + 0.4, -0.8), xlabel="Orders of magnitude to the limit")
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    title(ax, "Room left")
    said = "; ".join(
        f"{name}: " + ", ".join(f"{law} {_ends(ends)}" for law, ends in row.items() if ends is not None)
        for name, row in found.items()
    )
    count = f"{len(names)} training runs and {len(MARKS)} limits"
    return f"Marks of the orders of magnitude between {count}. {said}."


def _ends(ends: tuple[float, float]) -> str:
    low, high = (f"{end:.1f}" for end in ends)
    return low if low == high else f"{low} to {high}"


def audit_table() -> Table[dict[str, str]]:
    """Return the table behind the figure: compute, energy and where it comes from, distances."""
    rows = []
    for name, row in distances().items():
        low, high = energies()[name]
        cells = {"model": name, "FLOP": scientific(run_of(name, low, 1).flop)}
        cells["energy, J"] = scientific(low) if low == high else f"{scientific(low)} to {scientific(high)}"
        cells |= {
            short: "—" if row[law] is None else _ends(row[law] or (0, 0))
            for law, (_m, _c, short) in MARKS.items()
        }
        rows.append(cells)
    return Table(rows, caption="Orders of magnitude between each run and each limit")


def grover(ax: Axes, n_items: int = 1024, n_queries: int = 80) -> str:
    """Draw the success of quantum and of classical search against the queries made."""
    run = quantum.simulate_grover(n_items, n_queries)
    best = int(quantum.grover_queries(n_items))
    k = np.arange(n_queries + 1)
    ax.plot(k, run.success, color=BLUE, linestyle="-", linewidth=2, label="quantum")
    guesses = k + 1  # one more at the end, as Grover's
    ax.plot(k, guesses / n_items, color=VERMILLION, linestyle="--", label="classical")
    ax.plot(best, run.success[best], "o", color=BLUE, markersize=6, label="best")
    label(ax, best, 1.0, f"best after {best} queries")
    label(ax, n_queries, (n_queries + 1) / n_items, "classical", ha="right")
    ax.set(xlim=(0, n_queries), ylim=(0, 1.15), xlabel="Queries")
    title(ax, f"Chance of having found 1 in {n_items:,}")
    return (
        f"Simulated quantum search among {n_items:,} items: the chance of success rises to "
        f"{run.success[best]:.3f} after {best} queries, back to {run.success[2 * best]:.3f} and rises "
        f"again. Classical search has {(best + 1) / n_items:.3f} after as many and grows in a straight line."
    )


def error_correction() -> Table[dict[str, str]]:
    """Return what a reliable qubit costs, extrapolated from the best measured one."""
    name = "Willow, distance 7"
    factor = limits.value(name, "suppression")
    prefactor = limits.value(name, "error_per_cycle") * factor**4
    low, high = limits.ends(name, "suppression")
    rows = []
    for target in (1e-6, 1e-10, 1e-12):
        distance = quantum.required_distance(target, 1 / factor, prefactor)
        worst, best = (
            quantum.surface_code_qubits(
                quantum.required_distance(target, 1 / x, limits.value(name, "error_per_cycle") * x**4)
            )
            for x in (low, high)
        )
        qubits = f"{quantum.surface_code_qubits(distance):,.0f}"
        rows.append(
            {
                "error per cycle": scientific(target),
                "distance": f"{distance:.0f}",
                "qubits for one": qubits if worst == best else f"{qubits} ({best:,.0f} to {worst:,.0f})",
            }
        )
    return Table(
        rows, caption="Physical qubits for one reliable one, if the law measured to distance 7 goes on"
    )


def reached(orders: float, all_limits: Mapping[str, float]) -> tuple[list[str], str | None]:
    """Return the limits that lie within so many orders of magnitude of today, and the next one."""
    here = limits.latest_flop() * 10.0**orders
    ordered = sorted(all_limits, key=lambda name: all_limits[name])
    passed = [name for name in ordered if all_limits[name] <= here]
    return passed, next((name for name in ordered if all_limits[name] > here), None)


def middles() -> dict[str, float]:
    """Return one value for each limit: the median of a near one, the geometric middle of a far one."""
    near = {name: float(np.median(values)) for name, values in limits.ceilings().items()}
    return near | {name: float(np.sqrt(low * high)) for name, (low, high) in limits.far_limits().items()}


def ladder(ax: Axes, orders: float) -> str:
    """Draw every limit as a rung above today and how far the trend has climbed; say what is passed."""
    found = middles()
    passed, ahead = reached(orders, found)
    for place, (name, flop) in enumerate(sorted(found.items(), key=lambda item: item[1])):
        height = float(np.log10(flop / limits.latest_flop()))
        done = name in passed
        ax.plot(
            height, place, "o" if done else "D", color=VERMILLION if done else BLUE, markersize=6, label=name
        )
        side = {"ha": "left"} if height < 30 else {"ha": "right"}
        label(ax, height, place, name, va="center", gap=7, **side)
    ax.axvspan(0, max(orders, 0.01), color=VERMILLION, alpha=0.15, linewidth=0, label="climbed")
    ax.set(xlim=(0, 62), ylim=(len(found) - 0.5, -0.6), xlabel=f"Orders of magnitude beyond {limits.LATEST}")
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    title(ax, "Limits passed (dots) and ahead (diamonds)")
    year = float(limits.year_of(limits.latest_flop() * 10.0**orders))
    start = f"{orders:g} orders up, {year:.0f} at today's pace: {len(passed)} of {len(found)} passed, "
    if ahead is None:
        return start + "none further."
    gap = float(np.log10(found[ahead] / limits.latest_flop())) - orders
    return start + f"the next {gap:.1f} further."


def effective_growth() -> NDArray[np.float64]:
    """Return growth of compute times progress of algorithms, per year: value, low and high (preprint)."""
    low, high = limits.ends("Compute of the largest runs", "growth")
    better = levers()["algorithms, language, a year (preprint)"]
    return np.array([limits.pace() * better[0], low * better[1], high * better[2]])


QUANTUM_CALL, CLASSICAL_CALL = (
    17e-3,
    33e-9,
)  # seconds: the most favourable primitive of Babbush et al., Table I


def break_even_table() -> Table[dict[str, str]]:
    """Return when a quantum computer draws level, by the degree of its speed-up and its rivals."""
    names = {2: "quadratic", 3: "cubic", 4: "quartic"}
    rows = []
    for degree, name in names.items():
        one, many = (
            quantum.break_even(QUANTUM_CALL, CLASSICAL_CALL, degree=degree, n_processors=n).duration
            for n in (1, 1000)
        )
        rows.append(
            {
                "speed-up": name,
                "against 1 processor": limits.in_time(float(one)),
                "against 1,000": limits.in_time(float(many)),
            }
        )
    return Table(rows, caption="Run time at which a quantum computer draws level")


def one_screen() -> Table[dict[str, str]]:
    """Return all limits of the book in one table, with the room that Llama 3.1 405B has left."""
    name = "Llama 3.1 405B"
    row, found = distances()[name], middles()
    lane = audit(run_of(name, energies()[name][0], 1)).row("Shannon").orders

    def room(law: str) -> str:
        ends = row[law]
        return "—" if ends is None else _ends(ends)

    def near(limit: str) -> str:
        return f"{np.log10(found[limit] / limits.latest_flop()):.1f}"

    cells = [
        ("Diminishing returns", "loss for compute", "no end", "always, gently"),
        ("Text", "compute of a run", near("text"), "first, with power"),
        ("Power of a campus", "compute of a run", near("power, one campus"), "first, with text"),
        (
            "Latency of networks",
            "compute of a run",
            near("latency, networks of today"),
            "after chips and money",
        ),
        ("CMOS", "energy of an operation", room("CMOS"), "in some decades"),
        ("Landauer", "energy of erasing", room("Landauer"), "not in sight"),
        ("Shannon", "rate of one link", f"{lane:.1f}", "already; add links"),
        ("Bekenstein", "bits in a box", room("Bekenstein"), "never in practice"),
        ("Quantum speed limit", "steps per second", room("Margolus and Levitin"), "never in practice"),
        ("No Free Lunch", "averages over all problems", "no distance", "not on our problems"),
    ]
    keys = ("limit", "what it limits", "orders left", "when it binds")
    return Table([dict(zip(keys, row, strict=True)) for row in cells], caption=f"From {name} to each limit")
