// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { closeDialog } from "./dialog.js";
import { go, may, parsed } from "./state.js";
import { badgeOf } from "./states.js";
import { clock, duration, iso, t, tt } from "./text.js";
import { makePlan, stop } from "./sync-dialog.js";
import { changesOf, doneOf, lookOf, outcome } from "./runs-model.js";
/** @import {Sync} from "./sync-dialog.js" */
/** @import {Run} from "./runs-model.js" */

// The run while it runs and when it has ended.

/** @param {Sync} sync */
export function runningStep(sync) {
  const run = /** @type {Run} */ (sync.run);
  const total = sync.plan ? changesOf(sync.plan) : 0;
  const done = Math.min(changesOf(run), total || Infinity);
  const left = secondsLeft(sync, run, done, total);
  return html`
    ${sync.isJoined
      ? html`<p>${tt("sync.joined", { name: iso(run.startedBy), time: clock(new Date(run.startedAt)) })}</p>`
      : nothing}
    ${total
      ? html`<progress max=${total} .value=${done} aria-label=${t("sync.step.running")}></progress>`
      : html`<progress aria-label=${t("sync.step.running")}></progress>`}
    <p>${total ? doneOf(done, total) : t("sync.so-far", { n: done })}${left === null ? nothing : `, ${t("sync.left", { time: duration(left) })}`}</p>
    <p class="hint" role="status">${t(run.cancelWanted ? "runs.stopping" : "sync.goes-on")}</p>
    <div class="dialog-foot">
      <button type="button" class="button" @click=${closeDialog}>${t("close")}</button>
      ${may("editor")
        ? html`<button type="button" class="button" ?disabled=${run.cancelWanted} @click=${() => stop(sync)}>${t("runs.stop")}</button>`
        : nothing}
    </div>`;
}

/** From what was done so far, before that from the plan's estimate. @param {Sync} sync @param {Run} run @param {number} done @param {number} total */
function secondsLeft(sync, run, done, total) {
  if (!total) return null;
  const elapsed = (Date.now() - new Date(run.startedAt).getTime()) / 1000;
  if (done > 0 && elapsed > 3) return Math.max(1, (elapsed / done) * (total - done));
  return sync.plan?.estimatedSeconds ?? null;
}

/** @param {Sync} sync */
export function resultStep(sync) {
  const run = /** @type {Run} */ (sync.run);
  const { tone, icon } = lookOf(run);
  const missed = run.counts?.changedMeanwhile ?? 0;
  const problems = run.problems ?? [];
  const leave = (/** @type {Partial<import("./types.js").Query>} */ query) => () => {
    closeDialog();
    go({ ...parsed(""), ...query });
  };
  return html`
    <p role="status">${badgeOf(tone, icon, t(`runs.state.${run.state}`))} ${outcome(run)}
      ${run.durationSeconds === null ? nothing : html`<span class="meta">${duration(run.durationSeconds)}</span>`}</p>
    ${missed ? html`<p class="aside-note">${t("sync.missed", { n: missed })}
      <button type="button" class="button small" @click=${() => makePlan(sync, true)}>${t("sync.new-plan")}</button></p>` : nothing}
    ${problems.length ? html`<ul class="plan-names" tabindex="0" aria-label=${t("runs.problems")}>
      ${problems.map((each) => html`<li><span dir="auto">${each.what}</span><div class="meta" dir="auto">${each.reason}</div></li>`)}
    </ul>` : nothing}
    <div class="dialog-foot">
      <button type="button" class="button" @click=${leave({ view: "runs", run: run.id })}>${t("sync.show-run")}</button>
      ${run.state === "needs-approval"
        ? html`<button type="button" class="button" @click=${leave({ view: "attention" })}>${t("runs.review")}</button>`
        : nothing}
      <button type="button" class="button" @click=${leave({ customer: sync.scope.customer, project: sync.scope.project ?? "" })}>${t("sync.show-files")}</button>
      <button type="button" class="button primary" @click=${closeDialog}>${t("close")}</button>
    </div>`;
}
