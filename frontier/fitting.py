"""Fit laws of loss to runs, and ask how far the fit can be trusted.

`fit` takes sizes, tokens and losses to L = E + A / N^alpha + B / D^beta, `fit_power` one resource to
L = E + k / X^gamma, and `bootstrap` and `bootstrap_power` repeat both on resamples. The objective is that of
Hoffmann et al., arXiv:2203.15556 (2022), appendix D.2: the sum over runs of Huber(ln predicted - ln
observed). It is not convex, so descents start all over the exponents (`frontier._starts`); all resamples of a
bootstrap go down together, as matrices (`frontier._descent`).
"""

from __future__ import annotations

import warnings
from concurrent.futures import Executor
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from frontier import _descent, _starts
from frontier._checks import ByValue, at_least, generator, positive, share, single, whole
from frontier._descent import End, Runs
from frontier.scaling import PowerLaw, ScalingLaw
from frontier.show.progress import with_progress

_Array = NDArray[np.float64]
_Flags = NDArray[np.bool_]

CHUNK = 500  # resamples sent out together; a fixed size, so that every executor gives the same digits
_MOST_DRAWS = 2**27  # in one bootstrap: some gigabytes
_MOST_STARTS = 4  # of the minima found with all runs, how many a resample starts from


@dataclass(frozen=True, eq=False)
class Fit(ByValue):
    """A fitted law and what speaks against it.

    `objective` is the sum of Huber losses, `converged` says whether no step promised any more, `residuals`
    are ln(predicted / observed), `n_constants` were free. `undetermined` names constants that these runs
    leave open, `doubts` says in words what else to know; both are empty where all is well, and each doubt was
    a warning, too.
    """

    law: ScalingLaw | PowerLaw
    objective: float
    converged: bool
    residuals: _Array
    n_constants: int
    undetermined: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Write the constants, those that are open with a question mark, the usual miss, and the doubts."""
        names = [field.name for field in fields(self.law)]
        # Of what the runs leave open, digits would tell more of the machine than of the runs.
        form = dict.fromkeys(names, "{}={:.6g}") | dict.fromkeys(self.undetermined, "{}={:.2g} (?)")
        marked = [form[name].format(name, getattr(self.law, name)) for name in names]
        miss = float(np.median(np.abs(self.residuals)))
        runs = f"{len(self.residuals)} runs, half of them within {miss:.2%}"
        lines = [f"Fit({', '.join(marked)}; {runs})", *(f"  doubt: {doubt}" for doubt in self.doubts)]
        return "\n".join(lines)


@dataclass(frozen=True, eq=False)
class Bootstrap(ByValue):
    """Fits to resampled runs: a law of arrays, objectives and convergence, one entry a resample.

    `found` is the fit to the runs as they are. `flat` marks resamples in which loss does not fall with some
    resource: its scale is near 0 and its exponent says nothing there.
    """

    found: Fit
    law: ScalingLaw | PowerLaw
    objective: _Array
    converged: _Flags
    flat: _Flags

    def interval(self, level: float = 0.95) -> dict[str, tuple[float, float]]:
        """Return, for each constant, the ends of the central interval that holds `level` of the resamples."""
        coverage = share("level", level)
        ends = [(1 - coverage) / 2, (1 + coverage) / 2]
        found = {f.name: np.quantile(getattr(self.law, f.name), ends) for f in fields(self.law)}
        return {name: (float(low), float(high)) for name, (low, high) in found.items()}

    def __repr__(self) -> str:
        """Write the 95% interval of each constant, and how many resamples went wrong."""
        ends = ", ".join(f"{name} {low:.4g} to {high:.4g}" for name, (low, high) in self.interval().items())
        counts = (
            ("at E = 0", np.asarray(self.law.E) == 0),
            ("not converged", ~self.converged),
            ("flat", self.flat),
        )
        notes = [f"{np.sum(which)} {words}" for words, which in counts if np.any(which)]
        return f"Bootstrap({ends}; {', '.join([f'{len(self.objective)} resamples', *notes])})"


def fit(
    n_params: ArrayLike,
    n_tokens: ArrayLike,
    loss: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    E: float | None = None,
    tie: bool = False,
    delta: float = 1e-3,
    above: float = 1.0,
) -> Fit:
    """Fit L = E + A / N^alpha + B / D^beta to runs.

    Parameters
    ----------
    n_params, n_tokens, loss : array_like, shape (n,)
        Parameters, training tokens and final loss (nats per token) of each run, all positive; as many runs as
        constants or more.
    weights : array_like, shape (n,), optional
        How much each run counts, above 0: 2 is the run twice.
    E : float, optional
        The irreducible loss where it is known, at least 0; else it is fitted.
    tie : bool
        Whether alpha and beta are one.
    delta : float
        Where Huber's loss turns from a parabola into a line, in log-loss, above 0. Hoffmann et al. take 1e-3:
        nearly the sum of absolute deviations, which hardly minds runs that failed. 1 and more is least
        squares.
    above : float
        What a run above the law counts against one below it, above 0 and at most 1. With less than 1 the law
        follows the best runs: poor tuning only ever adds loss.

    Raises
    ------
    ValueError
        If loss does not fall with size or with data, all losses are equal, or all sizes or all amounts of
        data.

    Warns
    -----
    UserWarning
        For each doubt: constants that the runs leave open, an optimum at an edge, no run to spare, no
        convergence, and columns that look like something else (perplexities, sizes in millions, columns
        swapped).

    Examples
    --------
    Runs made from the law of Besiroglu et al. (2024) give its constants back:

    >>> from frontier.scaling import BESIROGLU_2024 as law
    >>> n, d = np.meshgrid(np.logspace(8, 10, 5), np.logspace(9, 11, 5))
    >>> found = fit(n.ravel(), d.ravel(), law.loss(n, d).ravel())
    >>> f"{found.law.A:.2f} {found.law.B:.2f} {found.law.E:.4f}"
    '482.01 2085.43 1.8172'
    """
    columns = {"n_params": n_params, "n_tokens": n_tokens}
    return _fit(_sample(columns, loss, weights, E, tie, delta, above))[0]


def fit_power(
    resource: ArrayLike,
    loss: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    E: float | None = None,
    delta: float = 1e-3,
    above: float = 1.0,
) -> Fit:
    """Fit L = E + k / X^gamma to runs along one resource: compute on a frontier, or size, or data alone.

    Parameters
    ----------
    resource, loss : array_like, shape (n,)
        What grew from run to run (compute in FLOP, parameters or tokens) and the final loss, all positive.
    weights, E, delta, above
        As for `fit`; it raises and warns for the same reasons.

    Examples
    --------
    >>> found = fit_power([1e18, 1e19, 1e20, 1e21], [3.0, 2.5, 2.25, 2.125], E=2)
    >>> f"{found.law.exponent:.3f}"
    '0.301'
    """
    return _fit(_sample({"resource": resource}, loss, weights, E, False, delta, above))[0]


def bootstrap(
    n_params: ArrayLike,
    n_tokens: ArrayLike,
    loss: ArrayLike,
    *,
    n_resamples: int = 4000,
    seed: Any = 0,
    indices: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    E: float | None = None,
    tie: bool = False,
    delta: float = 1e-3,
    above: float = 1.0,
    executor: Executor | None = None,
) -> Bootstrap:
    """Fit the law to resamples of the runs, drawn with replacement.

    Each descent starts from the minima of the fit to all runs, and goes on until it has converged. The draws
    say how the constants would vary had other runs of the same kind been made. They do not know whether the
    law is right. The law has one entry a resample, so ``law.loss(n[:, None], d[:, None])`` is a band.

    Parameters
    ----------
    n_params, n_tokens, loss, weights, E, tie, delta, above
        As for `fit`.
    n_resamples : int
        How many resamples, 1 or more.
    seed
        Whatever `numpy.random.default_rng` takes.
    indices : array_like of int, shape (n_resamples, n), optional
        Which runs each resample holds: repeats a resampling made elsewhere; `n_resamples` and `seed` are
        then not used.
    executor : concurrent.futures.Executor, optional
        Where to run the descents; the result is the same to the last digit.

    Examples
    --------
    >>> from frontier.scaling import BESIROGLU_2024 as law
    >>> rng = np.random.default_rng(1)
    >>> n, d = 10 ** rng.uniform(8, 10, 60), 10 ** rng.uniform(9, 11, 60)
    >>> draws = bootstrap(n, d, law.loss(n, d) * np.exp(rng.normal(0, 0.005, 60)), n_resamples=200)
    >>> low, high = draws.interval(0.95)["alpha"]
    >>> low < law.alpha < high
    True
    """
    columns = {"n_params": n_params, "n_tokens": n_tokens}
    sample = _sample(columns, loss, weights, E, tie, delta, above)
    return _bootstrap(sample, n_resamples, seed, indices, executor)


def bootstrap_power(
    resource: ArrayLike,
    loss: ArrayLike,
    *,
    n_resamples: int = 4000,
    seed: Any = 0,
    indices: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    E: float | None = None,
    delta: float = 1e-3,
    above: float = 1.0,
    executor: Executor | None = None,
) -> Bootstrap:
    """Fit L = E + k / X^gamma to resamples of the runs: `bootstrap` for `fit_power`.

    Examples
    --------
    Runs with 20 tokens for each parameter tell nothing of A, B, alpha and beta, but this they tell:

    >>> from frontier.scaling import BESIROGLU_2024 as law
    >>> n = np.logspace(7.5, 10, 20)
    >>> loss = law.loss(n, 20 * n) * np.exp(np.random.default_rng(1).normal(0, 1e-3, 20))
    >>> low, high = bootstrap_power(120 * n**2, loss, n_resamples=500).interval()["exponent"]
    >>> bool(low < law.frontier_exponent < high)
    True
    """
    sample = _sample({"resource": resource}, loss, weights, E, False, delta, above)
    return _bootstrap(sample, n_resamples, seed, indices, executor)


class _Sample(NamedTuple):
    """Checked runs, with the options of the fit."""

    names: tuple[str, ...]
    runs: Runs
    weights: _Array
    floor: float | None  # E in units of the usual loss, where it is given
    tied: bool
    n_constants: int
    doubts: list[str]  # about the columns themselves

    @property
    def options(self) -> dict[str, Any]:
        return {"floor": self.floor, "tied": self.tied}


def _sample(
    columns: dict[str, ArrayLike],
    loss: ArrayLike,
    weights: ArrayLike | None,
    E: float | None,
    tie: bool,
    delta: float,
    above: float,
) -> _Sample:
    """Check everything that is given, and centre it."""
    given: dict[str, ArrayLike] = columns | {"loss": loss} | ({} if weights is None else {"weights": weights})
    _refuse_gaps(given)
    arrays = {name: positive(name, value) for name, value in given.items()}
    shapes = {name: array.shape for name, array in arrays.items()}
    if len(set(shapes.values())) > 1 or len(shapes["loss"]) != 1:
        raise ValueError(f"runs must be one-dimensional arrays of one length, got {shapes}")
    needed = 2 * len(columns) + (E is None) - bool(tie)
    if len(arrays["loss"]) < needed:
        raise ValueError(f"runs must be at least {needed}, one for each constant, got {len(arrays['loss'])}")
    log_x, log_loss = np.log([arrays[name] for name in columns]), np.log(arrays["loss"])
    means, mean_loss = log_x.mean(axis=1), float(log_loss.mean())
    width, penalty = (
        float(single(name, positive(name, value))) for name, value in (("delta", delta), ("above", above))
    )
    runs = Runs(log_x - means[:, None], log_loss - mean_loss, means, mean_loss, width, penalty)
    if penalty > 1:
        raise ValueError(f"above must be at most 1, got {penalty:g}")
    known = None if E is None else float(single("E", at_least("E", E, 0)))
    floor = None if known is None else known / float(np.exp(mean_loss))
    counted = np.ones(len(log_loss)) if weights is None else arrays["weights"]
    if known is not None and known >= arrays["loss"].min():
        raise ValueError(f"E must be below every loss, got {known:g} and a loss of {arrays['loss'].min():g}")
    if np.ptp(log_loss) == 0:
        raise ValueError(f"loss must vary between runs, got {arrays['loss'][0]:g} for all")
    for name, x in zip(columns, runs.x, strict=True):
        if np.ptp(x) == 0:
            other = next(
                (f"; fit_power({one}, loss) fits the other term" for one in columns if one != name), ""
            )
            raise ValueError(f"{name} must vary between runs, got {arrays[name][0]:g} for all{other}")
    return _Sample(tuple(columns), runs, counted, floor, bool(tie), needed, _misread(arrays))


def _misread(columns: dict[str, _Array]) -> list[str]:
    """Say which columns look like something else."""
    ask = "are they in thousands, millions or billions? A and B are then in these units"
    least = {name: columns[name].min() for name in ("n_params", "n_tokens") if name in columns}
    found = [f"{name} go down to {size:.4g}: {ask}" for name, size in least.items() if size < 1000]
    if columns["loss"].max() > 20:
        high = f"a loss of {columns['loss'].max():.3g} is no usual one in nats per token"
        found.append(f"{high}: if it is a perplexity, take its logarithm")
    return found


def _refuse_gaps(columns: dict[str, ArrayLike]) -> None:
    """Refuse runs with NaN, saying how many and how to leave them out."""
    try:
        rows = np.stack([np.asarray(value, dtype=float) for value in columns.values()])
    except (TypeError, ValueError):
        return  # the checks of each column say what is wrong
    gaps = np.nonzero(np.isnan(rows).any(axis=0))[0] if rows.ndim == 2 else np.empty(0)
    if len(gaps):
        name = next(name for name, row in zip(columns, rows, strict=True) if np.isnan(row[gaps[0]]))
        drop = f"leave them out with keep = ~np.isnan({name}) and {name}[keep]"
        many = f"{len(gaps)} of {rows.shape[1]} runs have one"
        raise ValueError(f"{name} must be finite, got nan in run {gaps[0]}; {many}: {drop}")


def _fit(sample: _Sample, *, stacklevel: int = 4) -> tuple[Fit, End]:
    """Fit, and warn of every doubt."""
    end = _starts.lowest(sample.weights, sample.runs, **sample.options)
    theta, runs = end.theta[0], sample.runs
    flat = _flat(end.theta, runs)[0]
    if np.any(flat):
        names = " or ".join(name for name, one in zip(sample.names, flat, strict=True) if one)
        raise ValueError(
            f"runs must show a loss that falls with size and data, got one that does not with {names}"
        )
    residuals = _descent.value(theta[None], sample.weights[None], runs)[1][0]
    open_, why = _undetermined(theta, residuals, sample)
    found = [*sample.doubts, *why, *_edges(theta, sample)]
    if len(np.unique(np.vstack([runs.x, runs.log_loss]), axis=1).T) <= sample.n_constants:
        found.append(
            f"{len(residuals)} runs and {sample.n_constants} constants: no run is left to tell what they miss"
        )
    if float(np.sqrt(np.mean(residuals**2))) > 0.2:
        miss = float(np.median(np.abs(residuals)))
        found.append(
            f"half of the runs lie more than {miss:.0%} off the law: are the columns what they are called?"
        )
    if not end.converged[0]:
        found.append("the descent has not converged")
    for doubt in found:
        warnings.warn(doubt, UserWarning, stacklevel=stacklevel)
    law, converged = _law(theta, sample), bool(end.converged[0])
    objective, constants = float(end.objective[0]), sample.n_constants
    return Fit(law, objective, converged, residuals, constants, open_, tuple(found)), end


def _bootstrap(
    sample: _Sample, n_resamples: int, seed: Any, indices: Any, executor: Executor | None
) -> Bootstrap:
    if executor is not None and not isinstance(executor, Executor):
        raise TypeError(f"executor must be a concurrent.futures.Executor, got {executor!r}")
    counts = _counts(len(sample.weights), n_resamples, seed, indices)
    found, ends_found = _fit(sample, stacklevel=5)
    starts = ends_found.theta[:_MOST_STARTS]
    jobs = [(starts, counts[k : k + CHUNK] * sample.weights, sample) for k in range(0, len(counts), CHUNK)]
    work = map if executor is None else executor.map
    results = iter(work(_resamples, *zip(*jobs, strict=True)))
    ends = [next(results) for _ in with_progress(jobs, "Fitting resampled runs")]
    end = End(*(np.concatenate(parts) for parts in zip(*ends, strict=True)))
    flat = np.any(_flat(end.theta, sample.runs), axis=1)
    for words, which in (("loss does not fall", flat), ("the descent has not converged", ~end.converged)):
        if np.any(which):
            warnings.warn(f"in {np.sum(which)} of {len(which)} resamples {words}", UserWarning, stacklevel=3)
    return Bootstrap(found, _law(end.theta, sample), end.objective, end.converged, flat)


def _resamples(starts: _Array, weights: _Array, sample: _Sample) -> End:
    """Descend from every start, and keep for each resample the deepest end."""
    best: End | None = None
    for start in starts:
        end = _descent.descend(
            np.repeat(start[None], len(weights), axis=0), weights, sample.runs, **sample.options
        )
        if best is None:
            best = end
        deeper = end.objective < best.objective
        for old, new in zip(best, end, strict=True):
            old[deeper] = new[deeper]
    assert best is not None
    return best


def _counts(n_runs: int, n_resamples: int, seed: Any, indices: ArrayLike | None) -> _Array:
    """Return how often each run is in each resample, shape (n_resamples, n_runs)."""
    if indices is None:
        count = single("n_resamples", whole("n_resamples", n_resamples, 1))
        if count * n_runs > _MOST_DRAWS:
            got = f"{count} resamples of {n_runs} runs"
            raise ValueError(f"n_resamples must make at most {_MOST_DRAWS} draws, got {got}")
        chosen = generator(seed).integers(n_runs, size=(count, n_runs))
    else:
        chosen = whole("indices", indices)
        if chosen.ndim != 2 or chosen.shape[1] != n_runs or chosen.shape[0] == 0:
            raise ValueError(f"indices must have shape (n_resamples, {n_runs}), got {chosen.shape}")
        if chosen.max() >= n_runs:
            raise ValueError(f"indices must be below the number of runs {n_runs}, got {chosen.max()}")
    rows = np.arange(len(chosen))[:, None] * n_runs
    counts = np.bincount((chosen + rows).ravel(), minlength=len(chosen) * n_runs)
    return counts.reshape(len(chosen), n_runs).astype(float)


def _law(theta: _Array, sample: _Sample) -> ScalingLaw | PowerLaw:
    """Return the law of one theta, or of many, in the units that were given."""
    terms, runs = len(sample.names), sample.runs
    exponents = np.moveaxis(theta[..., terms:-1], -1, 0)
    logs = np.moveaxis(theta[..., :terms], -1, 0) + (exponents.T * runs.means).T + runs.mean_loss
    wild = np.abs(logs) > np.log(np.finfo(float).max)
    if np.any(wild):
        steep = np.argmax(np.any(wild.reshape(terms, -1), axis=1))
        steepest = np.max(exponents[steep][wild[steep]])
        size = f"too large or too small for a floating-point number, at an exponent of {steepest:.3g}"
        raise OverflowError(f"the scale of the term of {sample.names[steep]} is {size}")
    scales, floor = np.exp(logs), theta[..., -1] * np.exp(runs.mean_loss)
    if terms == 1:
        return PowerLaw(floor, scales[0], exponents[0])
    return ScalingLaw(floor, scales[0], scales[1], exponents[0], exponents[1])


def _flat(theta: _Array, runs: Runs) -> _Flags:
    """Say which terms are not seen: the smallest run has less than a millionth of its loss from them."""
    terms = len(runs.x)
    largest = theta[:, :terms] - theta[:, terms:-1] * runs.x.min(axis=1)
    return np.asarray(largest < np.log(1e-6))


def _edges(theta: _Array, sample: _Sample) -> list[str]:
    """Say where the best fit is at an edge of what a law can be."""
    found = []
    terms = len(sample.names)
    if sample.floor is None and theta[-1] == 0:
        found.append("the best fit has E = 0: these runs show no loss that would remain")
    for name, alpha, x in zip(sample.names, theta[terms:-1], sample.runs.x, strict=True):
        smallest, second = np.unique(x)[:2]
        if alpha * (second - smallest) > np.log(1e3):
            found.append(
                f"the exponent of {name} is so large that its term is there for the smallest one alone"
            )
    return found


def _undetermined(theta: _Array, residuals: _Array, sample: _Sample) -> tuple[tuple[str, ...], list[str]]:
    """Return which constants the runs leave open, and why: a standard error of half the constant, or more."""
    terms, runs = len(sample.names), sample.runs
    if terms == 2 and abs(float(np.corrcoef(runs.x[0], runs.x[1])[0, 1])) > 0.999:
        power = np.polyfit(runs.x[0], runs.x[1], 1)[0]
        rise = f"sizes and tokens rise together (tokens as size to the power {power:.2f})"
        offer = "fit_power(6 * n_params * n_tokens, loss) fits what they do tell, L = E + k / C^gamma"
        reason = f"{rise}, so A, B, alpha and beta cannot be told apart: {offer}"
        return ("A", "B", "alpha", "beta"), [reason]
    exponents, scales = (("alpha", "beta"), ("A", "B")) if terms == 2 else (("exponent",), ("scale",))
    error = _standard_errors(theta, residuals, sample)
    wide = error > np.abs(theta[terms:]) / 2  # of the exponents and of E: a scale is as open as its exponent
    few = np.array([len(np.unique(x)) < 3 for x in runs.x])
    wide[:-1] |= few  # two levels show no bend, which alone tells E from A
    if sample.tied:
        wide[:-1] = np.any(wide[:-1])
    open_e = sample.floor is None and theta[-1] > 0 and (wide[-1] or np.any(few))
    loose = {name for pair in zip(exponents, scales, wide, strict=False) if pair[2] for name in pair[:2]}
    names = tuple(f.name for f in fields(PowerLaw if terms == 1 else ScalingLaw))
    order = tuple(name for name in names if name in loose or (name == "E" and open_e))
    if not order:
        return (), []
    kinds = ", ".join(
        f"{len(np.unique(x))} different {name}" for name, x in zip(sample.names, runs.x, strict=True)
    )
    told = "predictions near the runs may still be good, the constants are not"
    return order, [f"these runs do not determine {', '.join(order)}: they have {kinds}; {told}"]


def _standard_errors(theta: _Array, residuals: _Array, sample: _Sample) -> _Array:
    """Return about how far exponents and E may be off, in centred units, taking the law for straight."""
    terms, x = len(sample.names), sample.runs.x
    p = np.exp(theta[:terms, None] - theta[terms:-1, None] * x)
    jacobian = np.concatenate([p, -p * x, np.ones((1, x.shape[1]))]) / (p.sum(axis=0) + theta[-1])
    join = _descent.joined(terms) if sample.tied else np.eye(2 * terms + 1)
    if sample.floor is not None or theta[-1] == 0:
        join = join[:, :-1]  # E is where it is
    columns = join.T @ jacobian
    size = np.maximum(np.linalg.norm(columns, axis=1), 1e-300)
    unit = columns / size[:, None]
    curvature, directions = np.linalg.eigh((unit * sample.weights) @ unit.T)
    noise = 1.4826 * float(np.median(np.abs(residuals))) + 1e-8  # 1.4826 medians are a standard deviation
    error = noise * np.sqrt((directions**2 / np.maximum(curvature, 1e-15)).sum(axis=1)) / size
    return np.asarray((join @ error)[terms:])
