// The same room with Socket.IO as it comes, WebSocket only.
import { createServer } from "node:http";
import { Server } from "socket.io";

const server = createServer();
const io = new Server(server, { transports: ["websocket"] });
io.of("/devices").on("connection", (socket) => {
  socket.on("hello", ({ rooms }) => {
    socket.join(rooms);
    socket.emit("welcome", {});
  });
  socket.on("message", (text) => socket.to("bench").emit("message", text));
});
server.listen(0, "127.0.0.1", () =>
  console.log(JSON.stringify({ port: /** @type {import("node:net").AddressInfo} */ (server.address()).port })),
);
process.on("SIGTERM", () => process.exit(0));
