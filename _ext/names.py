"""What repeats on a page says of what it is: code that shows on demand, answers, links to a place itself.

Eyes see it from the place; these words are for screen readers, which list all links and buttons of a page.
The links of a figure get theirs in figures.py.
"""

import html
import re

HIDDEN = '<span class="visually-hidden">{}</span>'
CELL = '<div class="cell '
PROMPT = re.compile(r'(<p class="(?:collapsed|expanded) admonition-title">)([^<]*)(?=</p>)')
COMMENT = re.compile(r'<pre><span></span><span class="c1"># ([^<]*)</span>')
CAPTION = re.compile(r"<figcaption>([^<]*)")
EXERCISE = re.compile(r'<p class="admonition-title">(Exercise \d+)')
ANSWER = re.compile(r'(<span class="sd-summary-text">)([^<]*)(?=</span>)')
HEADING = re.compile(r'<h(\d)>((?:(?!</h\1>).)*?)<a class="headerlink" href="[^"]*" title="([^"]*)"', re.S)
EQUATION = re.compile(r'<span class="eqno">(\(\d+\))<a class="headerlink" href="[^"]*" title="([^"]*)"')
PLACE = re.compile(r'<a class="headerlink" href="#([^"]*)" title="([^"]*)"(?! aria-label)')


def start_of(words):
    """Return the start of a sentence, at most 60 characters of it, without half a word."""
    return re.match(r"(.{0,59}\S)(?=[\s.,:;]|$)|", " ".join(words.split()))[0].rstrip(".,:;")


def labelled(text, title, of):
    """Give a link that has a title a name that says of what."""
    plain = " ".join(re.sub(r"<annotation.*?</annotation>|<[^>]*>", "", of, flags=re.S).split())
    return f'{text} aria-label="{title}: {html.escape(html.unescape(plain))}"'


def named(body):
    """Return the HTML of a page in which all of these have names."""
    parts, exercise = body.split(CELL), ""
    for number, part in enumerate(parts):
        if number:
            said = COMMENT.search(part) or CAPTION.search(part)
            cell = f" of cell {number}" + (f": {start_of(said[1])}" if said else "")
            of = HIDDEN.format(f" of {exercise.lower()}" if "the solution</p>" in part else cell)
            parts[number] = PROMPT.sub(rf"\1\2{of}", part)
        exercise = [exercise, *EXERCISE.findall(part)][-1]
    body = CELL.join(parts)

    def answer(match):
        before = EXERCISE.findall(body, 0, match.start())
        return match[0] + (HIDDEN.format(f": {before[-1].lower()}") if before else "")

    body = ANSWER.sub(answer, body)
    body = HEADING.sub(lambda m: labelled(m[0], m[3], m[2]), body)
    body = EQUATION.sub(lambda m: labelled(m[0], m[2], m[1]), body)
    return PLACE.sub(lambda m: labelled(m[0], m[2], m[1]), body)


def name(app, pagename, templatename, context, doctree):
    if context.get("body"):
        context["body"] = named(context["body"])


def setup(app):
    app.connect("html-page-context", name, priority=920)  # after what changes the text, before plain.py
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
