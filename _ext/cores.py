"""Run the chapters, and write the pages, side by side on the cores of the machine.

Sphinx can do it, but `jupyter-book build` has no option for it, and Sphinx deals out lists of pages: the core
that gets the long chapters keeps the others waiting. Here every page is read by a process of its own, which
takes a turn and gives it back.
"""

import os
from multiprocessing import get_context

CORES = os.cpu_count() or 1
turns = get_context("fork").Semaphore(CORES)


def share(app, env, docnames):
    """Give every page a process of its own; Sphinx reads few pages one after the other."""
    app.parallel = max(2, len(docnames))


def gather(app, env):
    """Write with as many processes as there are cores; one more hands them their pages."""
    app.parallel = CORES + 1


def setup(app):
    app.connect("env-before-read-docs", share)
    app.connect("source-read", lambda *_: turns.acquire(), priority=0)
    app.connect("doctree-read", lambda *_: turns.release(), priority=999)
    app.connect("env-updated", gather)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
