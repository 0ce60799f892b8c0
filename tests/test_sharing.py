"""How the book is found and shared: addresses, cards, sitemap, citations, foot of a page, data."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from types import SimpleNamespace
from urllib.parse import parse_qs, unquote, urlsplit

import address
import card
import feed
import foot
import numpy as np
import pytest
import yaml
from conftest import ROOT, toc
from PIL import Image
from pybtex.database import parse_string
from sphinx.errors import ConfigError
from test_site import CHAPTERS, PIXEL, build, code, prose, read, write

CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))

every_page = pytest.mark.parametrize("name", toc())


@pytest.fixture
def page(site, name):
    return read((site / f"{name}.html").resolve())


@pytest.fixture
def base(site):
    """Address for which the site was built."""
    (link,) = [tag for tag in read((site / "index.html").resolve()).all("link") if tag["rel"] == "canonical"]
    return link["href"].removesuffix(f"{toc()[0]}.html")


def metas(page):
    return {tag.get("name") or tag.get("property"): tag.get("content") for tag in page.all("meta")}


def links(page, rel):
    return [tag["href"] for tag in page.all("link") if tag.get("rel") == rel]


# Addresses


def settled(monkeypatch, repository="https://github.com/OWNER/REPOSITORY", configured="", **environment):
    """Return the addresses of repository and site, as a build with these settings has them."""
    for name in (address.REPOSITORY, address.BASEURL):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    config = SimpleNamespace(html_theme_options={"repository_url": repository}, html_baseurl=configured)
    address.settle(None, config)
    return config.html_theme_options["repository_url"], config.html_baseurl


@pytest.mark.parametrize(
    ("repository", "site"),
    [
        ("https://github.com/OWNER/REPOSITORY", "https://owner.github.io/REPOSITORY/"),
        ("https://github.com/me/repo.js", "https://me.github.io/repo.js/"),
        ("https://github.com/Me/me.github.io", "https://me.github.io/"),
    ],
)
def test_the_site_stands_where_github_pages_puts_it(monkeypatch, repository, site):
    assert settled(monkeypatch, repository) == (repository, site)
    assert settled(monkeypatch, FRONTIER_REPOSITORY=repository) == (repository, site)
    for ending in ("/", ".git", ".git/"):
        assert settled(monkeypatch, FRONTIER_REPOSITORY=repository + ending) == (repository, site)


def test_the_address_of_the_site_can_be_another(monkeypatch):
    ours = "https://book.example/some/where/"
    for given in (ours, ours.rstrip("/")):
        assert settled(monkeypatch, FRONTIER_BASEURL=given)[1] == ours
        assert settled(monkeypatch, configured=given)[1] == ours
    assert settled(monkeypatch, configured="https://other.example", FRONTIER_BASEURL=ours)[1] == ours
    assert settled(monkeypatch, FRONTIER_BASEURL="")[1] == "https://owner.github.io/REPOSITORY/"


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        *[(address.REPOSITORY, bad) for bad in ("repo", "http://github.com/a/b", "https://github.com/a")],
        *[(address.REPOSITORY, bad) for bad in ("https://x.org/a/b", "github.com/a/b")],
        *[(address.BASEURL, bad) for bad in ("/repo/", "me.github.io/repo", "ftp://a/b")],
        *[(address.BASEURL, bad) for bad in ("https://a/b?c=d", "https://a/b#c")],
    ],
)
def test_what_is_no_address_is_refused(monkeypatch, name, bad):
    with pytest.raises(ConfigError, match=rf"^{name} .*must look like .*, got '{re.escape(bad)}'$"):
        settled(monkeypatch, **{name: bad})


# What a page says about itself elsewhere


@every_page
def test_page_has_a_canonical_address_and_a_card_with_its_first_drawing(page, site, name, base):
    said = metas(page)
    assert links(page, "canonical") == [said["og:url"]] == [f"{base}{name}.html"]
    assert said["og:type"] == ("website" if name == toc()[0] else "article")
    assert said["og:title"] in page.text
    assert said["og:description"] == said["description"]
    assert 40 <= len(said["description"]) <= 320
    assert said["twitter:card"] == "summary_large_image"
    assert said["og:image"].startswith(base)
    picture = site / said["og:image"].removeprefix(base)
    assert picture.stat().st_size < 100_000
    with Image.open(picture) as image:
        assert image.format == "PNG"
        assert image.size == (1200, 630) == (int(said["og:image:width"]), int(said["og:image:height"]))
    drawn = [tag["aria-label"] for tag in page.all("svg") if tag.get("role") == "img"]
    cover = re.search(r'aria-label="([^"]*)"', (ROOT / "book/_static/cover.svg").read_text(encoding="utf-8"))
    alt = drawn[0].replace("\u00a0", " ") if drawn else cover[1]  # the page keeps its numbers in one piece
    assert said["og:image:alt"] == alt != ""
    assert not [file for file in page.loaded if "cards" in file]


def test_cards_and_descriptions_differ(site):
    said = [metas(read((site / f"{name}.html").resolve())) for name in toc()]
    for what in ("og:title", "og:description", "og:image"):
        assert len({page[what] for page in said}) == len(said), what
    assert len({(site / "_static/cards" / f"{name}.png").read_bytes() for name in toc()}) == len(said)


def test_the_address_of_the_site_says_what_the_first_page_says(site, base):
    index, first = (read((site / f"{name}.html").resolve()) for name in ("index", toc()[0]))
    assert metas(first).items() >= {name: said for name, said in metas(index).items() if name}.items()
    assert metas(index)["og:image"] == metas(first)["og:image"]
    assert links(index, "canonical") == links(first, "canonical")


def test_the_first_page_names_the_book_once(site):
    titles = [re.search("<title>(.*?)</title>", (site / f"{name}.html").read_text())[1] for name in toc()]
    assert all(title.endswith(f" – {titles[0]}") for title in titles[1:])
    assert " – " not in titles[0]


def test_the_sitemap_lists_the_pages_and_nothing_else(site, base):
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    root = ET.parse(site / "sitemap.xml").getroot()
    assert root.tag == f"{space}urlset"
    listed = [place.text for place in root.iter(f"{space}loc")]
    assert sorted(listed) == sorted(f"{base}{name}.html" for name in toc())


def test_every_page_has_the_icon(site):
    for name in [*toc(), "index", "search", "404"]:
        page = read((site / f"{name}.html").resolve())
        (icon,) = links(page, "icon")
        assert page.resolve(icon)[0] == (site / "_static" / "favicon.svg").resolve()


# The card


SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" width="100%" fill="currentColor">{}</svg>'
)
MARK = SQUARE.replace(' width="100%"', "").format("")
EMPTY = SQUARE.format("")


def drawn(title="A title", figure=EMPTY):
    image = Image.open(io.BytesIO(card.card(title, "A book", figure, MARK)))
    return np.asarray(image.convert("RGB")).astype(int)


def ink(pixels, colour):
    """Return how many pixels have nearly this colour."""
    wanted = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return int((np.abs(pixels - wanted).max(axis=2) < 12).sum())


def test_a_card_shows_title_and_figure_in_colours_of_its_own():
    page_colours = (
        '<path d="M0 0h10v5H0z" style="fill:var(--frontier-blue,#0072b2)"/><path d="M0 5h10v5H0z"/>'
    )
    left, right = np.split(drawn(figure=SQUARE.format(page_colours)), [card.FIGURE], axis=1)
    assert ink(left, card.INK) > 1000, "the title"
    assert ink(left, card.MUTED) > 200, "the book"
    assert ink(left, card.BLUE) > 12 * 600, "the edge"
    half = ((1200 - card.FIGURE - card.MARGIN) ** 2) // 2
    assert ink(right, "#0072b2") == pytest.approx(half, rel=0.02), "what has a colour"
    assert ink(right, card.INK) == pytest.approx(half, rel=0.02), "what takes that of the page"


def test_every_machine_draws_the_same_card():
    words = '<text x="1" y="5" style="font-size:3px">10²⁴ ≈</text>'
    assert ink(drawn(figure=SQUARE.format(words))[:, card.FIGURE :], card.INK) > 500, "with our own fonts"
    assert card.card("A", "B", EMPTY, MARK) == card.card("A", "B", EMPTY, MARK)


@pytest.mark.parametrize(
    "title", ["A", "One two three four five six seven eight nine ten eleven", "<b> & co"]
)
def test_a_title_stays_left_of_the_figure(title):
    pixels = drawn(title)
    assert ink(pixels[:, : card.FIGURE - 40], card.INK) > 100
    assert ink(pixels[:, card.FIGURE - 40 :], card.INK) == 0
    assert card.wrap(title, 60, 520) == [line.strip() for line in card.wrap(title, 60, 520)]
    assert " ".join(card.wrap(title, 60, 520)) == title


# The foot of a page


def foot_of(page):
    return re.search(r'<div class="page-foot">.*?</details>\s*</div>', page.source, re.S)[0]


def anchors(page):
    """Return the addresses at the foot by their words."""
    found = re.findall(r'<a href="([^"]*)"( download)?>([^<]*)</a>', foot_of(page))
    return {words: href.replace("&amp;", "&") for href, _, words in found}


def source(name):
    (path,) = ROOT.glob(f"{name}.*")
    return path.relative_to(ROOT).as_posix()


@every_page
def test_page_can_be_edited_downloaded_and_errors_be_reported(page, name):
    there = anchors(page)
    edit, report = urlsplit(there["Edit this page"]), urlsplit(there["Report an error"])
    repository = there["Edit this page"].split("/edit/")[0]
    assert re.fullmatch(r"https://github\.com/[^/]+/[^/]+", repository)
    assert edit.path.endswith(f"/edit/main/{source(name)}")
    assert there["Report an error"].startswith(f"{repository}/issues/new?")
    asked = parse_qs(report.query)
    assert metas(page)["og:title"] in asked["title"][0]
    assert asked["body"][0].startswith(f"Page: {source(name)}\n")
    if source(name).endswith(".ipynb"):
        copy = page.resolve(there["Download the notebook"])[0]
        kept = ROOT / "notebooks" / copy.name
        assert copy.read_bytes() == kept.read_bytes(), f"{kept} is stale: run `make copies`"
    else:
        assert "Download the notebook" not in there


@every_page
def test_nothing_that_a_reader_sees_has_an_address_that_nobody_has_set(page, name, site):
    shown = [page.text, foot_of(page), (site / f"{name}.md").read_text(encoding="utf-8")]
    shown += [f.read_text("utf-8") for f in site.glob(f"_static/data/{name.split('/')[-1]}-*.json")]
    assert not [text for text in shown if address.NOWHERE.split("://")[1] in unquote(text)]


@every_page
def test_page_can_be_cited(page, name, base):
    what = "book" if name == toc()[0] else "chapter" if source(name).endswith(".ipynb") else "page"
    assert f"<summary>Cite this {what}</summary>" in foot_of(page)
    words, bibtex = (
        text.replace("&amp;", "&") for text in re.findall(r"<pre>(.*?)</pre>", foot_of(page), re.S)
    )
    book, *part = reversed([*parse_string(bibtex, "bibtex").entries.values()])
    version = str(CITATION["version"])
    for entry, place in zip([book, *part], [toc()[0], name], strict=what != "book"):
        fields = {key: value.strip("{}") for key, value in entry.fields.items()}
        assert fields["year"] == str(CITATION["date-released"])[:4]
        assert fields["note"] == f"Version {version}"
        assert fields.get("url") == (None if base == address.NOWHERE else f"{base}{place}.html")
    assert book.type == "book"
    assert book.fields["title"] == f"{{{CITATION['title']}}}"
    for entry in part:
        assert entry.type == "incollection"
        assert entry.fields["title"].strip("{}") == metas(page)["og:title"]
        assert entry.fields["booktitle"] == book.fields["title"]
        assert metas(page)["og:title"] in words
    for said in (fields["year"], version, CITATION["title"], fields.get("url", "")):
        assert said in words
    assert "REPOSITORY" not in words + bibtex


def test_authors_and_titles_are_cited_as_bibtex_reads_them():
    citation = {
        "authors": [{"family-names": "Turing", "given-names": "Alan"}, {"name": "Workers & Sons"}],
        "title": "100% of $x_1$ & more",
        "date-released": "2027-01-02",
        "version": "1.2",
    }
    words, bibtex = foot.cite(citation, "page", "C# in 5 steps", "https://a.b/c_d.html")
    assert words == (
        "Alan Turing, Workers & Sons (2027). C# in 5 steps. In: 100% of $x_1$ & more. Version 1.2. "
        "https://a.b/c_d.html"
    )
    (entry,) = parse_string(bibtex, "bibtex").entries.values()
    assert entry.type == "incollection"
    assert [str(person) for person in entry.persons["author"]] == ["Turing, Alan", r"{Workers \& Sons}"]
    assert entry.fields["title"] == r"{C\# in 5 steps}"
    assert entry.fields["booktitle"] == r"{100\% of \$x\_1\$ \& more}"
    assert entry.fields["url"] == "https://a.b/c_d.html"
    assert foot.cite(citation, "intro", None, "https://a.b/")[1].startswith("@book{frontier-intro,\n")
    words, bibtex = foot.cite(citation, "page", "C", "")
    assert words.endswith("Version 1.2."), "nobody has said where the book stands"
    assert "url" not in bibtex


# The feed of changes

CHANGES = """# Changes

