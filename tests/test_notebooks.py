"""What every notebook of the book holds, and what a chapter must not lack. Nothing is executed here."""

import ast
import builtins
import re

import nbformat
import pytest
from conftest import ROOT, toc
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from scripts.install_lines import install_lines, put_lines

BOOK = ROOT / "book"
NOTEBOOKS = sorted(BOOK.glob("*.ipynb"))
CHAPTERS = [path for path in NOTEBOOKS if path.stem not in ("intro", "claims", "reuse", "sources")]
MAX_STORED = 320_000  # bytes of images and HTML in one notebook, without the data of its figures
MAX_DATA = 150_000  # bytes of these

# Headings of the article, and what stands before the first.
SECTIONS = (
    "introduction",
    "Few examples of AI Models at the Compute Frontier",
    *("GPT family of LLMs", "AlphaFold for Protein Folding", "DALL-E family of models"),
    *("BERT and Natural Language Understanding", "AlphaZero in Game Playing"),
    *("The Law of Diminishing Returns", "Landauer's Principle from Thermodynamics"),
    "The Bekenstein Bound: The Information Storage Limit",
    "Shannon's Information Theory and Communication Limits",
    "The No Free Lunch Theorem in AI Optimization",
    "Conclusion: Navigating the Efficient Compute Frontier",
)

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
every_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)


def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(path):
    """Return the code of the chapter itself, without the lines that install the package."""
    cells = [cell for cell in read(path).cells if cell.cell_type == "code"]
    cells[0].source = cells[0].source.removeprefix(install_lines())
    return cells


def prose(path):
    return "\n\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")


def inline_values(path):
    return re.findall(r"\{eval\}`([^`]+)`", prose(path))


def stored_text(cell):
    """Return what a cell has printed or shown as plain text."""
    return "".join(out.get("text", "") or out.get("data", {}).get("text/plain", "") for out in cell.outputs)


def section(text, heading):
    """Return the text under a heading of the second level."""
    found = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", text, re.M | re.S)
    assert found, f"no section {heading!r}"
    return found[1]


def admonition(text, heading):
    """Return the text of the box with this heading."""
    found = re.search(rf"^:::\{{admonition\}} {heading}\n(.*?)^:::$", text, re.M | re.S)
    assert found, f"no box {heading!r}"
    return found[1]


def test_the_table_of_contents_lists_the_notebooks_and_nothing_else():
    pages = [*NOTEBOOKS, *BOOK.glob("*.rst"), *BOOK.glob("*.md")]
    assert sorted(toc()) == sorted(f"book/{path.stem}" for path in pages)


@every_notebook
def test_notebook_is_valid_and_installs_the_package_where_it_is_missing(path):
    """At this version: after another one, `python scripts/install_lines.py` renews the lines."""
    nbformat.validate(read(path))
    expected = read(path)
    put_lines(expected)
    assert read(path).cells == expected.cells


@pytest.fixture
def shell():
    """IPython, in which a stand-in for %pip notes what it is asked."""
    shell = InteractiveShell(config=Config(HistoryManager={"enabled": False}))
    shell.asked = []
    shell.register_magic_function(shell.asked.append, magic_name="pip")
    return shell


@pytest.mark.parametrize(("version", "pin"), [("1.2.3", "==1.2.3"), ("1.3.0.dev0", "")])
def test_the_install_lines_install_what_is_missing_and_nothing_else(shell, capsys, version, pin):
    shell.run_cell(install_lines(version)).raise_error()
    assert shell.asked == []
    assert capsys.readouterr() == ("", "")
    missing = install_lines(version).replace("import frontier", "import frontier_which_is_missing", 1)
    shell.run_cell(missing).raise_error()
    assert shell.asked == [f"install -qqq efficient-compute-frontier{pin}"]


def test_a_package_that_cannot_be_installed_is_said_in_one_line(shell, capsys):
    """Before a release, or without a network; the cell ends there, and with it a run of all cells."""
    missing = install_lines("1.2.3").replace("import frontier", "import frontier_which_is_missing")
    result = shell.run_cell(f"{missing}print('more')")
    assert isinstance(result.error_in_exec, ModuleNotFoundError)
    said, wrong = capsys.readouterr()
    assert said == "efficient-compute-frontier cannot be installed: no release yet, or no network\n"
    assert wrong == ""


@every_notebook
def test_every_code_cell_was_executed_in_order_and_stores_text(path):
    """A cell without text would pass nbval's comparison without anything being compared."""
    cells = code_cells(path)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert not [cell.source for cell in cells if not stored_text(cell).strip()]


