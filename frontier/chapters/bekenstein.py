"""Drawings and tables of the chapter on the Bekenstein bound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes

from frontier import bekenstein, compression, decoder, registry
from frontier.show.style import COLORS, label, log_axis, title
from frontier.show.table import Table
from frontier.show.words import compact_number, scientific

BLUE, VERMILLION, GREEN = (COLORS[name] for name in ("blue", "vermillion", "green"))
SILICON = 0.0280855  # kg/mol
STICK = "WD_BLACK SN8100 2TB"
WORLD_2025 = 175e21 * 8  # bits; Reinsel et al. (2018): to be created, captured or copied in 2025


class Box(NamedTuple):
    """What holds information: its mass in kilograms, and the radius in metres of a sphere around it."""

    mass: float
    radius: float

    @property
    def bound(self) -> float:
        """The Bekenstein bound on the box, in bits."""
        return float(bekenstein.max_bits(self.radius, bekenstein.rest_energy(self.mass)))

    @property
    def atoms(self) -> float:
        """Bits at one bit for each atom, were the box of silicon."""
        return float(bekenstein.bits_per_atom_limit(self.mass, SILICON))

    @property
    def light(self) -> float:
        """Bits in a ball of light of this size and energy."""
        volume = 4 / 3 * np.pi * self.radius**3
        return float(bekenstein.radiation_bits(volume, bekenstein.rest_energy(self.mass)))

    @property
    def dna(self) -> float:
        """Bits in as much DNA, at the density of DNA Fountain."""
        return float(_density("DNA Fountain", "mass_density")) * self.mass

    @property
    def surface(self) -> float:
        """Surface of the sphere in square metres."""
        return 4 * float(np.pi) * self.radius**2

    @property
    def black_hole(self) -> float:
        """Bits of a black hole as large as the sphere."""
        return float(bekenstein.holographic_bits(self.surface))


def _density(name: str, quantity: str) -> float:
    return float(getattr(registry.find(name), quantity).value)


def flash_stick() -> tuple[Box, float]:
    """Return a flash drive on the market: the box that it is, and the bits that it holds."""
    stick = registry.find(STICK)
    assert stick.mass
    assert stick.radius
    assert stick.capacity
    return Box(stick.mass.value, stick.radius.value), stick.capacity.value


def held(weights: float, capacity: float, images: float) -> dict[str, float]:
    """Name what there is for the ladder: DALL-E's weights, what a stick holds, DALL-E's images, in bits."""
    return {"DALL-E's weights": weights, "the stick today": capacity, "its training images": images}


def orders(bits: float, limit: float) -> float:
    """Return the powers of ten from `bits` up to a limit."""
    return float(np.log10(limit / bits))


def doublings(bits: float, limit: float) -> float:
    """Return how often `bits` can double up to a limit."""
    return float(np.log2(limit / bits))


def ladder(ax: Axes, box: Box, held: Mapping[str, float]) -> str:
    """Draw what is held (dots) under what a box of that mass and size could hold (diamonds), in bits."""
    could = {
        "in DNA": box.dna,
        "one bit per atom": box.atoms,
        "hot light": box.light,
        "Bekenstein bound": box.bound,
        "black hole of that size": box.black_hole,
    }
    rungs = sorted([*held.items(), *could.items()], key=lambda rung: rung[1])
    for place, (name, bits) in enumerate(rungs):
        limit = name in could
        ax.plot([1e10, bits], [place, place], color="black", linestyle="-", linewidth=0.7, alpha=0.4)
        mark, colour = ("D", VERMILLION) if limit else ("o", BLUE)
        ax.plot(bits, place, mark, color=colour, markersize=6, label=name)
        far = bits > 1e50
        words = f"{name}, {scientific(bits)}"
        label(
            ax,
            bits,
            place + (0.12 if far else 0),
            words,
            ha="right" if far else "left",
            va="bottom" if far else "center",
            gap=7,
        )
    log_axis(ax.xaxis, every=10)
    ax.set(xlim=(1e10, 1e70), ylim=(-0.7, len(rungs) + 0.1), yticks=[], xlabel="Bits")
    ax.spines["left"].set_visible(False)
    title(ax, f"What {box.mass * 1e3:g} grams within {box.radius * 100:.1f} cm could hold")
    listed = ", ".join(f"{name} {scientific(bits)}" for name, bits in rungs)
    return (
        f"A ladder of bits on a logarithmic axis, for a box of {box.mass * 1e3:g} grams within a sphere of "
        f"{box.radius * 100:.1f} centimetres: {listed}."
    )


def rungs(box: Box) -> Table[dict[str, str]]:
    """Return the table of what fits into a box, by its mass or on its surface, rung by rung."""
    surface = {
        "hard disk": "Seagate SkyHawk AI 20TB",
        "flash die": "Samsung 400-layer NAND",
        "single atoms": "Chlorine vacancies on copper",
    }
    known = [
        (what, "one layer on its surface", _density(name, "areal_density") * box.surface)
        for what, name in surface.items()
    ]
    known += [
        ("flash stick", "what one holds today, by mass", stick_density() * box.mass),
        ("DNA", "its mass in DNA", box.dna),
        ("one bit per atom", "its mass in silicon", box.atoms),
        ("hot light", "its energy as light in its sphere", box.light),
        ("Bekenstein bound", "its energy and radius", box.bound),
        ("black hole", "as large as its sphere", box.black_hole),
    ]
    rows = [
        {
            "rung": what,
            "counted as": how,
            "bits": _unbroken(bits),
            "orders to the bound": _below(bits, box.bound),
        }
        for what, how, bits in sorted(known, key=lambda row: row[2])
    ]
    return Table(rows, caption="The ladder of storage, each rung in or on the same box")


def stick_density() -> float:
    """Return bits per kilogram of a flash drive on the market."""
    stick, capacity = flash_stick()
    return capacity / stick.mass


def _below(bits: float, limit: float) -> str:
    left = orders(bits, limit)
    return f"{abs(left):.1f}" if left > -1e-9 else "another mass"


def _unbroken(value: float, digits: int = 2) -> str:
    """Write a number so that no line of a narrow table breaks inside it."""
    return scientific(value, digits).replace(" ", "\u00a0")


def holdings(box: Box, capacity: float, things: Mapping[str, float]) -> Table[dict[str, str]]:
    """Return the table of what there is to store: sticks it takes, and room left in one by two limits.

    `capacity` is what the box holds today and `things` maps a name to its size, all in bits.
    """
    rows = [
        {
            "to store": name,
            "bits": _unbroken(bits),
            "sticks today": compact_number(np.ceil(bits / capacity)),
            "orders to one bit per atom": f"{orders(bits, box.atoms):.1f}",
            "orders to Bekenstein": f"{orders(bits, box.bound):.1f}",
        }
        for name, bits in things.items()
    ]
    return Table(rows, caption="What one stick of flash could hold")


def crossing(ax: Axes, years: float, box: Box, capacity: float) -> str:
    """Draw bits in the box against time if they double every `years` years; say when limits are met."""
    limits = {
        "DNA": box.dna,
        "one bit per atom": box.atoms,
        "hot light": box.light,
        "Bekenstein bound": box.bound,
    }
    end = 300.0
    when = {name: years * doublings(capacity, bits) for name, bits in limits.items()}
    for name, bits in limits.items():
        ax.axhline(bits, color="black", linewidth=0.7, linestyle=":", label=name)
        label(ax, end, bits, name, ha="right", gap=2)
    matter = min(when["one bit per atom"], end)
    before, after = np.array([0, matter]), np.array([matter, end])
    ax.plot(
        before, _grown(capacity, before, years), color=BLUE, linestyle="-", linewidth=2, label="the stick"
    )
    ax.plot(
        after,
        _grown(capacity, after, years),
        color=BLUE,
        linestyle=(0, (4, 2)),
        linewidth=1.5,
        label="beyond a bit per atom",
    )
    for name, bits in limits.items():
        if when[name] <= end:
            ax.plot(when[name], bits, "o", color=VERMILLION, markersize=6, label=f"reaches: {name}")
    log_axis(ax.yaxis, every=5)
    ax.set(xlim=(0, end), ylim=(1e12, 1e43), xlabel="Years from now")
    title(ax, "Bits in one stick of flash")
    return (
        f"Doubling every {years:g} year{'s' * (years > 1)}: as dense as DNA after {when['DNA']:.0f} years, "
        f"one bit per atom after {when['one bit per atom']:.0f}, the Bekenstein bound after "
        f"{when['Bekenstein bound']:.0f}."
    )


def _grown(start: float, years: Any, doubling: float) -> Any:
    return start * 2.0 ** (years / doubling)


class Rounded(NamedTuple):
    """A model with rounded weights: bits as stored, entropy and Huffman's code per weight, loss held out."""

    bits: int
    entropy: float
    huffman: float
    loss: float


