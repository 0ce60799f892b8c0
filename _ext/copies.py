"""Each chapter as a notebook that any notebook program shows as it is meant, written beside its HTML.

Colab, VS Code and a plain Jupyter show our markup as it is typed, and JupyterLab, with its reader of MyST,
citations as keys. So the text of a copy is made from the page, where values, citations and boxes stand
resolved, by what makes the Markdown of a page (_ext/plain.py). Code and outputs are those of the chapter.
`make copies` puts the copies into notebooks/, from where Binder, Colab and `make lab` open them.
"""

import html
import re
from pathlib import Path

import nbformat
from bs4 import BeautifulSoup
from plain import Converter, lean, markdown, unfold
from stored import RAN

CUT = "\ue000"  # a letter that is in no text
SOURCE = re.compile(r"https?://[^\s,]*[^\s,.]")
ROUND = str.maketrans("[]", "()")  # Colab could take \[ for the start of a formula


class Copy(Converter):
    """As the Markdown of a page, but answers stay folded, and links lead to sources and notebooks."""

    def convert_details(self, el, text, parent_tags):
        title = html.escape(el.summary.get_text().strip())
        return f"\n\n<details>\n<summary>{title}</summary>\n\n{text.strip()}\n\n</details>\n\n"

    def convert_summary(self, el, text, parent_tags):
        return ""  # see above

    def convert_a(self, el, text, parent_tags):
        if el.select_one(".std-term"):
            return text
        if el.find_parent(class_="bibtex-citation") and (source := SOURCE.search(el.get("title", ""))):
            el["href"] = source[0]
        return super().convert_a(el, text, parent_tags)

    def place(self, name):
        (path,) = Path(__file__).parents[1].glob(f"book/{name}.*")
        return path.name if path.suffix == ".ipynb" else f"../book/{path.name}"


def parts(body):
    """Return the Markdown of a page in parts: text, what stands after it, text, and so on.

    That is "code" for a cell with code, the name of a form, or nothing, where a section starts.
    """
    soup = BeautifulSoup(lean(body), "html.parser")
    for words in soup.select(".bibtex-citation"):
        for piece in words.find_all(string=True):
            piece.replace_with(piece.translate(ROUND))
    for form in soup.select("form:not(.bet-form)"):
        form.replace_with(soup.new_tag("p", string=CUT + form.parent["class"][0]))
    for cell in soup.select("div.cell"):
        cell.replace_with(soup.new_tag("p", string=f"{CUT}code"))
    unfold(soup)  # a notebook has headings that fold by themselves
    for heading in soup.select("h2, h3"):
        heading.insert_before(soup.new_tag("p", string=CUT))
    return re.split(rf"^{CUT}([\w-]*)$", markdown(str(soup), Copy), flags=re.M)


def copy(chapter, body):
    """Return a chapter as a notebook with the text of its page."""
    code = [cell for cell in chapter.cells if cell.cell_type == "code"]
    prose = "\n".join(cell.source for cell in chapter.cells if cell.cell_type == "markdown")
    first, *rest = parts(body)
    texts, after, cells = [first], iter(code), []
    for what, text in zip(rest[::2], rest[1::2], strict=True):
        if what not in ("", "code"):  # a form needs the site; the chapter says so in its place
            texts += [*re.findall(rf"^:::\{{div\}} {what}\n(.*?)\n:::$", prose, re.M | re.S), text]
            continue
        cells += written(texts) + ([next(after)] if what else [])
        texts = [text]
    notebook = nbformat.v4.new_notebook(cells=cells + written(texts))
    left = list(after)
    if left:
        raise ValueError(f"cells must all stand on the page, got none for {left[0].source!r}")
    notebook.metadata = {name: value for name, value in chapter.metadata.items() if name != RAN}
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02d}"
        if "source_hidden" in cell.metadata.get("jupyter", {}):
            cell.metadata["cellView"] = "form"  # folds it in Colab
    return notebook


def written(texts):
    """Return a cell with these texts, or none."""
    source = "\n\n".join(text.strip() for text in texts).strip()
    return [nbformat.v4.new_markdown_cell(source)] if source else []


def write(app, pagename, templatename, context, doctree):
    """Write the copy of a page that is a notebook."""
    if doctree is None or not app.env.doc2path(pagename).endswith(".ipynb"):
        return
    chapter = nbformat.read(app.env.doc2path(pagename), as_version=4)
    target = Path(app.outdir, f"{pagename}.ipynb")
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(copy(chapter, context["body"]), target)


def setup(app):
    app.connect("html-page-context", write, priority=950)  # after all that changes the text
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
