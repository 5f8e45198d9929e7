// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { showKeys } from "./keys.js";
import { button } from "./parts.js";
import { closePopup, popupButton } from "./popup.js";
import { prefer, state } from "./state.js";
import { duration, isolated, t } from "./text.js";
/** @import {Preferences, State} from "./types.js" */

// The person's own choices. They live in localStorage, so that a copied address carries none of them.

const THEMES = ["system", "light", "dark"];
const UNDO_TIMES_S = [60, 120, 300, 600];

/** Put the choices on the document, where CSS and screen readers find them. @param {Preferences} chosen */
export function applyPreferences(chosen) {
  const root = document.documentElement;
  root.lang = chosen.language;
  root.dataset.rows = chosen.isCompact ? "compact" : "roomy";
  if (chosen.theme === "system") delete root.dataset.theme;
  else root.dataset.theme = chosen.theme;
}

/** @param {State} current */
export function settingsMenu(current) {
  const { me, preferences } = current;
  const name = me?.name ?? "";
  const densities = [["", t("shell.density.roomy")], ["1", t("shell.density.compact")]];
  const undoTimes = UNDO_TIMES_S.map((seconds) => [String(seconds), duration(seconds)]);
  return popupButton({
    name: "settings",
    class: "button quiet person",
    align: "end",
    label: html`<span aria-hidden="true">${initials(name)}</span>
      <span class="unseen">${t("shell.you", { name: isolated(name) })}</span>`,
    content: () => html`<div class="settings">
      <p class="settings-name" dir="auto">
        ${name}${me?.isDevelopment ? html`<span class="meta">${t("shell.you.development")}</span>` : nothing}
      </p>
      ${choice("language", t("shell.language"), [["en", "English"], ["nb", "Norsk"]], preferences.language)}
      ${choice("theme", t("shell.theme"), THEMES.map((each) => [each, t(`shell.theme.${each}`)]), preferences.theme)}
      ${choice("isCompact", t("shell.density"), densities, preferences.isCompact ? "1" : "")}
      ${choice("undoSeconds", t("shell.undo.time"), undoTimes, String(preferences.undoSeconds))}
      ${button(t("shell.keys"), () => (closePopup(), showKeys()))}
      ${me?.signOutUrl ? html`<a class="button" href=${me.signOutUrl}>${t("shell.signout")}</a>` : nothing}
    </div>`,
  });
}

/**
 * @param {"language" | "theme" | "isCompact" | "undoSeconds"} key
 * @param {string} label
 * @param {string[][]} options value and words
 * @param {string} chosen
 */
function choice(key, label, options, chosen) {
  return html`<label class="field">
    <span>${label}</span>
    <select @change=${(/** @type {Event} */ e) => choose(key, /** @type {HTMLSelectElement} */ (e.target).value)}>
      ${options.map(([value, words]) => html`<option value=${value} ?selected=${value === chosen}>${words}</option>`)}
    </select>
  </label>`;
}

/** @param {string} key @param {string} value */
function choose(key, value) {
  if (key === "isCompact") prefer({ isCompact: value === "1" });
  else if (key === "undoSeconds") prefer({ undoSeconds: Number(value) });
  else prefer({ [key]: value });
  applyPreferences(state.preferences);
}

/** @param {string} name */
function initials(name) {
  const words = name.split(/\s+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words[words.length - 1] : ""].map((word) => [...(word ?? "")][0] ?? "");
  return letters.join("").toLocaleUpperCase() || "–";
}
