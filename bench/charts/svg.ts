/** The parts of a drawing that all charts share: the sheet with its colours for light and dark, and words on it. Pure. */

export interface Word {
  readonly x: number;
  readonly y: number;
  readonly anchor?: "start" | "middle" | "end";
  readonly style?: "title" | "muted";
  /** Degrees, about its own place. */
  readonly turn?: number;
}

/** Colours of curves and bars that can be told apart on white and on black. */
export const COLOURS = 6;

const STYLE = [
  "text{font:13px system-ui,sans-serif;fill:#121a26}.title{font-weight:600;font-size:15px}.muted{fill:#525e70}",
  ".sheet{fill:#fff}.grid{stroke:#d5dbe4}.axis{stroke:#7a8699}.curve{fill:none;stroke-width:2.5}",
  ".line0{stroke:#0f5fd0}.line1{stroke:#b45309}.line2{stroke:#13743f}.line3{stroke:#a21caf}.line4{stroke:#b3261e}.line5{stroke:#0e7490}",
  ".area0{fill:#0f5fd0}.area1{fill:#b45309}.area2{fill:#13743f}.area3{fill:#a21caf}.area4{fill:#b3261e}.area5{fill:#0e7490}",
  "@media(prefers-color-scheme:dark){text{fill:#e9eff8}.muted{fill:#a3b0c2}.sheet{fill:#0b111c}.grid{stroke:#2a374b}.axis{stroke:#74839a}",
  ".line0{stroke:#6fb1ff}.line1{stroke:#ffc24a}.line2{stroke:#5fd396}.line3{stroke:#e58cf0}.line4{stroke:#ff8f86}.line5{stroke:#5cd0e6}",
  ".area0{fill:#6fb1ff}.area1{fill:#ffc24a}.area2{fill:#5fd396}.area3{fill:#e58cf0}.area4{fill:#ff8f86}.area5{fill:#5cd0e6}}",
].join("\n");

/** @param title read aloud by screen readers, too @param parts elements, later ones above */
export function sheet(width: number, height: number, title: string, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>\n${STYLE}\n</style>`,
    `<rect class="sheet" width="${width}" height="${height}"/>`,
    word(title, { x: 16, y: 26, style: "title" }),
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}

export function word(text: string, { x, y, anchor = "start", style, turn }: Word): string {
  const look = style === undefined ? "" : ` class="${style}"`;
  const turned = turn === undefined ? "" : ` transform="rotate(${turn} ${at(x)} ${at(y)})"`;
  return `<text x="${at(x)}" y="${at(y)}" text-anchor="${anchor}"${look}${turned}>${escaped(text)}</text>`;
}

/** A straight line. */
export function line(look: string, x1: number, y1: number, x2: number, y2: number): string {
  return `<line class="${look}" x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}"/>`;
}

/** A place on the sheet, to a tenth of a pixel. */
export function at(place: number): string {
  return String(Number(place.toFixed(1)));
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
