import { MemoryHistory } from "../../../hub/history/memory-history.ts";
import { fakeClock } from "../../support/fake-clock.ts";
import { describeHistory } from "../../support/history-contract.ts";

describeHistory("the history in memory", () => {
  const clock = fakeClock();
  const history = new MemoryHistory({ clock });
  return {
    clock,
    open: async () => {
      await history.open();
      return history;
    },
  };
});
