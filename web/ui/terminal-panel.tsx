/** The terminal in the room of a device that the hub dials for a stream of text (protocol 2.5). What draws it is loaded when it is needed. */
import { words } from "../words.ts";
import { useParts } from "./context.ts";

export function TerminalPanel({ device }: { device: string }) {
  const { page, late } = useParts();
  const dial = page.store.dials.value.find(({ id }) => id === device);
  if (dial?.mode !== "stream") return null;
  return (
    <section class="panel" aria-label={words.terminal.title}>
      <h2>{words.terminal.title}</h2>
      <late.TerminalView device={device} state={dial.state} />
    </section>
  );
}
