"""Say what is missing before anything is installed: the right Python, and what makes an environment."""

import importlib.util
import sys

if not (3, 11) <= sys.version_info[:2] <= (3, 14):
    sys.exit(
        f"error: Python 3.11 to 3.14 is needed, this is {sys.version.split()[0]}. "
        "Choose another with: make book PYTHON=python3.13"
    )
if importlib.util.find_spec("ensurepip") is None:
    sys.exit("error: this Python cannot make environments. On Debian or Ubuntu: apt-get install python3-venv")
