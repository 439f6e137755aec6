/** Reads the audit log as it comes, and keeps the newest: it may be much longer than a page can show. Pure but for its stream. */
import type { AuditRecord } from "#protocol/access.ts";

export interface AuditExcerpt {
  /** Newest first. */
  readonly records: readonly AuditRecord[];
  /** How many lines there were in all. */
  readonly total: number;
}

/** @param body lines of JSON, oldest first @param most records that are kept */
export async function readAudit(body: ReadableStream<Uint8Array>, most: number): Promise<AuditExcerpt> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let kept: string[] = [];
  let total = 0;
  let rest = "";
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    total += lines.length;
    kept = [...kept, ...lines].slice(-most);
  }
  return { records: kept.reverse().flatMap(parse), total };
}

/** A line that was torn by a crash is left out. */
function parse(line: string): readonly AuditRecord[] {
  try {
    return [JSON.parse(line) as AuditRecord];
  } catch {
    return [];
  }
}

/** Whether all words of `text` stand somewhere in the record, in any case. */
export function mentions(record: AuditRecord, text: string): boolean {
  const { who, from, what, target, result } = record;
  const line = [who, from, what, target, result].join(" ").toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => line.includes(word));
}
