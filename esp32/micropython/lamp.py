"""The LED: brightness as a person perceives it, fades, and blinks over both."""

from compat import sleep_ms
from machine import PWM, Pin

STEP_MS = 40
STEPS_A_FLIP = 3
FULL = 65535


def duty(percent):
    """Perceived brightness 0-100 -> duty 0-1 (CIE 1931)."""
    return percent / 903.3 if percent <= 8 else ((percent + 16) / 116) ** 3


class Lamp:
    def __init__(self, pin):
        self._pwm = PWM(Pin(pin), freq=1000)
        self.brightness = 0  # where a fade ends
        self._shown = 0
        self._steps = 0  # left of the fade
        self._flips = 0  # left of the blinks
        self._show()

    def apply(self, brightness, transition_ms):
        """The newest wish wins; a fade under way goes on from where it is."""
        self.brightness = brightness
        self._steps = int(transition_ms // STEP_MS)
        if self._steps == 0:
            self._shown = brightness
            self._show()

    def blink(self, times):
        """Flashes against what the LED shows, then goes back to it."""
        self._flips = max(self._flips, times * 2)

    async def run(self):
        """Never ends."""
        count = 0
        while True:
            await sleep_ms(STEP_MS)
            count += 1
            if self._steps > 0:
                self._shown += (self.brightness - self._shown) / self._steps
                self._steps -= 1
                self._show()
            if self._flips > 0 and count % STEPS_A_FLIP == 0:
                self._flips -= 1
                self._show()

    def _show(self):
        level = duty(self._shown)
        if self._flips % 2 == 1:
            level = 0 if self._shown > 50 else 1
        self._pwm.duty_u16(int(level * FULL + 0.5))
