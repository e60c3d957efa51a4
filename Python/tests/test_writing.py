"""Arrays to feature folders: values, bytes, and refusals."""

import filecmp
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fewshot
from conftest import CLASSES, IDS, PROMPTS, run_features, sample_arrays

ARRAYS = sample_arrays()
FEATURES = ARRAYS["features"]
LABELS = ARRAYS["labels"]
TEXT = ARRAYS["text"]


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def save(folder: Path, **changes: Any) -> fewshot.FeatureFolder:
    options: dict[str, Any] = {
        "train": (FEATURES, LABELS),
        "test": (FEATURES[:9, :1] + 1, LABELS[:9]),
        "classes": CLASSES,
        "text": TEXT,
        "prompts": PROMPTS,
        "template_count": 2,
        "ids": {"train": IDS},
        "model": "sample",
    }
    return fewshot.save(folder, **(options | changes))


def test_a_saved_folder_has_the_arrays(tmp_path: Path) -> None:
    opened = save(tmp_path / "made/features")
    assert opened.train is not None
    assert opened.test is not None
    assert opened.text is not None
    np.testing.assert_array_equal(opened.train.features, FEATURES)
    np.testing.assert_array_equal(opened.test.features, FEATURES[:9, :1] + 1)
    np.testing.assert_array_equal(opened.train.labels, LABELS)
    np.testing.assert_array_equal(opened.text.features, TEXT)
    assert opened.train.ids == IDS
    assert opened.test.ids == [str(row) for row in range(9)]
    assert opened.classes == CLASSES
    assert opened.text.prompts[3][4] == f"one {CLASSES[3]}"
    assert opened.text.kinds[:3] == ["template", "template", "sentence"]
    assert opened.model == "sample"
    assert opened.train.provenance["settings"]["dataset"] == "features"
    opened.verify()
    assert os.listdir(tmp_path / "made") == ["features"]


def test_equal_arrays_give_equal_bytes_anywhere(tmp_path: Path) -> None:
    save(tmp_path / "one/features")
    save(tmp_path / "two/features")
    save(tmp_path / "three", dataset="features")
    assert files_of(tmp_path / "one/features") == files_of(tmp_path / "two/features")
    assert files_of(tmp_path / "one/features") == files_of(tmp_path / "three")
    for data in files_of(tmp_path / "three").values():
        assert str(tmp_path).encode() not in data


def test_equal_content_has_the_identity_of_an_import(samples: Path, tmp_path: Path) -> None:
    opened = save(tmp_path / "features", test=None)
    imported = fewshot.open(samples / "mapped")
    assert [part.identity for part in opened] == [part.identity for part in imported]


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_arrays_of_each_type_are_stored_in_their_type(tmp_path: Path, dtype: str) -> None:
    part = save(tmp_path / "features", train=(FEATURES.astype(dtype), LABELS)).train
    assert part is not None
    assert part.dtype == ("float16" if dtype == "float16" else "float32")
    np.testing.assert_array_equal(part.features, FEATURES.astype(part.dtype))
    half = save(tmp_path / "half", train=(FEATURES.astype(dtype), LABELS), dtype="float16").train
    assert half is not None
    np.testing.assert_array_equal(half.features, FEATURES.astype(np.float16))


@pytest.mark.parametrize("order", ["C", "F", "strided", "big-endian"])
def test_the_layout_of_an_array_does_not_matter(tmp_path: Path, order: str) -> None:
    arrays = {
        "C": FEATURES,
        "F": np.asfortranarray(FEATURES),
        "strided": np.repeat(FEATURES, 2, axis=1)[:, ::2],
        "big-endian": FEATURES.astype(">f4"),
    }
    save(tmp_path / "a", dataset="d")
    save(tmp_path / "b", dataset="d", train=(arrays[order], LABELS))
    assert filecmp.cmp(tmp_path / "a/train.h5", tmp_path / "b/train.h5", shallow=False)


@pytest.mark.parametrize("kind", ["float16", "float32", "bfloat16", "gradient"])
def test_tensors_are_saved_like_arrays(tmp_path: Path, kind: str) -> None:
    torch = pytest.importorskip("torch")
    tensor = torch.from_numpy(FEATURES)
    tensor = tensor.requires_grad_() * 1 if kind == "gradient" else tensor.to(getattr(torch, kind))
    part = fewshot.save(tmp_path / "features", val=(tensor, torch.from_numpy(LABELS))).val
    assert part is not None
    expected = tensor.detach()
    np.testing.assert_array_equal(part.features, (expected.float() if kind == "bfloat16" else expected).numpy())


