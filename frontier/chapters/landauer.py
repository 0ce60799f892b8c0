"""Drawings, tables and counts of the chapter on Landauer's principle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike
from scipy import stats

from frontier import landauer, registry
from frontier.show.style import COLORS, label, log_axis, title
from frontier.show.table import Table
from frontier.show.words import scientific

BLUE, VERMILLION, GREEN = COLORS["blue"], COLORS["vermillion"], COLORS["green"]
ROOM = 300.0  # kelvin
BITS = 1.0, 32.0  # erased per operation, at least and at most: the assumption of the chapter
DAY, MWH = 86_400.0, 3.6e9  # in seconds, in joules
LN2 = float(np.log(2))

# AlphaZero's network and what it sees (Silver et al. 2018, supplement): the side of the board and the planes
# of the input. Its body is one convolution and 19 blocks of two, all 3 x 3 with 256 filters.
BOARDS = {"chess": (8, 119), "shogi": (9, 362), "Go": (19, 17)}
FILTERS, BLOCKS, KERNEL = 256, 19, 9

GATES: dict[str, tuple[str, Any]] = {
    "NOT": ("1 to 1", landauer.NOT),
    "controlled NOT": ("2 to 2", landauer.CNOT),
    "Toffoli": ("3 to 3", landauer.TOFFOLI),
    "Fredkin": ("3 to 3", landauer.FREDKIN),
    "reset to 0": ("1 to 1", [0, 0]),
    "exclusive OR": ("2 to 1", [0, 1, 1, 0]),
    "AND": ("2 to 1", [0, 0, 0, 1]),
    "half adder (sum and carry)": ("2 to 2", [0, 1, 1, 2]),
    "8-bit multiplication": ("16 to 16", np.multiply.outer(np.arange(256), np.arange(256)).ravel()),
}


class Range(NamedTuple):
    """A value and how low and how high it may be."""

    value: float
    low: float
    high: float


def ends(fact: registry.Fact | None) -> Range:
    """Return a fact as a range; one without an interval is its own low and high."""
    assert fact
    return Range(fact.value, fact.low or fact.value, fact.high or fact.value)


def channels_in(game: str) -> int:
    """Return the channels that enter the convolutions of the body, summed: each layer works by its share."""
    return BOARDS[game][1] + 2 * BLOCKS * FILTERS


def network_flop(game: str) -> float:
    """Return the FLOP of one evaluation of AlphaZero's network, two for each multiply-add; heads left out.

    The head that gives its opinion of the moves is one more convolution like those of the body, and a last
    one of 73 filters for chess; the head that judges the position is far smaller.
    """
    return float(2 * BOARDS[game][0] ** 2 * KERNEL * channels_in(game) * FILTERS)


class SelfPlay(NamedTuple):
    """What the games that AlphaZero played against itself took: see `self_play`."""

    game: str
    plies: float
    flop: float
    operations: Range
    peak_share: float
    energy: Range

    @property
    def energy_per_operation(self) -> Range:
        """Joules for each operation; the ends take the kindest and the harshest of both counts."""
        energy, ops = self.energy, self.operations
        return Range(energy.value / ops.value, energy.low / ops.high, energy.high / ops.low)

    def overhead(self, bits: float) -> Range:
        """How many times the bound was spent, if each operation erased so many bits at room temperature."""
        return Range(*(float(landauer.overhead(e, bits, ROOM)) for e in self.energy_per_operation))

    def floor(self, bits: float) -> float:
        """Joules that the bound asks for all operations."""
        return float(landauer.erasure_energy(bits * self.operations.value, ROOM))


def self_play(game: str) -> SelfPlay:
    """Count AlphaZero's operations from the algorithm: games x plies x simulations x FLOP of the network.

    The length of a game is not published. It follows from the time: the chips' seconds, divided by the time
    a move takes, are the moves, if each chip thinks about one move at a time. Operations range from half of
    that (our allowance) to what the chips' peak rate allows, power from what was measured of a busy chip to
    the thermal design power. Hosts, cooling and the chips that trained the network are left out.
    """
    model, chip = registry.find(f"AlphaZero ({game})"), registry.find("TPU v1")
    seconds = float(model.n_chips or 0) * float(model.training_days or 0) * DAY
    moves = seconds / float(registry.find(f"A move of AlphaZero, {game}").duration or np.nan)
    per_move = float(registry.find("AlphaZero's search").count or np.nan) * network_flop(game)
    most = seconds * float(chip.int8_per_second or np.nan)
    power = ends(chip.power)
    return SelfPlay(
        game=game,
        plies=moves / float(model.n_games or np.nan),
        flop=network_flop(game),
        operations=Range(moves * per_move, moves * per_move / 2, most),
        peak_share=moves * per_move / most,
        energy=Range(power.value * seconds, power.low * seconds, power.high * seconds),
    )


def self_play_table(games: Sequence[SelfPlay]) -> Table[dict[str, str]]:
    """Return the count of each game, from plies to how far above the bound the chips stood."""
    rows = [
        {
            "game": g.game,
            "plies": f"{g.plies:.0f}",
            "per position": scientific(g.flop),
            "operations": scientific(g.operations.value),
            "of peak": f"{g.peak_share:.0%}",
            "energy, MWh": f"{g.energy.value / MWH:,.1f}",
            "bound, J": " to ".join(f"{float(f'{g.floor(bits):.2g}'):,.0f}" for bits in BITS),
        }
        for g in games
    ]
    return Table(rows, caption="AlphaZero's games against itself, counted from the algorithm")


def gate_table() -> Table[dict[str, str]]:
    """Return the table of what gates forget when all inputs are equally likely."""
    rows = [
        {
            "step": name,
            "bits": bits,
            "reversible": "yes" if landauer.is_reversible(table) else "no",
            "bits erased": f"{landauer.erased_bits(table):.3g}",
            "least heat, J": scientific(float(landauer.erasure_energy(landauer.erased_bits(table), ROOM))),
        }
        for name, (bits, table) in GATES.items()
    ]
    return Table(rows, caption="What a step forgets, and the least heat for it at 300 K")


class Rung(NamedTuple):
    """A step of the ladder: the joules used, and the operations that might each have erased bits."""

    name: str
    used: Range | None
    operations: float | None


def rungs(chess: SelfPlay, go: SelfPlay) -> list[Rung]:
    """Return the ladder from one bit to training runs, each with what it used and how much it did."""
    limit, gpt3 = ends(registry.find("Ho 2023").efficiency), registry.find("GPT-3")
    four_bit = chip_energy(registry.find("B200"), "fp4_per_second")
    position = Range(*(e * chess.flop for e in chess.energy_per_operation))
    move = float(registry.find("AlphaZero's search").count or np.nan)
    return [
        Rung("one bit erased", None, None),
        Rung("4-bit operation, CMOS limit", Range(1 / limit.value, 1 / limit.high, 1 / limit.low), 1),
        Rung("4-bit operation, B200", Range(four_bit, four_bit, four_bit), 1),
        Rung("8-bit operation, AlphaZero", chess.energy_per_operation, 1),
        Rung("32 bits read from DRAM", ends(registry.find("DRAM read, 32 bits, 45 nm").energy), None),
        Rung("AlphaZero: a chess position", position, chess.flop),
        Rung("AlphaZero: a chess move", Range(*(move * e for e in position)), move * chess.flop),
        Rung("AlphaZero: all of chess", chess.energy, chess.operations.value),
        Rung("AlphaZero: all of Go", go.energy, go.operations.value),
        Rung("GPT-3: training", ends(gpt3.energy), float(gpt3.training_flop or np.nan)),
    ]


WHOLE = (
    *("4-bit operation, CMOS limit", "4-bit operation, B200"),
    *("AlphaZero: all of chess", "AlphaZero: all of Go", "GPT-3: training"),
)
"""Rungs to hold against the bound: the others on the way to AlphaZero's chess are as far from it."""


