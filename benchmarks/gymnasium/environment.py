"""Gymnasium's side of `bellman bench environment`: one copy, random actions drawn beforehand, resets included.

    python3 benchmarks/gymnasium/environment.py [ID ...]
"""
import json
import sys
import time

import gymnasium

for identifier in sys.argv[1:] or ["CartPole-v1", "MountainCar-v0", "Pendulum-v1", "Acrobot-v1"]:
    environment = gymnasium.make(identifier)
    environment.action_space.seed(0)
    actions = [environment.action_space.sample() for _ in range(10_000)]
    environment.reset(seed=0)
    steps = 0
    begin = time.perf_counter()
    while time.perf_counter() - begin < 2:
        for action in actions[:1000]:
            _, _, terminated, truncated, _ = environment.step(action)
            if terminated or truncated:
                environment.reset()
        steps += 1000
    rate = steps / (time.perf_counter() - begin)
    print(json.dumps({"environment": identifier, "copies": 1, "stepsPerSecond": rate}), flush=True)
