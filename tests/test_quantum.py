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
    grover_success,
    holevo_bits,
    holevo_information,
    logical_error,
    required_distance,
    simulate_grover,
    superdense_bits,
    surface_code_qubits,
    toffoli_time,
)

HOUR, DAY, YEAR = 3600.0, 86_400.0, 365.25 * 86_400
LAMBDA, WILLOW = (
    2.14,
    1.43e-3 * 2.14**4,
)  # Nature 638, 920: Lambda, and the prefactor that 0.143% at d = 7 fixes

# One valid call of each function that broadcasts; break_even is represented by its run time.
CALLS = {
    grover_success: {"n_items": 100, "n_queries": 3, "n_marked": 2},
    grover_queries: {"n_items": 100, "n_marked": 2},
    classical_queries: {"n_items": 100, "n_marked": 2},
    surface_code_qubits: {"distance": 5},
    logical_error: {"distance": 5, "ratio": 0.2, "prefactor": 0.1},
    required_distance: {"target_error": 1e-6, "ratio": 0.2, "prefactor": 0.1},
    toffoli_time: {"distance": 30, "cycle_time": 1e-6},
    break_even: {"quantum_time": 1e-2, "classical_time": 1e-8, "degree": 3, "n_processors": 10},
    holevo_bits: {"n_qubits": 3},
    superdense_bits: {"n_qubits": 3, "n_pairs": 2},
}
each_function = pytest.mark.parametrize("function", CALLS, ids=lambda f: f.__name__)
each_argument = pytest.mark.parametrize(
    ("function", "name"),
    [(f, name) for f, valid in CALLS.items() for name in valid],
    ids=lambda x: getattr(x, "__name__", x),
)
WHOLE = {"n_items", "n_queries", "n_marked", "distance", "n_qubits", "n_pairs"}


def search_sizes(most=10**6):
    """Strategy for a number of items and of marked ones among them."""
    return st.integers(1, most).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n)))


# --- Grover: what others published -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n_items", "n_queries", "success"), [(4, 1, 1.0), (8, 2, 0.945), (16, 3, 0.961), (16, 4, 0.582)]
)
def test_small_searches_succeed_as_published(n_items, n_queries, success):
    assert grover_success(n_items, n_queries) == pytest.approx(success, abs=5e-4)


@pytest.mark.parametrize(("n_items", "best"), [(4, 1), (8, 2), (16, 3), (10**6, 785), (10**12, 785_398)])
def test_the_best_number_of_queries_is_the_published_one(n_items, best):
    assert grover_queries(n_items) == best


def test_a_state_turned_so_often_that_its_phase_is_lost_is_refused():
    assert grover_success(4, 47_746_483) == pytest.approx(1)  # k = 1, and every third after it
    for queries in (10**9, 1e308):
        with pytest.raises(ValueError, match=r"^n_queries must turn the state by at most 1e\+08 radians"):
            grover_success([4, 16], queries)


@given(n=st.integers(1, 10**9))
def test_one_query_is_certain_where_a_quarter_is_marked(n):
    assert grover_success(4 * n, 1, n) == pytest.approx(1, abs=1e-12)
    assert grover_queries(4 * n, n) == 1


def test_a_search_of_a_128_bit_key_takes_the_square_root():
    assert grover_queries(2**128) == pytest.approx(np.pi / 4 * 2**64, rel=1e-12)
    assert grover_success(2**128, grover_queries(2**128)) == pytest.approx(1, abs=1e-12)
    assert grover_success(2**128, 0) == pytest.approx(2.0**-128, rel=1e-12)


# --- Grover: against brute force ---------------------------------------------------------------------


@pytest.mark.parametrize(("n_items", "n_marked"), [(1, 1), (2, 1), (7, 2), (8, 5), (64, 1), (100, 3), (9, 9)])
def test_the_closed_form_is_what_the_state_vector_gives(n_items, n_marked):
    run = simulate_grover(n_items, 20, n_marked)
    assert_allclose(run.success, grover_success(n_items, np.arange(21), n_marked), atol=1e-12)
    assert run.success.shape == (21,)


