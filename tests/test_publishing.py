"""What is checked before something is published: versions, addresses, the links of the site."""

import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler

import foot
import pytest
from conftest import ROOT, serving
from test_sharing import CITATION
from test_workflows import tool

from scripts import check_release, check_site

# Versions


def project(folder, pyproject="1.2.0", citation="1.2.0", day="2030-01-02", head="1.2.0, 2030-01-02"):
    (folder / "pyproject.toml").write_text(f'[project]\nversion = "{pyproject}"\n')
    (folder / "CITATION.cff").write_text(f"cff-version: 1.2.0\nversion: {citation}\ndate-released: {day}\n")
    (folder / "CHANGELOG.md").write_text(f"# Changes\n\n## {head}\n\n- One.\n\n## 1.1.0, 2029-01-02\n")
    return folder


def test_versions_that_agree_are_no_fault(tmp_path):
    assert check_release.faults(ROOT) == []
    assert check_release.faults(project(tmp_path), "v1.2.0") == []
    assert check_release.faults(project(tmp_path, head="1.2.0, not yet released")) == []


@pytest.mark.parametrize(
    ("changed", "tag", "fault"),
    [
        ({"citation": "1.1.0"}, None, "CITATION.cff says version '1.1.0', pyproject.toml says '1.2.0'"),
        ({"head": "1.1.0, 2030-01-02"}, None, "the head of CHANGELOG.md says version '1.1.0'"),
        ({}, "v1.2.1", "the tag must be 'v1.2.0', as in pyproject.toml, got 'v1.2.1'"),
        ({}, "1.2.0", "the tag must be 'v1.2.0', as in pyproject.toml, got '1.2.0'"),
        ({"head": "1.2.0, not yet released"}, "v1.2.0", "CHANGELOG.md dates 1.2.0 'not yet released'"),
        ({"day": "2030-01-03"}, "v1.2.0", "CITATION.cff '2030-01-03'"),
    ],
)
def test_what_contradicts_is_named(tmp_path, changed, tag, fault):
    (found,) = check_release.faults(project(tmp_path, **changed), tag)
    assert fault in found


def test_a_file_that_says_no_version_is_named(tmp_path):
    (project(tmp_path) / "CHANGELOG.md").write_text("# Changes\n")
    with pytest.raises(ValueError, match=r"CHANGELOG\.md must have a line of the form .*, found none"):
        check_release.faults(tmp_path)


def test_the_command_fails_with_the_reason():
    command = [sys.executable, ROOT / "scripts" / "check_release.py", "v0"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("error: the tag must be 'v")


# Addresses

REPOSITORY, BASEURL = "https://github.com/reader/book", "https://reader.github.io/book"
PAGE = f'''<link rel="canonical" href="{BASEURL}/book/page.html" />
<a class="btn" href="{REPOSITORY}">Repository</a>'''


def built(folder, page=PAGE, other=""):
    (folder / "book").mkdir()
    (folder / "book" / "page.html").write_text(page)
    (folder / "other.js").write_text(other)
    return folder


@pytest.mark.parametrize("baseurl", [BASEURL, f"{BASEURL}/"])
def test_a_site_that_knows_where_it_stands_has_no_fault(tmp_path, baseurl):
    assert check_site.faults(built(tmp_path), REPOSITORY, baseurl) == []


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"page": PAGE.replace(BASEURL, "")}, "book/page.html does not give"),
        (
            {"page": PAGE.replace(f'"{REPOSITORY}"', '"https://github.com/me/it"')},
            "book/page.html does not lead",
        ),
        ({"other": "https://github.com/OWNER/REPOSITORY/issues"}, "other.js holds the placeholder"),
        ({"other": "urlpath=OWNER%2FREPOSITORY"}, "other.js holds the placeholder"),
        ({"other": "https://owner.github.io/REPOSITORY/"}, "other.js holds the placeholder"),
    ],
)
def test_a_page_that_does_not_know_is_named(tmp_path, changed, fault):
    (found,) = check_site.faults(built(tmp_path, **changed), REPOSITORY, BASEURL)
    assert fault in found


