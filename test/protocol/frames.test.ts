/** The codec of the plain doors (protocol section 3): by examples and by properties that hold for any text. */
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { formatAck, formatEvent, formatMessage, isErrorAnswer, parseFrame } from "#protocol/frames.ts";

/** Any text: plain, all of Unicode with lone surrogates, and what looks like frames. */
const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes)),
  fc.json(),
  fc.json().map((json) => ` ${json}\r\n`),
  fc.string().map((rest) => `{${rest}`),
  fc.record({ event: fc.anything(), data: fc.anything(), id: fc.anything() }).map((frame) => safeJson(frame)),
  fc.dictionary(fc.constantFrom("event", "ack", "id", "time", "t", "x"), fc.jsonValue()).map((o) => JSON.stringify(o)),
);

const KINDS = ["event", "ack", "heartbeat", "report", "message", "malformed"];
const ASCII = /^\p{ASCII}*$/u;

function safeJson(value: unknown): string {
  try {
    return JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? String(part) : part)) ?? "";
  } catch {
    return "{}";
  }
}

/** `-0` is 0 in JSON. */
function throughJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}

describe("parseFrame, for any text", () => {
  it("never throws and always knows a kind", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(KINDS).toContain(parseFrame(text).kind);
      }),
    );
  });

  it("calls malformed only what starts with a brace, and an unknown text a message", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { kind } = parseFrame(text);
        const braced = text.trim().startsWith("{");
        expect(kind === "message" || kind === "heartbeat").toBe(!braced);
      }),
    );
  });

  it("gives reports of finite scalars, one level deep, under names that properties may have", () => {
    const report = fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom("t", "time", "a.b", "transition")),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(report, (object) => {
        const frame = parseFrame(JSON.stringify(object));
        if (frame.kind !== "report") return;
        for (const [name, value] of Object.entries(frame.values)) {
          expect(name).not.toContain(".");
          const parts = typeof value === "object" ? Object.values(value) : [value];
          for (const part of parts) expect(["number", "boolean", "string"]).toContain(typeof part);
        }
      }),
    );
  });
});

