"""Say how far a long piece of work has come, in a notebook and in a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

Item = TypeVar("Item")

WIDGET = "application/vnd.jupyter.widget-view+json"


def is_live() -> bool:
    """Whether somebody sits at a notebook that this Python serves and that shows our widgets.

    A notebook that is only run, to be stored or to become a page (nbclient, nbconvert, nbval, Jupyter Book),
    says so: nobody could answer a question there, so each request to run a cell forbids `input`. Google Colab
    is not meant either, whose own widgets are those of ipywidgets 7; the HTML moves there without them.
    """
    ipython = sys.modules.get("IPython")
    kernel = getattr(ipython.get_ipython(), "kernel", None) if ipython else None
    if kernel is None or "google.colab" in sys.modules:
        return False
    request = kernel.get_parent() if hasattr(kernel, "get_parent") else {}
    return bool(request.get("content", {}).get("allow_stdin", True))  # a moved widget says nothing of it


def with_progress(items: Sequence[Item], label: str) -> Iterator[Item]:
    """Yield the items; where the whole will take over two seconds, show a bar until it is done.

    At a notebook the bar is a widget without a text form, so it leaves no trace in the stored output.
    """
    start, bar = time.monotonic(), None
    notch = max(1, len(items) // 100)  # a bar that moves at every item would cost more than a short one
    try:
        for done, item in enumerate(items):
            elapsed = time.monotonic() - start
            # not by the first moments alone, in which memory is fetched that later items find at hand
            if bar is None and done and elapsed > 0.2 and elapsed * len(items) / done > 2:
                bar = _bar(len(items), label)
            if bar is not None and done % notch == 0:
                bar.value = done
            yield item
    finally:  # also where drawing fails
        if bar is not None:
            bar.close()


def _bar(total: int, label: str) -> Any:
    if not is_live():
        return _TerminalBar(total, label)
    import ipywidgets
    from IPython.display import display

    bar = ipywidgets.IntProgress(max=total, description=label.split()[0])
    display({WIDGET: bar._repr_mimebundle_()[WIDGET]}, raw=True)  # type: ignore[no-untyped-call]
    return bar


class _TerminalBar:
    """The same bar in a terminal; silent where the error stream is not one."""

    def __init__(self, total: int, label: str) -> None:
        self.total, self.label = total, label[:60]

    @property
    def value(self) -> int:
        return 0

    @value.setter
    def value(self, done: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{self.label} {done}/{self.total}", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        if sys.stderr.isatty():
            print("\r\033[K", end="", file=sys.stderr, flush=True)
