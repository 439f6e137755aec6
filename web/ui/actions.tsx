/** What a device can be asked to do: a button each, `identify` always among them. */
import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import type { Action } from "#protocol/values.ts";
import type { DeviceModel } from "../model/device-model.ts";
import { formatName } from "../model/format.ts";
import { words } from "../words.ts";
import { ActionInput, readInput } from "./action-input.tsx";
import { usePage } from "./context.ts";

/** How long an action for a device that is away waits for its return. */
const QUEUE_MS = 3_600_000;
/** The words of a result stay this long. */
const SHOW_MS = 6000;

const IDENTIFY: Action = { title: words.identify };

/** @param queues whether an action for a device that is away may wait for it: only where the queue is shown */
export function Actions({ device, queues = false }: { device: DeviceModel; queues?: boolean }) {
  const actions = Object.entries({ identify: IDENTIFY, ...device.about.value.actions });
  // Buttons first, then the lines that ask for something: else each line would break the row.
  actions.sort(([, a], [, b]) => Number(a.input !== undefined) - Number(b.input !== undefined));
  return (
    <div class="actions">
      {actions.map(([name, action]) => (
        <ActionButton key={name} device={device} name={name} action={action} queues={queues} />
      ))}
    </div>
  );
}

interface ActionProps {
  readonly device: DeviceModel;
  readonly name: string;
  readonly action: Action;
  readonly queues: boolean;
}

function ActionButton({ device, name, action, queues }: ActionProps) {
  const { now, why } = usePage().may("operator");
  const id = useId();
  const { result, run } = useAction(device.id, name);
  const offline = device.link.value.presence === "offline";
  const unable = (offline && !queues) || !now.value;
  const expiresMs = offline && queues ? QUEUE_MS : null;
  const away = queues ? words.willBeDone : words.offlineAction;
  return (
    <form
      class="action"
      onSubmit={(event) => {
        event.preventDefault();
        if (!unable && !result.value?.busy) void run(readInput(action.input, event.currentTarget), expiresMs);
      }}
    >
      {action.input !== undefined && <ActionInput schema={action.input} />}
      <button
        type="submit"
        disabled={unable}
        aria-describedby={id}
        title={why.value ?? (offline ? away : action.description)}
      >
        {action.title ?? formatName(name)}
      </button>
      <span id={id} class="result" role="status" data-failed={result.value?.failed}>
        {result.value?.text}
      </span>
    </form>
  );
}

interface Result {
  readonly text: string;
  readonly busy: boolean;
  readonly failed: boolean;
}

function useAction(device: string, name: string) {
  const { link } = usePage();
  const result = useSignal<Result | null>(null);

  async function run(input: unknown, expiresMs: number | null): Promise<void> {
    result.value = { text: words.doing, busy: true, failed: false };
    const answer = await link.act(device, name, input, expiresMs).catch(() => ({ error: { message: words.noAnswer } }));
    const done =
      "error" in answer
        ? { text: answer.error.message, busy: false, failed: true }
        : { text: "queued" in answer ? words.queuedAction : outcome(answer.output), busy: false, failed: false };
    result.value = done;
    window.setTimeout(() => {
      if (result.value === done) result.value = null;
    }, SHOW_MS);
  }

  return { result, run };
}

function outcome(output: unknown): string {
  const empty = output === undefined || output === null || output === true || JSON.stringify(output) === "{}";
  return empty ? words.done : words.answeredWith(typeof output === "string" ? output : JSON.stringify(output));
}
