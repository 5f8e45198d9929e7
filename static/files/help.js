// @ts-check
import { nothing } from "../vendor/lit-html/lit-html.js";
import { copy, deleteFiles, tryNow } from "./file-actions.js";
import { openMove } from "./move.js";
import { editName } from "./name-editor.js";
import { openFile } from "./opening.js";
import { button } from "./parts.js";
import { go, parsed } from "./state.js";
import { causeSentence, helpFor } from "./states.js";
import { t } from "./text.js";
/** @import {FileDoc, View} from "./types.js" */

// The one button that helps a file whose cause is known.

/** @type {Record<string, (file: FileDoc) => void>} */
const ACTIONS = {
  retry: (file) => void tryNow(file),
  open: openFile,
  rename: (file) => void editName(file, "panel"),
  move: openMove,
  delete: (file) => deleteFiles([file]),
  tell: (file) => void copy(forAdministrator(file), t("help.told")),
  storage: (file) => go({ ...parsed(""), view: "customers", customer: file.customer, project: file.project ?? "" }),
};

/** @param {FileDoc} file @returns {View} */
export function helpButton(file) {
  const action = file.cause ? helpFor(file.cause) : null;
  if (!action) return nothing;
  return button(t(`help.${action}`), () => ACTIONS[action](file));
}

/** What an administrator needs to know, as text for a message. @param {FileDoc} file */
function forAdministrator(file) {
  const which = `${file.name} (${file.customer}/${file.id})`;
  return [causeSentence(file.cause ?? "other", file), file.reason, which, location.href].filter(Boolean).join("\n");
}
