"""Python in the reader's browser: what a page needs to run its cells, written beside the site.

Nothing of it is loaded before somebody asks for it (book/_static/here/start.js). Then a page gets
_static/here/pages/NAME.json with its cells and the expressions behind the numbers in its text, and
_static/here/engine.json with the parts of Python, which scripts/pack_engine.py has packed. The book itself
(frontier, and session.py, which runs cells) is a part of its own, since it alone changes with every version.
"""

import html
import json
import re
import sys
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import nbformat
from sphinx.util import logging

sys.path.append(str(Path(__file__).resolve().parents[1] / "scripts"))
from pack_engine import zipped

logger = logging.getLogger(__name__)

ENGINE = Path("_build", "engine")  # where make puts what it has packed
# Each part: the file it comes from, and what a cell says that needs it; the others come at the start.
PARTS = {"python": ("python.gz", None), "library": ("library.zip", None)}
LEARNING = {"learning": ("learning.zip", r"\b(sklearn|joblib|narwhals)\b")}
PLACE = "_static/here"
TAKES_FILE = "takes-file"  # a cell's tag: its first line, path = ..., can be given a file from the reader's disk
INVITATION = (
    '<p class="try-it" hidden><button type="button" data-here="file">Fit a file of yours, in this page</button></p>'
)
VALUE = re.compile(r"\{eval\}`([^`]+)`")
SHOWN = re.compile(r'<span class="output text_(?:plain|html)">')
EXAMPLE = re.compile(r'<div class="doctest [^"]*">.*?</pre></div>\n</div>', re.S)
NAMED = re.compile(r'<dt class="sig [^"]*" id="([\w.]+)">|id="module-([\w.]+)"')


def book_files(source, engine):
    """Return what a session imports besides the library, by the name in the archive."""
    files = {"session.py": Path(__file__).with_name("session.py").read_bytes()}
    for package in (Path(source, "frontier"), Path(find_spec("lazy_loader").origin).parent):
        for path in package.rglob("*"):
            if path.is_file() and path.suffix != ".pyi" and "__pycache__" not in path.parts:
                files[f"{package.name}/{path.relative_to(package).as_posix()}"] = path.read_bytes()
    letters = engine / "mpl-data"
    for path in letters.rglob("*.*"):
        files[f"mpl-data/{path.relative_to(letters).as_posix()}"] = path.read_bytes()
    files["mpl-data/matplotlibrc"] = (letters / "matplotlibrc").read_bytes()
    return files


def parts(app):
    """Return each part of Python: its name, its bytes, the end of its file's name, what calls for it."""
    engine = Path(app.srcdir, ENGINE)
    packed = {name: (engine / file).read_bytes() for name, (file, _) in (PARTS | LEARNING).items()}
    packed["book"] = zipped(book_files(app.srcdir, engine))
    for name, content in packed.items():
        file, when = (PARTS | LEARNING).get(name, ("book.zip", None))
        yield name, content, file, when


def megabytes(app):
    """Return what a visitor downloads once: for most pages, and with the part for learning machines."""
    sizes = {name: len(content) for name, content, _, _ in app.frontier_engine}
    most = sum(size for name, size in sizes.items() if name not in LEARNING)
    return round(most / 1e6), round((most + sizes["learning"]) / 1e6)


def prepare(app):
    """Pack the book, once."""
    if not Path(app.srcdir, ENGINE, "packed").is_file():
        logger.warning("%s lacks the Python that pages run; 'make book' packs it", ENGINE, type="here")
        app.frontier_engine = []
        return
    app.frontier_engine = list(parts(app))


def write_engine(app, exception):
    """Write the parts, named by their hashes, their list, and their licences."""
    if exception or not app.frontier_engine:
        return
    target = Path(app.outdir, PLACE)
    (target / "engine").mkdir(parents=True, exist_ok=True)
    listed = []
    for name, content, file, when in app.frontier_engine:
        digest = sha256(content).hexdigest()
        named = f"engine/{digest[:16]}-{file}"
        listed.append({"name": name, "file": named, "bytes": len(content), "sha256": digest, "when": when})
        if not (target / named).is_file():
            (target / named).write_bytes(content)
    for old in set((target / "engine").iterdir()) - {target / part["file"] for part in listed}:
        old.unlink()
    (target / "engine.json").write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")
    licences = Path(app.srcdir, ENGINE, "licences.txt").read_bytes()
    (target / "licences.txt").write_bytes(licences)
    (Path(app.outdir) / "offline.js").write_bytes(Path(app.srcdir, "book", PLACE, "offline.js").read_bytes())


def notebook(path):
    """Return the cells of a notebook with code, after how many of them each value in the text stands, and which
    cell takes a reader's file, if one does."""
    cells, values, takes = [], [], None
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            if TAKES_FILE in cell.metadata.get("tags", ()):
                takes = len(cells)
            cells.append(cell.source)
        elif cell.cell_type == "markdown":
            values += [[len(cells), expression] for expression in VALUE.findall(cell.source)]
    return {"cells": cells, "values": values, "takes": takes}


def offer(app, pagename, templatename, context, doctree):
    """Say what running a page costs, write what it runs, and put a button to every example."""
    if doctree is None or not app.frontier_engine:
        return
    source, body = app.env.doc2path(pagename), context["body"]
    if source.endswith(".ipynb"):
        runs = notebook(source)
        shown = len(SHOWN.findall(body))
        if shown != len(runs["values"]):
            message = "%d values in the text, %d on the page: a reader's run could not renew them"
            logger.warning(message, len(runs["values"]), shown, location=pagename, type="here")
        taking = f'<div class="cell tag_{TAKES_FILE} docutils container">'
        context["body"] = body.replace(taking, INVITATION + taking)
    elif source.endswith(".rst") and pagename != "book/functions":
        runs = {"cells": [], "values": [], "takes": None}
        context["body"] = with_buttons(body)
    else:
        return
    target = Path(app.outdir, PLACE, "pages", f"{pagename.rsplit('/', 1)[-1]}.json")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(runs, ensure_ascii=False), encoding="utf-8")
    most, all_parts = megabytes(app)
    learns = any(re.search(LEARNING["learning"][1], cell) for cell in runs["cells"])
    context["here"] = {"page": target.stem, "megabytes": all_parts if learns else most, "cells": len(runs["cells"])}


def with_buttons(body):
    """Return the page of a module with a button after each example; it tells whose example it is."""

    def one(match):
        *_, (name, module) = NAMED.findall(body[: match.start()])
        of = name or module
        label = html.escape(of.removeprefix("frontier."))
        return (
            f'{match[0]}<p class="try-it" hidden><button type="button" data-here="{html.escape(of)}" '
            f'aria-label="Try it: example of {label}">Try it</button></p>'
        )

    return EXAMPLE.sub(one, body)


def setup(app):
    app.add_js_file("here/start.js", priority=900)
    app.connect("builder-inited", prepare)
    app.connect("html-page-context", offer, priority=450)
    app.connect("build-finished", write_engine, priority=960)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
