// @ts-check
import { html } from "../vendor/lit-html/lit-html.js";
import { state } from "./state.js";
/** @import {View} from "./types.js" */

// Every word that people read, in English and Norwegian (bokmål), and numbers, sizes, dates as each language writes.
// A text is a sentence with {params}, or one for each plural form that is chosen by {n}.

/** @typedef {string | {one: string, other: string}} Text */
/** @typedef {Record<string, Text>} Texts */

/** @type {{en: Texts, nb: Texts}} */
const known = { en: {}, nb: {} };
/** @type {Record<string, string>} */
const LOCALES = { en: "en-GB", nb: "nb-NO" };

/** Add texts. Keys begin with their area: "list.caption". @param {{en: Texts, nb: Texts}} more */
export function texts(more) {
  Object.assign(known.en, more.en);
  Object.assign(known.nb, more.nb);
}

/**
 * A text in the chosen language. Numbers among the parameters are written as the language does.
 * @param {string} key
 * @param {Record<string, string | number>} [params]
 * @returns {string}
 */
export function t(key, params = {}) {
  return pieces(key, params).join("");
}

/**
 * The same with templates among the parameters: names in `<bdi>`, links, buttons.
 * @param {string} key
 * @param {Record<string, any>} params
 * @returns {any[]}
 */
export function tt(key, params) {
  return pieces(key, params);
}

/** Whether there is such a text: for keys that the server's values make. @param {string} key */
export function hasText(key) {
  return key in known.en;
}

/** @param {string} key @param {Record<string, any>} params */
function pieces(key, params) {
  const text = known[state.preferences.language][key] ?? known.en[key];
  if (text === undefined) {
    console.error("no text", key);
    return [key];
  }
  const chosen = typeof text === "string" ? text : text[formOf(Number(params.n))];
  return chosen.split(/\{(\w+)\}/).map((piece, i) => (i % 2 ? shown(params[piece]) : piece));
}

/** @param {number} n @returns {"one" | "other"} */
function formOf(n) {
  return cached(Intl.PluralRules, {}).select(n) === "one" ? "one" : "other";
}

/** @param {any} value */
function shown(value) {
  return typeof value === "number" ? number(value) : value ?? "";
}

/**
 * A name from outside, kept apart from the sentence around it whatever its direction.
 * @param {string} name
 * @returns {View}
 */
export function iso(name) {
  return html`<bdi>${name}</bdi>`;
}

const OTHER_DIRECTION = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufefc]/;

/** The same in plain text (labels, titles, speech). @param {string} name */
export function isolated(name) {
  return OTHER_DIRECTION.test(name) ? `\u2068${name}\u2069` : name;
}

/** @type {Map<string, any>} */
const formats = new Map();

/**
 * @template T
 * @param {new (locale: string, options: any) => T} Kind
 * @param {object} options
 * @returns {T}
 */
function cached(Kind, options) {
  const locale = LOCALES[state.preferences.language];
  const key = Kind.name + locale + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Kind(locale, options));
  return formats.get(key);
}

/** @param {number} value */
export function number(value) {
  return cached(Intl.NumberFormat, {}).format(value);
}

/** @param {number} part of 1 */
export function percent(part) {
  return cached(Intl.NumberFormat, { style: "percent" }).format(part);
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

/** A size, as file managers write it: 1 kB is 1,000 bytes. @param {number | null} sizeBytes */
export function size(sizeBytes) {
  if (sizeBytes === null) return "–";
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(sizeBytes, 1)) / 3));
  const value = sizeBytes / 1000 ** power;
  const digits = power > 0 && value < 10 ? 1 : 0;
  const unit = { style: "unit", unit: UNITS[power], unitDisplay: power ? "short" : "long" };
  return cached(Intl.NumberFormat, { ...unit, maximumFractionDigits: digits }).format(value);
}

/** A time of day today, a day in this year, else a date: for columns. @param {string} iso8601 */
export function when(iso8601) {
  const at = new Date(iso8601);
  const now = new Date();
  if (at.toDateString() === now.toDateString()) return clock(at);
  const options = at.getFullYear() === now.getFullYear() ? { day: "numeric", month: "short" } : { dateStyle: "medium" };
  return cached(Intl.DateTimeFormat, options).format(at);
}

/** 14:03 @param {Date} at */
export function clock(at) {
  return cached(Intl.DateTimeFormat, { hour: "2-digit", minute: "2-digit" }).format(at);
}

/** Day and time in full. @param {string} iso8601 */
export function moment(iso8601) {
  return cached(Intl.DateTimeFormat, { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso8601));
}

/** A day such as 2026-11-23 as people write it. @param {string} day */
export function dayText(day) {
  const at = new Date(`${day}T12:00:00`);
  return Number.isNaN(at.getTime()) ? day : cached(Intl.DateTimeFormat, { dateStyle: "medium" }).format(at);
}

/** How long ago or how long it took: "2 days", "42 s". @param {number} seconds */
export function duration(seconds) {
  const steps = /** @type {const} */ ([["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]]);
  const [unit, length] = steps.find(([, each]) => seconds >= each) ?? steps[3];
  const unitDisplay = unit === "day" || unit === "hour" ? "long" : "short";
  return cached(Intl.NumberFormat, { style: "unit", unit, unitDisplay }).format(Math.round(seconds / length));
}

/** Orders names as people of the language do. @param {string} a @param {string} b */
export function compare(a, b) {
  return cached(Intl.Collator, { numeric: true }).compare(a, b);
}
