/** One client that forgets its pause does not make the others wait for all it sent. */
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { eventually } from "../../support/eventually.ts";
import { startHub, type TestHub } from "../../support/hub.ts";
import { textFrame } from "../../support/raw-socket.ts";
import { heardUntilNow, Visitors } from "../../support/visitors.ts";

const FLOOD = 20_000;

let hub: TestHub;
const visitors = new Visitors(() => hub);

beforeEach(async () => {
  hub = await startHub();
});
afterEach(async () => {
  visitors.closeAll();
  await hub.close();
});

it("answers another client long before a flood is worked off", async () => {
  const [flooder, other] = [await visitors.device("flooder"), await visitors.device("other")];
  let taken = 0;
  hub.hub.house.events.on("said", ({ from }) => {
    if (from === "flooder") taken += 1;
  });
  const frame = textFrame('{"temperature":21.5}');
  flooder.write(Buffer.concat(Array.from({ length: FLOOD }, () => frame)));
  await eventually(() => taken > 100);
  await heardUntilNow(other);
  expect(taken).toBeLessThan(FLOOD / 2);
});
