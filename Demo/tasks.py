"""The data sets to adapt to: badges and toys, in the training's style or another."""

from dataclasses import replace

from captions import with_article
from scene import (
    BADGES,
    CONDITIONS,
    DIRECTION,
    MIDDLE,
    TEXTURES,
    TOYS,
    Colour,
    Figure,
    Scene,
    Surface,
    far_colour,
    jittered,
    pixel_seed,
    sampled_camera,
    sampled_figure_surface,
    sampled_ground,
    sampled_outline,
    sampled_specks,
)
from streams import SCENE, Stream

STYLES = "plain crayon paper chalk night glare invert grain grey".split()
TASKS = ["badges", "toys"]
# How large the upper or left part and the other one are, in percent.
PROPORTIONS = {
    "house": (110, 100),
    "tree": (115, 75),
    "pine": (120, 70),
    "ice cream": (95, 95),
    "snowman": (75, 105),
    "mushroom": (110, 80),
    "lamp": (95, 95),
    "fish": (120, 65),
    "crown": (90, 95),
    "flower": (95, 85),
    "trophy": (95, 85),
    "boat": (100, 110),
    "moon house": (80, 100),
    "lollipop": (90, 85),
    "angel": (60, 115),
    "church": (65, 110),
    "candle": (60, 100),
    "windmill": (100, 90),
}


def class_names(task: str) -> list[str]:
    if task == "badges":
        return [
            f"{colour} {shape} inside {with_article(f'{around} {outer}')}" for shape, colour, outer, around in BADGES
        ]
    return [f"{shape} {relation} {with_article(other)}" for shape, relation, other in TOYS.values()]


def index_of(task: str, label: int, number: int) -> int:
    """Where a picture's streams are: the same for every count and style, and never a training scene's."""
    return (TASKS.index(task) + 1) << 40 | label << 20 | number


def scene(task: str, label: int, number: int, seed: int, style: str = "plain") -> Scene:
    index = index_of(task, label, number)
    stream = Stream(seed, index, SCENE)
    sampled = (_badge if task == "badges" else _toy)(stream, label)
    return RESTYLE[style](stream, replace(sampled, seed=pixel_seed(seed, index)))


def _badge(stream: Stream, label: int) -> Scene:
    shape, colour, outer, around = BADGES[label]
    _, ground = sampled_ground(stream, unlike=around)
    outer_size = stream.between(480, 620)
    size = outer_size * stream.between(40, 52) // 100
    x = MIDDLE + stream.between(-90, 90)
    y = MIDDLE + stream.between(-90, 90)
    angle = stream.between(-14, 14)
    figures = [
        Figure(outer, x, y, outer_size, outer_size, angle, sampled_figure_surface(stream, "solid", around)),
        Figure(shape, x, y, size, size, angle, sampled_figure_surface(stream, "solid", colour)),
    ]
    camera = sampled_camera(stream, stream.pick(CONDITIONS))
    return Scene(0, ground, sampled_specks(stream), camera, figures)


