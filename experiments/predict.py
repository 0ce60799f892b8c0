"""Say what one larger run will come to, from the finished grid, and write it down before the run is made.

Start it with ``python -m experiments.predict``; it needs no PyTorch.
"""

import csv
from pathlib import Path

import numpy as np

from frontier import measuring, sweep
from frontier.fitting import bootstrap, fit

BUDGET = 3e13  # FLOP: three times the largest of the grid
N_PARAMS = 454_656  # of the shapes, the one nearest to the best size by all three approaches
LEVEL = 0.95
FILE = Path(__file__).parents[1] / "frontier" / "data" / "sweep_prediction.csv"


def prediction(n_resamples: int = 1000, seed: int = 0) -> dict[str, float]:
    """Return the predicted loss with its interval: that of the refits, widened by the noise between seeds."""
    ours, again = sweep.runs("grid"), sweep.runs("repeat")
    here = ours.n_params == N_PARAMS
    n_tokens = BUDGET * float(ours.n_tokens[here][0] / ours.flop[here][0])
    runs = ours.n_params, ours.n_tokens, ours.loss
    draws = bootstrap(*runs, indices=measuring.resample(ours.budget, n_resamples, seed)).law
    noise = np.random.default_rng(seed).normal(0, sweep.seed_noise(ours, again), n_resamples)
    low, high = np.quantile(draws.loss(N_PARAMS, n_tokens) + noise, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return {
        "budget": BUDGET,
        "n_params": N_PARAMS,
        "n_tokens": round(n_tokens),
        "loss": round(float(fit(*runs).law.loss(N_PARAMS, n_tokens)), 4),
        "low": round(float(low), 4),
        "high": round(float(high), 4),
        "level": LEVEL,
    }


if __name__ == "__main__":
    row = prediction()
    with FILE.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(row), lineterminator="\n")
        writer.writeheader()
        writer.writerow(row)
    print(row)
