// The peer of the slider bench: the least that Socket.IO can do, an event acknowledged as it came.
import { createServer } from "node:http";
import { Server } from "socket.io";

const server = createServer();
const io = new Server(server);
io.on("connection", (socket) => socket.on("set", (value, done) => done(value)));
server.listen(0, "127.0.0.1", () =>
  console.log(JSON.stringify({ port: /** @type {import("node:net").AddressInfo} */ (server.address()).port })),
);
process.on("SIGTERM", () => process.exit(0));
