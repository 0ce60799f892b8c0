"""The ledger: every claim once, findings for all of them, and a filter that needs no script."""

import json
import re
import subprocess
import sys
from datetime import date

import pytest
from conftest import ROOT, toc

from frontier import ledger, registry
from frontier.chapters import claims as draw

FINDINGS = {claim.number: f"finding <{claim.number}>" for claim in ledger.claims()}


def test_the_claims_are_numbered_from_one_and_quoted_shortly():
    claims = list(ledger.claims())
    assert [claim.number for claim in claims] == list(range(1, 1 + len(FINDINGS)))
    assert len({claim.quotation for claim in claims}) == len(claims)
    assert all(2 <= len(claim.quotation.split()) <= 12 for claim in claims)


def test_verdicts_are_the_five_words_and_counts_add_up():
    assert {claim.verdict for claim in ledger.claims()} <= set(ledger.VERDICTS)
    assert sum(ledger.counts().values()) == len(FINDINGS)
    assert all(len(ledger.claims(verdict)) == count for verdict, count in ledger.counts().items() if count)


def test_where_both_readers_agree_that_is_the_verdict_and_elsewhere_one_of_the_two_with_a_reason():
    for claim, read in zip(ledger.claims(), ledger.readings(), strict=True):
        assert read.number == claim.number
        assert claim.verdict in {read.first, read.second} <= set(ledger.VERDICTS), claim
        assert bool(read.why) == (read.first != read.second), claim


def test_the_site_reads_the_verdicts_without_loading_what_draws():
    code = "from frontier.ledger import counts; counts(); import sys; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    assert not {"matplotlib", "ipywidgets", "scipy"} & set(loaded)


def test_every_claim_names_a_chapter_that_exists_and_sources_of_the_registry():
    chapters = {name.removeprefix("book/") for name in toc()}
    for claim in ledger.claims():
        assert claim.chapter in chapters, claim
        assert set(claim.sources) <= set(registry.sources()), claim


def test_the_page_shows_every_claim_with_its_verdict_and_its_finding():
    page = draw.Ledger(FINDINGS)._repr_html_()
    assert re.findall(r'<tr role="row" class="is-[a-z-]+" id="claim-(\d+)">', page) == [
        str(number) for number in range(1, 1 + len(FINDINGS))
    ]
    for claim in ledger.claims():
        assert f"finding &lt;{claim.number}&gt;" in page
    for verdict, count in ledger.counts().items():
        slug = verdict.replace(" ", "-")
        assert f"{verdict} <span>{count}</span>" in page
        assert page.count(f'<tr role="row" class="is-{slug}" ') == count
        assert f".ledger:has([value={slug}]:checked) tbody tr:not(.is-{slug})" in page


def test_in_a_terminal_it_is_one_claim_a_line():
    lines = repr(draw.Ledger(FINDINGS)).splitlines()
    assert len(lines) == len(FINDINGS)
    assert lines[8].startswith("9. ")
    assert lines[8].endswith(": imprecise. finding <9>")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ledger.claims("maybe"), "verdict must be one of true, true if, .* got 'maybe'"),
        (lambda: draw.Ledger({1: "x"}), "findings must have one entry for each claim"),
        (lambda: draw.Ledger({**FINDINGS, 999: "x"}), r"one too many: \[999\]"),
        (lambda: draw.Ledger({**FINDINGS, 9: " "}), "findings must not be empty, got ' ' for claim 9"),
        (
            lambda: registry.source_link("nobody1900"),
            "key must be one of .* known, such as .*, got 'nobody1900'",
        ),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# --- Forecasts ----------------------------------------------------------------------------------------

EDITION = max(date.fromisoformat(row.made_on) for row in ledger.forecasts()).year
BEFORE = r"(?:\b(?:in|by|to|of|is|and|from|than|since|until|after|about|around|before|between|year)|[:,(])"
COMING = re.compile(BEFORE + r"\s*\b(20\d\d)\b(?![,.]\d)")


def years_printed(path):
    """Return the years after this edition that a chapter's prose and stored outputs print."""
    found = set()
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        texts = ["".join(cell["source"])] if cell["cell_type"] == "markdown" else []
        for output in cell.get("outputs", []):
            texts += ["".join(output.get("text", "")), "".join(output.get("data", {}).get("text/plain", ""))]
        found |= {int(year) for text in texts for year in COMING.findall(text)}
    return {year for year in found if year > EDITION}


def test_a_forecast_says_who_made_it_when_and_how_it_is_decided():
    for row in ledger.forecasts():
        made = date.fromisoformat(row.made_on).year
        assert made <= row.due, row
        assert row.outcome in ledger.OUTCOMES
        assert row.how, row
        if row.low is not None:
            assert row.low <= row.value <= row.high, row
        if row.outcome != "open":
            assert row.found, row
            assert row.found_source in registry.sources(), row
        assert row.outcome != "open" or row.due >= EDITION or row.found, "decidable, and not decided"
    assert {row.outcome for row in ledger.forecasts("failed")} == {"failed"}


def test_a_forecast_by_others_is_what_the_registry_has():
    for name, quantity in (
        ("One campus, seen from 2024", "power"),
        ("One campus, seen from 2026", "power"),
        ("A network of sites", "power"),
        ("Fairwater Wisconsin", "planned_power"),
        ("Chips that can be made", "n_chips"),
        ("Compute of the largest runs", "growth"),
        ("Data movement", "training_flop"),
    ):
        fact = registry.find(name).fact(quantity)
        ends = (fact.value, fact.low, fact.high)
        assert ends in [(row.value, row.low, row.high) for row in ledger.forecasts()], name


def test_whether_the_trend_held_hangs_on_where_one_starts():
    (row,) = [row for row in ledger.forecasts("open") if row.statement == "The largest runs go on growing"]
    new = registry.largest_run()
    for start in ("Llama 3.1 405B", "Gemini 1.0 Ultra"):
        old = registry.find(start)
        years = new.fact("release").value - old.fact("release").value
        pace = [(flop / old.training_flop.value) ** (1 / years) for flop in new.training_flop.range]
        assert (
            "{:.1f} {}({:.1f} to {:.1f}) from {}".format(
                pace[0], "times a year " if start.startswith("Llama") else "", *pace[1:], start
            )
            in row.found
        )
        assert (row.low < pace[0] < row.high) == start.startswith("Llama")


CHAPTERS = [path for path in sorted((ROOT / "book").glob("*.ipynb")) if path.stem != "sources"]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_year_to_come_that_a_chapter_prints_is_a_forecast_in_the_table(path):
    covered = set()
    for row in ledger.forecasts():
        if path.stem in (row.chapter, "navigating"):  # which shows the table
            ends = (row.value, row.low, row.high) if row.unit == "year" else ()
            covered |= {row.due, *(round(end) for end in ends if end is not None)}
    assert years_printed(path) <= covered


def test_a_year_to_come_is_found_in_a_sentence():
    said = "met in 2029 (2028 to 2030), RSA-2048 or B 2085 (1014 to 5984), 2,048 items, 133 to 2667, by 2040."
    assert COMING.findall(said) == ["2029", "2028", "2030", "2040"]
