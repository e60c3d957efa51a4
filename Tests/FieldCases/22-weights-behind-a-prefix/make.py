import os
from collections import OrderedDict
from pathlib import Path

import torch
from safetensors.torch import load_file

tensors = load_file(Path(os.environ["MODEL"]) / "open_clip_model.safetensors")
Path("in").mkdir(exist_ok=True)
torch.save({"model_state_dict": OrderedDict(tensors), "best_acc": 83.2}, "in/best.pt")
inner = OrderedDict((f"model.{name}", tensor) for name, tensor in tensors.items())
state = {"epoch": 3, "global_step": 10, "pytorch-lightning_version": "2.0", "state_dict": inner}
torch.save(state, "in/last.ckpt")
torch.save(
    {"state_dict": OrderedDict((f"clip_model.{name}", value) for name, value in tensors.items())}, "in/wrapped.pt"
)
