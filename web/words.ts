/** Every word the page says, in one place, so that a translation is one more file like this. */
import type { Said } from "#protocol/dashboard-events.ts";
import type { Presence, PresenceReason } from "#protocol/views.ts";

const presence: Record<Presence, string> = { online: "Online", late: "Late", offline: "Offline" };

const reasons: Record<PresenceReason, string> = {
  connected: "connected",
  reconnected: "came back at once",
  closed: "connection closed",
  silent: "fell silent",
  replaced: "replaced by another",
  shutdown: "hub stopped",
};

const kinds: Record<Said["kind"], string> = {
  message: "Message",
  sent: "Sent",
  heartbeat: "Heartbeat",
  report: "Report",
  log: "Log",
  presence: "Presence",
};

const many = (n: number, one: string, more: string): string => `${n} ${n === 1 ? one : more}`;

export const words = {
  product: "Pharos",
  nav: "Rooms of this page",
  devices: "Devices",
  messages: "Messages",
  title: (room: string) => `${room} · Pharos`,
  skip: "Skip to the content",
  noPage: "There is no such page",
  noPageHelp: "The address may be mistyped, or the page has moved.",
  toDevices: "Show all devices",

  connecting: "Connecting…",
  connected: "Connected",
  reconnecting: (age: string) => `Reconnecting… as of ${age} ago`,
  linkName: "Link to the hub",
  linkLost: "The link to the hub is lost. What you see is old.",
  linkBack: "Connected to the hub again.",
  lostWish: "The hub was not reached. Set it again.",
  access: "Who can use this hub",
  open: {
    lan: "Open hub: anyone on this network can see and control these devices.",
    loopback: "Open hub: anyone at this computer can see and control these devices.",
  },

  theme: "Colours",
  themes: { auto: "As the system", light: "Light", dark: "Dark" },

  add: "Add a device",
  close: "Close",
  copy: "Copy",
  copied: "Copied",
  copyFailed: "Select and copy",
  empty: "No device yet",
  emptyHelp: "A device appears here the moment it connects. Pick what you have; each line already knows this hub.",
  loading: "Asking the hub…",
  lessons: {
    try: {
      title: "Nothing at hand",
      help: "A simulated ESP32 or Raspberry Pi behaves like the real one. In the Pharos folder:",
    },
    pi: {
      title: "Raspberry Pi",
      help: "Drives an LED on GPIO21 (pin 40; ground is pin 39), with a resistor. In the Pharos folder on the Pi:",
    },
    esp32: {
      title: "ESP32 with Espruino",
      help: "Plug it in by USB, put in your Wi-Fi's name and password, and run in the Pharos folder:",
    },
    any: {
      title: "Anything with a WebSocket",
      help: "The last word is the device's name. What it sends as JSON shows as its values.",
    },
    python: {
      title: "Python",
      help: "With python3-websockets installed, this reports a temperature each second:",
    },
  },

  noRoom: "No room",
  deviceCount: (n: number) => many(n, "device", "devices"),
  presence,
  wasPresence: (p: Presence) => `Was ${presence[p].toLowerCase()}`,
  reason: (reason: PresenceReason) => reasons[reason],
  lastSeen: (age: string) => `last seen ${age} ago`,
  seenNow: "seen just now",
  never: "never seen",
  beat: (every: string) => `beats every ${every}`,
  noBeat: "no heartbeat yet",
  beatStrip: (beats: string, gaps: number) => `Heartbeats: ${beats}, ${many(gaps, "gap", "gaps")} shown`,
  vitals: "Vitals",
  rssi: "Signal",
  memory: "Free memory",
  uptime: "Uptime",
  voltage: "Supply",
  temperature: "Board",
  via: "via",

  identify: "Identify",
  doing: "Working…",
  done: "Done",
  answeredWith: (output: string) => `Done: ${output}`,
  offlineAction: "Offline: it can act when it is back.",

  on: "On",
  off: "Off",
  none: "–",
  noValue: "no value yet",
  requested: "asked, not yet applied",
  waiting: "will be set when it returns",
  applied: (age: string) => `applied ${age} ago`,
  appliedNow: "applied just now",
  ago: (age: string) => `${age} ago`,
  failed: (sentence: string) => `Not set: ${sentence}`,
  held: "In another hand",
  notLive: "No link to the hub",
  appliedValue: (value: string) => `, device has ${value}`,

  following: "Following",
  paused: (n: number) => `Paused · ${n} new`,
  filters: "Filters",
  filterDevice: "Device",
  filterRoom: "Room",
  filterText: "Text contains",
  filterKinds: "Kinds",
  all: "All",
  kind: (kind: Said["kind"]) => kinds[kind],
  messageLog: "What was said, newest at the bottom",
  page: "page",
  missed: (n: number) => `${many(n, "message", "messages")} not shown: too many at once`,
  noMessages: "Nothing said yet",
  noMessagesHelp: "Messages, heartbeats and reports of every device appear here as they come.",
  noMatch: "Nothing matches the filters",
  noMatchHelp: "New messages that match will appear here.",
  clearFilters: "Clear the filters",
  shownOf: (shown: number, all: number) => `${shown} of ${all}`,

  say: "Send a message",
  sayTo: "To",
  sayRooms: "Rooms",
  sayDevices: "Devices",
  sayText: "Message",
  sayPlaceholder: "Text or JSON",
  send: "Send",
  delivered: (n: number) => (n === 0 ? "Nobody was there to hear it" : `Delivered to ${n}`),
  notSent: (sentence: string) => `Not sent: ${sentence}`,
  noAnswer: "The hub did not answer. Try again.",
} as const;
