/** Each heartbeat a tick, gaps shown. It moves with the seconds, and only while someone looks. */
import { LONG_STRIP_BEATS, stripOf } from "../model/beats.ts";
import type { DeviceModel } from "../model/device-model.ts";
import { formatBeat, formatDuration } from "../model/format.ts";
import { words } from "../words.ts";
import { usePage } from "./context.ts";
import type { Seen } from "./seen.ts";

const WIDTH = 240;
const HEIGHT = 16;

interface StripProps {
  readonly device: DeviceModel;
  readonly seen: Seen;
  /** A long one, with the time it spans. */
  readonly large?: boolean;
}

export function BeatStrip({ device, seen, large = false }: StripProps) {
  const page = usePage();
  const { beats, beatMs } = device.link.value;
  // Without the hub nothing is known of the time since: the strip stands still instead of showing a gap.
  const lostAt = page.link.status.value.since + page.store.clockOffset.value;
  const now = !page.live.value ? lostAt : seen.value ? page.now.value : page.now.peek();
  const room = large ? LONG_STRIP_BEATS : undefined;
  const { ticks, gaps, windowMs } = stripOf(beats, beatMs, Math.max(now, beats.at(-1) ?? 0), room);
  const x = (place: number): number => 1 + place * (WIDTH - 2);
  if (beats.length === 0 && beatMs === null) return null;
  const every = beatMs === null ? words.noBeat : words.beat(formatBeat(beatMs));
  return (
    <div class="beats" data-large={large} title={every}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={words.beatStrip(every, gaps.length)}
      >
        {large &&
          gaps.map(([from, to]) => (
            <rect key={from} class="hole" x={x(from)} y="0" width={x(to) - x(from)} height={HEIGHT} />
          ))}
        <path class="base" d={`M0 ${HEIGHT - 1}H${WIDTH}`} />
        {gaps.map(([from, to]) => (
          <path key={from} class="gap" d={`M${x(from) + 2} ${HEIGHT / 2}H${Math.max(x(from) + 2, x(to) - 2)}`} />
        ))}
        <path class="ticks" d={ticks.map((place) => `M${x(place).toFixed(1)} 2V${HEIGHT - 2}`).join("")} />
      </svg>
      {large && windowMs !== null && (
        <p class="span" aria-hidden="true">
          <span>{words.ago(formatDuration(windowMs))}</span>
          <span>{words.now}</span>
        </p>
      )}
      {/* A new element for each beat starts its one short flash again. */}
      {beats.length > 0 && <span key={beats.at(-1)} class="flash" aria-hidden="true" />}
    </div>
  );
}
