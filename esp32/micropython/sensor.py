"""What the device measures: the voltage at a pin, as a percentage. Put your own sensor here."""

from machine import ADC, Pin


def create_sensor(pin):
    """A function that measures, or None where `pin` is None."""
    if pin is None:
        return None
    adc = ADC(Pin(pin))
    if hasattr(adc, "atten"):
        adc.atten(ADC.ATTN_11DB)  # up to 3.3 V
    return lambda: round(adc.read_u16() / 655.35, 1)
