// @ts-check
import { Problem } from "./api.js";
import { watch } from "./poll.js";
import { drawn, go, state, update } from "./state.js";
import { detailView, enterDetail, leaveDetail } from "./runs-detail.js";
import { listView } from "./runs-list.js";
import { runsPage } from "./runs-model.js";
/** @import {Query, State} from "./types.js" */
/** @import {Watch} from "./poll.js" */
/** @import {Run} from "./runs-model.js" */

// Sync runs: all of them, newest first, narrowed by the address (customer, state, where: the direction); or one, ?run=.

const PAGE = 100;

/** @type {{items: Run[], nextPage: string | undefined, isLoading: boolean, problem: Problem | null}} */
export const runs = { items: [], nextPage: undefined, isLoading: false, problem: null };
/** @type {Watch | null} */
let watching = null;
/** The row to go back to. */
let lastRun = "";

/** @param {State} current */
export function view(current) {
  return current.query.run ? detailView(current.query.run) : listView(current.query, runs, { older, again });
}

/** The place was entered. */
export function enter() {
  if (state.query.run) enterDetail(state.query.run);
  else start();
}

/** The place was left. */
export function leave() {
  watching?.stop();
  watching = null;
  leaveDetail();
}

/** @param {Query} query @param {Query} before */
export function routed(query, before) {
  if (query.run === before.run) return;
  leave();
  enter();
  if (query.run) {
    void drawn().then(() => document.getElementById("run-title")?.focus());
  } else {
    lastRun = before.run;
    void drawn().then(() => document.getElementById(`run-${lastRun}`)?.focus());
  }
}

/** Esc goes back to the list. @param {KeyboardEvent} event */
export function key(event) {
  if (event.key !== "Escape" || !state.query.run) return false;
  go({ run: "" });
  return true;
}

function start() {
  watching = watch(refresh, () => runs.items.some((run) => run.state === "running"));
  update(() => (runs.isLoading = !runs.items.length));
  watching.soon();
}

/** Read the newest page and put it before what is older. @param {AbortSignal} [_signal] */
async function refresh(_signal) {
  try {
    const page = await runsPage(undefined, PAGE);
    const fresh = new Set(page.items.map((run) => run.id));
    const older = runs.items.filter((run) => !fresh.has(run.id));
    const isFirst = !runs.items.length;
    update(() => {
      Object.assign(runs, { items: [...page.items, ...older], isLoading: false, problem: null });
      if (isFirst) runs.nextPage = page.nextPage;
    });
  } catch (failure) {
    if (failure instanceof Problem) update(() => Object.assign(runs, { isLoading: false, problem: failure }));
    throw failure;
  }
}

/** Read the page after the last. */
async function older() {
  try {
    const page = await runsPage(runs.nextPage, PAGE);
    const known = new Set(runs.items.map((run) => run.id));
    update(() => {
      runs.items.push(...page.items.filter((run) => !known.has(run.id)));
      runs.nextPage = page.nextPage;
    });
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure;
    update(() => (runs.problem = failure));
  }
}

function again() {
  update(() => Object.assign(runs, { problem: null, isLoading: !runs.items.length }));
  watching?.soon();
}

