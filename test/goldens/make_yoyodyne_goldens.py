"""Writes yoyodyne-heads.json: hard monotonic attention and the pointer-generator as Yoyodyne's own models compute them.

Usage: python make_yoyodyne_goldens.py   (needs yoyodyne; the versions used are named in the file)

Only steps of decoders are taken: what an encoder would give is drawn at random. Its models' own functions are called with
an object that has what they read of a model.

Of order 1, Yoyodyne 0.5.27 takes the softmax of the scores of moves over the source steps that they start from (dim=1),
padding included, and not over the moves from one step (dim=2), as in the paper: here, over those. It also adds EPSILON,
1e-7, to the probability of every move, so that there is a little of those that are none: here, next to nothing.
"""

import importlib.metadata
import json
import pathlib
import types

import torch
from yoyodyne import defaults, special
from yoyodyne.models import hard_attention, modules
from yoyodyne.models.pointer_generator import rnn as pointer_generator

V, E, R, D, S, T, WINDOW = 7, 3, 4, 5, 4, 3, 1
TARGET = [5, 4, 6]

defaults.EPSILON = 1e-15
torch.set_default_dtype(torch.float64)
torch.manual_seed(17)
embeddings = torch.nn.Embedding(V, E)
plain_softmax = torch.nn.functional.softmax


def softmax_of_moves(x, dim):
    return plain_softmax(x, dim=2 if x.dim() == 3 and x.size(2) == 2 * WINDOW + 1 else dim)


torch.nn.functional.softmax = softmax_of_moves


def listed(tensor):
    return [float(f"{number:.9g}") for number in tensor.detach().flatten().tolist()]


def recorded(module, seen):
    """Keeps the first thing that a module gives at each call."""
    module.register_forward_hook(lambda _, __, output: seen.append(output[0]))


# ---- hard monotonic attention ------------------------------------------------------------------------------------


def borrowed(decoder, classifier):
    own = hard_attention.HardAttentionModel
    model = types.SimpleNamespace(
        decoder=decoder, classifier=classifier, embeddings=embeddings, enforce_monotonic=True, device="cpu"
    )
    model.start_symbol = lambda batch: torch.full((batch, 1), special.START_IDX)
    model.decode_step = types.MethodType(own.decode_step, model)
    model._initial_likelihood = types.MethodType(own._initial_likelihood, model)
    for name in ["_apply_mono_mask", "_transitions", "_emissions"]:
        setattr(model, name, getattr(own, name))
    return model


def hard_golden(order):
    sizes = dict(embedding_size=E, hidden_size=R, decoder_input_size=D, dropout=0)
    if order == 0:
        decoder = modules.HardAttentionGRUDecoder(**sizes)
    else:
        decoder = modules.ContextHardAttentionGRUDecoder(WINDOW, **sizes)
    # Scores that are far from equal.
    with torch.no_grad():
        for parameter in decoder.parameters():
            parameter.copy_(torch.randn_like(parameter))
    decoder.module = modules.rnn.WrappedGRUDecoder(E, R, batch_first=True)
    classifier = torch.nn.Linear(R + D, V)
    torch.nn.init.normal_(classifier.weight)
    model = borrowed(decoder, classifier)
    encoded = torch.randn(1, S, D, requires_grad=True)
    mask = torch.zeros(1, S, dtype=torch.bool)
    target = torch.tensor([TARGET])
    readouts = []
    recorded(decoder.module, readouts)
    loss = hard_attention.HardAttentionModel._loss(model, encoded, mask, target) * T
    loss.backward()
    readout = torch.cat(readouts, dim=1)
    # As in its greedy_decode, with the target's symbols in the place of the most probable ones.
    symbol, state = model.start_symbol(1), decoder.initial_state(1)
    likelihood = model._initial_likelihood(1, S)
    log_probs, alignments = [], []
    for t in range(T):
        emissions, transitions, state = model.decode_step(encoded, mask, symbol, state)
        likelihood = model._transitions(likelihood, transitions)
        alignments.append(likelihood.exp())
        log_probs.append(torch.logsumexp(likelihood.transpose(1, 2) + emissions, dim=1))
        symbol = target[:, t : t + 1]
        likelihood = model._emissions(likelihood, emissions, symbol)
        likelihood = likelihood - likelihood.logsumexp(dim=2, keepdim=True)
    joint, scale = decoder.output_proj[0], decoder.scale_encoded
    jump = {}
    if order == 1:
        # Of moves by -WINDOW to WINDOW those ahead; the bias of what is remembered of the source goes into theirs.
        weight = decoder.alignment_proj.weight[WINDOW:]
        jump = {
            "kernel": listed(torch.cat((weight[:, R:], weight[:, :R]), dim=1).T),
            "bias": listed(decoder.alignment_proj.bias[WINDOW:] + weight[:, :R] @ scale.bias),
        }
    return {
        "order": order,
        # Kernels transposed: PyTorch multiplies by W^T.
        "params": {
            "moves": {"kernel": listed(scale.weight.T), **({"jump": jump} if jump else {})},
            "joint": {"kernel": listed(joint.weight.T), "bias": listed(joint.bias)},
            "kernel": listed(classifier.weight.T),
            "bias": listed(classifier.bias),
        },
        "encoded": listed(encoded),
        "readout": listed(readout),
        "loss": loss.item(),
        "encodedGradient": listed(encoded.grad),
        "kernelGradient": listed(classifier.weight.grad.T),
        "logProbs": listed(torch.cat(log_probs)),
        "alignment": listed(torch.cat(alignments)),
    }


