"""PyTorch data sets of image features."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import torch
from torch.utils.data import Dataset

if TYPE_CHECKING:
    from .features import Part

Views = Literal["first", "all", "random"]


class FeatureDataset(Dataset[tuple[torch.Tensor, int]]):
    """Pairs of the features of an item, [D] or [V,D], and its label.

    The file is mapped and opened by its path, so that workers of a `DataLoader` share its pages instead of copying.
    """

    def __init__(self, part: "Part", views: Views = "first", dtype: str | None = "float32") -> None:
        """Takes image features; `Part.torch` describes the options."""
        if views not in get_args(Views):
            raise ValueError(f"views: found {views!r}, expected 'first', 'all' or 'random'")
        self.part = part
        """The image features."""
        self.views: Views = views
        """The views of an item: `first`, `all` or `random`."""
        self.dtype = np.dtype(part.dtype if dtype is None else dtype)
        """The type of the features."""
        self.classes = part.classes
        """The class names [C], which labels index."""
        self.labels = torch.from_numpy(part.labels.astype(np.int64))
        """The class of each item [N], int64."""

    def __len__(self) -> int:
        """Return the number of items N."""
        return len(self.part)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        """Return the features [D] or [V,D] of an item and its label."""
        if not -len(self) <= index < len(self):
            raise IndexError(f"index {index} is out of bounds for {len(self)} items")
        return self.__getitems__([index])[0]

    def __getitems__(self, indices: Sequence[int]) -> list[tuple[torch.Tensor, int]]:
        """Return the items of a batch, which a `DataLoader` asks for at once."""
        items = np.asarray(indices, dtype=np.intp)
        features = self.part.features
        values: Any
        if self.views == "all":
            values = features[items]
        elif self.views == "first" or self.part.shape[1] == 1:
            values = features[items, 0]
        else:
            choice = torch.randint(self.part.shape[1], (len(items),)).numpy()
            values = features[items, choice]
        tensors = torch.from_numpy(np.array(values, dtype=self.dtype))
        return list(zip(tensors, self.labels[torch.from_numpy(items)].tolist(), strict=True))

    def __repr__(self) -> str:
        """Return the features and the choice of views."""
        return f"<FeatureDataset of {self.part!r}, views {self.views!r}, {self.dtype}>"
