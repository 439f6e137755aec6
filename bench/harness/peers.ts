/** Servers that others wrote, as Debian brings them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { ServerProcess } from "./server-process.ts";

/** Mosquitto as it comes, but that it listens on one port and asks nobody who they are. */
export function startMosquitto(): Promise<ServerProcess> {
  return ServerProcess.startProgram("/usr/sbin/mosquitto", (port) => {
    mkdirSync("dist/bench", { recursive: true });
    writeFileSync("dist/bench/mosquitto.conf", `listener ${port} 127.0.0.1\nallow_anonymous true\nlog_type none\n`);
    return ["-c", "dist/bench/mosquitto.conf"];
  });
}

export function startFlask(): Promise<ServerProcess> {
  return ServerProcess.startProgram("/usr/bin/python3", (port) => ["bench/peers/flask_room.py", String(port)]);
}
