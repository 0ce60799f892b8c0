"""The drawings and tables of the chapter on models say and draw what the registry holds."""

import numpy as np
import pytest

from frontier import registry, scaling
from frontier.chapters import models as draw
from frontier.show import figure


def value(task, model, metric=None):
    return registry.evaluations(task, model=model, metric=metric)[0].value


# --- The numbers of this chapter, typed a second time from their sources ---------------------------------


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
    dall_e = registry.find("DALL-E")
    assert dall_e.n_tokens.value == 430_000 * 1024 * (256 + 1024)
    # Epoch AI: 4.06e22 FLOP of its 4.7e22 are in the transformer.
    assert scaling.training_flop(dall_e.n_params.value, dall_e.n_tokens.value) == pytest.approx(
        4.06e22, rel=2e-3
    )
    # Strubell et al.: 12,041.51 W over 79 hours, times 1.58 for the data centre.
    assert registry.find("BERT-Base").energy.value == pytest.approx(12_041.51 * 79 * 3600 * 1.58, rel=3e-3)


def test_the_slopes_in_elo_are_the_published_ones():
    assert draw.ELO_PER_DECADE["Hex"] == 500
    assert draw.ELO_PER_DECADE["Connect Four, Pentago"] == pytest.approx(220)
    # Jones: "an agent with twice as much compute as its opponent can win roughly 2/3 of the time".
    twice = draw.expected_score(draw.ELO_PER_DECADE["Hex"] * np.log10(2))
    assert twice == pytest.approx(2 / 3, abs=0.05)


def test_the_law_of_image_tokens_is_the_printed_table():
    law = draw.IMAGE_TOKENS
    assert (law.E, law.alpha, law.beta) == (3.32, 0.287, 0.560)
    # One unit of loss above E from each term at N0 and at D0.
    assert law.loss(1.9e4, 1.63e8) == pytest.approx(3.32 + 2)
    assert law.frontier_exponent == pytest.approx(0.1898, abs=1e-4)


# --- Compute and energy -----------------------------------------------------------------------------------


def test_compute_is_the_published_one_or_six_n_d_or_nothing():
    assert draw.compute(registry.find("GPT-4")) == (2.1e25, 8.2e24, 4.4e25, "estimated")
    assert draw.compute(registry.find("GPT-3")) == (3.14e23, None, None, "reported")
    assert draw.compute(registry.find("LLaMA 13B")) == (pytest.approx(7.8e22), None, None, "6ND")
    assert draw.compute(registry.find("DALL-E 3")) is None


def test_a_name_is_enough_for_compute_and_for_a_score():
    assert draw.flop("GPT-3") == 3.14e23
    assert draw.flop("LLaMA 13B") == pytest.approx(6 * 13e9 * 1e12)
    with pytest.raises(ValueError, match="name must be a model whose compute is known, got 'DALL-E 3'"):
        draw.flop("DALL-E 3")
    assert draw.score("GLUE", "BERT-Large", metric="mean of nine") == 82.1
    assert draw.score("LAMBADA", "GPT-3", setting="zero-shot", metric="perplexity") == 3.0


def test_energy_is_the_published_one_or_chips_times_power_times_time():
    assert draw.energy(registry.find("GPT-3")).value == 1287 * draw.MWH
    chess = draw.energy(registry.find("AlphaZero (chess)"))
    assert chess.value == pytest.approx(5000 * 75 * 9 * 3600)
    # 40 W busy is measured, 75 W is the most that the chip may draw (Jouppi et al. 2017, table 2)
    assert (chess.low, chess.basis) == (pytest.approx(5000 * 40 * 9 * 3600), "estimated")
    fold = draw.energy(registry.find("AlphaFold 2"))
    assert (fold.low, fold.value, fold.high) == pytest.approx(
        tuple(64 * watts * 11 * draw.DAY for watts in (123, 220, 262))
    )
    assert draw.energy(registry.find("AlphaFold 1")) is None
    assert draw.energy(registry.find("AlphaFold 3")) is None  # a chip that the list does not have


# --- Tables and drawings ----------------------------------------------------------------------------------


def test_a_card_has_a_column_for_each_model_and_leaves_out_what_none_disclosed():
    rows = {row["quantity"]: row for row in draw.card("GPT-2", "GPT-3", "GPT-4")}
    assert rows["compute, FLOP"]["GPT-4"] == "≈ 2.1 × 10²⁵ (8.2 × 10²⁴ to 4.4 × 10²⁵)"
    assert rows["parameters"]["GPT-3"] == "175 billion"
    assert rows["parameters"]["GPT-4"] == rows["data"]["GPT-2"] == "—"
    assert rows["machine"]["GPT-3"] == "≈ 10,000 V100 SXM2, 14.8 days"
    games = {row["quantity"]: row for row in draw.card("AlphaZero (chess)")}
    assert games["machine"]["AlphaZero (chess)"] == "5,000 TPU v1, 9 hours"
    assert games["energy, MWh"]["AlphaZero (chess)"] == "≈ 3.4 (1.8 to 3.4)"
    assert "parameters" not in games
    assert [row["quantity"] for row in draw.card("DALL-E 3")] == ["published"]


