/** Known weaknesses of the packages that users install, rated high or critical, as npm's registry knows them today: there may be none. */
import { spawnSync } from "node:child_process";
import { isSmoke } from "../harness/arguments.ts";
import { finish, type Row } from "../harness/report.ts";

interface Report {
  readonly metadata?: { readonly vulnerabilities: { readonly high: number; readonly critical: number } };
  readonly message?: string;
}

const TITLE = "Known weaknesses of the packages that users install";

if (isSmoke()) {
  console.log("This one asks npm's registry; in a smoke run it is not asked.");
  process.exit(0);
}
const { stdout } = spawnSync("npm", ["audit", "--omit=dev", "--json"], { encoding: "utf8" });
const { metadata, message } = JSON.parse(stdout) as Report;
if (metadata === undefined) {
  console.log(
    `Nothing is known: the registry gave no answer (${message ?? "without a reason"}). Try again where npm reaches it.`,
  );
  finish(TITLE, [], 1);
}
const { high, critical } = metadata.vulnerabilities;
if (high + critical > 0) console.log("`npm audit --omit=dev` names them.");
finish(TITLE, [row("high", high), row("critical", critical)], 0);

function row(what: string, count: number): Row {
  return { what, figure: `${count}`, goal: "0", isMet: count === 0 };
}