## 1.1.0, not yet released

- Later.

## 1.0.0, 2030-02-03

- `a` & b

| was | is |
| --- | --- |
| 1 | 2 |

## 0.9.0, 2029-01-02

- First.
"""
ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_feed_has_every_released_version():
    root = ET.fromstring(feed.feed(CHANGES, (ROOT / "CITATION.cff").read_text("utf-8"), "https://a.b/"))
    entries = root.findall(f"{ATOM}entry")
    said = [[entry.find(ATOM + name).text for name in ("title", "updated")] for entry in entries]
    days = ["2030-02-03T00:00:00Z", "2029-01-02T00:00:00Z"]
    assert said == [["Version 1.0.0", days[0]], ["Version 0.9.0", days[1]]]
    text = entries[0].find(f"{ATOM}content").text
    assert "<code>a</code> &amp; b" in text
    assert "<td>2</td>" in text
    assert "First" not in text
    assert root.find(f"{ATOM}updated").text == days[0]
    assert len({e.text for e in root.iter(f"{ATOM}id")}) == 3, "of the feed and of its entries"
    assert root.find(f"{ATOM}author/{ATOM}name").text == CITATION["authors"][0]["name"]


def test_every_page_names_the_feed(site, base):
    for name in (*toc(), "index", "search", "404"):
        page = read((site / f"{name}.html").resolve())
        (link,) = [tag for tag in page.all("link") if tag.get("type") == "application/atom+xml"]
        assert page.resolve(link["href"])[0] == (site / "changes.xml").resolve()
    root = ET.parse(site / "changes.xml").getroot()
    assert root.find(f"{ATOM}id").text == base
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    released = re.findall(r"^## \S+, \d{4}", changelog, re.M)
    assert len(root.findall(f"{ATOM}entry")) == len(released)


# What the figures offer


@every_page
def test_every_figure_offers_its_data_drawing_sources_link_and_frame(page, name, site, base):
    figures = len([tag for tag in page.all("figure") if "frontier" in str(tag.get("class")).split()])
    offered = [tag for tag in page.all("a") if tag.get("class") == "data"]
    assert len(offered) == figures
    assert "data:text/csv" not in page.source
    ids = {tag.get("id") for tag in page.all("figure")}
    start = "../../" if base == address.NOWHERE else base
    for number, link in enumerate(offered, 1):
        short = f"{name.split('/')[-1]}-{number}"
        assert link["download"] == f"{short}.csv"
        table = page.resolve(link["href"])[0]
        text = table.read_text(encoding="utf-8")
        rows = list(csv.DictReader(line for line in io.StringIO(text) if not line.startswith("#")))
        assert rows
        for row in rows:
            assert row["series"]
            for column in ("x", "x_end", "y", "y_end"):
                float(row[column] or "nan")
        svg = table.with_suffix(".svg").read_text(encoding="utf-8")
        assert ET.fromstring(svg).attrib["viewBox"]
        assert "var(" not in svg
        assert "currentColor" not in svg
        about = json.loads(table.with_suffix(".json").read_text(encoding="utf-8"))
        assert about["variableMeasured"]
        assert about["citation"] or name in ("book/reuse", "book/intro")
        assert not [words for words in about["citation"] if set("{}\\") & set(words)]
        page_of, anchor = about["url"].split("#")
        assert page_of == f"{start}{name}.html"
        assert anchor in ids
        for part in about["distribution"]:
            assert (site / part["contentUrl"].removeprefix(start)).is_file()
        frame = read(site / "embed" / f"{short}.html")
        assert about["name"] in frame.text
        assert len(frame.all("svg")) == 1


# Missing pages


def test_every_link_for_missing_pages_starts_at_the_root(site, base):
    page = read((site / "404.html").resolve())
    assert page.root == urlsplit(base).path
    addresses = [tag.get("href") for tag in page.all("a", "link")] + page.loaded
    addresses += [tag["action"] for tag in page.all("form")]
    inside = [a for a in addresses if not urlsplit(a).scheme and not a.startswith("#")]
    assert len(inside) > len(CHAPTERS)
    assert all(a.startswith(page.root) for a in inside)
    assert not links(page, "canonical")


# The same each time

CHAPTER = (
    code("""import numpy as np
