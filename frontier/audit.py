"""One training run held against every limit: how many orders of magnitude are left, and what was assumed.

>>> from frontier.audit import TrainingRun, audit
>>> run = TrainingRun(n_params=174.6e9, n_tokens=300e9, energy=4.63e12, temperature=300, bits_per_flop=32)
>>> row = audit(run).row("Landauer")
>>> f"{row.orders:.1f} orders of magnitude above the floor"
'8.2 orders of magnitude above the floor'
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from frontier import bekenstein, landauer, registry, scaling, shannon
from frontier._checks import positive, single
from frontier.show.table import Table
from frontier.show.words import scientific

DAY = 86_400.0
NOT_ASSESSED = "not assessed"


@dataclass(frozen=True)
class TrainingRun:
    """What is known, or assumed, of one training run; None where it is not.

    Parameters
    ----------
    n_params, n_tokens : float
        Parameters and training tokens.
    chip : str, optional
        Name of the accelerator, as in `frontier.registry.chips`.
    n_chips : float, optional
        How many of them.
    days : float, optional
        Duration of the run.
    energy : float, optional
        Energy used, in joules.
    temperature : float
        Of the surroundings, in kelvin.
    bits_per_flop : float, optional
        Bits erased by one floating-point operation: an assumption, so it has no default.
    bits_per_param : float, optional
        Bits in which a parameter is stored.
    radius, mass : float, optional
        Of a sphere that holds the machine, in metres, and of what is in it, in kilograms.
    link_bits_per_second, link_bandwidth, link_snr : float, optional
        What a link between chips carries, its bandwidth in hertz, its signal-to-noise ratio (linear).
    training_flop : float, optional
        Compute in FLOP where it is not 6 N D, as for a model that uses a part of its parameters at a time.

    Raises
    ------
    ValueError
        If a number that is given is not one positive and finite number, or the chip is unknown.
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
    link_snr: float | None = None
    training_flop: float | None = None

    def __post_init__(self) -> None:
        """Check what is given."""
        for field in fields(self):
            value = getattr(self, field.name)
            if value is None and field.default is None:
                continue
            if field.name == "chip":
                _refuse_unknown_chip(value)
            else:
                object.__setattr__(self, field.name, float(single(field.name, positive(field.name, value))))

    @classmethod
    def from_model(cls, name: str, **assumed: Any) -> TrainingRun:
        """Take what the registry knows of a model; anything else, and every assumption, is an argument.

        The compute is the published one where there is one: T5, say, took half of 6 N D. Where parameters or
        tokens are assumed instead, it follows from them.

        Raises
        ------
        ValueError
            If the model is unknown, or its parameters or tokens are neither known nor given.
        """
        model = registry.find(name)
        fact = {key: found.value for key, found in model.facts.items()}
        same = ("n_params", "n_tokens", "n_chips", "energy")
        known: dict[str, Any] = {key: fact[key] for key in same if key in fact}
        if "training_days" in fact:
            known["days"] = fact["training_days"]
        if model.chip is not None:
            known["chip"] = model.chip
        given = {**known, **assumed}
        missing = [key for key in ("n_params", "n_tokens") if key not in given]
        if missing:
            raise ValueError(
                f"{' and '.join(missing)} must be given, the registry does not know them for {name!r}"
            )
        if "n_active_params" in fact and "n_params" not in assumed:
            used = float(scaling.training_flop(fact["n_active_params"], given["n_tokens"]))
            given.setdefault("training_flop", used)
        elif "training_flop" in fact and not {"n_params", "n_tokens"} & set(assumed):
            given.setdefault("training_flop", fact["training_flop"])
        return cls(**given)

    @property
    def flop(self) -> float:
        """Training compute in FLOP: what is given, or 6 N D."""
        return self.training_flop or float(scaling.training_flop(self.n_params, self.n_tokens))


def _refuse_unknown_chip(name: object) -> None:
    known = [row.name for row in registry.entries("chips")]
    if not isinstance(name, str) or name not in known:
        raise ValueError(f"chip must be one of {', '.join(known)}, got {name!r}")


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


