// @ts-check
import { alertText, say } from "./live.js";
import { recentOf, state, update } from "./state.js";
import { t } from "./text.js";
/** @import {Recent} from "./types.js" */

// Recent changes: the last 20 edits of this page, each with its undo while there is one. Undo is a place, not a toast.

const KEPT = 20;
let lastId = 0;

/**
 * Remember an edit and show its undo bar above the list.
 * @param {{text: string, undo?: () => Promise<void>, until?: Date, spoken?: string}} change
 *   `text` says what was done; `undo` raises Problem where it fails; after `until` it can't be undone
 * @returns {number} the entry's id
 */
export function offerUndo({ text, undo, until, spoken }) {
  const entry = /** @type {Recent} */ ({ id: ++lastId, at: new Date(), text, undo, until });
  update(() => {
    state.recent = [entry, ...state.recent].slice(0, KEPT);
    if (undo) state.undoBar = entry.id;
  });
  say(spoken ?? text);
  if (until) setTimeout(() => expire(entry), Math.max(0, until.getTime() - Date.now()));
  return entry.id;
}

/** @param {Recent} entry */
function expire(entry) {
  update(() => {
    entry.undo = undefined;
    if (state.undoBar === entry.id) state.undoBar = null;
  });
}

/** The newest change that can be undone. @returns {Recent | undefined} */
export function newestUndoable() {
  return state.recent.find((each) => each.undo && !each.isDone);
}

/** Undo one entry; says what came of it. @param {number} id @returns {Promise<void>} */
export async function undoEntry(id) {
  const entry = recentOf(id);
  if (!entry?.undo || entry.isDone) return;
  update(() => {
    entry.isDone = true;
    if (state.undoBar === id) state.undoBar = null;
  });
  try {
    await entry.undo();
    say(t("recent.undone"));
  } catch (failure) {
    update(() => (entry.isDone = false));
    alertText(t("recent.failed", { reason: failure instanceof Error ? failure.message : "" }));
  }
}

/** Close the undo bar; the entry stays in Recent changes. */
export function closeUndoBar() {
  update(() => (state.undoBar = null));
}
