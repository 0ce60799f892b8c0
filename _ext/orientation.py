"""Where a reader stands: chapters that argue are numbered, and each says how long it takes.

A chapter argues if it has a bet; the other pages are to look things up. How long it takes is counted, not
typed: in words, at 200 a minute, somewhat slower than the 238 at which people read non-fiction silently
(Brysbaert 2019, doi:10.1016/j.jml.2019.104047). A number counts as four words, as one says it; what is no
word has the times below, our guesses. The first figure is that of the main line, the second has every fold
and answer in it, but no hidden code.
"""

import re
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from docutils import nodes
from plain import in_order

WORDS = re.compile(r"[^\s–—·]*\w[^\s–—·]*")
NUMBERS = re.compile(r"\d[\d,.\u00a0 ]*(?: ?× ?10[⁻⁰¹²³⁴-⁹]+)?")  # 2.9 × 10⁻²¹ is one
WORD = 60 / 200  # seconds
NUMBER = 3 * WORD  # besides being a word
FORMULA, EQUATION, CODE = 3, 20, 2  # in the text, in a line of its own; a line of code that shows
FIGURE, SLIDER = 20, 45
UNREAD = re.compile(r"<(svg|script|style|fieldset|button)\b.*?</\1>", re.S)


def in_text(text):
    """Return the seconds that a text takes."""
    return WORD * len(WORDS.findall(text)) + NUMBER * len(NUMBERS.findall(text))


def in_html(html):
    """Return the seconds that an output takes."""
    figures, sliders = html.count('class="frontier'), html.count('class="frontier explore')
    figures -= html.count('class="frontier-table')
    text = re.sub(r"<[^>]*>", " ", UNREAD.sub("", html))
    return in_text(text) + FIGURE * figures + (SLIDER - FIGURE) * sliders


def seconds(node, deep=False):
    """Return the seconds that a part of a page takes, with what is folded or without."""
    classes = node.get("classes", ()) if isinstance(node, nodes.Element) else ()
    parts = node.children
    if isinstance(node, nodes.Text):
        return in_text(node)
    if isinstance(node, nodes.math | nodes.math_block):
        return FORMULA if isinstance(node, nodes.math) else EQUATION
    if isinstance(node, nodes.raw):
        return in_html(node.astext())
    if isinstance(node, nodes.container):
        if "tag_hide-cell" in classes or (node.get("design_component") == "dropdown" and not deep):
            return 0
        if "tag_hide-input" in classes:
            parts = parts[1:]
        elif "cell_input" in classes:
            return CODE * len(re.findall(r"^\s*\S", node.astext(), re.M))
        elif node.get("nb_element") == "mime_bundle":
            kinds = {part.get("mime_type"): part for part in parts}
            parts = [kinds.get("text/html", parts[0])]
    elif "deeper" in classes and not deep:
        parts = parts[:1]  # its heading
    return sum(seconds(part, deep) for part in parts)


def argues(doctree):
    return any("bet" in box["classes"] for box in doctree.findall(nodes.admonition))


def take_stock(app, env):
    """Count the chapters and what each takes; let every page be written again if that has changed."""
    found = {}
    for name in in_order(app, app.config.root_doc):
        doctree = env.get_doctree(name)
        if argues(doctree):
            times = [max(1, round(seconds(doctree, deep) / 60)) for deep in (False, True)]
            found[name] = (len(found) + 1, *times)
    changed = found != getattr(env, "frontier_chapters", None)
    env.frontier_chapters = found
    return list(env.found_docs) if changed else []


def chapter(app, address, pagename):
    """Return number and minutes of the chapter to which a link leads; None if it leads elsewhere."""
    parts = urlsplit(address)
    if parts.netloc or (parts.fragment and parts.path):
        return None
    named = {PurePosixPath(name).name: found for name, found in app.env.frontier_chapters.items()}
    return named.get(PurePosixPath(parts.path or pagename).stem)


def hours(minutes):
    """Return minutes in words: 45 minutes, 2½ hours."""
    if minutes < 90:
        return f"{minutes} minutes"
    halves = round(minutes / 30)
    return f"{halves // 2}{'½' * (halves % 2)} hours"


def tell_minutes(app, doctree, docname):
    """Say behind each link in a list of chapters how long it takes, and below the bets how long all take."""
    for box in doctree.findall(nodes.container):
        if not {"minutes", "bets"} & set(box["classes"]):
            continue
        for link in list(box.findall(nodes.reference)):
            if found := chapter(app, link.get("refuri", ""), ""):
                said = nodes.inline("", f" ({found[1]} minutes)", classes=["minutes"])
                link.parent.insert(link.parent.index(link) + 1, said)
        if "bets" in box["classes"] and app.env.frontier_chapters:
            _, short, long = zip(*app.env.frontier_chapters.values(), strict=True)
            folds = f", with all folds {hours(sum(long))}" if long > short else ""
            words = f"All of them take about {hours(sum(short))}{folds}."
            box.append(nodes.paragraph("", words))


def orient(app, pagename, templatename, context, doctree):
    """Put number and minutes under the title, into the list of pages, and number and title at the foot."""
    chapters = app.env.frontier_chapters
    for way in ("prev", "next"):
        if context.get(way) and (found := chapter(app, context[way]["link"], pagename)):
            context[way] = context[way] | {"title": f"{found[0]}. {context[way]['title']}"}
    context["generate_toctree_html"] = numbered(app, context["generate_toctree_html"], pagename)
    if pagename in chapters:
        number, short, long = chapters[pagename]
        context["place"] = f"Chapter {number} of {len(chapters)}"
        folds = f", {long} with all folds" if long > short else ""
        line = f'<p class="reading">Chapter {number}. About {short} minutes{folds}.</p>'
        context["body"] = context["body"].replace("</h1>", f"</h1>\n{line}", 1)


def numbered(app, menu, pagename):
    """Let the list of pages say number and minutes of each chapter."""

    def listed(*args, **kwargs):
        soup = menu(*args, **kwargs)
        for link in soup.select("a.reference.internal"):
            found = chapter(app, link["href"], pagename)
            if found and not link.select_one(".minutes"):
                number, title, takes = f"{found[0]} ", link.get_text(), f" {found[1]} min"
                link.clear()
                for kind, text in (("chapter-number", number), ("title", title), ("minutes", takes)):
                    link.append(soup.new_tag("span", attrs={"class": kind}, string=text))
        return soup

    return listed


def setup(app):
    app.connect("env-updated", take_stock)
    app.connect("doctree-resolved", tell_minutes)
    app.connect("html-page-context", orient, priority=910)  # after frontier_site.py, before plain.py
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
