// @ts-check
import { Problem, api, filePath, seg } from "./api.js";
import { update } from "./state.js";
import { FileChanged, Refused, pause, send } from "./upload-blocks.js";
import { keep } from "./upload-kept.js";
/** @import {Ask, Answer} from "./api.js" */
/** @import {Ticket} from "./upload-blocks.js" */
/** @import {Fault, Upload} from "./upload-queue.js" */

// One upload from its announcement to its last byte. What passes by itself is waited for; nothing is sent twice that
// storage has already.

/** Content is there already. */
class Arrived extends Error {}

/**
 * Resolves when the content has arrived; rejects with FileChanged, Refused, Problem or an AbortError.
 * @param {Upload} upload
 * @param {(bytes: number) => void} proceed
 */
export async function transfer(upload, proceed) {
  const file = /** @type {File} */ (upload.file);
  const ticket = upload.fileId ? await renewed(upload) : await announced(upload);
  if (ticket === null) return;
  try {
    await send({
      file,
      ticket,
      signal: upload.stopping.signal,
      renew: async () => (await renewed(upload)) ?? Promise.reject(new Arrived()),
      progress: (bytes) => update(() => proceed(bytes)),
      waiting: (isOffline) => update(() => Object.assign(upload, { isOffline })),
    });
  } catch (failure) {
    // The answer to the last request was lost, or a block list that had been taken was sent again.
    if (failure instanceof Arrived) return;
    if (failure instanceof Refused && failure.status !== 403 && (await renewed(upload)) === null) return;
    throw failure;
  }
}

/** @param {Upload} upload @returns {Promise<Ticket>} */
async function announced(upload) {
  const { target, file } = upload;
  const path = `customers/${seg(target.customer)}/files`;
  /** @type {Record<string, unknown>} */
  const body = { name: upload.name, sizeBytes: upload.sizeBytes };
  if (file?.type) body.contentType = file.type;
  for (const level of /** @type {const} */ (["project", "activity", "task"])) {
    if (target[level]) body[level] = target[level];
  }
  const { data } = await asked(upload, path, { body, idempotencyKey: upload.key });
  update(() => Object.assign(upload, { record: data, fileId: data.id }));
  if (upload.stopping.signal.aborted) {
    await withdraw(upload);
    throw upload.stopping.signal.reason;
  }
  const { key, name, sizeBytes, lastModified } = upload;
  keep({ key, file: data.id, name, sizeBytes, lastModified, target });
  return { url: data.upload.url, headers: data.upload.headers, blocks: [] };
}

/** A fresh signature and what is there already; null where the content has arrived. @param {Upload} upload @returns {Promise<Ticket | null>} */
async function renewed(upload) {
  const file = { customer: upload.target.customer, id: upload.fileId };
  try {
    const { data } = await asked(upload, `${filePath(file)}/upload`);
    return { url: data.url, headers: data.headers, blocks: data.blocks };
  } catch (failure) {
    if (failure instanceof Problem && failure.status === 409) return null;
    if (failure instanceof Problem && failure.status === 404 && !upload.sentBytes) {
      // Its record is gone: it was cancelled elsewhere. Another file then.
      Object.assign(upload, { key: crypto.randomUUID(), fileId: "" });
      return announced(upload);
    }
    throw failure;
  }
}

/** @param {unknown} failure @returns {Fault} */
export function faultOf(failure) {
  if (failure instanceof FileChanged) return { kind: "changed", detail: "", reference: "" };
  if (failure instanceof Problem) {
    const kind = failure.kind === "refused" ? "refused" : "lost";
    return { kind, detail: failure.detail, reference: failure.reference };
  }
  if (failure instanceof Refused) return { kind: "refused", detail: failure.message, reference: "" };
  console.error(failure);
  return { kind: "lost", detail: "", reference: "" };
}

/** Take back what was announced and will not come. @param {Upload} upload */
export async function withdraw(upload) {
  try {
    await api(filePath({ customer: upload.target.customer, id: upload.fileId }), { method: "DELETE" });
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure;
    // It stays as a file whose content never came, which the list shows and lets people delete.
  }
}

/** A request that is made until the server answers it; its answer is waited for, so that nothing is announced unseen. @param {Upload} upload @param {string} path @param {Ask} [ask] @returns {Promise<Answer>} */
async function asked(upload, path, ask = {}) {
  const { signal } = upload.stopping;
  for (let failures = 1; ; failures += 1) {
    try {
      const answer = await api(path, { ...ask, method: "POST" });
      if (upload.isOffline) update(() => (upload.isOffline = false));
      return answer;
    } catch (failure) {
      if (!(failure instanceof Problem && failure.isPassing)) throw failure;
      update(() => (upload.isOffline = true));
      await pause(failures, signal);
    }
  }
}
