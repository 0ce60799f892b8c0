"""Draw the joint bootstrap behind `frontier.scaling.besiroglu_2024_draws` again.

    python scripts/besiroglu_draws.py svg_extracted_data.csv > frontier/data/besiroglu_2024_draws.csv

The argument is the file that Besiroglu et al. publish beside their notebook: points read off Figure 4 of
Hoffmann et al. (2022). It carries no licence, so it is not part of this repository. Their procedure: drop
the five highest losses, take tokens as FLOP / 6N, minimise the Huber loss (delta 0.001) of the residuals of
log-loss, resample the runs with replacement.
"""

import csv
import sys

import numpy as np

from frontier.fitting import bootstrap

N_DRAWS, SEED = 1_000, 42
NAMES = ("E", "A", "B", "alpha", "beta")


def read_points(path: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return parameters, tokens and loss of the runs that were fitted."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    n_params, flop, loss = (
        np.array([float(row[name]) for row in rows]) for name in ("Model Size", "Training FLOP", "loss")
    )
    kept = np.sort(np.argsort(loss)[:-5])
    return n_params[kept], flop[kept] / (6 * n_params[kept]), loss[kept]


def main() -> None:
    """Print the draws as CSV."""
    law = bootstrap(*read_points(sys.argv[1]), n_resamples=N_DRAWS, seed=SEED, delta=1e-3).law
    print(",".join(NAMES))
    for draw in zip(*(getattr(law, name) for name in NAMES), strict=True):
        print(",".join(f"{value:.6g}" for value in draw))


if __name__ == "__main__":
    main()
