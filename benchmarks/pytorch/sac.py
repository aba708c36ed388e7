"""The PyTorch side of `bellman train sac Pendulum-v1`: the updates alone, on a fixed random batch, without environment or memory.

    OPENBLAS_NUM_THREADS=1 python3 benchmarks/pytorch/sac.py [--updates N]

Prints one JSON object: wall time and processor time of an update. Two critics and an actor of 256 and 256, batch 256, a learned weight of
entropy, as in Stable-Baselines3.
"""
import argparse
import copy
import json
import os
import time

for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import torch  # noqa: E402  (the environment must be set first)
import torch.nn.functional as F  # noqa: E402
from torch import nn  # noqa: E402

OBSERVATIONS, ACTIONS, BATCH, WIDTH, RATE, TAU, GAMMA = 3, 1, 256, 256, 1e-3, 0.005, 0.99


class Actor(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Linear(OBSERVATIONS, WIDTH), nn.ReLU(), nn.Linear(WIDTH, WIDTH), nn.ReLU())
        self.mean, self.log_std = nn.Linear(WIDTH, ACTIONS), nn.Linear(WIDTH, ACTIONS)

    def forward(self, s):
        z = self.features(s)
        normal = torch.distributions.Normal(self.mean(z), self.log_std(z).clamp(-20, 2).exp())
        u = normal.rsample()
        a = torch.tanh(u)
        return a, (normal.log_prob(u) - torch.log(1 - a ** 2 + 1e-6)).sum(1)


class Critics(nn.ModuleList):
    def __init__(self):
        super().__init__(
            nn.Sequential(
                nn.Linear(OBSERVATIONS + ACTIONS, WIDTH), nn.ReLU(), nn.Linear(WIDTH, WIDTH), nn.ReLU(), nn.Linear(WIDTH, 1))
            for _ in range(2))

    def forward(self, s, a):
        return [network(torch.cat([s, a], 1)).flatten() for network in self]


def step(optimizer, loss):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--updates", type=int, default=500)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    actor, critics = Actor(), Critics()
    targets = copy.deepcopy(critics)
    log_alpha = torch.zeros(1, requires_grad=True)
    actor_optimizer, critic_optimizer, alpha_optimizer = (
        torch.optim.Adam(parameters, RATE) for parameters in (actor.parameters(), critics.parameters(), [log_alpha]))
    s, s2 = torch.randn(BATCH, OBSERVATIONS), torch.randn(BATCH, OBSERVATIONS)
    a, r, d = torch.rand(BATCH, ACTIONS) * 2 - 1, torch.randn(BATCH), torch.full((BATCH,), GAMMA)

    def update():
        action, log_probability = actor(s)
        alpha = log_alpha.detach().exp()
        step(alpha_optimizer, -(log_alpha * (log_probability - ACTIONS).detach()).mean())
        with torch.no_grad():
            next_action, next_log_probability = actor(s2)
            y = r + d * (torch.min(*targets(s2, next_action)) - alpha * next_log_probability)
        step(critic_optimizer, 0.5 * sum(F.mse_loss(value, y) for value in critics(s, a)))
        step(actor_optimizer, (alpha * log_probability - torch.min(*critics(s, action))).mean())
        with torch.no_grad():
            for target, source in zip(targets.parameters(), critics.parameters()):
                target.mul_(1 - TAU).add_(source, alpha=TAU)

    for _ in range(20):
        update()
    wall, processor = time.perf_counter(), time.process_time()
    for _ in range(arguments.updates):
        update()
    scale = 1e6 / arguments.updates
    print(json.dumps({
        "wallMicroseconds": round((time.perf_counter() - wall) * scale, 1),
        "processorMicroseconds": round((time.process_time() - processor) * scale, 1)}))


main()
