"""Run the whole experiment, or what is missing of it, and write its results.

Start it with ``python -m experiments.sweep``.
The search for the learning rate comes first, then the grid and its repeats. Finished runs are never made
again; a killed sweep goes on where it was. `--predict` makes the one run that was predicted.
"""

import argparse
import csv
import json
import multiprocessing
import os
from concurrent.futures import FIRST_COMPLETED, Executor, ProcessPoolExecutor, wait
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tqdm import tqdm

from experiments import corpus, design
from experiments.design import Job, Shape
from experiments.train import all_runs, done, train

RESULTS = corpus.WORK / "runs"
DATA = corpus.HERE.parent / "frontier" / "data"


def run(jobs: list[Job], *, executor: Executor | None = None, results: Path = RESULTS) -> None:
    """Finish all jobs on an executor (by default, a process for each core), largest first, with progress.

    On a cluster, `results` must be a folder that all its machines share.
    """
    results.mkdir(parents=True, exist_ok=True)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    total = sum(job.work for job in jobs)
    with tqdm(
        total=round(total), unit="s", bar_format="{l_bar}{bar}| {elapsed} gone, {remaining} left"
    ) as bar:
        own = (
            None if executor else ProcessPoolExecutor(_workers(device), multiprocessing.get_context("spawn"))
        )
        try:
            pending = {(executor or own).submit(train, job, results, device) for job in jobs}
            while pending:
                finished, pending = wait(pending, timeout=2, return_when=FIRST_COMPLETED)
                for future in finished:
                    future.result()  # raises what the run raised
                bar.n = round(sum(done(job, results) * job.work for job in jobs))
                bar.refresh()
        finally:
            if own:
                own.shutdown(cancel_futures=True)


def _workers(device: str) -> int:
    """One run for each core; on a GPU a few at a time, since a small model does not fill it."""
    return min(8, os.cpu_count() or 1) if device == "cuda" else os.cpu_count() or 1


def learning_rate(results: Path = RESULTS) -> tuple[float, float]:
    """Return a and b of the learning rate a N^b, from the finished search."""
    rows = {entry["row"]["run"]: entry["row"] for entry in all_runs(results)}
    jobs = design.search()
    losses = [rows[f"{job.name}-{job.budgets[0]:.3g}"]["loss"] for job in jobs]
    rates = [job.rate for job in jobs]
    sizes = np.array([shape.n_params for shape in design.SEARCHED])
    table = (len(design.SEARCHED), len(design.MULTIPLES))
    return design.fitted_rate(sizes, np.reshape(rates, table), np.reshape(losses, table))


def write(results: Path = RESULTS, data: Path = DATA) -> None:
    """Write one row for each finished run, and the curves, as the two files that `frontier.sweep` reads."""
    entries = sorted(
        all_runs(results), key=lambda entry: [entry["row"][k] for k in ("purpose", "flop", "run")]
    )
    _write(data / "sweep_runs.csv", [entry["row"] for entry in entries])
    points = [
        {"run": entry["row"]["run"], "step": step, "loss": loss}
        for entry in entries
        if entry["row"]["purpose"] != "search"
        for step, loss in entry["curve"]
    ]
    _write(data / "sweep_curves.csv", points)


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--largest", type=float, default=design.BUDGETS[-1], help="largest budget in FLOP")
    parser.add_argument("--predict", metavar="WIDTHxDEPTH@FLOP", help="make the run that was predicted")
    options = parser.parse_args()
    corpus.build()
    run(design.search())
    rate = learning_rate()
    print("learning rate: {:.3g} N^{:.3f}".format(*rate), flush=True)
    if options.predict:
        shape, budget = options.predict.split("@")
        run(design.prediction(rate, Shape(*map(int, shape.split("x"))), float(budget)))
    else:
        run(design.grid(rate, design.budgets(options.largest)) + design.repeats(rate))
    write()
    print(json.dumps({"runs": sum(1 for _ in all_runs(RESULTS)), "results": str(DATA)}))


if __name__ == "__main__":
    main()
