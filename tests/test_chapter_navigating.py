"""The drawings of the chapter on navigating the frontier, against their sources and by hand."""

import re

import numpy as np
import pytest
from series import series

from frontier import ceilings, quantum, registry
from frontier.audit import audit
from frontier.chapters import navigating as draw
from frontier.runs import training_energy
from frontier.show import figure

PEAK, TREND = "The chips' own peak", ceilings.trend()
ROOMS = {
    "GPT-3": {PEAK: [0.7, 0.7], "Landauer": [8.2, 9.7], "CMOS": [4.8, 4.8]},
    "DALL-E": {"Landauer": [7.8, 9.6], "CMOS": [4.5, 4.9]},
    "Llama 3.1 405B": {law: [k, k + 1.0] for k, law in enumerate(draw.MARKS)},
}
RUNGS = {name: float(np.median(flop)) for name, flop in ceilings.near(ceilings.published()).items()}
RUNGS = {ceilings.NEAR[name]: flop for name, flop in RUNGS.items()}
RUNGS |= {name: float(np.sqrt(low * high)) for name, (low, high) in ceilings.far().items()}


def test_the_lever_figure_has_a_dot_and_an_interval_for_each():
    _fig, ax = figure()
    words = draw.lever_bars(ax, ceilings.levers())
    for name, (value, low, high) in ceilings.levers().items():
        assert series(ax, name)[0] == value
        assert series(ax, f"{name}, range")[0].tolist() == [low, high]
        assert name in words


def test_the_progress_of_algorithms_is_what_the_papers_say():
    rates = [row["times a year"] for row in draw.algorithms()]
    assert rates == ["2.8 (1.8 to 5.3)", "2.8 (1.5 to 64)", "2.2", "at most 1.5", "11"]


def test_energies_by_hand():
    found = draw.energies()
    least = {name: float(joules) for name, (joules, _most) in found.items()}
    assert least[draw.PLAYED] == pytest.approx(5000 * 75 * 34 * 3600, rel=1e-5)
    assert least["BERT-Large"] == pytest.approx(64 * 280 * 4 * 86_400)
    assert least["AlphaFold 2"] == pytest.approx(64 * 220 * 11 * 86_400)
    assert least["GPT-3"] == pytest.approx(1287 * 3.6e9)
    low, high = found["DALL-E"]
    assert high == 2 * low == pytest.approx(4.7e22 * 300 / (125e12 * 0.2))


def test_alphazeros_distances_are_those_of_one_run_of_34_hours():
    run, each = draw.runs()[draw.PLAYED][0], 5000 * 75 * 34 * 3600 / 3.67e22  # joules an operation
    assert run.energy / run.flop == pytest.approx(each, rel=1e-5)
    assert audit(run).row("Landauer").orders == pytest.approx(np.log10(each / (32 * 2.870979e-21)), abs=1e-4)
    assert 5000 * registry.number("TPU v1", "int8_per_second") * 34 * 3600 > run.flop


@pytest.mark.parametrize("other", ["AlphaZero (Go)", "AlphaZero (chess)"])
@pytest.mark.parametrize("name", [draw.PLAYED, "DALL-E"])
def test_energy_of_another_run_is_refused(name, other):
    joules = training_energy(other)
    with pytest.raises(ValueError, match=re.escape(f"of {name!r}, energy of {other!r}")):
        draw.run_of(name, joules, 1)


def test_the_six_runs_are_what_is_known_and_assumed_of_them():
    found = draw.runs()
    near, far = (audit(run) for run in found["GPT-3"])
    ends = near.row("Landauer").orders, far.row("Landauer").orders
    assert ends == pytest.approx((8.2, 9.7), abs=0.05)
    assert ends[1] - ends[0] == pytest.approx(np.log10(32))
    assert near.row("Bekenstein").orders == pytest.approx(np.log10(2.577e42 / (16 * 174.6e9)), abs=0.01)
    assert found[draw.PLAYED][0].n_params == 2 * 20 * 256**2 * 9  # twenty blocks of two layers
    assert found[draw.PLAYED][0].days == pytest.approx(34 / 24, rel=1e-5)
    assert found["BERT-Large"][0].chip == "TPU v2"
    assert found["Llama 3.1 405B"][0].days == pytest.approx(30.84e6 / 16_384 / 24)
    assert audit(found["DALL-E"][0]).row(PEAK).orders is None


