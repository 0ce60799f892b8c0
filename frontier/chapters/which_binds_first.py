"""Drawings and tables of the chapter on which limit binds first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator
from numpy.typing import NDArray

from frontier import bekenstein, binding, growth, landauer, registry
from frontier.show.style import COLORS, label, log_axis, title
from frontier.show.table import Table
from frontier.show.words import compact_number, power_of_ten, scientific

Array = NDArray[np.float64]
Ceilings = dict[str, Array]

BLUE, VERMILLION, GREEN = COLORS["blue"], COLORS["vermillion"], COLORS["green"]
MONTH = 365.25 / 12 * 86_400  # seconds
LATEST, LATEST_YEAR = "Llama 3.1 405B", 2024.56  # published on 23 July 2024
PER_PARAM = 20  # tokens for each parameter, after Hoffmann et al.
BITS = 16  # in which a parameter is stored
RANGE = 0.8  # share that we read into a published range without a stated coverage
N_DRAWS = 4000
EARTH_RADIUS = 6.371e6  # metres
SITES = ("one campus", "a network of sites", "all the world's electricity")
DATA = ("text", "text, images, sound and video")
NEAR = ("data", "power", "money", "chips", "latency")  # the near ceilings, in short and in their order


def number(thing: object, quantity: str) -> float:
    """Return the bare value of one fact about a model, a chip or a limit."""
    return float(getattr(thing, quantity))


def value(name: str, quantity: str) -> float:
    """Return one number of the limit of this name."""
    return number(registry.find(name), quantity)


def ends(name: str, quantity: str) -> tuple[float, float]:
    """Return the ends of the interval of one number of the limit of this name."""
    fact = getattr(registry.find(name), quantity)
    return float(fact.low), float(fact.high)


def months() -> tuple[float, float]:
    """Return the shortest and longest run considered, in seconds."""
    short, long = ends("Latency wall of nine months", "training_months")
    return short * MONTH, long * MONTH


def draws_of(fact: Any, rng: np.random.Generator, n_draws: int = N_DRAWS) -> Array:
    """Draw from the interval of a fact; the fact itself, again and again, where it has none."""
    if fact.low is None or fact.high is None:
        return np.full(n_draws, float(fact))
    return binding.lognormal_draws(fact.low, fact.high, fact.level or RANGE, n_draws=n_draws, seed=rng)


def tokens(rng: np.random.Generator, n_draws: int = N_DRAWS) -> Array:
    """Draw the stock of text in tokens: what is on the web, times what is usable and what rereading adds."""
    web = registry.find("Text on the indexed web")
    factors = [draws_of(fact, rng, n_draws) for fact in (web.n_tokens, web.usable_share, web.n_epochs)]
    return np.asarray(np.prod(factors, axis=0))


def efficiency(rng: np.random.Generator, n_draws: int = N_DRAWS) -> Array:
    """Draw what a whole site will compute per joule in 2030, in FLOP on 8 bits.

    From the peak of an H100, its share of the site's power and the utilization of the largest run known, by
    six years of the trend in efficiency.
    """
    peak = number(registry.find("H100 SXM5"), "fp8_per_second")
    used = draws_of(registry.find(LATEST).mfu, rng, n_draws)
    better = draws_of(registry.find("Energy efficiency of leading chips").growth, rng, n_draws) ** 6
    return peak / value("A chip with its share of the site", "power") * used * better


def flop_per_dollar(rng: np.random.Generator, n_draws: int = N_DRAWS) -> Array:
    """Draw the compute that a dollar will buy in 2030: GPT-4's, by seven years of the trend in prices."""
    gpt4 = registry.find("GPT-4")
    bought = draws_of(gpt4.training_flop, rng, n_draws) / draws_of(gpt4.training_cost, rng, n_draws)
    return np.asarray(bought * value("Performance per dollar", "growth") ** 7)


