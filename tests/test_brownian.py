"""A simulated erasure against the Fokker-Planck equation and what theory says of its statistics.

Every statistical test runs on a fixed seed. Its threshold is six standard errors, which a correct
implementation misses with a probability below 1e-6 on a new seed; all were tried on 200 seeds, and the
largest deviation seen was 4.2 standard errors.
"""

from functools import cache
from itertools import product

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.constants import k as BOLTZMANN  # noqa: N812
from scipy.linalg import solve_banded

from frontier.brownian import Erasure, erase_bit
from frontier.landauer import finite_time_erasure_energy

LN2 = np.log(2)
SIGMAS = 6


def fokker_planck(duration, height=10.0, push=8.0, n_points=281, n_steps=2500):
    """Mean work and success rate of the same protocol, from the equation for the density (no chance in it).

    Jumps between neighbouring points in detailed balance, Crank and Nicolson in time: none of the code
    under test.
    """
    x = np.linspace(-1.8, 1.8, n_points)
    dx, dt = x[1] - x[0], duration / n_steps
    phase = np.linspace(0, 1, n_steps + 1)
    g = np.interp(phase, [0, 0.25, 0.5, 0.75, 1], [1, 0, 0, 1, 1])
    force = push * np.interp(phase, [0, 0.25, 0.5, 0.75, 1], [0, 0, 1, 1, 0])
    energy = height * (x**4 - 2 * x**2)
    density = np.exp(energy.min() - energy)
    density /= density.sum()
    work, bands = 0.0, np.zeros((3, n_points))
    for k in range(n_steps):
        before, energy = energy, height * (x**4 - 2 * g[k + 1] * x**2) - force[k + 1] * x
        work += density @ (energy - before)
        right, left = np.exp(-np.diff(energy) / 2) / dx**2, np.exp(np.diff(energy) / 2) / dx**2
        leave = np.append(right, 0) + np.append(0, left)
        arrive = np.append(left * density[1:], 0) + np.append(0, right * density[:-1])
        bands[0, 1:], bands[2, :-1], bands[1] = -dt / 2 * left, -dt / 2 * right, 1 + dt / 2 * leave
        density = solve_banded((1, 1), bands, density + dt / 2 * (arrive - leave * density))
    return work, density[x > 1e-9].sum() + density[np.abs(x) < 1e-9].sum() / 2


@cache
def runs(duration, seed=0, tilt=8.0, n_steps=None):
    """Many runs, shared between the tests; as many as keep the file quick."""
    n_trajectories = {1: 8000, 3: 6000, 16: 2000}[duration]
    return erase_bit(duration, n_trajectories=n_trajectories, seed=seed, tilt=tilt, n_steps=n_steps)


def error(values):
    return np.std(values, ddof=1) / np.sqrt(values.size)


def jarzynski(run):
    """P <exp(-W/kT)> over the successful runs: half for any protocol, however fast."""
    return np.exp(-run.work) * run.success


def test_the_statistics_are_where_theory_puts_them():
    slow, fast, control = runs(16), runs(3), runs(16, 0, 0.0)
    for run in (slow, fast):
        assert run.mean_heat > run.landauer_bound - SIGMAS * run.heat_error
        assert run.work.mean() > run.finite_time_bound - SIGMAS * error(run.work)
    for run in (slow, control):
        assert abs(jarzynski(run).mean() - 0.5) < SIGMAS * error(jarzynski(run))
    for right in (control.success, fast.start > 0):
        assert abs(right.mean() - 0.5) < SIGMAS * 0.5 / np.sqrt(right.size)


@pytest.mark.parametrize(("duration", "push"), [(3, 8.0), (1, 5.0)])
def test_mean_work_and_success_agree_with_the_fokker_planck_equation(duration, push):
    work, success = fokker_planck(duration, push=push)
    run = runs(duration, 0, push)
    # At the default time step about 1 % too much is dissipated (seen by halving it).
    assert abs(run.work.mean() - work) < SIGMAS * error(run.work) + 0.015 * work
    spread = np.sqrt(success * (1 - success) / run.work.size)
    assert abs(run.success_rate - success) < SIGMAS * spread + 2 / run.work.size


def test_a_shorter_time_step_moves_the_dissipation_by_its_error_only():
    # At the default, 1 % too much is dissipated; three times finer must not be more than that away.
    coarse, fine = runs(1, 0, 8.0, 540), runs(1, 1, 8.0, 3 * 540)
    spread = np.hypot(error(coarse.work), error(fine.work))
    assert abs(coarse.work.mean() - fine.work.mean()) < SIGMAS * spread + 0.01 * fine.work.mean()
    # Refusals are a matter of the order of the proposal; Euler's method would have 0.9912.
    assert 0.9950 < coarse.acceptance < 0.9956
    assert (1 - fine.acceptance) < (1 - coarse.acceptance) / 4


