/** The newest lines of the audit log: who did what, from where. */
import { useSignal } from "@preact/signals";
import { useCallback } from "preact/hooks";
import type { AuditRecord } from "#protocol/access.ts";
import { type AuditExcerpt, mentions, readAudit } from "../model/audit-lines.ts";
import { formatMoment } from "../model/format.ts";
import { usePage } from "./context.ts";
import { useRemote } from "./remote.ts";
import { settingsWords } from "./settings-words.ts";

const say = settingsWords.audit;
/** Lines that are kept to be searched, and of those that match, shown. */
const MOST_KEPT = 5_000;
const MOST_SHOWN = 200;
const COLUMNS = ["at", "who", "from", "what", "target", "result"] as const;

export function AuditLog() {
  const page = usePage();
  const text = useSignal("");
  const load = useCallback(async () => readAudit(await page.rest.stream("/audit"), MOST_KEPT), [page]);
  const { value: excerpt, fault, reload } = useRemote(load);
  return (
    <section class="panel" aria-label={say.title}>
      <h2>{say.title}</h2>
      <p class="hint">{say.help}</p>
      <search class="fields">
        <label>
          <span>{say.filter}</span>
          <input type="search" value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} />
        </label>
        <button type="button" disabled={!page.live.value} onClick={reload}>
          {say.refresh}
        </button>
        <a class="button" href="/api/audit" download="audit.ndjson">
          {say.download}
        </a>
      </search>
      {fault !== null && (
        <p class="result" role="status" data-failed>
          {settingsWords.notLoaded(fault)}
        </p>
      )}
      {excerpt !== null && <Lines excerpt={excerpt} text={text.value.trim()} />}
    </section>
  );
}

function Lines({ excerpt: { records, total }, text }: { excerpt: AuditExcerpt; text: string }) {
  if (total === 0) return <p class="hint">{say.none}</p>;
  const matching = text === "" ? records : records.filter((record) => mentions(record, text));
  if (matching.length === 0) return <p class="hint">{say.noMatch}</p>;
  const shown = matching.slice(0, MOST_SHOWN);
  return (
    <>
      <p class="hint">{say.shownOf(shown.length, text === "" ? total : matching.length, total)}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section class="scrolling" tabIndex={0} aria-label={say.help}>
        <table class="audit-log">
          <thead>
            <tr>
              {COLUMNS.map((column) => (
                <th key={column} scope="col">
                  {say.columns[column]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((record, i) => (
              <Line key={`${record.at} ${shown.length - i}`} record={record} />
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}

function Line({ record: { at, who, from, what, target, result } }: { record: AuditRecord }) {
  const now = usePage().now.value;
  return (
    <tr>
      <td>
        <time dateTime={new Date(at).toISOString()}>{formatMoment(at, now)}</time>
      </td>
      <td>{who}</td>
      <td>{from}</td>
      <td>{what}</td>
      <td>
        <code>{target}</code>
      </td>
      <td>{result}</td>
    </tr>
  );
}
