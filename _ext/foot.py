"""Where a page can be run, how to cite it, and where to report an error: for two templates.

Binder and Colab open a page as it was when this version was released, at the tag v1.2.0 for version 1.2.0. A
version under development, such as 1.3.0.dev0, has no tag; for it they open the branch that _config.yml names.
Authors and version come from CITATION.cff.
"""

import re
from pathlib import Path

import yaml
from address import known, owner_and_name

from frontier import __version__

NAME = "efficient-compute-frontier"  # of the files that scripts/editions.py makes


def runs(repository, version, branch, path):
    """Return the addresses at which Binder and Colab run a notebook of a repository."""
    place = "/".join(owner_and_name(repository))
    ref = branch if ".dev" in version else f"v{version}"
    return {
        "binder": f"https://mybinder.org/v2/gh/{place}/{ref}?urlpath=lab/tree/{path}",
        "colab": f"https://colab.research.google.com/github/{place}/blob/{ref}/{path}",
    }


def editions(repository, version):
    """Return the addresses of the book as PDF and EPUB, which the workflow of a release puts there."""
    ref = "latest/download" if ".dev" in version else f"download/v{version}"
    return {kind: f"{repository}/releases/{ref}/{NAME}.{kind}" for kind in ("pdf", "epub")}


def authors(citation):
    """Return the names of the authors in CITATION.cff."""
    return [a.get("name") or f"{a['given-names']} {a['family-names']}" for a in citation["authors"]]


def cite(citation, name, title, address):
    """Return the citation of a page in words and as BibTeX; that of the whole book without a title.

    A book whose address nobody has set is cited without one.
    """
    words = ", ".join(authors(citation))
    people = citation["authors"]  # a name that is no person's stays whole
    bib = [f"{{{a['name']}}}" if "name" in a else f"{a['family-names']}, {a['given-names']}" for a in people]
    year, book = str(citation["date-released"])[:4], citation["title"]
    version = f"Version {citation['version']}"
    fields = {
        "author": " and ".join(bib),
        "title": f"{{{title or book}}}",
        "booktitle": title and f"{{{book}}}",
        "year": year,
        "note": version,
    }
    fields = {name: re.sub(r"([&%$#_])", r"\\\1", text) for name, text in fields.items() if text}
    fields |= {"url": address} if address else {}
    lines = [f"  {name} = {{{text}}}," for name, text in fields.items()]
    part = f"{title}. In: {book}" if title else book
    return (
        f"{words} ({year}). {part}. {version}. {address or ''}".strip(),
        "\n".join([f"@{'incollection' if title else 'book'}{{frontier-{name},", *lines, "}"]),
    )


def depend_on_citation(app, docname, source):
    """Let Sphinx write every page again when the version or the authors change."""
    app.env.note_dependency(str(Path(app.srcdir, "CITATION.cff")))


def add(app, pagename, templatename, context, doctree):
    """Collect what the templates show; pages without a source show nothing."""
    if doctree is None:
        return
    theme, root = app.config.html_theme_options, pagename == app.config.root_doc
    title, base = app.env.titles[pagename].astext(), known(app.config)
    source = Path(app.env.doc2path(pagename, base=False)).as_posix()
    citation = yaml.safe_load(Path(app.srcdir, "CITATION.cff").read_text(encoding="utf-8"))
    words, bibtex = cite(citation, "book", None, base and f"{base}{app.config.root_doc}.html")
    if not root:  # the chapter, and then the book
        words, chapter = cite(citation, pagename.rsplit("/", 1)[-1], title, base and f"{base}{pagename}.html")
        bibtex = f"{chapter}\n\n{bibtex}"
    foot = {"title": title, "source": source, "words": words, "bibtex": bibtex}
    if root:
        foot["editions"] = editions(theme["repository_url"], __version__)
    if notebook := source.endswith(".ipynb"):
        foot["notebook"] = f"{pagename}.ipynb"  # _ext/copies.py writes it, `make copies` keeps it
        path = f"notebooks/{Path(source).name}"
        foot |= runs(theme["repository_url"], __version__, theme["repository_branch"], path)
    foot["markdown"] = f"{pagename}.md"  # _ext/plain.py writes it
    context["foot"] = foot | {"what": "book" if root else "chapter" if notebook else "page"}


def setup(app):
    app.connect("source-read", depend_on_citation)
    app.connect("html-page-context", add, priority=400)  # the theme drops what is still empty at 500
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
