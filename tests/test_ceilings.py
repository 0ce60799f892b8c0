"""Which limit binds first: the published assumptions, one's own, and what must always hold."""

from dataclasses import fields, replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from frontier import binding, ceilings, registry
from frontier.ceilings import Between, far, headroom, levers, near, published, trend
from frontier.registry import find, number

MONTH = 365.25 / 12 * 86_400
ASSUMED = published()
NEAR = near(ASSUMED)
BANDS = {name: np.quantile(flop, [0.05, 0.95]) for name, flop in NEAR.items()}
MEDIANS = [5.1801761299e28, 1.05806016777e29, 2.7515088139e29, 7.2693197156e29, 1.7483924399e31]
FIRST = [
    7.8610937158e29,
    4.1302395753e29,
    1.5214644134e29,
    4.1474489088e30,
    2.3895021513e30,
]  # of 500 draws with seed 7, a network of sites and all data
BARE = {field.name: 2.0 for field in fields(ceilings.Assumptions)} | {"stock": None, "data_efficiency": 1.0}


def test_the_published_assumptions_are_those_of_the_sources():
    assert ASSUMED.n_tokens == Between(1.3e14, 2.1e15, 0.95)  # Villalobos et al., Table 1
    assert ASSUMED.duration == Between(2 * MONTH, 9 * MONTH, 0.8)  # Sevilla et al., for 2030
    assert ASSUMED.power == Between(2.7e9, 5e9, 0.8)  # what is planned in 2026 for 2028, and 5 GW
    assert published("one campus, as seen in 2024").power == Between(1e9, 5e9, 0.8)
    assert published("a network of sites").power == Between(2e9, 4.5e10, 0.8)
    assert published("all the world's electricity").power == 3.362e12
    assert ASSUMED.peak_per_joule == pytest.approx(1978.9e12 / 1700)
    assert (ASSUMED.efficiency_years, ASSUMED.price_years) == (6, 7)  # from 2024, and from GPT-4, to 2030
    assert (ASSUMED.tokens_per_param, ASSUMED.budget, ASSUMED.stock) == (20, 1e11, None)
    for known in ({"sites": "the Moon"}, {"data": "smells"}):
        with pytest.raises(ValueError, match=r"must be one of .*, got '(the Moon|smells)'"):
            published(**known)


def test_the_stock_of_text_is_near_the_published_one():
    stock = np.sqrt(NEAR["data"] * 20 / 6)
    assert np.median(stock) == pytest.approx(4e14, rel=0.1)  # figure 1 of Villalobos et al.
    low, high = np.quantile(stock, [0.05, 0.95])
    assert low == pytest.approx(1e14, rel=0.15)  # their summary has 1e14 to 1e15 for 90%
    assert 1e15 < high < 2e15


def test_the_ceiling_of_power_is_near_the_published_one():
    low, high = find("One campus, seen from 2024").training_flop.range[1:]
    of_2024 = np.quantile(near(published("one campus, as seen in 2024"))["power"], [0.05, 0.95])
    assert of_2024[0] == pytest.approx(low, rel=0.7)
    assert of_2024[1] == pytest.approx(high, rel=0.2)


def test_a_token_that_goes_further_lifts_the_ceiling_of_text_by_the_square_and_no_other():
    further = number("Data efficiency, unlimited compute", "factor")
    found = near(replace(ASSUMED, data_efficiency=further))
    assert_allclose(found["data"], further**2 * NEAR["data"])
    assert all(np.array_equal(found[name], NEAR[name]) for name in NEAR if name != "data")
    shares = [binding.first_to_bind(ceilings_)["data"] for ceilings_ in (NEAR, found)]
    assert shares[0] > 0.5 > 0.1 > shares[1]  # Kim et al. 2025: text is hardly ever first any more


def test_the_draws_of_a_seed_are_what_they_were():
    """The order in which quantities are drawn is part of what the book prints."""
    medians = [float(np.median(flop)) for flop in NEAR.values()]
    assert medians == pytest.approx(MEDIANS, rel=1e-9)
    wide = near(published("a network of sites", ceilings.DATA[1]), n_draws=500, seed=7)
    assert [float(flop[0]) for flop in wide.values()] == pytest.approx(FIRST, rel=1e-9)
    assert [len(flop) for flop in wide.values()] == [500] * 5


