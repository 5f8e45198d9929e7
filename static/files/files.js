// @ts-check
/** @import {FileDoc} from "./types.js" */

/** Put a newer document of a file wherever it is shown. @param {FileDoc} _file */
export function fileChanged(_file) {}
