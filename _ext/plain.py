"""Each page as Markdown beside its HTML, and llms.txt, which lists them (https://llmstxt.org).

For language models, and for people who read or quote text. Made from the HTML, where inline values,
citations and outputs stand resolved. markdownify does what any page has; here is what ours have besides:
formulas, figures, sliders, boxes, cells and definitions.
"""

import html
import re
from pathlib import Path

from bs4 import BeautifulSoup
from markdownify import MarkdownConverter

INTRODUCTION = """\
Every number in the text was computed by the code of its page, from published numbers that the page of
sources lists. Each page stands here as Markdown and, under the same name with .html, as a page for people."""
SUMMARY = re.compile(r'<meta name="description" content="([^"]*)"')
# What is no text: links to a heading or figure itself, code, looks, what only a mouse can use.
IDLE = (
    "a.headerlink, script, style, svg, fieldset, .definitions, .visually-hidden, .bet-form, .bet-score, "
    '.controls, .axis, .try-it, .cell > details > summary, .offers a[href^="#"], .offers a[href$=".html"]'
)


# Most elements of a page are colours of code and strokes of drawings, which text has none of. Scripts go
# first: those of sliders hold drawings, too.
SCRIPT = re.compile(r"<script\b.*?</script>", re.S)
CODE = re.compile(r"(?<=<pre>).*?(?=</pre>)", re.S)
STROKES = re.compile(r"(<svg[^>]*>).*?(?=</svg>)", re.S)


def lean(body):
    """Return the HTML of a page without what only eyes want: quicker to read, and the same as text."""
    body = CODE.sub(lambda code: re.sub(r"</?span[^>]*>", "", code[0]), SCRIPT.sub("", body))
    return STROKES.sub(r"\1", body)


