"""Run one step of the Makefile: python scripts/step.py "What it does" COMMAND [ARGUMENT ...].

Prints what it does and how long it took, passes the output on, and after a failure leaves the reason, the
line that tells most, in _build/.reason for make to end with.
"""

import re
import subprocess
import sys
import time
from pathlib import Path

REASON = Path("_build/.reason")
# What a line that tells the reason looks like, the most telling first.
TELLING = [
    r"^FAILED |^ERROR .*::",  # pytest
    r"^\S+\.ipynb:\d+: (?!WARNING)",  # what ended a chapter
    r"^\w*(Error|Exception)\b.*: ",
    r"ERROR: |CRITICAL: ",  # pip, Sphinx
    r"^(?!WARNING: Location).*WARNING: ",  # Sphinx; pip's word on its own settings is no reason
    r"^\S+:\d+(:\d+)?: ",  # ruff, mypy
    r"^error: |^Would reformat|No module named",
    r"^(error|warning|help|info)\[[\w-]+\]: ",  # zizmor
    r"^URL +`",  # linkchecker
]
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def reason(lines: list[str], code: int) -> str:
    """Pick the line that says why the step failed."""
    for pattern in TELLING:
        for line in lines:
            if re.search(pattern, line):
                return line.replace(f"{Path.cwd()}/", "").strip()
    return next((line.strip() for line in reversed(lines) if line.strip()), f"exit status {code}")


def main(label: str, *command: str) -> int:
    """Run the command; return its exit status."""
    print(f"==> {label}", flush=True)
    start = time.monotonic()
    lines: list[str] = []
    try:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        )
    except OSError as error:
        lines, code = [str(error)], 127
    else:
        assert process.stdout
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(COLOUR.sub("", line))
        code = process.wait()
    if code:
        REASON.parent.mkdir(exist_ok=True)
        REASON.write_text(f"{label}: {reason(lines, code)[:400]}\n", encoding="utf-8")
    else:
        print(f"    done in {time.monotonic() - start:.0f} s", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
