"""What a limit allows one run: against published numbers, by hand, and what must always hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.constants import c
from scipy.stats import norm

from frontier import binding

MONTH = 365.25 / 12 * 86_400
sizes = st.floats(1e-6, 1e12)


def test_light_needs_a_third_of_a_microsecond_for_a_hundred_metres():
    assert binding.shortest_duration(1, 100) == pytest.approx(0.3336e-6, rel=1e-3)
    assert binding.shortest_duration(1, 100, speed=2e8) == pytest.approx(0.5e-6)


@given(sizes, sizes)
def test_a_signal_covers_its_way_in_the_shortest_duration(n, way):
    assert binding.shortest_duration(n, way) * c / n == pytest.approx(way)


def test_a_chain_counts_each_layer_forward_and_back_in_each_step():
    # Llama 3.1 405B: 126 layers, 15.6e12 tokens in batches of 16e6
    assert binding.sequential_passes(126, 15.6e12, 16e6) == sum(2 * 126 for _ in range(975_000))


def test_the_stock_of_text_gives_the_compute_of_villalobos():
    assert binding.data_limited_flop(4e14, 20) == pytest.approx(5e28, rel=0.05)  # "around 5e28"
    # section 2.5: overtrained five times, the same stock is used up at about 6e27 FLOP
    assert binding.data_limited_flop(4e14, 100) == pytest.approx(6e27, rel=0.7)


@given(sizes, st.floats(1, 64), st.floats(1, 1000))
def test_weights_that_fill_a_store_take_six_times_tokens_times_parameters(bits, width, ratio):
    n_params = bits / width
    expected = 6 * n_params * (ratio * n_params)
    assert binding.weights_limited_flop(bits, width, ratio) == pytest.approx(expected)


def test_six_gigawatts_make_the_run_that_epoch_expects_in_2030():
    seconds = 30.84e6 / 16_384 * 3600
    found = binding.energy_limited_flop(6e9, 3 * seconds, 8 * 3.8e25 / (27e6 * seconds))
    assert found == pytest.approx(2e29, rel=0.05)


def test_hours_of_chips_are_what_money_buys():
    hours = 5.576e6 / 2  # DeepSeek-AI 2024, Table 1: 2.788 million
    assert binding.money_limited_flop(5.576e6, 2, 1, 1) == hours * 3600 == 2.788e6 * 3600
    assert binding.money_limited_flop(1, [1, 2], 1e15, 0.4).tolist() == [3600 * 0.4e15, 1800 * 0.4e15]
    with pytest.raises(ValueError, match=r"^mfu must be between 0 and 1, got 40$"):
        binding.money_limited_flop(1, 1, 1e15, 40)


def test_the_latency_wall_is_that_of_its_example():
    # across nodes, with as many layers as the smaller model has
    across = binding.latency_limited_flop(9 * MONTH, 400e-6 * 740, 60e6, 20)
    assert across == pytest.approx(7e30, rel=0.05)
    within = binding.latency_limited_flop(9 * MONTH, 0.1, 60e6, 20)
    assert within == pytest.approx(6 * 7e14 * 1.4e16, rel=0.05)


def test_draws_fill_their_interval_and_have_its_geometric_mean_as_median():
    draws = binding.lognormal_draws(1, 100, 0.8, n_draws=40_000, seed=1)
    assert_allclose(np.quantile(draws, [0.1, 0.5, 0.9]), [1, 10, 100], rtol=0.05)


def test_draws_repeat_with_their_seed_and_differ_with_a_shared_generator():
    same = [binding.lognormal_draws(1, 2, 0.9, seed=3) for _ in range(2)]
    assert np.array_equal(*same)
    rng = np.random.default_rng(3)
    assert not np.array_equal(*(binding.lognormal_draws(1, 2, 0.9, seed=rng) for _ in range(2)))


def test_an_interval_that_ends_where_it_starts_is_refused():
    with pytest.raises(ValueError, match=r"^high must be above 1, the low end, got 1$"):
        binding.lognormal_draws(1, 1, 0.9, seed=0)


def test_quantities_of_one_call_are_independent_and_those_of_one_seed_are_refused_together():
    low, high = np.array([[1.0], [2.0]]), np.array([3.0, 4.0])
    draws = binding.lognormal_draws(low, high, 0.9, seed=0, n_draws=20_000)
    assert draws.shape == (2, 2, 20_000)
    assert_allclose(np.corrcoef(draws.reshape(4, -1)), np.eye(4), atol=0.03)
    assert_allclose(np.median(draws, axis=-1), np.sqrt(low * high), rtol=0.03)
    # 1 to 10 against 2 to 50, each 90%: the first is below the second in Phi(d / s) of the draws
    one, other = (binding.lognormal_draws(*ends, 0.9, seed=5) for ends in ((1, 10), (2, 50)))
    with pytest.raises(ValueError, match=r"^ceilings must not rise .*, got 'one' and 'other'$"):
        binding.first_to_bind({"one": one, "two": 1.0, "other": other})
    assert binding.first_to_bind({"one": one, "other": other}, tied=True)["one"] == 1
    pair = binding.lognormal_draws([1, 2], [10, 50], 0.9, seed=5, n_draws=40_000)
    spread = np.log([10, 25]) / (2 * norm.ppf(0.95))
    apart = np.log(np.sqrt(100) / np.sqrt(10)) / np.hypot(*spread)
    shares = binding.first_to_bind(dict(zip(("one", "other"), pair, strict=True)))
    assert shares["one"] == pytest.approx(norm.cdf(apart), abs=0.01)


def test_draws_that_no_float_can_hold_are_refused():
    with pytest.raises(OverflowError, match=r"too (large|small)"):
        binding.lognormal_draws(1e-300, 1e300, 0.9, seed=0)


def test_the_lowest_ceiling_binds_and_the_shares_sum_to_one():
    rng = np.random.default_rng(0)
    ends = {"a": 2, "b": 5, "c": 9}
    ceilings = {name: binding.lognormal_draws(1, high, 0.9, seed=rng) for name, high in ends.items()}
    shares = binding.first_to_bind(ceilings)
    assert sum(shares.values()) == pytest.approx(1)
    assert list(shares.values()) == sorted(shares.values(), reverse=True)
    lowest = [min(ends, key=lambda name: ceilings[name][k]) for k in range(2000)]
    assert shares == {name: lowest.count(name) / 2000 for name in shares}


def test_numbers_and_draws_go_together_and_equals_share():
    assert binding.first_to_bind({"a": 1, "b": 2.0, "c": 3}) == {"a": 1, "b": 0, "c": 0}
    assert binding.first_to_bind({"a": [2, 1, 3, 9], "b": 2}) == {"b": 0.625, "a": 0.375}
    assert binding.first_to_bind({"a": 2, "b": 2, "c": [1, 2, 3, 3]}) == pytest.approx(
        {"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}, abs=1 / 12
    )
    assert binding.first_to_bind({"a": 2, "b": [2]}) == {"a": 0.5, "b": 0.5}


@pytest.mark.parametrize("bad", [{}, {"a": [1, 2], "b": [1]}, {"a": [[1]]}, {"a": []}, {"a": [0, 1]}])
def test_ceilings_that_cannot_be_compared_are_refused(bad):
    with pytest.raises(ValueError, match=r"^(ceilings must hold|a must be positive)"):
        binding.first_to_bind(bad)
