/** What the device measures: the voltage at a pin, as a percentage. Put your own sensor here. */

/** Measures; percent with one decimal. */
export type Sensor = () => number;

/** @param pin number of a pin with an ADC; null where there is nothing to measure */
export function createSensor(pin: number | null): Sensor | null {
  if (pin === null) return null;
  return () => Math.round(analogRead(pin) * 1000) / 10;
}
