import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { readCredential } from "#base/credential.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const newFolder = temporaryFolders();

describe("a credential", () => {
  it("is the text of its file, without the line's end", () => {
    const folder = newFolder();
    writeFileSync(join(folder, "token"), "s3cret\n");
    expect(readCredential("token", { CREDENTIALS_DIRECTORY: folder })).toBe("s3cret");
  });

  it("is none without a service manager, without a file, and with an empty one", () => {
    const folder = newFolder();
    writeFileSync(join(folder, "empty"), "\n");
    expect(readCredential("token", {})).toBeNull();
    expect(readCredential("token", { CREDENTIALS_DIRECTORY: folder })).toBeNull();
    expect(readCredential("empty", { CREDENTIALS_DIRECTORY: folder })).toBeNull();
  });
});
