"""Features by PyTorch against those of the tool, resumed and damaged extractions, and other encoders."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fewshot
from conftest import run_features

torch = pytest.importorskip("torch")
pytest.importorskip("PIL")
pytest.importorskip("safetensors")

from fewshot._encoders import ImageEncoder, weights_digest  # noqa: E402
from tiny_clip import FOLDER, TEMPLATES, tiny_clip  # noqa: E402

Clip = tuple[Any, Callable[[list[str]], Any]]
SUBSETS = ("train", "val", "test")


@pytest.fixture(scope="module")
def clip() -> Clip:
    return tiny_clip()


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Drawn images and their split, with features of the tool: three random views, float32."""
    folder = tmp_path_factory.mktemp("photos")
    tool = Path(os.environ["FEWSHOT_TOOLS"], "fewshot-split")
    subprocess.run([tool, "draw", "badges", "-o", folder], check=True, capture_output=True)
    split = folder / "badges.split.json"
    content = json.loads(split.read_text("utf-8"))
    for name, step in (("train", 5), ("val", 2), ("test", 6)):
        content[name] = content[name][::step]
    # An item twice has two sets of views; photos are neither square nor of the encoder's size.
    content["train"].append(content["train"][0])
    content["train"].append(["wide.png", 1])
    split.write_text(json.dumps(content), "utf-8")
    from PIL import Image

    y, x, c = np.mgrid[0:211, 0:320, 0:3]
    Image.fromarray(((x * 3 + y * (c + 1)) & 255).astype(np.uint8)).save(folder / content["root"] / "wide.png")
    run_features(
        *("build", "--split", split, "--root", folder, "--model", FOLDER, "--views", 3, "--view-seed", 5),
        *("--prompts", "a photo of a {}.", "--precision", "f32", "--dtype", "float32", "--threads", 2),
        *("-o", folder / "built"),
    )
    return folder


def extracted(photos: Path, clip: Clip, folder: Path, **settings: Any) -> fewshot.FeatureFolder:
    chosen: dict[str, Any] = {"views": 3, "view_seed": 5, "dtype": "float32", "batch_size": 64, "workers": 2}
    return fewshot.extract(clip[0], photos / "badges.split.json", photos, folder, **chosen | settings)


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_features_agree_with_those_of_the_tool_within_rounding(photos: Path, clip: Clip, tmp_path: Path) -> None:
    ours = extracted(photos, clip, tmp_path / "ours", text=clip[1], prompts=["a photo of a {}."])
    theirs = fewshot.open(photos / "built")
    assert [part.shape for part in ours] == [part.shape for part in theirs]
    for name in SUBSETS:
        mine, tools = getattr(ours, name), getattr(theirs, name)
        assert mine.ids == tools.ids
        assert np.array_equal(mine.labels, tools.labels)
        assert mine.classes == tools.classes
    for mine, tools in zip(ours, theirs, strict=True):
        length = np.linalg.norm(np.asarray(tools.features), axis=2)
        error = np.linalg.norm(np.asarray(mine.features) - np.asarray(tools.features), axis=2)
        assert (error / length).max() < 1e-5
    assert ours.text is not None
    assert theirs.text is not None
    assert ours.text.prompts == theirs.text.prompts
    assert ours.train is not None
    assert theirs.train is not None
    record = json.loads((tmp_path / "ours/extraction.json").read_text("utf-8"))["settings"]
    for name in SUBSETS:
        inputs = {entry["role"]: entry for entry in getattr(theirs, name).provenance["inputs"]}
        assert record["split"][name] == inputs["split"]["digest"].removeprefix("sha256:")


def test_each_random_view_is_seen_once_and_a_repeated_item_has_its_own(
    photos: Path, clip: Clip, tmp_path: Path
) -> None:
    train = extracted(photos, clip, tmp_path / "ours").train
    assert train is not None
    assert train.ids[-2].endswith("#2")
    features = np.asarray(train.features)
    assert np.allclose(features[0, 0], features[-2, 0], atol=1e-5)
    assert not np.allclose(features[0, 1], features[-2, 1], atol=1e-2)


class Killed(BaseException):
    """Ends an extraction as a kill does."""


