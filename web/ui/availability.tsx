/** How much of the last hour, day and week the device was there. */
import type { DeviceModel } from "../model/device-model.ts";
import { formatShare } from "../model/format.ts";
import { words } from "../words.ts";

const PERIODS = ["hour", "day", "week"] as const;

export function Availability({ device }: { device: DeviceModel }) {
  const { uptime } = device.link.value;
  return (
    <dl class="availability">
      {PERIODS.map((period) => (
        <div key={period}>
          <dt>{words.periods[period]}</dt>
          <Share share={uptime[period]} />
        </div>
      ))}
    </dl>
  );
}

function Share({ share }: { share: number | null }) {
  if (share === null) return <dd class="no-data">{words.noDataYet}</dd>;
  return (
    <dd>
      <span class="bar" aria-hidden="true" style={{ "--share": String(share) }} />
      <b>{formatShare(share)}</b>
    </dd>
  );
}
