"""The drawings of the chapter on navigating the frontier, against their sources and by hand."""

import numpy as np
import pytest

from frontier import quantum, registry
from frontier.audit import audit
from frontier.chapters import navigating as draw
from frontier.chapters import which_binds_first as limits
from frontier.show import figure


def test_levers_are_the_published_ones():
    found = draw.levers()
    assert found["algorithms, language, a year (preprint)"] == pytest.approx((2.83, 1.81, 5.28), abs=0.01)
    assert found["algorithms, language, a year (printed)"] == pytest.approx((2.83, 1.46, 64), abs=0.01)
    assert found["algorithms, vision, seven years"][0] == 44
    assert found["algorithms, Go, KataGo"][0] == 50
    assert found["sparsity, DeepSeek-V3"][0] == pytest.approx(671 / 37)
    assert found["chips, V100 to B200, per joule"][0] == pytest.approx(2250 / 1000 / (125 / 300))
    assert found["4 bits for 16, one chip"][0] == 4
    assert all(low <= value <= high for value, low, high in found.values())


def test_the_lever_figure_has_a_dot_and_an_interval_for_each():
    _fig, ax = figure()
    words = draw.lever_bars(ax)
    assert len(ax.lines) == 2 * len(draw.levers())
    assert all(name in words for name in draw.levers())


def test_energies_by_hand():
    found = draw.energies()
    assert found["AlphaZero"][0] == pytest.approx(5000 * 75 * 13 * 86_400)
    assert found["BERT-Large"][0] == pytest.approx(64 * 280 * 4 * 86_400)
    assert found["AlphaFold 2"][0] == pytest.approx(64 * 220 * 11 * 86_400)
    assert found["GPT-3"][0] == pytest.approx(1287 * 3.6e9)
    low, high = found["DALL-E"]
    assert high == 2 * low == pytest.approx(4.7e22 * 300 / (125e12 * 0.2))


def test_alphazeros_compute_does_not_fit_into_the_hours_of_chess():
    most = 5000 * registry.find("TPU v1").int8_per_second.value * 9 * 3600
    assert registry.find("AlphaZero").training_flop.value > 2 * most


def test_distances_follow_from_the_laws():
    found = draw.distances()
    assert set(found) == set(draw.MODELS)
    low, high = found["GPT-3"]["Landauer"]
    assert (low, high) == pytest.approx((8.2, 9.7), abs=0.05)
    assert high - low == pytest.approx(np.log10(32))
    # 2.05e-12 J per FLOP against 1 / 4.7e15 J
    assert found["Llama 3.1 405B"]["CMOS"][0] == pytest.approx(np.log10(7.77168e13 / 3.8e25 * 4.7e15))
    assert found["GPT-3"]["Bekenstein"][0] == pytest.approx(np.log10(2.577e42 / (16 * 174.6e9)), abs=0.01)
    assert found["DALL-E"]["The chips' own peak"] is None
    assert 10 ** -found["AlphaZero"]["The chips' own peak"][0] == pytest.approx(0.07, abs=0.005)


def test_the_runs_in_one_number_for_each_limit():
    found = draw.distances()
    assert draw.across("CMOS") == (found["Llama 3.1 405B"]["CMOS"][0], found["GPT-3"]["CMOS"][1])
    assert draw.across("The chips' own peak")[1] == found["AlphaZero"]["The chips' own peak"][1]
    # the five runs with a known peak used 0.54, 0.40, 0.07, 0.20 and 0.35 of it: 0.60 orders, CMOS 4.52
    assert draw.apart("The chips' own peak", "CMOS") == pytest.approx(4.52 - 0.60, abs=0.02)
    assert draw.apart("CMOS", "Landauer") == pytest.approx(
        np.log10(1 / (4.7e15 * 2.871e-21)) - np.log10(32) / 2, abs=0.001
    )


def test_what_levers_have_gained_leaves_out_what_is_to_come():
    assert draw.gained() == (pytest.approx(2**1.5), 50)


def test_the_link_is_the_lane_of_the_chapter_on_shannon():
    lane = draw.lane()
    run = draw.run_of("GPT-3", 1.0, 1)
    assert run.link_bits_per_second == 100e9
    assert run.link_bandwidth == 53.125e9 / 2
    assert audit(run).row("Shannon").bound == pytest.approx(lane.capacity)


def test_the_audit_figure_marks_every_known_distance():
    _fig, ax = figure()
    words = draw.audits(ax)
    known = sum(ends is not None for row in draw.distances().values() for ends in row.values())
    assert len(ax.lines) == 2 * known
    assert "GPT-3: The chips' own peak 0.7, Landauer 8.2 to 9.7" in words
    assert [row["model"] for row in draw.audit_table()] == list(draw.MODELS)


def test_the_quantum_search_is_the_simulated_one():
    _fig, ax = figure()
    words = draw.grover(ax)
    assert np.allclose(ax.lines[0].get_ydata(), quantum.grover_success(1024, np.arange(81)))
    assert "0.999 after 25 queries" in words


def test_error_correction_and_break_even_are_those_of_the_papers():
    rows = draw.error_correction()
    assert [row["distance"] for row in rows] == ["27", "51", "63"]
    assert rows[0]["qubits for one"] == "1,457"  # Nature 638, 920
    quadratic, _cubic, quartic = draw.break_even_table()
    assert quadratic["against 1 processor"] == "2.4 hours"  # Table I of Babbush et al.
    assert quadratic["against 1,000"] == "100 days"
    assert quartic["against 1,000"] == "14 seconds"


def test_the_ladder_passes_limits_in_order():
    found = draw.middles()
    assert draw.reached(0, found)[0] == []
    passed, ahead = draw.reached(14, found)
    assert ahead == "a bit per atom, 1 kg"
    assert set(passed) < set(found)
    everything, none = draw.reached(61, found)
    assert none is None
    assert len(everything) == len(found)
    said = [draw.ladder(figure()[1], orders) for orders in (0, 14, 61)]
    assert "0 of 12 passed, the next 3.1 further" in said[0]
    assert said[2].endswith("none further.")


def test_effective_growth_and_the_one_screen():
    value, low, high = draw.effective_growth()
    assert value == pytest.approx(4.5 * 2**1.5)
    assert low < value < high
    rows = {row["limit"]: row["orders left"] for row in draw.one_screen()}
    assert rows["Landauer"] == "7.3 to 8.9"
    assert float(rows["Text"]) == pytest.approx(
        np.log10(draw.middles()["text"] / limits.latest_flop()), abs=0.05
    )
