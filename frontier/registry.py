"""Published numbers, each with its interval, its basis and its source.

A `Fact` is one number somebody published; a `Model`, a `Chip`, a `Medium`, a `Link`, a `Finding` and a
`Limit` gather the facts about one thing; an `Evaluation` is one score of one model on one task. The numbers
live in ``frontier/data/*.csv``; what was not disclosed is absent, not guessed. A source is a key of the
book's bibliography.
"""

from __future__ import annotations

import csv
import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from frontier.tables import Table
from frontier.text import plain_or_scientific


@dataclass(frozen=True)
class Fact:
    """One published number.

    `level` is the coverage of the interval from `low` to `high` (0.9, say), None where there is none;
    `basis` is ``reported`` (by who made the thing), ``measured`` or ``estimated`` (by somebody else).
    """

    value: float
    low: float | None
    high: float | None
    level: float | None
    unit: str
    basis: str
    source: str
    note: str = ""

    def __str__(self) -> str:
        """Write the value with its interval and unit."""
        interval = f" ({self.interval})" if self.interval else ""
        return f"{plain_or_scientific(self.value)}{interval} {self.unit}"

    @property
    def interval(self) -> str:
        """The interval in words, with its coverage where it has one; empty without an interval."""
        if self.low is None or self.high is None:
            return ""
        coverage = "" if self.level is None else f", {100 * self.level:g}%"
        return f"{plain_or_scientific(self.low)} to {plain_or_scientific(self.high)}{coverage}"

    def __float__(self) -> float:
        """Return the bare value, so that a fact goes wherever a number does."""
        return self.value

    def _repr_html_(self) -> str:
        return f"{html.escape(str(self))} ({self.basis}, {source_link(self.source)})"


@dataclass(frozen=True)
class Model:
    """One model and what is known of it; a fact is None where nothing was disclosed or estimated.

    `source` is the paper that describes the model, `architecture` the kind of network, `chip` the name of
    the chip it was trained on where that is in `chips()`. Energy is in joules and carbon in kilograms of
    CO2 equivalent, `mfu` and `hfu` are the shares of the chips' peak that were used, without and with what
    was computed twice, and bandwidth is in bytes per second and chip.
    """

    name: str
    family: str
    organisation: str
    year: int
    architecture: str = ""
    chip: str | None = None
    source: str = ""
    n_params: Fact | None = None
    n_active_params: Fact | None = None
    n_tokens: Fact | None = None
    n_images: Fact | None = None
    n_games: Fact | None = None
    training_flop: Fact | None = None
    training_cost: Fact | None = None
    training_days: Fact | None = None
    n_chips: Fact | None = None
    gpu_hours: Fact | None = None
    energy: Fact | None = None
    carbon: Fact | None = None
    mfu: Fact | None = None
    hfu: Fact | None = None
    network_bandwidth: Fact | None = None
    batch_tokens: Fact | None = None


@dataclass(frozen=True)
class Chip:
    """One accelerator; a fact is None where its maker does not state it.

    Peaks are those of dense matrices: `flop_per_second` in 16 bits, the others in the format they name.
    Memory is in bytes, bandwidths in bytes per second (of links: all together, both directions), power in
    watts, the die in square metres.
    """

    name: str
    maker: str
    year: int
    flop_per_second: Fact | None = None
    fp8_per_second: Fact | None = None
    fp4_per_second: Fact | None = None
    int8_per_second: Fact | None = None
    memory: Fact | None = None
    memory_bandwidth: Fact | None = None
    link_bandwidth: Fact | None = None
    power: Fact | None = None
    die_area: Fact | None = None
    n_transistors: Fact | None = None


@dataclass(frozen=True)
class Medium:
    """One way to store bits: per square metre, per kilogram, and how many were stored at once.

    `mass`, in kilograms, and `radius`, in metres, of a sphere around it, are those of a thing one can buy.
    """

    name: str
    kind: str
    year: int
    areal_density: Fact | None = None
    mass_density: Fact | None = None
    capacity: Fact | None = None
    bits_per_cell: Fact | None = None
    temperature: Fact | None = None
    mass: Fact | None = None
    radius: Fact | None = None


