// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { repeat } from "../vendor/lit-html/directives/repeat.js";
import { icon } from "./icons.js";
import { pathOf, titled } from "./objects.js";
import { addressOf, go, parsed, state } from "./state.js";
import { openSync } from "./sync.js";
import { iso, isolated, t } from "./text.js";
import { below, branchOf, children, close, isOpen, keepShown, load, objectOf, open } from "./tree-branches.js";
/** @import {DirectoryDoc, PlaceIds, View} from "./types.js" */
/** @import {Kind} from "./objects.js" */

// The tree: nested lists whose branches have a disclosure button each. The object's name chooses it.

/** @param {PlaceIds} ids what lies above @param {Kind} kind @returns {View} */
export function branchView(ids, kind) {
  const branch = branchOf(ids, kind);
  const items = children(ids, kind);
  if (!branch) return nothing;
  return html`
    ${repeat(items, (each) => each.id, (each) => node({ ...ids, [kind]: each.id }, kind, each))}
    ${branch.problem
      ? html`<li class="branch-note">${t("tree.unread")} <button type="button" class="button link" @click=${() => load(ids, kind)}>${t("tree.again")}</button></li>`
      : branch.isLoading && !items.length
        ? html`<li class="branch-note">${t("tree.loading")}</li>`
        : nothing}
    ${branch.nextPage
      ? html`<li class="branch-note"><button type="button" class="button small" ?disabled=${branch.isLoading} @click=${() => load(ids, kind, { more: true })}>${t(`tree.more.${kind}`)}</button></li>`
      : nothing}`;
}

/** @param {PlaceIds} ids @param {Kind} kind @param {DirectoryDoc} object */
function node(ids, kind, object) {
  const kinds = below(kind);
  const isShown = isOpen(ids, kind);
  const listId = `branch-${pathOf(ids, kind)}`;
  const name = isolated(titled(object));
  return html`<li class="node">
    <div class="node-row ${isChosen(ids) ? "chosen" : ""}">
      ${kinds.length
        ? html`<button type="button" class="disclosure" aria-expanded=${isShown} aria-controls=${isShown ? listId : nothing}
            aria-label=${t("tree.below", { name })} @click=${() => (isShown ? close(ids, kind) : open(ids, kind))}>${icon(isShown ? "down" : "right")}</button>`
        : html`<span class="disclosure"></span>`}
      <a class="node-name" href=${addressOf(queryOf(ids))} aria-current=${isChosen(ids) ? "true" : nothing}
        @click=${(/** @type {MouseEvent} */ event) => choose(event, ids, kind, object)}>${numbered(object, kind)}</a>
      ${kind === "customer" || kind === "project" ? html`<span class="meta node-storage">${storageWords(ids, kind, object)}</span>
        <button type="button" class="button quiet square" title=${t("tree.sync")} aria-label=${t("tree.sync.of", { name })}
          @click=${() => openSync({ customer: ids.customer, project: ids.project ?? null })}>${icon("cloud")}</button>` : nothing}
    </div>
    ${isShown && kinds.length ? html`<ul class="branch" id=${listId}>${kinds.map((each) => branchView(ids, each))}${empty(ids, kind)}</ul>` : nothing}
  </li>`;
}

/** @param {PlaceIds} ids @param {Kind} kind */
function empty(ids, kind) {
  const all = below(kind);
  const isEmpty = all.every((each) => branchOf(ids, each) && !branchOf(ids, each)?.isLoading && !branchOf(ids, each)?.problem && !children(ids, each).length);
  return isEmpty ? html`<li class="branch-note">${t(`tree.empty.${kind}`)}</li>` : nothing;
}

/** "3 Prosjektering", "#42 Brannkonsept" @param {DirectoryDoc} object @param {Kind} kind */
function numbered(object, kind) {
  const period = object.period ? html` <span class="meta">${object.period}</span>` : nothing;
  return html`${object.number ? html`<span class="number">${kind === "task" ? "#" : ""}${object.number} </span>` : nothing}${iso(object.name)}${period}`;
}

/** Where it keeps its files, and whether that is its own choice. @param {PlaceIds} ids @param {Kind} kind @param {DirectoryDoc} object */
export function storageWords(ids, kind, object) {
  if (kind === "customer" || object.storage) {
    const where = t(`tree.storage.${object.storage ?? "moment"}`);
    return kind === "project" ? t("tree.storage.own", { where }) : where;
  }
  const inherited = objectOf({ customer: ids.customer }, "customer")?.storage ?? "moment";
  return `= ${t(`tree.storage.${inherited}`)}`;
}

/** @param {PlaceIds} ids */
function isChosen(ids) {
  const { customer, project, activity, task } = state.query;
  return customer === ids.customer && project === (ids.project ?? "") && activity === (ids.activity ?? "") && task === (ids.task ?? "");
}

/** @param {PlaceIds} ids */
export function queryOf({ customer, project, activity, task }) {
  return { ...parsed(""), view: "customers", q: state.query.q, customer, project: project ?? "", activity: activity ?? "", task: task ?? "" };
}

/** @param {MouseEvent} event @param {PlaceIds} ids @param {Kind} kind @param {DirectoryDoc} object */
function choose(event, ids, kind, object) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  keepShown(ids, kind, object);
  go(queryOf(ids));
}
