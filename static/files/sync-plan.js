// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { closeDialog } from "./dialog.js";
import { icon } from "./icons.js";
import { drawn, go, parsed, update } from "./state.js";
import { duration, iso, moment, size, t, tt } from "./text.js";
import { carryOut, makePlan, readActions } from "./sync-dialog.js";
import { KINDS, changesOf } from "./runs-model.js";
/** @import {Sync} from "./sync-dialog.js" */
/** @import {Action, Run} from "./runs-model.js" */

// The plan: how many files of each kind, how much, how long; by name where a person wants to know.

const CAN_LOSE = new Set(["deletes", "conflicts"]);

/** @param {Sync} sync */
export function planStep(sync) {
  const plan = /** @type {Run} */ (sync.plan);
  const total = changesOf(plan);
  if (plan.state !== "planned") return stopped(sync, plan);
  return html`<p role="status">${total ? t("sync.plan.not-yet", { time: moment(plan.endedAt ?? plan.startedAt) }) : t("runs.nothing")}</p>
    ${total ? table(sync, plan) : nothing}
    ${plan.estimatedSeconds && total ? html`<p class="hint">${t("sync.plan.takes", { time: duration(plan.estimatedSeconds) })}</p>` : nothing}
    <div class="dialog-foot">
      <button type="button" class="button" @click=${closeDialog}>${t(total ? "cancel" : "close")}</button>
      ${total
        ? html`<button type="button" class="button ${plan.counts?.deletes ? "danger" : "primary"}" @click=${() => carryOut(sync)}>${verb(plan, total)}</button>`
        : nothing}
    </div>`;
}

/** The button says what it does, with the number. @param {Run} plan @param {number} total */
function verb(plan, total) {
  const { transfers = 0, deletes = 0 } = plan.counts ?? {};
  if (deletes) return t("sync.do.deletes", { n: total, deletes });
  if (transfers === total) return t("sync.do.transfers", { n: transfers });
  return t("sync.do.changes", { n: total });
}

/** @param {Sync} sync @param {Run} plan */
function table(sync, plan) {
  const counts = plan.counts ?? {};
  const rows = KINDS.filter((kind) => counts[kind] || kind === "deletes");
  return html`<table class="plan">
    <caption class="unseen">${t("sync.step.plan.made")}</caption>
    <thead class="unseen"><tr><th scope="col">${t("sync.plan.what")}</th><th scope="col">${t("sync.plan.files")}</th>
      <th scope="col">${t("sync.plan.size")}</th><th scope="col">${t("sync.plan.names")}</th></tr></thead>
    <tbody>${rows.map((kind) => row(sync, kind, counts))}</tbody>
  </table>
  ${sync.shownKind ? names(sync) : nothing}`;
}

/** @param {Sync} sync @param {string} kind @param {Record<string, number>} counts */
function row(sync, kind, counts) {
  const n = counts[kind] ?? 0;
  const isShown = sync.shownKind === kind;
  return html`<tr class=${n && CAN_LOSE.has(kind) ? "warn" : ""}>
    <th scope="row">${t(`sync.kind.${kind}`)}</th>
    <td class="number">${t("sync.count", { n })}</td>
    <td class="number">${kind === "transfers" ? size(counts.bytes ?? 0) : nothing}</td>
    <td>${n
      ? html`<button type="button" class="button small" aria-expanded=${isShown} aria-controls=${isShown ? "sync-names" : nothing}
          aria-label=${t("sync.names.of", { kind: t(`sync.kind.${kind}`) })} @click=${() => show(sync, isShown ? "" : kind)}>${t("sync.names")}</button>`
      : nothing}</td>
  </tr>`;
}

/** @param {Sync} sync @param {string} kind */
async function show(sync, kind) {
  update(() => (sync.shownKind = kind));
  // The names of one kind may begin on a later page.
  while (kind && sync.nextActions && !sync.actions.some((each) => each.kinds.includes(kind))) await readActions(sync);
  await drawn();
}

/** @param {Sync} sync */
function names(sync) {
  const shown = sync.actions.filter((each) => each.kinds.includes(sync.shownKind));
  return html`<div id="sync-names" class="plan-names" tabindex="0" role="region" aria-label=${t("sync.names.of", { kind: t(`sync.kind.${sync.shownKind}`) })}>
    <ul>${shown.map((each) => name(sync, each))}</ul>
    ${sync.nextActions ? html`<button type="button" class="button small" @click=${() => readActions(sync)}>${t("sync.names.more")}</button>` : nothing}
  </div>`;
}

/** @param {Sync} sync @param {Action} action */
function name(sync, action) {
  const isNew = sync.known && !sync.known.has(action.file);
  return html`<li>${iso(action.name)}
    ${isNew ? html`<span class="badge info">${icon("plus")}<span>${t("sync.names.new")}</span></span>` : nothing}
    <span class="meta">${action.sizeBytes ? size(action.sizeBytes) : nothing} ${action.who ? tt("sync.names.by", { name: iso(action.who) }) : nothing}</span>
    ${action.change ? html`<div class="meta" dir="auto">${action.change}</div>` : nothing}
  </li>`;
}

/** A plan that can't be carried out: too much vanished, or something failed. @param {Sync} sync @param {Run} plan */
function stopped(sync, plan) {
  const isAsking = plan.state === "needs-approval";
  return html`<p role="alert">${t(isAsking ? "sync.plan.asks" : "sync.plan.stopped")}</p>
    <ul>${(plan.problems ?? []).map((each) => html`<li><span dir="auto">${each.what}</span>: <span dir="auto">${each.reason}</span></li>`)}</ul>
    <div class="dialog-foot">
      <button type="button" class="button" @click=${closeDialog}>${t("close")}</button>
      ${isAsking
        ? html`<button type="button" class="button primary" @click=${review}>${t("runs.review")}</button>`
        : html`<button type="button" class="button primary" @click=${() => makePlan(sync)}>${t("sync.again")}</button>`}
    </div>`;
}

function review() {
  closeDialog();
  go({ ...parsed(""), view: "attention" });
}
