"""Records numpy-random-mixed.json.gz: generators that are called in mixed order, and digests of long streams (NumPy 1.24)."""
import gzip
import hashlib
import json

import numpy as np

SEEDS = [0, 1, 2, 7, 42, 2024, 31337, 2**31 - 1, 2**32 - 1, 2**32, 2**53 + 1, 2**63, 2**64 - 1]
RANGES = [(0, 1), (0, 2), (3, 5), (-9999, 9999), (0, 7), (0, 2**16), (0, 2**31), (-2**31, 2**31), (0, 2**32 - 1), (0, 2**32),
          (0, 2**32 + 1), (0, 2**33), (0, 3 * 2**61), (0, 2**63 - 1), (-2**63, 2**63 - 1)]
STREAMS = {
    "random": lambda g, n: g.random(n),
    "random_float32": lambda g, n: g.random(n, dtype=np.float32),
    "standard_normal": lambda g, n: g.standard_normal(n),
    "normal(3,0.5)": lambda g, n: g.normal(3, 0.5, n),
    "standard_exponential": lambda g, n: g.standard_exponential(n),
    "exponential(2.5)": lambda g, n: g.exponential(2.5, n),
    "uniform(-3,7)": lambda g, n: g.uniform(-3, 7, n),
    "integers(0,1000)": lambda g, n: g.integers(0, 1000, n),
    "integers(0,3*2**30)": lambda g, n: g.integers(0, 3 * 2**30, n),
    "integers(0,3*2**61)": lambda g, n: g.integers(0, 3 * 2**61, n),
    "integers(0,200,uint8)": lambda g, n: g.integers(0, 200, n, dtype=np.uint8),
    "permutation": lambda g, n: g.permutation(n),
}
LENGTHS = {"standard_normal": 1_000_000, "standard_exponential": 1_000_000}     # so that the tails are reached often


def mixed(seed):
    g = np.random.default_rng(seed)
    calls = []

    def call(name, arguments, value):
        calls.append([name, [str(a) for a in arguments], [str(v) if isinstance(v, int) else v for v in np.ravel(value).tolist()]])

    for repetition in range(3):
        for low, high in RANGES:
            call("integers", [low, high], g.integers(low, high))
            call("integers", [low, high], g.integers(low, high, 3))
        call("random", [], g.random())
        call("integers", [0, 10], g.integers(0, 10))
        call("random", [], g.random())
        call("random_float32", [], g.random(dtype=np.float32))
        call("standard_normal", [], g.standard_normal(5))
        call("random_float32", [], g.random(3, dtype=np.float32))
        call("standard_exponential", [], g.standard_exponential(5))
        for high in (1, 2, 5, 200, 255, 256):
            call("bytes", [0, high], g.integers(0, high, 7, dtype=np.uint8))
        call("bytes", [17, 99], g.integers(17, 99, 9, dtype=np.uint8))
        call("int32", [-5, 6], g.integers(-5, 6, 5, dtype=np.int32))
        for n in (1, 2, 3, 10, 33):
            call("permutation", [n], g.permutation(n))
        call("shuffle", [12], shuffled(g, 12))
        for n, k in ((10, 10), (10, 3), (50, 1), (1000, 20), (10000, 300), (10001, 200), (10001, 201), (20000, 500), (12000, 12000 // 40)):
            call("choice", [n, k], g.choice(n, k, replace=False))
        call("choice_replace", [37, 9], g.choice(37, 9))
        p = np.array([0.1, 0.0, 0.25, 0.4, 0.05, 0.2])
        call("choice_p", p.tolist() + [7, 1], g.choice(6, 7, p=p))
        call("choice_p", p.tolist() + [4, 0], g.choice(6, 4, replace=False, p=p))
        call("choice_p", p.tolist() + [1, 1], g.choice(6, p=p))
    return calls


def shuffled(g, n):
    values = np.arange(n) * 3
    g.shuffle(values)
    return values


def spawned(seed):
    children = np.random.SeedSequence(seed).spawn(4)
    grandchildren = children[2].spawn(2) + children[2].spawn(1)
    return [np.random.default_rng(s).random(3).tolist() for s in children + grandchildren]


def digest(seed, name, count):
    values = STREAMS[name](np.random.default_rng(seed), count)
    return hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()


if __name__ == "__main__":
    record = [{
        "seed": str(seed),
        "mixed": mixed(seed),
        "spawned": spawned(seed),
        "streams": {name: digest(seed, name, LENGTHS.get(name, 20_000)) for name in STREAMS},
    } for seed in SEEDS]
    with gzip.GzipFile("numpy-random-mixed.json.gz", "wb", mtime=0) as file:
        file.write(json.dumps(record).encode())
