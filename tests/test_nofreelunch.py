"""No free lunch: against enumeration, against what others published, against what must always hold."""

import math
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, islice, pairwise, permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from frontier import nofreelunch
from frontier.nofreelunch import (
    Prior,
    all_functions,
    all_searchers,
    best_learner,
    best_searcher,
    cup_fraction,
    hill_climb,
    hill_descend,
    in_order,
    is_block_uniform,
    is_closed_under_permutation,
    lempel_ziv_complexity,
    log10_cup_fraction,
    majority,
    mean_performance,
    nearest_neighbour,
    off_training_set_error,
    permutation_closure,
    prior_advantage,
    random_order,
    reverse_order,
    search_advantage,
    simple_prior,
    smooth_prior,
    symmetrise,
    value_sequences,
)

SEARCHERS = {
    "in_order": in_order,
    "reverse_order": reverse_order,
    "hill_climb": hill_climb,
    "hill_descend": hill_descend,
    "random_order(1)": random_order(1),
    "random_order(2)": random_order(2),
}
LEARNERS = {
    "nearest_neighbour": nearest_neighbour,
    "majority": majority,
    "constant": lambda points, values, query: 0,
    "anti-majority": lambda points, values, query: (majority(points, values, query) + 1) % 2,
    "parity": lambda points, values, query: (sum(values) + query) % 2,
}
every_searcher = pytest.mark.parametrize("searcher", SEARCHERS.values(), ids=SEARCHERS)
every_learner = pytest.mark.parametrize("learner", LEARNERS.values(), ids=LEARNERS)
every_run = settings(derandomize=True, max_examples=60, deadline=None, database=None)

CYCLE = [[0, 1, 2], [1, 2, 0], [2, 0, 1]]  # uniform at each point, and yet not closed


@st.composite
def tables(draw, max_points=4, max_values=3, max_rows=6):
    """Draw a set of functions."""
    n_points, n_values = draw(st.integers(1, max_points)), draw(st.integers(1, max_values))
    row = st.lists(st.integers(0, n_values - 1), min_size=n_points, max_size=n_points)
    return draw(st.lists(row, min_size=1, max_size=max_rows))


@st.composite
def priors(draw):
    """Draw a set of functions with weights, not all of them zero."""
    functions = draw(tables())
    weight = st.fractions(0, 5, max_denominator=6)
    weights = draw(st.lists(weight, min_size=len(functions), max_size=len(functions)).filter(any))
    return functions, weights


# --- The same, slowly --------------------------------------------------------------------------------


def run(searcher, function, budget):
    """Follow a searcher on one function: the values it sees."""
    points = ()
    for _ in range(budget):
        left = tuple(x for x in range(len(function)) if x not in points)
        points += (searcher(points, tuple(function[x] for x in points), left),)
    assert len(set(points)) == budget
    return tuple(function[x] for x in points)


def slow_sequences(searcher, functions, budget, weights):
    found = Counter()
    for function, weight in zip(functions, weights, strict=True):
        found[run(searcher, function, budget)] += Fraction(weight) / sum(map(Fraction, weights))
    return dict(found)


def slow_closure(functions):
    return sorted({shuffled for f in functions for shuffled in permutations(f)})


def slow_error(learner, functions, trained, weights):
    cost = Fraction(0)
    for function, weight in zip(functions, weights, strict=True):
        rest = [x for x in range(len(function)) if x not in trained]
        seen = tuple(function[x] for x in trained)
        wrong = sum(learner(tuple(trained), seen, x) != function[x] for x in rest)
        cost += Fraction(weight) * Fraction(wrong, len(rest))
    return cost / sum(map(Fraction, weights))


def subsets(things):
    """Every subset that is not empty."""
    return (s for size in range(1, len(things) + 1) for s in combinations(things, size))


# --- What others published ---------------------------------------------------------------------------


def test_share_of_closed_sets_is_that_of_igel_and_toussaints_example():
    assert cup_fraction(4, 2) == Fraction(31, 65535)


def test_share_of_closed_sets_of_boolean_functions_of_three_bits():
    assert cup_fraction(8, 2) == Fraction(2**9 - 1, 2**256 - 1)
    assert f"{float(cup_fraction(8, 2)):.1e}" == "4.4e-75"


@pytest.mark.parametrize(
    ("sequence", "phrases"),
    [
        ("0001101001000101", 6),  # Lempel and Ziv (1976)
        ("1001111011000010", 6),
        ("1001111011000010000010", 7),
        ("100111101100001000001010", 8),
        ("01011010001101110010", 7),
        ("101001010010111110", 5),
        ("1010101010101010", 3),
        ("1111111", 2),
        ("0001", 2),
        ("010", 3),
        ("1", 1),
    ],
)
def test_phrases_as_other_implementations_count_them(sequence, phrases):
    assert lempel_ziv_complexity([int(digit) for digit in sequence]) == phrases


