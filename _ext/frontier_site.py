"""What the book changes in its theme, what it checks in a build, and that its pages are made side by side."""

import os
import re
from functools import cache
from importlib import import_module
from multiprocessing import parent_process
from pathlib import Path
from pkgutil import walk_packages

import pybtex.plugin
from docutils import nodes
from purge import purge
from sphinx.util import logging

import frontier
from frontier.ledger import VERDICTS

logger = logging.getLogger(__name__)

# The theme's own files that its templates name outside of Sphinx's lists.
THEME_CSS = ["basic.css", "styles/bootstrap.css", "styles/pydata-sphinx-theme.css"]
THEME_JS = ["scripts/bootstrap.js", "scripts/pydata-sphinx-theme.js"]
UNUSED = "design-tabs.js"  # which sphinx-design loads on every page, for tabs that we have not

ASSEMBLED = ["bs-tooltip-auto"]  # a class that Bootstrap puts together, so that it stands nowhere as a word

UNQUOTED = '".headerlink", "script", "style"'  # by the search page, which quotes what it finds
UNREAD = (
    '"details.hide", "annotation", "svg", "form", ".reading", ".definitions"'  # hidden code, and no sentences
)
SEARCH = [  # what the search page of Sphinx does, and what it does here
    ('[role="main"]', "article"),
    (UNQUOTED, f"{UNQUOTED}, {UNREAD}"),
    ("(data, searchTerms, anchor)", "(data, [...searchTerms, ...highlightTerms], anchor)"),  # not stems alone
    (
        "linkUrl + anchor;",
        'linkUrl + "?highlight=" + encodeURIComponent([...highlightTerms].join(" ")) + anchor;',
    ),
    # It marks the page that a result leads to, and not whatever comes next.
    ('localStorage.setItem("sphinx_highlight_terms", [...highlightTerms].join(" "))', ""),
]


def remember_parts(app, context):
    """Note which of Sphinx's stylesheets and scripts a page would load, then empty the lists.

    A script that is not a file goes for good: it tells a chooser of versions, which we have not, where it is.
    """
    for key, noted in app.frontier_parts.items():
        names = (entry.filename.split("?")[0] for entry in context[key] if entry.filename)
        parts = dict.fromkeys(name.removeprefix("_static/") for name in names)
        if parent_process() and parts.keys() - noted:  # what this process notes is lost
            logger.warning("a page loads what the first page does not: %s", list(parts), type="bundle")
        noted.update(parts)
        context[key] = []


def joined(static, names, glue):
    """Return the text of those files that pages use, without the addresses of their maps, which moved."""
    parts = [static / name for name in names if name != UNUSED]
    text = glue.join(part.read_text(encoding="utf-8") for part in parts if part.is_file())
    return re.sub(r"/[/*][#@] ?sourceMappingURL=\S+( ?\*/)?", "", text)


def bundle(app, exception):
    """Write _static/site.css and _static/site.js out of all the parts, and leave out what no page can use.

    Browsers draw nothing before they hold every stylesheet, so one small request in place of nine is what
    makes a chapter appear quickly on a phone. This runs last because the theme writes pygments.css very late.
    """
    if exception or not app.frontier_parts["css_files"]:
        return
    static = Path(app.outdir) / "_static"
    css = [*THEME_CSS, *(name for name in app.frontier_parts["css_files"] if name not in THEME_CSS)]
    js = [*(name for name in app.frontier_parts["script_files"] if name not in THEME_JS), *THEME_JS]
    (static / "site.js").write_text(joined(static, js, ";\n"), encoding="utf-8")
    pages = [path for path in Path(app.outdir).rglob("*.html") if static not in path.parents]
    texts = [path.read_text(encoding="utf-8") for path in [*pages, *static.glob("*.js")]]
    style = purge(joined(static, css, "\n"), [*texts, *ASSEMBLED])
    (static / "site.css").write_text(style, encoding="utf-8")
    search = static / "searchtools.js"
    text = search.read_text(encoding="utf-8")
    for theirs, ours in SEARCH:
        if theirs not in text:
            logger.warning("the search of Sphinx no longer says %r", theirs, type="search")
        text = text.replace(theirs, ours)
    search.write_text(text, encoding="utf-8")


def forget_warnings(app, exception):
    """After a build with warnings, let the next one read everything again.

    Otherwise it would find nothing changed, print no warning, and count as clean.
    """
    if exception or app._warncount:
        Path(app.doctreedir, "environment.pickle").unlink(missing_ok=True)


REPAIRS = [
    # myst-nb names every folded cell "Toggle hidden content", which hides its visible text from screen
    # readers and from people who speak to their computer.
    (r'<summary aria-label="Toggle hidden content">', "<summary>"),
    # docutils marks the bibliography as a list without list items, in a role that has been withdrawn.
    (r'role="doc-biblioentry"', 'role="listitem"'),
    # The theme's script makes elements of this class reachable by keyboard while they scroll sideways.
    (r'<div class="(pst-scrollable-table-container|equation)">', r'<div class="\1 jp-RenderedHTMLCommon">'),
    # Browsers break a line between a formula and the comma after it.
    (
        r'([(\[“]?<span class="math notranslate">(?:(?!</span>).)*</span>[.,;:!?)\]’”%]+)',
        r'<span class="unbroken">\1</span>',
    ),
    # Nor should a line end within 2.9 × 10⁹, 0.70 ± 0.04 or ≈ 3.
    (r"(?<=\d) (?=[×±] ?\d)|(?<=[≈±×]) (?=\d)", "\u00a0"),
]


