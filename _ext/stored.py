"""The site shows what its notebooks store, and runs nothing.

`make notebooks` runs the chapters and stores their outputs, the inline values, where JupyterLab keeps and
finds them, and a digest of each cell that ran. `make test` runs them once more and compares
(tests/chapters.py). Here a notebook that was changed since, or never run, stops the build.
"""

import re
from hashlib import sha256
from itertools import zip_longest

from myst_nb.core import execute

INLINE = re.compile(r"\{eval\}`([^`]+)`")
VALUES = "user_expressions"  # in the metadata of a cell, where jupyterlab-myst looks
RAN = "ran"  # in the metadata of a notebook


def inline(cell):
    """Return the expressions in the text of a cell."""
    return INLINE.findall(cell.source) if cell.cell_type == "markdown" else []


def place(number, cell, expression=""):
    """Return where an expression stands, as myst-nb says it: line 4 of cell 5 is 50004."""
    return (number + 1) * 10_000 + cell.source[: max(cell.source.find(expression), 0)].count("\n") + 1


def reads(result):
    """Return what a value reads, as a kernel gives it, or why it reads nothing."""
    return result.get("data", {}).get("text/plain", result.get("evalue", "nothing"))


def digests(notebook):
    """Return one for each code cell; the version that it would install does not count."""
    code = (re.sub("%pip .*", "%pip", c.source) for c in notebook.cells if c.cell_type == "code")
    return [sha256(source.encode()).hexdigest()[:12] for source in code]


class Stored(execute.NotebookClientBase):
    """A client that reads where others run."""

    def start_client(self):
        """Refuse what has not run as it stands."""
        cells, ran = self.notebook.cells, self.notebook.metadata.pop(RAN, [])
        numbers = [number for number, cell in enumerate(cells) if cell.cell_type == "code"]
        for number, now, then in zip_longest(numbers, digests(self.notebook), ran):
            if now != then or cells[number].execution_count is None:
                line = self.cell_line(numbers[-1] if number is None and numbers else number or 0)
                self.logger.warning("the code here is not what has run last: run `make notebooks`", line=line)
                break
        found = (value for cell in cells for value in cell.metadata.get(VALUES, []))
        self.values = {value["expression"]: value["result"].get("data") for value in found}

    def eval_variable(self, name):
        """Return the stored value as the output that it was."""
        if not self.values.get(name):
            raise LookupError(f"{name} has no stored value: run `make notebooks`")
        return [{"output_type": "execute_result", "data": self.values[name], "metadata": {}}]


def setup(app):
    execute.NotebookClientBase = Stored  # what myst-nb takes where nothing is to be run
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
