"""What is in a picture: vocabulary, the parts of a scene, and the scenes to train on.

Sources/Drawing says the same in Swift, draw for draw; Tests/Fixtures/make_drawing_values.py makes what is compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from drawing import HEAD, STRIDE
from streams import PIXELS, SCENE, Stream

Colour = tuple[int, ...]  # red, green and blue
Place = tuple[int, int, int]  # the middle and the size of a figure
SHAPES = (
    "circle square triangle pentagon hexagon star heart cross ring crescent arrow diamond oval drop bar dome".split()
)
COLOURS = {
    "red": (214, 40, 38),
    "orange": (240, 134, 30),
    "yellow": (240, 214, 50),
    "green": (54, 150, 62),
    "teal": (40, 170, 170),
    "blue": (44, 80, 200),
    "purple": (128, 60, 168),
    "pink": (240, 130, 180),
    "brown": (124, 80, 46),
    "white": (240, 240, 240),
    "black": (28, 28, 28),
    "gray": (136, 136, 136),
}
TEXTURES = "solid striped dotted checkered grid shaded".split()
CONDITIONS = [""] * 7 + ["blurry", "dark", "noisy"]
MIDDLE = 768  # of 1536 units

TOYS = {
    "house": ("triangle", "above", "square"),
    "tree": ("circle", "above", "bar"),
    "pine": ("triangle", "above", "bar"),
    "ice cream": ("heart", "above", "drop"),
    "snowman": ("circle", "above", "circle"),
    "mushroom": ("dome", "above", "bar"),
    "lamp": ("dome", "above", "triangle"),
    "fish": ("oval", "left of", "triangle"),
    "crown": ("star", "above", "square"),
    "flower": ("star", "above", "bar"),
    "trophy": ("heart", "above", "square"),
    "boat": ("triangle", "above", "dome"),
    "moon house": ("crescent", "above", "square"),
    "lollipop": ("ring", "above", "bar"),
    "angel": ("ring", "above", "triangle"),
    "church": ("cross", "above", "triangle"),
    "candle": ("drop", "above", "bar"),
    "windmill": ("cross", "above", "square"),
}
# What lies inside, its colour, what it lies in, its colour.
BADGES = [
    tuple(line.split())
    for line in """
    star red circle white
    star white circle red
    cross red square white
    cross white square red
    arrow white circle blue
    arrow blue circle white
    heart white hexagon green
    heart green hexagon white
    crescent yellow square blue
    crescent blue square yellow
    drop white pentagon teal
    drop teal pentagon white
    ring orange square black
    ring black square orange
    diamond yellow oval purple
    diamond purple oval yellow""".strip().splitlines()
]
# Kept out of training: these textures on these shapes, the toys' pairs in both orders, and every badge.
UNSEEN = {
    tuple(pair.split())
    for pair in (
        "checkered crescent, checkered cross, checkered hexagon, checkered triangle, dotted arrow, dotted circle, "
        "dotted hexagon, dotted star, grid arrow, grid diamond, grid star, grid triangle, shaded circle, "
        "shaded crescent, shaded heart, shaded square, striped drop, striped heart, striped ring, striped square"
    ).split(", ")
}
OPPOSITE = {"above": "below", "below": "above", "left of": "right of", "right of": "left of"}
DIRECTION = {"above": (0, -1), "below": (0, 1), "left of": (-1, 0), "right of": (1, 0)}
ROOMY = ("circle", "square", "hexagon", "pentagon", "oval", "dome")  # others fit in these
UNSEEN_PAIRS = set(TOYS.values()) | {(b, OPPOSITE[relation], a) for a, relation, b in TOYS.values()}


@dataclass
class Surface:
    texture: str
    first: Colour
    second: Colour
    period: int
    angle: int

    def numbers(self) -> list[int]:
        return [TEXTURES.index(self.texture), *self.first, *self.second, self.period, self.angle]


@dataclass
class Figure:
    shape: str
    x: int
    y: int
    width: int
    height: int
    angle: int
    surface: Surface
    outline: int = 0
    outline_colour: Colour = (0, 0, 0)
    is_hollow: bool = False
    wobble: int = 0

    def numbers(self) -> list[int]:
        place = [SHAPES.index(self.shape), self.x, self.y, self.width, self.height, self.angle % 256]
        edge = [self.outline, *self.outline_colour, int(self.is_hollow), self.wobble, 0]
        return place + self.surface.numbers() + edge


@dataclass
class Camera:
    noise: int
    blur: int
    gain: int
    lift: int
    light_angle: int
    light: int
    is_inverted: bool
    colour_noise: int


@dataclass
class Scene:
    seed: int
    ground: Surface
    specks: int
    camera: Camera
    figures: list[Figure]

    def record(self) -> list[int]:
        """The numbers that draw.c takes."""
        c = self.camera
        view = [c.noise, c.blur, c.gain, c.lift, c.light_angle, c.light, int(c.is_inverted), c.colour_noise]
        numbers = [self.seed, len(self.figures), *self.ground.numbers(), *view, self.specks]
        assert len(numbers) == HEAD
        for figure in self.figures:
            numbers += figure.numbers()
        return numbers + [0] * (STRIDE - len(numbers))


def distance(a: Colour, b: Colour) -> int:
    return sum(abs(x - y) for x, y in zip(a, b, strict=True))


def jittered(stream: Stream, colour: Colour, by: int) -> Colour:
    return tuple(min(max(value + stream.between(-by, by), 0), 255) for value in colour)


def far_colour(stream: Stream, from_: Sequence[str], by: int) -> str:
    """One of the colours that differ enough from all of those named."""
    return stream.pick(
        [name for name, colour in COLOURS.items() if all(distance(colour, COLOURS[other]) >= by for other in from_)]
    )


def sampled_figure_surface(stream: Stream, texture: str, colour: str) -> Surface:
    first = jittered(stream, COLOURS[colour], 16)
    second = first
    if texture == "shaded":
        is_darker = sum(first) > 330 or stream.percent(30)
        second = tuple(v // 4 if is_darker else (v + 765) // 4 for v in first)
    elif texture != "solid":
        tones = [(240, 240, 240), (25, 25, 25), tuple(v * 2 // 5 for v in first), tuple((v + 510) // 3 for v in first)]
        second = jittered(stream, stream.pick([tone for tone in tones if distance(tone, first) >= 190]), 10)
    period = stream.between(44, 68) if texture in ("striped", "checkered") else stream.between(40, 56)
    angle = stream.between(0, 255) if stream.percent(50) else stream.pick([0, 64, 32, 96])
    return Surface(texture, first, second, period, angle)


def sampled_ground(stream: Stream, unlike: str | None = None) -> tuple[str, Surface]:
    """The background's colour by name, and its surface."""
    colour = stream.pick(list(COLOURS)) if unlike is None else far_colour(stream, [unlike], 150)
    texture = stream.weighted(TEXTURES, [70, 4, 4, 3, 3, 16])
    base = COLOURS[colour]
    calm = tuple(v * 3 // 4 if sum(base) > 200 else v + 45 for v in base)
    first = jittered(stream, base, 12)
    second = jittered(stream, calm, 10)
    return colour, Surface(texture, first, second, stream.between(60, 120), stream.between(0, 255))


def sampled_camera(stream: Stream, condition: str) -> Camera:
    blur = 1 if stream.percent(20) else 0
    noise = stream.pick([0, 0, 4, 8, 14])
    gain = stream.between(215, 275)
    if condition == "blurry":
        blur = 2
    elif condition == "dark":
        gain = stream.between(110, 150)
    elif condition == "noisy":
        noise = stream.between(26, 40)
    lift = stream.between(-8, 14)
    light_angle = stream.between(0, 255)
    light = stream.between(0, 40)
    return Camera(noise, blur, gain, lift, light_angle, light, False, stream.pick([0, 0, 4]))


def sampled_specks(stream: Stream) -> int:
    return 8 if stream.percent(20) else 0


def sampled_outline(stream: Stream) -> tuple[int, Colour]:
    """The outline's width and colour: black or white in three scenes of ten, else none."""
    if not stream.percent(30):
        return 0, (0, 0, 0)
    width = stream.between(8, 18)
    return width, stream.pick([(15, 15, 15), (245, 245, 245)])


def pixel_seed(seed: int, index: int) -> int:
    return Stream(seed, index, PIXELS).word() >> 1


@dataclass
class Thing:
    """A figure as captions speak of it."""

    shape: str
    texture: str
    colour: str
    size: str = ""


@dataclass
class TrainingScene:
    scene: Scene
    things: list[Thing]
    relation: str
    ground_colour: str
    condition: str

    @property
    def is_outlined(self) -> bool:
        return self.scene.figures[0].outline > 0


def _seen_pair(stream: Stream) -> tuple[str, str]:
    while True:
        shape = stream.pick(SHAPES)
        texture = stream.weighted(TEXTURES, [30, 14, 14, 14, 14, 14])
        if (texture, shape) not in UNSEEN:
            return shape, texture


def training_scene(seed: int, index: int) -> TrainingScene:
    stream = Stream(seed, index, SCENE)
    ground_colour, ground = sampled_ground(stream)
    condition = stream.pick(CONDITIONS)
    sample = _pair if stream.percent(38) else _single
    width, colour = sampled_outline(stream)
    figures, things, relation = sample(stream, ground_colour)
    figures = [replace(figure, outline=width, outline_colour=colour) for figure in figures]
    camera = sampled_camera(stream, condition)
    scene = Scene(pixel_seed(seed, index), ground, sampled_specks(stream), camera, figures)
    return TrainingScene(scene, things, relation, ground_colour, condition)


def _single(stream: Stream, ground_colour: str) -> tuple[list[Figure], list[Thing], str]:
    shape, texture = _seen_pair(stream)
    colour = far_colour(stream, [ground_colour], 170)
    is_big = stream.percent(50)
    size = stream.between(500, 660) if is_big else stream.between(280, 380)
    room = min(max(MIDDLE - size * 105 // 100, 40), 300)
    angle = stream.between(-14, 14) if stream.percent(50) else 0
    x = MIDDLE + stream.between(-room, room)
    y = MIDDLE + stream.between(-room, room)
    width = size * stream.between(88, 112) // 100
    figure = Figure(shape, x, y, width, size, angle, sampled_figure_surface(stream, texture, colour))
    return [figure], [Thing(shape, texture, colour, "big" if is_big else "small")], ""


def _pair(stream: Stream, ground_colour: str) -> tuple[list[Figure], list[Thing], str]:
    (shape, texture), (other_shape, other_texture), relation = _seen_relation(stream)
    while True:
        colour = far_colour(stream, [ground_colour], 150)
        is_free = relation != "inside" and stream.percent(90)
        other_colour = far_colour(stream, [ground_colour] if is_free else [ground_colour, colour], 150)
        if relation != "inside" or (shape, colour, other_shape, other_colour) not in BADGES:
            break
    place = _inside if relation == "inside" else _beside
    (x, y, size), (other_x, other_y, other_size) = place(stream, relation)
    tilt = 16 if relation == "inside" else 14
    angle, other_angle = stream.between(-tilt, tilt), stream.between(-tilt, tilt)
    surface = sampled_figure_surface(stream, texture, colour)
    other_surface = sampled_figure_surface(stream, other_texture, other_colour)
    # What lies inside is drawn last.
    figures = [
        Figure(other_shape, other_x, other_y, other_size, other_size, other_angle, other_surface),
        Figure(shape, x, y, size, size, angle, surface),
    ]
    return figures, [Thing(shape, texture, colour), Thing(other_shape, other_texture, other_colour)], relation


def _seen_relation(stream: Stream) -> tuple[tuple[str, str], tuple[str, str], str]:
    while True:
        one, other = _seen_pair(stream), _seen_pair(stream)
        relations = ["above", "below", "left of", "right of", "inside"]
        relation = stream.pick(relations[:4] if one[0] == "bar" else relations)
        if (one[0], relation, other[0]) in UNSEEN_PAIRS or (relation == "inside" and other[0] not in ROOMY):
            continue
        return one, other, relation


def _inside(stream: Stream, _: str) -> tuple[Place, Place]:
    other_size, size = stream.between(540, 660), stream.between(220, 310)
    x = MIDDLE + stream.between(-90, 90)
    y = MIDDLE + stream.between(-90, 90)
    return (x + stream.between(-50, 50), y + stream.between(-50, 50), size), (x, y, other_size)


def _beside(stream: Stream, relation: str) -> tuple[Place, Place]:
    size, other_size = stream.between(270, 400), stream.between(270, 400)
    gap = stream.between(-80, 0) if stream.percent(50) else stream.between(0, 160)
    half = ((size + other_size) * 88 // 100 + gap) // 2
    shift = stream.between(-60, 60)
    x = MIDDLE + stream.between(-80, 80)
    y = MIDDLE + stream.between(-80, 80)
    dx, dy = DIRECTION[relation]
    one = (x + dx * half + (shift if dx == 0 else 0), y + dy * half + (shift if dy == 0 else 0), size)
    return one, (x - dx * half, y - dy * half, other_size)