def rounded(
    model: decoder.Weights, windows: Any, bits: Sequence[int], levels: Any = "lloyd-max"
) -> list[Rounded]:
    """Round the weights of a model to ever fewer bits; measure what they still cost and what is lost."""
    found = []
    for b in bits:
        made, codes = compression.quantize_weights(model, b, levels)
        rates = compression.entropy(codes), compression.huffman_rate(codes)
        found.append(Rounded(b, *rates, decoder.loss(made, windows)))
    return found


def rounding_table(full: float, found: Sequence[Rounded]) -> Table[dict[str, str]]:
    """Return the table of rounded models; `full` is the loss before rounding, in nats per byte."""
    rows = [
        {
            "bits per weight": str(row.bits),
            "entropy": f"{row.entropy:.2f}",
            "Huffman's code": f"{row.huffman:.2f}",
            "loss (nats per byte)": f"{row.loss:.3f}",
            "worse by": f"{round(row.loss / full - 1, 3) + 0.0:.1%}",
        }
        for row in found
    ]
    return Table(rows, caption="The same model, its weights rounded")


def rounding(ax: Axes, full: float, best: Sequence[Rounded], even: Sequence[Rounded]) -> str:
    """Draw the loss that rounding adds against the entropy of the rounded weights, for two sets of levels."""
    ends = {}
    for name, found, colour, mark, style in (
        ("fitted levels", best, BLUE, "o", "-"),
        ("even levels", even, VERMILLION, "D", "--"),
    ):
        rate, added = np.array([row.entropy for row in found]), np.array([row.loss - full for row in found])
        ax.plot(rate, added, mark, linestyle=style, color=colour, markersize=5, label=name)
        for row in found:
            left = mark == "o"
            label(
                ax, row.entropy, row.loss - full, str(row.bits),
                ha="left" if left else "right", va="bottom" if left else "top", gap=4,
            )  # fmt: skip
        ends[name] = f"{name}: " + ", ".join(
            f"{row.bits} bits stored, {row.entropy:.1f} after coding, {row.loss - full:.4f} nats"
            for row in found
        )
    right, left_one = best[len(best) // 2], even[-2]
    label(ax, right.entropy, right.loss - full, "fitted levels", va="center", gap=20)
    label(ax, left_one.entropy, left_one.loss - full, "even levels", ha="right", va="center", gap=20)
    log_axis(ax.yaxis)
    ax.set(xlim=(1, 8.4), ylim=(1e-4, 3), xlabel="Bits per weight after entropy coding")
    title(ax, "Loss added by rounding (nats per byte)")
    return "Loss added against bits per weight, falling steeply. " + ". ".join(ends.values()) + "."


def speeds() -> Table[dict[str, str]]:
    """Return the table of how fast a kilogram, or a joule, can go through states, and what a chip does."""
    energy = bekenstein.rest_energy(1)
    steps = bekenstein.margolus_levitin_rate
    chip = registry.find("H100 SXM5").flop_per_second
    assert chip is not None
    rows = [
        ("1 kilogram", "Margolus and Levitin, two states", steps(energy), "steps"),
        ("1 kilogram", "Margolus and Levitin, a long sequence", steps(energy, 2**53), "steps"),
        ("1 kilogram", "Bremermann", bekenstein.bremermann_rate(1), "bits"),
        ("1 joule", "Margolus and Levitin, two states", steps(1), "steps"),
        ("1 joule", "Margolus and Levitin, a long sequence", steps(1, 2**53), "steps"),
        ("an H100 at its peak", "its data sheet", chip.value, "FLOP"),
    ]
    return Table(
        [
            {"what": what, "says": who, "per second": f"{_unbroken(float(rate), 3)} {unit}"}
            for what, who, rate, unit in rows
        ],
        caption="Limits of processing, in steps a second",
    )