@pytest.mark.parametrize("marked", [[5], [0, 6], [1, 2, 7]])
def test_a_circuit_of_gates_does_the_same(marked):
    # Three qubits: Hadamards, a sign on marked items, Hadamards, a sign on all but |000>, Hadamards.
    hadamard = np.array([[1, 1], [1, -1]]) / np.sqrt(2)
    everywhere = np.kron(hadamard, np.kron(hadamard, hadamard))
    oracle = np.diag([-1.0 if item in marked else 1.0 for item in range(8)])
    about_zero = np.diag([1.0] + 7 * [-1.0])
    state = everywhere @ np.eye(8)[0]
    for n_queries in range(12):
        assert np.sum(state[marked] ** 2) == pytest.approx(
            grover_success(8, n_queries, len(marked)), abs=1e-12
        )
        state = everywhere @ about_zero @ everywhere @ oracle @ state


@given(size=search_sizes(400))
def test_the_best_number_is_the_first_peak(size):
    n, m = size
    best = grover_queries(n, m)
    curve = grover_success(n, np.arange(int(best) + 2), m)
    assert np.all(np.diff(curve[:-1]) > 0)
    assert curve[-1] <= curve[-2] + 1e-12


@given(size=search_sizes(10**12))
def test_at_the_peak_the_search_fails_with_probability_m_over_n_at_most(size):
    n, m = size
    assert 1 - grover_success(n, grover_queries(n, m), m) <= m / n + 1e-9


@given(n=st.integers(10, 10**15))
def test_the_peak_is_pi_over_four_root_n_to_within_one_query(n):
    assert np.pi / 4 * np.sqrt(n) - 1 <= grover_queries(n) <= np.pi / 4 * np.sqrt(n)


def test_half_marked_is_guessed_as_well_as_searched():
    assert grover_success(10, 0, 5) == pytest.approx(grover_success(10, 1, 5))
    assert_array_equal(grover_queries([2, 10, 10**15, 3, 7], [1, 5, 5 * 10**14, 2, 7]), 0)


@pytest.mark.parametrize(("n_items", "n_marked"), [(1, 1), (5, 1), (6, 2), (7, 3), (4, 4)])
def test_the_classical_mean_is_that_of_all_orders(n_items, n_marked):
    # All sets of marked items, one order of looking: the mean over orders is the same.
    firsts = [1 + min(marked) for marked in combinations(range(n_items), n_marked)]
    assert classical_queries(n_items, n_marked) == pytest.approx(np.mean(firsts), rel=1e-14)
    if n_items < 7:
        marked = set(range(n_marked))
        orders = [next(i for i, x in enumerate(p, 1) if x in marked) for p in permutations(range(n_items))]
        assert classical_queries(n_items, n_marked) == pytest.approx(np.mean(orders), rel=1e-14)


# --- Grover: the simulation --------------------------------------------------------------------------


def test_the_simulation_keeps_its_state_normal_and_marks_what_it_says():
    run = simulate_grover(50, 4, 3, seed=1)
    assert np.sum(run.amplitudes**2) == pytest.approx(1, abs=1e-12)
    assert np.sum(run.amplitudes[run.marked] ** 2) == pytest.approx(run.success[-1], abs=1e-12)
    assert run.marked.size == np.unique(run.marked).size == 3
    assert_array_equal(run.marked, np.sort(run.marked))
    unmarked = np.delete(run.amplitudes, run.marked)
    assert np.ptp(unmarked) < 1e-12
    assert np.ptp(run.amplitudes[run.marked]) < 1e-12


def test_the_seed_decides_what_is_marked():
    assert_array_equal(simulate_grover(1000, 0, 5, seed=3).marked, simulate_grover(1000, 0, 5, seed=3).marked)
    assert_array_equal(simulate_grover(1000, 0, 5).marked, simulate_grover(1000, 0, 5, seed=0).marked)
    assert not np.array_equal(
        simulate_grover(1000, 0, 5, seed=3).marked, simulate_grover(1000, 0, 5, seed=4).marked
    )
    generator = np.random.default_rng(3)
    assert_array_equal(
        simulate_grover(1000, 0, 5, seed=generator).marked, simulate_grover(1000, 0, 5, seed=3).marked
    )


