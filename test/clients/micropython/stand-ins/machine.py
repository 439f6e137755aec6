"""A board for the MicroPython client on a computer: prints what the LED shows, and measures what a test wants."""


class Pin:
    def __init__(self, number):
        self.number = number


class PWM:
    def __init__(self, pin, freq):
        self._pin = pin
        self._duty = None

    def duty_u16(self, duty):
        if not isinstance(duty, int) or not 0 <= duty <= 65535:
            raise ValueError("duty_u16 takes 0 to 65535")
        if duty != self._duty:
            self._duty = duty
            print("LED %d" % duty)


class ADC:
    ATTN_11DB = 3

    def __init__(self, pin):
        self._reads = 0

    def atten(self, attenuation):
        pass

    def read_u16(self):
        """Each reading is one percent more than the last."""
        self._reads += 1
        return int(self._reads % 101 * 655.35)
