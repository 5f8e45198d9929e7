// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { Problem, api } from "./api.js";
import { icon } from "./icons.js";
import { alertText } from "./live.js";
import { nameOf, titled } from "./objects.js";
import { offerUndo } from "./recent.js";
import { may, update } from "./state.js";
import { openSync } from "./sync.js";
import { iso, isolated, t, tt } from "./text.js";
import { objectOf, put } from "./tree-branches.js";
import { send, takeBack } from "./tree-edit.js";
/** @import {DirectoryDoc, PlaceIds} from "./types.js" */
/** @import {Kind} from "./objects.js" */

// Where a customer or project keeps its files, from whom it has that, and what another choice would do.

/** @typedef {"" | "moment" | "sharepoint"} Choice "": as the customer */
const COUNTED = 100;

/** @type {{key: string, choice: Choice, files: number | null, hasMore: boolean, isSaving: boolean, problem: string, isSaved: boolean}} */
let choosing = { key: "", choice: "", files: null, hasMore: false, isSaving: false, problem: "", isSaved: false };

/** @param {PlaceIds} ids @param {Kind} kind @param {DirectoryDoc} object */
export function storageView(ids, kind, object) {
  const key = `${ids.customer}/${ids.project ?? ""}`;
  const current = /** @type {Choice} */ (object.storage ?? (kind === "customer" ? "moment" : ""));
  if (choosing.key !== key) choosing = { key, choice: current, files: null, hasMore: false, isSaving: false, problem: "", isSaved: false };
  if (!may("administrator")) return html`<h3>${t("tree.storage")}</h3><p>${words(ids, kind, current)}</p><p class="hint">${t("tree.storage.reader")}</p>`;
  const isChanged = choosing.choice !== current;
  /** @type {Choice[]} */
  const choices = kind === "customer" ? ["moment", "sharepoint"] : ["", "moment", "sharepoint"];
  return html`<form class="storage" @submit=${(/** @type {Event} */ event) => submitted(event, ids, kind, object)}>
    <fieldset class="choices"><legend><h3>${t("tree.storage")}</h3></legend>
      ${choices.map((each) => html`<label class="choice"><input type="radio" name="storage" .checked=${choosing.choice === each}
        @change=${() => choose(ids, kind, each, current)} /><span>${words(ids, kind, each)}</span></label>`)}
    </fieldset>
    ${isChanged ? html`<p class="aside-note" role="status">${icon("info")}<span>${effect(ids, kind, current)}</span></p>` : nothing}
    ${choosing.problem ? html`<p class="error" role="alert">${icon("bad")}<span dir="auto">${choosing.problem}</span></p>` : nothing}
    <div class="row"><button class="button ${isChanged ? "primary" : ""}" ?disabled=${!isChanged || choosing.isSaving}>${t("tree.save")}</button>
      ${choosing.isSaved && !isChanged && where(ids, kind, current) === "sharepoint"
        ? html`<button type="button" class="button" @click=${() => openSync({ customer: ids.customer, project: ids.project ?? null })}>${icon("cloud")} ${t("tree.sync.now")}</button>`
        : nothing}</div>
  </form>`;
}

/** @param {PlaceIds} ids @param {Kind} kind @param {Choice} choice */
function words(ids, kind, choice) {
  if (choice) return t(`tree.storage.${choice}`);
  return tt("tree.storage.same", { name: iso(nameOf({ customer: ids.customer }, "customer")), where: t(`tree.storage.${where(ids, kind, "")}`) });
}

/** Where files are kept by a choice. @param {PlaceIds} ids @param {Kind} _kind @param {Choice} choice @returns {"moment" | "sharepoint"} */
function where(ids, _kind, choice) {
  return choice || (objectOf({ customer: ids.customer }, "customer")?.storage ?? "moment");
}

/** @param {PlaceIds} ids @param {Kind} kind @param {Choice} current */
function effect(ids, kind, current) {
  const [from, to] = [where(ids, kind, current), where(ids, kind, choosing.choice)];
  if (from === to) return t("tree.effect.none");
  if (to === "moment") return t("tree.effect.moment");
  if (choosing.files === null) return t("tree.effect.counting");
  const moved = t(choosing.hasMore ? "tree.effect.move.more" : "tree.effect.move", { n: choosing.files });
  return `${moved} ${t("tree.effect.stay")}${kind === "customer" ? ` ${t("tree.effect.own")}` : ""}`;
}

/** @param {PlaceIds} ids @param {Kind} kind @param {Choice} choice @param {Choice} current */
async function choose(ids, kind, choice, current) {
  update(() => Object.assign(choosing, { choice, problem: "", isSaved: false }));
  if (choosing.files !== null || where(ids, kind, choice) !== "sharepoint" || where(ids, kind, current) === "sharepoint") return;
  const own = choosing;
  try {
    const { data } = await api("files", { query: { customer: ids.customer, project: ids.project, where: "moment-cloud", limit: COUNTED } });
    update(() => Object.assign(own, { files: data.items.length, hasMore: Boolean(data.nextPage) }));
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure;
    // The number is a help, not a condition.
  }
}

/** @param {Event} event @param {PlaceIds} ids @param {Kind} kind @param {DirectoryDoc} object */
async function submitted(event, ids, kind, object) {
  event.preventDefault();
  const own = choosing;
  update(() => Object.assign(own, { isSaving: true, problem: "" }));
  try {
    const { id: _id, etag: _etag, ...body } = object;
    const changed = await send(ids, kind, { ...body, storage: own.choice || null }, object);
    put(ids, kind, changed);
    update(() => Object.assign(own, { isSaved: true, files: null }));
    const text = t("tree.storage.saved", { name: isolated(titled(object)), where: t(`tree.storage.${where(ids, kind, own.choice)}`) });
    offerUndo({ text, undo: () => takeBack(ids, kind, object) });
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure;
    if (failure.status === 412 && failure.current) put(ids, kind, failure.current);
    const problem = failure.status === 412 ? t("tree.changed.storage") : failure.kind === "refused" ? failure.message : t("tree.not-saved");
    update(() => (own.problem = problem));
    alertText(problem);
  } finally {
    update(() => (own.isSaving = false));
  }
}

