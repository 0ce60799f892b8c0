"""The content security policy: what a page of the site may load and run.

Everything comes from the site itself. Of the scripts within a page only those that were there when it was
built may run: the policy names each by the hash of its text. Styles within a page are allowed as a whole,
because every line of a drawing has one. A host that can send headers may send the same policy; pages do not
depend on it.
"""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

PLACE = '<meta http-equiv="Content-Security-Policy" content="'
# Icons stand in the stylesheet, as data.
RULES = (
    "default-src 'none'; script-src 'self'{}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'"
)
SCRIPT = re.compile(r"<script\b(?![^>]*(?:\bsrc=|application/json))[^>]*>(.*?)</script>", re.S | re.I)


def policy(page):
    """Return the policy of a page."""
    hashes = {b64encode(sha256(script.encode()).digest()).decode() for script in SCRIPT.findall(page)}
    return RULES.format("".join(f" 'sha256-{digest}'" for digest in sorted(hashes)))


def write(app, exception):
    """Fill in the policy of every page, once all of them are written."""
    if exception or app.builder.format != "html":
        return
    for path in Path(app.outdir).rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        filled = re.sub(rf'{PLACE}[^"]*"', f'{PLACE}{policy(page)}"', page)
        if filled != page:
            path.write_text(filled, encoding="utf-8")


def setup(app):
    app.connect("build-finished", write, priority=950)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
