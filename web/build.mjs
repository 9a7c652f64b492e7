// Builds the console's style sheet and scripts from web/ into the package's static folder.
import { build } from "esbuild";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const outdir = `${root}src/jingtu/faces/console/static/console/dist`;

await rm(outdir, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: [
    { in: "web/styles/console.css", out: "console" },
    { in: "web/scripts/console.js", out: "console" },
    { in: "web/scripts/map.js", out: "map" },
  ],
  outdir,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none",
  logLevel: "warning",
});
