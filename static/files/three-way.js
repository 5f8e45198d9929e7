// @ts-check
/** @import {FileDoc} from "./types.js" */

// What becomes of an edit when somebody else changed the file first. Pure.
//
// edit of    theirs, since mine began        outcome
// ---------- ------------------------------- -----------------------------------
// anything   deleted                         gone
// tags       any                             send: their tags, with what I added and without what I removed
// the rest   did not touch the same          send mine again
// the rest   made the same                   same: nothing is left to do
// the rest   made something else             conflict: a person chooses

/** @typedef {Partial<Pick<FileDoc, "name" | "tags" | "period" | "project" | "activity" | "task">>} Change */
/** @typedef {{kind: "send", change: Change} | {kind: "same" | "conflict" | "gone"}} Outcome */

/**
 * @param {Change} change
 * @param {FileDoc} base the file as it was when the edit began
 * @param {FileDoc} theirs the file as it is now
 * @returns {Outcome}
 */
export function outcome(change, base, theirs) {
  if (theirs.state === "deleted") return { kind: "gone" };
  if (change.tags) {
    const tags = mergedTags(base.tags, change.tags, theirs.tags);
    return equal(tags, theirs.tags) ? { kind: "same" } : { kind: "send", change: { ...change, tags } };
  }
  if (agrees(change, base, theirs)) return { kind: "send", change };
  return holds(change, theirs) ? { kind: "same" } : { kind: "conflict" };
}

/**
 * Their tags with what was added, without what was removed.
 * @param {string[]} base
 * @param {string[]} mine
 * @param {string[]} theirs
 */
export function mergedTags(base, mine, theirs) {
  const added = mine.filter((tag) => !base.includes(tag));
  const removed = base.filter((tag) => !mine.includes(tag));
  return [...new Set([...theirs.filter((tag) => !removed.includes(tag)), ...added])];
}

/** Whether the file is as the change made it. @param {Change} change @param {FileDoc} file */
export function holds(change, file) {
  return fieldsOf(change).every((field) => equal(change[field] || null, file[field] || null));
}

/** The change that takes this one back. @param {Change} change @param {FileDoc} base @returns {Change} */
export function backOf(change, base) {
  return Object.fromEntries(fieldsOf(change).map((field) => [field, base[field]]));
}

/**
 * Whether they left alone what the change is about.
 * @param {Change} change
 * @param {FileDoc} base
 * @param {FileDoc} theirs
 */
function agrees(change, base, theirs) {
  return fieldsOf(change).every((field) => equal(base[field] || null, theirs[field] || null));
}

/** @param {Change} change */
function fieldsOf(change) {
  return /** @type {(keyof Change)[]} */ (Object.keys(change));
}

/** @param {unknown} a @param {unknown} b */
function equal(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}
