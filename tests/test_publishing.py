"""What is checked before something is published: versions, addresses, the links of the site."""

import os
import subprocess
import sys
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from conftest import ROOT
from test_workflows import tool

from scripts import check_release, check_site

# Versions


def project(folder, pyproject="1.2.0", citation="1.2.0", day="2030-01-02", head="1.2.0, 2030-01-02"):
    (folder / "pyproject.toml").write_text(f'[project]\nversion = "{pyproject}"\n')
    (folder / "CITATION.cff").write_text(f"cff-version: 1.2.0\nversion: {citation}\ndate-released: {day}\n")
    (folder / "CHANGELOG.md").write_text(f"# Changes\n\n## {head}\n\n- One.\n\n## 1.1.0, 2029-01-02\n")
    return folder


def test_our_own_versions_agree():
    assert check_release.faults(ROOT) == []


def test_a_release_whose_versions_agree_has_no_fault(tmp_path):
    assert check_release.faults(project(tmp_path), "v1.2.0") == []


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


def test_work_on_a_version_needs_no_day_yet(tmp_path):
    assert check_release.faults(project(tmp_path, head="1.2.0, not yet released")) == []


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
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Host) as httpd:
        thread = Thread(target=partial(httpd.serve_forever, poll_interval=0.05))
        thread.start()
        yield httpd
        httpd.shutdown()
        thread.join()


@pytest.fixture
def follow(server):
    """Follow the links of a page as `make links` does; /404 is of another host than the page.

    The network is out of reach: it would lie behind a proxy that knows nobody.
    """
    outside = f"http://localhost:{server.server_port}"
    network = os.environ | {"https_proxy": outside, "no_proxy": "localhost,127.0.0.1"}
    page = f"http://127.0.0.1:{server.server_port}/"
    command = [tool("linkchecker"), "--config", ROOT / ".github" / "linkcheckerrc", page]

    def run(*addresses):
        addresses = [outside + address if address.startswith("/") else address for address in addresses]
        server.page = "".join(f'<a href="{address}">there</a>' for address in addresses)
        return subprocess.run(command, env=network, capture_output=True, text=True, timeout=60)

    return run


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


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/OWNER/REPOSITORY/edit/main/book/intro.ipynb",
        "https://github.com/OWNER/REPOSITORY/issues/new?title=A",
        "https://mybinder.org/v2/gh/OWNER/REPOSITORY/main?urlpath=lab/tree/book/intro.ipynb",
    ],
)
def test_a_button_of_the_page_is_not_pressed(follow, address):
    done = follow(address)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("address", ["https://github.com/OWNER/REPOSITORY", "https://mybinder.org/"])
def test_a_link_to_the_same_hosts_is_followed(follow, address):
    assert follow(address).returncode == 1
