import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { resolve, sep } from "node:path";

/**
 * Loaded into a process before everything else (`--import`): writes down, in order, everything that the process does
 * to one folder through Node's synchronous file functions, which are the ones that the embedded database uses. The
 * record goes to another file, so it outlives the process. `lost-power.mjs` reads it.
 *
 * A record is the length of its head (four bytes), the head as JSON, and the bytes that were written.
 */
const watched = process.env.CHAOS_RECORD_FOLDER ? resolve(process.env.CHAOS_RECORD_FOLDER) : null;
if (watched) record(watched, fs.openSync(process.env.CHAOS_RECORD_FILE, "a"));

function record(folder, log) {
  const original = { ...fs };
  const open = new Set();
  const inside = (path) => typeof path === "string" && resolve(path).startsWith(folder + sep);
  const relative = (path) => resolve(path).slice(folder.length + 1);
  const note = (head, bytes = null) => {
    const text = Buffer.from(JSON.stringify(bytes ? { ...head, length: bytes.byteLength } : head));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.byteLength);
    original.writeSync(log, Buffer.concat(bytes ? [length, text, bytes] : [length, text]));
  };
  const isWritable = (flags) =>
    typeof flags === "number" ? (flags & (fs.constants.O_WRONLY | fs.constants.O_RDWR)) !== 0 : /[wa+]/.test(flags);
  const truncates = (flags) => (typeof flags === "number" ? (flags & fs.constants.O_TRUNC) !== 0 : /w/.test(flags));

  fs.openSync = (path, flags = "r", ...rest) => {
    if (!inside(path)) return original.openSync(path, flags, ...rest);
    const existed = original.existsSync(path);
    const fd = original.openSync(path, flags, ...rest);
    const truncated = existed && isWritable(flags) && truncates(flags);
    open.add(fd);
    note({ op: "open", fd, path: relative(path), created: !existed, truncated });
    return fd;
  };
  fs.closeSync = (fd) => {
    if (open.delete(fd)) note({ op: "close", fd });
    return original.closeSync(fd);
  };
  fs.writeSync = (fd, buffer, offset, length, position) => {
    const written = original.writeSync(fd, buffer, offset, length, position);
    if (open.has(fd)) {
      if (typeof position !== "number") throw new Error("a write without a position cannot be recorded");
      const bytes = Buffer.from(buffer.buffer, buffer.byteOffset + (offset ?? 0), written);
      note({ op: "write", fd, position }, bytes);
    }
    return written;
  };
  fs.ftruncateSync = (fd, length = 0) => {
    original.ftruncateSync(fd, length);
    if (open.has(fd)) note({ op: "truncate", fd, to: length });
  };
  fs.truncateSync = (path, length = 0) => {
    original.truncateSync(path, length);
    if (inside(path)) note({ op: "truncate", path: relative(path), to: length });
  };
  fs.fsyncSync = (fd) => {
    original.fsyncSync(fd);
    if (open.has(fd)) note({ op: "sync", fd });
  };
  fs.fdatasyncSync = (fd) => {
    original.fdatasyncSync(fd);
    if (open.has(fd)) note({ op: "sync", fd });
  };
  for (const name of ["unlinkSync", "mkdirSync", "rmdirSync"]) {
    fs[name] = (path, ...rest) => {
      const existed = original.existsSync(path);
      const result = original[name](path, ...rest);
      if (inside(path) && existed === (name !== "mkdirSync")) note({ op: name.slice(0, -4), path: relative(path) });
      return result;
    };
  }
  fs.renameSync = (from, to) => {
    original.renameSync(from, to);
    if (inside(from) || inside(to)) note({ op: "rename", path: relative(from), to: relative(to) });
  };
  fs.writeFileSync = (path, data, options) => {
    if (!inside(path)) return original.writeFileSync(path, data, options);
    const { flag = "w", mode = 0o666, encoding = "utf8" } = typeof options === "object" && options ? options : {};
    const bytes = typeof data === "string" ? Buffer.from(data, encoding) : data;
    const fd = fs.openSync(path, flag, mode);
    try {
      if (bytes.byteLength > 0) fs.writeSync(fd, bytes, 0, bytes.byteLength, 0);
    } finally {
      fs.closeSync(fd);
    }
  };
  for (const name of ["appendFileSync", "writevSync", "linkSync", "symlinkSync", "cpSync", "rmSync"]) {
    fs[name] = (...args) => {
      if (inside(args[0]) || inside(args[1]) || open.has(args[0])) throw new Error(`${name} is not recorded`);
      return original[name](...args);
    };
  }
  syncBuiltinESMExports();
}
