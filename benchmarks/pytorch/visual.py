"""Deep Q-learning on CartPole's screen with PyTorch, Gymnasium and Pillow: environment steps per second by the clock, one thread.

    OPENBLAS_NUM_THREADS=1 SDL_VIDEODRIVER=dummy python3 benchmarks/pytorch/visual.py STEPS

The same as `bellman train dqn VisualCartPole-v0 --preset lecture`: an update of 128 transitions at every step.
"""

import collections
import json
import math
import random
import sys
import time

import gymnasium
import numpy
import torch
from PIL import Image
from torch import nn

BATCH, GAMMA = 128, 0.999


def network() -> nn.Module:
    layers = []
    for inputs, outputs in (3, 16), (16, 32), (32, 32):
        layers += [nn.Conv2d(inputs, outputs, 5, 2), nn.BatchNorm2d(outputs), nn.ReLU()]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(512, 2))


def screen(environment) -> torch.Tensor:
    pixels = environment.render()
    left = min(max(int(environment.unwrapped.state[0] * 125 + 300) - 180, 0), 240)
    small = Image.fromarray(numpy.ascontiguousarray(pixels[160:320, left:left + 360])).resize((90, 40), Image.BICUBIC)
    return torch.from_numpy(numpy.asarray(small, dtype=numpy.float32) / 255).permute(2, 0, 1)


def main(steps: int) -> None:
    torch.set_num_threads(1)
    environment = gymnasium.make("CartPole-v0", render_mode="rgb_array")
    online, target = network(), network()
    target.load_state_dict(online.state_dict())
    target.eval()
    optimizer = torch.optim.RMSprop(online.parameters())
    memory = collections.deque(maxlen=10_000)
    episodes = 0
    environment.reset(seed=1)
    last, now = screen(environment), screen(environment)
    state = now - last
    start = time.perf_counter()
    for step in range(steps + BATCH):
        if step == BATCH:
            start = time.perf_counter()
        if random.random() < 0.05 + 0.85 * math.exp(-step / 200):
            action = random.randrange(2)
        else:
            with torch.no_grad():
                action = int(online(state[None]).argmax())
        _, reward, terminated, truncated, _ = environment.step(action)
        last, now = now, screen(environment)
        successor = now - last
        memory.append((state, action, reward, successor, float(not terminated)))
        state = successor
        if terminated or truncated:
            episodes += 1
            environment.reset()
            last, now = screen(environment), screen(environment)
            state = now - last
            if episodes % 10 == 0:
                target.load_state_dict(online.state_dict())
        if len(memory) < BATCH:
            continue
        states, actions, rewards, successors, lives = zip(*random.sample(memory, BATCH))
        with torch.no_grad():
            goal = torch.tensor(rewards) + GAMMA * torch.tensor(lives) * target(torch.stack(successors)).max(1).values
        values = online(torch.stack(states)).gather(1, torch.tensor(actions)[:, None])[:, 0]
        loss = nn.functional.smooth_l1_loss(values, goal)
        optimizer.zero_grad()
        loss.backward()
        for parameter in online.parameters():
            parameter.grad.clamp_(-1, 1)
        optimizer.step()
    print(json.dumps({"stepsPerSecond": steps / (time.perf_counter() - start)}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
