// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { combobox } from "./combobox.js";
import { finding, KINDS, nameOf } from "./objects.js";
import { t } from "./text.js";
/** @import {PlaceIds, View} from "./types.js" */
/** @import {Kind} from "./objects.js" */

/**
 * Comboboxes for a place: a customer, then a project of it, then an activity and a task of that.
 * @param {object} picker
 * @param {string} picker.name unique while it is shown
 * @param {PlaceIds} picker.value ids; `customer` is empty where nothing is chosen
 * @param {(value: PlaceIds) => void} picker.choose
 * @param {boolean} [picker.isCustomerFixed] only what lies below the customer is chosen
 * @returns {View}
 */
export function placePicker({ name, value, choose, isCustomerFixed = false }) {
  const shown = isCustomerFixed ? KINDS.slice(1) : KINDS;
  return html`<div class="place-picker">
    ${shown.map((kind, i) => (isOffered(kind, value) ? field(name, kind, value, choose, i === 0) : nothing))}
  </div>`;
}

/** @param {Kind} kind @param {PlaceIds} value */
function isOffered(kind, value) {
  if (kind === "customer") return true;
  return kind === "project" ? Boolean(value.customer) : Boolean(value.project);
}

/**
 * @param {string} name
 * @param {Kind} kind
 * @param {PlaceIds} value
 * @param {(value: PlaceIds) => void} choose
 * @param {boolean} isFirst
 */
function field(name, kind, value, choose, isFirst) {
  return combobox({
    name: `${name}-${kind}`,
    label: t(`object.${kind}`),
    value: value[kind] ? nameOf(value, kind) : "",
    placeholder: t(`object.${kind}.find`),
    find: finding(value, kind),
    choose: (option) => choose(withChosen(value, kind, option?.value ?? "")),
    isFirst,
  });
}

/**
 * What lies below a changed object goes.
 * @param {PlaceIds} value
 * @param {Kind} kind
 * @param {string} id
 * @returns {PlaceIds}
 */
function withChosen(value, kind, id) {
  const { customer, project, activity } = value;
  if (kind === "customer") return { customer: id };
  if (kind === "project") return { customer, project: id };
  return kind === "activity" ? { customer, project, activity: id } : { customer, project, activity, task: id };
}
