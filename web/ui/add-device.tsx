/** Teaches how to bring in a device: in a dialog from the header, and in the room that is still empty. */
import type { Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { words } from "../words.ts";
import { usePage } from "./context.ts";
import { CopyLine } from "./copy-line.tsx";

interface Lesson {
  readonly title: string;
  readonly help: string;
  readonly lines: readonly string[];
}

/** @param address this hub as devices reach it: `http://192.168.1.5:5000` */
function lessonsFor(address: string, taken: ReadonlySet<string>): readonly Lesson[] {
  const socket = address.replace(/^http/, "ws");
  return [
    {
      ...words.lessons.try,
      lines: [
        `npx pharos simulate esp32 --hub ${address} --id ${freeId("esp", taken, "-1")}`,
        `npx pharos simulate pi --hub ${address} --id ${freeId("pi", taken, "-1")}`,
      ],
    },
    { ...words.lessons.pi, lines: [`npx pharos agent --hub ${address}`] },
    {
      ...words.lessons.esp32,
      lines: [
        `npm run esp32 -- upload --hub ${address} --ssid WIFI --password SECRET --id ${freeId("board", taken)} --port /dev/ttyUSB0`,
      ],
    },
    { ...words.lessons.python, lines: [pythonFor(socket)] },
    { ...words.lessons.any, lines: [`${socket}/bridge/my-device`, '{"temperature": 21.5}'] },
  ];
}

/**
 * `board-1`, or the first number that no device has yet: two with one id would keep each other out.
 * @param suffix what the command adds to it: simulated devices are numbered once more
 */
function freeId(prefix: string, taken: ReadonlySet<string>, suffix = ""): string {
  for (let number = 1; ; number++) {
    const id = `${prefix}-${number}`;
    if (!taken.has(id + suffix)) return id;
  }
}

function pythonFor(socket: string): string {
  return `import asyncio, json, websockets

async def main():
    async with websockets.connect("${socket}/bridge/my-python") as hub:
        while True:
            await hub.send(json.dumps({"temperature": 21.5}))
            await asyncio.sleep(1)

asyncio.run(main())`;
}

/** @param level of the headings, one below that of what stands over them */
export function Lessons({ level: Heading }: { level: "h2" | "h3" }) {
  const { store } = usePage();
  const hub = store.hub.value;
  const taken = new Set(store.devices.value.keys());
  const address = hub?.addresses[0] ?? location.origin;
  return (
    <div class="lessons">
      {lessonsFor(address, taken).map(({ title, help, lines }) => (
        <section key={title} class="lesson">
          <Heading>{title}</Heading>
          <p>{help}</p>
          {lines.map((line) => (
            <CopyLine key={line} text={line} />
          ))}
        </section>
      ))}
    </div>
  );
}

export function AddDialog({ open }: { open: Signal<boolean> }) {
  const ref = useRef<HTMLDialogElement>(null);
  const shown = open.value;
  useEffect(() => {
    if (shown) ref.current?.showModal();
  }, [shown]);
  return (
    <dialog ref={ref} class="dialog" aria-labelledby="add-title" onClose={() => (open.value = false)}>
      {shown && (
        <>
          <header>
            <h2 id="add-title">{words.add}</h2>
            <button type="button" class="quiet" onClick={() => ref.current?.close()}>
              {words.close}
            </button>
          </header>
          <Lessons level="h3" />
        </>
      )}
    </dialog>
  );
}
