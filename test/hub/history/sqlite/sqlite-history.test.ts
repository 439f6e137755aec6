import { join } from "node:path";
import { fakeClock } from "../../../support/fake-clock.ts";
import { inlineHistory } from "../../../support/history-benches.ts";
import { describeHistory } from "../../../support/history-contract.ts";
import { temporaryFolders } from "../../../support/temporary-folder.ts";

const makeFolder = temporaryFolders();

describeHistory("the SQLite history", () => {
  const clock = fakeClock();
  const file = join(makeFolder(), "history.db");
  return {
    clock,
    open: async () => {
      const history = inlineHistory(file, clock);
      await history.open();
      return history;
    },
  };
});
