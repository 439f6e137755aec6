/** Known weaknesses of the packages that users install, rated high or critical, as npm's registry knows them today: there may be none. */
import { spawnSync } from "node:child_process";

interface Report {
  readonly metadata?: { readonly vulnerabilities: { readonly high: number; readonly critical: number } };
  readonly message?: string;
}

const { stdout } = spawnSync("npm", ["audit", "--omit=dev", "--json"], { encoding: "utf8" });
const { metadata, message } = JSON.parse(stdout) as Report;

if (metadata === undefined) {
  console.log(
    `Nothing is known: the registry gave no answer (${message ?? "without a reason"}). Try again where npm reaches it.`,
  );
  process.exit(1);
}
const { high, critical } = metadata.vulnerabilities;
console.table({ "high, in shipped packages": { figure: high }, critical: { figure: critical } });
if (high + critical > 0) console.log("`npm audit --omit=dev` names them.");
process.exit(high + critical === 0 ? 0 : 1);
