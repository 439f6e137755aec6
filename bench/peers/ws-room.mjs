// A room as one writes it with `ws` alone: the first text of a client is answered, each further one goes to all others.
import { WebSocket, WebSocketServer } from "ws";

const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
server.on("connection", (client) => {
  client.on("error", () => {});
  client.once("message", () => {
    client.send("welcome");
    client.on("message", (data) => {
      for (const other of server.clients) {
        if (other !== client && other.readyState === WebSocket.OPEN) other.send(data, { binary: false });
      }
    });
  });
});
server.on("listening", () => {
  console.log(JSON.stringify({ port: /** @type {import("node:net").AddressInfo} */ (server.address()).port }));
});
process.on("SIGTERM", () => process.exit(0));
