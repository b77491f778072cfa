import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { compression } from 'vite-plugin-compression2'

// In development Vite serves the pages and hands everything live to the server.
const server = process.env['TABLECAST_SERVER'] ?? 'http://127.0.0.1:8000'
const proxied = { target: server, ws: true }

// Preact draws what is written for React, with 56 kB less for each visitor.
const preact = {
  react: 'preact/compat',
  'react/jsx-runtime': 'preact/jsx-runtime',
  'react/jsx-dev-runtime': 'preact/jsx-runtime',
  'react/compiler-runtime': 'preact/compat/compiler-runtime',
  'react-dom': 'preact/compat',
  'react-dom/client': 'preact/compat/client',
}

/** React's hot replacement of components does not know Preact, so a page reloads when its source changes. */
const reloadOnChange: Plugin = {
  name: 'reload-on-change',
  hotUpdate({ modules }) {
    if (modules.length > 0) this.environment.hot.send({ type: 'full-reload' })
    return []
  },
}

/** Asks for the table with the page and not after it. The server leaves the tag out of a join page, where a slow line waits for it. */
const preloadTable: Plugin = {
  name: 'preload-table',
  transformIndexHtml: {
    order: 'post',
    handler(_html, { bundle = {} }) {
      const table = Object.keys(bundle).find((file) => /\/table-[^/]*\.js$/.test(file))
      const attrs = { rel: 'modulepreload', crossorigin: true, href: `/${table}`, 'data-part': 'table' }
      return table ? [{ tag: 'link', attrs, injectTo: 'head' }] : []
    },
  },
}

export default defineConfig({
  plugins: [
    react({ compiler: true }),
    reloadOnChange,
    preloadTable,
    tailwindcss(),
    // Compressed once, here; the server sends these as they are.
    compression({ algorithms: ['gzip', 'brotliCompress'], include: /\.(js|css|html|svg)$/, threshold: 1_024 }),
  ],
  resolve: {
    alias: Object.entries(preact).map(([name, replacement]) => ({ find: new RegExp(`^${name}$`), replacement })),
  },
  server: { host: '127.0.0.1', proxy: { '/trpc': proxied, '/ws': proxied, '/health': proxied } },
  build: {
    target: 'es2023',
    sourcemap: true,
    rolldownOptions: {
      output: {
        // All pages need the first two; with them a person can join. A player's page is these three, asked for together.
        // `join` holds all that `App.tsx` imports: a module that it shared with the table would make every page wait for the table.
        codeSplitting: {
          groups: [
            { name: 'preact', test: /node_modules\/(preact|wouter|regexparam|use-sync-external-store)\//, priority: 3 },
            { name: 'join', test: /\/(JoinPage|App)\.tsx$/, priority: 2 },
            { name: 'table', test: /\/PlayerPage\.tsx$/, priority: 1 },
          ],
        },
      },
    },
  },
})
