"""What is known of a training run: its compute, its energy, its scores, and how far above the least it spent.

The numbers are those of `frontier.registry`. One that was not published but follows from others is worked
out here, with its range, and its note says so.

>>> print(training_compute("GPT-4"))
2.1 × 10²⁵ (8.2 × 10²⁴ to 4.4 × 10²⁵, 90%) FLOP
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.constants import day, hour

from frontier import registry, scaling, selfplay
from frontier._checks import Float, all_positive, at_least, one_of, product, same_shape
from frontier.registry import Fact, number


def training_compute(name: str) -> Fact | None:
    """Training compute of a model in FLOP: the published one, or 6 N D; None where neither is known.

    N are the parameters that a token passes through. A product is as good as what goes in: ``reported`` where
    the makers report both. Games against itself count by `frontier.selfplay.alphazero`, from half of that
    count to all that the chips could do, where nobody published an estimate for that very run.

    Examples
    --------
    >>> training_compute("LLaMA 13B").note
    'our product: 6 x parameters x tokens'
    """
    model = registry.find(name)
    known = model.facts
    size, tokens = known.get("n_active_params", known.get("n_params")), known.get("n_tokens")
    if "training_flop" not in known and "input_planes" in known:
        played = selfplay.alphazero(model.name.partition("(")[2].rstrip(")")).operations
        note = "our count: its games against itself, in 8 bits; from half of it to all that the chips allow"
        return Fact(*played, None, "FLOP", "estimated", known["n_games"].source, note, model.name)
    if "training_flop" in known or size is None or tokens is None:
        return known.get("training_flop")
    basis = "reported" if size.basis == tokens.basis == "reported" else "estimated"
    spent = float(scaling.training_flop(size.value, tokens.value))
    note = "our product: 6 x parameters x tokens"
    return Fact(spent, None, None, None, "FLOP", basis, tokens.source, note, tokens.about)


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
    DeepSeek-V3's pre-training took 2.664 million of its hours of chips, and multiplied mostly in 8 bits:

    >>> from frontier.transformer import utilization
    >>> peaks = [peak("H800 SXM", precision) for precision in ("16 bit", "8 bit")]
    >>> utilization(flop("DeepSeek-V3"), peaks, 2.664e6).round(3).tolist()
    [0.346, 0.173]
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
    value, low, high = map(float, np.asarray(chip_energy(power.range, chips.value, days.value * day)))
    ends = (None, None) if power.low is None else (low, high)
    note = "our product: chips x power x time, the chips alone"
    return Fact(value, ends[0], ends[1], None, "J", "estimated", power.source, note, chips.about)


def chip_energy(power: ArrayLike, n_chips: ArrayLike, duration: ArrayLike, *, pue: ArrayLike = 1) -> Float:
    """Energy of a run in joules by the rating of its chips: E = P n T x PUE.

    Parameters
    ----------
    power, n_chips, duration : array_like
        Power P that one chip draws, in watts, chips n, and time T, in seconds; above 0. A rating is the most,
        and hosts and network come on top.
    pue : array_like
        Power usage effectiveness, what the site draws for each watt of the machines, at least 1. All
        arguments broadcast.

    Examples
    --------
    Touvron et al. (2023, Table 15) give LLaMA 7B 82,432 GPU-hours at 400 W and a PUE of 1.1, 36 MWh:

    >>> f"{chip_energy(400, 1, 82_432 * 3600, pue=1.1) / 3.6e9:.0f} MWh"
    '36 MWh'
    """
    watts, chips, time = all_positive(power=power, n_chips=n_chips, duration=duration).values()
    site = at_least("pue", pue, 1)
    same_shape(power=watts, n_chips=chips, duration=time, pue=site)
    return product(watts, chips, time, site)


def tracked_energy(path: str | Path, project: str | None = None) -> float:
    """Energy in joules that CodeCarbon measured, from its ``emissions.csv``; all runs of a project together.

    Its column ``energy_consumed`` has the kilowatt-hours of processors, graphics cards and memory since a run
    began, so of the rows that share a ``run_id`` the last one counts. What it says of carbon is left to it.

    Parameters
    ----------
    path : str or Path
        The file.
    project : str, optional
        Which ``project_name``; needed where the file has several.
    """
    with Path(path).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    missing = {"project_name", "run_id", "energy_consumed"} - set(rows[0] if rows else ())
    if missing:
        raise ValueError(f"path must be an emissions.csv with {', '.join(sorted(missing))}, got {path!r}")
    names = list(dict.fromkeys(row["project_name"] for row in rows))
    if project is None and len(names) > 1:
        raise ValueError(f"project must be given, one of {', '.join(names)}, got None")
    wanted = names[0] if project is None else one_of("project", project, names)
    runs = {row["run_id"]: row["energy_consumed"] for row in rows if row["project_name"] == wanted}
    try:
        found = at_least("energy_consumed", [float(cell) for cell in runs.values()], 0)
    except ValueError:
        rule = "path must hold an energy_consumed of at least 0 kWh for each run"
        raise ValueError(f"{rule}, got {list(runs.values())}") from None
    return float(found.sum() * 1e3 * hour)


_COLUMNS = {  # how tables of runs head what a fit needs, whatever the case, spaces and signs
    "n_params": ("nparams", "params", "parameters", "modelsize", "n"),
    "n_tokens": ("ntokens", "tokens", "trainingtokens", "d"),
    "flop": ("flop", "flops", "trainingflop", "compute", "c"),
    "loss": ("loss", "finalloss", "l"),
}


def read_runs(path: str | PathLike[str], **which: str) -> tuple[NDArray[np.float64], ...]:
    """Parameters, training tokens and final loss of the runs in a CSV file, as a fit takes them.

    Parameters
    ----------
    path : str or path
        A file with a header. Its columns may be called n_params, params, parameters, Model Size or N;
        n_tokens, tokens or D; loss or L. Where compute (flop, Training FLOP, C) stands in place of tokens,
        these are C / 6 N. Values may be divided by commas, semicolons or tabs.
    **which : str
        Which rows: column and value, as in ``purpose="grid"``. Without it, all.

    Examples
    --------
    >>> from importlib.resources import files
    >>> size, tokens, loss = read_runs(files("frontier") / "data" / "sweep_runs.csv", purpose="grid")
    >>> len(loss), f"{loss.min():.2f} nats per byte"
    (63, '1.24 nats per byte')
    """
    lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    table = csv.DictReader(lines, delimiter=max(",;\t", key="".join(lines[:1]).count))
    heads = list(table.fieldnames or ())
    plain = {"".join(filter(str.isalnum, head.lower())): head for head in heads}
    found = {what: next((plain[n] for n in names if n in plain), "") for what, names in _COLUMNS.items()}
    spent = "n_tokens" if found["n_tokens"] else "flop"
    wanted = {"n_params": "n_params", spent: "n_tokens or flop", "loss": "loss"}
    if missing := [words for what, words in wanted.items() if not found[what]]:
        raise ValueError(f"path must have a column for {' and '.join(missing)}, got {', '.join(heads)}")
    if unknown := [name for name in which if name not in heads]:
        raise ValueError(f"which must name columns of the file, got {', '.join(unknown)}")
    rows = [
        [_entry(row[found[what]], found[what], table.line_num) for what in wanted]
        for row in table
        if any(row.values()) and which.items() <= row.items()
    ]
    if not rows:
        raise ValueError(f"path must hold at least one run, got none of {which or 'any kind'}")
    size, given, loss = np.array(rows).T
    return size, given if spent == "n_tokens" else given / (6 * size), loss


def _entry(cell: str | None, column: str, line: int) -> float:
    """Read one number of a file; refuse it by its place."""
    try:
        value = float(cell or "")
    except ValueError:
        value = np.nan
    if not 0 < value < np.inf:
        raise ValueError(f"path must hold numbers above 0, got {cell!r} as {column} in line {line}")
    return value


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
