// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { filter } from "./asking.js";
import { idsOf, KINDS, placeOf, titled } from "./objects.js";
import { addressOf, parsed, update } from "./state.js";
import { iso, moment, size, t, tt } from "./text.js";
import { storageRule } from "./why.js";
/** @import {FileDoc, PlaceName, Query, View} from "./types.js" */

// What the panel is made of: its headings, and what is known of a file, name and value.

const phone = matchMedia("(width < 760px)");
phone.addEventListener("change", () => update());
const LONG = 60;

/** The panel's title, which takes the focus. On a phone the panel is all there is. @param {string} text */
export function panelTitle(text) {
  const look = text.length > LONG ? "long" : "";
  return phone.matches
    ? html`<h1 id="panel-title" tabindex="-1" dir="auto" class=${look}>${text}</h1>`
    : html`<h2 id="panel-title" tabindex="-1" dir="auto" class=${look}>${text}</h2>`;
}

/** @param {string} id @param {string} text */
export function sectionTitle(id, text) {
  return phone.matches
    ? html`<h2 id=${id} class="section-title">${text}</h2>`
    : html`<h3 id=${id} class="section-title">${text}</h3>`;
}

/** @param {FileDoc} file */
export function details(file) {
  const rule = storageRule(file);
  return html`<dl class="details">
    ${line("details.belongs", belongs(file))}
    ${rule ? line("details.storage", storage(rule)) : nothing}
    ${line("details.size", size(file.sizeBytes))} ${file.period ? line("details.period", file.period) : nothing}
    ${line("details.added", atBy(file.createdAt, file.createdBy))}
    ${file.modifiedAt ? line("details.edited", atBy(file.modifiedAt, file.modifiedBy ?? "")) : nothing}
    ${line("details.changed", moment(file.changedAt))}
    ${file.requestedName !== file.name ? line("details.requested", iso(file.requestedName)) : nothing}
    ${file.proof ? line("details.proof", t(file.proof === "identical" ? "proof.identical" : "proof.rewritten")) : nothing}
  </dl>`;
}

/** @param {string} key @param {View | any[]} value */
function line(key, value) {
  return html`<div><dt>${t(key)}</dt><dd>${value}</dd></div>`;
}

/** @param {NonNullable<ReturnType<typeof storageRule>>} rule */
function storage({ storage: where, owner, heir }) {
  const from = heir ? [", ", ...tt("details.inherited", { owner: iso(owner.name) })] : [];
  return [t(`storage.${where}`), ...from];
}

/** The objects, each leading to its files. @param {FileDoc} file @returns {View} */
function belongs(file) {
  const place = file.place ?? placeOf(file);
  const ids = idsOf(place);
  const shown = KINDS.filter((kind) => place[kind]);
  return html`${shown.map((kind, i) => {
    const upTo = KINDS.slice(0, KINDS.indexOf(kind) + 1);
    const change = Object.fromEntries(upTo.map((each) => [each, ids[each] ?? ""]));
    const separator = i ? html`<span class="sep" aria-hidden="true">›</span>` : nothing;
    return html`${separator}${objectLink(file, change, titled(/** @type {PlaceName} */ (place[kind])))} `;
  })}`;
}

/** @param {FileDoc} file @param {Partial<Query>} change @param {string} name */
function objectLink(file, change, name) {
  const visit = (/** @type {MouseEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    filter({ ...parsed(""), ...change, file: `${file.customer}/${file.id}` });
  };
  return html`<a href=${addressOf({ ...parsed(""), ...change })} @click=${visit}>${iso(name)}</a>`;
}

/** @param {string} at @param {string} who */
function atBy(at, who) {
  return who ? tt("details.at.by", { at: moment(at), who: iso(who) }) : moment(at);
}
