"""Feature files of all forms, compared with h5py and the tools."""

import json
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fewshot
from conftest import CLASSES, IDS, PROMPTS, ROOT, run_features, sample_arrays
from fewshot import _arrays

FORMS = ["mapped", "half", "compressed", "compressed_half", "compressed_wide", "wide", "few", "virtual"]


@pytest.fixture
def folder(request: pytest.FixtureRequest) -> Path:
    """The feature folder that a parameter names."""
    name = str(request.param)
    made: Path = request.getfixturevalue("built" if name in ("few", "virtual") else "samples")
    return made / name


def all_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix == ".h5")


@pytest.mark.parametrize("folder", FORMS, indirect=True)
def test_all_datasets_have_the_values_that_h5py_reads(folder: Path) -> None:
    h5py = pytest.importorskip("h5py")
    pytest.importorskip("hdf5plugin")
    opened = fewshot.open(folder)
    assert [f"{part._file.part}.h5" for part in opened] == [
        f"{name}.h5" for name in ("train", "val", "test", "text") if (folder / f"{name}.h5").exists()
    ]
    for part in opened:
        with h5py.File(part.path) as file:
            expected = file["features"][...]
            assert part.features.dtype == expected.dtype
            np.testing.assert_array_equal(np.asarray(part.features), expected)
            assert part.classes == list(file["classes"].asstr()[...])
            assert part.normalized == bool(file.attrs["normalized"])
            assert part.provenance == json.loads(file.attrs["provenance"])
            if isinstance(part, fewshot.TextPart):
                assert part.prompts == file["prompts"].asstr()[...].tolist()
                assert part.kinds == list(file["kinds"].asstr()[...])
                continue
            assert part.ids == list(file["ids"].asstr()[...])
            for name in ("labels", "images", "rows", "part_labels"):
                values = getattr(part, name)
                assert (values is None) == (name not in file)
                if values is not None:
                    assert values.dtype == file[name].dtype
                    np.testing.assert_array_equal(values, file[name][...])


@pytest.mark.parametrize("folder", FORMS, indirect=True)
def test_the_identity_is_the_one_that_the_tools_print(folder: Path) -> None:
    printed = json.loads(run_features("info", folder, "--json"))
    identities = {part._file.part: part.identity for part in fewshot.open(folder)}
    assert identities == {file["part"]: file["digest"] for file in printed}


def test_the_values_are_those_that_were_imported(samples: Path) -> None:
    opened = fewshot.open(samples / "mapped")
    arrays = sample_arrays()
    assert opened.train is not None
    assert opened.text is not None
    np.testing.assert_array_equal(opened.train.features, arrays["features"])
    np.testing.assert_array_equal(opened.train.labels, arrays["labels"])
    np.testing.assert_array_equal(opened.text.features, arrays["text"])
    assert opened.train.ids == IDS
    assert opened.classes == CLASSES
    assert opened.text.prompts[1] == [prompt.replace("{}", CLASSES[1]) for prompt in PROMPTS]
    assert opened.text.kinds == ["template", "template", "sentence", "sentence", "sentence"]
    assert opened.model == "sample"
    assert opened.val is None


