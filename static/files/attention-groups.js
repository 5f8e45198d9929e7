// @ts-check
import { api } from "./api.js";
import { learnPlaces } from "./objects.js";
/** @import {FileDoc} from "./types.js" */

// Files that need attention, by cause and customer: one cause usually holds many files, and one button helps them all.

/** @typedef {{key: string, cause: string, customer: string, files: FileDoc[], since: string}} Group */
/** @typedef {{customer: string, files: number, libraryFiles: number, percent: number, since: string | null, reason: string}} Approval */
/** @typedef {{id: string, concerns: string, reason: string, firstAt: string, lastAt: string, times: number}} GivenUp */

const PAGE = 100;
const MOST_PAGES = 10;

/** All files that need attention, as far as they are read. @param {AbortSignal} [signal] @returns {Promise<{files: FileDoc[], isAll: boolean}>} */
export async function troubled(signal) {
  /** @type {FileDoc[]} */
  const files = [];
  /** @type {string | undefined} */
  let page;
  for (let n = 0; n < MOST_PAGES; n += 1) {
    const { data } = await api("files", { query: { where: "needs-attention", include: "place", limit: PAGE, page }, signal });
    files.push(...data.items);
    page = data.nextPage;
    if (!page) break;
  }
  learnPlaces(files);
  return { files, isAll: !page };
}

/** @param {AbortSignal} [signal] @returns {Promise<Approval[]>} */
export async function approvals(signal) {
  return (await api("approvals", { query: { limit: 200 }, signal })).data.items;
}

/** @param {AbortSignal} [signal] @returns {Promise<GivenUp[]>} */
export async function givenUp(signal) {
  return (await api("given-up", { query: { limit: 200 }, signal })).data.items;
}

/**
 * Oldest first. What SharePoint refused for a reason that has no sentence of its own is told apart by that reason.
 * @param {FileDoc[]} files
 * @returns {Group[]}
 */
export function grouped(files) {
  /** @type {Map<string, Group>} */
  const groups = new Map();
  for (const file of files) {
    const cause = file.cause ?? "other";
    const key = JSON.stringify([cause, file.customer, cause === "other" ? file.reason : ""]);
    const group = groups.get(key) ?? { key, cause, customer: file.customer, files: [], since: file.changedAt };
    groups.set(key, group);
    group.files.push(file);
    if (file.changedAt < group.since) group.since = file.changedAt;
  }
  for (const group of groups.values()) group.files.sort((a, b) => a.changedAt.localeCompare(b.changedAt));
  return [...groups.values()].sort((a, b) => a.since.localeCompare(b.since));
}
