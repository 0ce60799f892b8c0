"""The content security policy: what a page of the site may load and run.

Everything comes from the site itself. Of the scripts within a page only those that were there when it was
built may run: the policy names each by the hash of its text. Styles within a page are allowed as a whole,
because every line of a drawing has one. A host that can send headers may send the same policy; pages do not
depend on it.
"""

import base64
import hashlib
import re
from pathlib import Path

PLACE = '<meta http-equiv="Content-Security-Policy" content="'
RULES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",  # icons in the stylesheet
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
}
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)


def digest(script: str) -> str:
    """Return what stands for an inline script in a policy."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def policy(page: str) -> str:
    """Return the policy of a page."""
    inline = {
        digest(text)
        for attributes, text in SCRIPT.findall(page)
        if not re.search(r"\bsrc=|application/json", attributes)
    }
    return "; ".join(
        " ".join([name, rule, *(sorted(inline) if name == "script-src" else ())])
        for name, rule in RULES.items()
    )


def write(app, exception):
    """Fill in the policy of every page, once all of them are written."""
    if exception or app.builder.format != "html":
        return
    for path in sorted(Path(app.outdir).rglob("*.html")):
        page = path.read_text(encoding="utf-8")
        filled = re.sub(rf'{PLACE}[^"]*"', lambda _, page=page: f'{PLACE}{policy(page)}"', page)
        if filled != page:
            path.write_text(filled, encoding="utf-8")


def setup(app):
    app.connect("build-finished", write, priority=950)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
