"""The package as a whole: what it loads, what it offers, what it says of itself."""

import ast
import importlib
import inspect
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

import frontier

ROOT = Path(__file__).parents[1]

# The public API: a change here is a change for readers, so it is made on purpose or not at all.
PUBLIC = {
    "landauer": [
        "Array",
        "Integers",
        "NOT",
        "CNOT",
        "TOFFOLI",
        "FREDKIN",
        "erasure_energy",
        "max_erasures",
        "overhead",
        "finite_time_erasure_energy",
        "Erasure",
        "erase_bit",
        "erased_bits",
        "is_reversible",
        "apply_gate",
    ],
    "bekenstein": [
        "PLANCK_AREA",
        "max_bits",
        "rest_energy",
        "holographic_bits",
        "schwarzschild_radius",
        "black_hole_bits",
        "radiation_bits",
        "margolus_levitin_rate",
        "bremermann_rate",
        "bits_per_atom_limit",
    ],
    "compression": [
        *("Ints", "Compressed", "entropy", "huffman_lengths", "huffman_rate"),
        *("bfloat16_fields", "quantize_weights"),
    ],
    "binding": [
        "Array",
        "shortest_duration",
        "largest_distance",
        "data_limited_flop",
        "energy_limited_flop",
        "latency_limited_flop",
        "lognormal_draws",
        "years_until",
        "first_to_bind",
    ],
    "quantum": [
        "MAX_AMPLITUDES",
        "MAX_UPDATES",
        "MAX_PHASE",
        "TOFFOLI_ROUNDS",
        "GroverRun",
        "BreakEven",
        "grover_success",
        "grover_queries",
        "classical_queries",
        "simulate_grover",
        "surface_code_qubits",
        "logical_error",
        "required_distance",
        "toffoli_time",
        "break_even",
        "holevo_bits",
        "superdense_bits",
        "holevo_information",
    ],
    "codes": [
        "Bits",
        "Array",
        "BATCH",
        "HAMMING",
        "Code",
        "ErrorRates",
        "uncoded",
        "repetition",
        "hamming",
        "polar",
        "CODES",
        "simulate_code",
        "block_failure",
    ],
    "collectives": [
        "Array",
        "MAX_BITS",
        "Quantizer",
        "Quantized",
        "BatchCost",
        "ring_allreduce_time",
        "tree_allreduce_time",
        "scaling_efficiency",
        "critical_batch",
        "gradient_noise_scale",
        "batch_cost",
        "lloyd_max",
        "uniform_quantizer",
        "quantize_gradient",
    ],
    "shannon": [
        "Array",
        "LN2",
        "BLAHUT_STEPS",
        "ChannelInput",
        "WaterFilling",
        "binary_entropy",
        "bsc_capacity",
        "bec_capacity",
        "channel_capacity",
        "optimal_input",
        "awgn_capacity",
        "ebn0_limit",
        "binary_input_capacity",
        "binary_input_ebn0_limit",
        "water_filling",
        "gaussian_rate",
        "gaussian_distortion",
    ],
    "nofreelunch": [
        "Ints",
        "Seen",
        "Searcher",
        "Learner",
        "Prior",
        "all_functions",
        "permutation_closure",
        "is_closed_under_permutation",
        "is_block_uniform",
        "symmetrise",
        "cup_fraction",
        "log10_cup_fraction",
        "in_order",
        "reverse_order",
        "hill_climb",
        "hill_descend",
        "random_order",
        "all_searchers",
        "best_searcher",
        "value_sequences",
        "mean_performance",
        "search_advantage",
        "nearest_neighbour",
        "majority",
        "best_learner",
        "zero_one_loss",
        "off_training_set_error",
        "prior_advantage",
        "smooth_prior",
        "simple_prior",
        "lempel_ziv_complexity",
    ],
    "multitask": [
        "Array",
        "BETAS",
        "Network",
        "Comparison",
        "random_network",
        "train",
        "pretrain",
        "new_heads",
        "accuracy",
        "training_flop",
        "compare",
    ],
    "audit": [
        "DAY",
        "NOT_ASSESSED",
        "TrainingRun",
        "Row",
        "Audit",
        "audit",
    ],
    "registry": [
        "Fact",
        "Model",
        "Chip",
        "Medium",
        "Link",
        "Finding",
        "Limit",
        "Evaluation",
        "models",
        "model",
        "chips",
        "chip",
        "media",
        "medium",
        "links",
        "link",
        "findings",
        "finding",
        "limits",
        "limit",
        "facts",
        "evaluations",
        "sources",
        "source_link",
    ],
    "scaling": [
        *("PF_DAY", "EMBEDDING_SCALE", "R_STAR_TOKENS", "R_STAR_PARAMS"),
        *("Allocation", "training_flop", "ScalingLaw", "KaplanLaw", "PowerAllocation", "ComputeLaw"),
        *("effective_tokens", "data_constrained_loss", "excess_compute", "inference_optimal"),
        "return_per_decade",
        *("total_params", "non_embedding_params", "besiroglu_2024_draws"),
        *("HOFFMANN_2022", "HOFFMANN_2022_ROUNDED", "HOFFMANN_2022_APPROACH_1", "HOFFMANN_2022_APPROACH_2"),
        *("BESIROGLU_2024", "MUENNIGHOFF_2023", "KAPLAN_2020", "BROWN_2020"),
    ],
    "fitting": [
        *("NAMES", "POLISHED", "CHUNK", "BLOCK", "CAP"),
        *("Fit", "Bootstrap", "fit", "bootstrap"),
    ],
    "sweep": [
        *("Runs", "Text", "Frontier", "Prediction", "PowerLaw", "runs", "curve", "prediction", "seed_noise"),
        *(
            "text",
            "envelope",
            "lowest",
            "excess",
            "isoflop_minima",
            "parametric_minima",
            "power_law",
            "resample",
        ),
    ],
    "decoder": [
        *("Array", "VOCABULARY", "CONTEXT", "HEAD", "EPS", "BASE", "BETAS", "CLIP", "WARMUP", "COOLDOWN"),
        *("Layer", "Weights", "random_weights", "loss", "loss_and_gradient", "train"),
    ],
    "ledger": ["VERDICTS", "Claim", "claims", "counts", "Ledger"],
    "knee": [
        *("WIDTH", "EXPONENTS", "KEPT", "PLACES", "ROUNDS"),
        *("BrokenLaw", "KneeTest", "knee_test", "knee_power", "chord_knee"),
    ],
    "tables": ["Row", "Table"],
    "plotting": [
        *("COLORS", "CYCLE", "WIDTH", "figure", "Picture", "picture", "to_svg", "caption_html", "data_link"),
        *("log_axis", "title", "label"),
    ],
    "drawn": ["COLUMNS", "MOST", "as_csv"],
    "text": ["power_of_ten", "scientific", "compact_number", "plain_or_scientific"],
    "explore": ["MAX_FRAMES", "Control", "explore", "Explorer"],
}
every_module = pytest.mark.parametrize("name", PUBLIC)


