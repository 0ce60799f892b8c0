"""Quantum computers and their price: against published numbers, brute force, and what must always hold."""

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from frontier import quantum
from frontier.quantum import (
    break_even,
    classical_queries,
    grover_queries,
    holevo_bits,
    required_distance,
    simulate_grover,
    surface_code_qubits,
)

HOUR, DAY, YEAR = 3600.0, 86_400.0, 365.25 * 86_400
# Nature 638, 920: Lambda, and the prefactor that 0.143% at distance 7 fixes
LAMBDA, WILLOW = 2.14, 1.43e-3 * 2.14**4


def success(n_items, n_queries, n_marked=1):
    """Return the closed form of Boyer et al. (1998): sin^2((2k + 1) theta), sin^2 theta = M/N."""
    return np.sin((2 * np.asarray(n_queries) + 1) * np.arcsin(np.sqrt(n_marked / n_items))) ** 2


def search_sizes(most=10**6):
    """Strategy for a number of items and of marked ones among them."""
    return st.integers(1, most).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n)))


# --- Grover: how many queries ------------------------------------------------------------------------


@pytest.mark.parametrize(("n_items", "best"), [(4, 1), (8, 2), (16, 3), (10**6, 785), (10**12, 785_398)])
def test_the_best_number_of_queries_is_the_published_one(n_items, best):
    assert grover_queries(n_items) == best


@given(n=st.integers(1, 10**9))
def test_one_query_is_best_where_a_quarter_is_marked(n):
    assert grover_queries(4 * n, n) == 1


def test_a_search_of_a_128_bit_key_takes_the_square_root():
    assert grover_queries(2**128) == pytest.approx(np.pi / 4 * 2**64, rel=1e-12)
    assert success(2**128, grover_queries(2**128)) == pytest.approx(1, abs=1e-12)


@given(size=search_sizes(400))
def test_the_best_number_is_the_first_peak(size):
    n, m = size
    best = grover_queries(n, m)
    curve = success(n, np.arange(int(best) + 2), m)
    assert np.all(np.diff(curve[:-1]) > 0)
    assert curve[-1] <= curve[-2] + 1e-12


@given(size=search_sizes(10**12))
def test_at_the_peak_the_search_fails_with_probability_m_over_n_at_most(size):
    n, m = size
    assert 1 - success(n, grover_queries(n, m), m) <= m / n + 1e-9


@given(n=st.integers(10, 10**15))
def test_the_peak_is_pi_over_four_root_n_to_within_one_query(n):
    assert np.pi / 4 * np.sqrt(n) - 1 <= grover_queries(n) <= np.pi / 4 * np.sqrt(n)


def test_half_marked_is_guessed_as_well_as_searched():
    assert success(10, 0, 5) == pytest.approx(success(10, 1, 5))
    for half in (1, 5, 13, 5 * 10**14):  # one query exactly, but for the rounding of the phase
        assert grover_queries(2 * half, half) == 0
        assert grover_queries(2 * half + 1, half + 1) == 0
    assert_array_equal(grover_queries([3, 7, 4, 100], [2, 7, 1, 49]), [0, 0, 1, 1])


@pytest.mark.parametrize(("n_items", "n_marked"), [(1, 1), (5, 1), (6, 2), (7, 3), (4, 4)])
def test_the_classical_mean_is_that_of_all_orders(n_items, n_marked):
    # All sets of marked items, one order of looking: the mean over orders is the same.
    firsts = [1 + min(marked) for marked in combinations(range(n_items), n_marked)]
    assert classical_queries(n_items, n_marked) == pytest.approx(np.mean(firsts), rel=1e-14)
    if n_items < 7:
        marked = set(range(n_marked))
        orders = [next(i for i, x in enumerate(p, 1) if x in marked) for p in permutations(range(n_items))]
        assert classical_queries(n_items, n_marked) == pytest.approx(np.mean(orders), rel=1e-14)


def test_more_marked_than_items_is_refused_where_it_happens():
    with pytest.raises(ValueError, match=r"n_marked must be at most n_items \(3\), got 4"):
        grover_queries([[9], [3]], [2, 4])


# --- Grover: the simulation --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n_items", "n_queries", "found"), [(4, 1, 1.0), (8, 2, 0.945), (16, 3, 0.961), (16, 4, 0.582)]
)
def test_small_searches_succeed_as_published(n_items, n_queries, found):
    assert simulate_grover(n_items, n_queries).success[-1] == pytest.approx(found, abs=5e-4)


