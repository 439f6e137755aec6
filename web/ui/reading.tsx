/** A value that is only read: with its unit, its age, and the shape of its last minute. */
import { formatDuration, formatScalar, formatUnit } from "../model/format.ts";
import type { Part } from "../model/part.ts";
import { trendPath } from "../model/trend.ts";
import { words } from "../words.ts";
import { usePage } from "./context.ts";
import type { Seen } from "./seen.ts";

const WIDTH = 56;
const HEIGHT = 20;

interface ReadingProps {
  readonly part: Part;
  readonly label: string;
  readonly seen: Seen;
}

export function Reading({ part, label, seen }: ReadingProps) {
  const unit = formatUnit(part.declared?.unit);
  return (
    <dl class="row reading">
      <dt>
        {label} <Age part={part} />
      </dt>
      <dd>
        <Trend part={part} seen={seen} />
        <ReadValue part={part} />
        {unit !== "" && <small> {unit}</small>}
      </dd>
    </dl>
  );
}

function ReadValue({ part }: { part: Part }) {
  const value = part.reported() ?? part.shown();
  if (typeof value === "boolean") return <span class="value">{value ? words.on : words.off}</span>;
  if (value === undefined) return <span class="value">{words.none}</span>;
  return (
    <span class="value" title={typeof value === "string" ? value : undefined}>
      {formatScalar(value)}
    </span>
  );
}

/** The time since the device said it; quiet below two seconds, where it would only flicker. */
function Age({ part }: { part: Part }) {
  const at = part.property.state.value.reported?.at;
  const age = at === undefined ? 0 : usePage().now.value - at;
  return age < 2000 ? null : <span class="age">{words.ago(formatDuration(age))}</span>;
}

function Trend({ part, seen }: { part: Part; seen: Seen }) {
  if (!seen.value) return null;
  const { property, field } = part;
  void property.state.value;
  const path = trendPath(property.trends.points(field), WIDTH, HEIGHT - 4);
  return path === "" ? null : (
    <svg class="trend" viewBox={`0 -2 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
