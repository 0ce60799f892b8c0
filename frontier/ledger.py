"""Every checkable claim of the article, with our verdict and the place that argues it.

What was found, in words with numbers, is computed by the chapter that shows the ledger and handed in.
"""

from __future__ import annotations

import csv
import html
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from frontier import registry
from frontier.show.table import Table

VERDICTS = ("true", "true if", "imprecise", "false", "untestable")
"""The five words, from holding as it stands to not being decided by any published number."""


def _slug(verdict: str) -> str:
    return verdict.replace(" ", "-")


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
    if verdict not in (None, *VERDICTS):
        raise ValueError(f"verdict must be one of {', '.join(VERDICTS)}, got {verdict!r}")
    rows = [claim for claim in _all_claims() if verdict in (None, claim.verdict)]
    return Table(rows, caption="Claims")


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
class Ledger:
    """The claims with what was found; shows itself as a table that a reader can narrow to one verdict."""

    findings: Mapping[int, str]

    def __post_init__(self) -> None:
        """Check that every claim has its finding and nothing else has one."""
        numbers = {claim.number for claim in _all_claims()}
        wrong = sorted(numbers ^ set(self.findings))
        if wrong:
            raise ValueError(
                f"findings must have one entry for each claim, got none or one too many: {wrong}"
            )
        for number, finding in self.findings.items():
            if not finding.strip():
                raise ValueError(f"findings must not be empty, got {finding!r} for claim {number}")

    def __repr__(self) -> str:
        """Write one claim a line, with verdict and finding."""
        return "\n".join(
            f"{claim.number}. {claim.quotation}: {claim.verdict}. {self.findings[claim.number]}"
            for claim in _all_claims()
        )

    def _repr_html_(self) -> str:
        names = ("Number", "The article", "Verdict", "What we find")
        head = "".join(f'<th role="columnheader" scope="col">{name}</th>' for name in names)
        rows = "".join(self._row(claim) for claim in _all_claims())
        table = (
            "<table role='table'><caption>Every claim, in the article's order</caption>"
            f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>'
            f'<tbody role="rowgroup">{rows}</tbody></table>'
        )
        return f'<div class="ledger">{_STYLE}{_filter()}{table}</div>'

    def _row(self, claim: Claim) -> str:
        sources = ", ".join(registry.source_link(key) for key in claim.sources)
        chapter = f'<a href="{claim.chapter}.html">{claim.section}</a>'
        found = html.escape(self.findings[claim.number])
        name = f"claim-{claim.number}"
        cells = [
            f'<a href="#{name}">{claim.number}</a>',
            f"“{html.escape(claim.quotation)}”",
            f'<span class="verdict verdict-{_slug(claim.verdict)}">{claim.verdict}</span>',
            f"{found} ({'; '.join(filter(None, (chapter, sources)))})",
        ]
        row = "".join(f'<td role="cell">{cell}</td>' for cell in cells)
        return f'<tr role="row" class="is-{_slug(claim.verdict)}" id="{name}">{row}</tr>'


# A row is hidden where the button of another verdict is pressed: no script, so it works everywhere. On a
# phone the cells of a row stand below one another; the roles above say that it is still a table.
_STYLE = (
    "<style>"
    + "".join(
        f".ledger:has([value={v}]:checked) tbody tr:not(.is-{v}){{display:none}}"
        for v in map(_slug, VERDICTS)
    )
    + ".ledger fieldset{border:0;margin:0 0 1rem;padding:0}.ledger legend{font-size:1em;margin:0}"
    ".ledger label{display:inline-block;margin-right:1rem;min-height:2.75rem;padding:.6rem 0}"
    ".ledger tbody tr{scroll-margin-top:5rem}"
    "@media (max-width:40rem){.ledger :is(table,caption,tbody,tr,td){display:block}"
    ".ledger thead{display:none}"
    ".ledger tbody td{border:0;padding:.15rem 0}"
    ".ledger tbody tr{border-bottom:1px solid var(--pst-color-border,#ccc);padding:.6rem 0}"
    ".ledger tbody td:is(:first-child,:nth-child(2)){display:inline;padding-right:.4rem}}</style>"
)


def _filter() -> str:
    choices = {"all": sum(counts().values()), **counts()}
    buttons = "".join(
        f'<label><input type="radio" name="ledger" value="{_slug(verdict)}" autocomplete="off"'
        f"{' checked' if verdict == 'all' else ''}> {verdict} ({count})</label>"
        for verdict, count in choices.items()
    )
    return f"<fieldset><legend>Show the verdicts</legend>{buttons}</fieldset>"


@cache
def _all_claims() -> tuple[Claim, ...]:
    with (files("frontier") / "data" / "claims.csv").open(encoding="utf-8") as file:
        rows: list[dict[str, Any]] = list(csv.DictReader(file))
    return tuple(
        Claim(**row | {"number": int(row["number"]), "sources": tuple(row["sources"].split())})
        for row in rows
    )
