import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { compression } from 'vite-plugin-compression2'

// In development Vite serves the pages and hands everything live to the server.
const server = process.env['TABLECAST_SERVER'] ?? 'http://127.0.0.1:8000'
const proxied = { target: server, ws: true }

export default defineConfig({
  plugins: [
    react({ compiler: true }),
    tailwindcss(),
    // Compressed once, here; the server sends these as they are.
    compression({ algorithms: ['gzip', 'brotliCompress'], include: /\.(js|css|html|svg)$/, threshold: 1_024 }),
  ],
  server: { host: '127.0.0.1', proxy: { '/trpc': proxied, '/ws': proxied, '/health': proxied } },
  build: {
    target: 'es2023',
    sourcemap: true,
    rolldownOptions: {
      output: {
        // A player's page is these two: what seldom changes, and all of ours up to the live state, in one piece that is
        // asked for with the page and not after it.
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|react-router|scheduler)\//, priority: 2 },
            { name: 'table', test: /\/PlayerPage\.tsx$/, priority: 1 },
          ],
        },
      },
    },
  },
})
