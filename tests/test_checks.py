"""What every module refuses in the same words."""

from decimal import Decimal

import numpy as np
import pytest

from frontier import codes, fitting, landauer, nofreelunch, quantum
from frontier.scaling import BESIROGLU_2024

RUNS = 10.0 ** np.array([8.0, 8.5, 9.0, 9.5, 10.0, 8.2]), 10.0 ** np.array([10.0, 9.0, 9.5, 11.0, 9.2, 10.5])
SEEDED = [
    lambda seed: landauer.erase_bit(1, n_trajectories=2, n_steps=1, seed=seed),
    lambda seed: codes.simulate_code(codes.hamming(), 1, n_words=1, seed=seed),
    lambda seed: nofreelunch.random_order(seed),
    lambda seed: quantum.simulate_grover(4, 1, seed=seed),
    lambda seed: fitting.bootstrap(*RUNS, BESIROGLU_2024.loss(*RUNS), n_resamples=1, seed=seed),
]


@pytest.mark.parametrize("function", SEEDED)
@pytest.mark.parametrize(("seed", "error"), [(-1, ValueError), ("today", TypeError), (1.5, TypeError)])
def test_a_seed_numpy_cannot_use_is_refused_by_name(function, seed, error):
    with pytest.raises(error, match=rf"^seed must be something that .*default_rng takes, got {seed!r}$"):
        function(seed)


COVERED = [
    lambda level: codes.simulate_code(codes.hamming(), 1, n_words=1, level=level),
    lambda level: fitting.Bootstrap(BESIROGLU_2024, np.zeros(1), np.ones(1, bool)).interval(level),
]


@pytest.mark.parametrize("function", COVERED)
@pytest.mark.parametrize(
    ("level", "error", "rule"),
    [
        (0, ValueError, "between 0 and 1, got 0"),
        (1, ValueError, "between 0 and 1, got 1"),
        (95, ValueError, "between 0 and 1, got 95"),
        (Decimal("NaN"), ValueError, "finite, got nan"),
        ("95%", TypeError, "real numbers, got '95%'"),
        ([0.5, 0.9], ValueError, r"one number, got an array of shape \(2,\)"),
    ],
)
def test_a_coverage_is_one_number_between_0_and_1(function, level, error, rule):
    with pytest.raises(error, match=f"^level must be {rule}$"):
        function(level)