@pytest.mark.parametrize(("n_points", "n_good"), [(5, 1), (5, 2), (6, 3), (4, 4)])
@every_searcher
def test_mean_visits_until_the_first_good_point(searcher, n_points, n_good):
    """(|X| + 1) / (n + 1), whoever searches: the mean of the least of n ranks among |X|."""
    functions = permutation_closure([[1] * n_good + [0] * (n_points - n_good)])
    visits = mean_performance(searcher, functions, n_points, performance=lambda seen: seen.index(1) + 1)
    assert visits == Fraction(n_points + 1, n_good + 1)


@pytest.mark.parametrize(("n_points", "n_values"), [(5, 2), (4, 3), (3, 4), (6, 1), (1, 5)])
@every_searcher
def test_over_all_functions_every_sequence_is_as_likely_for_every_searcher(searcher, n_points, n_values):
    """Wolpert and Macready (1997), theorem 1: |Y|^-m for each sequence of m values."""
    for budget in range(1, n_points + 1):
        found = value_sequences(searcher, all_functions(n_points, n_values), budget)
        assert list(found) == list(product(range(n_values), repeat=budget))
        assert set(found.values()) == {Fraction(1, n_values**budget)}


@pytest.mark.parametrize("n_values", [2, 3])
@every_learner
def test_off_the_training_set_all_learners_are_equal(learner, n_values):
    """Wolpert (1996): 1 - 1/|Y|, for every training set."""
    functions = all_functions(4, n_values)
    for size in range(4):
        for trained in combinations(range(4), size):
            assert off_training_set_error(learner, functions, trained) == 1 - Fraction(1, n_values)
            assert prior_advantage(learner, functions, trained, n_values=n_values) == 0


# --- The sharpened theorem, both directions, over all sets and all searchers -------------------------


@pytest.mark.parametrize(("n_points", "n_values"), [(2, 2), (2, 3), (3, 2)])
def test_no_free_lunch_exactly_where_closed(n_points, n_values):
    """Schumacher, Vose and Whitley (2001), over every set of functions and every searcher."""
    searchers = list(all_searchers(n_points, n_values))
    functions = all_functions(n_points, n_values).tolist()
    closed = 0
    for subset in subsets(functions):
        first = value_sequences(searchers[0], subset, n_points)
        lunch_is_not_free = all(value_sequences(s, subset, n_points) == first for s in searchers[1:])
        assert is_closed_under_permutation(subset) == lunch_is_not_free
        assert lunch_is_not_free == (slow_closure(subset) == sorted(map(tuple, subset)))
        closed += lunch_is_not_free
    assert cup_fraction(n_points, n_values) == Fraction(closed, 2 ** (n_values**n_points) - 1)


def test_no_free_lunch_exactly_where_closed_among_65535_sets():
    """The example of Igel and Toussaint: 576 searchers, four points, two values; 31 sets are left."""
    functions = all_functions(4, 2)
    sets = (np.arange(1, 2**16)[:, None] >> np.arange(16) & 1).astype(bool)
    alike = np.ones(len(sets), dtype=bool)
    place = 2 ** np.arange(3, -1, -1)
    for searcher in all_searchers(4, 2):
        # A whole trace tells the function, so a searcher permutes the functions by what it sees
        trace = [int(np.dot(run(searcher, f, 4), place)) for f in functions.tolist()]
        assert sorted(trace) == list(range(16))
        alike &= (sets[:, trace] == sets).all(axis=1)
    assert Fraction(int(alike.sum()), len(sets)) == cup_fraction(4, 2) == Fraction(31, 65535)
    chosen = [*np.flatnonzero(alike), *np.random.default_rng(0).integers(0, len(sets), 500)]
    for number in chosen:
        assert is_closed_under_permutation(functions[sets[number]]) == alike[number]


@pytest.mark.parametrize("seed", range(5))
def test_over_a_closed_set_all_searchers_are_equal_at_every_budget(seed):
    some = all_functions(3, 3)[np.random.default_rng(seed).integers(0, 27, 3)]
    functions = permutation_closure(some)
    for budget in (1, 2, 3):
        found = [value_sequences(s, functions, budget) for s in all_searchers(3, 3)]
        assert len(found) == 24
        assert all(f == found[0] for f in found)


@every_run
@given(priors())
def test_block_uniform_weights_are_those_that_symmetrising_leaves_alone(prior):
    functions, weights = prior
    before = Counter()
    for function, weight in zip(functions, weights, strict=True):
        before[tuple(function)] += weight / sum(weights)
    closure, after = symmetrise(functions, weights)
    shuffled = dict(zip(map(tuple, closure.tolist()), after, strict=True))
    assert is_block_uniform(functions, weights) == (+before == {f: w for f, w in shuffled.items() if w})


