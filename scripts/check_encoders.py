"""Runs our towers and open_clip's or transformers' on the same random weights and inputs, and compares the features.

    python check_encoders.py --ours fewshot-bench [--models RN50,ViT-B-32,...] [--folder TEMPORARY]

One architecture at a time, deleted after. Ends with 1 if a comparison is beyond its bound.
"""

import argparse
import gc
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Benchmarks", "peer"))
import clips

# Every architecture of OpenAI's, and those of the same build that open_clip has weights for.
OPEN_CLIP = [
    "RN50",
    "RN101",
    "RN50x4",
    "RN50x16",
    "RN50x64",
    "RN50-quickgelu",
    "ViT-B-32",
    "ViT-B-32-quickgelu",
    "ViT-B-32-256",
    "ViT-B-16",
    "ViT-B-16-quickgelu",
    "ViT-B-16-plus-240",
    "ViT-L-14",
    "ViT-L-14-quickgelu",
    "ViT-L-14-336",
    "ViT-H-14",
    "ViT-g-14",
]
HUGGING_FACE = ["transformers", "transformers-sharded"]
COSINE = {"float32": 0.999999, "bfloat16": 0.9995}
ERROR = 1e-4


def ours(
    o: argparse.Namespace, model: str, precision: str, kind: str, inputs: np.ndarray, activation: str | None = None
) -> tuple[np.ndarray | None, str]:
    source, result = os.path.join(o.folder, "inputs.npy"), os.path.join(o.folder, "features.npy")
    np.save(source, inputs)
    command = [o.ours, "encode", "--model", model, "--precision", precision, f"--{kind}", source, "-o", result]
    run = subprocess.run(
        command + (["--activation", activation] if activation else []), capture_output=True, text=True, check=False
    )
    if run.returncode:
        return None, run.stderr.strip()
    return np.load(result), ""


def compare(
    o: argparse.Namespace,
    name: str,
    model: str,
    expected: dict[str, Any],
    inputs: dict[str, np.ndarray],
    activation: str | None = None,
) -> list[tuple[Any, ...]]:
    """Rows of the table: both towers in both precisions against float32 features of theirs."""
    rows: list[tuple[Any, ...]] = []
    for kind in ("images", "tokens"):
        for precision in o.precisions:
            found, complaint = ours(o, model, precision, kind, inputs[kind], activation)
            if found is None:
                rows.append((name, kind, precision, complaint, "", False))
                continue
            found, theirs = found.astype(np.float64), expected[kind].astype(np.float64)
            lengths = np.linalg.norm(found, axis=1) * np.linalg.norm(theirs, axis=1)
            cosine = float(((found * theirs).sum(1) / lengths).min())
            error = float((np.linalg.norm(found - theirs, axis=1) / np.linalg.norm(theirs, axis=1)).max())
            # Features that all look alike would agree whatever a tower does.
            centred = theirs - theirs.mean(0)
            spread = np.linalg.norm(centred) / np.linalg.norm(theirs)
            passed = cosine >= COSINE[precision] and (precision != "float32" or error <= ERROR) and spread > 0.01
            rows.append((name, kind, precision, f"{1 - cosine:.1e}", f"{error:.1e}", f"{spread:.2f}", passed))
            print("  ".join(map(str, rows[-1])), file=sys.stderr, flush=True)
    return rows


def open_clip_rows(o: argparse.Namespace, name: str) -> list[tuple[Any, ...]]:
    model = clips.make(name)
    side = model.visual.image_size
    side = side[0] if isinstance(side, (tuple, list)) else side
    text = clips.open_clip.get_model_config(name)["text_cfg"]
    images = clips.images(o.count, side)
    tokens = clips.prompts(5, text["context_length"], text["vocab_size"])
    with torch.no_grad():
        expected = dict(images=model.encode_image(images).numpy(), tokens=model.encode_text(tokens).numpy())
    folder = os.path.join(o.folder, name)
    clips.save(model.state_dict(), os.path.join(folder, "open_clip_model.safetensors"))
    with open(os.path.join(folder, "open_clip_config.json"), "w") as file:
        json.dump({"model_cfg": clips.open_clip.get_model_config(name), "preprocess_cfg": {}}, file)
    del model
    gc.collect()
    inputs = dict(images=images.permute(0, 2, 3, 1).contiguous().numpy(), tokens=tokens.numpy().astype(np.int32))
    return compare(o, name, folder, expected, inputs)


