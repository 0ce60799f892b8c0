"""A notebook's session inside the page: run a cell, show its result, and answer for its sliders.

Runs in the browser's Python. Each message to the page is one line of JSON in a file that the worker reads.
"""

import ast
import base64
import builtins
import html
import importlib
import io
import json
import linecache
import re
import sys
import traceback

_outlet = open("/host/say", "wb", buffering=0)  # noqa: SIM115  for as long as the session lasts
_names = {"__name__": "__main__"}
_sliders = []


def _say(kind, **what):
    _outlet.write(json.dumps({"kind": kind} | what).encode() + b"\n")


class _Stream(io.TextIOBase):
    """Text for the page. As in a terminal, after a carriage return stands how far something has come."""

    encoding = "utf-8"

    def __init__(self, terminal):
        self.terminal = terminal

    def isatty(self):
        return self.terminal

    def writable(self):
        return True

    def write(self, text):
        if self.terminal and text.startswith("\r"):
            _say("progress", text=text.strip("\r").removeprefix("\033[K"))
        elif text:
            _say("text", text=text)
        return len(text)


sys.stdout, sys.stderr = _Stream(False), _Stream(True)


def _svg(figure, name):
    from frontier.show.picture import to_svg

    return to_svg(figure, f"A figure drawn by {name}.", salt=f"{name} {id(figure)}")


def _shown(value, name):
    """Return what there is to see of a value: HTML where it has any, else its text."""
    if hasattr(value, "controls") and hasattr(value, "frame"):
        _sliders.append(value)
        return {"html": value.html(frames="asked"), "slider": len(_sliders) - 1}
    if callable(getattr(type(value), "_repr_html_", None)):
        return {"html": value._repr_html_()}
    if callable(getattr(type(value), "savefig", None)):
        return {"html": _svg(value, name)}
    if callable(getattr(type(value), "_repr_svg_", None)):
        return {"html": value._repr_svg_()}
    if callable(getattr(type(value), "_repr_png_", None)):
        png = base64.b64encode(value._repr_png_()).decode()
        return {"html": f'<img alt="A picture made by {name}." src="data:image/png;base64,{png}">'}
    return {}


def _show(value, name, end=""):
    _say("show", text=repr(value) + end, **_shown(value, name))


def _show_open_figures(name):
    """Show what was drawn with pyplot, as a notebook does at the end of a cell."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    for number in pyplot.get_fignums() if pyplot else ():
        figure = pyplot.figure(number)
        _say("show", text=repr(figure), html=_svg(figure, name))
        pyplot.close(figure)


def _plain(source):
    """Let IPython's own commands say that they are not there when they are reached."""
    refusal = r"\1raise NameError('commands with % or ! belong to notebooks: this is plain Python')"
    return re.sub(r"^([ \t]*)[%!][a-zA-Z].*$", refusal, source, flags=re.MULTILINE)


def _names_of(dotted):
    """Return what is known within the module that a dotted name leads to, as its examples expect."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        try:
            module = importlib.import_module(".".join(parts[:length]))
        except ImportError:
            continue
        return {name: value for name, value in vars(module).items() if not name.startswith("__")}
    return {}


def run(source, name, of=""):
    """Run a cell, show its last expression, and say what went wrong.

    An example of a function, named by `of`, knows what its module knows, and shows every expression.
    """
    builtins.display = lambda *values: [_show(value, name) for value in values] and None
    _names.update(_names_of(of) if of else {})
    source = _plain(source)
    linecache.cache[name] = len(source), None, source.splitlines(True), name  # for lines in a traceback
    try:
        tree = ast.parse(source, name)
        quiet = source.rstrip().endswith(";")
        for step, node in enumerate(tree.body, 1):
            shows = isinstance(node, ast.Expr) and not quiet and (of or step == len(tree.body))
            code = ast.Expression(node.value) if shows else ast.Module([node], [])
            value = eval(compile(code, name, "eval" if shows else "exec"), _names)
            if value is not None:
                _names["_"] = value
                _show(value, name, end="\n" if of else "")
    except BaseException as error:  # also SystemExit and KeyboardInterrupt: the session goes on
        told = traceback.TracebackException.from_exception(error)
        unread = isinstance(error, SyntaxError) and error.filename == name  # then no line of the cell has run
        own = [] if unread else [frame for frame in told.stack if frame.filename != __file__]
        line = error.lineno if unread else next((f.lineno for f in reversed(own) if f.filename == name), 0)
        told.stack = traceback.StackSummary.from_list(own)
        text = "".join(told.format(colorize=False)).rstrip()
        _say("error", last=text.splitlines()[-1], line=line or 0, traceback=text)
    _show_open_figures(name)


def values(expressions):
    """Work out the values in the text as they stand now, as HTML; None where something is missing."""
    texts = []
    for expression in expressions:
        try:
            value = eval(expression, _names)
            rich = callable(getattr(type(value), "_repr_html_", None))
            texts.append(
                value._repr_html_() if rich else html.escape(value if isinstance(value, str) else repr(value))
            )
        except Exception:
            texts.append(None)
    _say("values", texts=texts)


def frame(slider, indices):
    """Draw one setting of a slider that a cell has shown."""
    explorer = _sliders[slider]
    try:
        drawn = explorer.frame(*indices)
    except Exception as error:
        last = "".join(traceback.format_exception_only(error)).strip()
        _say("frame", slider=slider, text=last, svg=None, settings=[])
        return
    settings = [c.texts[i] for c, i in zip(explorer.controls.values(), indices, strict=True)]
    _say("frame", slider=slider, svg=drawn.svg, text=drawn.text, data=drawn.data, settings=settings)
