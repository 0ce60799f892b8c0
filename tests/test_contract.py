"""What public functions promise of their arguments (the docstring of `frontier`), held by their signatures.

A new function needs a sample of each argument without a default: under the argument's name where that means
the same everywhere, else under "function.argument".
"""

import importlib
import inspect
import itertools
import re
from collections.abc import Mapping
from dataclasses import is_dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import frontier
from frontier import (
    audit,
    bekenstein,
    ceilings,
    codes,
    decoder,
    fitting,
    knee,
    multitask,
    scaling,
    sweep,
    transformer,
)

RUNS = sweep.runs()
# Of each class that checks its fields and of which its module holds no instance.
INSTANCES = [
    knee.BrokenLaw(E=1.8, scale=0.3, exponent=0.2, at=1e9),
    audit.TrainingRun(7e10, 1.4e12),
    bekenstein.Box(1.0, 0.1),
    ceilings.Between(1.0, 2.0),
    ceilings.published(),
    transformer.published("DeepSeek-V3"),
    scaling.PowerLaw(1.8, 2700.0, 0.18),
]
COLUMNS = RUNS.n_params, RUNS.n_tokens, RUNS.loss
SCALARS = {
    1: "mended_symbols n_labels n_networks n_pairs n_queries n_tasks n_test budget steps correctable",
    2: "depth n_points n_values sequence_tokens",
    3: "bits distance kernel n_blocks n_filters n_games n_inputs n_layers n_qubits n_simulations "
    "n_samples n_workers planes",
    0.5: "agree asymptote kept",
    8: "block_symbols context length n_chips n_items side symbol_bits width",
    0.01: "molar_mass noise rate target_error",
    0.1: "before distortion efficiency error_rate mfu p prefactor ratio success",
    0.9: "level",
    1.5: "area chip_hours classical_time communication_time cycle_time diffusivity duration energy epochs "
    "factor half_separation hours low mass now power quantum_time radius snr_linear spectral_efficiency "
    "pue step_time temperature variance volume",
    2.5: "bits_per_op bits_per_param compute_time doubling_years ebn0_linear elo growth high loss move_time "
    "exponent price_per_chip_hour",
    1e9: "at bandwidth batch batch_tokens bit_rate bytes_per_second critical energy_per_op flop "
    "flop_per_joule flop_per_second inference_tokens limit message_bytes n_examples n_params n_sequential "
    "midpoint n_tokens peak non_embedding start symbol_rate tokens_per_param total unique_tokens",
}
SAMPLES = {
    **{name: value for value, names in SCALARS.items() for name in names.split()},
    "accuracy": [0.2, 0.4, 0.9],
    "backtest.below": 5e12,
    "draws": fitting.bootstrap(*COLUMNS, n_resamples=5),
    "expected_error.n_params": RUNS.n_params,
    "expected_error.n_tokens": RUNS.n_tokens,
    "fit_power.resource": RUNS.flop,
    "bootstrap_power.resource": RUNS.flop,
    "fit_product.y": [1.0, 1.4, 1.5, 1.6],
    "fit_sigmoid.loss": [3.0, 2.5, 2.0],
    "found": fitting.fit(*COLUMNS),
    "half_width": 0.01,
    "params_to_reach.loss": 4.5,
    "plan_sweep.flop": 1e20,
    "resource_to_reach.loss": 2.5,
    "settings": {"x": [1.0, 2.0, 3.0, 4.0]},
    "sizes": np.logspace(7, 9, 9),
    "amount": [1.0, 2.2, 3.9, 8.1],
    "assumptions": INSTANCES[4],
    "best": SimpleNamespace(flop=np.array([1e12, 1e13]), loss=np.array([1.5, 1.2])),
    "code": codes.hamming(),
    "compare.inputs": np.eye(800, 3),
    "compare.labels": np.eye(800, 1),
    "counts": [3, 1, 1],
    "decoder.loss.weights": decoder.random_weights(8, 1),
    "functions": [[0, 1], [1, 0]],
    "gate": [0, 1, 3, 2],
    "gradient": [0.1, -0.2],
    "gradients": np.eye(4, 3),
    "inputs": np.eye(4, 3),
    "knee_power.law": INSTANCES[0],
    "labels": [[1], [0], [1], [0]],
    "law": scaling.BESIROGLU_2024,
    "model": INSTANCES[5],
    "learner": lambda points, values, query: 0,
    "network": multitask.random_network(3, 1, n_hidden=2),
    "ours": RUNS,
    "probabilities": [0.5, 0.5],
    "run": audit.TrainingRun(7e10, 1.4e12, chip="H100 SXM5", bits_per_flop=1.0),
    "resource": [1.0, 10.0, 100.0],
    "score": [0.2, 0.3, 0.5],
    "searcher": lambda points, values, unvisited: unvisited[0],
    "seed": 0,
    "sequence": [0, 1, 1, 0],
    "states": [0, 1],
    "symbols": [0, 1, 1, 2],
    "test": knee.KneeTest(INSTANCES[0], INSTANCES[0], 1.0, 0.5, 0.01),
    "training_points": [0],
    "truth_table": [0, 1, 1, 0],
    "values": [1.0, 2.0],
    "weights": decoder.random_weights(8, 1),
    "windows": np.tile(np.arange(65) % 5, (4, 1)),
    "x": [1.0, 2.0, 3.0, 4.0],
    "y": [1.0, 1.4, 1.5, 1.6],
    "year": [2010.0, 2011.0, 2012.0, 2013.0],
}
# Functions that take the columns of a table of runs.
TABLES = {"fit", "bootstrap", "knee_test", "knee_power", "excess", "parametric_minima", "resample"}
TABLES |= {
    "forecast_error",
    "envelope",
    "lowest",
    "isoflop_minima",
    "fit_power",
    "bootstrap_power",
    "backtest",
}
# Arguments that may be below zero.
SIGNED = {"functions", "gradient", "gradients", "inputs", "score", "sequence", "values"}
SIGNED |= {"ebn0_linear", "elo", "start", "tilt", "x", "y", "year"}
# Not checked: a loss that a sum calls for each point, and a result, whose fields we made ourselves.
UNCHECKED = {"zero_one_loss", "Erasure"}
NUMBERS = re.compile(r"(ArrayLike|Float|float|int)( \| None)?")
RULES = {r"above (-?\d+)\b": 0, r"at least (-?\d+)\b": 1, r"\b(\d+) or more": 1}  # less this much is out