def ceilings(
    sites: str = SITES[0], data: str = DATA[0], budget: float = 1e11, *, n_draws: int = N_DRAWS, seed: int = 0
) -> Ceilings:
    """Draw the largest run that each near limit would allow around 2030, in FLOP."""
    rng = np.random.default_rng(seed)
    duration = binding.lognormal_draws(*months(), RANGE, n_draws=n_draws, seed=rng)
    powers = dict(zip(SITES, ("One campus", "A network of sites", "World electricity"), strict=True))
    stock = tokens(rng, n_draws)  # drawn in any case, so that the other ceilings do not depend on the choice
    if data == DATA[1]:
        stock = draws_of(registry.find("Text, images, sound and video").n_tokens, rng, n_draws)
    rng = np.random.default_rng([seed, 1])
    power = draws_of(registry.find(powers[sites]).power, rng, n_draws)
    rng = np.random.default_rng([seed, 2])
    return {
        data: np.asarray(binding.data_limited_flop(stock, PER_PARAM)),
        f"power, {sites}": np.asarray(binding.energy_limited_flop(power, duration, efficiency(rng, n_draws))),
        f"money, {compact_number(budget)} dollars": budget * flop_per_dollar(rng, n_draws),
        "chips that can be made": draws_of(
            registry.find("Chips that can be made").training_flop, rng, n_draws
        ),
        "latency, networks of today": draws_of(
            registry.find("Latency wall of nine months").training_flop, rng, n_draws
        ),
    }


def lowest(near: Mapping[str, Array]) -> Array:
    """Return the ceiling that binds in each draw: the lowest."""
    return np.asarray(np.min(np.stack(list(near.values())), axis=0))


def tied(near: Mapping[str, Array]) -> Ceilings:
    """Return the same draws, with power, money and chips high together and low together, as far as can be."""
    return {
        name: np.sort(x) if name.startswith(("power", "money", "chips")) else x for name, x in near.items()
    }


def sunlight() -> float:
    """Return the power of the sunlight that falls on the Earth, in watts."""
    return float(value("Sunlight at the Earth", "heat_flux") * np.pi * EARTH_RADIUS**2)


def weights_flop(bits: float, bits_per_param: float = BITS) -> float:
    """Return the compute of the largest run whose weights fit into so many bits: 6 r N^2."""
    n_params = bits / bits_per_param
    return float(binding.data_limited_flop(PER_PARAM * n_params, PER_PARAM))


def far_limits() -> dict[str, tuple[float, float]]:
    """Return the lowest and highest value of each far limit on the compute of one run, in FLOP."""
    short, long = months()
    worst, best = ends("CMOS processors", "flop_per_joule")
    world = value("World electricity", "power")
    batch = value("Latency wall of nine months", "batch_tokens")
    slow, quick = (binding.shortest_duration(2 * n, way) for n, way in ((2000, 1e3), (500, 1e2)))
    floor = float(landauer.erasure_energy(1, 300))
    kilogram = bekenstein.rest_energy(1.0)
    speed = float(bekenstein.margolus_levitin_rate(kilogram))
    atoms = float(bekenstein.bits_per_atom_limit(1.0, 0.0280855))
    sphere = float(bekenstein.max_bits(0.1, kilogram))
    return {
        "light across the site": (
            float(binding.latency_limited_flop(short, slow, batch, PER_PARAM)),
            float(binding.latency_limited_flop(long, quick, batch, PER_PARAM)),
        ),
        "CMOS, all electricity": (world * short * worst, world * long * best),
        "CMOS, heat of 1% of sunlight": (0.01 * sunlight() * short * worst, 0.01 * sunlight() * long * best),
        "Landauer, all electricity": (world * short / (32 * floor), world * long / floor),
        "a bit per atom, 1 kg": (weights_flop(atoms), weights_flop(atoms, 4)),
        "quantum speed limit, 1 kg": (speed * short, speed * long),
        "Bekenstein, 1 kg": (weights_flop(sphere), weights_flop(sphere, 4)),
    }


