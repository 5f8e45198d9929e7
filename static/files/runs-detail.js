// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { Problem, api, seg } from "./api.js";
import { icon } from "./icons.js";
import { nameOf } from "./objects.js";
import { watch } from "./poll.js";
import { addressOf, go, may, parsed, update } from "./state.js";
import { badgeOf } from "./states.js";
import { duration, iso, moment, t, tt } from "./text.js";
import { placeOf } from "./runs-list.js";
import { cancelRun, directionWords, lookOf, outcome, runOf } from "./runs-model.js";
/** @import {Watch} from "./poll.js" */
/** @import {Run, RunState} from "./runs-model.js" */

// One run: what it did, what did not succeed, and its parts.

/** @typedef {{part: string, kind: string, customer: string | null, state: string, counts: Record<string, number>, problems: {what: string, reason: string}[], lastSeenAt: string | null}} Part */

const PARTS = 100;

/** @type {{run: Run | null, parts: Part[], nextPage: string | undefined, problem: Problem | null}} */
const detail = { run: null, parts: [], nextPage: undefined, problem: null };
/** @type {Watch | null} */
let watching = null;

/** @param {string} id */
export function enterDetail(id) {
  update(() => {
    if (detail.run?.id !== id) Object.assign(detail, { run: null, parts: [], nextPage: undefined });
    detail.problem = null;
  });
  watching = watch((signal) => look(id, signal), () => detail.run?.state === "running");
  watching.soon();
}

/** Stop watching. */
export function leaveDetail() {
  watching?.stop();
  watching = null;
}

/** @param {string} id @param {AbortSignal} signal */
async function look(id, signal) {
  try {
    const run = await runOf(id, signal);
    const { data } = await api(`sync-runs/${seg(id)}/parts`, { query: { limit: PARTS }, signal });
    update(() => {
      const fresh = new Set(data.items.map((/** @type {Part} */ part) => part.part));
      const later = detail.parts.filter((part) => !fresh.has(part.part));
      if (!later.length) detail.nextPage = data.nextPage;
      Object.assign(detail, { run, parts: [...data.items, ...later], problem: null });
    });
    // What has ended does not change any more.
    if (run.endedAt) leaveDetail();
  } catch (failure) {
    if (failure instanceof Problem) update(() => (detail.problem = failure));
    if (failure instanceof Problem && failure.status === 404) leaveDetail();
    throw failure;
  }
}

async function moreParts() {
  const { data } = await api(`sync-runs/${seg(detail.run?.id ?? "")}/parts`, { query: { limit: PARTS, page: detail.nextPage } });
  update(() => {
    detail.parts.push(...data.items);
    detail.nextPage = data.nextPage;
  });
}

/** @param {string} id */
export function detailView(id) {
  const { run, problem } = detail;
  const isRead = run?.id === id;
  return html`<p><a class="back" href=${addressOf({ ...parsed(""), view: "runs" })} @click=${back}>${icon("left")} ${t("runs.back")}</a></p>
    <h1 id="run-title" tabindex="-1">${isRead ? tt("runs.detail", { place: placeOf(run) }) : t("place.runs")}</h1>
    ${isRead
      ? whole(run)
      : html`<p class="hint" role="status">${problem ? t(problem.status === 404 ? "runs.gone" : "runs.unread") : t("runs.loading")}</p>`}`;
}

/** @param {Run} run */
function whole(run) {
  const { tone, icon: name } = lookOf(run);
  const fact = (/** @type {string} */ key, /** @type {any} */ value) => html`<div><dt>${t(key)}</dt><dd>${value}</dd></div>`;
  const others = Object.entries(run.counts ?? {}).filter(([kind]) => ["editsSent", "releases", "sessionsCancelled", "libraries"].includes(kind));
  return html`<p class="row">${badgeOf(tone, name, t(`runs.state.${run.state}`))} ${run.isPlan ? html`<span class="tag">${t("runs.plan")}</span>` : nothing}
      ${run.state === "running" && run.progress
        ? html`<span class="hint">${t("runs.progress", { done: run.progress.ended, n: run.progress.parts })}</span>`
        : nothing}
      ${run.state === "running" && may("editor")
        ? html`<button type="button" class="button" ?disabled=${run.cancelWanted} @click=${() => cancel(run)}>${t(run.cancelWanted ? "runs.stopping" : "runs.stop")}</button>`
        : nothing}
      ${run.state === "needs-approval"
        ? html`<a class="button" href=${addressOf({ ...parsed(""), view: "attention" })}>${t("runs.review")}</a>`
        : nothing}
    </p>
    <dl class="facts">
      ${fact("runs.column.direction", directionWords(run))}
      ${fact("runs.column.who", run.kind === "daily" ? t("runs.daily") : iso(run.startedBy))}
      ${fact("runs.started", moment(run.startedAt))}
      ${run.endedAt ? fact("runs.ended", `${moment(run.endedAt)} (${duration(run.durationSeconds ?? 0)})`) : nothing}
      ${outcome(run) ? fact("runs.counts", outcome(run)) : nothing}
      ${others.length ? fact("runs.column.what", others.map(([kind, n]) => t(`runs.count.${kind}`, { n })).join(", ")) : nothing}
    </dl>
    ${run.customer ? html`<p><a href=${addressOf({ ...parsed(""), customer: run.customer, project: run.project ?? "" })}>${tt("runs.files", { name: placeOf(run) })}</a></p>` : nothing}
    ${problems(run.problems ?? [])}
    <h2>${t("runs.parts")}</h2><p class="hint">${t("runs.parts.why")}</p>
    ${parts()}`;
}

/** @param {{what: string, reason: string}[]} found */
function problems(found) {
  if (!found.length) return nothing;
  return html`<h2>${t("runs.problems")}</h2>
    <ul class="problems">${found.map((each) => html`<li><strong dir="auto">${each.what}</strong><span dir="auto">${each.reason}</span></li>`)}</ul>`;
}

function parts() {
  return html`<table class="runs parts">
      <caption class="unseen">${t("runs.parts")}</caption>
      <thead><tr><th scope="col">${t("runs.part.column")}</th><th scope="col">${t("runs.filter.customer")}</th><th scope="col">${t("runs.column.result")}</th></tr></thead>
      <tbody>${detail.parts.map(part)}</tbody>
    </table>
    ${detail.nextPage ? html`<button type="button" class="button" @click=${moreParts}>${t("runs.parts.more")}</button>` : nothing}`;
}

/** @param {Part} part */
function part(part) {
  const state = /** @type {RunState} */ (part.state === "open" ? "running" : part.state === "done" ? "succeeded" : part.state);
  const { tone, icon: name } = lookOf(/** @type {Run} */ ({ state }));
  const counts = outcome({ counts: part.counts });
  return html`<tr>
    <th scope="row">${t(`runs.part.${part.kind}`)}</th>
    <td>${part.customer ? iso(nameOf({ customer: part.customer }, "customer")) : "–"}</td>
    <td>${badgeOf(tone, name, t(`runs.part.state.${part.state}`))} <span class="run-outcome">${part.state === "open" ? "" : counts}</span></td>
  </tr>`;
}

/** @param {Run} run */
async function cancel(run) {
  const changed = await cancelRun(run.id);
  update(() => (detail.run = { ...run, ...changed }));
  watching?.soon();
}

/** @param {MouseEvent} event */
function back(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  go({ run: "" });
}
