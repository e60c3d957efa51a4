#!/usr/bin/env python3
"""Makes Tests/Fixtures/torchscript: one tiny CLIP of random weights as torch.jit.save writes it, and its tensors.

    python3 Tests/Fixtures/make_torch_script.py          needs torch 2.13, open_clip_torch, safetensors

    model.safetensors       the weights, float16, in OpenAI's names
    scripted.pt             open_clip's CLIP, torch.jit.script
    traced.pt               a module with OpenAI's names, buffers and attributes, torch.jit.trace_module
    attributes.pt           a module with attributes of every type that TorchScript has a mark for
    openai.pkl              data.pkl as torch 1.7 wrote it on an accelerator: written here byte by byte; storage N holds
                            the Nth tensor by name of model.safetensors, then come the three sizes, int64
    expected.json           of each archive what state_dict() of torch.jit.load says besides the weights, which it is
                            compared with here: shape, type, SHA-256 of the bytes

Archives lose the debugging tables of their code, which are most of them; `python3 make_torch_script.py FOLDER whole`
leaves them as torch wrote them.
"""

import collections
import hashlib
import io
import json
import os
import pickle as unpickling
import struct
import sys
import zipfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch

try:
    import open_clip
except RuntimeError:
    # PyPI's torchvision lacks its compiled operators beside a torch for processors; none of them is used here.
    library = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        library.define(name + "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import open_clip
from safetensors.torch import save_file

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "torchscript")
SIZES: dict[str, Any] = dict(
    embed_dim=8,
    vision_cfg=dict(image_size=8, layers=1, width=16, head_width=8, patch_size=4, mlp_ratio=1.0),
    text_cfg=dict(context_length=6, vocab_size=20, width=16, heads=2, layers=1, mlp_ratio=2.0),
)
SCALARS = {"input_resolution": 8, "context_length": 6, "vocab_size": 20}


