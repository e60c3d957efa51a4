"""PyTorch data sets of features."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fewshot
from conftest import CLASSES

torch = pytest.importorskip("torch")


def part_of(folder: Path) -> fewshot.Part:
    part = fewshot.open(folder).train
    assert part is not None
    return part


def batches(data: Any, **options: Any) -> list[Any]:
    return list(torch.utils.data.DataLoader(data, batch_size=16, **options))


@pytest.mark.parametrize("name", ["mapped", "half", "compressed"])
def test_the_views_are_those_of_the_file(samples: Path, name: str) -> None:
    part = part_of(samples / name)
    features = np.asarray(part.features, np.float32)
    first = part.torch()
    np.testing.assert_array_equal(torch.cat([batch[0] for batch in batches(first)]).numpy(), features[:, 0])
    np.testing.assert_array_equal(torch.cat([batch[1] for batch in batches(first)]).numpy(), part.labels)
    every = part.torch("all", dtype=None)
    np.testing.assert_array_equal(torch.cat([batch[0] for batch in batches(every)]).numpy(), features)
    assert every[0][0].dtype == getattr(torch, part.dtype.name)
    assert first.classes == CLASSES
    assert len(first) == 40


def test_a_random_view_is_one_of_the_item_and_depends_on_the_seed(samples: Path) -> None:
    part = part_of(samples / "mapped")
    data = part.torch("random")
    chosen = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        values = torch.cat([batch[0] for batch in batches(data)]).numpy()
        equal = (np.asarray(part.features) == values[:, None]).all(2)
        assert equal.sum(1).tolist() == [1] * 40
        chosen.append(equal.argmax(1).tolist())
    assert chosen[0] == chosen[1]
    assert chosen[0] != chosen[2]
    assert set(chosen[0]) == {0, 1, 2}


@pytest.mark.parametrize("context", ["fork", "spawn"])
@pytest.mark.parametrize("name", ["mapped", "compressed"])
def test_workers_read_what_the_process_reads(samples: Path, name: str, context: str) -> None:
    data = part_of(samples / name).torch()
    data[0]
    own = batches(data)
    theirs = batches(data, num_workers=1, multiprocessing_context=context)
    for mine, other in zip(own, theirs, strict=True):
        assert torch.equal(mine[0], other[0])
        assert torch.equal(mine[1], other[1])


def test_indices_outside_and_unknown_views_are_refused(samples: Path) -> None:
    part = part_of(samples / "mapped")
    with pytest.raises(IndexError):
        part.torch()[40]
    with pytest.raises(ValueError, match="expected 'first', 'all' or 'random'"):
        part.torch("last")  # type: ignore[arg-type]
