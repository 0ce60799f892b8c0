"""Drawings and tables of the chapter on which limit binds first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator
from numpy.typing import NDArray

from frontier import binding, registry, runs
from frontier.ceilings import DISCLOSED, MONTH, NEAR, Trend
from frontier.show.bars import bars
from frontier.show.style import COLORS, dot, label, log_axis, title, without_y
from frontier.show.table import Table
from frontier.show.words import compact_number, in_time, power_of_ten, scientific

Array = NDArray[np.float64]
Ranges = Mapping[str, tuple[float, float]]

BLUE, VERMILLION, GREEN = COLORS["blue"], COLORS["vermillion"], COLORS["green"]
WALL = "a run at the latency wall"
TIMES = {"1 second": 1, "1 hour": 3600, "1 day": 86_400, "1 year": 3.156e7, "1,000 years": 3.156e10}
SHORT = {name: words.split(",")[0] for name, words in NEAR.items()} | {"chips": "chips"}
FURTHER = registry.number("Data efficiency, unlimited compute", "factor")
STOCKS = {  # what counts as data, and how many times as far a token goes
    "text": ("text", 1.0),
    "text, a token twice as far": ("text", 2.0),
    f"text, {FURTHER:.2f} times as far": ("text", FURTHER),
    "text, images, sound and video": ("text, images, sound and video", 1.0),
}


def band(values: Array, level: float = 0.9) -> tuple[float, float]:
    """Return the ends of the middle share of draws."""
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def tied(near: Mapping[str, Array]) -> dict[str, Array]:
    """Return the same draws, with power, money and chips high together and low together, as far as can be."""
    return {name: np.sort(x) if name in ("power", "money", "chips") else x for name, x in near.items()}


def _year_axis(ax: Axes, trend: Trend, years: Iterable[int]) -> None:
    """Mark above the Axes, along its compute, the year in which the trend gets there."""
    top = ax.twiny()
    top.set(xscale="log", xlim=ax.get_xlim())
    for side in ("left", "right"):
        top.spines[side].set_visible(False)
    top.spines["top"].set_visible(True)
    top.xaxis.set_minor_locator(NullLocator())
    top.set_xticks([trend.flop * trend.growth ** (year - trend.year) for year in years])
    top.set_xticklabels([f"{year}" for year in years])
    top.set_xlabel("Year at today's pace")


def landscape(ax: Axes, near: Mapping[str, Array], far: Ranges, trend: Trend) -> str:
    """Draw every limit on one axis of compute, with the year of each at today's pace above it."""
    rows = {NEAR[name]: band(values) for name, values in near.items()}
    rows |= {in_words(name): ends for name, ends in far.items()}
    nature = ("light", "Landauer", "a bit", "quantum", "Bekenstein")
    for place, (name, (low, high)) in enumerate(rows.items()):
        look: dict[str, Any] = {"color": GREEN, "linewidth": 5}
        if place < len(near):
            look = {"color": VERMILLION, "linewidth": 9}
        elif name.startswith(nature):
            look = {"color": BLUE, "linewidth": 2, "marker": "|", "markersize": 9}
        ax.plot([low, high], [place, place], linestyle="-", solid_capstyle="butt", **look, label=name)
        side: dict[str, Any] = {"ha": "left"} if high < 1e70 else {"ha": "right"}
        label(ax, high if high < 1e70 else low, place, name, va="center", gap=5, **side)
    today = registry.largest_run().name
    ax.axvline(trend.flop, color="black", linewidth=0.7, linestyle=":", label=today)
    label(ax, trend.flop, len(rows) - 0.6, f"{today}, {int(trend.year)}", va="center", gap=3)
    log_axis(ax.xaxis, every=10)
    ax.set(xlim=(1e24, 1e88), ylim=(len(rows) - 0.1, -0.7), xlabel="Compute of one training run (FLOP)")
    without_y(ax)
    _year_axis(ax, trend, (2030, 2050, 2070, 2090, 2110))
    title(ax, "Laws of nature come last, and by far")
    said = "; ".join(f"{name} {power_of_ten_range(*ends)}" for name, ends in rows.items())
    return f"Bars of the compute at which each limit stops a training run, in FLOP, from near to far: {said}."


