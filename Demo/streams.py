"""Random numbers: SplitMix64, a stream for each picture and purpose, ranges without division."""

_MASK = (1 << 64) - 1
SCENE, CAPTION, PIXELS = 0, 1, 2


def _next(state):
    state = (state + 0x9E3779B97F4A7C15) & _MASK
    z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return state, z ^ (z >> 31)


class Stream:
    """The numbers of one purpose for one picture: they depend on no other picture, order or thread."""

    def __init__(self, seed, index, purpose, visit=0):
        state = _next(seed & _MASK)[1]
        state = _next(state ^ index)[1]
        self.state = _next(state ^ (visit << 2 | purpose))[1]

    def word(self):
        """32 random bits."""
        self.state, z = _next(self.state)
        return z >> 32

    def below(self, count):
        return (self.word() * count) >> 32

    def between(self, low, high):
        """A number from low to high, both included."""
        return low + self.below(high - low + 1)

    def percent(self, chance):
        """True in chance of 100 cases."""
        return self.below(100) < chance

    def pick(self, choices):
        return choices[self.below(len(choices))]

    def weighted(self, choices, weights):
        place = self.below(sum(weights))
        for choice, weight in zip(choices, weights, strict=True):
            if place < weight:
                return choice
            place -= weight

    def shuffle(self, items):
        for i in range(len(items) - 1, 0, -1):
            j = self.below(i + 1)
            items[i], items[j] = items[j], items[i]
