"""Records what Gymnasium and Stable-Baselines3 do where the other recordings do not look: options of the small environments, space
samples, random maps, running normalisation, long episodes of bodies. Usage: python3 record.py GYMNASIUM_SOURCE STABLE_BASELINES3_SOURCE
[PYBOX2D_BUILD]; without the last one the episodes of bodies stay as they are."""
import gzip
import json
import sys
import types

sys.path[:0] = sys.argv[1:4]
sys.modules["cloudpickle"] = types.ModuleType("cloudpickle")      # only for saving, which is not done here
sys.modules["cloudpickle"].__version__ = "0"

import gymnasium
import numpy as np
from gymnasium import spaces
from gymnasium.envs.toy_text.frozen_lake import generate_random_map
from stable_baselines3.common.vec_env import DummyVecEnv, VecNormalize


def plain(value):
    if isinstance(value, dict):
        return [plain(part) for part in value.values()]
    if isinstance(value, (tuple, list)):
        return [plain(part) for part in value]
    if isinstance(value, np.ndarray):
        return [plain(part) for part in value.ravel()]
    return float(value) if isinstance(value, (float, np.floating)) else int(value)


def write(name, lines):
    with open(name + ".jsonl.gz", "wb") as raw, gzip.GzipFile("", "wb", mtime=0, fileobj=raw) as file:
        for line in lines:
            file.write((json.dumps(line) + "\n").encode())


def episodes(name, id, options, seeds, steps, policy=None):
    lines = []
    for seed in seeds:
        environment = gymnasium.make(id, **options)
        observation, _ = environment.reset(seed=seed)
        environment.action_space.seed(seed)
        line = {"env": id, "kwargs": options, "seed": seed, "reset": plain(observation), "steps": []}
        for _ in range(steps):
            action = policy(observation) if policy else environment.action_space.sample()
            observation, reward, terminated, truncated, _ = environment.step(action)
            step = [plain(action), plain(observation), float(reward), bool(terminated), bool(truncated)]
            if terminated or truncated:
                observation, _ = environment.reset()
                step.append(plain(observation))
            line["steps"].append(step)
        lines.append(line)
    write(name, lines)


def short(value):
    """The fewest digits that are this float32."""
    return [short(part) for part in value] if isinstance(value, (list, tuple, np.ndarray)) else float(str(np.float32(value)))


def again(name):
    """Takes the actions of a recording once more and writes down what follows from them."""
    with gzip.open(name + ".jsonl.gz") as file:
        lines = [json.loads(line) for line in file]
    for line in lines:
        environment = gymnasium.make(line["env"], **line["kwargs"])
        line["reset"] = short(environment.reset(seed=line["seed"])[0])
        for step in line["steps"]:
            observation, reward, terminated, truncated, _ = environment.step(np.array(step[0], np.float32))
            step[1:] = [short(observation), float(reward), bool(terminated), bool(truncated)]
            if terminated or truncated:
                step.append(short(environment.reset()[0]))
    write(name, lines)


def record_options():
    right_way = lambda observation: 2 if observation[1] > 0 else 0
    pushed = lambda observation: np.array([1.7 if observation[1] > 0 else -1.3], np.float32)
    balanced = lambda o: int(o[2] + 0.3 * o[3] + 0.05 * o[1] + 0.01 * o[0] > 0)
    episodes("CartPole-v1-sutton_barto_reward=True", "CartPole-v1", {"sutton_barto_reward": True}, range(3), 60)
    episodes("CartPole-v1-held", "CartPole-v1", {}, [7], 520, balanced)
    episodes("MountainCar-v0-goal_velocity=0.02", "MountainCar-v0", {"goal_velocity": 0.02}, range(3), 130, right_way)
    episodes("MountainCarContinuous-v0-goal_velocity=0.03", "MountainCarContinuous-v0", {"goal_velocity": 0.03}, range(3), 130, pushed)
    episodes("Pendulum-v1-g=9.81", "Pendulum-v1", {"g": 9.81}, range(3), 210)
    episodes("FrozenLake-v1-desc", "FrozenLake-v1",
             {"desc": ["SFFS", "FHFF", "FFFG"], "success_rate": 0.75, "reward_schedule": [10, -5, -0.5]}, range(3), 200)
    episodes("FrozenLake-v1-random", "FrozenLake-v1", {"desc": generate_random_map(10, 0.7, seed=5)}, range(3), 200)
    episodes("FrozenLake8x8-v1", "FrozenLake8x8-v1", {}, range(3), 300)
    episodes("CliffWalkingSlippery-v1", "CliffWalkingSlippery-v1", {}, range(3), 200)
    episodes("Taxi-v4-rain", "Taxi-v4",
             {"is_rainy": True, "fickle_passenger": True, "rainy_probability": 0.6, "fickle_probability": 0.9}, range(3), 500)
    episodes("Blackjack-v1-natural=True", "Blackjack-v1", {"natural": True, "sab": False}, range(6), 200)


