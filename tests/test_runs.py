"""What is known of a training run: published, or worked out from what was published."""

import re

import numpy as np
import pytest

from frontier import registry, runs, scaling, selfplay


def test_compute_is_the_published_one_or_six_n_d_or_nothing():
    gpt4 = runs.training_compute("GPT-4")
    assert (*gpt4.range, gpt4.basis) == (2.1e25, 8.2e24, 4.4e25, "estimated")
    assert runs.training_compute("GPT-3") == registry.find("GPT-3").training_flop
    llama = runs.training_compute("LLaMA 13B")
    assert (llama.value, llama.low, llama.basis) == (pytest.approx(6 * 13e9 * 1e12), None, "reported")
    assert runs.training_compute("DALL-E 3") is None


def test_the_compute_of_games_is_the_published_one_of_that_very_run_or_our_count():
    assert runs.training_compute("AlphaZero (Go, preprint)").source == "epoch2025"
    go, counted = runs.training_compute("alphazero (go)"), selfplay.alphazero("Go")
    assert (go.range, go.basis, go.about) == (counted.operations, "estimated", "AlphaZero (Go)")
    assert go.value / 3.14e23 == pytest.approx(1.16, abs=0.01)  # of GPT-3's
    assert runs.training_compute("AlphaZero") is None  # the network, trained once for each game
    assert runs.training_energy("AlphaZero (Go)").about == "AlphaZero (Go)"


def test_compute_counts_the_parameters_that_a_token_passes_through():
    # DeepSeek-AI (2024): 37 of 671 billion parameters, 14.8 trillion tokens
    assert runs.flop("DeepSeek-V3") == pytest.approx(6 * 37e9 * 14.8e12)


@pytest.mark.parametrize("basis", ["estimated", "measured"])
@pytest.mark.parametrize("quantity", ["n_params", "n_tokens"])
def test_a_product_is_as_good_as_what_goes_in(monkeypatch, basis, quantity):
    facts = registry.find("LLaMA 13B").facts
    poor = facts | {quantity: registry.Fact(1e9, None, None, None, "", basis, "touvron2023")}
    monkeypatch.setattr(registry, "find", lambda name: registry.Entry("models", poor))
    assert runs.training_compute("LLaMA 13B").basis == "estimated"


def test_a_bare_compute_is_refused_by_name_where_there_is_none():
    assert runs.flop("GPT-3") == 3.14e23
    with pytest.raises(ValueError, match="name must be a model whose compute is known, got 'DALL-E 3'"):
        runs.flop("DALL-E 3")


def test_energy_is_the_published_one_or_chips_times_power_times_time():
    assert runs.training_energy("GPT-3").value == 1287 * 3.6e9
    chess = runs.training_energy("AlphaZero (chess)")
    # 40 W busy is measured, 75 W is the most that the chip may draw (Jouppi et al. 2017, table 2)
    assert chess.range == pytest.approx([5000 * watts * 9 * 3600 for watts in (75, 40, 75)])
    assert (chess.unit, chess.basis, chess.source) == ("J", "estimated", "jouppi2017")
    fold = runs.training_energy("AlphaFold 2")
    assert fold.range == pytest.approx([64 * watts * 11 * 86_400 for watts in (220, 123, 262)])


@pytest.mark.parametrize(
    "name", ["AlphaFold 1", "AlphaFold 3", "DALL-E"]
)  # no chip, not in the list, no days
def test_energy_is_not_guessed(name):
    assert runs.training_energy(name) is None


def test_energy_by_the_rating_of_chips():
    assert runs.chip_energy(300, 8, 3600, pue=1.5) == 1.296e7
    for name, quantity in (("power", 0), ("n_chips", -1), ("duration", 0), ("pue", 0.9)):
        with pytest.raises(ValueError, match=f"^{name} must be"):
            runs.chip_energy(**{"power": 300, "n_chips": 8, "duration": 3600, name: quantity})


HEAD = "timestamp,project_name,run_id,duration,emissions,energy_consumed,country_name"
# two runs, the first written twice; energies as in an emissions.csv of codecarbon 2.4.2 and one of 2.2.3
TRACKED = [
    "2024-05-27T11:00:00,codecarbon,979336a5,100,0.005,0.01,Singapore",
    "2024-05-27T11:31:35,codecarbon,979336a5,299.8,0.0166,0.03388806064239389,Singapore",
    "2023-12-15T03:06:03,codecarbon,119c2ff3,38115.7,1.9026,5.10692523280082,United States",
]


def test_energy_that_a_tracker_measured(tmp_path):
    path = tmp_path / "emissions.csv"
    path.write_text("\n".join([HEAD, *TRACKED]))
    joules = (0.03388806064239389 + 5.10692523280082) * 3.6e6
    assert runs.tracked_energy(path) == pytest.approx(joules)
    path.write_text("\n".join([HEAD, *TRACKED, TRACKED[1].replace(",codecarbon,", ",other,")]))
    assert runs.tracked_energy(str(path), project="other") == pytest.approx(0.03388806064239389 * 3.6e6)
    for project, said in (
        (None, "project must be given, one of codecarbon, other"),
        ("x", "project must be one"),
    ):
        with pytest.raises(ValueError, match=said):
            runs.tracked_energy(path, project)


