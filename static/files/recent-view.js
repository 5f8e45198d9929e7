// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { icon } from "./icons.js";
import { popupButton } from "./popup.js";
import { closeUndoBar, undoEntry } from "./recent.js";
import { recentOf } from "./state.js";
import { clock, t } from "./text.js";
/** @import {Recent, State} from "./types.js" */

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
      ${entry.undo && entry.until && !entry.isDone ? html`<span class="meta">${t("recent.until", { time: clock(entry.until) })}</span>` : nothing}
    </span>
    ${entry.isDone
      ? html`<span class="meta">${t("recent.done")}</span>`
      : entry.undo
        ? html`<button type="button" class="button" aria-label=${t("recent.undo.what", { text: entry.text })} @click=${() => undoEntry(entry.id)}>${t("recent.undo")}</button>`
        : nothing}
  </li>`;
}

/** The bar above the list while the newest edit can be undone. @param {State} current */
export function undoBar(current) {
  const entry = current.undoBar === null ? undefined : recentOf(current.undoBar);
  if (!entry?.undo) return nothing;
  return html`<div class="bar neutral">
    ${icon("undo")}<span class="bar-text" dir="auto">${entry.text}</span>
    ${entry.until ? html`<span class="meta">${t("recent.until", { time: clock(entry.until) })}</span>` : nothing}
    <button type="button" class="button" aria-keyshortcuts="Control+Z" @click=${() => undoEntry(entry.id)}>${t("recent.undo")}</button>
    <button type="button" class="button quiet square" aria-label=${t("close")} @click=${closeUndoBar}>${icon("close")}</button>
  </div>`;
}
