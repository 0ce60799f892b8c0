"""Try a wheel as a reader would: python scripts/try_wheel.py WHEEL.

Install it alone, with what it asks for at the locked versions, into a new environment, and run there every
example of its docstrings. Data that the wheel lacks and packages that it forgot to ask for show up here.
"""

import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

LOCK = Path(__file__).resolve().parents[1] / "requirements.lock"

EXAMPLES = """
import doctest, importlib, pkgutil, sys
import frontier

assert frontier.__file__.startswith(sys.prefix), f"this is not the wheel: {frontier.__file__}"
failed = attempted = 0
for module in pkgutil.walk_packages(frontier.__path__, "frontier."):
    one = doctest.testmod(importlib.import_module(module.name), optionflags=doctest.NORMALIZE_WHITESPACE)
    failed, attempted = failed + one.failed, attempted + one.attempted
print(f"{attempted} examples, {failed} failed")
sys.exit("error: the wheel does not pass its examples" if failed or not attempted else 0)
"""


def main(wheel: str) -> int:
    """Return the exit status of the examples."""
    with tempfile.TemporaryDirectory() as folder:
        locked = (
            Path(folder) / "locked.txt"
        )  # names and versions only: the wheel itself has no known checksum
        pins = re.findall(r"^[\w.-]+(?:\[[\w,]+\])?==[^\\\n]+", LOCK.read_text(encoding="utf-8"), re.M)
        locked.write_text("\n".join(pins), encoding="utf-8")
        venv.create(Path(folder) / "env", with_pip=True)
        python = Path(folder) / "env" / "bin" / "python"
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, "--constraint", locked, Path(wheel).resolve()], check=True)
        # -I: neither the folder we are in nor PYTHONPATH may stand in for the wheel
        return subprocess.run([python, "-I", "-c", EXAMPLES], cwd=folder).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