def _short(value: float) -> str:
    rounded = float(f"{value:.2g}")  # as a number: 860 and not 8.6e+02
    return f"{rounded:g}" if 1e-3 <= rounded < 1e3 else scientific(value)


def _dot(ax: Axes, y: float, at: Range, name: str, range_name: str) -> None:
    """Draw a value as a dot on the line of its range, each with its name in the data of the figure."""
    ax.plot([at.low, at.high], [y, y], color=VERMILLION, linestyle="-", linewidth=2, label=range_name)
    ax.plot(at.value, y, "o", color=VERMILLION, markersize=5, label=name)


def ladder(ax: Axes, steps: Sequence[Rung]) -> str:
    """Draw what each rung used, and what erasing 1 to 32 bits for each operation would have asked."""
    told = []
    for y, (name, used, operations) in enumerate(steps):
        if used:
            _dot(ax, y, used, f"{name}: used", f"{name}: used, range")
            told.append(f"{name} {_short(used.value)} J")
        if operations:
            floor = [float(landauer.erasure_energy(bits * operations, ROOM)) for bits in BITS]
            ax.plot(
                floor,
                [y, y],
                color=BLUE,
                linestyle="-",
                linewidth=6,
                solid_capstyle="butt",
                label=f"{name}: bound",
            )
            told[-1] += f" above {_short(floor[0])} to {_short(floor[1])}"
    bit = float(landauer.erasure_energy(1, ROOM))
    ax.plot(bit, 0, "|", color=BLUE, markersize=12, markeredgewidth=2, label="one bit erased: bound")
    ax.set_yticks(range(len(steps)), [step.name for step in steps], fontsize=9)
    log_axis(ax.xaxis, every=6)
    ax.set(xlim=(1e-22, 1e14), ylim=(-0.6, len(steps) - 0.4), xlabel="Joules")
    ax.grid(axis="x", color="gray", alpha=0.25, linewidth=0.5)
    ax.tick_params(axis="y", length=0)
    if steps[-1].operations:
        top = float(landauer.erasure_energy(BITS[0] * steps[-1].operations, ROOM))
        label(ax, top, len(steps) - 1, "bound", ha="right", va="center", gap=6)
    if dram := next((step for step in steps if step.used and not step.operations), None):
        assert dram.used
        label(ax, dram.used.high, steps.index(dram), "used", va="center", gap=6)
    return (
        f"Ladder of energies on a logarithmic axis, from one bit erased at {scientific(bit)} J to training "
        f"runs, each with what it used and, where it computes, the bound for 1 to 32 bits an operation: "
        f"{'; '.join(told)}."
    )


