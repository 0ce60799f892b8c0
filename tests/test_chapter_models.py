"""The numbers of the chapter on models are the published ones; its drawings draw and say what they get."""

import numpy as np
import pytest
from series import series

from frontier import registry, runs, scaling, selfplay
from frontier.chapters import models as draw
from frontier.registry import find, number
from frontier.show import figure

ELO = {"Hex": number("Jones 2021, Hex", "elo_per_decade"), "Connect Four, Pentago": 220.0}


def test_the_ladder_of_esm_2_is_the_table_of_its_repository():
    family = registry.entries("models", family="ESM-2")
    assert [m.name for m in family] == [f"ESM-2 {s}" for s in ("8M", "35M", "150M", "650M", "3B", "15B")]
    assert list(family.values("n_params")) == [8e6, 35e6, 150e6, 650e6, 3e9, 15e9]
    contacts = registry.evaluations("Contacts").values("value")
    shapes = registry.evaluations("CASP14 structure").values("value")
    assert list(contacts) == [15.9, 28.8, 42.2, 50.1, 52.7, 54.5]
    assert list(shapes) == [36.7, 41.4, 49.0, 51.3, 52.5, 55.4]
    assert {m.n_tokens.value for m in family[:5]} == {500_000 * 2e6}
    assert family[5].n_tokens is None  # stopped early, with another batch
    assert [m.training_days.value for m in family[3:]] == [8, 30, 60]
    assert {m.n_chips.value for m in family[3:]} == {512}


@pytest.mark.parametrize(
    ("task", "model", "metric", "published", "source"),
    [
        ("LAMBADA", "GPT-2", "accuracy", 63.24, "radford2019"),
        ("LAMBADA", "GPT-2", "perplexity", 8.63, "radford2019"),
        ("MMLU", "Claude 3 Opus", "accuracy", 86.8, "anthropic2024"),
        ("MS-COCO", "DALL-E", "FID", 28, "ramesh2022"),
        ("MS-COCO", "DALL-E 2", "FID", 10.39, "ramesh2022"),
        ("Images against DALL-E", "DALL-E 2", "preferred for photorealism", 88.8, "openai2022"),
        ("Images against DALL-E", "DALL-E 2", "preferred for the match to the caption", 71.7, "openai2022"),
    ],
)
def test_single_scores_are_the_published_ones(task, model, metric, published, source):
    (row,) = registry.evaluations(task, model=model, metric=metric)
    assert (row.value, row.source) == (published, source)


def test_the_tokens_of_dall_e_and_the_energy_of_bert_follow_from_what_was_published():
    tokens = number("DALL-E", "n_tokens")
    assert tokens == 430_000 * 1024 * (256 + 1024)
    # Epoch AI: 4.06e22 FLOP of its 4.7e22 are in the transformer.
    assert scaling.training_flop(number("DALL-E", "n_params"), tokens) == pytest.approx(4.06e22, rel=2e-3)
    # Strubell et al.: 12,041.51 W over 79 hours, times 1.58 for the data centre.
    assert number("BERT-Base, on GPUs", "energy") == pytest.approx(12_041.51 * 79 * 3600 * 1.58, rel=3e-3)


def test_the_growth_of_elo_is_the_published_one():
    strength = find("Neumann 2023, Connect Four and Pentago").strength_exponent
    assert (strength.value, strength.source) == (0.55, "neumann2023")
    assert (ELO["Hex"], find("Jones 2021, Hex").elo_per_decade.source) == (500, "jones2021")
    # Jones: "an agent with twice as much compute as its opponent can win roughly 2/3 of the time".
    assert selfplay.expected_score(ELO["Hex"] * np.log10(2)) == pytest.approx(2 / 3, abs=0.05)


def cells(*names):
    return {row["quantity"]: row for row in draw.card(*map(find, names))}


def test_a_card_has_a_column_for_each_model_and_leaves_out_what_none_disclosed():
    rows = cells("GPT-2", "GPT-3", "GPT-4", "LLaMA 13B")
    assert rows["compute, FLOP"]["GPT-4"] == "≈ 2.1 × 10²⁵ (8.2 × 10²⁴ to 4.4 × 10²⁵)"
    assert rows["compute, FLOP"]["LLaMA 13B"] == "6ND: 7.8 × 10²²"
    assert rows["parameters"]["GPT-3"] == "175 billion"
    assert rows["parameters"]["GPT-4"] == rows["data"]["GPT-2"] == "—"
    assert rows["machine"]["GPT-3"] == "≈ 10,000 V100 SXM2, 14.8 days"
    assert rows["energy, MWh"]["GPT-3"] == "≈ 1,287"
    chess = {quantity: row["AlphaZero (chess)"] for quantity, row in cells("AlphaZero (chess)").items()}
    assert (chess["machine"], chess["energy, MWh"]) == ("5,000 TPU v1, 9 hours", "≈ 3.4 (1.8 to 3.4)")
    assert "parameters" not in chess
    assert list(cells("DALL-E 3")) == ["published"]


