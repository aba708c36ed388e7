"""Five updates of DDPG, TD3 and SAC by PyTorch, on the same random streams as Bellman's (NumPy's). Written for PyTorch 1.13, NumPy 1.24.

Usage: python3 record.py DIRECTORY
"""
import copy
import json
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

LOW, HIGH = np.array([-2, -1], np.float32), np.array([2, 3], np.float32)
OBSERVATIONS, ACTIONS, HIDDEN, BATCH, STEPS, UPDATES, SEED = 3, 2, [8, 6], 16, 60, 5, 11
RATE, TAU, GAMMA = 1e-2, 0.1, 0.9


class Drift:
    """Two numbers that drift with the action; every seventh step ends the task, every fifth of an episode cuts it off."""

    def __init__(self):
        self.n = self.episode = 0

    def reset(self):
        self.x, self.t = [0.1 * self.episode, -0.2], 0
        self.episode += 1
        return self.observe()

    def observe(self):
        return np.array([self.x[0], self.x[1], self.x[0] * self.x[1]]).astype(np.float32)

    def step(self, action):
        self.x = [0.8 * x + 0.1 * float(a) for x, a in zip(self.x, action)]
        self.t += 1
        self.n += 1
        terminated = self.n % 7 == 0
        return self.observe(), np.float32(self.x[0] - self.x[1] ** 2), terminated, self.t == 5 and not terminated


def linear(inputs, outputs, rng):
    layer = nn.Linear(inputs, outputs)
    bound = np.float32(1) / np.sqrt(np.float32(inputs))
    for parameter in (layer.weight, layer.bias):
        values = rng.uniform(-float(bound), float(bound), tuple(parameter.shape)).astype(np.float32)
        parameter.data.copy_(torch.from_numpy(values))
    return layer


def layers(inputs, outputs, rng):
    modules = []
    for width in HIDDEN:
        modules += [linear(inputs, width, rng), nn.ReLU()]
        inputs = width
    return modules + ([linear(inputs, outputs, rng)] if outputs else [])


def critics(count, rng):
    module = nn.Module()
    for i in range(count):
        module.add_module(f"qf{i}", nn.Sequential(*layers(OBSERVATIONS + ACTIONS, 1, rng)))
    return module


def values(critic, s, a):
    return [network(torch.cat([s, a], 1)).flatten() for network in critic.children()]


def blend(target, source):
    for t, p in zip(target.parameters(), source.parameters()):
        t.data.mul_(1 - TAU).add_(TAU * p.data)


class Deterministic(nn.Module):
    def __init__(self, rng):
        super().__init__()
        self.mu = nn.Sequential(*layers(OBSERVATIONS, ACTIONS, rng), nn.Tanh())

    def forward(self, s):
        return self.mu(s)


class Squashed(nn.Module):
    def __init__(self, rng, sde):
        super().__init__()
        self.sde = sde
        if sde:
            self.log_std = nn.Parameter(torch.full((HIDDEN[-1], ACTIONS), -1.0))
        self.latent_pi = nn.Sequential(*layers(OBSERVATIONS, 0, rng))
        mu = linear(HIDDEN[-1], ACTIONS, rng)
        self.mu = nn.Sequential(mu, nn.Hardtanh(-2, 2)) if sde else mu
        if not sde:
            self.log_std = linear(HIDDEN[-1], ACTIONS, rng)

    def sample(self, s, noise):
        z = self.latent_pi(s)
        mean = self.mu(z)
        if self.sde:
            std = self.log_std.exp()
            normal = torch.distributions.Normal(mean, ((z ** 2) @ (std ** 2) + 1e-6).sqrt())
            u = mean + z @ (std * noise)
        else:
            normal = torch.distributions.Normal(mean, self.log_std(z).clamp(-20, 2).exp())
            u = mean + normal.stddev * noise
        a = torch.tanh(u)
        return a, (normal.log_prob(u) - torch.log(1 - a ** 2 + 1e-6)).sum(1)


class Memory:
    def __init__(self, n_steps, rng):
        self.rows, self.n_steps, self.rng = [], n_steps, rng

    def sample(self):
        picked = [self.nth(int(self.rng.integers(len(self.rows)))) for _ in range(BATCH)]
        s, a, r, s2, d = (torch.from_numpy(np.array(column, np.float32)) for column in zip(*picked))
        return s, 2 * ((a - torch.from_numpy(LOW)) / torch.from_numpy(HIGH - LOW)) - 1, r, s2, d

    def nth(self, i):
        s, a = self.rows[i][:2]
        r, weight = 0.0, 1.0
        for k in range(self.n_steps):
            _, _, reward, s2, terminated, truncated = self.rows[min(i + k, len(self.rows) - 1)]
            r += weight * float(reward)
            weight *= GAMMA
            if terminated or truncated or i + k == len(self.rows) - 1:
                break
        return s, a, r, s2, 0.0 if terminated else weight


