"""The site works an inline value out in its place, JupyterLab after the last cell. Here both must agree."""

from myst_nb.core.execute.inline import NotebookClientInline

evaluate, finalise = NotebookClientInline.eval_variable, NotebookClientInline.finalise_client


def text(outputs):
    """Return what an inline value reads."""
    return "".join(output.get("data", {}).get("text/plain", "") for output in outputs)


def eval_variable(client, name):
    """Work a value out in its place, and keep what it reads there."""
    outputs = evaluate(client, name)
    vars(client).setdefault("read", {}).setdefault(name, text(outputs))
    return outputs


def finalise_client(client):
    """Work every value out once more when the last cell has run."""
    for name, before in vars(client).get("read", {}).items():
        after = text(client.eval_variable(name))
        if before and after != before:
            cells = client.notebook.cells
            cell = next(i for i, cell in enumerate(cells) if f"{{eval}}`{name}`" in cell.source)
            message = f"{name} reads {before} in its place and {after} after the last cell"
            client.logger.warning(message, line=client.cell_line(cell))
    finalise(client)


NotebookClientInline.eval_variable, NotebookClientInline.finalise_client = eval_variable, finalise_client
