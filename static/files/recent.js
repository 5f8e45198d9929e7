// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { icon } from "./icons.js";
import { alertText, say } from "./live.js";
import { button, iconButton } from "./parts.js";
import { popupButton } from "./popup.js";
import { recentOf, state, update } from "./state.js";
import { clock, t } from "./text.js";
/** @import {Recent, State} from "./types.js" */

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
function closeUndoBar() {
  update(() => (state.undoBar = null));
}

/** Recent changes in the head: the last 20, each with its undo. @param {State} current */
export function recentMenu(current) {
  return popupButton({
    name: "recent",
    class: "button quiet",
    align: "end",
    label: html`${icon("undo")}<span class="wide-only">${t("recent.title")}</span>`,
    title: t("recent.title"),
    content: () =>
      current.recent.length
        ? html`<ol class="recent" tabindex="-1">${current.recent.map(line)}</ol>`
        : html`<p class="hint" tabindex="-1">${t("recent.none")}</p>`,
  });
}

/** @param {Recent} entry */
function line(entry) {
  return html`<li>
    <time class="meta">${clock(entry.at)}</time>
    <span class="recent-text">
      <span dir="auto">${entry.text}</span>
      ${entry.undo && !entry.isDone ? until(entry) : nothing}
    </span>
    ${entry.isDone ? html`<span class="meta">${t("recent.done")}</span>` : nothing}
    ${entry.undo && !entry.isDone
      ? button(t("recent.undo"), () => undoEntry(entry.id), { title: t("recent.undo.what", { text: entry.text }) })
      : nothing}
  </li>`;
}

/** @param {Recent} entry */
function until({ until: end }) {
  return end ? html`<span class="meta">${t("recent.until", { time: clock(end) })}</span>` : nothing;
}

/** The bar above the list while the newest edit can be undone. @param {State} current */
export function undoBar(current) {
  const entry = current.undoBar === null ? undefined : recentOf(current.undoBar);
  if (!entry?.undo) return nothing;
  return html`<div class="bar neutral">
    ${icon("undo")}<span class="bar-text" dir="auto">${entry.text}</span>
    ${until(entry)} ${button(t("recent.undo"), () => undoEntry(entry.id))}
    ${iconButton(t("close"), "close", closeUndoBar)}
  </div>`;
}
