// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { among, combobox } from "./combobox.js";
import { save } from "./edits.js";
import { keyOf, list } from "./files.js";
import { icon } from "./icons.js";
import { dropRefusal, refusalOf } from "./name-editor.js";
import { drawn, go, may } from "./state.js";
import { iso, isolated, t } from "./text.js";
/** @import {FileDoc} from "./types.js" */

// A file's tags, each with its cross, and the field for another one.

/** Go to the tags of a file in its panel. @param {FileDoc} file */
export async function editTags(file) {
  go({ file: keyOf(file) });
  await drawn();
  document.getElementById("combo-panel-tag")?.focus();
}

/** Tags that the page has seen, for suggestions. */
export function* seenTags() {
  for (const row of list.rows) yield* row.tags;
}

/** @param {FileDoc} file as it is shown @param {FileDoc} stored as the server has it */
export function tagEditor(file, stored) {
  const refusal = refusalOf(file);
  const canEdit = may("editor") && file.state !== "deleted";
  return html`<div class="tag-editor">
    ${file.tags.length
      ? html`<ul class="tags">
          ${file.tags.map((tag) => html`<li class="tag">${iso(tag)}${canEdit ? cross(file, stored, tag) : nothing}</li>`)}
        </ul>`
      : canEdit
        ? nothing
        : html`<span class="hint">${t("tags.none")}</span>`}
    ${canEdit
      ? combobox({
          name: "panel-tag",
          label: t("tags.add"),
          value: "",
          placeholder: t("tags.placeholder"),
          isFree: true,
          clears: true,
          find: among(seenTags),
          choose: (option) => option && addTag(file, stored, option.value),
        })
      : nothing}
    ${refusal ? html`<p class="error">${icon("bad")}<span dir="auto">${refusal}</span></p>` : nothing}
  </div>`;
}

/** @param {FileDoc} file @param {FileDoc} stored @param {string} tag */
function cross(file, stored, tag) {
  const title = t("tags.remove", { tag: isolated(tag) });
  return html`<button type="button" aria-label=${title} @click=${() => remove(file, stored, tag)}>${icon("close")}</button>`;
}

/** Give a file another tag, unless it has it. @param {FileDoc} file @param {FileDoc} stored @param {string} tag */
export async function addTag(file, stored, tag) {
  const isThere = file.tags.some((own) => own.toLocaleLowerCase() === tag.toLocaleLowerCase());
  if (isThere) return;
  dropRefusal(file);
  const text = t("tags.added", { tag: isolated(tag), name: isolated(file.name) });
  await save(stored, { tags: [...file.tags, tag] }, text);
}

/** @param {FileDoc} file @param {FileDoc} stored @param {string} tag */
async function remove(file, stored, tag) {
  dropRefusal(file);
  const tags = file.tags.filter((own) => own !== tag);
  save(stored, { tags }, t("tags.removed", { tag: isolated(tag), name: isolated(file.name) }));
  await drawn();
  const next = /** @type {HTMLElement | null} */ (document.querySelector(".panel .tag button"));
  (next ?? document.getElementById("combo-panel-tag"))?.focus();
}
