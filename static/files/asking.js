// @ts-check
import { go, noFilters, state } from "./state.js";
/** @import {Query} from "./types.js" */

// From the filters of the address to the parameters of GET /api/files.

export const TYPES = /** @type {const} */ ([
  "document", "spreadsheet", "presentation", "pdf", "image", "drawing", "mail", "archive", "video", "audio", "other",
]);

/** Choices of Where: the parameter that each sets. @type {Record<string, {where?: string, state?: string}>} */
export const WHERES = {
  cloud: { where: "moment-cloud" },
  moving: { where: "moving" },
  sharepoint: { where: "sharepoint" },
  waiting: { state: "waiting" },
  attention: { where: "needs-attention" },
  deleted: { state: "deleted" },
};

/** Parameters that narrow the list; a change of one begins at the first page. */
export const FILTERS = /** @type {const} */ ([
  "q", "customer", "project", "activity", "task", "tag", "type", "where", "state", "period", "from", "to", "by",
]);

/** What the list shows depends on these. @param {Query} query */
export function listPart(query) {
  return JSON.stringify([askedOf(query), query.after]);
}

/** @param {Query} query @returns {Record<string, string | string[]>} */
export function askedOf(query) {
  const { customer, project, activity, task, tag, type, where, state: inState, period, by } = query;
  const [from, to] = query.dates === "changed" ? ["changedFrom", "changedTo"] : ["addedFrom", "addedTo"];
  return {
    q: isLongEnough(query.q) ? query.q : "",
    customer,
    project,
    activity,
    task,
    tag,
    type,
    where: inState ? "" : where,
    state: inState,
    period,
    by,
    sort: query.sort,
    [from]: momentOf(query.from, "T00:00:00.000"),
    [to]: momentOf(query.to, "T23:59:59.999"),
  };
}

/** Search begins at two letters or digits. @param {string} q */
export function isLongEnough(q) {
  return (q.match(/[\p{L}\p{N}]/gu) ?? []).length >= 2;
}

/** A day of the person's own time zone as a moment. @param {string} day @param {string} time */
function momentOf(day, time) {
  const at = new Date(day + time);
  // What is no day goes out as it stands, so that the server's answer names it.
  return day && !Number.isNaN(at.getTime()) ? at.toISOString() : day;
}

/** The choice of Where that the address makes; empty: none. @param {Query} query */
export function whereOf(query) {
  const isChosen = (/** @type {{where?: string, state?: string}} */ set) =>
    query.state ? set.state === query.state : query.where !== "" && set.where === query.where;
  return Object.entries(WHERES).find(([, set]) => isChosen(set))?.[0] ?? "";
}

/** How many filters are set, the search apart. @param {Query} query */
export function filterCount(query) {
  const { from, to, tag } = query;
  const texts = FILTERS.filter((key) => !["q", "tag", "from", "to"].includes(key) && query[key]);
  return texts.length + tag.length + (from || to ? 1 : 0) + query.unknown.length;
}

/**
 * Change filters; a changed list begins at its first page.
 * @param {Partial<Query>} change
 * @param {{replace?: boolean}} [how]
 */
export function filter(change, how) {
  go({ ...change, after: "", unknown: [] }, how);
}

/** Remove every filter and the search. */
export function clearFilters() {
  go({ ...noFilters(), sort: state.query.sort });
}
