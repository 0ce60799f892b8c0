"""Published numbers, each with its interval, its basis and its source.

A `Fact` is one number somebody published; an `Entry` gathers the facts about one thing: a model, a chip, a
storage medium, a link, a site, a finding, a limit. `find` gets an entry by its name, `number` one bare value
of it, `entries` and `facts` whole tables, `evaluations` scores of models on tasks, `largest_run` what the
book means by today. Models, chips and sites say as of which day their numbers hold. The numbers live in
``frontier/data/*.csv``; what was not disclosed is absent, not guessed. A source is a key of the book's
bibliography.

>>> number("GPT-3", "training_flop")
3.14e+23
"""

from __future__ import annotations

import csv
import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from frontier._checks import one_of
from frontier.show.table import Table
from frontier.show.words import plain_or_scientific

# A collection of entries: the column that names the entry in its two files, <name>s.csv and <name>_facts.csv
# (for media: medium), stands behind each.
_COLLECTIONS = {
    "models": "model",
    "chips": "chip",
    "media": "medium",
    "links": "link",
    "sites": "site",
    "findings": "finding",
    "limits": "limit",
}


class Range(NamedTuple):
    """A value and how low and how high it may be; goes wherever an array of three does."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Fact:
    """One published number with all that belongs to it; for arithmetic take ``float(fact)`` or its `range`.

    `level` is the coverage of the interval from `low` to `high` (0.9, say), None where there is none;
    `basis` is ``reported`` (by who made the thing), ``measured`` or ``estimated`` (by somebody else);
    `about` is the entry that it belongs to. An entry among the models is one training run.
    """

    value: float
    low: float | None
    high: float | None
    level: float | None
    unit: str
    basis: str
    source: str
    note: str = ""
    about: str = ""

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

    @property
    def range(self) -> Range:
        """The value and the ends of its interval; without one the value is its own low and high."""
        if self.low is None or self.high is None:
            return Range(self.value, self.value, self.value)
        return Range(self.value, self.low, self.high)

    def __float__(self) -> float:
        """Return the bare value; unit, interval and source stay behind, so nothing does this by itself."""
        return self.value

    def _repr_html_(self) -> str:
        return f"{html.escape(str(self))} ({self.basis}, {source_link(self.source)})"


class Entry(Mapping[str, Any]):
    """One thing and what is known of it: words such as ``entry.family``, facts such as ``entry.n_params``.

    A fact is None where nothing was disclosed or estimated. All entries of a collection have the same keys;
    ``frontier/data/quantities.csv`` says what each quantity is.

    Examples
    --------
    >>> find("GPT-3").family, str(find("GPT-3").n_params)
    ('GPT-3', '1.746 × 10¹¹ parameters')
    >>> print(find("GPT-4").n_params)
    None
    """

    def __init__(self, collection: str, cells: Mapping[str, Any]) -> None:
        self.collection = collection
        self._cells = dict(cells)

    def __getitem__(self, key: str) -> Any:
        """Return one cell: a text, the year, a fact, or None."""
        if key not in self._cells:
            raise KeyError(f"key must be one of {', '.join(self)}, got {key!r}")
        return self._cells[key]

    def __iter__(self) -> Iterator[str]:
        """Run over the keys."""
        return iter(self._cells)

    def __len__(self) -> int:
        """Count the keys."""
        return len(self._cells)

    def __getattr__(self, key: str) -> Any:
        """Let a cell be read as an attribute."""
        if key.startswith("_") or key not in self._cells:
            raise AttributeError(f"an entry of {self.collection} has no {key!r}; it has {', '.join(self)}")
        return self._cells[key]

    def __dir__(self) -> list[str]:
        """Offer the keys for completion."""
        return [*super().__dir__(), *self]

    def __repr__(self) -> str:
        """Write the name and what is known."""
        known = (f"  {key}: {cell}" for key, cell in self.items() if cell is not None and key != "name")
        return "\n".join([self.name, *known])

    @property
    def facts(self) -> dict[str, Fact]:
        """The facts that are known, by quantity."""
        return {key: cell for key, cell in self.items() if isinstance(cell, Fact)}

    def fact(self, quantity: str) -> Fact:
        """Return one fact, refusing a quantity of which nothing is known."""
        cell = self._cells.get(quantity)
        if not isinstance(cell, Fact):
            known = ", ".join(self.facts) or "none"
            raise ValueError(f"quantity must be known of {self.name!r} ({known}), got {quantity!r}")
        return cell


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


def find(name: str) -> Entry:
    """Return an entry by its name, in whatever case; where there is none, the message has the nearest.

    Examples
    --------
    Joules per operation of a chip at its peak, in 16 bits:

    >>> h100 = find("H100 SXM5")
    >>> f"{float(h100.power) / float(h100.flop_per_second):.2g}"
    '7.1e-13'
    """
    return _by_name()[one_of("name", name, _by_name())]


def one_run(**facts: Fact | None) -> None:
    """Refuse facts of different runs, where they are to be combined: one run's joules over another's FLOP.

    Examples
    --------
    Twice AlphaZero learned Go, in 34 hours (the preprint of 2017) and in 13 days (Science 2018):

    >>> short, long = find("AlphaZero (Go, preprint)"), find("AlphaZero (Go)")
    >>> one_run(flop=short.training_flop, days=long.training_days)
    Traceback (most recent call last):
    ValueError: facts must be of one run, got flop of 'AlphaZero (Go, preprint)', days of 'AlphaZero (Go)'
    """
    told = {fact.about: name for name, fact in facts.items() if fact is not None and fact.about}
    if len(told) > 1:
        each = ", ".join(f"{name} of {thing!r}" for thing, name in told.items())
        raise ValueError(f"facts must be of one run, got {each}")


def number(name: str, quantity: str) -> float:
    """Return the bare value of one fact, refusing what is not known.

    Examples
    --------
    >>> number("Hong 2016", "energy")
    6.09e-21
    """
    return find(name).fact(quantity).value


def largest_run(basis: str | None = None) -> Entry:
    """Return the model whose training took the most compute: what the book means by today.

    Its ``training_flop`` has the interval and the basis, ``as_of`` the day for which that holds, ``release``
    the year of its publication.

    Parameters
    ----------
    basis : str, optional
        Only of models whose compute is ``"reported"`` by their makers, say.

    Examples
    --------
    >>> today = largest_run()
    >>> today.name, today.as_of, str(today.training_flop)
    ('GPT-6 Astra', '2026-09-28', '10²⁷ (5 × 10²⁶ to 2 × 10²⁷) FLOP')
    >>> largest_run("reported").name
    'Llama 3.1 405B'
    """
    known = [row for row in _collection("models") if row.training_flop is not None]
    if basis is not None:
        meant = one_of("basis", basis, sorted({row.training_flop.basis for row in known}))
        known = [row for row in known if row.training_flop.basis == meant]
    return max(known, key=lambda row: row.training_flop.value)


def entries(collection: str, **words: str) -> Table[Entry]:
    """Return a collection, or what in it has the words given, in the order of its file.

    Parameters
    ----------
    collection : str
        ``"models"``, ``"chips"``, ``"media"``, ``"links"``, ``"sites"``, ``"findings"`` or ``"limits"``.
    **words : str
        Such as ``family="GPT-3"`` or ``kind="erasure"``.

    Examples
    --------
    >>> len(entries("models", family="GPT-3"))
    8
    >>> [row.name for row in entries("findings", kind="erasure")]
    ['Bérut 2012', 'Jun 2014', 'Jun 2014, nothing erased', 'Hong 2016']
    """
    rows = _collection(collection)
    collection = rows[0].collection
    columns = [key for key in rows[0] if key not in {"name", "year", *_quantities(collection)}]
    for column, word in words.items():
        if column not in columns:
            raise ValueError(f"words must name {' or '.join(columns)} of {collection}, got {column!r}")
        meant = one_of(column, word, sorted({row[column] for row in rows if row[column]}))
        rows = [row for row in rows if row[column] == meant]
    return Table(rows, caption=collection.capitalize(), markup={"source": source_link})


def facts(collection: str = "models") -> Table[dict[str, str]]:
    """Return every fact about every entry of a collection, one a row, with source and, of what ages, its day.

    Examples
    --------
    >>> [row["interval"] for row in facts("models") if row["model"] == "GPT-4"][0]
    '8.2 × 10²⁴ to 4.4 × 10²⁵, 90%'
    """
    things = _collection(collection)
    collection = things[0].collection
    kind, words = _COLLECTIONS[collection], _quantities(collection)
    rows = [
        {
            kind: thing.name,
            "quantity": words[quantity],
            "value": f"{plain_or_scientific(fact.value)} {fact.unit}",
            "interval": fact.interval,
            "basis": fact.basis,
            "source": fact.source,
            **({"as of": thing.as_of} if "as_of" in thing else {}),
            "note": fact.note,
        }
        for thing in things
        for quantity, fact in thing.facts.items()
    ]
    caption = f"Facts about {collection}"
    return Table(rows, caption=caption, markup={"source": source_link}, group=kind, below="note")


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
    rows: list[Any] = [
        Evaluation(**{**row, "value": float(row["value"])})  # type: ignore[arg-type]
        for row in _read("evaluations.csv")
    ]
    asked = {"task": task, "model": model, "setting": setting, "metric": metric}
    for name, wanted in asked.items():
        if wanted is not None:
            meant = one_of(name, wanted, sorted({getattr(row, name) for row in rows}))
            rows = [row for row in rows if getattr(row, name) == meant]
    return Table(rows, caption="Scores", markup={"source": source_link}, group="task", below="note")


def sources() -> dict[str, dict[str, str]]:
    """Return where each source key points: ``{"brown2020": {"label": ..., "url": ...}, ...}``."""
    return {row["key"]: dict(row) for row in _read("sources.csv")}


def source_link(key: str) -> str:
    """Return a source as an HTML link, by its key in the bibliography.

    Examples
    --------
    >>> source_link("brown2020")
    '<a href="https://arxiv.org/abs/2005.14165">Brown et al. 2020</a>'
    """
    source = sources()[one_of("key", key, sources())]
    return f'<a href="{html.escape(source["url"])}">{html.escape(source["label"])}</a>'


@cache
def _read(name: str) -> list[dict[str, str]]:
    with (files("frontier") / "data" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def _by_name() -> dict[str, Entry]:
    """Return every entry of every collection by its name; no two share one."""
    return {entry.name: entry for collection in _COLLECTIONS for entry in _load(collection)}


def _load(collection: str) -> list[Entry]:
    """Make an entry of each row of a collection's file, with the facts that its other file has about it."""
    key = _COLLECTIONS[collection]
    about: dict[str, dict[str, Fact]] = {}
    for row in _read(f"{key}_facts.csv"):
        low, high, level = (float(row[k]) if row[k] else None for k in ("low", "high", "level"))
        words = (row[k] for k in ("unit", "basis", "source", "note", key))
        about.setdefault(row[key], {})[row["quantity"]] = Fact(float(row["value"]), low, high, level, *words)
    made = []
    for row in _read(f"{collection}.csv"):
        cells: dict[str, Any] = {"name": row[key]}
        cells |= {column: cell or None for column, cell in row.items() if column != key}
        cells["year"] = int(row["year"])
        facts = about.get(row[key], {})
        made.append(Entry(collection, cells | {name: facts.get(name) for name in _quantities(collection)}))
    return made


def _collection(collection: str) -> list[Entry]:
    meant = one_of("collection", collection, _COLLECTIONS)
    return [entry for entry in _by_name().values() if entry.collection == meant]


def _quantities(collection: str) -> dict[str, str]:
    """Return what is known of a collection's entries: the name of each quantity, in code and in words."""
    return {
        row["quantity"]: row["words"] for row in _read("quantities.csv") if row["collection"] == collection
    }
