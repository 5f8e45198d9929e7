// @ts-check
import { nothing } from "../vendor/lit-html/lit-html.js";
/** @import {PlaceIds, State} from "./types.js" */

/** The tray of uploads, below every place. @param {State} _current */
export function uploadTray(_current) {
  return nothing;
}

/** Open the file chooser for a place; null: ask for one first. @param {PlaceIds | null} _target */
export function pickFiles(_target) {}
