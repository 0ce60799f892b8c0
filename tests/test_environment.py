"""What Binder installs: environment.yml has everything that a chapter loads, at the locked versions."""

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions

import nbformat
import pytest
import yaml
from conftest import ROOT

from scripts.install_lines import install_lines

NOTEBOOKS = sorted((ROOT / "book").glob("*.ipynb"))
MODULES = sorted((ROOT / "frontier").rglob("*.py"))
# pandas is asked for where it is there, and done without where it is not; IPython comes with every kernel.
OPTIONAL = {"pandas", "IPython"}


def canonical(name):
    """Return one name for what conda and PyPI call by two: matplotlib-base, lazy_loader."""
    return re.sub(r"[-_.]+", "-", name.strip().lower()).removesuffix("-base")


def imported(source):
    """Return the top-level modules that a source imports anywhere, without Python's own and ours."""
    nodes = list(ast.walk(ast.parse(source)))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and not node.level]
    return {name.split(".")[0] for name in names} - set(sys.stdlib_module_names) - {"frontier"}


def imported_by_notebook(path):
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    return imported("\n".join(cell.source.removeprefix(install_lines()) for cell in cells))


@cache
def locked():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return {canonical(name): version for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", lock, re.M)}


distributions = cache(packages_distributions)


def missing(modules, environment):
    """Return what an environment lacks, or has at another version than the locked one, for these modules."""
    listed = {}
    for entry in yaml.safe_load(environment)["dependencies"]:
        for requirement in entry["pip"] if isinstance(entry, dict) else [entry]:
            name, _, version = requirement.replace("==", "=").partition("=")
            listed[canonical(name)] = version.strip()
    needed = {canonical(distributions()[module][0]) for module in modules}
    wanted = {name: locked()[name] for name in needed | listed.keys() & locked().keys()}
    return {name: version for name, version in wanted.items() if listed.get(name) != version}


ENVIRONMENT = (ROOT / "environment.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_finds_all_it_imports(path):
    assert missing(imported_by_notebook(path), ENVIRONMENT) == {}


def test_the_package_and_jupyterlab_find_all_they_need():
    modules = set().union(*(imported(path.read_text(encoding="utf-8")) for path in MODULES))
    assert {"numpy", "matplotlib", "ipywidgets"} <= modules, "the reading of the sources works"
    assert missing(modules - OPTIONAL | {"jupyterlab", "jupyterlab_myst"}, ENVIRONMENT) == {}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {canonical(re.match(r"[\w.-]+", entry)[0]) for entry in project["dependencies"]}
    assert names <= {canonical(name) for name in re.findall(r"^ +- ([\w.-]+)", ENVIRONMENT, re.M)}


@pytest.mark.parametrize("module", ["numpy", "sklearn"])
def test_a_package_that_is_left_out_is_noticed(module):
    """That is, the tests above can fail."""
    name = canonical(distributions()[module][0])
    without = re.sub(rf"^ +- {name}=.*\n", "", ENVIRONMENT, flags=re.M)
    other = re.sub(rf"^( +- {name})=.*\n", r"\1=0.1\n", ENVIRONMENT, flags=re.M)
    assert module in set().union(*map(imported_by_notebook, NOTEBOOKS))
    for changed in (without, other):
        assert changed != ENVIRONMENT
        assert missing({module}, changed) == {name: locked()[name]}


def test_post_build_installs_the_package_alone():
    """A package without --no-deps would change what the layer before it has installed."""
    lines = (ROOT / "postBuild").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#!/bin/bash"
    commands = [line for line in lines if line and not line.startswith(("#", "set "))]
    assert [line.split("  #")[0] for line in commands] == [
        "python -m pip install --no-deps .",
        "jupyter trust notebooks/*.ipynb book/*.ipynb",
    ]
    assert (ROOT / "postBuild").stat().st_mode & 0o111, "it can be executed"
