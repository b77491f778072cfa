// `pnpm dev`: the server restarts and the pages reload as their sources change. Ctrl-C ends both.
import { spawn } from 'node:child_process'

const port = process.env['PORT'] ?? '8000'
const environment = {
  ...process.env,
  PORT: port,
  TABLECAST_SERVER: `http://127.0.0.1:${port}`,
  // The pages come from Vite here.
  ALLOWED_ORIGINS: process.env['ALLOWED_ORIGINS'] ?? 'http://127.0.0.1:5173,http://localhost:5173',
}
const options = { env: environment, stdio: 'inherit' } as const
const children = [
  spawn('node', ['--watch', '--watch-preserve-output', 'apps/server/src/main.ts'], options),
  spawn('pnpm', ['--filter', '@tablecast/web', 'dev'], options),
]
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    for (const child of children) child.kill(signal)
  })
for (const child of children)
  child.on('exit', (code) => {
    for (const other of children) other.kill('SIGTERM')
    process.exitCode ||= code ?? 0
  })