def in_words(limit: str) -> str:
    """Name a far limit in words that a newcomer knows."""
    return limit.replace("CMOS", "best silicon")


def power_of_ten_range(low: float, high: float) -> str:
    """Write an interval by the powers of ten nearest to its ends."""
    ends = [power_of_ten(float(10.0 ** np.round(np.log10(x)))) for x in (low, high)]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def near_limits(ax: Axes, near: Mapping[str, Array], published: Ranges, trend: Trend) -> str:
    """Draw the draws of each near ceiling as bands of 50 and 90%, over the ranges that others published."""
    parts = []
    thin: dict[str, Any] = {"color": VERMILLION, "linewidth": 1, "markersize": 7}
    for place, (short, values) in enumerate(near.items()):
        name, middle = NEAR[short], float(np.median(values))
        _bands(ax, name, values, place)
        ax.plot(middle, place, "o", color=BLUE, markersize=5, label=f"{name}, median")
        label(ax, 1.2e27, place - 0.33, name, gap=1, va="center")
        low, high = (scientific(end) for end in band(values))
        parts.append(f"{name} {scientific(middle)} ({low} to {high})")
        if short in published:
            ax.plot(published[short], [place + 0.25] * 2, "|-", **thin, label=f"{name}, published")
    log_axis(ax.xaxis)
    ax.set(xlim=(1e27, 1e33), ylim=(len(near) - 0.4, -0.8), xlabel="Largest run around 2030 (FLOP)")
    without_y(ax)
    _year_axis(ax, trend, (2028, 2030, 2032, 2034))
    title(ax, "Text has the lowest middle, power follows")
    return f"Bands of 50 and 90% around the median of each near ceiling: {'; '.join(parts)} FLOP."


def _bands(ax: Axes, name: str, values: Array, place: float) -> None:
    look: dict[str, Any] = {"color": BLUE, "linestyle": "-", "solid_capstyle": "butt"}
    ax.plot(band(values), [place, place], linewidth=2, **look, label=f"{name}, 90%")
    ax.plot(band(values, 0.5), [place, place], linewidth=8, alpha=0.5, **look, label=f"{name}, 50%")


def when(ax: Axes, years: Mapping[str, Array], sites: str) -> str:
    """Draw the years in which a trend meets each near ceiling; say which is first."""
    names = NEAR | {"power": f"power, {sites}"}
    for place, (name, values) in enumerate(years.items()):
        _bands(ax, names[name], values, place)
    first = np.min(list(years.values()), axis=0)
    ax.axvspan(*band(first), color=VERMILLION, alpha=0.15, linewidth=0, label="the first, 90%")
    look: dict[str, Any] = {"color": VERMILLION, "linestyle": "--", "linewidth": 1.2}
    ax.axvline(float(np.median(first)), **look, label="the first, median")
    ax.set_yticks(range(len(years)), [SHORT[name] for name in years])
    ax.set(xlim=(2026, 2042), ylim=(len(years) - 0.5, -0.5), xlabel="Year")
    ax.set_xticks(range(2030, 2042, 5))
    title(ax, "When growing runs meet each ceiling")
    leader, share = next(iter(binding.first_to_bind(years).items()))
    low, high = band(first)
    return (
        f"{sites}: the first ceiling comes in {np.median(first):.0f} ({low:.0f} to {high:.0f}), and in "
        f"{share:.0%} of the draws it is {names[leader]}."
    )


