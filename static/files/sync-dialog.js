// @ts-check
import { Problem, api, seg } from "./api.js";
import { drawn, update } from "./state.js";
import { t } from "./text.js";
import { cancelRun, planPage, runOf, runsPage, watchRun } from "./runs-model.js";
/** @import {Watch} from "./poll.js" */
/** @import {Action, Direction, Run} from "./runs-model.js" */

// What the cloud button's dialog knows and does. Its steps:
//
//   loading -> choose -> planning -> plan -> running -> result
//      \-> running (somebody's run of the same scope is joined)
//
// A plan is bound to the state it saw. Where it can't be carried out any more, a new one is made, and what is new in it
// is marked.

/** @typedef {{direction: Direction, files?: number, sizeBytes?: number, isExact?: boolean}} Option */
/** @typedef {"loading" | "choose" | "planning" | "plan" | "running" | "result" | "failed"} Step */

/**
 * @typedef {object} Sync
 * @property {{customer: string, project: string | null}} scope
 * @property {Step} step
 * @property {Option[]} options
 * @property {Direction | null} direction
 * @property {Run | null} plan
 * @property {Action[]} actions of the plan, as far as they were read
 * @property {string | undefined} nextActions
 * @property {string} shownKind the kind whose names are open
 * @property {Set<string> | null} known files of an outdated plan; null: the plan is the first
 * @property {Run | null} run
 * @property {boolean} isJoined somebody else began it
 * @property {string} problem
 * @property {Watch | null} watching
 */

/** @type {{open: Sync | null}} */
export const dialog = { open: null };

/** @param {{customer: string, project?: string | null}} target */
export async function openFor(target) {
  const scope = { customer: target.customer, project: target.project || null };
  const sync = /** @type {Sync} */ ({ scope, watching: null });
  update(() => (dialog.open = sync));
  await restart(sync);
}

/** From the beginning. @param {Sync} sync */
export async function restart(sync) {
  sync.watching?.stop();
  update(() => Object.assign(sync, {
    step: "loading", options: [], direction: null, plan: null, actions: [], nextActions: undefined, shownKind: "",
    known: null, run: null, isJoined: false, problem: "", watching: null,
  }));
  await attempt(sync, async () => {
    const [options, running] = await Promise.all([optionsOf(sync), runningNow(sync)]);
    update(() => {
      Object.assign(sync, { options, direction: options[0]?.direction ?? null });
    });
    if (running) await join(sync, running);
    else await to(sync, "choose");
  });
}

/** The dialog is gone; what runs goes on. */
export function closed() {
  dialog.open?.watching?.stop();
  update(() => (dialog.open = null));
}

/** @param {Sync} sync */
function path({ scope }) {
  return `customers/${seg(scope.customer)}${scope.project ? `/projects/${seg(scope.project)}` : ""}`;
}

/** @param {Sync} sync @returns {Promise<Option[]>} */
async function optionsOf(sync) {
  return (await api(`${path(sync)}/sync-options`)).data.options;
}

/** A run of the same scope that somebody has begun. @param {Sync} sync @returns {Promise<Run | undefined>} */
async function runningNow({ scope }) {
  const { items } = await runsPage(undefined, 50);
  return items.find((run) => run.state === "running" && !run.isPlan && run.customer === scope.customer && (run.project ?? null) === scope.project);
}

/** @param {Sync} sync @param {Run} run */
async function join(sync, run) {
  const plan = run.planOf ? await runOf(run.planOf) : null;
  update(() => Object.assign(sync, { plan, isJoined: true, direction: run.directions[0] }));
  await follow(sync, run);
}

/** @param {Sync} sync @param {boolean} [isAgain] the plan before is outdated */
export async function makePlan(sync, isAgain = false) {
  const known = isAgain ? new Set(sync.actions.map((each) => each.file)) : null;
  update(() => Object.assign(sync, { known, plan: null, actions: [], nextActions: undefined, shownKind: "", run: null }));
  await to(sync, "planning");
  await attempt(sync, async () => {
    const body = { direction: sync.direction, plan: true };
    const { data } = await api(`${path(sync)}/sync`, { method: "POST", body, idempotencyKey: crypto.randomUUID() });
    watch(sync, data.id, async (run) => {
      update(() => (sync.plan = run));
      if (!run.endedAt) return;
      if (run.state === "planned") await readActions(sync);
      await to(sync, "plan");
    });
  });
}

/** Read the next page of the plan's actions. @param {Sync} sync */
export async function readActions(sync) {
  const page = await planPage(/** @type {Run} */ (sync.plan).id, sync.nextActions);
  update(() => Object.assign(sync, { actions: [...sync.actions, ...page.items], nextActions: page.nextPage }));
}

/** Do just what the plan says. @param {Sync} sync */
export async function carryOut(sync) {
  try {
    const { data } = await api(`sync-runs/${seg(/** @type {Run} */ (sync.plan).id)}/carry-out`, { method: "POST", body: {} });
    await follow(sync, data);
  } catch (failure) {
    if (failure instanceof Problem && failure.status === 409) await makePlan(sync, true);
    else await failed(sync, failure);
  }
}

/** @param {Sync} sync @param {Run} begun */
async function follow(sync, begun) {
  update(() => (sync.run = begun));
  await to(sync, "running");
  watch(sync, begun.id, async (run) => {
    update(() => (sync.run = run));
    if (run.endedAt) await to(sync, "result");
  });
}

/** Let it end after what it is doing. @param {Sync} sync */
export async function stop(sync) {
  await attempt(sync, async () => {
    const run = await cancelRun(/** @type {Run} */ (sync.run).id);
    update(() => (sync.run = { ...sync.run, ...run }));
  });
}

/** @param {Sync} sync @param {string} id @param {(run: Run) => Promise<void>} seen */
function watch(sync, id, seen) {
  sync.watching?.stop();
  sync.watching = watchRun(id, (run) => void attempt(sync, () => seen(run)));
}

/** @param {Sync} sync @param {() => Promise<void>} action */
async function attempt(sync, action) {
  try {
    await action();
  } catch (failure) {
    await failed(sync, failure);
  }
}

/** @param {Sync} sync @param {unknown} failure */
async function failed(sync, failure) {
  if (!(failure instanceof Problem)) throw failure;
  update(() => (sync.problem = failure.detail || t(`sync.problem.${failure.kind}`)));
  await to(sync, "failed");
}

/** The next step; its heading gets the focus, so that it is read. @param {Sync} sync @param {Step} step */
async function to(sync, step) {
  update(() => (sync.step = step));
  await drawn();
  if (dialog.open === sync) document.getElementById("sync-step")?.focus();
}
