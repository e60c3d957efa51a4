"""Downloads from a hub in a folder, and the table of published weights."""

import hashlib
import json
import os
import shutil
import sys
import types
from pathlib import Path
from typing import Any

import pytest

import fewshot
from conftest import ROOT, run_features
from fewshot import weights

TINY = ROOT / "Demo/tiny-clip"


class Hub:
    """A hub whose repositories are folders; it records the files that are loaded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.loaded: list[str] = []
        self.stated: dict[str, dict[str, Any]] = {}

    def add(self, repository: str, files: dict[str, bytes]) -> None:
        for name, content in files.items():
            path = self.folder / repository / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def model_info(self, repository: str, *, revision: Any, files_metadata: bool, token: Any) -> Any:
        assert files_metadata
        entries = []
        for path in sorted((self.folder / repository).iterdir()):
            content = path.read_bytes()
            is_large = path.suffix in (".safetensors", ".bin")
            stated = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            stated |= self.stated.get(path.name, {})
            entries.append(
                types.SimpleNamespace(rfilename=path.name, size=stated["size"], lfs=stated if is_large else None)
            )
        return types.SimpleNamespace(siblings=entries, sha="1234")

    def hf_hub_download(self, repository: str, name: str, *, revision: str, local_dir: str, token: Any) -> str:
        assert revision == "1234"
        self.loaded.append(name)
        return str(shutil.copy(self.folder / repository / name, local_dir))


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hub:
    hub = Hub(tmp_path / "hub")
    module: Any = types.ModuleType("huggingface_hub")
    module.HfApi = lambda: hub
    module.hf_hub_download = hub.hf_hub_download
    monkeypatch.setitem(sys.modules, "huggingface_hub", module)
    monkeypatch.chdir(tmp_path)
    return hub


def tiny_files() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in TINY.iterdir()}


def test_a_downloaded_folder_has_the_needed_files_and_the_tools_take_it(hub: Hub) -> None:
    files = tiny_files()
    other = {"README.md": b"", "model.safetensors": b"an image tower only", "open_clip_pytorch_model.bin": b"pickle"}
    hub.add("owner/tiny", files | other)
    folder = fewshot.download("owner/tiny")
    assert folder == os.path.abspath("models/tiny")
    assert sorted(os.listdir(folder)) == sorted(files)
    assert run_features("info", folder) == run_features("info", TINY).replace(str(TINY), folder)


def test_the_layout_of_transformers_has_its_own_files(hub: Hub, tmp_path: Path) -> None:
    names = ["config.json", "preprocessor_config.json", "model.safetensors", "merges.txt", "vocab.json"]
    others = ["pytorch_model.bin", "tf_model.h5", "tokenizer.json", "flax_model.msgpack"]
    hub.add("owner/other", {name: name.encode() for name in names + others})
    fewshot.download("owner/other", tmp_path / "here")
    assert sorted(hub.loaded) == sorted(names)
    assert sorted(os.listdir(tmp_path / "here")) == sorted(names)


def test_shards_come_with_their_index(hub: Hub, tmp_path: Path) -> None:
    shards = [f"model-0000{index}-of-00002.safetensors" for index in (1, 2)]
    hub.add(
        "owner/big", dict.fromkeys(["config.json", "model.safetensors.index.json", "tokenizer.json", *shards], b"x")
    )
    fewshot.download("owner/big", tmp_path / "here")
    assert hub.loaded == ["config.json", "model.safetensors.index.json", *shards, "tokenizer.json"]


@pytest.mark.parametrize(("stated", "message"), [({"sha256": "0" * 64}, "the SHA-256"), ({"size": 3}, "bytes")])
def test_a_file_that_is_not_the_published_one_is_removed(
    hub: Hub, tmp_path: Path, stated: dict[str, Any], message: str
) -> None:
    hub.add("owner/tiny", tiny_files())
    hub.stated["open_clip_model.safetensors"] = stated
    with pytest.raises(ValueError, match=f"open_clip_model.safetensors: found .*{message}.*download it again"):
        fewshot.download("owner/tiny", tmp_path / "here")
    assert not (tmp_path / "here/open_clip_model.safetensors").exists()


def test_the_digest_of_the_table_comes_before_that_of_the_hub(hub: Hub, tmp_path: Path) -> None:
    row = next(row for row in weights.checkpoints() if row.name == "ViT-B-32/laion400m_e32")
    hub.add(row.repository, tiny_files())
    with pytest.raises(ValueError, match=f"expected {row.digests['open_clip_model.safetensors']}"):
        fewshot.download(row.name, tmp_path / "here")


def test_a_missing_vocabulary_is_copied_from_an_installed_package(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = tiny_files()
    del files["merges.txt"]
    hub.add("owner/tiny", files)
    monkeypatch.setattr(weights, "_PACKAGES_WITH_VOCABULARY", ("a_package_with_a_vocabulary",))
    with pytest.raises(FileNotFoundError, match="no vocabulary, and none in an installed open_clip"):
        fewshot.download("owner/tiny", tmp_path / "here")
    package = tmp_path / "packages/a_package_with_a_vocabulary"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "bpe_simple_vocab_16e6.txt.gz").write_bytes(b"merges")
    monkeypatch.syspath_prepend(package.parent)
    fewshot.download("owner/tiny", tmp_path / "here")
    assert (tmp_path / "here/bpe_simple_vocab_16e6.txt.gz").read_bytes() == b"merges"


def test_encoders_that_the_tools_do_not_read_are_refused_with_the_way_to_use_them(hub: Hub) -> None:
    with pytest.raises(ValueError, match=r"create_model_and_transforms\('hf-hub:timm/ViT-B-16-SigLIP'\).*extract"):
        fewshot.download("timm/ViT-B-16-SigLIP")
    with pytest.raises(ValueError, match="weights without a configuration"):
        fewshot.download("GeoRSCLIP-ViT-B-32")
    hub.add("owner/none", {"README.md": b""})
    with pytest.raises(ValueError, match="found no configuration with weights"):
        fewshot.download("owner/none")
    assert not hub.loaded


def test_a_configuration_without_the_trained_activation_is_reported(hub: Hub, tmp_path: Path) -> None:
    files = tiny_files()
    configuration = json.loads(files["open_clip_config.json"])
    del configuration["model_cfg"]["quick_gelu"]
    hub.add("apple/DFN2B-CLIP-ViT-B-16", files | {"open_clip_config.json": json.dumps(configuration).encode()})
    with pytest.warns(UserWarning, match="--activation quick_gelu"):
        fewshot.download("apple/DFN2B-CLIP-ViT-B-16", tmp_path / "here")


def test_without_the_extra_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(ImportError, match=r"fewshot\[hub\]"):
        fewshot.download("openai/clip-vit-base-patch32")


def test_the_table_has_plausible_rows() -> None:
    rows = weights.checkpoints()
    assert len(rows) >= 30
    assert len({row.name for row in rows}) == len(rows)
    for row in rows:
        assert row.encoder in ("build", "extract")
        assert row.activation in ("gelu", "quick_gelu", "other")
        assert (row.mean is None) == (row.std is None)
        assert row.encoder == "extract" or row.activation != "other"
        assert all(len(digest) == 64 for digest in row.digests.values())
