"""Refusing bad input: what counts as a number, and the words that say why something does not."""

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontier import _checks as checks


@pytest.mark.parametrize("good", [3, 3.0, np.float32(3), Fraction(3), Decimal(3), np.uint8(3)])
def test_a_number_of_any_kind_is_a_number(good):
    array = checks.real("x", good)
    assert (array.dtype, array.shape, array.item()) == (float, (), 3.0)


def test_a_column_of_a_frame_is_an_array_of_numbers():
    frame = pd.DataFrame({"size (B)": [7, 70], "kind": ["a", "b"]}, index=[3, 1])
    assert checks.positive("x", 1e9 * frame["size (B)"]).tolist() == [7e9, 70e9]
    with pytest.raises(TypeError, match=r"^x must be real numbers"):
        checks.real("x", frame["kind"])


def test_whole_numbers_beyond_64_bits_are_numbers():
    assert checks.positive("x", 10**30).item() == 1e30
    assert checks.real("x", [10**30, 1]).tolist() == [1e30, 1.0]


@pytest.mark.parametrize(
    ("bad", "error", "words"),
    [
        (True, TypeError, "x must be real numbers, got True"),
        ([None, 1], TypeError, r"x must be real numbers, got \[None, 1\]"),
        ([True, 10**30], TypeError, "x must be real numbers, got .*True"),
        ("3", TypeError, "x must be real numbers, got '3'"),
        (1j, TypeError, "x must be real numbers, got 1j"),
        ([[1], [2, 3]], ValueError, r"x must be finite numbers in a regular array, got \[\[1\], \[2, 3\]\]"),
        (10**400, ValueError, "x must be finite numbers in a regular array, got 1000"),
        ([1.0, np.nan], ValueError, "x must be finite, got nan"),
        (Decimal("NaN"), ValueError, "x must be finite, got nan"),
        (np.ma.masked_array([1.0], [True]), TypeError, "x must not be a masked array"),
    ],
)
def test_what_is_no_number_is_refused(bad, error, words):
    with pytest.raises(error, match=f"^{words}"):
        checks.real("x", bad)


@pytest.mark.parametrize(
    ("check", "good", "bad", "words"),
    [
        (checks.positive, 5e-324, 0, "positive, got 0"),
        (lambda name, x: checks.at_least(name, x, 1), 1, 1 - 2**-53, r"at least 1, got 0\.9999999999999999"),
        (lambda name, x: checks.between(name, x, 0, 1), 0, -7e9, r"between 0 and 1, got -7e\+09"),
        (lambda name, x: checks.between(name, x, 0, 1), 1, 1.5, r"between 0 and 1, got 1\.5"),
        (lambda name, x: checks.whole(name, x, 2), 2, 1, "at least 2, got 1"),
        (checks.whole, 2.0, 2.5, r"a whole number, got 2\.5"),
        (checks.whole, 2**53, 2**53 + 2, f"at most {2**53}, got "),
        (checks.whole, 2**53, 2**53 + 1, f"at most {2**53}, got {2**53 + 1}$"),
        (checks.whole, 2**53, Fraction(2**54 + 1, 2), "a whole number, got "),
        (checks.whole, 10, 10**30, f"at most {2**53}, got "),
        (checks.whole, Decimal(7), Decimal(7) + Decimal("1e-25"), "a whole number, got 7"),
        (lambda name, x: checks.above(name, x, 2, ", the floor"), 2.5, 2, "above 2, the floor, got 2"),
        (checks.share, 0.95, 0, "between 0 and 1, got 0"),
        (checks.share, 0.05, 1, "between 0 and 1, got 1"),
        (checks.share, 0.5, [0.5, 0.9], r"one number, got an array of shape \(2,\)"),
    ],
)
def test_a_number_out_of_its_range_is_refused_and_the_bound_itself_is_not(check, good, bad, words):
    assert check("x", good) == good
    with pytest.raises(ValueError, match=f"^x must be {words}"):
        check("x", bad)


def test_a_bound_may_differ_from_place_to_place():
    with pytest.raises(ValueError, match=r"^x must be above 3, got 2$"):
        checks.above("x", 2, [1, 3])


def test_what_does_not_broadcast_is_refused_with_all_shapes():
    with pytest.raises(ValueError, match=r"got a \(2,\), b \(3,\)$"):
        checks.all_positive(a=[1, 2], b=[1, 2, 3])


def test_a_result_that_overflows_is_refused_and_a_scalar_stays_one():
    with checks.overflowing(), pytest.raises(OverflowError, match="too large for a floating-point number"):
        checks.plain(np.float64(1e308) * 10)
    assert type(checks.plain(np.asarray(2.0))) is float
    assert checks.plain(np.ones(2)).shape == (2,)


SIZES = st.lists(st.floats(1e-300, 1e300), min_size=1, max_size=6)


@given(SIZES, SIZES)
def test_a_product_is_right_wherever_it_fits_a_float(factors, over):
    exact = math.prod(map(Fraction, factors)) / math.prod(map(Fraction, over))
    if Fraction(2) ** -1022 < exact < Fraction(2) ** 1023:
        assert checks.product(*factors, over=tuple(over)) == pytest.approx(float(exact), rel=1e-14)
    elif not Fraction(2) ** -1023 < exact < Fraction(2) ** 1024:
        with pytest.raises(OverflowError, match=r"too (large|small)"):
            checks.product(*factors, over=tuple(over))


def test_nothing_times_anything_is_nothing():
    assert checks.product(0, 1e-300, 1e-300) == 0
    assert checks.product([0, 1e-200], 1e200).tolist() == pytest.approx([0, 1])
    with pytest.raises(OverflowError, match="too small"):
        checks.product([0, 1e-200], 1e-200)