def test_every_item_is_marked_equally_often():
    # 8,000 draws of 1 of 8: chi-square with 7 degrees of freedom exceeds 42 in 5 of 10 million seeds.
    rng = np.random.default_rng(0)
    counts = np.bincount([simulate_grover(8, 0, seed=rng).marked[0] for _ in range(8000)], minlength=8)
    assert counts.size == 8
    assert np.sum((counts - 1000) ** 2 / 1000) < 42


def test_a_simulation_too_large_is_refused_with_the_count(monkeypatch):
    with pytest.raises(ValueError, match=r"n_items must be at most 16777216 .* got 16777217 amplitudes"):
        simulate_grover(2**24 + 1, 0)
    with pytest.raises(ValueError, match=r"n_items times n_queries .* 2147483648, got 2147483904 updates"):
        simulate_grover(256, 2**23 + 1)
    monkeypatch.setattr(quantum, "MAX_UPDATES", 40)
    monkeypatch.setattr(quantum, "MAX_AMPLITUDES", 10)
    assert simulate_grover(10, 4).success.size == 5  # at both limits


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((10, 1, 11), r"n_marked must be at most n_items \(10\), got 11"),
        ((10, 1, 0), "n_marked must be at least 1, got 0"),
        ((0, 1), "n_items must be at least 1, got 0"),
        ((10, -1), "n_queries must be at least 0, got -1"),
        ((10, 1.5), "n_queries must be a whole number, got 1.5"),
        (([4, 8], 1), r"n_items must be one number, got an array of shape \(2,\)"),
        ((8, [1]), r"n_queries must be one number, got an array of shape \(1,\)"),
        ((8, 1, [1]), r"n_marked must be one number, got an array of shape \(1,\)"),
    ],
)
def test_a_simulation_refuses_what_is_no_search(arguments, message):
    with pytest.raises(ValueError, match=message):
        simulate_grover(*arguments)


# --- The surface code --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target_error", "distance", "qubits"),
    [(1e-6, 27, 1457), (1e-9, 45, 4049), (1e-10, 51, 5201), (1e-12, 63, 7937)],
)
def test_the_measured_lambda_asks_for_the_published_distance(target_error, distance, qubits):
    # The first row is printed in Nature 638, 920; the others are the same arithmetic.
    assert required_distance(target_error, 1 / LAMBDA, WILLOW) == distance
    assert surface_code_qubits(distance) == qubits


def test_distance_7_takes_97_qubits_and_has_the_measured_error():
    assert surface_code_qubits(7) == 97  # 101 in the experiment, four of them against leakage
    assert logical_error(7, 1 / LAMBDA, WILLOW) == pytest.approx(1.43e-3, rel=1e-12)


@pytest.mark.parametrize("distance", [3, 5, 7, 9])
def test_qubits_are_the_data_and_the_faces_of_the_rotated_lattice(distance):
    # Corners of a (d + 1) by (d + 1) grid of faces: all inner ones, every second one along two edges each.
    data = distance * distance
    inner = (distance - 1) ** 2
    edges = 4 * (distance - 1) // 2
    assert surface_code_qubits(distance) == data + inner + edges


@given(
    distance=st.integers(1, 100).map(lambda n: 2 * n + 1),
    ratio=st.floats(0.01, 0.99),
    prefactor=st.floats(0.01, 1),
)
def test_two_more_in_distance_divide_the_error_by_lambda(distance, ratio, prefactor):
    here, next_ = (logical_error(d, ratio, prefactor) for d in (distance, distance + 2))
    assert next_ == pytest.approx(here * ratio, rel=1e-12)
    assert logical_error(3, ratio, prefactor) == pytest.approx(prefactor * ratio**2, rel=1e-12)


