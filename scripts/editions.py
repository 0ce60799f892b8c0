"""Make the book into one PDF and one EPUB: python scripts/editions.py SITE FOLDER.

SITE is the built site. Its pages are joined in the order of _toc.yml into one document, with every folded
part open and every slider at its first setting. Chromium prints that, with bookmarks and page numbers;
pandoc, from scripts/requirements.txt, makes the EPUB, with formulas as MathML and figures as SVG.
"""

import html
import os
import re
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import yaml
from bs4 import BeautifulSoup

from frontier.show.picture import own_colours

ROOT = Path(__file__).resolve().parents[1]
NAME = "efficient-compute-frontier"
MARGIN = 22  # millimetres to the left and right of the text
WIDTH = int((210 - 2 * MARGIN) / 25.4 * 96)  # of the text on A4, in CSS pixels
DRAWING = re.compile(r"<svg\b.*?</svg>", re.S)
FORMULA = re.compile(r"<math\b.*?</math>", re.S)
# Only a screen has a use for it: links to a heading itself, buttons, scripts, folded code.
IDLE = (
    "a.headerlink, .offers, .definitions, .visually-hidden, .axis, .track, fieldset, .bet-form, .bet-score, "
    ".controls, .try-it, .sd-summary-state-marker, .cell > details.hide"
)
PRINTED = """
body { margin: 0 }
.cover { break-after: page; font: 1rem/1.5 var(--plain); padding-top: 10% }
.cover .title { font-size: 2.4rem; font-weight: 650; line-height: 1.15 }
h1 { break-before: page; display: block !important }
.contents { columns: 1; list-style: none; padding: 0 }
h1, h2, h3, .caption, caption, .admonition-title, dt { break-after: avoid }
tr, dt, .highlight { break-inside: avoid }
table { break-inside: auto !important; font-size: 0.8em; max-width: 100% }
td, th { overflow-wrap: break-word }
.frontier-table, .pst-scrollable-table-container, .equation { overflow: visible !important }
pre { font-size: 0.72em; white-space: pre-wrap }
.folded { border-left: 2px solid var(--pst-color-border); padding-left: 1rem }
.folded > .summary { font-weight: 650 }
div.margin, aside.margin { float: none; width: auto; margin: 1rem 0; max-width: none }
"""
# What ends beyond the page becomes smaller, so that nothing is cut off; returns what still ends there.
FIT = """width => [...document.querySelectorAll("table, pre, .equation math, figure")].filter(part => {
  const ratio = (width - part.getBoundingClientRect().left) / part.scrollWidth;
  if (ratio < 1) part.style.zoom = ratio;
  return part.getBoundingClientRect().right > width + 1;
}).map(part => part.textContent.slice(0, 80))"""
EPUB_STYLE = """
.bet, .takeaway, .distance, .exercise, .margin, .folded { border-left: 2px solid #888; padding-left: 1em }
.admonition-title, .summary, .verdict, .rubric { font-weight: bold }
table { border-collapse: collapse; font-size: 0.8em }
td, th { border-bottom: 1px solid #bbb; padding: 0.2em 0.4em }
caption, figcaption { font-size: 0.9em; text-align: left }
img { max-width: 100% }
pre { white-space: pre-wrap }
.title-page .title { font-size: 1.6em; font-weight: bold }
"""


def pages() -> list[str]:
    """Return the pages of the book in order: ["book/intro", ...]."""
    return re.findall(r"(?:root|file): *(\S+)", (ROOT / "_toc.yml").read_text(encoding="utf-8"))


