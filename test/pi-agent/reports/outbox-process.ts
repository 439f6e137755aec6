/** A process with an outbox on a real link, for outbox-crash.test.ts: adds `{v: from}`, `{v: from + 1}`, … when its parent says so. */
import { systemClock } from "#base/clock.ts";
import { HubLink } from "../../../pi-agent/hub-link.ts";
import { createReportOutbox, type ReportOutbox } from "../../../pi-agent/reports/report-outbox.ts";

const [hub = "", folder = ""] = process.argv.slice(2);
const clock = systemClock();
const log = { say: (_: string, event: string) => void process.send?.(event) };

const link: HubLink = new HubLink({
  hub,
  id: "pi-crash",
  token: null,
  clock,
  log,
  listener: {
    onConnected: () =>
      void link.send("hello", { properties: { v: { type: "integer", readOnly: true, minimum: 0 } }, state: {} }),
    onWelcome: () => outbox.connected(),
    onDisconnected: () => outbox.disconnected(),
    onSet: (_, ack) => ack({}),
    onAction: (_, ack) => ack(null),
  },
});
const outbox: ReportOutbox = createReportOutbox({
  clock,
  log,
  folder,
  send: (event, args, ack) => link.ask(event, args, ack),
});
link.open();

process.on("message", ({ from, count }: { from: number; count: number }) => {
  let v = from;
  const timer = setInterval(() => {
    outbox.add({ v });
    v += 1;
    if (v === from + count) clearInterval(timer);
  }, 1);
});
