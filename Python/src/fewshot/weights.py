"""Weights of published encoders: a table of them, and their download from Hugging Face.

`download` is the only function of the project that opens a connection; the tools never do.
"""

import functools
import hashlib
import importlib.util
import json
import os
import shutil
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, NamedTuple

from ._errors import missing_extra, sentence

_CONFIGURATIONS = {
    "open_clip_config.json": ("open_clip_model.safetensors", "open_clip_pytorch_model.bin"),
    "config.json": ("model.safetensors", "pytorch_model.bin"),
}
_PREPROCESSING = ("preprocessor_config.json", "processor_config.json")
# The first complete set is taken.
_VOCABULARIES = (("merges.txt", "vocab.json"), ("merges.txt",), ("tokenizer.json",), ("bpe_simple_vocab_16e6.txt.gz",))
_INSTALLED_VOCABULARY = "bpe_simple_vocab_16e6.txt.gz"
_PACKAGES_WITH_VOCABULARY = ("open_clip", "clip")
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Checkpoint:
    """A row of the table of published weights, `docs/weights.md`."""

    name: str
    """The architecture and the training, such as `ViT-B-32/openai`."""
    repository: str
    """The repository on Hugging Face."""
    layout: str
    """The files of the repository: `open_clip`, `transformers`, or a `file` of weights without a configuration."""
    license: str
    """The license on the publisher's page."""
    encoder: str
    """`build` if the tools read it, `extract` if only PyTorch does."""
    activation: str
    """The activation in the MLP blocks: `gelu` or `quick_gelu`; `other` in architectures with another."""
    size: int
    """The side of the encoder's images in pixels."""
    resize: str
    """`shortest` resizes the shorter side and crops the center; `squash` ignores the aspect ratio."""
    interpolation: str
    """The filter of the resize."""
    width: int
    """The number of values D per feature."""
    context: int
    """The maximum number of tokens of a prompt."""
    mean: tuple[float, float, float] | None = None
    """The mean of red, green and blue that is subtracted; None if only the repository states it."""
    std: tuple[float, float, float] | None = None
    """The standard deviation by which the difference is divided."""
    parameters: int | None = None
    """The number of parameters of both towers; each takes four bytes in float32."""
    open_clip: tuple[str, str] | None = None
    """The architecture and the tag in open_clip."""
    digests: Mapping[str, str] = field(default_factory=dict)
    """The published SHA-256 by file."""
    url: str | None = None
    """The address of the publisher's own file."""


@functools.cache
def checkpoints() -> tuple[Checkpoint, ...]:
    """Return the table of published weights.

    >>> next(row for row in checkpoints() if row.name == "ViT-B-32/openai").activation
    'quick_gelu'
    """
    rows: list[dict[str, Any]] = json.loads(files("fewshot").joinpath("data/weights.json").read_text("utf-8"))
    checkpoint: Callable[..., Checkpoint] = Checkpoint
    return tuple(
        checkpoint(**{name: tuple(value) if isinstance(value, list) else value for name, value in row.items()})
        for row in rows
    )


def download(
    name: str,
    folder: str | os.PathLike[str] | None = None,
    *,
    revision: str | None = None,
    token: str | bool | None = None,
) -> str:
    """Download the weights of an encoder, and return the folder, which `--model` of the tools takes.

    The folder has the weights, their configuration and the vocabulary, and nothing else of the repository. Each file
    is compared with its size and its SHA-256: those of the table `docs/weights.md` if it has them, else those that the
    hub states. A vocabulary that the repository lacks is copied from an installed open_clip or clip. An interrupted
    download continues, and complete files are not loaded again.

        folder = fewshot.download("openai/clip-vit-base-patch32")

    Args:
        name: A repository such as `laion/CLIP-ViT-B-32-laion2B-s34B-b79K`, or the name of a row of the table, such as
            `ViT-B-32/laion2b_s34b_b79k`.
        folder: The folder to make, by default `models/NAME` with the repository's name without its owner.
        revision: The branch, tag or commit, by default the main branch.
        token: The access token for a private repository, as for huggingface_hub.

    Raises:
        ImportError: The extra `hub` is not installed.
        ValueError: The tools cannot read this encoder, or a file is not the published one; it is removed then.
    """
    try:
        from huggingface_hub import HfApi, hf_hub_download
    except ImportError:
        raise missing_extra("huggingface_hub", "hub", "downloading weights") from None
    row = next((row for row in checkpoints() if name in (row.name, row.repository)), None)
    repository = row.repository if row else name
    if row is not None and row.layout == "file":
        raise ValueError(
            sentence(
                repository,
                "weights without a configuration",
                "those that came with one",
                "download the file by its name, and give --activation and --vocabulary to the tools",
            )
        )
    if row is not None and row.encoder != "build":
        raise ValueError(
            sentence(
                repository,
                "an architecture that the tools do not read",
                "a CLIP of OpenAI's architectures",
                f"load it by open_clip.create_model_and_transforms('hf-hub:{repository}') and pass it to "
                "fewshot.extract",
            )
        )
    target = os.path.abspath(os.fspath(folder or os.path.join("models", repository.rsplit("/", 1)[-1])))
    info = HfApi().model_info(repository, revision=revision, files_metadata=True, token=token)
    stated = {entry.rfilename: _Stated.of(entry) for entry in info.siblings or ()}
    chosen = _files_of(repository, stated)
    os.makedirs(target, exist_ok=True)
    for file in chosen:
        path = os.path.join(target, file)
        expected = stated[file]
        digest = row.digests.get(file) if row else None
        if digest is not None:
            expected = _Stated(expected.size, digest)
        hf_hub_download(repository, file, revision=info.sha or revision, local_dir=target, token=token)
        _verify(path, expected, repository)
    if not any(all(file in chosen for file in names) for names in _VOCABULARIES):
        _copy_vocabulary(target, repository)
    if row is not None:
        _warn_of_activation(target, row)
    return target


