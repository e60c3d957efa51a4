import json
import os
import shutil
from pathlib import Path

from safetensors.torch import load_file, save_file

source = Path(os.environ["MODEL"])
folder = Path("in/model-96")
folder.mkdir(parents=True, exist_ok=True)
configuration = json.loads((source / "open_clip_config.json").read_text())
configuration["model_cfg"]["vision_cfg"]["image_size"] = 96
(folder / "open_clip_config.json").write_text(json.dumps(configuration))
shutil.copy(source / "merges.txt", folder)
tensors = load_file(source / "open_clip_model.safetensors")
save_file({name: tensor.float() for name, tensor in tensors.items()}, folder / "open_clip_model.safetensors")