@dataclass(frozen=True)
class Audit:
    """What `audit` returns: a row for each limit. Shows itself as a table; `figure` draws it."""

    rows: tuple[Row, ...]

    def row(self, law: str) -> Row:
        """Return the row of one law.

        Raises
        ------
        ValueError
            If there is no such law.
        """
        for row in self.rows:
            if row.law == law:
                return row
        raise ValueError(f"law must be one of {', '.join(row.law for row in self.rows)}, got {law!r}")

    def table(self) -> Table[dict[str, str]]:
        """Return the rows as a table of words."""
        return Table([_in_words(row) for row in self.rows], caption="The run against each limit")

    def __repr__(self) -> str:
        """Write the rows as aligned text."""
        return repr(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()

    def figure(self) -> Any:
        """Draw the orders of magnitude left, one bar a limit, as a `frontier.show.Picture`.

        Raises
        ------
        ValueError
            If no limit could be assessed.
        """
        from frontier.show.picture import picture
        from frontier.show.style import COLORS, figure, title

        known = [row for row in self.rows if row.orders is not None][::-1]
        if not known:
            raise ValueError("rows must hold at least one limit with a distance, got none")
        fig, ax = figure(height=1.0 + 0.4 * len(known))
        names, orders = [row.law for row in known], [float(row.orders or 0) for row in known]
        ax.barh(names, orders, color=COLORS["blue"], alpha=0.7, height=0.6, label="orders left")
        for place, value in enumerate(orders):
            ax.annotate(f"{value:.1f}", (value, place), (4, 0), textcoords="offset points", va="center")
        ax.set(xlim=(0, 1.12 * max(*orders, 1)), xlabel="Orders of magnitude to the limit")
        title(ax, "Room left")
        said = ", ".join(f"{name} {value:.1f}" for name, value in zip(names, orders, strict=True))
        nearest = min(known, key=lambda row: float(row.orders or 0))
        return picture(
            fig,
            alt=f"Bars of the orders of magnitude between the run and each limit: {said}.",
            caption=f"The nearest of these limits: {nearest.law}, {nearest.orders:.1f} orders of magnitude.",
        )


def audit(run: TrainingRun) -> Audit:
    """Hold a training run against each limit.

    Parameters
    ----------
    run : TrainingRun
        What is known and assumed of the run.

    Returns
    -------
    Audit
        One row each for diminishing returns, Landauer, Bekenstein, Margolus and Levitin, Shannon, No Free
        Lunch, and for comparison the peak of the chips. A limit whose inputs are missing is "not
        assessed"; a law that sets no distance says why.

    Raises
    ------
    TypeError
        If `run` is no `TrainingRun`.
    OverflowError
        If a bound or the compute is too large for a floating-point number.

    Notes
    -----
    Landauer's floor is that of erasing `bits_per_flop` bits in every operation: reversible computing need not
    pay it. Bekenstein bounds what the weights could be, not what a machine does; Margolus and Levitin bound
    the rate of steps for the whole energy of the mass, which no machine commands. Energy, where it is not
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


def _returns(run: TrainingRun) -> Row:
    law = scaling.BESIROGLU_2024
    above = float(law.loss(run.n_params, run.n_tokens)) - float(law.E)
    spent = float(scaling.excess_compute(run.n_params, run.n_tokens, law))
    halving = 2 ** (1 / float(law.frontier_exponent))
    note = (
        "no distance: the irreducible loss is approached and never met; halving what is left takes "
        f"{halving:.0f} times the compute; this run spent {spent:.2f} times the least for its loss. "
        "As if trained on the data of Hoffmann et al."
    )
    return Row("Diminishing returns", "loss above E", above, None, "nats per token", None, note)


def _distance(
    law: str,
    quantity: str,
    unit: str,
    needed: dict[str, float | None],
    compute: Callable[[], tuple[float, float, str]],
    *,
    floor: bool = False,
) -> Row:
    """Make the row of a limit, or say what is missing. A floor lies below the run, any other bound above."""
    missing = [name for name, value in needed.items() if value is None]
    if missing:
        return Row(law, quantity, None, None, unit, None, f"{NOT_ASSESSED}: needs {', '.join(missing)}")
    value, bound, note = compute()
    orders = np.log10(value / bound) if floor else np.log10(bound / value)
    return Row(law, quantity, value, bound, unit, float(orders), note)


def _landauer(run: TrainingRun) -> Row:
    def compute() -> tuple[float, float, str]:
        assert run.energy
        assert run.bits_per_flop
        floor = float(landauer.erasure_energy(run.bits_per_flop * run.flop, run.temperature))
        return (run.energy, floor, f"{run.bits_per_flop:g} bits erased per FLOP at {run.temperature:g} K")

    needed = {"energy": run.energy, "bits_per_flop": run.bits_per_flop}
    return _distance("Landauer", "energy", "J", needed, compute, floor=True)


def _bekenstein(run: TrainingRun) -> Row:
    def compute() -> tuple[float, float, str]:
        assert run.bits_per_param
        assert run.radius
        assert run.mass
        bound = float(bekenstein.max_bits(run.radius, bekenstein.rest_energy(run.mass)))
        where = f"{run.mass:g} kg within {run.radius:g} m, {run.bits_per_param:g} bits a parameter"
        return run.n_params * run.bits_per_param, bound, where

    needed = {"bits_per_param": run.bits_per_param, "radius": run.radius, "mass": run.mass}
    return _distance("Bekenstein", "information in the weights", "bits", needed, compute)


def _margolus_levitin(run: TrainingRun) -> Row:
    def compute() -> tuple[float, float, str]:
        assert run.days
        assert run.mass
        bound = float(bekenstein.margolus_levitin_rate(bekenstein.rest_energy(run.mass)))
        return run.flop / (run.days * DAY), bound, f"all the energy of {run.mass:g} kg, one step an operation"

    needed = {"days": run.days, "mass": run.mass}
    return _distance("Margolus and Levitin", "rate of operations", "per second", needed, compute)


def _shannon(run: TrainingRun) -> Row:
    def compute() -> tuple[float, float, str]:
        assert run.link_bits_per_second
        assert run.link_bandwidth
        assert run.link_snr
        bound = float(shannon.awgn_capacity(run.link_bandwidth, run.link_snr))
        note = f"one link of {run.link_bandwidth:g} Hz at a signal-to-noise ratio of {run.link_snr:g}"
        return run.link_bits_per_second, bound, note

    names = ("link_bits_per_second", "link_bandwidth", "link_snr")
    needed = {name: getattr(run, name) for name in names}
    return _distance("Shannon", "rate of a link", "bits per second", needed, compute)


def _chips(run: TrainingRun) -> Row:
    """Not a law of nature, but the limit that a run meets first."""

    def compute() -> tuple[float, float, str]:
        assert run.days
        assert run.n_chips
        assert peak is not None
        rate, bound = run.flop / (run.days * DAY), run.n_chips * peak.value
        used = f"{rate / bound:.1%} of their peak in 16 bits was used"
        return rate, bound, f"{run.n_chips:,.0f} {run.chip}: {used}"

    peak = registry.find(run.chip).flop_per_second if run.chip else None
    known_peak = None if peak is None else float(peak.value)
    needed = {"days": run.days, "n_chips": run.n_chips, "chip with a known peak": known_peak}
    return _distance("The chips' own peak", "rate of operations", "FLOP per second", needed, compute)


def _no_free_lunch(run: TrainingRun) -> Row:
    note = "no distance: it is about averages over all problems and sets no bound on the problems one has"
    return Row("No Free Lunch", "performance", None, None, "", None, note)


_LAWS = (_returns, _landauer, _bekenstein, _margolus_levitin, _shannon, _no_free_lunch, _chips)


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
        "orders left": "—" if row.orders is None else f"{row.orders:.1f}",
        "note": row.note,
    }