@every_run
@given(priors())
def test_no_free_lunch_for_weights_exactly_where_block_uniform(prior):
    """Igel and Toussaint (2004), theorem 5; fixed orders of all points suffice to tell."""
    functions, weights = prior
    n_points = len(functions[0])
    found = [
        value_sequences(lambda p, v, u, order=order: order[len(p)], functions, n_points, weights)
        for order in permutations(range(n_points))
    ]
    found = [{seen: share for seen, share in f.items() if share} for f in found]
    assert is_block_uniform(functions, weights) == all(f == found[0] for f in found)


def test_a_set_that_is_not_closed_can_look_as_if_it_were():
    functions = np.array(CYCLE)
    assert not is_closed_under_permutation(functions)
    for budget in (1, 3):  # one visit, and the best of all points, tell nothing
        assert len({mean_performance(s, functions, budget) for s in all_searchers(3, 3)}) == 1
    assert mean_performance(in_order, functions, 2) == mean_performance(reverse_order, functions, 2)
    assert value_sequences(in_order, functions, 2) != value_sequences(reverse_order, functions, 2)
    assert len({mean_performance(s, functions, 2) for s in all_searchers(3, 3)}) > 1


def test_a_row_listed_twice_counts_once_in_a_set_and_twice_in_a_prior():
    functions = [[0, 1], [1, 0], [1, 0]]
    assert is_closed_under_permutation(functions)
    assert not is_block_uniform(functions)
    assert is_block_uniform(functions, [2, 1, 1])
    assert mean_performance(in_order, functions, 1) == Fraction(2, 3)


@pytest.mark.parametrize(
    ("weights", "uniform"),
    [
        ([1, 1, 1, 1], True),
        ([5, 1, 1, 0], True),
        ([5, 1, 2, 0], False),
        ([0, 1, 0, 0], False),
        ([0, 0, 0, 1], True),
    ],
)
def test_weights_may_differ_between_orbits_but_not_within(weights, uniform):
    assert is_block_uniform(all_functions(2, 2), weights) is uniform


def test_weight_zero_is_the_same_as_not_listed():
    assert not is_block_uniform([[0, 1], [1, 0]], [1, 0])
    assert not is_block_uniform([[0, 1]], [1])
    assert is_block_uniform([[0, 1], [1, 1]], [0, 1])


def test_weights_are_compared_exactly():
    functions = [[0, 1], [1, 0]]
    assert not is_block_uniform(functions, [0.1 + 0.2, 0.3])
    assert is_block_uniform(functions, [Decimal("0.3"), Fraction(3, 10)])
    assert is_block_uniform(functions, np.array([0.3, 0.3]))


# --- Fast against slow -------------------------------------------------------------------------------


@pytest.mark.parametrize(("n_points", "n_values"), [(1, 1), (3, 2), (2, 5), (4, 3), (100, 1)])
def test_all_functions_are_those_of_itertools(n_points, n_values):
    functions = all_functions(n_points, n_values)
    assert functions.dtype == np.int64
    assert functions.shape == (n_values**n_points, n_points)
    assert functions.tolist() == [list(f) for f in product(range(n_values), repeat=n_points)]


@every_run
@given(tables())
def test_closure_is_that_of_all_permutations(functions):
    closure = permutation_closure(functions)
    assert list(map(tuple, closure.tolist())) == slow_closure(functions)
    assert is_closed_under_permutation(closure)
    assert_array_equal(permutation_closure(closure), closure)
    assert is_closed_under_permutation(functions) == (len(closure) == len({tuple(f) for f in functions}))


def test_closure_of_a_long_function_needs_no_list_of_all_permutations():
    closure = permutation_closure([[0] * 17 + [1] * 3])  # 20! permutations, 1140 functions
    assert len(closure) == math.comb(20, 3)
    assert is_closed_under_permutation(closure)
    assert not is_closed_under_permutation(closure[1:])


@every_run
@given(priors(), st.sampled_from(sorted(SEARCHERS)), st.data())
def test_sequences_are_those_of_following_each_function(prior, name, data):
    functions, weights = prior
    budget = data.draw(st.integers(1, len(functions[0])))
    slow = slow_sequences(SEARCHERS[name], functions, budget, weights)
    assert value_sequences(SEARCHERS[name], functions, budget, weights) == slow
    mean = sum(share * max(seen) for seen, share in slow.items())
    assert mean_performance(SEARCHERS[name], functions, budget, weights) == mean
    last = sum(share * seen[-1] for seen, share in slow.items())
    assert mean_performance(SEARCHERS[name], functions, budget, weights, lambda seen: seen[-1]) == last


@every_run
@given(priors(), st.sampled_from(sorted(LEARNERS)), st.data())
def test_error_is_that_of_asking_for_each_target(prior, name, data):
    functions, weights = prior
    n_points = len(functions[0])
    trained = data.draw(st.permutations(range(n_points)))[: data.draw(st.integers(0, n_points - 1))]
    error = off_training_set_error(LEARNERS[name], functions, trained, weights)
    assert error == slow_error(LEARNERS[name], functions, trained, weights)


