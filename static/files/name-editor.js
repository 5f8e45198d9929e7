// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { live } from "../vendor/lit-html/directives/live.js";
import { onRefused, save } from "./edits.js";
import { keyOf } from "./files.js";
import { icon } from "./icons.js";
import { alertText } from "./live.js";
import { drawn, may, update } from "./state.js";
import { isolated, t } from "./text.js";
/** @import {FileDoc} from "./types.js" */

// The field in which a name is edited, in its row or in the panel. What was refused stays in it, with the reason.

/** @type {{key: string, where: "row" | "panel", text: string, error: string, file: FileDoc} | null} */
let editing = null;

/** @param {FileDoc} file @param {"row" | "panel"} where */
export function isEditingName(file, where) {
  return editing?.key === keyOf(file) && editing.where === where;
}

/** Edit a name; the part before the extension is selected. @param {FileDoc} file @param {"row" | "panel"} where */
export async function editName(file, where) {
  if (!may("editor") || file.state === "deleted") return;
  update(() => (editing = { key: keyOf(file), where, text: file.name, error: "", file }));
  await focusField();
}

async function focusField() {
  await drawn();
  const field = /** @type {HTMLInputElement | null} */ (document.getElementById("name-field"));
  const dot = field?.value.lastIndexOf(".") ?? -1;
  field?.focus();
  field?.setSelectionRange(0, dot > 0 ? dot : -1);
}

/** @param {FileDoc} file */
export function nameEditor(file) {
  if (!editing) return nothing;
  const { text, error } = editing;
  return html`<form class="name-editor" @submit=${submitted}>
    <input
      id="name-field"
      class="input"
      dir="auto"
      autocomplete="off"
      spellcheck="false"
      maxlength="400"
      aria-label=${t("name.label", { name: isolated(file.name) })}
      aria-invalid=${Boolean(error)}
      aria-describedby=${error ? "name-error" : nothing}
      .value=${live(text)}
      @input=${typed}
      @keydown=${keyed}
      @blur=${left}
    />
    ${error ? html`<p id="name-error" class="error">${icon("bad")}<span dir="auto">${error}</span></p>` : nothing}
  </form>`;
}

/** @param {Event} event */
function typed(event) {
  const { value } = /** @type {HTMLInputElement} */ (event.target);
  update(() => editing && Object.assign(editing, { text: value, error: "" }));
}

/** @param {KeyboardEvent} event */
function keyed(event) {
  event.stopPropagation();
  if (event.key !== "Escape") return;
  event.preventDefault();
  close();
}

/** @param {Event} event */
function submitted(event) {
  event.preventDefault();
  finish(true);
}

function left() {
  finish(false);
}

/** @param {boolean} refocuses */
function finish(refocuses) {
  if (!editing) return;
  const { file, text } = editing;
  const name = text.trim();
  if (!name) {
    update(() => editing && (editing.error = t("name.empty")));
    alertText(t("name.empty"));
    return;
  }
  close(refocuses);
  if (name !== file.name) save(file, { name }, t("edit.renamed", { from: isolated(file.name), to: isolated(name) }));
}

/** @param {boolean} [refocuses] */
async function close(refocuses = true) {
  if (!editing) return;
  const { file, where } = editing;
  update(() => (editing = null));
  if (!refocuses) return;
  await drawn();
  document.getElementById(where === "row" ? `row-${file.id}` : "panel-title")?.focus();
}

onRefused((file, change, message) => {
  alertText(message);
  if (change.name === undefined) {
    update(() => refusals.set(keyOf(file), message));
    return;
  }
  const where = document.getElementById("panel-title") ? "panel" : "row";
  update(() => (editing = { key: keyOf(file), where, text: String(change.name), error: message, file }));
  focusField();
});

/** Why the last edit of a file's tags or place was refused. @type {Map<string, string>} */
const refusals = new Map();

/** @param {FileDoc} file */
export function refusalOf(file) {
  return refusals.get(keyOf(file)) ?? "";
}

/** @param {FileDoc} file */
export function dropRefusal(file) {
  if (refusals.delete(keyOf(file))) update();
}