def record_spaces():
    inf = np.inf
    cases = {
        "box": spaces.Box(-1, 1, (3,)),
        "bounds": spaces.Box(np.array([-4.8, -inf, -0.41887903, 0], np.float32), np.array([4.8, inf, 5, inf], np.float32)),
        "sides": spaces.Box(np.array([-inf, 0, -inf, -1, 2], np.float32), np.array([inf, inf, 3, 1, 2.5], np.float32)),
        "whole": spaces.Box(-3, 7, (4,), dtype=np.int64),
        "image": spaces.Box(0, 255, (2, 3, 3), dtype=np.uint8),
        "discrete": spaces.Discrete(5),
        "shifted": spaces.Discrete(3, start=-1),
        "choices": spaces.MultiDiscrete([2, 3, 5]),
        "switches": spaces.MultiBinary(6),
        "tuple": spaces.Tuple((spaces.Discrete(32), spaces.Discrete(11), spaces.Discrete(2))),
        "dict": spaces.Dict({"speed": spaces.Box(-1, 1, (2,)), "gear": spaces.Discrete(5)}),
    }
    result = []
    for name, space in cases.items():
        seeded = []
        for seed in (0, 1, 42):
            generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
            for part in [space, *(space.spaces.values() if isinstance(space, spaces.Dict) else getattr(space, "spaces", []))]:
                part._np_random = generator      # one stream for all parts, as they share a row here
            seeded.append({"seed": seed, "samples": [plain(space.sample()) for _ in range(4)]})
        result.append({"name": name, "text": str(space), "streams": seeded})
    with open("spaces.json", "w") as file:
        json.dump(result, file)


def record_maps():
    maps = [{"size": n, "frozen": p, "seed": s, "map": generate_random_map(n, p, s)} for n, p, s in
            [(4, 0.8, 1), (8, 0.8, 0), (8, 0.8, 123), (6, 0.55, 9), (12, 0.6, 3)]]
    with open("maps.json", "w") as file:
        json.dump(maps, file)


def record_normalisation():
    """Three pendulums, since they are truncated, and three cart poles, since they fall: VecNormalize with its defaults."""
    result = []
    for id, steps in (("Pendulum-v1", 230), ("CartPole-v1", 60)):
        vector = VecNormalize(DummyVecEnv([lambda: gymnasium.make(id)] * 3), gamma=0.95)
        vector.seed(10)
        case = {"env": id, "seed": 10, "gamma": 0.95, "reset": plain(vector.reset()), "steps": []}
        generator = np.random.default_rng(3)
        for _ in range(steps):
            space = vector.action_space
            actions = np.array([generator.integers(space.n) if isinstance(space, spaces.Discrete) else generator.uniform(-2, 2, 1)
                                for _ in range(3)]).astype(np.int64 if isinstance(space, spaces.Discrete) else np.float32)
            observations, rewards, done, infos = vector.step(actions)
            last = [plain(info["terminal_observation"]) if ended else None for info, ended in zip(infos, done)]
            case["steps"].append([plain(actions), plain(observations), plain(rewards), last])
        case["mean"] = plain(vector.obs_rms.mean)
        case["variance"] = plain(vector.obs_rms.var)
        case["returnVariance"] = float(vector.ret_rms.var)
        result.append(case)
    with open("normalisation.json.gz", "wb") as raw, gzip.GzipFile("", "wb", mtime=0, fileobj=raw) as file:
        file.write(json.dumps(result).encode())


record_options()
record_spaces()
record_maps()
record_normalisation()
if len(sys.argv) > 3:
    again("BipedalWalker-v3-walks")
    again("LunarLander-v3-wind-and-gravity")
