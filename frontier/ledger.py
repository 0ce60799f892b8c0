"""What can be checked: every claim of the article with our verdict, every forecast with its outcome.

What was found on a claim, in words with numbers, is computed by the chapter that shows the ledger and handed
in. A forecast stays as it was made; a later edition adds what came of it, or a new one beside it.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from frontier._checks import one_of
from frontier.show.table import Table

VERDICTS = ("true", "true if", "imprecise", "false", "untestable")
"""The five words, from holding as it stands to not being decided by any published number."""
OUTCOMES = ("held", "failed", "open")
"""What came of a forecast; open is what cannot be decided yet."""


@dataclass(frozen=True)
class Claim:
    """One claim: where it stands in the article, words to find it by, verdict, chapter, sources."""

    number: int
    section: str
    quotation: str
    verdict: str
    chapter: str
    sources: tuple[str, ...]


def claims(verdict: str | None = None) -> Table[Claim]:
    """Return every claim in the article's order, or those with one verdict, one of `VERDICTS`.

    Examples
    --------
    >>> len(claims())
    58
    >>> claims()[57].quotation
    'the natural laws themselves tend to bend in quantum physics'
    """
    wanted = VERDICTS if verdict is None else (one_of("verdict", verdict, VERDICTS),)
    rows = [claim for claim in _all_claims() if claim.verdict in wanted]
    return Table(rows, caption="Claims")


@dataclass(frozen=True)
class Forecast:
    """One statement about a year that was still to come, by others or by a chapter's own computation.

    It says `value`, from `low` to `high` with coverage `level`, in `unit`, and can be decided by the end of
    the year `due`; `how` says by what, and `found` what has been found. `source` is None for our own.
    """

    chapter: str
    statement: str
    made_on: str
    due: int
    value: float
    low: float | None
    high: float | None
    level: float | None
    unit: str
    source: str | None
    how: str
    outcome: str
    found: str
    found_source: str | None


def forecasts(outcome: str | None = None) -> Table[Forecast]:
    """Return every forecast that a chapter prints, or those with one outcome, one of `OUTCOMES`.

    Examples
    --------
    Text of high quality was to run out "before 2026" (Villalobos et al. 2022):

    >>> [(row.source, row.found_source) for row in forecasts("failed")]
    [('villalobos2022', 'villalobos2024')]
    """
    wanted = OUTCOMES if outcome is None else (one_of("outcome", outcome, OUTCOMES),)
    return Table([row for row in _all_forecasts() if row.outcome in wanted], caption="Forecasts")


def counts() -> dict[str, int]:
    """Return how many claims got each verdict.

    Examples
    --------
    >>> sum(counts().values()) == len(claims())
    True
    """
    found = Counter(claim.verdict for claim in _all_claims())
    return {verdict: found[verdict] for verdict in VERDICTS}


@dataclass(frozen=True)
class Reading:
    """How two readers, neither seeing the other, judged a claim; where they differ, why we decided."""

    number: int
    first: str
    second: str
    why: str


def readings() -> Table[Reading]:
    """Return the two readings of every claim, in the article's order.

    Where they agree, that is the verdict; elsewhere it is one of the two.

    Examples
    --------
    >>> sum(one.first == one.second for one in readings())
    50
    """
    rows = [Reading(**row | {"number": int(row["number"])}) for row in _rows("readings")]
    return Table(rows, caption="Readings")


@cache
def _all_claims() -> tuple[Claim, ...]:
    return tuple(
        Claim(**row | {"number": int(row["number"]), "sources": tuple(row["sources"].split())})
        for row in _rows("claims")
    )


@cache
def _all_forecasts() -> tuple[Forecast, ...]:
    made = []
    for row in _rows("forecasts"):
        numbers = {key: float(row[key]) if row[key] else None for key in ("value", "low", "high", "level")}
        texts = {key: row[key] or None for key in ("source", "found_source")}
        made.append(Forecast(**row | numbers | texts | {"due": int(row["due"])}))
    return tuple(made)


def _rows(name: str) -> list[dict[str, Any]]:
    with (files("frontier") / "data" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
