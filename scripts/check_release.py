"""Check that all who name the version name the same one: python scripts/check_release.py [TAG].

Without a tag: pyproject.toml, CITATION.cff and the head of CHANGELOG.md agree. With the tag of a release,
also: the tag is "v" and that version, and CHANGELOG.md gives it the day that CITATION.cff gives.
"""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def find(root: Path, name: str, pattern: str) -> str:
    """Return what the pattern finds first in a file."""
    found = re.search(pattern, (root / name).read_text(encoding="utf-8"), re.M)
    if found is None:
        raise ValueError(f"{name} must have a line of the form {pattern}, found none")
    return found[1]


def faults(root: Path, tag: str | None = None) -> list[str]:
    """Return in words what contradicts what."""
    version = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    cited = find(root, "CITATION.cff", r'^version: *"?([^"\s]+)"?$')
    head, _, day = find(root, "CHANGELOG.md", r"^## (.+)$").partition(", ")
    released = find(root, "CITATION.cff", r'^date-released: *"?([^"\s]+)"?$')

    found = [
        f"{name} says version {said!r}, pyproject.toml says {version!r}"
        for name, said in (("CITATION.cff", cited), ("the head of CHANGELOG.md", head))
        if said != version
    ]
    if tag is not None and tag != f"v{version}":
        found.append(f"the tag must be {'v' + version!r}, as in pyproject.toml, got {tag!r}")
    if tag is not None and day != released:
        found.append(f"CHANGELOG.md dates {head} {day!r}, CITATION.cff {released!r}")
    return found


if __name__ == "__main__":
    if found := faults(ROOT, *sys.argv[1:]):
        sys.exit("\n".join(f"error: {fault}" for fault in found))
