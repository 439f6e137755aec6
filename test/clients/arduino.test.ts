/** The Arduino client, compiled with stand-ins of the board, of arduinoWebSockets and of ArduinoJson, at the hub. */
import { expect, it } from "@jest/globals";
import { clientDeliveries } from "./deliveries.ts";
import { ARDUINO, compileArduino } from "./kits.ts";
import { clientMatrix } from "./matrix.ts";
import { plainHabits } from "./plain-habits.ts";

clientMatrix(ARDUINO);
plainHabits(ARDUINO);
clientDeliveries(ARDUINO);

it("compiles for the core's older names of the LED's functions as well", () => {
  expect(compileArduino(2)).toContain("arduino-2");
});
