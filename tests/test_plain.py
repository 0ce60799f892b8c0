"""Each page as Markdown, and llms.txt: they say what the page says, and nothing that only a site reads."""

import re

import pytest
from bs4 import BeautifulSoup
from conftest import toc
from markdown_it import MarkdownIt
from plain import markdown
from test_site import read

parser = MarkdownIt("commonmark").enable("table")


def words(text):
    return " ".join(text.replace("\u00a0", " ").split())


def plain(token):
    """Return the text of a token, without its marks."""
    return "".join(child.content for child in token.children if child.type in ("text", "code_inline"))


@pytest.fixture(scope="module", params=toc())
def both(site, request):
    """The article of a page, its Markdown, and the tokens of that."""
    page = BeautifulSoup((site / f"{request.param}.html").read_text(encoding="utf-8"), "html.parser")
    article = page.article
    for part in article.select(".headerlink, script, style"):
        part.decompose()
    path = site / f"{request.param}.md"
    text = path.read_text(encoding="utf-8")
    return article, text, parser.parse(text), path


def test_headings_are_those_of_the_page(both):
    article, _, tokens, _ = both
    inside = [plain(tokens[n + 1]) for n, token in enumerate(tokens) if token.type == "heading_open"]
    assert [words(h) for h in inside] == [words(h.get_text()) for h in article.find_all(re.compile(r"^h\d$"))]


def test_inline_values_stand_in_their_order(both):
    article, text, *_ = both
    text, at = words(text.replace("\\", "")), 0
    for value in article.select("span.output.text_plain"):
        at = text.find(words(value.get_text()), at)
        assert at >= 0, value


def test_formulas_tables_figures_code_and_boxes_are_all_there(both):
    article, text, tokens, _ = both
    for formula in article.select("annotation"):
        tex = formula.get_text()
        assert tex in text or tex.replace("|", r"\vert ") in text
    assert sum(token.type == "table_open" for token in tokens) == len(article.find_all("table"))
    fences = [
        words(token.content) for token in tokens if token.type == "fence" and token.content.strip() != ""
    ]
    listings = [words(pre.get_text()) for pre in article.find_all("pre")]
    assert [fence for fence in fences if fence in listings] == [one for one in listings if one]
    squeezed = words(re.sub(r"\\(.)", r"\1", re.sub(r"^> ?", "", text, flags=re.M)))
    for figure in article.select("figure.frontier"):
        assert words(figure.svg["aria-label"]) in squeezed
        assert words(figure.figcaption.find(string=True)) in squeezed
    for title in article.select(
        ".cell ~ .admonition > .admonition-title, div.admonition > .admonition-title"
    ):
        assert f"> **{title.get_text()}**" in text


def test_nothing_is_left_that_only_a_site_reads(both):
    _, _, tokens, _ = both
    inline = [child for token in tokens for child in token.children or ()]
    assert not [token.content for token in [*tokens, *inline] if token.type.startswith("html_")]
    prose = "".join(token.content for token in tokens if token.type == "inline")
    assert not re.findall(r"\{[\w:-]+\}`|:::|\{eval\}", prose)


def test_links_lead_to_files_or_hosts(both, site):
    _, _, tokens, path = both
    inline = [child for token in tokens for child in token.children or ()]
    links = [token.attrGet("href") for token in inline if token.type == "link_open"]
    inside = [link for link in links if not re.match(r"(https?|mailto):", link)]
    assert not [link for link in inside if not (path.parent / link).resolve().is_file()]
    assert not [link for link in inside if ".html" in link]


@pytest.mark.parametrize("name", toc())
def test_page_names_its_markdown(site, name):
    page = read((site / f"{name}.html").resolve())
    (link,) = [tag for tag in page.all("link") if tag.get("type") == "text/markdown"]
    assert link["rel"] == "alternate"
    assert page.resolve(link["href"])[0] == (site / f"{name}.md").resolve()


def test_the_list_has_each_page_once(site):
    text = (site / "llms.txt").read_text(encoding="utf-8")
    assert re.match(r"# .+\n\n> .+\n\n", text), "a title, then a summary: https://llmstxt.org"
    lines = re.findall(r"^- \[(.+?)\]\((\S+)\): (.+)$", text, re.M)
    assert sorted(address for _, address, _ in lines) == sorted(f"{name}.md" for name in toc())
    assert text.count("\n- ") == len(lines)
    for title, address, _ in lines:
        assert (site / address).read_text(encoding="utf-8").startswith(f"# {title}\n")


@pytest.mark.parametrize(
    "text", ["a_b_c *d* `e`", "5 $ and 6 $", "<b> a < b </b>", r"\alpha [x](y) ![z]", "1 | 2"]
)
def test_signs_mean_themselves(text):
    """In a paragraph and in the cell of a table."""
    shown = text.replace("&", "&amp;").replace("<", "&lt;")
    for body in (f"<p>{shown}</p>", f"<table><tr><th>h</th></tr><tr><td>{shown}</td></tr></table>"):
        tokens = parser.parse(markdown(body))
        assert plain([token for token in tokens if token.type == "inline"][-1]) == text