def test_an_interrupted_extraction_continues_with_the_next_batch_to_the_same_bytes(
    photos: Path, clip: Clip, tmp_path: Path
) -> None:
    settings: dict[str, Any] = {"text": clip[1], "prompts": TEMPLATES[:2]}
    extracted(photos, clip, tmp_path / "whole", dataset="d", **settings)
    calls = 0

    def killing(subset: str, done: int, count: int) -> None:
        nonlocal calls
        calls += 1
        if calls % 2 == 0:
            raise Killed

    attempts = 0
    while True:
        attempts += 1
        try:
            extracted(photos, clip, tmp_path / "broken", dataset="d", progress=killing, **settings)
            break
        except Killed:
            pass
    # Each process writes two batches, and none is written again: of 54 items by 16, 32 by 64 and 107 by 64.
    assert (attempts, calls) == (4, 7)
    assert files_of(tmp_path / "broken") == files_of(tmp_path / "whole")
    assert sorted(os.listdir(tmp_path)) == ["broken", "whole"]


def test_the_number_of_workers_does_not_change_a_byte(photos: Path, clip: Clip, tmp_path: Path) -> None:
    extracted(photos, clip, tmp_path / "one", dataset="d", workers=1)
    extracted(photos, clip, tmp_path / "four", dataset="d", workers=4)
    assert files_of(tmp_path / "one") == files_of(tmp_path / "four")


def test_finished_features_are_reused_and_others_are_replaced_on_request_only(
    photos: Path, clip: Clip, tmp_path: Path
) -> None:
    extracted(photos, clip, tmp_path / "ours", views=1)
    before = files_of(tmp_path / "ours")

    def refusing(*_: object) -> None:
        raise AssertionError("nothing is encoded")

    extracted(photos, clip, tmp_path / "ours", views=1, progress=refusing)
    extracted(photos, clip, tmp_path / "ours", views=1, batch_size=32, progress=refusing)
    with pytest.raises(FileExistsError, match=r"view seed 5 instead of 6.*replace=True"):
        extracted(photos, clip, tmp_path / "ours", views=1, view_seed=6)
    assert files_of(tmp_path / "ours") == before
    (tmp_path / "ours/val.h5").unlink()
    with pytest.raises(FileExistsError, match=r"features without val.h5"):
        extracted(photos, clip, tmp_path / "ours", views=1)
    extracted(photos, clip, tmp_path / "ours", views=1, view_seed=6, replace=True)
    after = files_of(tmp_path / "ours")
    assert after["train.h5"] != before["train.h5"]
    assert after["test.h5"] == before["test.h5"]


def test_unfinished_features_with_other_settings_are_not_continued(photos: Path, clip: Clip, tmp_path: Path) -> None:
    def killing(*_: object) -> None:
        raise Killed

    with pytest.raises(Killed):
        extracted(photos, clip, tmp_path / "ours", progress=killing)
    for other, message in (({"view_seed": 6}, "view seed 5 instead of 6"), ({"batch_size": 32}, "batch size 64")):
        with pytest.raises(FileExistsError, match=message):
            extracted(photos, clip, tmp_path / "ours", **other)
    extracted(photos, clip, tmp_path / "ours", view_seed=6, replace=True, dataset="d")
    extracted(photos, clip, tmp_path / "whole", view_seed=6, dataset="d")
    assert files_of(tmp_path / "ours") == files_of(tmp_path / "whole")


def test_features_that_something_else_made_are_not_overwritten(photos: Path, clip: Clip, tmp_path: Path) -> None:
    shutil.copytree(photos / "built", tmp_path / "ours")
    with pytest.raises(FileExistsError, match="that 'extract' did not make"):
        extracted(photos, clip, tmp_path / "ours")


@pytest.fixture
def damaged(photos: Path, tmp_path: Path) -> Path:
    """The photos with a truncated, an empty, and a missing image, and a text with an image's name."""
    folder = tmp_path / "damaged"
    shutil.copytree(photos, folder)
    content = json.loads((folder / "badges.split.json").read_text("utf-8"))
    images = [folder / content["root"] / content["train"][index][0] for index in (1, 2, 20)]
    images[0].write_bytes(images[0].read_bytes()[:500])
    images[1].write_bytes(b"")
    images[2].unlink()
    (folder / content["root"] / content["test"][3][0]).write_text("no image")
    return folder


