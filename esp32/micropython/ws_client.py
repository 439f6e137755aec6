"""A WebSocket client (RFC 6455) on a plain socket that never blocks: it tries, and sleeps `socket_delay_ms` in between."""

import binascii
import errno
import hashlib
import socket
import struct

from compat import asyncio, random_bytes, sleep_ms, ticks_diff, ticks_ms

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
MAX_MESSAGE = 8192  # bytes; a longer message is read and dropped
MAX_HEAD = 2048
PIECE = 512
CONNECT_LIMIT_MS = 8000
SILENCE_LIMIT_MS = 40000
PING_MS = 15000
WRITE_LIMIT_MS = 10000
LATER = (errno.EAGAIN, errno.EINPROGRESS)
CONNECTING = (errno.EAGAIN, errno.EINPROGRESS, errno.ENOTCONN)
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Lost(Exception):
    """The connection is over. `code` is the close code of the hub, `status` the HTTP status of a refusal, else 0."""

    def __init__(self, why, code=0, status=0):
        super().__init__(why)
        self.code = code
        self.status = status


class WebSocket:
    def __init__(self, delay_ms):
        self._delay_ms = delay_ms
        self._socket = None
        self._in = b""
        self._limit_ms = CONNECT_LIMIT_MS
        self._later = CONNECTING
        self._heard = self._pinged = ticks_ms()
        self._writing = asyncio.Lock()

    async def open(self, host, port, path, headers):
        """Connects and shakes hands. Raises Lost or OSError."""
        # The name server is asked here, and everything waits for it: a number as host spares that.
        address = socket.getaddrinfo(host, port, socket.AF_INET, socket.SOCK_STREAM)[0][-1]
        self._socket = socket.socket()
        self._socket.setblocking(False)
        try:
            self._socket.connect(address)
        except OSError as error:
            if error.args[0] not in self._later:
                raise
        key = binascii.b2a_base64(random_bytes(16)).strip()
        await self._write(request(host, port, path, key, headers))
        check_head(await self._head(), key)
        self._limit_ms = SILENCE_LIMIT_MS
        self._later = LATER

    async def send(self, text):
        """Sends one text message. Raises Lost or OSError."""
        await self._send(TEXT, text.encode())

    async def receive(self):
        """The next message: str or bytes, None for one that was too long. Answers pings. Raises Lost or OSError."""
        kind = None
        message = bytearray()
        fits = True
        while True:
            final, opcode, length = await self._frame_head()
            if opcode >= CLOSE:
                await self._control(final, opcode, length)
                continue
            if (opcode == CONTINUATION) == (kind is None):
                await self.fail(1002, "fragments out of order")
            kind = kind or opcode
            fits = fits and len(message) + length <= MAX_MESSAGE
            await self._payload(length, message if fits else None)
            if final:
                return await self._whole(kind, message) if fits else None

    async def fail(self, code, why):
        """Says why and ends the connection."""
        try:
            await self._send(CLOSE, struct.pack("!H", code))
        except (OSError, Lost):
            pass
        raise Lost(why)

    def drop(self):
        """Ends the connection without a word. Can be called again."""
        if self._socket:
            self._socket.close()
            self._socket = None

    async def _whole(self, kind, message):
        if kind == BINARY:
            return bytes(message)
        try:
            return str(bytes(message), "utf-8")
        except UnicodeError:
            await self.fail(1007, "a text was not UTF-8")

    async def _frame_head(self):
        first, second = await self._take(2)
        opcode, length = first & 15, second & 127
        if first & 0x70 or second & 0x80 or opcode not in (CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG):
            await self.fail(1002, "the hub sent a frame that is none")
        if length == 126:
            length = struct.unpack("!H", await self._take(2))[0]
        elif length == 127:
            length = struct.unpack("!Q", await self._take(8))[0]
        return first & 0x80, opcode, length

    async def _control(self, final, opcode, length):
        if not final or length > 125:
            await self.fail(1002, "a control frame that is none")
        payload = await self._take(length)
        if opcode == PING:
            await self._send(PONG, payload)
        elif opcode == CLOSE:
            code = struct.unpack("!H", payload[:2])[0] if length >= 2 else 1005
            try:
                await self._send(CLOSE, payload[:2])
            except (OSError, Lost):
                pass
            raise Lost("closed by the hub, %d %s" % (code, payload[2:].decode()), code)

    async def _payload(self, length, message):
        """Reads a payload in pieces; without a place for it, past it."""
        while length > 0:
            piece = await self._take(min(length, PIECE))
            length -= len(piece)
            if message is not None:
                message.extend(piece)

    async def _head(self):
        while b"\r\n\r\n" not in self._in:
            if len(self._in) > MAX_HEAD:
                raise Lost("the answer is no WebSocket")
            await self._fill()
        end = self._in.find(b"\r\n\r\n") + 4
        return await self._take(end)

    async def _take(self, length):
        while len(self._in) < length:
            await self._fill()
        taken, self._in = self._in[:length], self._in[length:]
        return taken

    async def _fill(self):
        """Waits for more bytes."""
        while True:
            try:
                data = self._socket.recv(PIECE)
            except OSError as error:
                if error.args[0] not in self._later:
                    raise
                await self._listen()
                continue
            except AttributeError:
                data = b""  # dropped while it waited
            if not data:
                raise Lost("the connection ended")
            self._in += data
            self._heard = ticks_ms()
            # Others want their turn too, even when bytes come without end.
            await sleep_ms(0)
            return

    async def _listen(self):
        now = ticks_ms()
        silent = ticks_diff(now, self._heard)
        if silent > self._limit_ms:
            raise Lost("no answer")
        if self._limit_ms == SILENCE_LIMIT_MS and min(silent, ticks_diff(now, self._pinged)) > PING_MS:
            self._pinged = now
            await self._send(PING, b"pharos")
        await sleep_ms(self._delay_ms)

    async def _send(self, opcode, payload):
        async with self._writing:
            await self._write(frame(opcode, payload, random_bytes(4)))

    async def _write(self, data):
        """Writes all of it, however slow the link. A socket that is still connecting says: later."""
        view = memoryview(data)
        sent = 0
        began = ticks_ms()
        while sent < len(data):
            if self._socket is None:
                raise Lost("the connection ended")
            try:
                sent += self._socket.send(view[sent:])
            except OSError as error:
                if error.args[0] not in self._later:
                    raise
                if ticks_diff(ticks_ms(), began) > min(WRITE_LIMIT_MS, self._limit_ms):
                    raise Lost("the hub does not answer")
                await sleep_ms(self._delay_ms)


