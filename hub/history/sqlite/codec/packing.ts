/** The outermost layer of a blob: what it is, and whether it is packed. Called by the codecs. */
import { deflateRawSync, inflateRawSync } from "node:zlib";

const PLAIN = 1;
const PACKED = 2;
/** Below this, packing costs more than it saves. */
const LEAST_BYTES = 128;
/** A blob that claims to be larger than any that is written is damaged. */
const MOST_BYTES = 64 * 1024 * 1024;

/** @param level of zlib: 1 is fast, 6 is small */
export function pack(bytes: Uint8Array, level: number): Buffer {
  if (bytes.length >= LEAST_BYTES) {
    const packed = deflateRawSync(bytes, { level });
    if (packed.length < bytes.length) return Buffer.concat([Buffer.of(PACKED), packed]);
  }
  return Buffer.concat([Buffer.of(PLAIN), bytes]);
}

/** @throws SyntaxError when it was not packed here */
export function unpack(blob: Uint8Array): Uint8Array {
  const body = blob.subarray(1);
  if (blob[0] === PLAIN) return body;
  if (blob[0] !== PACKED) throw new SyntaxError("samples in a form that is not known");
  try {
    return inflateRawSync(body, { maxOutputLength: MOST_BYTES });
  } catch (error) {
    throw new SyntaxError(`samples that cannot be unpacked (${(error as Error).message})`);
  }
}
