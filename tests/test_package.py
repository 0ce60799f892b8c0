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

MODULES = sorted(
    ".".join(path.relative_to(ROOT / "frontier").with_suffix("").parts)
    for path in (ROOT / "frontier").rglob("*.py")
    if not path.name.startswith("_")
)
every_module = pytest.mark.parametrize("name", MODULES)


def defined_in(name):
    """Return the public names a module defines, imports left out."""
    tree = ast.parse((ROOT / "frontier" / f"{name.replace('.', '/')}.py").read_text(encoding="utf-8"))
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
    assert not {f"frontier.{name}" for name in MODULES} & loaded


def test_the_laws_and_the_registry_load_nothing_heavy():
    code = (
        "from frontier import registry, scaling\n"
        "scaling.besiroglu_2024_draws().optimal(1e23)\n"
        "print(registry.entries('models')._repr_html_())"
    )
    loaded = loaded_by(code)
    assert "frontier.scaling" in loaded
    assert not HEAVY & loaded


def test_drawing_a_slider_loads_neither_pyplot_nor_widgets():
    code = (
        "from frontier.show import Control, explore\n"
        "explore(lambda ax, x: 'text', alt='a', caption='c', x=Control('X', [1, 2])).html()"
    )
    assert not {"matplotlib.pyplot", "ipywidgets", "pandas", "IPython"} & loaded_by(code)


def test_the_package_offers_its_submodules():
    assert {name.split(".")[0] for name in MODULES} == set(frontier.__all__) <= set(dir(frontier))
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
def test_every_module_and_everything_public_has_a_docstring(name):
    found = {name: importlib.import_module(f"frontier.{name}"), **dict(callables(name))}
    assert [public for public, thing in found.items() if not (inspect.getdoc(thing) or "").strip()] == []
