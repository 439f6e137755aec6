"""Samples that the hub has not acknowledged: the newest ones, up to a limit. Each has a later time than the one before."""

MAX_BATCH = 20  # keeps a frame near 1 kB


class Backlog:
    def __init__(self, limit):
        self._limit = limit
        self._samples = []
        self.last = -1  # time of the newest one ever

    def __len__(self):
        return len(self._samples)

    def add(self, time, values):
        self.last = time
        self._samples.append((time, values))
        if len(self._samples) > self._limit:
            self._samples = self._samples[1:]

    def batch(self, until):
        """The oldest samples of up to a time, as many as go in one frame."""
        return [sample for sample in self._samples[:MAX_BATCH] if sample[0] <= until]

    def forget(self, until):
        """The hub has all of up to a time."""
        count = 0
        while count < len(self._samples) and self._samples[count][0] <= until:
            count += 1
        self._samples = self._samples[count:]