def pace() -> float:
    """Return the factor by which the largest runs grow each year."""
    return value("Compute of the largest runs", "growth")


def latest_flop() -> float:
    """Return the compute of the run from which the trend starts, in FLOP."""
    return number(registry.find(LATEST), "training_flop")


def year_of(flop: Any, rate: float | None = None) -> Any:
    """Return the year in which a run of so much compute comes, if the largest grow by a factor each year."""
    return LATEST_YEAR + np.asarray(growth.years_until(flop, latest_flop(), rate or pace()))


def band(values: Array, level: float = 0.9) -> tuple[float, float]:
    """Return the ends of the middle share of draws."""
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _year_axis(ax: Axes, years: Any) -> None:
    """Mark above the Axes, along its compute, the year in which the trend gets there."""
    top = ax.twiny()
    top.set(xscale="log", xlim=ax.get_xlim())
    for side in ("left", "right"):
        top.spines[side].set_visible(False)
    top.spines["top"].set_visible(True)
    top.xaxis.set_minor_locator(NullLocator())
    top.set_xticks([latest_flop() * pace() ** (year - LATEST_YEAR) for year in years])
    top.set_xticklabels([f"{year}" for year in years])


def landscape(ax: Axes, near: Mapping[str, Array], far: Mapping[str, tuple[float, float]]) -> str:
    """Draw every limit on one axis of compute, with the year of each at today's pace above it."""
    rows = {name: band(values) for name, values in near.items()} | dict(far)
    nature = ("light", "Landauer", "a bit", "quantum", "Bekenstein")
    for place, (name, (low, high)) in enumerate(rows.items()):
        look: dict[str, Any] = {"color": BLUE, "linewidth": 5}
        if name in near:
            look = {"color": VERMILLION, "linewidth": 9}
        elif name.startswith(nature):
            look = {"color": GREEN, "linewidth": 2, "marker": "|", "markersize": 9}
        ax.plot([low, high], [place, place], linestyle="-", solid_capstyle="butt", **look, label=name)
        if high < 1e70:
            label(ax, high, place, name, va="center", gap=5)
        else:
            label(ax, low, place, name, ha="right", va="center", gap=5)
    ax.axvline(latest_flop(), color="black", linewidth=0.7, linestyle=":", label=LATEST)
    label(ax, latest_flop(), len(rows) - 0.6, f"{LATEST}, 2024", va="center", gap=3)
    log_axis(ax.xaxis, every=10)
    ax.set(xlim=(1e24, 1e88), ylim=(len(rows) - 0.1, -0.7), xlabel="Compute of one training run (FLOP)")
    _no_side(ax)
    _year_axis(ax, (2030, 2050, 2070, 2090, 2110))
    title(ax, "Year at today's pace")
    said = "; ".join(f"{name} {power_of_ten_range(*ends)}" for name, ends in rows.items())
    return f"Bars of the compute at which each limit stops a training run, in FLOP, from near to far: {said}."


def power_of_ten_range(low: float, high: float) -> str:
    """Write an interval by the powers of ten nearest to its ends."""
    ends = [power_of_ten(float(10.0 ** np.round(np.log10(x)))) for x in (low, high)]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def near_limits(ax: Axes, near: Mapping[str, Array], published: Mapping[str, tuple[float, float]]) -> str:
    """Draw the draws of each near ceiling as bands of 50 and 90%, over the ranges that others published."""
    parts = []
    for place, (name, values) in enumerate(near.items()):
        _bands(ax, name, values, place)
        ax.plot(float(np.median(values)), place, "o", color=BLUE, markersize=5, label=f"{name}, median")
        label(ax, 1.2e27, place - 0.33, name, gap=1, va="center")
        low, high = (scientific(end) for end in band(values))
        parts.append(f"{name} {scientific(float(np.median(values)))} ({low} to {high})")
        if name in published:
            ax.plot(
                published[name],
                [place + 0.25] * 2,
                "|-",
                color=VERMILLION,
                linewidth=1,
                markersize=7,
                label=f"{name}, published",
            )
    log_axis(ax.xaxis)
    ax.set(xlim=(1e27, 1e33), ylim=(len(near) - 0.4, -0.8), xlabel="Largest run around 2030 (FLOP)")
    _no_side(ax)
    _year_axis(ax, (2028, 2030, 2032, 2034))
    title(ax, "Year at today's pace")
    return f"Bands of 50 and 90% around the median of each near ceiling: {'; '.join(parts)} FLOP."