def test_labels_may_be_names(tmp_path: Path) -> None:
    names = [CLASSES[label] for label in LABELS]
    listed = save(tmp_path / "a", train=(FEATURES, names)).train
    assert listed is not None
    np.testing.assert_array_equal(listed.labels, LABELS)
    part = fewshot.save(tmp_path / "b", train=(FEATURES[:, 0], np.array(names, object))).train
    assert part is not None
    assert part.classes == sorted(CLASSES)
    assert [part.classes[label] for label in part.labels] == names


def test_classes_are_numbers_by_default(tmp_path: Path) -> None:
    folder = fewshot.save(tmp_path / "a", train=(FEATURES, LABELS), test=(FEATURES[:2], [5, 0]))
    assert folder.classes == [str(index) for index in range(6)]


def test_text_may_have_one_feature_per_class_or_as_many_prompts_as_classes(tmp_path: Path) -> None:
    single = save(tmp_path / "a", text=TEXT[:, 0], prompts=None, template_count=None).text
    assert single is not None
    np.testing.assert_array_equal(single.features, TEXT[:, :1])
    square = save(tmp_path / "b", text=TEXT[:, :4], prompts=[["a", "b", "c", "d"]] * 4).text
    assert square is not None
    np.testing.assert_array_equal(square.features, TEXT[:, :4])
    assert square.prompts == [["a", "b", "c", "d"]] * 4


def test_text_alone_is_added_to_a_folder(tmp_path: Path) -> None:
    save(tmp_path / "whole", dataset="d")
    save(tmp_path / "pieces", dataset="d", text=None, prompts=None, template_count=None)
    fewshot.save(
        tmp_path / "pieces",
        text=TEXT,
        prompts=PROMPTS,
        template_count=2,
        classes=CLASSES,
        model="sample",
        dataset="d",
    )
    assert files_of(tmp_path / "whole") == files_of(tmp_path / "pieces")


# What exists


def test_a_folder_of_the_same_arrays_is_reused_and_another_is_kept(tmp_path: Path) -> None:
    save(tmp_path / "features")
    before = {path: path.stat().st_ino for path in (tmp_path / "features").iterdir()}
    save(tmp_path / "features")
    save(tmp_path / "features", replace=True)
    assert before == {path: path.stat().st_ino for path in (tmp_path / "features").iterdir()}
    bytes_before = files_of(tmp_path / "features")
    with pytest.raises(FileExistsError, match=r"test\.h5: found features made from other arrays, .* replace=True"):
        save(tmp_path / "features", test=(FEATURES, LABELS))
    with pytest.raises(FileExistsError, match="found features made with model 'sample', expected 'other' as requested"):
        save(tmp_path / "features", model="other")
    assert files_of(tmp_path / "features") == bytes_before
    changed = save(tmp_path / "features", test=(FEATURES, LABELS), replace=True).test
    assert changed is not None
    assert len(changed) == 40
    assert (tmp_path / "features/train.h5").stat().st_ino == before[tmp_path / "features/train.h5"]
    assert os.listdir(tmp_path) == ["features"]


def test_packed_files_of_the_same_arrays_are_reused(tmp_path: Path) -> None:
    save(tmp_path / "features")
    run_features("pack", tmp_path / "features")
    opened = save(tmp_path / "features")
    assert [part.form for part in opened] == ["compressed"] * 3


def test_a_damaged_file_is_replaced_on_request_only(tmp_path: Path) -> None:
    save(tmp_path / "features")
    good = files_of(tmp_path / "features")
    for position in (4200, good["train.h5"].index(FEATURES.tobytes()) + 7):
        data = bytearray(good["train.h5"])
        data[position] ^= 1
        (tmp_path / "features/train.h5").write_bytes(data)
        if position == 4200:
            with pytest.raises(FileExistsError, match=r"found damaged bytes .* replace=True"):
                save(tmp_path / "features")
        save(tmp_path / "features", replace=True)
        assert files_of(tmp_path / "features") == good


def test_files_that_stay_must_agree_with_the_new_ones(tmp_path: Path) -> None:
    save(tmp_path / "features")
    with pytest.raises(FileExistsError, match=r"found width 8, expected width 4 .* or remove"):
        fewshot.save(tmp_path / "features", val=(FEATURES[..., :4], LABELS), classes=CLASSES)
    with pytest.raises(FileExistsError, match=r"class"):
        fewshot.save(tmp_path / "features", val=(FEATURES, LABELS), classes=CLASSES[::-1])
    assert not (tmp_path / "features/val.h5").exists()


