"""What the site shows is what a run gives: what `make notebooks` stores and refuses, what pytest notices."""

import os
import re
import subprocess
import sys

import nbformat
import pytest
from conftest import ROOT
from stored import digests
from test_site import code, prose, run_notebooks

FAULTS = {  # cells, where the fault stands, and what the message says
    "a cell that raises": (code("1 / 0"), 10001, "ZeroDivisionError: division by zero"),
    "an undefined inline value": (
        code("a = 1") + prose('Words.\n{eval}`f"{b:.2f}"`'),
        20002,
        "NameError: name 'b' is not defined",
    ),
    "an inline value before its cell": (
        code("a = 1") + prose("{eval}`b`") + code("b = 2"),
        20001,
        "NameError: name 'b' is not defined",
    ),
    "an inline value that a later cell changes": (
        code("a = 1") + prose("{eval}`a`") + code("a = 2"),
        20001,
        "a reads 1 in its place and 2 after the last cell",
    ),
    "an inline value that goes": (
        code("a = 1") + prose("{eval}`a`") + code("del a"),
        20001,
        "a reads 1 in its place and name 'a' is not defined after the last cell",
    ),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Faulty notebooks, and one without fault."""
    folder = tmp_path_factory.mktemp("run")
    fine = code("a, b = 1, 'two'\nprint(a)") + prose("{eval}`a` and {eval}`b`")
    for number, cells in enumerate([*(cells for cells, *_ in FAULTS.values()), fine]):
        nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / f"page{number}.ipynb")
    return folder


@pytest.fixture(scope="module")
def ran(folder):
    """What is printed when all are run."""
    status, printed = run_notebooks(*sorted(folder.glob("*.ipynb")))
    assert status == 1
    return printed


@pytest.mark.parametrize("number", range(len(FAULTS)), ids=FAULTS)
def test_a_faulty_chapter_is_not_stored(folder, ran, number):
    _, place, reason = list(FAULTS.values())[number]
    path = folder / f"page{number}.ipynb"
    assert [line for line in ran.splitlines() if line.startswith(f"{path}:{place}: ")] == [
        f"{path}:{place}: {reason}"
    ]
    assert "ran" not in nbformat.read(path, as_version=4).metadata


def test_a_chapter_stores_outputs_inline_values_and_what_ran(folder, ran):
    notebook = nbformat.read(folder / f"page{len(FAULTS)}.ipynb", as_version=4)
    cell, text = notebook.cells
    assert cell.outputs[0].text == "1\n"
    assert notebook.metadata["ran"] == digests(notebook)
    kept = {value.expression: value.result.data["text/plain"] for value in text.metadata.user_expressions}
    assert kept == {"a": "1", "b": "'two'"}


def test_a_new_version_of_the_package_is_no_new_code():
    one, other, changed = (
        digests(nbformat.v4.new_notebook(cells=code(f"    %pip install --quiet x=={end}")))
        for end in ("1", "2", "2\na = 1")
    )
    assert one == other != changed


DATA = "from IPython.display import HTML\nHTML('<a href=\"data:text/csv;charset=utf-8,x%0A1.0\">Data</a>')"


def test_pytest_notices_what_is_stored_and_not_what_a_run_gives(tmp_path):
    path, faulty = tmp_path / "fine.ipynb", tmp_path / "faulty.ipynb"
    cells = code("a, b, c = 1, 2, 3") + prose("{eval}`a`") + prose("{eval}`b`") + prose("{eval}`c`")
    cells += code(DATA) + code(DATA) + code("d = 4")
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    status, printed = run_notebooks(path)
    assert status == 0, printed

    notebook = nbformat.read(path, as_version=4)
    _, one, two, _, near, far, last = notebook.cells
    one.metadata["user_expressions"][0]["result"]["data"]["text/plain"] = "5"
    del two.metadata["user_expressions"]
    for cell, value in ((near, "1.0001"), (far, "1.01")):
        html = cell.outputs[0].data["text/html"]
        cell.outputs[0].data["text/html"] = html.replace("1.0", value)
    last.source = "c = 4"
    nbformat.write(notebook, faulty)

    command = [sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml", "-p", "tests.chapters", path]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "_ext")}
    done = subprocess.run(
        [*command, faulty], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240
    )
    failed = re.findall("^FAILED .*?::(.*?)(?: - .*)?$", done.stdout, re.M)
    after = "Values after the last cell"
    assert failed == ["Values in cell 2", "Values in cell 3", "Cell 2", after], done.stdout
    assert "faulty.ipynb:20001: a reads 1, and 5 is stored" in done.stdout
    assert "faulty.ipynb:30001: b reads 2, and nothing is stored" in done.stdout
    assert "1.01 was stored, 1.0 is given" in done.stdout
    complaints = done.stdout.split("short test summary")[0]  # which may say all again, on a build server
    assert complaints.count("faulty.ipynb:40001: c reads 4, and 3 is stored") == 1
