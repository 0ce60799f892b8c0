"""The plan: which models are trained, on how much text, with which learning rate.

A budget is a number of training FLOP. Each is spent by `PER_BUDGET` models of different size, from too small
for it to too large. A model is trained once, at a constant rate, up to its largest budget; where each smaller
budget is nearly spent, a copy branches off and cools down. So each model gives an honest end point for every
budget, and no run is a longer one cut short.
"""

from dataclasses import dataclass

import numpy as np

from frontier.decoder import CONTEXT, COOLDOWN, HEAD, VOCABULARY


@dataclass(frozen=True)
class Shape:
    """Width and depth; the rest follows."""

    width: int
    depth: int

    @property
    def heads(self) -> int:
        """Attention heads, of width 16 where the model is wide enough."""
        return max(1, self.width // HEAD)

    @property
    def n_params(self) -> int:
        """All parameters: 12 width^2 a layer, and the embedding, which is also the output matrix."""
        return 12 * self.depth * self.width**2 + VOCABULARY * self.width

    @property
    def flop_per_token(self) -> int:
        """Training FLOP for a token: two per multiply-add, forward once and backward twice.

        6 N, and attention: each of the `CONTEXT` places is compared with, and added to, all others.
        """
        attention = 4 * CONTEXT * self.width * self.depth
        return 3 * (2 * self.n_params + attention)


def budgets(largest: float) -> tuple[float, ...]:
    """Return budgets in FLOP, four to each tenfold, from 1e11 to `largest`."""
    steps = round(4 * np.log10(largest / 1e11))
    return tuple(float(f"{10 ** (11 + k / 4):.3g}") for k in range(steps + 1))


BUDGETS = budgets(1e13)
PER_BUDGET = 7
SHAPES = [
    Shape(width, depth)
    for width, depth in [
        (8, 1), (12, 1), (16, 1), (24, 1), (32, 1), (32, 2), (48, 2), (64, 2), (64, 3), (80, 3),
        (96, 4), (128, 4), (144, 5), (160, 6), (192, 7), (256, 8), (320, 9),
    ]
]  # fmt: skip

WINDOWS = 8  # in a batch; small, so that small budgets have many steps
REPEATED = 1e12  # the budget that is spent a second time, with another seed

# The search for the learning rate: these shapes, at this budget, with these multiples of 1 / (4 width).
SEARCHED = [SHAPES[i] for i in (2, 4, 5, 6, 8)]
SEARCH_BUDGET = BUDGETS[2]
MULTIPLES = (0.25, 0.5, 1.0, 2.0)


@dataclass(frozen=True)
class Job:
    """One model trained once, with an end point at each of its budgets (FLOP, rising)."""

    purpose: str
    shape: Shape
    rate: float
    budgets: tuple[float, ...]
    seed: int = 0

    @property
    def name(self) -> str:
        """A name for files; no two jobs share it."""
        return f"{self.purpose}-{self.shape.width}x{self.shape.depth}-rate{self.rate:.3g}-seed{self.seed}"

    @property
    def steps(self) -> tuple[int, ...]:
        """Steps that each budget pays for."""
        return tuple(round(budget / self.flop_per_step) for budget in self.budgets)

    @property
    def flop_per_step(self) -> int:
        """Training FLOP of one batch."""
        return self.shape.flop_per_token * WINDOWS * CONTEXT

    @property
    def work(self) -> float:
        """What the job costs, in seconds of about 4e10 FLOP: small models spend most on getting started."""
        steps = self.steps[-1] + COOLDOWN * sum(self.steps[:-1])
        return steps * (self.flop_per_step / 4e10 + 0.001 * (1 + self.shape.depth))


def best_size(budget: float) -> float:
    """Guess the best number of parameters for a budget, from a few trial runs: the middle of the grid."""
    return 2e4 * (budget / 1e11) ** 0.55


def shapes_for(budget: float) -> list[Shape]:
    """Return the shapes nearest to the best for a budget, smallest first."""
    distance = [abs(np.log(shape.n_params / best_size(budget))) for shape in SHAPES]
    return [SHAPES[i] for i in sorted(np.argsort(distance)[:PER_BUDGET])]


def search() -> list[Job]:
    """Return the runs that find the learning rate."""
    rates = [(shape, multiple / (4 * shape.width)) for shape in SEARCHED for multiple in MULTIPLES]
    return [Job("search", shape, rate, (SEARCH_BUDGET,)) for shape, rate in rates]


def fitted_rate(n_params: np.ndarray, rates: np.ndarray, losses: np.ndarray) -> tuple[float, float]:
    """Return a and b of the best rate a N^b, from the losses of the search, shape (shapes, rates).

    For each shape the best rate is the lowest point of a parabola through the best of its rates and the two
    beside it, in the logarithm of the rate.
    """
    best = []
    for rate, loss in zip(np.log(rates), losses, strict=True):
        middle = int(np.clip(np.argmin(loss), 1, len(loss) - 2))
        near = slice(middle - 1, middle + 2)
        bend, slope, _ = np.polyfit(rate[near] - rate[middle], loss[near], 2)
        step = rate[1] - rate[0]
        best.append(rate[middle] + np.clip(-slope / (2 * bend) if bend > 0 else 0.0, -step, step))
    b, log_a = np.polyfit(np.log(n_params), best, 1)
    return float(np.exp(log_a)), float(b)


def grid(rate: tuple[float, float], budgets: tuple[float, ...] = BUDGETS) -> list[Job]:
    """Return the isoFLOP grid, largest job first, with the learning rates of `fitted_rate`."""
    jobs = []
    for shape in SHAPES:
        own = tuple(budget for budget in budgets if shape in shapes_for(budget))
        if own:
            jobs.append(Job("grid", shape, _rate(rate, shape), own))
    return sorted(jobs, key=lambda job: -job.work)


def repeats(rate: tuple[float, float]) -> list[Job]:
    """Return the runs of one budget with another seed: their spread is the noise."""
    return [Job("repeat", shape, _rate(rate, shape), (REPEATED,), seed=1) for shape in shapes_for(REPEATED)]


def prediction(rate: tuple[float, float], shape: Shape, budget: float) -> list[Job]:
    """Return the one run that is predicted before it is made."""
    return [Job("prediction", shape, _rate(rate, shape), (budget,))]


def _rate(rate: tuple[float, float], shape: Shape) -> float:
    a, b = rate
    return float(f"{a * shape.n_params**b:.3g}")
