"""Decoding in plain PyTorch, for bench/decode.ts: the main job's model (configs/attention-additive.yaml) as one would write it.

Reads a line of JSON, prints a line of JSON: {"sizes": {...}} first (vocabularies, embedding, hidden, attention), then
{"sources": [[id, ...], ...], "steps": n, "beam": k} -> {"seconds": s}, processor
time. The weights are random, so that `steps` says how long
outputs are; everything that is computed at a step is what a search needs (log probabilities, top k, states by parent).
"""

import json
import sys
import time

import torch
from torch import nn

torch.set_num_threads(1)
BOS = 1


class Model(nn.Module):
    def __init__(self, source, target, embedding, hidden, attention):
        super().__init__()
        self.source = nn.Embedding(source, embedding)
        self.target = nn.Embedding(target, embedding)
        self.encoder = nn.GRU(embedding, hidden, batch_first=True, bidirectional=True)
        self.bridge = nn.Linear(2 * hidden, hidden)
        self.keys = nn.Linear(2 * hidden, attention, bias=False)
        self.query = nn.Linear(hidden, attention)
        self.energy = nn.Linear(attention, 1, bias=False)
        self.cell = nn.GRUCell(embedding + 2 * hidden, hidden)
        self.readout = nn.Linear(3 * hidden, target)

    def encode(self, ids, lengths):
        packed = nn.utils.rnn.pack_padded_sequence(self.source(ids), lengths, batch_first=True, enforce_sorted=False)
        packed, last = self.encoder(packed)
        outputs, _ = nn.utils.rnn.pad_packed_sequence(packed, batch_first=True)
        mask = torch.arange(outputs.shape[1])[None, :] >= lengths[:, None]
        return outputs, self.keys(outputs), mask, torch.tanh(self.bridge(torch.cat([last[0], last[1]], 1)))

    def step(self, previous, state, outputs, keys, mask):
        scores = self.energy(torch.tanh(self.query(state)[:, None] + keys)).squeeze(2).masked_fill(mask, -1e9)
        context = torch.bmm(torch.softmax(scores, 1)[:, None], outputs).squeeze(1)
        state = self.cell(torch.cat([self.target(previous), context], 1), state)
        return torch.log_softmax(self.readout(torch.cat([state, context], 1)), 1), state


@torch.inference_mode()
def decode(model, sources, steps, beam):
    lengths = torch.tensor([len(row) for row in sources])
    ids = torch.zeros(len(sources), int(lengths.max()), dtype=torch.long)
    for at, row in enumerate(sources):
        ids[at, : len(row)] = torch.tensor(row)
    outputs, keys, mask, state = model.encode(ids, lengths)
    batch = len(sources)
    outputs, keys, mask, state = (x.repeat_interleave(beam, 0) for x in (outputs, keys, mask, state))
    previous = torch.full((batch * beam,), BOS)
    scores = torch.zeros(batch, beam)
    scores[:, 1:] = -1e9
    first = (torch.arange(batch) * beam)[:, None]
    for _ in range(steps):
        log_probs, state = model.step(previous, state, outputs, keys, mask)
        vocabulary = log_probs.shape[1]
        best, places = (scores[:, :, None] + log_probs.view(batch, beam, vocabulary)).view(batch, -1).topk(beam, 1)
        scores, parents = best, (first + places // vocabulary).view(-1)
        previous, state = (places % vocabulary).view(-1), state[parents]
    return scores


def main():
    torch.manual_seed(1)
    model = Model(**json.loads(sys.stdin.readline())["sizes"]).eval()
    print(json.dumps({"torch": torch.__version__}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        started = time.process_time()
        decode(model, asked["sources"], asked["steps"], asked["beam"])
        print(json.dumps({"seconds": time.process_time() - started}), flush=True)


main()
