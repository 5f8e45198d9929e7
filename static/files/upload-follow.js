// @ts-check
import { Problem, api, filePath } from "./api.js";
import { fileChanged } from "./files.js";
import { say } from "./live.js";
import { watch } from "./poll.js";
import { update } from "./state.js";
import { shownState } from "./states.js";
import { t } from "./text.js";
import { uploads } from "./upload-queue.js";
/** @import {Watch} from "./poll.js" */
/** @import {Upload} from "./upload-queue.js" */

// The second step: what becomes of a file whose bytes are in storage. 100 % is not "done"; this line says when it is.

const AT_ONCE = 6;
const SOON_MS = 5 * 60_000;
/** States in which nothing more happens by itself. */
const SETTLED = new Set(["cloud", "sharepoint", "attention", "deleted", "gone"]);

/** @type {Watch | null} */
let watching = null;
/** When each was last looked at, so that the longest unseen is next. @type {Map<string, number>} */
const seenAt = new Map();
/** @type {Map<string, number>} */
const sentAt = new Map();

const onTheWay = () => uploads.list.filter((each) => each.step === "sent");

/** An upload's bytes have arrived: look after it until it is where it belongs. @param {Upload} upload */
export function follow(upload) {
  sentAt.set(upload.key, Date.now());
  watching ??= watch(look, () => onTheWay().some((each) => Date.now() - (sentAt.get(each.key) ?? 0) < SOON_MS));
  watching.soon();
}

/** @param {AbortSignal} signal */
async function look(signal) {
  const waiting = onTheWay().sort((a, b) => (seenAt.get(a.key) ?? 0) - (seenAt.get(b.key) ?? 0));
  const settled = await Promise.all(waiting.slice(0, AT_ONCE).map((upload) => seen(upload, signal)));
  const inSharePoint = settled.filter((each) => each?.record?.state === "in-sharepoint").length;
  if (inSharePoint) say(t("upload.moved", { n: inSharePoint }));
  if (onTheWay().length) return;
  watching?.stop();
  watching = null;
}

/** Read its record; gives the upload where it has settled. @param {Upload} upload @param {AbortSignal} signal */
async function seen(upload, signal) {
  seenAt.set(upload.key, Date.now());
  const record = await found(upload, signal);
  if (!record) {
    update(() => (upload.step = "done"));
    return null;
  }
  const isSettled = SETTLED.has(shownState(record));
  update(() => {
    upload.record = record;
    if (isSettled) upload.step = "done";
  });
  fileChanged(record);
  return isSettled ? upload : null;
}

/** @param {Upload} upload @param {AbortSignal} signal */
async function found(upload, signal) {
  try {
    const file = { customer: upload.target.customer, id: upload.fileId };
    return (await api(filePath(file), { signal, query: { include: "place" } })).data;
  } catch (failure) {
    if (failure instanceof Problem && failure.status === 404) return null;
    throw failure;
  }
}
