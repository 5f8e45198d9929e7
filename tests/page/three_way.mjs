// Runs the page's own module on the cases that it is given as JSON, and prints what comes of each.
import { backOf, holds, mergedTags, outcome } from "../../static/files/three-way.js";

const run = { outcome, mergedTags, holds, backOf };
const cases = JSON.parse(process.argv[2]);
console.log(JSON.stringify(cases.map(([name, ...given]) => run[name](...given))));
