// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { live } from "../vendor/lit-html/directives/live.js";
import { filter, isLongEnough } from "./asking.js";
import { icon } from "./icons.js";
import { state, update } from "./state.js";
import { t } from "./text.js";

// Search as you type: 150 ms after the last key. The first key after a second's rest makes a step that Back returns
// to; the following keys only correct it.

const REST_MS = 150;
const STEP_AFTER_MS = 1000;
/** @type {string | null} What is typed and not in the address yet. */
let typed = null;
let typedAt = -STEP_AFTER_MS;
let isStepDue = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

export function searchBox() {
  const text = typed ?? state.query.q;
  const isShort = text !== "" && !isLongEnough(text);
  return html`<div class="search" role="search">
    ${icon("search")}
    <input
      id="search"
      class="input"
      type="search"
      autocomplete="off"
      spellcheck="false"
      dir="auto"
      maxlength="200"
      aria-label=${t("search.label")}
      aria-keyshortcuts="/"
      aria-describedby=${isShort ? "search-hint" : nothing}
      placeholder=${t("search.placeholder")}
      .value=${live(text)}
      @input=${changed}
      @keydown=${keyed}
    />
    ${isShort ? html`<span id="search-hint" class="meta search-hint">${t("search.short")}</span>` : nothing}
  </div>`;
}

/** @param {Event} event */
function changed(event) {
  isStepDue ||= performance.now() - typedAt > STEP_AFTER_MS;
  typedAt = performance.now();
  typed = /** @type {HTMLInputElement} */ (event.target).value;
  clearTimeout(timer);
  timer = setTimeout(sent, REST_MS);
  update();
}

function sent() {
  const q = typed ?? state.query.q;
  const replace = !isStepDue;
  typed = null;
  isStepDue = false;
  filter({ q }, { replace });
}

/** @param {KeyboardEvent} event */
function keyed(event) {
  if (event.key === "Enter") {
    clearTimeout(timer);
    sent();
  } else if (event.key === "ArrowDown") {
    event.preventDefault();
    /** @type {HTMLElement | null} */ (document.querySelector("tbody .name"))?.focus();
  }
}
