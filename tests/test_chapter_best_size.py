"""The drawings of the chapter on the best model for a budget say what they drew."""

import re

import nbformat
import numpy as np
import pytest
from conftest import ROOT
from series import series

from frontier import fitting, measuring, scaling, sweep
from frontier.chapters import best_size as draw
from frontier.show import figure

LAW = scaling.BESIROGLU_2024


def test_rows_of_allocations_have_tokens_for_each_parameter():
    (row,) = draw.allocations({"GPT-3 as it was": (174.6e9, 300e9)}, 3.14e23)
    assert list(row.values()) == ["GPT-3 as it was", "175 billion", "300 billion", "1.7"]


def test_tokens_per_param_draws_each_rule_and_marks_what_models_saw():
    flop = np.array([1e20, 5.76e23])
    names = ("approach 1", "approach 3, as printed", "approach 3, unrounded")
    rules = {name: np.ones(2) for name in ("Kaplan 2020", *(f"Hoffmann 2022, {x}" for x in names))}
    rules["Besiroglu 2024"] = LAW.optimal(flop).tokens_per_param
    _fig, ax = figure()
    words = draw.tokens_per_param(
        ax, flop, rules, np.array([[4, 8], [43, 36]]), {"Chinchilla": (5.76e23, 20)}
    )
    for name, each in rules.items():
        np.testing.assert_array_equal(series(ax, name)[1], each)
    assert series(ax, "Chinchilla") == (5.76e23, 20)
    assert words.endswith("widens to 8 to 36. Marked: Chinchilla at 20.0.")


def test_each_model_is_drawn_over_six_and_marked_where_it_was_trained():
    contexts = 2.0 ** np.arange(10, 18)
    over = {name: np.linspace(1, top, 8) for name, top in zip("abcd", (5, 3, 2, 1.5), strict=True)}
    _fig, ax = figure()
    words = draw.over_six(ax, contexts, over, {"c": (2048, 1.01)})
    for name, ratio in over.items():
        np.testing.assert_array_equal(series(ax, name), [contexts, ratio])
    assert series(ax, "c in training") == (2048, 1.01)
    assert "a from 1.00 to 5.00" in words
    assert words.endswith("In training: c 1.01 at 2,048.")


def test_isoflop_marks_the_least_loss():
    _fig, ax = figure()
    words = draw.isoflop(ax, LAW, 1e22)
    dot = series(ax, "best size")
    assert dot == pytest.approx((LAW.optimal(1e22).n_params, LAW.optimal(1e22).loss))
    assert min(series(ax, "this budget")[1]) >= dot[1]
    assert "least loss 2.14 nats" in words


def test_the_measured_frontier_lies_below_every_curve_and_dot():
    _fig, ax = figure()
    ours, made = sweep.runs(), sweep.runs("prediction")
    trunks = {n: sweep.curve(ours.run[ours.n_params == n][-1]) for n in np.unique(ours.n_params)}
    best = measuring.envelope(ours.flop, ours.n_params, ours.loss)
    words = draw.training_curves(ax, ours, trunks, best, made)
    flop, loss = series(ax, "the frontier")
    assert np.all(ours.loss >= np.interp(ours.flop, flop, loss) - 2e-3)
    np.testing.assert_array_equal(series(ax, "end points"), [ours.flop, ours.loss])
    np.testing.assert_array_equal(series(ax, "one run more"), [made.flop, made.loss])
    assert words.startswith(f"Training curves of {len(trunks)} models from 3,264 to 1,262,592 parameters")
    assert f"continues it at {made.loss[0]:.2f}" in words


def test_the_exponents_of_our_runs_by_three_ways_agree_with_one_another_and_stand_in_the_table():
    ours = sweep.runs()
    law = fitting.fit(ours.n_params, ours.n_tokens, ours.loss).law
    spent = ours.n_params, ours.n_tokens, ours.flop
    found = [
        measuring.envelope(ours.flop, ours.n_params, ours.loss).size_exponent,
        measuring.isoflop_minima(ours.budget, ours.n_params, ours.loss).size_exponent,
        measuring.parametric_minima(law, np.unique(ours.budget), *spent).size_exponent,
    ]
    flop = np.unique(ours.budget)
    by_6nd = np.polyfit(np.log(flop), np.log(law.optimal(flop).n_params), 1)[0]
    assert [*found, by_6nd] == pytest.approx([0.52, 0.50, 0.53, 0.50], abs=0.005)
    table = draw.exponents([*found, by_6nd], [np.array([0.3, 0.6])] * 4, {"Besiroglu 2024": (0.513, "6ND")})
    assert [row["FLOP"] for row in table] == ["all", "all", "all", "6ND", "6ND"]
    assert [row["exponent"][:4] for row in table] == ["0.52", "0.50", "0.53", "0.50", "0.51"]
    assert table[3]["exponent"] == "0.50 (0.30 to 0.60)"


def test_the_exponent_by_6nd_is_that_of_the_fit_which_the_page_on_reuse_prints():
    """One fit of one set of runs stands on two pages; each row names its count of FLOP, and these agree."""
    here, there = (
        "\n".join(
            output.get("data", {}).get("text/plain", "")
            for cell in nbformat.read(ROOT / "book" / f"{name}.ipynb", as_version=4).cells
            for output in cell.get("outputs", [])
        )
        for name in ("best-size", "reuse")
    )
    alpha, beta = (float(re.search(rf"^{name} +(\S+)", there, re.M)[1]) for name in ("alpha", "beta"))
    (printed,) = re.findall(r"^ours, 3, parametric fit +6ND +(\S+)", here, re.M)
    assert float(printed) == pytest.approx(beta / (alpha + beta), abs=0.006)
    assert re.findall(r"^ours, (\d), .*? +(?:all|6ND) ", here, re.M) == ["1", "2", "3", "3"]
