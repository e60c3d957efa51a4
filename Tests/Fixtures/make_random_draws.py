"""Writes draws of CPython's random module, which the project must repeat number for number.

Usage:
    python make_random_draws.py random_draws.json
"""

import json
import random
import sys
from typing import Any

cases = []
for seed in [0, 1, 2, 3, 42, 3407, -7, 2**32 - 1, 2**32, 2**40 + 5, 2**63 - 1]:
    random.seed(seed)
    case: dict[str, Any] = {"seed": seed}
    case["bits"] = [{"count": k, "bits": str(random.getrandbits(k))} for k in (1, 5, 8, 31, 32, 33, 53, 64, 7)]
    # 53 bits are exact as an integer.
    case["random"] = [int(random.random() * 2**53) for _ in range(5)]
    case["below"] = [[n, random.randrange(n)] for n in (1, 2, 3, 100, 1 << 20, (1 << 40) + 1)]
    pairs = [
        (1, 1),
        (5, 5),
        (21, 5),
        (22, 5),
        (22, 1),
        (40, 8),
        (85, 16),
        (86, 16),
        (84, 16),
        (13500, 16),
        (37, 6),
        (37, 37),
        (400, 100),
        (1045, 100),
        (1046, 100),
        (9, 0),
    ]
    case["sample"] = [{"limit": n, "count": k, "numbers": random.sample(range(n), k)} for n, k in pairs]
    case["choices"] = random.choices(range(7), k=16)
    order = list(range(50))
    random.shuffle(order)
    case["shuffle"] = order
    # Past 624 words the state is twisted again.
    for _ in range(2000):
        random.random()
    case["later"] = str(random.getrandbits(64))
    cases.append(case)

# A class with fewer items than shots, and labels that do not come in order.
draws = []
labels = [5, 5, 2, 2, 2, 9, 2, 5, 0, 0, 0, 0] + [7] * 90 + [5, 2]
for scheme in ("coop", "tip"):
    for shots in (1, 2, 4, 8, 16):
        for seed in (1, 2, 3):
            random.seed(seed)
            groups: dict[int, list[int]] = {}
            for row, label in enumerate(labels):
                groups.setdefault(label, []).append(row)
            rows = []
            for items in groups.values():
                if len(items) >= shots:
                    rows += random.sample(items, shots)
                else:
                    rows += items if scheme == "coop" else random.choices(items, k=shots)
            draws.append({"scheme": scheme, "shots": shots, "seed": seed, "rows": rows})

with open(sys.argv[1], "w") as file:
    json.dump({"random": cases, "labels": labels, "draws": draws}, file, indent=None, separators=(",", ":"))
    file.write("\n")
