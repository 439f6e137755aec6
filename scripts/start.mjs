/** `npm start`: builds what changed, then runs `pharos start` with the words after `--`. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { isBuilt, ROOT } from "./build.mjs";
import { runScript } from "./fault.mjs";

/** How soon we notice that npm is gone. */
const PARENT_CHECK_MS = 250;

/** npm runs this in a shell that dies of a SIGTERM without passing it on: whoever stops npm means us. */
function stopWithParent() {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, "SIGTERM");
  }, PARENT_CHECK_MS);
  timer.unref();
}

await runScript(async () => {
  if (!isBuilt(ROOT)) {
    // A process of its own, so that the builders' memory is given back before the hub runs.
    const { status } = spawnSync(process.execPath, [join(ROOT, "scripts/build.mjs")], { stdio: "inherit" });
    if (status !== 0) process.exit(status ?? 1);
  }
  if (process.env.npm_lifecycle_event !== undefined) stopWithParent();
  process.argv.splice(2, 0, "start");
  await import("../bin/pharos.js");
});
