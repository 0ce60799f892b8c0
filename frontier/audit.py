"""One training run held against every limit: how many orders of magnitude are left, and what was assumed.

>>> from frontier.audit import TrainingRun, audit
>>> row = audit(TrainingRun.from_model("GPT-3", bits_per_flop=32)).row("Landauer")
>>> f"{row.orders:.1f} orders of magnitude above the floor"
'8.2 orders of magnitude above the floor'
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from inspect import signature
from typing import Any

import numpy as np
from scipy.constants import day

from frontier import bekenstein, ceilings, landauer, registry, runs, scaling, shannon
from frontier._checks import between, one_of, positive, product, single
from frontier.registry import Range
from frontier.show.table import Table
from frontier.show.words import scientific

NOT_ASSESSED = "not assessed"
Held = tuple[float, float, str]  # where the run stands, the bound, what was assumed


@dataclass(frozen=True)
class TrainingRun:
    """What is known, or assumed, of one training run; None where it is not. Every number is above 0.

    Parameters
    ----------
    n_params, n_tokens : float
        Parameters and training tokens.
    n_active_params : float, optional
        Parameters that one token passes through, where it is not all of them: a mixture of experts.
    chip : str, optional
        Name of the accelerator, as in ``registry.entries("chips")``.
    n_chips, days, energy : float, optional
        How many of them, duration of the run in days, energy used in joules: as metered, from
        `frontier.runs.tracked_energy`, or at most `frontier.runs.chip_energy`.
    temperature : float
        Of the surroundings, in kelvin.
    bits_per_flop, bits_per_param : float, optional
        Bits erased by one floating-point operation, an assumption, so it has no default; bits in which a
        parameter is stored.
    radius, mass : float, optional
        Of a sphere that holds the machine, in metres, and of what is in it, in kilograms.
    link_bits_per_second, link_bandwidth, link_snr_linear : float, optional
        What a link between chips carries, its bandwidth in hertz, its signal-to-noise ratio (linear, not in
        decibels).
    training_flop : float, optional
        Compute in FLOP where it is not 6 N D.
    """

    n_params: float
    n_tokens: float
    chip: str | None = None
    n_chips: float | None = None
    days: float | None = None
    energy: float | None = None
    temperature: float = 300.0
    bits_per_flop: float | None = None
    bits_per_param: float | None = None
    radius: float | None = None
    mass: float | None = None
    link_bits_per_second: float | None = None
    link_bandwidth: float | None = None
    link_snr_linear: float | None = None
    training_flop: float | None = None
    n_active_params: float | None = None

    def __post_init__(self) -> None:
        """Check what is given."""
        for field in fields(self):
            value = getattr(self, field.name)
            if value is None and field.default is None:
                continue
            if field.name == "chip":
                object.__setattr__(self, "chip", _chip(value))
            else:
                object.__setattr__(self, field.name, float(single(field.name, positive(field.name, value))))

    @classmethod
    def from_model(cls, name: str, **assumed: Any) -> TrainingRun:
        """Take what the registry knows of a model; anything else, and every assumption, is an argument.

        The compute is `frontier.runs.training_compute`: T5, say, took half of 6 N D. What a change makes
        untrue is left out: compute follows from assumed parameters or tokens, and with another size, data,
        compute, chip or number of chips than the model's, its days and its energy are not known. An argument
        may be a fact of the registry; one of another run, such as its energy, is refused with ValueError.
        """
        model = registry.find(name)
        facts = {key: value for key, value in assumed.items() if isinstance(value, registry.Fact)}
        same = ("n_params", "n_active_params", "n_tokens", "n_chips", "energy")
        of_the_run = {*same, "days", "training_flop"}
        registry.one_run(**model.facts | {key: facts[key] for key in facts if key in of_the_run})
        assumed |= {key: fact.value for key, fact in facts.items()}
        known: dict[str, Any] = {key: model.facts[key].value for key in same if key in model.facts}
        known |= {"days": model.training_days and model.training_days.value, "chip": model.chip}
        compute = runs.training_compute(name)
        known["training_flop"] = compute and compute.value
        assumed |= {"chip": _chip(assumed["chip"])} if "chip" in assumed else {}
        size = {"n_params", "n_active_params", "n_tokens"}
        changed = {key for key in assumed if known.get(key) not in (None, assumed[key])}
        if size & set(assumed):
            known.pop("training_flop")
        if "n_params" in changed:
            known.pop("n_active_params", None)
        if changed & {*size, "training_flop", "chip", "n_chips"}:
            known["days"] = None
        if changed & {*size, "training_flop", "chip", "n_chips", "days"}:
            known["energy"] = None
        given = {key: value for key, value in known.items() if value is not None} | assumed
        missing = [key for key in ("n_params", "n_tokens") if key not in given]
        if missing:
            raise ValueError(
                f"{' and '.join(missing)} must be given, the registry does not know them for {name!r}"
            )
        return cls(**given)

    @property
    def flop(self) -> float:
        """Training compute in FLOP: what is given, or 6 N D of the parameters that a token passes through."""
        return self.training_flop or float(scaling.training_flop(self._used, self.n_tokens))

    @property
    def _used(self) -> float:
        return self.n_active_params or self.n_params

    @property
    def chip_peak(self) -> float | None:
        """Peak of one chip in 16 bits, in FLOP per second, where chip and peak are known."""
        peak = registry.find(self.chip).flop_per_second if self.chip else None
        return None if peak is None else float(peak)


def _chip(name: object) -> str | None:
    return None if name is None else one_of("chip", name, [row.name for row in registry.entries("chips")])


@dataclass(frozen=True)
class Row:
    """One limit: where the run stands, the bound, and the orders of magnitude between them."""

    law: str
    quantity: str
    value: float | None
    bound: float | None
    unit: str
    orders: float | None
    note: str

    @property
    def room(self) -> str:
        """The orders in words: a dash where none is assessed, "not possible" beyond the bound."""
        if self.orders is None:
            return "—"
        return f"{self.orders:.1f}" if _is_possible(self.orders) else "not possible"


def _is_possible(orders: float) -> bool:
    return orders > -1e-9  # or rounding


@dataclass(frozen=True)
class Audit:
    """What `audit` returns: a row for each limit. Shows itself as a table."""

    rows: tuple[Row, ...]

    def row(self, law: str) -> Row:
        """Return the row of one law, by its name in whatever case."""
        rows = {row.law: row for row in self.rows}
        return rows[one_of("law", law, rows)]

    def table(self) -> Table[dict[str, str]]:
        """Return the rows as a table of words."""
        return Table([_in_words(row) for row in self.rows], caption="The run against each limit")

    def __repr__(self) -> str:
        """Write the rows as aligned text."""
        return repr(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def audit(run: TrainingRun) -> Audit:
    """Hold a training run against each limit.

    One row each for diminishing returns, Landauer, Bekenstein, Margolus and Levitin, Shannon, No Free Lunch,
    and for comparison the peak of the chips. A limit whose inputs are missing is "not assessed"; a law that
    sets no distance says why.

    Notes
    -----
    Landauer's floor is that of erasing `bits_per_flop` bits in every operation: reversible computing need not
    pay it. Bekenstein bounds what the weights could be, not what a machine does; Margolus and Levitin bound
    steps between states that can be told apart, for the whole energy of the mass, which no machine commands;
    an operation need not be such a step (Jordan, Phys. Rev. A 95, 032305, 2017). Energy, where it is not
    given, is not estimated from the chip's rating.

    Examples
    --------
    Patterson et al. (2021) print 24.6 of 125 TFLOP/s for each chip of GPT-3, 19.7%:

    >>> audit(TrainingRun.from_model("GPT-3")).row("The chips' own peak").note
    '10,000 V100 SXM2: 19.6% of their peak in 16 bits was used'
    """
    if not isinstance(run, TrainingRun):
        raise TypeError(f"run must be a TrainingRun, got {run!r}")
    return Audit(tuple(assess(run) for assess in _LAWS))


def growth_left(run: TrainingRun, *, mfu: float, seed: Any = 0) -> dict[str, Range]:
    """How many times as much compute a run could take before each limit, its recipe and chip kept.

    Below 1 the limit is passed. The first five are the ceilings of `frontier.ceilings.near`, as 90% of the
    draws and their median; text is used up at the run's own tokens per parameter, and the power of one
    campus feeds the run's own chip, with its share of the site. The others are ranges between two assumptions
    (`frontier.ceilings.far`), with their geometric mean: all the world's electricity for two to nine months
    goes into the best silicon, or into nothing but erasures; weights of 16 to 4 bits, or of
    `run.bits_per_param`, fill the Bekenstein bound of a kilogram within ten centimetres.

    Parameters
    ----------
    run : TrainingRun
        With `chip`, of which power and peak in 16 bits are known, and `bits_per_flop`.
    mfu : float
        Share of that peak that is used, above 0 and at most 1.
    seed : int, Generator or anything else that numpy.random.default_rng takes
        Of the draws.

    Examples
    --------
    The text of Villalobos et al. (2024), about 4e14 tokens, is 26 times that of Llama 3.1 405B. So many more
    parameters to read it make the square, near the median of our draws:

    >>> run = TrainingRun(405e9, 15.6e12, chip="H100 SXM5", bits_per_flop=32)
    >>> f"{growth_left(run, mfu=0.41)['text'].value:.0f} times, {(4e14 / 15.6e12) ** 2:.0f} times"
    '710 times, 657 times'
    """
    if not isinstance(run, TrainingRun):
        raise TypeError(f"run must be a TrainingRun, got {run!r}")
    used = float(single("mfu", between("mfu", positive("mfu", mfu), 0, 1)))
    watts = registry.find(run.chip).power if run.chip else None
    if run.bits_per_flop is None or watts is None or run.chip_peak is None:
        rule = "must have bits_per_flop, and a chip of which power and peak in 16 bits are known"
        raise ValueError(f"run {rule}, got {run.bits_per_flop!r} and {run.chip!r}")
    own = replace(
        ceilings.published(),
        tokens_per_param=float(product(run.n_tokens, over=(run._used,))),
        mfu=used,
        peak_per_joule=run.chip_peak / (watts.value * ceilings.site_overhead()),
        efficiency_growth=1.0,
    )
    left, spent = {}, run.flop
    for name, flop in ceilings.near(own, seed=seed).items():
        middle, low, high = np.quantile(flop, (0.5, 0.05, 0.95))
        left[ceilings.NEAR[name]] = Range(*(float(product(x, over=(spent,))) for x in (middle, low, high)))
    far = ceilings.far(bits_per_flop=(run.bits_per_flop, run.bits_per_flop), temperature=run.temperature)
    for name in ("CMOS, all electricity", "Landauer, all electricity"):
        left[name] = _between(*(float(product(flop, over=(spent,))) for flop in far[name]))
    store = bekenstein.max_bits(0.1, energy=bekenstein.rest_energy(1))
    widths = (16, 4) if run.bits_per_param is None else (run.bits_per_param, run.bits_per_param)
    sizes = (float(product(store, over=(run.n_params, width))) for width in widths)
    left["Bekenstein, 1 kg"] = _between(*(float(product(times, times)) for times in sizes))
    return left


def _between(low: float, high: float) -> Range:
    return Range(float(np.exp((np.log(low) + np.log(high)) / 2)), low, high)


def _returns(run: TrainingRun) -> Row:
    law, quantity, unit = scaling.BESIROGLU_2024, "loss above E", "nats per token"
    dense = float(scaling.training_flop(run._used, run.n_tokens))
    share = float(product(run.flop, over=(dense,)))
    if not 2 / 3 < share < 3 / 2:
        times = f"{share:.2g} times 6 N D"
        note = f"{NOT_ASSESSED}: the compute is {times}, so the law does not speak of it"
        return Row("Diminishing returns", quantity, None, None, unit, None, note)
    above = float(law.loss(run._used, run.n_tokens)) - float(law.E)
    spent = float(scaling.excess_compute(run._used, run.n_tokens, law))
    halving = 2 ** (1 / float(law.frontier_exponent))
    note = (
        "no distance: the irreducible loss is approached and never met; halving what is left takes "
        f"{halving:.0f} times the compute; this run spent {spent:.2f} times the least for its loss. "
        "As if trained on the data of Hoffmann et al."
    )
    if run.n_active_params:
        note += " Only the parameters that a token passes through are counted."
    return Row("Diminishing returns", quantity, above, None, unit, None, note)


def _landauer(run: TrainingRun, energy: float, bits_per_flop: float) -> Held:
    floor = float(landauer.erasure_energy(product(bits_per_flop, run.flop), run.temperature))
    return energy, floor, f"{bits_per_flop:g} bits erased per FLOP at {run.temperature:g} K"


def _bekenstein(run: TrainingRun, bits_per_param: float, radius: float, mass: float) -> Held:
    bound = float(bekenstein.max_bits(radius, energy=bekenstein.rest_energy(mass)))
    where = f"{mass:g} kg within {radius:g} m, {bits_per_param:g} bits a parameter"
    return float(product(run.n_params, bits_per_param)), bound, where


def _margolus_levitin(run: TrainingRun, days: float, mass: float) -> Held:
    bound = float(bekenstein.margolus_levitin_rate(energy=bekenstein.rest_energy(mass)))
    return (
        float(product(run.flop, over=(days, day))),
        bound,
        f"all the energy of {mass:g} kg; a scale, as an operation need not be a step",
    )


def _shannon(
    run: TrainingRun, link_bits_per_second: float, link_bandwidth: float, link_snr_linear: float
) -> Held:
    bound = float(shannon.awgn_capacity(link_bandwidth, snr_linear=link_snr_linear))
    note = f"one link of {link_bandwidth:g} Hz at a signal-to-noise ratio of {link_snr_linear:g}"
    return link_bits_per_second, bound, note


def _chips(run: TrainingRun, days: float, n_chips: float, chip_peak: float) -> Held:
    """Not a law of nature, but the limit that a run meets first."""
    rate, bound = (float(product(run.flop, over=(days, day))), float(product(n_chips, chip_peak)))
    return (
        rate,
        bound,
        f"{n_chips:,.0f} {run.chip}: {product(rate, over=(bound,)):.1%} of their peak in 16 bits was used",
    )


def _no_free_lunch(run: TrainingRun) -> Row:
    note = "no distance: it is about averages over all problems and sets no bound on the problems one has"
    return Row("No Free Lunch", "performance", None, None, "", None, note)


def _distance(law: str, quantity: str, unit: str, hold: Callable[..., Held]) -> Callable[[TrainingRun], Row]:
    """Make the row of a limit from what `hold` asks of a run by its arguments, or say what is missing."""

    def assess(run: TrainingRun) -> Row:
        given = {name: getattr(run, name) for name in list(signature(hold).parameters)[1:]}
        missing = [_WORDS.get(name, name) for name, value in given.items() if value is None]
        if missing:
            return Row(law, quantity, None, None, unit, None, f"{NOT_ASSESSED}: needs {', '.join(missing)}")
        value, bound, note = hold(run, **given)
        orders = float(np.log10(bound) - np.log10(value))
        orders = -orders if law == "Landauer" else orders  # a floor lies below
        if not _is_possible(orders):
            note = f"not possible, check {_CHECK[law]}; {note}"
        return Row(law, quantity, value, bound, unit, orders, note)

    return assess


_WORDS = {"chip_peak": "chip with a known peak"}
_CHECK = {  # what is most likely wrong where a run is beyond a bound
    "Landauer": "energy, or whether so many bits are erased",
    "Bekenstein": "bits_per_param, radius, mass",
    "Margolus and Levitin": "days, mass",
    "Shannon": "link_bits_per_second, link_bandwidth, link_snr_linear",
    "The chips' own peak": "days, n_chips, or whether fewer bits were used",
}
_LAWS = (
    _returns,
    _distance("Landauer", "energy", "J", _landauer),
    _distance("Bekenstein", "information in the weights", "bits", _bekenstein),
    _distance("Margolus and Levitin", "rate of operations", "per second", _margolus_levitin),
    _distance("Shannon", "rate of a link", "bits per second", _shannon),
    _no_free_lunch,
    _distance("The chips' own peak", "rate of operations", "FLOP per second", _chips),
)


def _in_words(row: Row) -> dict[str, str]:
    def number(value: float | None) -> str:
        if value is None:
            return "—"
        written = f"{value:.3g}" if 1e-3 <= value < 999.5 else scientific(value)
        return f"{written} {row.unit}".strip()

    return {
        "law": row.law,
        "quantity": row.quantity,
        "the run": number(row.value),
        "the bound": number(row.bound),
        "orders left": row.room,
        "note": row.note,
    }
