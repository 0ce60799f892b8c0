"""The map of the house: who may import whom, no circles, and no public function without a caller."""

import ast
import re
import sys
from functools import cache
from graphlib import TopologicalSorter

import nbformat
import pytest
from conftest import ROOT

NOTEBOOKS = sorted((ROOT / "book").glob("*.ipynb"))
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "frontier").rglob("*.py"))
}
# What combines laws and published numbers; every other module at the top of the package is a law.
COMBINING = {
    *(
        "registry",
        "ledger",
        "sweep",
        "measuring",
        "fitting",
        "forecasting",
        "planning",
        "knee",
        "audit",
        "ceilings",
        "runs",
        "selfplay",
    )
}
# Which room may import which rooms, and which single modules of the others.
MAY = {
    "checks": set(),
    "laws": {"checks", "laws", "show.progress"},
    "combining": {"checks", "laws", "combining", "show.progress", "show.table", "show.words"},
    "show": {"checks", "show"},
    "chapters": {"checks", "laws", "combining", "show"},
}
# Public, though nothing calls it: the name, and why.
UNCALLED: dict[str, str] = {}


def room(name):
    """Return the room in which a module stands."""
    top = name.split(".")[1]
    if top in ("_checks", "show", "chapters"):
        return top.strip("_")
    return "combining" if top in COMBINING else "laws"


@cache
def tree(path):
    """Return the syntax of a module, or of the code cells of a notebook."""
    if path.suffix == ".py":
        return ast.parse(path.read_text(encoding="utf-8"))
    code = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    return ast.parse(re.sub(r"^(\s*)[%!].*$", r"\1pass", "\n".join(code), flags=re.MULTILINE))


@cache
def imports(path):
    """Return what a file imports, inside functions too: modules of ours, and the top package of others."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} imports {node.module} relative to itself"
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (inside & set(MODULES)) or {node.module}
    return {name if name.split(".")[0] == "frontier" else name.split(".")[0] for name in found}


def ours(path):
    return {name for name in imports(path) if name.split(".")[0] == "frontier"}


@pytest.mark.parametrize("name", [name for name in MODULES if name != "frontier"])
def test_a_module_imports_only_from_the_rooms_it_may(name):
    wrong = [
        target
        for target in ours(MODULES[name])
        if target == "frontier" or not {room(target), target.removeprefix("frontier.")} & MAY[room(name)]
    ]
    assert wrong == [], f"{name} in the room {room(name)} may import {MAY[room(name)]}"


def test_there_is_no_circle():
    graph = {name: ours(path) for name, path in MODULES.items()}
    list(TopologicalSorter(graph).static_order())  # a CycleError names the circle


@pytest.mark.parametrize("name", [name for name in MODULES if name != "frontier" and room(name) == "laws"])
def test_a_law_loads_only_numpy_and_scipy(name):
    others = imports(MODULES[name]) - ours(MODULES[name])
    assert others <= {*sys.stdlib_module_names, "numpy", "scipy"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_imports_of_the_chapters_its_own_module_alone(path):
    chapters = {name for name in ours(path) if name.startswith("frontier.chapters")}
    assert chapters <= {f"frontier.chapters.{path.stem.replace('-', '_')}"}


def test_every_module_of_the_chapters_has_its_notebook():
    wanted = {f"frontier.chapters.{path.stem.replace('-', '_')}": path for path in NOTEBOOKS}
    for name in MODULES:
        if name.startswith("frontier.chapters."):
            assert name in ours(wanted[name]), f"{wanted[name].name} does not import {name}"


def parts(path):
    """Return the top statements of a file, in a notebook its inline values too."""
    found = list(tree(path).body)
    if path.suffix == ".ipynb":
        cells = nbformat.read(path, as_version=4).cells
        prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
        found += [ast.parse(value) for value in re.findall(r"\{eval\}`([^`]+)`", prose)]
    return found


def names(part):
    """Return the names that a statement reads."""
    nodes = list(ast.walk(part))
    found = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    found |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return found | {alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names}


def test_every_public_function_is_called_by_a_chapter_a_script_or_another_function():
    files = [*MODULES.values(), *NOTEBOOKS, *(ROOT / "scripts").glob("*.py"), *(ROOT / "_ext").glob("*.py")]
    read = {part: names(part) for path in files for part in parts(path)}
    uncalled = [
        node.name
        for path in MODULES.values()
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if not any(node.name in found for part, found in read.items() if part is not node)
    ]
    assert sorted(uncalled) == sorted(UNCALLED), "an exception is named, with its reason, in UNCALLED"
