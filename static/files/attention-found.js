// @ts-check
import { Problem } from "./api.js";
import { onFileChanged } from "./files.js";
import { approvals, givenUp, troubled } from "./attention-groups.js";
import { watch } from "./poll.js";
import { drawn, may, state, update } from "./state.js";
/** @import {FileDoc} from "./types.js" */
/** @import {Watch} from "./poll.js" */
/** @import {Approval, GivenUp} from "./attention-groups.js" */

// What needs attention, as last read; and the number in the menu, which is kept also while the place is not open.

const COUNT_MS = 5 * 60_000;

/** @type {{files: FileDoc[], isAll: boolean, approvals: Approval[], givenUp: GivenUp[], checkedAt: Date | null, problem: Problem | null}} */
export const found = { files: [], isAll: true, approvals: [], givenUp: [], checkedAt: null, problem: null };
/** @type {Watch | null} */
let watching = null;

/** Begin to count, once it is known who is here. */
export function startCounting() {
  if (!state.me) return;
  void look().catch(() => {});
  setInterval(() => {
    if (!document.hidden && !watching) void look().catch(() => {});
  }, COUNT_MS);
}

/** The place was entered: look every 15 s. */
export function startLooking() {
  watching = watch(look, () => false);
  watching.soon();
}

/** The place was left. */
export function stopLooking() {
  watching?.stop();
  watching = null;
}

/** Read anew: after something was done about it. */
export function lookAgain() {
  if (watching) watching.soon();
  else void look().catch(() => {});
}

/** @param {AbortSignal} [signal] */
async function look(signal) {
  try {
    const [{ files, isAll }, waiting, dropped] = await Promise.all([
      troubled(signal), approvals(signal), may("administrator") ? givenUp(signal) : [],
    ]);
    update(() => Object.assign(found, { files, isAll, approvals: waiting, givenUp: dropped, checkedAt: new Date(), problem: null }));
    count();
  } catch (failure) {
    if (failure instanceof Problem) update(() => (found.problem = failure));
    throw failure;
  }
}

function count() {
  update(() => (state.attention = found.files.length + found.approvals.length));
}

/** A file is no longer among them, before the next look says so. @param {FileDoc} file */
export function settled(file) {
  found.files = found.files.filter((each) => each.id !== file.id || each.customer !== file.customer);
  count();
  void keepFocus();
}

// Renamed, moved, tried again: wherever that was done, it may be enough.
onFileChanged((file) => {
  const isShown = found.files.some((each) => each.id === file.id && each.customer === file.customer);
  if (isShown && file.state !== "blocked") settled(file);
});

/** An approval was answered. @param {Approval} approval */
export function answered(approval) {
  found.approvals = found.approvals.filter((each) => each !== approval);
  count();
  void keepFocus();
}

/** Where the button went with its row, the heading is where the list begins. */
async function keepFocus() {
  await drawn();
  if (document.activeElement === document.body) document.getElementById("attention-title")?.focus();
}
