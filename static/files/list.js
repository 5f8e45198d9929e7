// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import "./text-list.js";
import { Problem } from "./api.js";
import { clearFilters, filterCount, listPart } from "./asking.js";
import { chipLine } from "./chips.js";
import { list } from "./files.js";
import { filterButtons } from "./filters.js";
import { icon } from "./icons.js";
import { keyPressed } from "./keys.js";
import { load, startWatching, stopWatching } from "./loading.js";
import { nameOf } from "./objects.js";
import { pager } from "./pager.js";
import { undoBar } from "./recent-view.js";
import { searchBox } from "./searching.js";
import { clearSelection } from "./selection.js";
import { selectionBar } from "./selection-bar.js";
import { bar } from "./shell.js";
import { go, may, parsed, state } from "./state.js";
import { openSync } from "./sync.js";
import { table } from "./table.js";
import { clock, iso, t, tt } from "./text.js";
import { pickFiles } from "./upload.js";
/** @import {PlaceIds, Query, State, View} from "./types.js" */

// The place Files: search, filters, list.

/** @param {State} current @returns {View} */
export function view(current) {
  return html`${heading(current)} ${attentionBar(current)}
    <div class="find">${searchBox()}${filterButtons()}</div>
    ${chipLine()} ${undoBar(current)} ${stateBars(current)} ${selectionBar()} ${body()}`;
}

/** @param {State} current */
function heading({ query }) {
  const { customer, project } = query;
  const target = customer ? /** @type {PlaceIds} */ ({ customer, project, activity: query.activity, task: query.task }) : null;
  return html`<div class="heading">
    <h1 id="place-title">${t("place.files")}</h1>
    ${target ? html`<p class="crumbs">${crumbs(target)}</p>` : nothing}
    <span class="spread"></span>
    ${target && may("editor")
      ? html`<button type="button" class="button" @click=${() => openSync({ customer, project: project || null })}>${icon("cloud")}${t("list.sync")}</button>`
      : nothing}
    ${may("editor") ? html`<button type="button" class="button primary" @click=${() => pickFiles(target)}>${icon("upload")}${t("list.upload")}</button>` : nothing}
  </div>`;
}

/** @param {PlaceIds} ids */
function crumbs(ids) {
  const kinds = /** @type {const} */ (["customer", "project", "activity", "task"]);
  const shown = kinds.filter((kind) => ids[kind]);
  return shown.map((kind, i) => html`${i ? html`<span class="sep" aria-hidden="true">›</span><span class="unseen">, </span>` : nothing}${iso(nameOf(ids, kind))}`);
}

/** @param {State} current */
function attentionBar(current) {
  if (!current.attention || current.query.where === "needs-attention") return nothing;
  const shown = () => go({ ...parsed(""), view: "attention" });
  return bar("bad", t("list.attention", { n: current.attention }), html`<button type="button" class="button" @click=${shown}>${t("list.attention.show")}</button>`);
}

/** @param {State} current */
function stateBars(current) {
  const isBusy = list.phase === "busy" || list.phase === "first";
  return [
    list.note ? bar("info", list.note) : nothing,
    isBusy && list.isSlow ? bar("info", t("list.slow")) : nothing,
    list.phase === "failed" && list.rows.length ? failure(current) : nothing,
  ];
}

/** @param {State} current */
function failure(current) {
  const problem = list.problem instanceof Problem ? list.problem : null;
  if (!current.isOnline) return bar("warn", list.loadedAt ? t("bar.offline", { time: clock(list.loadedAt) }) : t("bar.offline.plain"), again());
  if (problem?.status === 403) return bar("warn", t("list.forbidden"));
  if (problem && problem.status >= 400 && problem.status < 500) return bar("warn", html`<span dir="auto">${problem.detail}</span>`, again());
  const reference = problem?.reference ? ` ${t("list.reference", { id: problem.reference })}` : "";
  return bar("bad", t("list.failed") + reference, again());
}

function again() {
  return html`<button type="button" class="button" @click=${() => load()}>${t("list.again")}</button>`;
}

/** The table, or what stands in its place. */
function body() {
  if (list.rows.length === 0 && list.phase === "failed") return html`<div class="list-blank">${failure(state)}</div>`;
  if (list.rows.length === 0 && list.phase === "ready" && !list.newcomers.length) return empty();
  return html`${table()}${pager()}`;
}

function empty() {
  const n = filterCount(state.query);
  const { q } = state.query;
  if (!n && !q && !state.query.after) {
    return html`<div class="blank">${icon("folder")}<h2>${t("list.first")}</h2><p>${t("list.first.how")}</p></div>`;
  }
  const key = q ? (n ? "list.nomatch.both" : "list.nomatch.q") : "list.nomatch.filters";
  const more = list.next ? html`<p>${t("list.nomatch.more")}</p>${pager()}` : nothing;
  return html`<div class="blank">
    ${icon("search")}
    <h2>${tt(key, { q: iso(q), n })}</h2>
    <button type="button" class="button" @click=${clearFilters}>${t(n ? "list.nomatch.clear" : "list.nomatch.clear.q")}</button>
    ${more}
  </div>`;
}

/** Start watching. */
export function enter() {
  load();
  startWatching();
}

/** Stop watching. */
export function leave() {
  stopWatching();
  clearSelection({ isSaid: false });
}

/** @param {Query} query @param {Query} before */
export function routed(query, before) {
  if (listPart(query) !== listPart(before)) {
    const isPage = listPart({ ...query, after: "", sort: "" }) === listPart({ ...before, after: "", sort: "" });
    if (!isPage) clearSelection();
    load();
  }
}

export { keyPressed as key };