def transformers_rows(o: argparse.Namespace, name: str) -> list[tuple[Any, ...]]:
    from transformers import CLIPConfig, CLIPModel

    configuration = CLIPConfig(
        vision_config=dict(
            hidden_size=256,
            num_hidden_layers=3,
            intermediate_size=768,
            num_attention_heads=4,
            image_size=96,
            patch_size=16,
        ),
        text_config=dict(
            hidden_size=128,
            num_hidden_layers=3,
            intermediate_size=512,
            num_attention_heads=2,
            vocab_size=1000,
            max_position_embeddings=32,
            eos_token_id=999,
            bos_token_id=998,
            pad_token_id=0,
        ),
        projection_dim=96,
    )
    model = clips.randomise(CLIPModel(configuration).eval())
    images, tokens = clips.images(o.count, 96), clips.prompts(5, 32, 1000)

    def features(output: Any) -> np.ndarray:
        return (output if torch.is_tensor(output) else output.pooler_output).numpy()

    with torch.no_grad():
        expected = dict(
            images=features(model.get_image_features(images)), tokens=features(model.get_text_features(tokens))
        )
    folder = os.path.join(o.folder, name)
    model.save_pretrained(folder, max_shard_size="4MB" if name.endswith("sharded") else "1GB")
    inputs = dict(images=images.permute(0, 2, 3, 1).contiguous().numpy(), tokens=tokens.numpy().astype(np.int32))
    return compare(
        o,
        f"{name} ({len([f for f in os.listdir(folder) if f.endswith('.safetensors')])} files)",
        folder,
        expected,
        inputs,
    )


def main() -> None:
    p = argparse.ArgumentParser()
    p.add_argument("--ours", required=True)
    p.add_argument("--models", default=",".join(OPEN_CLIP + HUGGING_FACE))
    p.add_argument("--folder")
    p.add_argument("--count", type=int, default=3)
    o = p.parse_args()
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    names = [n for n in o.models.split(",") if n]
    unknown = [n for n in names if n not in HUGGING_FACE and n not in clips.open_clip.list_models()]
    if unknown:
        sys.exit(
            f"check-encoders: no model {', '.join(unknown)}; open_clip's names and {', '.join(HUGGING_FACE)} are known"
        )
    flags = Path("/proc/cpuinfo").read_text()
    o.precisions = ["float32"] + (["bfloat16"] if "avx512_bf16" in flags or "amx_bf16" in flags else [])
    rows = []
    with tempfile.TemporaryDirectory(prefix="fewshot-encoders-", dir=o.folder) as o.folder:
        for name in names:
            rows += transformers_rows(o, name) if name in HUGGING_FACE else open_clip_rows(o, name)
            shutil.rmtree(os.path.join(o.folder, name), ignore_errors=True)
            gc.collect()
    print(f"{'model':34}{'tower':9}{'precision':11}{'1 - cosine':>12}{'error':>10}{'spread':>8}")
    for row in rows:
        print(
            f"{row[0]:34}{row[1]:9}{row[2]:11}{row[3]:>12}{row[4]:>10}"
            + (f"{row[5]:>8}" if len(row) == 7 else "")
            + ("" if row[-1] else "   FAILED")
        )
    failures = sum(not row[-1] for row in rows)
    print(
        f"{len(rows)} comparisons of {len(names)} models, {failures} beyond their bound "
        f"(1 - cosine {1 - COSINE['float32']:.0e} and error {ERROR:.0e} in float32, "
        f"1 - cosine {1 - COSINE['bfloat16']:.0e} in bfloat16)"
    )
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
