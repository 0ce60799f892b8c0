"""One training run against every limit."""

import re

import numpy as np
import pytest

from frontier import bekenstein, ceilings, landauer, registry, scaling, shannon
from frontier.audit import NOT_ASSESSED, TrainingRun, audit, growth_left

LAWS = [
    *("Diminishing returns", "Landauer", "Bekenstein", "Margolus and Levitin", "Shannon"),
    *("No Free Lunch", "The chips' own peak"),
]
FULL = {
    "n_params": 174.6e9,
    "n_tokens": 300e9,
    "chip": "V100 SXM2",
    "n_chips": 10_000,
    "days": 14.8,
    "energy": 1287e6 * 3600,  # Patterson et al. 2021, Table 4: 1,287 MWh
    "bits_per_flop": 32,
    "bits_per_param": 16,
    "radius": 10,
    "mass": 1e5,
    "link_bits_per_second": 100e9,
    "link_bandwidth": 26.56e9,
    "link_snr_linear": 100,
}


def test_every_law_has_its_row_in_the_books_order():
    assert [row.law for row in audit(TrainingRun(**FULL)).rows] == LAWS


def test_gpt_3_stands_eight_orders_above_landauers_floor():
    row = audit(TrainingRun(**FULL)).row("Landauer")
    assert row.value == FULL["energy"]
    assert row.bound == pytest.approx(28.9e3, rel=0.01)  # joules: a gram or two of sugar
    assert row.orders == pytest.approx(np.log10(FULL["energy"] / row.bound))
    assert row.orders == pytest.approx(8.2, abs=0.05)


def test_dall_es_weights_in_a_gram_are_27_orders_below_bekenstein():
    run = TrainingRun(n_params=12e9, n_tokens=1, bits_per_param=16, radius=0.01, mass=1e-3)
    assert audit(run).row("Bekenstein").orders == pytest.approx(27.1, abs=0.05)


def test_a_100_gigabit_lane_runs_near_its_capacity():
    row = audit(TrainingRun(**FULL)).row("Shannon")
    assert row.bound == pytest.approx(176.9e9, rel=1e-3)
    assert 10**-row.orders == pytest.approx(0.57, abs=0.01)


def test_each_bound_is_that_of_its_module():
    run, found = TrainingRun(**FULL), audit(TrainingRun(**FULL))
    energy = bekenstein.rest_energy(run.mass)
    assert found.row("Landauer").bound == landauer.erasure_energy(32 * run.flop, 300)
    assert found.row("Bekenstein").bound == bekenstein.max_bits(run.radius, energy=energy)
    assert found.row("Margolus and Levitin").bound == bekenstein.margolus_levitin_rate(energy=energy)
    assert found.row("Shannon").bound == shannon.awgn_capacity(
        run.link_bandwidth, snr_linear=run.link_snr_linear
    )
    assert found.row("Margolus and Levitin").value == pytest.approx(run.flop / (14.8 * 86_400))


def test_a_law_without_a_distance_says_why():
    found = audit(TrainingRun(**FULL))
    for law in ("Diminishing returns", "No Free Lunch"):
        assert found.row(law).orders is None
        assert found.row(law).note.startswith("no distance")
    assert "1.64 times the least" in found.row("Diminishing returns").note
    # the exponent, alpha beta / (alpha + beta) of Besiroglu et al., is 0.178; 2 to the power of 1/0.178 is 49
    assert "halving what is left takes 49 times the compute" in found.row("Diminishing returns").note
    assert found.row("Diminishing returns").value == pytest.approx(0.1914, abs=1e-3)


