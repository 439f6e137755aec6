/** The frame of the page: header, banner, the room of the address, and the one polite live region. */
import { useSignalEffect } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { deviceIn } from "./model/router.ts";
import { AddDialog } from "./ui/add-device.tsx";
import { usePage, useParts } from "./ui/context.ts";
import { DeviceRoom } from "./ui/device-room.tsx";
import { DevicesRoom } from "./ui/devices-room.tsx";
import { Entrance } from "./ui/entrance.tsx";
import { Header } from "./ui/header.tsx";
import { MessagesRoom } from "./ui/messages-room.tsx";
import { words } from "./words.ts";

const ROOMS: { readonly [path: string]: { readonly name: string; readonly Room: ComponentType } } = {
  "/": { name: words.devices, Room: DevicesRoom },
  "/data": { name: words.data, Room: DataRoom },
  "/dashboard": { name: words.data, Room: DataRoom },
  "/messages": { name: words.messages, Room: MessagesRoom },
  "/settings": { name: words.who.settings, Room: SettingsRoom },
};

export function App() {
  const gate = usePage().session.gate.value;
  return gate === null ? <Inside /> : <Entrance gate={gate} />;
}

function Inside() {
  const { page, router, adding } = useParts();
  const path = router.path.value;
  const { name, Room } = useRoom(path);
  const main = useFocusOnChange(path);
  useEffect(() => {
    document.title = words.title(name);
  }, [name]);

  return (
    <div class="page" data-live={page.live.value}>
      <a class="skip" href="#main">
        {words.skip}
      </a>
      <Header onAdd={() => adding.open()} />
      <Banner />
      <Faults />
      <main id="main" class="main" tabIndex={-1} aria-label={name} ref={main}>
        <Room />
      </main>
      <AddDialog />
      <Announcer />
    </div>
  );
}

/** The room of an address, and its name. */
function useRoom(path: string): { readonly name: string; readonly Room: ComponentType } {
  const { store } = usePage();
  const id = deviceIn(path);
  if (id === null) return ROOMS[path] ?? { name: words.noPage, Room: NoRoom };
  return { name: store.devices.value.get(id)?.about.value.name ?? id, Room: DeviceRoom };
}

/** Moves the focus into a room that was gone to, so that keyboards and screen readers start there. */
function useFocusOnChange(path: string) {
  const ref = useRef<HTMLElement>(null);
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current !== path) ref.current?.focus({ preventScroll: true });
    shown.current = path;
  }, [path]);
  return ref;
}

function Banner() {
  const open = usePage().store.hub.value?.open ?? null;
  return open === null ? null : (
    <aside class="banner" aria-label={words.access}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d="M5 7V5a3 3 0 0 1 5.8-1M3.5 7h9v6.5h-9z" />
      </svg>
      {words.open[open]}
    </aside>
  );
}

/** What the hub cannot do at the moment. */
function Faults() {
  const faults = usePage().store.hub.value?.degraded ?? [];
  if (faults.length === 0) return null;
  return (
    <aside class="banner fault" aria-label={words.faults}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d="M8 2 14.500 13.500h-13zM8 6.500v3M8 11.500v.1" />
      </svg>
      {faults.map((part) => words.fault(part)).join(" ")}
    </aside>
  );
}

/** Start and stop, plots, recordings: more than the first page weighs, so it comes when it is wanted. */
function DataRoom() {
  const { DataRoom: Room } = useParts().late;
  return <Room />;
}

function SettingsRoom() {
  const { SettingsRoom: Room } = useParts().late;
  return <Room />;
}

function NoRoom() {
  return (
    <section class="empty">
      <h1>{words.noPage}</h1>
      <p>{words.noPageHelp}</p>
      <a class="button primary" href="/">
        {words.toDevices}
      </a>
    </section>
  );
}

function Announcer() {
  const page = usePage();
  const was = useRef(true);
  useSignalEffect(() => {
    const live = page.live.value;
    const { state } = page.link.status.peek();
    if (state !== "connecting" && live !== was.current) page.announce(live ? words.linkBack : words.linkLost);
    if (state !== "connecting") was.current = live;
  });
  return (
    <p class="unseen" role="status">
      {page.announcement}
    </p>
  );
}
