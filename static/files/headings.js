// @ts-check
import { html } from "../vendor/lit-html/lit-html.js";
import { update } from "./state.js";

// The panel's headings. On a phone the panel is all there is, so its title is the page's own and the rest follow.

const phone = matchMedia("(width < 760px)");
phone.addEventListener("change", () => update());
const LONG = 60;

/** The panel's title, which takes the focus when it opens. @param {string} text */
export function panelTitle(text) {
  const look = text.length > LONG ? "long" : "";
  return phone.matches
    ? html`<h1 id="panel-title" tabindex="-1" dir="auto" class=${look}>${text}</h1>`
    : html`<h2 id="panel-title" tabindex="-1" dir="auto" class=${look}>${text}</h2>`;
}

/** @param {string} id @param {string} text */
export function sectionTitle(id, text) {
  return phone.matches ? html`<h2 id=${id} class="section-title">${text}</h2>` : html`<h3 id=${id} class="section-title">${text}</h3>`;
}
