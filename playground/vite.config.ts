import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const INLINE_FONT = /url\(["']?data:font\/(woff2?|ttf);base64,([A-Za-z0-9+/=]+)["']?\)/g;

/**
 * Turns the fonts that GraphiQL's style sheets carry inside them into files. The page's policy allows fonts from
 * this server only, not from `data:`, and a browser then loads the few it needs instead of all of them.
 */
function fontsAsFiles(): Plugin {
  return {
    name: "cardgraph:fonts-as-files",
    apply: "build",
    enforce: "post",
    generateBundle(_options, bundle) {
      for (const sheet of Object.values(bundle)) {
        if (sheet.type !== "asset" || !sheet.fileName.endsWith(".css")) continue;
        sheet.source = sheet.source.toString().replace(INLINE_FONT, (_match, kind: string, base64: string) => {
          const reference = this.emitFile({
            type: "asset",
            name: `font.${kind}`,
            source: Buffer.from(base64, "base64"),
          });
          return `url(./${this.getFileName(reference).split("/").at(-1)})`;
        });
      }
    },
  };
}

/** Puts a compressed copy beside every script and style sheet: under 2 MB to load instead of 6. */
function compressedCopies(): Plugin {
  return {
    name: "cardgraph:compressed-copies",
    apply: "build",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        for (const file of Object.values(bundle)) {
          if (!/\.(js|css)$/.test(file.fileName)) continue;
          const source = file.type === "chunk" ? file.code : file.source;
          this.emitFile({ type: "asset", fileName: `${file.fileName}.gz`, source: gzipSync(source, { level: 9 }) });
        }
      },
    },
  };
}

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "/graphiql/",
  plugins: [react(), fontsAsFiles(), compressedCopies()],
  // Workers that load parts of themselves on demand have to be modules.
  worker: { format: "es" },
  build: {
    outDir: fileURLToPath(new URL("../dist/playground", import.meta.url)),
    emptyOutDir: true,
    target: "es2022",
    // Everything is a file of its own: the page's policy has no room for `data:` scripts and fonts.
    assetsInlineLimit: 0,
    // The editor is one large part; there is nothing to gain by cutting it up.
    chunkSizeWarningLimit: 4096,
    reportCompressedSize: false,
    rolldownOptions: {
      onLog(level, log, handle) {
        // GraphiQL's parts carry a hint for the React compiler, which does not run here.
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") handle(level, log);
      },
    },
  },
});
