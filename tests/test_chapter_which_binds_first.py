"""The drawings of the chapter on which limit binds first: what they say, and that they draw the law."""

import numpy as np
import pytest
from series import series

from frontier import binding, ceilings
from frontier.chapters import which_binds_first as draw
from frontier.show import figure

NEAR, FAR, TREND = ceilings.near(ceilings.published()), ceilings.far(), ceilings.trend()


def test_the_landscape_draws_every_limit_with_its_range():
    _fig, ax = figure()
    words = draw.landscape(ax, NEAR, FAR, TREND)
    for name, flop in NEAR.items():
        assert tuple(series(ax, ceilings.NEAR[name])[0]) == draw.band(flop)
        assert ceilings.NEAR[name] in words
    for name, ends in FAR.items():
        assert tuple(series(ax, draw.in_words(name))[0]) == ends
        assert draw.in_words(name) in words
    assert "CMOS" not in words
    assert series(ax, "GPT-6 Astra")[0][0] == 1e27


def test_near_limits_mark_medians_and_published_ranges():
    _fig, ax = figure()
    words = draw.near_limits(ax, NEAR, {"data": (1e28, 1e29)}, TREND)
    for name, flop in NEAR.items():
        assert series(ax, f"{ceilings.NEAR[name]}, median")[0] == np.median(flop)
        assert tuple(series(ax, f"{ceilings.NEAR[name]}, 50%")[0]) == draw.band(flop, 0.5)
    assert series(ax, "text, published")[0].tolist() == [1e28, 1e29]
    assert words.count("(") == len(NEAR)


def test_when_shades_the_first_ceiling_and_slower_growth_comes_later():
    said = {}
    for pace in (2.0, 4.5):
        _fig, ax = figure()
        years = {name: ceilings.trend(pace).year_of(flop) for name, flop in NEAR.items()}
        said[pace] = draw.when(ax, years, "one campus")
        first = np.min(list(years.values()), axis=0)
        assert series(ax, "the first, median")[0][0] == np.median(first)
        assert tuple(series(ax, "text, 90%")[0]) == draw.band(years["data"])
    later, sooner = (int(text.split("comes in ")[1][:4]) for text in said.values())
    assert later > sooner >= 2027
    assert said[4.5].startswith("one campus: ")
    assert said[4.5].endswith(f"in {binding.first_to_bind(NEAR)['data']:.0%} of the draws it is text.")


def test_the_bars_are_the_shares_of_the_draws():
    _fig, ax = figure()
    shares = binding.first_to_bind(NEAR)
    assert draw.first(ax, shares) == f"first is text, in {shares['data']:.0%} of the draws."
    assert series(ax, "share of the draws")[1] == pytest.approx([100 * shares[name] for name in NEAR])


def test_the_chain_of_llama_and_the_implied_layers():
    llama, wall = draw.chains().values()
    assert llama == pytest.approx(2 * 126 * 15.6e12 / 16e6)
    n_steps = 20 * 7e14 / 60e6
    layers = 9 * ceilings.MONTH / n_steps / 110e-6
    assert layers == pytest.approx(922, abs=1)
    assert wall == pytest.approx(2 * layers * n_steps)


def test_light_marks_both_chains_at_the_size():
    _fig, ax = figure()
    words = draw.light(ax, draw.chains(), 4e6)
    for name, n in draw.chains().items():
        size, time = series(ax, f"{name}, this size")
        assert (size[0], time[0]) == (4e6, pytest.approx(n * 4e6 / 299_792_458))
    assert series(ax, "nine months")[1][0] == pytest.approx(9 * ceilings.MONTH)
    assert "4,000 km: at least 38 days for Llama 3.1 405B" in words


def test_money_by_hand():
    assert draw.money()[0]["FLOP per dollar"] == "1.4 × 10¹⁷"  # 3.14e23 for 2.2 million


def test_tied_draws_are_the_same_draws_in_one_order():
    together = draw.tied(NEAR)
    for name, values in together.items():
        assert np.array_equal(np.sort(values), np.sort(NEAR[name]))
        assert (np.diff(values) >= 0).all() == (name in ("power", "money", "chips"))
    # The lowest of three tied ceilings is less often low, so that text leads more often, and not by much.
    apart, tied = (binding.first_to_bind(x, tied=True)["data"] for x in (NEAR, together))
    assert apart < tied < apart + 0.1
