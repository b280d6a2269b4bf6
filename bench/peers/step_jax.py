"""The same training step in JAX: one jitted function, lax.scan over time, Adam written out."""

import os
import sys

# Before JAX is loaded: XLA reads how many threads it may use only once.
threads = int(sys.argv[sys.argv.index("--threads") + 1]) if "--threads" in sys.argv else 1
os.environ["XLA_FLAGS"] = f"--xla_cpu_multi_thread_eigen={'true' if threads > 1 else 'false'} intra_op_parallelism_threads={threads}"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp
import numpy as np

from cases import batch, serve


def glorot(random, *shape):
    return jnp.asarray(random.uniform(-1, 1, shape) * np.sqrt(6 / sum(shape)), jnp.float32)


def cell(case, inputs):
    """Parameters of one cell and its step: (params, x's gates, state) -> state; h is the first of an LSTM's state."""
    H, random = case["size"]["H"], np.random.default_rng(1)
    gates = 4 if case["cell"] == "lstm" else 3
    params = {
        "w": glorot(random, inputs, gates * H),
        "u": glorot(random, H, gates * H),
        "b": jnp.zeros(gates * H),
        "c": jnp.zeros(gates * H),
    }

    def lstm(p, x, state):
        h, c = state
        i, f, g, o = jnp.split(x + h @ p["u"] + p["c"], 4, -1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        return jax.nn.sigmoid(o) * jnp.tanh(c), c

    def gru(p, x, state):
        (h,) = state
        xr, xz, xn = jnp.split(x, 3, -1)
        hr, hz, hn = jnp.split(h @ p["u"] + p["c"], 3, -1)
        z = jax.nn.sigmoid(xz + hz)
        n = jnp.tanh(xn + jax.nn.sigmoid(xr + hr) * hn)
        return ((1 - z) * n + z * h,)

    return params, lstm if case["cell"] == "lstm" else gru


def build(case):
    size, random = case["size"], np.random.default_rng(2)
    V, E, H, B = size["V"], size["E"], size["H"], size["B"]
    both, attention = case["bidirectional"], case["attention"]
    D = 2 * H if both else H
    forward, step = cell(case, E)
    decoder, _ = cell(case, E + D if attention else E)
    params = {
        "source": glorot(random, V, E),
        "target": glorot(random, V, E),
        "forward": forward,
        "decoder": decoder,
        "head": glorot(random, H + D if attention else H, V),
        "headBias": jnp.zeros(V),
    }
    if both:
        params |= {"backward": cell(case, E)[0], "bridge": glorot(random, D, H), "bridgeBias": jnp.zeros(H)}
    if attention:
        params |= {"query": glorot(random, H, H), "keys": glorot(random, D, H), "keyBias": jnp.zeros(H), "v": glorot(random, H, 1)}
    zero = tuple(jnp.zeros((B, H)) for _ in range(2 if case["cell"] == "lstm" else 1))

    def read(p, xs, reverse=False):
        projected = xs @ p["w"] + p["b"]

        def advance(state, x):
            state = step(p, x, state)
            return state, state[0]

        return jax.lax.scan(advance, zero, projected, reverse=reverse)

    def loss(p, source, given, expected):
        xs, ys = p["source"][source.T], p["target"][given.T]
        state, outputs = read(p["forward"], xs)
        if both:
            last, backwards = read(p["backward"], xs, reverse=True)
            outputs = jnp.concatenate([outputs, backwards], -1)
            h = jnp.tanh(jnp.concatenate([state[0], last[0]], -1) @ p["bridge"] + p["bridgeBias"])
            state = (h, jnp.zeros_like(h))[: len(zero)]
        if attention:
            values = outputs.transpose(1, 0, 2)
            keys = values @ p["keys"] + p["keyBias"]
            wy, wc = p["decoder"]["w"][:E], p["decoder"]["w"][E:]
            projected = ys @ wy + p["decoder"]["b"]

            def advance(state, x):
                scores = (jnp.tanh(keys + (state[0] @ p["query"])[:, None]) @ p["v"])[..., 0]
                context = jnp.einsum("bs,bsd->bd", jax.nn.softmax(scores), values)
                state = step(p["decoder"], x + context @ wc, state)
                return state, jnp.concatenate([state[0], context], -1)

        else:
            projected = ys @ p["decoder"]["w"] + p["decoder"]["b"]

            def advance(state, x):
                state = step(p["decoder"], x, state)
                return state, state[0]

        _, decoded = jax.lax.scan(advance, state, projected)
        logs = jax.nn.log_softmax(decoded @ p["head"] + p["headBias"])
        return -jnp.take_along_axis(logs, expected.T[..., None], -1).mean()

    return params, loss


def prepare(case, _threads):
    params, loss = build(case)
    ids = [jnp.asarray(part, jnp.int32) for part in batch(case["size"])]
    zeros = jax.tree.map(jnp.zeros_like, params)

    @jax.jit
    def train(params, m, v, t):
        value, gradient = jax.value_and_grad(loss)(params, *ids)
        norm = jnp.sqrt(sum(jnp.sum(g * g) for g in jax.tree.leaves(gradient)))
        gradient = jax.tree.map(lambda g: g * jnp.minimum(1, 1 / (norm + 1e-6)), gradient)
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, gradient)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, gradient)
        rate = 1e-3 * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        return jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v) + 1e-8), params, m, v), m, v, value

    state = [params, zeros, zeros, 0]

    def run(steps):
        for _ in range(steps):
            state[3] += 1
            *state[:3], value = train(*state[:3], jnp.float32(state[3]))
        return float(value)

    return run


if __name__ == "__main__":
    serve(prepare)