def repair(app, pagename, templatename, context, doctree):
    """Let the page load the bundle, and correct what the theme and the extensions get wrong."""
    remember_parts(app, context)
    body = context.get("body") or ""
    for pattern, better in REPAIRS:
        body = re.sub(pattern, better, body, flags=re.DOTALL)
    context["body"] = body
    context["has_math"] = "<math" in body
    context["generate_toctree_html"] = named_buttons(context["generate_toctree_html"])


def named_buttons(menu):
    """Name the buttons that unfold the pages of a section, which the theme leaves without a name."""

    def named(*args, **kwargs):
        soup = menu(*args, **kwargs)
        for summary in soup.select("summary"):
            summary["aria-label"] = f"Pages of {summary.find_parent('li').a.get_text()}"
        return soup

    return named


def check_images(app, doctree, docname):
    """Warn about a picture that says nothing to those who cannot see it."""
    faulty = [(node, "image") for node in doctree.findall(nodes.image) if not node.get("alt", "").strip()]
    for raw in (raw for raw in doctree.findall(nodes.raw) if "html" in raw.get("format", "")):
        for tag, content in re.findall(r"<svg\b([^>]*)>(.*?)</svg>", raw.astext(), re.S | re.I):
            named = re.search(r"\baria-label(ledby)?=\s*[\"'][^\"']", tag) or "<title" in content
            if 'aria-hidden="true"' not in tag and not ('role="img"' in tag and named):
                faulty.append((raw, 'inline SVG without role="img", or'))
        images = re.findall(r"<img\b[^>]*>", raw.astext(), re.I)
        faulty += [(raw, "image") for tag in images if not re.search(r"\balt=\s*[\"'][^\"']", tag)]
    for node, what in faulty:
        while node is not None and not node.line:  # the nearest place that is known
            node = node.parent
        text = "%s without alternative text (in a notebook: show an inline SVG with a label)"
        logger.warning(text, what, location=node or docname, type="alt")


def figures_first(app, doctree, docname):
    """Let the folded code of a figure stand below it; myst-nb has folded it by now."""
    for cell in doctree.findall(nodes.container):
        if "tag_hide-input" in cell["classes"]:
            cell.children.reverse()


def declare_dependencies(app, docname, source):
    """Make every page depend on the package it describes, and on our own style sheets and extensions.

    The latter because Sphinx copies and applies them only when there is a page to write.
    """
    for folder in ("frontier", "_ext", "book/_static"):
        for path in sorted((Path(app.srcdir) / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                app.env.note_dependency(str(path))


def skip_fields(app, what, name, thing, skip, options):
    """Leave out of the page of functions what Python itself says of the fields of a tuple."""
    return skip or (getattr(thing, "__doc__", None) or "").startswith("Alias for field number")


def verdict(name, rawtext, text, lineno, inliner, options=None, content=None):
    """Read {verdict}`true if` as a badge; the class carries its look."""
    if text not in VERDICTS:
        message = inliner.reporter.warning(f"no such verdict: {text!r}; one of {VERDICTS}", line=lineno)
        return [inliner.problematic(rawtext, rawtext, message)], [message]
    return [nodes.inline(rawtext, text, classes=["verdict", "verdict-" + text.replace(" ", "-")])], []


# Sphinx can read and write pages side by side, but `jupyter-book build` has no option for it.
CORES = os.cpu_count() or 1


def side_by_side(app, env, docnames=()):
    """Read and write pages with one process for each core, besides the one that hands out pages to write."""
    app.parallel = CORES + 1
    for module in walk_packages(frontier.__path__, "frontier."):  # once, and not in every process again
        import_module(module.name)
    for name in ("sphinx_multitoc_numbering", "sphinx_jupyterbook_latex"):
        app.extensions[name].parallel_read_safe = True  # they say nothing of it, and do nothing here


def setup(app):
    # For each citation pybtex asks every installed package whether it knows how to write one.
    pybtex.plugin.find_plugin = cache(pybtex.plugin.find_plugin)
    app.frontier_parts = {"css_files": {}, "script_files": {}}
    app.add_js_file("matches.js", priority=900)
    app.add_css_file("frontier.css", priority=900)  # after everything it corrects
    app.add_role("verdict", verdict)
    app.connect("autodoc-skip-member", skip_fields)
    app.connect("env-before-read-docs", side_by_side)
    app.connect("source-read", declare_dependencies)
    app.connect("doctree-resolved", figures_first)
    app.connect("doctree-resolved", check_images)
    app.connect("html-page-context", repair, priority=900)  # after the theme and all extensions
    app.connect("build-finished", bundle, priority=900)
    app.connect("build-finished", forget_warnings)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
