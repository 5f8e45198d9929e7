// @ts-check
import { html } from "../vendor/lit-html/lit-html.js";
import { resetComboboxes } from "./combobox.js";
import { closeDialog, openDialog } from "./dialog.js";
import { placePicker } from "./place-picker.js";
import { update } from "./state.js";
import { t } from "./text.js";
/** @import {PlaceIds} from "./types.js" */

// Asks which object files belong to, where the open list does not say it.

/** @type {PlaceIds} */
let place = { customer: "" };

/** Ask; null: the person cancelled. @param {number} files how many wait for the answer @returns {Promise<PlaceIds | null>} */
export function askPlace(files) {
  place = { customer: "" };
  return new Promise((resolve) => {
    /** @type {PlaceIds | null} */
    let answer = null;
    const go = (/** @type {Event} */ event) => {
      event.preventDefault();
      if (!place.customer) return;
      answer = place;
      closeDialog();
    };
    openDialog({
      title: () => t("upload.where.title"),
      body: () => body(files, go),
      closed: () => {
        resetComboboxes("upload-where");
        resolve(answer);
      },
    });
  });
}

/** @param {number} files @param {(event: Event) => void} go */
function body(files, go) {
  const choose = (/** @type {PlaceIds} */ chosen) => update(() => (place = chosen));
  return html`<form class="dialog-form" @submit=${go}>
    <p>${t("upload.where.why", { n: files })}</p>
    ${placePicker({ name: "upload-where", value: place, choose })}
    <div class="dialog-foot">
      <button type="button" class="button" @click=${closeDialog}>${t("cancel")}</button>
      <button class="button primary" ?disabled=${!place.customer}>${t("upload.where.go", { n: files })}</button>
    </div>
  </form>`;
}
