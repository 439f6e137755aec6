/** Signs of health that rode on the last heartbeat. */

import type { DeviceModel } from "../model/device-model.ts";
import { formatBytes, formatDuration, formatNumber } from "../model/format.ts";
import { words } from "../words.ts";

export function Vitals({ device }: { device: DeviceModel }) {
  const { rssi, memory, uptime, voltage, temperature } = device.link.value.vitals;
  const rows = [
    rssi !== undefined && { name: words.rssi, value: `${formatNumber(rssi)} dBm` },
    temperature !== undefined && { name: words.temperature, value: `${formatNumber(temperature)} °C` },
    voltage !== undefined && { name: words.voltage, value: `${formatNumber(voltage)} V` },
    memory !== undefined && { name: words.memory, value: formatBytes(memory) },
    uptime !== undefined && { name: words.uptime, value: formatDuration(uptime * 1000) },
  ].filter((row) => row !== false);
  if (rows.length === 0) return null;
  return (
    <dl class="vitals" aria-label={words.vitals}>
      {rows.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
