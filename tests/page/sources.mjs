// Reads the page's modules with TypeScript's parser and prints, as JSON, what the tests of texts and modules look at:
// texts: {language: {key: text}}, strings: every string, patterns: every template with holes, as a regular expression,
// words: text that stands in a template or is spoken without having gone through text.js.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

const ts = createRequire(import.meta.url)("typescript");
const folder = process.argv[2];
const found = { texts: { en: {}, nb: {} }, doubles: [], strings: [], patterns: [], words: [] };
const SPOKEN = new Set(["say", "alertText"]);

for (const name of readdirSync(folder).filter((each) => each.endsWith(".js"))) {
  const source = ts.createSourceFile(name, readFileSync(`${folder}/${name}`, "utf8"), ts.ScriptTarget.Latest, true);
  read(source, source);
}
console.log(JSON.stringify(found));

function read(node, source) {
  if (ts.isCallExpression(node) && node.expression.getText() === "texts") {
    readTexts(node.arguments[0], source);
    return;
  } else if (ts.isTaggedTemplateExpression(node)) {
    readTemplate(node.template, source);
  } else if (ts.isCallExpression(node) && SPOKEN.has(node.expression.getText()) && ts.isStringLiteral(node.arguments[0])) {
    tell(node.arguments[0].text, source);
  } else if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
    found.strings.push(node.text);
  } else if (ts.isTemplateExpression(node) && !ts.isTaggedTemplateExpression(node.parent)) {
    const parts = [node.head, ...node.templateSpans.map((span) => span.literal)];
    found.patterns.push(parts.map((part) => part.text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*"));
  }
  ts.forEachChild(node, (child) => read(child, source));
}

function readTexts(languages, source) {
  for (const language of languages.properties) {
    for (const entry of language.initializer.properties) {
      const key = entry.name.text;
      const own = found.texts[language.name.getText()];
      if (key in own) found.doubles.push(`${source.fileName}: ${key}`);
      own[key] = ts.isObjectLiteralExpression(entry.initializer)
        ? Object.fromEntries(entry.initializer.properties.map((form) => [form.name.getText(), form.initializer.text]))
        : entry.initializer.text;
    }
  }
}

function readTemplate(template, source) {
  const parts = ts.isNoSubstitutionTemplateLiteral(template)
    ? [template.text]
    : [template.head.text, ...template.templateSpans.map((span) => span.literal.text)];
  const markup = parts.join("\u0001");
  for (const [, value] of markup.matchAll(/\b(?:aria-label|title|placeholder|alt)="([^"]*)"/g)) tell(value, source);
  tell(markup.replace(/<svg[\s\S]*?<\/svg>/g, "").replace(/<[^<>]*>/g, " "), source);
}

function tell(text, source) {
  if (/\p{L}/u.test(text)) found.words.push(`${source.fileName}: ${text.replaceAll("\u0001", "…").trim()}`);
}
