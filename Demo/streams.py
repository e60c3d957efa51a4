"""Random numbers: SplitMix64, a stream for each picture and purpose, ranges without division."""

from collections.abc import Sequence
from typing import TypeVar

Choice = TypeVar("Choice")

_MASK = (1 << 64) - 1
SCENE, CAPTION, PIXELS = 0, 1, 2


def _next(state: int) -> tuple[int, int]:
    state = (state + 0x9E3779B97F4A7C15) & _MASK
    z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return state, z ^ (z >> 31)


class Stream:
    """The numbers of one purpose for one picture: they depend on no other picture, order or thread."""

    def __init__(self, seed: int, index: int, purpose: int, visit: int = 0) -> None:
        state = _next(seed & _MASK)[1]
        state = _next(state ^ index)[1]
        self.state = _next(state ^ (visit << 2 | purpose))[1]

    def word(self) -> int:
        """32 random bits."""
        self.state, z = _next(self.state)
        return z >> 32

    def below(self, count: int) -> int:
        return (self.word() * count) >> 32

    def between(self, low: int, high: int) -> int:
        """A number from low to high, both included."""
        return low + self.below(high - low + 1)

    def percent(self, chance: int) -> bool:
        """True in chance of 100 cases."""
        return self.below(100) < chance

    def pick(self, choices: Sequence[Choice]) -> Choice:
        return choices[self.below(len(choices))]

    def weighted(self, choices: Sequence[Choice], weights: Sequence[int]) -> Choice:
        place = self.below(sum(weights))
        for choice, weight in zip(choices, weights, strict=True):
            if place < weight:
                return choice
            place -= weight
        raise AssertionError("a place behind the sum of all weights")

    def shuffle(self, items: list[Choice]) -> None:
        for i in range(len(items) - 1, 0, -1):
            j = self.below(i + 1)
            items[i], items[j] = items[j], items[i]
