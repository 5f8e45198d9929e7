// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { live } from "../vendor/lit-html/directives/live.js";
import { editOf, shownFile } from "./edits.js";
import { conflictNote } from "./conflict.js";
import { keyOf } from "./files.js";
import { fileMenu } from "./file-menu.js";
import { isEditingName, nameEditor } from "./name-editor.js";
import { placeOf, titled } from "./objects.js";
import { addressOfContent } from "./opening.js";
import { crumbs } from "./parts.js";
import { isSelected, toggle } from "./selection.js";
import { go, state } from "./state.js";
import { badge, secondLine, typeBox } from "./states.js";
import { iso, isolated, moment, size, t, when } from "./text.js";
/** @import {FileDoc} from "./types.js" */

// One row of the list: checkbox, name with the place below it, tags, state, size, added, changed, menu.

const TAGS_SHOWN = 2;

/** The id of a row's link, for the focus. @param {FileDoc} file */
export const rowId = (file) => `row-${file.id}`;

/** @param {FileDoc} stored @param {string} openKey the file whose panel is open */
export function row(stored, openKey) {
  const file = shownFile(stored);
  const isOpen = keyOf(file) === openKey;
  const id = rowId(file);
  const path = pathOf(file);
  return html`<tr
    class="${isOpen ? "open" : ""} ${isSelected(file) ? "selected" : ""} ${file.state === "deleted" ? "gone" : ""}"
    data-key=${keyOf(file)}
    @click=${(/** @type {MouseEvent} */ e) => clicked(e, file)}
  >
    <td class="c-check">
      <label class="check"
        ><input
          type="checkbox"
          aria-label=${t("row.select", { name: isolated(file.name) })}
          .checked=${live(isSelected(file))}
          @click=${(/** @type {MouseEvent} */ e) => (e.stopPropagation(), toggle(file, { isRange: e.shiftKey }))}
      /></label>
    </td>
    <th scope="row" class="c-name" aria-labelledby=${id}>
      ${typeBox(file.name)}
      <div class="name-lines">
        ${isEditingName(file, "row") ? nameEditor(file) : name(file, id)}
        ${conflictNote(file)}
        <div class="path meta" title=${path.map(isolated).join(" › ")}>${crumbs(path)}</div>
        <div class="narrow-state">${stateOf(file, when(file.changedAt))}</div>
      </div>
    </th>
    <td class="c-tags">${tags(file)}</td>
    <td class="c-state">${stateOf(file)}</td>
    <td class="c-size number">${size(file.sizeBytes)}</td>
    <td class="c-added">${atBy(file.createdAt, file.createdBy)}</td>
    <td class="c-changed">${atBy(file.changedAt, file.modifiedAt ? file.modifiedBy ?? "" : "")}</td>
    <td class="c-menu">${fileMenu(file, "row")}</td>
  </tr>`;
}

/** @param {FileDoc} file @param {string} id */
function name(file, id) {
  const address = addressOfContent(file);
  const edit = editOf(file);
  const text = html`<span class="name-text" dir="auto">${file.name}</span>`;
  const link = address
    ? html`<a id=${id} class="name" href=${address} target="_blank" rel="noopener noreferrer">${text}</a>`
    : html`<button id=${id} type="button" class="name" @click=${() => showPanel(file)}>${text}</button>`;
  return html`<div class="name-line">
    ${link}${edit ? html`<span class="note">${t(`edit.${edit.status}`)}</span>` : notes(file)}
  </div>`;
}

/** Small remarks beside the name. @param {FileDoc} file */
export function notes(file) {
  const hasExtension = file.name.replace(/^\.+|\.+$/g, "").includes(".");
  return hasExtension ? nothing : html`<span class="note">${t("note.noextension")}</span>`;
}

/** The names of the objects that the file belongs to, from the customer down. @param {FileDoc} file */
function pathOf(file) {
  const { customer, project, activity, task } = file.place ?? placeOf(file);
  return [customer, project, activity, task].flatMap((each) => (each ? titled(each) : []));
}

/** @param {FileDoc} file @param {string} [at] */
function stateOf(file, at) {
  const second = secondLine(file);
  return [
    badge(file),
    at ? html` <span class="meta">${at}</span>` : nothing,
    second ? html`<div class="reason" dir="auto">${second}</div>` : nothing,
  ];
}

/** @param {FileDoc} file */
function tags(file) {
  if (file.tags.length === 0) return nothing;
  const each = (/** @type {string} */ tag) => html`<li class="tag" title=${tag}>${iso(tag)}</li>`;
  const others = file.tags.slice(TAGS_SHOWN);
  const more = html`<li class="tag more" title=${others.join(", ")}>${t("row.tags.more", { n: others.length })}</li>`;
  return html`<ul class="tags">
    ${file.tags.slice(0, TAGS_SHOWN).map(each)}${others.length ? more : nothing}
  </ul>`;
}

/** @param {string} at @param {string} who */
function atBy(at, who) {
  const person = who ? html`<div class="meta who" dir="auto" title=${who}>${who}</div>` : nothing;
  return html`<time datetime=${at} title=${moment(at)}>${when(at)}</time>${person}`;
}

/** The panel of a file. @param {FileDoc} file */
export function showPanel(file) {
  go({ file: keyOf(file) });
}

/** A click on what is no control opens the panel. @param {MouseEvent} event @param {FileDoc} file */
function clicked(event, file) {
  const target = /** @type {Element} */ (event.target);
  if (event.defaultPrevented || target.closest("a, button, input, label, [role=menu], form")) return;
  if (String(getSelection())) return;
  if (event.shiftKey || event.ctrlKey || event.metaKey) toggle(file, { isRange: event.shiftKey });
  else go({ file: keyOf(file) === state.query.file ? "" : keyOf(file) });
}