describe("parseFrame", () => {
  it.each(["SOS", "sos", "SoS", "  SOS\r\n", "SOS!", "sos!!!", "\tSOS! \n"])("takes %j as a heartbeat", (text) => {
    expect(parseFrame(text)).toEqual({ kind: "heartbeat" });
  });

  it.each(["SOS?", "SOS !", "!SOS", "SOSS", "S O S", "SOS!x", "ſOſ", "SOS\nSOS", ""])(
    "does not take %j as a heartbeat",
    (text) => {
      expect(parseFrame(text)).toEqual({ kind: "message" });
    },
  );

  it.each(["[1]", '"text"', "37", "true", "null", "Connected", '[{"event":"set"}]'])(
    "takes %j as a message",
    (text) => {
      expect(parseFrame(text)).toEqual({ kind: "message" });
    },
  );

  it("reads an event with all that may stand beside it", () => {
    expect(parseFrame('{"event":"report","data":{"x":1},"id":7,"time":12}')).toEqual({
      kind: "event",
      event: "report",
      data: { x: 1 },
      id: 7,
      time: 12,
    });
    expect(parseFrame(' {"event":"hello","id":"a"}\n')).toMatchObject({ kind: "event", event: "hello", id: "a" });
  });

  it("reads an event although it also has an ack", () => {
    expect(parseFrame('{"ack":1,"event":"heartbeat"}')).toMatchObject({ kind: "event", event: "heartbeat" });
  });

  it.each([
    ["an event that is no string", '{"event":5}'],
    ["an event that is null", '{"event":null}'],
    ["an id that is an object", '{"event":"report","id":{}}'],
    ["an id that is null", '{"event":"report","id":null}'],
    ["an id beyond numbers", '{"event":"report","id":1e999}'],
    ["an id that is too long", `{"event":"report","id":"${"x".repeat(129)}"}`],
    ["a time that is text", '{"event":"report","time":"now"}'],
    ["a time beyond numbers", '{"event":"report","time":-1e999}'],
    ["an ack that is an object", '{"ack":{}}'],
    ["an ack that is null", '{"ack":null}'],
    ["JSON that is cut short", '{"event":"report"'],
    ["JSON with rubbish behind it", '{"event":"report"} x'],
    ["a brace alone", "{"],
  ])("calls %s malformed", (_, text) => {
    const frame = parseFrame(text);
    expect(frame).toMatchObject({ kind: "malformed" });
    expect((frame as { reason: string }).reason).toMatch(/\.$/);
  });

  it.each([
    ["an event's data", (nest: string) => `{"event":"report","data":${nest}}`],
    ["an answer", (nest: string) => `{"ack":1,"data":${nest}}`],
    ["a report", (nest: string) => `{"x":${nest}}`],
  ])("calls %s malformed that nests too deeply to be written out again", (_, frame) => {
    expect(parseFrame(frame("[".repeat(30_000) + "]".repeat(30_000)))).toMatchObject({ kind: "malformed" });
    expect(parseFrame(frame(`${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`))).toMatchObject({ kind: "malformed" });
    expect(parseFrame(frame("[[[[[[[[1]]]]]]]]")).kind).not.toBe("malformed");
  });

  it("reads an answer, and one that says it failed", () => {
    expect(parseFrame('{"ack":3,"data":{"x":1}}')).toEqual({ kind: "ack", id: 3, data: { x: 1 }, error: undefined });
    expect(parseFrame('{"ack":3}')).toEqual({ kind: "ack", id: 3, data: undefined, error: undefined });
    expect(parseFrame('{"ack":"q","error":{"code":"TOO_HOT","message":"Too hot."}}')).toMatchObject({
      id: "q",
      error: { code: "TOO_HOT", message: "Too hot." },
    });
  });

  it.each([
    ["text", '"too hot"', { code: "FAILED", message: "too hot" }],
    ["nothing", "null", { code: "FAILED", message: "The device answered with an error." }],
    ["an empty object", "{}", { code: "FAILED", message: "The device answered with an error." }],
    ["a list", "[1]", { code: "FAILED", message: "The device answered with an error." }],
    ["numbers", '{"code":5,"message":6}', { code: "FAILED", message: "The device answered with an error." }],
  ])("makes a whole error of %s", (_, json, error) => {
    expect(parseFrame(`{"ack":1,"error":${json}}`)).toMatchObject({ kind: "ack", error });
  });

  it("cuts an error of any length", () => {
    const frame = parseFrame(JSON.stringify({ ack: 1, error: { code: "C".repeat(9999), message: "m".repeat(9999) } }));
    expect(frame).toMatchObject({ error: { code: "C".repeat(64), message: "m".repeat(512) } });
  });

  it("takes any other object as a report of its scalars and of objects of scalars", () => {
    const text =
      '{"temp":21.5,"on":true,"mode":"eco","accel":{"x":1,"deep":{"y":2},"list":[1]},"list":[1],"none":null}';
    expect(parseFrame(text)).toEqual({
      kind: "report",
      values: { temp: 21.5, on: true, mode: "eco", accel: { x: 1 } },
      time: undefined,
    });
  });

  it("takes an empty object as an empty report", () => {
    expect(parseFrame("{}")).toEqual({ kind: "report", values: {}, time: undefined });
  });

  it("leaves out numbers that JSON cannot hold", () => {
    expect(parseFrame('{"big":1e999,"ok":1e308,"small":-1e999}')).toMatchObject({ values: { ok: 1e308 } });
  });

  it("leaves out names that no property can have, and those that JavaScript keeps", () => {
    const frame = parseFrame('{"transition":5,"__proto__":{"hacked":true},"__x":1,"":1,"constructor":2,"x":3}');
    expect(frame).toMatchObject({ kind: "report", values: { constructor: 2, x: 3 } });
    expect(Object.keys((frame as { values: object }).values)).toEqual(["constructor", "x"]);
    expect(({} as { hacked?: boolean }).hacked).toBeUndefined();
  });

  it("keeps a sample whose name has a dot, under a name that may be one", () => {
    expect(parseFrame('{"PM2.5":12,"air":{"PM2.5":3}}')).toMatchObject({ values: { PM2_5: 12, air: { PM2_5: 3 } } });
  });

  it("is not fooled by event and ack of a prototype", () => {
    expect(parseFrame('{"__proto__":{"event":"set"}}')).toEqual({ kind: "report", values: {}, time: undefined });
    expect(parseFrame('{"event":"report","__proto__":{"id":1}}')).toMatchObject({ kind: "event", id: undefined });
  });

  it.each([
    ["ms", 1_700_000_000_000, 1_700_000_000_000],
    ["the first ms", 1e12, 1e12],
    ["the last ms", 4.1e12, 4.1e12],
    ["s", 1_700_000_000, 1_700_000_000_000],
    ["the first s", 1e9, 1e12],
    ["the last s", 4.1e9, 4.1e12],
    ["s since 2000", 800_000_000, (800_000_000 + 946_684_800) * 1000],
    ["the first s since 2000", 6e8, (6e8 + 946_684_800) * 1000],
    ["the last s since 2000", 9.4e8, (9.4e8 + 946_684_800) * 1000],
  ])("takes a field `time`, `t` or `timestamp` in %s as the report's time", (_, given, time) => {
    for (const name of ["time", "t", "timestamp"]) {
      expect(parseFrame(JSON.stringify({ [name]: given, x: 1 }))).toEqual({ kind: "report", values: { x: 1 }, time });
    }
  });

  it.each([0, -1, 5.9e8, 9.5e8, 9.9e8, 4.2e9, 1e11, 9e11, 4.2e12, "1700000000", true])(
    "takes a field `t` of %j as a value like any other",
    (t) => {
      expect(parseFrame(JSON.stringify({ t, x: 1 }))).toEqual({ kind: "report", values: { t, x: 1 }, time: undefined });
    },
  );

  it("prefers `time` to `t`, and keeps neither as a value", () => {
    expect(parseFrame('{"t":1700000001,"time":1700000000}')).toEqual({ kind: "report", values: {}, time: 1.7e12 });
    expect(parseFrame('{"t":1700000001,"time":21}')).toEqual({
      kind: "report",
      values: { time: 21 },
      time: 1_700_000_001_000,
    });
  });
});