def times_the_bound(ax: Axes, steps: Sequence[Rung], bits: float) -> str:
    """Draw how many times the bound each rung used if every operation erased so many bits; say it."""
    told = {}
    for y, (name, used, operations) in enumerate(steps):
        assert used
        assert operations
        floor = float(landauer.erasure_energy(bits * operations, ROOM))
        times = Range(*(joules / floor for joules in used))
        ax.plot(
            [1, times.value], [y, y], color=BLUE, linestyle=":", linewidth=1, label=f"{name}: from the bound"
        )
        _dot(ax, y, times, name, f"{name}: range")
        told[name] = scientific(times.value)
    ax.axvline(1, color=BLUE, linestyle="-", linewidth=2, label="the bound")
    label(ax, 1, len(steps) - 0.55, "the bound", va="center", gap=4)
    ax.set_yticks(range(len(steps)), [step.name for step in steps], fontsize=9)
    ax.tick_params(axis="y", length=0)
    log_axis(ax.xaxis, every=2)
    ax.set(xlim=(0.5, 3e10), ylim=(-0.6, len(steps) - 0.2), xlabel="Energy used, over the bound")
    erased = f"{bits:,.0f} {'bit' if bits == 1 else 'bits'}"
    chess, gpt3 = (told[name] for name in ("AlphaZero: all of chess", "GPT-3: training"))
    return f"{erased}: chess at {chess} times the bound, GPT-3 at {gpt3}."