def _toy(stream: Stream, label: int) -> Scene:
    name = list(TOYS)[label]
    shape, relation, other = TOYS[name]
    ground_colour, ground = sampled_ground(stream)
    base = stream.between(290, 400)
    size, other_size = (base * part * stream.between(90, 110) // 10000 for part in PROPORTIONS[name])
    half = ((size + other_size) * 84 // 100 + stream.between(-30, 10)) // 2
    x = MIDDLE + stream.between(-80, 80)
    y = MIDDLE + stream.between(-80, 80)
    shift = stream.between(-25, 25)
    angle = stream.between(-10, 10)
    colour = far_colour(stream, [ground_colour], 150)
    other_colour = far_colour(stream, [ground_colour], 150)
    texture, other_texture = (stream.weighted(TEXTURES, [50, 10, 10, 10, 10, 10]) for _ in range(2))
    width, outline_colour = sampled_outline(stream)
    dx, dy = DIRECTION[relation]
    top_x, top_y = x + dx * half + (shift if dx == 0 else 0), y + dy * half
    other_surface = sampled_figure_surface(stream, other_texture, other_colour)
    surface = sampled_figure_surface(stream, texture, colour)
    figures = [
        Figure(other, x - dx * half, y - dy * half, other_size, other_size, angle, other_surface),
        Figure(shape, top_x, top_y, size, size, angle, surface),
    ]
    figures = [replace(figure, outline=width, outline_colour=outline_colour) for figure in figures]
    camera = sampled_camera(stream, stream.pick(CONDITIONS))
    return Scene(0, ground, sampled_specks(stream), camera, figures)


def _crayon(stream: Stream, scene: Scene) -> Scene:
    """Coloured pencil on paper: fine hatching in each figure's colour, with a wobbly edge."""
    paper = stream.between(222, 246)
    texture = "shaded" if stream.percent(50) else "solid"
    ground = replace(
        scene.ground, texture=texture, first=(paper, paper, paper - 12), second=(paper - 30, paper - 28, paper - 30)
    )
    camera = replace(scene.camera, blur=min(scene.camera.blur, 1), noise=stream.between(8, 18))

    def hatched(figure: Figure) -> Figure:
        colour = figure.surface.first
        if sum(colour) > 520:
            colour = tuple(v * 3 // 5 for v in colour)
        faint = tuple((paper * 2 + v) // 3 for v in colour)
        period = stream.between(15, 22)
        surface = replace(
            figure.surface,
            texture="striped",
            first=colour,
            second=faint,
            period=period,
            angle=stream.pick([20, 30, 40, 220, 230]),
        )
        return replace(
            figure,
            surface=surface,
            outline=stream.between(5, 9),
            outline_colour=tuple(v * 3 // 4 for v in colour),
            wobble=20,
        )

    return replace(scene, ground=ground, specks=0, camera=camera, figures=[hatched(f) for f in scene.figures])


def _paper(stream: Stream, scene: Scene) -> Scene:
    """An ink drawing with a pale wash."""
    paper = stream.between(225, 250)
    ground = replace(scene.ground, texture="solid", first=(paper, paper, paper - 14))
    camera = replace(scene.camera, blur=min(scene.camera.blur, 1))

    def washed(figure: Figure) -> Figure:
        surface = replace(
            figure.surface,
            first=tuple((v + 2 * paper) // 3 for v in figure.surface.first),
            second=tuple((v + 2 * paper) // 3 for v in figure.surface.second),
        )
        return replace(figure, surface=surface, outline=stream.between(10, 18), outline_colour=(30, 30, 45), wobble=16)

    return replace(scene, ground=ground, specks=0, camera=camera, figures=[washed(f) for f in scene.figures])


def _chalk(stream: Stream, scene: Scene) -> Scene:
    """Outlines in chalk on a board."""
    board = stream.pick([(30, 58, 44), (34, 38, 44), (26, 44, 60)])
    ground = replace(scene.ground, texture="solid", first=jittered(stream, board, 6))
    camera = replace(scene.camera, noise=stream.between(14, 26), blur=0)
    chalks = [(235, 235, 230), (235, 235, 230), (240, 210, 120), (150, 210, 240), (245, 170, 190)]

    def drawn(figure: Figure) -> Figure:
        width = stream.between(14, 22)
        colour = jittered(stream, stream.pick(chalks), 8)
        return replace(figure, outline=width, outline_colour=colour, is_hollow=True, wobble=16)

    return replace(scene, ground=ground, camera=camera, figures=[drawn(f) for f in scene.figures])


def _night(stream: Stream, scene: Scene) -> Scene:
    noise, gain = stream.between(18, 30), stream.between(60, 95)
    lift = stream.between(0, 12)
    camera = replace(scene.camera, noise=noise, gain=gain, blur=1, lift=lift, colour_noise=stream.between(8, 16))
    return replace(scene, camera=camera)


def _glare(stream: Stream, scene: Scene) -> Scene:
    gain, light = stream.between(300, 360), stream.between(150, 260)
    lift = stream.between(10, 50)
    return replace(scene, camera=replace(scene.camera, gain=gain, light=light, lift=lift, noise=stream.between(10, 24)))


def _grain(stream: Stream, scene: Scene) -> Scene:
    noise, gain = stream.between(55, 80), stream.between(130, 190)
    lift = stream.between(10, 40)
    return replace(
        scene, camera=replace(scene.camera, noise=noise, gain=gain, lift=lift, colour_noise=stream.between(15, 30))
    )


def _grey(stream: Stream, scene: Scene) -> Scene:
    def grey(colour: Colour) -> Colour:
        return (sum(colour) // 3,) * 3

    def without_colour(surface: Surface) -> Surface:
        return replace(surface, first=grey(surface.first), second=grey(surface.second))

    figures = [
        replace(f, surface=without_colour(f.surface), outline_colour=grey(f.outline_colour)) for f in scene.figures
    ]
    return replace(scene, ground=without_colour(scene.ground), figures=figures)


RESTYLE = {
    "plain": lambda _, scene: scene,
    "crayon": _crayon,
    "paper": _paper,
    "chalk": _chalk,
    "night": _night,
    "glare": _glare,
    "grain": _grain,
    "grey": _grey,
    "invert": lambda _, scene: replace(scene, camera=replace(scene.camera, is_inverted=True)),
}
