/** The MicroPython client at the hub, under Debian's Python and under MicroPython itself. */
import { clientDeliveries } from "./deliveries.ts";
import { micropythonKits } from "./kits.ts";
import { clientMatrix } from "./matrix.ts";
import { plainHabits } from "./plain-habits.ts";

for (const kit of micropythonKits()) {
  clientMatrix(kit);
  plainHabits(kit);
  clientDeliveries(kit);
}
