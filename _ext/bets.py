"""Bets: the box under a chapter's title becomes a form, and placing the bet uncovers what would answer it.

In a notebook a bet is an admonition of class `bet`: a question, a list, and the answer in a dropdown. A list
of several is choices, `right-2` among the classes says that the second is right. A list of one, such as "From
1 to 1,000 years", asks for a number; the first number of the answer decides. Here a form is put beside the
list, which stays for readers without a script, for print and for search. The cells whose numbers a bet quotes
stand before it in the notebook; on the page they follow the claim, so that the bet comes first.
"""

import html
import math
import re

from docutils import nodes
from sphinx.util import logging

logger = logging.getLogger(__name__)

RANGE = re.compile(r"From ([\d.,]+) to ([\d.,]+) (\w+)")
NUMBER = re.compile(r"(\d[\d,]*\.?\d*)(?: (thousand|million|billion|trillion))?")
SCALE = {"": 1, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
COVERED = "bet-covers"
FORM = """<form class="instrument bet-form" data-page="{page}" data-{kind}="{right}" autocomplete="off">
<fieldset><legend class="visually-hidden">Your bet</legend>{asked}
<p class="bet-buttons"><button class="main">Place your bet</button>
<button type="button">Show me without betting</button></p></fieldset>
<p class="bet-said" role="status" tabindex="-1">
The claim and its figure wait below until you have bet.</p></form>"""
CHOICE = (
    '<label class="bet-choice"><input type="radio" name="bet" value="{}" required> <span>{}</span></label>'
)
GUESS = """<div class="field" data-unit="{unit}" data-said="{said}">
<label for="bet-guess">How many {unit}?</label><input id="bet-guess" type="text" autocomplete="off">
<input type="range" aria-label="How many {unit}, on a logarithmic scale"
 min="{least}" max="{most}" step="0.01">
</div><p>Within a factor of two counts as right.</p>"""
SCORE = """<p class="bet-score"><span role="status"></span> <button type="button">Reset</button></p>"""


def read(words):
    """Return a number as it stands in the text: 1,000 or 14 million."""
    figures, scale = NUMBER.search(words).groups()
    return float(figures.replace(",", "")) * SCALE[scale or ""]


def form(bet, page):
    """Return the form of a bet; an error where its list and its answer do not fit."""
    listed = next(iter(bet.findall(nodes.bullet_list)), ())
    choices = [item.astext() for item in listed]
    marked = next((name for name in bet["classes"] if re.fullmatch(r"right-\d+", name)), "right-0")
    right = int(marked.removeprefix("right-"))
    if len(choices) > 1:
        if not 1 <= right <= len(choices):
            raise ValueError(f"a bet of {len(choices)} choices says which is right, not {marked}")
        asked = "".join(CHOICE.format(n, html.escape(words)) for n, words in enumerate(choices, 1))
        return FORM.format(page=page, kind="right", right=right, asked=asked)
    ends = RANGE.fullmatch(choices[0]) if choices else None
    answer = bet.children[-1].children[-1].astext()
    if not ends or not NUMBER.search(answer):
        raise ValueError("a bet has a list of choices, or of one range such as 'From 1 to 1,000 years'")
    low, high = read(ends[1]), read(ends[2])
    if not low <= read(answer) <= high:
        raise ValueError(f"the answer of a bet lies within its range, {ends[0]}, not {read(answer):g}")
    asked = GUESS.format(
        unit=ends[3], said=NUMBER.search(answer)[0], least=math.log10(low), most=math.log10(high)
    )
    return FORM.format(page=page, kind="answer", right=f"{read(answer):.12g}", asked=asked)


def is_cell(node):
    return isinstance(node, nodes.container) and "cell" in node["classes"]


def put(app, doctree, docname):
    """Put the form into the bet, the bet under the title, and mark what it covers."""
    for bet in list(doctree.findall(nodes.admonition)):
        if "bet" not in bet["classes"]:
            continue
        try:
            text = form(bet, docname.rsplit("/", 1)[-1])
        except ValueError as error:
            logger.warning("%s", error, location=bet, type="bets")
            continue
        bet.insert(bet.index(bet.children[-1]), nodes.raw("", text, format="html"))
        section = bet.parent
        claim = section.index(bet) + 1
        before = [node for node in section[: claim - 1] if is_cell(node)]
        section[claim + 1 : claim + 1] = before
        for node in before:
            section.remove(node)
        claim -= len(before)
        covered = [section[claim]]
        for node in section[claim + 1 :]:
            if isinstance(node, nodes.section):  # what is told of the figure goes with it
                break
            covered.append(node)
        for node in covered:
            node["classes"].append(COVERED)
    for box in doctree.findall(nodes.container):
        if "bets" in box["classes"]:
            box.append(nodes.raw("", SCORE, format="html"))


def tell(app, pagename, templatename, context, doctree):
    """Let the template cover what a bet covers, before anything is drawn."""
    context["bet"] = 'class="instrument bet-form"' in (context.get("body") or "")


def setup(app):
    app.add_js_file("bets.js", priority=900)
    app.connect("doctree-resolved", put)
    app.connect("html-page-context", tell)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
