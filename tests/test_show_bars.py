"""Horizontal bars draw their values and say them."""

import pytest
from series import series

from frontier.show import bars, figure

WORDS = {"series": "orders left", "xlabel": "Orders", "title": "Room left"}


def test_bars_stand_in_order_with_their_values_beside_them():
    _fig, ax = figure()
    assert bars(ax, ["a", "b"], [8.24, 0.2], **WORDS) == "a 8.2, b 0.2"
    assert series(ax, "orders left")[1].tolist() == [8.24, 0.2]
    assert [text.get_text() for text in ax.texts] == ["8.2", "0.2"]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["a", "b"]
    assert ax.get_ylim() == (1.5, -0.5)  # the first at the top
    assert ax.get_xlim() == (0, pytest.approx(1.12 * 8.24))


def test_short_bars_leave_the_axis_at_one():
    _fig, ax = figure()
    assert bars(ax, ["a"], [0.5], digits=2, sign="%", **WORDS) == "a 0.50%"
    assert ax.get_xlim() == (0, 1.12)


@pytest.mark.parametrize(("names", "values"), [(["a"], [1, 2]), ([], [])])
def test_names_and_values_are_as_many(names, values):
    with pytest.raises(ValueError, match=r"^names and values must be as many, at least one"):
        bars(figure()[1], names, values, **WORDS)
