/** The lines beside a program: how it is started, and what can be typed by hand. Pure; shown by `recipe.tsx`. */
import { prefixOf } from "../model/adding.ts";
import { fileNameOf, type Kind } from "../model/kinds.ts";
import { type Blanks, pathOf, placeOf, shellWord } from "../model/template.ts";
import { words } from "../words.ts";

export interface Line {
  readonly label: string;
  readonly text: string;
}

const PERCENT = '{"brightness":{"type":"number","minimum":0,"maximum":100,"unit":"percent"}}';
const HELLO = `{"event":"hello","data":{"heartbeat":60,"properties":${PERCENT},"state":{"brightness":0}}}`;
const REPORT = '{"event":"report","data":{"temperature":21.5}}';

/** How a program is spoken of: which file it is. */
export function recipeOf(kind: Exclude<Kind, "dial">, file: string): string {
  const recipe = words.recipes[kind];
  return typeof recipe === "string" ? recipe : recipe(file);
}

export function linesOf(kind: Kind, blanks: Blanks): readonly Line[] {
  return LINES[kind]?.(blanks) ?? [];
}

const LINES: { readonly [K in Kind]?: (blanks: Blanks) => readonly Line[] } = {
  pi: (blanks) => [
    { label: words.lines.service, text: `sudo ./pharos agent install ${hubOptions(blanks)}` },
    { label: words.lines.terminal, text: `./pharos agent ${hubOptions(blanks)}` },
  ],
  espruino: (blanks) => {
    const wifi = `--ssid ${shellWord(blanks.ssid || "WIFI")} --password ${shellWord(blanks.password || "SECRET")}`;
    return [
      { label: words.lines.upload, text: `npm run esp32 -- upload ${hubOptions(blanks)} ${wifi} --port /dev/ttyUSB0` },
    ];
  },
  micropython: () => [{ label: words.lines.mpremote, text: "mpremote cp main.py : + reset" }],
  "esp-idf": ({ id }) => [
    {
      label: words.lines.idf,
      text: `idf.py create-project ${id}
cd ${id}
cp ../main.c main/${id}.c
idf.py add-dependency espressif/esp_websocket_client
idf.py add-dependency espressif/cjson
idf.py set-target esp32
idf.py -p /dev/ttyUSB0 flash monitor`,
    },
  ],
  python: ({ id }) => [
    { label: words.lines.once, text: "sudo apt install python3-websockets" },
    { label: words.lines.start, text: `python3 ${fileNameOf("python", id)}` },
  ],
  websocket: (blanks) => [
    { label: words.lines.start, text: `node ${fileNameOf("websocket", blanks.id)}` },
    { label: words.lines.socket, text: `${blanks.address.replace(/^http/, "ws")}${pathOf(blanks.id, blanks.token)}` },
    ...[HELLO, REPORT, "SOS"].map((text, i) => ({ label: i === 0 ? words.lines.frames : "", text })),
  ],
  tcp: (blanks) => [
    { label: words.lines.start, text: `python3 ${fileNameOf("tcp", blanks.id)}` },
    { label: words.lines.netcat, text: `nc ${placeOf(blanks.address).host} ${blanks.tcpPort}` },
    ...[`HELLO ${blanks.id}${blanks.token === null ? "" : ` ${blanks.token}`}`, HELLO, REPORT, "SOS"].map(
      (text, i) => ({
        label: i === 0 ? words.lines.frames : "",
        text,
      }),
    ),
  ],
  http: ({ id, address, token }) => [
    { label: words.lines.start, text: `sh ${fileNameOf("http", id)}` },
    {
      label: words.lines.one,
      text: `curl -d '{"temperature":21.5}' ${token === null ? "" : `--oauth2-bearer ${token} `}${address}/api/devices/${id}/reports`,
    },
  ],
  simulated: ({ id, address, token }) => {
    const options = `--hub ${address} --id ${prefixOf(id)}${tokenOption(token)}`;
    return [
      { label: words.lines.simulatedEsp32, text: `./pharos simulate esp32 ${options}` },
      { label: words.lines.simulatedPi, text: `./pharos simulate pi ${options}` },
    ];
  },
};

function hubOptions({ address, id, token }: Blanks): string {
  return `--hub ${address} --id ${id}${tokenOption(token)}`;
}

/** With `=`, since a token may begin with `-`. */
function tokenOption(token: string | null): string {
  return token === null ? "" : ` --token=${token}`;
}
