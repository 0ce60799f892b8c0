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
from urllib.parse import urlsplit

from sphinx.errors import ConfigError

REPOSITORY, BASEURL = "FRONTIER_REPOSITORY", "FRONTIER_BASEURL"


def owner_and_name(address):
    """Return owner and name of a repository on GitHub; nothing where the address is of another kind."""
    found = re.fullmatch(r"https://github\.com/([\w-]+)/([\w.-]+?)(?:\.git)?/?", address)
    return found and found.groups()


def repository(address):
    """Return owner and name of a repository on GitHub, refusing an address of another kind."""
    found = owner_and_name(address)
    if not found:
        rule = "must look like https://github.com/owner/name"
        raise ConfigError(f"{REPOSITORY} (or repository.url in _config.yml) {rule}, got {address!r}")
    return found


def base(address):
    """Return the address of the site with a slash at its end."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise ConfigError(f"{BASEURL} must look like https://owner.github.io/name/, got {address!r}")
    return address.rstrip("/") + "/"


def pages(owner, name):
    """Return where GitHub Pages publishes a repository; one is named after the host itself."""
    host = f"{owner.lower()}.github.io"
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"


def settle(app, config):
    """Put both addresses into the configuration."""
    options = config.html_theme_options
    owner, name = repository(os.environ.get(REPOSITORY) or options["repository_url"])
    options["repository_url"] = f"https://github.com/{owner}/{name}"
    config.html_baseurl = base(os.environ.get(BASEURL) or config.html_baseurl or pages(owner, name))


def setup(app):
    app.connect("config-inited", settle, priority=400)  # before anything reads them
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