# ---- pointer-generator -------------------------------------------------------------------------------------------


def pointer_golden():
    decoder = modules.SoftAttentionGRUDecoder(
        attention_input_size=D, decoder_input_size=D, embedding_size=E, hidden_size=R, dropout=0
    )
    gate = modules.GenerationProbability(E, R, D)
    classifier = torch.nn.Linear(R + D, V)
    model = types.SimpleNamespace(
        decoder=decoder,
        classifier=classifier,
        embeddings=embeddings,
        generation_probability=gate,
        has_features_encoder=False,
        target_vocab_size=V,
        device="cpu",
    )
    seen, gated = [], []
    decoder.attention.register_forward_hook(lambda _, __, output: seen.append(output))
    gate.register_forward_hook(lambda _, inputs, output: gated.append(inputs))
    # The first and the third source symbol are the same.
    source = torch.tensor([[4, 6, 4, 3]])
    encoded = torch.randn(1, S, D)
    mask = torch.zeros(1, S, dtype=torch.bool)
    state, log_probs = decoder.initial_state(1), []
    for symbol in [special.START_IDX, *TARGET[:-1]]:
        step, state = pointer_generator.PointerGeneratorRNNModel.decode_step(
            model, source, encoded, mask, torch.tensor([[symbol]]), state
        )
        log_probs.append(step)
    contexts, hidden, embedded = (torch.cat(parts, dim=1) for parts in zip(*gated))
    return {
        "params": {
            # x is [h; C] and C is read by itself as well: its weight is in x's place.
            "gate": {
                "kernel": listed(
                    torch.cat((gate.W_hs.weight, gate.W_attention.weight, torch.zeros(1, D), gate.W_emb.weight), dim=1)
                ),
                "bias": listed(gate.bias),
            },
            "kernel": listed(classifier.weight.T),
            "bias": listed(classifier.bias),
        },
        "source": source.flatten().tolist(),
        "readout": listed(torch.cat((hidden, contexts), dim=2)),
        "context": listed(contexts),
        "embedded": listed(embedded),
        "alignment": listed(torch.cat([weights for _, weights in seen], dim=1)),
        "logProbs": listed(torch.cat(log_probs, dim=1)),
    }


goldens = {
    "generator": f"Yoyodyne {importlib.metadata.version('yoyodyne')}, PyTorch {torch.__version__}",
    "sizes": {"symbols": V, "embedded": E, "readout": R, "outputs": D, "source": S, "target": T, "window": WINDOW},
    "target": TARGET,
    "hardMonotonic": [hard_golden(0), hard_golden(1)],
    "pointerGenerator": pointer_golden(),
}
pathlib.Path(__file__).with_name("yoyodyne-heads.json").write_text(json.dumps(goldens) + "\n")