from frontier.show import Control, explore, figure, picture

fig, ax = figure()
ax.plot([1, 2], [3, 4], "o-")
picture(fig, alt="A line.", caption="It rises.")""")
    + code("""for piece in ("5", "2 pieces", "\\n", "of 52", "\\n"):
    print(piece, end="", flush=True)""")
    + code("""def draw(ax, power):
    x = np.linspace(0, 1)
    ax.plot(x, x**power)
    return f"power {power}"

explore(draw, alt="A power.", caption="It bends.", power=Control("Power", [1, 2, 3]))""")
)
MARKUP = f"""{{eval}}`f"{{1 + 1:.2f}}"` {{cite:p}}`known2024` {{verdict}}`true if` $x^2$ {{term}}`word`
![a dot]({PIXEL})

```{{bibliography}}
```

```{{glossary}}
word
  Its meaning, in more words than these alone.
```"""


@pytest.fixture(scope="module")
def twins(tmp_path_factory):
    """A book without fault, built for an address of its own in different folders, at different times, with
    different seeds of Python's hashes, and with more pages than Sphinx reads one after the other."""
    sites = []
    for seed in "12":
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("PYTHONHASHSEED", seed)
            environment.setenv(address.REPOSITORY, "https://github.com/me/repo")
            environment.setenv(address.BASEURL, "https://book.example/here/")
            folder = tmp_path_factory.mktemp(f"seed-{seed}")
            write(folder, CHAPTER + prose(MARKUP), *[prose("Some words.")] * 6)
            status, printed = build(folder)
        assert status == 0, printed
        sites.append(folder / "_build" / "html")
    return sites


