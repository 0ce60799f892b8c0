"""Our own scaling experiment: its runs, their training curves, its text, and the prediction it was put to.

Small decoders were trained on Python source code, byte by byte, each once through its text. The losses are in
nats per byte on files held out: another tokenizer and other data than those of any published law, so they
share an axis with none. How they were made stands in ``experiments/README.md``, every column in
``frontier/data/README.md``; `frontier.measuring` reads a frontier off them.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

_Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Runs:
    """Finished runs as arrays of one length.

    `budget` is the compute that was planned and `flop` what was spent, both in FLOP; `loss` is the held-out
    loss in nats per byte; `purpose` is ``search``, ``grid``, ``repeat`` or ``prediction``.
    """

    run: NDArray[np.str_]
    purpose: NDArray[np.str_]
    device: NDArray[np.str_]
    budget: _Array
    n_params: _Array
    n_tokens: _Array
    flop: _Array
    loss: _Array
    width: _Array
    depth: _Array
    learning_rate: _Array
    seed: _Array
    seconds: _Array

    def __len__(self) -> int:
        """Count the runs."""
        return len(self.loss)

    def __getitem__(self, pick: Any) -> Runs:
        """Return some of the runs: by a mask, or by an array of indices."""
        return Runs(*(getattr(self, field.name)[pick] for field in fields(self)))


class Text(NamedTuple):
    """Windows of 65 bytes each: some to train on, some held out; shape (n, 65), values below 128."""

    train: NDArray[np.uint8]
    held_out: NDArray[np.uint8]


class Prediction(NamedTuple):
    """A loss (nats per byte) foretold for a run, with the interval that holds a share `level`."""

    n_params: float
    n_tokens: float
    loss: float
    low: float
    high: float
    level: float


def runs(*purposes: str) -> Runs:
    """Return the runs made for some purposes, by budget and then by size.

    Parameters
    ----------
    *purposes : str
        ``"grid"`` for the isoFLOP grid, which is also what no purpose means; ``"repeat"`` for one budget with
        another seed, ``"search"`` for the learning rates tried, ``"prediction"`` for the run that was
        predicted before it was made.

    Examples
    --------
    >>> ours = runs()
    >>> len(ours), len(np.unique(ours.n_params)), len(np.unique(ours.budget))
    (63, 12, 9)
    """
    rows = _read("sweep_runs.csv")
    known = sorted({row["purpose"] for row in rows})
    for purpose in purposes:
        if purpose not in known:
            raise ValueError(f"purposes must be among {', '.join(known)}, got {purpose!r}")
    rows = [row for row in rows if row["purpose"] in (purposes or ("grid",))]
    rows.sort(key=lambda row: (float(row["budget"]), float(row["n_params"])))
    numbers = [field.name for field in fields(Runs) if field.type == "_Array"]
    columns: dict[str, Any] = {
        field.name: np.array([row[field.name] for row in rows]) for field in fields(Runs)
    }
    return Runs(**{name: c.astype(float) if name in numbers else c for name, c in columns.items()})


def curve(run: str) -> tuple[_Array, _Array]:
    """Return the training curve of a run: compute spent so far (FLOP), and the held-out loss there.

    The curves of the search were not kept.

    Examples
    --------
    >>> flop, loss = curve(str(runs().run[0]))
    >>> bool(np.all(np.diff(flop) > 0)), bool(loss[0] > loss[-1])
    (True, True)
    """
    points = [row for row in _read("sweep_curves.csv") if row["run"] == run]
    if not points:
        raise ValueError(f"run must be the name of a run with a curve, got {run!r}")
    row = next(row for row in _read("sweep_runs.csv") if row["run"] == run)
    per_step = float(row["flop"]) / float(row["steps"])
    step, loss = (np.array([float(point[name]) for point in points]) for name in ("step", "loss"))
    return step * per_step, loss


def prediction() -> Prediction:
    """Return what the grid foretold for one larger run, filed before that run was started.

    Examples
    --------
    >>> filed, made = prediction(), runs("prediction")
    >>> bool(filed.n_params == made.n_params[0])
    True
    """
    row = _read("sweep_prediction.csv")[0]
    return Prediction(**{name: float(row[name]) for name in Prediction._fields})


def seed_noise(ours: Runs, again: Runs) -> float:
    """Return the standard deviation of the loss between seeds, in nats per byte, from runs made twice.

    The runs of `again` have budgets and sizes of `ours` with another seed; a run without a partner is
    refused. The difference of two runs has twice the variance of one.

    Examples
    --------
    >>> seed_noise(runs(), runs("repeat")) < 0.01
    True
    """
    first = dict(zip(zip(ours.budget, ours.n_params, strict=True), ours.loss, strict=True))
    pairs = list(zip(again.budget, again.n_params, strict=True))
    if not pairs or not all(pair in first for pair in pairs):
        raise ValueError(f"again must hold runs that are in ours too, got {pairs}")
    change = again.loss - np.array([first[pair] for pair in pairs])
    return float(np.sqrt(np.mean(change**2) / 2))


def text() -> Text:
    """Return a sample of the text of the experiment, as `frontier.decoder` takes it.

    Both parts are random windows: of the text for training half a million bytes, of the held-out files as
    many as each look at a training curve takes.

    Examples
    --------
    >>> text().train.shape, text().held_out.shape
    ((8000, 65), (2048, 65))
    """
    with (files("frontier") / "data" / "sweep_text.npz").open("rb") as file, np.load(file) as parts:
        return Text(parts["train"], parts["held_out"])


@cache
def _read(name: str) -> list[dict[str, str]]:
    with (files("frontier") / "data" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
