// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { among, combobox } from "./combobox.js";
import { save } from "./edits.js";
import { deleteFiles, each } from "./file-actions.js";
import { icon } from "./icons.js";
import { openMoveOf } from "./move.js";
import { closePopup, popupButton } from "./popup.js";
import { clearSelection, selectedFiles } from "./selection.js";
import { may } from "./state.js";
import { seenTags } from "./tag-editor.js";
import { isolated, t } from "./text.js";

// What can be done to all selected files.

export function selectionBar() {
  const files = selectedFiles();
  const n = files.length;
  if (n === 0) return nothing;
  return html`<div class="selection-bar" role="group" aria-label=${t("selection.label")}>
    <strong class="number">${t("selection.count", { n })}</strong>
    ${may("editor")
      ? html`
          ${popupButton({ name: "selection-tag", label: html`${icon("tag")}${t("selection.tag")}`, popupLabel: t("selection.tag"), content: tagField })}
          <button type="button" class="button" @click=${() => openMoveOf(files)}>${icon("move")}${t("menu.move")}</button>
          <button type="button" class="button" @click=${() => deleteFiles(files)}>${icon("bin")}${n === 1 ? t("menu.delete") : t("delete.many", { n })}</button>
        `
      : nothing}
    <span class="spread"></span>
    <button type="button" class="button quiet" @click=${() => clearSelection()}>${icon("close")}${t("selection.clear")}</button>
  </div>`;
}

function tagField() {
  return combobox({
    name: "selection-tag-field",
    label: t("tags.add"),
    value: "",
    placeholder: t("tags.placeholder"),
    isFree: true,
    isFirst: true,
    clears: true,
    find: among(seenTags),
    choose: (option) => {
      if (!option) return;
      closePopup();
      const tag = option.value;
      const untagged = selectedFiles().filter((file) => !file.tags.some((own) => own.toLocaleLowerCase() === tag.toLocaleLowerCase()));
      each(untagged, (file) => save(file, { tags: [...file.tags, tag] }, t("tags.added", { tag: isolated(tag), name: isolated(file.name) })));
    },
  });
}
