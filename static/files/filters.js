// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { filter, filterCount, TYPES, whereOf, WHERES } from "./asking.js";
import { among, combobox } from "./combobox.js";
import { list } from "./files.js";
import { icon } from "./icons.js";
import { button } from "./parts.js";
import { placePicker } from "./place-picker.js";
import { closePopup, popupButton } from "./popup.js";
import { state } from "./state.js";
import { seenTags } from "./tag-editor.js";
import { t } from "./text.js";
/** @import {PlaceIds, Query, View} from "./types.js" */

// The filters beside the search: one popup each where there is room, all in one sheet on a phone.

/** @typedef {{name: string, isOn: (query: Query) => boolean, content: () => View}} Group */

/** @type {Group[]} */
const GROUPS = [
  { name: "place", isOn: (query) => Boolean(query.customer), content: places },
  { name: "where", isOn: (query) => Boolean(whereOf(query)), content: wheres },
  { name: "type", isOn: (query) => Boolean(query.type), content: types },
  { name: "dates", isOn: (query) => Boolean(query.from || query.to), content: dates },
  { name: "person", isOn: (query) => Boolean(query.by), content: person },
  { name: "more", isOn: (query) => Boolean(query.tag.length || query.period), content: more },
];

/** @returns {View} */
export function filterButtons() {
  const n = filterCount(state.query);
  return html`<div class="filters" role="group" aria-label=${t("filter.label")}>
    <span class="filters-wide">
      ${GROUPS.map((group) =>
        popupButton({
          name: `filter-${group.name}`,
          class: `button ${group.isOn(state.query) ? "on" : ""}`,
          label: html`${t(`filter.${group.name}`)}${icon("down")}`,
          popupLabel: t(`filter.${group.name}`),
          content: group.content,
        }),
      )}
    </span>
    <span class="filters-narrow popup-anchor sheet">
      ${popupButton({
        name: "filter-all",
        class: `button ${n ? "on" : ""}`,
        label: html`${icon("filter")}${n ? t("filter.all.n", { n }) : t("filter.all")}`,
        popupLabel: t("filter.label"),
        content: sheet,
      })}
    </span>
  </div>`;
}

/** All filters below each other. */
function sheet() {
  const section = (/** @type {Group} */ group) => html`<section class="filter-section">
    <h2>${t(`filter.${group.name}`)}</h2>
    ${group.content()}
  </section>`;
  return html`${GROUPS.map(section)}
    <div class="sheet-foot">${button(t("filter.done"), () => closePopup(), { look: "primary" })}</div>`;
}

/**
 * @param {string} name
 * @param {{value: string, label: string}[]} options
 * @param {string} chosen
 * @param {(value: string) => void} choose
 */
function radios(name, options, chosen, choose) {
  return html`<div role="radiogroup" aria-label=${t(`filter.${name}`)}>
    ${options.map(
      ({ value, label }) => html`<label class="choice">
        <input type="radio" name=${`filter-${name}`} .checked=${value === chosen} @change=${() => choose(value)} />${label}
      </label>`,
    )}
  </div>`;
}

function places() {
  const { customer, project, activity, task } = state.query;
  const choose = (/** @type {PlaceIds} */ ids) =>
    filter({ customer: ids.customer, project: ids.project || "", activity: ids.activity || "", task: ids.task || "" });
  return placePicker({ name: "filter", value: { customer, project, activity, task }, choose });
}

function wheres() {
  const options = ["", ...Object.keys(WHERES)].map((value) => ({ value, label: t(`where.${value || "any"}`) }));
  return radios("where", options, whereOf(state.query), (value) => filter({ where: "", state: "", ...WHERES[value] }));
}

function types() {
  const options = ["", ...TYPES].map((value) => ({ value, label: t(`type.${value || "any"}`) }));
  return radios("type", options, state.query.type, (type) => filter({ type }));
}

const SPANS_DAYS = { today: 0, week: 6, month: 29, year: 364 };

function dates() {
  const { dates: which, from, to } = state.query;
  const by = ["", "changed"].map((value) => ({ value, label: t(`dates.${value || "added"}`) }));
  const day = (/** @type {"from" | "to"} */ key, /** @type {string} */ value) => html`<label class="field">
    <span>${t(`dates.${key}`)}</span>
    <input class="input" type="date" .value=${value} @change=${(/** @type {Event} */ e) => filter({ [key]: valueOf(e) })} />
  </label>`;
  return html`<div class="stack">
    ${radios("dates", by, which === "changed" ? "changed" : "", (value) => filter({ dates: value }))}
    <div class="row">
      ${Object.entries(SPANS_DAYS).map(
        ([name, days]) => button(t(`dates.${name}`), () => filter({ from: dayBefore(days), to: "" })),
      )}
    </div>
    <div class="two">${day("from", from)}${day("to", to)}</div>
  </div>`;
}

/** @param {number} days ago @returns {string} such as 2026-11-23 */
function dayBefore(days) {
  const at = new Date();
  at.setDate(at.getDate() - days);
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/** People that the page has seen. */
function* seenPeople() {
  if (state.me) yield state.me.name;
  for (const row of list.rows) yield row.createdBy;
}

function person() {
  return combobox({
    name: "filter-by",
    label: t("filter.person.label"),
    value: state.query.by,
    placeholder: t("filter.person.find"),
    isFree: true,
    isFirst: true,
    find: among(seenPeople),
    choose: (option) => filter({ by: option?.value ?? "" }),
  });
}

function more() {
  const { tag, period } = state.query;
  const added = (/** @type {string} */ text) => filter({ tag: [...new Set([...tag, text])] });
  return html`<div class="stack">
    ${combobox({
      name: "filter-tag",
      label: t("filter.tag"),
      value: "",
      placeholder: t("filter.tag.find"),
      isFree: true,
      isFirst: true,
      clears: true,
      find: among(seenTags),
      choose: (option) => option && added(option.value),
    })}
    ${tag.length ? html`<p class="hint">${t("filter.tag.all")}</p>` : nothing}
    <label class="field">
      <span>${t("filter.period")}</span>
      <input
        class="input"
        inputmode="numeric"
        placeholder=${t("filter.period.example")}
        .value=${period}
        @change=${(/** @type {Event} */ e) => filter({ period: valueOf(e).replaceAll(" ", "") })}
      />
    </label>
  </div>`;
}

/** @param {Event} event */
function valueOf(event) {
  return /** @type {HTMLInputElement} */ (event.target).value;
}
