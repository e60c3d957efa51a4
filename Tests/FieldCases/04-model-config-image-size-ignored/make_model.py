import json
import os
import shutil
from pathlib import Path

source = Path(os.environ["MODEL"])
folder = Path("in/model-96")
folder.mkdir(parents=True, exist_ok=True)
configuration = json.loads((source / "open_clip_config.json").read_text())
configuration["model_cfg"]["vision_cfg"]["image_size"] = 96
(folder / "open_clip_config.json").write_text(json.dumps(configuration))
for name in ("merges.txt", "open_clip_model.safetensors"):
    shutil.copy(source / name, folder)
