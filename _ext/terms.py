"""What a word of the glossary means, held ready on each page that uses it; book/_static/terms.js shows it.

Only the definitions of words that the page uses are there, hidden, in the words of the glossary. A word is a
link to the glossary as before.
"""

import html
import re

from docutils import nodes
from sphinx import addnodes

USED = re.compile(r'<a class="reference internal" href="glossary\.html#(term-[^"]+)"')


def take_stock(app, env):
    """Read the glossary; let every page be written again if it has changed."""
    found = {}
    for name in {place for (kind, _), (place, _) in env.domains["std"].objects.items() if kind == "term"}:
        for entry in env.get_doctree(name).findall(nodes.definition_list_item):
            if isinstance(entry.parent.parent, addnodes.glossary):
                for term in entry.findall(nodes.term):
                    found[term["ids"][0]] = term.astext(), entry.children[-1].astext()
    changed = found != getattr(env, "frontier_terms", None)
    env.frontier_terms = found
    return list(env.found_docs) if changed else []


def hold_ready(app, pagename, templatename, context, doctree):
    """Put below a page what the words mean that it uses."""
    body = context.get("body") or ""
    used = [name for name in dict.fromkeys(USED.findall(body)) if name in app.env.frontier_terms]
    means = []
    for name in used:
        term, words = map(html.escape, app.env.frontier_terms[name])
        means.append(f'<span id="means-{name}"><b>{term}:</b> {words}</span>\n')
    if used:
        context["body"] = f'{body}\n<div class="definitions" hidden>\n{"".join(means)}</div>\n'


def setup(app):
    app.add_js_file("terms.js", priority=900)
    app.connect("env-updated", take_stock)
    app.connect("html-page-context", hold_ready)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
