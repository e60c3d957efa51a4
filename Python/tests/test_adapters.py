"""Adapters of every method against the tool, PyTorch and safetensors, and files that lie."""

import io
import json
import os
import pickle
import random
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fewshot
from fewshot._safetensors import read_safetensors
from parity_arrays import tool

METHODS = (
    "zero-shot linear-probe tip-adapter tip-adapter-f tip-x ape ape-t gda timo timo-s proker cluster-adapter "
    "clip-adapter task-res zs-lp clap lp-plus-plus cross-modal graph-adapter up-adapter pseudo-tip"
).split()


@pytest.mark.parametrize("method", METHODS)
def test_probabilities_are_those_of_the_tool(method: str, study: str, features: str, test_images: Any) -> None:
    adapter = fewshot.load(study, method)
    path = os.path.dirname(adapter.source)
    items = json.loads(tool("fewshot-train", "predict", "--run", path, features, "--top", 100, "--json"))
    places = {name: place for place, name in enumerate(adapter.classes)}
    expected = np.zeros((len(items), len(places)))
    for row, item in enumerate(items):
        for entry in item["classes"]:
            expected[row, places[entry["name"]]] = entry["probability"]
    # Sums of 32 float32 products in another order, times a logit scale of 100.
    np.testing.assert_allclose(adapter.predict_proba(test_images), expected, atol=2e-5, rtol=0)
    assert adapter.predict(test_images) == [item["classes"][0]["name"] for item in items]
    assert adapter.method == method


@pytest.mark.parametrize("method", METHODS)
def test_a_module_has_the_logits_of_the_adapter(method: str, study: str, test_images: Any) -> None:
    torch = pytest.importorskip("torch")
    adapter = fewshot.load(study, method)
    logits = adapter(test_images)
    module = adapter.module()
    x = torch.from_numpy(test_images)
    np.testing.assert_allclose(module(x).numpy(), logits, rtol=1e-5, atol=1e-4)

    # The state holds everything that the logits depend on.
    other = adapter.module()
    for tensor in other.buffers():
        tensor.zero_()
    other.load_state_dict(module.state_dict())
    assert torch.equal(other(x), module(x))


@pytest.mark.parametrize("method", ["gda", "tip-x", "ape", "ape-t", "proker", "clip-adapter"])
def test_a_module_of_every_form_is_differentiable_and_exports(method: str, study: str, test_images: Any) -> None:
    torch = pytest.importorskip("torch")
    module = fewshot.load(study, method).module()
    x = torch.from_numpy(test_images)
    exported = torch.export.export(module, (x[:5],), dynamic_shapes=({0: torch.export.Dim("n")},)).module()
    torch.testing.assert_close(exported(x), module(x))

    # In double precision the gradient equals finite differences, away from the kinks of ReLU.
    some = x[:2].double().requires_grad_()
    assert torch.autograd.gradcheck(module.double(), (some,), eps=1e-6, atol=1e-3, rtol=1e-4)


