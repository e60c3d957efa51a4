"""Made-up features in the manner of CLIP's, and what every method takes from them.

Images and texts lie in two narrow cones, as CLIP's do; a class is a direction of its own in both. Values are multiples
of 1/256 below 8, so they are exact in float32 and in float16.
"""

from typing import Any

import numpy as np

CLASSES, WIDTH, VIEWS, PROMPTS, TEMPLATES = 5, 24, 4, 6, 2
SHOTS, VAL_ITEMS, TEST_ITEMS, EPOCHS = 4, 20, 40, 30
SEED = 422


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


def draw(seed: int) -> dict[str, Any]:
    """The numbers of features.json, as arrays and lists."""
    random = np.random.default_rng(seed)

    def noise(*shape: int) -> np.ndarray:
        return random.normal(size=shape) / np.sqrt(WIDTH)

    def lengthened(rows: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        exact = np.round(unit(rows) * lengths[..., None] * 256) / 256
        norms = np.linalg.norm(exact, axis=-1)
        assert np.abs(exact).max() < 8 and norms.min() > 4 and norms.max() < 12
        return exact

    image_cone, text_cone, classes = unit(noise(WIDTH)), unit(noise(WIDTH)), noise(CLASSES, WIDTH)
    text_classes = classes + 0.5 * noise(CLASSES, WIDTH)
    text_cone = unit(text_cone + 0.3 * image_cone)

    def images(labels: np.ndarray) -> np.ndarray:
        return image_cone + 0.45 * classes[labels] + 0.7 * noise(len(labels), WIDTH)

    def labels(count: int) -> np.ndarray:
        return random.permutation(np.arange(count) % CLASSES)

    train_labels, val_labels, test_labels = labels(SHOTS * CLASSES), labels(VAL_ITEMS), labels(TEST_ITEMS)
    plain = images(train_labels)[:, None, :]
    views = np.concatenate([plain, plain + 0.35 * noise(len(train_labels), VIEWS - 1, WIDTH)], axis=1)
    lengths = random.uniform(4.5, 10.5, size=(len(train_labels), 1)) * random.uniform(0.95, 1.1, size=(1, VIEWS))
    texts = text_cone + 0.25 * text_classes[:, None, :] + 0.3 * noise(CLASSES, PROMPTS, WIDTH)
    return {
        "train": lengthened(views, lengths),
        "train_labels": train_labels,
        "val": lengthened(images(val_labels), random.uniform(4.2, 11.8, size=VAL_ITEMS)),
        "val_labels": val_labels,
        "test": lengthened(images(test_labels), random.uniform(4.2, 11.8, size=TEST_ITEMS)),
        "test_labels": test_labels,
        "prompts": lengthened(texts, random.uniform(4.2, 11.8, size=(CLASSES, PROMPTS))),
        "template_count": TEMPLATES,
        "orders": [random.permutation(SHOTS * CLASSES) for _ in range(EPOCHS)],
    }


class Features:
    """What the methods read, in float64."""

    def __init__(self, drawn: dict[str, Any]) -> None:
        self.raw = drawn
        self.train = unit(drawn["train"])  # [N,V,D]
        self.val, self.test = unit(drawn["val"]), unit(drawn["test"])  # [N,D]
        self.labels, self.val_labels, self.test_labels = (drawn[p + "labels"] for p in ("train_", "val_", "test_"))
        self.one_hot = np.eye(CLASSES)[self.labels]  # [M,C]
        self.keys = unit(drawn["train"][:, 1:].mean(axis=1))  # [M,D]
        self.prompts = unit(drawn["prompts"])  # [C,P,D]
        self.texts = unit(self.prompts.mean(axis=1))  # [C,D], the class texts T
        self.raw_texts = drawn["prompts"].mean(axis=1)  # [C,D], t0
        self.orders = drawn["orders"]

    def augmented(self) -> tuple[np.ndarray, np.ndarray]:
        """All augmented views as rows of their own, item by item, and their labels."""
        return self.train[:, 1:].reshape(-1, WIDTH), np.repeat(self.labels, VIEWS - 1)

    def accuracy(self, logits: np.ndarray) -> float:
        """Percent right of the test part, or of the validation part if there are as many rows as it has."""
        labels = self.test_labels if len(logits) == TEST_ITEMS else self.val_labels
        return 100 * int(np.sum(np.argmax(logits, axis=1) == labels)) / len(labels)
