// Reads a JSON list of display bodies on stdin and renders each with KaTeX in strict mode.
// Prints a JSON list of what went wrong, one {body, error} for each that does not render.
import { readFileSync } from "node:fs";
import katex from "katex";

const failures = [];
for (const body of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    katex.renderToString(body, { displayMode: true, strict: "error", throwOnError: true });
  } catch (error) {
    failures.push({ body, error: String(error.message) });
  }
}
process.stdout.write(JSON.stringify(failures));
