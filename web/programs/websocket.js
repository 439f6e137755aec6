// PHAROS_ID: a device of Pharos. Runs in Node 22 or newer, `node PHAROS_ID.js`, and in the console of the hub's own page.
const HUB = "PHAROS_SOCKETPHAROS_PATH";
const BEAT_MS = 5000;
const state = { brightness: 0 };
const properties = {
  brightness: { type: "number", minimum: 0, maximum: 100, unit: "percent" },
  temperature: { type: "number", unit: "celsius", readOnly: true },
};

function measure() {
  return { temperature: 20 + Math.round(Math.random() * 100) / 100 }; // your sensor
}

function answer(event, data) {
  if (event === "set" && "brightness" in data) {
    state.brightness = data.brightness;
    console.log("brightness", data.brightness); // your lamp
    return { data: state };
  }
  if (event === "action" && data.name === "identify") {
    console.log("It is me!");
    return { data: null };
  }
  return { error: { code: "UNKNOWN_EVENT", message: "This device takes set and identify." } };
}

// The event in a text; other text is talk of people and devices.
function read(text) {
  try {
    const frame = JSON.parse(text);
    return frame?.event ? frame : {};
  } catch {
    return {};
  }
}

function open() {
  const hub = new WebSocket(HUB);
  const send = (frame) => hub.send(JSON.stringify(frame));
  let timer;
  function beat() {
    hub.send("SOS");
    send({ event: "report", data: measure(), time: Date.now() });
  }
  hub.onopen = () => {
    send({ event: "hello", data: { model: "JavaScript", heartbeat: BEAT_MS / 1000, properties, state } });
    beat();
    timer = setInterval(beat, BEAT_MS);
  };
  hub.onmessage = ({ data: text }) => {
    console.log("<", text);
    const frame = read(text);
    if (frame.id !== undefined) send({ ack: frame.id, ...answer(frame.event, frame.data) });
  };
  // While the hub is away, Node tells of an error and of no close; browsers of both.
  hub.onclose = hub.onerror = () => {
    hub.onclose = hub.onerror = null;
    clearInterval(timer);
    setTimeout(open, 1000 + 4000 * Math.random());
  };
}

open();
