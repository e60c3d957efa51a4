"""Writes the pickle of torch.save's archive of the tiny model `clip/vit`, without the bytes of the tensors.

    python Tests/Fixtures/make_clip_pickle.py

Storage N holds the bytes of the Nth tensor by name. A test puts pickle and bytes into an archive.
"""

import collections
import io
import json
import os
import struct
import zipfile

import torch

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "clip/vit")
TYPES = {"F16": torch.float16, "F32": torch.float32, "I64": torch.int64}


def main() -> None:
    with open(os.path.join(FOLDER, "open_clip_model.safetensors"), "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
    header.pop("__metadata__", None)
    state = collections.OrderedDict()
    for name in sorted(header):
        state[name] = torch.zeros(header[name]["shape"], dtype=TYPES[header[name]["dtype"]])
    archive = io.BytesIO()
    torch.save(state, archive)
    with zipfile.ZipFile(archive) as entries:
        name = next(entry for entry in entries.namelist() if entry.endswith("/data.pkl"))
        with open(os.path.join(FOLDER, "data.pkl"), "wb") as file:
            file.write(entries.read(name))


main()
