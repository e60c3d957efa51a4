"""The project's version and place, and the commands that the scripts around it run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VERSION_FILE = "Sources/Core/Version.swift"


def version() -> str:
    """The version of the release, which one file names."""
    found = re.search(r'fewshotVersion = "(.+)"', (ROOT / VERSION_FILE).read_text())
    if not found:
        sys.exit(f"{VERSION_FILE}: found no fewshotVersion, expected the version of the release")
    return found[1]


def output(*command: str | Path) -> str:
    """What a command prints; one that fails ends the script with an exception."""
    return subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True).stdout
