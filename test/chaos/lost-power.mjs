import { mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A disk writes so much at once or not at all. */
const SECTOR_BYTES = 512;

/**
 * What is left of a folder when the power fails.
 *
 * Contents: of a file, what was there at its last fsync; and of what was written since, each write by chance, whole or
 * torn at the edge of a sector, since the operating system writes back when and in which order it likes.
 *
 * Names: creating, renaming and removing are kept in order, as a journaling file system (ext4, XFS) keeps them. An
 * fsync of anything commits the journal, so every such change before the last fsync is there; of those after it, a
 * random number of the first ones.
 *
 * @param {object} options
 * @param {string} options.folder What was durable before; is turned into what is left.
 * @param {string} options.record What was done since.
 * @param {import("./seeded.mjs").Chance} options.chance
 * @returns {{ writes: number, syncs: number, droppedWrites: number, tornWrites: number, droppedNames: number }}
 */
export function losePower({ folder, record, chance }) {
  const disk = new Disk(folder);
  let writes = 0;
  for (const { head, bytes } of readRecord(record)) {
    if (head.op === "write") writes += 1;
    disk.apply(head, bytes);
  }
  return { writes, syncs: disk.syncs, ...disk.fail(chance) };
}

function* readRecord(path) {
  const all = readFileSync(path);
  for (let at = 0; at + 4 <= all.byteLength; ) {
    const headEnd = at + 4 + all.readUInt32LE(at);
    // The process was killed over its last record.
    if (headEnd > all.byteLength) return;
    const head = JSON.parse(all.toString("utf8", at + 4, headEnd));
    const end = headEnd + (head.length ?? 0);
    if (end > all.byteLength) return;
    yield { head, bytes: all.subarray(headEnd, end) };
    at = end;
  }
}

/** A file as an inode: whatever its name is, now or later. */
class Inode {
  /** Path under which the durable content lies; null when there is none. */
  source;
  /** Changes since the last fsync. */
  pending = [];
  /** Changes that were synced, still to be made to the source's content. */
  synced = [];

  constructor(source) {
    this.source = source;
  }

  sync() {
    this.synced.push(...this.pending);
    this.pending = [];
  }
}

class Disk {
  #folder;
  #live = new Map();
  #names = [];
  #durableNames = 0;
  #fds = new Map();
  #before = new Map();
  syncs = 0;

  constructor(folder) {
    this.#folder = folder;
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name).slice(folder.length + 1);
      this.#live.set(path, entry.isDirectory() ? "directory" : new Inode(path));
    }
    this.#before = new Map(this.#live);
  }

  apply(head, bytes) {
    const { op, fd, path } = head;
    if (op === "open") {
      if (head.created) this.#rename({ op: "create", path, inode: new Inode(null) });
      const inode = this.#live.get(path) ?? null;
      this.#fds.set(fd, inode);
      if (head.truncated) inode.pending.push({ to: 0 });
    } else if (op === "close") this.#fds.delete(fd);
    else if (op === "write") this.#fds.get(fd).pending.push({ position: head.position, bytes });
    else if (op === "truncate")
      (path === undefined ? this.#fds.get(fd) : this.#live.get(path)).pending.push({ to: head.to });
    else if (op === "sync") this.#sync(this.#fds.get(fd));
    else this.#rename(head);
  }

  #sync(inode) {
    this.syncs += 1;
    this.#durableNames = this.#names.length;
    if (inode instanceof Inode) inode.sync();
  }

  #rename(change) {
    this.#names.push(change);
    changeNames(this.#live, change);
  }

  fail(chance) {
    const lostNames = this.#names.length - this.#durableNames;
    const kept = this.#durableNames + chance.integer(0, lostNames);
    const after = new Map(this.#before);
    for (const change of this.#names.slice(0, kept)) changeNames(after, change);
    const counts = { droppedWrites: 0, tornWrites: 0, droppedNames: this.#names.length - kept };
    // Read before anything is written: a file may take the place of one whose content another one still needs.
    const contents = new Map();
    for (const [path, inode] of after) {
      if (inode === "directory") continue;
      const surviving = survivors(inode.pending, chance, counts);
      const isUntouched = inode.source === path && inode.synced.length === 0 && surviving.length === 0;
      if (!isUntouched) contents.set(path, this.#contentOf(inode, [...inode.synced, ...surviving]));
    }
    this.#write(after, contents);
    return counts;
  }

  #contentOf(inode, changes) {
    let content = inode.source === null ? Buffer.alloc(0) : readFileSync(join(this.#folder, inode.source));
    for (const { to, position, bytes } of changes) {
      const length = to ?? Math.max(content.byteLength, position + bytes.byteLength);
      if (length !== content.byteLength) {
        const resized = Buffer.alloc(length);
        content.copy(resized, 0, 0, Math.min(length, content.byteLength));
        content = resized;
      }
      if (bytes) bytes.copy(content, position);
    }
    return content;
  }

  #write(after, contents) {
    for (const [path, inode] of this.#before) {
      if (inode !== "directory" && !after.has(path)) rmSync(join(this.#folder, path));
    }
    for (const path of [...this.#before.keys()].sort().reverse()) {
      if (this.#before.get(path) === "directory" && !after.has(path)) rmdirSync(join(this.#folder, path));
    }
    for (const [path, inode] of after) {
      if (inode === "directory") mkdirSync(join(this.#folder, path), { recursive: true });
    }
    for (const [path, content] of contents) {
      mkdirSync(dirname(join(this.#folder, path)), { recursive: true });
      writeFileSync(join(this.#folder, path), content, { mode: 0o600 });
    }
  }
}

/** Which of the writes that nobody synced reached the disk, and how much of each. */
function survivors(pending, chance, counts) {
  const share = chance.next();
  return pending.flatMap((change) => {
    if (chance.next() >= share) {
      counts.droppedWrites += 1;
      return [];
    }
    const sectors = change.bytes ? Math.ceil(change.bytes.byteLength / SECTOR_BYTES) : 1;
    if (sectors === 1 || chance.next() < 0.7) return [change];
    counts.tornWrites += 1;
    const bytes = change.bytes.subarray(0, chance.integer(1, sectors - 1) * SECTOR_BYTES);
    return [{ position: change.position, bytes }];
  });
}

function changeNames(names, { op, path, to, inode }) {
  if (op === "create") names.set(path, inode);
  else if (op === "mkdir") names.set(path, "directory");
  else if (op === "unlink" || op === "rmdir") names.delete(path);
  else if (op === "rename") {
    for (const [name, value] of [...names]) {
      if (name !== path && !name.startsWith(`${path}/`)) continue;
      names.delete(name);
      names.set(to + name.slice(path.length), value);
    }
  } else throw new Error(`${op} is not known`);
}
