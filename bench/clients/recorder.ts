/** The record button over REST, and what it recorded (protocol 7.6). Used by the cases that record. */
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import type { RecordingView } from "#protocol/recordings.ts";

/** One line of an export as NDJSON. */
export interface ExportedRow {
  readonly device: string;
  readonly deviceTimeMs: number;
  readonly values: { readonly [property: string]: number };
}

export class Recorder {
  readonly #api: string;

  constructor(port: number) {
    this.#api = `http://127.0.0.1:${port}/api`;
  }

  async start(): Promise<RecordingView> {
    return (await (await this.#call("acquisition/start", "POST")).json()) as RecordingView;
  }

  /** The recording as it is after it was stopped. */
  async stop(id: string): Promise<RecordingView> {
    await this.#call("acquisition/stop", "POST");
    return (await (await this.#call(`recordings/${id}`)).json()) as RecordingView;
  }

  async *rows(id: string): AsyncIterable<ExportedRow> {
    const { body } = await this.#call(`recordings/${id}.ndjson`);
    const lines = createInterface({ input: Readable.fromWeb(body as ReadableStream) });
    for await (const line of lines) yield JSON.parse(line) as ExportedRow;
  }

  async #call(path: string, method = "GET"): Promise<Response> {
    const response = await fetch(`${this.#api}/${path}`, { method });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  }
}
