"""Bars: shown where a wait is long, written to no stored output."""

import sys
from types import SimpleNamespace

import numpy as np

from frontier import decoder
from frontier.show import progress as module


def test_a_notebook_is_live_only_where_somebody_could_answer_a_question(monkeypatch):
    def kernel(**content):
        return SimpleNamespace(kernel=SimpleNamespace(get_parent=lambda: {"content": content}))

    for shell, expected in (
        (None, False),  # a terminal without IPython's shell
        (SimpleNamespace(kernel=None), False),
        (kernel(code="1", allow_stdin=True), True),
        (kernel(code="1", allow_stdin=False), False),  # it is only run
        (kernel(data={"method": "update"}), True),  # a widget was moved
        (SimpleNamespace(kernel=object()), True),
    ):
        fake = SimpleNamespace(get_ipython=lambda shell=shell: shell)
        monkeypatch.setitem(sys.modules, "IPython", fake)
        assert module.is_live() is expected
    monkeypatch.setitem(sys.modules, "google.colab", SimpleNamespace())
    assert module.is_live() is False, "Colab has a kernel, but no widgets of ipywidgets 8"
    monkeypatch.delitem(sys.modules, "google.colab")
    monkeypatch.delitem(sys.modules, "IPython")
    assert module.is_live() is False


class Bar:
    """What a bar is told."""

    def __init__(self):
        self.values, self.closed = [], False

    value = property(None, lambda self, done: self.values.append(done))

    def close(self):
        self.closed = True


def progress(monkeypatch, seconds_each, count=10):
    """Run over items that take so long each; return the items and the bars that were shown."""
    clock, bars = [0.0], []

    def bar(total, label):
        bars.append((total, label, Bar()))
        return bars[-1][2]

    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    monkeypatch.setattr(module, "_bar", bar)
    done = []
    for item in module.with_progress(list(range(count)), "Drawing"):
        done.append(item)
        clock[0] += seconds_each
    return done, bars


def test_a_short_wait_shows_no_bar(monkeypatch):
    done, bars = progress(monkeypatch, 0.19)
    assert done == list(range(10))
    assert bars == []


def test_a_wait_of_more_than_two_seconds_shows_a_bar_from_the_second_item_on(monkeypatch):
    done, ((total, label, bar),) = progress(monkeypatch, 0.21)
    assert done == list(range(10))
    assert (total, label) == (10, "Drawing")
    assert bar.values == list(range(1, 10))
    assert bar.closed
    _done, ((_total, _label, bar),) = progress(monkeypatch, 0.3, count=1000)
    assert bar.values == list(range(10, 1000, 10)), "a bar of many items moves a hundred times"


def test_a_bar_in_a_terminal_writes_only_to_a_terminal(monkeypatch, capsys):
    bar = module._bar(3, "Drawing")
    bar.value = 1
    bar.close()
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    bar.value = 1
    assert "Drawing 1/3" in capsys.readouterr().err
    bar.close()
    assert capsys.readouterr().err.startswith("\r")


def test_a_bar_in_a_notebook_is_a_widget_that_leaves_no_text(monkeypatch):
    import IPython.display

    shown = []
    monkeypatch.setattr(IPython.display, "display", lambda data, raw: shown.append((data, raw)))
    monkeypatch.setattr(module, "is_live", lambda: True)
    bar = module._bar(3, "Drawing")
    bar.value = 2
    ((data, raw),) = shown
    assert list(data) == [module.WIDGET]
    assert raw is True
    assert (bar.max, bar.value) == (3, 2)
    bar.close()


def test_training_shows_how_far_it_is(monkeypatch):
    told = []

    def listen(items, label):
        told.append((len(items), label))
        return items

    monkeypatch.setattr(decoder, "with_progress", listen)
    decoder.train(8, 1, np.tile(np.arange(65) % 5, (40, 1)), rate=0.01, batch=10)
    assert told == [(4, "Training a model")]
