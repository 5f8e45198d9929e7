// @ts-check
import { nothing } from "../vendor/lit-html/lit-html.js";
/** @import {State} from "./types.js" */

/** The cloud button's dialog, while it is open. @param {State} _current */
export function syncDialog(_current) {
  return nothing;
}

/** Open it for a customer or project. @param {{customer: string, project?: string | null}} _target */
export function openSync(_target) {}
