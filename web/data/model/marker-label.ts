/** Where the text of a marker stands beside its line: to the right, where there is room, and whole, where it can be. Pure. */

export interface MarkerLabel {
  readonly text: string;
  readonly x: number;
  readonly align: "left" | "right";
}

export interface LabelRoom {
  /** Px of the canvas. */
  readonly left: number;
  readonly right: number;
  /** Between the text and its line or the edge. */
  readonly gap: number;
  readonly most: number;
  /** How wide a text would be. */
  measure(text: string): number;
}

/** @param x of the line */
export function placeLabel(text: string, x: number, { left, right, gap, most, measure }: LabelRoom): MarkerLabel {
  const [before, behind] = [x - left - 2 * gap, right - x - 2 * gap];
  const width = Math.min(measure(text), most);
  const isRight = behind >= width || behind >= before;
  const cut = shorten(text, Math.min(most, isRight ? behind : before), measure);
  return isRight ? { text: cut, x: x + gap, align: "left" } : { text: cut, x: x - gap, align: "right" };
}

function shorten(text: string, room: number, measure: (text: string) => number): string {
  if (measure(text) <= room) return text;
  const letters = Array.from(text);
  let [fits, tooLong] = [0, letters.length];
  while (tooLong - fits > 1) {
    const half = (fits + tooLong) >> 1;
    if (measure(`${letters.slice(0, half).join("").trimEnd()}…`) <= room) fits = half;
    else tooLong = half;
  }
  return fits === 0 ? "" : `${letters.slice(0, fits).join("").trimEnd()}…`;
}
