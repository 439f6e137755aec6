/** The room of one device: everything the hub knows of it, and everything that can be asked of it. */
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import type { DeviceModel } from "../model/device-model.ts";
import { formatBeat, formatDuration, formatMoment } from "../model/format.ts";
import { deviceIn } from "../model/router.ts";
import { words } from "../words.ts";
import { Actions } from "./actions.tsx";
import { Audit } from "./audit.tsx";
import { Availability } from "./availability.tsx";
import { BeatStrip } from "./beat-strip.tsx";
import { usePage, useParts } from "./context.ts";
import { CopyLine } from "./copy-line.tsx";
import { Model, Properties } from "./device-card.tsx";
import { Membership } from "./membership.tsx";
import { LastSeen, PresenceMark } from "./presence.tsx";
import { PresenceLog } from "./presence-log.tsx";
import { Queue } from "./queue.tsx";
import { RemoveDevice } from "./remove-device.tsx";
import { Rename } from "./rename.tsx";
import { TerminalPanel } from "./terminal-panel.tsx";
import { VitalList } from "./vitals.tsx";

const SEEN = signal(true);

export function DeviceRoom() {
  const { page, router } = useParts();
  const { store } = page;
  const id = deviceIn(router.path.value) ?? "";
  const device = store.devices.value.get(id);
  if (device !== undefined) return <Known key={id} device={device} />;
  return store.hub.value === null ? <p class="loading">{words.loading}</p> : <Unknown id={id} />;
}

function Known({ device }: { device: DeviceModel }) {
  const { page, late } = useParts();
  const { link, pairing } = page;
  useEffect(() => {
    link.watch(device.id);
    return () => link.watch(null);
  }, [link, device]);
  return (
    <article class="device" data-presence={device.link.value.presence} aria-label={device.about.value.name}>
      <Head device={device} />
      <Heartbeat device={device} />
      <TerminalPanel device={device.id} />
      <div class="panels">
        <div class="wide">
          <Panel title={words.controls} kind="values">
            {device.names.value.length === 0 && <p class="hint">{words.noProperties}</p>}
            <Properties device={device} seen={SEEN} />
          </Panel>
          <Panel title={words.actions}>
            {device.link.value.presence === "offline" && <p class="hint">{words.willBeDone}</p>}
            <Actions device={device} queues />
            <Queue device={device} />
          </Panel>
        </div>
        <div>
          <Panel title={words.availability}>
            <Availability device={device} />
          </Panel>
          <Panel title={words.vitals}>
            <VitalList device={device} />
          </Panel>
          <Panel title={words.rooms}>
            <Membership device={device} />
          </Panel>
        </div>
      </div>
      <Panel title={words.audit}>
        <Audit device={device} />
      </Panel>
      <Panel title={words.presenceLog}>
        <PresenceLog device={device} />
      </Panel>
      {pairing.isAble.value && <late.DeviceToken key={device.id} device={device.id} />}
      <RemoveDevice device={device} />
    </article>
  );
}

function Panel({ title, kind = "", children }: { title: string; kind?: string; children: ComponentChildren }) {
  return (
    <section class={`panel ${kind}`} aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Head({ device }: { device: DeviceModel }) {
  const { now } = usePage();
  const { reason, since, address } = device.link.value;
  const { software } = device.about.value;
  return (
    <header class="device-head">
      <nav class="way" aria-label={words.backToDevices}>
        <a href="/">← {words.backToDevices}</a>
        <PlotLink device={device} />
        <a href={`/messages?device=${encodeURIComponent(device.id)}`}>{words.tellDevice}</a>
      </nav>
      <Rename device={device} />
      <p class="what">
        <code>{device.id}</code>
        <Model device={device} />
        {software !== null && <span>{software}</span>}
        {address !== "" && <span>{address}</span>}
      </p>
      <div class="state">
        <PresenceMark device={device} />
        <p class="why">
          {since === 0
            ? words.reason(reason)
            : words.happened(words.reason(reason), formatDuration(now.value - since), formatMoment(since, now.value))}
        </p>
        <LastSeen device={device} />
      </div>
    </header>
  );
}

/** All its properties; the data room leaves out what has no numbers. */
function PlotLink({ device }: { device: DeviceModel }) {
  const keys = device.names.value.map((name) => encodeURIComponent(`${device.id}:${name}`));
  return keys.length === 0 ? null : <a href={`/data?show=${keys.join(",")}`}>{words.plotIt}</a>;
}

function Heartbeat({ device }: { device: DeviceModel }) {
  const { beatMs } = device.link.value;
  return (
    <section class="panel heartbeat" aria-label={words.heartbeat}>
      <h2>
        {words.heartbeat} <small>{beatMs === null ? words.noBeat : words.every(formatBeat(beatMs))}</small>
      </h2>
      <BeatStrip device={device} seen={SEEN} large />
    </section>
  );
}

function Unknown({ id }: { id: string }) {
  const { page, adding } = useParts();
  const hub = page.store.hub.value;
  const { isGiven } = page.may("admin");
  const address = (hub?.addresses[0] ?? location.origin).replace(/^http/, "ws");
  return (
    <section class="empty">
      <h1>{words.noDevice(id)}</h1>
      <p>{words.noDeviceHelp}</p>
      <CopyLine text={`${address}/bridge/${encodeURIComponent(id)}`} />
      <p class="ways">
        <button
          type="button"
          class="primary"
          disabled={!isGiven.value}
          title={isGiven.value ? undefined : words.may.admin}
          onClick={() => adding.open(undefined, id)}
        >
          {words.addIt}
        </button>
        <a class="button" href="/">
          {words.toDevices}
        </a>
      </p>
    </section>
  );
}
