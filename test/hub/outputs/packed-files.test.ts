import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import express from "express";
import { packedFiles } from "../../../hub/outputs/packed-files.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const newFolder = temporaryFolders();
const CODE = "export const light = 21;\n".repeat(100);

describe("packed files", () => {
  let server: Server;
  let port = 0;

  beforeAll(async () => {
    const folder = newFolder();
    writeFileSync(join(folder, "large.js"), CODE);
    writeFileSync(join(folder, "large.js.gz"), gzipSync(CODE));
    writeFileSync(join(folder, "small.css"), "a{}");
    const app = express();
    app.use("/assets", packedFiles(folder), express.static(folder, { immutable: true, maxAge: "1y" }));
    server = createServer(app).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    port = typeof address === "object" ? (address?.port ?? 0) : 0;
  });
  afterAll(() => void server.close());

  /** As it comes: `fetch` would unpack it. */
  async function get(path: string, encodings: string) {
    const asked = request({ port, host: "127.0.0.1", path, headers: { "accept-encoding": encodings } }).end();
    const [answer] = await once(asked, "response");
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    const { headers, statusCode } = answer as { headers: Record<string, string>; statusCode: number };
    return { headers, statusCode, body: Buffer.concat(chunks) };
  }

  it("come packed to who takes them so, as what they are", async () => {
    const { headers, body } = await get("/assets/large.js?v=1", "gzip, deflate");
    expect(gunzipSync(body).toString()).toBe(CODE);
    expect(headers).toMatchObject({
      "content-encoding": "gzip",
      "content-type": expect.stringContaining("text/javascript"),
      "cache-control": "public, max-age=31536000, immutable",
      vary: "Accept-Encoding",
    });
  });

  it("come as they are to all others, and caches are told that it depends", async () => {
    const { headers, body } = await get("/assets/large.js", "identity");
    expect(body.toString()).toBe(CODE);
    expect(headers["content-encoding"]).toBeUndefined();
    expect(headers.vary).toBe("Accept-Encoding");
  });

  it("leave alone what is not packed, and what is not there", async () => {
    expect((await get("/assets/small.css", "gzip")).headers["content-encoding"]).toBeUndefined();
    expect((await get("/assets/none.js", "gzip")).statusCode).toBe(404);
  });

  it("need no folder", () => {
    expect(() => packedFiles(join(newFolder(), "none"))).not.toThrow();
  });
});
