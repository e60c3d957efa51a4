"""Studies from Python: runs `fewshot-train`, shows its progress, and returns the results."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any

from ._errors import sentence
from ._tools import ToolError, tool_path
from .studies import Results, parse_result

# Options that are given once per value; the values of others are joined by commas.
_REPEATED = {"evaluate", "features", "set"}
# The remaining time of a study, such as '3 of 21 runs, about 20 s left'.
_REMAINING = re.compile(r"\d+ of \d+ runs, (.* left)")
# Options for which there are parameters, or which print something else.
_RESERVED = {"help", "json", "method", "output", "version"}
# A finished run among all, such as '[3/21] photos/gda.16shot.s1.val: done, val 96.43'.
_FINISHED = re.compile(r"\[(\d+)/(\d+)\] (.*)")


def run(
    features: object,
    methods: str | Sequence[str] | None = None,
    shots: object = None,
    seeds: object = None,
    out: str | os.PathLike[str] = "runs",
    *,
    progress: bool | None = None,
    **options: object,
) -> Results:
    """Train methods on feature folders with `fewshot-train`, and return the results of these runs.

    `features` is a feature folder, its path, or a list of them; the other parameters are the options of the same
    names, with the tool's defaults: every method, 1, 2, 4, 8 and 16 shots, and seeds 1 to 3. Finished runs with the
    same inputs and settings are reused.

    `options` are further options of `fewshot-train run`, with underscores: `protocol="fixed"`, `val_from_train=True`,
    `threads=2`, `set={"gda.alpha": 0.5}`. Lists stand for several values; None and False leave an option out.

    A progress bar is shown in a terminal or a notebook, or where `progress` says. `ToolError` has the tool's sentence;
    where some runs failed, the others are finished, and `results(out)` returns them. On `KeyboardInterrupt` the tool
    is stopped first; the same call continues its work.
    """
    for name in options.keys() & _RESERVED:
        raise TypeError(sentence("run", f"the option {name!r}", "an option of the training", "leave it out"))
    given = {"features": features, "methods": methods, "shots": shots, "seeds": seeds, "output": out, **options}
    arguments = ["run", "--json", *option_arguments(given)]
    shown = _is_watched() if progress is None else progress
    stdout, messages = _watched("fewshot-train", arguments, _Bar() if shown else None)
    study = os.fspath(out)
    rows = [parse_result(line, study, "fewshot-train --json") for line in json.loads(stdout)]
    return Results(rows, (text.removeprefix("note: ") for text in messages if text.startswith("note: ")))


def option_arguments(options: Mapping[str, object]) -> Iterator[str]:
    """The options of a command line."""
    for name, value in options.items():
        flag = f"--{name.replace('_', '-')}"
        if value is None or value is False:
            continue
        if value is True:
            yield flag
            continue
        values = _texts(value)
        # One argument with its value, so that values may start with a dash.
        yield from (f"{flag}={text}" for text in (values if name in _REPEATED else [",".join(values)]))


def _texts(value: object) -> list[str]:
    """The values of an option as texts."""
    if isinstance(value, Mapping):
        return [f"{name}={','.join(_texts(each))}" for name, each in value.items()]
    if isinstance(value, str | os.PathLike):
        return [os.fspath(value)]
    # A feature folder has a path.
    if isinstance(path := getattr(value, "path", None), str | os.PathLike):
        return [os.fspath(path)]
    if isinstance(value, Iterable):
        return [text for each in value for text in _texts(each)]
    return [str(value)]


def _watched(tool: str, arguments: Sequence[str], bar: "_Bar | None") -> tuple[str, list[str]]:
    """Run a tool, and return its standard output and its messages."""
    messages: list[str] = []
    with tempfile.TemporaryFile("w+", encoding="utf-8") as stdout, contextlib.ExitStack() as stack:
        process = subprocess.Popen(
            [tool_path(tool), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            # Ctrl-C in a terminal reaches a whole process group, and a second signal would end the tool at once.
            start_new_session=True,
        )
        stack.callback(bar.clear if bar else bool)
        stack.push(lambda *error: _stop(process) if error[0] else None)
        assert process.stderr is not None
        _follow(process.stderr, messages, bar)
        if process.wait():
            raise _error(tool, process.returncode, messages)
        stdout.seek(0)
        return stdout.read(), messages


def _follow(stderr: IO[str], messages: list[str], bar: "_Bar | None") -> None:
    for line in stderr:
        text = line.rstrip("\n")
        messages.append(text)
        if bar is None:
            continue
        if found := _FINISHED.fullmatch(text):
            bar.update(int(found[1]), int(found[2]), found[3])
        elif found := _REMAINING.fullmatch(text):
            bar.left = found[1]
        elif not text.startswith("fewshot-train: error: "):
            bar.say(text)


def _stop(process: "subprocess.Popen[str]") -> None:
    """Asks the tool to stop where it can be resumed, and waits; a second interruption ends it at once."""
    try:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        # Its messages must be read, or it would wait for a reader.
        process.communicate()
    except BaseException:
        process.kill()
        process.wait()
        raise


def _error(tool: str, status: int, messages: Sequence[str]) -> ToolError:
    """The error of a tool that failed, or of a study with failed runs."""
    sentences = [text.partition(": error: ")[2] for text in messages if text.startswith(f"{tool}: error: ")]
    failed = [text.removeprefix("failed: ") for text in messages if text.startswith("failed: ")]
    if failed:
        rest = f" ({len(failed) - 1} more failed)" if len(failed) > 1 else ""
        return ToolError(tool, status, failed[0] + rest)
    return ToolError(tool, status, sentences[-1] if sentences else "\n".join(messages[-3:]) or f"ended with {status}")


def _is_watched() -> bool:
    """Whether there is a terminal or a notebook."""
    ipython = sys.modules.get("IPython")
    shell: Any = ipython.get_ipython() if ipython is not None else None
    return sys.stderr.isatty() or hasattr(shell, "kernel")


class _Bar:
    """A progress bar on stderr: finished runs of all, the times, and the last finished run."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._drawn = 0
        self.left = ""
        """The remaining time, in words."""

    def update(self, done: int, total: int, note: str) -> None:
        """Draw the bar."""
        full = 24 * done // max(1, total)
        seconds = time.monotonic() - self._start
        state = ", ".join(filter(None, [f"{done}/{total} runs", f"{seconds:.0f} s", self.left, note]))
        self._draw(f"training {'━' * full}{'─' * (24 - full)} {state}")

    def say(self, text: str) -> None:
        """Print a message above the bar."""
        self.clear()
        print(text, file=sys.stderr)

    def clear(self) -> None:
        """Remove the bar."""
        if self._drawn:
            self._draw("")
            print("\r", end="", file=sys.stderr, flush=True)

    def _draw(self, text: str) -> None:
        # A longer line could not be overwritten.
        text = text[: shutil.get_terminal_size().columns - 1]
        print(f"\r{text:{self._drawn}}", end="", file=sys.stderr, flush=True)
        self._drawn = len(text)