class Function:
    """A public function, method or constructor, with a sample of each argument that it needs."""

    def __init__(self, name, call, owner=None):
        self.name, self.call, self.owner, self.doc = name, call, owner, inspect.getdoc(call) or ""
        kinds = inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD
        self.parameters = {n: p for n, p in inspect.signature(call).parameters.items() if p.kind not in kinds}
        self.kinds = {n: str(p.annotation) for n, p in self.parameters.items()}
        self.numbers = [n for n, kind in self.kinds.items() if NUMBERS.fullmatch(kind)]

    @property
    def checked(self):
        """Whether it takes numbers, and is no player of a game, which a search calls by the million."""
        last = self.name.split(".")[-1]
        return bool(self.numbers) and "Seen" not in self.kinds.values() and last not in UNCHECKED

    def sample(self, name):
        last, default = self.name.split(".")[-1], self.parameters[name].default
        if self.owner is not None and hasattr(self.owner, name) and self.call is type(self.owner):
            return getattr(self.owner, name)
        if last in TABLES and hasattr(RUNS, name):
            return getattr(RUNS, name)
        for key in (f"{last}.{name}", *([name] if default is inspect.Parameter.empty else [])):
            if key in SAMPLES:
                return SAMPLES[key]
        return default

    @property
    def missing(self):
        """Return the arguments of which there is neither a sample nor a default."""
        return [f"{self.name}.{name}" for name in self.kinds if self.sample(name) is inspect.Parameter.empty]

    def __call__(self, **changes):
        needed = [n for n, p in self.parameters.items() if p.default is inspect.Parameter.empty]
        few = {name: 9 for name in ("n_resamples", "n_simulations") if name in self.parameters}
        return self.call(**{name: self.sample(name) for name in needed} | few | changes)

    def out_of_range(self, name):
        """Return numbers that the docstring excludes where it says what the argument is; -1 by default."""
        pattern = rf"^(?:.*, )?{name}(?:, .*)? :.*\n((?: {{4}}.*\n?)+)"
        said = " ".join(re.findall(pattern, self.doc, re.MULTILINE)[:1])
        bad = [float(number) - less for rule, less in RULES.items() for number in re.findall(rule, said)]
        for low, high in re.findall(r"between (-?[\d.]+) and ([\d.]+)", said):
            bad += [float(low) - 0.5, float(high) + 0.5]
        return bad or ([] if name in SIGNED else [-1.0])


