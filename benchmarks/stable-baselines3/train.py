"""Trains as Stable-Baselines3 does, one thread, and prints environment steps per second of the clock and of the processor.

    OPENBLAS_NUM_THREADS=1 python3 benchmarks/stable-baselines3/train.py CASE STEPS

Needs torch, gymnasium and stable_baselines3. Unset OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE, which slow it down.
"""

import json
import sys
import time

import gymnasium
import numpy
import torch
from stable_baselines3 import A2C, DQN, PPO, SAC
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.vec_env import VecFrameStack


class Pictures(gymnasium.Env):
    """Grey noise that costs nothing to make, in place of a game: what is timed is all the rest of the pipeline."""

    observation_space = gymnasium.spaces.Box(0, 255, (84, 84, 1), numpy.uint8)
    action_space = gymnasium.spaces.Discrete(4)

    def __init__(self):
        self.frames = numpy.random.default_rng(1).integers(0, 256, (256, 84, 84, 1), numpy.uint8)
        self.count = 0

    def reset(self, *, seed=None, options=None):
        return self.frames[self.count % 256], {}

    def step(self, action):
        self.count += 1
        return self.frames[self.count % 256], 0.0, self.count % 200 == 0, False, {}

CASES = {
    "ppo-tuned": (PPO, "CartPole-v1", 8, dict(
        n_steps=32, batch_size=256, gae_lambda=0.8, gamma=0.98, n_epochs=20, learning_rate=1e-3)),
    "ppo-default": (PPO, "CartPole-v1", 1, {}),
    "a2c": (A2C, "CartPole-v1", 8, {}),
    "dqn-tuned": (DQN, "CartPole-v1", 1, dict(
        learning_rate=2.3e-3, batch_size=64, buffer_size=100_000, learning_starts=1000, target_update_interval=10,
        train_freq=256, gradient_steps=128, policy_kwargs=dict(net_arch=[256, 256]))),
    "dqn-default": (DQN, "CartPole-v1", 1, {}),
    "sac": (SAC, "Pendulum-v1", 1, dict(learning_rate=1e-3)),
    "nature": (DQN, Pictures, 1, dict(
        buffer_size=10_000, learning_starts=100, batch_size=32, train_freq=4, gradient_steps=1, target_update_interval=1000)),
}


def main(case: str, steps: int) -> None:
    torch.set_num_threads(1)
    algorithm, environment, copies, options = CASES[case]
    environments = make_vec_env(environment, copies)
    if environment is Pictures:
        environments = VecFrameStack(environments, 4)
    model = algorithm("CnnPolicy" if environment is Pictures else "MlpPolicy", environments, device="cpu", **options)
    wall, processor = time.perf_counter(), time.process_time()
    model.learn(steps)
    print(json.dumps({
        "case": case,
        "stepsPerSecond": steps / (time.perf_counter() - wall),
        "stepsPerProcessorSecond": steps / (time.process_time() - processor),
    }))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
