/** The Python clients, on Debian's libraries, at the hub. */
import { clientDeliveries } from "./deliveries.ts";
import { PYTHON_SOCKETIO, PYTHON_WEBSOCKET } from "./kits.ts";
import { clientMatrix } from "./matrix.ts";
import { plainHabits } from "./plain-habits.ts";

clientMatrix(PYTHON_WEBSOCKET);
clientMatrix(PYTHON_SOCKETIO);
plainHabits(PYTHON_WEBSOCKET);
clientDeliveries(PYTHON_WEBSOCKET);
clientDeliveries(PYTHON_SOCKETIO);