def test_two_builds_are_the_same_to_the_last_byte(twins):
    one, other = (
        {file.relative_to(site).as_posix(): file.read_bytes() for file in site.rglob("*") if file.is_file()}
        for site in twins
    )
    assert {"book/page0.html", "searchindex.js", "_static/data/page0-2.csv", "sitemap.xml"} <= set(one)
    assert set(one) == set(other)
    assert [name for name in one if one[name] != other[name]] == []


def test_inline_values_are_shown(twins):
    assert "2.00" in read(twins[0] / "book" / "page0.html").text


def test_what_a_cell_prints_in_pieces_stays_whole(twins):
    assert ">52 pieces\nof 52\n</pre>" in re.sub(
        "</?span>", "", read(twins[0] / "book" / "page0.html").source
    )


def test_a_build_takes_its_addresses_from_the_environment(twins):
    names = ("book/page0.html", "404.html", "sitemap.xml", "_static/data/page0-1.json")
    page, missing, sitemap, about = ((twins[0] / name).read_text(encoding="utf-8") for name in names)
    assert 'rel="canonical" href="https://book.example/here/book/page0.html"' in page
    assert "https://github.com/me/repo/edit/main/book/page0.ipynb" in page
    assert "OWNER" not in unquote(page)
    assert 'href="/here/book/page0.html"' in missing
    assert "https://book.example/here/book/page0.html" in sitemap
    assert json.loads(about)["url"] == "https://book.example/here/book/page0.html#figure-1"
