"""No free lunch in learning: against enumeration, against what others published, against what must hold."""

import math
from collections import Counter
from fractions import Fraction
from itertools import combinations, pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_nofreelunch import SEARCHERS, every_run, priors

from frontier.learning import best_learner, majority, nearest_neighbour, off_training_set_error, smooth_prior
from frontier.nofreelunch import all_functions, is_closed_under_permutation, mean_performance

LEARNERS = {
    "nearest_neighbour": nearest_neighbour,
    "majority": majority,
    "constant": lambda points, values, query: 0,
    "anti-majority": lambda points, values, query: (majority(points, values, query) + 1) % 2,
    "parity": lambda points, values, query: (sum(values) + query) % 2,
}
every_learner = pytest.mark.parametrize("learner", LEARNERS.values(), ids=LEARNERS)


def slow_error(learner, functions, trained, weights):
    cost = Fraction(0)
    for function, weight in zip(functions, weights, strict=True):
        rest = [x for x in range(len(function)) if x not in trained]
        seen = tuple(function[x] for x in trained)
        wrong = sum(learner(tuple(trained), seen, x) != function[x] for x in rest)
        cost += Fraction(weight) * Fraction(wrong, len(rest))
    return cost / sum(map(Fraction, weights))


@pytest.mark.parametrize("n_values", [2, 3])
@every_learner
def test_off_the_training_set_all_learners_are_equal(learner, n_values):
    """Wolpert (1996): 1 - 1/|Y|, for every training set."""
    functions = all_functions(4, n_values)
    for size in range(4):
        for trained in combinations(range(4), size):
            assert off_training_set_error(learner, functions, trained) == 1 - Fraction(1, n_values)


@every_run
@given(priors(), st.sampled_from(sorted(LEARNERS)), st.data())
def test_error_is_that_of_asking_for_each_target(prior, name, data):
    functions, weights = prior
    n_points = len(functions[0])
    trained = data.draw(st.permutations(range(n_points)))[: data.draw(st.integers(0, n_points - 1))]
    error = off_training_set_error(LEARNERS[name], functions, trained, weights)
    assert error == slow_error(LEARNERS[name], functions, trained, weights)


@every_run
@given(priors(), st.data())
def test_nobody_beats_the_best_learner(prior, data):
    functions, weights = prior
    trained = data.draw(st.permutations(range(len(functions[0]))))[:-1]
    query = ({*range(len(functions[0]))} - set(trained)).pop()
    best = off_training_set_error(best_learner(functions, weights), functions, trained, weights)
    # By hand: of each group of functions that agree on the data, all but the likeliest value is lost
    groups = {}
    for function, weight in zip(functions, weights, strict=True):
        votes = groups.setdefault(tuple(function[x] for x in trained), Counter())
        votes[function[query]] += weight
    lost = sum(sum(votes.values()) - max(votes.values()) for votes in groups.values())
    assert best == lost / sum(weights)


@pytest.mark.parametrize("agree", [Fraction(1, 2), Fraction(2, 3), Fraction(1, 11), Fraction(1)])
@pytest.mark.parametrize("trained", [0, 2])
def test_nearest_neighbour_on_an_ising_chain(agree, trained):
    """At distance d two spins differ with probability (1 - (2p - 1)^d) / 2."""
    functions = all_functions(6, 2)
    rest = [abs(x - trained) for x in range(6) if x != trained]
    error = sum((1 - (2 * agree - 1) ** d) / 2 for d in rest) / len(rest)
    weights = smooth_prior(functions, agree)
    assert off_training_set_error(nearest_neighbour, functions, [trained], weights) == error


@pytest.mark.parametrize("agree", [0, Fraction(3, 10), 0.75, 1])
def test_smooth_weights_count_agreements(agree):
    """The same, slowly: the first value is a coin, each further one agrees with its neighbour or not."""
    weights = smooth_prior(all_functions(5, 2), agree)
    for row, weight in zip(product((0, 1), repeat=5), weights, strict=True):
        slow = Fraction(1, 2)
        for left, right in pairwise(row):
            slow *= Fraction(agree) if left == right else 1 - Fraction(agree)
        assert weight == slow


