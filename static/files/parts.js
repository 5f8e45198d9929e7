// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { icon } from "./icons.js";
import { iso } from "./text.js";
/** @import {View} from "./types.js" */

// Small parts that every place draws: buttons, bars, the path of a place.

/**
 * @param {View | any[]} label
 * @param {(event: Event) => void} act
 * @param {object} [more]
 * @param {string} [more.look] classes: primary, danger, quiet, link …
 * @param {string} [more.icon] before the label
 * @param {string} [more.title] its name, where the label is not enough
 * @param {boolean} [more.isDisabled]
 * @param {boolean} [more.isFirst] takes the focus when its dialog opens
 */
export function button(label, act, { look = "", icon: iconName = "", title, isDisabled = false, isFirst = false } = {}) {
  return html`<button
    type="button"
    class="button ${look}"
    aria-label=${title ?? nothing}
    ?disabled=${isDisabled}
    ?data-first=${isFirst}
    @click=${act}
  >${iconName ? icon(iconName) : nothing}${label}</button>`;
}

/** A button that is an icon alone; it has a name. @param {string} title @param {string} iconName @param {() => void} act */
export function iconButton(title, iconName, act, isDisabled = false) {
  return button(icon(iconName), act, { look: "quiet square", title, isDisabled });
}

/**
 * A line that says what is the matter.
 * @param {"info" | "warn" | "bad"} tone
 * @param {View | any[]} text
 * @param {View} [action]
 */
export function bar(tone, text, action = nothing) {
  const shape = icon(tone === "info" ? "info" : "warn");
  return html`<div class="bar ${tone}">${shape}<span class="bar-text">${text}</span>${action}</div>`;
}

/** What stands where a list would. @param {string} iconName @param {View | any[]} text @param {View} more */
export function blank(iconName, text, more) {
  return html`<div class="blank">${icon(iconName)}<h2>${text}</h2>${more}</div>`;
}

/** Names from the customer down, as people and as screen readers read them. @param {string[]} names */
export function crumbs(names) {
  const separator = html`<span class="sep" aria-hidden="true">›</span><span class="unseen">, </span>`;
  return html`${names.map((name, i) => [i ? separator : nothing, iso(name)])}`;
}
