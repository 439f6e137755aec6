/** The page's side of a device's terminal: one is open at a time, and opened again after each connection. Made by `hub-link.ts`. */
import type { Socket } from "socket.io-client";
import type { HubToPage, PageToHub } from "#protocol/dashboard-events.ts";

const ANSWER_WITHIN_MS = 5000;

export interface TerminalNews {
  readonly text: string;
  /** Everything shown before is to be forgotten. */
  readonly isFresh: boolean;
  /** Some text before this was dropped: the page was too slow. */
  readonly hasGap: boolean;
}

/** @param done called when the text is drawn; the hub sends no more before that */
export type TerminalListener = (news: TerminalNews, done: () => void) => void;

export interface TerminalLink {
  /** Shows what a device's terminal showed last, and what follows. @returns closes it */
  open(device: string, listen: TerminalListener): () => void;
  /** The hub knows nothing of this page yet. */
  reconnected(): void;
}

export function createTerminalLink(socket: Socket<HubToPage, PageToHub>): TerminalLink {
  let shown: { readonly device: string; readonly listen: TerminalListener } | null = null;

  socket.on("terminal", ({ device, text, hasGap }, done) => {
    if (shown?.device === device) shown.listen({ text, hasGap, isFresh: false }, done);
    else done();
  });

  async function ask(device: string | null): Promise<void> {
    const answer = await socket.timeout(ANSWER_WITHIN_MS).emitWithAck("terminal", { device });
    if (device === null || shown?.device !== device || "error" in answer) return;
    shown.listen({ text: answer.text, hasGap: false, isFresh: true }, () => {});
  }

  /** Without an answer the connection is lost, and `reconnected` asks again. */
  function request(device: string | null): void {
    if (socket.connected) ask(device).catch(() => {});
  }

  return {
    open(device, listen) {
      const mine = { device, listen };
      shown = mine;
      request(device);
      return () => {
        if (shown !== mine) return;
        shown = null;
        request(null);
      };
    },
    reconnected() {
      if (shown !== null) request(shown.device);
    },
  };
}
