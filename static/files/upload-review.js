// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { closeDialog, openDialog } from "./dialog.js";
import { icon } from "./icons.js";
import { KINDS, nameOf } from "./objects.js";
import { path } from "./place-path.js";
import { state } from "./state.js";
import { iso, size, t, tt } from "./text.js";
import { isStopped, notesOf, sharePointName } from "./upload-checks.js";
import { takenNames } from "./upload-target.js";
/** @import {PlaceIds} from "./types.js" */
/** @import {Note} from "./upload-checks.js" */
/** @import {Chosen} from "./upload-drop.js" */

// What a person should know before bytes go: a name that will be another, a file that is too large, folders that do
// not come along. Where there is nothing to say, nothing is asked.

const SHOWN = 100;

/** @typedef {{place: PlaceIds, lines: {chosen: Chosen, notes: Note[]}[], go: (files: File[]) => void}} Review */
/**
 * Look at the files; ask where there is something to say, else go on at once.
 * @param {Chosen[]} chosen
 * @param {PlaceIds} place
 * @param {(files: File[]) => void} go
 */
export async function reviewed(chosen, place, go) {
  const inUse = await takenNames(place, chosen.map(({ file }) => sharePointName(file.name)));
  const folders = KINDS.filter((kind) => place[kind]).map((kind) => nameOf(place, kind));
  const maxBytes = state.me?.maxFileBytes ?? Infinity;
  const lines = chosen.map((each) => {
    const taken = (/** @type {string} */ name) => inUse.has(name.toLowerCase());
    const notes = notesOf(each.file, { maxBytes, folders, taken, isInFolder: each.isInFolder });
    // A second file of the same name among those chosen gets a number, too.
    inUse.add(sharePointName(each.file.name).toLowerCase());
    return { chosen: each, notes };
  });
  if (lines.every(({ notes }) => notes.length === 0)) {
    go(chosen.map(({ file }) => file));
    return;
  }
  const review = { place, lines, go };
  openDialog({ title: () => t("upload.review.title"), body: () => body(review), foot: () => foot(review) });
}

/** @param {Review} review */
function body({ place, lines }) {
  const told = lines.filter(({ notes }) => notes.length);
  const hasFolders = lines.some(({ notes }) => notes.some((note) => note.kind === "flattened"));
  return html`<p>${tt("upload.review.to", { place: path(place) })}</p>
    ${hasFolders ? html`<p>${t("upload.review.folders")}</p>` : nothing}
    <ul class="review-list" tabindex="0" aria-labelledby="dialog-title">
      ${told.slice(0, SHOWN).map(({ chosen, notes }) => html`<li>
        <div>${iso(chosen.file.name)} <span class="meta">${size(chosen.file.size)}</span></div>
        ${notes.filter((note) => note.kind !== "flattened").map((note) => html`<div class="aside-note ${isStopped([note]) ? "bad" : ""}">
          ${icon(isStopped([note]) ? "bad" : "info")} <span>${sentence(note)}</span></div>`)}
      </li>`)}
      ${told.length > SHOWN ? html`<li>${t("upload.review.more", { n: told.length - SHOWN })}</li>` : nothing}
    </ul>`;
}

/** @param {Review} review */
function foot({ lines, go }) {
  const ready = lines.filter(({ notes }) => !isStopped(notes)).map(({ chosen }) => chosen.file);
  const accept = () => {
    closeDialog();
    go(ready);
  };
  return html`<button type="button" class="button" data-first @click=${closeDialog}>${t("cancel")}</button>
    <button type="button" class="button primary" ?disabled=${!ready.length} @click=${accept}>${t("upload.review.go", { n: ready.length })}</button>`;
}

/** @param {Note} note */
function sentence(note) {
  const params = { name: note.name === undefined ? "" : iso(note.name), length: note.length ?? 0, size: size(state.me?.maxFileBytes ?? 0) };
  return tt(`upload.note.${note.kind}`, params);
}