def first(ax: Axes, shares: Mapping[str, float]) -> str:
    """Draw in what share of the draws each near ceiling is the lowest; say which leads."""
    look: dict[str, Any] = {"digits": 0, "sign": "%", "most": 110}
    words: dict[str, Any] = {"series": "share of the draws", "xlabel": "Share of the draws (%)"}
    found = [100 * shares[name] for name in NEAR]
    look["title"] = "How often each ceiling is the lowest"
    bars(ax, [SHORT[name] for name in NEAR], found, **words, **look)
    leader = max(shares, key=lambda name: shares[name])
    return f"first is {SHORT[leader]}, in {shares[leader]:.0%} of the draws."


def chains() -> dict[str, float]:
    """Return how many passes through a layer must follow each other, forward and back, in two runs."""
    run, wall = "Llama 3.1 405B, step by step", "Latency wall of nine months"
    read = registry.number("Compute-optimal training", "tokens_per_param") * registry.number(wall, "n_params")
    batch, llama = registry.number(wall, "batch_tokens"), registry.find(run)
    # As many layers as can be passed through, one after the other, in the longest of the runs.
    layers = months()[1] / (read / batch) / registry.number(wall, "layer_time")
    n_tokens = registry.number(DISCLOSED, "n_tokens")
    return {
        DISCLOSED: float(binding.sequential_passes(llama.n_layers.value, n_tokens, llama.batch_tokens.value)),
        WALL: float(binding.sequential_passes(layers, read, batch)),
    }


def months() -> tuple[float, float]:
    """Return the shortest and longest run considered, in seconds."""
    found = registry.find("Latency wall of nine months").training_months.range
    return found.low * MONTH, found.high * MONTH


def light(ax: Axes, found: Mapping[str, float], size: float) -> str:
    """Draw the shortest time of a run against the size of its machine, for two chains; mark one size."""
    sizes, longest = np.logspace(0, 8, 17), months()[1]
    for (name, n), colour, style in zip(found.items(), (BLUE, VERMILLION), ("-", "--"), strict=True):
        ax.plot(sizes, binding.shortest_duration(n, sizes), color=colour, linestyle=style, label=name)
        time = float(binding.shortest_duration(n, size))
        dot(ax, size, time, f"{name}, this size", color=colour, size=7, draggable=name == WALL)
    label(ax, 3e3, 1.2e2, DISCLOSED, va="top")
    label(ax, 1, 2e10, WALL)
    ax.axhline(longest, color="black", linestyle=":", linewidth=0.8, label="nine months")
    label(ax, 1, longest, "nine months")
    log_axis(ax.xaxis)
    log_axis(ax.yaxis)
    ax.set(xlim=(1, 1e8), ylim=(1e-1, 1e13), xlabel="Width of the machine")
    ax.set_xticks([1, 1e3, 1e6], ["1 m", "1 km", "1,000 km"])
    ax.set_yticks(list(TIMES.values()), list(TIMES))
    title(ax, "Shortest run that light allows")
    times = [in_time(float(binding.shortest_duration(n, size))) for n in found.values()]
    return f"{in_length(size)}: at least {times[0]} for {DISCLOSED}, {times[1]} at the wall."


def in_length(metres: float) -> str:
    """Write a length in metres or kilometres."""
    return f"{metres / 1e3:,g} km" if metres >= 1e3 else f"{metres:g} m"


def money() -> Table[dict[str, str]]:
    """Return the table of what runs cost and how much compute a dollar bought."""
    rows = []
    for name in ("GPT-3", "GPT-4", "DeepSeek-V3", "Grok 4"):
        model = registry.find(name)
        cost = model.training_cost
        words = compact_number(cost.value)
        if cost.low:
            words += f" ({compact_number(cost.low)} to {compact_number(cost.high)})"
        row = {"model": f"{name}, {model.year}", "dollars (90%)": words}
        rows.append({**row, "FLOP per dollar": scientific(runs.flop(name) / cost.value)})
    return Table(rows, caption="Money per run: hardware and energy, research and failed runs left out")
