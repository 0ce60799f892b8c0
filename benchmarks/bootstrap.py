"""What a bootstrap costs, against a loop of SciPy's BFGS with an analytic gradient, timed in the same run.

Run with OMP_NUM_THREADS=1 to compare one thread with one thread. The runs are drawn from the published law
with a spread like that of the 240 points it was fitted to.
"""

import time

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp

from frontier.fitting import bootstrap, fit
from frontier.scaling import BESIROGLU_2024

N_RUNS, N_RESAMPLES, N_REFERENCE = 240, 4000, 100


def objective(
    theta: np.ndarray, x: np.ndarray, y: np.ndarray, log_loss: np.ndarray, delta: float = 1e-3
) -> tuple[float, np.ndarray]:
    """Return a thousand times the summed Huber loss and its gradient, for one resample."""
    terms = np.stack([theta[0] - theta[3] * x, theta[1] - theta[4] * y, np.full_like(x, theta[2])])
    predicted = logsumexp(terms, axis=0)
    p, residual = np.exp(terms - predicted), predicted - log_loss
    psi = np.clip(residual, -delta, delta)
    gradient = [psi @ p[0], psi @ p[1], psi @ p[2], -psi @ (p[0] * x), -psi @ (p[1] * y)]
    return 1e3 * float(np.sum(psi * (residual - psi / 2))), 1e3 * np.array(gradient)


def main() -> None:
    """Time both and compare where they end."""
    rng = np.random.default_rng(0)
    n_params, n_tokens = 10 ** rng.uniform(7.8, 10.2, N_RUNS), 10 ** rng.uniform(8.9, 11.5, N_RUNS)
    loss = BESIROGLU_2024.loss(n_params, n_tokens) * np.exp(0.005 * rng.standard_t(4, N_RUNS))
    indices = rng.integers(N_RUNS, size=(N_RESAMPLES, N_RUNS))
    fit(n_params, n_tokens, loss)  # once, so that nothing is timed that happens only once

    start = time.perf_counter()
    whole = fit(n_params, n_tokens, loss)
    for_fit = time.perf_counter() - start
    start = time.perf_counter()
    draws = bootstrap(n_params, n_tokens, loss, indices=indices)
    ours = (time.perf_counter() - start) / N_RESAMPLES

    log_n, log_d, log_loss = np.log(n_params), np.log(n_tokens), np.log(loss)
    x, y = log_n - log_n.mean(), log_d - log_d.mean()
    law = whole.law
    theta = np.array(
        [
            np.log(law.A) - law.alpha * log_n.mean(),
            np.log(law.B) - law.beta * log_d.mean(),
            np.log(law.E),
            law.alpha,
            law.beta,
        ]
    )
    start, ends = time.perf_counter(), []
    for chosen in indices[:N_REFERENCE]:
        data = (x[chosen], y[chosen], log_loss[chosen])
        ends.append(
            minimize(objective, theta, args=data, jac=True, method="BFGS", options={"gtol": 1e-6}).fun
        )
    theirs = (time.perf_counter() - start) / N_REFERENCE
    excess = draws.objective[:N_REFERENCE] / (np.array(ends) / 1e3) - 1

    print(f"fit: {for_fit:.3f} s")
    print(f"bootstrap of {N_RESAMPLES}: {ours * N_RESAMPLES:.2f} s, fit included")
    print(f"a resample: {1e6 * ours:.0f} us, SciPy BFGS {1e6 * theirs:.0f} us: {theirs / ours:.0f} times")
    print(f"objective against BFGS: at most {np.max(excess):.1e} above, down to {np.min(excess):.1e} below")
    print(f"converged: {np.mean(draws.converged):.2%}")
    for count in (20_000, 500_000):
        n_params, n_tokens = 10 ** rng.uniform(7.8, 10.2, count), 10 ** rng.uniform(8.9, 11.5, count)
        loss = BESIROGLU_2024.loss(n_params, n_tokens) * np.exp(0.005 * rng.standard_t(4, count))
        start = time.perf_counter()
        fit(n_params, n_tokens, loss)
        print(f"fit of {count} points: {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main()
