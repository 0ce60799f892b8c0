"""Check a site that was built for other addresses: python scripts/check_site.py FOLDER [OTHER].

FRONTIER_REPOSITORY and FRONTIER_BASEURL are what the site in FOLDER was built with. Every page of the book
must lead to the one and give the other as its address, and the placeholder of _config.yml must be nowhere. A
site in OTHER, built from the same book for any addresses, must have the same files and bytes, but for these.
"""

import os
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

PLACEHOLDER = re.compile(rb"OWNER(/|%2F)REPOSITORY|owner\.github\.io/REPOSITORY")


def faults(site: Path, repository: str, baseurl: str) -> list[str]:
    """Return in words what is wrong with a built site."""
    found = [
        f"{path.relative_to(site)} holds the placeholder {held[0].decode()}"
        for path in sorted(site.rglob("*"))
        if path.is_file() and (held := PLACEHOLDER.search(path.read_bytes()))
    ]
    pages = sorted(site.glob("book/*.html"))
    if not pages:
        found.append(f"{site} has no page of the book")
    for page in pages:
        name, text = page.relative_to(site).as_posix(), page.read_text(encoding="utf-8")
        if f'href="{repository}"' not in text:
            found.append(f"{name} does not lead to {repository}")
        address = f"{baseurl.rstrip('/')}/{name}"
        if f'<link rel="canonical" href="{address}"' not in text:
            found.append(f"{name} does not give {address} as its address")
    return found


def files(site: Path) -> dict[str, bytes]:
    """Return the files of a site by name, with words in place of its own addresses."""
    first = (site / "index.html").read_text(encoding="utf-8")
    base = re.search(r'rel="canonical" href="(.*/)book/', first)[1]  # type: ignore[index]
    page = next(site.glob("book/*.html")).read_text(encoding="utf-8")
    repository = re.search(r'href="https://github\.com/([^/"]+/[^/"]+)/edit/', page)[1]  # type: ignore[index]
    found = {}
    for path in site.rglob("*"):
        if path.is_file() and path.name != ".buildinfo":  # which has a hash of the addresses
            text = path.read_bytes().replace(repository.encode(), b"REPOSITORY")
            text = text.replace(base.partition("://")[2].encode(), b"BASE/")
            if path.name == "404.html":  # its links start at the root of the host
                text = text.replace(f'="{urlsplit(base).path}'.encode(), b'="/ROOT/')
            # Where nobody has set an address, citations have none and descriptions of figures a relative one.
            text = re.sub(rb"\n  url = \{\w+://BASE/[^}]*\},", b"", text)
            text = re.sub(rb" \w+://BASE/[\w/-]+\.html(?=</pre>|\n)", b"", text)
            if path.suffix == ".json":
                text = re.sub(rb"\w+://BASE/", b"../../", text)
            found[path.relative_to(site).as_posix()] = text
    return found


def differences(site: Path, other: Path) -> list[str]:
    """Return in words where two sites differ in more than their addresses."""
    one, two = files(site), files(other)
    found = [f"only one of {site} and {other} has {name}" for name in sorted(one.keys() ^ two.keys())]
    changed = [name for name in sorted(one.keys() & two.keys()) if one[name] != two[name]]
    return found + [f"{name} differs in {site} and {other}" for name in changed]


if __name__ == "__main__":
    built = Path(sys.argv[1])
    found = faults(built, os.environ["FRONTIER_REPOSITORY"], os.environ["FRONTIER_BASEURL"])
    found += [fault for other in sys.argv[2:] for fault in differences(built, Path(other))]
    if found:
        sys.exit("\n".join(f"error: {fault}" for fault in found))