def _bands(ax: Axes, name: str, values: Array, place: float) -> None:
    look: dict[str, Any] = {"color": BLUE, "linestyle": "-", "solid_capstyle": "butt"}
    ax.plot(band(values), [place, place], linewidth=2, **look, label=f"{name}, 90%")
    ax.plot(band(values, 0.5), [place, place], linewidth=8, alpha=0.5, **look, label=f"{name}, 50%")


def _no_side(ax: Axes) -> None:
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)


def when(ax: Axes, growth: float, sites: str, *, n_draws: int = N_DRAWS) -> str:
    """Draw the years in which runs growing so fast meet each near ceiling; say which is first."""
    found = ceilings(sites, n_draws=n_draws)
    years = {name: year_of(values, growth) for name, values in found.items()}
    for place, (name, values) in enumerate(years.items()):
        _bands(ax, name, values, place)
    first = lowest(years)
    ax.axvspan(*band(first), color=VERMILLION, alpha=0.15, linewidth=0, label="the first, 90%")
    ax.axvline(
        float(np.median(first)), color=VERMILLION, linestyle="--", linewidth=1.2, label="the first, median"
    )
    ax.set_yticks(range(len(NEAR)), NEAR)
    ax.set(xlim=(2024, 2064), ylim=(len(NEAR) - 0.5, -0.5), xlabel="Year")
    title(ax, "When the trend meets each ceiling (50 and 90%)")
    shares = binding.first_to_bind(found)
    leader, share = next(iter(shares.items()))
    low, high = band(first)
    return (
        f"{growth:g} times a year, {sites}: the first ceiling comes in {np.median(first):.0f} "
        f"(90%: {low:.0f} to {high:.0f}), and in {share:.0%} of the draws it is {leader}."
    )


def first(ax: Axes, budget: float, data: str, *, n_draws: int = N_DRAWS) -> str:
    """Draw in what share of the draws each near ceiling is the lowest, for a budget; say which leads."""
    shares = binding.first_to_bind(ceilings(data=data, budget=budget, n_draws=n_draws))
    found = {next((k for k in NEAR if name.startswith(k)), "data"): share for name, share in shares.items()}
    values = [100 * found[name] for name in NEAR]
    ax.barh(range(len(NEAR)), values, color=BLUE, alpha=0.7, height=0.6, label="share of the draws")
    for place, value in enumerate(values):
        label(ax, value, place, f"{value:.0f}%", va="center")
    ax.set_yticks(range(len(NEAR)), NEAR)
    ax.set(xlim=(0, 110), ylim=(len(NEAR) - 0.5, -0.5), xlabel="Share of the draws (%)")
    title(ax, "Which ceiling is the lowest")
    leader = max(found, key=lambda name: found[name])
    return (
        f"{compact_number(budget)} dollars for one run, {data}: first is {leader}, "
        f"in {found[leader]:.0%} of the draws."
    )


def chains() -> dict[str, float]:
    """Return how many passes through a layer must follow each other, forward and back, in two runs."""
    run, wall = "Llama 3.1 405B, step by step", "Latency wall of nine months"
    read = number(registry.find(LATEST), "n_tokens")
    needed = PER_PARAM * value(wall, "n_params")
    return {
        LATEST: 2 * value(run, "n_layers") * read / value(run, "batch_tokens"),
        "a run at the latency wall": 2 * implied_layers() * needed / value(wall, "batch_tokens"),
    }