def test_a_trainable_module_has_parameters_that_learn(study: str, test_images: Any) -> None:
    torch = pytest.importorskip("torch")
    module = fewshot.load(study, "tip-adapter-f").module(trainable=True)
    assert {name for name, _ in module.named_parameters()} == {"text", "keys"}
    x = torch.from_numpy(test_images)
    y = torch.zeros(len(x), dtype=torch.long)
    optimizer = torch.optim.SGD(module.parameters(), lr=0.01)
    losses = []
    for _ in range(3):
        loss = torch.nn.functional.cross_entropy(module(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[2] < losses[1] < losses[0]


def test_a_module_without_torch_names_the_extra(study: str) -> None:
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "import fewshot\n"
        f"try: fewshot.load({study!r}).module()\n"
        "except ImportError as error: print(error)"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "pip install 'fewshot[torch]'" in output


def test_loading_and_predicting_import_numpy_alone(study: str) -> None:
    code = (
        f"import sys, fewshot, numpy\na = fewshot.load({study!r})\na(numpy.ones((2, a.width)))\n"
        "print([name for name in ('torch', 'pandas', 'sklearn', 'pickle') if name in sys.modules])"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    # NumPy itself imports pickle.
    assert output.strip() in ("[]", "['pickle']")


def test_a_run_an_adapter_and_a_study_with_a_name_load_the_same(study: str) -> None:
    run = fewshot.results(study).filter(method="gda")[0]
    expected = fewshot.load(run.path).to_bytes()
    for adapter in (
        fewshot.load(os.path.join(run.path, "adapter.safetensors")),
        fewshot.load(Path(study), run.run),
        fewshot.load(study, "gda"),
        pickle.loads(pickle.dumps(fewshot.load(run.path))),
    ):
        assert adapter.to_bytes() == expected
    assert fewshot.load(study).method == fewshot.results(study).best().method


def test_a_study_without_the_name_is_refused(study: str) -> None:
    for name in ("gdx", "../gda", "synthetic/../synthetic", "", "/etc"):
        with pytest.raises(ValueError, match="expected a run's name, or one of zero-shot"):
            fewshot.load(study, name)
    with pytest.raises(FileNotFoundError, match="found no such file or directory, expected a run's folder"):
        fewshot.load(study + "-gone")


def test_of_several_views_the_first_is_classified(study: str, test_images: Any) -> None:
    adapter = fewshot.load(study, "gda")
    views = np.stack([test_images, test_images[::-1]], axis=1)
    assert np.array_equal(adapter(views), adapter(test_images))
    assert np.array_equal(adapter(views.tolist()), adapter(test_images))


def test_features_of_every_form_of_file_are_classified(study: str, features: str, tmp_path: Path) -> None:
    pytest.importorskip("zstandard")
    tool("fewshot-features", "pack", features, "-o", tmp_path / "compressed", "--threads", 2)
    adapter = fewshot.load(study, "gda")
    mapped, compressed = fewshot.open(features).test, fewshot.open(tmp_path / "compressed").test
    assert mapped is not None and compressed is not None and compressed.form == "compressed"
    logits = adapter(mapped.features)
    assert np.array_equal(adapter(compressed.features), logits)
    accuracy = 100 * (logits.argmax(1) == mapped.labels).mean()
    assert accuracy == pytest.approx(fewshot.results(study).filter(method="gda")[0].test_accuracy)


def test_any_type_of_number_gives_float32_logits(study: str, test_images: Any) -> None:
    adapter = fewshot.load(study, "tip-x")
    expected = adapter(test_images)
    assert expected.dtype == np.float32
    assert np.array_equal(adapter(test_images.astype(np.float64)), expected)
    half = test_images.astype(np.float16)
    assert np.array_equal(adapter(half), adapter(half.astype(np.float32)))
    assert adapter(test_images[:0]).shape == (0, 7)


@pytest.mark.parametrize("shape", [(32,), (3, 31), (3, 0, 32), (3, 2, 2, 32)])
def test_features_of_another_shape_are_refused(shape: tuple[int, ...], study: str) -> None:
    with pytest.raises(ValueError, match=r"^features: found .*, expected .*; .*\.$"):
        fewshot.load(study)(np.zeros(shape, np.float32))


@pytest.mark.parametrize("method", METHODS)
def test_tensors_are_those_that_safetensors_reads(method: str, study: str) -> None:
    numpy_files = pytest.importorskip("safetensors.numpy")
    content = fewshot.load(study, method).to_bytes()
    _, tensors = read_safetensors(content, "file")
    expected = numpy_files.load(content)
    assert tensors.keys() == expected.keys()
    for name, tensor in tensors.items():
        assert tensor.array.dtype == expected[name].dtype and np.array_equal(tensor.array, expected[name])


def test_every_type_of_tensor_is_read_as_safetensors_writes_it() -> None:
    numpy_files = pytest.importorskip("safetensors.numpy")
    generator = np.random.default_rng(1)
    arrays = {
        code: generator.normal(size=(3, 5)).astype(code) * 100
        for code in ("float16", "float32", "float64", "int32", "int64")
    } | {"empty": np.zeros((0, 4), np.float32), "number": np.array(3.5, np.float64)}
    _, tensors = read_safetensors(numpy_files.save(arrays), "file")
    for name, array in arrays.items():
        assert tensors[name].array.dtype == array.dtype and np.array_equal(tensors[name].array, array)


def test_bfloat16_is_the_upper_half_of_float32() -> None:
    torch = pytest.importorskip("torch")
    torch_files = pytest.importorskip("safetensors.torch")
    values = torch.randn(4, 3, generator=torch.Generator().manual_seed(1)).bfloat16()
    _, tensors = read_safetensors(torch_files.save({"a": values}), "file")
    assert np.array_equal(tensors["a"].array, values.float().numpy())


# Files that lie


def parsed(content: bytes) -> tuple[dict[str, Any], bytes]:
    (length,) = struct.unpack_from("<Q", content)
    return json.loads(content[8 : 8 + length]), content[8 + length :]


def written(header: Any, data: bytes) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def sealed(header: dict[str, Any], data: bytes) -> bytes:
    """A file with the digest that belongs to its content, as an attacker would write it."""
    import hashlib

    metadata = {name: text for name, text in header["__metadata__"].items() if name != "digest"}
    line = json.dumps(metadata, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    hasher = hashlib.sha256(line.encode() + b"\0")
    for name in sorted(header.keys() - {"__metadata__"}):
        start, stop = header[name]["data_offsets"]
        hasher.update(f"{name} float32 {header[name]['shape']}\0".encode())
        hasher.update(data[start:stop])
    return written(header | {"__metadata__": metadata | {"digest": hasher.hexdigest()}}, data)


def test_sealing_an_unchanged_file_is_accepted(study: str) -> None:
    for method in METHODS:
        fewshot.Adapter(sealed(*parsed(fewshot.load(study, method).to_bytes())))


Change = Callable[[dict[str, Any]], None]


def metadata(**texts: str | None) -> Change:
    def change(header: dict[str, Any]) -> None:
        for name, text in texts.items():
            if text is None:
                del header["__metadata__"][name]
            else:
                header["__metadata__"][name] = text

    return change


def reshaped(name: str, shape: list[int]) -> Change:
    return lambda header: header[name].update(shape=shape)


def renamed(name: str, other: str) -> Change:
    return lambda header: header.update({other: header.pop(name)})


@pytest.mark.parametrize(
    ("method", "change", "found"),
    [
        ("gda", metadata(format="other"), "no adapter"),
        ("gda", metadata(version="2"), "no adapter"),
        ("gda", metadata(method=None), "no method"),
        ("gda", metadata(classes=None), "no classes"),
        ("gda", metadata(classes="[" * 100_000), "classes that are no list"),
        ("gda", metadata(classes='["a", 1]'), "classes that are no list"),
        ("gda", metadata(classes='["a"]', class_count="1"), r"text \[7, 32\]"),
        ("gda", metadata(class_count="8"), "7 class names"),
        ("gda", metadata(linear_weight="nan"), "linear_weight 'nan'"),
        ("gda", metadata(linear_weight="1e999"), "linear_weight '1e999'"),
        ("gda", metadata(linear_weight="__import__('os')"), "linear_weight"),
        ("gda", metadata(logit_scale="x"), "logit_scale"),
        ("gda", renamed("bias", "other"), "no bias"),
        ("gda", reshaped("weights", [32, 7]), r"weights \[32, 7\]"),
        ("gda", reshaped("weights", [7 * 32]), r"two axes"),
        ("tip-x", renamed("key_classes", "other"), "no key_classes"),
        ("tip-x", renamed("bridge_counts", "other"), "no bridge_counts"),
        ("tip-x", reshaped("keys", [32, 28]), "key_classes .*, expected .1, 32"),
        ("tip-x", metadata(beta=None), "no beta"),
        ("clip-adapter", renamed("text", "trained.text"), "no tensors that give logits"),
        ("clip-adapter", renamed("bottleneck_up", "other"), "no bottleneck_up"),
        ("zero-shot", renamed("text", "other"), "no tensors that give logits"),
    ],
)
def test_a_contradiction_is_refused_with_a_sentence(method: str, change: Change, found: str, study: str) -> None:
    header, data = parsed(fewshot.load(study, method).to_bytes())
    change(header)
    with pytest.raises(fewshot.AdapterError, match=f"^f: found .*{found}") as error:
        fewshot.Adapter(sealed(header, data), "f")
    assert ", expected " in str(error.value) and str(error.value).endswith(".")


def with_floats(study: str, method: str, name: str, value: float) -> bytes:
    header, data = parsed(fewshot.load(study, method).to_bytes())
    start, _ = header[name]["data_offsets"]
    return sealed(header, data[:start] + struct.pack("<f", value) + data[start + 4 :])


@pytest.mark.parametrize(
    ("method", "name", "value"),
    [
        ("tip-x", "key_classes", 7), ("tip-x", "key_classes", -1), ("tip-x", "key_classes", 0.5),
        ("ape", "channels", 32), ("ape", "channels", 1e30), ("gda", "weights", float("nan")),
        ("gda", "text", float("inf")),
    ],
)  # fmt: skip
def test_values_out_of_range_are_refused(method: str, name: str, value: float, study: str) -> None:
    with pytest.raises(fewshot.AdapterError, match=name.replace("channels", "channel")):
        fewshot.Adapter(with_floats(study, method, name, value))


ENTRY = {"dtype": "F32", "shape": [1, 1], "data_offsets": [0, 4]}


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\0" * 7, struct.pack("<Q", 1 << 63), struct.pack("<Q", 100) + b"{}",
        written(b"", b""), written(b"[]", b""), written(b"{" * 50_000, b""), written(b"\xff\xfe", b""),
        written(b"[" * 200_000, b""), written(b'{"a":1e999}', b""), written(b'{"a":NaN}', b""),
        written(b'{"a":' + b"9" * 10_000 + b"}", b""), written(b'{"__metadata__":{},"__metadata__":{}}', b""),
        written({"__metadata__": {"a": 1}}, b""), written({"__metadata__": []}, b""),
        written({"a": ENTRY}, b""), written({"a": ENTRY}, b"12345"), written({"a": ENTRY, "b": ENTRY}, b"1234"),
        written({"a": ENTRY | {"dtype": "U8"}}, b"1234"), written({"a": ENTRY | {"dtype": "O"}}, b"1234"),
        written({"a": ENTRY | {"dtype": ["F32"]}}, b"1234"), written({"a": ENTRY | {"shape": [2, 1]}}, b"1234"),
        written({"a": ENTRY | {"shape": [-1, -1]}}, b"1234"), written({"a": ENTRY | {"shape": [True, True]}}, b"1234"),
        written({"a": ENTRY | {"shape": [1 << 40, 1 << 40]}}, b"1234"),
        written({"a": ENTRY | {"shape": [1] * 99}}, b"1234"),
        written({"a": ENTRY | {"shape": [0, 1 << 61], "data_offsets": [0, 0]}, "b": ENTRY}, b"123"),
        written({"a": ENTRY | {"data_offsets": [4, 0]}}, b"1234"),
        written({"a": ENTRY | {"data_offsets": [1, 5]}}, b"12345"),
        written({"a": ENTRY | {"data_offsets": [0, 4, 4]}}, b"1234"), written({"a": {"dtype": "F32"}}, b"1234"),
        written({"a": None}, b""), written({"a": ENTRY | {"more": 1}}, b"1234"),
    ],
    ids=range(33),
)  # fmt: skip
def test_a_header_that_lies_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(fewshot.AdapterError, match=r"^x: found .*, expected .*; .*\.$"):
        read_safetensors(content, "x")


def test_mutated_files_load_unchanged_or_are_refused(study: str, test_images: Any) -> None:
    """Any damage is found by the digest; with the digest repaired, whatever loads gives finite shapes."""
    generator = random.Random(1)
    for method in ("tip-x", "ape-t", "clip-adapter", "proker"):
        content = fewshot.load(study, method).to_bytes()
        header, data = parsed(content)
        for _ in range(150):
            changed = bytearray(content)
            for _ in range(generator.randint(1, 3)):
                changed[generator.randrange(min(len(changed), 2500))] = generator.randrange(256)
            if generator.random() < 0.2:
                del changed[generator.randrange(len(changed)) :]
            if bytes(changed) != content:
                with pytest.raises(fewshot.AdapterError):
                    fewshot.Adapter(bytes(changed))
            mutated = json.loads(json.dumps(header))
            names = [name for name in mutated if name != "__metadata__"]
            if generator.random() < 0.5:
                entry = mutated[generator.choice(names)]
                entry["shape"] = [generator.choice([0, 1, 7, 28, 32, 1 << 30]) for _ in range(2)]
            else:
                name = generator.choice(sorted(mutated["__metadata__"]))
                mutated["__metadata__"][name] = generator.choice(["", "0", "-1", "inf", "[]", "raw", "1" * 400])
            try:
                adapter = fewshot.Adapter(sealed(mutated, data))
                assert adapter(test_images[:3]).shape == (3, len(adapter.classes))
            except fewshot.AdapterError:
                pass


def test_a_pickle_is_refused_and_not_executed(tmp_path: Path) -> None:
    class Hostile:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.mkdir, (str(tmp_path / "executed"),)

    for name, content in {
        "adapter.safetensors": pickle.dumps(Hostile()),
        "with-header": written(pickle.dumps(Hostile()), b""),
        "metadata": sealed({"__metadata__": {"classes": pickle.dumps(Hostile(), 0).decode()}}, b""),
    }.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(fewshot.AdapterError):
            fewshot.load(tmp_path / name)
    archive = io.BytesIO()
    np.save(archive, np.array([Hostile()], object), allow_pickle=True)
    (tmp_path / "npy").write_bytes(archive.getvalue())
    with pytest.raises(fewshot.AdapterError):
        fewshot.load(tmp_path / "npy")
    assert not (tmp_path / "executed").exists()


def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(fewshot.AdapterError, match="something other than a file"):
        fewshot.load(tmp_path / "pipe")
