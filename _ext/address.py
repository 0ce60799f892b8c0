"""Where the book stands: the address of its repository and that of its site.

Both follow from `repository.url` in _config.yml. Whoever builds the site elsewhere, a workflow of a fork for
instance, overrides them without touching a file:

- FRONTIER_REPOSITORY, such as https://github.com/me/repo
- FRONTIER_BASEURL, where the site will stand, such as https://me.github.io/repo/; without it, the address
  that GitHub Pages gives to the repository.

The result stands where the theme and Sphinx look for it: the theme's `repository_url` and `html_baseurl`.
"""

import os
import re

from sphinx.errors import ConfigError

REPOSITORY, BASEURL = "FRONTIER_REPOSITORY", "FRONTIER_BASEURL"
NOWHERE = "https://owner.github.io/REPOSITORY/"  # what follows from the placeholder in _config.yml


def owner_and_name(address):
    """Return owner and name of a repository on GitHub."""
    found = re.fullmatch(r"https://github\.com/([\w-]+)/([\w.-]+?)(?:\.git)?/?", address)
    if not found:
        rule = "must look like https://github.com/owner/name"
        raise ConfigError(f"{REPOSITORY} (or repository.url in _config.yml) {rule}, got {address!r}")
    return found.groups()


def settle(app, config):
    """Put both addresses into the configuration."""
    options = config.html_theme_options
    owner, name = owner_and_name(os.environ.get(REPOSITORY) or options["repository_url"])
    options["repository_url"] = f"https://github.com/{owner}/{name}"
    host = f"{owner.lower()}.github.io"  # a repository may be named after the host itself
    pages = f"https://{host}/" if name.lower() == host else f"https://{host}/{name}"
    base = os.environ.get(BASEURL) or config.html_baseurl or pages
    if not re.fullmatch(r"https?://[^/?#]+[^?#]*", base):
        raise ConfigError(f"{BASEURL} must look like https://owner.github.io/name/, got {base!r}")
    config.html_baseurl = base.rstrip("/") + "/"


def known(config):
    """Return the address of the site for what a reader sees: empty where nobody has set one."""
    return "" if config.html_baseurl == NOWHERE else config.html_baseurl


def setup(app):
    app.connect("config-inited", settle, priority=400)  # before anything reads them
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
