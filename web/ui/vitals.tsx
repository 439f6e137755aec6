/** Signs of health: those that rode on the last heartbeat, and the round trip of the hub's last ping. */
import type { DeviceModel } from "../model/device-model.ts";
import { formatBytes, formatDuration, formatNumber } from "../model/format.ts";
import { qualityOf } from "../model/quality.ts";
import { words } from "../words.ts";

interface Vital {
  readonly name: string;
  readonly value: string;
  /** What the figure means. */
  readonly word?: string;
}

function vitalsOf(device: DeviceModel): readonly Vital[] {
  const { rssi, memory, uptime, voltage, temperature } = device.link.value.vitals;
  return [
    rssi !== undefined && {
      name: words.rssi,
      value: `${formatNumber(rssi)} dBm`,
      word: words.quality[qualityOf(rssi)],
    },
    temperature !== undefined && { name: words.temperature, value: `${formatNumber(temperature)} °C` },
    voltage !== undefined && { name: words.voltage, value: `${formatNumber(voltage)} V` },
    memory !== undefined && { name: words.memory, value: formatBytes(memory) },
    uptime !== undefined && { name: words.uptime, value: formatDuration(uptime * 1000) },
  ].filter((row) => row !== false);
}

/** On the card: in a line. */
export function Vitals({ device }: { device: DeviceModel }) {
  const rows = vitalsOf(device);
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

/** In the device's own room: each in its row, with the round trip. */
export function VitalList({ device }: { device: DeviceModel }) {
  const { roundTripMs } = device.link.value;
  const trip = roundTripMs === null ? [] : [{ name: words.roundTrip, value: `${formatNumber(roundTripMs)} ms` }];
  const rows: readonly Vital[] = [...trip, ...vitalsOf(device)];
  if (rows.length === 0) return <p class="hint">{words.noVitals}</p>;
  return (
    <dl class="vital-list">
      {rows.map(({ name, value, word }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <b>{value}</b>
            {word !== undefined && <small>{word}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