describe("formatEvent", () => {
  it("is ASCII and reads back as the same event, for any data", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.jsonValue({ maxDepth: 8 }),
        fc.option(fc.nat(), { nil: undefined }),
        (event, data, id) => {
          const text = formatEvent(event, data, id);
          expect(text).toMatch(ASCII);
          expect(text).not.toMatch(/[\r\n]/);
          const frame = parseFrame(text);
          expect(frame).toEqual({ kind: "event", event, data: throughJson(data), id, time: undefined });
        },
      ),
    );
  });

  it("writes lone surrogates so that they come back", () => {
    const text = formatEvent("message", "a\ud800b\udc00");
    expect(text).toMatch(ASCII);
    expect(parseFrame(text)).toMatchObject({ data: "a\ud800b\udc00" });
  });

  it("has the very form of the contract", () => {
    expect(formatEvent("set", { brightness: 37 }, 5)).toBe('{"event":"set","data":{"brightness":37},"id":5}');
    expect(formatEvent("bye", { code: "Ä" })).toBe('{"event":"bye","data":{"code":"\\u00c4"}}');
    expect(formatEvent("message", "\u007f")).toBe('{"event":"message","data":"\\u007f"}');
  });
});

describe("formatAck", () => {
  const frameId = fc.oneof(
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ maxLength: 128 }),
  );

  it("is ASCII and reads back as the same answer, for any data", () => {
    fc.assert(
      fc.property(frameId, fc.jsonValue({ maxDepth: 8 }), (id, data) => {
        fc.pre(!isErrorAnswer(data));
        const text = formatAck(id, data);
        expect(text).toMatch(ASCII);
        expect(parseFrame(text)).toEqual({
          kind: "ack",
          id: throughJson(id),
          data: throughJson(data),
          error: undefined,
        });
      }),
    );
  });

  it("reads back as an error when it is one", () => {
    fc.assert(
      fc.property(
        frameId,
        fc.string({ maxLength: 64 }),
        fc.string({ unit: "binary", maxLength: 512 }),
        (id, code, message) => {
          const text = formatAck(id, { error: { code, message } });
          expect(text).toMatch(ASCII);
          expect(parseFrame(text)).toMatchObject({ kind: "ack", data: undefined, error: { code, message } });
        },
      ),
    );
  });

  it("has the very form of the contract", () => {
    expect(formatAck("q1", {})).toBe('{"ack":"q1","data":{}}');
    expect(formatAck(2, { error: { code: "BAD_FRAME", message: "No." } })).toBe(
      '{"ack":2,"error":{"code":"BAD_FRAME","message":"No."}}',
    );
  });

  it.each([{ error: "text" }, { error: null }, { error: { message: "no code" } }, [{ error: { code: "X" } }]])(
    "takes %j for data and not for an error",
    (data) => {
      expect(parseFrame(formatAck(1, data))).toMatchObject({ kind: "ack", data, error: undefined });
    },
  );
});

describe("formatMessage", () => {
  it("never lets a command through bare, for any text", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const sent = formatMessage(text);
        if (sent === text) expect(["event", "ack"]).not.toContain(parseFrame(sent).kind);
        else
          expect(parseFrame(sent)).toEqual({
            kind: "event",
            event: "message",
            data: text,
            id: undefined,
            time: undefined,
          });
      }),
    );
  });

  it("leaves bare what the receiver cannot take for a command", () => {
    fc.assert(
      fc.property(
        anyText.filter((text) => !text.trim().startsWith("{")),
        (text) => {
          expect(formatMessage(text)).toBe(text);
        },
      ),
    );
  });

  it("never breaks a line", () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.stringMatching(/^[a\r\n]*$/)), (text) => {
        const sent = formatMessage(text, true);
        expect(sent).not.toMatch(/[\r\n]/);
        if (sent !== text) expect(parseFrame(sent)).toMatchObject({ kind: "event", event: "message", data: text });
      }),
    );
  });

  it.each([
    '{"event":"set","data":{"brightness":0}}',
    ' \n{"ack":1}',
    '\ufeff{"event":"set"}',
    '{"event":null}',
    '{"x":1,"ack":{}}',
    `{"event":"set","data":${"[".repeat(30_000)}${"]".repeat(30_000)}}`,
  ])("wraps the command %.40s", (text) => {
    expect(formatMessage(text)).not.toBe(text);
    expect(parseFrame(formatMessage(text))).toMatchObject({ event: "message", data: text });
  });

  it.each(['{"temp":21}', '{"event":', "SOS", "", "привет", '["event"]', '{"EVENT":"set"}'])(
    "leaves %j bare",
    (text) => {
      expect(formatMessage(text)).toBe(text);
    },
  );
});
