import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { ROOT } from "../support/sources.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const newFolder = temporaryFolders();

/** Runs the steps `good`, the given one, and `last` in a process, since their words go straight to its output. */
function check(second: string, again?: string[]) {
  const root = newFolder();
  for (const [name, body] of Object.entries({ good: "", second, last: 'console.log("its own summary")' })) {
    writeFileSync(join(root, `${name}.mjs`), body);
  }
  const steps = ["good", "second", "last"].map((name) => ({
    name,
    failed: `The ${name} one failed`,
    script: `${name}.mjs`,
    args: [],
    ...(name === "second" && again !== undefined && { again }),
  }));
  const code = `import { runSteps } from ${JSON.stringify(join(ROOT, "scripts/check.mjs"))};
    process.exitCode = runSteps(${JSON.stringify(root)}, ${JSON.stringify(steps)});`;
  const { status, stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8" });
  return { status, lines: stdout.trim().split("\n") };
}

describe("the check", () => {
  it("runs all steps and ends with the last one's own words", () => {
    const { status, lines } = check("");
    expect(status).toBe(0);
    expect(lines[1]).toMatch(/^✓ good, \d+\.\d s/);
    expect(lines.at(-1)).toBe("its own summary");
  });

  it("stops at the first failure, with its headline last and its exit code", () => {
    const { status, lines } = check("process.exit(3)");
    expect(status).toBe(3);
    expect(lines.at(-1)).toMatch(/^✗ The second one failed: second, \d+\.\d s\.$/);
    expect(lines.join()).not.toContain("its own summary");
  });

  it("tries once more, by other arguments, what may fail for want of time, and says so", () => {
    const { status, lines } = check('process.exit(process.argv.includes("--alone") ? 0 : 1)', ["--alone"]);
    expect(status).toBe(0);
    expect(lines).toContain("⚠ The second one failed: second. Once more, only what failed and one at a time.");
    expect(check("process.exit(1)", ["--alone"]).status).toBe(1);
  });

  it("counts a step that was killed as failed", () => {
    const { status, lines } = check('process.kill(process.pid, "SIGKILL")');
    expect(status).toBe(1);
    expect(lines.at(-1)).toMatch(/ended by SIGKILL/);
  });
});
