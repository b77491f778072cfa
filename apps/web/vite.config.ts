import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// In development Vite serves the pages and hands everything live to the server.
const server = process.env['TABLECAST_SERVER'] ?? 'http://127.0.0.1:8000'
const proxied = { target: server, ws: true }

export default defineConfig({
  plugins: [react({ compiler: true }), tailwindcss()],
  server: { host: '127.0.0.1', proxy: { '/trpc': proxied, '/ws': proxied, '/health': proxied } },
  build: { target: 'es2023', sourcemap: true },
})
