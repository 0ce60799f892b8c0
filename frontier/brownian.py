"""A bit erased in simulation: Brownian particles in a double well that is opened, tilted and closed.

Energies are in kT, lengths in a, half the distance of the wells, times in a^2/D: in one of them a free
particle of diffusivity D spreads over about a.
"""

from __future__ import annotations

import warnings
from collections.abc import Container
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import entr

from frontier._checks import ByValue, between, generator, single, whole

Array = NDArray[np.float64]

_BLOCK = 64  # time steps whose random numbers are drawn at once: faster, and still small
_MOST_MOVES = 2**31  # of single particles in one call of `erase_bit`: some minutes


@dataclass(frozen=True, eq=False)
class Moment(ByValue):
    """A look at all runs amid an erasure: one of `Erasure.moments`.

    Parameters
    ----------
    phase : float
        How much of the cycle is over, in quarters: 0 to 4.
    barrier, curve, force : float
        The potential of the moment, barrier (x^4 + 1) - curve x^2 / 2 - force x: zero in the wells at rest.
    position, heat : ndarray, shape (n_trajectories,)
        Where each particle is, and the heat that it has given to the surroundings so far.
    """

    phase: float
    barrier: float
    curve: float
    force: float
    position: Array
    heat: Array

    def potential(self, x: ArrayLike) -> Array:
        """Return the energy of a particle at the places `x`, in kT."""
        place: Array = np.asarray(x, dtype=float)
        energy: Array = self.barrier * (place**4 + 1) - (self.curve / 2 * place + self.force) * place
        return energy


@dataclass(frozen=True, eq=False, repr=False)
class Erasure(ByValue):
    """Many runs of one erasure, as `erase_bit` returns them.

    Parameters
    ----------
    duration : float
        Time tau of the cycle.
    start, end : ndarray, shape (n_trajectories,)
        Where the particle was before and after; the wells are at -1 and 1.
    work, heat : ndarray, shape (n_trajectories,)
        Work that the changing potential did on the particle, and heat given to the surroundings: the work
        minus what the energy of the particle rose by.
    acceptance : float
        Share of the moves that the integrator accepted; near 1 where the time step is short enough.
    moments : tuple of Moment
        Looks at the runs on the way, where they were asked for; evenly spaced from the start to the end.
    """

    duration: float
    start: Array
    end: Array
    work: Array
    heat: Array
    acceptance: float
    moments: tuple[Moment, ...] = ()

    def __post_init__(self) -> None:
        """Close the arrays to writing."""
        looks = [values for moment in self.moments for values in (moment.position, moment.heat)]
        for values in (self.start, self.end, self.work, self.heat, *looks):
            values.setflags(write=False)

    def __repr__(self) -> str:
        """Say what came out, in one line."""
        heat = f"mean_heat={self.mean_heat:.3f} +- {self.heat_error:.3f} kT"
        of = f"duration={self.duration:g}, n_trajectories={self.work.size}"
        return f"Erasure({of}, success_rate={self.success_rate:.4g}, {heat})"

    @property
    def success(self) -> NDArray[np.bool_]:
        """Whether each run ended in the right-hand well, wherever it began."""
        return self.end > 0

    @property
    def success_rate(self) -> float:
        """Share P of the runs that ended in the right-hand well."""
        return float(np.mean(self.success))

    @property
    def mean_heat(self) -> float:
        """Mean heat of all runs, failed ones included."""
        return float(np.mean(self.heat))

    @property
    def heat_error(self) -> float:
        """Standard error of the mean heat."""
        return float(np.std(self.heat, ddof=1) / np.sqrt(self.heat.size))

    @property
    def landauer_bound(self) -> float:
        """Least mean heat of an erasure that succeeds so often, ln 2 - h(P); no run alone obeys it."""
        return float(np.log(2) - np.sum(entr([self.success_rate, 1 - self.success_rate])))

    @property
    def finite_time_bound(self) -> float:
        """Least mean work in this time, ln 2 - h(P) + W^2 / tau: on a line, W is a matter of sorting."""
        shift = np.sort(self.end) - np.sort(self.start)
        return self.landauer_bound + float(np.mean(shift**2)) / self.duration


