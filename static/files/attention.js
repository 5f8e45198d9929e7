// @ts-check
import { html } from "../vendor/lit-html/lit-html.js";
import { t } from "./text.js";
/** @import {State} from "./types.js" */

/** @param {State} _current */
export function view(_current) {
  return html`<h1>${t("place.attention")}</h1>`;
}

/** Start watching. */
export function enter() {}

/** Stop watching. */
export function leave() {}
