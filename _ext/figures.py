"""What each figure offers: its data, its drawing, where they come from, a link, and a page to embed.

The drawing in a notebook carries its data in a link. On the site this becomes files beside the page, so that
no page grows: CSV, an SVG with colours of its own, a description in the words of schema.org, and a page that
holds the figure alone, sliders included, for a frame on another site. A script reads the data of a still
figure when a reader points at it, and tells the values there.
"""

import html
import json
import re
from itertools import count
from pathlib import Path
from urllib.parse import unquote

import yaml
from address import known
from foot import authors
from names import start_of
from pybtex.richtext import Text

from frontier.show.picture import standing_alone

FIGURE = re.compile(r'<figure class="frontier[^"]*"[^>]*>.*?</figure>', re.S)
DATA = re.compile(r'<a class="data" download="[^"]*" href="data:text/csv;charset=utf-8,([^"]*)">([^<]*)</a>')
LICENSE = "https://creativecommons.org/licenses/by/4.0/"


def sources(app, pagename):
    """Return what a page cites, in words, in the order of its keys."""
    domain = app.env.get_domain("cite")
    cited = (ref.targets for ref in domain.citation_refs if ref.docname == pagename)
    keys = {target.key for targets in cited for target in targets}
    found = []
    for key in sorted(keys):
        entry = domain.bibdata.data.entries[key]
        people = [" ".join(person.last_names) for person in entry.persons.get("author", [])]
        who = f"{people[0]} et al." if len(people) > 2 else " and ".join(people)
        plain = [str(Text.from_latex(words)) for words in (who, entry.fields["title"])]
        year, place = (entry.fields.get(name, "") for name in ("year", "doi"))
        words = (f"{plain[0]} {year}".strip(), plain[1], place or entry.fields.get("url", ""))
        found.append(". ".join(word.rstrip(".") for word in words if word))
    return found


def described(figure, names, about):
    """Return the description of a figure as a data set, in the words of schema.org."""
    notes = re.findall(r"^# (panel \d+: .*)$", figure["csv"], re.M)
    kinds = {"csv": "text/csv", "svg": "image/svg+xml", "embed": "text/html"}
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": figure["caption"],
        "description": figure["alt"],
        "url": names["page"],
        "variableMeasured": notes,
        "citation": about["sources"],
        "creator": about["authors"],
        "datePublished": about["date"],
        "version": about["version"],
        "license": LICENSE,
        "distribution": [
            {"@type": "DataDownload", "contentUrl": names[kind], "encodingFormat": mime}
            for kind, mime in kinds.items()
        ],
    }


def share(app, pagename, templatename, context, doctree):
    """Write the files of every figure on a page, and put links to them where its data stood."""
    body = context.get("body") or ""
    if not DATA.search(body):
        return
    numbers, short = count(1), pagename.rsplit("/", 1)[-1]
    citation = yaml.safe_load(Path(app.srcdir, "CITATION.cff").read_text(encoding="utf-8"))
    about = {
        "sources": sources(app, pagename),
        "authors": authors(citation),
        "date": str(citation["date-released"]),
        "version": str(citation["version"]),
    }
    title, base = app.env.titles[pagename].astext(), app.config.html_baseurl

    def write(name, text):
        target = Path(app.outdir, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="")

    def one(match):
        text = match[0]
        found = DATA.search(text)
        if not found:
            return text
        number = next(numbers)
        place = re.match(r'<figure[^>]*\bid="([^"]*)"', text)
        anchor = place[1] if place else f"figure-{number}"
        if not place:
            text = re.sub(r'^<figure class="[^"]*"', rf'\g<0> id="{anchor}"', text)
        svg = re.search(r"<svg\b.*?</svg>", text, re.S)[0]
        files = {kind: f"_static/data/{short}-{number}.{kind}" for kind in ("csv", "svg", "json")}
        files["embed"] = f"embed/{short}-{number}.html"
        figure = {
            "csv": unquote(found[1]),
            "alt": html.unescape(re.search(r'aria-label="([^"]*)"', svg)[1]),
            "caption": html.unescape(re.search(r"<figcaption>(.*?)(?: ?<a class=\"data\"|<)", text, re.S)[1]),
        }
        home = f"{app.builder.get_target_uri(pagename)}#{anchor}"
        start = known(app.config) or "../../"  # seen from the JSON, where nobody has set an address
        names = {kind: start + name for kind, name in (files | {"page": home}).items()}
        write(files["csv"], figure["csv"])
        write(files["svg"], standing_alone(svg) + "\n")
        write(files["json"], json.dumps(described(figure, names, about), ensure_ascii=False, indent=1) + "\n")

        def links(up, whole):
            kept = Path(files["csv"]).name
            this = html.escape(f"figure {number}: {start_of(figure['caption'])}")
            data = f'aria-label="{found[2]} of {this}"'
            offered = [
                f'<a class="data" download="{kept}" href="{up}{files["csv"]}" {data}>{found[2]}</a>',
                f'<a href="{up}{files["svg"]}" aria-label="SVG of {this}">SVG</a>',
                f'<a href="{up}{files["json"]}" aria-label="Sources of {this}">Sources</a>',
            ]
            if whole:
                offered += [
                    f'<a href="#{anchor}" aria-label="Link to {this}">Link</a>',
                    f'<a href="{up}{files["embed"]}" aria-label="Embed {this}">Embed</a>',
                ]
            return text.replace(found[0], f'<span class="offers">{" ".join(offered)}</span>')

        page = {"figure": links("../", False), "title": figure["caption"], "chapter": title}
        page |= {"address": base + home, "home": f"../{home}"}
        page |= {"book": app.config.html_title, "license": LICENSE, "language": app.config.language}
        write(files["embed"], app.builder.templates.render("embed.html", page))
        return links(context["pathto"]("", 1), True)

    context["body"] = FIGURE.sub(one, body)


def forget(app, exception):
    """Remove the files of figures that a page no longer has, which an earlier build left."""
    if exception or app.builder.format != "html":
        return
    for frame in Path(app.outdir, "embed").glob("*-[0-9]*.html"):
        home = Path(app.outdir, "book", f"{frame.stem.rpartition('-')[0]}.html")
        if not home.is_file() or f"embed/{frame.name}" not in home.read_text(encoding="utf-8"):
            for path in (frame, *Path(app.outdir, "_static", "data").glob(f"{frame.stem}.*")):
                path.unlink()


def setup(app):
    app.add_js_file("values.js", priority=900)
    app.connect("html-page-context", share)
    app.connect("build-finished", forget)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
