"""A CLIP's tower beside the fastest of OpenVINO, ONNX Runtime and open_clip at one precision; prints one JSON line.

    python encoders.py make DIR                                 the models in DIR, with random weights
    python encoders.py ROW --data DIR --ours fewshot-bench      ROW is image|text:MODEL:float32|bfloat16
        [--rounds 5] [--threads 2] [--count N] [--engines openvino,onnxruntime,open_clip]

The engines and ours take turns, round after round, each with its own threads and nothing else running; medians count.
OpenVINO runs with one stream and the whole batch, with a stream for each thread, and with small batches, whichever is
fastest. ONNX Runtime has no bfloat16 here.
"""

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch

import clips

Engine = tuple[str, Callable[[], object]]  # its label, and a run over all inputs
MODELS = {"RN50-quickgelu": ["image"], "ViT-B-32-quickgelu": ["image", "text"], "ViT-B-16-quickgelu": ["image"]}


def clock(body: Callable[[], object]) -> float:
    start = time.perf_counter()
    body()
    return time.perf_counter() - start


class Text(torch.nn.Module):
    def __init__(self, model: torch.nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        return self.model.encode_text(tokens)


def side(model: torch.nn.Module) -> int:
    size = model.visual.image_size
    return size[0] if isinstance(size, (tuple, list)) else size


def make(folder: str, name: str, kinds: list[str]) -> None:
    """A model's weights, and its towers as the engines want them, their batches of any size."""
    # PyTorch's own fused attention is no operation that the others know.
    torch.backends.mha.set_fastpath_enabled(False)
    model = clips.make(name)
    clips.save(model.state_dict(), f"{folder}/{name}.safetensors")
    for kind in kinds:
        tower, inputs = (
            (model.visual, clips.images(2, side(model))) if kind == "image" else (Text(model), clips.prompts(2))
        )
        with contextlib.suppress(ImportError), torch.no_grad():
            import openvino

            converted = openvino.convert_model(tower, example_input=inputs, input=[[-1, *inputs.shape[1:]]])
            openvino.save_model(converted, f"{folder}/{kind}-{name}.xml", compress_to_fp16=False)
        with contextlib.suppress(ImportError), torch.no_grad():
            import onnxruntime  # noqa: F401

            torch.onnx.export(
                tower,
                (inputs,),
                f"{folder}/{kind}-{name}.onnx",
                dynamo=False,
                opset_version=17,
                input_names=["x"],
                dynamic_axes={"x": {0: "batch"}},
            )


def openvino_engines(path: str, inputs: torch.Tensor, precision: str, threads: int) -> Iterator[Engine]:
    import openvino

    count, values, core = len(inputs), inputs.numpy(), openvino.Core()
    settings = {
        "INFERENCE_PRECISION_HINT": "bf16" if precision == "bfloat16" else "f32",
        "INFERENCE_NUM_THREADS": threads,
    }

    def compiled(streams: int, batch: int) -> Any:
        model = core.read_model(path + ".xml")
        model.reshape([batch, *inputs.shape[1:]])
        return core.compile_model(model, "CPU", {**settings, "NUM_STREAMS": streams})

    def latency(batch: int) -> Callable[[], object]:
        request = compiled(1, batch).create_infer_request()
        return lambda: [request.infer([values[i : i + batch]]) for i in range(0, count, batch)]

    def throughput(batch: int) -> Callable[[], object]:
        queue = openvino.AsyncInferQueue(compiled(threads, batch), threads)

        def run() -> None:
            for i in range(0, count, batch):
                queue.start_async([values[i : i + batch]])
            queue.wait_all()

        return run

    name = f"OpenVINO {openvino.__version__.split('-')[0]}"
    yield f"{name}, 1 stream, batches of {count}", latency(count)
    for batch in (count // threads, 4, 1):
        yield f"{name}, {threads} streams, batches of {batch}", throughput(batch)


def onnxruntime_engines(path: str, inputs: torch.Tensor, precision: str, threads: int) -> Iterator[Engine]:
    import onnxruntime

    if precision != "float32":
        return
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # Its threads would otherwise turn in place while others have theirs timed.
    options.add_session_config_entry("session.force_spinning_stop", "1")
    session = onnxruntime.InferenceSession(path + ".onnx", options, providers=["CPUExecutionProvider"])
    values = inputs.numpy()
    yield f"ONNX Runtime {onnxruntime.__version__}", lambda: session.run(None, {"x": values})


def open_clip_engines(
    path: str, inputs: torch.Tensor, precision: str, threads: int, kind: str, name: str
) -> Iterator[Engine]:
    model = clips.make(name)
    tower = model.visual if kind == "image" else Text(model)
    if precision == "bfloat16":
        tower = tower.bfloat16()
        inputs = inputs.bfloat16() if inputs.is_floating_point() else inputs

    def run() -> None:
        with torch.inference_mode():
            tower(inputs)

    yield f"open_clip {clips.open_clip.__version__}, PyTorch {torch.__version__}", run


class Ours:
    """Our tower in a process of its own, which runs once for each line that it is sent."""

    def __init__(self, command: list[str]) -> None:
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def seconds(self) -> float:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def peak(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) / 1024

    def end(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()


def prepare(
    o: argparse.Namespace, kind: str, name: str, precision: str
) -> tuple[Ours, dict[str, Callable[[], object]]]:
    """Our process and the others' engines by name, ready to run, on the same weights and inputs."""
    inputs = clips.images(o.count, 224) if kind == "image" else clips.prompts(o.count)
    path = os.path.join(o.data, f"{kind}-{os.getpid()}.npy")
    np.save(
        path, inputs.permute(0, 2, 3, 1).contiguous().numpy() if kind == "image" else inputs.numpy().astype(np.int32)
    )
    ours = Ours(
        [
            o.ours,
            "encode",
            "--model",
            f"{o.data}/{name}.safetensors",
            "--activation",
            clips.activation(name),
            "--precision",
            precision,
            "--images" if kind == "image" else "--tokens",
            path,
            "--turns",
            "yes",
        ]
    )
    ours.seconds()
    os.remove(path)
    engines, saved = {}, f"{o.data}/{kind}-{name}"
    made = dict(
        openvino=lambda: openvino_engines(saved, inputs, precision, o.threads),
        onnxruntime=lambda: onnxruntime_engines(saved, inputs, precision, o.threads),
        open_clip=lambda: open_clip_engines(saved, inputs, precision, o.threads, kind, name),
    )
    for engine in o.engines.split(","):
        try:
            for label, run in made[engine]():
                run()
                engines[label] = run
        except ImportError:
            print(f"encoders: {engine} is not installed and left out", file=sys.stderr)
    return ours, engines


def measure(o: argparse.Namespace) -> None:
    kind, name, precision = o.row.split(":")
    torch.set_num_threads(o.threads)
    ours, engines = prepare(o, kind, name, precision)
    if o.wait:
        print("ready", flush=True)
        sys.stdin.readline()
    times: dict[str, list[float]] = {label: [] for label in engines}
    mine = []
    for _ in range(o.rounds):
        for label, run in engines.items():
            times[label].append(clock(run))
            # Beside each of the others, so that a slow moment of the machine meets both.
            mine.append(ours.seconds())
    middle = {label: statistics.median(t) for label, t in times.items()}
    best = min(middle, key=lambda label: middle[label])
    result = dict(
        row=o.row,
        peer=best,
        peer_seconds=middle[best] / o.count,
        seconds=statistics.median(mine) / o.count,
        ours_mb=ours.peak(),
        all={label: o.count / t for label, t in middle.items()},
        ratio_of_best=min(times[best]) / min(mine),
    )
    ours.end()
    print(json.dumps(result))


if __name__ == "__main__":
    if sys.argv[1] == "make":
        os.makedirs(sys.argv[2], exist_ok=True)
        for name, kinds in MODELS.items():
            make(sys.argv[2], name, kinds)
    else:
        p = argparse.ArgumentParser()
        p.add_argument("row")
        p.add_argument("--data", required=True)
        p.add_argument("--ours", required=True)
        p.add_argument("--rounds", type=int, default=5)
        p.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
        p.add_argument("--count", type=int, default=32)
        p.add_argument("--engines", default="openvino,onnxruntime,open_clip")
        p.add_argument("--wait", action="store_true", help="prepare, say so, and begin at a line on standard input")
        measure(p.parse_args())