def public():
    """Yield every public function, and every class that checks its fields with its methods."""
    for path in sorted(Path(frontier.__file__).parent.glob("[!_]*.py")):
        module = importlib.import_module(f"frontier.{path.stem}")
        for name, thing in vars(module).items():
            if name.startswith("_") or getattr(thing, "__module__", "") != module.__name__:
                continue
            if inspect.isfunction(inspect.unwrap(thing)):
                yield Function(f"{path.stem}.{name}", thing)
            elif isinstance(thing, type) and hasattr(thing, "__post_init__"):
                known = [*INSTANCES, *vars(module).values()]
                owner = next((one for one in known if type(one) is thing), None)
                yield Function(f"{path.stem}.{name}", thing, owner)
                for method, value in vars(thing).items():
                    if not method.startswith("_") and inspect.isfunction(value):
                        yield Function(f"{path.stem}.{name}.{method}", getattr(owner, method, value), owner)


CHECKED = [function for function in public() if function.checked]
FUNCTIONS = [function for function in CHECKED if not function.missing]
ELEMENTWISE = [
    f
    for f in FUNCTIONS
    if f.call is not type(f.owner)
    and f.name != "selfplay.self_play"  # one run, whose power is a range
    and all(f.kinds[n] in ("ArrayLike", "float", "int", "ScalingLaw") for n in f.kinds)
    and any(f.kinds[n] == "ArrayLike" for n in f.kinds)
    and all(np.ndim(f.sample(n)) == 0 for n in f.kinds if f.kinds[n] == "ArrayLike")
]
every_elementwise = pytest.mark.parametrize("function", ELEMENTWISE, ids=lambda function: function.name)


def test_every_argument_without_a_default_has_a_sample():
    assert [name for function in CHECKED for name in function.missing] == []


@pytest.mark.parametrize(
    ("function", "name"), [pytest.param(f, n, id=f"{f.name}-{n}") for f in FUNCTIONS for n in f.numbers]
)
def test_a_bad_argument_is_refused_by_name_with_its_value(function, name):
    kind, sample = function.kinds[name], function.sample(name)
    bad = [np.nan, np.inf, "many", *function.out_of_range(name)]
    bad += [] if kind.endswith("None") else [None]
    bad += [2.5] if kind.startswith("int") else []
    bad += [np.ma.masked_array([1.0, 2.0], [True, False])]
    for value in bad:
        wrong = value
        if np.ndim(sample) and isinstance(value, float):  # one bad number among good ones
            wrong = np.array(sample, float)
            wrong.flat[-1] = value
        with pytest.raises((ValueError, TypeError)) as refusal:
            function(**{name: wrong})
        said = str(refusal.value)
        assert re.search(rf"\b{name}\b", said), f"{said!r} does not name {name}"
        shown = {repr(value), str(value)} | ({f"{value:g}"} if isinstance(value, float) else {"masked"})
        assert any(words in said for words in shown), f"{said!r} does not show {value!r}"


# What a docstring must say where an argument of this name stands: its unit.
UNITS = {
    **dict.fromkeys(["energy", "energy_per_op"], "joules?"),
    **dict.fromkeys(["duration", "latency", "step_time", "compute_time", "move_time"], "[Ss]econds?"),
    **dict.fromkeys(["radius", "distance", "area", "volume", "half_separation"], "met(re|er)s?"),
    "power": "watts?",
    "temperature": "kelvin",
    "mass": "kilograms?",
    "bandwidth": "hertz",
    "days": "days?",
    "flop": "FLOP",
    "molar_mass": "kg/mol",
    "snr_linear": "decibels",
    "ebn0_linear": "decibels",
}
NO_UNIT = {"knee", "fitting", "measuring", "brownian"}  # budgets and times in any unit


@pytest.mark.parametrize("function", list(public()), ids=lambda function: function.name)
def test_a_quantity_has_its_unit_in_the_docstring(function):
    for name in set(function.parameters) & set(UNITS):
        if not (function.name.split(".")[0] in NO_UNIT or function.name.startswith("quantum.surface")):
            assert re.search(rf"\b{UNITS[name]}\b", function.doc), f"{name} of {function.name} has no unit"


SEEDED = [f for f in public() if "seed" in f.kinds and "Seen" not in f.kinds.values()]


@pytest.mark.parametrize("function", SEEDED, ids=lambda function: function.name)
@pytest.mark.parametrize(("seed", "error"), [(-1, ValueError), ("today", TypeError), (1.5, TypeError)])
def test_a_seed_numpy_cannot_use_is_refused_by_name(function, seed, error):
    with pytest.raises(error, match=rf"^seed must be something that .*default_rng takes, got {seed!r}$"):
        function(seed=seed)


def parts(result):
    """Return the numbers of a result: of one that has fields, each."""
    return [np.asarray(part) for part in (result if isinstance(result, tuple) else (result,))]