@pytest.mark.parametrize(("n_items", "n_marked"), [(1, 1), (2, 1), (7, 2), (8, 5), (64, 1), (100, 3), (9, 9)])
def test_the_closed_form_is_what_the_state_vector_gives(n_items, n_marked):
    run = simulate_grover(n_items, 20, n_marked)
    assert_allclose(run.success, success(n_items, np.arange(21), n_marked), atol=1e-12)


@pytest.mark.parametrize("marked", [[5], [0, 6], [1, 2, 7]])
def test_a_circuit_of_gates_does_the_same(marked):
    # Three qubits: Hadamards, a sign on marked items, Hadamards, a sign on all but |000>, Hadamards.
    hadamard = np.array([[1, 1], [1, -1]]) / np.sqrt(2)
    everywhere = np.kron(hadamard, np.kron(hadamard, hadamard))
    oracle = np.diag([-1.0 if item in marked else 1.0 for item in range(8)])
    about_zero = np.diag([1.0] + 7 * [-1.0])
    state = everywhere @ np.eye(8)[0]
    for found in simulate_grover(8, 11, len(marked)).success:
        assert np.sum(state[marked] ** 2) == pytest.approx(found, abs=1e-12)
        state = everywhere @ about_zero @ everywhere @ oracle @ state


def test_the_simulation_keeps_its_state_normal_and_marks_what_it_says():
    run = simulate_grover(50, 4, 3, seed=1)
    assert np.sum(run.amplitudes**2) == pytest.approx(1, abs=1e-12)
    assert np.sum(run.amplitudes[run.marked] ** 2) == pytest.approx(run.success[-1], abs=1e-12)
    assert run.marked.size == np.unique(run.marked).size == 3
    assert_array_equal(run.marked, np.sort(run.marked))
    assert np.ptp(np.delete(run.amplitudes, run.marked)) < 1e-12
    assert np.ptp(run.amplitudes[run.marked]) < 1e-12


def test_every_item_is_marked_equally_often_and_the_seed_decides_which():
    # 8,000 draws of 1 of 8: chi-square with 7 degrees of freedom exceeds 42 in 5 of 10 million seeds.
    rng = np.random.default_rng(0)
    counts = np.bincount([simulate_grover(8, 0, seed=rng).marked[0] for _ in range(8000)], minlength=8)
    assert np.sum((counts - 1000) ** 2 / 1000) < 42
    first, same, other = (simulate_grover(1000, 0, 5, seed=seed).marked for seed in (3, 3, 4))
    assert_array_equal(first, same)
    assert not np.array_equal(first, other)


def test_a_simulation_too_large_is_refused_with_the_count(monkeypatch):
    with pytest.raises(ValueError, match=r"n_items must be at most 16777216 .* got 16777217 amplitudes"):
        simulate_grover(2**24 + 1, 0)
    with pytest.raises(ValueError, match=r"n_items times n_queries .* 2147483648, got 2147483904 updates"):
        simulate_grover(256, 2**23 + 1)
    monkeypatch.setattr(quantum, "MAX_UPDATES", 40)
    monkeypatch.setattr(quantum, "MAX_AMPLITUDES", 10)
    assert simulate_grover(10, 4).success.size == 5  # at both limits


# --- The surface code --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target_error", "distance", "qubits"),
    [(1e-6, 27, 1457), (1e-9, 45, 4049), (1e-10, 51, 5201), (1e-12, 63, 7937), (1.43e-3 * 1.001, 7, 97)],
)
def test_the_measured_lambda_asks_for_the_published_distance(target_error, distance, qubits):
    # The first row is printed in Nature 638, 920, and so is the experiment of the last, which had 101 qubits,
    # four of them against leakage; the others are the same arithmetic.
    assert required_distance(target_error, 1 / LAMBDA, WILLOW) == distance
    assert surface_code_qubits(distance) == qubits


@pytest.mark.parametrize("distance", [3, 5, 7, 9])
def test_qubits_are_the_data_and_the_faces_of_the_rotated_lattice(distance):
    # Corners of a (d + 1) by (d + 1) grid of faces: all inner ones, every second one along two edges each.
    data = distance * distance
    inner = (distance - 1) ** 2
    edges = 4 * (distance - 1) // 2
    assert surface_code_qubits(distance) == data + inner + edges


def test_large_distances_do_not_wrap_around():
    assert surface_code_qubits(2**40 + 1) == pytest.approx(2 * (2**40 + 1) ** 2 - 1, rel=1e-15)


@given(
    target=st.floats(-30, 0).map(lambda x: 10**x),
    ratio=st.floats(0.01, 0.999),
    prefactor=st.floats(-3, 2).map(lambda x: 10**x),
)
def test_the_required_distance_suffices_and_the_one_before_does_not(target, ratio, prefactor):
    distance = required_distance(target, ratio, prefactor)
    assert distance >= 3
    assert distance % 2 == 1
    assert prefactor * ratio ** ((distance + 1) / 2) <= target
    if distance > 3:
        assert prefactor * ratio ** ((distance - 1) / 2) > target


