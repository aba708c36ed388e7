"""Records varied.pt, refused.pt and state-dicts.json (PyTorch 1.13): what the reader of .pt files must find."""
import hashlib
import io
import json
import os
import zipfile
from collections import OrderedDict

import torch


def flatten(value, name=""):
    if isinstance(value, torch.Tensor):
        yield name, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from flatten(item, f"{name}.{key}" if name else str(key))
    elif isinstance(value, (list, tuple)):
        for i, item in enumerate(value):
            yield from flatten(item, f"{name}.{i}" if name else str(i))


def describe(value):
    return {name: {
        "dtype": str(tensor.dtype).removeprefix("torch."),
        "shape": list(tensor.shape),
        "sha256": hashlib.sha256(tensor.detach().to(torch.float32).contiguous().numpy().tobytes()).hexdigest(),
    } for name, tensor in flatten(value)}


class Hostile:
    def __reduce__(self):
        return os.system, ("true",)


torch.manual_seed(0)
block = torch.randn(4, 6)
torch.save(OrderedDict(
    plain=block,
    transposed=block.t(),
    column=block[:, 2],
    part=block[1:3, 1:5:2],
    scalar=torch.tensor(2.5),
    empty=torch.zeros(0, 3),
    double=torch.randn(3, dtype=torch.float64),
    half=torch.randn(5).half(),
    bfloat=torch.randn(5).bfloat16(),
    long=torch.tensor([-3, 2**40]),
    int=torch.tensor([[-7], [9]], dtype=torch.int32),
    short=torch.tensor([-300], dtype=torch.int16),
    char=torch.tensor([-128, 127], dtype=torch.int8),
    byte=torch.tensor([0, 255], dtype=torch.uint8),
    bool=torch.tensor([True, False]),
    parameter=torch.nn.Parameter(torch.randn(2)),
    nested={"state": {0: {"step": torch.tensor(3.0), "name": "adam"}}, "groups": [{"lr": 1e-3, "betas": (0.9, 0.999), "on": True}]},
    listed=[torch.ones(1), (torch.zeros(2), None)],
    size=block.shape,
    text="Ω",
    large=2**40,
), "varied.pt")
torch.save({"weight": torch.ones(1), "hostile": Hostile()}, "refused.pt")

record = {path: describe(torch.load(path)) for path in ("varied.pt", "mlp-8-64-64-4.pt", "visual-cartpole.pt")}
for name in ("a2c-Pendulum-v1", "dqn-CartPole-v1", "ppo-CartPole-v1", "sac-Pendulum-v1"):
    with zipfile.ZipFile(f"../sb3/{name}.zip") as archive:
        record[f"{name}.zip"] = describe(torch.load(io.BytesIO(archive.read("policy.pth")), map_location="cpu"))
json.dump(record, open("state-dicts.json", "w"), indent=1)
