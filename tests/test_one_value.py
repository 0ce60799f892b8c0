"""One quantity of one run has one value on all pages, read from the tables that the notebooks store."""

import itertools
import re

import nbformat
import pytest
from bs4 import BeautifulSoup
from conftest import ROOT

from frontier import registry, runs

SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
WORDS = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
MWH = 3.6e9
# What heads a row or a column: the quantity, and what turns it into SI.
QUANTITIES = {
    "compute, FLOP": ("training compute", 1.0),
    "FLOP": ("training compute", 1.0),
    "operations": ("training compute", 1.0),
    "training compute": ("training compute", 1.0),
    "energy, MWh": ("energy", MWH),
    "energy, J": ("energy", 1.0),
    "J": ("energy", 1.0),
    "energy": ("energy", 1.0),
    "parameters": ("parameters", 1.0),
    "params": ("parameters", 1.0),
    "games against itself": ("games", 1.0),
    "games": ("games", 1.0),
}
# How a table of one chapter names a run.
RUNS = {game: f"AlphaZero ({game})" for game in ("chess", "shogi", "Go")}
RUNS |= {f"AlphaZero: all of {game}": name for game, name in RUNS.items()} | {"GPT-3: training": "GPT-3"}
MODELS = {model.name for model in registry.entries("models")}


def value(text):
    """Return the first number of a cell, or None: "≈ 3.6 × 10²³ (…)", "44 million games", "4.6e+12"."""
    text = text.removeprefix("6ND: ").removeprefix("≈ ")
    text = re.sub("[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda power: f"^{power[0].translate(SUPERSCRIPTS)}", text)
    text = re.sub(r"^10\^", "1e", text.replace(" × 10^", "e").replace(",", ""))
    found = re.match(r"(\d*\.?\d+(?:e[+-]?\d+)?)(?: (thousand|\w+illion))?", text)
    return float(found[1]) * WORDS.get(found[2], 1.0) if found else None


def cells(table):
    """Run over what a table says: (head of the row, group; head of the column, text)."""
    heads = [head.text for head in table.thead.find_all("th")]
    group = ""
    for row in table.select("tbody tr"):
        texts = [cell.text for cell in row.find_all(["td", "th"])]
        group = texts[0] if row.find("th", scope="rowgroup") else group
        for head, text in zip(heads[1:], texts[1:], strict=False):
            yield texts[0], group, head, text


def said():
    """Return {(run, quantity): [(page, value), ...]} of all tables of all notebooks."""
    found = {}
    for path in sorted((ROOT / "book").glob("*.ipynb")):
        outputs = [out for cell in nbformat.read(path, 4).cells for out in cell.get("outputs", [])]
        shown = ("".join(out.get("data", {}).get("text/html", "")) for out in outputs)
        for page in (page for page in shown if "frontier-table" in page):
            for table in BeautifulSoup(page, "html.parser").select(".frontier-table table"):
                for row, group, head, text in cells(table):
                    for run, quantity in ((row, head), (head, row), (group, row if head == "value" else "")):
                        name = RUNS.get(run, run)
                        if name in MODELS and quantity in QUANTITIES and value(text) is not None:
                            words, unit = QUANTITIES[quantity]
                            found.setdefault((name, words), []).append((path.stem, unit * value(text)))
    return found


SAID = said()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("≈ 3.6 × 10²³ (1.8 × 10²³ to 5.2 × 10²³)", 3.6e23),
        ("44 million games", 44e6),
        ("1,287", 1287),
        ("≈ 10²⁰", 1e20),
        ("6ND: 7.8 × 10²²", 7.8e22),
        ("10²⁷ FLOP", 1e27),
        ("—", None),
    ],
)
def test_a_cell_is_read(text, number):
    assert value(text) == (None if number is None else pytest.approx(number))


def test_the_tables_speak_of_the_same_runs_on_several_pages():
    pages = {key: {page for page, _ in values} for key, values in SAID.items()}
    assert {"landauer", "models"} <= pages["AlphaZero (Go)", "training compute"]
    assert {"models", "sources"} <= pages["AlphaZero (Go, preprint)", "training compute"]
    assert {"models", "sources"} <= pages["GPT-3", "energy"]
    assert sum(len(where) > 1 for where in pages.values()) > 30


@pytest.mark.parametrize("key", SAID, ids=" ".join)
def test_one_quantity_of_one_run_has_one_value_on_all_pages(key):
    """To three per cent, as some round to two digits; to five for parameters that makers round in a name."""
    within = 0.05 if key[1] == "parameters" else 0.03
    for (page, one), (other, two) in itertools.combinations(SAID[key], 2):
        assert one == pytest.approx(two, rel=within), f"{key}: {one:.3g} on {page}, {two:.3g} on {other}"


@pytest.mark.parametrize("key", [key for key in SAID if key[1] == "training compute"], ids=" ".join)
def test_that_value_is_the_one_of_the_function_which_all_chapters_use(key):
    assert SAID[key][0][1] == pytest.approx(runs.flop(key[0]), rel=0.03)
