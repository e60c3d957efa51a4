"""Prints what PyTorch's AdamW and SGD make of two steps; the numbers stand in OptimizerTests.swift."""
import torch

G = [[0.1, -0.2, 0.3], [0.3, 0.1, -0.1]]


def run(make):
    p = torch.tensor([1.0, -2.0, 0.5], requires_grad=True)
    optimizer = make([p])
    for g in G:
        p.grad = torch.tensor(g)
        optimizer.step()
    return p.tolist()


print("AdamW", run(lambda p: torch.optim.AdamW(p, lr=0.05, eps=1e-4)))
print("SGD", run(lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=5e-4)))
