// @ts-check
import { update } from "./state.js";
import { FileChanged } from "./upload-blocks.js";
import { forget, keptFor, keptUploads } from "./upload-kept.js";
import { faultOf, transfer, withdraw } from "./upload-transfer.js";
/** @import {FileDoc, PlaceIds} from "./types.js" */

// The uploads of this page and what each of them is doing; three send at a time, and none stops another.
//
//   queued -> sending -> sent -> done          sent: the bytes are there; the file may still be on its way
//               |  \-> failed, cancelled       both can be tried again
//   kept                                       begun before a reload; goes on when the same file is chosen again

/** @typedef {"queued" | "sending" | "sent" | "done" | "failed" | "cancelled" | "kept"} Step */
/** @typedef {{kind: "changed" | "refused" | "lost", detail: string, reference: string}} Fault */

/**
 * @typedef {object} Upload
 * @property {string} key names it here, in storage and to the server (idempotency key)
 * @property {File | null} file null where it was begun before a reload
 * @property {string} name
 * @property {number} sizeBytes
 * @property {number} lastModified
 * @property {PlaceIds} target
 * @property {Step} step
 * @property {FileDoc | null} record as last seen
 * @property {string} fileId of the announced file; empty before
 * @property {number} sentBytes
 * @property {{at: number, bytes: number}[]} pace the last seconds, for the time that is left
 * @property {boolean} isOffline it waits for the connection
 * @property {Fault | null} fault
 * @property {AbortController} stopping
 */

const AT_ONCE = 3;
const PACE_MS = 10_000;

/** @type {{list: Upload[], isOpen: boolean}} */
export const uploads = { list: [], isOpen: true };

/** @type {(kind: "started" | "sent" | "failed", upload: Upload) => void} */
let told = () => {};
/** Who speaks of what happens. @param {typeof told} teller */
export function onUpload(teller) {
  told = teller;
}

/** Uploads that a reload broke off. Those that another tab still sends come when it ends without having sent them. */
export function recallUploads() {
  for (const { key } of keptUploads()) void holding(key, async () => recall(key));
}

/** @param {string} key */
function recall(key) {
  const kept = keptUploads().find((each) => each.key === key);
  if (!kept || uploads.list.some((known) => known.key === key)) return;
  update(() => uploads.list.push(made({ ...kept, file: null, step: "kept", fileId: kept.file })));
}

/** Add files for a place; those that a reload broke off go on. @param {File[]} files @param {PlaceIds} target */
export function addUploads(files, target) {
  update(() => {
    uploads.isOpen = true;
    for (const file of files) {
      const kept = keptFor(file, target);
      const known = kept && uploads.list.find((each) => each.key === kept.key);
      if (known && known.step !== "kept") continue;
      if (known) Object.assign(known, { file, step: "queued", stopping: new AbortController() });
      else uploads.list.push(made({ ...freshKey(), file, name: file.name, sizeBytes: file.size, lastModified: file.lastModified, target, step: "queued" }));
    }
  });
  startNext();
}

/** @param {Partial<Upload>} given @returns {Upload} */
function made(given) {
  return /** @type {Upload} */ ({
    record: null, fileId: "", sentBytes: 0, pace: [], isOffline: false, fault: null,
    stopping: new AbortController(), ...given,
  });
}

const freshKey = () => ({ key: crypto.randomUUID() });

function startNext() {
  const isSending = (/** @type {Upload} */ each) => each.step === "sending";
  for (const upload of uploads.list) {
    if (uploads.list.filter(isSending).length >= AT_ONCE) return;
    if (upload.step === "queued") run(upload);
  }
}

/** @param {Upload} upload */
async function run(upload) {
  update(() => Object.assign(upload, { step: "sending", fault: null, sentBytes: 0, pace: [] }));
  told("started", upload);
  try {
    await holding(upload.key, () => transfer(upload, (bytes) => proceed(upload, bytes)));
    forget(upload.key);
    update(() => Object.assign(upload, { step: "sent", sentBytes: upload.sizeBytes, isOffline: false }));
    told("sent", upload);
  } catch (failure) {
    if (upload.stopping.signal.aborted) return;
    if (failure instanceof FileChanged) forget(upload.key);
    update(() => Object.assign(upload, { step: "failed", isOffline: false, fault: faultOf(failure) }));
    told("failed", upload);
  } finally {
    startNext();
  }
}

/** @param {Upload} upload @param {number} bytes */
function proceed(upload, bytes) {
  const now = Date.now();
  upload.sentBytes = bytes;
  upload.pace = [...upload.pace.filter((each) => now - each.at < PACE_MS), { at: now, bytes }];
}

/** @param {Upload} upload */
export function retry(upload) {
  if (upload.step === "cancelled") {
    // What was cancelled may still be ending; the new attempt is another upload.
    const { file, name, sizeBytes, lastModified, target } = upload;
    const fresh = made({ ...freshKey(), file, name, sizeBytes, lastModified, target, step: "queued" });
    update(() => (uploads.list = uploads.list.map((each) => (each === upload ? fresh : each))));
  } else {
    const isOther = upload.fault?.kind === "changed";
    const anew = isOther ? { ...freshKey(), fileId: "", record: null } : {};
    update(() => Object.assign(upload, anew, { step: "queued", fault: null, stopping: new AbortController() }));
  }
  startNext();
}

/** Stop one; what was announced of it goes again. @param {Upload} upload */
export async function cancel(upload) {
  upload.stopping.abort(new DOMException("cancelled", "AbortError"));
  forget(upload.key);
  update(() => Object.assign(upload, { step: "cancelled", isOffline: false }));
  startNext();
  if (upload.fileId) await withdraw(upload);
}

/** Take one off the tray. @param {Upload} upload */
export function remove(upload) {
  if (upload.step === "kept" || upload.step === "failed") void cancel(upload);
  update(() => (uploads.list = uploads.list.filter((each) => each !== upload)));
}

/** Other tabs see by the lock that this one still sends. @param {string} key @param {() => Promise<void>} action */
async function holding(key, action) {
  if (!navigator.locks) return action();
  await navigator.locks.request(`upload-${key}`, action);
}
