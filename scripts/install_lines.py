"""The first lines of every notebook install the package where it is missing, as in Google Colab.

Where it is there they do nothing and print nothing, so stored outputs stay as they are. Where it cannot be
installed, before a release say, they end the run and say why in one line. Run as a program, this writes them
into every notebook of the book, without running any: python scripts/install_lines.py
"""

import re
import tomllib
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
LINES = """\
try:
    import frontier
except ModuleNotFoundError:  # as in Google Colab
    %pip install -qqq {package}
    try:
        import frontier
    except ModuleNotFoundError as missing:  # one line, and no traceback
        why = "no release yet, or no network"
        said = f"efficient-compute-frontier cannot be installed: {{why}}"
        missing._render_traceback_ = lambda: [said]
        raise

"""
PATTERN = re.escape(LINES.format(package="PACKAGE")).replace("PACKAGE", r"\S+")


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def install_lines(version: str = PROJECT["version"]) -> str:
    """Return the lines; a version under development is not there to install, so they ask for the newest."""
    pin = "" if ".dev" in version else f"=={version}"
    return LINES.format(package=PROJECT["name"] + pin)


def put_lines(notebook: nbformat.NotebookNode) -> None:
    """Start the first code cell with the lines, in place of those that are there."""
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    first.source = install_lines() + re.sub(PATTERN, "", first.source)


if __name__ == "__main__":
    for path in sorted((ROOT / "book").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        put_lines(notebook)
        nbformat.write(notebook, path)
