// @ts-check

// Sends a file's bytes straight to storage, with progress: one Put Blob where it is small, else Put Block three at a
// time and Put Block List. What fails for a reason that passes is sent again for as long as it takes; a refused
// signature is renewed.
// https://learn.microsoft.com/rest/api/storageservices/put-blob, …/put-block, …/put-block-list

/**
 * @typedef {{ url: string, headers: Record<string, string>, blocks: { id: string, sizeBytes: number }[] }} Ticket
 *   `blocks` are there already, not committed.
 * @typedef {object} Sending
 * @property {Blob} file
 * @property {Ticket} ticket
 * @property {AbortSignal} signal
 * @property {() => Promise<Ticket>} renew asks for a fresh signature
 * @property {(sentBytes: number) => void} progress
 * @property {(isWaiting: boolean) => void} waiting the connection is lost, or back
 */

export const BLOCK_BYTES = 8 * 1024 * 1024;
const BLOCKS_AT_ONCE = 3;
/** In a row; a long upload needs one every hour. */
const RENEWALS = 2;
const LONGEST_PAUSE_MS = 60_000;

/** Storage refused; sending the same again is of no use. */
export class Refused extends Error {
  /** @param {number} status */
  constructor(status) {
    super(`storage answered ${status}`);
    this.status = status;
  }
}

/** The file on the person's computer is no longer the one that was chosen, or is gone. */
export class FileChanged extends Error {}

class ConnectionLost extends Error {}

/** @param {number} index */
export const blockId = (index) => btoa(String(index).padStart(5, "0"));

/**
 * Resolves when all bytes are in storage. Rejects with Refused, FileChanged, what `renew` throws, or an AbortError.
 * @param {Sending} sending
 */
export async function send(sending) {
  const { file, signal } = sending;
  const attempts = attemptsOf(sending);
  if (file.size <= BLOCK_BYTES) {
    await attempts((ticket) =>
      put(ticket.url, file, ticket.headers, signal, (bytes) => sending.progress(bytes)),
    );
    return;
  }
  const ids = await sendBlocks(sending, attempts);
  const list = ids.map((id) => `<Uncommitted>${id}</Uncommitted>`).join("");
  const body = new Blob([`<?xml version="1.0" encoding="utf-8"?><BlockList>${list}</BlockList>`]);
  await attempts((ticket) => put(`${ticket.url}&comp=blocklist`, body, {}, signal));
}

/**
 * @param {Sending} sending
 * @param {ReturnType<typeof attemptsOf>} attempts
 */
async function sendBlocks({ file, ticket, signal, progress }, attempts) {
  const count = Math.ceil(file.size / BLOCK_BYTES);
  const ids = Array.from({ length: count }, (_, index) => blockId(index));
  const there = new Map(ticket.blocks.map((block) => [block.id, block.sizeBytes]));
  /** @type {number[]} bytes sent of each block */
  const sent = new Array(count).fill(0);
  const slices = ids.map((_, index) => file.slice(index * BLOCK_BYTES, (index + 1) * BLOCK_BYTES));
  /** @type {number[]} */
  const missing = [];
  for (const [index, slice] of slices.entries()) {
    if (there.get(ids[index]) === slice.size) sent[index] = slice.size;
    else missing.push(index);
  }
  const told = () => progress(sent.reduce((sum, bytes) => sum + bytes, 0));
  const next = async () => {
    for (let index = missing.shift(); index !== undefined; index = missing.shift()) {
      const at = index;
      await attempts((fresh) => {
        const url = `${fresh.url}&comp=block&blockid=${encodeURIComponent(ids[at])}`;
        return put(url, slices[at], {}, signal, (bytes) => {
          sent[at] = bytes;
          told();
        });
      });
    }
  };
  told();
  await Promise.all(Array.from({ length: BLOCKS_AT_ONCE }, next));
  return ids;
}

/**
 * A function that does something with the current ticket until it succeeds, or can't.
 * @param {Sending} sending
 */
function attemptsOf(sending) {
  let current = Promise.resolve(sending.ticket);
  let renewals = 0;
  /** @param {(ticket: Ticket) => Promise<void>} action */
  return async (action) => {
    for (let failures = 0; ; ) {
      const used = current;
      try {
        await action(await used);
        if (failures > 0) sending.waiting(false);
        renewals = 0;
        return;
      } catch (error) {
        if (error instanceof ConnectionLost) {
          failures += 1;
          sending.waiting(true);
          await pause(failures, sending.signal);
        } else if (error instanceof Refused && error.status === 403 && renewals < RENEWALS) {
          // Three blocks are refused at the same moment; the first asks, the others take its answer.
          if (used === current) {
            renewals += 1;
            current = sending.renew();
          }
        } else {
          throw error;
        }
      }
    }
  };
}

/**
 * One request by XMLHttpRequest: fetch tells nothing of the progress of a body.
 * @param {string} url
 * @param {Blob} body
 * @param {Record<string, string>} headers
 * @param {AbortSignal} signal
 * @param {(bytes: number) => void} [progress]
 * @returns {Promise<void>}
 */
async function put(url, body, headers, signal, progress) {
  signal.throwIfAborted();
  const status = await new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    signal.addEventListener("abort", abort, { once: true });
    request.open("PUT", url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => progress?.(event.loaded);
    request.onload = () => resolve(request.status);
    request.onerror = () => resolve(0);
    request.onabort = () => reject(new DOMException("cancelled", "AbortError"));
    request.onloadend = () => signal.removeEventListener("abort", abort);
    request.send(body);
  });
  if (status >= 200 && status < 300) {
    progress?.(body.size);
    return;
  }
  progress?.(0);
  if (status === 0) await readable(body);
  if (status === 0 || status === 408 || status === 429 || status >= 500) throw new ConnectionLost();
  throw new Refused(status);
}

/** A file that has changed since it was chosen fails like a lost connection; reading it tells them apart. @param {Blob} body */
async function readable(body) {
  try {
    await body.slice(0, 1).arrayBuffer();
  } catch {
    throw new FileChanged();
  }
}

/**
 * 1, 2, 4 … 60 s; ends early when the browser says that it is online again.
 * @param {number} failures
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
export function pause(failures, signal) {
  return new Promise((resolve, reject) => {
    const go = () => {
      clearTimeout(timer);
      removeEventListener("online", go);
      signal.removeEventListener("abort", go);
      if (signal.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(go, Math.min(1000 * 2 ** (failures - 1), LONGEST_PAUSE_MS) * (0.75 + Math.random() / 2));
    addEventListener("online", go);
    signal.addEventListener("abort", go);
  });
}
