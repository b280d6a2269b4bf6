"""Five steps of every optimizer on one vector: python optimizers.py > optimizers.json"""
import json
import torch

start = [0.5, -1.0, 2.0, 0.001]
gradients = [[0.1, -0.2, 0.3, 1e-4], [0.2, 0.1, -0.3, 0.0], [-0.5, 0.4, 1.0, 2e-4], [0.0, 0.0, 0.25, -1e-4], [0.3, -0.6, 0.1, 5.0]]
o = torch.optim
cases = {
    "sgd": ({"learningRate": 0.1, "weightDecay": 0.0}, lambda p: o.SGD(p, lr=0.1)),
    "sgd with decay": ({"learningRate": 0.1, "weightDecay": 0.05}, lambda p: o.SGD(p, lr=0.1, weight_decay=0.05)),
    "momentum": ({"learningRate": 0.1, "momentum": 0.9, "nesterov": False, "weightDecay": 0.0}, lambda p: o.SGD(p, lr=0.1, momentum=0.9)),
    "momentum, nesterov": ({"learningRate": 0.1, "momentum": 0.8, "nesterov": True, "weightDecay": 0.01}, lambda p: o.SGD(p, lr=0.1, momentum=0.8, nesterov=True, weight_decay=0.01)),
    "adam": ({"learningRate": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.0}, lambda p: o.Adam(p, lr=0.01)),
    "adam, other numbers": ({"learningRate": 0.02, "beta1": 0.8, "beta2": 0.98, "epsilon": 1e-3, "weightDecay": 0.1}, lambda p: o.Adam(p, lr=0.02, betas=(0.8, 0.98), eps=1e-3, weight_decay=0.1)),
    "adamw": ({"learningRate": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.1}, lambda p: o.AdamW(p, lr=0.01, weight_decay=0.1)),
    "adagrad": ({"learningRate": 0.1, "initial": 0.1, "epsilon": 1e-10, "weightDecay": 0.0}, lambda p: o.Adagrad(p, lr=0.1, initial_accumulator_value=0.1)),
    "rmsprop": ({"learningRate": 0.01, "decay": 0.9, "epsilon": 1e-8, "weightDecay": 0.0}, lambda p: o.RMSprop(p, lr=0.01, alpha=0.9)),
}


def run(make):
    p = torch.tensor(start, requires_grad=True)
    optimizer = make([p])
    after = []
    for gradient in gradients:
        p.grad = torch.tensor(gradient)
        optimizer.step()
        after.append([float(x) for x in p.detach()])
    return after


print(json.dumps({
    "generator": f"PyTorch {torch.__version__}",
    "start": start,
    "gradients": gradients,
    "cases": [{"name": name, "type": name.split(",")[0].split(" ")[0], "options": options, "after": run(make)} for name, (options, make) in cases.items()],
}, indent=1))