def test_the_heat_beyond_the_bound_falls_as_one_over_the_duration():
    # Cost beyond ln 2, times the duration, from the density: constant. Near 5, as the docstring says.
    early, late = ((fokker_planck(tau, n_steps=1200)[0] - LN2) * tau for tau in (10, 40))
    assert early == pytest.approx(late, rel=0.01)
    assert late == pytest.approx(5, abs=0.2)
    run = runs(16)
    excess, spread = (run.mean_heat - LN2) * 16, run.heat_error * 16
    assert abs(excess - early) < SIGMAS * spread + 0.02 * early


def test_the_simulation_stays_above_what_time_demands():
    for tau in (3, 16):
        run = runs(tau)
        bound = finite_time_erasure_energy(tau, 1 / BOLTZMANN, 1, 1)  # kT = D = a = 1
        assert run.mean_heat > bound + SIGMAS * run.heat_error
        assert run.landauer_bound < run.finite_time_bound < bound + 0.15 / tau
        assert run.heat.min() < 0  # single runs do not
    assert 0.1 < np.mean(runs(16).heat < LN2) < 0.6


def test_the_detailed_fluctuation_result_needs_no_short_steps():
    # Steps so coarse that the particle hardly resembles a Brownian one: Metropolis keeps the result exact.
    with pytest.warns(UserWarning, match="only 57% of the moves were accepted: .* raise n_steps above 1000"):
        run = erase_bit(40, n_trajectories=10_000, n_steps=1000)
    assert run.acceptance == pytest.approx(0.573, abs=0.005)
    assert error(jarzynski(run)) < 0.01
    assert abs(jarzynski(run).mean() - 0.5) < SIGMAS * error(jarzynski(run))
    assert run.mean_heat > run.landauer_bound
    rise = 10 * ((run.end**2 - 1) ** 2 - (run.start**2 - 1) ** 2)
    assert_allclose(run.work - run.heat, rise, atol=1e-12)  # the first law, run by run


def test_the_particles_start_in_equilibrium():
    height = 2.0
    start = erase_bit(1e-3, n_trajectories=400_000, barrier=height, n_steps=1).start
    x = np.linspace(-3, 3, 60_001)
    weight = np.exp(-height * (x**2 - 1) ** 2)
    assert np.abs(start).max() > 1.8  # one in 400,000 is as high as the logarithm of that, 13 kT
    for power in (1, 2, 4):
        expected = x**power @ weight / weight.sum()
        assert abs(np.mean(start**power) - expected) < SIGMAS * error(start**power)


def test_a_sudden_cycle_of_one_step_is_work_free_and_moves_nothing_far():
    # With a single step the potential ends where it began before anything moves: no work at all.
    run = erase_bit(1e-4, n_trajectories=500, n_steps=1)
    assert_array_equal(run.work, 0)
    # A free step spreads by sqrt(2 D tau), here 0.014; the force moves it little.
    assert np.std(run.end - run.start) == pytest.approx(np.sqrt(2e-4), rel=SIGMAS / np.sqrt(2 * 500))
    # With two, the work is what a free step of half the time between opening and closing makes of the slope.
    run = erase_bit(1e-6, n_trajectories=400_000, barrier=2, n_steps=2)
    slope = 4 * 2 * run.start - 8
    expected = np.sqrt(np.mean(slope**2) * 2 * 0.5e-6)
    assert np.sqrt(np.mean(run.work**2)) == pytest.approx(expected, rel=SIGMAS / np.sqrt(2 * 400_000))


def test_the_tilt_erases_and_the_barrier_keeps():
    assert runs(16, 0, 0.0).landauer_bound < 0.02
    assert runs(16, 0, 0.0).mean_heat < runs(16).mean_heat - 0.3
    assert runs(1, 0, 2.0).success_rate < runs(1, 0, 5.0).success_rate - 0.02
    leaky = erase_bit(20, n_trajectories=500, barrier=2)
    assert leaky.success_rate < 0.95
    assert leaky.landauer_bound < LN2 - 0.1


def test_default_steps_are_short_enough_for_any_well():
    for barrier, push in product((0.1, 1, 10, 30), (0, 10, 60)):
        run = erase_bit(1, n_trajectories=100, barrier=barrier, tilt=push)
        assert run.acceptance > 0.99, (barrier, push)