@pytest.mark.parametrize("agree", [-0.1, 1.1])
def test_smooth_weights_want_a_probability(agree):
    with pytest.raises(ValueError, match=f"agree must be between 0 and 1, got {agree}"):
        smooth_prior([[0, 1]], agree)


def test_for_constant_functions_one_value_is_enough():
    """Closed under permutation, and yet a learner gains: the theorem for search is not that for learning."""
    constants = [[value] * 5 for value in range(4)]
    assert is_closed_under_permutation(constants)
    assert len({mean_performance(s, constants, 2) for s in SEARCHERS.values()}) == 1
    assert off_training_set_error(majority, constants, [3]) == 0


def test_a_prior_pays_only_who_shares_it():
    functions = all_functions(8, 2)
    for agree, sign in ((Fraction(4, 5), 1), (Fraction(1, 5), -1)):
        likely = smooth_prior(functions, agree)
        errors = [
            off_training_set_error(learner, functions, [1, 4, 6], likely)
            for learner in (nearest_neighbour, best_learner(functions, likely), *LEARNERS.values())
        ]
        assert sign * (Fraction(1, 2) - errors[0]) > 0
        assert errors[1] == min(errors)


@pytest.mark.parametrize("trained", [(), (2,), (0, 3)])
def test_with_another_loss_learners_differ_even_over_all_functions(trained):
    """Wolpert (1996) excepts quadratic loss: the mean of 0, 1, 2 costs 2/3, an end 5/3."""

    def squared(guess, value):
        return (guess - value) ** 2

    functions = all_functions(4, 3)
    errors = [
        off_training_set_error(lambda p, v, q, guess=guess: guess, functions, trained, loss=squared)
        for guess in (0, 1, 2, 0.5)
    ]
    assert errors == [Fraction(5, 3), Fraction(2, 3), Fraction(5, 3), Fraction(11, 12)]


def test_on_the_points_seen_memory_wins():
    """Why only the other points count: given one more look, who remembers errs less."""
    functions = all_functions(4, 2)
    twice = np.hstack([functions, functions])  # point x + 4 is point x again
    memory = lambda points, values, query: dict(zip(points, values, strict=True)).get(query - 4, 0)  # noqa: E731
    assert off_training_set_error(memory, twice, [0, 1, 2, 3]) == 0


def test_guesses_of_the_learners():
    assert nearest_neighbour((5, 1, 3), (50, 10, 30), 4) == 30  # a tie: the lower point
    assert nearest_neighbour((5, 1), (50, 10), 9) == 50
    assert nearest_neighbour((), (), 2) == 0
    assert majority((0, 1, 2), (4, 7, 7), 9) == 7
    assert majority((0, 1, 2, 3), (7, 4, 7, 4), 9) == 4  # a tie: the smaller value
    assert majority((0, 1), (8, 1), 9) == majority((0, 1), (1, 8), 9) == 1
    assert majority((), (), 2) == 0


def test_the_best_learner_outside_its_prior_and_at_a_tie():
    learner = best_learner([[3, 1], [3, 2], [1, 1]], [1, 1, 5])
    assert learner((0,), (3,), 1) == 1
    assert learner((0,), (2,), 1) == 1  # never seen: the smallest value
    assert learner((), (), 0) == 1


def test_the_learner_sees_training_points_in_the_order_given():
    seen = []
    off_training_set_error(lambda *arguments: seen.append(arguments) or 0, [[7, 8, 9]], [2, 0])
    assert seen == [((2, 0), (9, 7), 1)]
    assert all(type(x) is int for x in (*seen[0][0], *seen[0][1], seen[0][2]))


@pytest.mark.parametrize("points", [[3], [1, 1], [[1], [0]], [2, 1, 0]])
def test_training_points_are_different_ones_and_leave_some_to_test_on(points):
    with pytest.raises(ValueError, match="training_points must"):
        off_training_set_error(majority, [[0, 1, 1]], points)


def test_a_loss_without_end_is_refused():
    with pytest.raises(ValueError, match="loss must be finite"):
        off_training_set_error(majority, [[0, 1]], [0], loss=lambda guess, value: math.inf)