def test_damaged_images_are_named_or_left_out_up_to_the_limit(damaged: Path, clip: Clip, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"/05.png: found .*truncated.*, expected an image; list all.*skip_bad=N"):
        extracted(damaged, clip, tmp_path / "ours")
    with pytest.raises(ValueError, match=r"no file, and 2 unusable images before, expected at most 2 unusable"):
        extracted(damaged, clip, tmp_path / "ours", skip_bad=2)
    with pytest.raises(ValueError, match=r"no image of a known format, and 3 unusable images before"):
        extracted(damaged, clip, tmp_path / "ours", skip_bad=3)
    folder = extracted(damaged, clip, tmp_path / "ours", skip_bad=4)
    assert folder.train is not None
    lines = (tmp_path / "ours/errors.tsv").read_text("utf-8").splitlines()
    assert lines[0] == "part\titem\treason"
    assert [line.split("\t")[0] for line in lines[1:]] == ["train", "train", "train", "test"]
    skipped = {line.split("\t")[1] for line in lines[1:]}
    assert not skipped & {*folder.train.ids}


def test_rows_do_not_depend_on_the_unusable_images_of_their_batch(
    photos: Path, damaged: Path, clip: Clip, tmp_path: Path
) -> None:
    some = extracted(damaged, clip, tmp_path / "some", skip_bad=4).train
    whole = extracted(photos, clip, tmp_path / "whole").train
    assert some is not None
    assert whole is not None
    rows = [whole.ids.index(name) for name in some.ids]
    assert len(rows) == len(whole) - 3
    assert np.array_equal(np.asarray(whole.features)[rows], some.features)


def test_an_image_that_was_repaired_meanwhile_is_not_listed(
    photos: Path, damaged: Path, clip: Clip, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="unusable"):
        extracted(damaged, clip, tmp_path / "ours", skip_bad=2, batch_size=4)
    content = json.loads((damaged / "badges.split.json").read_text("utf-8"))
    repaired = content["train"][20][0], content["test"][3][0]
    for path in repaired:
        shutil.copy(photos / content["root"] / path, damaged / content["root"] / path)
    extracted(damaged, clip, tmp_path / "ours", skip_bad=2, batch_size=4)
    lines = (tmp_path / "ours/errors.tsv").read_text("utf-8").splitlines()
    assert [line.split("\t")[1] for line in lines[1:]] == [content["train"][index][0] for index in (1, 2)]


def test_a_function_for_preprocessing_gives_the_pixels_of_its_settings(
    photos: Path, clip: Clip, tmp_path: Path
) -> None:
    settings = fewshot.Preprocessing(size=48)

    def transform(image: Any) -> Any:
        return settings.normalized(torch.from_numpy(np.array(settings.pixels(image)))[None])[0]

    one = extracted(photos, clip, tmp_path / "one", preprocess=transform)
    other = extracted(photos, clip, tmp_path / "other", preprocess=settings)
    for mine, theirs in zip(one, other, strict=True):
        assert np.array_equal(mine.features, theirs.features)


def test_any_function_of_images_is_an_encoder_if_it_has_a_name(photos: Path, clip: Clip, tmp_path: Path) -> None:
    def encode(images: Any) -> Any:
        return images.mean((2, 3))

    settings: dict[str, Any] = {"preprocess": fewshot.Preprocessing(size=32), "views": 0}
    split = photos / "badges.split.json"
    with pytest.raises(ValueError, match="model: found no name"):
        fewshot.extract(encode, split, photos, tmp_path / "ours", **settings)
    folder = fewshot.extract(encode, split, photos, tmp_path / "ours", model="mean color", **settings)
    assert folder.width == 3
    assert folder.model == "mean color"


def test_a_model_describes_its_own_preprocessing_or_asks_for_it() -> None:
    class Tower(torch.nn.Module):  # type: ignore[misc, name-defined]
        pretrained_cfg: dict[str, Any] = {  # noqa: RUF012
            "architecture": "vit_tiny_patch16_224",
            "tag": "augreg",
            "input_size": (3, 224, 224),
            "interpolation": "bicubic",
            "crop_pct": 0.9,
            "crop_mode": "center",
            "mean": (0.5, 0.5, 0.5),
            "std": (0.5, 0.5, 0.5),
        }

        def forward(self, images: Any) -> Any:
            return images

    tower = ImageEncoder(Tower(), name=None)
    assert tower.preprocessing() == fewshot.Preprocessing(
        size=224, resize_size=248, mean=(0.5, 0.5, 0.5), std=(0.5, 0.5, 0.5)
    )
    assert tower.name.startswith("vit_tiny_patch16_224.augreg sha256:")
    Tower.pretrained_cfg["crop_mode"] = "border"
    with pytest.raises(ValueError, match="the crop mode 'border'"):
        ImageEncoder(Tower(), name=None).preprocessing()
    with pytest.raises(ValueError, match="an encoder that describes none"):
        ImageEncoder(torch.nn.Identity(), name=None).preprocessing()


