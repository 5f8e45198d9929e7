// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { repeat } from "../vendor/lit-html/directives/repeat.js";
import { nameOf } from "./objects.js";
import { path } from "./place-path.js";
import { addressOf, go, parsed } from "./state.js";
import { badgeOf } from "./states.js";
import { compare, duration, iso, moment, t, tt, when } from "./text.js";
import { directionWords, lookOf, outcome } from "./runs-model.js";
/** @import {Problem} from "./api.js" */
/** @import {Query, View} from "./types.js" */
/** @import {Run} from "./runs-model.js" */

// The list of sync runs. A plan that was only looked at is left out, unless plans are asked for.

const RESULTS = ["running", "succeeded", "partly", "failed", "needs-approval", "cancelled", "planned"];
/** Columns that a narrow screen leaves out; what they say of the place stands in the result there. */
const WIDE = new Set(["what", "direction", "who", "time"]);
const DIRECTIONS = ["to-sharepoint", "from-sharepoint"];

/** @typedef {{items: Run[], nextPage: string | undefined, isLoading: boolean, problem: Problem | null}} Runs */
/** @typedef {{older: () => void, again: () => void}} Actions */

/** @param {Query} query @param {Runs} runs @param {Actions} actions */
export function listView(query, runs, actions) {
  const shown = runs.items.filter((run) => matches(run, query));
  return html`<div class="page-head"><h1>${t("place.runs")}</h1></div>
    ${filters(query, runs.items)}
    ${runs.problem ? unread(runs.problem, actions) : nothing}
    ${runs.isLoading ? html`<p class="hint">${t("runs.loading")}</p>` : shown.length ? table(shown, query) : empty(runs, query)}
    ${runs.nextPage ? html`<p class="row"><button type="button" class="button" @click=${actions.older}>${t("runs.more")}</button></p>` : nothing}`;
}

/** @param {Run} run @param {Query} query */
function matches(run, query) {
  const isOf = !query.customer || run.customer === query.customer;
  const goes = !query.where || /** @type {string[]} */ (run.directions).includes(query.where);
  const isPlain = !run.isPlan || run.state !== "planned";
  return isOf && goes && (query.state ? run.state === query.state : isPlain);
}

/** @param {Query} query @param {Run[]} items */
function filters(query, items) {
  const ids = [...new Set([...items.map((run) => run.customer), query.customer])].filter((id) => id);
  const customers = ids.map((id) => [String(id), nameOf({ customer: String(id) }, "customer")]);
  customers.sort(([, a], [, b]) => compare(a, b));
  return html`<div class="row run-filters">
    ${select("customer", query.customer, customers)}
    ${select("where", query.where, DIRECTIONS.map((each) => [each, t(`runs.direction.${each}`)]))}
    ${select("state", query.state, RESULTS.map((each) => [each, t(`runs.state.${each}`)]))}
  </div>`;
}

/** @param {"customer" | "where" | "state"} key @param {string} chosen @param {string[][]} options value and words */
function select(key, chosen, options) {
  const label = { customer: "runs.filter.customer", where: "runs.filter.direction", state: "runs.filter.result" }[key];
  return html`<label class="field"><span>${t(label)}</span>
    <select @change=${(/** @type {Event} */ event) => go({ [key]: /** @type {HTMLSelectElement} */ (event.target).value })}>
      <option value="" ?selected=${!chosen}>${t("runs.filter.any")}</option>
      ${options.map(([value, words]) => html`<option value=${value} ?selected=${value === chosen}>${words}</option>`)}
    </select>
  </label>`;
}

/** @param {Run[]} shown @param {Query} query */
function table(shown, query) {
  const column = (/** @type {string} */ key) => html`<th scope="col" class=${WIDE.has(key) ? "run-wide" : ""}>${t(`runs.column.${key}`)}</th>`;
  return html`<table class="runs">
    <caption class="unseen">${t("runs.caption")}</caption>
    <thead><tr>${["when", "what", "direction", "who", "result", "time"].map(column)}</tr></thead>
    <tbody>${repeat(shown, (run) => run.id, (run) => row(run, query))}</tbody>
  </table>`;
}

/** @param {Run} run @param {Query} query */
function row(run, query) {
  const { tone, icon } = lookOf(run);
  const ended = run.state === "running" ? "" : outcome(run);
  return html`<tr>
    <th scope="row"><a id=${`run-${run.id}`} href=${addressOf({ ...query, run: run.id })} title=${moment(run.startedAt)}
      @click=${(/** @type {MouseEvent} */ event) => open(event, run)}>${when(run.startedAt)}</a></th>
    <td class="run-wide">${placeOf(run)}${run.isPlan ? html` <span class="tag">${t("runs.plan")}</span>` : nothing}</td>
    <td class="run-wide">${directionWords(run)}</td>
    <td class="run-wide">${run.kind === "daily" ? t("runs.daily") : tt("runs.by", { name: iso(run.startedBy) })}</td>
    <td><div class="run-narrow">${placeOf(run)}</div>${badgeOf(tone, icon, t(`runs.state.${run.state}`))} ${run.counts || run.endedAt ? html`<span class="run-outcome">${ended}</span>` : nothing}</td>
    <td class="number run-wide">${run.durationSeconds === null ? nothing : duration(run.durationSeconds)}</td>
  </tr>`;
}

/** What it is about. @param {Run} run @returns {View | View[]} */
export function placeOf(run) {
  return run.customer ? path({ customer: run.customer, project: run.project }) : t("runs.all");
}

/** @param {MouseEvent} event @param {Run} run */
function open(event, run) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  go({ run: run.id });
}

/** @param {Runs} runs @param {Query} query */
function empty(runs, query) {
  if (runs.problem) return nothing;
  const isNarrowed = query.customer || query.where || query.state;
  return html`<div class="blank"><p>${t(isNarrowed && runs.items.length ? "runs.none.match" : "runs.none")}</p>
    ${isNarrowed ? html`<p><button type="button" class="button" @click=${() => go({ ...parsed(""), view: "runs" })}>${t("runs.clear")}</button></p>` : nothing}
  </div>`;
}

/** @param {Problem} problem @param {Actions} actions */
export function unread(problem, { again }) {
  return html`<div class="bar warn" role="alert"><span class="bar-text">${t("runs.unread")}
    ${problem.reference ? t("upload.reference", { id: problem.reference }) : nothing}</span>
    <button type="button" class="button" @click=${again}>${t("runs.again")}</button></div>`;
}
