"""Limits of a region: against published numbers, brute force, and what must always hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import constants
from scipy.integrate import quad

from frontier import bekenstein
from frontier.bekenstein import (
    bits_per_atom_limit,
    black_hole_bits,
    bremermann_rate,
    holographic_bits,
    margolus_levitin_rate,
    max_bits,
    radiation_bits,
    rest_energy,
    schwarzschild_radius,
)

# One valid call of each function, and the power with which the result grows with each argument.
CALLS = {
    max_bits: ({"radius": 0.1, "energy": 9e16}, {"radius": 1, "energy": 1}),
    rest_energy: ({"mass": 1.0}, {"mass": 1}),
    holographic_bits: ({"area": 2.0}, {"area": 1}),
    schwarzschild_radius: ({"mass": 3.0}, {"mass": 1}),
    black_hole_bits: ({"mass": 3.0}, {"mass": 2}),
    radiation_bits: ({"volume": 1e-3, "energy": 9e16}, {"volume": 1 / 4, "energy": 3 / 4}),
    margolus_levitin_rate: ({"energy": 2.0}, {"energy": 1}),
    bremermann_rate: ({"mass": 2.0}, {"mass": 1}),
    bits_per_atom_limit: ({"mass": 1.0, "molar_mass": 0.028}, {"mass": 1, "molar_mass": -1}),
}
each_function = pytest.mark.parametrize("function", CALLS, ids=lambda f: f.__name__)
each_argument = pytest.mark.parametrize(
    ("function", "name"),
    [(f, name) for f, (valid, _powers) in CALLS.items() for name in valid],
    ids=lambda x: getattr(x, "__name__", x),
)
AMOUNT = st.floats(-12, 12).map(lambda x: 10**x)


# --- What others published ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("computed", "published", "digits"),
    [
        (max_bits(1, rest_energy(1)), 2.577e43, 4),  # the constant as it is usually quoted
        (max_bits(0.067, rest_energy(1.5)), 2.6e42, 2),  # a brain, 1.5 kg in 6.7 cm, the usual example
        (rest_energy(1), 8.988e16, 4),
        (margolus_levitin_rate(rest_energy(1)), 5.426e50, 4),  # Lloyd 2000; printed 5.4258e50
        (margolus_levitin_rate(1), 6e33, 1),  # Margolus and Levitin 1998, two states
        (margolus_levitin_rate(1, 10**9), 3e33, 1),  # their abstract, a long sequence
        (radiation_bits(1e-3, rest_energy(1)), 2.13e31, 3),  # Lloyd 2000, one kilogram in one litre
        (schwarzschild_radius(1), 1.485e-27, 4),  # Lloyd 2000
        (black_hole_bits(1), 3.827e16, 4),  # Lloyd 2000
        (schwarzschild_radius(1.988e30), 2.95e3, 3),  # the Sun
        (bremermann_rate(1), 1.356e50, 4),
        (bits_per_atom_limit(1, 0.0280855), 2.144e25, 4),  # silicon
        (bits_per_atom_limit(0.012, 0.012), 6.0221e23, 5),
    ],
)
def test_a_published_number_comes_out_to_its_last_digit(computed, published, digits):
    assert f"{computed:.{digits - 1}e}" == f"{published:.{digits - 1}e}"


def test_lloyds_laptop_changes_each_bit_1e19_times_a_second():
    # Printed as "about 10^19 operations per bit per second"; 5.4258e50 / 2.13e31 is 2.5e19.
    each = margolus_levitin_rate(rest_energy(1)) / radiation_bits(1e-3, rest_energy(1))
    assert each == pytest.approx(5.4258e50 / 2.13e31, rel=3e-3)


def test_the_holographic_bound_counts_bits_and_not_nats():
    planck_length = constants.physical_constants["Planck length"][0]
    nats = 1 / (4 * planck_length**2)
    assert nats == pytest.approx(9.57e68, rel=1e-3)
    assert holographic_bits(1) == pytest.approx(nats / np.log(2), rel=1e-6)
    assert holographic_bits(1) == pytest.approx(1.381e69, rel=5e-4)


def test_the_planck_area_is_that_of_codata():
    planck_length = constants.physical_constants["Planck length"][0]
    assert pytest.approx(planck_length**2, rel=1e-6) == bekenstein.PLANCK_AREA  # printed to 7 digits


def test_atoms_bind_seventeen_powers_of_ten_before_bekenstein():
    ratio = max_bits(0.1, rest_energy(1)) / bits_per_atom_limit(1, 0.0280855)
    assert ratio == pytest.approx(1.2e17, rel=0.01)


# --- Laws against each other -------------------------------------------------------------------------


@given(mass=AMOUNT)
def test_a_black_hole_reaches_both_bounds(mass):
    radius = schwarzschild_radius(mass)
    assert max_bits(radius, rest_energy(mass)) == pytest.approx(black_hole_bits(mass), rel=1e-12)
    assert holographic_bits(4 * np.pi * radius**2) == pytest.approx(black_hole_bits(mass), rel=1e-12)


@given(mass=AMOUNT, times=st.floats(1.01, 1e30))
def test_outside_its_schwarzschild_radius_a_mass_is_bound_by_bekenstein(mass, times):
    radius = schwarzschild_radius(mass) * times
    ratio = max_bits(radius, rest_energy(mass)) / holographic_bits(4 * np.pi * radius**2)
    assert ratio == pytest.approx(1 / times, rel=1e-9)


@pytest.mark.parametrize("mass", [1e-3, 1.0, 2e30])
def test_the_temperature_of_a_black_hole_is_hawkings(mass):
    # dE/dS, with S = k ln 2 times the bits, by differences; Lloyd prints 1.23e23 K for one kilogram.
    step = 1e-4
    energy = rest_energy(mass * (1 + step)) - rest_energy(mass * (1 - step))
    bits = black_hole_bits(mass * (1 + step)) - black_hole_bits(mass * (1 - step))
    temperature = energy / (constants.k * np.log(2) * bits)
    hawking = constants.hbar * constants.c**3 / (8 * np.pi * constants.G * constants.k * mass)
    assert temperature == pytest.approx(hawking, rel=1e-9)
    assert temperature * mass == pytest.approx(1.227e23, rel=1e-3)


@given(mass=AMOUNT)
def test_bremermann_is_a_quarter_of_margolus_and_levitin(mass):
    assert margolus_levitin_rate(rest_energy(mass)) / bremermann_rate(mass) == pytest.approx(4, rel=1e-12)


@given(mass=st.floats(-6, 6).map(lambda x: 10**x), side=st.floats(-3, 3).map(lambda x: 10**x))
def test_hot_light_stays_far_below_bekenstein(mass, side):
    radius = side * np.sqrt(3) / 2  # of the sphere around a cube
    assert radiation_bits(side**3, rest_energy(mass)) < 1e-6 * max_bits(radius, rest_energy(mass))


# --- Closed forms against brute force ----------------------------------------------------------------


@pytest.mark.parametrize("n_polarizations", [1, 2, 3])
@pytest.mark.parametrize("energy", [1e-3, rest_energy(1)])
def test_the_bits_of_light_are_those_of_plancks_modes(n_polarizations, energy):
    # Energy and entropy of all modes of a box at temperature T, added up one by one.
    volume = 2e-3
    energies, _error = quad(lambda x: x**3 / np.expm1(x), 0, 60)
    occupation = lambda x: 1 / np.expm1(x)  # noqa: E731
    entropy = lambda n: (n + 1) * np.log1p(n) - n * np.log(n)  # noqa: E731
    entropies, _error = quad(lambda x: x**2 * entropy(occupation(x)), 1e-12, 60)
    modes = n_polarizations * volume / (2 * np.pi**2)
    kt = (energy / (modes * energies) * (constants.hbar * constants.c) ** 3) ** 0.25
    nats = modes * entropies * (kt / (constants.hbar * constants.c)) ** 3
    assert radiation_bits(volume, energy, n_polarizations) == pytest.approx(nats / np.log(2), rel=1e-6)


@pytest.mark.parametrize("n_states", [2, 3, 5, 16])
def test_evenly_spaced_levels_step_at_the_margolus_levitin_rate(n_states):
    # Equal weights on 0, 1, ..., n - 1 quanta: a cycle through n orthogonal states, step by step.
    quanta = np.arange(n_states) * 1e-20
    energy = quanta.mean()
    step = 1 / margolus_levitin_rate(energy, n_states)
    times = step * np.arange(1, n_states + 1)
    overlap = np.exp(-1j * np.outer(times, quanta) / constants.hbar).mean(axis=1)
    assert_allclose(abs(overlap[:-1]), 0, atol=1e-12)
    assert abs(overlap[-1]) == pytest.approx(1, abs=1e-12)
    # and not before: halfway to the first step the state is still much the same
    assert abs(np.exp(-0.5j * step * quanta / constants.hbar).mean()) > 0.6


def test_no_state_becomes_orthogonal_sooner():
    # From cos x >= 1 - (2/pi)(x + sin x): |<0|t>| sqrt(1 + 4/pi^2) >= 1 - t 4E/h, for every spectrum.
    rng = np.random.default_rng(0)
    spectra = [np.array([0.0, 1.0])] + [
        np.append(0, rng.exponential(size=n)) for n in rng.integers(1, 6, 200)
    ]
    for levels in spectra:
        weights = np.full(2, 0.5) if levels is spectra[0] else rng.dirichlet(np.ones(levels.size))
        rate = margolus_levitin_rate(weights @ levels * 1e-20)
        times = np.linspace(0, 1, 101) / rate
        overlap = np.exp(-1j * np.outer(times, levels * 1e-20) / constants.hbar) @ weights
        assert np.all(abs(overlap) * np.sqrt(1 + 4 / np.pi**2) >= 1 - times * rate - 1e-12)


@given(n_states=st.integers(2, 10**12))
def test_more_states_mean_fewer_steps_between_2e_and_4e_over_h(n_states):
    slow = 2 / constants.h
    now, later = margolus_levitin_rate(1, n_states), margolus_levitin_rate(1, n_states + 1)
    assert slow <= later <= now <= 2 * slow * (1 + 1e-15)
    assert now / slow == pytest.approx(n_states / (n_states - 1), rel=1e-12)


def test_a_system_in_its_ground_state_does_nothing():
    assert margolus_levitin_rate(0) == 0


# --- What must always hold ---------------------------------------------------------------------------


@each_argument
@given(times=st.floats(1.01, 3))
def test_each_argument_enters_with_its_power(function, name, times):
    valid, powers = CALLS[function]
    scaled = function(**(valid | {name: valid[name] * times}))
    assert scaled / function(**valid) == pytest.approx(times ** powers[name], rel=1e-12)


def test_polarizations_enter_with_the_fourth_root():
    assert radiation_bits(1, 1, 32) / radiation_bits(1, 1) == pytest.approx(2, rel=1e-12)


@each_function
def test_a_scalar_gives_a_python_float(function):
    valid, _powers = CALLS[function]
    assert type(function(**valid)) is float
    assert type(function(**{name: np.float64(x) for name, x in valid.items()})) is float


@each_function
def test_arrays_broadcast_and_stay_unchanged(function):
    valid, _powers = CALLS[function]
    shapes = [(3, 1), (1, 4)]
    arrays = {
        name: x * np.linspace(1, 2, max(shape)).reshape(shape)
        for (name, x), shape in zip(valid.items(), shapes, strict=False)
    }
    copies = {name: a.copy() for name, a in arrays.items()}
    result = function(**arrays)
    assert result.shape == np.broadcast_shapes(*(a.shape for a in arrays.values()))
    for index in np.ndindex(result.shape):
        single = {name: float(np.broadcast_to(a, result.shape)[index]) for name, a in arrays.items()}
        assert result[index] == pytest.approx(function(**single), rel=1e-14)
    for name, a in arrays.items():
        assert_array_equal(a, copies[name])


# --- Refusals ----------------------------------------------------------------------------------------


@each_argument
@pytest.mark.parametrize("bad", [-1.0, float("nan"), float("inf")])
def test_what_is_no_amount_is_refused_by_name(function, name, bad):
    valid, _powers = CALLS[function]
    with pytest.raises(ValueError, match=rf"{name} must be .*, got {bad:g}"):
        function(**(valid | {name: bad}))


@each_argument
def test_nought_is_refused_but_for_a_rate(function, name):
    valid, _powers = CALLS[function]
    if function is margolus_levitin_rate:
        return
    with pytest.raises(ValueError, match=f"{name} must be .*, got 0"):
        function(**(valid | {name: 0}))


@each_argument
@pytest.mark.parametrize("bad", ["1", True, None, 1j])
def test_what_is_no_number_is_refused(function, name, bad):
    valid, _powers = CALLS[function]
    with pytest.raises(TypeError, match=f"{name} must be real numbers"):
        function(**(valid | {name: bad}))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: max_bits([1, 2], [1, 2, 3]), r"got radius \(2,\), energy \(3,\)"),
        (lambda: radiation_bits([1, 2], [1, 2, 3]), r"got volume \(2,\), energy \(3,\)"),
        (lambda: radiation_bits(1, [1, 2, 3], [1, 2]), r"n_polarizations \(2,\)"),
        (lambda: margolus_levitin_rate([1, 2, 3], [2, 3]), r"got energy \(3,\), n_states \(2,\)"),
        (lambda: bits_per_atom_limit([1, 2], [0.1, 0.1, 0.1]), r"got mass \(2,\), molar_mass \(3,\)"),
        (lambda: bits_per_atom_limit(1, 28.0855), "molar_mass must be between 0.001 and 0.3, got 28.0855"),
        (lambda: margolus_levitin_rate(1, 1), "n_states must be at least 2, got 1"),
        (lambda: margolus_levitin_rate(1, 2.5), "n_states must be a whole number, got 2.5"),
        (lambda: radiation_bits(1, 1, 0), "n_polarizations must be at least 1, got 0"),
        (lambda: radiation_bits(1, 1, 1.5), "n_polarizations must be a whole number, got 1.5"),
    ],
)
def test_other_refusals_say_what_was_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    "call",
    [
        lambda: max_bits(1e200, 1e200),
        lambda: rest_energy(1e300),
        lambda: holographic_bits(1e300),
        lambda: black_hole_bits(1e200),
        lambda: margolus_levitin_rate(1e300),
        lambda: bremermann_rate(1e300),
        lambda: bits_per_atom_limit(1e300, 0.1),
        lambda: radiation_bits(1e300, 1e300),
    ],
)
def test_a_result_too_large_for_a_float_is_refused(call):
    with pytest.raises(OverflowError, match="too large"):
        call()