@given(
    target=st.floats(-30, 0).map(lambda x: 10**x),
    ratio=st.floats(0.01, 0.999),
    prefactor=st.floats(-3, 2).map(lambda x: 10**x),
)
def test_the_required_distance_suffices_and_the_one_before_does_not(target, ratio, prefactor):
    distance = required_distance(target, ratio, prefactor)
    assert distance >= 3
    assert distance % 2 == 1
    assert logical_error(distance, ratio, prefactor) <= target
    if distance > 3:
        assert prefactor * ratio ** ((distance - 1) / 2) > target


@given(
    distance=st.integers(1, 60).map(lambda n: 2 * n + 1),
    ratio=st.floats(0.01, 0.99),
    prefactor=st.floats(0.01, 1),
)
def test_a_distance_is_found_again_from_its_own_error(distance, ratio, prefactor):
    # The target lies exactly on the formula, where rounded logarithms could miss by one step.
    assert required_distance(logical_error(distance, ratio, prefactor), ratio, prefactor) == distance


def test_an_easy_target_takes_the_smallest_code():
    assert required_distance(1, 0.5, 1e-3) == 3
    assert required_distance(1, 0.5, 3.9) == 3


@pytest.mark.parametrize("function", [surface_code_qubits, logical_error])
@pytest.mark.parametrize(("distance", "rule"), [(1, "at least 3"), (4, "odd"), (5.5, "a whole number")])
def test_what_is_no_distance_is_refused(function, distance, rule):
    with pytest.raises(ValueError, match=f"distance must be {rule}, got {distance}"):
        function(**(CALLS[function] | {"distance": distance}))


@pytest.mark.parametrize("function", [required_distance, logical_error])
@pytest.mark.parametrize("ratio", [1, 1.2])
def test_the_threshold_and_above_are_refused(function, ratio):
    with pytest.raises(ValueError, match=f"ratio must be below 1, the threshold, got {ratio}"):
        function(**(CALLS[function] | {"ratio": ratio}))


def test_errors_beyond_certainty_are_refused():
    with pytest.raises(ValueError, match=r"prefactor must leave a probability of at most 1, got 2.5"):
        logical_error(3, 0.5, [0.1, 10])
    assert logical_error(3, 0.5, 4) == 1
    with pytest.raises(ValueError, match=r"target_error must be between 0 and 1, got 1.5"):
        required_distance(1.5, 0.5, 0.1)


def test_large_distances_do_not_wrap_around():
    assert surface_code_qubits(2**40 + 1) == pytest.approx(2 * (2**40 + 1) ** 2 - 1, rel=1e-15)


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


def test_a_toffoli_gate_takes_170_microseconds_as_in_babbush_eq_6():
    assert toffoli_time(30, 1e-6) == pytest.approx(170e-6, abs=5.01e-6)
    assert 100 * toffoli_time(30, 1e-6) == pytest.approx(17e-3, abs=0.501e-3)  # eq. 8
    assert toffoli_time(30, 1e-6) == pytest.approx(165e-6, rel=1e-12)


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


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"degree": 1}, "degree must be above 1, got 1"),
        ({"n_processors": 0.5}, "n_processors must be at least 1, got 0.5"),
        ({"quantum_time": 0}, "quantum_time must be positive, got 0"),
        ({"classical_time": 0}, "classical_time must be positive, got 0"),
    ],
)
def test_break_even_refuses_what_is_no_race(arguments, message):
    with pytest.raises(ValueError, match=message):
        break_even(**(CALLS[break_even] | arguments))


def test_a_result_too_large_for_a_float_is_refused():
    with pytest.raises(OverflowError, match="too large"):
        break_even(1, 1e-6, degree=1.001)
    with pytest.raises(OverflowError, match="too large"):
        toffoli_time(100, 1e307)


# --- Holevo ------------------------------------------------------------------------------------------


def pure(*amplitudes):
    vector = np.asarray(amplitudes) / np.linalg.norm(amplitudes)
    return np.outer(vector, vector.conj())