@dataclass(frozen=True)
class Link:
    """One way to move bits: bits per second in one direction, and over how many metres.

    `symbol_rate` is in symbols per second, `power` in watts: that of the device at one end.
    """

    name: str
    kind: str
    year: int
    bit_rate: Fact | None = None
    distance: Fact | None = None
    symbol_rate: Fact | None = None
    power: Fact | None = None


@dataclass(frozen=True)
class Finding:
    """What was found about none of the above: an experiment, a machine's step, a trend, a limit, a latency.

    Energy is in joules, heat or work in kT, a doubling time in years, efficiency in operations per joule,
    duration in seconds.
    """

    name: str
    kind: str
    year: int
    energy: Fact | None = None
    heat: Fact | None = None
    doubling_time: Fact | None = None
    efficiency: Fact | None = None
    duration: Fact | None = None
    count: Fact | None = None


@dataclass(frozen=True)
class Limit:
    """One thing that bounds training runs, how fast runs grow towards it, or a lever that moves it.

    `kind` is ``bound``, ``trend``, ``lever`` or ``quantum``, `year` that of what is described. A bound is
    given in what it bounds: tokens, watts, chips, FLOP per joule, watts per square metre, seconds per layer,
    or FLOP of one run. `growth` is a factor per year, `halving_months` the time in which a need halves,
    `factor` a ratio.
    """

    name: str
    kind: str
    year: int
    n_params: Fact | None = None
    n_tokens: Fact | None = None
    usable_share: Fact | None = None
    n_epochs: Fact | None = None
    power: Fact | None = None
    n_chips: Fact | None = None
    training_flop: Fact | None = None
    flop_per_joule: Fact | None = None
    heat_flux: Fact | None = None
    layer_time: Fact | None = None
    batch_tokens: Fact | None = None
    n_layers: Fact | None = None
    training_months: Fact | None = None
    growth: Fact | None = None
    halving_months: Fact | None = None
    factor: Fact | None = None
    error_per_cycle: Fact | None = None
    suppression: Fact | None = None
    cycle_time: Fact | None = None


_Thing = TypeVar("_Thing", Model, Chip, Medium, Link, Finding, Limit)


@dataclass(frozen=True)
class Evaluation:
    """One score: `value` of `metric` in `unit`, of `model` on `task` in `setting`."""

    model: str
    task: str
    setting: str
    metric: str
    value: float
    unit: str
    source: str
    note: str = ""


def models(family: str | None = None) -> Table[Model]:
    """Return every model, or those of one family: family by family, the earliest and smallest first.

    Examples
    --------
    >>> len(models("GPT-3"))
    8
    """
    _refuse_what_is_no_text(family=family)
    rows = [row for row in _all_models() if family in (None, row.family)]
    _refuse_unknown("family", family, {row.family for row in _all_models()}, rows)
    return Table(rows, caption="Models", markup={"source": source_link})


def model(name: str) -> Model:
    """Return one model by its name.

    Examples
    --------
    >>> str(model("GPT-3").training_flop)
    '3.14 × 10²³ FLOP'
    >>> print(model("GPT-4").n_params)
    None
    """
    return _named(name, _all_models())


def chips() -> Table[Chip]:
    """Return every chip, the earliest first.

    Examples
    --------
    >>> [row.name for row in chips() if row.power and row.power.value > 400]
    ['H100 SXM5', 'H200 SXM', 'B200']
    """
    return Table(_all_chips(), caption="Chips")


def chip(name: str) -> Chip:
    """Return one chip by its name.

    Examples
    --------
    Joules per operation at peak, in 16 bits:

    >>> h100 = chip("H100 SXM5")
    >>> f"{float(h100.power) / float(h100.flop_per_second):.2g}"
    '7.1e-13'
    """
    return _named(name, _all_chips())


def media() -> Table[Medium]:
    """Return what bits have been stored in, the earliest first.

    Examples
    --------
    >>> [str(row.mass_density) for row in media() if row.mass_density]
    ['1.72 × 10²¹ bits/kg']
    """
    return Table(_all_media(), caption="Storage media")


def medium(name: str) -> Medium:
    """Return one storage medium by its name.

    Examples
    --------
    >>> str(medium("WD_BLACK SN8100 2TB").mass)
    '0.0075 kg'
    """
    return _named(name, _all_media())