def test_the_digest_of_weights_names_their_content(clip: Clip) -> None:
    model = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
    first = weights_digest(model)
    assert first == weights_digest(torch.nn.DataParallel(model))
    assert first == weights_digest(torch.nn.Sequential(*model).eval())
    with torch.no_grad():
        model[0].weight[0, 0] += 1
    changed = weights_digest(model)
    assert changed != first
    assert weights_digest(model.half()) not in (first, changed)
    assert len(weights_digest(clip[0])) == 64


def test_a_model_is_evaluated_and_left_as_it_was(photos: Path, clip: Clip, tmp_path: Path) -> None:
    clip[0].train()
    try:
        extracted(photos, clip, tmp_path / "ours", views=0)
        assert clip[0].training
        assert all(parameter.requires_grad for parameter in clip[0].parameters())
    finally:
        clip[0].eval()


def test_mixed_precision_and_half_models_are_near_and_recorded(photos: Path, clip: Clip, tmp_path: Path) -> None:
    whole = extracted(photos, clip, tmp_path / "whole", views=0).test
    half = tiny_clip()[0].bfloat16()
    folders = (
        extracted(photos, clip, tmp_path / "mixed", views=0, autocast="bf16"),
        extracted(photos, (half, clip[1]), tmp_path / "half", views=0),
    )
    assert whole is not None
    for folder in folders:
        assert folder.test is not None
        first, second = (np.asarray(part.features)[:, 0] for part in (whole, folder.test))
        cosine = (first * second).sum(1) / np.linalg.norm(first, axis=1) / np.linalg.norm(second, axis=1)
        assert cosine.min() > 0.999
    assert json.loads((tmp_path / "mixed/extraction.json").read_text())["settings"]["autocast"] == "bf16"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"test": [["../secret.png", 0]]}, r"the path \"../secret.png\" at test item 0"),
        ({"test": [["/etc/passwd", 0]]}, "a path below the data root"),
        ({"test": [["a.png", 99]]}, "the label 99 at test item 0"),
        ({"test": [["a.png"]]}, "items or classes of another form"),
        ({"version": 2}, "another format or version"),
        ({"root": "a/../.."}, "at root"),
    ],
)
def test_splits_that_cannot_be_used_are_refused(
    change: dict[str, Any], message: str, photos: Path, clip: Clip, tmp_path: Path
) -> None:
    content = json.loads((photos / "badges.split.json").read_text("utf-8")) | change
    (tmp_path / "x.split.json").write_text(json.dumps(content))
    with pytest.raises(ValueError, match=message):
        fewshot.extract(clip[0], tmp_path / "x.split.json", photos, tmp_path / "ours")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"views": -1}, "views: found -1"),
        ({"batch_size": 0}, "batch_size: found 0"),
        ({"augmentation": "simclr"}, "augmentation: found 'simclr'"),
        ({"autocast": "int8"}, "autocast: found 'int8'"),
        ({"text": lambda prompts: torch.zeros(1, 2, 3)}, r"text: found features of the shape \[1, 2, 3\]"),
        ({"text": lambda prompts: torch.ones(len(prompts), 64), "prompts": ["x"]}, "templates with {}"),
        ({"text": lambda prompts: torch.ones(len(prompts), 64), "prompts": [["x"]]}, "for each of 1 classes"),
    ],
)
def test_unusable_arguments_are_refused_by_name(
    settings: dict[str, Any], message: str, photos: Path, clip: Clip, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=message):
        extracted(photos, clip, tmp_path / "ours", **settings)


def test_template_sets_of_the_tool_are_prompts(photos: Path, clip: Clip, tmp_path: Path) -> None:
    text = extracted(photos, clip, tmp_path / "ours", views=0, text=clip[1]).text
    theirs = fewshot.open(photos / "built").text
    assert text is not None
    assert theirs is not None
    assert text.prompts == theirs.prompts
