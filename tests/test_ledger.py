"""The ledger: every claim once, findings for all of them, and a filter that needs no script."""

import re
import subprocess
import sys

import pytest
from conftest import toc

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
        assert f"{verdict} ({count})" in page
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
