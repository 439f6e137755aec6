/** Runs a program under Debian's Python, for clients that were not written here. */
import { spawn } from "node:child_process";
import { once } from "node:events";

const PYTHON = "/usr/bin/python3";

/** @returns what the program prints; `args` are its `sys.argv[1:]` */
export async function runPython(program: string, ...args: string[]): Promise<string> {
  const child = spawn(PYTHON, ["-c", program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  let complaint = "";
  child.stdout.on("data", (data) => {
    printed += String(data);
  });
  child.stderr.on("data", (data) => {
    complaint += String(data);
  });
  const [code] = (await once(child, "close")) as [number];
  if (code !== 0) throw new Error(complaint);
  return printed;
}
