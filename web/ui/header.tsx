/** The top of every room: name, rooms, the link to the hub, colours, and the way to bring in a device. */
import { formatDuration, formatElapsed } from "../model/format.ts";
import { deviceIn } from "../model/router.ts";
import { THEMES, type ThemeName } from "../model/theme.ts";
import { words } from "../words.ts";
import { usePage, useParts } from "./context.ts";
import { Who } from "./who.tsx";

const LINKS = [
  { path: "/", name: words.devices },
  { path: "/data", name: words.data },
  { path: "/messages", name: words.messages },
];

export function Header({ onAdd }: { onAdd: () => void }) {
  const { page, router } = useParts();
  const { isGiven } = page.may("admin");
  const path = router.path.value;
  const here = deviceIn(path) !== null ? "/" : path === "/dashboard" ? "/data" : path;
  return (
    <header class="header">
      <Brand />
      <nav aria-label={words.nav}>
        {LINKS.map(({ path: to, name }) => (
          <a key={to} href={to} aria-current={here !== to ? undefined : deviceIn(path) === null ? "page" : "true"}>
            {name}
          </a>
        ))}
      </nav>
      <RecordingLight />
      <LinkState />
      <ThemeChoice />
      <Who />
      <button
        type="button"
        class="primary add"
        disabled={!isGiven.value}
        title={isGiven.value ? undefined : words.may.admin}
        onClick={onAdd}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M8 3v10M3 8h10" />
        </svg>
        <span>{words.add}</span>
      </button>
    </header>
  );
}

export function Brand() {
  return (
    <span class="brand">
      <Lighthouse />
      {words.product}
    </span>
  );
}

function Lighthouse() {
  return (
    <svg class="lighthouse" viewBox="0 0 32 32" aria-hidden="true">
      <path class="beam" d="M19 9 31 4v10zM13 9 1 4v10z" />
      <path class="tower" d="M12 7l4-3.6L20 7v4h.5l-.4 1.6h-.6L21.2 29H10.8l1.7-16.4h-.6L11.5 11h.5z" />
    </svg>
  );
}

/** On while anything is recorded, in every room; the way to the record button. */
function RecordingLight() {
  const page = usePage();
  const [newest] = page.store.acquisition.value.running;
  if (newest === undefined) return null;
  const elapsed = formatElapsed(page.now.value - newest.startedAt);
  const text = words.recordingSince(newest.name, elapsed);
  return (
    <a class="recording-light" href="/data" aria-label={text} title={text}>
      <span class="dot" aria-hidden="true" />
      {elapsed}
    </a>
  );
}

/** Page ↔ hub: a word and a shape. */
function LinkState() {
  const page = usePage();
  const { state, since } = page.link.status.value;
  const age = formatDuration(page.now.value - page.store.clockOffset.value - since);
  const text = { connecting: words.connecting, connected: words.connected, lost: words.reconnecting(age) }[state];
  return (
    <p class="link-state" data-state={state} title={words.linkName}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        {state === "connected" ? <circle cx="8" cy="8" r="5" /> : <path d="M8 3a5 5 0 1 1-4.6 3" />}
      </svg>
      {text}
    </p>
  );
}

const ICONS: Record<ThemeName, string> = {
  light:
    "M8 5.500a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM8 1v2M8 13v2M1 8h2M13 8h2M3 3l1.5 1.500M11.5 11.5 13 13M13 3l-1.5 1.500M4.5 11.5 3 13",
  auto: "M2 3h12v8H2zM6 14h4M8 11v3",
  dark: "M13 9.500A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.500z",
};

export function ThemeChoice() {
  const { theme } = useParts();
  return (
    <fieldset class="themes">
      <legend class="unseen">{words.theme}</legend>
      {THEMES.map((name) => (
        <label key={name} title={words.themes[name]}>
          <input
            type="radio"
            name="theme"
            checked={theme.chosen.value === name}
            onChange={() => theme.choose(name)}
            aria-label={words.themes[name]}
          />
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d={ICONS[name]} />
          </svg>
        </label>
      ))}
    </fieldset>
  );
}
