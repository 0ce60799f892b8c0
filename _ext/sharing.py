"""How the book is found, and what is seen where somebody shares the address of a page.

1. `introduce`: description and Open Graph card of a page; Sphinx adds the canonical link.
2. `write_sitemap`: sitemap.xml with the address of every page.
3. `root_links`: the page for missing addresses, whose links must work from any depth.
4. `move_data`: the data of a figure become a file beside the page.

Addresses come from _ext/address.py.
"""

import html
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import card
from docutils import nodes

EXTRA = {"search": "Search this book.", "404": "There is no such page."}  # pages without a text
DATA = re.compile(r'download="[^"]*" href="data:text/csv;charset=utf-8,([^"]*)"')


def describe(doctree):
    """Return the first sentences of a page, at most 320 characters: what a search engine shows.

    That is more than most engines show. But a chapter starts with a claim that is not ours, and what we say
    to it should not be lost on those that show more.
    """
    paragraphs = (p for p in doctree.findall(nodes.paragraph) if len(p.astext()) > 40)
    text = " ".join(next(paragraphs, nodes.paragraph()).astext().split())
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
    """Add to the head of a page what it says about itself elsewhere."""
    if pagename in EXTRA:
        context["metatags"] = f'<meta name="description" content="{EXTRA[pagename]}">'
        context["pageurl"] = None  # neither is a page to be found
        return
    root, book, base = app.config.root_doc, app.config.html_title, app.config.html_baseurl
    if pagename == "index":  # leads to the first page and is shared as often, so it says the same
        doctree = app.env.get_doctree(root)
    elif doctree is None:
        return
    page = root if pagename == "index" else pagename
    context["pageurl"] = base + app.builder.get_target_uri(page)
    title, description = app.env.titles[page].astext(), describe(doctree)
    figure, label = hero(app, doctree)

    image = f"_static/cards/{page}.png"
    if pagename == page:  # the first page has drawn that of "index"
        target = Path(app.outdir, image)
        target.parent.mkdir(parents=True, exist_ok=True)
        mark = Path(app.srcdir, "book", "_static", "favicon.svg").read_text(encoding="utf-8")
        target.write_bytes(card.card(title, book if title != book else "", figure, mark))

    tags = {
        "og:type": "website" if page == root else "article",
        "og:site_name": book,
        "og:title": title,
        "og:description": description,
        "og:url": context["pageurl"],
        "og:image": base + image,
        "og:image:width": card.WIDTH,
        "og:image:height": card.HEIGHT,
        "og:image:alt": label,
    }
    lines = [f'<meta name="description" content="{html.escape(description)}">']
    lines += [f'<meta property="{name}" content="{html.escape(str(text))}">' for name, text in tags.items()]
    lines.append('<meta name="twitter:card" content="summary_large_image">')
    context["metatags"] = "\n".join(lines)


def move_data(app, pagename, templatename, context, doctree):
    """Write the data that the links under the figures hold into files, so that no page carries them."""
    number = 0

    def move(link):
        nonlocal number
        number += 1
        name = f"{pagename.rsplit('/', 1)[-1]}-{number}.csv"
        target = Path(app.outdir, "_static", "data", name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(unquote(link[1]), encoding="utf-8", newline="")
        return f'download="{name}" href="{context["pathto"](f"_static/data/{name}", 1)}"'

    context["body"] = DATA.sub(move, context.get("body") or "")


def write_sitemap(app, exception):
    """List the pages for search engines; not the search itself, nor what leads elsewhere."""
    if exception:
        return
    uris = map(app.builder.get_target_uri, sorted(app.env.found_docs))
    entries = "".join(f"<url><loc>{html.escape(app.config.html_baseurl + uri)}</loc></url>\n" for uri in uris)
    text = (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</urlset>\n'
    )
    Path(app.outdir, "sitemap.xml").write_text(text, encoding="utf-8", newline="")


def root_links(app, exception):
    """Let the links of 404.html start at the root of the host: it is shown in the place of any missing page.

    Hence it needs the path at which the site stands, as the only page of all.
    """
    path = Path(app.outdir, "404.html")
    if exception or not path.is_file():
        return
    root = urlsplit(app.config.html_baseurl).path
    relative = r'\b(href|src|action|data-content_root)="(?!#|/|\w+:)(?:\./)?'
    text = re.sub(relative, rf'\1="{root}', path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8", newline="")


def setup(app):
    app.connect("html-page-context", introduce)
    app.connect("html-page-context", move_data)
    app.connect("build-finished", write_sitemap)
    app.connect("build-finished", root_links)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
