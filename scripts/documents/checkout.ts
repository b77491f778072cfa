// A fresh checkout of these sources, as a newcomer has it: no packages, nothing built, no data.
import { cp } from 'node:fs/promises'
import { basename } from 'node:path'

const LEFT_OUT = new Set(['node_modules', '.git', 'dist', 'data', '.env', 'test-results'])

export const copySources = (from: string, to: string): Promise<void> =>
  cp(from, to, { recursive: true, filter: (path) => path === from || !LEFT_OUT.has(basename(path)) })

/** This process's environment without what a package manager or a test runner put in. */
export function plainEnvironment(root: string): NodeJS.ProcessEnv {
  const isOurs = ([name]: [string, unknown]) => /^(?:npm_|pnpm_|PNPM_|VITEST|TEST$|NODE_ENV$|INIT_CWD$)/.test(name)
  const env = Object.fromEntries(Object.entries(process.env).filter((entry) => !isOurs(entry)))
  const folders = (process.env['PATH'] ?? '').split(':').filter((folder) => !folder.startsWith(root))
  return { ...env, PATH: folders.join(':'), CI: 'true', NO_COLOR: '1' }
}
