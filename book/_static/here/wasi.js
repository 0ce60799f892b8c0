// What Python asks of an operating system (WASI, preview 1), answered from memory: files, clock, random numbers.
// Nothing here reaches the disk or the network. Names and numbers are those of the specification,
// https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md.

const [OK, BADF, EXIST, INVAL, ISDIR, NOENT, NOSYS, NOTDIR, NOTEMPTY] = [0, 8, 20, 28, 31, 44, 52, 54, 55];
const [CHARACTERS, DIRECTORY, REGULAR] = [2, 3, 4];
const ALL_RIGHTS = (1n << 29n) - 1n;
const words = new TextDecoder();
const bytesOf = new TextEncoder();

export class Exit extends Error {}

let inodes = 0n;

// A file: bytes that can grow.
export class File {
  kind = REGULAR;
  inode = ++inodes;
  changed = 0n;

  constructor(bytes = new Uint8Array()) {
    this.bytes = bytes;
    this.size = bytes.length;
  }

  read(at, length) {
    return this.bytes.subarray(Math.min(at, this.size), Math.min(at + length, this.size));
  }

  write(at, chunk) {
    this.resize(Math.max(this.size, at + chunk.length));
    this.bytes.set(chunk, at);
  }

  resize(size) {
    if (size > this.bytes.length) {
      const grown = new Uint8Array(Math.max(size, 2 * this.bytes.length));
      grown.set(this.bytes.subarray(0, this.size));
      this.bytes = grown;
    }
    if (size < this.size) this.bytes.fill(0, size, this.size);
    this.size = size;
    this.changed = BigInt(Date.now()) * 1_000_000n;
  }
}

// A file that hands on what is written to it, and is empty to whoever reads.
export class Outlet {
  kind = CHARACTERS;
  inode = ++inodes;
  size = 0;
  changed = 0n;

  constructor(write) {
    this.write = (_, chunk) => write(chunk.slice());
  }

  read() {
    return new Uint8Array();
  }

  resize() {}
}

export class Folder {
  kind = DIRECTORY;
  inode = ++inodes;
  size = 0;
  changed = 0n;

  constructor(entries = {}) {
    this.entries = new Map(Object.entries(entries));
  }

  // Put a file at a path, with the folders on the way.
  put(path, node) {
    const names = path.split("/").filter(Boolean);
    const last = names.pop();
    let folder = this;
    for (const name of names) {
      if (!folder.entries.has(name)) folder.entries.set(name, new Folder());
      folder = folder.entries.get(name);
    }
    folder.entries.set(last, node);
  }

  // Follow a path; return the folder that its last name stands in, that name, and what stands there.
  find(path) {
    const names = [];
    for (const name of path.split("/")) {
      if (name === "..") names.pop();
      else if (name && name !== ".") names.push(name);
    }
    if (!names.length) return { folder: null, name: "", node: this };
    const last = names.pop();
    let folder = this;
    for (const name of names) {
      folder = folder.entries?.get(name);
      if (!folder) return { error: NOENT };
      if (folder.kind !== DIRECTORY) return { error: NOTDIR };
    }
    return { folder, name: last, node: folder.entries.get(last) };
  }
}

