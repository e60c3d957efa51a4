"""The text features of an extraction: an array, or prompts and the function that encodes them."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._arguments import numpy_array
from ._errors import sentence
from ._split import Split
from ._tools import run_tool

TextEncoder = Callable[[list[str]], ArrayLike]
Prompts = str | Sequence[str] | Sequence[Sequence[str]]


@dataclass(frozen=True)
class Texts:
    """Text features that are given, or the prompts for a function; none of both."""

    array: NDArray[Any] | None
    encode: TextEncoder | None
    prompts: list[list[str]] | None
    """The prompts [C,P]."""
    template_count: int | None

    def identity(self) -> dict[str, Any] | None:
        """Return the settings by which features record their texts."""
        if self.array is None and self.encode is None:
            return None
        values = None if self.array is None else np.ascontiguousarray(self.array)
        return {
            "features": None if values is None else array_digest(values),
            "prompts": None if self.prompts is None else hashlib.sha256(json.dumps(self.prompts).encode()).hexdigest(),
            "template count": self.template_count,
        }

    def encoded(self, batch_size: int) -> NDArray[np.float32]:
        """Return the features [C,P,D] of the prompts; each different one is encoded once."""
        assert self.prompts is not None
        different = list(dict.fromkeys(text for row in self.prompts for text in row))
        pieces = [
            self._encoded(different[start : start + batch_size]) for start in range(0, len(different), batch_size)
        ]
        place = {text: index for index, text in enumerate(different)}
        features: NDArray[np.float32] = np.concatenate(pieces)[[[place[text] for text in row] for row in self.prompts]]
        return features

    def _encoded(self, texts: list[str]) -> NDArray[np.float32]:
        import torch

        assert self.encode is not None
        with torch.inference_mode():
            features = numpy_array(self.encode(texts)).astype(np.float32)
        if features.ndim != 2 or len(features) != len(texts):
            raise ValueError(
                sentence(
                    "text",
                    f"features of the shape {list(features.shape)}",
                    f"[{len(texts)}, width]",
                    "pass a function that returns one feature per prompt",
                )
            )
        return features


def texts_of(
    split: Split, text: TextEncoder | ArrayLike | None, prompts: Prompts | None, template_count: int | None
) -> Texts:
    """Return the texts of an extraction; the prompts of a function are by default the template set `tip`."""
    if text is None:
        return Texts(None, None, None, None)
    if callable(text):
        return Texts(None, text, _prompts(split, "tip" if prompts is None else prompts), template_count)
    given = None if prompts is None else _prompts(split, prompts)
    return Texts(numpy_array(text), None, given, template_count)


def array_digest(values: NDArray[Any]) -> str:
    """Return the SHA-256 of an array's type, shape and bytes."""
    head = f"{values.dtype.newbyteorder('<').str} {list(values.shape)}\0".encode()
    return hashlib.sha256(head + np.ascontiguousarray(values, values.dtype.newbyteorder("<")).tobytes()).hexdigest()


def _prompts(split: Split, prompts: Prompts) -> list[list[str]]:
    """Return the prompts [C,P] of all classes."""
    if isinstance(prompts, str):
        return _even(_named(split, prompts), split)
    entries: list[Any] = list(prompts)
    if all(isinstance(entry, str) for entry in entries):
        for template in entries:
            if "{}" not in template:
                raise ValueError(
                    sentence("prompts", f"'{template}'", "templates with {} for the class name", "correct the template")
                )
        return _even([[template.replace("{}", name) for template in entries] for name in split.classes], split)
    return _even([[str(text) for text in row] for row in entries], split)


def _named(split: Split, names: str) -> list[list[str]]:
    """Return the prompts of template sets and files, named as for the tools."""
    output = run_tool("fewshot-split", ["show", split.path, "--prompts", names, "--json"])
    # As pairs, because different classes may have the same name.
    pairs: list[tuple[str, list[str]]] = json.loads(output, object_pairs_hook=list)
    return [texts for _, texts in pairs]


def _even(rows: list[list[str]], split: Split) -> list[list[str]]:
    counts = sorted({len(row) for row in rows})
    if len(rows) != len(split.classes) or len(counts) != 1 or not counts[0]:
        raise ValueError(
            sentence(
                "prompts",
                f"{' or '.join(map(str, counts)) or 'no'} prompts for each of {len(rows)} classes",
                f"the same number for each of the {len(split.classes)} classes",
                "correct the prompts",
            )
        )
    return rows