def erase_bit(
    duration: float,
    *,
    n_trajectories: int = 1000,
    seed: Any = 0,
    barrier: float = 10.0,
    tilt: float = 8.0,
    n_steps: int | None = None,
    n_moments: int = 0,
) -> Erasure:
    """Erase a bit many times: work, heat and success of each run, with their bounds.

    Parameters
    ----------
    duration : float
        Time tau of the cycle, 1e-9 to 1e9.
    n_trajectories : int
        Independent runs, at least 2, and at most so many that all take 2^31 steps together.
    seed : int, Generator or anything else that numpy.random.default_rng takes
        Source of the randomness; the same seed gives the same runs.
    barrier : float
        Height B of the barrier between the wells, 0.01 to 1000. A low one forgets by itself.
    tilt : float
        Greatest force F towards the right-hand well, 0 to 10,000. Without one, nothing is erased: the
        control experiment, which costs nothing when slow.
    n_steps : int, optional
        Time steps of the cycle. By default so many that each is a fifth of the shortest relaxation time; a
        warning says if there are so few that one move in twenty is refused.
    n_moments : int
        At how many moments to look, 0 to 1000; what the particles do does not depend on it.

    Notes
    -----
    The potential is U(x) = B (x^4 - 2 g x^2) - f x, the form of Jun et al. (Phys. Rev. Lett. 113, 190601,
    2014), who have F = 2B. In four quarters of the cycle, g falls from 1 to 0 (the
    barrier goes), f rises from 0 to F (the floor tilts), g rises to 1 (the barrier returns), f falls to 0.
    The particle starts in equilibrium: the bit is 0 or 1, each as likely. The work is the change of U while
    the particle stands still, the heat what U falls by while it moves (Sekimoto, Prog. Theor. Phys. Suppl.
    130, 17, 1998).

    Each step moves the potential, then the particle: by a proposal of weak second order in time that is
    accepted or refused after Metropolis and Hastings (Roberts and Tweedie, Bernoulli 2, 341, 1996, with a
    step of higher order). So each step keeps the Boltzmann distribution of its potential and is reversible,
    and what follows from these two holds exactly for the steps taken, however long: the mean work is at least
    ln 2 - h(P), P being the success rate, and P <exp(-W)> over the successful runs is 1/2 (Berut et
    al., EPL 103, 60002, 2013). (Weigh every run that ends at x by
    exp(-W): this gives back the starting distribution at x, half of which lies in the right-hand well.) The
    mean heat equals the mean work once the particle has come to rest, for which the last quarter suffices
    unless the cycle is shorter than 1.

    At the default time step the cost beyond ln 2 - h(P) is too high by about one per cent. It falls as 5/tau;
    the best protocol would pay 2/tau (`landauer.finite_time_erasure_energy`). A time not far below exp(B)/B
    is too slow: the bit decays.

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
    stiffest = 8 * height + 3 * push + 4  # about the greatest U'' where the particle goes
    enough = max(500, int(np.ceil(5 * stiffest * tau)))  # a fast protocol is resolved, too
    steps = enough if n_steps is None else single("n_steps", whole("n_steps", n_steps, 1))
    if steps * count > _MOST_MOVES:
        got = f"{steps} steps of {count} trajectories"
        raise ValueError(f"duration and n_trajectories must make at most {_MOST_MOVES} moves, got {got}")
    looks = int(single("n_moments", between("n_moments", whole("n_moments", n_moments, 0), 0, 1000)))
    seen = np.linspace(0, steps, looks).round().astype(int)
    rng = generator(seed)
    start = _equilibrium(rng, count, height)
    path, acceptance = _drive(rng, start, height, push, tau / steps, steps, {*seen.tolist(), 0, steps})
    end, work = path[steps]
    rise = height * ((end**2 - 1) ** 2 - (start**2 - 1) ** 2)
    moments = tuple(_moment(4 * k / steps, height, push, start, *path[k]) for k in seen.tolist())
    if acceptance < 0.95:
        message = f"only {acceptance:.0%} of the moves were accepted: the particle is too slow, raise n_steps"
        warnings.warn(f"{message} above {steps}", stacklevel=2)
    return Erasure(tau, start, end, work, work - rise, acceptance, moments)


def _equilibrium(rng: np.random.Generator, count: int, height: float) -> Array:
    """Draw positions from exp(-U) of the double well, by inverting its distribution function."""
    reach = np.sqrt(1 + np.sqrt(40 / height))  # beyond, U is more than 40 kT above the wells
    x = np.linspace(-reach, reach, 20_001)
    weight = np.exp(-height * (x**2 - 1) ** 2)
    below = np.concatenate([[0], np.cumsum(weight[1:] + weight[:-1])])
    return np.interp(rng.random(count), below / below[-1], x)


def _moment(phase: float, height: float, push: float, start: Array, position: Array, work: Array) -> Moment:
    """Return the look at particles that were at `start`, with the heat so far: work minus the rise of U."""
    potential = height, float(4 * height * _curve(phase)), float(push * _force(phase))
    still = Moment(phase, *potential, position, work)
    return replace(still, heat=work - still.potential(position) + height * (start**2 - 1) ** 2)


def _curve(phase: Any) -> Any:
    """Return how much of the barrier stands, in quarters of the cycle."""
    return np.interp(phase, [0, 1, 2, 3], [1, 0, 0, 1])


def _force(phase: Any) -> Any:
    """Return how much of the tilt there is, in quarters of the cycle."""
    return np.interp(phase, [1, 2, 3, 4], [0, 1, 1, 0])


def _drive(
    rng: np.random.Generator,
    start: Array,
    height: float,
    push: float,
    step: float,
    n_steps: int,
    looks: Container[int],
) -> tuple[dict[int, tuple[Array, Array]], float]:
    """Take the particles through the cycle; return places and work at the steps asked for, and acceptance."""
    x, work, accepted = start, np.zeros_like(start), 0
    seen = {0: (x, work)}
    for first in range(0, n_steps, _BLOCK):
        last = min(first + _BLOCK, n_steps)
        phase = np.arange(first, last + 1) * (4 / n_steps)
        curve = (_curve(phase) * (4 * height)).tolist()
        force = (_force(phase) * push).tolist()
        noise = rng.standard_normal((last - first, start.size))
        # Refused if the exponent of Metropolis and Hastings exceeds this, an exponential random number
        # (minus the logarithm of a uniform one) and the part of the exponent that is noise alone.
        patience = rng.standard_exponential(noise.shape) + noise**2 / 2
        noise *= np.sqrt(2 * step)
        for k in range(last - first):
            work = work - ((curve[k + 1] - curve[k]) / 2 * x + (force[k + 1] - force[k])) * x
            y, against = _propose(x, curve[k + 1], force[k + 1], height, step, noise[k])
            taken = against < patience[k]
            x = np.where(taken, y, x)
            accepted += int(np.count_nonzero(taken))
            if first + k + 1 in looks:
                seen[first + k + 1] = x, work
    return seen, accepted / (n_steps * start.size)


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
