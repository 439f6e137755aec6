import { describe, expect, it } from "@jest/globals";
import { createLineCutter, forMachines, forPeople } from "../../cli/output.ts";

describe("the line cutter", () => {
  it("joins pieces into lines, whatever ends them", () => {
    const cutter = createLineCutter();
    expect(cutter.push("one\ntw")).toEqual(["one"]);
    expect(cutter.push("o\r\nthree")).toEqual(["two"]);
    expect(cutter.end()).toEqual(["three"]);
    expect(cutter.end()).toEqual([]);
  });

  it("keeps no more of an endless line than its limit", () => {
    const cutter = createLineCutter(4);
    for (let i = 0; i < 100; i++) expect(cutter.push("abc")).toEqual([]);
    expect(cutter.push("\n")).toEqual(["abca"]);
  });
});

describe("a line of a part", () => {
  it("names the part and gives the message of a JSON log", () => {
    expect(forPeople("hub", '{"level":30,"msg":"pi-1 connected"}')).toBe("hub      │ pi-1 connected");
  });

  it("leaves words and JSON without a message as they are", () => {
    expect(forPeople("esp32", "SOS")).toBe("esp32    │ SOS");
    expect(forPeople("esp32", '{"event":')).toBe('esp32    │ {"event":');
  });

  it("is always one JSON object for machines", () => {
    expect(forMachines("hub", '{"msg":"x"}')).toBe('{"msg":"x"}');
    expect(JSON.parse(forMachines("agent", 'says "hi"'))).toEqual({ part: "agent", msg: 'says "hi"' });
  });
});
