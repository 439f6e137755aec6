/** LED1: brightness and power as asked, fades between them, and blinks over both. */
import { createAlarm } from "./alarm.ts";

const STEP_MS = 40;
const BLINK_MS = 120;

export interface Light {
  /** Percent as a person perceives it, 0 to 100; where a fade ends. */
  brightness(): number;
  power(): boolean;
  /** Takes new values; the LED gets there within `transition` ms. */
  apply(brightness: number, power: boolean, transition: number): void;
  /** Flashes against what the LED shows, then goes back to it. */
  blink(times: number): void;
}

/** Perceived brightness 0–100 → duty 0–1 (CIE 1931). */
export function duty(percent: number): number {
  return percent <= 8 ? percent / 903.3 : ((percent + 16) / 116) ** 3;
}

export function createLight(pin: Pin): Light {
  let brightness = 0;
  let power = true;
  let shown = 0;
  let stepsLeft = 0;
  let flipsLeft = 0;

  const target = (): number => (power ? brightness : 0);
  const show = (): void => {
    if (flipsLeft % 2 === 1) analogWrite(pin, shown > 50 ? 0 : 1);
    else analogWrite(pin, duty(shown));
  };
  const fade = {
    step(): void {
      shown = stepsLeft > 0 ? shown + (target() - shown) / stepsLeft : target();
      stepsLeft--;
      show();
      if (stepsLeft > 0) fade.alarm.set(STEP_MS);
    },
    alarm: createAlarm(() => fade.step()),
  };
  const flash = {
    flip(): void {
      flipsLeft--;
      show();
      if (flipsLeft > 0) flash.alarm.set(BLINK_MS);
    },
    alarm: createAlarm(() => flash.flip()),
  };

  show();
  return {
    brightness: () => brightness,
    power: () => power,
    apply(newBrightness: number, newPower: boolean, transition: number) {
      brightness = newBrightness;
      power = newPower;
      stepsLeft = Math.floor(transition / STEP_MS);
      fade.alarm.stop();
      fade.step();
    },
    blink(times: number) {
      const running = flipsLeft > 0;
      flipsLeft = Math.max(flipsLeft, times * 2);
      if (!running) flash.flip();
    },
  };
}
