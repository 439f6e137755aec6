// The MQTT broker of npm.
import { createServer } from "node:net";
import { Aedes } from "aedes";

const broker = await Aedes.createBroker();
const server = createServer(broker.handle);
server.listen(0, "127.0.0.1", () =>
  console.log(JSON.stringify({ port: /** @type {import("node:net").AddressInfo} */ (server.address()).port })),
);
process.on("SIGTERM", () => process.exit(0));
