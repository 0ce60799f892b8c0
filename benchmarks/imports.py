"""What `import frontier` costs, as a ratio to `import numpy` timed in the same run."""

import statistics
import subprocess
import sys
import time


def seconds(statement: str) -> float:
    """Time a fresh interpreter that runs one statement."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True)
    return time.perf_counter() - start


def main() -> None:
    """Interleave both, so that whatever else the machine does falls on both alike."""
    pairs = [(seconds("import frontier"), seconds("import numpy")) for _ in range(11)]
    frontier, numpy = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"import frontier {frontier:.3f} s, import numpy {numpy:.3f} s: {frontier / numpy:.2f} times")


if __name__ == "__main__":
    main()
