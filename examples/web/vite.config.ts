import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/**
 * Where GraphQL is: at the server that `npm start` starts, or at CARDGRAPH_URL. The browser sees one origin only, the
 * page's own, so nothing has to be allowed across origins.
 */
const proxy = { "/graphql": process.env.CARDGRAPH_URL ?? "http://127.0.0.1:4000" };

/** What the built page may load and do: nothing from elsewhere, nothing inline. Have your own server send the same. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  plugins: [react()],
  server: { host: "127.0.0.1", port: 5173, strictPort: true, proxy },
  preview: {
    host: "127.0.0.1",
    proxy,
    headers: { "content-security-policy": contentSecurityPolicy, "x-content-type-options": "nosniff" },
  },
  build: {
    outDir: fileURLToPath(new URL("dist", import.meta.url)),
    emptyOutDir: true,
    target: "es2022",
    // Everything is a file of its own: the policy has no room for `data:`.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