def frame(opcode, payload, mask):
    """One masked frame, whole."""
    length = len(payload)
    if length < 126:
        head = struct.pack("!BB", 0x80 | opcode, 0x80 | length)
    elif length < 65536:
        head = struct.pack("!BBH", 0x80 | opcode, 0xFE, length)
    else:
        raise ValueError("a frame of this client has at most 65535 bytes")
    start = len(head) + 4
    whole = bytearray(start + length)
    whole[: start - 4] = head
    whole[start - 4 : start] = mask
    for i in range(length):
        whole[start + i] = payload[i] ^ mask[i & 3]
    return whole


def request(host, port, path, key, headers):
    lines = ["GET %s HTTP/1.1" % path, "Host: %s:%d" % (host, port), "Upgrade: websocket", "Connection: Upgrade"]
    lines += ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: " + key.decode()]
    lines += ["%s: %s" % (name, headers[name]) for name in headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def check_head(head, key):
    """Raises Lost unless the answer is a proper 101."""
    lines = head.decode().split("\r\n")
    status = lines[0].split(" ")[1] if " " in lines[0] else ""
    if status != "101":
        raise Lost("refused with " + status, status=int(status) if status.isdigit() else 0)
    if not hasattr(hashlib, "sha1"):
        return  # the smallest builds have none
    accept = binascii.b2a_base64(hashlib.sha1(key + GUID).digest()).strip().decode()
    for line in lines[1:]:
        name, _, value = line.partition(":")
        if name.lower() == "sec-websocket-accept" and value.strip() == accept:
            return
    raise Lost("the answer is not for this request")
