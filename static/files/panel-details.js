// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { filter } from "./asking.js";
import { idsOf, KINDS, placeOf, titled } from "./objects.js";
import { addressOf, parsed } from "./state.js";
import { iso, moment, size, t, tt } from "./text.js";
import { storageRule } from "./why.js";
/** @import {FileDoc, View} from "./types.js" */

// What is known of a file, name and value.

/** @param {FileDoc} file */
export function details(file) {
  const rule = storageRule(file);
  return html`<dl class="details">
    ${line("details.belongs", belongs(file))}
    ${rule ? line("details.storage", html`${t(`storage.${rule.storage}`)}${rule.heir ? html`, ${tt("details.inherited", { owner: iso(rule.owner.name) })}` : nothing}`) : nothing}
    ${line("details.size", size(file.sizeBytes))} ${file.period ? line("details.period", file.period) : nothing}
    ${line("details.added", atBy(file.createdAt, file.createdBy))}
    ${file.modifiedAt ? line("details.edited", atBy(file.modifiedAt, file.modifiedBy ?? "")) : nothing}
    ${line("details.changed", moment(file.changedAt))}
    ${file.requestedName !== file.name ? line("details.requested", iso(file.requestedName)) : nothing}
    ${file.proof ? line("details.proof", t(`proof.${file.proof === "identical" ? "identical" : "rewritten"}`)) : nothing}
  </dl>`;
}

/** @param {string} key @param {View | any[]} value */
function line(key, value) {
  return html`<div><dt>${t(key)}</dt><dd>${value}</dd></div>`;
}

/** The objects, each leading to its files. @param {FileDoc} file @returns {View} */
function belongs(file) {
  const place = file.place ?? placeOf(file);
  const ids = idsOf(place);
  const shown = KINDS.filter((kind) => place[kind]);
  return html`${shown.map((kind, i) => {
    const upTo = KINDS.slice(0, KINDS.indexOf(kind) + 1);
    const change = Object.fromEntries(KINDS.map((each) => [each, upTo.includes(each) ? ids[each] ?? "" : ""]));
    const object = place[kind];
    if (!object) return nothing;
    const visit = (/** @type {MouseEvent} */ event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      filter({ ...parsed(""), ...change, file: `${file.customer}/${file.id}` });
    };
    return html`${i ? html`<span class="sep" aria-hidden="true">›</span>` : nothing}<a href=${addressOf({ ...parsed(""), ...change })} @click=${visit}>${iso(titled(object))}</a> `;
  })}`;
}

/** @param {string} at @param {string} who */
function atBy(at, who) {
  return who ? tt("details.at.by", { at: moment(at), who: iso(who) }) : moment(at);
}