@pytest.mark.parametrize(
    ("n_points", "n_values", "count"), [(1, 3, 1), (2, 3, 2), (3, 2, 12), (3, 3, 24), (4, 2, 576)]
)
def test_every_searcher_is_listed_once(n_points, n_values, count):
    functions = all_functions(n_points, n_values).tolist()
    traces = set()
    for searcher in all_searchers(n_points, n_values):
        traces.add(tuple(run(searcher, f, n_points) for f in functions))
    listed = sum(1 for _ in all_searchers(n_points, n_values))
    formula = math.prod((n_points - i) ** (n_values**i) for i in range(n_points))
    assert listed == formula == count
    assert len(traces) == count
    first = next(all_searchers(n_points, n_values))
    assert [run(first, f, n_points) for f in functions] == list(map(tuple, functions))


@every_run
@given(priors(), st.data())
def test_nobody_beats_the_best_searcher(prior, data):
    functions, weights = [f[:3] for f in prior[0]], prior[1]
    budget = data.draw(st.integers(1, len(functions[0])))
    best = mean_performance(best_searcher(functions, budget, weights), functions, budget, weights)
    scores = [mean_performance(s, functions, budget, weights) for s in all_searchers(len(functions[0]), 3)]
    assert best == max(scores)


def test_the_best_searcher_of_a_prior_is_like_any_other_over_all_functions():
    functions = all_functions(5, 2)
    tuned = best_searcher([[0, 0, 1, 0, 0], [1, 0, 0, 0, 1]], 3)  # and knows nothing of the others
    assert value_sequences(tuned, functions, 5) == value_sequences(in_order, functions, 5)


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


