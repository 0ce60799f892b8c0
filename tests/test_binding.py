"""Which limit binds first: against published numbers, by hand, and what must always hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from frontier import binding, growth

MONTH = 365.25 / 12 * 86_400
CALLS = {
    binding.shortest_duration: {"n_sequential": 10, "distance": 3.0, "speed": 2e8},
    binding.largest_distance: {"duration": 5.0, "n_sequential": 10, "speed": 2e8},
    binding.data_limited_flop: {"n_tokens": 4e14, "tokens_per_param": 20},
    binding.energy_limited_flop: {"power": 1e9, "duration": 1e7, "flop_per_joule": 1e12},
    binding.latency_limited_flop: {
        "duration": 1e7,
        "step_time": 0.1,
        "batch_tokens": 6e7,
        "tokens_per_param": 20,
    },
    growth.years_until: {"limit": 1e29, "now": 1e25, "growth": 4},
}
each_function = pytest.mark.parametrize("function", CALLS, ids=lambda f: f.__name__)
each_argument = pytest.mark.parametrize(
    ("function", "name"),
    [(f, name) for f, valid in CALLS.items() for name in valid],
    ids=lambda x: getattr(x, "__name__", x),
)
sizes = st.floats(1e-6, 1e12)


def test_light_needs_a_third_of_a_microsecond_for_a_hundred_metres():
    assert binding.shortest_duration(1, 100) == pytest.approx(0.3336e-6, rel=1e-3)
    assert binding.shortest_duration(1, 100, speed=2e8) == pytest.approx(0.5e-6)


@given(sizes, sizes)
def test_duration_and_distance_undo_each_other(n, way):
    assert binding.largest_distance(binding.shortest_duration(n, way), n) == pytest.approx(way)


def test_the_stock_of_text_gives_the_compute_of_villalobos():
    assert binding.data_limited_flop(4e14, 20) == pytest.approx(5e28, rel=0.05)  # "around 5e28"
    # section 2.5: overtrained five times, the same stock is used up at about 6e27 FLOP
    assert binding.data_limited_flop(4e14, 100) == pytest.approx(6e27, rel=0.7)


def test_six_gigawatts_make_the_run_that_epoch_expects_in_2030():
    llama = 3.8e25 / (27e6 * 30.84e6 / 16_384 * 3600)
    assert binding.energy_limited_flop(6e9, 3 * 30.84e6 / 16_384 * 3600, 8 * llama) == pytest.approx(
        2e29, rel=0.05
    )


def test_the_latency_wall_is_that_of_its_example():
    found = binding.latency_limited_flop(9 * MONTH, 400e-6 * 740, 60e6, 20)
    assert found == pytest.approx(
        7e30, rel=0.05
    )  # across nodes, with as many layers as the smaller model has
    assert binding.latency_limited_flop(9 * MONTH, 0.1, 60e6, 20) == pytest.approx(
        6 * 7e14 * 1.4e16, rel=0.05
    )


def test_draws_fill_their_interval_and_have_its_geometric_mean_as_median():
    draws = binding.lognormal_draws(1, 100, 0.8, n_draws=40_000, seed=1)
    assert_allclose(np.quantile(draws, [0.1, 0.5, 0.9]), [1, 10, 100], rtol=0.05)


def test_draws_repeat_with_their_seed_and_differ_with_a_shared_generator():
    same = [binding.lognormal_draws(1, 2, 0.9, seed=3) for _ in range(2)]
    assert np.array_equal(*same)
    rng = np.random.default_rng(3)
    assert not np.array_equal(*(binding.lognormal_draws(1, 2, 0.9, seed=rng) for _ in range(2)))


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"low": -1}, ValueError, r"^low must be positive, got -1$"),
        ({"high": 1}, ValueError, r"^high must be above 1, the low end, got 1$"),
        ({"level": 1}, ValueError, r"^level must be between 0 and 1, got 1$"),
        ({"n_draws": 0}, ValueError, r"^n_draws must be at least 1, got 0$"),
        ({"low": [1, 2]}, ValueError, r"^low must be one number, got an array of shape \(2,\)$"),
        ({"seed": "now"}, TypeError, r"^seed must be"),
    ],
)
def test_bad_intervals_are_refused(change, error, message):
    with pytest.raises(error, match=message):
        binding.lognormal_draws(**{"low": 1, "high": 2, "level": 0.9, **change})


def test_a_passed_limit_lies_in_the_past_and_no_growth_is_refused():
    assert growth.years_until(1, 16, 4) == -2
    with pytest.raises(ValueError, match=r"^growth must be above 1, got 1$"):
        growth.years_until(2, 1, 1)


def test_the_lowest_ceiling_binds_and_the_shares_sum_to_one():
    rng = np.random.default_rng(0)
    ceilings = {
        name: binding.lognormal_draws(1, high, 0.9, seed=rng)
        for name, high in zip("abc", (2, 5, 9), strict=True)
    }
    shares = binding.first_to_bind(ceilings)
    assert sum(shares.values()) == pytest.approx(1)
    assert list(shares.values()) == sorted(shares.values(), reverse=True)
    assert binding.first_to_bind({"only": [1, 2]}) == {"only": 1.0}


@pytest.mark.parametrize("bad", [{}, {"a": [1, 2], "b": [1]}, {"a": 1}, {"a": []}, {"a": [0, 1]}])
def test_ceilings_that_cannot_be_compared_are_refused(bad):
    with pytest.raises(ValueError, match=r"^(ceilings must hold|a must be positive)"):
        binding.first_to_bind(bad)


@each_argument
@pytest.mark.parametrize("bad", [0, -1, np.nan, np.inf])
def test_what_is_not_positive_is_refused_by_name(function, name, bad):
    with pytest.raises(ValueError, match=rf"^{name} must be (positive|finite|above 1), got"):
        function(**{**CALLS[function], name: bad})


@each_argument
def test_arguments_broadcast_and_are_not_changed(function, name):
    valid = CALLS[function]
    values = np.array([valid[name], 2.0 * valid[name]])
    before = values.copy()
    found = function(**{**valid, name: values})
    assert np.array_equal(values, before)
    assert_allclose(found, [function(**{**valid, name: value}) for value in before])
    others = {key: np.full(3, float(value)) for key, value in valid.items() if key != name}
    with pytest.raises(ValueError, match=r"^arguments must broadcast"):
        function(**others, **{name: values})


@each_function
def test_scalars_in_scalar_out(function):
    assert isinstance(function(**CALLS[function]), float)


def test_what_overflows_is_refused():
    with pytest.raises(OverflowError):
        binding.data_limited_flop(1e200, 1)