def test_what_a_killed_writer_left_is_removed(tmp_path: Path) -> None:
    left = tmp_path / ".features.0123456789ab.temporary"
    left.mkdir()
    (left / "train_features.npy").write_bytes(b"x")
    save(tmp_path / "features")
    assert os.listdir(tmp_path) == ["features"]


# Refusals

NAN = FEATURES.copy()
NAN[3, 1, 2] = np.nan
ZERO = FEATURES.copy()
ZERO[4, 2] = 0
REFUSALS: list[tuple[dict[str, Any], str]] = [
    ({"train": (NAN, LABELS)}, "train features: found a value that is infinite or not a number in row 3, view 1,"),
    ({"train": (ZERO, LABELS)}, "train features: found only zeros in row 4, view 2, expected a feature; leave"),
    (
        {"train": (FEATURES * 1e6, LABELS), "dtype": "float16"},
        "expected at most 65504 in float16; import with dtype='float32'.",
    ),
    ({"test": (FEATURES, LABELS + 1)}, "test labels: found label 4 in row 3, expected 0 to 3; correct"),
    ({"test": (FEATURES, -LABELS)}, "test labels: found label -1 in row 1"),
    ({"test": (FEATURES, LABELS[1:])}, "test labels: found 39 labels, expected 40, one per row"),
    ({"test": (FEATURES, LABELS.astype(float))}, "test labels: found float64 labels of the shape [40], expected one"),
    ({"test": (FEATURES, ["cow"] * 40)}, "test labels: found the label 'cow' in row 0, expected one of 'Käfer'"),
    ({"test": (FEATURES.astype(int), LABELS)}, "test features: found int64 values, expected float16,"),
    ({"test": (FEATURES[0, 0], LABELS)}, "test features: found the shape [8], expected [items, width] or"),
    ({"test": (FEATURES[:0], [])}, "test features: found the shape [0, 3, 8]"),
    ({"test": (FEATURES[..., :7], LABELS)}, "found width 7"),
    ({"test": FEATURES}, "test: found no pair, expected a pair (features, labels)"),
    ({"ids": {"train": IDS[1:]}}, "train ids: found 39 names, expected 40, one per row"),
    ({"ids": {"train": [*IDS[1:], IDS[1]]}}, "in the rows 0 and 39, expected a different name for each row"),
    ({"ids": {"train": ["\0", *IDS[1:]]}}, "train ids: found a NUL or a lone surrogate in entry 0"),
    ({"ids": {"train": ["\ud800", *IDS[1:]]}}, "train ids: found a NUL or a lone surrogate in entry 0"),
    ({"ids": {"val": IDS}}, "val ids: found no val features, expected both or none"),
    ({"ids": {"dev": IDS}}, "subset: found 'dev', expected 'train', 'val' or 'test'"),
    ({"classes": CLASSES[:3]}, "classes: found 3 class names, expected 4 as in text"),
    ({"classes": "beetle"}, "classes: found a text, expected a list of class names"),
    ({"text": TEXT[..., :4]}, "text: found text features of width 4, expected 8 as in train features"),
    ({"prompts": PROMPTS[:2]}, "prompts: found 2 prompts of class 'Käfer', expected 5 as in the text features"),
    ({"template_count": 6}, "template_count: found 6, expected 0 to 5"),
    ({"text": None}, "prompts: found prompts without text features"),
    ({"dtype": "int8"}, "dtype: found 'int8', expected 'float16' or 'float32'"),
    ({"train": None, "test": None, "text": None, "prompts": None, "template_count": None}, "train: found no features"),
]


@pytest.mark.parametrize(("changes", "sentence"), REFUSALS, ids=[sentence[:40] for _, sentence in REFUSALS])
def test_an_unusable_argument_is_refused_in_one_sentence_and_nothing_is_written(
    tmp_path: Path, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValueError) as raised:
        save(tmp_path / "features", **changes)
    message = str(raised.value)
    assert sentence in message
    assert ", expected " in message
    assert str(tmp_path / ".") not in message
    assert os.listdir(tmp_path) == []


def test_a_file_at_the_place_of_the_folder_is_kept(tmp_path: Path) -> None:
    (tmp_path / "features").write_text("mine")
    with pytest.raises(FileExistsError, match="found a file, expected a folder"):
        save(tmp_path / "features")
    assert (tmp_path / "features").read_text() == "mine"


def test_a_saved_folder_is_what_the_tools_take(tmp_path: Path) -> None:
    save(tmp_path / "features")
    printed = json.loads(run_features("verify", tmp_path / "features", "--json"))
    assert all(finding["isSound"] for file in printed["reports"] for finding in file["findings"])