@every_elementwise
def test_scalars_give_scalars_and_arrays_broadcast_and_stay_as_they_were(function):
    names = [n for n in function.kinds if function.kinds[n] == "ArrayLike"]
    scalars = {name: function.sample(name) for name in names}
    result = function(**scalars)
    for part in result if isinstance(result, tuple) else (result,):
        assert isinstance(part, float | int), f"{part!r} is no plain number"
    arrays = {name: np.full((2, 1) if k % 2 else 3, scalars[name]) for k, name in enumerate(names)}
    for array in arrays.values():
        array.setflags(write=False)
    for whole, one in zip(parts(function(**arrays)), parts(result), strict=True):
        assert whole.shape == ((2, 3) if len(names) > 1 else (3,))
        np.testing.assert_allclose(whole, one)
    for one, other in itertools.combinations(names, 2):
        clash = {one: np.full(2, scalars[one]), other: np.full(3, scalars[other])}
        with pytest.raises(ValueError, match="must broadcast against each other") as refusal:
            function(**clash)
        assert all(words in str(refusal.value) for words in (one, other, "(2,)", "(3,)"))


@pytest.mark.parametrize(
    "function", [f for f in FUNCTIONS if not isinstance(f.call, type)], ids=lambda function: function.name
)
def test_one_number_is_wanted_where_one_is_meant(function):
    for name in function.numbers:
        if function.kinds[name] in ("float", "int"):
            with pytest.raises((ValueError, TypeError), match=rf"^{name} must be .*\(2,\)"):
                function(**{name: np.full(2, function.sample(name))})


MAGNITUDES = [1e-300, 1e-160, 1e-30, 1e-3, 1.0, 3.0, 1e3, 1e30, 1e160, 1e300]
# Where 0 is the right result somewhere: at a limit that is reached, nothing to send, half of all marked.
ZEROS = {"orders", "doublings", "years_until", "grover_queries", "log10_cup_fraction", "bsc_capacity"}
ZEROS |= {"binary_entropy", "ring_allreduce_time", "tree_allreduce_time", "block_failure", "cup_fraction"}


def magnitudes(function, n_random=150):
    """Yield arguments of any magnitude: one after the other, and all at once."""
    names = [n for n in function.kinds if function.kinds[n] == "ArrayLike"]
    sizes = {n: [*MAGNITUDES, *(-size for size in MAGNITUDES if n in SIGNED)] for n in names}
    for name in names:
        yield from ({name: size} for size in sizes[name])
    rng = np.random.default_rng(0)
    yield from ({name: float(rng.choice(sizes[name])) for name in names} for _ in range(n_random))


@every_elementwise
def test_whatever_the_magnitude_a_result_is_finite_and_not_0_or_refused(function):
    least = 0 if function.name.split(".")[-1] in ZEROS else np.finfo(float).tiny
    for given in magnitudes(function):
        try:
            found = parts(function(**given))
        except (ValueError, OverflowError):
            continue
        for part in found:
            assert np.isfinite(part), f"{given} gives {part}"
            assert abs(part) >= least, f"{given} gives {part}"


# A NaN or an infinity that is meant, and what it says.
MEANT = {
    "measuring.excess": "NaN where a loss lies outside the frontier",
    "growth.doubling_time": "infinite where nothing grows, or the data do not exclude that",
    "network.gradient_noise_scale": "infinite where the examples are too few",
}
OTHERS = [f for f in FUNCTIONS if f not in ELEMENTWISE]
OTHERS = [f for f in OTHERS if f.name != "brownian.erase_bit"]  # takes minutes


def numbers(result):
    """Return every array of numbers in a result."""
    if isinstance(result, Mapping):
        result = tuple(result.values())
    elif is_dataclass(result):
        result = tuple(vars(result).values())
    if isinstance(result, tuple | list):
        return [array for part in result for array in numbers(part)]
    array = np.asarray(result)
    return [array] if array.dtype.kind in "iuf" else []


@pytest.mark.filterwarnings("ignore::UserWarning")  # what a fit doubts
@pytest.mark.parametrize("function", OTHERS, ids=lambda function: function.name)
def test_whatever_the_magnitude_a_result_of_arrays_is_finite_or_refused(function):
    for name in function.numbers:
        sample = function.sample(name)
        if function.kinds[name].startswith("int") or (function.kinds[name] == "Float" and sample is None):
            continue
        signs = (1, -1) if name in SIGNED else (1,)
        for size, sign in itertools.product(MAGNITUDES, signs):
            with np.errstate(over="ignore"):  # which is refused
                value = np.asarray(1.0 if sample is None else sample, dtype=float) * size * sign
            try:
                found = numbers(function(**{name: value if value.ndim else float(value)}))
            except (ValueError, OverflowError):
                continue
            if function.name not in MEANT:
                assert all(np.all(np.isfinite(part)) for part in found), f"{name} of {size} gives {found}"
