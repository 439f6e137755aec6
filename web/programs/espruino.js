// PHAROS_ID: an ESP32 with Espruino as a device of Pharos. LED1 is pin D2.
const wifi = require("Wifi");
const connect = require("ws");
const state = { brightness: 0 };
const properties = {
  brightness: { type: "number", minimum: 0, maximum: 100, unit: "percent" },
  memory: { type: "number", unit: "byte", readOnly: true },
};
let hub = null;
let isOpen = false;
let heard = 0;

function show(percent) {
  const share = percent / 100;
  analogWrite(LED1, share * share); // to the eye, 50 is half as bright as 100
}

function blink(left) {
  show(left > 0 ? (left % 2) * 100 : state.brightness);
  if (left > 0) setTimeout(() => blink(left - 1), 100);
}

function answer(event, data) {
  if (event === "set" && data.brightness !== undefined) {
    state.brightness = data.brightness;
    show(data.brightness);
    return { data: state };
  }
  if (event === "action" && data.name === "identify") {
    blink(10);
    return { data: null };
  }
  return { error: { code: "UNKNOWN_EVENT", message: "This device takes set and identify." } };
}

function send(frame) {
  hub.send(JSON.stringify(frame));
}

function take(text) {
  heard = getTime();
  print(`< ${text}`);
  const frame = text.startsWith('{"event"') ? JSON.parse(text) : {}; // other text is talk of people and devices
  if (frame.id === undefined) return;
  const reply = answer(frame.event, frame.data);
  reply.ack = frame.id;
  send(reply);
}

function beat() {
  const memory = process.memory();
  hub.send("SOS");
  send({ event: "report", data: { memory: memory.free * memory.blocksize }, time: Math.round(getTime() * 1000) });
}

function drop() {
  const old = hub;
  hub = null;
  isOpen = false;
  if (old) old.close();
}

function open() {
  heard = getTime();
  // Waits until the hub is there, or throws.
  const socket = connect("PHAROS_HOST", { port: PHAROS_PORT, path: "PHAROS_PATH", keepAlive: 15 });
  hub = socket;
  socket.on("open", () => {
    isOpen = true;
    send({ event: "hello", data: { model: "ESP32", heartbeat: 5, properties: properties, state: state } });
    beat();
  });
  socket.on("message", take);
  socket.on("ping", () => (heard = getTime()));
  socket.on("close", () => {
    if (hub === socket) hub = null;
    if (hub === null) isOpen = false;
  });
}

// Each five seconds: a heartbeat and a report, or the next try to reach the hub.
function tick() {
  try {
    if (hub && getTime() - heard > 40) drop();
    if (!hub) open();
    if (isOpen) beat();
  } catch (error) {
    print(`Hub: ${error}`);
  }
}

function join() {
  wifi.connect("PHAROS_SSID", { password: "PHAROS_PASSWORD" }, (error) => {
    print(error ? `Wi-Fi: ${error}` : "Wi-Fi: joined");
    if (error) setTimeout(join, 5000);
  });
}

setInterval(tick, 5000);
join();
