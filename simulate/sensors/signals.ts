/**
 * What the simulated sensors measure: each signal is a pure function of time, so that a sample which has to be sent again
 * is made again from its time. Called by the table of kinds.
 */
import type { Values } from "#protocol/values.ts";
import { createNoise, type Noise } from "./noise.ts";

/** Values at a time, ms since the epoch. */
export type Signal = (time: number) => Values;

/** m/s². */
const GRAVITY = 9.81;
const SHAKE_SECONDS = 1.6;
const SHAKE_HERTZ = 5;
/** A day of the thermometer. */
const DAY_SECONDS = 600;

/** Rests at gravity, a little askew, and is shaken every 8 to 12 seconds; m/s². */
export function createAcceleration(seed: number): Signal {
  const noise = createNoise(seed);
  const periodSeconds = 10 + 2 * noise.white(-1);
  const phaseSeconds = phaseOf(noise) * periodSeconds;
  const [tiltX, tiltY] = [0.12 * noise.white(-3), 0.12 * noise.white(-4)];
  const tiltZ = Math.sqrt(1 - tiltX ** 2 - tiltY ** 2);
  return (time) => {
    const seconds = time / 1000 + phaseSeconds;
    const shake = shakeAt(noise, seconds, periodSeconds);
    const place = time * 8;
    const turn = 2 * Math.PI * SHAKE_HERTZ * seconds;
    const axis = (rest: number, swing: number, n: number): number =>
      round(rest * GRAVITY + shake * swing + 0.03 * noise.bell(place + n), 3);
    return {
      accel: {
        x: axis(tiltX, Math.sin(turn), 0),
        y: axis(tiltY, 0.6 * Math.sin(turn * 1.3 + 1), 1),
        z: axis(tiltZ, 0.4 * Math.sin(turn * 0.7 + 2), 2),
      },
    };
  };
}

/** Drifts around 21 °C in days of ten minutes; damp when it is cold. */
export function createClimate(seed: number): Signal {
  const noise = createNoise(seed);
  const phaseSeconds = phaseOf(noise) * DAY_SECONDS;
  return (time) => {
    const seconds = time / 1000 + phaseSeconds;
    const place = time * 8;
    const warmth = 1.8 * Math.sin((2 * Math.PI * seconds) / DAY_SECONDS) + 0.5 * noise.smooth(seconds / 45);
    return {
      temperature: round(21 + warmth + 0.02 * noise.bell(place), 2),
      humidity: round(48 - 4 * warmth + 2 * noise.smooth(seconds / 70 + 0.5) + 0.15 * noise.bell(place + 1), 1),
    };
  };
}

/** A random walk that stays within bounds, with white noise on it; about -1 to 1. */
export function createRandomLevel(seed: number): Signal {
  const noise = createNoise(seed);
  const phaseSeconds = phaseOf(noise) * 1000;
  return (time) => {
    const seconds = time / 1000 + phaseSeconds;
    const walk = [64, 16, 4, 1].reduce((sum, period) => sum + Math.sqrt(period) * noise.smooth(seconds / period), 0);
    return { level: round(walk / 15 + 0.08 * noise.bell(time * 8), 3) };
  };
}

/** From 0 to 1. */
function phaseOf(noise: Noise): number {
  return (noise.white(-2) + 1) / 2;
}

/** How hard it is shaken now, m/s²: swells and fades once in a period, somewhere in it, and not in each. */
function shakeAt(noise: Noise, seconds: number, periodSeconds: number): number {
  const period = Math.floor(seconds / periodSeconds);
  const strength = 7 + 5 * noise.white(2 * period);
  const start = ((noise.white(2 * period + 1) + 1) / 2) * (periodSeconds - SHAKE_SECONDS);
  const part = (seconds - period * periodSeconds - start) / SHAKE_SECONDS;
  return strength < 3 || part < 0 || part > 1 ? 0 : strength * Math.sin(Math.PI * part) ** 2;
}

/** What a real sensor tells apart; and so a value takes few bytes. */
function round(value: number, digits: number): number {
  const scale = 10 ** digits;
  // Adding 0 makes 0 of -0.
  return Math.round(value * scale) / scale + 0;
}
