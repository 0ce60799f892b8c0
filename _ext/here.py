"""Python in the reader's browser: what a page needs to run its cells, written beside the site.

Nothing of it is loaded before somebody asks for it (book/_static/here/start.js). Then a page gets
_static/here/pages/NAME.json with its cells and the expressions behind the values in its text, and
_static/here/engine.json with the parts of Python. Three of them make packs (_ext/pack_engine.py); the fourth,
the book, holds frontier and session.py, which runs cells, and changes with every version.
"""

import json
import re
from collections import Counter
from hashlib import sha256
from importlib.metadata import files
from importlib.util import find_spec
from pathlib import Path

import nbformat
from pack_engine import zipped
from sphinx.util import logging
from stored import inline

logger = logging.getLogger(__name__)

ENGINE = Path("_build", "engine")  # where make puts what it has packed
PACKED = ("python.gz", "library.zip", "learning.zip")
LEARNING = (
    r"\b(sklearn|joblib|narwhals)\b"  # a cell that says this needs learning.zip; the others come at once
)
PLACE = "_static/here"
TAKES_FILE = "takes-file"  # tag of a cell whose first line, path = ..., can name a file of the reader's
OFFER = '<p class="try-it" hidden><button type="button" data-here="{}" aria-label="{}">{}</button></p>'
SHOWN = re.compile(r'<span class="output text_(?:plain|html)">')
EXAMPLE = re.compile(r'<div class="doctest [^"]*">.*?</pre></div>\n</div>', re.S)
NAMED = re.compile(r'<dt class="sig [^"]*" id="([\w.]+)">|id="module-([\w.]+)"')


def book(source, engine):
    """Return the archive of what a session imports besides the library."""
    files = {"session.py": Path(__file__).with_name("session.py")}
    for package in (Path(source, "frontier"), Path(find_spec("lazy_loader").origin).parent):
        files |= {
            f"{package.name}/{path.relative_to(package).as_posix()}": path for path in package.rglob("*")
        }
    files |= {path.relative_to(engine).as_posix(): path for path in (engine / "mpl-data").rglob("*")}
    wanted = (item for item in files.items() if item[1].is_file() and "__pycache__" not in item[0])
    return zipped({name: path.read_bytes() for name, path in wanted})


def pack(app):
    """Hold the parts of Python ready: by their names, their bytes."""
    engine = Path(app.srcdir, ENGINE)
    if not (engine / "packed").is_file():
        logger.warning("%s lacks the Python that pages run; 'make book' packs it", ENGINE, type="here")
        app.frontier_python = {}
        return
    app.frontier_python = {name: (engine / name).read_bytes() for name in PACKED}
    app.frontier_python["book.zip"] = book(app.srcdir, engine)


def write_parts(app, exception):
    """Write the parts, named by their hashes, their list, their licences, and what keeps pages offline."""
    if exception or not app.frontier_python:
        return
    target = Path(app.outdir, PLACE)
    (target / "engine").mkdir(parents=True, exist_ok=True)
    listed = []
    for name, content in app.frontier_python.items():
        digest = sha256(content).hexdigest()
        part = {"name": name.partition(".")[0], "file": f"engine/{digest[:16]}-{name}", "bytes": len(content)}
        listed.append(part | {"sha256": digest, "when": LEARNING if name == "learning.zip" else None})
        if not (target / part["file"]).is_file():
            (target / part["file"]).write_bytes(content)
    for old in {*(target / "engine").iterdir()} - {target / part["file"] for part in listed}:
        old.unlink()
    (target / "engine.json").write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")
    [loader] = (file for file in files("lazy_loader") if file.name.startswith("LICENSE"))
    packed = Path(app.srcdir, ENGINE, "licences.txt").read_text(encoding="utf-8")
    (target / "licences.txt").write_text(f"{packed}\nlazy_loader\n\n{loader.read_text()}", encoding="utf-8")
    # A service worker serves what lies below it.
    Path(app.outdir, "offline.js").write_bytes(Path(app.srcdir, "book", PLACE, "offline.js").read_bytes())


def runs(path):
    """Return what runs in a notebook.

    Its cells with code, the values in its text, each with the number of cells before it, and which cell takes
    a reader's file, if one does.
    """
    cells, values, takes = [], [], None
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            takes = len(cells) if TAKES_FILE in cell.metadata.get("tags", ()) else takes
            cells.append(cell.source)
        values += [[len(cells), expression] for expression in inline(cell)]
    return {"cells": cells, "values": values, "takes": takes}


def offer(app, pagename, templatename, context, doctree):
    """Say what running a page costs, write what it runs, and put a button to what can be tried."""
    if doctree is None or not app.frontier_python:
        return
    source, body = app.env.doc2path(pagename), context["body"]
    if source.endswith(".ipynb"):
        page = runs(source)
        shown, written = len(SHOWN.findall(body)), len(page["values"])
        if shown != written:
            message = "%d values in the text, %d on the page: a reader's run could not renew them"
            logger.warning(message, written, shown, location=pagename, type="here")
        taking, words = f'<div class="cell tag_{TAKES_FILE} ', "Fit a file of yours, in this page"
        context["body"] = body.replace(taking, OFFER.format("file", words, words) + taking)
    elif EXAMPLE.search(body):
        page = {"cells": [], "values": [], "takes": None}
        examples = Counter()  # of each function
        context["body"] = EXAMPLE.sub(lambda match: match[0] + button(body[: match.start()], examples), body)
    else:
        return
    name = pagename.rsplit("/", 1)[-1]
    target = Path(app.outdir, PLACE, "pages", f"{name}.json")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(page, ensure_ascii=False), encoding="utf-8")
    sizes = {name: len(content) for name, content in app.frontier_python.items()}
    unused = 0 if any(re.search(LEARNING, cell) for cell in page["cells"]) else sizes["learning.zip"]
    context["here"] = {"page": name, "megabytes": round((sum(sizes.values()) - unused) / 1e6)}


def button(before, examples):
    """Return the button of an example, which tells whose it is, by what stands before it on the page."""
    *_, (name, module) = NAMED.findall(before)
    whose = name or module
    examples[whose] += 1
    which = f"example {examples[whose]}" if examples[whose] > 1 else "example"
    return OFFER.format(whose, f"Try it: {which} of {whose.removeprefix('frontier.')}", "Try it")


def setup(app):
    app.add_js_file("here/start.js", priority=900)
    app.connect("builder-inited", pack)
    app.connect("html-page-context", offer, priority=450)
    app.connect("build-finished", write_parts, priority=960)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