class QuickGELU(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * torch.sigmoid(1.702 * x)


class Block(torch.nn.Module):
    def __init__(self, width: int, heads: int, hidden: int, mask: torch.Tensor | None) -> None:
        super().__init__()
        self.attn = torch.nn.MultiheadAttention(width, heads)
        self.ln_1 = torch.nn.LayerNorm(width)
        self.mlp = torch.nn.Sequential(
            collections.OrderedDict(
                c_fc=torch.nn.Linear(width, hidden), gelu=QuickGELU(), c_proj=torch.nn.Linear(hidden, width)
            )
        )
        self.ln_2 = torch.nn.LayerNorm(width)
        self.attn_mask = mask

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.ln_1(x)
        x = x + self.attn(y, y, y, need_weights=False, attn_mask=self.attn_mask)[0]
        return x + self.mlp(self.ln_2(x))


class Transformer(torch.nn.Module):
    def __init__(self, width: int, layers: int, heads: int, hidden: int, mask: torch.Tensor | None = None) -> None:
        super().__init__()
        self.resblocks = torch.nn.Sequential(*[Block(width, heads, hidden, mask) for _ in range(layers)])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.resblocks(x)


class Vision(torch.nn.Module):
    def __init__(self, sizes: dict[str, int], embedding: int) -> None:
        super().__init__()
        width, patch = sizes["width"], sizes["patch_size"]
        self.input_resolution = sizes["image_size"]
        self.conv1 = torch.nn.Conv2d(3, width, patch, patch, bias=False)
        self.class_embedding = torch.nn.Parameter(torch.zeros(width))
        self.positional_embedding = torch.nn.Parameter(torch.zeros((sizes["image_size"] // patch) ** 2 + 1, width))
        self.ln_pre = torch.nn.LayerNorm(width)
        self.transformer = Transformer(width, sizes["layers"], width // sizes["head_width"], width)
        self.ln_post = torch.nn.LayerNorm(width)
        self.proj = torch.nn.Parameter(torch.zeros(width, embedding))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.conv1(x).flatten(2).permute(0, 2, 1)
        first = self.class_embedding.expand(x.shape[0], 1, -1)
        x = self.ln_pre(torch.cat([first, x], 1) + self.positional_embedding)
        return self.ln_post(self.transformer(x.permute(1, 0, 2))[0]) @ self.proj


class OpenAI(torch.nn.Module):
    """The names, buffers and attributes of OpenAI's archives."""

    def __init__(self) -> None:
        super().__init__()
        text = SIZES["text_cfg"]
        self.visual = Vision(SIZES["vision_cfg"], SIZES["embed_dim"])
        mask = torch.full((text["context_length"],) * 2, float("-inf")).triu(1)
        self.transformer = Transformer(text["width"], text["layers"], text["heads"], 2 * text["width"], mask)
        self.token_embedding = torch.nn.Embedding(text["vocab_size"], text["width"])
        self.positional_embedding = torch.nn.Parameter(torch.zeros(text["context_length"], text["width"]))
        self.ln_final = torch.nn.LayerNorm(text["width"])
        self.text_projection = torch.nn.Parameter(torch.zeros(text["width"], SIZES["embed_dim"]))
        self.logit_scale = torch.nn.Parameter(torch.tensor(4.6))
        for name, value in SCALARS.items():
            self.register_buffer(name, torch.tensor(value))

    def encode_image(self, image: torch.Tensor) -> torch.Tensor:
        return self.visual(image)

    def encode_text(self, text: torch.Tensor) -> torch.Tensor:
        x = self.token_embedding(text) + self.positional_embedding
        x = self.ln_final(self.transformer(x.permute(1, 0, 2)).permute(1, 0, 2))
        return x[torch.arange(x.shape[0]), text.argmax(-1)] @ self.text_projection

    def forward(self, image: torch.Tensor, text: torch.Tensor) -> torch.Tensor:
        image, text = self.encode_image(image), self.encode_text(text)
        return self.logit_scale.exp() * image @ text.t()


class Attributes(torch.nn.Module):
    """One module under two names, a buffer that is a window, and attributes that are no tensors of the model."""

    integers: list[int]

    def __init__(self) -> None:
        super().__init__()
        self.norm = torch.nn.BatchNorm1d(3)
        self.linear = torch.nn.Linear(3, 2)
        self.again = self.linear
        self.register_buffer("window", torch.arange(24.0).reshape(4, 6)[1:3, ::2].t())
        self.register_buffer("flags", torch.tensor([True, False]))
        self.integers = [1, 1 << 40, -3]
        self.numbers = [0.5, -1.0]
        self.truths = [True]
        self.tensors = [torch.ones(2)]
        self.map = {"a": 1}
        self.pair = ("x", None)
        self.texts = ["y"]
        self.rate = 0.25

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        total = (
            len(self.integers)
            + self.numbers[0]
            + int(self.truths[0])
            + self.tensors[0].sum()
            + self.map["a"]
            + len(self.pair[0])
            + len(self.texts)
            + self.rate
        )
        return self.again(self.linear(self.norm(x)) @ torch.ones(2, 3)) + total + self.window.sum() + self.flags.sum()


class Pickle:
    """The instructions that torch 1.7's own pickler writes, protocol 2; all that repeats is remembered."""

    def __init__(self) -> None:
        self.bytes = bytearray(b"\x80\x02")
        self.memory: dict[Any, int] = {}

    def remember(self, key: Any) -> None:
        place = len(self.memory)
        self.memory[key] = place
        self.bytes += b"q" + bytes([place]) if place < 256 else b"r" + struct.pack("<I", place)

    def recall(self, key: Any) -> bool:
        place = self.memory.get(key)
        if place is not None:
            self.bytes += b"h" + bytes([place]) if place < 256 else b"j" + struct.pack("<I", place)
        return place is not None

    def name(self, module: str, name: str) -> None:
        if not self.recall((module, name)):
            self.bytes += f"c{module}\n{name}\n".encode()
            self.remember((module, name))

    def text(self, text: str) -> None:
        if not self.recall(text):
            self.bytes += b"X" + struct.pack("<I", len(text.encode())) + text.encode()
            self.remember(text)

    def integer(self, value: int) -> None:
        if 0 <= value < 256:
            self.bytes += b"K" + bytes([value])
        elif 0 <= value < 65536:
            self.bytes += b"M" + struct.pack("<H", value)
        elif -(1 << 31) <= value < 1 << 31:
            self.bytes += b"J" + struct.pack("<i", value)
        else:
            self.bytes += b"\x8a\x08" + struct.pack("<q", value)

    def integers(self, values: Iterable[int]) -> None:
        self.bytes += b"("
        for value in values:
            self.integer(value)
        self.bytes += b"t"

    def tensor(self, storage: int, tensor: torch.Tensor, kind: str, is_parameter: bool) -> None:
        self.name("torch._utils", "_rebuild_tensor_v2")
        self.bytes += b"(("
        self.text("storage")
        self.name("torch", kind)
        self.text(str(storage))
        self.text("cuda:0")
        self.integer(tensor.numel())
        self.bytes += b"tQ"
        self.remember(("storage", storage))
        self.integer(0)
        self.integers(tensor.shape)
        self.integers(tensor.contiguous().stride())
        self.bytes += b"\x88" if is_parameter else b"\x89"
        self.name("collections", "OrderedDict")
        self.bytes += b")RtR"
        self.remember(("tensor", storage))

    def list(self, name: str, values: Sequence[Callable[[], object]]) -> None:
        """A list with its element type; a value is a function that writes it."""
        self.name("torch.jit._pickle", name)
        self.bytes += b"(](" if values else b"(]"
        for write in values:
            write()
        self.bytes += b"etR" if values else b"tR"

    def tagged(self, write: Callable[[], object], kind: str) -> None:
        self.name("torch.jit._pickle", "restore_type_tag")
        write()
        self.text(kind)
        self.bytes += b"\x86R"

    def module(self, attributes: dict[str, Any], place: str) -> None:
        """`attributes` are tensors and modules by name, a class's path at "": submodules come last."""
        self.name(*attributes[""].rsplit(".", 1))
        self.bytes += b")\x81}("
        for name, value in attributes.items():
            if isinstance(value, tuple):
                self.text(name)
                self.tensor(*value)
        self.text("training")
        self.bytes += b"\x88"
        if place == "":
            self.extras()
        for name, value in attributes.items():
            if isinstance(value, dict):
                self.text(name)
                self.module(value, f"{place}.{name}")
        self.bytes += b"ub"
        self.remember(("module", place))

    def extras(self) -> None:
        """What archives may hold besides: numbers, texts and lists of every type."""

        def write(value: int) -> Callable[[], object]:
            return lambda: self.integer(value)

        def write_map() -> None:
            self.bytes.extend(b"}(")
            self.text("a")
            self.integer(1)
            self.bytes.extend(b"u")

        self.text("_sizes")
        self.list("build_intlist", [write(1), write(300), write(-5), write(1 << 40)])
        self.text("_rates")
        self.list("build_doublelist", [lambda: self.bytes.extend(b"G" + struct.pack(">d", 0.5))])
        self.text("_flags")
        self.list("build_boollist", [lambda: self.bytes.extend(b"\x88")])
        self.text("_tensors")
        self.list("build_tensorlist", [lambda: self.recall(("tensor", 0))])
        self.text("_none")
        self.list("build_intlist", [])
        self.text("_map")
        self.tagged(
            write_map,
            "Dict[str, int]",
        )
        self.text("_name")
        self.text("ViT")
        self.text("_nothing")
        self.bytes += b"N"


def hand_written(state: dict[str, torch.Tensor]) -> tuple[bytes, list[bytes]]:
    """The pickle of OpenAI's form for the tensors `state`, sorted by name, and the bytes of its storages."""
    tree: dict[str, Any] = {"": "__torch__.multimodal.model.multimodal_transformer.Multimodal"}
    storages = []
    scalars = [(name, torch.tensor(value)) for name, value in SCALARS.items()]
    for number, (name, tensor) in enumerate(sorted(state.items()) + scalars):
        *path, last = name.split(".")
        module = tree
        for part in path:
            module = module.setdefault(part, {"": f"__torch__.multimodal.___torch_mangle_{len(path)}.{part.title()}"})
        kind = "HalfStorage" if tensor.dtype == torch.float16 else "LongStorage"
        module[last] = (number, tensor, kind, tensor.is_floating_point())
        storages.append(bytes(tensor.contiguous().reshape(-1).view(torch.uint8).numpy()))
    pickle = Pickle()
    pickle.module(tree, "")
    pickle.bytes += b"."
    return bytes(pickle.bytes), storages


def check_hand_written(pickle: bytes, storages: list[bytes], state: dict[str, torch.Tensor]) -> dict[str, Any]:
    """The tensors that Python's own unpickler finds in the pickle, the archive's classes being empty ones."""
    classes: dict[str, type] = {}

    class Reader(unpickling.Unpickler):
        def find_class(self, module: str, name: str) -> Any:
            if module.startswith("__torch__"):
                kind = type(name, (), {"path": f"{module}.{name}"})
                return classes.setdefault(f"{module}.{name}", kind)
            if module == "torch.jit._pickle":
                return (lambda value, kind: value) if name == "restore_type_tag" else list
            if module == "collections":
                return collections.OrderedDict
            if module == "torch._utils":
                return lambda storage, offset, shape, stride, gradient, hooks: torch.frombuffer(
                    bytearray(storages[int(storage[2])]), dtype=storage[1]
                ).as_strided(shape, stride, offset)
            return {"HalfStorage": torch.float16, "LongStorage": torch.int64}[name]

        def persistent_load(self, identifier: Any) -> Any:
            assert identifier[0] == "storage" and identifier[3] == "cuda:0"
            return identifier

    found: dict[str, torch.Tensor] = {}

    def walk(module: Any, name: str) -> None:
        for key, value in vars(module).items():
            place = f"{name}.{key}" if name else key
            if isinstance(value, torch.Tensor):
                found[place] = value
            elif type(value).__module__ == __name__:
                walk(value, place)

    walk(Reader(io.BytesIO(pickle)).load(), "")
    assert sorted(found) == sorted([*state, *SCALARS])
    return found


def random_state(model: torch.nn.Module, generator: torch.Generator) -> dict[str, torch.Tensor]:
    state = collections.OrderedDict()
    for name, value in sorted(model.state_dict().items()):
        if value.is_floating_point() and name != "attn_mask":
            state[name] = (0.3 * torch.randn(value.shape, generator=generator) + (name.endswith("weight"))).half()
    return state


def note(tensors: dict[str, torch.Tensor]) -> dict[str, Any]:
    return {
        name: {
            "shape": list(tensor.shape),
            "type": str(tensor.dtype).removeprefix("torch."),
            "sha256": hashlib.sha256(
                bytes(tensor.detach().contiguous().reshape(-1).view(torch.uint8).numpy())
            ).hexdigest(),
        }
        for name, tensor in tensors.items()
    }


def save(program: Any, name: str, folder: str, state: dict[str, torch.Tensor]) -> dict[str, Any]:
    """Writes an archive and describes the tensors that torch reads from it and that are not in `state`."""
    path = os.path.join(folder, name)
    torch.jit.save(program, path)
    if "whole" not in sys.argv:
        with zipfile.ZipFile(path) as file:
            entries = [(entry, file.read(entry)) for entry in file.infolist()]
        with zipfile.ZipFile(path, "w") as file:
            for entry, data in entries:
                if not entry.filename.endswith(".debug_pkl"):
                    file.writestr(zipfile.ZipInfo(entry.filename), data, entry.compress_type)
    return besides(torch.jit.load(path, map_location="cpu").state_dict(), state)


def besides(found: dict[str, torch.Tensor], state: dict[str, torch.Tensor]) -> dict[str, Any]:
    """What `found` has besides `state`, all of which it has."""
    assert all(found[name].dtype == state[name].dtype and torch.equal(found[name], state[name]) for name in state)
    return note({name: tensor for name, tensor in found.items() if name not in state})


def main() -> None:
    folder = sys.argv[1] if len(sys.argv) > 1 else HERE
    os.makedirs(folder, exist_ok=True)
    generator = torch.Generator().manual_seed(20261121)
    expected = {}
    plain = OpenAI().eval().half()
    state = random_state(plain, generator)
    plain.load_state_dict(state, strict=False)
    save_file(state, os.path.join(folder, "model.safetensors"))

    peer = open_clip.CLIP(**SIZES, quick_gelu=True).eval().half()
    peer.load_state_dict(state, strict=False)
    expected["scripted.pt"] = save(torch.jit.script(peer), "scripted.pt", folder, state)
    image, text = torch.zeros(1, 3, 8, 8).half(), torch.zeros(1, 6, dtype=torch.long)
    with torch.no_grad():
        traced = torch.jit.trace_module(
            plain, {"forward": (image, text), "encode_image": image, "encode_text": text}, check_trace=False
        )
    expected["traced.pt"] = save(traced, "traced.pt", folder, state)
    torch.manual_seed(7)
    expected["attributes.pt"] = save(torch.jit.script(Attributes().eval()), "attributes.pt", folder, {})

    pickle, storages = hand_written(state)
    expected["openai.pkl"] = besides(check_hand_written(pickle, storages, state), state)
    with open(os.path.join(folder, "openai.pkl"), "wb") as file:
        file.write(pickle)
    with open(os.path.join(folder, "open_clip_config.json"), "w") as file:
        json.dump({"model_cfg": {**SIZES, "quick_gelu": True}}, file, indent=1)
        file.write("\n")
    with open(os.path.join(folder, "expected.json"), "w") as file:
        json.dump(expected, file, indent=1, sort_keys=True)
        file.write("\n")
    for name in sorted(os.listdir(folder)):
        print(name, os.path.getsize(os.path.join(folder, name)))


if __name__ == "__main__":
    main()
