"""Plans of sweeps: the errors they promise against refits of simulated sweeps, and what a plan keeps to."""

import numpy as np
import pytest

from frontier import fitting
from frontier.planning import compute_needed, expected_error, plan_sweep
from frontier.scaling import BESIROGLU_2024 as LAW

SIZES = np.logspace(7, 10, 13)


def exponents(law):
    return {
        **{name: getattr(law, name) for name in ("alpha", "beta", "E")},
        "size_exponent": law.beta / (law.alpha + law.beta),
        "frontier_exponent": law.frontier_exponent,
    }


def test_the_errors_promised_are_those_of_refits():
    plan, noise = plan_sweep(LAW, 0.002, 1e20, SIZES), 0.002
    clean, found = LAW.loss(plan.n_params, plan.n_tokens), []
    for seed in range(150):
        loss = clean * np.exp(noise * np.random.default_rng(seed).standard_normal(20))
        found.append(exponents(fitting.fit(plan.n_params, plan.n_tokens, loss, delta=1.0).law))
    promised = expected_error(LAW, plan.n_params, plan.n_tokens, noise)
    for name, error in promised.items():
        assert np.std([one[name] for one in found]) == pytest.approx(error, rel=0.2), name
    assert plan.half_width == pytest.approx(1.6449 * promised["size_exponent"], rel=1e-4)


def test_a_plan_keeps_to_its_compute_and_beats_what_chance_finds():
    plan = plan_sweep(LAW, 0.003, 1e20, SIZES, target="frontier_exponent")
    assert plan.flop.sum() <= 1e20
    np.testing.assert_allclose(plan.flop, 6 * plan.n_params * plan.n_tokens)
    assert len(np.unique([plan.n_params, plan.n_tokens], axis=1).T) == len(plan.flop) == 20
    rng = np.random.default_rng(0)
    for _try in range(300):
        n = rng.choice(SIZES, 20)
        d = n * 10 ** rng.uniform(0.5, 2.5, 20)
        if (6 * n * d).sum() <= 1e20:
            error = expected_error(LAW, n, d, 0.003)["frontier_exponent"]
            assert error > plan.half_width / 1.6449


def test_the_cheapest_sweep_reaches_the_width_and_a_cheaper_one_does_not():
    plan = compute_needed(LAW, 0.003, 0.02, SIZES)
    assert plan.half_width <= 0.02
    assert plan_sweep(LAW, 0.003, 0.8 * plan.flop.sum(), SIZES).half_width > 0.02


def test_what_cannot_be_planned_is_refused():
    with pytest.raises(ValueError, match="flop must pay for the 20 cheapest runs"):
        plan_sweep(LAW, 0.003, 1e10, SIZES)
    with pytest.raises(ValueError, match="at least 20 different runs, got 9"):
        plan_sweep(LAW, 0.003, 1e20, 1e8)
    with pytest.raises(ValueError, match=r"target must be one of alpha, .*, got 'A'"):
        plan_sweep(LAW, 0.003, 1e20, SIZES, target="A")
    with pytest.raises(ValueError, match="half_width must be one that 20 runs of these sizes reach"):
        compute_needed(LAW, 0.003, 1e-9, SIZES)
    with pytest.raises(ValueError, match="runs must tell all five constants apart"):
        expected_error(LAW, np.full(6, 1e8), np.logspace(9, 10, 6), 0.003)
