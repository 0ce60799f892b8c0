"""Check that a built site knows where it stands: python scripts/check_site.py FOLDER.

FRONTIER_REPOSITORY and FRONTIER_BASEURL are what the site was built with. Every page of the book must lead to
the one and give the other as its address, and the placeholder of _config.yml must be nowhere.
"""

import os
import re
import sys
from pathlib import Path

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


if __name__ == "__main__":
    if found := faults(Path(sys.argv[1]), os.environ["FRONTIER_REPOSITORY"], os.environ["FRONTIER_BASEURL"]):
        sys.exit("\n".join(f"error: {fault}" for fault in found))
