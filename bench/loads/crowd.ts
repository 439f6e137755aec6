/** The process of a crowd: its members, one more that speaks, and the account of what was heard. Started by `Crowd` with its options as JSON. */
import { setTimeout as sleep } from "node:timers/promises";
import type { CrowdOptions, FromCrowd, RoundOptions, RoundResult, ToCrowd } from "../clients/crowd-options.ts";
import { createMember, type Member, ROOM } from "../clients/member.ts";
import { Round } from "../clients/round.ts";

const options = JSON.parse(process.argv[2] ?? "{}") as CrowdOptions;
const { port, door, name, atOnce, slow = 0, isAlone = false } = options;
const speaker = createMember(door, { port }, `${name}-speaker`, false);
const members = Array.from({ length: options.members }, (_, i) =>
  createMember(door, { port }, `${name}-${i}`, true, isAlone ? `${ROOM}-${i}` : ROOM),
);
/** Timers of members that beat. */
const beats: NodeJS.Timeout[] = [];
const BEAT_MS = 1_000;
let round: Round | null = null;

process.on("disconnect", () => process.exit());
process.on("message", (message: ToCrowd) => {
  obey(message).then(tell, (error: unknown) => tell({ kind: "failed", message: String(error) }));
});
gather().then(tell, (error: unknown) => tell({ kind: "failed", message: String(error) }));

/** All come in; whoever reads hears from now on. */
async function gather(): Promise<FromCrowd> {
  const start = performance.now();
  await speaker.open();
  for (let i = 0; i < members.length; i += atOnce) {
    await Promise.all(members.slice(i, i + atOnce).map((member) => member.open()));
  }
  const seconds = (performance.now() - start) / 1_000;
  for (const [i, member] of members.entries()) {
    if (i < slow) member.pause();
    else listen(member, i);
  }
  return { kind: "ready", seconds };
}

function listen(member: Member, index: number): void {
  member.onText = (data, start) => round?.heard(index, data, start);
  member.onClose = () => tell({ kind: "failed", message: `${name}-${index} was cut` });
}

async function obey(message: ToCrowd): Promise<FromCrowd> {
  if (message.kind === "round") return { kind: "result", result: await speak(message.round) };
  beat(message.isBeating, message.members);
  return { kind: "done" };
}

async function speak(asked: RoundOptions): Promise<RoundResult> {
  round = new Round(asked, members.length - slow, slow, (text) => speaker.say(text));
  const result = await round.run();
  // What is still to come is not of the next round.
  await sleep(20);
  return result;
}

function beat(isBeating: boolean, count: number): void {
  if (!isBeating) for (const timer of beats.slice(0, count)) clearTimeout(timer);
  else for (const [i, member] of members.slice(0, count).entries()) beatFrom(i, member, Math.random() * BEAT_MS);
}

function beatFrom(index: number, member: Member, waitMs: number): void {
  beats[index] = setTimeout(() => {
    member.say("SOS");
    beatFrom(index, member, BEAT_MS);
  }, waitMs);
}

function tell(message: FromCrowd): void {
  process.send?.(message);
}
