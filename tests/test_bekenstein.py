"""Limits of a region: against published numbers, brute force, and what must always hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import constants
from scipy.integrate import quad

from frontier import bekenstein
from frontier.bekenstein import (
    Box,
    bits_per_atom_limit,
    black_hole_bits,
    bremermann_rate,
    doublings,
    holographic_bits,
    margolus_levitin_rate,
    max_bits,
    orders,
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
        (max_bits(1, energy=rest_energy(1)), 2.577e43, 4),  # the constant as it is usually quoted
        (max_bits(0.067, energy=rest_energy(1.5)), 2.6e42, 2),  # a brain, 1.5 kg in 6.7 cm, the usual example
        (rest_energy(1), 8.988e16, 4),
        (margolus_levitin_rate(energy=rest_energy(1)), 5.426e50, 4),  # Lloyd 2000; printed 5.4258e50
        (margolus_levitin_rate(energy=1), 6e33, 1),  # Margolus and Levitin 1998, two states
        (margolus_levitin_rate(energy=1, n_states=10**9), 3e33, 1),  # their abstract, a long sequence
        (radiation_bits(1e-3, energy=rest_energy(1)), 2.13e31, 3),  # Lloyd 2000, one kilogram in one litre
        (schwarzschild_radius(1), 1.485e-27, 4),  # Lloyd 2000
        (black_hole_bits(1), 3.827e16, 4),  # Lloyd 2000
        (schwarzschild_radius(1.988e30), 2.95e3, 3),  # the Sun
        (bremermann_rate(1), 1.356e50, 4),
        (bits_per_atom_limit(1, 0.028085), 2.144e25, 4),  # silicon
        (bits_per_atom_limit(0.012, 0.012), 6.0221e23, 5),
    ],
)
def test_a_published_number_comes_out_to_its_last_digit(computed, published, digits):
    assert f"{computed:.{digits - 1}e}" == f"{published:.{digits - 1}e}"


def test_the_holographic_bound_counts_bits_and_not_nats():
    planck_length = constants.physical_constants["Planck length"][0]
    nats = 1 / (4 * planck_length**2)
    assert nats == pytest.approx(9.57e68, rel=1e-3)
    assert holographic_bits(1) == pytest.approx(nats / np.log(2), rel=1e-6)
    assert holographic_bits(1) == pytest.approx(1.381e69, rel=5e-4)


def test_the_planck_area_is_that_of_codata():
    planck_length = constants.physical_constants["Planck length"][0]
    assert pytest.approx(planck_length**2, rel=1e-6) == bekenstein.PLANCK_AREA  # printed to 7 digits


# --- Laws against each other -------------------------------------------------------------------------


@given(mass=AMOUNT)
def test_a_black_hole_reaches_both_bounds(mass):
    radius = schwarzschild_radius(mass)
    assert max_bits(radius, energy=rest_energy(mass)) == pytest.approx(black_hole_bits(mass), rel=1e-12)
    assert holographic_bits(4 * np.pi * radius**2) == pytest.approx(black_hole_bits(mass), rel=1e-12)


@given(mass=AMOUNT, times=st.floats(1.01, 1e30))
def test_outside_its_schwarzschild_radius_a_mass_is_bound_by_bekenstein(mass, times):
    radius = schwarzschild_radius(mass) * times
    ratio = max_bits(radius, energy=rest_energy(mass)) / holographic_bits(4 * np.pi * radius**2)
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
    assert margolus_levitin_rate(energy=rest_energy(mass)) / bremermann_rate(mass) == pytest.approx(
        4, rel=1e-12
    )


@given(mass=st.floats(-6, 6).map(lambda x: 10**x), side=st.floats(-3, 3).map(lambda x: 10**x))
def test_hot_light_stays_far_below_bekenstein(mass, side):
    radius = side * np.sqrt(3) / 2  # of the sphere around a cube
    assert radiation_bits(side**3, energy=rest_energy(mass)) < 1e-6 * max_bits(
        radius, energy=rest_energy(mass)
    )


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
    assert radiation_bits(volume, energy=energy, n_polarizations=n_polarizations) == pytest.approx(
        nats / np.log(2), rel=1e-6
    )


@pytest.mark.parametrize("n_states", [2, 3, 5, 16])
def test_evenly_spaced_levels_step_at_the_margolus_levitin_rate(n_states):
    # Equal weights on 0, 1, ..., n - 1 quanta: a cycle through n orthogonal states, step by step.
    quanta = np.arange(n_states) * 1e-20
    energy = quanta.mean()
    step = 1 / margolus_levitin_rate(energy=energy, n_states=n_states)
    times = step * np.arange(1, n_states + 1)
    overlap = np.exp(-1j * np.outer(times, quanta) / constants.hbar).mean(axis=1)
    assert_allclose(abs(overlap[:-1]), 0, atol=1e-12)
    assert abs(overlap[-1]) == pytest.approx(1, abs=1e-12)
    # and not before: halfway to the first step the state is still much the same
    assert abs(np.exp(-0.5j * step * quanta / constants.hbar).mean()) > 0.6


def test_a_clock_may_pass_many_sites_in_the_time_of_one_step():
    # A packet of waves on a ring hops from site to site, an operation at each: H = -J (hop + hop back).
    n, wavelength, width, hop = 8192, 64, 600, 1e-20  # sites, and joules
    site = np.arange(n) - n // 2
    packet = np.exp(-((site / (2 * width)) ** 2) + 2j * np.pi * site / wavelength)
    packet /= np.linalg.norm(packet)
    levels = 2 * hop * (1 - np.cos(2 * np.pi * np.fft.fftfreq(n)))  # above the ground state
    waves = np.fft.fft(packet)
    energy = levels @ abs(waves) ** 2 / n
    step = 1 / margolus_levitin_rate(energy=energy)
    moved = np.fft.ifft(waves * np.exp(-1j * levels * step / constants.hbar))
    assert abs(moved) ** 2 @ site == pytest.approx(wavelength / 2, rel=0.02)
    assert abs(np.vdot(packet, moved)) > 0.99  # and is hardly another state


def test_no_state_becomes_orthogonal_sooner():
    # From cos x >= 1 - (2/pi)(x + sin x): |<0|t>| sqrt(1 + 4/pi^2) >= 1 - t 4E/h, for every spectrum.
    rng = np.random.default_rng(0)
    spectra = [np.array([0.0, 1.0])] + [
        np.append(0, rng.exponential(size=n)) for n in rng.integers(1, 6, 200)
    ]
    for levels in spectra:
        weights = np.full(2, 0.5) if levels is spectra[0] else rng.dirichlet(np.ones(levels.size))
        rate = margolus_levitin_rate(energy=weights @ levels * 1e-20)
        times = np.linspace(0, 1, 101) / rate
        overlap = np.exp(-1j * np.outer(times, levels * 1e-20) / constants.hbar) @ weights
        assert np.all(abs(overlap) * np.sqrt(1 + 4 / np.pi**2) >= 1 - times * rate - 1e-12)


@given(n_states=st.integers(2, 10**12))
def test_more_states_mean_fewer_steps_between_2e_and_4e_over_h(n_states):
    slow = 2 / constants.h
    now, later = (
        margolus_levitin_rate(energy=1, n_states=n_states),
        margolus_levitin_rate(energy=1, n_states=n_states + 1),
    )
    assert slow <= later <= now <= 2 * slow * (1 + 1e-15)
    assert now / slow == pytest.approx(n_states / (n_states - 1), rel=1e-12)


# --- What must always hold ---------------------------------------------------------------------------


@each_argument
@given(times=st.floats(1.01, 3))
def test_each_argument_enters_with_its_power(function, name, times):
    valid, powers = CALLS[function]
    scaled = function(**(valid | {name: valid[name] * times}))
    assert scaled / function(**valid) == pytest.approx(times ** powers[name], rel=1e-12)


def test_polarizations_enter_with_the_fourth_root():
    assert radiation_bits(1, energy=1, n_polarizations=32) / radiation_bits(1, energy=1) == pytest.approx(
        2, rel=1e-12
    )


# --- A box of its own -----------------------------------------------------------------------------------

STICK = Box(7.5e-3, 0.0415)  # a flash drive


def test_a_box_is_bounded_by_the_laws_in_their_order():
    assert STICK.bound == max_bits(0.0415, energy=rest_energy(7.5e-3))
    assert STICK.bound == pytest.approx(2.577e43 * 7.5e-3 * 0.0415, rel=1e-3)
    assert STICK.atoms(0.028085) == pytest.approx(7.5e-3 / 0.028085 * 6.02214e23, rel=1e-4)
    assert STICK.light == radiation_bits(4 / 3 * np.pi * 0.0415**3, energy=rest_energy(7.5e-3))
    assert STICK.surface == pytest.approx(4 * np.pi * 0.0415**2)
    assert STICK.atoms(0.028085) < STICK.light < STICK.bound < STICK.black_hole


def test_the_sphere_around_a_box_is_filled_by_a_black_hole_of_its_own_mass():
    mass = STICK.radius / schwarzschild_radius(1)
    assert black_hole_bits(mass) == pytest.approx(STICK.black_hole, rel=1e-9)
    assert mass > 5.97e24  # the Earth's


@given(bits=AMOUNT, limit=AMOUNT)
def test_orders_and_doublings_are_one_distance(bits, limit):
    assert orders(bits, limit) == pytest.approx(np.log10(limit / bits), abs=1e-9)
    assert bits * 2 ** doublings(bits, limit) == pytest.approx(limit, rel=1e-9)
    assert orders(limit, bits) == -orders(bits, limit)


def test_a_molar_mass_in_grams_is_refused():
    with pytest.raises(ValueError, match=r"molar_mass must be between 0.001 and 0.3, got 28.0855"):
        bits_per_atom_limit(1, 28.0855)


def test_a_result_too_large_for_a_float_is_refused():
    with pytest.raises(OverflowError, match="too large"):
        max_bits(1e200, energy=1e200)