def test_a_site_without_pages_is_a_fault(tmp_path):
    (found,) = check_site.faults(tmp_path, REPOSITORY, BASEURL)
    assert "has no page of the book" in found


def standing(folder, repository, base, text="the same", start=""):
    """Return a site of two pages and two files at these addresses; those that it shows begin with `start`."""
    root = "/" + base.split("/", 3)[3]
    for name, content in {
        "index.html": f'<link rel="canonical" href="{base}book/intro.html">',
        "book/intro.html": f'<a href="{repository}/edit/main/a">Edit</a> {base}book/intro.html {text}',
        "404.html": f'<a href="{root}book/intro.html">',
        "card.png": "picture",
        "_static/data/a.json": f'{{"url": "{start or base}book/intro.html"}}',
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return folder


def test_sites_may_differ_in_their_addresses_and_in_nothing_else(tmp_path):
    one = standing(tmp_path / "one", REPOSITORY, f"{BASEURL}/")
    other = standing(tmp_path / "two", "https://github.com/Me/me.github.io", "https://me.github.io/")
    assert check_site.differences(one, other) == []
    nowhere = standing(tmp_path / "three", "https://github.com/O/R", "https://o.github.io/R/", start="../../")
    for site, address in ((one, f"{BASEURL}/book/intro.html"), (nowhere, None)):
        for citation in foot.cite(CITATION, "intro", None, address):
            with (site / "book" / "intro.html").open("a") as page:
                page.write(f"<pre>{citation}</pre>\n")
    assert check_site.differences(one, nowhere) == [], "a citation names an address where there is one"
    standing(one, REPOSITORY, f"{BASEURL}/")
    standing(other, "https://github.com/Me/me.github.io", "https://me.github.io/", "another")
    (other / "card.png").rename(other / "cover.png")
    assert [fault.split(f" {one}")[0] for fault in check_site.differences(one, other)] == [
        *("only one of", "only one of"),
        "book/intro.html differs in",
    ]


# Links


class Host(BaseHTTPRequestHandler):
    """Shows a page at /, answers /404 with the status 404, and so on."""

    def do_GET(self):
        page, asked = self.server.page.encode() if self.path == "/" else b"", self.path[1:]
        self.send_response(200 if page else int(asked) if asked.isdigit() else 404)
        if asked == "302":
            self.send_header("Location", "/200")
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def follow():
    """Follow the links of a page as `make links` does; /404 is of another host than the page.

    The network is out of reach: it would lie behind a proxy that knows nobody.
    """

    def run(*addresses):
        addresses = [outside + address if address.startswith("/") else address for address in addresses]
        server.page = "".join(f'<a href="{address}">there</a>' for address in addresses)
        return subprocess.run(command, env=network, capture_output=True, text=True, timeout=60)

    with serving(Host) as server:
        outside = f"http://localhost:{server.server_port}"
        network = os.environ | {"https_proxy": outside, "no_proxy": "localhost,127.0.0.1"}
        page = f"http://127.0.0.1:{server.server_port}/"
        command = [tool("linkchecker"), "--config", ROOT / ".github" / "linkcheckerrc", page]
        yield run


def test_a_dead_link_is_found_and_named(follow):
    done = follow("/200", "/404")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "/404" in done.stdout
    assert "1 error found" in done.stdout


@pytest.mark.parametrize("address", ["/200", "/302", "/403", "/429"])
def test_a_link_that_leads_somewhere_or_is_closed_to_programs_is_none(follow, address):
    done = follow(address)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 links" in done.stdout


REPO = "https://github.com/OWNER/REPOSITORY"


@pytest.mark.parametrize(
    ("address", "followed"),
    [
        (f"{REPO}/edit/main/book/intro.ipynb", False),
        (f"{REPO}/issues/new?title=A", False),
        ("https://mybinder.org/v2/gh/OWNER/REPOSITORY/main?urlpath=lab/tree/book/intro.ipynb", False),
        (REPO, True),
        ("https://mybinder.org/", True),
    ],
)
def test_a_button_of_the_page_is_not_pressed_but_other_links_are_followed(follow, address, followed):
    """Those that are followed fail here, where the network is out of reach."""
    assert follow(address).returncode == followed
