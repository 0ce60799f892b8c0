"""How the book is found, and what is seen where somebody shares the address of a page.

Addresses come from address.py, the picture of a page from card.py; templates/introduction.html says the rest.
Sphinx adds the canonical link.
"""

import html
import re
from pathlib import Path
from urllib.parse import urlsplit

import card
from docutils import nodes
from purge import purge

EXTRA = {"search": "Search this book.", "404": "There is no such page."}  # pages without a text


def within_box(node):
    """Say whether a paragraph belongs to a box, such as the bet before the first sentences."""
    while node is not None and not isinstance(node, nodes.Admonition):
        node = node.parent
    return node is not None


def describe(doctree):
    """Return the first sentences of a page, at most 320 characters: what a search engine shows.

    That is more than most engines show. But a chapter starts with a claim that is not ours, and what we say
    to it should not be lost on those that show more.
    """
    said = (p for p in doctree.findall(nodes.paragraph) if not within_box(p))
    found = (" ".join(p.astext().split()) for p in said)
    text = next((text for text in found if len(text) > 40), "")
    if len(text) <= 320:
        return text
    ends = [mark.end() for mark in re.finditer(r"[.?!](?= )", text[:321])]
    return text[: ends[-1]] if ends else text[:319].rsplit(" ", 1)[0] + "…"


def hero(app, doctree):
    """Return the first drawing on a page and its label; the cover of the book where there is none."""
    for raw in doctree.findall(nodes.raw):
        if found := re.search(r'<svg\b(?=[^>]*role="img").*?</svg>', raw.astext(), re.S):
            break
    else:
        cover = Path(app.srcdir, "book", "_static", "cover.svg").read_text(encoding="utf-8")
        found = re.match(r".*", re.sub(r"<style>.*?</style>", "", cover.strip()), re.S)
    return found[0], html.unescape(re.search(r'aria-label="([^"]*)"', found[0])[1])


def introduce(app, pagename, templatename, context, doctree):
    """Give templates/introduction.html what a page says about itself, and draw its card."""
    context["metatags"] = ""  # a second one for the viewport
    if pagename in EXTRA:
        context["introduction"] = {"description": EXTRA[pagename]}
        context["pageurl"] = None  # neither is a page to be found
        return
    root, book, base = app.config.root_doc, app.config.html_title, app.config.html_baseurl
    if pagename == "index":  # leads to the first page and is shared as often, so it says the same
        doctree = app.env.get_doctree(root)
    elif doctree is None:
        return
    page = root if pagename == "index" else pagename
    context["pageurl"] = base + app.builder.get_target_uri(page)
    title, image = app.env.titles[page].astext(), f"_static/cards/{page}.png"
    figure, label = hero(app, doctree)
    if pagename == page:  # the first page has drawn that of "index"
        target = Path(app.outdir, image)
        target.parent.mkdir(parents=True, exist_ok=True)
        mark = Path(app.srcdir, "book", "_static", "favicon.svg").read_text(encoding="utf-8")
        # The card of the first page asks what the book answers.
        question = next(doctree.findall(nodes.strong), None) if page == root else None
        words = question.astext() if question else title
        target.write_bytes(card.card(words, book if words != book else "", figure, mark))
    context["introduction"] = {
        "description": describe(doctree),
        "type": "website" if page == root else "article",
        "title": title,
        "image": base + image,
        "size": (card.WIDTH, card.HEIGHT),
        "label": label,
    }


def write_sitemap(app, exception):
    """List the pages for search engines; not the search itself, nor what leads elsewhere."""
    if not exception:
        uris = map(app.builder.get_target_uri, sorted(app.env.found_docs))
        places = (html.escape(app.config.html_baseurl + uri) for uri in uris)
        urls = "".join(f"<url><loc>{place}</loc></url>\n" for place in places)
        text = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n'
        Path(app.outdir, "sitemap.xml").write_text(f'<?xml version="1.0" encoding="utf-8"?>\n{text}', "utf-8")


def finish_missing(app, exception):
    """Let 404.html work in the place of any missing page: its style in it, its links from the host's root.

    A script in it corrects the links where the site stands under another path than it was built for.
    """
    path = Path(app.outdir, "404.html")
    if exception or not path.is_file():
        return
    root = urlsplit(app.config.html_baseurl).path
    relative = r'\b(href|src|action|data-content_root)="(?!#|/|\w+:)(?:\./)?'
    page = path.read_text("utf-8")
    style = purge(Path(app.outdir, "_static", "site.css").read_text("utf-8"), [page])
    style = re.sub(r"@font-face *\{[^}]*\}", "", style)  # the fonts are files
    page = re.sub(relative, rf'\1="{root}', page)
    path.write_text(page.replace("<style></style>", f"<style>\n{style}\n</style>"), "utf-8")


def list_chapters(app, pagename, templatename, context, doctree):
    """Give 404.html the chapters, so that nobody needs to search."""
    if pagename == "404":
        context["listed"] = [(name, app.env.titles[name].astext()) for name in app.env.frontier_chapters]


def setup(app):
    app.connect("html-page-context", introduce)
    app.connect("build-finished", write_sitemap)
    app.connect("html-page-context", list_chapters)
    app.connect("build-finished", finish_missing, priority=940)  # after the style, before its policy
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