def links() -> Table[Link]:
    """Return what bits have been sent over, from chip to chip out to long fibres.

    Examples
    --------
    >>> str(links()[-1].bit_rate)
    '1.02 × 10¹⁵ bits/s'
    """
    return Table(_all_links(), caption="Links")


def link(name: str) -> Link:
    """Return one link by its name.

    Examples
    --------
    >>> str(link("19-core fibre").bit_rate)
    '1.02 × 10¹⁵ bits/s'
    """
    return _named(name, _all_links())


def findings(kind: str | None = None) -> Table[Finding]:
    """Return every finding, or those of one kind.

    Examples
    --------
    >>> [row.name for row in findings("erasure")]
    ['Bérut 2012', 'Jun 2014', 'Jun 2014, nothing erased', 'Hong 2016']
    """
    _refuse_what_is_no_text(kind=kind)
    rows = [row for row in _all_findings() if kind in (None, row.kind)]
    _refuse_unknown("kind", kind, {row.kind for row in _all_findings()}, rows)
    return Table(rows, caption="Findings")


def finding(name: str) -> Finding:
    """Return one finding by its name.

    Examples
    --------
    >>> str(finding("Hong 2016").energy)
    '6.09 × 10⁻²¹ (4.66 × 10⁻²¹ to 7.52 × 10⁻²¹, 68%) J'
    """
    return _named(name, _all_findings())


def limits(kind: str | None = None) -> Table[Limit]:
    """Return what bounds training runs, what drives them and what moves the bounds, or one kind of these.

    Examples
    --------
    >>> len(limits("trend")) < len(limits())
    True
    """
    _refuse_what_is_no_text(kind=kind)
    rows = [row for row in _all_limits() if kind in (None, row.kind)]
    _refuse_unknown("kind", kind, {row.kind for row in _all_limits()}, rows)
    return Table(rows, caption="Limits, trends and levers")


def limit(name: str) -> Limit:
    """Return one limit, trend or lever by its name.

    Examples
    --------
    >>> str(limit("Text on the indexed web").n_tokens)
    '5.1 × 10¹⁴ (1.3 × 10¹⁴ to 2.1 × 10¹⁵, 95%) tokens'
    """
    return _named(name, _all_limits())


def facts(of: str = "models") -> Table[dict[str, str]]:
    """Return every fact about every model (or chip, medium, link, finding, limit), one a row, with source.

    Parameters
    ----------
    of : str
        ``"models"``, ``"chips"``, ``"media"``, ``"links"``, ``"findings"`` or ``"limits"``.

    Examples
    --------
    >>> [row["interval"] for row in facts() if row["model"] == "GPT-4"][0]
    '8.2 × 10²⁴ to 4.4 × 10²⁵, 90%'
    """
    collections: dict[str, Callable[[], Sequence[Model | Chip | Medium | Link | Finding | Limit]]]
    collections = {
        "models": _all_models,
        "chips": _all_chips,
        "media": _all_media,
        "links": _all_links,
        "findings": _all_findings,
        "limits": _all_limits,
    }
    _refuse_what_is_no_text(of=of)
    if of not in collections:
        raise ValueError(f"of must be one of {', '.join(collections)}, got {of!r}")
    things = collections[of]()
    kind = type(things[0]).__name__.lower()
    rows = [
        {
            kind: thing.name,
            "quantity": _in_words(quantity),
            "value": f"{plain_or_scientific(fact.value)} {fact.unit}",
            "interval": fact.interval,
            "basis": fact.basis,
            "source": fact.source,
            "note": fact.note,
        }
        for thing in things
        for quantity, fact in vars(thing).items()
        if isinstance(fact, Fact)
    ]
    return Table(rows, caption=f"Facts about {of}", markup={"source": source_link}, group=kind, below="note")


def evaluations(
    task: str | None = None,
    *,
    model: str | None = None,
    setting: str | None = None,
    metric: str | None = None,
) -> Table[Evaluation]:
    """Return the scores that match every argument given.

    Examples
    --------
    Brown et al. (2020), Table H.1, from the smallest model to the largest:

    >>> evaluations("LAMBADA", setting="zero-shot", metric="accuracy").values("value")
    array([42.7, 54.3, 60.4, 63.6, 67.1, 70.3, 72.5, 76.2])
    """
    rows, asked = _all_evaluations(), {"task": task, "model": model, "setting": setting, "metric": metric}
    _refuse_what_is_no_text(**asked)
    for name, wanted in asked.items():
        matching = [row for row in rows if wanted in (None, getattr(row, name))]
        _refuse_unknown(name, wanted, {getattr(row, name) for row in rows}, matching)
        rows = matching
    return Table(rows, caption="Scores", markup={"source": source_link}, group="task", below="note")


