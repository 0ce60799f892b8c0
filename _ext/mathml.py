"""Mathematics as MathML: the formula is set by the browser, without a script and without a request.

docutils translates the LaTeX while the site is built. `tidy` sets the spaces that TeX would, and
`mistakes` finds what docutils lets pass: a formula that is wrong is a warning with its place.
"""

import re
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

from docutils.nodes import SkipNode
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

logger = logging.getLogger(__name__)

ROWS = {"math", "mrow", "msqrt", "mtd"}  # the elements that hold a row of things
SCRIPTS = {"msub", "msup", "msubsup", "munder", "mover", "munderover"}
# log N, but log(N)
THIN_SPACE = {"function function", "function ordinary", "ordinary function", "closing function"}


def to_mathml(latex, block):
    """Return the formula as a MathML string and the list of what is wrong with it."""
    source = latex.strip()
    try:
        found = tex2mathml(source, block)
    except Exception as error:  # a stray & is an AttributeError
        return "", [f"{type(error).__name__} {error}"]
    root = fromstring(re.sub(r"\n\s*| xmlns=\"[^\"]*\"|<mo>&ApplyFunction;</mo>", "", found))
    wrong = mistakes(source, root)
    tidy(root)
    body, root[:] = list(root), []
    semantics = SubElement(root, "semantics")
    SubElement(semantics, "mrow").extend(body)
    SubElement(semantics, "annotation", encoding="application/x-tex").text = source
    return tostring(root, encoding="unicode"), wrong


def mistakes(source, root):
    """List brackets that do not balance and an index on an index."""
    plain = re.sub(r"\\[\\{}]|\\(left|right)[a-z]+", "", source)
    pairs = [("{", "}"), (r"\left", r"\right")]
    found = [f"{a} and {b} do not balance" for a, b in pairs if plain.count(a) != plain.count(b)]
    return found + [f"two indices ({e.tag})" for e in root.iter() if e.tag in SCRIPTS and e[0].tag == e.tag]


def kind(element):
    """Return what TeX would call it: a function (log, min), a closing bracket, an operator, or the rest."""
    while element.tag in SCRIPTS:  # log in log_2
        element = element[0]
    if element.tag in ("mi", "mo") and (element.text or "")[1:]:
        return "function"
    if element.tag in ("mo", "mspace") and element.text != "/":
        return "closing" if element.text in (")", "]", "}") else "operator"
    return "ordinary"


def tidy(parent):
    """Correct, in place, what browsers show differently from TeX."""
    spaced = []
    for child in parent:
        tidy(child)
        # To a browser, "max" and "/" are operators with space around them.
        if child.tag == "mo" and (kind(child) == "function" or child.text == "/"):
            child.attrib.update(lspace="0", rspace="0")
        if child.tag == "mi" and child.attrib.pop("class", "") == "capital-greek":  # upright in TeX
            child.set("mathvariant", "normal")
        if spaced and parent.tag in ROWS and f"{kind(spaced[-1])} {kind(child)}" in THIN_SPACE:
            spaced.append(Element("mspace", width="0.1667em"))
        spaced.append(child)
    parent[:] = spaced


def render(node, block):
    mathml, wrong = to_mathml(node.astext(), block)
    for what in wrong:
        logger.warning("mathematics: %s in %r", what, node.astext(), location=node, type="mathml")
    return mathml


def visit_inline(self, node):
    self.body.append(f'<span class="math notranslate">{render(node, False)}</span>')
    raise SkipNode


def visit_block(self, node):
    self.body.append(self.starttag(node, "div", CLASS="math notranslate"))
    self.body.append(f'<div class="equation">{render(node, True)}</div>')
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, _("Link to this equation"))
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise SkipNode


def setup(app):
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
