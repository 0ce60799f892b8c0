"""What repeats on a page says of what it is, to whoever hears a list of its links and buttons."""

from collections import Counter

import names
import pytest
from bs4 import BeautifulSoup
from conftest import toc

REPEATED = "a.headerlink, .offers a, article summary, article button, .page-foot a, .page-foot summary"


def name_of(part):
    """Return what a screen reader says; of the two prompts of a cell the one that shows."""
    collapsed = part.select_one(".collapsed")
    return part.get("aria-label") or " ".join((collapsed or part).get_text().split())


@pytest.mark.parametrize("name", toc())
def test_names_are_unique_and_contain_what_is_seen(site, name):
    page = BeautifulSoup((site / f"{name}.html").read_text("utf-8"), "html.parser")
    parts = page.select(REPEATED)
    said = Counter(name_of(part) for part in parts)
    assert not [words for words, times in said.items() if times > 1]
    for part in parts:
        seen = part.get_text().strip("# \n")
        assert seen.split("\n")[0] in name_of(part)


def cell(code, prompt="Show code", after=""):
    return (
        '<div class="cell tag_hide-input"><details><summary>'
        f'<p class="collapsed admonition-title">{prompt}</p></summary>'
        f"<pre><span></span>{code}</pre></details>{after}</div>"
    )


def test_code_is_named_by_its_comment_its_figure_or_its_number():
    body = cell('<span class="c1"># numbers for the text</span>')
    body += cell("x", after="<figcaption>Returns shrink: slowly, and <b>so</b> on.</figcaption>") + cell("y")
    body += '<p class="admonition-title">Exercise 2</p>' + cell("z", "Show the solution")
    soup = BeautifulSoup(names.named(body), "html.parser")
    assert [part.get_text() for part in soup.select(".collapsed")] == [
        "Show code of cell 1: numbers for the text",
        "Show code of cell 2: Returns shrink: slowly, and",
        "Show code of cell 3",
        "Show the solution of exercise 2",
    ]
    assert soup.select_one(".collapsed").find(string=True) == "Show code"


def test_answers_and_links_say_where_they_lead():
    answer = '<span class="sd-summary-text">Answer</span>'
    body = "".join(f'<p class="admonition-title">Exercise {n}, without code</p>{answer}' for n in (1, 2))
    body += '<h2>The <em>law</em><a class="headerlink" href="#law" title="Link to this heading">#</a></h2>'
    body += '<span class="eqno">(7)<a class="headerlink" href="#e" title="Link to this equation">#</a></span>'
    soup = BeautifulSoup(names.named(body), "html.parser")
    assert [part.get_text() for part in soup.select(".sd-summary-text")] == [
        "Answer: exercise 1",
        "Answer: exercise 2",
    ]
    assert [link["aria-label"] for link in soup.select("a")] == [
        "Link to this heading: The law",
        "Link to this equation: (7)",
    ]


@pytest.mark.parametrize(
    ("words", "start"),
    [
        ("A short one.", "A short one"),
        ("a" * 10 + " " + "b" * 60, "a" * 10),
        ("", ""),
    ],
)
def test_a_name_is_the_start_of_a_sentence(words, start):
    assert names.start_of(words) == start
