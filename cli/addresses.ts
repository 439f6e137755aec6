/** Where the page can be opened, and how `pharos start` says so. Called when everything is up. */
import type { NetworkInterfaceInfo } from "node:os";
import { renderUnicodeCompact } from "uqr";

export interface Addresses {
  /** On this computer itself. */
  readonly local: string;
  /** From other computers and phones, the likeliest first; empty without a network. */
  readonly lan: readonly string[];
  /** By name, for networks with mDNS; null if other computers cannot come in. */
  readonly byName: string | null;
}

export interface Place {
  /** What the hub listens on: `::`, `0.0.0.0` or one address. */
  readonly host: string;
  readonly port: number;
  /** False: the hub answers its own computer only. */
  readonly lan: boolean;
  readonly hostname: string;
  readonly interfaces: { readonly [name: string]: readonly NetworkInterfaceInfo[] | undefined };
}

const EVERY_INTERFACE = new Set(["::", "0.0.0.0", ""]);
const LOOPBACK = /^(127\.|::1$|localhost$)/;
/** Networks of containers and virtual machines, which no phone can reach. */
const VIRTUAL = /^(docker|br-|veth|virbr|vmnet|vboxnet|lxc|cni|podman)/;

export function findAddresses(place: Place): Addresses {
  const url = (host: string): string => `http://${host.includes(":") ? `[${host}]` : host}:${place.port}`;
  const everywhere = EVERY_INTERFACE.has(place.host);
  const local = url(everywhere ? "localhost" : place.host);
  if (!place.lan || LOOPBACK.test(place.host)) return { local, lan: [], byName: null };
  const lan = everywhere ? lanAddresses(place.interfaces).map(url) : [local];
  return { local, lan, byName: lan.length === 0 || !everywhere ? null : url(`${place.hostname.split(".")[0]}.local`) };
}

/** IPv4 addresses of real networks; self-assigned ones (169.254) last. */
function lanAddresses(interfaces: Place["interfaces"]): string[] {
  const found = Object.entries(interfaces)
    .filter(([name]) => !VIRTUAL.test(name))
    .flatMap(([, infos]) => infos ?? [])
    .filter((info) => info.family === "IPv4" && !info.internal)
    .map((info) => info.address);
  const selfAssigned = (address: string): number => (address.startsWith("169.254.") ? 1 : 0);
  return found.sort((a, b) => selfAssigned(a) - selfAssigned(b));
}

export interface Terminal {
  /** Width in characters; null if unknown. */
  readonly columns: number | null;
  readonly colors: boolean;
}

/**
 * The block that ends the start: where to open Pharos, as text and as a QR code, and how to stop it.
 * @param setupKey the one-time key for the first sign-in; null when somebody can sign in, or nobody has to
 */
export function welcome(addresses: Addresses, open: boolean, terminal: Terminal, setupKey: string | null): string {
  // Behind the `#`, which a browser never sends: it stands in no log on the way.
  const key = setupKey === null ? "" : `/#key=${setupKey}`;
  const rows = [addresses.local, ...addresses.lan.filter((url) => url !== addresses.local)].map(
    (url) => `  ${url}${key}`,
  );
  if (addresses.byName !== null) rows.push(`  ${addresses.byName}${key}  (where the network knows names)`);
  const [best] = addresses.lan;
  return [
    "",
    setupKey === null
      ? "Pharos is running. Open it at"
      : "Pharos is running. Nobody can sign in yet: open one of these, once, and choose a password",
    "",
    ...rows,
    "",
    ...(best === undefined ? [whyOnlyHere(open), ""] : qrCode(`${best}${key}`, terminal)),
    "Stop with Ctrl+C",
  ].join("\n");
}

function whyOnlyHere(open: boolean): string {
  return open
    ? "This computer has no network: only it can open the page."
    : "Only this computer can open it; let in the others with --open lan.";
}

/** The lines of a QR code; none if the terminal is too narrow, since a folded one helps nobody. */
function qrCode(text: string, { columns, colors }: Terminal): string[] {
  const lines = renderUnicodeCompact(text, { border: 2 }).split("\n");
  if (columns !== null && columns < (lines[0]?.length ?? 0)) return [];
  // White on black whatever the colours of the terminal: some cameras cannot read the reverse.
  return [...(colors ? lines.map((line) => `\x1b[97;40m${line}\x1b[0m`) : lines), ""];
}
