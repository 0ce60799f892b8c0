"""Two depths: a section marked `{.deeper}` in its notebook is folded on the page, its heading the label.

Without a script a fold opens like any other, and a browser's own search finds what is in it. The script opens
it for a link that leads to it, and for print. On a phone, long cells of code show their first lines alone.
"""

from docutils import nodes


def fold(app, doctree, docname):
    """Wrap what stands below the heading of each deeper section in an element that unfolds."""
    for section in doctree.findall(nodes.section):
        if "deeper" in section["classes"]:
            for place, html in ((0, '<details class="deeper"><summary>'), (2, "</summary>")):
                section.insert(place, nodes.raw("", html, format="html"))
            section.append(nodes.raw("", "</details>", format="html"))


def setup(app):
    app.add_js_file("folds.js", priority=900)
    app.add_js_file("code.js", priority=900)
    app.connect("doctree-resolved", fold)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
