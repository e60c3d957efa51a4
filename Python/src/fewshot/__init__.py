"""Few-shot adapters for CLIP from cached features."""

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from ._tools import ToolError

if TYPE_CHECKING:
    from .adapters import Adapter, load
    from .studies import Result, Results, results

try:
    __version__ = version("fewshot")
except PackageNotFoundError:  # The source folder is on the path, and nothing is installed.
    __version__ = "0"

# Each public name and the module that has it; modules are imported at their first use.
_MODULES: dict[str, str] = {
    "Adapter": "adapters",
    "Result": "studies",
    "Results": "studies",
    "load": "adapters",
    "results": "studies",
}

__all__ = ["ToolError", "__version__", *_MODULES]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'fewshot' has no attribute '{name}'")
    return getattr(import_module(f".{_MODULES[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted(__all__)