def test_qubits_carry_their_number_and_twice_that_with_pairs():
    assert_array_equal(holevo_bits([0, 1, 53]), [0, 1, 53])
    assert_array_equal(superdense_bits([1, 1, 5, 5, 0], [0, 1, 3, 9, 9]), [1, 2, 8, 10, 0])


def test_the_four_states_of_superdense_coding_are_worth_two_bits():
    pauli = [np.eye(2), np.diag([1, -1]), np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]])]
    pair = np.array([1, 0, 0, 1])
    with_pair = [pure(*(np.kron(gate, np.eye(2)) @ pair)) for gate in pauli]
    assert holevo_information([0.25] * 4, with_pair) == pytest.approx(superdense_bits(1, 1), abs=1e-12)
    alone = [gate @ pure(1, 0) @ gate.conj().T for gate in pauli]
    assert holevo_information([0.25] * 4, alone) == pytest.approx(holevo_bits(1), abs=1e-12)


@pytest.mark.parametrize("angle", [0.0, 0.3, np.pi / 4, 1.2, np.pi / 2])
def test_two_pure_states_are_worth_the_entropy_of_their_overlap(angle):
    # Eigenvalues of the mixture are (1 +- overlap) / 2.
    weights = np.array([1 + np.cos(angle), 1 - np.cos(angle)]) / 2
    entropy = -sum(w * np.log2(w) for w in weights if w > 0)
    states = [pure(1, 0), pure(np.cos(angle), 1j * np.sin(angle))]
    assert holevo_information([0.5, 0.5], states) == pytest.approx(entropy, abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_no_measurement_learns_more_than_the_bound(seed):
    rng = np.random.default_rng(seed)
    probabilities = rng.dirichlet(np.ones(3))
    roots = rng.normal(size=(3, 4, 4)) + 1j * rng.normal(size=(3, 4, 4))
    states = roots @ roots.conj().swapaxes(1, 2)
    states /= np.trace(states, axis1=1, axis2=2)[:, None, None]
    bound = holevo_information(probabilities, states)
    assert 0 <= bound <= 2
    for _ in range(100):
        basis, _r = np.linalg.qr(rng.normal(size=(4, 4)) + 1j * rng.normal(size=(4, 4)))
        outcome = np.einsum("dk,ide,ek->ik", basis.conj(), states, basis).real
        joint = probabilities[:, None] * outcome
        learned = np.sum(joint * np.log2(outcome / joint.sum(axis=0)))
        assert learned <= bound + 1e-12


def test_commuting_states_are_a_classical_channel():
    # Diagonal states: mutual information of a binary symmetric channel, 1 - h(0.11) = 0.5.
    states = [np.diag([0.89, 0.11]), np.diag([0.11, 0.89])]
    assert holevo_information([0.5, 0.5], states) == pytest.approx(0.5, abs=1e-3)


def test_equal_states_say_nothing():
    assert holevo_information([0.3, 0.7], [pure(1, 2), pure(1, 2)]) == pytest.approx(0, abs=1e-12)
    assert holevo_information([1.0], [pure(0.6, 0.8)]) >= 0
    assert type(holevo_information([0.3, 0.7], [pure(1, 2), pure(1, 2)])) is float


UP, DOWN = np.diag([1.0, 0.0]), np.diag([0.0, 1.0])


@pytest.mark.parametrize(
    ("probabilities", "states", "message"),
    [
        ([0.5, 0.4], [UP, DOWN], "probabilities must sum to 1, got 0.9"),
        ([1.5, -0.5], [UP, DOWN], "probabilities must be between 0 and 1, got 1.5"),
        ([1.0], [UP, DOWN], r"one entry per state, got \(1,\) for \(2, 2, 2\)"),
        ([0.5, 0.5], UP, r"shape \(k, d, d\), got shape \(2, 2\)"),
        ([0.5, 0.5], np.ones((2, 2, 3)), r"shape \(k, d, d\), got shape \(2, 2, 3\)"),
        ([], np.ones((0, 2, 2)), r"shape \(k, d, d\), got shape \(0, 2, 2\)"),
        ([1.0], [[["a", "b"], ["c", "d"]]], r"square matrices"),
        ([1.0], [[[1, 0], [0]]], r"states must be square matrices .*, got \[\[\[1, 0\], \[0\]\]\]"),
        ([1.0], [[[1, 1], [0, 0]]], "states must be finite and Hermitian"),
        ([1.0], [[[1, 1j], [1j, 0]]], "states must be finite and Hermitian"),
        ([1.0], [[[np.nan, 0], [0, 1]]], "states must be finite and Hermitian"),
        ([1.0], [2 * UP], r"states must have trace 1, got \[2"),
        ([1.0], [np.diag([1.5, -0.5])], "states must have no negative eigenvalue, got -0.5"),
    ],
)
def test_what_is_no_ensemble_is_refused(probabilities, states, message):
    with pytest.raises(ValueError, match=message):
        holevo_information(probabilities, states)


# --- What must always hold ---------------------------------------------------------------------------


@each_function
def test_a_scalar_gives_a_python_float(function):
    result = function(**CALLS[function])
    for value in result if isinstance(result, tuple) else (result,):
        assert type(value) is float


@each_function
def test_arrays_broadcast_and_stay_unchanged(function):
    valid = CALLS[function]
    shapes = [(3, 1), (1, 2), (3, 2), (1, 1)]
    steps = [
        np.array([[0], [2], [4]]),
        np.array([[0, 2]]),
        np.array([[0, 2], [4, 0], [2, 2]]),
        np.array([[0]]),
    ]
    arrays = {
        name: x + step if name in WHOLE else x * 0.9**step
        for (name, x), step in zip(valid.items(), steps, strict=False)
    }
    copies = {name: a.copy() for name, a in arrays.items()}
    expected = np.broadcast_shapes(*shapes[: len(arrays)])
    result = np.asarray(function(**arrays))
    assert result.shape[-2:] == expected
    for index in np.ndindex(expected):
        single = {name: np.broadcast_to(a, expected)[index].item() for name, a in arrays.items()}
        assert_allclose(result[..., *index], function(**single), rtol=1e-13)
    for name, a in arrays.items():
        assert_array_equal(a, copies[name])


@each_argument
@pytest.mark.parametrize("bad", [-1.0, float("nan"), float("inf")])
def test_what_is_out_of_range_is_refused_by_name(function, name, bad):
    with pytest.raises(ValueError, match=rf"{name} must be .*, got {bad:g}"):
        function(**(CALLS[function] | {name: bad}))


@each_argument
@pytest.mark.parametrize("bad", ["1", True, None, 1j])
def test_what_is_no_number_is_refused(function, name, bad):
    with pytest.raises(TypeError, match=f"{name} must be real numbers"):
        function(**(CALLS[function] | {name: bad}))


@each_argument
def test_a_count_that_is_a_fraction_is_refused(function, name):
    if name in WHOLE:
        with pytest.raises(ValueError, match=f"{name} must be a whole number, got 7.5"):
            function(**(CALLS[function] | {name: 7.5}))


@pytest.mark.parametrize(
    ("function", "name"),
    [(f, name) for f, valid in CALLS.items() for name in valid if len(valid) > 1],
    ids=lambda x: getattr(x, "__name__", x),
)
def test_shapes_that_do_not_match_are_refused(function, name):
    others = [other for other in CALLS[function] if other != name]
    for other in others:
        lengths = {name: np.full(2, CALLS[function][name]), other: np.full(3, CALLS[function][other])}
        with pytest.raises(ValueError, match=rf"arguments must broadcast .*{name} \(2,\)"):
            function(**(CALLS[function] | lengths))


def test_more_marked_than_items_is_refused_where_it_happens():
    with pytest.raises(ValueError, match=r"n_marked must be at most n_items \(3\), got 4"):
        grover_success([[9], [3]], 1, [2, 4])
    with pytest.raises(ValueError, match=r"n_marked must be at most n_items \(3\), got 4"):
        grover_queries(3, 4)
    with pytest.raises(ValueError, match="n_items must be at least 1, got 0"):
        classical_queries(0)
