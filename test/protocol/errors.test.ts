/** The table of error codes (protocol 2.9, 3.8). */
import { STATUS_CODES } from "node:http";
import { describe, expect, it } from "@jest/globals";
import { ERRORS, type ErrorCode, PharosError, wireError } from "#protocol/errors.ts";

const ROWS = Object.entries(ERRORS);

describe.each(ROWS)("the error %s", (code, row) => {
  it("has a code of capitals, a status of HTTP and a close code that a server may send", () => {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect(STATUS_CODES).toHaveProperty(String(row.status));
    expect(row.status).toBeGreaterThanOrEqual(400);
    // RFC 6455, 7.4: 1005, 1006 and 1015 are never sent, 4000 to 4999 are an application's own.
    expect([1008, 1009, 1011, 1012, 4401, 4409, 4429]).toContain(row.close);
  });

  it("says a whole sentence that fits the reason of a frame of 123 bytes or the body of an answer", () => {
    expect(row.message).toMatch(/^[A-Z].*\.$/);
    expect(Buffer.byteLength(code)).toBeLessThanOrEqual(123);
  });
});

describe("the codes that the contract names", () => {
  it.each<[ErrorCode, number]>([
    ["BAD_ID", 400],
    ["UNAUTHORIZED", 401],
    ["BAD_ORIGIN", 403],
    ["NO_DOOR", 404],
    ["NO_DEVICE", 404],
    ["NO_PROPERTY", 404],
    ["DUPLICATE", 409],
    ["OFFLINE", 409],
    ["BAD_HOST", 421],
    ["INVALID_VALUE", 422],
    ["READ_ONLY", 422],
    ["UPGRADE_REQUIRED", 426],
    ["TOO_MANY", 429],
    ["TIMEOUT", 504],
  ])("%s is answered with %d", (code, status) => {
    expect(ERRORS[code].status).toBe(status);
  });

  it.each<[ErrorCode, number]>([
    ["SHUTDOWN", 1012],
    ["STRIKES", 1008],
    ["TOO_BIG", 1009],
    ["UNAUTHORIZED", 4401],
    ["DUPLICATE", 4409],
    ["TOO_MANY", 4429],
  ])("%s closes with %d", (code, close) => {
    expect(ERRORS[code].close).toBe(close);
  });
});

describe("an error for the wire", () => {
  it("is code and message, and says the table's sentence unless another is given", () => {
    expect(wireError("OFFLINE")).toEqual({ code: "OFFLINE", message: ERRORS.OFFLINE.message });
    expect(new PharosError("OFFLINE", "Gone.").toWire()).toEqual({ code: "OFFLINE", message: "Gone." });
    expect(new PharosError("OFFLINE")).toMatchObject({ name: "PharosError", message: ERRORS.OFFLINE.message });
  });
});
