// @ts-check
import { html } from "../vendor/lit-html/lit-html.js";
import { openDialog } from "./dialog.js";
import { deleteFiles } from "./file-actions.js";
import { menuName } from "./file-menu.js";
import { keyOf, list } from "./files.js";
import { openMove } from "./move.js";
import { editName } from "./name-editor.js";
import { openFile } from "./opening.js";
import { closePanel } from "./panel.js";
import { openPopup } from "./popup.js";
import { newestUndoable, undoEntry } from "./recent.js";
import { clearSelection, isSelected, selectedFiles, toggle, togglePage } from "./selection.js";
import { go, prefer, state } from "./state.js";
import { editTags } from "./tag-editor.js";
import { t } from "./text.js";
/** @import {FileDoc} from "./types.js" */

// Keys. None that a browser owns is taken; single characters act outside fields only and can be switched off (WCAG
// 2.1.4).

/** @type {Record<string, (file: FileDoc) => void>} */
const ROW_LETTERS = {
  o: openFile,
  i: (file) => go({ file: keyOf(file) }),
  t: (file) => void editTags(file),
  m: openMove,
  ".": (file) => openPopup(menuName(file, "row")),
};

/** Keys with the name of what they do, for the list of keys. @type {[string, string][]} */
const SHOWN = [
  ["/", "search"], ["↑ ↓ Home End", "rows"], ["Enter O", "open"], ["I Alt+Enter", "details"], ["F2", "rename"],
  ["T", "tags"], ["M", "move"], [".", "menu"], ["Space", "select"], ["Shift+Space", "range"], ["Ctrl+A", "page"],
  ["Esc", "close"], ["Delete", "delete"], ["Ctrl+Z", "undo"], ["?", "keys"],
];

/** @param {KeyboardEvent} event @returns {boolean} whether it was used */
export function keyPressed(event) {
  const target = /** @type {Element} */ (event.target);
  const isField = target.matches("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");
  if (isField) return event.key === "Escape" && target.closest(".panel") !== null && closePanel();
  if (target.closest(".popup")) return false;
  const file = fileOf(target);
  return (file ? rowKey(event, file, target) : false) || pageKey(event, target);
}

/** @param {Element} target */
function fileOf(target) {
  const key = target.closest("[data-key]")?.getAttribute("data-key");
  return list.rows.find((row) => keyOf(row) === key);
}

/** @param {KeyboardEvent} event @param {FileDoc} file @param {Element} target */
function rowKey(event, file, target) {
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
  const isName = target.matches(".name");
  const step = isName && isPlain ? { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key] : undefined;
  if (step !== undefined) return focusRow(file, step);
  if (event.key === "Enter" && event.altKey) return done(() => go({ file: keyOf(file) }));
  if (event.key === "F2") return done(() => editName(file, "row"));
  if (event.key === " " && isName) return done(() => toggle(file, { isRange: event.shiftKey }));
  if (event.key === "Delete") return done(() => deleteFiles(isSelected(file) ? selectedFiles() : [file]));
  const letter = isPlain && state.preferences.singleKeys ? ROW_LETTERS[event.key.toLowerCase()] : undefined;
  return letter ? done(() => letter(file)) : false;
}

/** @param {KeyboardEvent} event @param {Element} target */
function pageKey(event, target) {
  const isControl = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  if (isControl && event.key === "a" && target.closest("table.files")) return done(togglePage);
  if (isControl && event.key === "z") {
    const entry = newestUndoable();
    return entry ? done(() => undoEntry(entry.id)) : false;
  }
  if (event.key === "Escape") return closePanel() || clearSelection();
  if (event.ctrlKey || event.metaKey || event.altKey || !state.preferences.singleKeys) return false;
  if (event.key === "/") return done(() => document.getElementById("search")?.focus());
  if (event.key === "?") return done(showKeys);
  return false;
}

/** @param {() => void} act */
function done(act) {
  act();
  return true;
}

/** @param {FileDoc} file @param {number} step */
function focusRow(file, step) {
  const at = list.rows.findIndex((row) => keyOf(row) === keyOf(file));
  const to = Math.max(0, Math.min(list.rows.length - 1, at + step));
  return done(() => document.getElementById(`row-${list.rows[to].id}`)?.focus());
}

/** The list of keys, with the switch for single characters. */
export function showKeys() {
  openDialog({
    look: "wide",
    title: () => t("keys.title"),
    body: () => html`<dl class="keys">
        ${SHOWN.map(([keys, what]) => {
          const each = keys.split(" ").map((key) => html`<kbd>${key}</kbd> `);
          return html`<div><dt>${each}</dt><dd>${t(`keys.${what}`)}</dd></div>`;
        })}
      </dl>
      <label class="choice"
        ><input
          type="checkbox"
          .checked=${state.preferences.singleKeys}
          @change=${() => prefer({ singleKeys: !state.preferences.singleKeys })}
        />${t("keys.single")}</label
      >`,
  });
}
