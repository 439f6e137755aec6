/**
 * Runs a program of the MicroPython client under the real interpreter, compiled to WebAssembly: `node THIS FOLDER PROGRAM`.
 * It has no sockets; `socket` is given to it by Node's, with the answers of a socket that never blocks.
 */
import { readdirSync, readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { loadMicroPython } from "@micropython/micropython-webassembly-pyscript/micropython.mjs";

const [folder = ".", program = "main", ...args] = process.argv.slice(2);
/** What an ESP32 has to spare. */
const HEAP_BYTES = 128 * 1024;

/** One connection: what came and was not read yet. */
function wrap(socket) {
  const state = { open: false, ended: false, error: "", pieces: [] };
  socket.on("connect", () => {
    state.open = true;
  });
  socket.on("data", (data) => state.pieces.push(data));
  socket.on("end", () => {
    state.ended = true;
  });
  socket.on("error", (error) => {
    state.error = error.code;
  });
  socket.on("close", () => {
    state.ended = true;
  });
  return {
    /** Bytes as hex, null for "later", "" for the end, or an error's code: one that is thrown here can end the interpreter. */
    recv(size) {
      if (state.pieces.length > 0) {
        const piece = state.pieces.shift();
        if (piece.length > size) state.pieces.unshift(piece.subarray(size));
        return piece.subarray(0, size).toString("hex");
      }
      if (state.error) return state.error;
      return state.ended ? "" : null;
    },
    /** How many went out, -1 for "later", or an error's code. */
    send(hex) {
      if (state.error) return state.error;
      if (!state.open || socket.writableLength > 8192) return -1;
      socket.write(Buffer.from(hex, "hex"));
      return hex.length / 2;
    },
    close: () => socket.destroy(),
    opened: () => {
      state.open = true;
    },
  };
}

globalThis.nodeSockets = {
  connect: (host, port) => wrap(connect(port, host)),
  listen(port) {
    const waiting = [];
    createServer((socket) => waiting.push(socket)).listen(port, "127.0.0.1");
    return {
      accept() {
        const socket = waiting.shift();
        if (socket === undefined) return null;
        const wrapped = wrap(socket);
        wrapped.opened();
        return wrapped;
      },
    };
  },
};
const SOCKET = `
import js, binascii
AF_INET, SOCK_STREAM, SOL_SOCKET, SO_REUSEADDR = 2, 1, 4095, 4
def getaddrinfo(host, port, family=0, type=0):
    return [(AF_INET, SOCK_STREAM, 0, "", (host, port))]
class socket:
    def __init__(self, peer=None):
        self._peer = peer
    def setblocking(self, blocking):
        if blocking: raise OSError(22)
    def setsockopt(self, level, option, value):
        pass
    def connect(self, address):
        self._peer = js.nodeSockets.connect(*address)
        raise OSError(115)
    def bind(self, address):
        self._address = address
    def listen(self, backlog):
        self._listener = js.nodeSockets.listen(self._address[1])
    def accept(self):
        peer = self._listener.accept()
        if not peer: raise OSError(11)
        return socket(peer), ("127.0.0.1", 0)
    def recv(self, size):
        data = _try(self._peer.recv, size)
        if data is None: raise OSError(11)
        return binascii.unhexlify(data)
    def send(self, data):
        sent = _try(self._peer.send, binascii.hexlify(data).decode())
        if sent < 0: raise OSError(11)
        return sent
    def close(self):
        self._peer.close()
def _try(run, argument):
    result = run(argument)
    if isinstance(result, str) and result.startswith("E"):
        raise OSError(111 if "REFUSED" in result else 104)
    return result
`;

const python = await loadMicroPython({
  heapsize: HEAP_BYTES,
  linebuffer: false,
  stdout: (data) => process.stdout.write(data),
});
for (const name of readdirSync(folder)) {
  if (/\.(py|json|txt)$/.test(name)) python.FS.writeFile(name, readFileSync(join(folder, name)));
}
python.FS.writeFile("socket.py", SOCKET);
await python.runPythonAsync(`
import sys
sys.argv[:] = ${JSON.stringify([program, ...args])}
import ${program}
await ${program}.main()
`);
