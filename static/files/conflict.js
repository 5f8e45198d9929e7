// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { dropEdit, editOf, keepTheirs, sendUnsaved, useMine } from "./edits.js";
import { icon } from "./icons.js";
import { placeOf, titled } from "./objects.js";
import { button } from "./parts.js";
import { iso, isolated, t, tt } from "./text.js";
/** @import {FileDoc, View} from "./types.js" */

// What stands at a file whose edit is not saved: both values of a conflict with the choice, or that it goes out later.

/** @param {FileDoc} file @returns {View} */
export function conflictNote(file) {
  const edit = editOf(file);
  if (edit?.status === "unsaved") return unsaved(file);
  if (edit?.status !== "conflict" || !edit.theirs) return nothing;
  const name = edit.who ?? "";
  const key = edit.change.name === undefined ? "edit.conflict.place" : "edit.conflict.name";
  const theirs = edit.change.name === undefined ? placeName(edit.theirs) : edit.theirs.name;
  return html`<div class="conflict" role="group" aria-label=${t("edit.conflict.label")}>
    ${icon("warn")}
    <span>${tt(key, { name: iso(name), theirs: iso(theirs) })}</span>
    ${button(t("edit.keep", { name: isolated(name) }), () => keepTheirs(file))}
    ${button(t("edit.mine"), () => useMine(file))}
  </div>`;
}

/** @param {FileDoc} file */
function placeName(file) {
  const place = file.place ?? placeOf(file);
  return titled(place.task ?? place.activity ?? place.project ?? place.customer);
}

/** @param {FileDoc} file */
function unsaved(file) {
  return html`<div class="conflict" role="group" aria-label=${t("edit.unsaved.label")}>
    ${icon("clock")}
    <span>${t("edit.unsaved.long")}</span>
    ${button(t("edit.again"), sendUnsaved)} ${button(t("edit.drop"), () => dropEdit(file))}
  </div>`;
}