@pytest.mark.parametrize(
    ("n_points", "n_values"), [(1, 1), (1, 4), (2, 2), (4, 2), (8, 2), (3, 5), (17, 2), (5, 1)]
)
def test_logarithm_of_the_share(n_points, n_values):
    exact = cup_fraction(n_points, n_values)
    log10 = (math.log2(exact.numerator) - math.log2(exact.denominator)) / math.log2(10)
    assert log10_cup_fraction(n_points, n_values) == pytest.approx(log10, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(("n_points", "n_values"), [(1, 1), (1, 3), (2, 2), (2, 3), (3, 2)])
def test_share_of_closed_sets_by_counting(n_points, n_values):
    functions = [tuple(f) for f in all_functions(n_points, n_values).tolist()]
    closed = [slow_closure(subset) == sorted(subset) for subset in subsets(functions)]
    assert cup_fraction(n_points, n_values) == Fraction(sum(closed), len(closed))


# --- Searchers ---------------------------------------------------------------------------------------


@every_searcher
@pytest.mark.parametrize("n_points", [1, 2, 7])
def test_searchers_visit_every_point_once(searcher, n_points):
    values = np.random.default_rng(n_points).integers(0, 3, n_points).tolist()
    assert sorted(run(searcher, values, n_points)) == sorted(values)


def test_paths_of_the_searchers():
    function, steps = [10, 11, 12, 17, 9], range(5)
    paths = {name: [function.index(v) for v in run(s, function, 5)] for name, s in SEARCHERS.items()}
    assert paths["in_order"] == [*steps]
    assert paths["reverse_order"] == [4, 3, 2, 1, 0]
    assert paths["hill_climb"] == [2, 1, 3, 4, 0]
    assert paths["hill_descend"] == [2, 1, 0, 3, 4]


def test_random_orders_come_from_their_seed():
    function = list(range(30))
    assert run(random_order(7), function, 30) == run(random_order(7), function, 30)
    assert run(random_order(7), function, 30) != run(random_order(8), function, 30)
    generator = np.random.default_rng(7)
    searcher = random_order(generator)
    assert run(searcher, function, 30) == run(searcher, function, 30) == run(random_order(7), function, 30)
    assert run(searcher, function, 30) != run(random_order(generator), function, 30)


def test_random_orders_are_uniform():
    """Chi-squared of 6000 orders of three points, 5 degrees of freedom: above 36 once in a million."""
    orders = Counter(run(random_order(seed), [0, 1, 2], 3) for seed in range(6000))
    assert len(orders) == 6
    assert sum((n - 1000) ** 2 / 1000 for n in orders.values()) < 36


def test_a_searcher_is_asked_once_for_each_history():
    asked = []

    def searcher(points, values, unvisited):
        asked.append((points, values, unvisited))
        return unvisited[0]

    value_sequences(searcher, all_functions(4, 2), 2)
    assert sorted(asked) == [((), (), (0, 1, 2, 3)), ((0,), (0,), (1, 2, 3)), ((0,), (1,), (1, 2, 3))]
    assert all(type(x) is int for parts in asked for part in parts for x in part)


def test_one_that_draws_anew_each_time_has_no_advantage_either():
    rng = np.random.default_rng(3)
    fickle = lambda points, values, unvisited: rng.choice(unvisited)  # noqa: E731
    functions = all_functions(5, 2)
    assert mean_performance(fickle, functions, 3) == mean_performance(in_order, functions, 3)


# --- What a prior buys -------------------------------------------------------------------------------


@pytest.mark.parametrize("ratio", [Fraction(1), Fraction(1, 2), Fraction(1, 10)])
@pytest.mark.parametrize("trained", [0, 2])
def test_nearest_neighbour_on_an_ising_chain(ratio, trained):
    """At distance d two spins differ with probability (1 - ((1 - r) / (1 + r))^d) / 2."""
    functions = all_functions(6, 2)
    tanh = (1 - ratio) / (1 + ratio)
    error = np.mean([(1 - tanh ** abs(x - trained)) / 2 for x in range(6) if x != trained])
    weights = smooth_prior(functions, ratio)
    assert off_training_set_error(nearest_neighbour, functions, [trained], weights) == error
    assert (
        prior_advantage(nearest_neighbour, functions, [trained], weights, n_values=2)
        == Fraction(1, 2) - error
    )


def test_for_constant_functions_one_value_is_enough():
    """Closed under permutation, and yet a learner gains: the theorem for search is not that for learning."""
    constants = [[value] * 5 for value in range(4)]
    assert is_closed_under_permutation(constants)
    assert len({mean_performance(s, constants, 2) for s in SEARCHERS.values()}) == 1
    assert prior_advantage(majority, constants, [3], n_values=4) == Fraction(3, 4)


def test_a_prior_pays_only_who_shares_it():
    functions = all_functions(8, 2)
    smooth = smooth_prior(functions, Fraction(1, 4))
    rough = [1 / weight for weight in smooth]
    gains = [prior_advantage(nearest_neighbour, functions, [1, 4, 6], w, n_values=2) for w in (smooth, rough)]
    assert gains[0] > 0 > gains[1]
    for prior in (smooth, rough, simple_prior(functions)):
        most = prior_advantage(best_learner(functions, prior), functions, [1, 4, 6], prior, n_values=2)
        assert Fraction(1, 2) >= most > 0
        for learner in LEARNERS.values():
            assert prior_advantage(learner, functions, [1, 4, 6], prior, n_values=2) <= most


def test_simple_functions_are_learnt_from_few_points():
    functions = all_functions(8, 2)
    prior = simple_prior(functions)
    best = best_learner(functions, prior)
    gains = [prior_advantage(best, functions, range(n), prior, n_values=2) for n in range(8)]
    assert gains[0] == 0  # nothing is known yet, and zeros and ones are alike
    assert all(gain > Fraction(1, 10) for gain in gains[1:7])
    assert gains[7] == 0  # the last phrase counts whether complete or not
    assert prior_advantage(best, functions, [0, 1, 2], n_values=2) == 0  # without the prior, nothing


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


@pytest.mark.parametrize("budget", [1, 2, 3])
@every_searcher
def test_an_advantage_in_search_is_over_random_order(searcher, budget):
    functions = [[0, 1, 2, 1], [3, 2, 1, 0], [0, 0, 0, 3]]
    weights = [1, 2, Fraction(1, 2)]
    orders = list(permutations(range(4)))
    total = sum(
        mean_performance(lambda p, v, u, order=order: order[len(p)], functions, budget, weights)
        for order in orders
    )
    gain = mean_performance(searcher, functions, budget, weights) - total / len(orders)
    assert search_advantage(searcher, functions, budget, weights) == gain


def test_good_values_that_are_merely_frequent_are_no_merit():
    functions = permutation_closure([[2, 2, 2, 0]])
    assert mean_performance(hill_climb, functions, 2) == 2
    assert search_advantage(hill_climb, functions, 2) == 0


def test_advantages_of_all_searchers_cancel():
    """For every searcher ahead by some prior another is behind: over fixed orders the mean is nothing."""
    functions = all_functions(4, 2)
    prior = smooth_prior(functions, Fraction(1, 3))
    gains = [
        search_advantage(lambda p, v, u, order=order: order[len(p)], functions, 2, prior)
        for order in permutations(range(4))
    ]
    assert sum(gains) == 0
    assert max(gains) > 0 > min(gains)


def test_smaller_is_better_where_one_says_so():
    functions = [[3, 1, 2], [0, 5, 5]]
    assert mean_performance(in_order, functions, 2, performance=min) == Fraction(1 + 0, 2)
    assert (
        search_advantage(in_order, functions, 1, performance=min)
        == Fraction(3, 2) - (2 + Fraction(10, 3)) / 2
    )


def test_symmetrised_weights_sum_to_one_and_keep_each_orbit():
    prior = symmetrise([[0, 1, 1], [2, 2, 2], [1, 1, 0]], [1, 3, 2])
    assert isinstance(prior, Prior)
    assert prior.functions.tolist() == [[0, 1, 1], [1, 0, 1], [1, 1, 0], [2, 2, 2]]
    assert prior.weights == (Fraction(1, 6), Fraction(1, 6), Fraction(1, 6), Fraction(1, 2))
    assert is_block_uniform(*prior)


@every_run
@given(tables(), st.fractions(Fraction(1, 9), 1, max_denominator=9))
def test_smooth_weights(functions, ratio):
    weights = smooth_prior(functions, ratio)
    assert sum(weights) == 1
    steps = [sum(abs(a - b) for a, b in pairwise(f)) for f in functions]
    for weight, step in zip(weights, steps, strict=True):
        assert weight * ratio ** steps[0] == weights[0] * ratio**step


def test_simple_weights_pay_the_logarithm_of_the_length_for_each_phrase():
    functions = [[0, 0, 0, 0], [0, 1, 0, 0], [0, 1, 0, 1]]
    phrases = [lempel_ziv_complexity(f) for f in functions]
    assert phrases == [2, 3, 3]
    assert simple_prior(functions) == (Fraction(4, 6), Fraction(1, 6), Fraction(1, 6))


# --- Learners ----------------------------------------------------------------------------------------


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


# --- What must always hold ---------------------------------------------------------------------------


@every_run
@given(priors(), st.sampled_from(sorted(SEARCHERS)))
def test_a_larger_budget_never_hurts_and_at_the_end_all_is_found(prior, name):
    functions, weights = prior
    n_points = len(functions[0])
    if name.startswith("hill"):  # the same first steps whatever the budget, as for all
        assert value_sequences(SEARCHERS[name], functions, 1, weights)
    means = [mean_performance(SEARCHERS[name], functions, b, weights) for b in range(1, n_points + 1)]
    assert means == sorted(means)
    total = sum(max(f) * w for f, w in zip(functions, weights, strict=True))
    assert means[-1] == total / sum(weights)


@every_run
@given(priors(), st.fractions(Fraction(1, 100), 100))
def test_only_ratios_of_weights_matter(prior, scale):
    functions, weights = prior
    scaled = [weight * scale for weight in weights]
    assert mean_performance(in_order, functions, 1, weights) == mean_performance(
        in_order, functions, 1, scaled
    )
    assert is_block_uniform(functions, weights) == is_block_uniform(functions, scaled)
    assert symmetrise(functions, weights).weights == symmetrise(functions, scaled).weights


@every_run
@given(st.integers(1, 30), st.integers(2, 30))
def test_the_share_of_closed_sets_falls_with_both_sizes(n_points, n_values):
    here = log10_cup_fraction(n_points, n_values)
    assert log10_cup_fraction(n_points + 1, n_values) < here <= 0
    if n_points > 1:
        assert log10_cup_fraction(n_points, n_values + 1) < here


def test_the_logarithm_broadcasts():
    logs = log10_cup_fraction([[2], [4], [8]], [2, 3])
    assert logs.shape == (3, 2)
    assert logs[1, 0] == log10_cup_fraction(4, 2)
    assert type(log10_cup_fraction(4, 2)) is float
    assert log10_cup_fraction(8, 2) == pytest.approx(math.log10(4.4e-75), abs=0.01)
    assert log10_cup_fraction(1023, 2) == pytest.approx(-(2.0**1023) * math.log10(2), rel=1e-12)
    assert log10_cup_fraction(5000, 1) == 0


def test_exact_results_are_fractions_and_inputs_stay():
    functions, weights = all_functions(4, 2), np.arange(1, 17)
    kept = functions.copy(), weights.copy()
    results = [
        mean_performance(in_order, functions, 2, weights),
        mean_performance(in_order, functions, 2, weights, performance=lambda seen: np.mean(seen)),
        search_advantage(hill_climb, functions, 2, weights),
        off_training_set_error(majority, functions, np.array([0, 1]), weights),
        prior_advantage(majority, functions, [0], weights, n_values=2),
        cup_fraction(2, 2),
        *symmetrise(functions, weights).weights,
        *smooth_prior(functions, 0.5),
    ]
    assert all(type(result) is Fraction for result in results)
    permutation_closure(functions), is_block_uniform(functions, weights), best_learner(functions, weights)
    assert_array_equal(functions, kept[0])
    assert_array_equal(weights, kept[1])


def test_values_may_be_negative_and_weights_of_any_kind():
    functions = [[-3, -5], [-1, -2]]
    assert mean_performance(reverse_order, functions, 1) == Fraction(-7, 2)
    weights = [Decimal("0.25"), np.float64(0.75)]
    assert mean_performance(in_order, functions, 1, weights) == Fraction(-3, 2)
    assert mean_performance(in_order, functions, 1, iter([np.int64(1), np.float32(3)])) == Fraction(-3, 2)
    assert mean_performance(in_order, np.array(functions, dtype=float), 1) == -2


# --- Refusals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: all_functions(0, 2), "n_points must be at least 1, got 0"),
        (lambda: all_functions(2, 0), "n_values must be at least 1, got 0"),
        (lambda: all_functions(2.5, 2), "n_points must be a whole number, got 2.5"),
        (
            lambda: all_searchers(2, 10**9),
            "n_values must leave at most 262144 histories of values, got 1000000001",
        ),
        (lambda: all_functions([2, 3], 2), "n_points must be one number, got an array of shape (2,)"),
        (lambda: all_functions(20, 2), "got 2^20 = 1.0e+6 functions of 20 points"),
        (
            lambda: all_functions(10**6, 9),
            "n_points must leave at most 16777216 numbers to list, got 9^1000000 = ",
        ),
        (
            lambda: permutation_closure([[0] * 5000 + [1]]),
            "functions must leave at most 16777216 numbers to list, got a closure of 5.0e+3 functions",
        ),
        (lambda: permutation_closure([range(13)]), "got a closure of 6.2e+9 functions of 13 points"),
        (
            lambda: permutation_closure([0, 1]),
            "functions must be a table with one row a function, got shape (2,)",
        ),
        (
            lambda: permutation_closure([[]]),
            "functions must be a table with one row a function, got shape (1, 0)",
        ),
        (lambda: permutation_closure(np.zeros((0, 3))), "got shape (0, 3)"),
        (lambda: permutation_closure([[0.5]]), "functions must be a whole number, got 0.5"),
        (lambda: permutation_closure([[0, 1], [1]]), "functions must be finite numbers in a regular array"),
        (lambda: is_closed_under_permutation([[math.nan]]), "functions must be finite, got nan"),
        (lambda: cup_fraction(0, 2), "n_points must be at least 1, got 0"),
        (lambda: cup_fraction(2, 0), "n_values must be at least 1, got 0"),
        (lambda: cup_fraction(64, 2), "at most 262144 functions, got 2^64 = 1.8e+19: use log10_cup_fraction"),
        (lambda: cup_fraction(19, 2), "got 2^19 = 5.2e+5"),
        (lambda: log10_cup_fraction(0, 2), "n_points must be at least 1, got 0"),
        (lambda: log10_cup_fraction(2, [1, 0]), "n_values must be at least 1, got 0"),
        (lambda: log10_cup_fraction([2, 3], [1, 2, 3]), "n_points (2,), n_values (3,)"),
        (
            lambda: all_searchers(5, 2),
            "at most 1048576 searchers, got at least 1.7e+6 for 5 points and 2 values",
        ),
        (
            lambda: all_searchers(60, 10**9),
            "n_points must leave at most 1048576 searchers, got at least 2.6e+1770852013 for",
        ),
        (
            lambda: best_searcher(all_functions(12, 2), 12),
            "budget must leave at most 262144 states of knowledge, got",
        ),
        (lambda: best_searcher([[0, 1]], 3), "budget must be at most the 2 points there are, got 3"),
        (lambda: value_sequences(in_order, [[0, 1]], 0), "budget must be at least 1, got 0"),
        (
            lambda: value_sequences(in_order, [[0, 1]], 3),
            "budget must be at most the 2 points there are, got 3",
        ),
        (lambda: mean_performance(in_order, [[0, 1]], 1.5), "budget must be a whole number, got 1.5"),
        (
            lambda: mean_performance(in_order, [[0, 1]], 1, [-1]),
            "weights must be at least 0 and not all 0, got -1",
        ),
        (lambda: mean_performance(in_order, [[0]] * 2, 1, [3, -1]), "at least 0 and not all 0, got -1.0"),
        (
            lambda: mean_performance(in_order, [[0, 1]], 1, [0]),
            "weights must be at least 0 and not all 0, got 0",
        ),
        (
            lambda: mean_performance(in_order, [[0, 1]], 1, [1, 1]),
            "weights must be one for each of 1 functions, got 2",
        ),
        (
            lambda: mean_performance(in_order, [[0, 1]], 1, []),
            "weights must be one for each of 1 functions, got 0",
        ),
        (lambda: mean_performance(in_order, [[0, 1]], 1, [math.inf]), "weights must be finite, got inf"),
        (lambda: mean_performance(in_order, [[0, 1]], 1, [math.nan]), "weights must be finite, got nan"),
        (
            lambda: mean_performance(in_order, [[0]], 1, performance=lambda v: math.nan),
            "performance must be finite",
        ),
        (lambda: mean_performance(lambda p, v, u: 0, [[0, 1]], 2), "not yet visited, one of (1,), got 0"),
        (lambda: mean_performance(lambda p, v, u: -1, [[0, 1]], 1), "not yet visited, one of (0, 1), got -1"),
        (lambda: mean_performance(lambda p, v, u: None, [[0, 1]], 1), "searcher must return a point"),
        (lambda: mean_performance(next(all_searchers(2, 2)), [[5, 1]], 2), "values must be among those"),
        (
            lambda: off_training_set_error(majority, [[0, 1]], [2]),
            "training_points must be different points from 0",
        ),
        (
            lambda: off_training_set_error(majority, [[0, 1]], [-1]),
            "training_points must be at least 0, got -1",
        ),
        (lambda: off_training_set_error(majority, [[0, 1, 1]], [1, 1]), "points from 0 to 2, got [1, 1]"),
        (
            lambda: off_training_set_error(majority, [[0, 1, 1]], [[1], [0]]),
            "training_points must be different",
        ),
        (
            lambda: off_training_set_error(majority, [[0, 1]], [1, 0]),
            "must leave a point to test on, got all 2",
        ),
        (
            lambda: off_training_set_error(lambda p, v, q: math.nan, [[0, 1]], [0]),
            "learner's guess must be finite",
        ),
        (
            lambda: off_training_set_error(majority, [[0, 1]], [0], loss=lambda g, v: math.inf),
            "loss must be finite",
        ),
        (lambda: prior_advantage(majority, [[0, 2]], [0], n_values=2), "from 0 to n_values - 1 = 1, got 2"),
        (lambda: prior_advantage(majority, [[0, -1]], [0], n_values=2), "from 0 to n_values - 1 = 1, got -1"),
        (lambda: prior_advantage(majority, [[0, 1]], [0], n_values=0), "n_values must be at least 1, got 0"),
        (lambda: smooth_prior([[0, 1]], 0), "ratio must be above 0 and at most 1, got 0"),
        (lambda: smooth_prior([[0, 1]], 1.5), "ratio must be above 0 and at most 1, got 1.5"),
        (lambda: smooth_prior([0, 1], 0.5), "got shape (2,)"),
        (lambda: simple_prior([0, 1]), "got shape (2,)"),
        (lambda: lempel_ziv_complexity([]), "sequence must be a row of whole numbers, got shape (0,)"),
        (
            lambda: lempel_ziv_complexity([[0, 1]]),
            "sequence must be a row of whole numbers, got shape (1, 2)",
        ),
        (lambda: lempel_ziv_complexity([0.5]), "sequence must be a whole number, got 0.5"),
    ],
)
def test_refusals_name_argument_rule_and_value(call, message):
    with pytest.raises(ValueError) as error:  # noqa: PT011  the message is looked at below
        call()
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: all_functions("2", 2), "n_points must be real numbers, got '2'"),
        (lambda: permutation_closure([["a"]]), "functions must be real numbers"),
        (lambda: permutation_closure([[True]]), "functions must be real numbers"),
        (lambda: mean_performance(in_order, [[0, 1]], 1, ["1"]), "weights must be a real number, got '1'"),
        (lambda: mean_performance(in_order, [[0, 1]], 1, [True]), "weights must be a real number, got True"),
        (lambda: mean_performance(in_order, [[0, 1]], 1, [1j]), "weights must be a real number, got 1j"),
        (
            lambda: mean_performance(in_order, [[0]], 1, performance=lambda v: v),
            "performance must be a real number",
        ),
        (
            lambda: off_training_set_error(lambda p, v, q: None, [[0, 1]], [0]),
            "learner's guess must be a real number",
        ),
        (lambda: smooth_prior([[0, 1]], "0.5"), "ratio must be a real number, got '0.5'"),
        (lambda: is_block_uniform([[0, 1]], 1), "weights must be a sequence of numbers, got 1"),
        (lambda: value_sequences("in_order", [[0]], 1), "searcher must be a function, got 'in_order'"),
        (
            lambda: mean_performance(in_order, [[0]], 1, performance=2),
            "performance must be a function, got 2",
        ),
        (lambda: off_training_set_error(None, [[0, 1]], [0]), "learner must be a function, got None"),
        (lambda: off_training_set_error(majority, [[0, 1]], [0], loss=1), "loss must be a function, got 1"),
        (lambda: off_training_set_error(majority, [[0, 1]], None), "training_points must be real numbers"),
    ],
)
def test_wrong_types_name_argument_rule_and_value(call, message):
    with pytest.raises(TypeError) as error:
        call()
    assert message in str(error.value)


def test_a_logarithm_beyond_floating_point_is_refused():
    with pytest.raises(OverflowError):
        log10_cup_fraction(1024, 2)


def test_the_largest_that_are_listed():
    assert all_functions(19, 2).shape == (2**19, 19)
    assert cup_fraction(18, 2) < Fraction(1, 10**100)
    assert len(list(islice(all_searchers(4, 3), 5))) == 5
    assert nofreelunch.__doc__
