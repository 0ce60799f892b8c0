"""Trends: a doubling time against SciPy's regression, the year of a limit against counting."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from frontier.growth import doubling_time, year_of, years_until


def test_a_doubling_time_is_the_slope_of_a_regression():
    rng = np.random.default_rng(0)
    for n, level in ((3, 0.95), (4, 0.5), (10, 0.95), (30, 0.8)):
        year = rng.uniform(1990, 2030, n)
        amount = 2 ** ((year - 2000) / rng.uniform(1, 3) + rng.normal(0, 0.1, n))
        line = stats.linregress(year, np.log2(amount))
        half = stats.t.ppf((1 + level) / 2, n - 2) * line.stderr
        assert line.slope > half
        expected = 1 / line.slope, 1 / (line.slope + half), 1 / (line.slope - half)
        assert doubling_time(year, amount, level) == pytest.approx(expected, rel=1e-10)
        assert doubling_time(year, amount) == doubling_time(year, amount, 0.95)


def test_what_stands_still_or_shrinks():
    years = np.array([2010, 2013, 2016, 2020])
    assert doubling_time(years, 5 * 2 ** (years / 2.5)) == pytest.approx((2.5, 2.5, 2.5))
    assert doubling_time(years, [1, 8, 1, 4]).high == np.inf
    shrinks = doubling_time(years, 2.0 ** (2010 - years) * [1, 1.1, 0.9, 1])
    assert shrinks.low < shrinks.value < shrinks.high < 0
    with pytest.raises(ValueError, match="three different years at least"):
        doubling_time([2000, 2000, 2001], [1, 2, 3])


@given(st.floats(0.2, 10), st.integers(-20, 20))
def test_a_year_is_counted_in_doublings(pace, doublings):
    year = year_of(2000, 2.0**doublings, pace)
    assert year == pytest.approx(2000 + doublings * pace)
    assert year_of(2024, [8, 4, 16], [3, 2, 4]).tolist() == [2033, 2028, 2040]
    assert year - 2000 == pytest.approx(years_until(2.0**doublings, 1, 2 ** (1 / pace)), abs=1e-9)
