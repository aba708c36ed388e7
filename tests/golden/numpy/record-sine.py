"""Records sine and cosine of NumPy 1.24 on a processor with AVX-512: arguments and results as hexadecimal bits, one triple a line."""
import gzip
import struct

import numpy as np

random = np.random.default_rng(7)
arguments = np.concatenate([
    random.uniform(-0.3, 0.3, 1000), random.uniform(-4, 4, 2000), random.uniform(-100, 100, 1000), random.uniform(-2e7, 2e7, 500),
    random.uniform(-1e-7, 1e-7, 200), np.arange(-50, 51) * np.pi / 4, [0.0, -0.0, 1e-300, 3e-9, 1e10, -1e15]])
with gzip.GzipFile("sine.txt.gz", "wb", mtime=0) as file:
    for x, s, c in zip(arguments, np.sin(arguments), np.cos(arguments)):
        file.write((" ".join(struct.pack(">d", value).hex() for value in (x, s, c)) + "\n").encode())