def test_a_mapped_file_is_not_copied_and_cannot_be_written(samples: Path) -> None:
    part = fewshot.open(samples / "mapped").train
    assert part is not None
    assert isinstance(part.features, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        part.features[0] = 0
    with pytest.raises(ValueError, match="read-only"):
        part.labels[0] = 0


def test_a_few_shot_sample_has_the_rows_of_the_complete_subset(built: Path) -> None:
    part = fewshot.open(built / "few").train
    assert part is not None
    assert part.rows is not None
    assert part.part_labels is not None
    np.testing.assert_array_equal(part.part_labels[part.rows], part.labels)


KEYS: list[Any] = [
    0,
    -1,
    np.int64(3),
    slice(None),
    slice(5, 250, 7),
    slice(None, None, -3),
    slice(400, 10),
    [3, 499, 3],
    np.array([[0, 1], [498, -1]]),
    np.arange(500) % 3 == 0,
    ...,
    (slice(2, 4), 1),
    (7, 1, 5),
    (slice(3, 9), slice(None), slice(0, 900, 100)),
    ([1, 2, 300], [0, 1, 1]),
    ([1, 2, 300], slice(None), [0, 5, 899]),
    (np.arange(500) > 490, 0),
    (..., 0),
    (5, ..., 2),
]


@pytest.mark.parametrize("key", KEYS, ids=str)
@pytest.mark.parametrize("form", ["compressed_wide", "virtual"])
def test_a_lazy_array_is_indexed_like_a_numpy_array(samples: Path, built: Path, form: str, key: Any) -> None:
    part = fewshot.open(samples / form if form == "compressed_wide" else built / form).test
    assert part is not None
    lazy = part.features
    assert isinstance(lazy, _arrays.LazyArray)
    if form == "virtual":  # 640 items, one view, width 64
        if isinstance(key, tuple) and len(key) > 1:
            key = key[:1]
        first = key[0] if isinstance(key, tuple) else key
        if isinstance(first, np.ndarray) and first.dtype.kind == "b":
            key = np.arange(640) % 3 == 0
    expected = np.asarray(lazy)[key]
    np.testing.assert_array_equal(lazy[key], expected)
    assert np.shape(lazy[key]) == np.shape(expected)


@pytest.mark.parametrize("key", [500, -501, [500], (0, 2), "a", 1.5, np.zeros(3, bool), (0, 0, 0, 0)], ids=str)
def test_an_index_that_numpy_refuses_is_refused(samples: Path, key: Any) -> None:
    part = fewshot.open(samples / "compressed_wide").test
    assert part is not None
    with pytest.raises(IndexError):
        part.features[key]


def test_forms_have_equal_identities(samples: Path) -> None:
    for one, other in (("mapped", "compressed"), ("half", "compressed_half"), ("wide", "compressed_wide")):
        pairs = zip(fewshot.open(samples / one), fewshot.open(samples / other), strict=True)
        for mine, theirs in pairs:
            assert mine.identity == theirs.identity
            assert (mine.form, theirs.form) == ("mapped", "compressed")


def test_a_compressed_file_is_unpacked_by_the_tool_without_a_decompressor(
    samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_arrays, "_decompressor", lambda: None)
    packed = fewshot.open(samples / "compressed_wide").test
    mapped = fewshot.open(samples / "wide").test
    assert packed is not None
    assert mapped is not None
    np.testing.assert_array_equal(packed.features[490:], mapped.features[490:])


def test_a_compressed_file_without_decompressor_and_tool_names_the_extra(
    samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(name: str) -> str:
        raise FileNotFoundError(name)

    monkeypatch.setattr(_arrays, "_decompressor", lambda: None)
    monkeypatch.setattr(_arrays, "tool_path", absent)
    part = fewshot.open(samples / "compressed").train
    assert part is not None
    with pytest.raises(ImportError, match=r"found no zstandard, which a compressed .* 'fewshot\[zstd\]'"):
        part.features[0]


def test_one_file_is_opened_without_its_folder(samples: Path) -> None:
    opened = fewshot.open(samples / "mapped/text.h5")
    assert opened.train is None
    assert opened.text is not None
    assert opened.classes == CLASSES


def test_parts_are_pickled_by_path_and_identity(samples: Path, tmp_path: Path) -> None:
    shutil.copytree(samples / "mapped", tmp_path / "features")
    part = fewshot.open(tmp_path / "features").train
    assert part is not None
    data = pickle.dumps(part)
    assert len(data) < 1000
    np.testing.assert_array_equal(pickle.loads(data).features, part.features)
    shutil.copy(samples / "half/train.h5", tmp_path / "features/train.h5")
    with pytest.raises(fewshot.FeatureFileError, match="features that changed since they were opened"):
        pickle.loads(data)


def test_a_representation_shows_shapes_types_and_forms(samples: Path) -> None:
    assert repr(fewshot.open(samples / "compressed")).splitlines()[1:] == [
        "  train [40, 3, 8] float32, 4 classes, compressed",
        "  text  [4, 5, 8] float32, 4 classes, compressed>",
    ]


def test_a_table_has_the_items_and_their_values(samples: Path) -> None:
    pytest.importorskip("pandas")
    part = fewshot.open(samples / "half").train
    assert part is not None
    frame = part.pandas()
    assert list(frame.columns) == ["id", "label", "class"]
    assert frame["id"].tolist() == IDS
    assert frame["class"].tolist() == [CLASSES[label] for label in part.labels]
    values = part.pandas(features=True, view=2)
    np.testing.assert_array_equal(values[[f"f{index}" for index in range(8)]].to_numpy(), part.features[:, 2])


# Errors


def refused(path: Path, *words: str) -> None:
    with pytest.raises((fewshot.FeatureFileError, FileNotFoundError)) as raised:
        fewshot.open(path)
    message = str(raised.value)
    assert message.startswith(str(path))
    assert message.count("found ") == 1
    assert ", expected " in message
    assert message.endswith(".")
    for word in words:
        assert word in message


def test_files_that_are_missing_or_foreign_are_refused_in_one_sentence(samples: Path, tmp_path: Path) -> None:
    refused(tmp_path / "none", "no such file or directory")
    refused(tmp_path, "no feature file")
    file = tmp_path / "train.h5"
    file.write_bytes(b"")
    refused(file, "an empty file")
    file.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(5000))
    refused(file, "an HDF5 file of another program", "fewshot.save")
    os.mkfifo(tmp_path / "val.h5")
    refused(tmp_path / "val.h5", "no regular file")
    (tmp_path / "val.h5").unlink()
    file.write_text("id,label\n")
    refused(file, "not a feature file")
    file.write_bytes((samples / "mapped/train.h5").read_bytes()[:-1])
    refused(file, "bytes", "copy the file again")
    file.write_bytes((samples / "mapped/train.h5").read_bytes()[:4000])
    refused(file, "a damaged first page")


def test_files_of_one_folder_must_agree(samples: Path, tmp_path: Path) -> None:
    shutil.copy(samples / "mapped/train.h5", tmp_path / "train.h5")
    shutil.copy(samples / "wide/test.h5", tmp_path / "test.h5")
    with pytest.raises(
        fewshot.FeatureFileError, match=r"test\.h5: found width 900, expected width 8 as in .*train\.h5"
    ):
        fewshot.open(tmp_path)
    (tmp_path / "test.h5").rename(tmp_path / "val.h5")
    (tmp_path / "train.h5").unlink()
    with pytest.raises(fewshot.FeatureFileError, match="found 'test' features, expected 'val' features"):
        fewshot.open(tmp_path)


def test_an_unfinished_folder_is_refused(samples: Path, tmp_path: Path) -> None:
    shutil.copy(samples / "mapped/train.h5", tmp_path)
    (tmp_path / ".unfinished").mkdir()
    (tmp_path / ".unfinished/complete.json").write_text("{}")
    refused(tmp_path, "an incomplete set of feature files")


@pytest.mark.parametrize("name", ["mapped", "compressed"])
def test_a_flipped_byte_is_found_at_open_or_at_first_use_or_by_verify(samples: Path, tmp_path: Path, name: str) -> None:
    data = bytearray((samples / name / "train.h5").read_bytes())
    path = tmp_path / "train.h5"
    opened = 0
    for position in range(5, len(data), len(data) // 97):
        data[position] ^= 0x40
        path.write_bytes(data)
        data[position] ^= 0x40
        try:
            part = fewshot.open(tmp_path).train
        except fewshot.FeatureFileError as error:
            assert str(path) in str(error)
            continue
        opened += 1
        assert part is not None
        with pytest.raises(fewshot.FeatureFileError):
            part.labels, part.ids, np.asarray(part.features)
            part.verify()
    assert opened > 0


def test_open_with_verify_compares_every_byte(samples: Path, tmp_path: Path) -> None:
    data = bytearray((samples / "mapped/train.h5").read_bytes())
    part = fewshot.open(samples / "mapped", verify=True).train
    assert part is not None
    data[data.index(np.asarray(part.features).tobytes()) + 5] ^= 1
    (tmp_path / "train.h5").write_bytes(data)
    fewshot.open(tmp_path)
    with pytest.raises(fewshot.FeatureFileError, match=r"train\.h5: found damaged bytes in features"):
        fewshot.open(tmp_path, verify=True)


def test_a_source_of_a_virtual_file_that_is_missing_or_other_is_named(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built / "virtual", tmp_path / "virtual")
    part = fewshot.open(tmp_path / "virtual").train
    assert part is not None
    sources = part.features
    assert isinstance(sources, _arrays.JoinedArray)
    name, _ = sources._sources[-1]
    source = tmp_path / "virtual" / name
    assert source.is_file()
    shutil.copy(built / "few/train.h5", source)
    np.asarray(part.features[0])
    with pytest.raises(fewshot.FeatureFileError, match="found other features, expected the features of digest"):
        part.features[-1]
    source.unlink()
    with pytest.raises(FileNotFoundError, match="expected a source of the virtual file"):
        part.features[-1]


# NumPy alone

ALONE = """
import sys
for name in ("torch", "pandas", "sklearn", "h5py", "xxhash", "zstandard", "hdf5plugin", "safetensors", "scipy"):
    sys.modules[name] = None
import fewshot, numpy
for name in ("mapped", "half", "compressed"):
    folder = fewshot.open(f"{sys.argv[1]}/{name}")
    assert numpy.asarray(folder.train.features).shape == (40, 3, 8)
    assert len(folder.train.ids) == 40 and folder.train.labels.max() == 3
for name, call in (("torch", folder.train.torch), ("pandas", folder.train.pandas)):
    try:
        call()
    except ImportError as error:
        assert str(error).startswith(f"found no {name}, which ") and f"fewshot[{name}]" in str(error), error
    else:
        raise AssertionError(name)
print("read")
"""


def test_numpy_is_all_that_reading_needs(samples: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "Python/src")}
    result = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", ALONE, samples],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert (result.stdout, result.stderr) == ("read\n", "")