def test_a_generator_draws_anew_and_repeats_with_its_own_seed():
    once, again, other = (near(ASSUMED, n_draws=50, seed=np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert all(np.array_equal(once[name], again[name]) for name in once)
    assert not any(np.array_equal(once[name], other[name]) for name in once)


@pytest.mark.parametrize(
    "change", [{"sites": "a network of sites"}, {"data": ceilings.DATA[1]}, {"budget": 1e9}]
)
def test_a_choice_changes_only_its_own_ceiling(change):
    other = near(published(**change))
    changed = [name for name in NEAR if not np.array_equal(other[name], NEAR[name])]
    assert changed == [{"sites": "power", "data": "data", "budget": "money"}[next(iter(change))]]


def test_a_number_in_the_place_of_an_interval_leaves_all_other_draws():
    for field in fields(ASSUMED):
        if isinstance(getattr(ASSUMED, field.name), Between):
            before = ceilings.draws(ASSUMED, n_draws=10)
            after = ceilings.draws(replace(ASSUMED, **{field.name: 3.0}), n_draws=10)
            assert after[field.name] == 3
            same = [name for name in before if np.array_equal(before[name], after[name])]
            assert [name for name in before if name not in same] == [field.name]


def test_bare_numbers_give_the_ceilings_by_hand():
    own = {"tokens_per_param": 20, "mfu": 0.4, "efficiency_years": 6, "price_years": 7, "past_cost": 5.0}
    assumed = ceilings.Assumptions(**{**BARE, **own})
    found = near(assumed, n_draws=3)
    expected = [6 * 8.0**2 / 20, 2 * 2 * 2 * 0.4 * 2**6, 2 * 2 / 5 * 2**7, 2, 2]
    assert_allclose(list(found.values()), np.repeat(expected, 3).reshape(5, 3))
    assert near(replace(assumed, stock=100.0), n_draws=1)["data"] == pytest.approx(6 * 100**2 / 20)
    spread = near(replace(assumed, power=Between(1, 100, 0.9)), n_draws=4000)["power"]
    assert_allclose(np.quantile(spread, [0.05, 0.95]) / expected[1], [0.5, 50], rtol=0.1)


@pytest.mark.parametrize("name", [field.name for field in fields(ceilings.Assumptions)])
def test_what_is_no_assumption_is_refused_by_name(name):
    for bad in (-1.0, np.nan):
        with pytest.raises(ValueError, match=f"^{name} must be"):
            ceilings.Assumptions(**{**BARE, name: bad})
    if name != "stock":
        with pytest.raises(TypeError, match=f"^{name} must be real numbers"):
            ceilings.Assumptions(**{**BARE, name: None})
    if name.endswith("_years"):
        with pytest.raises(TypeError, match=f"^{name} must be real numbers"):
            ceilings.Assumptions(**{**BARE, name: Between(1, 2)})


@pytest.mark.parametrize(
    ("ends", "message"),
    [
        ((-1, 2), "low must be positive"),
        ((2, 2), "high must be above 2"),
        ((1, 2, 1), "level must be between"),
    ],
)
def test_what_is_no_interval_is_refused(ends, message):
    with pytest.raises(ValueError, match=message):
        Between(*ends)


@pytest.mark.parametrize("data", ceilings.DATA)
def test_money_is_first_up_to_ten_billion_and_hardly_matters_above_a_hundred(data):
    """The caption of a slider says so; counting video as data puts power first."""
    for budget in (1e9, 1e10):
        assert next(iter(binding.first_to_bind(near(published(data=data, budget=budget))))) == "money"
    found = binding.first_to_bind(near(published(data=data, budget=3e11)))
    assert found["money"] < 0.05
    assert next(iter(found)) == ("data" if data == "text" else "power")


def test_the_band_of_power_lies_within_that_of_text():
    """The caption of the near ceilings says so."""
    assert BANDS["data"][0] < BANDS["power"][0] < BANDS["power"][1] < BANDS["data"][1]


def test_far_limits_are_in_order_and_beyond_the_near_ones():
    found = far()
    assert all(low < high for low, high in found.values())
    lows = [low for name, (low, _high) in found.items() if name != "light across the site"]
    assert lows == sorted(lows)
    assert found["Landauer, all electricity"][0] > np.max(list(NEAR.values()))


def test_far_limits_by_hand():
    found = far()
    short, long = 2 * MONTH, 9 * MONTH
    steps = [short / (4000 * 1e3 / 299_792_458), long / (1000 * 1e2 / 299_792_458)]
    assert found["light across the site"] == pytest.approx([6 / 20 * (60e6 * n) ** 2 for n in steps])
    assert found["CMOS, all electricity"] == pytest.approx(
        (3.362e12 * short * 1.175e15, 3.362e12 * long * 2.35e16)
    )
    # 1.735e15 W: a hundredth of 1360.8 W/m2 on a disc of 6371 km
    heat = 0.01 * 1360.8 * np.pi * 6.371e6**2
    assert heat == pytest.approx(1.735e15, rel=1e-3)
    assert found["CMOS, heat of 1% of sunlight"] == pytest.approx(
        (heat * short * 1.175e15, heat * long * 2.35e16), rel=1e-4
    )
    kt = 2.871e-21  # kT ln 2 at 300 K
    assert found["Landauer, all electricity"] == pytest.approx(
        (3.362e12 * short / (32 * kt), 3.362e12 * long / kt), rel=1e-3
    )
    atoms = 6.02214076e23 / 0.028085
    assert found["a bit per atom, 1 kg"] == pytest.approx((120 * (atoms / 16) ** 2, 120 * (atoms / 4) ** 2))
    steps_per_second = 5.4258e50  # Lloyd (2000): of a kilogram
    assert found["quantum speed limit, 1 kg"] == pytest.approx(
        (steps_per_second * short, steps_per_second * long), rel=1e-4
    )
    # Bekenstein: 2.577e43 bits per kilogram and metre
    assert found["Bekenstein, 1 kg"] == pytest.approx(
        (120 * (2.577e42 / 16) ** 2, 120 * (2.577e42 / 4) ** 2), rel=1e-3
    )


def test_far_limits_follow_what_is_assumed():
    usual, other = far(), far(months=(4, 18), power=1e9, mass=2.0, bits_per_flop=(1, 64), heat_share=0.02)
    assert other["light across the site"] == pytest.approx(4 * np.array(usual["light across the site"]))
    assert other["CMOS, heat of 2% of sunlight"][0] == pytest.approx(
        4 * usual["CMOS, heat of 1% of sunlight"][0]
    )
    assert other["a bit per atom, 2 kg"] == pytest.approx(4 * np.array(usual["a bit per atom, 1 kg"]))
    ratio = other["Landauer, all electricity"][0] / usual["Landauer, all electricity"][0]
    assert ratio == pytest.approx(2 * (1e9 / 3.362e12) / 2)


def test_each_far_limit_follows_the_range_that_is_its_own():
    usual = far()
    changes = {"n_layers": (1000, 4000), "distance": (2e2, 2e3), "bits_per_param": (8, 32), "months": (4, 18)}
    slower = np.array(usual["light across the site"]) / 4
    assert far(n_layers=changes["n_layers"])["light across the site"] == pytest.approx(slower)
    assert far(distance=changes["distance"])["light across the site"] == pytest.approx(slower)
    for name in ("a bit per atom, 1 kg", "Bekenstein, 1 kg"):
        expected = np.array(usual[name]) / 4
        assert far(bits_per_param=changes["bits_per_param"])[name] == pytest.approx(expected)


@pytest.mark.parametrize("name", ["months", "n_layers", "distance", "bits_per_flop", "bits_per_param"])
@pytest.mark.parametrize("bad", [(2, 1), (1,), 3, (0, 1), (-1, 1), (1, np.inf), (1, 2, 3)])
def test_what_is_no_range_is_refused_under_its_own_name(name, bad):
    with pytest.raises(ValueError, match=f"^{name} must be"):
        far(**{name: bad})


@pytest.mark.parametrize("name", ["power", "heat_share", "temperature", "mass", "radius"])
def test_what_a_far_limit_cannot_be_is_refused_under_its_own_name(name):
    for bad in (0, -1, np.nan, [1, 2]):
        with pytest.raises(ValueError, match=f"^{name} must be"):
            far(**{name: bad})
    with pytest.raises(ValueError, match=r"^heat_share must be between 0 and 1, got 2"):
        far(heat_share=2)


def test_a_year_of_the_trend_is_its_growth():
    known = trend()
    assert (known.growth, known.flop, known.year) == (4.5, 1e27, 2026.67)  # 3 September 2026
    assert known.year_of(1e27) == 2026.67
    assert known.year_of(4.5e27) == pytest.approx(2027.67)
    assert trend(2).year_of(4e27) == pytest.approx(2028.67)


def test_the_trend_of_2024_led_to_the_largest_run_of_2026():
    llama, today = find("Llama 3.1 405B"), registry.largest_run()
    foreseen = llama.training_flop.value * trend().growth ** (today.release.value - llama.release.value)
    assert today.training_flop.low < foreseen < today.training_flop.high
    assert foreseen == pytest.approx(9.1e26, rel=0.01)


def test_headroom_by_hand():
    best = 15e15 / 1400
    assert headroom()["factor"] == pytest.approx((4.7e15 / best, 4.7e15 / 4 / best, 4.7e15 * 5 / best))
    assert headroom("Rubin")["factor"].value == pytest.approx(4.7e15 / (35e15 / 1800))
    room = headroom("B200")
    assert room["factor"] == pytest.approx(
        (4.7e15 / 9e12, 1.175e15 / 9e12, 2.35e16 / 9e12)
    )  # 9e15 FLOP/s at 1 kW
    assert room["doublings"].value == pytest.approx(9.03, abs=0.01)
    slow, quick = 1.26, 1.4
    by_hand = [np.log(4.7e15 / 9e12) / np.log(np.sqrt(slow * quick))]
    by_hand += [np.log(1.175e15 / 9e12) / np.log(quick), np.log(2.35e16 / 9e12) / np.log(slow)]
    assert room["years"] == pytest.approx(by_hand)


def test_levers_are_the_published_ones():
    found = levers()
    assert found["algorithms, language, a year (preprint)"] == pytest.approx((2.83, 1.81, 5.28), abs=0.01)
    assert found["algorithms, language, a year (printed)"] == pytest.approx((2.83, 1.46, 64), abs=0.01)
    # Gundlach et al. (2025): 6,930 times in the eleven years from 2012 to 2023, and under 100 at a small size
    assert found["algorithms, language, a year (accounted for)"].value ** 11 == pytest.approx(6930)
    assert found["algorithms, language, a year (at a small size, at most)"].value ** 11 == pytest.approx(100)
    assert found["algorithms, vision, seven years"].value == 44
    assert found["algorithms, Go, KataGo"].value == 50
    assert found["sparsity, energy"].value == 10
    assert found["sparsity, DeepSeek-V3"].value == pytest.approx(671 / 37)
    assert found["sparsity, a model as good"].value == 7
    assert found["memory, 3 or 4 bits for 16"] == (4.6, 4, 5.33)
    assert found["4 bits for 16, one chip"].value == 4
    assert found["chips, V100 to B200, per joule"].value == pytest.approx(2250 / 1000 / (125 / 300))
    assert found["data, reread"] == (3.9, 3, 5)
    assert found["chips, GB300 to the CMOS limit"] == headroom()["factor"]
    assert all(low <= value <= high for value, low, high in found.values())


def test_the_published_constants_have_their_sources():
    for name, quantity, value, source in (
        ("Compute-optimal training", "tokens_per_param", 20, "hoffmann2022"),
        ("Sunlight at the Earth", "radius", 6_371_008.8, "moritz2000"),
        ("Quantum speed-up, 2021", "quantum_time", 17e-3, "babbush2021"),
        ("Quantum speed-up, 2021", "classical_time", 33e-9, "babbush2021"),
        ("Llama 3.1 405B", "release", 2024.56, "meta2024b"),
    ):
        assert (number(name, quantity), find(name).fact(quantity).source) == (value, source)
