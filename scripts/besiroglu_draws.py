"""Draw the joint bootstrap behind `frontier.scaling.besiroglu_2024_draws` again.

    python scripts/besiroglu_draws.py svg_extracted_data.csv > frontier/data/besiroglu_2024_draws.csv

The argument is the file that Besiroglu et al. publish beside their notebook: points read off Figure 4 of
Hoffmann et al. (2022). It carries no licence, so it is not part of this repository. Their procedure: drop
the five highest losses, take tokens as FLOP / 6N, minimise the Huber loss (delta 0.001) of the residuals of
log-loss, resample the runs with replacement. Takes about two minutes.
"""

import csv
import sys

import numpy as np
from scipy.optimize import minimize

N_DRAWS, SEED, DELTA = 1_000, 42, 1e-3
START = np.log([482.01, 2085.43, 1.8172, 0.3478, 0.3658])  # ln of A, B, E, alpha, beta: the published fit


def read_points(path: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return parameters, tokens and loss of the runs that were fitted."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    n_params, flop, loss = (
        np.array([float(row[name]) for row in rows]) for name in ("Model Size", "Training FLOP", "loss")
    )
    kept = np.sort(np.argsort(loss)[:-5])
    return n_params[kept], flop[kept] / (6 * n_params[kept]), loss[kept]


def objective(theta: np.ndarray, log_n: np.ndarray, log_d: np.ndarray, log_loss: np.ndarray):
    """Return the summed Huber loss and its gradient."""
    log_a, log_b, log_e = theta[:3]
    alpha, beta = np.exp(theta[3:])
    terms = np.stack([log_a - alpha * log_n, log_b - beta * log_d, np.full_like(log_n, log_e)])
    predicted = np.logaddexp.reduce(terms)
    weights = np.exp(terms - predicted)
    residual = predicted - log_loss
    clipped = np.clip(residual, -DELTA, DELTA)
    value = np.sum(clipped * (residual - clipped / 2))
    slopes = [weights[0], weights[1], weights[2], -weights[0] * alpha * log_n, -weights[1] * beta * log_d]
    return value / DELTA, np.array([clipped @ slope for slope in slopes]) / DELTA


def fit(start: np.ndarray, *data: np.ndarray) -> np.ndarray:
    """Return the best of two descents, the second from where the first ended."""
    first = minimize(objective, start, args=data, jac=True, method="BFGS", options={"gtol": 1e-7})
    return minimize(objective, first.x, args=data, jac=True, method="BFGS", options={"gtol": 1e-7}).x


def main() -> None:
    """Print the draws as CSV."""
    n_params, n_tokens, loss = read_points(sys.argv[1])
    data = np.log(n_params), np.log(n_tokens), np.log(loss)
    best = fit(START, *data)
    rng = np.random.default_rng(SEED)
    print("E,A,B,alpha,beta")
    for done in range(N_DRAWS):
        chosen = rng.integers(len(loss), size=len(loss))
        log_a, log_b, log_e, log_alpha, log_beta = fit(best, *(column[chosen] for column in data))
        values = np.exp([log_e, log_a, log_b, log_alpha, log_beta])
        print(",".join(f"{value:.6g}" for value in values))
        if done % 50 == 0:
            print(f"\r{done} of {N_DRAWS}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