# --- The experiment ----------------------------------------------------------------------------------


def slow_limit(runs: Sequence[landauer.Erasure]) -> tuple[float, float]:
    """Return the heat that slow cycles tend to, in kT, and its standard error: a fit of A + B/tau."""
    x = [1 / run.duration for run in runs]
    fit, cov = np.polyfit(
        x, [run.mean_heat for run in runs], 1, w=[1 / run.heat_error for run in runs], cov="unscaled"
    )
    return float(fit[1]), float(np.sqrt(cov[1, 1]))


def price_of_haste(runs: Sequence[landauer.Erasure]) -> tuple[float, float]:
    """Return how many times the least extra heat of so short a cycle was paid, beyond ln 2: fewest, most."""
    paid = [(run.mean_heat - LN2) / (run.finite_time_bound - LN2) for run in runs]
    return min(paid), max(paid)


def experiments() -> tuple[dict[str, registry.Fact], dict[str, registry.Fact]]:
    """Return the heat that slow cycles gave off, in kT: three experiments, and one that erased nothing."""
    heat = {
        finding.name: finding.heat
        for finding in registry.entries("findings")
        if finding.kind == "erasure" and finding.heat
    }
    measured = {name.split()[0]: heat[name] for name in ("Bérut 2012", "Jun 2014", "Hong 2016")}
    return measured, {"Jun": heat["Jun 2014, nothing erased"]}


def with_error(fact: registry.Fact, unit: float = 1.0) -> str:
    """Write a fact, times `unit`, with the error above it, to two decimals."""
    value, _low, high = ends(fact)
    return f"{value * unit:.2f} ± {(high - value) * unit:.2f}"


def heat_against_time(
    axes: Sequence[Axes],
    erased: Sequence[landauer.Erasure],
    kept: Sequence[landauer.Erasure],
    measured: Mapping[str, registry.Fact],
    control: Mapping[str, registry.Fact],
) -> str:
    """Draw mean heat over duration, with and without erasure, and beside it what experiments found."""
    left, right = axes
    for name, runs, marker, face in (
        ("erased", erased, "o", VERMILLION),
        ("only moved about", kept, "s", "none"),
    ):
        left.errorbar(
            [run.duration for run in runs],
            [run.mean_heat for run in runs],
            [2 * run.heat_error for run in runs],
            fmt=marker,
            color=VERMILLION,
            markerfacecolor=face,
            markersize=5,
            linewidth=1.2,
            label=name,
        )
    left.plot(
        [r.duration for r in erased],
        [r.finite_time_bound for r in erased],
        color=BLUE,
        linestyle="-",
        label="best possible",
    )
    label(left, erased[1].duration, erased[1].mean_heat, "erased", gap=5)
    label(left, 13, 0.02, "only moved about", ha="right", gap=1)
    label(left, 1.75, 1.02, "best possible", va="top", gap=2)
    for ax in axes:
        ax.axhline(LN2, color="black", linestyle="--", linewidth=0.8, label="ln 2")
    for facts, marker, face in ((measured, "o", BLUE), (control, "s", "none")):
        for name, fact in facts.items():
            x = list(measured).index(name)
            right.plot(
                [x, x], ends(fact)[1:], color=BLUE, linestyle="-", linewidth=1.2, label=f"{name}, range"
            )
            right.plot(x, fact.value, marker, color=BLUE, markerfacecolor=face, markersize=5, label=name)
    log_axis(left.xaxis)
    left.set(xlim=(1.7, 46), ylim=(0, 3.6), xlabel="Duration (a²/D)")
    left.set_xticks([run.duration for run in erased], [f"{run.duration:g}" for run in erased])
    right.set(xlim=(-0.6, len(measured) - 0.4))
    right.set_xticks(range(len(measured)), list(measured), rotation=60, fontsize=9)
    title(left, "Mean heat (kT), simulated")
    title(right, "Measured")
    label(right, len(measured) - 0.4, LN2, "ln 2", ha="right", va="top", gap=2)
    heats = ", ".join(f"{run.mean_heat:.2f} at {run.duration:g}" for run in erased)
    found = ", ".join(f"{name} {fact.value:g}" for name, fact in measured.items())
    return (
        f"Mean heat of a simulated erasure falls with its duration, in kT: {heats}; the curve of the best "
        f"possible protocol lies below and both approach a dashed line at ln 2. Without erasure the heat "
        f"falls to {kept[-1].mean_heat:.2f}. Beside it, measured in slow cycles: {found}."
    )


