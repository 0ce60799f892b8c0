"""The sliders of a chapter in a real kernel: a control is moved as JupyterLab would move it."""

import sys
import time
from contextlib import contextmanager

import nbformat
import pytest
from conftest import ROOT
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager

CHAPTER = "which-binds-first"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
TIMEOUT = 120  # seconds for one cell or one move


class _ThisPython(KernelSpecManager):
    """Knows one kernel: the interpreter that runs the tests."""

    def get_kernel_spec(self, _name):
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="Python 3", language="python")


class Notebook:
    """A front end without a screen: it sends what JupyterLab sends, and keeps the state of every widget."""

    def __init__(self, client):
        self.client = client
        self.widgets = {}  # id of a model: its state
        self.shown = []  # every MIME bundle

    def run(self, code, *, reader=True):
        """Run a cell, as JupyterLab does it or, without a reader to answer questions, as nbclient does it."""
        reply = self.client.execute_interactive(
            code, timeout=TIMEOUT, output_hook=self.hear, store_history=True, allow_stdin=reader
        )
        assert reply["content"]["status"] == "ok", "\n".join(reply["content"].get("traceback", []))

    def hear(self, message):
        kind, content = message["msg_type"], message["content"]
        if kind == "comm_open":
            self.widgets[content["comm_id"]] = content["data"]["state"]
        elif kind == "comm_msg" and content["data"].get("method") == "update":
            self.widgets[content["comm_id"]].update(content["data"]["state"])
        elif kind in ("display_data", "execute_result"):
            self.shown.append(content["data"])

    def move(self, model, **state):
        """Change the state of a control and wait until the kernel has done what follows from it."""
        data = {"method": "update", "state": state, "buffer_paths": []}
        message = self.client.session.msg("comm_msg", {"comm_id": model, "data": data})
        self.client.shell_channel.send(message)
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline:
            heard = self.client.get_iopub_msg(timeout=TIMEOUT)
            if heard["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                self.hear(heard)
                if heard["msg_type"] == "status" and heard["content"]["execution_state"] == "idle":
                    return
        raise TimeoutError("the kernel did not finish")

    def parts(self, box, name):
        """Return the models of one kind in a box."""
        children = [child.removeprefix("IPY_MODEL_") for child in self.widgets[box]["children"]]
        return [child for child in children if self.widgets[child]["_model_name"] == name]


@contextmanager
def running(chapter):
    """A chapter, run from top to bottom."""
    manager = KernelManager(kernel_spec_manager=_ThisPython())
    manager.start_kernel(cwd=ROOT / "book")
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=TIMEOUT)
        notebook = Notebook(client)
        for cell in nbformat.read(ROOT / "book" / f"{chapter}.ipynb", as_version=4).cells:
            if cell.cell_type == "code":
                notebook.run(cell.source)
        yield notebook
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def explorers(notebook):
    """What a notebook shows with a slider: one MIME bundle each."""
    return [data for data in notebook.shown if 'class="frontier explore"' in data.get("text/html", "")]


def time_moves(count, chapter="diminishing-returns"):
    """Move a chapter's first slider; return the seconds of each move (benchmarks/site.py)."""
    with running(chapter) as notebook:
        box = explorers(notebook)[0][WIDGET_VIEW]["model_id"]
        (slider,) = notebook.parts(box, "SelectionSliderModel")
        times = []
        for index in range(count):
            start = time.perf_counter()
            notebook.move(slider, index=index % len(notebook.widgets[slider]["_options_labels"]))
            times.append(time.perf_counter() - start)
    return times


@pytest.fixture(scope="module")
def notebook():
    with running(CHAPTER) as notebook:
        yield notebook


@pytest.fixture(scope="module")
def bundles(notebook):
    return explorers(notebook)


def contents(notebook, box):
    return [notebook.widgets[model]["value"] for model in notebook.parts(box, "HTMLModel")]


def boxes(notebook, bundles):
    return [data[WIDGET_VIEW]["model_id"] for data in bundles]


def test_a_slider_travels_with_all_its_faces(bundles):
    assert bundles
    for data in bundles:
        assert {"text/html", "text/plain", WIDGET_VIEW} <= set(data)


COUNTED = """
settings = []

def count(ax, x):
    settings.append(x)
    return f"{x} is drawn."

explore(count, alt="Nothing.", caption="Count.", x=Control("X", list(range(37))))
"""


def test_a_reader_has_drawn_what_is_asked_for_and_a_page_everything(notebook):
    notebook.run(COUNTED)
    box = notebook.shown[-1][WIDGET_VIEW]["model_id"]
    notebook.run("assert settings == [18], settings")
    (slider,) = notebook.parts(box, "SelectionSliderModel")
    notebook.move(slider, index=3)
    notebook.run("assert settings == [18, 3], settings")
    assert "application/json" not in notebook.shown[-1]["text/html"]

    notebook.run(COUNTED, reader=False)
    assert WIDGET_VIEW not in notebook.shown[-1]
    assert '"texts":["0 is drawn.","1 is drawn.",' in notebook.shown[-1]["text/html"]
    notebook.run("assert sorted(settings) == list(range(37)), settings")


def test_moving_the_slider_redraws(notebook, bundles):
    for box in boxes(notebook, bundles):
        (slider,) = notebook.parts(box, "SelectionSliderModel")
        start, last = (
            notebook.widgets[slider]["index"],
            len(notebook.widgets[slider]["_options_labels"]) - 1,
        )
        before = contents(notebook, box)
        seen = [tuple(before[:2])]
        for index in {0, last} - {start}:
            notebook.move(slider, index=index)
            drawing, line, caption = contents(notebook, box)
            assert drawing.startswith("<svg")
            assert caption.split(" <a")[0] == before[2].split(" <a")[0]
            assert caption != before[2], "the link downloads the data of this setting"
            seen.append((drawing, line))
        assert len({drawing for drawing, _ in seen}) == len({line for _, line in seen}) == len(seen) > 1

        notebook.move(slider, index=start)
        assert contents(notebook, box) == before, "the same setting gives the same bytes"


def test_choosing_redraws(notebook, bundles):
    choices = [
        (box, model) for box in boxes(notebook, bundles) for model in notebook.parts(box, "DropdownModel")
    ]
    assert choices
    for box, choice in choices:
        before = contents(notebook, box)
        start = notebook.widgets[choice]["index"]
        notebook.move(choice, index=0 if start else 1)
        after = contents(notebook, box)
        assert after[0] != before[0]
        assert after[1] != before[1]
        notebook.move(choice, index=start)
        assert contents(notebook, box) == before


def test_the_page_and_the_kernel_draw_the_same(notebook, bundles):
    """The first frame of the widget is the one that a page shows without a kernel."""
    for box, data in zip(boxes(notebook, bundles), bundles, strict=True):
        drawing, line, _ = contents(notebook, box)
        assert drawing in data["text/html"]
        assert line.removeprefix("<div aria-live='polite'>").removesuffix("</div>") in data["text/html"]
