"""The registry: every number has a source, an interval that holds it, and agrees with its neighbours."""

import csv
import itertools
import math
from collections import defaultdict
from datetime import date
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from pybtex.database import parse_file

from frontier import registry, transformer
from frontier.registry import Fact, entries, evaluations, find, number
from frontier.runs import training_compute

ROOT = Path(__file__).parents[1]


def rows(name):
    """Return the rows of a data file, each a dict of text."""
    with (files("frontier") / "data" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# The column that names a thing in the two files of a collection.
KEY = {"models": "model", "chips": "chip", "media": "medium"}
KEY |= {"links": "link", "sites": "site", "findings": "finding", "limits": "limit"}
THINGS = {collection: rows(f"{collection}.csv") for collection in KEY}
ABOUT = {collection: rows(f"{key}_facts.csv") for collection, key in KEY.items()}
QUANTITIES, SCORES, SOURCES = rows("quantities.csv"), rows("evaluations.csv"), rows("sources.csv")
CLAIMS, LAWS, FORECASTS = rows("claims.csv"), rows("laws.csv"), rows("forecasts.csv")
UNITS = {(row["collection"], row["quantity"]): row["unit"].split("|") for row in QUANTITIES}
GPT_3 = [row["model"] for row in THINGS["models"] if row["family"] == "GPT-3"]

every_collection = pytest.mark.parametrize("collection", KEY)
every_fact = pytest.mark.parametrize(
    ("collection", "row"),
    [pytest.param(of, row, id=f"{row[KEY[of]]} {row['quantity']}") for of in KEY for row in ABOUT[of]],
)


# --- The data files -----------------------------------------------------------------------------------


def test_every_row_has_every_column_and_no_more():
    for table in [*THINGS.values(), *ABOUT.values(), QUANTITIES, SCORES, SOURCES, CLAIMS, LAWS, FORECASTS]:
        for row in table:
            assert None not in row, f"too many cells in {row}"
            assert None not in row.values(), f"too few cells in {row}"


def test_no_published_number_is_typed_twice_with_two_values():
    # What one source says stands in one collection, and where entries share a number they share its interval.
    # Small whole numbers (days, chips, layers) meet by chance.
    places, intervals = defaultdict(set), defaultdict(set)
    for of, row in (case.values for case in every_fact.args[1]):
        value = float(row["value"])
        if value != round(value) or value >= 100:
            places[row["source"], f"{value:.2e}"].add(of)
            intervals[row["source"], value].add((row["low"], row["high"], row["level"]))
    assert {key: found for key, found in places.items() if len(found) > 1} == {}
    assert {key: found for key, found in intervals.items() if len(found) > 1} == {}


def test_every_source_is_in_the_list_of_sources_and_used():
    named = {row["source"] for table in [*ABOUT.values(), THINGS["models"], SCORES, LAWS] for row in table}
    named |= {source for row in CLAIMS for source in row["sources"].split()}
    named |= {row[key] for row in FORECASTS for key in ("source", "found_source") if row[key]}
    named |= {found["source"] for found in transformer.configs().values()}
    assert named == {row["key"] for row in SOURCES}


def test_every_source_is_in_the_bibliography_with_the_same_address_and_year():
    bibliography = parse_file(ROOT / "book" / "references.bib").entries
    for row in SOURCES:
        entry = bibliography[row["key"]]
        assert row["url"] == entry.fields["url"]
        assert row["url"].startswith("https://")
        assert row["label"].endswith(entry.fields["year"]), row


def test_no_row_stands_twice():
    columns = [(table, [KEY[of]]) for of, table in THINGS.items()]
    columns += [(table, [KEY[of], "quantity"]) for of, table in ABOUT.items()]
    columns += [(SOURCES, ["key"]), (SOURCES, ["label"]), (QUANTITIES, ["collection", "quantity"])]
    columns += [(SCORES, ["model", "task", "setting", "metric"])]
    for table, names in columns:
        found = [tuple(row[name] for name in names) for row in table]
        assert len(found) == len(set(found)), names
    names = [row[KEY[of]] for of, table in THINGS.items() for row in table]
    assert len(names) == len(set(names)), "an entry is found by its name alone"


def test_every_quantity_is_explained_and_known_of_something():
    assert all(row["words"] and row["unit"] and row["meaning"] for row in QUANTITIES)
    known = {(of, row["quantity"]): set() for of in KEY for row in ABOUT[of]}
    for of in KEY:
        for row in ABOUT[of]:
            known[of, row["quantity"]].add(row["unit"])
    assert known == {quantity: set(units) for quantity, units in UNITS.items()}


@every_fact
def test_every_fact_is_a_positive_number_of_a_known_thing_in_its_unit_with_a_basis(collection, row):
    assert row[KEY[collection]] in {thing[KEY[collection]] for thing in THINGS[collection]}
    assert row["unit"] in UNITS[collection, row["quantity"]]
    assert 0 < float(row["value"]) < (1 if row["unit"] == "of peak" else math.inf)
    assert row["basis"] in ("reported", "measured", "estimated")


@every_fact
def test_every_interval_holds_its_value_and_says_what_it_covers(collection, row):
    assert bool(row["low"]) == bool(row["high"])
    if row["low"]:
        assert 0 < float(row["low"]) <= float(row["value"]) <= float(row["high"])
        assert float(row["low"]) < float(row["high"])
        assert row["level"] or row["note"], "an interval without coverage is explained"
    if row["level"]:
        assert row["low"]
        assert 0 < float(row["level"]) < 1
    # An estimate carries an interval or says that none was given.
    assert ("no interval given" in row["note"]) == (row["basis"] == "estimated" and not row["low"])


@every_collection
def test_every_thing_has_a_year_and_facts_of_its_own(collection):
    earliest, latest = (1981, 2030) if collection == "limits" else (2011, 2026)
    assert all(earliest <= int(row["year"]) <= latest for row in THINGS[collection])
    told = {row[KEY[collection]] for row in [*ABOUT[collection], *(SCORES if collection == "models" else [])]}
    untold = [row[KEY[collection]] for row in THINGS[collection] if row[KEY[collection]] not in told]
    assert untold == (["DALL-E 3"] if collection == "models" else [])  # nothing was disclosed
    chips = {row["chip"] for row in THINGS["chips"]} | {""}
    assert {row.get("chip", "") for row in THINGS[collection]} <= chips


@pytest.mark.parametrize("collection", ["models", "chips", "sites"])
def test_what_ages_says_as_of_which_day_it_holds(collection):
    days = [date.fromisoformat(row["as_of"]) for row in THINGS[collection]]
    assert all(day.isoformat() == row["as_of"] for day, row in zip(days, THINGS[collection], strict=True))
    assert date(2026, 8, 1) <= min(days) <= max(days) <= date.today()
    # What is read in a dated edition of a table carries its day.
    editions = {row["model"]: row["as_of"] for row in THINGS["models"] if row["source"] == "epoch2026"}
    assert set(editions.values()) == {"2026-09-28"}


# The lowest and the highest score in each unit.
SCALES = {"per cent": (0, 100), "perplexity": (1, math.inf), "Elo": (0, 6000), "z": (0, 1000)}
SCALES["FID"] = (0, math.inf)


def test_every_score_is_of_a_known_model_and_within_its_scale():
    own = {"perplexity": "perplexity", "Elo rating": "Elo", "sum of z-scores": "z", "FID": "FID"}
    for row in SCORES:
        assert row["model"] in {model["model"] for model in THINGS["models"]}
        low, high = SCALES[row["unit"]]
        assert low <= float(row["value"]) <= high
        assert row["unit"] == own.get(row["metric"], "per cent")
        assert row["task"]
        assert row["setting"]


def test_every_benchmark_of_brown_has_all_eight_sizes_from_small_to_large():
    assert len(GPT_3) == 8
    table = [row for row in SCORES if row["source"] == "brown2020"]
    benchmarks = dict.fromkeys((row["task"], row["setting"], row["metric"]) for row in table)
    assert len(benchmarks) == 23
    assert len({task for task, _, _ in benchmarks}) == 16
    for task, setting, metric in benchmarks:
        assert [score.model for score in evaluations(task, setting=setting, metric=metric)] == GPT_3


# --- The numbers, typed a second time from the papers -------------------------------------------------


def test_the_gpt3_family_is_brown_table_d1():
    family = entries("models", family="GPT-3")
    millions = [125, 356, 760, 1_320, 2_650, 6_660, 12_850, 174_600]
    assert_allclose(family.values("n_params"), np.array(millions) * 1e6)
    assert_array_equal(family.values("n_tokens"), 300e9)
    flop = [2.25e20, 6.41e20, 1.37e21, 2.38e21, 4.77e21, 1.20e22, 2.31e22, 3.14e23]
    assert_allclose(family.values("training_flop"), flop)
    sizes = ["Small", "Medium", "Large", "XL", "2.7B", "6.7B", "13B"]
    assert [row.name for row in family] == [*(f"GPT-3 {size}" for size in sizes), "GPT-3"]


@pytest.mark.parametrize(
    ("task", "setting", "metric", "published"),
    [
        ("News articles", "human readers", "told from those by people", [76, 61, 68, 62, 62, 60, 55, 52]),
        ("LAMBADA", "zero-shot", "accuracy", [42.7, 54.3, 60.4, 63.6, 67.1, 70.3, 72.5, 76.2]),
        ("LAMBADA", "zero-shot", "perplexity", [18.6, 9.09, 6.53, 5.44, 4.60, 4.00, 3.56, 3.00]),
        ("TriviaQA", "zero-shot", "accuracy", [4.15, 7.61, 14.0, 19.7, 31.3, 38.7, 41.8, 64.3]),
        ("TriviaQA", "few-shot", "accuracy", [6.96, 16.3, 26.5, 32.1, 42.3, 51.6, 57.5, 71.2]),
        ("Two-digit addition", "few-shot", "accuracy", [2.0, 4.1, 3.5, 4.5, 8.9, 11.9, 55.5, 100.0]),
        ("LAMBADA", "few-shot", "accuracy", [22.0, 40.4, 63.2, 57.0, 78.1, 79.1, 81.3, 86.4]),
        ("HellaSwag", "zero-shot", "accuracy", [33.7, 43.6, 51.0, 54.7, 62.8, 67.4, 70.9, 78.9]),
        ("HellaSwag", "few-shot", "accuracy", [33.5, 43.1, 51.3, 54.9, 62.9, 67.3, 71.3, 79.3]),
        ("TriviaQA", "one-shot", "accuracy", [4.19, 12.9, 20.5, 26.5, 35.9, 44.4, 51.3, 68.0]),
        ("Natural Questions", "few-shot", "accuracy", [1.72, 4.46, 7.89, 9.72, 13.2, 17.0, 21.0, 29.9]),
        ("PIQA", "zero-shot", "accuracy", [64.6, 70.2, 72.9, 75.1, 75.6, 78.0, 78.5, 81.0]),
        ("WiC", "few-shot", "accuracy", [49.8, 55.0, 53.0, 53.0, 51.6, 53.1, 51.1, 55.3]),
        ("LAMBADA", "one-shot", "accuracy", [22.0, 47.1, 52.6, 58.3, 61.1, 65.4, 69.0, 72.5]),
        ("Winogrande", "few-shot", "accuracy", [51.3, 52.6, 57.5, 59.1, 62.6, 67.4, 70.0, 77.7]),
        ("SuperGLUE", "few-shot", "average", [50.2, 56.2, 56.8, 60.0, 64.3, 63.6, 66.9, 73.2]),
        ("Two-digit addition", "zero-shot", "accuracy", [0.70, 0.65, 0.70, 0.85, 1.10, 2.54, 15.4, 76.9]),
        ("StoryCloze", "zero-shot", "accuracy", [63.3, 68.5, 72.4, 73.4, 77.2, 77.7, 79.5, 83.2]),
        ("WebQuestions", "few-shot", "accuracy", [5.46, 12.6, 15.9, 19.6, 24.8, 27.7, 33.5, 41.5]),
        ("ARC-Easy", "few-shot", "accuracy", [42.7, 51.0, 58.1, 59.1, 62.1, 65.8, 69.1, 70.1]),
        ("Winograd", "few-shot", "accuracy", [63.4, 67.4, 73.6, 76.9, 84.3, 85.4, 82.4, 88.6]),
        ("COPA", "few-shot", "accuracy", [67.0, 64.0, 72.0, 77.0, 83.0, 83.0, 86.0, 92.0]),
        ("SAT analogies", "few-shot", "accuracy", [30.5, 40.4, 42.8, 40.6, 48.4, 51.9, 53.5, 65.2]),
    ],
)
def test_the_scores_are_those_of_brown(task, setting, metric, published):
    assert_array_equal(evaluations(task, setting=setting, metric=metric).values("value"), published)


def test_the_average_of_superglue_follows_from_its_eight_tasks():
    # Table H.1, few-shot, development set. A task with two scores counts as the mean of the two.
    one = [
        [43.1, 60.6, 62.0, 64.1, 70.3, 70.0, 70.2, 77.5],  # BoolQ
        [52.3, 48.4, 46.9, 50.9, 56.3, 49.5, 60.6, 72.9],  # RTE
        [58.7, 60.6, 54.8, 49.0, 62.5, 67.3, 75.0, 75.0],  # WSC
        evaluations("COPA").values("value"),
        evaluations("WiC", setting="few-shot").values("value"),
    ]
    two = [
        [42.9, 58.9, 53.6, 69.6, 67.9, 60.7, 66.1, 82.1],  # CB, accuracy
        [26.1, 40.4, 32.6, 48.3, 45.7, 44.6, 46.0, 57.2],  # CB, F1
        [6.09, 11.8, 16.8, 20.8, 24.7, 23.8, 25.0, 32.5],  # MultiRC, accuracy
        [45.0, 55.9, 64.2, 65.4, 69.5, 66.4, 69.3, 74.8],  # MultiRC, F1
        [69.8, 77.2, 81.3, 83.1, 86.6, 87.9, 88.9, 89.0],  # ReCoRD, accuracy
        [70.7, 77.9, 82.1, 84.0, 87.5, 88.8, 89.8, 90.1],  # ReCoRD, F1
    ]
    average = (np.sum(one, axis=0) + np.sum(two, axis=0) / 2) / 8
    printed = evaluations("SuperGLUE", setting="few-shot").values("value")
    assert_allclose(average, printed, atol=0.06)  # all of them are rounded to three digits


def published():
    """Read the facts typed a second time from the papers; without a source, only the value counts."""
    with (ROOT / "tests" / "published.csv").open(encoding="utf-8", newline="") as file:
        return [pytest.param(row, id=f"{row['name']} {row['quantity']}") for row in csv.DictReader(file)]


@pytest.mark.parametrize("row", published())
def test_a_fact_is_the_published_one(row):
    fact, value = find(row["name"]).fact(row["quantity"]), float(row["value"])
    assert fact.value == value
    if row["source"]:
        low, high, level = (float(row[name]) if row[name] else None for name in ("low", "high", "level"))
        assert (fact.low, fact.high, fact.level, fact.source) == (low, high, level, row["source"])
        assert fact.range == (value, low or value, high or value)


@pytest.mark.parametrize(
    ("name", "quantity", "value", "low", "high", "source"),
    [
        ("GPT-3", "energy", 1287 * 3.6e9, None, None, "patterson2021"),  # megawatt-hours
        ("LLaMA 65B", "energy", 449 * 3.6e9, None, None, "touvron2023"),
        ("Llama 3.1 405B", "network_bandwidth", 400e9 / 8, None, None, "grattafiori2024"),
        ("DNA Fountain", "mass_density", 215e15 * 8 / 1e-3, None, None, "erlich2017"),
        ("Samsung 280-layer NAND", "areal_density", 28.5e9 / 1e-3**2, None, None, "mellor2024"),
        ("Samsung 400-layer NAND", "areal_density", 28e9 / 1e-3**2, None, None, "shilov2025"),
        ("CMOS processors", "flop_per_joule", 4.7e15, 4.7e15 / 4, 4.7e15 * 5, "ho2023"),  # 50, 200, 1000
    ],
)
def test_a_fact_in_other_units_is_the_published_one(name, quantity, value, low, high, source):
    fact = find(name).fact(quantity)
    assert (fact.value, fact.low, fact.high, fact.level, fact.source) == (value, low, high, None, source)


@pytest.mark.parametrize(
    ("name", "flop", "memory", "bandwidth", "power"),
    [
        ("TPU v1", None, 8 * 2**30, 34e9, 75),
        ("TPU v2", 45e12, 16e9, 700e9, 280),
        ("V100 SXM2", 125e12, 16e9, 900e9, 300),
        ("TPU v3", 123e12, 32 * 2**30, 900e9, 220),
        ("A100 SXM 40GB", 312e12, 40e9, 1.555e12, 400),
        ("A100 SXM 80GB", 312e12, 80e9, 2.039e12, 400),
        ("TPU v4", 275e12, 32 * 2**30, 1.2e12, 170),
        ("H100 SXM5", 989.4e12, 80e9, 3.35e12, 700),
        ("TPU v5e", 197e12, 16e9, 819e9, None),
        ("TPU v5p", 459e12, 95 * 2**30, 2.765e12, None),
        ("TPU v6e", 918e12, 32e9, 1.638e12, None),
        ("H200 SXM", 989.5e12, 141e9, 4.8e12, 700),
        ("MI300X", 1307.4e12, 192e9, 5.3e12, 750),
        ("MI325X", 1307.4e12, 256e9, 6e12, None),
        ("B200", 2250e12, 192e9, 8e12, 1000),
        ("B300", 2250e12, 288e9, 8e12, 1100),
        ("GB300", 2500e12, 288e9, 8e12, 1400),
        ("MI350X", 2306.9e12, 288e9, 8e12, 1000),
        ("MI355X", 2516.6e12, 288e9, 8e12, 1400),
        ("Trainium2", 667e12, 96 * 2**30, 2.9e12, None),
        ("Trainium3", 671e12, 144 * 2**30, 4.9e12, None),
        ("Rubin", None, 288e9, 22e12, 1800),
        ("TPU v7", 2307e12, 192 * 2**30, 7.38e12, None),
    ],
)
def test_the_chips_are_as_their_makers_state(name, flop, memory, bandwidth, power):
    chip = find(name)
    found = (chip.flop_per_second, chip.memory, chip.memory_bandwidth, chip.power)
    assert tuple(fact and fact.value for fact in found) == (flop, memory, bandwidth, power)


def test_what_was_not_disclosed_is_absent_and_guesses_are_marked():
    gpt_4, *claudes = find("GPT-4"), *entries("models", family="Claude")
    unknown = [row[quantity] for row in [gpt_4, *claudes] for quantity in ("n_params", "n_tokens")]
    assert [*unknown, find("GPT-2").n_tokens, find("DALL-E 3").training_flop] == [None] * (len(unknown) + 2)
    for claude in claudes:
        assert claude.training_flop.basis == "estimated"
        assert "nothing was disclosed" in claude.training_flop.note


def test_today_is_the_largest_known_run_with_its_day_and_interval():
    today = registry.largest_run()
    known = [row.training_flop.value for row in entries("models") if row.training_flop]
    assert today.training_flop.value == max(known)
    assert today.training_flop.low < today.training_flop.value < today.training_flop.high
    assert today.training_flop.source == find(today.name).source
    assert today.release.value > max(
        row.release.value for row in entries("models") if row is not today and row.release
    )
    # Chips x days x peak x share, as Epoch AI reckons: 100,000 GB200, 90 days, a quarter of 5e15 in 8 bits.
    assert today.training_flop.value == pytest.approx(1e5 * 90 * 86_400 * 5e15 * 0.25, rel=0.05)
    assert today.training_flop.value / number("Llama 3.1 405B", "training_flop") == pytest.approx(26, abs=0.5)
    assert registry.largest_run("reported").name == "Llama 3.1 405B"
    with pytest.raises(ValueError, match=r"^basis must be one of estimated, reported, got 'guessed'"):
        registry.largest_run("guessed")


def test_six_n_d_gives_the_compute_that_epoch_has_of_mixtures():
    # Epoch AI, Data on AI Models: Llama 4 Maverick 2.244e24; Behemoth 5.184e25 is 6 x 288e9 x 30e12.
    assert training_compute("Llama 4 Maverick").value == pytest.approx(2.244e24)
    assert training_compute("Qwen3-235B-A22B").value == pytest.approx(4.752e24)
    assert number("Llama 4 Behemoth, preview", "training_flop") == pytest.approx(6 * 288e9 * 30e12)


def test_the_sites_are_those_of_the_tracker():
    sites = entries("sites")
    megawatts = {row.name: float(row.power) / 1e6 for row in sites}
    assert list(megawatts.values()) == sorted(megawatts.values(), reverse=True)
    assert megawatts["Colossus 2"] == 946
    assert megawatts["New Carlisle"] == 910
    assert number("New Carlisle", "facility_power") == pytest.approx(1.2 * 910e6)
    assert max(row.planned_power.value for row in sites if row.planned_power) == 2263e6
    assert all(row.planned_power.value > row.power.value for row in sites if row.planned_power)
    assert sum(megawatts.values()) < number("All AI campuses tracked", "power") / 1e6 == 13_500
    low, high = find("One campus, seen from 2026").power.range[1:]
    assert low == pytest.approx(1.2 * 2263e6, rel=0.01)
    assert high == find("One campus, seen from 2024").power.high


# --- Numbers that follow from others ------------------------------------------------------------------


def test_six_n_d_gives_the_published_compute_of_dense_decoders():
    # Brown et al. print 6ND, to 0.2 %. Hoffmann et al. count every matrix and give Chinchilla Gopher's
    # budget, 5.76e23, while six times its rounded 70 billion and 1.4 trillion is 5.88e23: 2.1 % more.
    decoders = entries("models", architecture="decoder")
    complete = [row for row in decoders if row.n_params and row.n_tokens and row.training_flop]
    assert len(complete) == 12
    for model in complete:
        six_n_d = 6 * float(model.n_params) * float(model.n_tokens)
        flop = model.training_flop
        if six_n_d != pytest.approx(float(flop), rel=0.03):
            assert model.name == "Gopher"
            assert flop.low == pytest.approx(six_n_d, rel=1e-3)
            assert "5.76e23" in flop.note
            assert "6ND is 5.04e23" in flop.note


def test_encoders_count_six_and_t5_three_per_parameter_and_token():
    # Table D.1 counts 109 and 355 million parameters of BERT, its own paper 110 and 340.
    berts, robertas, t5s = (entries("models", family=name) for name in ("BERT", "RoBERTa", "T5"))
    for model in [*berts[:2], *robertas, *t5s]:
        per_parameter_and_token = 3 if model.family == "T5" else 6
        flop = per_parameter_and_token * float(model.n_params) * float(model.n_tokens)
        tolerance = 0.05 if model.family == "BERT" else 0.005
        assert flop == pytest.approx(float(model.training_flop), rel=tolerance), model.name
        assert model.family != "T5" or "3 FLOP per parameter and token" in model.training_flop.note


def test_the_parameters_of_small_bert_follow_from_its_shape():
    # 30,522 word pieces, 512 positions, 2 segments; layers of width h: four matrices of attention and two
    # of 4h with biases and two norms; a pooler; the head of the pre-training task. Layers and width from
    # the README of the repository.
    shapes = {"BERT-Tiny": (2, 128), "BERT-Mini": (4, 256), "BERT-Small": (4, 512), "BERT-Medium": (8, 512)}
    for name, (layers, h) in shapes.items():
        layer = 4 * (h * h + h) + (8 * h * h + 5 * h) + 4 * h
        head = h * h + h + 2 * h + 30_522
        count = (30_522 + 512 + 2) * h + 2 * h + layers * layer + (h * h + h) + head
        assert float(find(name).n_params) == pytest.approx(count, abs=0.05e6), name  # as rounded


def share_of_peak(name, chip_seconds):
    """Return the compute of a run as a share of what its chips could have done in the time."""
    peak = number(find(name).chip, "flop_per_second")
    return number(name, "training_flop") / (peak * chip_seconds)


@pytest.mark.parametrize("name", ["GPT-3", "Gopher"])
def test_the_share_of_peak_follows_from_compute_chips_and_days(name):
    share = share_of_peak(name, number(name, "n_chips") * number(name, "training_days") * 86_400)
    assert share == pytest.approx(number(name, "mfu"), rel=0.005)


def test_the_share_of_peak_of_llama_3_1_over_all_its_hours_is_below_that_of_a_good_day():
    name = "Llama 3.1 405B"
    overall = share_of_peak(name, number(name, "gpu_hours") * 3600)
    assert overall == pytest.approx(0.346, abs=0.001)
    assert overall < find(name).mfu.low


def test_no_run_computed_more_than_its_chips_could_in_its_time():
    shares = {}
    for model in entries("models"):
        chip = find(model.chip).facts if model.chip else {}
        peak = chip.get("int8_per_second", chip.get("flop_per_second"))
        if peak and model.training_flop and model.n_chips and model.training_days:
            most = float(model.n_chips) * float(model.training_days) * 86_400 * float(peak)
            shares[model.name] = float(model.training_flop) / most
    assert shares["AlphaZero (Go, preprint)"] == pytest.approx(0.65, abs=0.005)  # 92 TOPS, 34 hours
    assert {"GPT-3", "Gopher", "AlphaFold 2"} <= set(shares)
    assert all(0.02 < share < 0.7 for share in shares.values()), shares


def test_a_fact_says_what_it_is_about_and_facts_of_two_runs_are_not_combined():
    for model in entries("models"):
        assert {fact.about for fact in model.facts.values()} <= {model.name}
        registry.one_run(**model.facts)
    long, short = find("AlphaZero (Go)"), find("AlphaZero (Go, preprint)")
    assert float(long.training_days) / float(short.training_days) == pytest.approx(13 * 24 / 34, rel=1e-4)
    with pytest.raises(ValueError, match=r"days of 'AlphaZero \(Go\)', flop of 'AlphaZero \(Go, preprint"):
        registry.one_run(days=long.training_days, flop=short.training_flop)
    registry.one_run(days=long.training_days, chips=long.n_chips, energy=None)


def llamas(start):
    return [row for row in entries("models", family="LLaMA") if row.name.startswith(start)]


@pytest.mark.parametrize(
    ("start", "count", "power"), [("LLaMA ", 4, 400 * 1.1), ("Llama 2", 3, 400), ("Llama 3", 5, 700)]
)
def test_the_energy_of_llama_is_hours_times_power(start, count, power):
    # The first paper rounds to whole MWh and multiplies by 1.1; the cards only give the power.
    assert len(llamas(start)) == count
    for model in llamas(start):
        assert float(model.energy) == pytest.approx(float(model.gpu_hours) * power * 3600, rel=0.015)


def test_the_hours_and_the_carbon_of_llama_add_up_to_the_totals_of_the_cards():
    def total(start, quantity):
        return sum(float(row[quantity]) for row in llamas(start))

    assert total("Llama 3.1", "gpu_hours") == pytest.approx(39.3e6)
    assert total("Llama 3.1", "carbon") == pytest.approx(11_390e3)
    assert total("Llama 3 ", "gpu_hours") == pytest.approx(7.7e6)
    assert total("Llama 3 ", "carbon") == pytest.approx(2_290e3)
    # The card and the paper add a model of 34 billion that was not released: 1,038,336 hours, 153.9 t.
    assert total("Llama 2", "gpu_hours") + 1_038_336 == pytest.approx(3_311_616)
    assert total("Llama 2", "carbon") + 153.9e3 == pytest.approx(539e3, rel=1e-4)


def test_pairs_of_numbers_that_say_the_same():
    dollars_an_hour = number("DeepSeek-V3", "training_cost") / number("DeepSeek-V3", "gpu_hours")
    assert dollars_an_hour == pytest.approx(2)
    kelvin = number("Hong 2016", "energy") / number("Hong 2016", "heat") / 1.380649e-23
    assert kelvin == pytest.approx(300, rel=0.02)
    hours = number("LLaMA 65B", "n_chips") * number("LLaMA 65B", "training_days") * 24
    assert hours == pytest.approx(number("LLaMA 65B", "gpu_hours"), rel=0.02)


def test_shorter_formats_are_faster_by_twos():
    # Two makers widen one format alone: Blackwell Ultra that of 4 bits, Trainium that of 8.
    steps = {"B300": (2, 3), "GB300": (2, 3), "Trainium2": (1.948, 0), "Trainium3": (3.751, 1)}
    for chip in entries("chips"):
        to_8, to_4 = steps.get(chip.name, (2, 2))
        if chip.flop_per_second and chip.fp8_per_second:
            assert float(chip.fp8_per_second) == pytest.approx(to_8 * float(chip.flop_per_second), rel=1e-3)
        if chip.fp4_per_second and chip.fp8_per_second:
            assert float(chip.fp4_per_second) == pytest.approx(to_4 * float(chip.fp8_per_second), rel=1e-3)
        if chip.int8_per_second and chip.flop_per_second:
            ratio = float(chip.int8_per_second) / float(chip.flop_per_second)
            assert ratio == pytest.approx(1 if chip.name == "TPU v4" else 2, rel=3e-3)


def test_what_bits_are_stored_in():
    per_square_inch = {"Chlorine vacancies on copper": 502e12, "Seagate SkyHawk AI 20TB": 1146e9}
    for name, bits in per_square_inch.items():
        assert number(name, "areal_density") == pytest.approx(bits / 0.0254**2, rel=1e-3)
    radius = number("WD_BLACK SN8100 2TB", "radius")
    assert radius == pytest.approx(np.hypot(0.022, 0.080) / 2, rel=1e-3)
    capacities = [8000, 2.14e6 * 8, 20e12 * 8, 1e12, 1e12, 2e12 * 8]
    assert_array_equal(entries("media").values("capacity"), capacities)


def test_what_bits_are_sent_over():
    rate = {row.name: float(row.bit_rate) for row in entries("links")}
    metres = number("19-core fibre", "distance")
    assert rate["19-core fibre"] * metres == pytest.approx(1.86e18 * 1e3, rel=0.01)
    assert rate["Llama 3 network"] == 8 * number("Llama 3.1 405B", "network_bandwidth")
    assert rate["NVLink 4"] == 8 * number("H100 SXM5", "link_bandwidth") / 2
    assert rate["Transceiver of 400G"] == 4 * rate["Ethernet lane of 100G"]


def test_the_thousand_games_of_alphazero_add_up():
    games = evaluations("Chess against Stockfish")
    assert [row.value * 10 for row in games] == pytest.approx([155, 839, 6])
    assert sum(row.value for row in games) == pytest.approx(100)
    assert all("1712.01815v1" in row.note for row in games)  # which version of the paper, said


GLUE = ["MNLI matched", "MNLI mismatched", "QQP", "QNLI", "SST-2", "CoLA", "STS-B", "MRPC", "RTE"]


@pytest.mark.parametrize(
    ("model", "published", "mean"),
    [
        ("GPT-1", [82.1, 81.4, 70.3, 87.4, 91.3, 45.4, 80.0, 82.3, 56.0], 75.1),
        ("BERT-Base", [84.6, 83.4, 71.2, 90.5, 93.5, 52.1, 85.8, 88.9, 66.4], 79.6),
        ("BERT-Large", [86.7, 85.9, 72.1, 92.7, 94.9, 60.5, 86.5, 89.3, 70.1], 82.1),
        ("BERT-Tiny", [70.2, 70.3, 62.2, 81.5, 83.2, 0.0, 73.6, 81.1, 57.2], None),
        ("BERT-Mini", [74.8, 74.3, 66.4, 84.1, 85.9, 0.0, 73.3, 81.1, 57.9], None),
        ("BERT-Small", [77.6, 77.0, 68.1, 86.4, 89.7, 27.8, 77.0, 83.4, 61.8], None),
        ("BERT-Medium", [80.0, 79.1, 69.6, 87.7, 89.6, 38.0, 78.4, 86.6, 62.2], None),
    ],
)
def test_the_glue_scores_are_the_published_ones_and_the_mean_is_theirs(model, published, mean):
    scores = [evaluations(f"GLUE {task}", model=model)[0] for task in GLUE]
    assert [score.value for score in scores] == published
    if mean is not None:  # 75.1 is printed for a mean of 75.13, 79.6 for 79.60, 82.1 for 82.08
        assert evaluations("GLUE", model=model, metric="mean of nine")[0].value == mean
        assert np.mean(published) == pytest.approx(mean, abs=0.05)


@pytest.mark.parametrize(
    ("task", "setting", "metric", "source", "published"),
    [
        (
            "GLUE",
            "fine-tuned",
            "official score",
            "bert2020",
            {"BERT-Tiny": 64.2, "BERT-Mini": 65.8, "BERT-Small": 71.2, "BERT-Medium": 73.5},
        ),
        ("GLUE", "fine-tuned", "official score", "devlin2019", {"BERT-Large": 80.5}),
        ("GLUE", "fine-tuned", "official score", "liu2019b", {"MT-DNN": 82.7}),
        ("MMLU", "5-shot", "accuracy", "hoffmann2022", {"GPT-3": 43.9, "Gopher": 60.0, "Chinchilla": 67.5}),
        ("HumanEval", "first attempt", "programs that work", "chen2021", {"GPT-3": 0.0}),
        ("MMLU", "5-shot", "accuracy", "openai2023", {"GPT-3.5": 70.0, "GPT-4": 86.4}),
        ("MMLU", "5-shot", "accuracy", "meta2024b", {"Llama 3.1 405B": 85.2}),
        ("HellaSwag", "10-shot", "accuracy", "openai2023", {"GPT-4": 95.3, "GPT-3.5": 85.5}),
        ("ARC-Challenge", "25-shot", "accuracy", "openai2023", {"GPT-4": 96.3}),
        ("DROP", "3-shot", "F1", "openai2023", {"GPT-4": 80.9}),
        ("GSM8K", "5-shot", "accuracy", "openai2023", {"GPT-4": 92.0}),
        ("Go", "with search", "Elo rating", "silver2017", {"AlphaGo Zero": 5185}),
        ("Go", "without search", "Elo rating", "silver2017", {"AlphaGo Zero": 3055}),
        ("CASP13 free modelling", "blind test", "mean GDT_TS", "senior2019", {"AlphaFold 1": 61.4}),
        ("CASP13 free modelling", "blind test", "sum of z-scores", "senior2019", {"AlphaFold 1": 68.3}),
        ("CASP14 all domains", "blind test", "median GDT_TS", "jumper2021b", {"AlphaFold 2": 92.4}),
        ("CASP14 free modelling", "blind test", "median GDT_TS", "deepmind2020", {"AlphaFold 2": 87.0}),
    ],
)
def test_single_scores_are_the_published_ones(task, setting, metric, source, published):
    for model, value in published.items():
        (row,) = evaluations(task, model=model, setting=setting, metric=metric)
        assert (row.value, row.source) == (value, source)


# --- The functions ------------------------------------------------------------------------------------


def test_models_come_family_by_family_the_earliest_and_smallest_first():
    families = [row.family for row in entries("models")]
    assert len(families) == len(THINGS["models"])
    assert sum(a != b for a, b in itertools.pairwise(families)) == len(set(families)) - 1
    tables = [entries("models", family=family).values("year") for family in set(families)]
    tables += [entries("models", family=family).values("n_params") for family in ("GPT-3", "T5", "RoBERTa")]
    tables += [entries("chips").values("year"), entries("media").values("year")]
    for values in tables:
        assert_array_equal(values, np.sort(values))


def test_an_entry_is_a_mapping_whose_cells_are_attributes_too():
    gpt_4 = find("GPT-4")
    quantities = [quantity for collection, quantity in UNITS if collection == "models"]
    words = ["name", "family", "organisation", "year", "architecture", "chip", "source", "as_of"]
    assert list(gpt_4) == [*words, *quantities]
    assert set(gpt_4) <= set(dir(gpt_4))
    assert dict(gpt_4)["training_flop"] is gpt_4.training_flop is gpt_4["training_flop"]
    assert (gpt_4.year, gpt_4["year"], gpt_4.n_params, gpt_4.get("size", 7)) == (2023, 2023, None, 7)
    assert gpt_4.facts == {name: gpt_4[name] for name in ("training_flop", "training_cost", "release")}
    assert repr(gpt_4).splitlines()[:2] == ["GPT-4", "  family: GPT"]
    assert "n_params" not in repr(gpt_4)
    with pytest.raises(AttributeError, match=r"models has no 'size'; it has name, family, .*batch_tokens"):
        _ = gpt_4.size
    with pytest.raises(KeyError, match=r"key must be one of name, family, .*, got 'size'"):
        _ = gpt_4["size"]
    with pytest.raises(TypeError):
        gpt_4["name"] = "GPT-5"


def test_a_number_that_is_not_known_is_refused_by_name():
    assert type(number("GPT-3", "n_params")) is float
    known = r"quantity must be known of 'GPT-4' \(training_flop, training_cost, release\), got "
    for quantity in ("n_params", "n_parms", "family"):
        with pytest.raises(ValueError, match=f"^{known}'{quantity}'$"):
            number("GPT-4", quantity)
    with pytest.raises(ValueError, match=r"known of 'DALL-E 3' \(none\), got 'n_params'"):
        find("DALL-E 3").fact("n_params")


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("GPT-7", r"; did you mean GPT-.*\?"),
        ("gpt3", r"; did you mean GPT-3 or GPT-3.5 or GPT-3 XL\?"),
        ("H100", r"; did you mean H100 SXM5\?"),
        ("chinchila", r"; did you mean Chinchilla\?"),
        ("SkyHawk", r"; did you mean Seagate SkyHawk AI 20TB\?"),
        ("Zuse", ""),
        ("", ""),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest_ones(name, near):
    with pytest.raises(
        ValueError, match=rf"^name must be one of \d+ known, such as GPT-1, got '{name}'{near}$"
    ):
        find(name)


def test_a_name_is_found_in_whatever_case():
    assert find("gpt-3") is find("GPT-3")
    assert entries("Models", family="gpt-3").values("year").size == 8
    assert registry.facts("CHIPS")[0]["chip"] == entries("chips")[0].name
    assert evaluations("lambada", model="gpt-3")[0].model == "GPT-3"


@pytest.mark.parametrize(
    ("call", "argument", "known"),
    [
        (lambda: entries("cats"), "collection", "media"),
        (lambda: registry.facts("cats"), "collection", "media"),
        (lambda: entries("models", family="GPT-5"), "family", "GPT-3"),
        (lambda: entries("models", chip=""), "chip", "V100 SXM2"),
        (lambda: entries("findings", kind="erasures"), "kind", "erasure"),
        (lambda: evaluations("Chess"), "task", "Chess against Stockfish"),
        (lambda: evaluations(model="GPT-5"), "model", "GPT-3"),
        (lambda: evaluations("WiC", setting="zero-shot"), "setting", "few-shot"),
        (lambda: evaluations(metric="perplex"), "metric", "perplexity"),
    ],
)
def test_an_unknown_word_is_refused_with_the_known_or_the_nearest_ones(call, argument, known):
    with pytest.raises(ValueError, match=rf"^{argument} must be one of .*\b{known}\b"):
        call()


def test_only_words_choose_entries():
    assert {row.family for row in entries("models", family="GPT")} == {"GPT"}
    assert entries("models", family="GPT-3", chip="V100 SXM2")[0] is find("GPT-3")
    assert find("GPT-4").chip is None
    for column in ("n_params", "year", "size"):
        with pytest.raises(ValueError, match=rf"^words must name family or .* of models, got '{column}'$"):
            entries("models", **{column: "2020"})


@pytest.mark.parametrize("bad", [3, None, ["GPT-3"], {}])
def test_a_name_that_is_no_text_is_refused(bad):
    calls = {"name": find, "collection": entries, "family": lambda x: entries("models", family=x)}
    calls |= {"task": evaluations} if bad is not None else {}
    for argument, call in calls.items():
        with pytest.raises(TypeError, match=f"^{argument} must be a text, got "):
            call(bad)


def test_evaluations_match_every_argument():
    assert len(evaluations()) == len(SCORES)
    assert {row.task for row in evaluations("WiC")} == {"WiC"}
    assert {row.model for row in evaluations(model="GPT-3")} == {"GPT-3"}
    one = evaluations("LAMBADA", model="GPT-3", setting="zero-shot", metric="perplexity")
    assert [row.value for row in one] == [3.0]
    assert evaluations("WiC")._repr_html_().count('href="https://arxiv.org/abs/2005.14165"') == 8


def test_sources_point_somewhere_and_cannot_be_spoilt():
    registry.sources()["brown2020"]["url"] = "spoilt"
    registry.sources().clear()
    assert registry.sources()["brown2020"]["url"] == "https://arxiv.org/abs/2005.14165"
    with pytest.raises(
        ValueError, match=r"^key must be one of .*, got 'brown'; did you mean brown2020 or brown2024\?$"
    ):
        registry.source_link("brown")


@every_collection
def test_a_collection_shows_itself_with_links_and_intervals_and_becomes_a_data_frame(collection):
    table, frame = entries(collection), entries(collection).to_pandas()
    shown = table._repr_html_()
    assert shown.count("<a href=") == len(ABOUT[collection]) + len(table) * (collection == "models")
    for fact in (fact for row in table for fact in row.facts.values()):
        assert fact.interval in shown
    assert list(frame["name"]) == [row[KEY[collection]] for row in THINGS[collection]]
    quantities = {quantity for of, quantity in UNITS if of == collection}
    assert not quantities & set(frame.columns), "spread over columns such as n_params.value"
    for quantity in quantities:
        assert_array_equal(frame[f"{quantity}.value"], table.values(quantity))


@every_collection
def test_the_facts_about_a_collection_are_one_a_row(collection):
    table = registry.facts(collection)
    assert len(table) == len(ABOUT[collection]) == table._repr_html_().count("<a href=")
    assert table.caption == f"Facts about {collection}"
    words = {row["words"] for row in QUANTITIES if row["collection"] == collection}
    assert {row["quantity"] for row in table} == words
    (row,) = [row for row in registry.facts() if list(row.values())[:2] == ["GPT-4", "training compute"]]
    assert row == {
        "model": "GPT-4",
        "quantity": "training compute",
        "value": "2.1 × 10²⁵ FLOP",
        "interval": "8.2 × 10²⁴ to 4.4 × 10²⁵, 90%",
        "basis": "estimated",
        "source": "epoch2025",
        "as of": "2026-11-25",
        "note": "rough, from public information; nothing was disclosed",
    }


@pytest.mark.parametrize(
    ("low", "high", "level", "interval"),
    [
        (None, None, None, ""),
        (1.0, 9e24, None, "1 to 9 × 10²⁴"),
        (1.0, 9.0, 0.9, "1 to 9, 90%"),
        (1.0, 9.0, 0.995, "1 to 9, 99.5%"),  # not rounded to certainty
    ],
)
def test_a_fact_reads_as_value_interval_and_unit(low, high, level, interval):
    fact = Fact(3.14, low, high, level, "FLOP", "estimated", "brown2020")
    assert fact.interval == interval
    assert str(fact) == (f"3.14 ({interval}) FLOP" if interval else "3.14 FLOP")
    assert fact.range == (3.14, low or 3.14, high or 3.14)
    assert fact.range.low == np.asarray(fact.range)[1]


def test_a_fact_links_to_its_source_and_escapes_what_it_says(monkeypatch):
    hostile = {"x": {"key": "x", "label": "<script>", "url": 'https://a"onclick="b'}}
    fact = Fact(1.0, None, None, None, "<b>FLOP</b> & co", "reported", "brown2020")
    shown = fact._repr_html_()
    assert "&lt;b&gt;FLOP&lt;/b&gt; &amp; co" in shown
    assert 'reported, <a href="https://arxiv.org/abs/2005.14165">Brown et al. 2020</a>' in shown
    monkeypatch.setattr(registry, "sources", lambda: hostile)
    shown += Fact(1.0, None, None, None, "FLOP", "reported", "x")._repr_html_()
    assert not [markup for markup in ("<b>", "<script>", 'a"onclick') if markup in shown]
