import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'
import { compression } from 'vite-plugin-compression2'
import { VitePWA } from 'vite-plugin-pwa'

import { appManifest } from './app-manifest.ts'

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

const FIRST_FORM = fileURLToPath(new URL('src/stages/campaign/start/first-form', import.meta.url))
const OFFLINE = fileURLToPath(new URL('src/device/offline', import.meta.url))
const ROOT = '<div id="root"></div>'
/** The element of the page's code, with those that ask for it early. */
const PAGE_SCRIPTS = / *<(?:script type="module"|link rel="modulepreload")[^>]*>(?:<\/script>)?\n/g

type BuiltFile = { fileName: string }

/** The code of the table, and that of its live state. */
function tableOf(files: readonly BuiltFile[]): [table: BuiltFile, live: BuiltFile] {
  const named = (name: string) => files.find(({ fileName }) => new RegExp(`/${name}-[^/]*\\.js$`).test(fileName))
  const [table, live] = [named('table'), named('live')]
  if (!table || !live) throw new Error('the build lacks the table or its live state')
  return [table, live]
}

const asksFor = ({ fileName }: BuiltFile): string => `  <link rel="modulepreload" crossorigin href="/${fileName}">\n`

/**
 * Makes three pages of `index.html`. The first asks for the table with the page and not after it. That is written as Vite makes the page,
 * because the page is compressed before this plugin's `generateBundle`. `join.html` is for invites: it leaves the table for later, and has a
 * form that works before the page's code has come. The server writes the room's name into it (`join-page.ts`). `screen.html` is for
 * televisions and overlays. It asks for no table, because an overlay needs none.
 *
 * A fourth one is the offline page, which the service worker keeps. It has a small script of its own, and a hash in its name: a node of
 * another version has no page of this name, so a worker never keeps one that does not fit it.
 */
const threePages: Plugin = {
  name: 'three-pages',
  apply: 'build',
  buildStart() {
    this.emitFile({ type: 'chunk', id: `${FIRST_FORM}.ts`, name: 'first-form' })
    this.emitFile({ type: 'chunk', id: `${OFFLINE}.ts`, name: 'offline' })
  },
  transformIndexHtml: {
    order: 'post',
    handler(html, { bundle = {} }) {
      const [table, live] = tableOf(Object.values(bundle))
      if (html.includes(table.fileName))
        throw new Error('every page would wait for the code of the table: find the module that both import')
      return html.replace('</head>', `${asksFor(table)}${asksFor(live)}  </head>`)
    },
  },
  generateBundle: {
    order: 'post',
    async handler(_options, bundle) {
      const page = bundle['index.html']
      const files = Object.values(bundle)
      const entry = (path: string) => {
        const found = files.find((file) => file.type === 'chunk' && file.facadeModuleId === `${path}.ts`)
        if (!found) throw new Error(`the build lacks ${path}`)
        return `<script type="module" crossorigin src="/${found.fileName}"></script>`
      }
      if (page?.type !== 'asset') throw new Error('the build lacks the page')
      const html = tableOf(files).reduce((left, file) => left.replace(asksFor(file), ''), String(page.source))
      const head = ['</title>', '<meta name="tablecast-room" content="%ROOM%" />', entry(FIRST_FORM)]
      const source = html
        .replace('</title>', head.join('\n    '))
        .replace(ROOT, (await readFile(`${FIRST_FORM}.html`, 'utf8')) + ROOT)
      this.emitFile({ type: 'asset', fileName: 'join.html', source })
      this.emitFile({ type: 'asset', fileName: 'screen.html', source: html })
      const offline = html
        .replaceAll(PAGE_SCRIPTS, '')
        .replace('</title>', `</title>\n    ${entry(OFFLINE)}`)
        .replace(ROOT, await readFile(`${OFFLINE}.html`, 'utf8'))
      this.emitFile({ type: 'asset', name: 'offline.html', source: offline })
    },
  },
}

/** Loads the code of later parts with `loadCode`, in place of Vite's own helper of this name. */
const laterParts: Plugin = {
  name: 'later-parts',
  enforce: 'pre',
  apply: 'build',
  load(id) {
    if (id !== '\0vite/preload-helper.js') return null
    const module = fileURLToPath(new URL('src/ui/load-code.ts', import.meta.url))
    return `export { loadCode as __vitePreload } from ${JSON.stringify(module)}`
  },
}

export default defineConfig({
  plugins: [
    react({ compiler: true }),
    reloadOnChange,
    threePages,
    laterParts,
    tailwindcss(),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src/service-worker',
      filename: 'service-worker.ts',
      // The page registers it when it has had its time on the line: `main.tsx`.
      injectRegister: false,
      injectManifest: {
        // Older browsers know no modules in a worker.
        rollupFormat: 'iife',
        // The offline page with its style and scripts. `index.html` makes the worker differ with each version of the pages.
        globPatterns: ['index.html', 'assets/offline-*.{html,js}', 'assets/first-????????.js', 'assets/index-*.css'],
      },
      integration: { configureCustomSWViteBuild: (config) => void (config.logLevel = 'warn') },
      includeManifestIcons: false,
      manifest: appManifest,
    }),
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
        // All pages need the first ones; with them a person can join. A player's page is all of these, asked for together. An overlay of a
        // stream has no table.
        // `join` holds all that `App.tsx` imports: a module that it shared with the table would make every page wait for the table.
        // The last four hold small modules that are used together. Without them a DM's and a player's page make 97 requests together, and not
        // 67, and each one takes the browser and the server longer than its few bytes do.
        codeSplitting: {
          groups: [
            { name: 'first', test: /\/(storage|theme|load-code)\.ts$/, priority: 9 },
            { name: 'preact', test: /node_modules\/(preact|wouter|regexparam|use-sync-external-store)\//, priority: 8 },
            { name: 'join', test: /\/(JoinPage|App)\.tsx$/, priority: 7 },
            { name: 'live', test: /\/(room-state|link-keeper|live-store|reload-after-upgrade)\.ts$/, priority: 6 },
            { name: 'table', test: /\/PlayerPage\.tsx$/, priority: 5 },
            { name: 'icons', test: /node_modules\/lucide-/, priority: 4 },
            { name: 'queries', test: /node_modules\/@(tanstack|trpc)\/|\/queries\.tsx$/, priority: 3 },
            {
              name: 'dialogs',
              test: /\/ui\/dialog\.tsx$|node_modules\/@base-ui\/react\/(esm\/)?(dialog|alert-dialog)/,
              priority: 2,
            },
            { name: 'pictures', test: /\/picture-parts\.tsx?$/, priority: 1 },
          ],
        },
      },
    },
  },
})
