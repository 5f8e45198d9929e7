// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { KINDS, nameOf } from "./objects.js";
import { iso, isolated } from "./text.js";
/** @import {PlaceIds, View} from "./types.js" */

/** The names of a place in their order: "Fjordtek AS › 104 Nytt lager". @param {PlaceIds} ids @returns {View[]} */
export function path(ids) {
  return namesOf(ids).map((name, i) => html`${i ? " › " : nothing}${iso(name)}`);
}

/** The same in plain text, for titles. @param {PlaceIds} ids */
export function pathText(ids) {
  return namesOf(ids).map(isolated).join(" › ");
}

/** @param {PlaceIds} ids */
function namesOf(ids) {
  return KINDS.filter((kind) => ids[kind]).map((kind) => nameOf(ids, kind));
}