def defined_in(name):
    """Return the public names a module defines, imports left out."""
    tree = ast.parse((ROOT / "frontier" / f"{name}.py").read_text(encoding="utf-8"))
    names = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names += [
                found.id for target in targets for found in ast.walk(target) if isinstance(found, ast.Name)
            ]
    return [public for public in names if not public.startswith("_")]


def callables(name):
    """Return what needs a docstring: public functions and classes, and public methods."""
    module = importlib.import_module(f"frontier.{name}")
    for public in defined_in(name):
        thing = getattr(module, public)
        if not (inspect.isfunction(inspect.unwrap(thing)) or inspect.isclass(thing)):
            continue
        yield public, thing
        if inspect.isclass(thing):
            for method, value in vars(thing).items():
                if not method.startswith("_") and (inspect.isfunction(value) or isinstance(value, property)):
                    yield f"{public}.{method}", value


def loaded_by(code):
    """Return the modules a fresh Python has after running the code."""
    code += "\nimport sys; print(*sys.modules)"
    return set(subprocess.check_output([sys.executable, "-c", code], text=True).split())


HEAVY = {"matplotlib", "ipywidgets", "pandas", "IPython", "scipy.optimize"}


def test_importing_the_package_loads_nothing_heavy():
    loaded = loaded_by("import frontier")
    assert "frontier" in loaded
    assert not HEAVY & loaded
    assert not {f"frontier.{name}" for name in PUBLIC} & loaded


def test_the_laws_and_the_registry_load_nothing_heavy():
    code = (
        "from frontier import registry, scaling, tables\n"
        "scaling.besiroglu_2024_draws().optimal(1e23)\n"
        "print(registry.models()._repr_html_())"
    )
    loaded = loaded_by(code)
    assert "frontier.scaling" in loaded
    assert not HEAVY & loaded


def test_drawing_a_slider_loads_neither_pyplot_nor_widgets():
    code = (
        "from frontier.explore import Control, explore\n"
        "explore(lambda ax, x: 'text', alt='a', caption='c', x=Control('X', [1, 2])).html()"
    )
    assert not {"matplotlib.pyplot", "ipywidgets", "pandas", "IPython"} & loaded_by(code)


def test_the_package_offers_its_submodules():
    assert set(PUBLIC) <= set(frontier.__all__)
    assert set(PUBLIC) <= set(dir(frontier))
    for name in frontier.__all__:
        assert inspect.ismodule(getattr(frontier, name))
    with pytest.raises(AttributeError, match="nonsense"):
        _ = frontier.nonsense


def test_the_version_is_the_one_of_pyproject():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert frontier.__version__ == project["version"]


def test_the_wheel_and_the_sdist_hold_every_file_of_the_package(tmp_path, monkeypatch):
    from flit_core import buildapi

    monkeypatch.chdir(ROOT)
    with zipfile.ZipFile(tmp_path / buildapi.build_wheel(str(tmp_path))) as archive:
        wheel = archive.namelist()
    with tarfile.open(tmp_path / buildapi.build_sdist(str(tmp_path))) as archive:
        sdist = archive.getnames()
    folder = f"efficient_compute_frontier-{frontier.__version__}"
    wanted = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "frontier").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert {"frontier/py.typed", "frontier/data/models.csv"} <= wanted
    assert wanted <= set(wheel)
    assert {f"{folder}/{name}" for name in wanted} <= set(sdist)


@every_module
def test_the_public_names_are_the_pinned_ones(name):
    assert sorted(defined_in(name)) == sorted(PUBLIC[name])


@every_module
def test_everything_public_has_a_docstring(name):
    found = dict(callables(name))
    assert found
    missing = [public for public, thing in found.items() if not (inspect.getdoc(thing) or "").strip()]
    assert missing == []


@every_module
def test_every_module_says_what_it_is_for(name):
    assert (importlib.import_module(f"frontier.{name}").__doc__ or "").strip()


def test_the_laws_know_neither_figures_nor_tables():
    imports = {
        alias.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(ast.parse((ROOT / "frontier" / "scaling.py").read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    foreign = {name.split(".")[0] for name in imports} - set(sys.stdlib_module_names)
    assert foreign == {"numpy", "frontier"}
    assert {name for name in imports if name.startswith("frontier")} == {"frontier._checks"}
