/** Writes archives that a Linux kernel unpacks as its first root, in cpio's "newc" format. Called by quick-image.mjs. */
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

const TYPE = { folder: 0o040000, file: 0o100000, link: 0o120000, device: 0o020000 };

/**
 * @typedef {object} Entry
 * @property {string} path without a slash at its start
 * @property {keyof typeof TYPE} type
 * @property {number} [mode] permissions; 0755 if not given
 * @property {Buffer} [data] contents of a file, target of a link
 * @property {readonly [number, number]} [device] major and minor number of a character device
 */

/**
 * Everything belongs to root.
 * @param {readonly Entry[]} entries a folder before what is in it
 * @returns {Buffer}
 */
export function cpio(entries) {
  const parts = entries.flatMap((entry, i) => record(entry, i + 1));
  return Buffer.concat([...parts, ...record({ path: "TRAILER!!!", type: "file", mode: 0 }, 0)]);
}

/**
 * The files of a folder as entries.
 * @param {string} folder
 * @param {string} path what it is called in the archive
 * @returns {Entry[]}
 */
export function entriesOf(folder, path) {
  const stat = lstatSync(folder);
  const mode = stat.mode & 0o7777;
  if (stat.isSymbolicLink()) return [{ path, type: "link", mode, data: Buffer.from(readlinkSync(folder)) }];
  if (!stat.isDirectory()) return [{ path, type: "file", mode, data: readFileSync(folder) }];
  const inside = readdirSync(folder).sort();
  return [
    { path, type: "folder", mode },
    ...inside.flatMap((name) => entriesOf(join(folder, name), `${path}/${name}`)),
  ];
}

/**
 * @param {Entry} entry
 * @param {number} inode
 * @returns {Buffer[]}
 */
function record({ path, type, mode = 0o755, data = Buffer.alloc(0), device = [0, 0] }, inode) {
  const name = Buffer.from(`${path}\0`);
  const isTrailer = inode === 0;
  const fields = [
    ...[inode, isTrailer ? 0 : TYPE[type] | mode, 0, 0, 1, 0, data.length],
    ...[0, 0, device[0], device[1], name.length, 0],
  ];
  const header = `070701${fields.map((field) => field.toString(16).toUpperCase().padStart(8, "0")).join("")}`;
  return [padded(Buffer.concat([Buffer.from(header), name])), padded(data)];
}

/** @param {Buffer} bytes @returns {Buffer} filled up to a multiple of four */
function padded(bytes) {
  return bytes.length % 4 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(4 - (bytes.length % 4))]);
}