def implied_layers() -> float:
    """Return the layers that the published example of a latency wall must have, each passed in one time."""
    wall = "Latency wall of nine months"
    n_steps = PER_PARAM * value(wall, "n_params") / value(wall, "batch_tokens")
    return months()[1] / n_steps / value(wall, "layer_time")


def light(ax: Axes, size: float) -> str:
    """Draw the shortest time of a run against the size of its machine, for two chains; mark one size."""
    sizes = np.logspace(0, 8, 17)
    found = chains()
    styles = dict(zip(found, ((BLUE, "-"), (VERMILLION, "--")), strict=True))
    for name, n in found.items():
        colour, style = styles[name]
        ax.plot(sizes, binding.shortest_duration(n, sizes), color=colour, linestyle=style, label=name)
        ax.plot(
            size,
            binding.shortest_duration(n, size),
            "o",
            color=colour,
            markersize=7,
            label=f"{name}, this size",
        )
    label(ax, 3e3, 1.2e2, LATEST, va="top")
    label(ax, 1e4, 6e8, "a run at the latency wall", ha="right", va="bottom")
    ax.axhline(9 * MONTH, color="black", linestyle=":", linewidth=0.8, label="nine months")
    label(ax, 1, 9 * MONTH, "nine months")
    log_axis(ax.xaxis, every=2)
    log_axis(ax.yaxis, every=3)
    ax.set(xlim=(1, 1e8), ylim=(1e-1, 1e13), xlabel="Way of a signal in each pass (m)")
    title(ax, "Shortest run that light allows (s)")
    times = [in_time(float(binding.shortest_duration(n, size))) for n in found.values()]
    return f"{in_length(size)}: at least {times[0]} for {LATEST}, {times[1]} at the wall."


def in_time(seconds: float) -> str:
    """Write a time in the unit that people would use."""
    units = {"years": 365.25 * 86_400, "days": 86_400, "hours": 3600, "minutes": 60, "seconds": 1}
    name, size = next(((n, s) for n, s in units.items() if seconds >= s), ("seconds", 1))
    count = seconds / size
    return f"{compact_number(count)} {name}"


def in_length(metres: float) -> str:
    """Write a length in metres or kilometres."""
    return f"{metres / 1e3:,.0f} km" if metres >= 1e3 else f"{metres:.0f} m"


def money() -> Table[dict[str, str]]:
    """Return the table of what runs cost and how much compute a dollar bought."""
    rows = []
    for name in ("GPT-3", "GPT-4", "DeepSeek-V3"):
        model: Any = registry.find(name)
        flop = float(model.training_flop or 6 * float(model.n_active_params or 0) * float(model.n_tokens))
        cost = model.training_cost
        words = compact_number(cost.value)
        if cost.low:
            words += f" ({compact_number(cost.low)} to {compact_number(cost.high)})"
        row = {"model": f"{name}, {model.year}", "dollars (90%)": words}
        rows.append({**row, "FLOP per dollar": scientific(flop / cost.value)})
    return Table(rows, caption="Money per run: hardware and energy, research and failed runs left out")


def headroom(chip: str = "B200") -> dict[str, tuple[float, float, float]]:
    """Return how far CMOS can still go from a chip: as a factor, in doublings, in years; value, low and high.

    The low number of years has the small factor and the quick trend, the high one the large and the slow.
    """
    found: Any = registry.find(chip)
    now = float(found.fp4_per_second) / float(found.power)
    name, trend = "CMOS processors", "Energy efficiency of leading chips"
    factors = [x / now for x in (value(name, "flop_per_joule"), *ends(name, "flop_per_joule"))]
    slow, quick = ends(trend, "growth")
    paces = (float(np.sqrt(slow * quick)), quick, slow)
    years = [float(growth.years_until(x, 1, p)) for x, p in zip(factors, paces, strict=True)]
    doublings = [float(np.log2(x)) for x in factors]
    table = {"factor": factors, "doublings": doublings, "years": years}
    return {key: (row[0], row[1], row[2]) for key, row in table.items()}
