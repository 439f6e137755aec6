/** Fills in what a program needs to know: this hub, the device's id, its token, the Wi-Fi. Used by the dialog that adds a device. */

/** What is not known before a person looks at it. */
export interface Blanks {
  readonly id: string;
  /** The hub as the device reaches it: `http://192.168.1.5:5000`. */
  readonly address: string;
  readonly tcpPort: number;
  readonly ssid: string;
  readonly password: string;
  /** Left out where it is null. */
  readonly token: string | null;
}

/** @param isBytes for an interpreter whose strings are bytes */
export function fill(template: string, blanks: Blanks, isBytes = false): string {
  const values = valuesOf(blanks, isBytes ? asBytes : asText);
  return template.replace(BLANK, (blank, name: string) => values[name] ?? blank);
}

/** Longest first: a blank may be followed by another without a space. */
const BLANK = /PHAROS_(HELLO_TOKEN|CURL_TOKEN|TCP_PORT|PASSWORD|ADDRESS|SOCKET|PATH|PORT|HOST|SSID|ID)/g;

function valuesOf(blanks: Blanks, quote: (text: string) => string): { readonly [name: string]: string } {
  const { id, address, tcpPort, token } = blanks;
  const { host, port } = placeOf(address);
  return {
    ID: id,
    HOST: host,
    PORT: String(port),
    ADDRESS: address,
    SOCKET: address.replace(/^http/, "ws"),
    PATH: pathOf(id, token),
    TCP_PORT: String(tcpPort),
    SSID: quote(blanks.ssid),
    PASSWORD: quote(blanks.password),
    HELLO_TOKEN: token === null ? "" : ` ${token}`,
    CURL_TOKEN: token === null ? "" : `--header 'Authorization: Bearer ${token}' `,
  };
}

/** The plain WebSocket of a device (protocol 2.2). */
export function pathOf(id: string, token: string | null): string {
  return `/bridge/${id}${token === null ? "" : `?token=${encodeURIComponent(token)}`}`;
}

export function placeOf(address: string): { readonly host: string; readonly port: number } {
  const { protocol, hostname, port } = new URL(address);
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port),
  };
}

/** The inside of a string in JavaScript, Python, C: all of them read the escapes of JSON. */
function asText(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function asBytes(text: string): string {
  const hex = (byte: number): string => `\\x${byte.toString(16).padStart(2, "0")}`;
  return asText(text).replace(/[^\x20-\x7e]/gu, (character) =>
    [...new TextEncoder().encode(character)].map(hex).join(""),
  );
}

/** A word of a shell's line: bare where it can be, else in quotes. */
export function shellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  return /^[\w@%+=:,./ -]+$/.test(text) ? `"${text}"` : `'${text.replaceAll("'", "'\\''")}'`;
}
