"""The drawings of the chapter on which limit binds first: what they say, and that they draw the law."""

import numpy as np
import pytest

from frontier import binding, registry
from frontier.chapters import which_binds_first as draw
from frontier.show import figure

NEAR = draw.ceilings()


def test_the_stock_of_text_is_near_the_published_one():
    stock = draw.tokens(np.random.default_rng(0))
    assert np.median(stock) == pytest.approx(4e14, rel=0.1)  # figure 1 of Villalobos et al.
    low, high = draw.band(stock)
    assert low == pytest.approx(1e14, rel=0.15)  # their summary has 1e14 to 1e15 for 90%
    assert 1e15 < high < 2e15


def test_the_ceiling_of_power_is_near_the_published_one():
    low, high = draw.ends("One campus", "training_flop")
    ours = draw.band(NEAR["power, one campus"])
    assert ours[0] == pytest.approx(low, rel=0.7)
    assert ours[1] == pytest.approx(high, rel=0.2)


def test_a_choice_changes_only_its_own_ceiling():
    other = draw.ceilings(sites="a network of sites", data="text, images, sound and video", budget=1e9)
    assert np.array_equal(other["chips that can be made"], NEAR["chips that can be made"])
    assert np.allclose(other["money, 1 billion dollars"] * 100, NEAR["money, 100 billion dollars"])
    assert np.median(other["power, a network of sites"]) > 2 * np.median(NEAR["power, one campus"])


def test_the_lowest_ceiling_of_each_draw_is_the_one_that_binds():
    assert draw.lowest({"a": np.array([1.0, 5.0]), "b": np.array([2.0, 3.0])}).tolist() == [1, 3]


def test_the_band_of_power_lies_within_that_of_text():
    """The caption of the near ceilings says so."""
    text, power = (draw.band(NEAR[name]) for name in ("text", "power, one campus"))
    assert text[0] < power[0] < power[1] < text[1]


def test_far_limits_are_in_order_and_beyond_the_near_ones():
    far = draw.far_limits()
    assert all(low < high for low, high in far.values())
    lows = [low for name, (low, _high) in far.items() if name != "light across the site"]
    assert lows == sorted(lows)
    assert far["Landauer, all electricity"][0] > np.max(np.stack(list(NEAR.values())))
    # 3.36 TW for nine months over kT ln 2, by hand
    assert far["Landauer, all electricity"][1] == pytest.approx(
        3.362e12 * 9 * draw.MONTH / 2.871e-21, rel=1e-3
    )
    # Bekenstein: 2.577e43 bits per kilogram and metre, 16 bits a parameter, C = 120 N^2
    assert far["Bekenstein, 1 kg"][0] == pytest.approx(120 * (2.577e42 / 16) ** 2, rel=1e-3)


def test_a_year_of_the_trend_is_its_growth():
    flop = registry.find(draw.LATEST).training_flop.value
    assert draw.year_of(flop) == draw.LATEST_YEAR
    assert draw.year_of(4.5 * flop) == pytest.approx(draw.LATEST_YEAR + 1)
    assert draw.year_of(4 * flop, 2) == pytest.approx(draw.LATEST_YEAR + 2)


def test_the_landscape_draws_every_limit_with_its_range():
    _fig, ax = figure()
    far = draw.far_limits()
    words = draw.landscape(ax, NEAR, far)
    *bars, today = ax.lines
    assert len(bars) == len(NEAR) + len(far)
    assert tuple(bars[0].get_xdata()) == draw.band(NEAR["text"])
    assert tuple(bars[-1].get_xdata()) == far["Bekenstein, 1 kg"]
    assert today.get_xdata()[0] == 3.8e25
    assert all(name in words for name in [*NEAR, *far])


def test_near_limits_mark_medians_and_published_ranges():
    _fig, ax = figure()
    words = draw.near_limits(ax, NEAR, {"text": (1e28, 1e29)})
    dots = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "o"]
    assert dots == [np.median(values) for values in NEAR.values()]
    assert [1e28, 1e29] in [list(line.get_xdata()) for line in ax.lines]
    assert words.count("(") == len(NEAR)


@pytest.mark.parametrize("sites", draw.SITES)
def test_slower_growth_comes_later(sites):
    said = [draw.when(figure()[1], growth, sites) for growth in (2.0, 4.5)]
    years = [int(text.split("comes in ")[1][:4]) for text in said]
    assert years[0] > years[1] >= 2027
    assert sites in said[0]


@pytest.mark.parametrize("data", draw.DATA)
def test_money_is_first_up_to_ten_billion_and_hardly_matters_above_a_hundred(data):
    """The caption of the slider says so; counting video as data puts power first."""
    assert "first is money" in draw.first(figure()[1], 1e10, data)
    found = binding.first_to_bind(draw.ceilings(data=data, budget=3e11))
    assert found["money, 300 billion dollars"] < 0.05
    assert next(iter(found)) == ("text" if data == "text" else "power, one campus")


def test_little_money_binds_first_and_much_does_not():
    assert "first is money" in draw.first(figure()[1], 1e9, "text")
    _fig, ax = figure()
    assert "first is data" in draw.first(ax, 1e13, "text")
    assert sum(bar.get_width() for bar in ax.patches) == pytest.approx(100)


def test_the_chain_of_llama_and_the_implied_layers():
    llama, wall = draw.chains().values()
    assert llama == pytest.approx(2 * 126 * 15.6e12 / 16e6)
    assert draw.implied_layers() == pytest.approx(922, abs=1)
    assert wall == pytest.approx(2 * draw.implied_layers() * 1.4e16 / 60e6)


def test_light_marks_both_chains_at_the_size():
    _fig, ax = figure()
    words = draw.light(ax, 4e6)
    marks = [line.get_xydata()[0] for line in ax.lines if line.get_marker() == "o"]
    expected = [(4e6, binding.shortest_duration(n, 4e6)) for n in draw.chains().values()]
    assert np.allclose(marks, expected)
    assert "4,000 km: at least 38 days for Llama 3.1 405B" in words


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.5, "0.5 seconds"), (90, "1.5 minutes"), (7200, "2 hours"), (3.2e9, "100 years")]
)
def test_times_are_in_the_unit_people_use(seconds, said):
    assert draw.in_time(seconds) == said


def test_money_and_headroom_by_hand():
    assert draw.money()[0]["FLOP per dollar"] == "1.4 × 10¹⁷"  # 3.14e23 for 2.2 million
    room = draw.headroom()
    assert room["factor"][0] == pytest.approx(4.7e15 / 9e12)
    assert room["doublings"][0] == pytest.approx(9.03, abs=0.01)
    assert room["years"][1] < room["years"][0] < room["years"][2]


def test_tied_draws_are_the_same_draws_in_one_order():
    together = draw.tied(NEAR)
    for name, values in together.items():
        assert np.array_equal(np.sort(values), np.sort(NEAR[name]))
        assert (np.diff(values) >= 0).all() == name.startswith(("power", "money", "chips"))
    # The lowest of three tied ceilings is less often low, so that text leads more often, and not by much.
    apart, tied = (binding.first_to_bind(x)["text"] for x in (NEAR, together))
    assert apart < tied < apart + 0.1
