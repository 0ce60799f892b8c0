"""changes.xml: the versions of CHANGELOG.md as an Atom feed, for who wants to hear of a new one.

A version that is not yet released has no day and is left out.
"""

import re
from html import escape
from pathlib import Path

import yaml
from foot import authors
from markdown_it import MarkdownIt

RELEASE = re.compile(r"^## (\S+), (\d{4}-\d\d-\d\d)$\n(.*?)(?=^## |\Z)", re.M | re.S)
markdown = MarkdownIt("commonmark").enable("table")


def feed(changelog, citation, base):
    """Return the feed of a book that stands at `base`; both files as text."""
    about = yaml.safe_load(citation)
    entries, days = [], [str(about["date-released"])]
    for version, day, text in RELEASE.findall(changelog):
        days.append(day)
        entries.append(
            f"<entry><id>{base}book/changes.html#{version}</id><title>Version {version}</title>"
            f'<updated>{day}T00:00:00Z</updated><link href="{base}book/changes.html"/>'
            f'<content type="html">{escape(markdown.render(text))}</content></entry>\n'
        )
    people = "".join(f"<author><name>{escape(name)}</name></author>" for name in authors(about))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<id>{base}</id><title>{escape(about['title'])}: changes</title>{people}"
        f"<updated>{max(days)}T00:00:00Z</updated>"
        f'<link rel="self" href="{base}changes.xml"/><link href="{base}book/changes.html"/>\n'
        f"{''.join(entries)}</feed>\n"
    )


def write(app, exception):
    if not exception:
        texts = (Path(app.srcdir, name).read_text("utf-8") for name in ("CHANGELOG.md", "CITATION.cff"))
        Path(app.outdir, "changes.xml").write_text(feed(*texts, escape(app.config.html_baseurl)), "utf-8")


def setup(app):
    app.connect("build-finished", write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