def article(text: str, name: str, base: str) -> str:
    """Return the text of a page as a part of one document, where names and links tell its pages apart.

    Links to pages lead to the place in the document, to other files of the site to their address.
    """
    inside = re.search(r'<article class="bd-article">(.*?)</article>', text, re.S)[1]  # type: ignore[index]
    inside = re.sub(r"<(script|style)\b.*?</\1>", "", inside, flags=re.S)  # a slider's has pieces of drawings
    page = name.rsplit("/", 1)[-1]

    def led(link: re.Match[str]) -> str:
        target, _, place = link[1].partition("#")
        if not target:
            return f'href="#{page}--{place}"'
        stem, ending = os.path.splitext(target)
        if ending == ".html" and "/" not in stem:
            return f'href="#{stem}--{place}"' if place else f'href="#{stem}"'
        return f'href="{os.path.normpath(f"{base}/{os.path.dirname(name)}/{target}").replace(":/", "://")}"'

    inside = re.sub(r'(?<=[\s])href="((?!\w+:)[^"]*)"', led, inside)
    inside = re.sub(r'(?<=[\s])(id|for)="([^"]*)"', rf'\1="{page}--\2"', inside)
    return re.sub(r"url\(#", f"url(#{page}--", inside)


def joined(site: Path) -> tuple[str, list[str], list[str]]:
    """Return the pages as one piece of HTML, and the drawings and formulas for which it keeps places."""
    first = (site / "index.html").read_text(encoding="utf-8")
    base = re.search(r'rel="canonical" href="(.*)/book/', first)[1]  # type: ignore[index]
    drawings: list[str] = []
    formulas: list[str] = []
    parts, firsts = [], {}  # of each page, the place of its first heading
    for name in pages():
        text = article((site / f"{name}.html").read_text(encoding="utf-8"), name, base)
        for kind, kept, place in ((DRAWING, drawings, "img"), (FORMULA, formulas, "i")):
            numbers = count(len(kept))
            kept += kind.findall(text)
            text = kind.sub(
                lambda _, place=place, n=numbers: f'<{place} data-kept="{next(n)}"></{place}>', text
            )
        soup = BeautifulSoup(text, "html.parser")
        for part in soup.select(IDLE):
            part.decompose()
        for part in soup.select("details"):
            part.name, part["class"] = "div", ["folded"]
        for part in soup.select("summary"):
            part.name, part["class"] = "p", ["summary"]
        page = name.rsplit("/", 1)[-1]
        for part in soup.select("section"):  # the place is that of its heading
            heading = part.find(["h1", "h2", "h3", "h4"])  # its own, in a fold or not
            if heading is not None:
                heading["id"] = part["id"]
            part.unwrap()
        for part in soup.select(":is(dt, tr, p, li, figure, cite)[id]"):  # pandoc forgets where these are
            inside = part.find(["td", "th"]) if part.name == "tr" else part
            inside.insert(0, soup.new_tag("span", id=part["id"]))
            del part["id"]
        firsts[soup.h1["id"]], soup.h1["id"] = page, page
        parts.append(str(soup))
    body = re.sub(r'href="#([^"]*)"', lambda m: f'href="#{firsts.get(m[1], m[1])}"', "\n".join(parts))
    return body, drawings, formulas


def put_back(text: str, drawings: list[str], formulas: list[str]) -> str:
    """Put the drawings and formulas back into their places."""
    text = re.sub(r'<img data-kept="(\d+)"/>', lambda m: drawings[int(m[1])], text)
    return re.sub(r'<i data-kept="(\d+)"></i>', lambda m: formulas[int(m[1])], text)


def imprint() -> str:
    """Return what a cover says: title, authors, version and day, licence."""
    about = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    people = ", ".join(a.get("name") or f"{a['given-names']} {a['family-names']}" for a in about["authors"])
    lines = [people, f"Version {about['version']}, {about['date-released']}", "Text and figures: CC BY 4.0"]
    return f'<p class="title">{html.escape(about["title"])}</p>' + "".join(f"<p>{line}</p>" for line in lines)


def document(site: Path, body: str) -> str:
    """Return the document that is printed."""
    titles = re.findall(r'<h1 id="([^"]*)">(.*?)</h1>', body, re.S)
    contents = "".join(f'<li><a href="#{name}">{title}</a></li>' for name, title in titles)
    style = (site / "_static" / "site.css").resolve().as_uri()
    title = html.escape(re.search(r'class="title">(.*?)</p>', imprint())[1])  # type: ignore[index]
    return (
        f'<!doctype html><html lang="en" data-theme="light"><meta charset="utf-8"><title>{title}</title>'
        f'<link rel="stylesheet" href="{style}"><style>{PRINTED}</style>'
        f'<div class="cover">{imprint()}<ul class="contents">{contents}</ul></div>'
        f'<article class="bd-article">{body}</article></html>'
    )


