/** What can be added on the page, in the order in which it is offered. Their words are in `words.ts`. */

export const KINDS = [
  "pi",
  "espruino",
  "micropython",
  "arduino",
  "esp-idf",
  "python",
  "websocket",
  "tcp",
  "http",
  "dial",
  "simulated",
] as const;

export type Kind = (typeof KINDS)[number];

/** Kinds that join a Wi-Fi by themselves. */
const BOARDS: ReadonlySet<Kind> = new Set(["espruino", "micropython", "arduino", "esp-idf"]);
/** Kinds that run on the hub's own computer as well as on another. */
const PROGRAMS: ReadonlySet<Kind> = new Set(["python", "websocket", "tcp", "http", "simulated", "pi"]);

export function joinsWifi(kind: Kind): boolean {
  return BOARDS.has(kind);
}

export function runsAnywhere(kind: Kind): boolean {
  return PROGRAMS.has(kind);
}

/** The template of its program in `web/programs/`; null for a kind that needs none. */
export function templateOf(kind: Kind): string | null {
  return TEMPLATES[kind] ?? null;
}

const TEMPLATES: { readonly [K in Kind]?: string } = {
  espruino: "espruino.js",
  micropython: "micropython.py",
  arduino: "arduino.ino",
  "esp-idf": "esp-idf.c",
  python: "python.py",
  websocket: "websocket.js",
  tcp: "tcp.py",
  http: "http.sh",
};

/** What the program is called on the computer to which it is downloaded: a board starts `main.py`, ESP-IDF builds `main.c`. */
export function fileNameOf(kind: Kind, id: string): string {
  if (kind === "micropython") return "main.py";
  if (kind === "esp-idf") return "main.c";
  const template = templateOf(kind) ?? "";
  return id + template.slice(template.lastIndexOf("."));
}