def test_a_distance_is_found_again_from_its_own_error():
    # The targets lie exactly on the formula, where rounded logarithms miss by one step, to either side.
    rng = np.random.default_rng(0)
    half = rng.integers(2, 61, 20_000)
    ratio, prefactor = rng.uniform(0.01, 0.99, (2, 20_000))
    target = prefactor * ratio ** half.astype(float)
    assert_array_equal(required_distance(target, ratio, prefactor), 2 * half - 1)
    below = np.nextafter(target, 0)
    assert_array_equal(required_distance(below, ratio, prefactor), 2 * half + 1)


def test_an_easy_target_takes_the_smallest_code():
    assert required_distance(1, 0.5, 1e-3) == 3
    assert required_distance(1, 0.5, 3.9) == 3


def test_the_threshold_and_certainty_are_refused():
    with pytest.raises(ValueError, match="ratio must be below 1, the threshold, got 1"):
        required_distance(1e-6, 1, 0.1)
    with pytest.raises(ValueError, match=r"target_error must be between 0 and 1, got 1.5"):
        required_distance(1.5, 0.5, 0.1)
    for distance, rule in ((1, "at least 3"), (4, "odd"), (5.5, "a whole number")):
        with pytest.raises(ValueError, match=f"distance must be {rule}, got {distance}"):
            surface_code_qubits(distance)


# --- Break-even --------------------------------------------------------------------------------------

# Table I of Babbush et al. (2021): t_Q, t_C, degree, S, and the time as printed, to half of its last digit.
LEAST, ANNEALING = (17e-3, 33e-9), (440e-3, 7e-9)


@pytest.mark.parametrize(
    ("times", "degree", "n_processors", "printed", "unit", "half_digit"),
    [
        (LEAST, 2, 1, 2.4, HOUR, 0.05),
        (LEAST, 2, 1e3, 100, DAY, 5),
        (LEAST, 2, 1e6, 280, YEAR, 5),
        (LEAST, 4, 1e3, 14, 1, 0.5),
        (ANNEALING, 2, 1, 320, DAY, 5),
        (ANNEALING, 2, 1e3, 880, YEAR, 5),
        (ANNEALING, 2, 1e6, 880e3, YEAR, 5e3),
        (ANNEALING, 4, 1e6, 4.9, HOUR, 0.05),
    ],
)
def test_break_even_takes_as_long_as_babbush_table_i(times, degree, n_processors, printed, unit, half_digit):
    level = break_even(*times, degree=degree, n_processors=n_processors)
    assert level.duration / unit == pytest.approx(printed, abs=half_digit)


@pytest.mark.parametrize(
    ("times", "n_processors", "printed", "half_digit"),
    [(LEAST, 1, 5.2e5, 5e3), (LEAST, 1e3, 5.2e8, 5e6), (LEAST, 1e6, 5.2e11, 5e9), (ANNEALING, 1, 6.3e7, 5e5)],
)
def test_break_even_takes_as_many_calls_as_babbush_table_i(times, n_processors, printed, half_digit):
    assert break_even(*times, n_processors=n_processors).n_calls == pytest.approx(printed, abs=half_digit)


@given(
    slow=st.floats(-6, 3).map(lambda x: 10**x),
    fast=st.floats(-12, -6).map(lambda x: 10**x),
    degree=st.floats(1.5, 8),
    n_processors=st.floats(1, 1e6),
)
def test_at_break_even_both_sides_take_as_long(slow, fast, degree, n_processors):
    calls, duration = break_even(slow, fast, degree=degree, n_processors=n_processors)
    assert duration == pytest.approx(calls * slow, rel=1e-12)
    assert duration == pytest.approx(calls**degree * fast / n_processors, rel=1e-9)
    # one per cent more calls, and the quantum computer is ahead
    assert 1.01 * calls * slow < (1.01 * calls) ** degree * fast / n_processors


def test_the_usual_speed_up_is_quadratic_and_against_one_processor():
    assert break_even(1, 1e-6) == break_even(1, 1e-6, degree=2, n_processors=1)
    assert break_even(1, 1e-6).n_calls == pytest.approx(1e6)
    assert break_even(1e-6, 1).n_calls == pytest.approx(1e-6)  # ahead from the first call


def test_qubits_carry_their_number():
    assert_array_equal(holevo_bits([0, 1, 53]), [0, 1, 53])
