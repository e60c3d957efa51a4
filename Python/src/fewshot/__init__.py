"""Few-shot adapters for CLIP from cached features."""

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from ._tools import ToolError

if TYPE_CHECKING:
    from ._errors import FeatureFileError as FeatureFileError
    from ._safetensors import AdapterError as AdapterError
    from .adapters import Adapter as Adapter
    from .adapters import load as load
    from .classifier import FewShotClassifier as FewShotClassifier
    from .extraction import extract as extract
    from .features import FeatureFolder as FeatureFolder
    from .features import Part as Part
    from .features import TextPart as TextPart
    from .features import open as open
    from .running import run as run
    from .streaming import FeatureWriter as FeatureWriter
    from .studies import Result as Result
    from .studies import Results as Results
    from .studies import results as results
    from .views import Preprocessing as Preprocessing
    from .views import view_box as view_box
    from .weights import download as download
    from .writing import save as save

try:
    __version__ = version("fewshot")
except PackageNotFoundError:  # The source folder is on the path, and nothing is installed.
    __version__ = "0"

# Each public name and the module that has it; modules are imported at their first use.
_MODULES: dict[str, str] = {
    "Adapter": "adapters",
    "AdapterError": "_safetensors",
    "FeatureFileError": "_errors",
    "FeatureFolder": "features",
    "FeatureWriter": "streaming",
    "FewShotClassifier": "classifier",
    "Part": "features",
    "Preprocessing": "views",
    "Result": "studies",
    "Results": "studies",
    "TextPart": "features",
    "download": "weights",
    "extract": "extraction",
    "load": "adapters",
    "open": "features",
    "results": "studies",
    "run": "running",
    "save": "writing",
    "view_box": "views",
}

__all__ = ["ToolError", "__version__"]
__all__ += list(_MODULES)


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'fewshot' has no attribute '{name}'")
    return getattr(import_module(f".{_MODULES[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted(__all__)
