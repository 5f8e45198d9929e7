// @ts-check
import { Problem, api } from "./api.js";
import { say } from "./live.js";
import { KINDS, pathOf, titled } from "./objects.js";
import { offerUndo } from "./recent.js";
import { drawn, go, update } from "./state.js";
import { isolated, t } from "./text.js";
import { drop, objectOf, open, put } from "./tree-branches.js";
import { queryOf } from "./tree-list.js";
/** @import {DirectoryDoc, PlaceIds} from "./types.js" */
/** @import {Kind} from "./objects.js" */

// Making, renaming and deleting objects. What is typed stays in its field whatever the server says of it.

/** @typedef {{name: string, number: string, period: string}} Fields */
/**
 * @typedef {object} Editing
 * @property {"new" | "rename"} mode
 * @property {PlaceIds} ids of the object; a new one has its id already, so that sending twice makes one
 * @property {Kind} kind
 * @property {Fields} fields
 * @property {DirectoryDoc | null} base as it was when the edit began
 * @property {boolean} isSaving
 * @property {{field: string, text: string}} error
 */

/** @type {{open: Editing | null}} */
export const editing = { open: null };

/** Begin a new object below another. @param {PlaceIds} above @param {Kind} kind */
export async function beginNew(above, kind) {
  const ids = { ...above, [kind]: crypto.randomUUID() };
  begin({ mode: "new", ids, kind, fields: { name: "", number: "", period: "" }, base: null });
  await focusOn(kind === "task" ? "number" : "name");
}

/** @param {PlaceIds} ids @param {Kind} kind @param {DirectoryDoc} object */
export async function beginRename(ids, kind, object) {
  const fields = { name: object.name, number: object.number ?? "", period: object.period ?? "" };
  begin({ mode: "rename", ids, kind, fields, base: object });
  await focusOn("name");
}

/** @param {Omit<Editing, "isSaving" | "error">} given */
function begin(given) {
  update(() => (editing.open = { ...given, isSaving: false, error: { field: "", text: "" } }));
}

/** @param {string} field */
async function focusOn(field) {
  await drawn();
  const input = /** @type {HTMLInputElement | null} */ (document.getElementById(`object-${field}`));
  input?.focus();
  input?.select();
}

/** Leave it as it was. */
export async function dropEditing() {
  update(() => (editing.open = null));
  await drawn();
  document.getElementById("object-title")?.focus();
}

/** Send what is typed. @param {Editing} own */
export async function save(own) {
  const missing = !own.fields.name.trim() ? "name" : own.kind === "task" && !own.fields.number.trim() ? "number" : "";
  if (missing) return refuse(own, missing, t(`tree.missing.${missing}`));
  update(() => (own.isSaving = true));
  try {
    const object = await send(own.ids, own.kind, bodyOf(own), own.base);
    await saved(own, object);
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure;
    if (failure.status === 412 && failure.current) {
      put(own.ids, own.kind, failure.current);
      own.base = failure.current;
      await refuse(own, "name", t("tree.changed", { name: isolated(titled(failure.current)) }));
    } else {
      const field = failure.field && failure.field in own.fields ? failure.field : "name";
      await refuse(own, field, failure.kind === "refused" ? failure.message : t("tree.not-saved"));
    }
  }
}

/** @param {Editing} own @param {string} field @param {string} text */
async function refuse(own, field, text) {
  update(() => Object.assign(own, { isSaving: false, error: { field, text } }));
  await focusOn(field);
}

/** @param {Editing} own @param {DirectoryDoc} object */
async function saved(own, object) {
  const { mode, ids, kind, base } = own;
  put(ids, kind, object);
  update(() => (editing.open = null));
  if (mode === "new") {
    const above = KINDS[KINDS.indexOf(kind) - 1];
    const parent = kind === "task" && !ids.activity ? "project" : above;
    if (parent) open(ids, parent);
    go(queryOf(ids));
    say(t("tree.made", { name: isolated(titled(object)) }));
  } else if (base) {
    const text = t("tree.renamed", { from: isolated(titled(base)), to: isolated(titled(object)) });
    offerUndo({ text, undo: () => takeBack(ids, kind, base) });
  }
  await drawn();
  document.getElementById("object-title")?.focus();
}

/** Make it again as it was, unless somebody changed it since. @param {PlaceIds} ids @param {Kind} kind @param {DirectoryDoc} base */
export async function takeBack(ids, kind, base) {
  const now = /** @type {DirectoryDoc} */ (objectOf(ids, kind));
  const { id: _id, etag: _etag, ...body } = base;
  put(ids, kind, await send(ids, kind, body, now));
}

/** @param {PlaceIds} ids @param {Kind} kind @param {object} body @param {DirectoryDoc | null} base @returns {Promise<DirectoryDoc>} */
export async function send(ids, kind, body, base) {
  const condition = base ? { ifMatch: base.etag } : { ifNoneMatch: "*" };
  return (await api(pathOf(ids, kind), { method: "PUT", body, ...condition })).data;
}

/** The whole object, with what is not edited here as it was. @param {Editing} own */
function bodyOf({ ids, kind, fields, base }) {
  const name = fields.name.trim();
  const number = fields.number.trim() || null;
  const period = fields.period.trim() || null;
  switch (kind) {
    case "customer":
      return { name, storage: base?.storage ?? "moment" };
    case "project":
      return { name, number, storage: base?.storage ?? null };
    case "activity":
      return { name, number };
    case "task": {
      // A period makes a task one of a series; a new series begins with it.
      const series = period ? (base?.series ?? crypto.randomUUID()) : null;
      return { name, number, activity: base ? (base.activity ?? null) : (ids.activity || null), series, period };
    }
  }
}

/** Delete an object; `done` is called once it is. Raises Problem, 409 while something belongs to it. @param {PlaceIds} ids @param {Kind} kind @param {() => void} done */
export async function remove(ids, kind, done) {
  const name = titled(/** @type {DirectoryDoc} */ (objectOf(ids, kind)));
  await api(pathOf(ids, kind), { method: "DELETE" });
  done();
  drop(ids, kind);
  const at = KINDS.indexOf(kind);
  const above = Object.fromEntries(KINDS.slice(0, at).map((each) => [each, ids[each]]));
  go(queryOf({ customer: "", ...above }));
  say(t("tree.removed", { name: isolated(name) }));
  await drawn();
  (document.getElementById("object-title") ?? document.getElementById("tree-title"))?.focus();
}
