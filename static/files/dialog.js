// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { button, iconButton } from "./parts.js";
import { drawn, update } from "./state.js";
import { t } from "./text.js";
/** @import {View} from "./types.js" */

// Native modal dialogs: the browser keeps the focus inside and gives it back to the button. One at a time.

/**
 * @typedef {object} Dialog
 * @property {() => string} title
 * @property {() => View} body
 * @property {() => View} [foot] buttons; without them only the close button is there
 * @property {"full" | "wide"} [look] fills a phone's screen; or is wider than usual
 * @property {() => void} [closed]
 */

/** @type {Dialog | null} */
let shown = null;
/** @type {Element | null} */
let opener = null;

/** @param {Dialog} dialog */
export function openDialog(dialog) {
  if (!shown) opener = document.activeElement;
  update(() => (shown = dialog));
  drawn().then(show);
}

function show() {
  const element = /** @type {HTMLDialogElement | null} */ (document.getElementById("dialog"));
  if (!element || element.open) return;
  element.showModal();
  /** @type {HTMLElement | null} */ (element.querySelector("[data-first]"))?.focus();
}

/** Close it; the focus goes back to where it was. */
export function closeDialog() {
  /** @type {HTMLDialogElement | null} */ (document.getElementById("dialog"))?.close();
}

function wasClosed() {
  const { closed } = shown ?? {};
  update(() => (shown = null));
  if (opener instanceof HTMLElement && opener.isConnected && document.activeElement === document.body) opener.focus();
  closed?.();
}

/** The open dialog, for the shell. */
export function dialogView() {
  if (!shown) return nothing;
  return html`<dialog id="dialog" class=${shown.look ?? ""} aria-labelledby="dialog-title" @close=${wasClosed}>
    <div class="dialog-body">
      <div class="dialog-head">
        <h2 id="dialog-title">${shown.title()}</h2>
        ${iconButton(t("close"), "close", closeDialog)}
      </div>
      ${shown.body()} ${shown.foot ? html`<div class="dialog-foot">${shown.foot()}</div>` : nothing}
    </div>
  </dialog>`;
}

/**
 * Ask before what can't be taken back, or is much. The button repeats verb and number; Cancel has the focus.
 * @param {{title: string, text: View | any[], action: string, isDanger?: boolean, act: () => void}} question
 */
export function confirmFirst({ title, text, action, isDanger = true, act }) {
  const acted = () => {
    closeDialog();
    act();
  };
  openDialog({
    title: () => title,
    body: () => html`<p>${text}</p>`,
    foot: () => html`
      ${button(t("cancel"), closeDialog, { isFirst: true })}
      ${button(action, acted, { look: isDanger ? "danger" : "primary" })}
    `,
  });
}
