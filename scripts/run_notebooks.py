"""Run chapters and store what the site shows, to be committed: python scripts/run_notebooks.py [FILE ...].

Without arguments every chapter of the book is run, and the cover of the README is taken from the landing
page. Stored are the outputs, the inline values and a digest of each cell that ran. What changes from run to
run is left out: execution times, and the version of Python. A chapter with a cell that raises, or with an
inline value that is undefined or changes further down, is not stored.
"""

import os
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import kernels  # noqa: F401
import nbformat
from install_lines import put_lines
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "book"
sys.path.append(str(ROOT / "_ext"))
from stored import RAN, VALUES, digests, inline, place, reads  # noqa: E402


def run(path: Path) -> list[str]:
    """Run a notebook from top to bottom and write it back, or, with a fault, leave it; return its faults."""
    notebook = nbformat.read(path, as_version=4)
    put_lines(notebook)
    client = NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        coalesce_streams=True,  # how a kernel cuts its text changes from run to run
        resources={"metadata": {"path": path.parent}},
    )
    text = [(number, cell) for number, cell in enumerate(notebook.cells) if inline(cell)]
    with client.setup_kernel():
        for number, cell in enumerate(notebook.cells):
            cell.metadata.pop(VALUES, None)
            if inline(cell):
                cell.metadata[VALUES] = values(client, cell)
            try:
                client.execute_cell(cell, number)  # which passes over text
            except CellExecutionError as error:
                print(error)
                return [f"{path}:{place(number, cell)}: {error.ename}: {error.evalue}"]
        later = [values(client, cell) for _, cell in text]
    found = [
        f"{path}:{place(number, cell, value['expression'])}: {fault}"
        for (number, cell), again in zip(text, later, strict=True)
        for value, after in zip(cell.metadata[VALUES], again, strict=True)
        if (fault := wrong(value, after))
    ]
    if found:
        return found
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python", "pygments_lexer": "ipython3"},
        RAN: digests(notebook),
    }
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02d}"
        cell.metadata.pop("execution", None)
        fold(cell)
    nbformat.validate(notebook)
    nbformat.write(notebook, path)
    return []


def values(client: NotebookClient, cell: nbformat.NotebookNode) -> list[dict]:
    """Work the inline values of a cell out, as JupyterLab does, and return them as it keeps them."""
    names = inline(cell)
    asked = client.kc.execute("", store_history=False, user_expressions=dict(zip(names, names, strict=True)))
    given = client.wait_for_reply(asked)["content"]["user_expressions"]
    return [{"expression": name, "result": given[name]} for name in names]


def wrong(value: dict, after: dict) -> str:
    """Return what is wrong with an inline value: the site has the first, JupyterLab works out the second."""
    name, one, two = value["expression"], value["result"], after["result"]
    if one["status"] != "ok":
        return f"{one['ename']}: {one['evalue']}"
    first, then = reads(one), reads(two)
    return f"{name} reads {first} in its place and {then} after the last cell" if first != then else ""


def fold(cell: nbformat.NotebookNode) -> None:
    """Fold in JupyterLab what the site folds, by the tags that the site reads."""
    tags = cell.metadata.get("tags", [])
    folded = {
        "source_hidden": "hide-input" in tags or "hide-cell" in tags,
        "outputs_hidden": "hide-cell" in tags,
    }
    cell.metadata.pop("jupyter", None)
    if any(folded.values()):
        cell.metadata["jupyter"] = {name: True for name, hidden in folded.items() if hidden}


def cover() -> str:
    """Return the figure of the landing page as it is stored there, made to follow a reader's dark mode."""
    cells = nbformat.read(BOOK / "intro.ipynb", as_version=4).cells
    shown = [out.get("data", {}).get("text/html", "") for cell in cells for out in cell.get("outputs", [])]
    svg = re.search(r"<svg.*?</svg>", "".join(shown), re.DOTALL)[0]
    style = "<style>:root{color:#222}@media (prefers-color-scheme:dark){:root{color:#ddd}}</style>"
    return svg.replace(">", f">{style}", 1) + "\n"


def run_all(paths: list[Path]) -> list[str]:
    """Run notebooks, one a core, and return the faults of all."""
    faults = []
    with ProcessPoolExecutor(min(os.cpu_count() or 1, len(paths))) as pool:
        for path, found in zip(paths, pool.map(run, paths), strict=True):
            print(f"{path}: {'not stored' if found else 'stored'}", flush=True)
            faults += found
    return faults


if __name__ == "__main__":
    faults = run_all([Path(name) for name in sys.argv[1:]] or sorted(BOOK.glob("*.ipynb")))
    if faults:
        sys.exit("\n".join(faults))
    if len(sys.argv) == 1:
        (BOOK / "_static" / "cover.svg").write_text(cover(), encoding="utf-8")
