"""How pytest tests a chapter: all that the site shows of it is held against one run.

nbval runs the cells and compares their outputs to the letter. Here the same kernel also works out the inline
values, in their place, where the site shows them, and once more after the last cell, where JupyterLab does;
and the data behind the figures are compared, to a thousandth, as drawings and data may differ in their last
digits between processors.
"""

import math
import re
from urllib.parse import unquote

import pytest
from nbval.plugin import IPyNbCell, IPyNbFile
from stored import VALUES, inline, place, reads

DATA = re.compile(r'href="data:text/csv;charset=utf-8,([^"]*)"')


class DifferentError(Exception):
    """What is stored is not what a run gives."""


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent):
    """Take the place of nbval's own reading of a notebook."""
    found = yield
    return [Chapter.from_parent(parent, path=file_path) if type(f) is IPyNbFile else f for f in found]


class Chapter(IPyNbFile):
    def collect(self):
        """Give each cell of code and of text with inline values, in order, and then the text once more."""
        code, text = iter(list(super().collect())), []
        for number, cell in enumerate(self.nb.cells):
            if cell.cell_type == "code":
                own = next(code)
                names = {"name": own.name, "cell_num": own.cell_num}
                yield Code.from_parent(self, cell=cell, options=own.options, **names)
            elif inline(cell):
                text.append((number, cell))
                yield Values.from_parent(self, name=f"Values in cell {number + 1}", text=text[-1:])
        if text:
            yield Values.from_parent(self, name="Values after the last cell", text=text)


class Values(pytest.Item):
    def __init__(self, *, text, **kwargs):
        super().__init__(**kwargs)
        self.text = text

    def runtest(self):
        """Work out the values and compare what they read with what is stored."""
        faults = []
        for number, cell in self.text:
            asked = {name: name for name in inline(cell)}
            client = self.parent.kernel.kc
            reply = client.execute_interactive(
                "", store_history=False, user_expressions=asked, output_hook=lambda _: None, timeout=120
            )
            given = reply["content"]["user_expressions"]
            kept = {value["expression"]: value["result"] for value in cell.metadata.get(VALUES, [])}
            for name in asked:
                stored, now = (reads(values.get(name, {})) for values in (kept, given))
                if stored != now or given[name]["status"] != "ok":
                    where = f"{self.path.name}:{place(number, cell, name)}"
                    faults.append(f"{where}: {name} reads {now}, and {stored} is stored")
        if faults:
            raise DifferentError("\n".join(faults))

    def repr_failure(self, excinfo):
        return (
            str(excinfo.value) if isinstance(excinfo.value, DifferentError) else super().repr_failure(excinfo)
        )

    def reportinfo(self):
        return self.path, 0, f"{self.path.name}: {self.name}"


class Code(IPyNbCell):
    def runtest(self):
        """Compare what nbval compares, and the data of the figures."""
        super().runtest()
        stored, now = data(self.cell.outputs), data(self.test_outputs)
        pairs = zip(stored, now, strict=True)
        different = [f"{one} was stored, {other} is given" for one, other in pairs if not near(one, other)]
        if different:
            self.raise_cell_error("The data of a figure differ", "\n".join(different[:10]))


def data(outputs):
    """Return the fields of all data of figures."""
    html = "".join(out.get("data", {}).get("text/html", "") for out in outputs)
    return [field for csv in DATA.findall(html) for field in re.split("[,\n]", unquote(csv))]


def near(one, other):
    """Say whether two fields are the same word or nearly the same number."""
    try:
        return one == other or math.isclose(float(one), float(other), rel_tol=1e-3)
    except ValueError:
        return False
