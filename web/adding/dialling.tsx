/** Devices that are TCP servers: the hub is told where they are and calls them; and those that it calls already (protocol 2.5). */
import { useSignal } from "@preact/signals";
import type { DialMode } from "#protocol/dials.ts";
import { useAsking } from "../ui/asking.ts";
import { useParts } from "../ui/context.ts";
import { words } from "../words.ts";
import { DialList } from "./dial-list.tsx";
import { Field, IdField, PLAIN } from "./needs.tsx";

/** Where the MicroPython client's `tcp_server.py` listens. */
const USUAL_PORT = 10_000;
const MODES: readonly DialMode[] = ["lines", "stream"];

export function Dialling() {
  const { adding, page } = useParts();
  const { busy, refusal, ask } = useAsking();
  const host = useSignal("");
  const port = useSignal(USUAL_PORT);
  const mode = useSignal<DialMode>("lines");
  const may = page.may("admin");
  const isReady = host.value !== "" && adding.fault.value === null && may.now.value && !busy.value;

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (!isReady) return;
    const target = { id: adding.id.value, host: host.value, port: port.value, mode: mode.value };
    if (await ask(page.link.dial(target))) page.announce(words.dials.called(target.id));
  }

  return (
    <>
      <form class="needs" aria-label={words.kinds.dial.title} onSubmit={(event) => void submit(event)}>
        <p class="help">{words.dials.help}</p>
        <IdField />
        <Field label={words.dials.host}>
          <input
            {...PLAIN}
            maxLength={253}
            placeholder="192.168.1.7"
            value={host.value}
            onInput={(event) => (host.value = event.currentTarget.value.trim())}
          />
        </Field>
        <Field label={words.dials.port}>
          <input
            type="number"
            min={1}
            max={65_535}
            value={port.value}
            onInput={(event) => (port.value = event.currentTarget.valueAsNumber)}
          />
        </Field>
        <Field label={words.dials.mode}>
          <select value={mode.value} onChange={(event) => (mode.value = event.currentTarget.value as DialMode)}>
            {MODES.map((name) => (
              <option key={name} value={name}>
                {words.dials.modes[name]}
              </option>
            ))}
          </select>
        </Field>
        <p class="go">
          <button type="submit" class="primary" disabled={!isReady} title={may.why.value}>
            {words.dials.call}
          </button>
        </p>
        <p class="result" role="status" data-failed={refusal.value !== null}>
          {refusal.value !== null && words.dials.notCalled(refusal.value)}
        </p>
      </form>
      <DialList />
    </>
  );
}
