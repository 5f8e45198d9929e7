// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { live } from "../vendor/lit-html/directives/live.js";
import { Problem } from "./api.js";
import { closeDialog, openDialog } from "./dialog.js";
import { icon } from "./icons.js";
import { KINDS, titled } from "./objects.js";
import { path } from "./place-path.js";
import { addressOf, drawn, go, may, parsed, update } from "./state.js";
import { openSync } from "./sync.js";
import { iso, isolated, t, tt } from "./text.js";
import { beginNew, beginRename, dropEditing, editing, remove, save } from "./tree-edit.js";
import { queryOf } from "./tree-list.js";
import { storageView } from "./tree-storage.js";
import { below } from "./tree-branches.js";
/** @import {DirectoryDoc, PlaceIds, View} from "./types.js" */
/** @import {Kind} from "./objects.js" */
/** @import {Editing, Fields} from "./tree-edit.js" */

// The right side: the chosen object, what can be done with it, and the form in which objects are made and renamed.

/** @param {PlaceIds} ids @param {Kind} kind @param {DirectoryDoc} object */
export function objectPane(ids, kind, object) {
  const own = editing.open;
  if (own) return html`<section class="pane" aria-labelledby="object-title">${back()}${form(own)}</section>`;
  const files = addressOf({ ...parsed(""), customer: ids.customer, project: ids.project ?? "", activity: ids.activity ?? "", task: ids.task ?? "" });
  const above = KINDS.slice(0, KINDS.indexOf(kind)).filter((each) => ids[each]);
  return html`<section class="pane" aria-labelledby="object-title">${back()}
    ${above.length ? html`<p class="meta">${path({ customer: ids.customer, project: above.includes("project") ? ids.project : null, activity: above.includes("activity") ? ids.activity : null })}</p>` : nothing}
    <h2 id="object-title" tabindex="-1">${iso(titled(object))} <span class="meta">${t(`tree.kind.${kind}`)}</span></h2>
    <div class="row">
      <a class="button" href=${files}>${icon("folder")} ${t("tree.files")}</a>
      ${kind === "customer" || kind === "project"
        ? html`<button type="button" class="button" @click=${() => openSync({ customer: ids.customer, project: ids.project ?? null })}>${icon("cloud")} ${t("tree.sync")}</button>`
        : nothing}
      ${may("editor") ? html`<button type="button" class="button" @click=${() => beginRename(ids, kind, object)}>${icon("edit")} ${t("tree.rename")}</button>
        ${below(kind).map((each) => html`<button type="button" class="button" @click=${() => beginNew(ids, each)}>${icon("plus")} ${t(`tree.new.${each}`)}</button>`)}` : nothing}
      ${may("administrator") ? html`<button type="button" class="button danger" @click=${() => askRemoval(ids, kind, object, files)}>${icon("bin")} ${t("tree.remove")}</button>` : nothing}
    </div>
    ${kind === "customer" || kind === "project" ? storageView(ids, kind, object) : html`<p class="hint">${t("tree.storage.below")}</p>`}
    ${object.period ? html`<p>${t("tree.period.is", { period: object.period })}</p>` : nothing}
  </section>`;
}

/** On a narrow screen the pane is a page of its own. */
function back() {
  return html`<p class="pane-back"><button type="button" class="button link" @click=${leave}>${icon("left")} ${t("tree.back")}</button></p>`;
}

async function leave() {
  update(() => (editing.open = null));
  go(queryOf({ customer: "" }));
  await drawn();
  document.getElementById("tree-title")?.focus();
}

/** The form for a new object or another name. @param {Editing} own @returns {View} */
export function form(own) {
  const { mode, kind, ids, base, isSaving } = own;
  const isIn = KINDS.slice(0, KINDS.indexOf(kind)).filter((each) => ids[each]);
  const place = { customer: isIn.includes("customer") ? ids.customer : "", project: isIn.includes("project") ? ids.project : null, activity: isIn.includes("activity") ? ids.activity : null };
  const title = mode === "rename" && base ? tt("tree.rename.title", { name: iso(titled(base)) }) : t(`tree.new.${kind}`);
  return html`<form class="object-form" novalidate @submit=${(/** @type {Event} */ event) => submitted(event, own)}>
    <h2 id="object-title" tabindex="-1">${title}</h2>
    ${mode === "new" && place.customer ? html`<p>${tt("tree.in", { place: path(place) })}</p>` : nothing}
    ${kind === "task" ? field(own, "number", true) : nothing}
    ${field(own, "name", true)}
    ${kind === "project" || kind === "activity" ? field(own, "number", false) : nothing}
    ${kind === "task" ? field(own, "period", false) : nothing}
    <div class="row">
      <button class="button primary" ?disabled=${isSaving}>${t(isSaving ? "tree.saving" : mode === "new" ? `tree.make.${kind}` : "tree.save")}</button>
      <button type="button" class="button" @click=${dropEditing}>${t("cancel")}</button>
    </div>
  </form>`;
}

/** @param {Editing} own @param {keyof Fields} name @param {boolean} isRequired */
function field(own, name, isRequired) {
  const { fields, error } = own;
  const isWrong = error.field === name;
  const hint = name === "period" ? "object-period-hint" : nothing;
  return html`<div class="field"><label class="label" for=${`object-${name}`}>${t(`tree.field.${name}`)}</label>
    <input class="input" id=${`object-${name}`} autocomplete="off" dir="auto" maxlength=${name === "name" ? 255 : 32} ?required=${isRequired}
      aria-invalid=${isWrong ? "true" : nothing} aria-describedby=${isWrong ? `object-${name}-error` : hint} .value=${live(fields[name])}
      @input=${(/** @type {Event} */ event) => update(() => (fields[name] = /** @type {HTMLInputElement} */ (event.target).value))} />
    ${name === "period" ? html`<p class="meta" id="object-period-hint">${t("tree.field.period.hint")}</p>` : nothing}
    ${isWrong ? html`<p class="error" id=${`object-${name}-error`} role="alert">${icon("bad")}<span dir="auto">${error.text}</span></p>` : nothing}
  </div>`;
}

/** @param {Event} event @param {Editing} own */
function submitted(event, own) {
  event.preventDefault();
  void save(own);
}

/** Ask; the server refuses while something belongs to it, and the dialog says so. @param {PlaceIds} ids @param {Kind} kind @param {DirectoryDoc} object @param {string} files */
function askRemoval(ids, kind, object, files) {
  const removing = { problem: "", isBusy: false };
  const name = isolated(titled(object));
  openDialog({
    title: () => t("tree.remove.title", { name }),
    body: () => html`<p>${t("tree.remove.why")}</p>
      ${removing.problem
        ? html`<p class="error" role="alert">${icon("bad")}<span dir="auto">${removing.problem}</span></p><p><a href=${files}>${t("tree.files")}</a></p>`
        : nothing}`,
    foot: () => html`<button type="button" class="button" data-first @click=${closeDialog}>${t("cancel")}</button>
      <button type="button" class="button danger" ?disabled=${removing.isBusy} @click=${() => confirmed(ids, kind, removing)}>${t(`tree.remove.${kind}`, { name })}</button>`,
  });
}

/** @param {PlaceIds} ids @param {Kind} kind @param {{problem: string, isBusy: boolean}} removing */
async function confirmed(ids, kind, removing) {
  update(() => Object.assign(removing, { isBusy: true, problem: "" }));
  try {
    await remove(ids, kind, closeDialog);
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure;
    update(() => (removing.problem = failure.kind === "refused" ? failure.message : t("tree.not-saved")));
  } finally {
    update(() => (removing.isBusy = false));
  }
}