def sources() -> dict[str, dict[str, str]]:
    """Return where each source key points: ``{"brown2020": {"label": ..., "url": ...}, ...}``."""
    return {row["key"]: dict(row) for row in _read("sources.csv")}


@cache
def _all_models() -> list[Model]:
    return _load(Model, "models.csv", "model_facts.csv")


@cache
def _all_chips() -> list[Chip]:
    return _load(Chip, "chips.csv", "chip_facts.csv")


@cache
def _all_media() -> list[Medium]:
    return _load(Medium, "media.csv", "medium_facts.csv")


@cache
def _all_links() -> list[Link]:
    return _load(Link, "links.csv", "link_facts.csv")


@cache
def _all_findings() -> list[Finding]:
    return _load(Finding, "findings.csv", "finding_facts.csv")


@cache
def _all_limits() -> list[Limit]:
    return _load(Limit, "limits.csv", "limit_facts.csv")


def _load(kind: type[_Thing], things: str, about: str) -> list[_Thing]:
    """Make one record of each row of `things`, with the facts that `about` has about it."""
    key = kind.__name__.lower()  # the column that names the thing, in both files
    facts: dict[str, dict[str, Fact]] = {}
    for row in _read(about):
        low, high, level = (float(row[k]) if row[k] else None for k in ("low", "high", "level"))
        fact = Fact(
            float(row["value"]), low, high, level, row["unit"], row["basis"], row["source"], row["note"]
        )
        facts.setdefault(row[key], {})[row["quantity"]] = fact
    made = []
    for row in _read(things):
        about_it: dict[str, Any] = {name: cell or None for name, cell in row.items() if name != key}
        about_it |= {"name": row[key], "year": int(row["year"]), **facts.get(row[key], {})}
        made.append(kind(**about_it))
    return made


@cache
def _all_evaluations() -> list[Evaluation]:
    return [Evaluation(**{**row, "value": float(row["value"])}) for row in _read("evaluations.csv")]  # type: ignore[arg-type]


@cache
def _read(name: str) -> list[dict[str, str]]:
    with (files("frontier") / "data" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _named(name: str, things: Sequence[_Thing]) -> _Thing:
    _refuse_what_is_no_text(name=name)
    found = [thing for thing in things if thing.name == name]
    _refuse_unknown("name", name, {thing.name for thing in things}, found)
    return found[0]


def _in_words(quantity: str) -> str:
    """Write the name of a field for a reader: ``n_params`` as params, ``fp8_per_second`` as peak in FP8."""
    if quantity.endswith("_per_second"):
        form = quantity.removesuffix("_per_second")
        return f"peak in {'16 bits' if form == 'flop' else form.upper()}"
    words = quantity.removeprefix("n_").replace("_", " ").replace("flop", "compute")
    return words.replace("gpu", "GPU") if "gpu" in words else {"mfu": "MFU", "hfu": "HFU"}.get(words, words)


def _refuse_what_is_no_text(**arguments: object) -> None:
    for name, value in arguments.items():
        if value is not None and not isinstance(value, str):
            raise TypeError(f"{name} must be a text, got {value!r}")


def _refuse_unknown(argument: str, value: str | None, known: set[str], found: Sequence[object]) -> None:
    if not found:
        raise ValueError(f"{argument} must be one of {', '.join(sorted(known))}, got {value!r}")


def source_link(key: str) -> str:
    """Return a source as an HTML link, by its key in the bibliography.

    Examples
    --------
    >>> source_link("brown2020")
    '<a href="https://arxiv.org/abs/2005.14165">Brown et al. 2020</a>'
    """
    if key not in sources():
        raise ValueError(f"key must be a source of the registry, got {key!r}")
    source = sources()[key]
    return f'<a href="{html.escape(source["url"])}">{html.escape(source["label"])}</a>'
