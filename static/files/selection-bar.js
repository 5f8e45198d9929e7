// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { among, combobox } from "./combobox.js";
import { deleteFiles, each } from "./file-actions.js";
import { icon } from "./icons.js";
import { openMoveOf } from "./move.js";
import { button } from "./parts.js";
import { closePopup, popupButton } from "./popup.js";
import { clearSelection, selectedFiles } from "./selection.js";
import { may } from "./state.js";
import { addTag, seenTags } from "./tag-editor.js";
import { t } from "./text.js";

// What can be done to all selected files.

export function selectionBar() {
  const files = selectedFiles();
  const n = files.length;
  if (n === 0) return nothing;
  return html`<div class="selection-bar" role="group" aria-label=${t("selection.label")}>
    <strong class="number">${t("selection.count", { n })}</strong>
    ${may("editor")
      ? html`
          ${popupButton({
            name: "selection-tag",
            label: html`${icon("tag")}${t("selection.tag")}`,
            popupLabel: t("selection.tag"),
            content: tagField,
          })}
          ${button(t("menu.move"), () => openMoveOf(files), { icon: "move" })}
          ${button(n === 1 ? t("menu.delete") : t("delete.many", { n }), () => deleteFiles(files), { icon: "bin" })}
        `
      : nothing}
    <span class="spread"></span>
    ${button(t("selection.clear"), () => clearSelection(), { look: "quiet", icon: "close" })}
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
      each(selectedFiles(), (file) => addTag(file, file, option.value));
    },
  });
}
