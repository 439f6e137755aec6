/** Who asked what of the device, when, and what became of it; newest first. */
import type { AuditEntry } from "#protocol/views.ts";
import type { DeviceModel } from "../model/device-model.ts";
import { formatMoment } from "../model/format.ts";
import { words } from "../words.ts";
import { usePage } from "./context.ts";

const COLUMNS = ["at", "by", "what", "value", "result"] as const;

export function Audit({ device }: { device: DeviceModel }) {
  const detail = device.detail.value;
  if (detail === null) return <p class="hint">{words.loading}</p>;
  const { audit } = detail;
  if (audit.length === 0) return <p class="hint">{words.noAudit}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <div class="scrolling" tabIndex={0}>
      <table class="audit">
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <th key={column} scope="col">
                {words.auditColumns[column]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {audit.map((entry, i) => (
            <Row key={`${entry.at} ${entry.what} ${audit.length - i}`} entry={entry} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ entry }: { entry: AuditEntry }) {
  const now = usePage().now.value;
  const { at, by, what, value, result } = entry;
  return (
    <tr>
      <td>
        <time dateTime={new Date(at).toISOString()}>{formatMoment(at, now)}</time>
      </td>
      <td>{words.author(by)}</td>
      <td>{what}</td>
      <td>
        <code>{value}</code>
      </td>
      <td data-fate={fateOf(result)}>{result}</td>
    </tr>
  );
}

/** `failed: it is broken` → `failed`. */
function fateOf(result: string): string {
  return result.split(":")[0] ?? "";
}
