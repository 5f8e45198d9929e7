// @ts-check
import { api, seg } from "./api.js";
import { watch } from "./poll.js";
import { number, t } from "./text.js";
import "./text-runs.js";
/** @import {Page} from "./types.js" */
/** @import {Watch} from "./poll.js" */

// Sync runs as the API shows them, and what people read of them: the same words in the dialog and in the list.

/** @typedef {"to-sharepoint" | "from-sharepoint"} Direction */
/** @typedef {"running" | "planned" | "succeeded" | "partly" | "failed" | "needs-approval" | "cancelled"} RunState */

/**
 * @typedef {object} Run
 * @property {string} id
 * @property {"daily" | "by-hand"} kind
 * @property {Direction[]} directions
 * @property {string | null} customer
 * @property {string | null} project
 * @property {boolean} isPlan
 * @property {string | null} planOf
 * @property {RunState} state
 * @property {boolean} cancelWanted
 * @property {string} startedBy
 * @property {string} startedAt
 * @property {string | null} endedAt
 * @property {number | null} durationSeconds
 * @property {{parts: number, ended: number}} [progress]
 * @property {Record<string, number>} [counts]
 * @property {{what: string, reason: string}[]} [problems]
 * @property {number} [estimatedSeconds] of a plan
 */

/** @typedef {{kinds: string[], file: string, name: string, customer: string, project: string | null, change: string, who: string, sizeBytes: number}} Action */

/** What happens to files, in the order in which people read it. */
export const KINDS = /** @type {const} */ ([
  "transfers", "newRecords", "renames", "moves", "tagChanges", "contentChanges", "restores", "conflicts", "deletes",
]);

/** @param {string} id @param {AbortSignal} [signal] @returns {Promise<Run>} */
export async function runOf(id, signal) {
  return (await api(`sync-runs/${seg(id)}`, { signal })).data;
}

/** @param {string | undefined} page @param {number} limit @returns {Promise<Page<Run>>} */
export async function runsPage(page, limit) {
  return (await api("sync-runs", { query: { page, limit } })).data;
}

/** What a plan would do, a page at a time. @param {string} id @param {string | undefined} page @returns {Promise<Page<Action>>} */
export async function planPage(id, page) {
  return (await api(`sync-runs/${seg(id)}/plan`, { query: { page, limit: 100 } })).data;
}

/** Let a run end early. @param {string} id @returns {Promise<Run>} */
export async function cancelRun(id) {
  return (await api(`sync-runs/${seg(id)}/cancel`, { method: "POST" })).data;
}

/**
 * Look at a run until it has ended; `seen` gets it each time, and may throw what it can't handle.
 * @param {string} id
 * @param {(run: Run) => void} seen
 * @returns {Watch}
 */
export function watchRun(id, seen) {
  const watching = watch(async (signal) => {
    const run = await runOf(id, signal);
    if (run.endedAt) watching.stop();
    seen(run);
  }, () => true);
  // A small run has ended long before two seconds are over.
  setTimeout(watching.soon, 400);
  return watching;
}

/** How many changes of files it has made, or would. @param {Run} run */
export function changesOf(run) {
  return KINDS.reduce((sum, kind) => sum + (run.counts?.[kind] ?? 0), 0);
}

/** What a run or a part of it did, in short: "13 moved, 1 waits". @param {{state?: string, counts?: Record<string, number>}} run */
export function outcome(run) {
  const counts = run.counts ?? {};
  const parts = [...KINDS, "stillWaiting", "blocked", "changedMeanwhile", "blobsFound", "blobsUnplaced", "missingFolders"]
    .filter((kind) => counts[kind])
    .map((kind) => t(`runs.count.${kind}`, { n: counts[kind] }));
  if (parts.length) return parts.join(", ");
  return run.state === "succeeded" || run.state === "planned" ? t("runs.nothing") : "";
}

/** @param {Run} run @returns {{tone: string, icon: string}} */
export function lookOf(run) {
  switch (run.state) {
    case "running":
      return { tone: "info", icon: "moving" };
    case "succeeded":
      return { tone: "ok", icon: "ok" };
    case "failed":
      return { tone: "bad", icon: "bad" };
    case "partly":
    case "needs-approval":
      return { tone: "warn", icon: "warn" };
    default:
      return { tone: "neutral", icon: run.state === "cancelled" ? "stop" : "info" };
  }
}

/** @param {Run} run */
export function directionWords(run) {
  return run.directions.length > 1 ? t("runs.direction.both") : t(`runs.direction.${run.directions[0]}`);
}

/** "5 of 14" @param {number} done @param {number} total */
export function doneOf(done, total) {
  return t("runs.done-of", { done: number(done), total: number(total) });
}
