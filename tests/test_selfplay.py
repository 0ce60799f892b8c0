"""Games against themselves: AlphaZero's by the published table, networks by a loop over their layers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontier import registry
from frontier.selfplay import alphazero, convolutional_flop, expected_score, self_play

PUBLISHED = {  # Silver et al. 2018, Table S3 and supplement: days, seconds a move, games, side, planes
    "chess": (9 / 24, 0.040, 44e6, 8, 119),
    "shogi": (12 / 24, 0.080, 24e6, 9, 362),
    "Go": (13, 0.200, 140e6, 19, 17),
}
CHIPS, SIMULATIONS = 5000, 800


def flop_by_loop(side, planes, n_filters, n_blocks, kernel):
    layers = [(planes, n_filters)] + [(n_filters, n_filters)] * (2 * n_blocks)
    return sum(2 * kernel**2 * fan_in * fan_out for fan_in, fan_out in layers) * side**2


@given(st.tuples(*[st.integers(1, 40)] * 5))
def test_network_flop_counts_every_multiply_add_of_every_convolution(network):
    assert convolutional_flop(*network) == flop_by_loop(*network)
    policy = 1 + 73 / 256  # the larger head: a layer of 256 filters and one of 73, were both 3 x 3
    assert policy / (119 / 256 + 2 * 19) < 0.035


@pytest.mark.parametrize("game", PUBLISHED)
def test_alphazero_is_the_arithmetic_of_the_published_table(game):
    days, move_time, n_games, side, planes = PUBLISHED[game]
    run, seconds = alphazero(game), CHIPS * days * 86_400
    flop = flop_by_loop(side, planes, 256, 19, 3)
    assert run.flop == flop
    assert run.plies == pytest.approx(seconds / move_time / n_games)
    assert round(run.plies) == {"chess": 92, "shogi": 112, "Go": 201}[game]  # as players know them
    count = seconds / move_time * SIMULATIONS * flop
    assert run.operations == pytest.approx((count, count / 2, seconds * 92e12))
    assert run.peak_share == pytest.approx(count / (seconds * 92e12))
    assert 0.3 < run.peak_share < 0.8
    assert run.energy == pytest.approx((75 * seconds, 40 * seconds, 75 * seconds))


def test_the_one_published_estimate_of_alphazeros_compute_is_of_the_run_that_we_count():
    # Epoch AI: 3.67e22, read off a chart that ends in 2017. Ours is eight per cent more, without any peak.
    run, published = alphazero("Go, preprint"), registry.number("AlphaZero (Go, preprint)", "training_flop")
    assert run.operations.value == pytest.approx(5000 * 34 * 3600 / 0.2 * 800 * run.flop, rel=1e-5)
    assert run.operations.value / published == pytest.approx(1.08, abs=0.005)
    assert alphazero("Go").operations.low > 4 * published  # so not of the thirteen days
    assert alphazero("chess").operations.high < published  # nor of the nine hours of chess


def test_the_estimate_for_alphago_zero_is_of_its_larger_run():
    # Silver et al. 2017: 40 blocks, 29 million games, 1,600 simulations a move; games as long as AlphaZero's.
    position = convolutional_flop(side=19, planes=17, n_filters=256, n_blocks=39, kernel=3)
    counted = registry.number("AlphaGo Zero", "n_games") * alphazero("Go").plies * 1600 * position
    assert counted == pytest.approx(registry.number("AlphaGo Zero", "training_flop"), rel=0.15)


def test_the_distance_to_the_bound_takes_the_kindest_and_the_harshest_of_both_counts():
    chess = alphazero("chess")
    joules, one = chess.energy_per_operation, chess.overhead(1)
    value = 75 * 0.040 / (800 * 2_903_998_464)
    assert joules == pytest.approx((value, 40 / 92e12, 2 * value), abs=0)
    assert one == pytest.approx([x / 2.870979e-21 for x in joules], rel=1e-6)
    assert chess.overhead(32, 150) == pytest.approx(np.array(one) / 16)


def test_a_count_by_hand():
    # A chip makes ten moves of 100 operations in 20 seconds, in two games; it could do 100 a second.
    given = {"n_chips": 1, "duration": 20, "move_time": 2, "n_simulations": 5, "flop": 20, "n_games": 2}
    run = self_play(**given, peak=100, power=1)
    assert run == (5, 20, (1000, 500, 2000), 0.5, (20, 20, 20))
    other = self_play(**given, peak=100, power=registry.Range(1, 0.5, 3), least=0.1)
    assert (other.operations.low, other.energy) == (100, (20, 10, 60))
    with pytest.raises(ValueError, match=r"^power must be one number, or a value.* got shape \(2,\)"):
        self_play(**given, peak=100, power=[1, 2])


def test_elo_says_who_wins():
    assert expected_score(230) == pytest.approx(0.79, abs=0.005)  # Silver et al. 2016
    assert expected_score([0, 400, -400]) == pytest.approx([1 / 2, 10 / 11, 1 / 11])
    assert expected_score([-1e5, 1e6]).tolist() == pytest.approx([1e-250, 1])