def test_a_seed_gives_the_same_runs_and_the_defaults_are_those_of_the_docstring():
    plain = erase_bit(0.1)
    spelled = erase_bit(0.1, n_trajectories=1000, seed=0, barrier=10, tilt=8, n_steps=500)
    assert_array_equal(plain.work, spelled.work)
    for given, per_duration in (({}, 540), ({"barrier": 20, "tilt": 2}, 850)):
        longer, same = (erase_bit(2, n_trajectories=9, n_steps=n, **given) for n in (None, 2 * per_duration))
        assert_array_equal(longer.work, same.work)
    seven = erase_bit(0.1, seed=np.random.default_rng(7))
    assert seven == erase_bit(0.1, seed=7)
    assert len({seven, erase_bit(0.1, seed=7), erase_bit(0.1, seed=8)}) == 2
    assert not np.array_equal(seven.heat, plain.heat)


def test_the_summaries_by_hand():
    start, end, heat = np.array([[1.0, -1.0, 1.0, -1.0], [1.0, 1.0, -1.0, 1.0], [0.0, 1.0, 2.0, 5.0]])
    run = Erasure(duration=4.0, start=start, end=end, work=heat, heat=heat, acceptance=1.0)
    assert run.success_rate == 0.75
    assert run.mean_heat == 2.0
    assert run.heat_error == pytest.approx(np.sqrt(14 / 3) / 2)
    assert run.landauer_bound == pytest.approx(LN2 - (0.75 * np.log(4 / 3) + 0.25 * np.log(4)))
    assert run.finite_time_bound == pytest.approx(run.landauer_bound + (4 / 4) / 4)
    assert repr(run).endswith("n_trajectories=4, success_rate=0.75, mean_heat=2.000 +- 1.080 kT)")
    with pytest.raises(ValueError, match="read-only"):
        run.heat[0] = 0
    for end in (-np.ones(3), np.ones(3)):  # a certain outcome costs all of ln 2
        assert Erasure(1.0, end, end, end, end, 1.0).landauer_bound == pytest.approx(LN2)


LEAST = {"duration": 1e-9, "n_trajectories": 2, "barrier": 0.01, "tilt": 0, "n_steps": 1}
MOST = {"duration": 1e-3, "n_trajectories": 20, "barrier": 1000, "tilt": 1e4, "n_steps": 20_000}


def test_the_ends_of_the_allowed_range_work_and_nothing_beyond():
    assert erase_bit(**LEAST).acceptance > 0.95
    assert erase_bit(**MOST).acceptance > 0.95
    below = [(name, least - (1 if least >= 1 else 1e-12)) for name, least in LEAST.items()]
    for name, beyond in (*below, ("duration", 1.1e9), ("barrier", 1001), ("tilt", 10_001)):
        with pytest.raises(ValueError, match=f"^{name} must be .*, got "):
            erase_bit(**{**LEAST, name: beyond})
    with pytest.raises(ValueError, match="must make at most 2147483648 moves, got 2097153 steps of 1024 "):
        erase_bit(1, n_trajectories=2**10, n_steps=2**21 + 1)


def test_looks_on_the_way_change_nothing_and_end_where_the_runs_do():
    plain, seen = (erase_bit(2, n_trajectories=300, seed=4, n_moments=n) for n in (0, 5))
    assert plain.moments == ()
    assert_array_equal(seen.heat, plain.heat)
    first, opened, tilted, closed, last = seen.moments
    assert [moment.phase for moment in seen.moments] == [0, 1, 2, 3, 4]
    assert_array_equal(first.position, seen.start)
    assert_allclose(first.heat, 0, atol=1e-12)
    assert_array_equal(last.position, seen.end)
    assert_allclose(last.heat, seen.heat, atol=1e-9)
    assert_allclose(first.potential([-1, 0, 1]), [0, 10, 0])
    assert_allclose(opened.potential([-1, 0, 1]), [20, 10, 20])  # B (x^4 + 1): the wall is gone
    assert_allclose(tilted.potential([-1, 0, 1]), [28, 10, 12])
    assert_allclose(closed.potential([-1, 0, 1]), [8, 10, -8])
    assert seen != plain == erase_bit(2, n_trajectories=300, seed=4)
    assert seen == erase_bit(2, n_trajectories=300, seed=4, n_moments=5)
    assert len({seen, plain}) == 2
    with pytest.raises(ValueError, match="n_moments"):
        erase_bit(2, n_moments=1001)