def record(kind):
    sde = kind == "sac-sde"
    is_sac = kind.startswith("sac")
    streams = [np.random.default_rng(child) for child in np.random.SeedSequence(SEED).spawn(3 if kind == "ddpg" else 4)]
    initialisation, exploration, sampling = streams[:3]
    extra = streams[3] if len(streams) > 3 else None
    normal = lambda *shape: torch.from_numpy(extra.normal(0, 1, shape).astype(np.float32))
    if is_sac:
        actor = Squashed(initialisation, sde)
    else:
        actor, target_actor = Deterministic(initialisation), Deterministic(initialisation)
        target_actor.load_state_dict(actor.state_dict())
    critic = critics(1 if kind == "ddpg" else 2, initialisation)
    target = copy.deepcopy(critic)
    log_alpha = torch.tensor([np.log(np.float32(0.5))], requires_grad=True)
    adam = lambda parameters: torch.optim.Adam(parameters, RATE)
    actor_optimizer, critic_optimizer, alpha_optimizer = adam(actor.parameters()), adam(critic.parameters()), adam([log_alpha])
    shape = (HIDDEN[-1], ACTIONS)
    if sde:
        normal(*shape), normal(*shape)      # drawn when the agent is made

    environment, memory = Drift(), Memory(2 if kind == "td3" else 1, sampling)
    s = environment.reset()
    for step in range(STEPS):
        if sde and step == 0:
            theta = normal(*shape)
        if step < STEPS - 1:
            a = np.array([exploration.uniform(float(l), float(h)) for l, h in zip(LOW, HIGH)]).astype(np.float32)
        else:
            with torch.no_grad():
                one = torch.from_numpy(s[None])
                unit = actor.sample(one, theta if sde else normal(1, ACTIONS))[0] if is_sac else actor(one)
            a = (LOW + np.float32(0.5) * (unit.numpy()[0] + 1) * (HIGH - LOW)).astype(np.float32)
        s2, r, terminated, truncated = environment.step(a)
        memory.rows.append((s, a, r, s2, terminated, truncated))
        s = environment.reset() if terminated or truncated else s2

    losses = {"train/critic_loss": [], "train/actor_loss": [], "train/ent_coef": [], "train/ent_coef_loss": []}
    for update in range(1, UPDATES + 1):
        s, a, r, s2, d = memory.sample()
        if is_sac:
            noise = normal(*shape) if sde else None
            draw = lambda: noise if sde else normal(BATCH, ACTIONS)
            action, log_probability = actor.sample(s, draw())
            alpha = log_alpha.detach().exp()
            alpha_loss = -(log_alpha * (log_probability - ACTIONS).detach()).mean()
            alpha_optimizer.zero_grad()
            alpha_loss.backward()
            alpha_optimizer.step()
            losses["train/ent_coef"].append(alpha.item())
            losses["train/ent_coef_loss"].append(alpha_loss.item())
            with torch.no_grad():
                next_action, next_log_probability = actor.sample(s2, draw())
                y = r + d * (torch.min(*values(target, s2, next_action)) - alpha * next_log_probability)
        else:
            with torch.no_grad():
                next_action = target_actor(s2)
                if kind == "td3":
                    smoothing = torch.from_numpy(extra.normal(0, 0.3, (BATCH, ACTIONS)).astype(np.float32))
                    next_action = (next_action + smoothing.clamp(-0.2, 0.2)).clamp(-1, 1)
                y = r + d * torch.stack(values(target, s2, next_action)).min(0)[0]
        critic_loss = sum(F.mse_loss(value, y) for value in values(critic, s, a)) * (0.5 if is_sac else 1)
        critic_optimizer.zero_grad()
        critic_loss.backward()
        critic_optimizer.step()
        losses["train/critic_loss"].append(critic_loss.item())
        if kind == "td3" and update % 2 != 0:
            continue
        if is_sac:
            actor_loss = (alpha * log_probability - torch.min(*values(critic, s, action))).mean()
        else:
            actor_loss = -values(critic, s, actor(s))[0].mean()
        actor_optimizer.zero_grad()
        actor_loss.backward()
        actor_optimizer.step()
        losses["train/actor_loss"].append(actor_loss.item())
        blend(target, critic)
        if not is_sac:
            blend(target_actor, actor)

    modules = {"actor": actor, "critics" if kind != "ddpg" else "critic": critic}
    modules["targetCritics" if kind != "ddpg" else "targetCritic"] = target
    if not is_sac:
        modules["targetActor"] = target_actor
    state = {f"{name}.{key}": value.flatten().tolist() for name, module in modules.items() for key, value in module.state_dict().items()}
    if is_sac:
        state["entropyCoefficient.log_ent_coef"] = log_alpha.tolist()
    metrics = {name: float(np.mean(each)) for name, each in losses.items() if each}
    return {"metrics": metrics, "state": state}


for kind in ("ddpg", "td3", "sac", "sac-sde"):
    with open(f"{sys.argv[1]}/{kind}.json", "w") as file:
        json.dump(record(kind), file)
