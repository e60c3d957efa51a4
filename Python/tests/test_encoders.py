"""Encoders of transformers, timm and open_clip with random weights, in small sizes."""

import sys
import types
from typing import Any

import numpy as np
import pytest

import fewshot

torch = pytest.importorskip("torch")

from fewshot._encoders import ImageEncoder  # noqa: E402

# torchvision's operators for detection need a build that fits torch's; its transforms do not.
sys.modules.setdefault("torchvision._meta_registrations", types.ModuleType("torchvision._meta_registrations"))
SETTINGS = fewshot.Preprocessing(size=32)
IMAGES = torch.randint(0, 256, (3, 32, 32, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))


def test_a_clip_of_transformers_gives_its_projected_features() -> None:
    transformers = pytest.importorskip("transformers")
    sizes = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    model = transformers.CLIPModel(
        transformers.CLIPConfig(
            text_config=sizes | {"vocab_size": 50},
            vision_config=sizes | {"image_size": 32, "patch_size": 8},
            projection_dim=12,
        )
    ).eval()
    features = ImageEncoder(model, name=None)(IMAGES, SETTINGS)
    pixels = SETTINGS.normalized(IMAGES)
    with torch.inference_mode():
        expected = model.visual_projection(model.vision_model(pixels).pooler_output)
    assert torch.allclose(features, expected, atol=1e-6)
    assert ImageEncoder(model, name=None).name.startswith("CLIPModel sha256:")


def test_a_dino_of_transformers_gives_its_pooled_output() -> None:
    transformers = pytest.importorskip("transformers")
    configuration = transformers.Dinov2Config(
        hidden_size=16, num_hidden_layers=1, num_attention_heads=2, image_size=32, patch_size=8
    )
    model = transformers.Dinov2Model(configuration).eval()
    features = ImageEncoder(model, name=None)(IMAGES, SETTINGS)
    with torch.inference_mode():
        expected = model(SETTINGS.normalized(IMAGES)).pooler_output
    assert torch.equal(features, expected)


def test_a_model_of_timm_gives_its_features_with_and_without_a_classifier() -> None:
    timm = pytest.importorskip("timm")
    sizes: dict[str, Any] = {"embed_dim": 24, "depth": 1, "num_heads": 3}
    model = timm.create_model("vit_tiny_patch16_224", **sizes).eval()
    encoder = ImageEncoder(model, name=None)
    settings = encoder.preprocessing()
    assert (settings.size, settings.shorter_side, settings.mean) == (224, 248, (0.5, 0.5, 0.5))
    images = torch.zeros(2, 224, 224, 3, dtype=torch.uint8)
    features = encoder(images, settings)
    assert features.shape == (2, 24)
    model.reset_classifier(0)
    with torch.inference_mode():
        assert torch.equal(features, model(settings.normalized(images)))


def test_features_of_another_shape_are_refused() -> None:
    encoder = ImageEncoder(lambda images: images, name="identity")
    with pytest.raises(ValueError, match=r"encoder: found features of the shape \[3, 3, 32, 32\]"):
        encoder(IMAGES, SETTINGS)
    with pytest.raises(TypeError, match="encoder: found dict as its result"):
        ImageEncoder(lambda images: {}, name="nothing")(IMAGES, SETTINGS)
    with pytest.raises(TypeError, match="a model or a function of images"):
        ImageEncoder(3, name="three")


def made_up(width: int, height: int) -> Any:
    image = pytest.importorskip("PIL.Image")
    generator = np.random.default_rng(width)
    return image.fromarray(generator.integers(0, 256, (height, width, 3), dtype=np.uint8))


def pixels_of(settings: fewshot.Preprocessing, image: Any) -> Any:
    return settings.normalized(torch.from_numpy(np.array(settings.pixels(image)))[None])[0]


@pytest.mark.parametrize("mode", ["shortest", "squash"])
@pytest.mark.parametrize("interpolation", ["bicubic", "bilinear"])
def test_the_preprocessing_of_a_model_of_open_clip_has_the_bits_of_its_own(mode: str, interpolation: str) -> None:
    pytest.importorskip("open_clip")
    from open_clip.transform import PreprocessCfg, image_transform_v2

    settings: dict[str, Any] = {"size": 64, "mean": (0.5, 0.4, 0.3), "std": (0.2, 0.3, 0.4)}
    settings |= {"interpolation": interpolation, "resize_mode": mode}
    tower = torch.nn.Identity()
    tower.visual = torch.nn.Identity()
    tower.visual.preprocess_cfg = settings
    ours = ImageEncoder(tower, name="tower").preprocessing()
    theirs = image_transform_v2(PreprocessCfg(**settings), is_train=False)
    for size in ((320, 211), (100, 400), (50, 60), (64, 64)):
        assert torch.equal(pixels_of(ours, made_up(*size)), theirs(made_up(*size)))


@pytest.mark.parametrize("name", ["vit_tiny_patch16_224", "convnext_tiny", "vit_small_patch14_dinov2"])
def test_the_preprocessing_of_a_model_of_timm_has_the_bits_of_its_own(name: str) -> None:
    timm = pytest.importorskip("timm")
    settings = timm.models.get_pretrained_cfg(name).to_dict()
    tower = torch.nn.Identity()
    tower.pretrained_cfg = settings
    ours = ImageEncoder(tower, name="tower").preprocessing()
    theirs = timm.data.create_transform(**timm.data.resolve_data_config(pretrained_cfg=settings), is_training=False)
    for size in ((640, 480), (300, 700)):
        assert torch.equal(pixels_of(ours, made_up(*size)), theirs(made_up(*size)))
