// Keeps the rules of Tabler's CSS whose words occur in our pages. In: CSS file and a file of words. Out: standard output.
import { readFileSync } from "node:fs";
import { PurgeCSS } from "purgecss";

const [css, words] = process.argv.slice(2);
const [result] = await new PurgeCSS().purge({
  content: [{ raw: readFileSync(words, "utf8"), extension: "txt" }],
  css: [{ raw: readFileSync(css, "utf8") }],
  defaultExtractor: (text) => text.split("\n"),
  variables: true,
  keyframes: true,
  fontFace: true,
  // Nothing shows these words in a template: browsers and print do.
  safelist: ["html", "body", ":root"],
});
process.stdout.write(result.css);
