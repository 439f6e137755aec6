import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { placeLabel } from "../../../web/data/model/marker-label.ts";

/** Each letter is 10 wide. */
const room = { left: 100, right: 500, gap: 4, most: 200, measure: (text: string) => Array.from(text).length * 10 };

describe("the text of a marker", () => {
  it("stands to the right of its line, and near the right edge to the left", () => {
    expect(placeLabel("door", 200, room)).toEqual({ text: "door", x: 204, align: "left" });
    expect(placeLabel("door", 490, room)).toEqual({ text: "door", x: 486, align: "right" });
  });

  it("is cut where it is long, between letters", () => {
    expect(placeLabel("the door was opened again", 200, room).text).toBe("the door was opened…");
    expect(placeLabel("🔔".repeat(30), 200, room).text).toBe(`${"🔔".repeat(19)}…`);
  });

  it("never reaches over an edge or its line", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.double({ min: 100, max: 500, noNaN: true }), (text, x) => {
        const label = placeLabel(text, x, room);
        const width = room.measure(label.text);
        const [begin, end] = label.align === "left" ? [label.x, label.x + width] : [label.x - width, label.x];
        if (width === 0) return;
        expect(begin >= 104 && end <= 496).toBe(true);
        expect(label.align === "left" ? begin >= x + 4 : end <= x - 4).toBe(true);
      }),
    );
  });
});
