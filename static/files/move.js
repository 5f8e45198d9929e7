// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { resetComboboxes } from "./combobox.js";
import { closeDialog, openDialog } from "./dialog.js";
import { save } from "./edits.js";
import { each } from "./file-actions.js";
import { nameOf, placeOf } from "./objects.js";
import { button } from "./parts.js";
import { placePicker } from "./place-picker.js";
import { update } from "./state.js";
import { iso, isolated, t, tt } from "./text.js";
/** @import {FileDoc, PlaceIds} from "./types.js" */

// Moving files to another project, activity or task of their customer.

/** Ask where to, then move it. @param {FileDoc} file */
export function openMove(file) {
  openMoveOf([file]);
}

/** The same for several files of one customer. @param {FileDoc[]} files */
export function openMoveOf(files) {
  const [first] = files;
  const { customer, project, activity, task } = first;
  let target = /** @type {PlaceIds} */ (files.length === 1 ? { customer, project, activity, task } : { customer });
  const others = files.filter((file) => file.customer !== customer).length;
  const n = files.length;
  const title = n === 1 ? t("move.title", { name: isolated(first.name) }) : t("move.title.many", { n });
  const choose = (/** @type {PlaceIds} */ value) => update(() => (target = value));
  resetComboboxes("move-");
  const act = () => {
    closeDialog();
    moveTo(files.filter((file) => file.customer === customer), target);
  };
  openDialog({
    title: () => title,
    body: () => html`<p>${tt("move.text", { customer: iso(nameOf({ customer }, "customer")) })}</p>
      ${others ? html`<p class="hint">${t("move.others", { n: others })}</p>` : nothing}
      ${placePicker({ name: "move", value: target, isCustomerFixed: true, choose })}`,
    foot: () => html`${button(t("cancel"), closeDialog)}
      ${button(t("move.act", { n: n - others }), act, { look: "primary" })}`,
  });
}

/** @param {FileDoc[]} files @param {PlaceIds} target */
function moveTo(files, target) {
  const place = placeOf(target);
  const ids = { project: target.project || null, activity: target.activity || null, task: target.task || null };
  const where = place.task ?? place.activity ?? place.project ?? place.customer;
  const text = (/** @type {FileDoc} */ file) => t("move.done", { name: isolated(file.name), where: isolated(where.name) });
  each(files, (file) => save(file, ids, text(file), place));
}
