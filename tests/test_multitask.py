"""Small networks on several tasks: gradients, equal budgets, and what is frozen or not known."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from frontier import multitask
from frontier.multitask import Network, accuracy, compare, new_heads, random_network, train

RNG = np.random.default_rng(0)
X = RNG.standard_normal((30, 6))
Y = np.column_stack([X[:, 0] > 0, X[:, 1] * X[:, 2] > 0, X[:, 3] > 0.5]).astype(float)


def loss(network, x, y, known=None):
    """Mean logistic loss of each head, added up over heads and networks."""
    z = np.tanh(x @ network.hidden + network.hidden_bias) @ network.heads + network.head_bias
    each = np.logaddexp(0, z) - y * z
    if known is None:
        return each.mean(axis=-2).sum()
    return ((each * known).sum(axis=(0, 1)) / known.sum(axis=(0, 1))).sum()


def slopes(network, function, part, entries, size=1e-6):
    """Differences of `function` when entries of one part of the network change."""
    found = []
    for entry in entries:
        ends = []
        for sign in (1, -1):
            parts = [p.copy() for p in network]
            parts[part][entry] += sign * size
            ends.append(function(Network(*parts)))
        found.append((ends[0] - ends[1]) / (2 * size))
    return np.array(found)


@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("grouped", [False, True])
def test_the_first_step_goes_down_the_slope(part, grouped):
    """Adam's first step moves each weight by the learning rate, against the sign of its slope."""
    start = random_network(6, 3, n_hidden=5, seed=1)
    x, y = (X.reshape(3, 10, 6), Y.reshape(3, 10, 3)) if grouped else (X, Y)
    known = np.repeat(np.eye(3)[:, None], 10, axis=1) if grouped else None
    after = train(start, x, y, known, steps=1, rate=1e-3)
    entries = list(np.ndindex(start[part].shape))
    slope = slopes(start, lambda n: loss(n, x, y, known), part, entries)
    moved = np.array([(after[part] - start[part])[entry] for entry in entries])
    clear = abs(slope) > 1e-5
    assert clear.sum() > 0.8 * len(slope)
    assert_allclose(moved[clear], -1e-3 * np.sign(slope[clear]), rtol=1e-2)


def test_groups_of_one_network_are_the_same_as_one_long_list():
    start = random_network(6, 3, n_hidden=5, seed=1)
    long = train(start, X, Y, steps=50)
    grouped = train(start, X.reshape(3, 10, 6), Y.reshape(3, 10, 3), steps=50)
    for one, other in zip(long, grouped, strict=True):
        assert_allclose(one, other, rtol=1e-6, atol=1e-9)


def test_networks_side_by_side_are_the_same_as_one_by_one():
    start = random_network(6, 1, n_hidden=5, n_networks=3, seed=1)
    x, y = X.reshape(3, 10, 6), Y[:, :1].reshape(3, 10, 1)
    both = train(start, x, y, steps=30)
    for k in range(3):
        alone = train(Network(*(part[[k]] for part in start)), x[k], y[k], steps=30)
        for one, other in zip(both, alone, strict=True):
            assert_allclose(one[k], other[0], rtol=1e-6, atol=1e-9)


def test_a_network_learns_and_is_not_changed_by_training():
    start = random_network(6, 3, seed=1)
    copy = [part.copy() for part in start]
    assert loss(train(start, X, Y), X, Y) < 0.2 * loss(start, X, Y)
    for part, before in zip(start, copy, strict=True):
        assert_array_equal(part, before)


def test_a_label_that_is_not_known_has_no_effect():
    known = np.ones_like(Y)
    known[:, 2] = 0
    wrong = Y.copy()
    wrong[:, 2] = 1 - wrong[:, 2]
    start = random_network(6, 3, seed=1)
    for one, other in zip(train(start, X, Y, known), train(start, X, wrong, known), strict=True):
        assert_array_equal(one, other)
    assert_array_equal(train(start, X, Y, known).heads[..., 2], start.heads[..., 2])


def test_a_frozen_network_keeps_its_hidden_layer():
    start = random_network(6, 3, seed=1)
    after = train(start, X, Y, frozen=True)
    assert_array_equal(after.hidden, start.hidden)
    assert_array_equal(after.hidden_bias, start.hidden_bias)
    assert loss(after, X, Y) < loss(start, X, Y)


