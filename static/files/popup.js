// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { drawn, update } from "./state.js";
/** @import {View} from "./types.js" */

// One popup at a time, below its button: filter choices, menus. Esc, a click outside and tabbing out close it.

/** @type {string} The open popup's name; empty: none. */
let open = "";

/** @param {string} name */
export function isOpen(name) {
  return open === name;
}

/** @param {string} name */
export function openPopup(name) {
  update(() => (open = name));
  drawn().then(() => firstIn(name)?.focus());
}

/** Close what is open. @param {{refocus?: boolean}} [how] `refocus`: back to its button */
export function closePopup({ refocus = true } = {}) {
  if (!open) return;
  const name = open;
  update(() => (open = ""));
  if (refocus) document.getElementById(`button-${name}`)?.focus();
}

/** @param {string} name @returns {HTMLElement | null} */
function firstIn(name) {
  const box = document.getElementById(`popup-${name}`);
  const chosen = /** @type {HTMLElement | null} */ (box?.querySelector("[aria-checked=true], :checked, [data-first]"));
  return chosen ?? box?.querySelector("input, select, button, a, [tabindex]") ?? null;
}

/**
 * A button and, while it is open, its popup.
 * @param {object} popup
 * @param {string} popup.name unique in the page
 * @param {View | any[]} popup.label the button's
 * @param {() => View} popup.content
 * @param {string} [popup.class] the button's
 * @param {string} [popup.title] the button's name, where the label is none
 * @param {"dialog" | "menu"} [popup.kind]
 * @param {string} [popup.popupLabel]
 * @param {"end"} [popup.align] with the button's end
 */
export function popupButton({ name, label, content, class: look = "button", title, kind = "dialog", popupLabel, align }) {
  const isShown = open === name;
  return html`<span class="popup-anchor" @focusout=${(/** @type {FocusEvent} */ e) => left(e, name)}>
    <button
      id="button-${name}"
      type="button"
      class=${look}
      aria-haspopup=${kind}
      aria-expanded=${isShown}
      aria-controls=${isShown ? `popup-${name}` : nothing}
      aria-label=${title ?? nothing}
      @click=${() => (isShown ? closePopup() : openPopup(name))}
    >${label}</button>
    ${isShown
      ? html`<div
          id="popup-${name}"
          class="popup ${align ?? ""}"
          role=${kind}
          aria-label=${popupLabel ?? title ?? nothing}
          aria-labelledby=${popupLabel || title ? nothing : `button-${name}`}
          @keydown=${(/** @type {KeyboardEvent} */ e) => keyed(e, kind)}
        >${content()}</div>`
      : nothing}
  </span>`;
}

/**
 * One line of a menu.
 * @param {View | any[]} label
 * @param {() => void} action
 * @param {{isDanger?: boolean}} [look]
 */
export function menuItem(label, action, { isDanger = false } = {}) {
  const act = () => {
    closePopup();
    action();
  };
  const look = isDanger ? "menu-item danger" : "menu-item";
  return html`<button type="button" role="menuitem" tabindex="-1" class=${look} @click=${act}>${label}</button>`;
}

/** @param {FocusEvent} event @param {string} name */
function left(event, name) {
  const anchor = /** @type {HTMLElement} */ (event.currentTarget);
  // Without a target the window lost focus, or a redraw took the element away: neither closes.
  const isOutside = event.relatedTarget instanceof Node && !anchor.contains(event.relatedTarget);
  if (open === name && isOutside) closePopup({ refocus: false });
}

/** @param {KeyboardEvent} event @param {string} kind */
function keyed(event, kind) {
  if (event.key === "Escape" && !event.defaultPrevented) {
    event.preventDefault();
    event.stopPropagation();
    closePopup();
  } else if (kind === "menu") {
    const menu = /** @type {HTMLElement} */ (event.currentTarget);
    const items = /** @type {HTMLElement[]} */ ([...menu.querySelectorAll("[role^=menuitem]")]);
    const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === "Tab") closePopup();
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    items[to % items.length]?.focus();
  }
}

document.addEventListener("pointerdown", (event) => {
  if (!open || !(event.target instanceof Element)) return;
  const button = document.getElementById(`button-${open}`);
  if (!button?.parentElement?.contains(event.target)) closePopup({ refocus: false });
});
