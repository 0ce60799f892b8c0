"""Which limit a training run meets first, under the published assumptions or your own.

`published` gathers assumptions from the registry, `dataclasses.replace` changes what you doubt. `near` draws
the largest run that data, power, money, chips and latency would each allow around 2030; `far` has the limits
of light, silicon and physics; `trend` says when today's growth gets there.

>>> from dataclasses import replace
>>> from frontier.binding import first_to_bind
>>> crowded = replace(published(), n_tokens=Between(1e15, 1e17, level=0.9), budget=1e10)
>>> f"{first_to_bind(near(crowded))['money']:.0%}"
'84%'
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.constants import Julian_year

from frontier import bekenstein, binding, growth, landauer, registry
from frontier._checks import (
    Float,
    above,
    above_zero,
    between,
    generator,
    one_of,
    overflowing,
    positive,
    product,
    share,
    single,
)
from frontier.registry import Fact, Range, number

Array = NDArray[np.float64]

DISCLOSED = registry.largest_run("reported").name  # the largest run whose makers told its compute
HORIZON = 2030  # for which the sources give power and chips
MONTH = Julian_year / 12  # seconds
SITES = {
    "one campus": "One campus, seen from 2026",
    "one campus, as seen in 2024": "One campus, seen from 2024",
    "a network of sites": "A network of sites",
    "all the world's electricity": "World electricity",
}
DATA = ("text", "text, images, sound and video")
NEAR = {  # the near ceilings, and the published ones in words
    "data": "text",
    "power": "power, one campus",
    "money": "money, 100 billion dollars",
    "chips": "chips that can be made",
    "latency": "latency, networks of today",
}


@dataclass(frozen=True)
class Between:
    """A quantity known to a factor: log-normal, a share `level` of it from `low` to `high`.

    Most published ranges have no coverage; 0.8 is that of Sevilla et al. (2024) for their parameters.
    """

    low: float
    high: float
    level: float = 0.8

    def __post_init__(self) -> None:
        """Check that the ends are above 0 and in order, and the level is a share."""
        low = single("low", positive("low", self.low))
        single("high", above("high", self.high, low, meaning=", the low end"))
        share("level", self.level)


@dataclass(frozen=True)
class Assumptions:
    """What one run around 2030 may use. Each quantity is a number above 0 or a `Between`.

    Times are in seconds, power in watts, compute in FLOP, money in dollars, growth is a factor a year.
    """

    duration: float | Between  #: of the run, in seconds
    n_tokens: float | Between  #: tokens of text
    usable_share: float | Between  #: of the text, worth training on
    n_epochs: float | Between  #: fresh passes that rereading is worth
    stock: float | Between | None  #: tokens that stand in the place of these three; None for text
    power: float | Between  #: watts
    mfu: float | Between  #: share of the peak that is used
    efficiency_growth: float | Between  #: of FLOP per joule, a factor per year
    past_flop: float | Between  #: compute of a known run
    past_cost: float | Between  #: its dollars
    chips_flop: float | Between  #: largest run of the chips that can be made, in FLOP
    latency_flop: float | Between  #: largest run that the latency of networks allows, in FLOP
    tokens_per_param: float | Between  #: tokens for each parameter
    peak_per_joule: float | Between  #: FLOP per joule of a whole site today, if it used its peak
    budget: float | Between  #: dollars for the run
    price_growth: float | Between  #: of FLOP per dollar, a factor per year
    data_efficiency: float | Between  #: how many times as far a token goes as in the recipes of today
    efficiency_years: float  #: from today's chips to those of the run
    price_years: float  #: from the known run to this one

    def __post_init__(self) -> None:
        """Check the bare numbers."""
        for name, value in vars(self).items():
            drawn = isinstance(value, Between) and not name.endswith("_years")
            if not drawn and not (value is None and name == "stock"):
                single(name, positive(name, value))


def published(sites: str = "one campus", data: str = "text", budget: float = 1e11) -> Assumptions:
    """Return the assumptions that are published: power of one of `SITES`, one of `DATA`, dollars for the run.

    The chips of a site are H100s in 8 bits, with their share of servers and cooling, as busy as those of the
    largest run known; what a dollar buys starts from GPT-4.
    """
    sites, data = one_of("sites", sites, SITES), one_of("data", data, DATA)
    web, wall = "Text on the indexed web", "Latency wall of nine months"
    months = registry.find(wall).training_months
    peak, watts = number("H100 SXM5", "fp8_per_second"), number("A chip with its share of the site", "power")
    return Assumptions(
        duration=Between(months.low * MONTH, months.high * MONTH),
        n_tokens=_assumed(web, "n_tokens"),
        usable_share=_assumed(web, "usable_share"),
        n_epochs=_assumed(web, "n_epochs"),
        stock=None if data == "text" else _assumed("Text, images, sound and video", "n_tokens"),
        power=_assumed(SITES[sites], "power"),
        mfu=_assumed(DISCLOSED, "mfu"),
        efficiency_growth=_assumed("Energy efficiency of leading chips", "growth"),
        efficiency_years=HORIZON - registry.find(DISCLOSED).year,
        past_flop=_assumed("GPT-4", "training_flop"),
        past_cost=_assumed("GPT-4", "training_cost"),
        price_growth=_assumed("Performance per dollar", "growth"),
        data_efficiency=1.0,
        price_years=HORIZON - registry.find("GPT-4").year,
        chips_flop=_assumed("Chips that can be made", "training_flop"),
        latency_flop=_assumed(wall, "training_flop"),
        tokens_per_param=number("Compute-optimal training", "tokens_per_param"),
        peak_per_joule=peak / watts,
        budget=budget,
    )


def _assumed(name: str, quantity: str) -> float | Between:
    fact: Fact = registry.find(name).fact(quantity)
    if fact.low is None or fact.high is None:
        return fact.value
    return Between(fact.low, fact.high) if fact.level is None else Between(fact.low, fact.high, fact.level)


# What is drawn from one generator, in this order. A number in the place of an interval leaves all other draws
# as they are, and so does a new field in a row of its own.
_STREAMS = (
    ("duration", "n_tokens", "usable_share", "n_epochs", "stock"),
    ("power",),
    ("mfu", "efficiency_growth", "past_flop", "past_cost", "chips_flop", "latency_flop"),
    ("tokens_per_param", "peak_per_joule", "budget", "price_growth"),
    ("data_efficiency",),
)


def draws(assumptions: Assumptions, n_draws: int = 4000, seed: Any = 0) -> dict[str, Any]:
    """Draw every quantity that is assumed, independently of the others; a number stays a number.

    `seed` is anything that numpy.random.default_rng takes. With the same whole number, what is assumed alike
    is drawn alike, whatever else is changed.
    """
    rng = generator(seed)
    fixed = isinstance(seed, int | np.integer)  # a number gives every stream one of its own, for good
    streams = [np.random.default_rng([seed, k]) for k in range(5)] if fixed else rng.spawn(5)
    found = dict(vars(assumptions))
    for names, stream in zip(_STREAMS, streams, strict=True):
        for name in names:
            given = found[name]
            span = given if isinstance(given, Between) else Between(1, 2)
            drawn = binding.lognormal_draws(span.low, span.high, span.level, n_draws=n_draws, seed=stream)
            found[name] = drawn if span is given else given
    return found


def near(assumptions: Assumptions, n_draws: int = 4000, seed: Any = 0) -> dict[str, Array]:
    """Draw the largest run that each near limit allows, in FLOP: data, power, money, chips, latency.

    >>> lowest = np.min(list(near(published()).values()), axis=0)
    >>> f"{np.median(lowest):.0e} FLOP"
    '4e+28 FLOP'
    """
    d = draws(assumptions, n_draws, seed)
    with overflowing():
        better = above_zero(d["efficiency_growth"] ** d["efficiency_years"])
        cheaper = above_zero(d["price_growth"] ** d["price_years"])
    text = product(d["n_tokens"], d["usable_share"], d["n_epochs"])
    stock = text if d["stock"] is None else d["stock"]
    per_joule = product(d["peak_per_joule"], d["mfu"], better)
    money = product(d["budget"], d["past_flop"], cheaper, over=(d["past_cost"],))
    data = binding.data_limited_flop(product(stock, d["data_efficiency"]), d["tokens_per_param"])
    power = binding.energy_limited_flop(d["power"], d["duration"], per_joule)
    found = (data, power, money, d["chips_flop"], d["latency_flop"])
    return {name: np.full(n_draws, flop) for name, flop in zip(NEAR, found, strict=True)}


def far(
    *,
    months: tuple[float, float] | None = None,
    power: float | None = None,
    n_layers: tuple[float, float] = (500, 2000),
    distance: tuple[float, float] = (1e2, 1e3),
    bits_per_flop: tuple[float, float] = (1, 32),
    bits_per_param: tuple[float, float] = (4, 16),
    heat_share: float = 0.01,
    temperature: float = 300.0,
    mass: float = 1.0,
    radius: float = 0.1,
) -> dict[str, tuple[float, float]]:
    """Return the lowest and highest value of each far limit on the compute of one run, in FLOP.

    By default the months of a run and the world's electricity in watts are the published ones. The others are
    guesses of ours: layers of a model, metres of a site, bits that an operation erases and that a parameter
    takes, each the least and the most; the share of sunlight that may become heat, at most 1; kelvin; a
    machine's kilograms and the metres of its radius.

    >>> "{:.0e} to {:.0e}".format(*far()["Landauer, all electricity"])
    '2e+38 to 3e+40'
    """
    given = {"temperature": temperature, "mass": mass, "radius": radius}
    given |= {} if power is None else {"power": power}
    for name, value in given.items():
        single(name, positive(name, value))
    warm = single("heat_share", between("heat_share", positive("heat_share", heat_share), 0, 1))
    layers, way = _span("n_layers", n_layers), _span("distance", distance)
    erased, widths = _span("bits_per_flop", bits_per_flop), _span("bits_per_param", bits_per_param)
    wall = registry.find("Latency wall of nine months")
    times = _span("months", wall.training_months.range[1:] if months is None else months) * MONTH
    silicon = np.array(registry.find("CMOS processors").flop_per_joule.range[1:])
    ratio = number("Compute-optimal training", "tokens_per_param")
    world = number("World electricity", "power") if power is None else power
    step = binding.shortest_duration(2 * layers[::-1], way[::-1])  # the slow one first
    floor = landauer.erasure_energy(erased[::-1], temperature)
    energy = bekenstein.rest_energy(mass)
    atoms = bekenstein.bits_per_atom_limit(mass, number("Silicon", "molar_mass"))
    sphere = bekenstein.max_bits(radius, energy=energy)
    steps = bekenstein.margolus_levitin_rate(energy=energy)
    found: dict[str, Any] = {
        "light across the site": binding.latency_limited_flop(times, step, wall.batch_tokens.value, ratio),
        "CMOS, all electricity": product(world, times, silicon),
        f"CMOS, heat of {warm:.0%} of sunlight": product(warm, sunlight(), times, silicon),
        "Landauer, all electricity": product(world, times, over=(floor,)),
        f"a bit per atom, {mass:g} kg": binding.weights_limited_flop(atoms, widths[::-1], ratio),
        f"quantum speed limit, {mass:g} kg": product(steps, times),
        f"Bekenstein, {mass:g} kg": binding.weights_limited_flop(sphere, widths[::-1], ratio),
    }
    return {name: (float(low), float(high)) for name, (low, high) in found.items()}


def _span(name: str, ends: ArrayLike) -> Array:
    """Return the least and the most of something, checked under its name."""
    pair = positive(name, ends)
    if pair.shape != (2,) or pair[0] > pair[1]:
        raise ValueError(f"{name} must be the least and the most, got {ends!r}")
    return pair


def site_overhead() -> float:
    """Return the watts of a whole site for each watt of its chips' rating: servers, network and cooling.

    As planned for sites of H100s; older servers drew less beside their chips.

    >>> f"{site_overhead():.2f}"
    '2.43'
    """
    return number("A chip with its share of the site", "power") / number("H100 SXM5", "power")


def sunlight() -> float:
    """Return the power of the sunlight that falls on the Earth, in watts."""
    sun = "Sunlight at the Earth"
    return number(sun, "heat_flux") * np.pi * number(sun, "radius") ** 2


class Trend(NamedTuple):
    """Runs that grow by a factor a year from a known one: `growth`, its compute `flop`, its `year`."""

    growth: float
    flop: float
    year: float

    def year_of(self, flop: ArrayLike) -> Float:
        """Return the year in which the trend gets to so much compute."""
        return self.year + growth.years_until(flop, self.flop, self.growth)


def trend(pace: float | None = None) -> Trend:
    """Return the trend of the largest runs, from the largest known one on, at the published pace or another.

    `pace` is a factor per year, above 1.

    >>> f"{trend().year_of(1e29):.0f}"
    '2030'
    """
    known = number("Compute of the largest runs", "growth") if pace is None else pace
    factor = float(single("pace", above("pace", known, 1)))
    today = registry.largest_run()
    return Trend(factor, float(today.training_flop), float(today.fact("release")))


def best_chip() -> str:
    """Return the chip that does most 4-bit operations per joule, of those whose makers state rate and power.

    >>> best_chip()
    'GB300'
    """
    rated = [row for row in registry.entries("chips") if row.fp4_per_second and row.power]
    stated = [row for row in rated if row.fp4_per_second.basis == row.power.basis == "reported"]
    return str(max(stated, key=lambda row: row.fp4_per_second.value / row.power.value).name)


def headroom(chip: str | None = None) -> dict[str, Range]:
    """Return how far CMOS can still go from a chip's rating in 4 bits: as factor, in doublings, in years.

    The low number of years has the small factor and the quick trend, the high one the large and the slow. The
    chip is `best_chip` unless another is named.

    >>> [f"{headroom(chip)['factor'].value:.0f} times" for chip in ("B200", None)]
    ['522 times', '439 times']
    """
    rated = best_chip() if chip is None else chip
    now = number(rated, "fp4_per_second") / number(rated, "power")
    factor = np.array(registry.find("CMOS processors").flop_per_joule.range) / now
    slow, quick = registry.find("Energy efficiency of leading chips").growth.range[1:]
    years = growth.years_until(factor, 1, [np.sqrt(slow * quick), quick, slow])
    rows = {"factor": factor, "doublings": np.log2(factor), "years": years}
    return {name: Range(*map(float, np.asarray(row))) for name, row in rows.items()}


def levers() -> dict[str, Range]:
    """Return by what factor each lever has been found to stretch compute, energy, memory or data.

    They overlap, so that their product means nothing; the step to the CMOS limit is to come.

    >>> "{:.1f} ({:.1f} to {:.1f})".format(*levers()["algorithms, language, a year (preprint)"])
    '2.8 (1.8 to 5.3)'
    """

    def known(name: str, quantity: str = "factor") -> Range:
        return registry.find(name).fact(quantity).range

    def alone(factor: float) -> Range:
        return Range(factor, factor, factor)

    def a_year(edition: str) -> Range:
        months = known(f"Algorithms for language, {edition}", "halving_months")
        return Range(2 ** (12 / months.value), 2 ** (12 / months.high), 2 ** (12 / months.low))

    def each_year(what: str) -> Range:
        lever = f"Algorithms for language, {what}"
        return alone(number(lever, "factor") ** (1 / number(lever, "span")))

    old, new = (number(x, "flop_per_second") / number(x, "power") for x in ("V100 SXM2", "B200"))
    sparse = number("DeepSeek-V3", "n_params") / number("DeepSeek-V3", "n_active_params")
    return {
        "algorithms, language, a year (preprint)": a_year("preprint"),
        "algorithms, language, a year (printed)": a_year("printed"),
        "algorithms, language, a year (accounted for)": each_year("what tests account for"),
        "algorithms, language, a year (at a small size, at most)": each_year("at a small size"),
        "algorithms, vision, seven years": known("Algorithms for vision"),
        "algorithms, Go, KataGo": known("Algorithms for Go"),
        "sparsity, energy": known("Sparse activation"),
        "sparsity, DeepSeek-V3": alone(sparse),
        "sparsity, a model as good": known("Mixture of experts, as good a model"),
        "memory, 3 or 4 bits for 16": known("Weights in 3 or 4 bits"),
        "4 bits for 16, one chip": alone(
            number("B200", "fp4_per_second") / number("B200", "flop_per_second")
        ),
        "chips, V100 to B200, per joule": alone(new / old),
        f"chips, {best_chip()} to the CMOS limit": headroom()["factor"],
        "data, reread": known("Text on the indexed web", "n_epochs"),
    }
