"""Where a page that is a notebook can be run, with what to expect: links to Binder and Colab.

Both open the page as it was when this version was released, at the tag v1.2.0 for version 1.2.0. A version
under development, such as 1.3.0.dev0, has no tag; for it they open the branch that _config.yml names.
"""

from address import owner_and_name

from frontier import __version__

BINDER = (
    "Free, without an account: JupyterLab with this page open. Starts in minutes, not seconds. "
    "There, Run All Cells in the menu Run brings the page to life."
)
COLAB = (
    "Needs a Google account. Opens in seconds; the first cell then installs the package, which takes about "
    "half a minute. Boxes and computed numbers in the text appear as markup."
)


def state(version, branch):
    """Return the tag or branch that a version stands for."""
    return branch if ".dev" in version else f"v{version}"


def links(repository, ref, path):
    """Return name, address and what to expect of every place where a notebook of a repository can be run."""
    found = owner_and_name(repository)
    if not found:
        raise ValueError(f"the repository must be https://github.com/OWNER/NAME, got {repository!r}")
    owner, name = found
    return [
        ("Binder", f"https://mybinder.org/v2/gh/{owner}/{name}/{ref}?urlpath=lab/tree/{path}", BINDER),
        ("Colab", f"https://colab.research.google.com/github/{owner}/{name}/blob/{ref}/{path}", COLAB),
    ]


def offer(app, pagename, templatename, context, doctree):
    """Give the template run-page.html its links."""
    if context.get("page_source_suffix") == ".ipynb":
        theme = app.config.html_theme_options
        ref = state(__version__, theme["repository_branch"])
        context["run_links"] = links(theme["repository_url"], ref, f"{pagename}.ipynb")


def setup(app):
    app.connect("html-page-context", offer)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