// The functions that a module imports. `roots` are the folders that it finds, by name; `outlets` are its
// standard output and error.
export function system({ args, env, roots, outlets }) {
  let memory, exports;
  const open = [
    { node: new Outlet(() => {}), at: 0 },
    ...outlets.map((node) => ({ node, at: 0 })),
    ...Object.entries(roots).map(([name, node]) => ({ node, at: 0, root: bytesOf.encode(name) })),
  ];
  const view = () => new DataView(memory.buffer);
  const bytes = (at, length) => new Uint8Array(memory.buffer, at, length);
  const path = (at, length) => words.decode(bytes(at, length).slice());
  const put32 = (at, value) => view().setUint32(at, value, true);
  const put64 = (at, value) => view().setBigUint64(at, BigInt(value), true);
  // Do something with what is open under a number, if it is.
  const on = (fd, act) => (open[fd] ? act(open[fd]) ?? OK : BADF);
  const inFolder = (fd, act) => on(fd, (entry) => (entry.node.kind === DIRECTORY ? act(entry.node) : NOTDIR));
  const found = (fd, at, length, act) =>
    inFolder(fd, (folder) => {
      const place = folder.find(path(at, length));
      return place.error ?? (place.node ? act(place) : NOENT);
    });

  const strings = (list) => list.map((text) => bytesOf.encode(`${text}\0`));
  const sizes = (list, count, size) => {
    put32(count, list.length);
    put32(size, list.reduce((sum, text) => sum + text.length, 0));
    return OK;
  };
  const write = (list, pointers, buffer) => {
    for (const text of list) {
      put32(pointers, buffer);
      bytes(buffer, text.length).set(text);
      [pointers, buffer] = [pointers + 4, buffer + text.length];
    }
    return OK;
  };
  const [argv, environment] = [strings(args), strings(env)];

  const stat = (at, node) => {
    bytes(at, 64).fill(0);
    put64(at + 8, node.inode);
    view().setUint8(at + 16, node.kind);
    put64(at + 24, 1);
    put64(at + 32, node.size);
    for (const time of [40, 48, 56]) put64(at + time, node.changed);
  };

  // Read or write the parts of memory in a list, one after the other.
  const each = (list, count, act) => {
    let total = 0;
    for (let i = 0; i < count; i++) {
      const [at, length] = [view().getUint32(list + 8 * i, true), view().getUint32(list + 8 * i + 4, true)];
      const done = act(at, length, total);
      total += done;
      if (done < length) break;
    }
    return total;
  };
  const readInto = (node, start) => (at, length, before) => {
    const chunk = node.read(start + before, length);
    bytes(at, chunk.length).set(chunk);
    return chunk.length;
  };
  const writeFrom = (node, start) => (at, length, before) => {
    node.write(start + before, bytes(at, length));
    return length;
  };
  const transfer = (way) => (fd, list, count, done) =>
    on(fd, (entry) => {
      if (entry.node.kind === DIRECTORY) return ISDIR;
      if (entry.append && way === writeFrom) entry.at = entry.node.size;
      const total = each(list, count, way(entry.node, entry.at));
      entry.at += total;
      put32(done, total);
    });
  const transferAt = (way) => (fd, list, count, at, done) =>
    on(fd, (entry) => {
      if (entry.node.kind === DIRECTORY) return ISDIR;
      put32(done, each(list, count, way(entry.node, Number(at))));
    });

  const clock = (id) =>
    id === 0 ? BigInt(Date.now()) * 1_000_000n : BigInt(Math.round(performance.now() * 1e6));

  const wasi = {
    args_get: (pointers, buffer) => write(argv, pointers, buffer),
    args_sizes_get: (count, size) => sizes(argv, count, size),
    environ_get: (pointers, buffer) => write(environment, pointers, buffer),
    environ_sizes_get: (count, size) => sizes(environment, count, size),
    clock_res_get: (_, at) => (put64(at, 1000), OK),
    clock_time_get: (id, _, at) => (put64(at, clock(id)), OK),
    random_get: (at, length) => {
      for (let i = 0; i < length; i += 65_536) {
        crypto.getRandomValues(bytes(at + i, Math.min(65_536, length - i)));
      }
      return OK;
    },
    sched_yield: () => OK,
    proc_exit: (code) => {
      throw new Exit(`Python ended with code ${code}`);
    },
    // Waiting: for a clock the time is spent, whatever else is waited for is ready.
    poll_oneoff: (subscriptions, events, count, done) => {
      for (let i = 0; i < count; i++) {
        const [from, to] = [subscriptions + 48 * i, events + 32 * i];
        const kind = view().getUint8(from + 8);
        if (kind === 0) {
          const [id, wanted] = [view().getUint32(from + 16, true), view().getBigUint64(from + 24, true)];
          const until = view().getUint16(from + 40, true) & 1 ? wanted : clock(id) + wanted;
          while (clock(id) < until);
        }
        bytes(to, 32).fill(0);
        put64(to, view().getBigUint64(from, true));
        view().setUint8(to + 10, kind);
      }
      put32(done, count);
      return OK;
    },

    fd_advise: () => OK,
    fd_datasync: () => OK,
    fd_sync: () => OK,
    fd_filestat_set_times: () => OK,
    fd_close: (fd) =>
      on(fd, () => {
        open[fd] = undefined;
      }),
    fd_fdstat_get: (fd, at) =>
      on(fd, (entry) => {
        bytes(at, 24).fill(0);
        view().setUint8(at, entry.node.kind);
        view().setUint16(at + 2, entry.append ? 1 : 0, true);
        put64(at + 8, ALL_RIGHTS);
        put64(at + 16, ALL_RIGHTS);
      }),
    fd_fdstat_set_flags: (fd, flags) =>
      on(fd, (entry) => {
        entry.append = flags & 1;
      }),
    fd_filestat_get: (fd, at) => on(fd, (entry) => stat(at, entry.node)),
    fd_filestat_set_size: (fd, size) => on(fd, (entry) => entry.node.resize(Number(size))),
    fd_prestat_get: (fd, at) =>
      on(fd, (entry) => {
        if (!entry.root) return BADF;
        put32(at, 0);
        put32(at + 4, entry.root.length);
      }),
    fd_prestat_dir_name: (fd, at, length) =>
      on(fd, (entry) => {
        if (!entry.root) return BADF;
        bytes(at, length).set(entry.root.subarray(0, length));
      }),
    fd_read: transfer(readInto),
    fd_write: transfer(writeFrom),
    fd_pread: transferAt(readInto),
    fd_pwrite: transferAt(writeFrom),
    fd_tell: (fd, at) => on(fd, (entry) => put64(at, entry.at)),
    fd_seek: (fd, offset, whence, at) =>
      on(fd, (entry) => {
        const place = [0, entry.at, entry.node.size][whence] + Number(offset);
        if (!(place >= 0)) return INVAL;
        entry.at = place;
        put64(at, place);
      }),
    fd_readdir: (fd, at, length, cookie, used) =>
      inFolder(fd, (folder) => {
        let filled = 0;
        const entries = [...folder.entries];
        for (let i = Number(cookie); i < entries.length && filled < length; i++) {
          const [name, node] = [bytesOf.encode(entries[i][0]), entries[i][1]];
          const row = new Uint8Array(24 + name.length);
          const fields = new DataView(row.buffer);
          fields.setBigUint64(0, BigInt(i + 1), true);
          fields.setBigUint64(8, node.inode, true);
          fields.setUint32(16, name.length, true);
          fields.setUint8(20, node.kind);
          row.set(name, 24);
          const part = row.subarray(0, length - filled);
          bytes(at + filled, part.length).set(part);
          filled += part.length;
        }
        put32(used, filled);
      }),

    path_filestat_get: (fd, _, at, length, to) => found(fd, at, length, ({ node }) => stat(to, node)),
    path_filestat_set_times: (fd, _, at, length) => found(fd, at, length, () => OK),
    path_open: (fd, _, at, length, how, _rights, _inherited, flags, to) =>
      inFolder(fd, (folder) => {
        const [create, asFolder, exclusive, truncate] = [1, 2, 4, 8].map((bit) => how & bit);
        const place = folder.find(path(at, length));
        if (place.error) return place.error;
        if (place.node && create && exclusive) return EXIST;
        if (!place.node && !create) return NOENT;
        if (!place.node) place.folder.entries.set(place.name, (place.node = new File()));
        if (asFolder && place.node.kind !== DIRECTORY) return NOTDIR;
        if (truncate && place.node.kind === REGULAR) place.node.resize(0);
        let free = open.findIndex((entry) => !entry);
        if (free < 0) free = open.length;
        open[free] = { node: place.node, at: 0, append: flags & 1 };
        put32(to, free);
      }),
    path_create_directory: (fd, at, length) =>
      inFolder(fd, (folder) => {
        const place = folder.find(path(at, length));
        if (place.error) return place.error;
        if (place.node) return EXIST;
        place.folder.entries.set(place.name, new Folder());
      }),
    path_unlink_file: (fd, at, length) =>
      found(fd, at, length, ({ folder, name, node }) => {
        if (node.kind === DIRECTORY) return ISDIR;
        folder.entries.delete(name);
      }),
    path_remove_directory: (fd, at, length) =>
      found(fd, at, length, ({ folder, name, node }) => {
        if (node.kind !== DIRECTORY) return NOTDIR;
        if (node.entries.size) return NOTEMPTY;
        folder?.entries.delete(name);
      }),
    path_rename: (fd, at, length, fdTo, atTo, lengthTo) =>
      found(fd, at, length, (from) =>
        inFolder(fdTo, (folder) => {
          const to = folder.find(path(atTo, lengthTo));
          if (to.error) return to.error;
          from.folder.entries.delete(from.name);
          to.folder.entries.set(to.name, from.node);
        }),
      ),
    path_readlink: () => INVAL, // there are no links
  };
  const unanswered = {
    get: (functions, name) => functions[name] ?? (() => NOSYS), // links and sockets
  };
  return {
    wasi: new Proxy(wasi, unanswered),
    attach(instance) {
      ({ exports } = instance);
      ({ memory } = exports);
    },
  };
}