def test_the_points_are_hollow_where_others_estimated_and_the_bars_are_the_ranges():
    _fig, ax = figure()
    models = ("GPT-2", "GPT-3", "GPT-4")
    words = draw.compute_by_year(ax, {"GPT": [(m, find(m).year, runs.training_compute(m)) for m in models]})
    hollow = {line.get_label(): line.get_markerfacecolor() == "none" for line in ax.lines}
    assert [hollow[name] for name in models] == [True, False, True]
    assert [xy.tolist() for xy in series(ax, "GPT-3")] == [[2020], [3.14e23]]
    assert series(ax, "GPT-4, range")[1].tolist() == [8.2e24, 4.4e25]
    assert series(ax, "GPT-2, range")[1].tolist() == [1.15e21, 9.6e21]
    assert [text.get_text() for text in ax.texts] == ["GPT"]
    assert "GPT from 1.9 × 10²¹ to 2.1 × 10²⁵" in words


def test_a_wall_parts_the_runs_and_says_who_never_reached_it():
    families = {
        "GPT": [("3", runs.training_compute("GPT-3")), ("4", runs.training_compute("GPT-4"))],
        "BERT": [("Large", runs.training_compute("BERT-Large"))],
    }
    said, colours = {}, {}
    for at in (1e20, 1e24, 1e30):
        _fig, ax = figure()
        said[at] = draw.wall(ax, families, at)
        colours[at] = {line.get_label(): line.get_color() for line in ax.lines}
        assert series(ax, "the wall's place")[0].tolist() == [at]
        assert [text.get_text() for text in ax.texts] == ["Large", "Large", "3", "4"]
    assert colours[1e24]["GPT 4"] == draw.VERMILLION
    assert colours[1e24]["GPT 3"] == colours[1e24]["BERT Large"] == draw.BLUE
    assert said == {
        1e20: "A wall at 10²⁰ FLOP: 3 of 3 runs (orange) went beyond it, and no family stayed short of it.",
        1e24: "A wall at 10²⁴ FLOP: 1 of 3 runs (orange) went beyond it, and BERT never reached it.",
        1e30: "A wall at 10³⁰ FLOP: no run has reached it yet.",
    }


def test_glue_joins_base_and_large_and_says_the_gains():
    _fig, ax = figure()
    sizes = ("Tiny", "Mini", "Small", "Medium", "Base", "Large")
    scores = {f"BERT-{size}": [50.0 + k, 10.0 * k] for k, size in enumerate(sizes)}
    words = draw.glue(ax, ["RTE", "CoLA"], scores)
    assert series(ax, "BERT-Large")[0].tolist() == [55, 50]
    assert series(ax, "from Base to Large")[0].tolist() == [[54, 55], [40, 50]]
    assert "RTE +1.0, CoLA +10.0. CoLA spreads widest, from 0 for the two smallest to 50.0" in words


def test_returns_stand_in_rows_with_a_bar_of_one_width_for_each_step():
    _fig, ax = figure()
    steps = (np.array([1e6, 1e7, 1e9]), np.array([20.0, -2.6]))
    images = (np.logspace(17, 21, 5), np.array([4.0, 3.0, 2.0, 1.0]))
    ladders = {f"{name} (points)": steps for name in "abcd"}
    words = draw.returns_of_all(ax, ladders, images, ELO)
    assert [len(row) for row in ax.containers] == [2, 2, 2, 2, 4, 1, 1]
    first, last = ax.containers[3]
    assert first.get_width() == last.get_width()
    assert last.get_height() / first.get_height() == pytest.approx(-2.6 / 20)
    tallest = [max(bar.get_height() for bar in row) for row in ax.containers]
    assert tallest == pytest.approx([tallest[0]] * 7)
    assert "d (points): 20, -3; Images (nats): 4.00, 3.00, 2.00, 1.00; Hex (Elo): 500 each" in words


def test_more_compute_wins_more_points():
    _fig, ax = figure()
    more = np.array([1.0, 1000.0])
    words = draw.against_more_compute(ax, more, {"Hex": more / 1000}, "Hex", 2, 150.5, 0.704)
    assert [xy.tolist() for xy in series(ax, "this ratio")] == [[2], [pytest.approx(70.4)]]
    assert series(ax, "Hex")[1].tolist() == pytest.approx([0.1, 100])
    assert words == "Hex: 2 times the compute is 150 Elo ahead, 70 points out of 100."


def test_the_ratings_of_alphago_expect_what_was_played():
    names = [f"AlphaGo {name}" for name in ("Fan", "Lee", "Master", "Zero")]
    ratings = {name: runs.score("Go", name, setting="with search") for name in names}
    rows = draw.elo_table(ratings, selfplay.expected_score(np.diff(list(ratings.values()))))
    assert [row["Elo"] for row in rows] == ["3144", "3739", "4858", "5185"]
    assert [row["gain"] for row in rows] == ["", "595", "1119", "327"]
    played = runs.score("Go against AlphaGo Master", "AlphaGo Zero")
    assert float(rows[3]["share expected"].rstrip("%")) == pytest.approx(played, abs=3)


def test_the_excess_has_its_interval_beside_it():
    (row,) = draw.excess_table({"GPT-3": 1.718}, {"GPT-3": 1.64}, {"GPT-3": [1.261, 2.12]})
    assert row == {"model": "GPT-3", "tokens each": "1.7", "excess (95%)": "1.64 (1.26 to 2.12)"}
