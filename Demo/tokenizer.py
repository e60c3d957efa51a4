"""CLIP's byte-pair tokenizer, with merges learned on the words of the captions.

Every word of theirs comes to be one token. OpenAI's loaders read the merges file and give the same tokens.
"""

import collections
import itertools
import pathlib
from collections.abc import Iterable, Sequence

Pair = tuple[str, str]
HEAD = "#version: 0.2\n"
END_OF_WORD = "</w>"


def _characters() -> list[str]:
    """The characters that stand for bytes, those that can be printed first."""
    printed = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printed]
    return [chr(byte) for byte in printed] + [chr(256 + place) for place in range(len(others))]


def _letters(word: str) -> list[str]:
    return [*word[:-1], word[-1] + END_OF_WORD]


def _merged(pieces: Sequence[str], pair: Pair) -> list[str]:
    joined, place = [], 0
    while place < len(pieces):
        if tuple(pieces[place : place + 2]) == pair:
            joined.append(pieces[place] + pieces[place + 1])
            place += 2
        else:
            joined.append(pieces[place])
            place += 1
    return joined


def learned_merges(words: Iterable[str]) -> list[Pair]:
    """Joins the most frequent pair, the first in the alphabet among equals, until each word is one token."""
    rows = [_letters(word) for word in words]
    merges: list[Pair] = []
    while True:
        counts = collections.Counter(pair for row in rows for pair in itertools.pairwise(row))
        if not counts:
            return merges
        merges.append(min(counts, key=lambda pair: (-counts[pair], pair)))
        rows = [_merged(row, merges[-1]) for row in rows]


def write_merges(merges: list[Pair], path: pathlib.Path) -> None:
    # Without a newline at the end: open_clip counts an empty merge after it, and every later token shifts.
    pathlib.Path(path).write_text(HEAD + "\n".join(" ".join(pair) for pair in merges))


def read_merges(path: pathlib.Path) -> list[Pair]:
    lines = pathlib.Path(path).read_text().removeprefix(HEAD).split("\n")
    return [(first, second) for first, second in map(str.split, lines)]


class Tokenizer:
    def __init__(self, merges: list[Pair], context: int = 24) -> None:
        characters = _characters()
        tokens = characters + [c + END_OF_WORD for c in characters] + ["".join(pair) for pair in merges]
        tokens += ["<|startoftext|>", "<|endoftext|>"]
        self.numbers = {token: number for number, token in enumerate(tokens)}
        self.ranks = {pair: rank for rank, pair in enumerate(merges)}
        self.context, self.count = context, len(tokens)
        self.words: dict[str, list[int]] = {}

    def _word(self, word: str) -> list[int]:
        if word not in self.words:
            pieces = _letters(word)
            while known := [pair for pair in itertools.pairwise(pieces) if pair in self.ranks]:
                pieces = _merged(pieces, min(known, key=lambda pair: self.ranks[pair]))
            self.words[word] = [self.numbers[piece] for piece in pieces]
        return self.words[word]

    def __call__(self, text: str) -> list[int]:
        """The tokens of a caption [context], with zeros after its end."""
        tokens = [self.count - 2]
        for word in text.lower().replace(".", " .").split():
            tokens += self._word(word)
        tokens = [*tokens[: self.context - 1], self.count - 1]
        return tokens + [0] * (self.context - len(tokens))