def test_the_points_are_hollow_where_others_estimated_and_the_bars_are_the_ranges():
    _fig, ax = figure()
    words = draw.compute_by_year(ax)
    dots = {line.get_ydata()[0]: line for line in ax.lines if len(line.get_xdata()) == 1}
    assert dots[3.14e23].get_markerfacecolor() != "none" == dots[2.1e25].get_markerfacecolor()
    bars = [list(line.get_ydata()) for line in ax.lines if line.get_alpha() == 0.4]
    assert [8.2e24, 4.4e25] in bars
    assert [1.15e21, 9.6e21] in bars
    assert set(draw.PLACES) <= {name for line in draw.LINES.values() for name in line[0]}
    for name in draw.PLACES:
        assert any(text.get_text() == name for text in ax.texts)
    assert "GPT from 1.8 × 10¹⁹ to 2.1 × 10²⁵" in words


def test_glue_joins_base_and_large_and_says_the_gains():
    _fig, ax = figure()
    words = draw.glue(ax)
    base, large = (ax.lines[k].get_xdata() for k in (4, 5))
    assert np.all(large > base)
    assert large[draw.GLUE.index("CoLA")] == value("GLUE CoLA", "BERT-Large")
    assert "CoLA +8.4" in words
    assert "MRPC +0.4" in words


def test_a_ladder_gives_the_return_of_each_step():
    size, bought = draw.ladder(["Llama 3.1 8B", "Llama 3.1 70B", "Llama 3.1 405B"], "MMLU")
    assert list(size) == [8e9, 70e9, 405e9]
    assert bought == pytest.approx([12.6 / np.log10(70 / 8), 5.9 / np.log10(405 / 70)])


def test_all_six_charts_are_drawn_with_a_bar_for_each_step():
    _fig, axes = figure(3, 2)
    words = draw.returns_of_all(list(axes.flat))
    assert [len(ax.patches) for ax in axes.flat] == [7, 2, 5, 5, 4, 2]
    heights = [bar.get_height() for bar in axes.flat[4].patches]
    assert np.allclose(np.divide(heights[1:], heights[:-1]), 10**-draw.IMAGE_TOKENS.frontier_exponent)
    assert [bar.get_width() for bar in axes.flat[5].patches] == pytest.approx([500, 220])
    assert "ESM-2: contacts (points): 20, 21, 12, 4, 3" in words


@pytest.mark.parametrize(
    ("ratio", "game", "said"), [(2, "Hex", "151 Elo"), (10, "Connect Four, Pentago", "220")]
)
def test_more_compute_wins_more_points(ratio, game, said):
    _fig, ax = figure()
    words = draw.against_more_compute(ax, ratio, game)
    dot = ax.lines[-1].get_xydata()[0]
    assert dot == pytest.approx(
        [ratio, 100 * draw.expected_score(draw.ELO_PER_DECADE[game] * np.log10(ratio))]
    )
    assert said in words


def test_the_ratings_of_alphago_expect_what_was_played():
    rows = draw.elo_table(["AlphaGo Fan", "AlphaGo Lee", "AlphaGo Master", "AlphaGo Zero"])
    assert [row["Elo"] for row in rows] == ["3144", "3739", "4858", "5185"]
    assert [row["gain"] for row in rows] == ["", "595", "1119", "327"]
    expected = float(rows[3]["share expected"].rstrip("%"))
    assert expected == pytest.approx(value("Go against AlphaGo Master", "AlphaGo Zero"), abs=3)


def test_excess_is_one_for_chinchilla_and_refuses_what_was_not_disclosed():
    law, draws = scaling.BESIROGLU_2024, scaling.besiroglu_2024_draws()
    found = {name: draw.excess(name, law) for name in ("GPT-3", "Chinchilla", "Llama 3.1 405B")}
    assert list(found.values()) == pytest.approx([1.64, 1.00, 1.07], abs=0.01)
    table = draw.excess_table(found, draws)
    assert table[0]["tokens each"] == "1.7"
    assert table[0]["excess (95%)"].startswith("1.64 (1.")
    with pytest.raises(ValueError, match="name must be a model with known"):
        draw.excess("GPT-4", law)


def test_equal_players_share_the_points_and_400_elo_are_ten_to_one():
    assert draw.expected_score(0) == 0.5
    assert draw.expected_score(400) == pytest.approx(10 / 11)
    assert draw.expected_score([-100, 100]).sum() == pytest.approx(1)