def single_runs(ax: Axes, run: landauer.Erasure) -> str:
    """Draw how the heat of single runs scatters, against the mean and ln 2; say how many lie below it."""
    edges = np.arange(-3, 8.01, 0.25)
    share, _ = np.histogram(run.heat, edges)
    share = share / run.heat.size
    small = edges[:-1] < LN2
    for name, part, colour in (("below ln 2", small, BLUE), ("above ln 2", ~small, VERMILLION)):
        ax.bar(edges[:-1][part], share[part], 0.25, align="edge", facecolor=colour, alpha=0.6, label=name)
    ax.axvline(LN2, color="black", linestyle="--", linewidth=1, label="ln 2")
    ax.axvline(run.mean_heat, color="black", linestyle="-", linewidth=1.5, label="mean")
    (low, left), (high, right) = sorted([(LN2, "ln 2"), (run.mean_heat, "mean")])
    label(ax, low, 0.18, left, ha="right", va="top", gap=3)
    label(ax, high, 0.18, right, va="top", gap=3)
    ax.set(xlim=(-3, 8), ylim=(0, 0.18), xlabel="Heat of a single run (kT)")
    title(ax, f"Share of {run.heat.size:,} runs")
    below = np.mean(run.heat < LN2)
    return (
        f"{run.duration:g} a²/D: {run.mean_heat:.2f} kT on average (± {run.heat_error:.2f}); "
        f"{below:.0%} of the runs stay below ln 2."
    )


# --- Chips -------------------------------------------------------------------------------------------


def chip_energy(chip: registry.Entry, rate: str = "flop_per_second") -> float:
    """Return the joules of an operation at peak, in the format of `rate`."""
    return float(chip.power or np.nan) / float(getattr(chip, rate) or np.nan)


def chip_table(chips: Sequence[registry.Entry]) -> Table[dict[str, str]]:
    """Return the energy of a 16-bit operation, chip by chip, and how far above the bound it is."""
    rows = [
        {
            "chip": chip.name,
            "year": str(chip.year),
            "TFLOP/s": f"{float(chip.flop_per_second or np.nan) / 1e12:,.5g}",
            "W": f"{float(chip.power or np.nan):,.0f}",
            "J per FLOP": scientific(chip_energy(chip)),
            "above the bound": " to ".join(
                scientific(float(landauer.overhead(chip_energy(chip), bits, ROOM))) for bits in BITS[::-1]
            ),
        }
        for chip in chips
    ]
    return Table(rows, caption="16-bit operations at peak, all at the maker's rated power")


def doubling_time(years: ArrayLike, efficiency: ArrayLike) -> Range:
    """Return how many years the efficiency takes to double, with 95%: a line through its logarithm."""
    x, y = np.asarray(years, float), np.log2(np.asarray(efficiency, float))
    line = stats.linregress(x, y)
    half = float(stats.t.ppf(0.975, x.size - 2)) * line.stderr
    slow = 1 / (line.slope - half) if line.slope > half else np.inf
    return Range(1 / line.slope, 1 / (line.slope + half), slow)