def spaced(text):
    """Return Markdown with one empty line between blocks."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+$", "", text, flags=re.M)).strip()


def quoted(text):
    """Return Markdown as a block quotation."""
    return (
        "\n\n"
        + re.sub(r"^(?=(.?))", lambda line: "> " if line[1] else ">", spaced(text), flags=re.M)
        + "\n\n"
    )


class Converter(MarkdownConverter):
    """HTML of a page to Markdown."""

    class Options(MarkdownConverter.DefaultOptions):
        heading_style, bullets = "atx", "-"

    def escape(self, text, parent_tags):
        return re.sub(r"([\\`*_$<\[\]|])", r"\\\1", text)

    def convert_math(self, el, text, parent_tags):
        tex = el.annotation.get_text()
        if el.get("display") == "block":
            return f"\n\n$$\n{tex}\n$$\n\n"
        return "$" + (tex.replace("|", r"\vert ") if "td" in parent_tags else tex) + "$"

    def convert_figure(self, el, text, parent_tags):
        """Return what it shows and what was found; of a slider also what it sets, and to what."""
        kind = "**Figure with a slider.**" if el.get("data-set") else "**Figure.**"
        shown = self.escape(f"{el['data-alt']}\n\n{el.get('data-set', '')}", parent_tags)
        return quoted(f"{kind} {shown}\n\n{text.strip()}")

    def convert_output(self, el, text, parent_tags):
        return f"\n\n{text.strip()}\n\n"

    def convert_span(self, el, text, parent_tags):
        if "verdict" in el.get("class", ()):
            return f"**{text}**"
        if "classifier" in el.get("class", ()):
            return f" ({text})"
        return text

    def convert_summary(self, el, text, parent_tags):
        return f"\n\n**{text.strip()}**\n\n"

    def convert_p(self, el, text, parent_tags):
        if {"admonition-title", "rubric"} & set(el.get("class", ())):
            text = f"**{text.strip()}**"
        return super().convert_p(el, text, parent_tags)

    def convert_div(self, el, text, parent_tags):
        kinds = set(el.get("class", ()))
        if kinds & {"admonition", "margin"}:
            return quoted(text)
        if "citation" in kinds:  # number and source are two blocks
            text = text.strip().replace("\n\n", " ", 1)
        return super().convert_div(el, text, parent_tags)

    def convert_pre(self, el, text, parent_tags):
        """Return code as Python, and what it printed as text."""
        python = el.find_parent(class_="output") is None
        return f"\n\n```{'python' if python else 'text'}\n{text.strip(chr(10))}\n```\n\n"

    def convert_cite(self, el, text, parent_tags):
        return f"`{el.get_text()}`"

    def convert_dt(self, el, text, parent_tags):
        """Return a function as a heading, and what is explained in words as a line in bold type."""
        if "sig" in el.get("class", ()):
            return f"\n\n**`{' '.join(el.get_text().split())}`**\n\n"
        name = text.strip() if el.strong else f"**{text.strip()}**"
        return f"\n\n{name}\n\n"

    def convert_dd(self, el, text, parent_tags):
        return f"\n\n{text.strip()}\n\n"

    def convert_a(self, el, text, parent_tags):
        """Let links to pages lead to their Markdown; places within a page have no address there."""
        href = el.get("href", "")
        if href.startswith("#"):
            return text
        if page := re.fullmatch(r"([\w-]+)\.html(?:#.*)?", href):
            el["href"] = self.place(page[1])
        del el["title"]
        return super().convert_a(el, text, parent_tags)

    def place(self, name):
        """Return where another page stands."""
        return f"{name}.md"


def unfold(soup):
    """Take away what folds a section, so that its label is a heading as any other."""
    for fold in soup.select("details.deeper"):
        fold.summary.unwrap()
        fold.unwrap()


def markdown(body, converter=Converter):
    """Return the HTML of a page as Markdown."""
    soup = BeautifulSoup(lean(body), "html.parser")
    unfold(soup)
    for figure in soup.select("figure.frontier"):
        figure["data-alt"] = figure.svg["aria-label"]
        settings = []
        for label in figure.select("label"):
            control = figure.find(id=label["for"])
            setting = control.get("aria-valuetext") or control.find("option", selected=True).get_text()
            settings.append(f"{label.get_text()}: {setting}.")
        figure["data-set"] = " ".join(settings)
    for number in soup.select(".eqno"):
        number.parent.annotation.append(rf" \tag{{{number.get_text().strip('()#')}}}")
        number.decompose()
    for part in soup.select(IDLE):
        part.decompose()
    return spaced(converter().convert_soup(soup).replace("\u00a0", " ")) + "\n"


def write_page(app, pagename, templatename, context, doctree):
    """Write a page as Markdown beside its HTML."""
    if doctree is None:
        return
    target = Path(app.outdir, f"{pagename}.md")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(f"{markdown(context['body'])}\n---\n\n{context['foot']['words']}\n", encoding="utf-8")


def in_order(app, name):
    """Return a page and those below it, in the order of the table of contents."""
    below = app.env.toctree_includes.get(name, ())
    return [name, *(page for child in below for page in in_order(app, child))]


def write_list(app, exception):
    """Write llms.txt: the title, what the book is, and a line for each page."""
    if exception:
        return
    pages = {"Chapters": [], "Functions of the package": [], "Besides": []}
    for name in in_order(app, app.config.root_doc):
        page = Path(app.outdir, f"{name}.html").read_text(encoding="utf-8")
        summary = html.unescape(SUMMARY.search(page)[1])
        kind = "Besides" if app.env.doc2path(name).endswith(".md") else "Chapters"
        kind = "Functions of the package" if app.env.doc2path(name).endswith(".rst") else kind
        pages[kind].append((app.env.titles[name].astext(), f"{name}.md", summary))
    parts = [f"# {app.config.html_title}", f"> {pages['Chapters'][0][2]}", INTRODUCTION]
    for kind, found in pages.items():
        parts.append(f"## {kind}\n")
        parts[-1] += "".join(f"\n- [{title}]({address}): {summary}" for title, address, summary in found)
    Path(app.outdir, "llms.txt").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def setup(app):
    app.connect("html-page-context", write_page, priority=950)  # after all that changes the text
    app.connect("build-finished", write_list)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