class _Stated(NamedTuple):
    """The size and the SHA-256 that the hub states of a file; small files have no SHA-256."""

    size: int | None
    digest: str | None

    @staticmethod
    def of(entry: Any) -> "_Stated":
        large = getattr(entry, "lfs", None)
        digest = large.get("sha256") if isinstance(large, dict) else getattr(large, "sha256", None)
        return _Stated(getattr(entry, "size", None), digest)


def _files_of(repository: str, stated: Mapping[str, _Stated]) -> list[str]:
    """Return the needed files of a repository: a configuration, its weights in one or more files, a vocabulary."""
    for configuration, weights in _CONFIGURATIONS.items():
        found = next((shards for name in weights if (shards := _shards(name, stated))), None)
        if configuration in stated and found is not None:
            others = [name for name in _PREPROCESSING if name in stated] if configuration == "config.json" else []
            return [configuration, *others, *found, *_vocabulary(stated)]
    raise ValueError(
        sentence(
            repository,
            "no configuration with weights",
            "; or ".join(f"{name} with {' or '.join(weights)}" for name, weights in _CONFIGURATIONS.items()),
            "name another repository, or download the files yourself",
        )
    )


def _shards(name: str, stated: Mapping[str, _Stated]) -> list[str]:
    """Return the file with these weights, or its index and shards; nothing if there is none."""
    if name in stated:
        return [name]
    stem, suffix = os.path.splitext(name)
    shards = sorted(file for file in stated if file.startswith(f"{stem}-0") and file.endswith(suffix))
    index = f"{name}.index.json"
    return [index, *shards] if index in stated and shards else []


def _vocabulary(stated: Mapping[str, _Stated]) -> Sequence[str]:
    return next((names for names in _VOCABULARIES if all(name in stated for name in names)), ())


def _verify(path: str, expected: _Stated, repository: str) -> None:
    """Compare a file with its size and SHA-256, and remove it if it is another."""
    size = os.path.getsize(path)
    if expected.size is not None and size != expected.size:
        found, wanted = f"{size} bytes", f"{expected.size}"
    elif expected.digest is not None and (digest := _digest(path)) != expected.digest:
        found, wanted = f"the SHA-256 {digest}", expected.digest
    else:
        return
    os.unlink(path)
    raise ValueError(sentence(path, found, f"{wanted} as published in {repository}", "download it again"))


def _warn_of_activation(folder: str, row: Checkpoint) -> None:
    """Warn of a configuration that does not state the activation with which the model was trained."""
    path = os.path.join(folder, "open_clip_config.json")
    if row.activation != "quick_gelu" or not os.path.exists(path):
        return
    with open(path, encoding="utf-8") as file:
        settings = json.load(file).get("model_cfg", {})
    if not settings.get("quick_gelu"):
        warnings.warn(
            f"{path}: found no quick_gelu, with which the model was trained; add --activation quick_gelu to 'build'.",
            stacklevel=3,
        )


def _digest(path: str) -> str:
    hasher = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(_BLOCK):
            hasher.update(block)
    return hasher.hexdigest()


def _copy_vocabulary(folder: str, repository: str) -> None:
    """Copy the vocabulary that all CLIPs of open_clip share from an installed package."""
    for package in _PACKAGES_WITH_VOCABULARY:
        # Found without an import, which would load PyTorch.
        spec = importlib.util.find_spec(package)
        for place in spec.submodule_search_locations or () if spec else ():
            path = os.path.join(place, _INSTALLED_VOCABULARY)
            if os.path.exists(path):
                shutil.copyfile(path, os.path.join(folder, f"{_INSTALLED_VOCABULARY}.new"))
                os.replace(
                    os.path.join(folder, f"{_INSTALLED_VOCABULARY}.new"), os.path.join(folder, _INSTALLED_VOCABULARY)
                )
                return
    raise FileNotFoundError(
        sentence(
            repository,
            "no vocabulary, and none in an installed open_clip",
            "merges.txt, tokenizer.json or bpe_simple_vocab_16e6.txt.gz",
            'install it with "pip install open_clip_torch", or copy a vocabulary into the folder',
        )
    )
