"""Mathematics as MathML: the formula is set by the browser, without a script and without a request.

latex2mathml translates the LaTeX while the site is built. It leaves a few gaps, which `tidy` closes, and it
lets most mistakes pass, which `mistakes` finds: a formula that is wrong is a warning with its place.
"""

import html
import re
from xml.etree.ElementTree import Element, SubElement, tostring

from docutils.nodes import SkipNode
from latex2mathml.converter import Converter
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

logger = logging.getLogger(__name__)

# How many parts an element must have. latex2mathml leaves them out silently: "\frac{a}" has one.
PARTS = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3}
LIMITS = {"min", "max", "sup", "inf", "lim"}  # their index stands below them in a displayed formula
SCRIPTS = {"msub", "msup", "msubsup", "munder", "mover", "munderover"}
ROWS = {"math", "mrow", "mstyle", "mtd"}  # the elements that hold a row of things
THIN_SPACE = {
    ("function", "function"),
    ("function", "ordinary"),
    ("ordinary", "function"),
    ("closing", "function"),
}
ORDINARY = {"/", "∂"}  # symbols to TeX, operators to a browser
ACCENTS = {"^": "ˆ", "~": "˜", "―": "¯"} | {accent: accent for accent in "˙¨¯ˇ´`→‾"}


def to_mathml(latex, display):
    """Return the formula as a MathML string and the list of what is wrong with it."""
    source = latex.strip()
    # latex2mathml sets \mathrm letter by letter, and a single letter in italics; as text it is right.
    # It knows "split", which means the same as "aligned".
    text = re.sub(r"\\mathrm\s*\{([\w\s.-]+)\}", r"\\text{\1}", source)
    text = re.sub(r"\\(begin|end)\{aligned\}", r"\\\1{split}", text)
    if r"\\" in text and r"\begin" not in text:
        text = rf"\begin{{split}}{text}\end{{split}}"  # what Sphinx does with several lines
    try:
        root = Converter(display=display).convert_to_element(text)
    except Exception as error:  # latex2mathml raises a dozen unrelated exceptions
        return "", [f"{type(error).__name__} {error}".strip()]
    for element in root.iter():
        element.text = html.unescape(element.text) if element.text else element.text
    wrong = mistakes(source, root)
    tidy(root, display == "block")
    root.attrib.pop("xmlns", None)  # HTML knows <math> without it
    body = list(root)
    root[:] = []
    semantics = SubElement(root, "semantics")
    semantics.extend(body)
    SubElement(semantics, "annotation", encoding="application/x-tex").text = source
    return tostring(root, encoding="unicode"), wrong


def mistakes(source, root):
    """List unknown commands, unbalanced braces, missing arguments and stray alignment marks."""
    found = [f"unknown command {e.text}" for e in root.iter() if (e.text or "").startswith("\\")]
    found += ["& outside of an aligned environment" for e in root.iter("mi") if e.text == "&"]
    found += [f"an argument is missing ({e.tag})" for e in root.iter() if len(e) != PARTS.get(e.tag, len(e))]
    braces = re.sub(r"\\[\\{}]", "", source)
    if braces.count("{") != braces.count("}"):
        found.append("braces do not balance")
    return found


def core(element):
    """Return what an element with indices is built on: log in log_2."""
    while element.tag in SCRIPTS and len(element):
        element = element[0]
    return element


def kind(element):
    """Return what TeX would call it: a function (log, min), a closing bracket, an operator, or the rest."""
    base = core(element)
    if base.tag in ("mi", "mo") and len(base.text or "") > 1 and base.text[0].isalpha():
        return "function"
    if base.tag in ("mo", "mspace") and base.text not in ORDINARY:
        return "closing" if base.text in (")", "]", "}") else "operator"
    return "ordinary"


def tidy(parent, block):
    """Correct, in place, what browsers show differently from TeX."""
    spaced = []
    for child in parent:
        tidy(child, block)
        # An index below min, max and so on, when the formula stands alone.
        if block and child.tag == "msub" and core(child).tag == "mo" and core(child).text in LIMITS:
            child.tag = "munder"
        # To a browser, "erf", "/" and "∂" are operators with space around them, and so is {,} in 1{,}000.
        if child.tag == "mo" and (kind(child) == "function" or child.text in ORDINARY):
            child.attrib.update(lspace="0", rspace="0")
        if child.tag == "mrow" and len(child) == 1 and child[0].text == ",":
            child[0].attrib.update(lspace="0", rspace="0")
        # TeX slants small Greek letters only, a browser all of them.
        if child.tag == "mi" and len(child.text or "") == 1 and "Α" <= child.text <= "Ω":
            child.set("mathvariant", "normal")
        # A hat or a bar is an accent; unmarked, it is set like a small upper limit.
        if child.tag == "mover" and child[-1].tag == "mo" and child[-1].text in ACCENTS:
            child.set("accent", "true")
            child[-1].text = ACCENTS[child[-1].text]
        # TeX puts a thin space between a function and what it acts on: log N, but log(N).
        if spaced and parent.tag in ROWS and (kind(spaced[-1]), kind(child)) in THIN_SPACE:
            spaced.append(Element("mspace", width="0.1667em"))
        spaced.append(child)
    parent[:] = spaced


def render(node, display):
    mathml, wrong = to_mathml(node.astext(), display)
    for what in wrong:
        logger.warning("mathematics: %s in %r", what, node.astext(), location=node, type="mathml")
    return mathml


def visit_inline(self, node):
    self.body.append(f'<span class="math notranslate">{render(node, "inline")}</span>')
    raise SkipNode


def visit_block(self, node):
    self.body.append(self.starttag(node, "div", CLASS="math notranslate"))
    self.body.append(f'<div class="equation">{render(node, "block")}</div>')
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, _("Link to this equation"))
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise SkipNode


def setup(app):
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
