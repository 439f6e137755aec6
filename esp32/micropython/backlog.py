"""Samples that the hub has not got yet: the newest ones, up to a limit."""

MAX_BATCH = 20  # keeps a frame near 1 kB


class Backlog:
    def __init__(self, limit):
        self._limit = limit
        self._samples = []
        self._dropped = 0  # how many left at the front so far

    def add(self, time, values):
        self._samples.append((time, values))
        if len(self._samples) > self._limit:
            self._drop(1)

    def batch(self):
        """The oldest samples, and a mark to forget them by; None when there is none."""
        if not self._samples:
            return None
        samples = self._samples[:MAX_BATCH]
        return samples, self._dropped + len(samples)

    def forget(self, mark):
        """The hub has all up to the mark."""
        self._drop(max(0, mark - self._dropped))

    def _drop(self, count):
        self._samples = self._samples[count:]
        self._dropped += count
