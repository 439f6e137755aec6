/** What benches found, as a part of `docs/performance.md`: a heading, a command and a table for each. Pure; written by `publication.ts`. */
import type { Result, Row } from "./report.ts";

const COLUMNS: ReadonlyArray<{
  readonly head: string;
  readonly isNumber: boolean;
  readonly cell: (row: Row) => string;
}> = [
  { head: "what", isNumber: false, cell: ({ what }) => what },
  { head: "figure", isNumber: true, cell: ({ figure }) => figure },
  { head: "spread", isNumber: true, cell: ({ spread = "" }) => spread },
  { head: "against", isNumber: true, cell: ({ peer = "" }) => peer },
  { head: "ratio", isNumber: true, cell: ({ ratio = "" }) => ratio },
  { head: "goal", isNumber: true, cell: ({ goal = "" }) => goal },
  { head: "met", isNumber: false, cell: ({ isMet }) => (isMet === undefined ? "" : isMet ? "yes" : "**no**") },
];

/** A picture of what a bench found. */
export interface Figure {
  readonly title: string;
  /** From `docs/`. */
  readonly path: string;
}

export function benchSection(result: Result, pictures: readonly Figure[]): string {
  return [
    `### ${result.bench}`,
    `${result.title}.`,
    `\`npm run bench -- ${result.bench}\` (${result.date}; ${result.machine})`,
    table(result.rows),
    ...pictures.map(({ title, path }) => `![${title}](${path})`),
  ].join("\n\n");
}

/** Cells are padded, so that it is a table in the source as well; columns that say nothing are left out. */
export function table(rows: readonly Row[]): string {
  const columns = COLUMNS.filter(({ cell }) => rows.some((row) => cell(row) !== "")).map(({ head, isNumber, cell }) => {
    const cells = rows.map((row) => cell(row).replace(/\|/g, "\\|"));
    const width = Math.max(3, head.length, ...cells.map(({ length }) => length));
    const pad = (text: string): string => (isNumber ? text.padStart(width) : text.padEnd(width));
    const rule = isNumber ? `${"-".repeat(width - 1)}:` : "-".repeat(width);
    return [pad(head), rule, ...cells.map(pad)];
  });
  const [first = []] = columns;
  return first.map((_, line) => `| ${columns.map((column) => column[line]).join(" | ")} |`).join("\n");
}

const BEGIN = "<!-- figures -->";
const END = "<!-- /figures -->";

/** The page with other figures between its two marks. @throws when it has none */
export function withFigures(page: string, sections: readonly string[]): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`The page has no ${BEGIN} followed by ${END}.`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${sections.join("\n\n")}\n\n${page.slice(end)}`;
}
