// @ts-check
import { api, seg } from "./api.js";
import { update } from "./state.js";
/** @import {DirectoryDoc, FileDoc, Page, Place, PlaceIds, PlaceName} from "./types.js" */
/** @import {Option} from "./combobox.js" */

// Names of customers, projects, activities and tasks by their ids, and searching them.

export const KINDS = /** @type {const} */ (["customer", "project", "activity", "task"]);
/** @typedef {typeof KINDS[number]} Kind */

const HITS = 20;
/** @type {Map<string, PlaceName>} */
const names = new Map();
/** @type {Set<string>} */
const asked = new Set();

/** @param {PlaceIds} ids @param {Kind} kind */
function keyOf(ids, kind) {
  const project = kind === "customer" ? "" : ids.project;
  return JSON.stringify([kind, ids.customer, project, kind === "activity" || kind === "task" ? ids[kind] : ""]);
}

/** Remember the names that come with files. @param {FileDoc[]} files */
export function learnPlaces(files) {
  for (const { place } of files) {
    if (!place) continue;
    const ids = idsOf(place);
    for (const kind of KINDS) if (place[kind]) names.set(keyOf(ids, kind), place[kind]);
  }
}

/** @param {Place} place @returns {PlaceIds} */
export function idsOf(place) {
  const { customer, project, activity, task } = place;
  return { customer: customer.id, project: project?.id, activity: activity?.id, task: task?.id };
}

/**
 * The objects that ids name; with a single file come no names, so they are looked up.
 * @param {PlaceIds} ids
 * @returns {Place}
 */
export function placeOf(ids) {
  const named = (/** @type {Kind} */ kind) => (ids[kind] ? { id: String(ids[kind]), name: nameOf(ids, kind) } : null);
  const customer = { id: ids.customer, name: nameOf(ids, "customer") };
  return { customer, project: named("project"), activity: named("activity"), task: named("task") };
}

/** Remember an object's name. @param {PlaceIds} ids @param {Kind} kind @param {PlaceName} name */
export function learn(ids, kind, name) {
  names.set(keyOf(ids, kind), name);
}

/** Forget it, after it was renamed. @param {PlaceIds} ids @param {Kind} kind */
export function forget(ids, kind) {
  names.delete(keyOf(ids, kind));
  asked.delete(keyOf(ids, kind));
}

/**
 * The object's name; its id until the name is known, which redraws the page.
 * @param {PlaceIds} ids
 * @param {Kind} kind
 * @returns {string}
 */
export function nameOf(ids, kind) {
  const id = ids[kind] ?? "";
  const key = keyOf(ids, kind);
  const known = names.get(key);
  if (known) return titled(known);
  if (id && !asked.has(key)) {
    asked.add(key);
    api(pathOf(ids, kind)).then(
      ({ data }) => update(() => names.set(key, data)),
      () => asked.delete(key), // it keeps its id; the list says what is wrong
    );
  }
  return id;
}

/** With the number before it, where it has one. @param {PlaceName} object */
export function titled(object) {
  return object.number ? `${object.number} ${object.name}` : object.name;
}

/** The API path of an object. @param {PlaceIds} ids @param {Kind} kind */
export function pathOf(ids, kind) {
  return `${pathOfAll(ids, kind)}/${seg(ids[kind] ?? "")}`;
}

const PLURAL = { customer: "customers", project: "projects", activity: "activities", task: "tasks" };

/** The API path of all objects of a kind. @param {PlaceIds} ids @param {Kind} kind */
export function pathOfAll(ids, kind) {
  if (kind === "customer") return "customers";
  const customer = `customers/${seg(ids.customer)}`;
  return kind === "project" ? `${customer}/projects` : `${customer}/projects/${seg(ids.project ?? "")}/${PLURAL[kind]}`;
}

/**
 * Objects of which every word begins a word of the name or number.
 * @param {PlaceIds} ids what lies above them
 * @param {Kind} kind
 * @returns {(q: string, signal: AbortSignal) => Promise<Option[]>}
 */
export function finding(ids, kind) {
  return async (q, signal) => {
    const { data } = await api(pathOfAll(ids, kind), { query: { q, limit: HITS }, signal });
    const found = /** @type {Page<DirectoryDoc>} */ (data).items;
    for (const each of found) names.set(keyOf({ ...ids, [kind]: each.id }, kind), each);
    const below = kind === "task" && ids.activity ? found.filter((each) => each.activity === ids.activity) : found;
    return below.map((each) => ({ value: each.id, label: titled(each), second: each.period ?? "" }));
  };
}
