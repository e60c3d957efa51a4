"""Writes what open_clip's tokenizer makes of the texts in texts.py.

    python make_goldens.py                       goldens.json, with the small vocabulary beside it in three forms
    python make_goldens.py --full OUT COUNT      to OUT, with open_clip's own vocabulary, and COUNT generated texts
                                                 as well

It needs ftfy, regex, numpy and open_clip_torch, of which only tokenizer.py is run: `pip install --no-deps
open_clip_torch` will do.
"""

import gzip
import importlib.util
import itertools
import json
import pathlib
import sys
import types
import unicodedata
from collections.abc import Iterable
from typing import Any

import texts


class NamesOnly(types.ModuleType):
    """A module that has every name: tokenizer.py names types of PyTorch, and calls nothing of it to encode."""

    def __getattr__(self, name: str) -> type:
        return object


sys.modules["torch"] = NamesOnly("torch")
package = importlib.util.find_spec("open_clip")
assert package and package.submodule_search_locations
spec = importlib.util.spec_from_file_location(
    "tokenizer", pathlib.Path(package.submodule_search_locations[0], "tokenizer.py")
)
assert spec and spec.loader
open_clip = importlib.util.module_from_spec(spec)
spec.loader.exec_module(open_clip)

here = pathlib.Path(__file__).resolve().parent


def is_known(text: str, tokenizer: Any) -> bool:
    """Whether each character of the cleaned text is assigned in this Python's version of Unicode.

    What came later has other properties in each of Python, regex and Swift.
    """
    return all(unicodedata.category(c) != "Cn" for c in tokenizer.clean_fn(text))


def write(path: pathlib.Path, tokenizer: Any, chosen: Iterable[str], vocabulary: str) -> None:
    lines = []
    for text in chosen:
        tokens = [tokenizer.sot_token_id, *tokenizer.encode(text), tokenizer.eot_token_id]
        lines.append(json.dumps({"text": text, "tokens": tokens}, separators=(",", ":")))
    body = ",\n".join(lines)
    path.write_text(f'{{"vocabulary":{json.dumps(vocabulary)},"size":{tokenizer.vocab_size},"cases":[\n{body}\n]}}\n')
    print(f"{path.name}: {len(lines)} texts, {tokenizer.vocab_size} tokens")


if sys.argv[1:2] == ["--full"]:
    tokenizer = open_clip.SimpleTokenizer()
    known = (text for text in texts.generated(seed=1) if is_known(text, tokenizer))
    chosen = [text for text in texts.nasty() if is_known(text, tokenizer)] + list(
        itertools.islice(known, int(sys.argv[3]))
    )
    write(pathlib.Path(sys.argv[2]), tokenizer, chosen, open_clip.default_bpe())
else:
    packed = here / "tiny.merges.txt.gz"
    packed.write_bytes(gzip.compress((here / "tiny.merges.txt").read_bytes(), mtime=0))
    tokenizer = open_clip.SimpleTokenizer(str(packed))
    write(
        here / "goldens.json",
        tokenizer,
        [text for text in texts.nasty() if is_known(text, tokenizer)],
        "tiny.merges.txt",
    )
    # As Hugging Face names the special tokens.
    names = {"<start_of_text>": "<|startoftext|>", "<end_of_text>": "<|endoftext|>"}
    numbers = {names.get(token, token): number for token, number in tokenizer.encoder.items()}
    (here / "tiny.vocab.json").write_text(json.dumps(numbers, separators=(",", ":")) + "\n")
    # A thousand times its size, and no vocabulary.
    (here / "bomb.gz").write_bytes(gzip.compress(b"#version\n" + b"a" * 1_000_000, mtime=0))
