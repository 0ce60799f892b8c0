"""What stands at the foot of a page: how to cite it, and links to its notebook, its source and the issues.

It belongs to the template, so that no notebook has to repeat it. The names and the version come from
CITATION.cff.
"""

import re
from pathlib import Path
from urllib.parse import quote

import yaml


def authors(citation):
    """Return the authors as BibTeX has them, and in words; a name that is no person's stays whole."""
    people = [
        (f"{{{a['name']}}}", a["name"])
        if "name" in a
        else (f"{a['family-names']}, {a['given-names']}", f"{a['given-names']} {a['family-names']}")
        for a in citation["authors"]
    ]
    return " and ".join(bib for bib, _ in people), ", ".join(words for _, words in people)


def cite(citation, name, title, address):
    """Return the citation of a page in words and as BibTeX; that of the whole book without a title."""
    bib, words = authors(citation)
    year, book = str(citation["date-released"])[:4], citation["title"]
    fields = {
        "author": bib,
        "title": f"{{{title or book}}}",
        "booktitle": title and f"{{{book}}}",
        "year": year,
        "note": f"Version {citation['version']}",
    }
    fields = {name: re.sub(r"([&%$#_])", r"\\\1", text) for name, text in fields.items() if text}
    lines = [f"  {name} = {{{text}}}," for name, text in (fields | {"url": address}).items()]
    part = f"{title}. In: {book}" if title else book
    return (
        f"{words} ({year}). {part}. Version {citation['version']}. {address}",
        "\n".join([f"@{'incollection' if title else 'book'}{{frontier-{name},", *lines, "}"]),
    )


def depend_on_citation(app, docname, source):
    """Let Sphinx write every page again when the version or the authors change."""
    app.env.note_dependency(str(Path(app.srcdir, "CITATION.cff")))


def add_foot(app, pagename, templatename, context, doctree):
    """Collect what templates/page-foot.html shows; pages without a source have no foot."""
    if doctree is None:
        return
    options, root = app.config.html_theme_options, pagename == app.config.root_doc
    repository, title = options["repository_url"], app.env.titles[pagename].astext()
    address = app.config.html_baseurl + app.builder.get_target_uri(pagename)
    source = Path(app.env.doc2path(pagename, base=False)).as_posix()
    notebook = source.endswith(".ipynb")
    citation = yaml.safe_load(Path(app.srcdir, "CITATION.cff").read_text(encoding="utf-8"))
    words, bibtex = cite(citation, pagename.rsplit("/", 1)[-1], None if root else title, address)
    body = (
        f"Page: {address}\n\nWhat is wrong:\n\nWhat is right, and how you know (a source, a calculation):\n"
    )
    context["foot"] = {
        "notebook": f"_sources/{context['sourcename']}" if notebook else None,
        "edit": f"{repository}/edit/{options.get('repository_branch', 'main')}/{source}",
        "report": f"{repository}/issues/new?title={quote(f'Error in: {title}')}&body={quote(body)}",
        "what": "book" if root else "chapter" if notebook else "page",
        "words": words,
        "bibtex": bibtex,
    }


def setup(app):
    app.connect("source-read", depend_on_citation)
    app.connect("html-page-context", add_foot, priority=400)  # the theme drops what is still empty at 500
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
