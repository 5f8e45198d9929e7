// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { copy, deleteFiles, tryNow } from "./file-actions.js";
import { keyOf } from "./files.js";
import { icon } from "./icons.js";
import { openMove } from "./move.js";
import { editName } from "./name-editor.js";
import { addressOfContent, openFile, openText } from "./opening.js";
import { menuItem, popupButton } from "./popup.js";
import { addressOf, go, may, parsed } from "./state.js";
import { shownState } from "./states.js";
import { editTags } from "./tag-editor.js";
import { isolated, t } from "./text.js";
/** @import {FileDoc} from "./types.js" */

const TRIABLE = new Set(["waiting", "attention", "queued", "saving"]);

/** Where a file's own menu is. @param {FileDoc} file @param {"row" | "panel"} where */
export const menuName = (file, where) => `${where}-${file.id}`;

/** "…": everything that can be done to the file. @param {FileDoc} file @param {"row" | "panel"} where */
export function fileMenu(file, where) {
  return popupButton({
    name: menuName(file, where),
    class: "button quiet square",
    align: "end",
    kind: "menu",
    label: icon("more"),
    title: t("menu.label", { name: isolated(file.name) }),
    content: () => items(file, where),
  });
}

/** @param {FileDoc} file @param {"row" | "panel"} where */
function items(file, where) {
  const canEdit = may("editor") && file.state !== "deleted";
  const isTriable = TRIABLE.has(shownState(file));
  const address = location.origin + addressOf({ ...parsed(""), file: keyOf(file) });
  return html`
    ${addressOfContent(file) ? menuItem(html`${icon("open")}${openText(file)}`, () => openFile(file)) : nothing}
    ${where === "row" ? menuItem(html`${icon("info")}${t("menu.details")}`, () => go({ file: keyOf(file) })) : nothing}
    ${menuItem(html`${icon("link")}${t("menu.copy")}`, () => copy(address, t("menu.copied")))}
    ${canEdit
      ? html`
          <hr />
          ${menuItem(html`${icon("edit")}${t("menu.rename")}`, () => editName(file, where))}
          ${menuItem(html`${icon("tag")}${t("menu.tags")}`, () => editTags(file))}
          ${menuItem(html`${icon("move")}${t("menu.move")}`, () => openMove(file))}
          ${isTriable ? menuItem(html`${icon("sync")}${t("help.retry")}`, () => tryNow(file)) : nothing}
          <hr />
          ${menuItem(html`${icon("bin")}${t("menu.delete")}`, () => deleteFiles([file]), { isDanger: true })}
        `
      : nothing}
  `;
}