@pytest.mark.parametrize(
    ("law", "missing"),
    [
        ("Landauer", ["energy", "bits_per_flop"]),
        ("Bekenstein", ["bits_per_param", "radius", "mass"]),
        ("Margolus and Levitin", ["days", "mass"]),
        ("Shannon", ["link_bits_per_second", "link_bandwidth", "link_snr_linear"]),
        ("The chips' own peak", ["days", "n_chips"]),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_guessed(law, missing):
    row = audit(TrainingRun(174.6e9, 300e9)).row(law)
    assert (row.value, row.bound, row.orders) == (None, None, None)
    assert row.note.startswith(f"{NOT_ASSESSED}: needs {', '.join(missing)}")
    for name in missing:
        without = TrainingRun(**{key: value for key, value in FULL.items() if key != name})
        assert audit(without).row(law).note == f"{NOT_ASSESSED}: needs {name}"


def test_gpt_3_used_a_fifth_of_its_chips():
    row = audit(TrainingRun.from_model("GPT-3")).row("The chips' own peak")
    assert 10**-row.orders == pytest.approx(0.197, abs=0.001)  # Patterson et al. 2021, Table 4
    assert "19.6% of their peak" in row.note or "19.7% of their peak" in row.note


def test_a_model_that_uses_part_of_its_parameters_counts_only_those():
    run = TrainingRun.from_model("DeepSeek-V3")
    assert run.flop == pytest.approx(6 * 37e9 * 14.8e12)
    assert run.n_params == 671e9


def test_a_run_counts_the_published_compute_where_it_is_not_six_n_d():
    assert TrainingRun.from_model("T5-11B").flop == 3.30e22  # Brown et al. 2020, Table D.1: 3 FLOP, not 6
    gopher = audit(TrainingRun.from_model("Gopher")).row("The chips' own peak")
    assert 10**-gopher.orders == pytest.approx(0.378, abs=0.001)  # Epoch AI, from Table A26 of Rae et al.


def test_a_run_whose_size_or_data_are_assumed_counts_what_follows_from_them():
    assert TrainingRun.from_model("T5-11B", n_tokens=2e12).flop == 6 * 11e9 * 2e12
    assert TrainingRun.from_model("DeepSeek-V3", n_tokens=1e12).flop == pytest.approx(6 * 37e9 * 1e12)
    assert TrainingRun.from_model("DeepSeek-V3", n_params=70e9).flop == pytest.approx(6 * 70e9 * 14.8e12)
    assert TrainingRun.from_model("GPT-4", n_params=1e12, n_tokens=1e13).flop == pytest.approx(6e25)
    assert TrainingRun.from_model("DeepSeek-V3", training_flop=1e24).flop == 1e24


def test_diminishing_returns_count_the_parameters_that_a_token_passes_through():
    found = audit(TrainingRun.from_model("DeepSeek-V3")).row("Diminishing returns")
    assert "2.27 times the least" in found.note
    same = audit(TrainingRun(671e9, 14.8e12, n_active_params=37e9)).row("Diminishing returns")
    assert (same.value, same.note) == (found.value, found.note)
    # compute far from 6 N D: the 671 billion are not all used, an encoder with a decoder uses half
    for run in (TrainingRun(671e9, 14.8e12, training_flop=3.3e24), TrainingRun.from_model("T5-11B")):
        row = audit(run).row("Diminishing returns")
        assert row.value is None
        assert re.search(r"^not assessed: the compute is 0\.[0-9]+ times 6 N D", row.note)


@pytest.mark.parametrize(
    ("change", "law", "check"),
    [
        ({"days": 0.5}, "The chips' own peak", "days"),
        ({"n_chips": 300}, "The chips' own peak", "n_chips"),
        ({"energy": 1e3}, "Landauer", "energy"),
        ({"link_snr_linear": 1e-3}, "Shannon", "link_snr_linear"),
        ({"mass": 1e-40}, "Bekenstein", "mass"),
        ({"mass": 1e-40}, "Margolus and Levitin", "mass"),
    ],
)
def test_what_is_not_possible_is_said_with_what_to_check(change, law, check):
    found = audit(TrainingRun(**FULL | change)).row(law)
    assert (found.orders < 0, found.room) == (True, "not possible")
    assert re.search(rf"^not possible, check .*\b{check}\b", found.note)
    assert audit(TrainingRun(**FULL)).row(law).note.startswith("not possible") is False


def test_a_run_at_the_bound_itself_is_possible():
    peak = registry.number("V100 SXM2", "flop_per_second")
    run = TrainingRun(1e9, 1e10, chip="V100 SXM2", n_chips=100, days=1, training_flop=100 * peak * 86_400)
    assert audit(run).row("The chips' own peak").room in ("0.0", "-0.0")


def test_a_changed_run_keeps_no_facts_that_the_change_makes_untrue():
    known = TrainingRun.from_model("GPT-3")
    assert (known.days, known.energy) == (14.8, 1287 * 3.6e9)
    for change in ({"n_params": 1e9}, {"n_tokens": 1e9}, {"chip": "H100 SXM5"}, {"n_chips": 10}):
        run = TrainingRun.from_model("GPT-3", **change)
        assert (run.days, run.energy) == (None, None), change
    assert TrainingRun.from_model("GPT-3", days=7).energy is None
    for same in ({"n_params": 174.6e9}, {"chip": "v100 sxm2"}, {"bits_per_flop": 1}):
        run = TrainingRun.from_model("GPT-3", **same)
        assert (run.days, run.energy) == (14.8, 1287 * 3.6e9), same
    assert TrainingRun.from_model("DeepSeek-V3", n_params=70e9).n_active_params is None


@pytest.mark.parametrize("name", [name for name, value in FULL.items() if name != "chip"])
def test_a_run_of_any_magnitude_is_held_against_finite_bounds_or_refused(name):
    for size in (1e-300, 1e-160, 1e-30, 1e30, 1e160, 1e300):
        try:
            rows = audit(TrainingRun(**FULL | {name: size})).rows
        except OverflowError:
            continue
        told = [x for row in rows for x in (row.value, row.bound, row.orders) if x is not None]
        assert np.all(np.isfinite(told)), f"{size} gives {told}"


def test_a_warmer_run_has_a_higher_floor():
    cold, warm = (audit(TrainingRun(**FULL, temperature=t)).row("Landauer").bound for t in (77, 300))
    assert warm / cold == pytest.approx(300 / 77)


def test_a_run_from_the_registry_has_its_published_numbers():
    run = TrainingRun.from_model("GPT-3", bits_per_flop=1)
    assert (run.n_params, run.n_tokens, run.bits_per_flop) == (174.6e9, 300e9, 1)
    assert run.flop == pytest.approx(float(registry.find("GPT-3").training_flop), rel=3e-3)
    assert TrainingRun.from_model("GPT-3", n_tokens=1e12).n_tokens == 1e12


def test_an_undisclosed_size_must_be_given():
    with pytest.raises(ValueError, match=r"n_params and n_tokens must be given, .*'GPT-4'"):
        TrainingRun.from_model("GPT-4")
    assert TrainingRun.from_model("GPT-4", n_params=1e12, n_tokens=1e13).n_params == 1e12


@pytest.mark.parametrize("name", ["n_params", "n_tokens", "temperature"])
def test_what_has_to_be_known_cannot_be_left_open(name):
    with pytest.raises(TypeError, match=f"^{name} must be real numbers, got None$"):
        TrainingRun(**{**FULL, name: None})


def test_an_unknown_chip_is_refused_with_the_nearest_ones():
    with pytest.raises(
        ValueError, match=r"^chip must be one of .* known, .*, got 'H100'; did you mean H100 SXM5\?$"
    ):
        TrainingRun(1e9, 1e10, chip="H100")
    assert TrainingRun(1e9, 1e10, chip="h100 sxm5").chip == "H100 SXM5"


def test_it_shows_itself_as_text_and_table():
    found = audit(TrainingRun(**FULL))
    assert repr(found).splitlines()[0].split()[:4] == ["law", "quantity", "the", "run"]
    assert found._repr_html_().count("<tr>") == 1 + len(LAWS)


@pytest.mark.parametrize(
    ("energy", "written"),
    [(999.4, "999 J"), (999.6, "10³ J"), (1e-3, "0.001 J"), (9.9e-4, "9.9 × 10⁻⁴ J")],
)
def test_three_digits_stand_plain_from_a_thousandth_to_a_thousand(energy, written):
    (row,) = [r for r in audit(TrainingRun(**{**FULL, "energy": energy})).table() if r["law"] == "Landauer"]
    assert row["the run"] == written


def test_an_unknown_law_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"law must be one of Diminishing returns, .*, got 'Moore'"):
        audit(TrainingRun(1e9, 1e10)).row("Moore")
    assert audit(TrainingRun(1e9, 1e10)).row("landauer").law == "Landauer"


def test_flop_is_six_n_d():
    assert TrainingRun(1e9, 2e10).flop == scaling.training_flop(1e9, 2e10)


# How many times it could grow


def left(mfu=0.4, **changed):
    given = {"n_params": 70e9, "n_tokens": 1.4e12, "chip": "H100 SXM5", "bits_per_flop": 32}
    return growth_left(TrainingRun(**given | changed), mfu=mfu)


def times(changed, base=None):
    base = base or left()
    return {name: changed[name].value / base[name].value for name in base}


def test_a_run_is_left_what_lies_between_it_and_each_ceiling():
    found, near = left(), ceilings.near(ceilings.published())
    flop = 6 * 70e9 * 1.4e12  # at 20 tokens a parameter, as the ceiling of text takes them
    assert list(found) == [*ceilings.NEAR.values(), *list(found)[-3:]]
    for name, words in ceilings.NEAR.items():
        if name != "power":
            assert found[words].value == pytest.approx(np.median(near[name]) / flop)
            assert found[words].low == pytest.approx(np.quantile(near[name], 0.05) / flop)
    assert found["power, one campus"].high < np.quantile(near["power"], 0.95) / flop, "a chip of 2022"
    floor = ceilings.far(bits_per_flop=(32, 32))["Landauer, all electricity"]
    assert found["Landauer, all electricity"][1:] == pytest.approx(np.array(floor) / flop)


def test_the_recipe_is_kept_as_the_run_grows():
    """Ten times the tokens for as many parameters: a tenth of the compute is left, of text a hundredth."""
    tenfold = times(left(n_tokens=14e12))
    assert tenfold.pop("text") == pytest.approx(0.01)
    assert tenfold.pop("Bekenstein, 1 kg") == pytest.approx(1), "which is about the weights alone"
    assert all(share == pytest.approx(0.1) for share in tenfold.values())
    assert times(left(mfu=0.2))["power, one campus"] == pytest.approx(0.5)
    assert times(left(bits_per_flop=1))["Landauer, all electricity"] == pytest.approx(32)
    assert times(left(chip="B200"))["power, one campus"] == pytest.approx(2250 / 989.4 * 700 / 1000)
    assert left(bits_per_param=4)["Bekenstein, 1 kg"].low == left()["Bekenstein, 1 kg"].high


@pytest.mark.parametrize("missing", [{"chip": None}, {"chip": "H800 SXM"}, {"bits_per_flop": None}])
def test_growth_needs_a_chip_and_the_bits_that_are_erased(missing):
    with pytest.raises(ValueError, match=r"^run must have bits_per_flop, and a chip of which power and peak"):
        left(**missing)
