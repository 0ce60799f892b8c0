"""What it costs to forget: Landauer's bound, its price in time, a simulated erasure, reversible gates.

Energies are in joules and temperatures in kelvin, except in the simulation, which counts energy in kT and
time in a^2/D: the time in which a free particle of diffusivity D spreads over half the distance of the wells.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import constants

from frontier._checks import (
    Float,
    all_positive,
    at_least,
    between,
    generator,
    plain,
    positive,
    same_shape,
    single,
    whole,
)

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

_KT_LN2 = constants.k * np.log(2)  # Landauer's bound for one bit at one kelvin, in joules


_BLOCK = 64  # time steps whose random numbers are drawn at once: faster, and still small
_MOST_MOVES = 2**31  # of single particles in one call of `erase_bit`: some minutes


def _gate(*outputs: int) -> Integers:
    """Return a truth table that nobody can change by accident."""
    table = np.array(outputs, dtype=np.int64)
    table.setflags(write=False)
    return table


NOT = _gate(1, 0)
"""The negation of one bit."""

CNOT = _gate(0, 1, 3, 2)
"""Controlled NOT, pattern 2c + t: the target t flips where the control c is 1."""

TOFFOLI = _gate(0, 1, 2, 3, 4, 5, 7, 6)
"""Controlled controlled NOT, pattern 4a + 2b + t: the target t flips where a and b are 1."""

FREDKIN = _gate(0, 1, 2, 3, 4, 6, 5, 7)
"""Controlled swap, pattern 4c + 2x + y: x and y change places where the control c is 1."""


def erasure_energy(bits: ArrayLike, temperature: ArrayLike) -> Float:
    """Least heat given off when information is erased: E = bits * k_B * T * ln 2.

    Parameters
    ----------
    bits : array_like
        Bits of information lost, at least 0. Fractions are meant: see `erased_bits`.
    temperature : array_like
        Temperature of the surroundings, in kelvin, above 0. Broadcasts with `bits`.

    Returns
    -------
    float or ndarray
        Energy in joules.

    Raises
    ------
    ValueError
        If `bits` is negative, `temperature` is not positive, or either is not finite.

    Notes
    -----
    Only a logically irreversible step pays this price [1]_; a reversible one can be free [2]_. It is a
    mean over many erasures: single ones fluctuate below it. It supposes that both values of the bit are
    memories of equal energy and volume, so a reset that succeeds with probability P only pays for 1 - h(P)
    bits, h being the binary entropy. It is a bound without a clock: a reset in a given time costs more
    (`finite_time_erasure_energy`). It says nothing about moving, copying or reading information.

    References
    ----------
    .. [1] Landauer, IBM J. Res. Dev. 5, 183 (1961).
    .. [2] Bennett, IBM J. Res. Dev. 17, 525 (1973).

    Examples
    --------
    Landauer (1961) puts it as 0.6931 kT per restored bit; at 300 K that is the 3e-21 J of Berut et al.
    (arXiv:1503.06537, section 1):

    >>> from scipy.constants import k
    >>> round(erasure_energy(1, 300) / (k * 300), 4)
    0.6931
    >>> f"{erasure_energy(1, 300):.3e}"
    '2.871e-21'
    """
    n, temp = at_least("bits", bits, 0), positive("temperature", temperature)
    same_shape(bits=n, temperature=temp)
    with np.errstate(over="ignore"):
        return plain(n * (_KT_LN2 * temp))


def max_erasures(energy: ArrayLike, temperature: ArrayLike) -> Float:
    """Most bits that an energy can pay to erase: E / (k_B T ln 2).

    Parameters
    ----------
    energy : array_like
        Energy turned into heat, in joules, at least 0.
    temperature : array_like
        Temperature of the surroundings, in kelvin, above 0. Broadcasts with `energy`.

    Returns
    -------
    float or ndarray
        Bits; a mean over many erasures, so not rounded to whole ones.

    Raises
    ------
    ValueError
        If `energy` is negative, `temperature` is not positive, or either is not finite.

    Notes
    -----
    `erasure_energy` turned round, with all it leaves out. It bounds erasures, not operations: a
    computer that erases nothing may do any number of them.

    Examples
    --------
    A watt at room temperature, in bits per second:

    >>> f"{max_erasures(1, 300):.3e}"
    '3.483e+20'
    """
    joule, temp = at_least("energy", energy, 0), positive("temperature", temperature)
    same_shape(energy=joule, temperature=temp)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        return plain(joule / (_KT_LN2 * temp))


def overhead(energy_per_op: ArrayLike, bits_per_op: ArrayLike, temperature: ArrayLike) -> Float:
    """How many times the Landauer bound an operation costs: E / (bits k_B T ln 2).

    Parameters
    ----------
    energy_per_op : array_like
        Energy of one operation, in joules, at least 0.
    bits_per_op : array_like
        Bits that one operation erases, above 0. An assumption about the design of the machine, not a
        measurement, so it has no default: 1 and 32 per FLOP are both defended.
    temperature : array_like
        Temperature of the surroundings, in kelvin, above 0. All arguments broadcast.

    Returns
    -------
    float or ndarray
        A ratio. Below 1, the machine erases less than was assumed.

    Raises
    ------
    ValueError
        If an argument is out of range or not finite, or they do not broadcast.

    Notes
    -----
    The distance to a bound on erasing, not to a bound on computing: made reversible, the same operation
    has no such floor. No technology is known that would come near the bound at the speed of a chip.

    Examples
    --------
    An H100 (700 W, 989.4 TFLOP/s dense BF16), if every operation erased a single bit:

    >>> f"{overhead(700 / 989.4e12, 1, 300):.2g}"
    '2.5e+08'
    """
    joule, n = at_least("energy_per_op", energy_per_op, 0), positive("bits_per_op", bits_per_op)
    temp = positive("temperature", temperature)
    same_shape(energy_per_op=joule, bits_per_op=n, temperature=temp)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        return plain(joule / (n * (_KT_LN2 * temp)))


def finite_time_erasure_energy(
    duration: ArrayLike, temperature: ArrayLike, diffusivity: ArrayLike, half_separation: ArrayLike
) -> Float:
    """Least mean cost of erasing a bit in a given time: kT ln 2 + kT W^2 / (D tau), W^2 = 2 a^2.

    Parameters
    ----------
    duration : array_like
        Time tau of the whole cycle, in seconds, above 0.
    temperature : array_like
        Temperature of the surroundings, in kelvin, above 0.
    diffusivity : array_like
        Diffusion coefficient D of the particle that holds the bit, in m^2/s, above 0.
    half_separation : array_like
        Half the distance a between the wells, in metres, above 0. All arguments broadcast.

    Returns
    -------
    float or ndarray
        Energy in joules.

    Raises
    ------
    ValueError
        If an argument is not positive and finite, or they do not broadcast.

    Notes
    -----
    An overdamped particle carried from one distribution to another in the time tau dissipates at least
    kT W^2 / (D tau) beyond the second law, W being the (quadratic) Wasserstein distance between the two
    [1]_ [2]_, and some protocol attains it. Here half the mass moves by 2a and half stays, so W^2 is
    (2a)^2 / 2 = 2 a^2.

    That holds for narrow wells and an erasure that ends as it began, at rest in a well. In wells of
    standard deviation s, W^2 is smaller by nearly 2 sqrt(2/pi) a s: an eighth in the wells of `erase_bit`,
    whose `Erasure.finite_time_bound` takes W from the particles. If the particle only has to end anywhere
    beyond the barrier, the extra term can shrink to a quarter [3]_. Nor does it bind a bit held in
    something other than an overdamped particle. With friction gamma = kT/D, the term reads
    2 gamma a^2 / tau.

    References
    ----------
    .. [1] Aurell, C. Mejia-Monasterio, P. Muratore-Ginanneschi, Phys. Rev. Lett. 106, 250601 (2011).
    .. [2] Aurell, K. Gawedzki, C. Mejia-Monasterio, R. Mohayaee, P. Muratore-Ginanneschi, J. Stat.
       Phys. 147, 487 (2012).
    .. [3] Proesmans, J. Ehrich, J. Bechhoefer, Phys. Rev. Lett. 125, 100602 (2020).

    Examples
    --------
    In units of kT, a cycle of 10 a^2/D costs at least ln 2 + 2/10, of 1000 a^2/D hardly more than ln 2:

    >>> from scipy.constants import k
    >>> tau = np.array([10, 1000])
    >>> [round(float(x), 3) for x in finite_time_erasure_energy(tau, 300, 1, 1) / (k * 300)]
    [0.893, 0.695]
    """
    tau, temp, diffusion, a = all_positive(
        duration=duration, temperature=temperature, diffusivity=diffusivity, half_separation=half_separation
    ).values()
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        return plain(constants.k * temp * (np.log(2) + 2 * (a / tau) * (a / diffusion)))


# --- The experiment ----------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False, repr=False)
class Erasure:
    """Many runs of one erasure, as `erase_bit` returns them: energies in kT, time in a^2/D, lengths in a.

    Parameters
    ----------
    duration : float
        Time tau of the cycle.
    start, end : ndarray, shape (n_trajectories,)
        Where the particle was before and after; the wells are at -1 and 1.
    work : ndarray, shape (n_trajectories,)
        Work that the changing potential did on the particle.
    heat : ndarray, shape (n_trajectories,)
        Heat given to the surroundings: the work minus what the energy of the particle rose by.
    success : ndarray of bool, shape (n_trajectories,)
        Whether the run ended in the right-hand well, wherever it began.
    acceptance : float
        Share of the moves that the integrator accepted; near 1 where the time step is short enough.
    """

    duration: float
    start: Array
    end: Array
    work: Array
    heat: Array
    success: NDArray[np.bool_]
    acceptance: float

    def __post_init__(self) -> None:
        """Close the arrays to writing."""
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    def __repr__(self) -> str:
        """Say what came out, in one line."""
        return (
            f"Erasure(duration={self.duration:g}, n_trajectories={self.work.size}, "
            f"success_rate={self.success_rate:.4g}, "
            f"mean_heat={self.mean_heat:.3f} +- {self.heat_error:.3f} kT)"
        )

    @property
    def success_rate(self) -> float:
        """Share P of the runs that ended in the right-hand well."""
        return float(np.mean(self.success))

    @property
    def mean_heat(self) -> float:
        """Mean heat of all runs, failed ones included, in kT."""
        return float(np.mean(self.heat))

    @property
    def heat_error(self) -> float:
        """Standard error of the mean heat, in kT."""
        return float(np.std(self.heat, ddof=1) / np.sqrt(self.heat.size))

    @property
    def landauer_bound(self) -> float:
        """Least mean heat of an erasure that succeeds so often, ln 2 - h(P) in kT; no run alone obeys it."""
        shares = np.array([self.success_rate, 1 - self.success_rate])
        shares = shares[shares > 0]
        return float(np.log(2) + np.sum(shares * np.log(shares)))

    @property
    def finite_time_bound(self) -> float:
        """Least mean work in this time, ln 2 - h(P) + W^2 / tau in kT, W from the simulated particles.

        On a line, the best transport keeps the order of the particles, so W is a matter of sorting.
        """
        shift = np.sort(self.end) - np.sort(self.start)
        return self.landauer_bound + float(np.mean(shift**2)) / self.duration

    @property
    def detailed_jarzynski(self) -> float:
        """P <exp(-W/kT)> over the successful runs: 1/2 for any protocol, however fast, but for noise.

        Few runs of little work carry the mean, so where most work is wasted (durations below about 5)
        thousands of runs are too few.
        """
        return float(np.mean(np.exp(-self.work) * self.success))


def erase_bit(
    duration: float,
    *,
    n_trajectories: int = 1000,
    seed: Any = 0,
    barrier: float = 10.0,
    tilt: float = 8.0,
    n_steps: int | None = None,
) -> Erasure:
    """Erase a bit many times: a Brownian particle in a double well that is opened, tilted, and closed.

    Parameters
    ----------
    duration : float
        Time tau of the cycle in units of a^2/D, 1e-9 to 1e9. One number.
    n_trajectories : int
        Independent runs, at least 2.
    seed : int, Generator or anything else that numpy.random.default_rng takes
        Source of the randomness; the same seed gives the same runs.
    barrier : float
        Height B of the barrier between the wells, in kT, 0.01 to 1000. A low one forgets by itself.
    tilt : float
        Greatest force F towards the right-hand well, in kT/a, 0 to 10,000. Without one, nothing is erased:
        the control experiment, which costs nothing when slow.
    n_steps : int, optional
        Time steps of the cycle. By default so many that each is a fifth of the shortest relaxation time.

    Returns
    -------
    Erasure
        Work, heat and success of each run, with their bounds.

    Raises
    ------
    ValueError
        If an argument is out of range or not one finite number, or if the simulation would take more than
        2^31 moves; the message says how many.

    Warns
    -----
    UserWarning
        If `n_steps` is so low that one move in twenty or more is refused.

    Notes
    -----
    The potential is U(x) = B (x^4 - 2 g x^2) - f x in kT, x in units of a, the form of [1]_. In four
    quarters of the cycle, g falls from 1 to 0 (the barrier goes), f rises from 0 to F (the floor tilts),
    g rises to 1 (the barrier returns), f falls to 0. The particle starts in equilibrium: the bit is 0 or 1,
    each as likely. The work is the change of U while the particle stands still, the heat what U falls by
    while the particle moves [2]_.

    Each step moves the potential, then the particle: by a proposal of weak second order in time that is
    accepted or refused after Metropolis and Hastings [3]_. So each step keeps the Boltzmann distribution
    of its potential and is reversible, and what follows from these two holds exactly for the steps taken,
    not only as they become short: mean work >= kT (ln 2 - h(P)), P being the success rate, and P
    <exp(-W/kT)> over the successful runs = 1/2 [4]_. For the latter, weigh every run that ends at x by
    exp(-W/kT): this gives back the starting distribution at x, for a cycle of any speed, and half of that
    lies in the right-hand well. (Over all runs the mean is 1, which no experiment sees: the other half
    rests on failed runs that hardly ever occur.) The mean heat equals the mean work as soon as the
    particle has come to rest in the wells, which the last quarter lets it do unless the cycle is shorter
    than about 1. The duration itself is as good as the time step: the cost beyond ln 2 - h(P) is too high
    by about one per cent.

    It falls as 1/tau, near 5 kT a^2/(D tau) with the default protocol: simple, not the best, which
    would pay 2 (`finite_time_erasure_energy`). A time not far below exp(B)/B is too slow: the bit decays.
    A call takes some 30 ms per unit of duration for 1000 trajectories.

    References
    ----------
    .. [1] Jun, M. Gavrilov, J. Bechhoefer, Phys. Rev. Lett. 113, 190601 (2014); theirs has F = 2B.
    .. [2] Sekimoto, Prog. Theor. Phys. Suppl. 130, 17 (1998).
    .. [3] Roberts, R. L. Tweedie, Bernoulli 2, 341 (1996), with a step of higher order.
    .. [4] Berut, A. Petrosyan, S. Ciliberto, EPL 103, 60002 (2013); arXiv:1503.06537.

    Examples
    --------
    On average an erasure pays more than 0.69 kT; single runs pay less, as Jun et al. observed:

    >>> runs = erase_bit(20, n_trajectories=500)
    >>> runs.mean_heat > runs.landauer_bound, bool(np.min(runs.heat) < np.log(2))
    (True, True)
    >>> f"{runs.success_rate:.2f}"
    '1.00'
    """
    tau = single("duration", between("duration", duration, 1e-9, 1e9))
    height = single("barrier", between("barrier", barrier, 0.01, 1000))
    push = single("tilt", between("tilt", tilt, 0, 1e4))
    count = single("n_trajectories", whole("n_trajectories", n_trajectories, 2))
    if n_steps is None:
        stiffest = 8 * height + 3 * push + 4  # about the greatest U'' where the particle goes
        steps = max(500, int(np.ceil(5 * stiffest * tau)))  # a fast protocol is resolved, too
    else:
        steps = single("n_steps", whole("n_steps", n_steps, 1))
    if steps * count > _MOST_MOVES:
        got = f"{steps} steps of {count} trajectories"
        raise ValueError(f"duration and n_trajectories must make at most {_MOST_MOVES} moves, got {got}")
    rng = generator(seed)
    start = _equilibrium(rng, count, height)
    end, work, acceptance = _drive(rng, start, height, push, tau / steps, steps)
    if acceptance < 0.95:
        message = f"only {acceptance:.0%} of the moves were accepted: the particle is too slow, raise n_steps"
        warnings.warn(f"{message} above {steps}", stacklevel=2)
    rise = height * ((end**2 - 1) ** 2 - (start**2 - 1) ** 2)
    return Erasure(tau, start, end, work, work - rise, end > 0, acceptance)


def _equilibrium(rng: np.random.Generator, count: int, height: float) -> Array:
    """Draw positions from exp(-U) of the double well, by inverting its distribution function."""
    reach = np.sqrt(1 + np.sqrt(40 / height))  # beyond, U is more than 40 kT above the wells
    x = np.linspace(-reach, reach, 20_001)
    weight = np.exp(-height * (x**2 - 1) ** 2)
    below = np.concatenate([[0], np.cumsum(weight[1:] + weight[:-1])])
    return np.interp(rng.random(count), below / below[-1], x)


def _drive(
    rng: np.random.Generator, start: Array, height: float, push: float, step: float, n_steps: int
) -> tuple[Array, Array, float]:
    """Take the particles through the cycle; return where they end, the work, the share of moves accepted."""
    x, work, accepted = start, np.zeros_like(start), 0
    for first in range(0, n_steps, _BLOCK):
        last = min(first + _BLOCK, n_steps)
        phase = np.arange(first, last + 1) * (4 / n_steps)
        curve = (np.interp(phase, [0, 1, 2, 3], [1, 0, 0, 1]) * (4 * height)).tolist()
        force = (np.interp(phase, [1, 2, 3, 4], [0, 1, 1, 0]) * push).tolist()
        noise = rng.standard_normal((last - first, start.size))
        # Refused if the exponent of Metropolis and Hastings exceeds this, an exponential random number
        # (minus the logarithm of a uniform one) and the part of the exponent that is noise alone.
        patience = rng.standard_exponential(noise.shape) + noise**2 / 2
        noise *= np.sqrt(2 * step)
        for k in range(last - first):
            work -= ((curve[k + 1] - curve[k]) / 2 * x + (force[k + 1] - force[k])) * x
            y, against = _propose(x, curve[k + 1], force[k + 1], height, step, noise[k])
            taken = against < patience[k]
            x = np.where(taken, y, x)
            accepted += int(np.count_nonzero(taken))
    return x, work, accepted / (n_steps * start.size)


def _propose(
    x: Array, curve: float, force: float, height: float, step: float, noise: Array
) -> tuple[Array, Array]:
    """Propose a step in U = B x^4 - curve x^2 / 2 - force x: where it leads and what speaks against it.

    With the force F = -U', it is the Taylor step x + F dt + (F F' + F'') dt^2 / 2 with the noise
    (1 + F' dt / 2) sqrt(2 dt) xi, but for 1 + F' dt / 2 written as 1 / (1 - F' dt / 2): the same to this
    order, and positive where U is steep.
    """

    def mean_and_width(x: Array, square: Array) -> tuple[Array, Array]:
        width = 1 / ((1 - step / 2 * curve) + (6 * height * step) * square)
        moved = (step * curve - (4 * height * step) * square) * x + step * force
        return (1 - 12 * height * step**2) * x + moved * width, width

    square = x * x
    mean, width = mean_and_width(x, square)
    y = mean + width * noise
    square_y = y * y
    mean_back, width_back = mean_and_width(y, square_y)
    rise = (square_y - square) * (height * (square_y + square) - curve / 2) - force * (y - x)
    back = (x - mean_back) / width_back
    return y, rise + back * back / (4 * step) + np.log(np.abs(width_back / width))


# --- Logic -------------------------------------------------------------------------------------------


def erased_bits(truth_table: ArrayLike, input_distribution: ArrayLike | None = None) -> Float:
    """Information that a truth table loses: H(input) - H(output), in bits.

    Parameters
    ----------
    truth_table : array_like of int, shape (n,)
        The output for each of the inputs 0, 1, ... n - 1, as whole numbers from 0; bit patterns are read as
        binary numbers, so AND is ``[0, 0, 0, 1]``. n need not be a power of two.
    input_distribution : array_like, shape (..., n), optional
        Probability of each input; sums to 1 along the last axis. By default every input is as likely.

    Returns
    -------
    float or ndarray, shape (...)
        Bits, at least 0, and exactly 0 where every input that occurs has an output of its own.

    Raises
    ------
    ValueError
        If the table is not one row of whole numbers, or the distribution does not fit it or sum to 1.

    Notes
    -----
    As outputs follow from inputs, this is the entropy H(input | output) of what cannot be told from the
    output. It belongs to a table together with a distribution: a gate whose inputs are always the same
    erases nothing. Correlation with the rest of the machine is left out; with a copy of the
    inputs elsewhere, an AND need not cost anything [2]_. The heat is `erasure_energy` of this [1]_.

    References
    ----------
    .. [1] Landauer, IBM J. Res. Dev. 5, 183 (1961).
    .. [2] Bennett, IBM J. Res. Dev. 17, 525 (1973).

    Examples
    --------
    Landauer's RESTORE TO ONE loses one bit, an AND of two even bits 2 - h(1/4):

    >>> erased_bits([1, 1]), round(erased_bits([0, 0, 0, 1]), 4)
    (1.0, 1.1887)

    Inside a Toffoli gate whose target starts as 0 the same AND erases nothing. Dropping the two inputs
    afterwards does, and costs what the AND would have:

    >>> prepared = [1/4, 0, 1/4, 0, 1/4, 0, 1/4, 0]
    >>> erased_bits(TOFFOLI, prepared)
    0.0
    >>> round(erased_bits(TOFFOLI & 1, prepared), 4)
    1.1887
    """
    table = _table("truth_table", truth_table)
    n = table.size
    given = np.full(n, 1 / n) if input_distribution is None else input_distribution
    p = between("input_distribution", given, 0, 1)
    if p.ndim == 0 or p.shape[-1] != n:
        raise ValueError(f"input_distribution must have {n} entries along its last axis, got shape {p.shape}")
    total = p.sum(axis=-1)
    if np.any(np.abs(total - 1) > 1e-9):
        worst = total.flat[np.argmax(np.abs(total - 1))]
        raise ValueError(f"input_distribution must sum to 1, got {worst:.12g}")
    values, place = np.unique(table, return_inverse=True)
    q = np.zeros((values.size, *p.shape[:-1]))  # probability of each output
    np.add.at(q, place, np.moveaxis(p, -1, 0))
    reached = np.moveaxis(q[place], 0, -1)
    ratio = np.divide(reached, p, out=np.ones_like(p), where=p > 0)  # 1 / P(input | output)
    return plain(np.sum(p * np.log2(ratio), axis=-1))


def is_reversible(truth_table: ArrayLike) -> bool:
    """Whether every output of a truth table has one input only, so that nothing is ever erased.

    Parameters
    ----------
    truth_table : array_like of int, shape (n,)
        The output for each of the inputs 0, 1, ... n - 1, as whole numbers from 0.

    Returns
    -------
    bool

    Raises
    ------
    ValueError
        If the table is not one row of whole numbers.

    Examples
    --------
    >>> is_reversible(FREDKIN), is_reversible([0, 0, 0, 1])
    (True, False)
    """
    table = _table("truth_table", truth_table)
    return bool(np.unique(table).size == table.size)


def apply_gate(gate: ArrayLike, states: ArrayLike, wires: ArrayLike | None = None) -> int | Integers:
    """Send bit patterns through a reversible gate.

    Parameters
    ----------
    gate : array_like of int, shape (2**w,)
        A permutation of the patterns of w bits, such as `TOFFOLI`; the first bit of the gate counts most.
    states : array_like of int
        States of all wires as binary numbers, at least 0; any shape.
    wires : array_like of int, shape (w,), optional
        The wires that the bits of the gate are, first bit first; wire 0 counts 1, wire 1 counts 2, wire 2
        counts 4. By default w - 1, ... 1, 0: the gate sits on the lowest wires. Others are left alone.

    Returns
    -------
    int or ndarray of int
        The new states, in the shape of `states`.

    Raises
    ------
    ValueError
        If the gate is not a permutation of 2, 4, 8, ... patterns, a state is negative or not whole, or the
        wires do not fit the gate or repeat.

    Notes
    -----
    A permutation has an inverse, ``np.argsort(gate)``; the four gates of this module are their own.
    Reversible is not free: it only removes this floor. The bits of a gate that nobody asked for stay, and
    throwing them away is what costs; Bennett's way out is to compute, copy the answer and compute backwards.

    References
    ----------
    .. [1] Fredkin, T. Toffoli, Int. J. Theor. Phys. 21, 219 (1982).

    Examples
    --------
    With its target at 0 a Toffoli gate computes AND, and a second one undoes it:

    >>> states = np.array([0b000, 0b010, 0b100, 0b110])
    >>> apply_gate(TOFFOLI, states) & 1
    array([0, 0, 0, 1])
    >>> apply_gate(TOFFOLI, apply_gate(TOFFOLI, states))
    array([0, 2, 4, 6])

    A half adder of wires 2 and 1 into wires 1 (sum) and 0 (carry):

    >>> apply_gate(CNOT, apply_gate(TOFFOLI, 0b110), wires=[2, 1])
    5
    """
    table, state = _table("gate", gate), whole("states", states)
    width = table.size.bit_length() - 1
    if table.size < 2 or table.size != 2**width or not np.array_equal(np.sort(table), np.arange(table.size)):
        raise ValueError(f"gate must be a permutation of 0 to 2**w - 1, got {table.tolist()}")
    line = whole("wires", np.arange(width)[::-1] if wires is None else wires)
    if line.shape != (width,) or np.unique(line).size != width or np.any(line > 52):
        raise ValueError(f"wires must be {width} different numbers from 0 to 52, got {line.tolist()}")
    bit = np.int64(1) << line
    weight = np.int64(1) << np.arange(width)[::-1]
    pattern = ((state[..., None] & bit) != 0) @ weight
    new_bits = (table[pattern][..., None] & weight) != 0
    result = (state & ~bit.sum()) | (new_bits @ bit)
    return int(result) if np.ndim(result) == 0 else result


def _table(name: str, value: ArrayLike) -> Integers:
    """Return a truth table as integers, refusing anything but one row of them."""
    table = whole(name, value)
    if table.ndim != 1 or table.size == 0:
        raise ValueError(f"{name} must be one row of whole numbers, got shape {table.shape}")
    return table
