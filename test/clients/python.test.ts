/** The Python clients, on Debian's libraries, at the hub. */
import { PYTHON_SOCKETIO, PYTHON_WEBSOCKET } from "./kits.ts";
import { clientMatrix } from "./matrix.ts";
import { plainHabits } from "./plain-habits.ts";

clientMatrix(PYTHON_WEBSOCKET);
clientMatrix(PYTHON_SOCKETIO);
plainHabits(PYTHON_WEBSOCKET);
