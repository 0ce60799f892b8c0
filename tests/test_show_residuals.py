"""The picture of what a fit misses: what is drawn is what is given, and said."""

import numpy as np
import pytest
from series import series

from frontier.show import figure, residuals


def test_each_run_is_a_dot_and_half_of_them_lie_in_the_band():
    _fig, ax = figure()
    missed = np.array([0.001, -0.002, 0.003, -0.05])
    words = residuals(ax, [1e18, 1e19, 1e20, 1e21], missed)
    assert words == "half of 4 runs lie within 0.25% of the law, the worst is -5.0% off"
    np.testing.assert_allclose(series(ax, "runs")[1], 100 * missed)
    low, high = ax.patches[0].get_extents().transformed(ax.transData.inverted()).intervaly
    assert (low, high) == pytest.approx((-0.25, 0.25))


def test_columns_that_do_not_match_are_refused():
    with pytest.raises(ValueError, match=r"rows of one length, got \(2,\) and \(1,\)"):
        residuals(figure()[1], [1e18, 1e19], [0.1])
