"""The command-line tools that this package runs: where they are, and their errors."""

import functools
import os
import shutil
import subprocess
import sysconfig
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, distribution


class ToolError(RuntimeError):
    """A tool that ended with an error; the message is the tool's own sentence."""

    def __init__(self, tool: str, status: int, message: str, output: str = "") -> None:
        """Keeps the name of the tool, its exit status, its message and its standard output."""
        super().__init__(message)
        self.tool = tool
        self.status = status
        self.output = output

    def __reduce__(self) -> tuple[type["ToolError"], tuple[str, int, str, str]]:
        """Names the arguments that make an equal error, so that errors cross processes."""
        return type(self), (self.tool, self.status, str(self), self.output)


def _installed_folder() -> str | None:
    """Return the folder of the tools that pip installed with this package, wherever it put them."""
    try:
        files = distribution("fewshot").files or []
    except PackageNotFoundError:
        return None
    found = [file for file in files if file.name == "fewshot-train" and file.parent.name == "bin"]
    return os.path.realpath(os.path.dirname(os.fspath(found[0].locate()))) if found else None


@functools.cache
def tool_path(name: str) -> str:
    """Return the path of a tool.

    The folder in the environment variable `FEWSHOT_TOOLS` comes first, then the one into which pip installed the tools
    of this package, the scripts of this Python, and `PATH`.
    """
    folders = [
        *(os.environ.get("FEWSHOT_TOOLS"), _installed_folder()),
        *(sysconfig.get_path("scripts"), os.environ.get("PATH", os.defpath)),
    ]
    for folder in folders:
        found = shutil.which(name, path=folder) if folder else None
        if found:
            return found
    raise FileNotFoundError(
        f"found no {name} in {sysconfig.get_path('scripts')} or on the PATH; reinstall with 'pip install "
        "--force-reinstall fewshot', or set FEWSHOT_TOOLS to the folder that has it"
    )


def run_tool(name: str, arguments: Sequence[object], environment: Mapping[str, str] | None = None) -> str:
    """Run a tool and return its standard output; raise `ToolError` with its sentence if it fails."""
    command = [tool_path(name), *map(str, arguments)]
    result = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        env=None if environment is None else {**os.environ, **environment},
        check=False,
    )
    if result.returncode:
        lines = [line for line in result.stderr.splitlines() if ": error: " in line]
        sentence = lines[-1].split(": error: ", 1)[1] if lines else result.stderr.strip()
        raise ToolError(name, result.returncode, sentence or f"{name} ended with {result.returncode}", result.stdout)
    return result.stdout