@pytest.mark.parametrize("text", ["", HEAD, "a,b\n1,2", f"{HEAD}\nt,p,r,1,1,,S", f"{HEAD}\nt,p,r,1,1,-1,S"])
def test_a_file_without_energy_is_refused(tmp_path, text):
    path = tmp_path / "emissions.csv"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"^path must .*energy_consumed"):
        runs.tracked_energy(path)


def test_a_score_is_one_number_or_refused():
    assert runs.score("GLUE", "BERT-Large", metric="mean of nine") == 82.1
    with pytest.raises(ValueError, match=r"pick one score of 'BERT-Large' on 'GLUE', got .*mean of nine"):
        runs.score("GLUE", "BERT-Large")
    with pytest.raises(ValueError, match="metric must be one of"):
        runs.score("GLUE", "BERT-Large", metric="luck")


def test_a_ladder_gives_the_return_of_each_step():
    size, bought = runs.ladder([f"Llama 3.1 {size}" for size in ("8B", "70B", "405B")], "MMLU")
    assert list(size) == [8e9, 70e9, 405e9]
    assert bought == pytest.approx([12.6 / np.log10(70 / 8), 5.9 / np.log10(405 / 70)])
    one = {"setting": "zero-shot", "metric": "accuracy"}
    _, words = runs.ladder(["GPT-3 XL", "GPT-3"], "LAMBADA", **one)
    assert words == pytest.approx((76.2 - 63.6) / np.log10(174.6 / 1.3160), rel=0.01)


def test_excess_is_one_for_chinchilla_and_a_law_of_draws_gives_as_many():
    found = [runs.excess(name, scaling.BESIROGLU_2024) for name in ("GPT-3", "Chinchilla", "Llama 3.1 405B")]
    assert found == pytest.approx([1.64, 1.00, 1.07], abs=0.01)
    draws = scaling.besiroglu_2024_draws()
    assert np.shape(runs.excess("GPT-3", draws)) == draws.E.shape
    with pytest.raises(ValueError, match="quantity must be known of 'GPT-4'"):
        runs.excess("GPT-4", scaling.BESIROGLU_2024)


RUNS = [[1e7, 2e9, 3.1], [2e7, 1e9, 3.0]]  # size, tokens, loss


@pytest.mark.parametrize(
    ("head", "divider"),
    [
        (("n_params", "n_tokens", "loss"), ","),
        (("Model Size", "Tokens", "Final loss"), ";"),
        (('"N"', '"D"', '"L"'), "\t"),
    ],
)
def test_a_table_of_runs_is_read_under_its_usual_names(tmp_path, head, divider):
    file = tmp_path / "runs.csv"
    lines = [divider.join(head), *(divider.join(map(str, row)) for row in RUNS), ""]
    file.write_text("\ufeff" + "\n".join(lines), encoding="utf-8")
    assert np.array_equal(np.transpose(runs.read_runs(file)), RUNS)


def test_compute_stands_for_tokens_and_rows_can_be_chosen(tmp_path):
    file = tmp_path / "runs.csv"
    file.write_text("Training FLOP,params,loss,kind\n6e17,1e7,3,ours\n9e17,1e7,2,theirs\n,,,\n")
    size, tokens, loss = runs.read_runs(file, kind="ours")
    assert (size.tolist(), tokens.tolist(), loss.tolist()) == ([1e7], [1e10], [3])


@pytest.mark.parametrize(
    ("text", "which", "rule"),
    [
        ("", {}, "path must have a column for n_params and n_tokens or flop and loss, got "),
        ("a,b\n", {}, "path must have a column for n_params and n_tokens or flop and loss, got a, b"),
        ("N,D\n1,2\n", {}, "path must have a column for loss, got N, D"),
        ("N,D,L\n", {}, "path must hold at least one run, got none of any kind"),
        ("N,D,L\n1,2,3\n", {"kind": "ours"}, "which must name columns of the file, got kind"),
        ("N,D,L\n1,2,3\n", {"N": "7"}, r"path must hold at least one run, got none of {'N': '7'}"),
        ("N,D,L\n1,2,3\n1,x,3\n", {}, "path must hold numbers above 0, got 'x' as D in line 3"),
        ("N,D,L\n1,2\n", {}, "path must hold numbers above 0, got None as L in line 2"),
        ("N,D,L\n1,2,-3\n", {}, "path must hold numbers above 0, got '-3' as L in line 2"),
        ("N,D,L\n1,2,nan\n", {}, "path must hold numbers above 0, got 'nan' as L in line 2"),
    ],
)
def test_a_table_that_is_none_is_refused_with_its_place(tmp_path, text, which, rule):
    file = tmp_path / "runs.csv"
    file.write_text(text)
    with pytest.raises(ValueError, match=re.escape(rule)):
        runs.read_runs(file, **which)