def year_of(start: float, factor: Range, doubling: Range) -> Range:
    """Return when an efficiency will have grown by a factor; the ends take both low, and both high."""
    return Range(*(float(start + np.log2(f) * d) for f, d in zip(factor, doubling, strict=True)))


def to_the_limits(
    ax: Axes, chips: Sequence[registry.Entry], doubling: Range, koomey: float, limit: Range
) -> str:
    """Draw energy per operation over the years, extended to the CMOS limit and to the bound.

    `doubling` is that of the chips, `koomey` a faster one of old, `limit` the CMOS limit in joules.
    """
    last = chips[-1]
    four_bit = chip_energy(last, "fp4_per_second")
    bound = [float(landauer.erasure_energy(bits, ROOM)) for bits in BITS]
    ax.axhspan(limit.low, limit.high, facecolor=GREEN, alpha=0.25, linewidth=0, label="CMOS limit, range")
    ax.axhline(limit.value, color=GREEN, linestyle="-", linewidth=1, label="CMOS limit, 4 bits")
    ax.axhspan(*bound, facecolor=BLUE, alpha=0.35, linewidth=0, label="kT ln 2, 1 to 32 bits")
    years = np.array([last.year, 2130.0])
    fast, slow = (four_bit * 2 ** (-(years - last.year) / d) for d in (doubling.low, doubling.high))
    ax.fill_between(years, fast, slow, color=VERMILLION, alpha=0.2, linewidth=0, label="today's pace, 95%")
    middle = four_bit * 2 ** (-(years - last.year) / doubling.value)
    ax.plot(years, middle, color=VERMILLION, linestyle="--", linewidth=1.5, label="today's pace")
    ax.plot(
        years,
        four_bit * 2 ** (-(years - last.year) / koomey),
        color="black",
        linestyle=":",
        label="Koomey's pace",
    )
    sixteen = [chip_energy(chip) for chip in chips]
    ax.plot(
        [chip.year for chip in chips],
        sixteen,
        "o-",
        color=VERMILLION,
        markersize=4,
        label="16 bits, V100 to B200",
    )
    ax.plot(last.year, four_bit, "s", color=VERMILLION, markersize=5, label="4 bits, B200")
    label(ax, last.year + 1, sixteen[-1], "16 bits, V100 to B200", va="bottom", gap=3)
    label(ax, last.year + 4, four_bit, "4 bits, B200", va="center", gap=3)
    label(ax, 2129, limit.value, "CMOS limit, 4 bits", ha="right", va="bottom", gap=2)
    label(ax, 2014, np.sqrt(bound[0] * bound[1]), "kT ln 2, 1 to 32 bits", va="center")
    label(ax, 2050, 6e-19, "Koomey's pace", ha="right", va="center", gap=1)
    log_axis(ax.yaxis, every=2)
    ax.set(xlim=(2014, 2130), ylim=(2e-22, 1e-10), xlabel="Year")
    title(ax, "Joules per operation at peak")
    cmos = year_of(last.year, Range(*(four_bit / e for e in (limit.value, limit.high, limit.low))), doubling)
    return (
        f"Energy of a 16-bit operation falls from {scientific(sixteen[0])} J in {chips[0].year} to "
        f"{scientific(sixteen[-1])} J in {last.year}, of a 4-bit one it is {scientific(four_bit)} J. "
        f"Extended at the same pace, that line meets the band of the CMOS limit around {cmos.value:.0f} "
        f"({cmos.low:.0f} to {cmos.high:.0f}), {np.log10(limit.value / bound[0]):.1f} orders of magnitude "
        "above kT ln 2 for a single bit."
    )
