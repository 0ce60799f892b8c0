"""Two more fits that people who plan runs ask for: powers of several settings, and accuracy from loss."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import curve_fit
from scipy.special import expit, logit, stdtrit

from frontier._checks import between, near_power_of_two, overflowing, plain, positive, real, share, single

_Array = NDArray[np.float64]


class Product(NamedTuple):
    """A product of powers: scale times each setting to its exponent; intervals, residuals of ln y."""

    scale: float
    exponents: dict[str, float]
    intervals: dict[str, tuple[float, float]]
    residuals: _Array

    def __call__(self, **settings: ArrayLike) -> Any:
        """Return the value at other settings, given by their names."""
        if set(settings) != set(self.exponents):
            raise ValueError(
                f"settings must be {', '.join(self.exponents)}, got {', '.join(settings) or 'none'}"
            )
        logs = (self.exponents[name] * np.log(positive(name, value)) for name, value in settings.items())
        return self.scale * np.exp(sum(logs))


def fit_product(settings: Mapping[str, ArrayLike], y: ArrayLike, *, level: float = 0.95) -> Product:
    """Fit y = scale * x1^p1 * x2^p2 ... by least squares of ln y.

    For what has no floor, as the best learning rate or batch, against size, tokens or both.

    Parameters
    ----------
    settings : mapping of str to array_like, shape (n,)
        Settings by name, above 0, each with two values at least.
    y : array_like, shape (n,)
        What is to be foretold, above 0; two runs more than settings.
    level : float
        Of the exponents' intervals (Student's t), between 0 and 1.

    Examples
    --------
    Rates made as size^-0.25 times batch^0.5:

    >>> size, batch = np.array([1e7, 1e8, 1e9, 1e8, 1e9]), np.array([1e5, 1e5, 2e5, 4e5, 1e6])
    >>> found = fit_product({"size": size, "batch": batch}, 3 * size**-0.25 * batch**0.5)
    >>> {name: round(power, 6) for name, power in found.exponents.items()}
    {'size': -0.25, 'batch': 0.5}
    >>> round(float(found(size=1e10, batch=1e6)), 4)
    9.4868
    """
    if not isinstance(settings, Mapping):
        raise TypeError(f"settings must be a mapping from names to numbers, got {settings!r}")
    columns = {name: positive(name, value) for name, value in {**settings, "y": y}.items()}
    coverage = share("level", level)
    shapes = {name: column.shape for name, column in columns.items()}
    if not settings or len(set(shapes.values())) > 1 or len(shapes["y"]) != 1:
        raise ValueError(f"y and settings must be one-dimensional arrays of one length, got {shapes}")
    design = np.column_stack([np.ones(len(columns["y"])), *(np.log(columns[name]) for name in settings)])
    spare = len(design) - design.shape[1]
    if spare < 1:
        raise ValueError(f"y must have at least {design.shape[1] + 1} entries, got {len(design)}")
    middle = design.mean(axis=0) * ([0.0] + [1.0] * len(settings))
    if np.linalg.matrix_rank(design - middle, tol=1e-6 * len(design)) < design.shape[1]:
        raise ValueError(f"settings must vary, and not all together, got {', '.join(settings)} that do")
    logs = np.log(columns["y"])
    found = np.linalg.lstsq(design - middle, logs, rcond=None)[0]
    residuals = (design - middle) @ found - logs
    spread = residuals @ residuals / spare * np.linalg.inv((design - middle).T @ (design - middle))
    half = stdtrit(spare, (1 + coverage) / 2) * np.sqrt(np.diagonal(spread))
    powers = dict(zip(settings, found[1:].tolist(), strict=True))
    ends = {name: (p - float(h), p + float(h)) for (name, p), h in zip(powers.items(), half[1:], strict=True)}
    return Product(float(np.exp(found[0] - middle[1:] @ found[1:])), powers, ends, residuals)


class Sigmoid(NamedTuple):
    """Accuracy against loss: chance + (1 - chance) / (1 + exp(steepness * (loss - midpoint)))."""

    midpoint: float
    steepness: float
    chance: float
    residuals: _Array

    def __call__(self, loss: ArrayLike) -> Any:
        """Return the accuracy at a loss."""
        return self.chance + (1 - self.chance) * expit(self.steepness * (self.midpoint - real("loss", loss)))


def fit_sigmoid(loss: ArrayLike, accuracy: ArrayLike, *, chance: float = 0.0) -> Sigmoid:
    """Fit how the accuracy of a task rises as loss falls: a sigmoid from chance to 1.

    Parameters
    ----------
    loss : array_like, shape (n,)
        Loss of each model, nats per token, above 0. Three models or more.
    accuracy : array_like, shape (n,)
        Its share of right answers, from 0 to 1.
    chance : float
        Accuracy of guessing, from 0 to below 1: 0.25 with four choices.

    Notes
    -----
    Llama 3 foretells benchmarks in two such steps, compute to loss and loss to accuracy (Grattafiori et al.,
    arXiv:2407.21783, 2024, section 3.2.1). The form is a habit and no law: a task may rise in steps.

    Examples
    --------
    >>> loss = np.array([3.0, 2.6, 2.2, 1.8])
    >>> found = fit_sigmoid(loss, 0.25 + 0.75 / (1 + np.exp(5 * (loss - 2.4))), chance=0.25)
    >>> round(found.midpoint, 6), round(found.steepness, 6), round(float(found(2.0)), 3)
    (2.4, 5.0, 0.911)
    """
    x, y = positive("loss", loss), between("accuracy", accuracy, 0, 1)
    guess = float(single("chance", between("chance", chance, 0, 1)))
    if x.ndim != 1 or x.shape != y.shape or len(x) < 3 or guess == 1 or np.ptp(x) == 0 or np.ptp(y) == 0:
        got = f"{x.shape} and {y.shape} with chance {guess:g}"
        raise ValueError(f"loss and accuracy must be rows of one length, 3 or more, that vary, got {got}")

    def curve(at: _Array, midpoint: float, steepness: float) -> _Array:
        return np.asarray(guess + (1 - guess) * expit(steepness * (midpoint - at)))

    unit = near_power_of_two(x)  # so that steps of the search are of one size whatever the unit of the loss
    x = x / unit
    raised = logit(np.clip((y - guess) / (1 - guess), 0.02, 0.98))
    slope, level = np.polyfit(x, raised, 1)
    if slope >= 0:
        raise ValueError("accuracy must rise as loss falls, got one that does not")
    (midpoint, steepness), _spread = curve_fit(curve, x, y, p0=(-level / slope, -slope), maxfev=10_000)
    missed = curve(x, midpoint, steepness) - y
    with overflowing():
        return Sigmoid(float(plain(midpoint * unit)), float(plain(steepness / unit)), guess, missed)