@every_notebook
def test_outputs_are_small_and_without_errors_warnings_or_widgets(path):
    outputs = [out for cell in code_cells(path) for out in cell.outputs]
    assert not [out for out in outputs if out.output_type == "error" or out.get("name") == "stderr"]
    assert "widgets" not in read(path).metadata
    kinds = [(kind, content) for out in outputs for kind, content in out.get("data", {}).items()]
    assert not [kind for kind, _ in kinds if "widget" in kind]
    shown = "".join(str(text) for kind, text in kinds if kind.startswith(("image/", "text/html")))
    data = "".join(re.findall('href="data:[^"]*"', shown))
    most = MAX_STORED * (1.5 if path.stem == "sources" else 1)  # that page is the registry, row by row
    size = len(shown.encode()) - len(data)
    assert size <= most, f"{size:,} bytes of images and HTML are stored, at most {most:,.0f}"
    assert len(data) <= MAX_DATA, f"{len(data):,} bytes of data of figures are stored"


@every_notebook
def test_inline_values_are_short(path):
    """A longer one is code that no linter sees: name it in a cell."""
    assert not [value for value in inline_values(path) if len(value) > 60]


@every_notebook
def test_code_cells_are_short(path):
    """Whether a reader sees them or unfolds them."""
    for cell in code_cells(path):
        lines = [line for line in cell.source.splitlines() if line.strip()]
        assert len(lines) <= 20, f"{len(lines)} lines, at most 20:\n{cell.source}"
        assert not [line for line in lines if len(line) > 79], "lines of more than 79 characters"


@pytest.mark.parametrize(
    "path", [path for path in NOTEBOOKS if path.stem != "intro"], ids=lambda path: path.stem
)
def test_imports_stand_in_the_first_cell(path):
    """But not on the landing page, which shows three lines as somebody would type them."""
    for cell in code_cells(path)[1:]:
        for node in ast.walk(ast.parse(cell.source)):
            assert not isinstance(node, (ast.Import, ast.ImportFrom)), ast.unparse(node)


@every_notebook
def test_imports_are_used(path):
    trees = [ast.parse(cell.source) for cell in code_cells(path)]
    trees += [ast.parse(value) for value in inline_values(path)]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    used = {node.id for node in nodes if isinstance(node, ast.Name)}
    for node in nodes:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                assert (alias.asname or alias.name).split(".")[0] in used, f"{ast.unparse(node)} is not used"


