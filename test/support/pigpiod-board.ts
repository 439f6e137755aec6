/**
 * The pins of a Raspberry Pi 3 as the pigpio daemon shows them, as far as `test/pi-agent/pigpiod-transcript.txt` tells.
 * A result is an unsigned number, or a negative error code. Used by the stand-in of the daemon.
 */

const VERSION = 79;
const HARDWARE = 0xa02082;

const ERRORS = {
  badUserGpio: -2,
  badGpio: -3,
  badMode: -4,
  badLevel: -5,
  badPull: -6,
  badDuty: -8,
  badRange: -21,
  badHandle: -25,
  notPermitted: -41,
  unknownCommand: -88,
  notPwm: -92,
  notServo: -93,
  notHardwarePwm: -95,
  badHardwareFrequency: -96,
  badHardwareDuty: -97,
} as const;

const INPUT = 0;
const OUTPUT = 1;
const PULL_UP = 2;
const ALT5 = 2;
const PERMITTED = { first: 2, last: 27 };
const HARDWARE_PWM_PINS = [12, 13, 18, 19];
const HARDWARE_CLOCK_HZ = 250_000_000;
const MAX_HARDWARE_HZ = 125_000_000;
/** µs: the daemon's usual sample rate. */
const SAMPLE_US = 5;
const FREQUENCIES = [8000, 4000, 2000, 1600, 1000, 800, 500, 400, 320, 250, 200, 160, 100, 80, 50, 40, 20, 10];

interface Pin {
  mode: number;
  /** What it gives as an output. */
  level: number;
  /** What holds it as an input, as a button does; null while only its pull has it. */
  held: boolean | null;
  pull: number;
  /** In units of the range; null when the pin is not in PWM. */
  duty: number | null;
  range: number;
  frequency: number;
  hardware: { frequency: number; duty: number } | null;
}

type Command = (board: Board, p1: number, p2: number, extension: Buffer) => number;

/** Name and number of each command that the stand-in knows. */
const COMMANDS: { readonly [number: number]: readonly [name: string, run: Command] } = {
  0: ["MODES", (board, gpio, mode) => board.setMode(gpio, mode)],
  1: ["MODEG", (board, gpio) => (gpio > 53 ? ERRORS.badGpio : board.pin(gpio).mode)],
  2: ["PUD", (board, gpio, pull) => board.setPull(gpio, pull)],
  3: ["READ", (board, gpio) => (gpio > 53 ? ERRORS.badGpio : levelOf(board.pin(gpio)))],
  4: ["WRITE", (board, gpio, level) => board.write(gpio, level)],
  5: ["PWM", (board, gpio, duty) => board.setDuty(gpio, duty)],
  6: ["PRS", (board, gpio, range) => board.setRange(gpio, range)],
  7: ["PFS", (board, gpio, frequency) => board.setFrequency(gpio, frequency)],
  10: ["BR1", (board) => board.levels()],
  17: ["HWVER", () => HARDWARE],
  19: ["NB", (board, handle) => (board.handles.has(handle) ? 0 : ERRORS.badHandle)],
  21: ["NC", (board, handle) => (board.handles.delete(handle) ? 0 : ERRORS.badHandle)],
  22: ["PRG", (board, gpio) => board.read(gpio, (pin) => (pin.hardware ? 1_000_000 : pin.range))],
  23: ["PFG", (board, gpio) => board.read(gpio, (pin) => pin.hardware?.frequency ?? pin.frequency)],
  24: ["PRRG", (board, gpio) => board.read(gpio, realRange)],
  26: ["PIGPV", () => VERSION],
  83: ["GDC", (board, gpio) => board.read(gpio, (pin) => pin.hardware?.duty ?? pin.duty ?? ERRORS.notPwm)],
  84: ["GPW", (board, gpio) => board.read(gpio, () => ERRORS.notServo)],
  86: ["HP", (board, gpio, frequency, extension) => board.setHardwarePwm(gpio, frequency, extension.readUInt32LE(0))],
  99: ["NOIB", (board) => board.openHandle()],
};

export class Board {
  readonly handles = new Set<number>();
  readonly #pins = new Map<number, Pin>();

  /** @returns the command's name and its result */
  run(command: number, p1: number, p2: number, extension: Buffer): { readonly name: string; readonly result: number } {
    const [name, run] = COMMANDS[command] ?? [`${command}`, () => ERRORS.unknownCommand];
    return { name, result: run(this, p1, p2, extension) };
  }

