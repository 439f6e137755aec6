/** The ESP-IDF client, compiled with stand-ins of the board and of its WebSocket library, with the real cJSON, at the hub. */
import { clientDeliveries } from "./deliveries.ts";
import { ESP_IDF } from "./kits.ts";
import { clientMatrix } from "./matrix.ts";
import { plainHabits } from "./plain-habits.ts";

clientMatrix(ESP_IDF);
plainHabits(ESP_IDF);
clientDeliveries(ESP_IDF);