def test_pretraining_fills_in_what_is_hidden():
    common = RNG.standard_normal((200, 1))
    x = np.tanh(common) + 0.05 * RNG.standard_normal((200, 8))  # each number tells of the others
    net = multitask._pretrain(x, steps=300, n_hidden=6, seed=2)
    shown = x.copy()
    shown[:, 0] = 0
    guess = (np.tanh(shown @ net.hidden + net.hidden_bias) @ net.heads + net.head_bias)[0][:, 0]
    assert np.mean((guess - x[:, 0]) ** 2) < 0.2 * np.var(x[:, 0])


@pytest.mark.parametrize(
    ("shapes", "named"),
    [
        (((4, 2), (4,)), "labels"),  # a column forgotten
        (((4, 2), (1, 4)), "labels"),  # lying
        (((4, 2), (3, 1)), "labels"),
        (((4, 3), (4, 1)), "inputs"),
        (((2,), (4, 1)), "inputs"),
        (((4, 2), (5, 4, 1)), "labels"),
        (((4, 2), (4, 1), (4, 2)), "known"),
        (((4, 2), (4, 1), (1, 1)), "known"),
    ],
)
def test_shapes_that_would_broadcast_into_nonsense_are_refused(shapes, named):
    for n_networks in (1, 3):
        network = random_network(2, 1, n_networks=n_networks)
        with pytest.raises(ValueError, match=f"^{named} must have .*, got"):
            train(network, *map(np.zeros, shapes))
        if len(shapes) == 2:
            with pytest.raises(ValueError, match=f"^{named} must have .*, got"):
                accuracy(network, *map(np.zeros, shapes))
    with pytest.raises(ValueError, match=r"^inputs and labels must .*, got \(9, 2\) and \(8, 1\)$"):
        compare(np.zeros((9, 2)), np.zeros((8, 1)), 1, n_test=1)


def test_new_heads_keep_the_hidden_layer_for_every_copy():
    start = random_network(6, 6, seed=1)
    fresh = new_heads(start, 1, n_networks=3, seed=2)
    assert fresh.heads.shape == (3, 32, 1)
    assert fresh.n_params == 6 * 32 + 32 + 32 + 1
    for copy in fresh.hidden:
        assert_array_equal(copy, start.hidden[0])


def test_parameters_and_compute_are_counted():
    net = random_network(64, 5, n_networks=7)
    assert net.n_params == 64 * 32 + 32 + 32 * 5 + 5
    assert multitask._flop(net, 10) == 6 * net.n_params * 10


def test_accuracy_counts_each_head():
    net = Network(np.zeros((1, 6, 2)), np.zeros((1, 1, 2)), np.zeros((1, 2, 3)), np.ones((1, 1, 3)))
    assert_allclose(accuracy(net, X, Y)[0], Y.mean(axis=0))  # says yes to everything


PICTURES = RNG.standard_normal((900, 10))
KIN = np.column_stack([PICTURES @ np.r_[1, 1, k, np.zeros(7)] > 0 for k in (0.0, 0.5, 1.0)]).astype(float)


def test_three_ways_spend_the_same_and_see_each_task():
    found = compare(PICTURES, KIN, 60, n_test=500, seed=1)
    assert set(found.flop) == {"specialist", "generalist", "multitask"}
    assert max(found.flop.values()) < 1.02 * min(found.flop.values())
    for way in (found.specialist, found.generalist, found.multitask):
        assert way.shape == (3,)
        assert way.min() > 0.7
    again = compare(PICTURES, KIN, 60, n_test=500, seed=1)
    assert_array_equal(found.multitask, again.multitask)


def test_where_labels_are_coins_all_ways_are_right_half_the_time():
    coins = RNG.integers(0, 2, KIN.shape)
    found = compare(PICTURES, coins, 60, n_test=500, seed=1)
    for way in (found.specialist, found.generalist, found.multitask):
        assert way.mean() == pytest.approx(0.5, abs=0.04)


def test_multitask_wins_where_all_tasks_are_the_same():
    same = KIN[:, [1, 1, 1]]
    runs = [compare(PICTURES, same, 20, n_test=500, seed=s) for s in range(5)]
    assert np.mean([run.multitask - run.specialist for run in runs]) > 0.02


def test_too_few_examples_are_refused():
    with pytest.raises(ValueError, match="inputs must be enough for 3 tasks of 200 labels"):
        compare(PICTURES, KIN, 200, n_test=500)
