// @ts-check
import { Problem, api } from "./api.js";
import { state } from "./state.js";
/** @import {PlaceIds} from "./types.js" */

// The object that files are uploaded to, and what is there already.

/** The place that the open list shows; null where it shows more than one customer. @returns {PlaceIds | null} */
export function placeOfList() {
  const { customer, project, activity, task } = state.query;
  return customer ? { customer, project: project || null, activity: activity || null, task: task || null } : null;
}

/**
 * Which of these names are in use in the place, in lower case. What can't be found out in time is not said: the server
 * decides anyway.
 * @param {PlaceIds} place
 * @param {string[]} wanted
 * @returns {Promise<Set<string>>}
 */
export async function takenNames(place, wanted) {
  const signal = AbortSignal.timeout(3000);
  const found = await Promise.all(wanted.slice(0, 20).map((each) => sameBeginning(each, place, signal)));
  return new Set(found.flat());
}

/** @param {string} wanted @param {PlaceIds} ids @param {AbortSignal} signal @returns {Promise<string[]>} */
async function sameBeginning(wanted, ids, signal) {
  const words = wanted.replace(/\.[^.]{1,20}$/, "");
  if (!/[\p{L}\p{N}]/u.test(words)) return [];
  try {
    const { data } = await api("files", { query: { customer: ids.customer, project: ids.project, activity: ids.activity, task: ids.task, q: words.slice(0, 200), limit: 50 }, signal });
    const here = data.items.filter((/** @type {any} */ file) =>
      /** @type {const} */ (["project", "activity", "task"]).every((level) => (file[level] ?? null) === (ids[level] || null)));
    return here.map((/** @type {any} */ file) => file.name.toLowerCase());
  } catch (failure) {
    if (failure instanceof Problem || signal.aborted) return [];
    throw failure;
  }
}