def test_the_link_is_the_lane_of_the_chapter_on_shannon():
    run, _ = draw.runs()["GPT-3"]
    assert (run.link_bits_per_second, run.link_bandwidth) == (100e9, 53.125e9 / 2)
    assert audit(run).row("Shannon").bound == pytest.approx(draw.lane().capacity)


def test_the_runs_in_one_number_for_each_limit():
    assert draw.across(ROOMS, "CMOS") == (1, 4.9)
    assert draw.across(ROOMS, PEAK) == (0, 1)
    # DALL-E has no peak: the mean of 4.8 - 0.7 and of 1.5 - 0.5
    assert draw.apart(ROOMS, PEAK, "CMOS") == pytest.approx((4.1 + 1.0) / 2)


def test_the_audit_figure_marks_every_known_distance():
    _fig, ax = figure()
    words = draw.audits(ax, ROOMS)
    for name, row in ROOMS.items():
        for law, ends in row.items():
            assert series(ax, f"{name}: {law}, range")[0].tolist() == ends
            assert series(ax, f"{name}: {law}")[0] == np.mean(ends)
    assert len(ax.lines) == 2 * sum(map(len, ROOMS.values()))
    assert "GPT-3: The chips' own peak 0.7, Landauer 8.2 to 9.7" in words


def test_the_audit_table_has_a_dash_where_nothing_is_known():
    runs = draw.runs()
    rooms = {name: ROOMS.get(name, ROOMS["GPT-3"]) for name in runs}
    rows = {row["model"]: row for row in draw.audit_table(runs, rooms)}
    assert list(rows) == ["BERT-Large", "AlphaFold 2", draw.PLAYED, "DALL-E", "GPT-3", "Llama 3.1 405B"]
    assert (rows["DALL-E"]["peak"], rows["DALL-E"]["heat"]) == ("—", "7.8 to 9.6")
    assert rows["GPT-3"]["run"] == "3.1 × 10²³ FLOP with 4.6 × 10¹² joules"


def test_the_quantum_search_is_the_simulated_one():
    _fig, ax = figure()
    found = quantum.simulate_grover(1024, 80).success
    words = draw.grover(ax, found, 1024, 25)
    assert np.array_equal(series(ax, "quantum")[1], found)
    assert series(ax, "classical")[1][[0, 80]].tolist() == [1 / 1024, 81 / 1024]
    assert "0.999 after 25 queries" in words


def test_error_correction_and_break_even_are_those_of_the_papers():
    rows = draw.error_correction()
    assert [row["distance"] for row in rows] == ["27", "51", "63"]
    assert rows[0]["qubits for one"] == "1,457"  # Nature 638, 920
    assert rows[2]["qubits for one"] == "7,937 (7,937 to 8,449)"
    quadratic, _cubic, quartic = draw.break_even_table()
    assert quadratic["against 1 processor"] == "2.4 hours"  # Table I of Babbush et al.
    assert quadratic["against 1,000"] == "100 days"
    assert quartic["against 1,000"] == "14 seconds"
    assert quadratic["and gates 10 times as fast"] == "1 day"  # as t_Q squared: a hundredth
    assert [row["qubits"] for row in draw.factoring()] == [
        "20 million",
        "under 1 million",
        "under 100 thousand",
        "from 10 thousand",
    ]


def test_the_ladder_passes_limits_in_order():
    assert draw.reached(0, RUNGS, TREND)[0] == []
    passed, ahead = draw.reached(14, RUNGS, TREND)
    assert ahead == "a bit per atom, 1 kg"
    assert set(passed) < set(RUNGS)
    everything, none = draw.reached(61, RUNGS, TREND)
    assert none is None
    assert len(everything) == len(RUNGS)
    said = [draw.ladder(figure()[1], RUNGS, TREND, orders) for orders in (0, 14, 61)]
    assert said[0].startswith("2026 at today's pace: 0 of 12 limits passed, the next 1.7 orders")
    assert said[2].endswith("none further.")


def test_the_one_screen():
    found = draw.one_screen(ROOMS["Llama 3.1 405B"], RUNGS, 0.1)
    rows = {row["limit"]: row["orders left"] for row in found}
    assert rows["Landauer"] == "2.0 to 3.0"
    assert float(rows["Text"]) == pytest.approx(np.log10(RUNGS["text"] / 1e27), abs=0.05)
    assert rows["Shannon"] == "0.1"
