"""How many bits fit into a region, how fast an energy can change them, and how far matter is from either.

Every bound here is an upper one, in bits or in operations per second, and says nothing about how to reach it.
Energy is all that the region holds, rest energy included; the constants are those of CODATA.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.constants import Avogadro, G, c, h, hbar

from frontier._checks import (
    Constants,
    Float,
    all_positive,
    at_least,
    between,
    overflowing,
    plain,
    positive,
    product,
    same_shape,
    whole,
)

PLANCK_AREA = hbar * G / c**3
"""Square of the Planck length, in square metres."""


def max_bits(radius: ArrayLike, *, energy: ArrayLike) -> Float:
    """Most bits in a sphere of given energy, the Bekenstein bound: I = 2 pi R E / (hbar c ln 2).

    Parameters
    ----------
    radius : array_like
        Radius R of a sphere that encloses the system, in metres, above 0.
    energy : array_like
        All energy E inside, rest energy included, in joules, above 0; of a mass in kilograms it is
        `rest_energy`. Broadcasts with `radius`.

    Notes
    -----
    A bound on what can be stored, not on what can be processed (Bekenstein, Phys. Rev. D 23, 287, 1981). It
    holds no constant of gravity, and it is meant for systems whose own gravity is weak; in flat space one
    careful reading of it is a theorem (Casini, Class. Quantum Grav. 25, 205021, 2008), while others have
    counterexamples (Page, arXiv:1804.10623, 2018). As long as R exceeds the `schwarzschild_radius` of the
    energy it is tighter than `holographic_bits` of the sphere's surface; at that radius the two agree, and a
    black hole reaches both. No smaller sphere has that energy, and the formula does not notice.

    Examples
    --------
    The constant usually quoted is 2.577e43 bits per kilogram and metre:

    >>> f"{max_bits(1, energy=rest_energy(1)):.3e}"
    '2.577e+43'
    """
    r, e = all_positive(radius=radius, energy=energy).values()
    return product(r, e, 2 * np.pi / (hbar * c * np.log(2)))


def rest_energy(mass: ArrayLike) -> Float:
    """Energy in joules of a mass at rest, in kilograms, above 0: E = m c^2.

    Nearly all of it is bound in nuclei: a computer that burns its own mass is a figure of speech, and what a
    chip could use is the far smaller energy above its ground state.

    Examples
    --------
    Lloyd (2000) prints 8.9874e16 joules for one kilogram:

    >>> f"{rest_energy(1):.3e}"
    '8.988e+16'
    """
    return product(positive("mass", mass), c**2)


def holographic_bits(area: ArrayLike) -> Float:
    """Most bits behind a closed surface of area A, in square metres, above 0: I = A / (4 l_P^2 ln 2).

    The form without ln 2 that is often printed counts nats. It is the entropy of a black hole with this
    horizon (Bekenstein, Phys. Rev. D 7, 2333, 1973), read as a bound on anything with this surface (Susskind,
    J. Math. Phys. 36, 6377, 1995): a conjecture, well supported, about surfaces around weakly gravitating or
    static matter. Ordinary matter is held back by `max_bits` long before.

    Examples
    --------
    About 10^69 bits per square metre:

    >>> f"{holographic_bits(1):.2e}"
    '1.38e+69'
    """
    return product(positive("area", area), over=(4 * np.log(2) * PLANCK_AREA,))


def schwarzschild_radius(mass: ArrayLike) -> Float:
    """Radius in metres below which a mass, in kilograms, above 0, is a black hole: R = 2 G m / c^2.

    For a mass that neither turns nor carries charge. An energy E weighs as much as the mass E / c^2.

    Examples
    --------
    Lloyd (2000), for one kilogram:

    >>> f"{schwarzschild_radius(1):.3e}"
    '1.485e-27'
    """
    return product(positive("mass", mass), 2 * G / c**2)


def black_hole_bits(mass: ArrayLike) -> Float:
    """Bits in a black hole, which reaches both bounds, by its mass m: I = 4 pi G m^2 / (hbar c ln 2).

    The mass is in kilograms, above 0. The bits grow with its square, so squeezing a small mass into a hole
    loses room: one kilogram of radiation in a litre (`radiation_bits`) holds nearly 15 powers of ten more.
    Nothing here says that the bits can be read.

    Examples
    --------
    Lloyd (2000), for one kilogram:

    >>> f"{black_hole_bits(1):.3e}"
    '3.827e+16'
    """
    m = positive("mass", mass)
    return product(m, m, 4 * np.pi * G / (hbar * c * np.log(2)))


def radiation_bits(volume: ArrayLike, *, energy: ArrayLike, n_polarizations: ArrayLike = 2) -> Float:
    """Bits in a box of hot light: I = (4/3) (pi^2 r V E^3 / 30)^(1/4) / ln 2, E in units of hbar c.

    Parameters
    ----------
    volume, energy : array_like
        Volume V in cubic metres and energy E in joules, above 0; of a mass in kilograms, `rest_energy`.
    n_polarizations : array_like
        States r of each mode, a whole number, at least 1: two for light. Other massless bosons add theirs.

    Notes
    -----
    The thermal state has the most entropy that the energy allows (Lloyd, Nature 406, 1047, 2000), so this is
    what a box of light could hold, far below `max_bits`. It counts modes as if the box were large against the
    wavelength; for energies of about hbar c / R it is wrong and can exceed the true bound.

    Examples
    --------
    Lloyd's laptop, one kilogram in one litre:

    >>> f"{radiation_bits(1e-3, energy=rest_energy(1)):.3g}"
    '2.13e+31'
    """
    v, e = positive("volume", volume), positive("energy", energy)
    r = whole("n_polarizations", n_polarizations, 1).astype(float)
    same_shape(volume=v, energy=e, n_polarizations=r)
    with overflowing():
        nats = 4 / 3 * (np.pi**2 * r / 30 * v) ** 0.25 * (e**0.75 / (hbar * c) ** 0.75)
        return plain(nats / np.log(2))


def margolus_levitin_rate(*, energy: ArrayLike, n_states: ArrayLike = 2) -> Float:
    """Most steps to a state that can be told from the last, in a second: 2 E / (pi hbar) = 4 E / h.

    Parameters
    ----------
    energy : array_like
        Mean energy E above the ground state, in joules, at least 0; of a mass in kilograms, `rest_energy`.
    n_states : array_like
        Mutually orthogonal states n that the system cycles through, a whole number, at least 2: the rate is
        (2 E / h) n / (n - 1). Two, the default, go back and forth and give the 4 E / h above, the highest.

    Notes
    -----
    A step to an orthogonal state takes at least h / 4E (Margolus and Levitin, Physica D 120, 188, 1998),
    which makes 6.04e33 steps per second and joule. The authors' abstract says "about 3e33": that is 2 E / h,
    the limit of a long sequence of states. The one here is the higher, so that nothing beats it. It is a rate
    of the whole system: parts that share E make no more steps together, only slower ones side by side (Lloyd,
    Nature 406, 1047, 2000). The steps do not use energy up, and the bound knows neither noise nor heat. The
    spread dE bounds the rate, too: 4 dE / h.

    It is no bound on computing: an operation need not lead to an orthogonal state of the whole machine.
    Jordan (Phys. Rev. A 95, 032305, 2017) gives local Hamiltonians, constant in time, whose clock runs
    arbitrarily fast relative to E and dE; energy alone sets no limit. Where this package holds a machine
    against the theorem, it takes 4 E / h, the higher.

    Examples
    --------
    Lloyd's laptop, one kilogram, is printed with 5.4258e50 operations per second:

    >>> f"{margolus_levitin_rate(energy=rest_energy(1)):.3e}"
    '5.426e+50'

    One joule, as two states and as a long sequence:

    >>> f"{margolus_levitin_rate(energy=1):.2e} {margolus_levitin_rate(energy=1, n_states=10**6):.2e}"
    '6.04e+33 3.02e+33'
    """
    e, n = at_least("energy", energy, 0), whole("n_states", n_states, 2).astype(float)
    same_shape(energy=e, n_states=n)
    return product(e, 2 / h, n / (n - 1))


def bremermann_rate(mass: ArrayLike) -> Float:
    """Bremermann's limit on the bits that a mass m processes in a second: m c^2 / h.

    The mass is in kilograms, above 0, its power supply included.

    Notes
    -----
    One bit for every quantum h of energy times time: exactly a quarter of `margolus_levitin_rate` of the rest
    energy, and both can be right only because they count different things. Bremermann argues from the
    uncertainty of energy and time how many markers a signal can carry (Proc. Fifth Berkeley Symp. Math. Stat.
    Prob. 4, 15, 1967), Margolus and Levitin prove how soon a state can become orthogonal to itself. Use
    theirs as the bound and this as a landmark. In 1962 he printed 2e47 bits per second and gram
    (Self-Organizing Systems 1962, Spartan Books, p. 93).

    Examples
    --------
    >>> f"{bremermann_rate(1):.3e}"
    '1.356e+50'
    """
    return product(positive("mass", mass), c**2 / h)


def bits_per_atom_limit(mass: ArrayLike, molar_mass: ArrayLike) -> Float:
    """Bits in a piece of matter at one bit for each atom: N_A m / M.

    A landmark of engineering, not a law: an atom has more than two states (place, charge, spin, isotope), and
    memories that place single atoms use many for each bit. For a kilogram of silicon inside a radius of 10 cm
    it is still 17 powers of ten below `max_bits`.

    Parameters
    ----------
    mass : array_like
        Mass m in kilograms, above 0.
    molar_mass : array_like
        Mass M of a mole of its atoms in kg/mol (silicon 0.028085), between 0.001 and 0.3: hydrogen to the
        heaviest element. For a compound, the mean over its atoms.

    Examples
    --------
    Twelve grams of carbon-12, once the definition of a mole:

    >>> f"{bits_per_atom_limit(0.012, 0.012):.4e}"
    '6.0221e+23'
    """
    m, molar = positive("mass", mass), between("molar_mass", molar_mass, 1e-3, 0.3)
    same_shape(mass=m, molar_mass=molar)
    return product(m, Avogadro, over=(molar,))


@dataclass(frozen=True, eq=False)
class Box(Constants):
    """A thing that holds information: its mass, a sphere around it, and what these allow it to hold.

    Parameters
    ----------
    mass, radius : float or ndarray
        Mass in kilograms, and radius of the sphere in metres, both above 0. They broadcast.

    Examples
    --------
    A kilogram within ten centimetres:

    >>> box = Box(mass=1, radius=0.1)
    >>> f"{box.bound:.3e}, {orders(box.atoms(0.028085), box.bound):.1f} powers of ten above its atoms"
    '2.577e+42, 17.1 powers of ten above its atoms'
    """

    mass: Float
    radius: Float

    @property
    def bound(self) -> Float:
        """The Bekenstein bound on it, in bits: `max_bits` of its rest energy."""
        return max_bits(self.radius, energy=rest_energy(self.mass))

    @property
    def light(self) -> Float:
        """Bits in a ball of light of its radius and rest energy: `radiation_bits`."""
        volume = product(self.radius, self.radius, self.radius, 4 / 3 * np.pi)
        return radiation_bits(volume, energy=rest_energy(self.mass))

    @property
    def surface(self) -> Float:
        """Surface of the sphere, in square metres."""
        return product(self.radius, self.radius, 4 * np.pi)

    @property
    def black_hole(self) -> Float:
        """Bits of a black hole as large as the sphere, which weighs far more: `holographic_bits`."""
        return holographic_bits(self.surface)

    def atoms(self, molar_mass: ArrayLike) -> Float:
        """Bits at one bit for each atom, were it made of one substance, in kg/mol: `bits_per_atom_limit`."""
        return bits_per_atom_limit(self.mass, molar_mass)


def orders(bits: ArrayLike, limit: ArrayLike) -> Float:
    """Powers of ten from what there is up to a limit: log10(limit / bits), below 0 where it is passed.

    Examples
    --------
    >>> orders(1e12, 1e40)
    28.0
    """
    now, end = all_positive(bits=bits, limit=limit).values()
    return plain(np.log10(end) - np.log10(now))


def doublings(bits: ArrayLike, limit: ArrayLike) -> Float:
    """How often what there is can double up to a limit: log2(limit / bits), below 0 where it is passed.

    Examples
    --------
    >>> doublings(1, 1024)
    10.0
    """
    now, end = all_positive(bits=bits, limit=limit).values()
    return plain(np.log2(end) - np.log2(now))
