// @ts-check
import { Problem, api } from "./api.js";
import { KINDS, forget, learn, pathOf, pathOfAll } from "./objects.js";
import { state, update } from "./state.js";
/** @import {DirectoryDoc, PlaceIds, Query} from "./types.js" */
/** @import {Kind} from "./objects.js" */

// The branches of the tree, read when they are opened, a hundred objects at a time.

/** @typedef {{items: DirectoryDoc[], nextPage: string | undefined, isLoading: boolean, problem: Problem | null}} Branch */

const PAGE = 100;

/** By the API path of the list. @type {Map<string, Branch>} */
const branches = new Map();
/** API paths of the objects whose branches are open. @type {Set<string>} */
const opened = new Set();
/** The chosen object as last read, by its API path. @type {Map<string, DirectoryDoc>} */
const single = new Map();

/** The object that the address names; null: none. @param {Query} query @returns {{ids: PlaceIds, kind: Kind} | null} */
export function chosenOf({ customer, project, activity, task }) {
  if (!customer) return null;
  const ids = { customer, project, activity, task };
  const kind = task ? "task" : activity ? "activity" : project ? "project" : "customer";
  return { ids, kind };
}

/** @param {PlaceIds} ids @param {Kind} kind */
export function branchOf(ids, kind) {
  return branches.get(keyOf(ids, kind));
}

/** Customers are narrowed by the search box; what was read for other words is kept apart. @param {PlaceIds} ids @param {Kind} kind */
function keyOf(ids, kind) {
  return kind === "customer" ? `customers?${state.query.q}` : pathOfAll(ids, kind);
}

/** Read a branch, or its next page. @param {PlaceIds} ids @param {Kind} kind @param {{more?: boolean, anew?: boolean}} [how] */
export async function load(ids, kind, { more = false, anew = false } = {}) {
  const key = keyOf(ids, kind);
  const branch = branches.get(key) ?? { items: [], nextPage: undefined, isLoading: false, problem: null };
  if (branch.isLoading || (branches.has(key) && !branch.problem && !more && !anew)) return;
  update(() => branches.set(key, Object.assign(branch, { isLoading: true, problem: null })));
  try {
    const query = { q: kind === "customer" ? state.query.q : "", limit: PAGE, page: more ? branch.nextPage : undefined };
    const { data } = await api(pathOfAll(ids, kind), { query });
    for (const each of data.items) learn({ ...ids, [kind]: each.id }, kind, each);
    update(() => Object.assign(branch, { items: more ? [...branch.items, ...data.items] : data.items, nextPage: data.nextPage, isLoading: false }));
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure;
    update(() => Object.assign(branch, { isLoading: false, problem: failure }));
  }
}

/** What lies below an object of this kind. @param {Kind} kind @returns {Kind[]} */
export function below(kind) {
  return /** @type {Kind[]} */ ({ customer: ["project"], project: ["activity", "task"], activity: ["task"], task: [] }[kind]);
}

/** The objects of a branch as they stand below another: a task stands below its activity. @param {PlaceIds} ids @param {Kind} kind @returns {DirectoryDoc[]} */
export function children(ids, kind) {
  const items = branchOf(ids, kind)?.items ?? [];
  return kind === "task" ? items.filter((each) => (each.activity ?? "") === (ids.activity ?? "")) : items;
}

/** @param {PlaceIds} ids @param {Kind} kind */
export function isOpen(ids, kind) {
  return opened.has(pathOf(ids, kind));
}

/** @param {PlaceIds} ids @param {Kind} kind */
export function open(ids, kind) {
  update(() => opened.add(pathOf(ids, kind)));
  for (const each of below(kind)) void load(ids, each);
}

/** @param {PlaceIds} ids @param {Kind} kind */
export function close(ids, kind) {
  update(() => opened.delete(pathOf(ids, kind)));
}

/** Open what leads to an object, and read the object itself. @param {PlaceIds} ids @param {Kind} kind */
export async function reveal(ids, kind) {
  const above = KINDS.slice(0, KINDS.indexOf(kind)).filter((each) => ids[each]);
  for (const each of above) if (!isOpen(ids, each)) open(ids, each);
  return read(ids, kind);
}

/** @param {PlaceIds} ids @param {Kind} kind @returns {DirectoryDoc | undefined} */
export function objectOf(ids, kind) {
  return single.get(pathOf(ids, kind)) ?? branchOf(ids, kind)?.items.find((each) => each.id === ids[kind]);
}

/** The object is chosen: it stays shown though its branch is narrowed. @param {PlaceIds} ids @param {Kind} kind @param {DirectoryDoc} object */
export function keepShown(ids, kind, object) {
  single.set(pathOf(ids, kind), object);
}

/** Read one object anew. Raises Problem. @param {PlaceIds} ids @param {Kind} kind @returns {Promise<DirectoryDoc>} */
export async function read(ids, kind) {
  const { data } = await api(pathOf(ids, kind));
  put(ids, kind, data);
  return data;
}

/** An object is like this now, wherever it is shown; a new one comes into its branch. @param {PlaceIds} ids @param {Kind} kind @param {DirectoryDoc} object */
export function put(ids, kind, object) {
  update(() => {
    single.set(pathOf(ids, kind), object);
    forget(ids, kind);
    learn(ids, kind, object);
    const branch = branchOf(ids, kind);
    if (!branch) return;
    const at = branch.items.findIndex((each) => each.id === object.id);
    if (at < 0) branch.items.unshift(object);
    else branch.items[at] = object;
  });
}

/** An object is gone. @param {PlaceIds} ids @param {Kind} kind */
export function drop(ids, kind) {
  update(() => {
    single.delete(pathOf(ids, kind));
    forget(ids, kind);
    const branch = branchOf(ids, kind);
    if (branch) branch.items = branch.items.filter((each) => each.id !== ids[kind]);
  });
}
