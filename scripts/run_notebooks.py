"""Run chapters and store their outputs, ready to be committed: python scripts/run_notebooks.py [FILE ...].

Without arguments every chapter of the book is run, and the cover of the README is taken from the landing
page. What changes from run to run is left out: execution times, and the version of Python. So are the data
behind the links under the figures: the site and a reader who runs the chapter make them anew, and a notebook
that was not run may not offer them anyway.
"""

import re
import sys
from pathlib import Path

import nbformat
from install_lines import put_lines
from nbclient import NotebookClient

BOOK = Path(__file__).resolve().parents[1] / "book"
DATA_LINK = re.compile(r' <a class="data" [^>]*>[^<]*</a>')


def run(path: Path) -> None:
    """Run one notebook from top to bottom and write it back."""
    notebook = nbformat.read(path, as_version=4)
    put_lines(notebook)
    NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        coalesce_streams=True,  # how a kernel cuts its text changes from run to run
        resources={"metadata": {"path": path.parent}},
    ).execute()
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02d}"
        cell.metadata.pop("execution", None)
        fold(cell)
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "text/html" in data:
                data["text/html"] = DATA_LINK.sub("", data["text/html"])
    nbformat.validate(notebook)
    nbformat.write(notebook, path)


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


if __name__ == "__main__":
    for file in map(Path, sys.argv[1:] or sorted(BOOK.glob("*.ipynb"))):
        print(f"running {file}", flush=True)
        run(file)
    if len(sys.argv) == 1:
        (BOOK / "_static" / "cover.svg").write_text(cover(), encoding="utf-8")
