"""No free lunch in search: against enumeration, against what others published, against what must hold."""

import math
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, islice, permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from frontier.nofreelunch import (
    Prior,
    all_functions,
    all_searchers,
    cup_fraction,
    hill_climb,
    hill_descend,
    in_order,
    is_closed_under_permutation,
    log10_cup_fraction,
    mean_performance,
    permutation_closure,
    prior,
    reverse_order,
    symmetrise,
    value_sequences,
)

SEARCHERS = {
    "in_order": in_order,
    "reverse_order": reverse_order,
    "hill_climb": hill_climb,
    "hill_descend": hill_descend,
}
every_searcher = pytest.mark.parametrize("searcher", SEARCHERS.values(), ids=SEARCHERS)
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


# --- The same, slowly ----------------------------------------------------------------------------------


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


def subsets(things):
    """Every subset that is not empty."""
    return (s for size in range(1, len(things) + 1) for s in combinations(things, size))


# --- What others published -----------------------------------------------------------------------------


def test_share_of_closed_sets_is_that_of_igel_and_toussaints_example():
    assert cup_fraction(4, 2) == Fraction(31, 65535)


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


# --- The sharpened theorem, both directions, over all sets and all searchers ---------------------------


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


@every_run
@given(priors())
def test_closed_weights_are_those_that_symmetrising_leaves_alone(prior):
    functions, weights = prior
    before = Counter()
    for function, weight in zip(functions, weights, strict=True):
        before[tuple(function)] += weight / sum(weights)
    closure, after = symmetrise(functions, weights)
    shuffled = dict(zip(map(tuple, closure.tolist()), after, strict=True))
    assert is_closed_under_permutation(functions, weights) == (
        +before == {f: w for f, w in shuffled.items() if w}
    )


@every_run
@given(priors())
def test_no_free_lunch_for_weights_exactly_where_closed(prior):
    """Igel and Toussaint (2004), theorem 5; fixed orders of all points suffice to tell."""
    functions, weights = prior
    n_points = len(functions[0])
    found = [
        value_sequences(lambda p, v, u, order=order: order[len(p)], functions, n_points, weights)
        for order in permutations(range(n_points))
    ]
    found = [{seen: share for seen, share in f.items() if share} for f in found]
    assert is_closed_under_permutation(functions, weights) == all(f == found[0] for f in found)


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
    assert not is_closed_under_permutation(functions, [1, 1, 1])
    assert is_closed_under_permutation(functions, [2, 1, 1])
    assert mean_performance(in_order, functions, 1) == Fraction(2, 3)


def test_weights_are_compared_exactly():
    functions = [[0, 1], [1, 0]]
    assert not is_closed_under_permutation(functions, [0.1 + 0.2, 0.3])
    assert is_closed_under_permutation(functions, [Decimal("0.3"), Fraction(3, 10)])
    assert is_closed_under_permutation(functions, np.array([0.3, 0.3]))


def test_symmetrised_weights_sum_to_one_and_keep_each_orbit():
    prior = symmetrise([[0, 1, 1], [2, 2, 2], [1, 1, 0]], [1, 3, 2])
    assert isinstance(prior, Prior)
    assert prior.functions.tolist() == [[0, 1, 1], [1, 0, 1], [1, 1, 0], [2, 2, 2]]
    assert prior.weights == (Fraction(1, 6), Fraction(1, 6), Fraction(1, 6), Fraction(1, 2))
    assert is_closed_under_permutation(*prior)


# --- Fast against slow ---------------------------------------------------------------------------------


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


@pytest.mark.parametrize(
    ("n_points", "n_values"), [(1, 1), (1, 4), (2, 2), (4, 2), (8, 2), (3, 5), (17, 2), (5, 1)]
)
def test_logarithm_of_the_share(n_points, n_values):
    exact = cup_fraction(n_points, n_values)
    log10 = (math.log2(exact.numerator) - math.log2(exact.denominator)) / math.log2(10)
    assert log10_cup_fraction(n_points, n_values) == pytest.approx(log10, rel=1e-12, abs=1e-15)


# --- Searchers -----------------------------------------------------------------------------------------


def test_paths_of_the_searchers():
    function, steps = [10, 11, 12, 17, 9], range(5)
    paths = {name: [function.index(v) for v in run(s, function, 5)] for name, s in SEARCHERS.items()}
    assert paths["in_order"] == [*steps]
    assert paths["reverse_order"] == [4, 3, 2, 1, 0]
    assert paths["hill_climb"] == [2, 1, 3, 4, 0]
    assert paths["hill_descend"] == [2, 1, 0, 3, 4]


def test_one_that_draws_anew_each_time_has_no_advantage_either():
    rng = np.random.default_rng(3)
    fickle = lambda points, values, unvisited: rng.choice(unvisited)  # noqa: E731
    functions = all_functions(5, 2)
    assert mean_performance(fickle, functions, 3) == mean_performance(in_order, functions, 3)


# --- What must always hold -----------------------------------------------------------------------------


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
def test_only_ratios_of_weights_matter(drawn, scale):
    functions, weights = drawn
    scaled = prior(functions, [weight * scale for weight in weights])
    assert scaled.weights == prior(functions, weights).weights
    assert sum(scaled.weights) == 1


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


def test_the_largest_that_are_listed():
    assert all_functions(19, 2).shape == (2**19, 19)
    assert cup_fraction(18, 2) < Fraction(1, 10**100)
    assert len(list(islice(all_searchers(4, 3), 5))) == 5


# --- Refusals ----------------------------------------------------------------------------------------


def test_a_logarithm_beyond_floating_point_is_refused():
    with pytest.raises(OverflowError):
        log10_cup_fraction(1024, 2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: all_functions(20, 2), "got 2^20 = 1.0e+6 functions of 20 points"),
        (lambda: all_functions(10**6, 9), "at most 16777216 numbers to list, got 9^1000000 = "),
        (lambda: permutation_closure([[0] * 5000 + [1]]), "got a closure of 5.0e+3 functions of 5001 points"),
        (lambda: permutation_closure([range(13)]), "got a closure of 6.2e+9 functions of 13 points"),
        (lambda: cup_fraction(19, 2), "at most 262144 functions, got 2^19 = 5.2e+5: use log10_cup_fraction"),
        (lambda: all_searchers(5, 2), "at most 1048576 searchers, got at least 1.7e+6 for 5 points"),
        (lambda: all_searchers(60, 10**9), "searchers, got at least 2.6e+1770852013 for"),
        (lambda: all_searchers(2, 10**9), "at most 262144 histories of values, got 1000000001"),
        (lambda: prior([0, 1]), "functions must be a table with one row a function, got shape (2,)"),
        (lambda: prior([[0]] * 2, [3, -1]), "weights must be at least 0 and not all 0, got -1.0"),
        (lambda: prior([[0, 1]], [0]), "weights must be at least 0 and not all 0, got 0"),
        (lambda: prior([[0, 1]], [1, 1]), "weights must be one for each of 1 functions, got 2"),
        (lambda: value_sequences(in_order, [[0, 1]], 3), "budget must be at most the 2 points"),
        (lambda: value_sequences(lambda p, v, u: 0, [[0, 1]], 2), "not yet visited, one of (1,), got 0"),
        (lambda: value_sequences(next(all_searchers(2, 2)), [[5, 1]], 2), "values must be among those"),
    ],
)
def test_refusals_name_argument_rule_and_value(call, message):
    with pytest.raises(ValueError) as error:  # noqa: PT011  the message is looked at below
        call()
    assert message in str(error.value)
