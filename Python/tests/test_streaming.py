"""Features written piece by piece, interrupted and continued."""

import errno
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fewshot
from conftest import CLASSES, IDS, PROMPTS, ROOT, sample_arrays

ARRAYS = sample_arrays()
FEATURES = ARRAYS["features"]
LABELS = ARRAYS["labels"]
TEXT = ARRAYS["text"]


def writer_of(folder: Path, **changes: Any) -> fewshot.FeatureWriter:
    options: dict[str, Any] = {
        "classes": CLASSES,
        "dimension": 8,
        "views": {"train": 3},
        "dtype": "float32",
        "text": TEXT,
        "prompts": PROMPTS,
        "template_count": 2,
        "model": "sample",
    }
    return fewshot.FeatureWriter(folder, **(options | changes))


def add_rest(writer: fewshot.FeatureWriter, size: int) -> None:
    """Adds the rows that are not there, in pieces of `size` rows."""
    for subset, features, ids in (("train", FEATURES, IDS), ("test", FEATURES[:9, 0], None)):
        for start in range(writer.done(subset).rows, len(features), size):
            end = min(start + size, len(features))
            writer.add(subset, features[start:end], LABELS[start:end], None if ids is None else ids[start:end])


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files that `save` makes of the same rows."""
    folder = tmp_path_factory.mktemp("whole") / "features"
    fewshot.save(
        folder,
        train=(FEATURES, LABELS),
        test=(FEATURES[:9, 0], LABELS[:9]),
        classes=CLASSES,
        text=TEXT,
        prompts=PROMPTS,
        template_count=2,
        ids={"train": IDS},
        model="sample",
        dtype="float32",
    )
    return files_of(folder)


@pytest.mark.parametrize("size", [1, 7, 40])
def test_pieces_of_any_size_give_the_bytes_of_save(tmp_path: Path, whole: dict[str, bytes], size: int) -> None:
    with writer_of(tmp_path / "features") as writer:
        add_rest(writer, size)
        assert writer.done("train") == (40, IDS)
        assert writer.done("test") == (9, [])
        assert writer.done("val") == (0, [])
    assert files_of(tmp_path / "features") == whole
    assert os.listdir(tmp_path) == ["features"]


def test_float16_rows_are_rounded_like_those_of_save(tmp_path: Path) -> None:
    with fewshot.FeatureWriter(tmp_path / "a/features", classes=CLASSES, dimension=8) as writer:
        writer.add("val", FEATURES[:, 0].astype(np.float64), [CLASSES[label] for label in LABELS])
    fewshot.save(
        tmp_path / "b/features", val=(FEATURES[:, 0].astype(np.float16), LABELS), classes=CLASSES, dtype="float16"
    )
    assert files_of(tmp_path / "a/features") == files_of(tmp_path / "b/features")


def test_an_error_in_the_block_keeps_the_rows(tmp_path: Path, whole: dict[str, bytes]) -> None:
    with pytest.raises(KeyError), writer_of(tmp_path / "features") as writer:
        writer.add("train", FEATURES[:5], LABELS[:5], IDS[:5])
        raise KeyError
    assert not (tmp_path / "features").exists()
    with writer_of(tmp_path / "features") as writer:
        assert writer.done("train") == (5, IDS[:5])
        add_rest(writer, 11)
    assert files_of(tmp_path / "features") == whole


DAMAGES: list[Callable[[bytes], bytes]] = [
    lambda data: data[:-1],
    lambda data: data + b"x",
    lambda data: data[: len(data) // 2],
    lambda data: data[: len(data) // 2] + b"?" + data[len(data) // 2 + 1 :],
    lambda data: b"",
]


@pytest.mark.parametrize("name", ["train_features.npy", "train.journal"])
@pytest.mark.parametrize("damage", range(len(DAMAGES)))
def test_rows_that_a_power_failure_damaged_are_written_again(
    tmp_path: Path, whole: dict[str, bytes], name: str, damage: int
) -> None:
    with pytest.raises(KeyError), writer_of(tmp_path / "features") as writer:
        add_rest(writer, 6)
        raise KeyError
    path = tmp_path / ".features.unfinished" / name
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    with writer_of(tmp_path / "features") as writer:
        assert writer.done("train").rows in (0, 18, 36, 40)
        assert writer.done("train").ids == IDS[: writer.done("train").rows]
        add_rest(writer, 5)
    assert files_of(tmp_path / "features") == whole


def test_rows_that_a_full_disk_refused_leave_nothing(
    tmp_path: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    pwrite = os.pwrite
    calls = 0

    def full(descriptor: int, data: bytes, offset: int) -> int:
        nonlocal calls
        calls += 1
        if calls % 5 == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return pwrite(descriptor, data[: max(1, len(data) // 2)] if calls % 5 == 4 else data, offset)

    monkeypatch.setattr(os, "pwrite", full)
    refused = 0
    with writer_of(tmp_path / "features") as writer:
        while writer.done("test").rows < 9:
            try:
                add_rest(writer, 4)
            except OSError:
                refused += 1
        monkeypatch.undo()
    assert refused > 3
    assert files_of(tmp_path / "features") == whole


def test_two_writers_at_once_are_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyError), writer_of(tmp_path / "features") as writer:
        writer.add("train", FEATURES, LABELS)
        with pytest.raises(BlockingIOError, match="found another writer at work, expected one writer at a time"):
            writer_of(tmp_path / "features")
        raise KeyError
    writer_of(tmp_path / "features").discard()
    assert os.listdir(tmp_path) == []


def test_a_forked_process_does_not_keep_the_lock(tmp_path: Path) -> None:
    writer = writer_of(tmp_path / "features")
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert pool.apply(os.getpid) != os.getpid()
        with pytest.raises(BlockingIOError):
            writer_of(tmp_path / "features")
        del writer
        writer_of(tmp_path / "features").discard()


def test_complete_features_are_what_another_writer_has_done(tmp_path: Path, whole: dict[str, bytes]) -> None:
    for _ in range(2):
        with writer_of(tmp_path / "features") as writer:
            add_rest(writer, 10)
    assert writer.done("train") == (40, IDS)
    with pytest.raises(FileExistsError, match="complete features"):
        writer.add("train", FEATURES, LABELS)
    for changes in ({"dimension": 9, "text": None, "prompts": None, "template_count": None}, {"model": "x"}):
        with pytest.raises(FileExistsError, match=r"features with (dimension 8|model sample), expected .*replace=True"):
            writer_of(tmp_path / "features", **changes)
    with pytest.raises(FileExistsError, match="other text"):
        writer_of(tmp_path / "features", text=TEXT + 1)
    assert files_of(tmp_path / "features") == whole
    with writer_of(tmp_path / "features", replace=True) as writer:
        assert writer.done("train").rows == 0
        writer.add("train", FEATURES[:4], LABELS[:4])
    part = fewshot.open(tmp_path / "features").train
    assert part is not None
    assert len(part) == 4


def test_unfinished_rows_with_other_settings_are_kept_unless_replaced(tmp_path: Path) -> None:
    with pytest.raises(KeyError), writer_of(tmp_path / "features") as writer:
        writer.add("train", FEATURES, LABELS)
        raise KeyError
    with pytest.raises(ValueError, match="found unfinished rows with other dtype, expected those of this writer"):
        writer_of(tmp_path / "features", dtype="float16")
    writer = writer_of(tmp_path / "features")
    assert repr(writer).endswith("train 40>")
    del writer  # The lock ends with the writer.
    writer = writer_of(tmp_path / "features", dtype="float16", replace=True)
    assert writer.done("train").rows == 0
    writer.discard()


REFUSALS: list[tuple[tuple[Any, ...], str]] = [
    (("dev", FEATURES, LABELS), "subset: found 'dev'"),
    (("train", FEATURES[:, :2], LABELS), "train features: found rows of the shape [2, 8], expected [3, 8]"),
    (("test", FEATURES, LABELS), "test features: found rows of the shape [3, 8], expected [1, 8]"),
    (("val", FEATURES[:, 0] * np.inf, LABELS), "found a value that is infinite or not a number in row 0, expected"),
    (("val", FEATURES[:, 0] * 0, LABELS), "val features: found only zeros in row 0, expected a feature"),
    (("train", FEATURES, LABELS + 1), "train labels: found label 4 in row 3, expected 0 to 3"),
    (("train", FEATURES, LABELS[:3]), "train labels: found 3 labels, expected 40"),
    (("train", FEATURES, LABELS, IDS[:3]), "train ids: found 3 names, expected 40"),
    (("train", FEATURES, LABELS, IDS), "train ids: found 'images/Käfer/000.jpg' in the rows 0 and 1, expected a diff"),
    (("train", FEATURES, LABELS), "train ids: found rows with and without names"),
]


@pytest.mark.parametrize(("arguments", "sentence"), REFUSALS, ids=[sentence for _, sentence in REFUSALS])
@pytest.mark.filterwarnings("ignore:invalid value")
def test_unusable_rows_are_refused_and_none_of_them_is_added(
    tmp_path: Path, arguments: tuple[Any, ...], sentence: str
) -> None:
    with pytest.raises(KeyError), writer_of(tmp_path / "features") as writer:
        writer.add("train", FEATURES[:1], LABELS[:1], IDS[:1])
        with pytest.raises(ValueError) as raised:
            writer.add(*arguments)
        assert sentence in str(raised.value)
        assert writer.done("train") == (1, IDS[:1])
        raise KeyError


def test_a_writer_without_rows_or_closed_is_refused(tmp_path: Path) -> None:
    writer = writer_of(tmp_path / "features")
    with pytest.raises(ValueError, match="found no rows, expected rows of train, val or test"):
        writer.close()
    with pytest.raises(ValueError, match="a closed writer"):
        writer.add("train", FEATURES, LABELS)


def test_killed_writers_continue_and_give_equal_bytes() -> None:
    script = ROOT / "scripts/check-python-kills"
    result = subprocess.run(
        [sys.executable, script, "--kills", "4", "--seed", "5"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "Python/src")},
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "equal to the byte" in result.stdout
