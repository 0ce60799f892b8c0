"""What the ledger finds, against numbers from the papers, and its drawing."""

import json
import re

import numpy as np
import pytest

from frontier import ledger, registry
from frontier.chapters import claims as draw
from frontier.show import figure


@pytest.fixture(scope="module")
def findings():
    return draw.findings()


def test_every_claim_has_one_finding(findings):
    draw.Ledger(findings)
    assert list(findings) == [claim.number for claim in ledger.claims()]
    assert len(set(findings.values())) == len(findings)
    for text in findings.values():
        assert re.fullmatch(r"[A-Z\d].*\.", text), text
        assert "nan" not in text.split()
        assert len(text.split()) <= 45, text


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (2, "GPT-3 spent 1.6 times"),  # by the law of Besiroglu et al.
        (3, "43.9, GPT-4 86.4"),  # Hendrycks et al. 2021; OpenAI 2023
        (4, "in 52% of cases"),  # Brown et al. 2020, Table 3.11
        (4, "71.2% of TriviaQA's questions"),  # Chen et al. 2021
        (5, "2.2 million dollars and 1,287 MWh"),  # Cottier et al. 2024; Patterson et al. 2021
        (6, "0.4 million dollars: 215,000 hours"),  # 3.14e23 / (0.41 x 989.4e12) seconds at 2 dollars an hour
        (9, "1/4 of the compute"),  # 3.14e23 against 6 x 13e9 x 1e12
        (10, "92.4 of 100"),  # Jumper et al. 2021, Proteins
        (14, "20 more right at first, 3 at last"),  # Meta, ESM, 2023
        (16, "1/7 of GPT-3's, on 1,024 chips"),  # 3.14e23 / 4.7e22; Ramesh et al. 2021
        (18, "39 to 323 times the compute"),  # 2 to the power 1/0.15 and 1/0.12: Henighan et al., Table 1
        (20, "79.6 and 82.1; GPT-1 had 75.1"),  # Devlin et al. 2019, Table 1
        (22, "15.5% of its games against Stockfish, lost 0.6%"),  # 155 and 6 of 1,000
        (22, "61% against AlphaGo Zero of three days"),  # Silver et al. 2018, figure 1: 20 blocks over 3 days
        (23, "44 million of chess, 140 million of Go"),  # Silver et al. 2018
        (24, "1,875 chip-days"),  # 5,000 TPUs, 9 hours
        (
            24,
            "of Go 1.2 times it (0.6 to 1.6)",
        ),  # 5,000 x 13 d / 0.2 s x 800 x 1.6e10 over 3.14e23; 92e12 a second
        (25, "in Oware and Checkers larger networks failed to improve"),  # Neumann and Gros 2025
        (25, "50 times"),  # Wu 2019
        (28, "LAMBADA rose from 63.6 to 76.2 points, TriviaQA from 19.7 to 64.3"),  # Table H.1
        (30, "67 times the compute (26 to 140)"),  # 2.1e25, 8.2e24 and 4.4e25 over 3.14e23
        (33, "2.87 × 10⁻²¹ J"),  # k_B x 300 K x ln 2
        (35, "an AND erases 1.19 bits"),  # 2 - h(1/4) bits
        (36, "1.4 × 10⁷ to 4.5 × 10⁸ times"),  # 75 W x 5,000 x 9 h; 4.05e9 s/40 ms x 800 x 2.9e9 operations
        (38, "439 times (110 to 2,193)"),  # 4.7e15 / (15e15 / 1400)
        (40, "24 gigabytes in 16 bits each, did not fit into the 16 of"),  # Ramesh et al. 2021, section 2.5
        (42, "29 powers of ten, or 95 doublings"),  # 2.577e43 x 7.5e-3 x 0.0415 bits over 1.92e11
        (43, "55 doublings before this bound"),  # 7.5 g of silicon: 1.6e23 atoms
        (44, "-1.59 dB"),  # ln 2
        (45, "16,384 chips"),  # Grattafiori et al. 2024
        (47, "218 ms over a network of 2024, 24 ms over"),  # 2 x 349.2e9 bytes / 64 at 50e9, 450e9 a second
        (48, "1.75 times"),  # 7 bits for 4
        (49, "1/17"),  # 15 of 255 sets
        (51, "1/1,536"),  # 64 chips for 96 hours against 4 for one
        (52, "82.7 on GLUE, BERT-Large 80.5"),  # Liu et al. 2019; Devlin et al. 2019
        (54, "every 8 months, a factor of 2.8 a year"),  # Ho et al. 2024
        (54, "(1.8 to 5.3)"),  # halved every 14 or 5 months
        (57, "100 days"),  # Babbush et al. 2021: 33 ns and 17 ms a call
        (58, "785 steps"),  # pi/4 x 1,000
    ],
)
def test_numbers_are_the_published_ones(findings, number, words):
    assert words in findings[number]


def test_per_parameter_the_returns_of_gpt3_diminished():
    size = registry.entries("models", family="GPT-3").values("n_params")
    for task in ("LAMBADA", "TriviaQA"):
        points = registry.evaluations(task, setting="zero-shot", metric="accuracy").values("value")
        first, *_, last = np.diff(points) / np.diff(size)
        assert 0 < last < first / 100


def test_the_verdicts_of_each_section_are_those_of_the_claims():
    found = draw.verdicts()
    assert list(found)[:2] == ["Introduction", "GPT"]
    assert found["Bekenstein"] == ["true if", "true", "true", "false", "imprecise"]
    assert sum(map(len, found.values())) == len(ledger.claims())


def test_the_overview_has_a_square_for_every_claim_and_every_verdict():
    _fig, ax = figure()
    words = draw.overview(ax)
    assert len(ax.lines) == len(ledger.claims()) + len(ledger.VERDICTS)
    assert tuple(draw.SIGNS) == ledger.VERDICTS
    assert "Shannon: 4 true, 1 imprecise" in words
    for verdict, count in ledger.counts().items():
        assert f"{count} {verdict}" in [text.get_text() for text in ax.texts]


def test_the_signs_are_those_of_the_badges():
    from conftest import ROOT

    style = (ROOT / "book" / "_static" / "frontier.css").read_text(encoding="utf-8")
    for verdict, sign in draw.SIGNS.items():
        assert f'.verdict-{verdict.replace(" ", "-")}::before {{ content: "{sign}"' in style


def test_the_number_worked_out_on_the_page_is_the_one_in_the_ledger(findings):
    from conftest import ROOT

    page = json.loads((ROOT / "book" / "claims.ipynb").read_text(encoding="utf-8"))
    printed = [
        "".join(output["text"])
        for cell in page["cells"]
        for output in cell.get("outputs", [])
        if output["output_type"] == "stream"
    ]
    (times,) = re.findall(r"^(.+) times$", "".join(printed), flags=re.MULTILINE)
    (claim,) = (c for c in ledger.claims() if c.quotation.endswith("AlphaZero consumes vast amounts of it"))
    assert times in findings[claim.number]
