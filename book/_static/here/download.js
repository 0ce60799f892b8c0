// The parts of Python: fetched from this site, checked against their hashes, and kept for the next visit.
//
// engine.json lists them: {name, file, bytes, sha256, when}. The hash is part of a file's name, so a file that
// is kept never grows old; those that no list names any more are thrown away.

const KEPT = "frontier-python";

class Refused extends Error {
  constructor(why, text) {
    super(text);
    this.why = why;
  }
}

// Return [part, bytes] for each part of the list that is wanted. `say` hears how far it has come.
export async function fetchParts(address, list, wanted, say) {
  const parts = list.filter(wanted);
  if (!parts.length) return [];
  const kept = await openCache();
  const [total, got] = [parts.reduce((sum, part) => sum + part.bytes, 0), new Map()];
  const told = (part, bytes, again) => {
    got.set(part.name, bytes);
    const done = [...got.values()].reduce((sum, count) => sum + count, 0);
    say({ kind: "download", done, total, kept: again });
  };
  // Also when one fails the others are waited for: what has come need not come again.
  const ends = await Promise.allSettled(
    parts.map(async (part) => [part, await fetchPart(new URL(part.file, address), part, kept, told)]),
  );
  const failed = ends.find((end) => end.status === "rejected");
  if (failed) throw failed.reason;
  if (kept) await forget(kept, list.map((part) => new URL(part.file, address).href));
  else say({ kind: "unkept" });
  return ends.map((end) => end.value);
}

export async function fetchList(address) {
  try {
    const response = await fetch(address, { cache: "no-cache" });
    if (!response.ok) throw new Error(response.status);
    return await response.json();
  } catch {
    throw new Refused("download", "the list of its parts could not be read");
  }
}

// Storage may be switched off, and is missing where a site does not come over a secure connection.
async function openCache() {
  try {
    return await caches.open(KEPT);
  } catch {
    return null;
  }
}

async function fetchPart(url, part, kept, told) {
  const stored = await kept?.match(url);
  if (stored) {
    const bytes = new Uint8Array(await stored.arrayBuffer());
    if (await matches(bytes, part)) {
      told(part, part.bytes, true);
      return bytes;
    }
    await kept.delete(url);
  }
  const bytes = await read(url, part, told);
  if (!(await matches(bytes, part))) {
    throw new Refused("hash", `${part.file} is not the file that this page was made with`);
  }
  try {
    await kept?.put(url, new Response(bytes, { headers: { "Content-Length": bytes.length } }));
  } catch { /* no room: it is fetched again next time */ }
  return bytes;
}

async function read(url, part, told) {
  const bytes = new Uint8Array(part.bytes);
  let at = 0;
  try {
    const response = await fetch(url, { cache: "no-cache" }); // what an earlier, broken visit left is asked about
    if (!response.ok) throw new Error(response.status);
    for await (const chunk of chunks(response.body)) {
      if (at + chunk.length > bytes.length) throw new Refused("hash", `${part.file} is longer than it should be`);
      bytes.set(chunk, at);
      at += chunk.length;
      told(part, at, false);
    }
  } catch (error) {
    throw error.why ? error : new Refused("download", `${part.file} broke off`);
  }
  if (at < bytes.length) throw new Refused("download", `${part.file} broke off`);
  return bytes;
}

async function* chunks(stream) {
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
}

async function matches(bytes, part) {
  if (bytes.length !== part.bytes) return false;
  if (!crypto.subtle) return true; // only over a secure connection
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("") === part.sha256;
}

async function forget(kept, named) {
  for (const request of await kept.keys()) if (!named.includes(request.url)) await kept.delete(request);
}
