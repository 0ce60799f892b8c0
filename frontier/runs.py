"""What is known of a training run: its compute, its energy, its scores, and how far above the least it spent.

The numbers are those of `frontier.registry`. One that was not published but follows from others is worked
out here, with its range, and its note says so.

>>> print(training_compute("GPT-4"))
2.1 × 10²⁵ (8.2 × 10²⁴ to 4.4 × 10²⁵, 90%) FLOP
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.constants import day

from frontier import registry, scaling
from frontier._checks import Float
from frontier.registry import Fact, number


def training_compute(name: str) -> Fact | None:
    """Training compute of a model in FLOP: the published one, or 6 N D; None where neither is known.

    N are the parameters that a token passes through. A product is as good as what goes in: ``reported`` where
    the makers report both.

    Examples
    --------
    >>> training_compute("LLaMA 13B").note
    'our product: 6 x parameters x tokens'
    """
    known = registry.find(name).facts
    size, tokens = known.get("n_active_params", known.get("n_params")), known.get("n_tokens")
    if "training_flop" in known or size is None or tokens is None:
        return known.get("training_flop")
    basis = "reported" if size.basis == tokens.basis == "reported" else "estimated"
    spent = float(scaling.training_flop(size.value, tokens.value))
    note = "our product: 6 x parameters x tokens"
    return Fact(spent, None, None, None, "FLOP", basis, tokens.source, note)


def flop(name: str) -> float:
    """Training compute of a model in FLOP, as a bare number.

    Examples
    --------
    >>> f"{flop('Llama 3.1 405B') / flop('Chinchilla'):.0f} times"
    '66 times'
    """
    found = training_compute(name)
    if found is None:
        raise ValueError(f"name must be a model whose compute is known, got {name!r}")
    return found.value


def peak(chip: str, precision: str = "16 bit") -> float:
    """FLOP per second of one chip at its peak, on dense matrices, at ``"16 bit"`` or ``"8 bit"``.

    Makers often print twice as much, for matrices in which half of the entries are nought.

    Examples
    --------
    DeepSeek-V3 took 2.788 million hours of chips, and multiplied mostly in 8 bits:

    >>> from frontier.transformer import utilization
    >>> peaks = [peak("H800 SXM", precision) for precision in ("16 bit", "8 bit")]
    >>> utilization(flop("DeepSeek-V3"), peaks, 2.788e6).round(3).tolist()
    [0.331, 0.165]
    """
    quantities = {"16 bit": "flop_per_second", "8 bit": "fp8_per_second"}
    if precision not in quantities:
        raise ValueError(f"precision must be one of {', '.join(quantities)}, got {precision!r}")
    return number(chip, quantities[precision])


def training_energy(name: str) -> Fact | None:
    """Energy of a training run in joules: the published one, or chips x power x time; None without these.

    The product leaves out what is around the chips, such as hosts and cooling; its range is the power's.

    Examples
    --------
    >>> f"{training_energy('AlphaFold 2').value / 3.6e9:.1f} MWh"
    '3.7 MWh'
    """
    model = registry.find(name)
    known = model.facts
    power = registry.find(model.chip).facts.get("power") if model.chip else None
    chips, days = known.get("n_chips"), known.get("training_days")
    if "energy" in known or power is None or chips is None or days is None:
        return known.get("energy")
    seconds = chips.value * days.value * day
    low, high = (None if watts is None else seconds * watts for watts in (power.low, power.high))
    note = "our product: chips x power x time, the chips alone"
    return Fact(seconds * power.value, low, high, None, "J", "estimated", power.source, note)


def score(task: str, model: str, **which: str) -> float:
    """Return one score of a model on a task, in the unit of the metric; `which` picks setting or metric.

    Examples
    --------
    >>> score("LAMBADA", "GPT-3", setting="zero-shot", metric="perplexity")
    3.0
    """
    found = registry.evaluations(task, model=model, **which)
    if len(found) > 1:
        each = "; ".join(f"{row.setting}, {row.metric}" for row in found)
        raise ValueError(f"which must pick one score of {model!r} on {task!r}, got {each}")
    return found[0].value


def ladder(names: Sequence[str], task: str, **which: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Parameters of models of rising size, and what each step bought them on a task, per tenfold of size.

    `which` picks setting or metric, as in `score`. On the same data a tenfold of size is one of compute.

    Examples
    --------
    >>> size, bought = ladder(["Llama 3.1 8B", "Llama 3.1 70B", "Llama 3.1 405B"], "MMLU")
    >>> bought.round(1)
    array([13.4,  7.7])
    """
    size = np.array([number(name, "n_params") for name in names])
    return size, scaling.return_per_decade(size, [score(task, name, **which) for name in names])


def excess(name: str, law: scaling.ScalingLaw) -> Float:
    """How many times the least compute for its loss a model spent, by a law: 1 on the frontier.

    See `frontier.scaling.excess_compute`; a law of many draws gives as many results.

    Examples
    --------
    >>> [round(excess(name, scaling.BESIROGLU_2024), 2) for name in ("Chinchilla", "GPT-3")]
    [1.0, 1.64]
    """
    return scaling.excess_compute(number(name, "n_params"), number(name, "n_tokens"), law)
