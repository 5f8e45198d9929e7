// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { dialogView } from "./dialog.js";
import { list } from "./files.js";
import { icon } from "./icons.js";
import { panel } from "./panel.js";
import { bar, button } from "./parts.js";
import { closePopup, popupButton } from "./popup.js";
import { recentMenu } from "./recent.js";
import { settingsMenu } from "./settings.js";
import { addressOf, go, parsed } from "./state.js";
import { clock, number, t } from "./text.js";
import { uploadTray } from "./upload.js";
/** @import {Query, State, View} from "./types.js" */

// What is around every place: the head with the four places, the bars that concern the page as a whole.

export const PLACES = /** @type {const} */ (["files", "attention", "runs", "customers"]);

/** The open place. @param {Query} query @returns {typeof PLACES[number]} */
export function placeOf(query) {
  return PLACES.find((each) => each === query.view) ?? "files";
}

/**
 * The whole page.
 * @param {State} current
 * @param {View} content the open place's
 */
export function shell(current, content) {
  const hasPanel = Boolean(current.query.file) && current.session !== "refused";
  return html`
    <a class="skip" href="#content" @click=${skip}>${t("shell.skip")}</a>
    ${head(current)}
    <section class="bars" aria-label=${t("shell.messages")}>${bars(current)}</section>
    <main id="content" tabindex="-1" class=${hasPanel ? "with-panel" : ""}>
      <div class="place">${current.session === "refused" ? refused() : content}</div>
      ${hasPanel ? panel() : nothing}
    </main>
    ${uploadTray(current)} ${dialogView()}
  `;
}

/** @param {State} current */
function head(current) {
  const own = placeOf(current.query);
  const link = (/** @type {typeof PLACES[number]} */ place) => html`<a
    href=${addressOf({ ...parsed(""), view: place === "files" ? "" : place })}
    aria-current=${place === own ? "page" : nothing}
    @click=${(/** @type {MouseEvent} */ e) => visit(e, place)}
    >${t(`place.${place}`)}${place === "attention" ? count(current.attention) : nothing}</a
  >`;
  return html`<header class="head">
    <span class="brand">${t("app.name")}</span>
    <nav class="places" aria-label=${t("shell.places")}>${PLACES.map(link)}</nav>
    <span class="places-menu">
      ${popupButton({
        name: "places",
        class: "button quiet",
        label: html`${icon("menu")} ${t(`place.${own}`)}${count(current.attention)}`,
        popupLabel: t("shell.places"),
        content: () => html`<nav class="places-list" aria-label=${t("shell.places")}>${PLACES.map(link)}</nav>`,
      })}
    </span>
    <span class="spread"></span>
    ${recentMenu(current)} ${settingsMenu(current)}
  </header>`;
}

/** @param {number | null} n files that need attention */
function count(n) {
  if (!n) return nothing;
  return html`<span class="count" aria-hidden="true">${number(n)}</span>
    <span class="unseen">, ${t("shell.attention.count", { n })}</span>`;
}

/** @param {MouseEvent} event @param {string} place */
function visit(event, place) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  closePopup({ refocus: false });
  go({ ...parsed(""), view: place === "files" ? "" : place });
}

/** @param {State} current */
function bars(current) {
  return [
    current.session === "out" ? signedOut(current) : nothing,
    current.isOnline ? nothing : bar("warn", offlineText(current)),
    current.isOutdated
      ? bar("info", t("bar.outdated"), button(t("bar.reload"), () => location.reload()))
      : nothing,
  ];
}

/** @param {State} current */
function offlineText(current) {
  const isList = placeOf(current.query) === "files" && list.loadedAt;
  return isList ? t("bar.offline", { time: clock(isList) }) : t("bar.offline.plain");
}

/** @param {State} current */
function signedOut(current) {
  // A new tab, so that what is typed here stays; it tells this one when it is done (api.js).
  const link = html`<a class="button" href=${safe(current.signIn)} target="_blank" rel="opener">${t("bar.signin")}</a>`;
  return bar("warn", t("bar.signedout"), link);
}

/** An address of this host only. @param {string} address */
function safe(address) {
  const url = new URL(address || "/", location.href);
  return url.origin === location.origin ? url.href : "/";
}

function refused() {
  return html`<div class="blank"><h1>${t("place.files")}</h1><p>${t("bar.refused")}</p></div>`;
}

/** @param {Event} event */
function skip(event) {
  event.preventDefault();
  document.getElementById("content")?.focus();
}

/** The window's title. @param {State} current */
export function titleOf(current) {
  return t("app.title", { place: t(`place.${placeOf(current.query)}`) });
}
