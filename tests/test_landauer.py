"""Landauer's bound, its price in time, what logic forgets: against published values and brute force."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from scipy.constants import e as ELEMENTARY_CHARGE  # noqa: N812
from scipy.constants import k as BOLTZMANN  # noqa: N812
from scipy.optimize import linear_sum_assignment
from scipy.special import ndtri

from frontier.landauer import (
    CNOT,
    FREDKIN,
    NOT,
    TOFFOLI,
    apply_gate,
    erased_bits,
    erasure_energy,
    finite_time_erasure_energy,
    overhead,
    training_floor,
)

LN2 = np.log(2)

AMOUNTS = st.floats(-30, 30).map(lambda x: 10**x)
KELVIN = st.floats(-3, 5).map(lambda x: 10**x)


def test_the_bound_and_overheads_are_what_was_published():
    assert erasure_energy(1, 300) / (BOLTZMANN * 300) == pytest.approx(0.6931, abs=5e-5)  # Landauer 1961
    assert erasure_energy(1, 300) == pytest.approx(3e-21, abs=0.5e-21)  # Berut et al. 2015, section 1
    assert f"{erasure_energy(1, 300) * 1e21:.5f}" == "2.87098"
    assert erasure_energy(1, 293.15) == pytest.approx(2.805e-21, abs=5e-25)
    assert erasure_energy(1, 293.15) / ELEMENTARY_CHARGE == pytest.approx(0.0175, abs=5e-5)
    assert overhead(6.09e-21, 1, 300) == pytest.approx(2.12, abs=0.01)  # Hong et al. 2016: twice the bound
    assert overhead(700 / 989.4e12, [1, 32], 300) == pytest.approx([2.46e8, 2.46e8 / 32], rel=2e-3)


def test_haste_costs_the_friction_of_half_the_particles():
    # Drag half of the particles over the whole distance at constant speed against Stokes friction.
    duration, temperature, diffusivity, half_separation = case = (0.7, 310, 0.4e-12, 0.45e-6)
    friction = BOLTZMANN * temperature / diffusivity
    work = friction * (2 * half_separation / duration) ** 2 * duration / 2
    expected = BOLTZMANN * temperature * LN2 + work
    assert finite_time_erasure_energy(*case) == pytest.approx(expected, rel=1e-12, abs=0)


@pytest.mark.parametrize("s", [0, 0.05])
def test_merging_two_wells_moves_two_a_squared_and_less_where_they_have_a_width(s):
    # Brute force over all pairings of particles, without using that they lie on a line.
    u = (np.arange(200) + 0.5) / 200
    cost = (np.repeat([-1, 1], 100) + s * ndtri(2 * u % 1) - (1 + s * ndtri(u))[:, None]) ** 2
    distance = cost[linear_sum_assignment(cost)].mean()
    assert distance == pytest.approx(2 - 2 * np.sqrt(2 / np.pi) * s, abs=s**2)
    extra = finite_time_erasure_energy(10, 300, 1, 1) / (BOLTZMANN * 300) - LN2
    assert extra == pytest.approx(2 / 10)


@given(AMOUNTS, AMOUNTS, KELVIN)
def test_an_operation_at_the_bound_has_an_overhead_of_one(bits, times, temperature):
    energy = times * erasure_energy(bits, temperature)
    assert overhead(energy, bits, temperature) == pytest.approx(times, rel=1e-12, abs=0)


def test_a_parameter_seen_above_its_heat_gives_off_the_training_floor():
    # A particle pulled as far as heat spreads it: the work of the force, over many runs.
    mobility, kt, duration = 0.7, 300 * BOLTZMANN, 2.0
    spread = np.sqrt(2 * mobility * kt * duration)
    force = spread / (mobility * duration)
    steps = np.random.default_rng(1).normal(mobility * force * 0.01, spread * np.sqrt(0.005), (200, 20_000))
    path = steps.sum(axis=0)
    assert path.std() == pytest.approx(spread, rel=0.02)
    assert np.mean(force * path) == pytest.approx(training_floor(1, 1, 300), rel=0.02)


@given(AMOUNTS, KELVIN, AMOUNTS, st.floats(1.001, 1e3))
def test_more_time_is_cheaper_and_never_below_landauer(duration, temperature, diffusivity, factor):
    energy = finite_time_erasure_energy(duration, temperature, diffusivity, 1)
    later = finite_time_erasure_energy(factor * duration, temperature, diffusivity, 1)
    assert erasure_energy(1, temperature) * (1 - 1e-12) <= later <= energy
    # Only D tau / a^2 counts.
    same = finite_time_erasure_energy(duration * factor, temperature, diffusivity, np.sqrt(factor))
    assert same == pytest.approx(energy, rel=1e-12, abs=0)


def test_nothing_erased_costs_nothing_and_bits_per_operation_are_nobodys_default():
    assert erasure_energy(0, 300) == 0
    assert overhead(0, 1, 300) == 0
    with pytest.raises(TypeError, match="bits_per_op"):
        overhead(1e-12, temperature=300)


# --- Logic -------------------------------------------------------------------------------------------

AND = [0, 0, 0, 1]
GATES = {"NOT": NOT, "CNOT": CNOT, "TOFFOLI": TOFFOLI, "FREDKIN": FREDKIN}
every_gate = pytest.mark.parametrize("gate", GATES.values(), ids=GATES)


def entropy(probabilities):
    return -sum(p * np.log2(p) for p in probabilities if p > 0)


@every_gate
def test_reversible_gates_erase_exactly_nothing_and_are_their_own_inverse(gate):
    distributions = np.random.default_rng(0).dirichlet(np.ones(gate.size), size=50)
    assert_array_equal(erased_bits(gate, distributions), 0)
    assert erased_bits(gate) == 0
    assert_array_equal(gate[gate], np.arange(gate.size))
    with pytest.raises(ValueError, match="read-only"):
        gate[0] = 1


def test_and_inside_a_toffoli_gate_erases_nothing_until_the_inputs_are_dropped():
    for inputs in ([0.25] * 4, [0.5, 0.2, 0.2, 0.1]):
        prepared = np.zeros(8)
        prepared[::2] = inputs  # the target is 0
        assert erased_bits(TOFFOLI, prepared) == 0
        assert erased_bits(TOFFOLI & 1, prepared) == pytest.approx(erased_bits(AND, inputs), abs=1e-12)


def test_the_gates_do_what_their_names_say():
    for a, b, t in product((0, 1), repeat=3):
        assert apply_gate(TOFFOLI, 4 * a + 2 * b + t) == 4 * a + 2 * b + (t ^ (a & b))
        swapped = (b, t) if not a else (t, b)  # so that with t = 0 the last wire becomes a AND b
        assert apply_gate(FREDKIN, 4 * a + 2 * b + t) == 4 * a + 2 * swapped[0] + swapped[1]
    for c, t in product((0, 1), repeat=2):
        assert apply_gate(CNOT, 2 * c + t) == 2 * c + (c ^ t)
    assert [apply_gate(NOT, t) for t in (0, 1)] == [1, 0]


def test_gates_on_chosen_wires():
    # Controls 4 and 0, target 2, the other wires untouched.
    states = np.arange(64).reshape(8, 8)
    expected = states ^ ((states >> 4 & states & 1) << 2)
    assert_array_equal(apply_gate(TOFFOLI, states, wires=[4, 0, 2]), expected)
    assert_array_equal(apply_gate(NOT, states, wires=[5]), states ^ 32)
    assert apply_gate(NOT, 0, wires=[52]) == 2**52


@st.composite
def tables_with_distributions(draw):
    n = draw(st.integers(1, 12))
    table = draw(st.lists(st.integers(0, 5), min_size=n, max_size=n))
    weights = draw(st.lists(st.integers(0, 20), min_size=n, max_size=n).filter(any))
    return table, np.array(weights) / sum(weights)


@given(tables_with_distributions(), st.permutations(range(6)))
def test_erased_bits_is_the_entropy_lost_whatever_the_outputs_are_called(case, names):
    table, distribution = case
    outputs = {}
    for value, p in zip(table, distribution, strict=True):  # H(input) - H(output), summed the long way
        outputs[value] = outputs.get(value, 0) + p
    lost = erased_bits(table, distribution)
    assert lost == pytest.approx(entropy(distribution) - entropy(outputs.values()), abs=1e-12)
    assert 0 <= lost <= np.log2(len(table)) + 1e-12
    assert erased_bits([names[value] for value in table], distribution) == pytest.approx(lost, abs=1e-12)


def test_distributions_come_in_any_shape():
    assert erased_bits([0, 0]) == 1
    assert erased_bits([0, 1, 1, 1]) == pytest.approx(2 - entropy([1 / 4, 3 / 4]))
    many = np.random.default_rng(1).dirichlet(np.ones(4), size=(2, 3))
    lost = erased_bits(AND, many)
    assert lost.shape == (2, 3)
    assert lost[1, 2] == pytest.approx(erased_bits(AND, many[1, 2]), abs=1e-15)


ONE_ROW, GATE, WIRES = (
    "truth_table must be one row",
    "gate must be a permutation",
    "wires must be 2 different",
)


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (erased_bits, ([[0, 1]],), rf"{ONE_ROW} of whole numbers, got shape \(1, 2\)"),
        (erased_bits, ([0, 1], [0.5, 0.5 + 2e-9]), "input_distribution must sum to 1, got 1.000000002"),
        (erased_bits, ([0, 1], [1.0]), r"input_distribution must have 2 entries .* got shape \(1,\)"),
        *((apply_gate, (gate, 0), GATE) for gate in ([0, 0], [0, 1, 2], [0])),
        *((apply_gate, (CNOT, 0, wires), rf"{WIRES} .* got \[") for wires in ([1, 1], [0, 53], [1])),
    ],
)
def test_tables_gates_and_wires_are_refused_by_name(function, arguments, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        function(*arguments)