  pin(gpio: number): Pin {
    const found = this.#pins.get(gpio);
    if (found !== undefined) return found;
    const pin: Pin = {
      mode: INPUT,
      level: 0,
      held: null,
      pull: 0,
      duty: null,
      range: 255,
      frequency: 800,
      hardware: null,
    };
    this.#pins.set(gpio, pin);
    return pin;
  }

  checkGpio(gpio: number): number | null {
    if (gpio > 53) return ERRORS.badGpio;
    return gpio < PERMITTED.first || gpio > PERMITTED.last ? ERRORS.notPermitted : null;
  }

  read(gpio: number, from: (pin: Pin) => number): number {
    return gpio > 31 ? ERRORS.badUserGpio : from(this.pin(gpio));
  }

  /** A pin that changes its mode leaves PWM; one that is told the mode it has does not. */
  setMode(gpio: number, mode: number): number {
    const fault = this.checkGpio(gpio);
    if (fault !== null) return fault;
    if (mode > 7) return ERRORS.badMode;
    const pin = this.pin(gpio);
    if (pin.mode !== mode) Object.assign(pin, { mode, duty: null, hardware: null });
    return 0;
  }

  setPull(gpio: number, pull: number): number {
    const fault = this.checkGpio(gpio);
    if (fault !== null) return fault;
    if (pull > PULL_UP) return ERRORS.badPull;
    this.pin(gpio).pull = pull;
    return 0;
  }

  write(gpio: number, level: number): number {
    const fault = this.checkGpio(gpio);
    if (fault !== null) return fault;
    if (level > 1) return ERRORS.badLevel;
    Object.assign(this.pin(gpio), { mode: OUTPUT, level, duty: null, hardware: null });
    return 0;
  }

  setDuty(gpio: number, duty: number): number {
    const fault = this.checkGpio(gpio);
    if (fault !== null) return fault;
    const pin = this.pin(gpio);
    if (duty > pin.range) return ERRORS.badDuty;
    Object.assign(pin, { mode: OUTPUT, duty, level: duty > 0 ? 1 : 0, hardware: null });
    return 0;
  }

  /** A duty that is shown is scaled to the new range. */
  setRange(gpio: number, range: number): number {
    const fault = this.checkGpio(gpio);
    if (fault !== null) return fault;
    if (range < 25 || range > 40_000) return ERRORS.badRange;
    const pin = this.pin(gpio);
    if (pin.duty !== null) pin.duty = Math.floor((pin.duty * range) / pin.range);
    pin.range = range;
    return realRange(pin);
  }

  /** Takes the nearest frequency there is, of two the higher. */
  setFrequency(gpio: number, frequency: number): number {
    const fault = this.checkGpio(gpio);
    if (fault !== null) return fault;
    const distance = (candidate: number): number => Math.abs(candidate - frequency);
    const nearest = FREQUENCIES.reduce((best, next) => (distance(next) < distance(best) ? next : best));
    this.pin(gpio).frequency = nearest;
    return nearest;
  }

  setHardwarePwm(gpio: number, frequency: number, duty: number): number {
    const fault = this.checkGpio(gpio);
    if (fault !== null) return fault;
    if (!HARDWARE_PWM_PINS.includes(gpio)) return ERRORS.notHardwarePwm;
    if (frequency > MAX_HARDWARE_HZ) return ERRORS.badHardwareFrequency;
    if (duty > 1_000_000) return ERRORS.badHardwareDuty;
    const pin = this.pin(gpio);
    if (frequency > 0) Object.assign(pin, { mode: ALT5, duty: null, hardware: { frequency, duty } });
    else pin.hardware = null;
    return 0;
  }

  openHandle(): number {
    const handle = this.handles.size;
    this.handles.add(handle);
    return handle;
  }

  /** The levels of pins 0 to 31 as bits. */
  levels(): number {
    let bits = 0;
    for (const [gpio, pin] of this.#pins) if (gpio < 32 && levelOf(pin) === 1) bits |= 1 << gpio;
    return bits;
  }
}

export function levelOf({ mode, level, held, pull }: Pin): number {
  if (mode !== INPUT) return level;
  return (held ?? pull === PULL_UP) ? 1 : 0;
}

function realRange(pin: Pin): number {
  if (pin.hardware !== null) return Math.floor(HARDWARE_CLOCK_HZ / pin.hardware.frequency);
  return 1_000_000 / (SAMPLE_US * pin.frequency);
}
