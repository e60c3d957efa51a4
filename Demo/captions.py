"""What a training scene is called: another caption at each visit."""

from scene import COLOURS, OPPOSITE, SHAPES, Thing, TrainingScene
from streams import CAPTION, Stream

TEXTURE_WORDS = {
    "solid": ["plain", "solid"],
    "striped": ["striped"],
    "dotted": ["dotted", "spotted"],
    "checkered": ["checkered"],
    "grid": ["crossed"],
    "shaded": ["shaded"],
}
SIZE_WORDS = {"big": ["big", "large"], "small": ["small", "little"]}
PREFIXES = ["a photo of ", "a photo of ", "a picture of ", "an image of ", "", "this is ", "there is "]
# The tokenizer learns these words.
WORDS = sorted(
    set(
        "a an photo picture image drawing cartoon sketch of this is there and on background above below left right "
        "inside . big large small little plain solid blurry dark noisy bright".split()
    )
    | set(SHAPES)
    | set(COLOURS)
    | {word for words in TEXTURE_WORDS.values() for word in words}
)


def with_article(words: str) -> str:
    return ("an " if words[0] in "aeiou" else "a ") + words


def _name(stream: Stream, thing: Thing, colour_chance: int) -> str:
    words = []
    if thing.size and stream.percent(30):
        words.append(stream.pick(SIZE_WORDS[thing.size]))
    if stream.percent(colour_chance):
        words.append(thing.colour)
    if stream.percent(25 if thing.texture == "solid" else 80):
        words.append(stream.pick(TEXTURE_WORDS[thing.texture]))
    if len(words) > 1 and stream.percent(15):
        stream.shuffle(words)
    return with_article(" ".join([*words, thing.shape]))


def caption(training: TrainingScene, seed: int, index: int, visit: int = 0) -> str:
    stream = Stream(seed, index, CAPTION, visit)
    chance = stream.pick([15, 45, 75])
    text = _content(stream, training, chance)
    if stream.percent(18):
        ground = training.ground_colour
        texture = training.scene.ground.texture
        if texture != "solid" and stream.percent(40):
            ground += " " + stream.pick(TEXTURE_WORDS[texture])
        text += f" on {with_article(ground)} background"
    return _prefix(stream, training) + text + stream.pick(["", "."])


def _content(stream: Stream, training: TrainingScene, chance: int) -> str:
    first = training.things[0]
    if not training.relation:
        return _name(stream, first, chance)
    second, relation = training.things[1], training.relation
    kind = stream.below(100)
    if kind < 72 or relation == "inside":
        parts = first, relation, second
    elif kind < 88:
        parts = second, OPPOSITE[relation], first
    else:
        parts = first, "and", second
    one = _name(stream, parts[0], chance)
    return f"{one} {parts[1]} {_name(stream, parts[2], chance)}"


def _prefix(stream: Stream, training: TrainingScene) -> str:
    if training.condition and stream.percent(60):
        return f"a {training.condition} {stream.pick(['photo', 'picture'])} of "
    if training.is_outlined and stream.percent(50):
        return stream.pick(["a drawing of ", "a cartoon of "])
    return stream.pick(PREFIXES)
