// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { live } from "../vendor/lit-html/directives/live.js";
import { icon } from "./icons.js";
import { say } from "./live.js";
import { update } from "./state.js";
import { t } from "./text.js";
/** @import {View} from "./types.js" */

// An editable combobox with a list of hits, after the ARIA Authoring Practices' pattern: the focus stays in the field,
// aria-activedescendant points at the hit. https://www.w3.org/WAI/ARIA/apg/patterns/combobox/

/** @typedef {{value: string, label: string, second?: string}} Option */
/**
 * What is going on in a field.
 * @typedef {object} Typing
 * @property {string | null} text what is typed; null: nothing since the last choice
 * @property {Option[]} options
 * @property {number} active the hit that Enter takes; -1: none
 * @property {boolean} isOpen
 * @property {boolean} isBusy
 * @property {AbortController} [stop]
 */
/**
 * @typedef {object} Combobox
 * @property {string} name unique while it is shown
 * @property {string} label
 * @property {string} value what is chosen, as it is shown
 * @property {(q: string, signal: AbortSignal) => Promise<Option[]>} find
 * @property {(option: Option | null) => void} choose null: nothing is chosen any more
 * @property {boolean} [isFree] any text may be chosen, not only a hit
 * @property {boolean} [isDisabled]
 * @property {boolean} [isFirst] takes the focus when its popup opens
 * @property {boolean} [clears] the field is emptied by choosing, for the next
 * @property {string} [placeholder]
 */

const REST_MS = 150;
/** @type {Map<string, Typing>} */
const typings = new Map();

/** @param {string} name @returns {Typing} */
function typingOf(name) {
  const own = typings.get(name) ?? { text: null, options: [], active: -1, isOpen: false, isBusy: false };
  typings.set(name, own);
  return own;
}

/** Forget what is typed in fields whose names begin so. @param {string} beginning */
export function resetComboboxes(beginning) {
  for (const name of typings.keys()) if (name.startsWith(beginning)) typings.delete(name);
}

/** @param {Combobox} own @returns {View} */
export function combobox(own) {
  const typing = typingOf(own.name);
  const id = `combo-${own.name}`;
  const isOpen = typing.isOpen && (typing.options.length > 0 || typing.text !== null);
  return html`<div class="combo field">
    <label for=${id}>${own.label}</label>
    <span class="combo-box">
      <input
        id=${id}
        class="input"
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck="false"
        dir="auto"
        aria-autocomplete="list"
        aria-expanded=${isOpen}
        aria-controls=${`${id}-list`}
        aria-activedescendant=${isOpen && typing.active >= 0 ? `${id}-${typing.active}` : nothing}
        placeholder=${own.placeholder ?? nothing}
        ?disabled=${own.isDisabled}
        ?data-first=${own.isFirst}
        .value=${live(typing.text ?? own.value)}
        @input=${(/** @type {Event} */ e) => typed(own, /** @type {HTMLInputElement} */ (e.target).value)}
        @click=${() => find(own, typing.text ?? "", 0)}
        @keydown=${(/** @type {KeyboardEvent} */ e) => keyed(own, e)}
        @blur=${() => left(own)}
      />
      ${own.value && !own.clears && !own.isDisabled ? clearButton(own) : nothing}
      <div id=${`${id}-list`} class="combo-list" role="listbox" aria-label=${own.label} ?hidden=${!isOpen}>
        ${isOpen ? hits(own, typing, id) : nothing}
      </div>
    </span>
  </div>`;
}

/** @param {Combobox} own */
function clearButton(own) {
  const title = t("combo.clear", { label: own.label });
  return html`<button type="button" class="combo-clear" aria-label=${title} @click=${() => chosen(own, null)}>
    ${icon("close")}
  </button>`;
}

/** @param {Combobox} own @param {Typing} typing @param {string} id */
function hits(own, typing, id) {
  if (typing.options.length === 0) {
    const words = t(typing.isBusy ? "combo.busy" : "combo.none");
    return html`<div class="combo-none" role="option" aria-disabled="true" aria-selected="false">${words}</div>`;
  }
  return typing.options.map(
    (option, i) => html`<div
      id=${`${id}-${i}`}
      class="combo-hit"
      role="option"
      aria-selected=${i === typing.active}
      @pointerdown=${(/** @type {Event} */ e) => e.preventDefault()}
      @click=${() => chosen(own, option)}
    ><bdi>${option.label}</bdi>${option.second ? html`<span class="meta">${option.second}</span>` : nothing}</div>`,
  );
}

/** @param {Combobox} own @param {string} text */
function typed(own, text) {
  typingOf(own.name).text = text;
  find(own, text, REST_MS);
}

/** @param {Combobox} own @param {string} q @param {number} restMs */
async function find(own, q, restMs) {
  const typing = typingOf(own.name);
  typing.stop?.abort();
  const stop = (typing.stop = new AbortController());
  update(() => Object.assign(typing, { isOpen: true, isBusy: true, active: -1 }));
  if (restMs) await new Promise((resolve) => setTimeout(resolve, restMs));
  if (stop.signal.aborted) return;
  const options = await own.find(q, stop.signal).catch(() => /** @type {Option[]} */ ([]));
  if (stop.signal.aborted) return;
  update(() => Object.assign(typing, { options, isBusy: false }));
  if (typing.isOpen) say(t("combo.count", { n: options.length }));
}

/** @param {Combobox} own @param {Option | null} option */
function chosen(own, option) {
  const typing = typingOf(own.name);
  typing.stop?.abort();
  update(() => typings.delete(own.name));
  own.choose(option);
  if (!own.clears || option === null) document.getElementById(`combo-${own.name}`)?.focus();
}

/** @param {Combobox} own */
function left(own) {
  const typing = typingOf(own.name);
  typing.stop?.abort();
  const text = typing.text;
  update(() => typings.delete(own.name));
  if (own.isFree && text?.trim()) own.choose({ value: text.trim(), label: text.trim() });
  else if (text === "" && own.value) own.choose(null);
}

/** @param {Combobox} own @param {KeyboardEvent} event */
function keyed(own, event) {
  const typing = typingOf(own.name);
  const { options, active } = typing;
  const move = (/** @type {number} */ to) => {
    event.preventDefault();
    if (!typing.isOpen || options.length === 0) return void find(own, typing.text ?? "", 0);
    update(() => (typing.active = (to + options.length) % options.length));
    const id = `combo-${own.name}-${typing.active}`;
    requestAnimationFrame(() => document.getElementById(id)?.scrollIntoView({ block: "nearest" }));
  };
  if (event.key === "ArrowDown") move(active + 1);
  else if (event.key === "ArrowUp") move(active < 0 ? options.length - 1 : active - 1);
  else if (event.key === "Enter") {
    const text = typing.text?.trim();
    const free = own.isFree && text ? { value: text, label: text } : undefined;
    const option = options[active] ?? free ?? (typing.isOpen && text && options.length === 1 ? options[0] : undefined);
    if (!option) return;
    event.preventDefault();
    chosen(own, option);
  } else if (event.key === "Escape" && (typing.isOpen || typing.text !== null)) {
    event.preventDefault();
    event.stopPropagation();
    typing.stop?.abort();
    update(() => typings.delete(own.name));
  }
}

/** A source of hits from what the page has seen. @param {() => Iterable<string>} seen */
export function among(seen) {
  return async (/** @type {string} */ q) => {
    const wanted = q.trim().toLocaleLowerCase();
    const found = [...new Set(seen())].filter((each) => each && each.toLocaleLowerCase().includes(wanted)).slice(0, 20);
    return found.map((each) => ({ value: each, label: each }));
  };
}