def make_pdf(site: Path, target: Path) -> None:
    """Print the book."""
    from playwright.sync_api import sync_playwright

    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    browser = next(filter(None, (shutil.which(name) for name in names if name)), None)
    if browser is None:
        raise SystemExit("error: no Chromium found: install one, or set CHROMIUM to its path")
    body, *kept = joined(site)
    number = '<p style="font: 8px sans-serif; margin: auto"><span class="pageNumber"></span></p>'
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        source = Path(folder, "book.html")
        source.write_text(document(site, put_back(body, *kept)), encoding="utf-8")
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        page = chromium.new_page(viewport={"width": WIDTH, "height": 900})
        page.emulate_media(media="print")
        page.goto(source.as_uri())
        page.evaluate("document.fonts.ready")
        if cut := page.evaluate(FIT, WIDTH):
            raise SystemExit(f"error: wider than the page: {cut}")
        page.pdf(
            path=target,
            format="A4",
            margin={"top": "18mm", "bottom": "20mm", "left": f"{MARGIN}mm", "right": f"{MARGIN}mm"},
            print_background=True,
            display_header_footer=True,
            header_template="<i></i>",
            footer_template=number,
            outline=True,  # bookmarks from the headings
            tagged=True,  # for who hears it read
        )
        chromium.close()


def make_epub(site: Path, target: Path) -> None:
    """Make the EPUB; readers know no variables of ours, so drawings get their colours."""
    import pypandoc

    about = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    body, drawings, formulas = joined(site)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shown = []
        for number, svg in enumerate(drawings):
            svg = own_colours(svg)
            file = folder / f"{number}.svg"
            file.write_text(svg.replace("<svg ", '<svg font-family="sans-serif" ', 1), encoding="utf-8")
            label = re.search(r'aria-label="([^"]*)"', svg)
            shown.append(f'<img src="{file}" alt="{label[1]}"/>' if label else "")
        (folder / "style.css").write_text(EPUB_STYLE, encoding="utf-8")
        text = put_back(body, shown, formulas)
        os.environ["SOURCE_DATE_EPOCH"] = "0"  # the same bytes each time
        pypandoc.convert_text(
            f'<div class="title-page">{imprint()}</div>{text}',
            "epub3",
            format="html",
            outputfile=str(target),
            extra_args=[
                *("--mathml", "--toc", "--toc-depth=2", "--split-level=1", f"--css={folder / 'style.css'}"),
                *("--metadata", f"title={about['title']}", "--metadata", "lang=en"),
                *("--metadata", f"identifier={NAME}-{about['version']}", "--metadata", "rights=CC BY 4.0"),
                *("--metadata", f"date={about['date-released']}"),
                *(f"--metadata=author={person.get('name')}" for person in about["authors"]),
            ],
        )
    exact(target, iter(formulas))


def exact(book: Path, formulas: Iterator[str]) -> None:
    """Put our own formulas in the place of pandoc's, which have lost the space in ln 2."""
    with zipfile.ZipFile(book) as old:
        parts = [(part, old.read(part)) for part in old.infolist()]
    with zipfile.ZipFile(book, "w") as new:
        for part, content in parts:  # chapters in their order
            if re.search(r"text/ch\d+\.xhtml$", part.filename):
                ours = FORMULA.sub(lambda _: next(formulas), content.decode())
                ours = re.sub(r' (displaystyle|scriptlevel)="[^"]*"(?=[^>]*>)', "", ours)  # not yet in EPUB
                content = ours.replace("<math", '<math xmlns="http://www.w3.org/1998/Math/MathML"').encode()
            new.writestr(part, content)
    if left := len(list(formulas)):
        raise SystemExit(f"error: {left} formulas are missing in {book}")


if __name__ == "__main__":
    built, folder = Path(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    make_pdf(built, folder / f"{NAME}.pdf")
    make_epub(built, folder / f"{NAME}.epub")
