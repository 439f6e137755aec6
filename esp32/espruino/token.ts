/** The token that the hub gave when somebody approved this board, in the board's own flash (protocol 7.9). */
import type { Pharos } from "./config.ts";

const FILE = "pharos.token";

/** That of the build, or the one that was given; empty without one. */
export function readToken(pharos: Pharos): string {
  return pharos.config.token || pharos.storage.read(FILE) || "";
}

export function keepToken(pharos: Pharos, token: string): void {
  try {
    pharos.storage.write(FILE, token);
    print("Hub: approved; the token is kept");
  } catch (error) {
    print(`Token: ${error}`);
  }
}
