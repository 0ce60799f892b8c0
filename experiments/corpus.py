"""The text: Python source from pinned packages, one long string of bytes to train on and one to test on.

`corpus.txt` names the packages with version and SHA-256; pip fetches them. Of every package the ASCII files
of 500 to 200,000 bytes are taken, without the comments at their head (mostly the same licence again and
again), each distinct file once. A file is held out if the checksum of its content says so, so no file is in
both parts, and the order of the files is that of their checksums, which is as good as random.
"""

import hashlib
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np

from frontier.decoder import CONTEXT

HERE = Path(__file__).parent
WORK = HERE / "work"  # everything that can be made again: wheels, text, checkpoints
SHA256 = {  # of the two parts, so that everyone trains on the same bytes
    "train": "49d95398037d9cffffc45f72f764e76227788b4d0961920940fd90abc487432a",
    "held_out": "0264dc269d3e79ed721651786b76455dde63c26778c56b926277cffd308d47e9",
}
SMALLEST, LARGEST = 500, 200_000  # bytes of a file; beyond, it is often a table
END = b"\0"  # stands after every file
SAMPLE = HERE.parent / "frontier" / "data" / "sweep_text.npz"
SAMPLED = {"train": 8_000, "held_out": 2_048}  # windows that the package carries, for its live run


def build() -> None:
    """Fetch the packages and write the two parts, unless they are there already."""
    if all((WORK / f"{part}.bin").is_file() for part in SHA256):
        return
    wheels = WORK / "wheels"
    fetch(wheels)
    files = {
        hashlib.sha256(text).hexdigest(): text for wheel in wheels.glob("*.whl") for text in sources(wheel)
    }
    for part, expected in SHA256.items():
        chosen = [name for name in sorted(files) if held_out(name) == (part == "held_out")]
        text = b"".join(files[name] + END for name in chosen)
        found = hashlib.sha256(text).hexdigest()
        if found != expected:
            raise ValueError(f"{part} must have the checksum {expected}, got {found}")
        whole = WORK / f"{part}.tmp"
        whole.write_bytes(text)
        whole.replace(WORK / f"{part}.bin")  # a kill leaves no half a file under this name


def fetch(wheels: Path) -> None:
    """Have pip download the packages; it refuses a file of another checksum."""
    options = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "--quiet", "--dest", str(wheels)]
    command = [sys.executable, "-m", "pip", "download", *options, "-r", str(HERE / "corpus.txt")]
    subprocess.run(command, check=True)


def write_sample() -> None:
    """Write a few random windows of both parts: enough to train one small model in a notebook."""
    chosen = {}
    for part, count in SAMPLED.items():
        text = load(part)
        numbers = np.random.default_rng(2).permutation(n_windows(text))[:count]
        chosen[part] = windows(text, numbers)
    np.savez_compressed(SAMPLE, **chosen)


def sources(wheel: Path) -> list[bytes]:
    """Return the Python files of a wheel that are fit to learn from."""
    with zipfile.ZipFile(wheel) as archive:
        texts = [archive.read(name) for name in archive.namelist() if name.endswith(".py")]
    texts = [without_head(text) for text in texts]
    return [text for text in texts if SMALLEST <= len(text) <= LARGEST and text.isascii() and END not in text]


def without_head(text: bytes) -> bytes:
    """Drop the comments and empty lines that a file starts with."""
    return re.sub(rb"\A(?:[ \t]*(?:#[^\n]*)?\r?\n)+", b"", text)


def held_out(name: str) -> bool:
    """Whether the file of this checksum is kept for testing: one in a hundred."""
    return int(name[-8:], 16) % 100 == 0


def load(part: str) -> np.ndarray:
    """Return the bytes of one part, ``"train"`` or ``"held_out"``; they are read from disk as needed."""
    return np.memmap(WORK / f"{part}.bin", dtype=np.uint8, mode="c")


def n_windows(text: np.ndarray) -> int:
    """Count the windows of a text: each shares one byte, its last, with the next."""
    return (len(text) - 1) // CONTEXT


def windows(text: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Return the numbered windows of CONTEXT + 1 bytes, shape (n, CONTEXT + 1)."""
    return text[numbers[:, None] * CONTEXT + np.arange(CONTEXT + 1)]


if __name__ == "__main__":
    build()
    write_sample()
