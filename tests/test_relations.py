"""Products of powers and sigmoids: against closed forms and SciPy, and what is refused."""

import numpy as np
import pytest
from scipy.stats import linregress

from frontier.relations import fit_product, fit_sigmoid


def test_one_setting_is_the_regression_of_logarithms():
    rng = np.random.default_rng(0)
    x = 10 ** rng.uniform(6, 9, 12)
    y = 2 * x**-0.3 * np.exp(0.1 * rng.standard_normal(12))
    found, known = fit_product({"x": x}, y), linregress(np.log(x), np.log(y))
    assert found.exponents["x"] == pytest.approx(known.slope)
    low, high = found.intervals["x"]
    assert (high - low) / 2 == pytest.approx(
        2.2281 * known.stderr, rel=1e-4
    )  # Student's t for 10, from a table
    assert found(x=1e7) == pytest.approx(np.exp(known.intercept + known.slope * np.log(1e7)))


def test_intervals_of_products_hold_about_as_often_as_they_say():
    rng, held = np.random.default_rng(1), 0
    for _set in range(400):
        n, d = 10 ** rng.uniform(7, 9, 10), 10 ** rng.uniform(9, 11, 10)
        rate = 0.5 * n**-0.2 * d**-0.1 * np.exp(0.05 * rng.standard_normal(10))
        low, high = fit_product({"n": n, "d": d}, rate, level=0.8).intervals["d"]
        held += low < -0.1 < high
    assert held / 400 == pytest.approx(0.8, abs=0.05)


def test_a_sigmoid_is_found_through_noise_and_ends_at_chance_and_one():
    rng = np.random.default_rng(2)
    loss = np.linspace(1.5, 3.5, 40)
    clean = 0.25 + 0.75 / (1 + np.exp(4 * (loss - 2.5)))
    found = fit_sigmoid(loss, np.clip(clean + 0.01 * rng.standard_normal(40), 0, 1), chance=0.25)
    assert found.midpoint == pytest.approx(2.5, abs=0.02)
    assert found.steepness == pytest.approx(4, rel=0.05)
    assert found([-100, 100]) == pytest.approx([1, 0.25])


@pytest.mark.parametrize(
    ("call", "rule"),
    [
        (lambda: fit_product({"x": [1, 2]}, [1, 2, 3]), "one-dimensional arrays of one length"),
        (lambda: fit_product({}, [1, 2, 3]), "one-dimensional arrays of one length, got"),
        (lambda: fit_product({"x": [1, 2]}, [1, 2]), "y must have at least 3 entries, got 2"),
        (
            lambda: fit_product({"x": [1, 2, 3, 4], "z": [2, 4, 6, 8]}, [1, 2, 3, 4]),
            "not all together, got x, z",
        ),
        (lambda: fit_product({"x": [1, 2, 3]}, [1, 2, 3])(z=1), "settings must be x, got z"),
        (lambda: fit_sigmoid([3, 2], [0.1, 0.2]), "rows of one length, 3 or more"),
        (lambda: fit_sigmoid([3, 2, 1], [0.3, 0.2, 0.1]), "accuracy must rise as loss falls"),
        (lambda: fit_sigmoid([3, 2, 1], [0.1, 0.2, 1.3]), "accuracy must be between 0 and 1, got 1.3"),
    ],
)
def test_what_makes_no_relation_is_refused(call, rule):
    with pytest.raises(ValueError, match=rule):
        call()
