"""The PyTorch side of `bellman bench update`: the same networks, batches and steps, timed the same way.

    OPENBLAS_NUM_THREADS=1 python3 benchmarks/pytorch/update.py [--case NAME] [--threads N] [--seconds S]

Prints one JSON object per case. An update is: target forward, online forward and backward, Huber loss, optimizer step, on fixed
random batches. Inference is one observation to its greedy action.
"""
import argparse
import copy
import json
import os
import statistics
import time

for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import torch  # noqa: E402  (the environment must be set first)
from torch import nn  # noqa: E402


def mlp(*sizes):
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


class Scale(nn.Module):
    def forward(self, x):
        return x.float() / 255


def nature():
    return nn.Sequential(
        Scale(), nn.Conv2d(4, 32, 8, 4), nn.ReLU(), nn.Conv2d(32, 64, 4, 2), nn.ReLU(), nn.Conv2d(64, 64, 3, 1), nn.ReLU(),
        nn.Flatten(), nn.Linear(3136, 512), nn.ReLU(), nn.Linear(512, 6))


def visual():
    return nn.Sequential(
        nn.Conv2d(3, 16, 5, 2), nn.BatchNorm2d(16), nn.ReLU(), nn.Conv2d(16, 32, 5, 2), nn.BatchNorm2d(32), nn.ReLU(),
        nn.Conv2d(32, 32, 5, 2), nn.BatchNorm2d(32), nn.ReLU(), nn.Flatten(), nn.Linear(32 * 2 * 8, 2))


def adam(parameters):
    return torch.optim.Adam(parameters, lr=1e-4)


def adamw(parameters):
    return torch.optim.AdamW(parameters, lr=1e-4, amsgrad=True)


def rmsprop(parameters):
    return torch.optim.RMSprop(parameters)


# name: network, shape of an observation, bytes?, actions, batch, optimizer, clip by value, soft target update
CASES = {
    "mlp-8-64-64-4 b1 adam": (lambda: mlp(8, 64, 64, 4), (8,), False, 4, 1, adam, None, None),
    "mlp-4-64-64-2 b32 adam": (lambda: mlp(4, 64, 64, 2), (4,), False, 2, 32, adam, None, None),
    "mlp-4-128-128-2 b128 adamw-amsgrad clip soft":
        (lambda: mlp(4, 128, 128, 2), (4,), False, 2, 128, adamw, 100.0, 0.005),
    "mlp-8-256-256-4 b64 adam": (lambda: mlp(8, 256, 256, 4), (8,), False, 4, 64, adam, None, None),
    "nature-cnn b32 adam": (nature, (4, 84, 84), True, 6, 32, adam, None, None),
    "visual-cartpole-cnn b128 rmsprop": (visual, (3, 40, 90), False, 2, 128, rmsprop, None, None),
}


def observations(count, shape, as_bytes):
    if as_bytes:
        return torch.randint(0, 256, (count, *shape), dtype=torch.uint8)
    return torch.randn(count, *shape)


def timed(action, seconds):
    """Median seconds of a call over groups of calls that last at least a millisecond each."""
    for _ in range(20):
        action()
    begin = time.perf_counter()
    action()
    calls = max(1, int(0.001 / max(1e-9, time.perf_counter() - begin)))
    samples = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(samples) < 5:
        begin = time.perf_counter()
        for _ in range(calls):
            action()
        samples.append((time.perf_counter() - begin) / calls)
    return statistics.median(samples)


def measure(name, threads, seconds):
    make, shape, as_bytes, actions, batch, optimizer_of, clip, tau = CASES[name]
    torch.manual_seed(0)
    online = make()
    target = copy.deepcopy(online)
    optimizer = optimizer_of(online.parameters())
    states = observations(batch, shape, as_bytes)
    successors = observations(batch, shape, as_bytes)
    taken = torch.randint(0, actions, (batch, 1))
    rewards = torch.randn(batch)
    discounts = torch.full((batch,), 0.99)
    one = observations(1, shape, as_bytes)

    def update():
        with torch.no_grad():
            y = rewards + discounts * target(successors).max(1).values
        value = online(states).gather(1, taken).squeeze(1)
        loss = nn.functional.smooth_l1_loss(value, y)
        optimizer.zero_grad()
        loss.backward()
        if clip is not None:
            nn.utils.clip_grad_value_(online.parameters(), clip)
        optimizer.step()
        if tau is not None:
            with torch.no_grad():
                for mine, theirs in zip(target.parameters(), online.parameters()):
                    mine.mul_(1 - tau).add_(theirs, alpha=tau)

    def inference():
        with torch.no_grad():
            return online(one).max(1)[1].item()

    update_seconds = timed(update, seconds)
    online.eval()
    return {
        "case": name, "threads": threads, "updateMicroseconds": update_seconds * 1e6,
        "inferenceMicroseconds": timed(inference, seconds) * 1e6,
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--case", choices=CASES)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=1.0)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    for name in [arguments.case] if arguments.case else CASES:
        print(json.dumps(measure(name, arguments.threads, arguments.seconds)), flush=True)


if __name__ == "__main__":
    main()
