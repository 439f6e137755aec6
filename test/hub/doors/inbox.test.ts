import { describe, expect, it } from "@jest/globals";
import { LIMITS } from "../../../hub/base/limits.ts";
import { Inbox, Turns } from "../../../hub/doors/inbox.ts";

const A_TURN = LIMITS.framesATurn;

function createInbox(take: (one: number) => void) {
  const calls: string[] = [];
  const source = { stopReading: () => void calls.push("stop"), goOnReading: () => void calls.push("go on") };
  return { inbox: new Inbox<number>(new Turns(), source, take), calls };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe("an inbox", () => {
  it("hands the first one over at once", () => {
    const taken: number[] = [];
    const { inbox } = createInbox((one) => taken.push(one));
    inbox.put(1);
    expect(taken).toEqual([1]);
  });

  it("takes what comes together in one turn, in its order", async () => {
    const taken: number[] = [];
    const { inbox, calls } = createInbox((one) => taken.push(one));
    for (let i = 0; i < A_TURN; i++) inbox.put(i);
    await nextTurn();
    expect(taken).toEqual(Array.from({ length: A_TURN }, (_, i) => i));
    expect(calls).toEqual([]);
  });

  it("leaves the rest to the next turns, and reads nothing more until then", async () => {
    const taken: number[] = [];
    const { inbox, calls } = createInbox((one) => taken.push(one));
    const sent = 2 * A_TURN + 8;
    for (let i = 0; i < sent; i++) inbox.put(i);
    const counts: number[] = [];
    for (let turn = 0; turn < 4; turn++) {
      await nextTurn();
      counts.push(taken.length);
    }
    expect(counts).toEqual([A_TURN, 2 * A_TURN, sent, sent]);
    expect(taken).toEqual(Array.from({ length: sent }, (_, i) => i));
    expect(calls.at(0)).toBe("stop");
    expect(calls.at(-1)).toBe("go on");
  });

  it("takes the next one after all that the last one began in promises", async () => {
    const said: string[] = [];
    const { inbox } = createInbox((one) => {
      said.push(`begin ${one}`);
      void Promise.resolve()
        .then(() => Promise.resolve())
        .then(() => said.push(`end ${one}`));
    });
    inbox.put(1);
    inbox.put(2);
    await nextTurn();
    expect(said).toEqual(["begin 1", "end 1", "begin 2", "end 2"]);
  });

  it("lets others in between: two that flood share each turn", async () => {
    const turns = new Turns();
    const source = { stopReading() {}, goOnReading() {} };
    const taken: string[] = [];
    const [a, b] = ["a", "b"].map((name) => new Inbox<string>(turns, source, () => taken.push(name)));
    for (let i = 0; i < 100; i++) {
      a?.put("");
      b?.put("");
    }
    await nextTurn();
    expect(taken.filter((name) => name === "a")).toHaveLength(A_TURN);
    expect(taken.filter((name) => name === "b")).toHaveLength(A_TURN);
  });
});
