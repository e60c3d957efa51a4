"""Views against Pillow's and torchvision's, recorded by Tests/Fixtures/images_views.py, which the tools match too."""

import hashlib
import json
from typing import Any

import numpy as np
import pytest

from conftest import ROOT
from fewshot.views import Preprocessing, ViewBox, shorter_side_size, view_box

torch = pytest.importorskip("torch")
Image = pytest.importorskip("PIL.Image")


def fixture(passes: str) -> dict[str, Any]:
    name = "images_views.json" if passes == "adaptive" else "images_views_fixed.json"
    recorded: dict[str, Any] = json.loads((ROOT / "Tests/Fixtures" / name).read_text("utf-8"))
    return recorded


def made_up(width: int, height: int) -> Any:
    """The image of these sizes in Tests/Fixtures/images_views.py."""
    y, x, c = np.mgrid[0:height, 0:width, 0:3]
    values = (x * x * 3 + y * y * 5 + x * y * 7 + 40 * c) >> 3 ^ (x * 11 + y * 17 + ((x * y) >> 5) * c)
    return Image.fromarray((values & 255).astype(np.uint8))


def box_of(record: dict[str, Any]) -> ViewBox:
    return ViewBox(record["left"], record["top"], record["width"], record["height"], record["isFlipped"])


def test_random_crops_are_torchvisions_for_our_random_numbers() -> None:
    for place, entry in enumerate(fixture("adaptive")["boxes"]):
        found = view_box(
            entry["width"],
            entry["height"],
            seed=place,
            view=1 + place % 9,
            item=f"item {place}",
            augmentation="dassl",
        )
        assert found == box_of(entry["box"])


def test_sizes_of_resized_images_are_torchvisions() -> None:
    for width, height, resized_width, resized_height in fixture("adaptive")["sizes"]:
        assert shorter_side_size(224, width, height) == (resized_width, resized_height)


@pytest.mark.parametrize("passes", ["adaptive", "fixed"])
def test_views_have_the_bits_of_pillow_and_torchvision_whichever_pillow_is_installed(passes: Any) -> None:
    count = 0
    for case in fixture(passes)["cases"]:
        image = made_up(case["width"], case["height"])
        for view in case["views"]:
            box = None
            if view["view"]:
                box = view_box(
                    *image.size,
                    seed=view["seed"],
                    item=view["item"],
                    view=view["view"],
                    augmentation=view["augmentation"],
                )
                assert box == box_of(view["box"])
            preprocessing = Preprocessing(view["size"], view["mode"], passes=passes)
            pixels = torch.from_numpy(np.array(preprocessing.pixels(image, box)))
            values = preprocessing.normalized(pixels[None])[0].contiguous().numpy()
            assert hashlib.sha256(values.tobytes()).hexdigest()[:32] == view["tensor"]
            count += 1
    assert count > 200


def test_a_crop_smaller_than_the_resized_image_is_its_center() -> None:
    image = made_up(120, 90)
    whole = Preprocessing(size=64).pixels(image)
    assert np.array_equal(Preprocessing(size=32, resize_size=64).pixels(image), whole[16:48, 16:48])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"size": 0}, "size: found 0 of 0 pixels"),
        ({"size": 64, "resize_size": 32}, "no crop larger than the image"),
        ({"resize": "longest"}, "resize: found 'longest', expected 'shortest' or 'squash'"),
        ({"interpolation": "nearest"}, "interpolation: found 'nearest'"),
        ({"passes": "any"}, "passes: found 'any'"),
        ({"std": (1.0, 0.0, 1.0)}, "std: found .*, expected three positive numbers"),
        ({"mean": (0.5, 0.5)}, "mean: found .*, expected three numbers"),
    ],
)
def test_unusable_settings_are_refused_by_name(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Preprocessing(**settings)