@every_notebook
def test_a_name_that_the_text_shows_is_given_once(path):
    # JupyterLab works the inline values out after the last cell.
    text = [node for value in inline_values(path) for node in ast.walk(ast.parse(value))]
    shown = {node.id for node in text if isinstance(node, ast.Name)}
    given = []
    for cell in code_cells(path):
        nodes = list(ast.walk(ast.parse(cell.source)))
        own = [node for node in nodes if isinstance(node, (ast.FunctionDef, ast.Lambda, ast.comprehension))]
        inner = {id(node) for scope in own for node in ast.walk(scope)}
        names = [node for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
        given += {node.id for node in names if id(node) not in inner} & shown
    assert len(given) == len(set(given)), sorted(given)


@every_notebook
def test_an_inline_value_has_been_computed_before_it_is_read(path):
    """The site shows what they are in their place, JupyterLab works them out after the last cell."""
    known = set(dir(builtins))
    for cell in read(path).cells:
        if cell.cell_type == "code":
            tree = ast.parse(cell.source.removeprefix(install_lines()))
            known |= {
                n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
            }
            known |= {n.name for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
            known |= {n.asname or n.name for n in ast.walk(tree) if isinstance(n, ast.alias)}
            continue
        for value in re.findall(r"\{eval\}`([^`]+)`", cell.source):
            names = [n for n in ast.walk(ast.parse(value)) if isinstance(n, ast.Name)]
            own = {n.id for n in names if isinstance(n.ctx, ast.Store)}
            assert {n.id for n in names} - own <= known, value


@every_notebook
def test_citations_are_in_the_bibliography(path):
    known = set(re.findall(r"@\w+\{\s*([^,\s]+),", (BOOK / "references.bib").read_text(encoding="utf-8")))
    cited = re.findall(r"\{cite(?::\w+)?\}`([^`]+)`", prose(path))
    keys = {key.strip() for group in cited for key in group.split(",")}
    assert keys <= known, f"not in references.bib: {sorted(keys - known)}"


@every_chapter
def test_every_quotation_of_the_article_names_its_section(path):
    """So that whoever has the article, which is undated and has no pages, finds it."""
    quotations = re.findall(r"^> (.*)$", prose(path), re.M)
    assert quotations
    for words in quotations:
        assert words.endswith(tuple(f" (*{section}*)" for section in SECTIONS)), words


@every_notebook
def test_links_to_other_notebooks_exist(path):
    targets = re.findall(r"\]\(([^)#:\s]+)(?:#[^)\s]*)?\)", prose(path))
    for target in targets:
        assert (BOOK / target).exists() or (BOOK / f"{target}.ipynb").exists(), target


# What both Sphinx and jupyterlab-myst read. In JupyterLab a verdict is its plain word, a citation its key, a
# bibliography empty; {margin} would lie on the text that follows: `:::{div} margin` does not.
DIRECTIVES = {"admonition", "bibliography", "div", "dropdown"}
ROLES = {"cite:alp", "cite:p", "cite:t", "eq", "eval", "term", "verdict"}


@every_notebook
def test_the_markup_is_also_read_in_jupyterlab(path):
    assert set(re.findall(r"^(?:`{3,}|:{3,})\{([\w:-]+)\}", prose(path), re.M)) <= DIRECTIVES
    assert set(re.findall(r"(?<![`:])\{([\w:-]+)\}`", prose(path))) <= ROLES


@every_chapter
def test_chapter_starts_with_its_bet_its_claim_and_its_figure(path):
    first, *rest = read(path).cells
    assert re.fullmatch(r"# \S.*", first.source)
    at = next(i for i, cell in enumerate(rest) if cell.cell_type == "markdown")
    assert all("hide-cell" in cell.metadata["tags"] for cell in rest[:at]), "only what computes for the bet"
    bet, claim = re.split(r"^:::\n\n", rest[at].source, flags=re.M)
    assert bet.startswith(":::{admonition} Your bet")
    rest = rest[at + 1 :]
    assert "minutes" not in claim, "the build counts how long it takes"
    before = rest[: next(i for i, cell in enumerate(rest) if cell.cell_type == "markdown")]
    shown = [out.get("data", {}).get("text/html", "") for cell in before for out in cell.get("outputs", [])]
    assert any("<svg" in html for html in shown), "the figure that answers the claim comes before the text"


@every_chapter
def test_chapter_lets_the_reader_bet_first(path):
    box = admonition(prose(path), "Your bet")
    assert "{dropdown}" in box
    assert "{eval}" in box.split("{dropdown}")[1], "the answer is computed"


@every_chapter
def test_chapter_has_its_parts(path):
    text = prose(path)
    assert re.search(r"^> \S", text, re.M), "a quotation of the article"
    assert re.search(r"\{verdict\}`[^`]+`", text), "a verdict"
    labels = re.findall(r"^\$\$ \(([\w-]+)\)$", text, re.M)
    assert any(f"{{eq}}`{label}`" in text for label in labels), "a numbered equation that the text refers to"
    assert re.search(r"^\|.*\bUnit\b.*\|$", text, re.M), "a table of symbols with their units"
    outputs = [out.get("data", {}) for cell in code_cells(path) for out in cell.outputs]
    assert any('class="frontier explore"' in data.get("text/html", "") for data in outputs), "a slider"
    assert section(text, "Where this breaks").strip()
    assert admonition(text, "Distance to the limit").strip()
    assert 1 <= len(re.findall(r"^- \S", admonition(text, "Takeaways"), re.M)) <= 3
    end = section(text, "Sources")
    others = {other.stem for other in NOTEBOOKS if other != path}
    assert re.search(r"\{cite", end), "cited sources"
    assert others & set(re.findall(r"\]\(([\w-]+)(?:\.ipynb|\.html)?\)", end)), "a link to another page"


@every_chapter
def test_chapter_has_three_exercises_with_folded_solutions(path):
    cells = read(path).cells
    found = []
    for i, cell in enumerate(cells):
        if cell.cell_type == "markdown":
            found += [(number, i) for number in re.findall(r"\{admonition\} Exercise (\d+)", cell.source)]
    assert [number for number, _ in found] == ["1", "2", "3"]
    for number, i in found:
        solution = cells[i + 1]
        assert solution.cell_type == "code", f"exercise {number} is not followed by a solution"
        assert "hide-cell" in solution.metadata.get("tags", []), f"solution {number} is not folded"
        nodes = ast.walk(ast.parse(solution.source))
        assert any(isinstance(node, ast.Assert) for node in nodes), f"solution {number} asserts nothing"
