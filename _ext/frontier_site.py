"""What the book changes in its theme, and what it checks while it is built.

1. `bundle`: a page loads one stylesheet, without what it cannot use (purge.py), and one script, in place of
   some twenty files.
2. `repair`: small corrections to the page for keyboards and screen readers.
3. `check_images`: a picture without alternative text is a warning, and warnings fail the build.
4. `declare_dependencies`: after an edit in frontier/ every notebook is read and executed again.
5. `forget_warnings`: a build that failed because of a warning fails again when it is repeated.
6. `skip_fields`: the page of functions, without what it need not say.
7. `verdict`: the role for our five verdicts, so that a misspelt one is a warning.
"""

import re
from multiprocessing import parent_process
from pathlib import Path

from docutils import nodes
from purge import purge
from sphinx.util import logging

logger = logging.getLogger(__name__)

VERDICTS = ("true", "true if", "imprecise", "false", "untestable")

# The theme's own files that its templates name outside of Sphinx's lists.
THEME_CSS = ["basic.css", "styles/bootstrap.css", "styles/pydata-sphinx-theme.css"]
THEME_JS = ["scripts/bootstrap.js", "scripts/pydata-sphinx-theme.js"]
# What Sphinx and the extensions would load on every page, and we do not use:
UNUSED = {
    "design-tabs.js",  # sphinx-design's tabs; 1 request
    "styles/theme.css",  # only imports basic.css, which we take directly
}

ASSEMBLED = ["bs-tooltip-auto"]  # a class that Bootstrap puts together, so that it stands nowhere as a word


def remember_parts(app, context):
    """Note which of Sphinx's stylesheets and scripts a page would load, then empty the lists.

    A script that is not a file goes for good: the state of the widgets, which JupyterLab needs and we do not.
    """
    for key in ("css_files", "script_files"):
        names = (str(getattr(entry, "filename", None) or "").split("?")[0] for entry in context[key])
        parts = dict.fromkeys(name.removeprefix("_static/") for name in names)
        if parent_process() and parts.keys() - app.frontier_parts[key]:  # what this process notes is lost
            logger.warning("a page loads what the first page does not: %s", list(parts), type="bundle")
        app.frontier_parts[key].update(parts)
        context[key] = []


def joined(static, names, glue):
    """Return the text of those files that pages use, without the addresses of their maps, which moved."""
    parts = [static / name for name in names if name not in UNUSED]
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
    # The search page quotes the start of what it finds; let that be the text and not the buttons above it.
    search = static / "searchtools.js"
    text = search.read_text(encoding="utf-8").replace('[role="main"]', "article")
    search.write_text(text, encoding="utf-8")


def forget_warnings(app, exception):
    """After a build with warnings, let the next one read everything again.

    Otherwise it would find nothing changed, print no warning, and count as clean.
    """
    if exception or app._warncount:
        Path(app.doctreedir, "environment.pickle").unlink(missing_ok=True)


def repair(app, pagename, templatename, context, doctree):
    """Let the page load the bundle, and correct what the theme and the extensions get wrong."""
    remember_parts(app, context)
    body = context.get("body") or ""
    # myst-nb names every folded cell "Toggle hidden content", which hides its visible text from screen
    # readers and from people who speak to their computer.
    body = body.replace('<summary aria-label="Toggle hidden content">', "<summary>")
    # docutils marks the bibliography as a list without list items, in a role that has been withdrawn.
    body = body.replace('role="doc-biblioentry"', 'role="listitem"')
    # The theme's script makes elements of this class reachable by keyboard while they scroll sideways.
    for name in ("pst-scrollable-table-container", "equation"):
        body = body.replace(f'<div class="{name}">', f'<div class="{name} jp-RenderedHTMLCommon">')
    # numpydoc makes its reference marks unique with a long name; the page needs the number only.
    body = re.sub(r"(?<=[>\[])R[0-9a-f]{8,}-(\d+)(?=[<\]])", r"\1", body)
    # A progress bar leaves an output that is nothing but a widget, with another number in every build.
    body = re.sub(
        r'<script type="application/vnd\.jupyter\.widget-view\+json">.*?</script>\n?',
        "",
        body,
        flags=re.DOTALL,
    )
    # Browsers break a line between a formula and the comma after it.
    body = re.sub(
        r'([(\[“]?<span class="math notranslate">(?:(?!</span>).)*</span>[.,;:!?)\]’”%]+)',
        r'<span class="unbroken">\1</span>',
        body,
        flags=re.DOTALL,
    )
    # Nor should a line end within 2.9 × 10⁹, 0.70 ± 0.04 or ≈ 3.
    body = re.sub(r"(?<=\d) (?=[×±] ?\d)|(?<=[≈±×]) (?=\d)", "\u00a0", body)
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


def place(node):
    """Return the nearest place in the source that is known for a node."""
    while node is not None and not node.line:
        node = node.parent
    return node


def check_images(app, doctree, docname):
    """Warn about a picture that says nothing to those who cannot see it."""

    def warn(node, text):
        logger.warning(text, location=place(node) or docname, type="alt")

    for image in doctree.findall(nodes.image):
        if not image.get("alt", "").strip():
            warn(image, "image without alternative text (in a notebook: show an inline SVG with a label)")
    for raw in doctree.findall(nodes.raw):
        if "html" not in raw.get("format", ""):
            continue
        for tag, content in re.findall(r"<svg\b([^>]*)>(.*?)</svg>", raw.astext(), re.S | re.I):
            hidden = 'aria-hidden="true"' in tag
            named = re.search(r"\baria-label(ledby)?=\s*[\"'][^\"']", tag) or "<title" in content
            if not hidden and not ('role="img"' in tag and named):
                warn(raw, 'inline SVG without role="img" and a label')
        for tag in re.findall(r"<img\b[^>]*>", raw.astext(), re.I):
            if not re.search(r"\balt=\s*[\"'][^\"']", tag):
                warn(raw, "image without alternative text (HTML)")


def declare_dependencies(app, docname, source):
    """Make every notebook depend on the package it imports, and on our own style sheets and extensions.

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


def setup(app):
    app.frontier_parts = {"css_files": {}, "script_files": {}}
    app.add_css_file("frontier.css", priority=900)  # after everything it corrects
    app.add_role("verdict", verdict)
    app.connect("autodoc-skip-member", skip_fields)
    app.connect("source-read", declare_dependencies)
    app.connect("doctree-resolved", check_images)
    app.connect("html-page-context", repair, priority=900)  # after the theme and all extensions
    app.connect("build-finished", bundle, priority=900)
    app.connect("build-finished", forget_warnings)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
