import { globSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'

/** Static and dynamic imports, of types too. */
const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*'(\.{1,2}\/[^']+|@tablecast\/[^']+)'/g
const SOURCES = ['apps/*/src/**/*.{ts,tsx}', 'packages/*/src/**/*.{ts,tsx}', 'scripts/**/*.ts', 'e2e/**/*.ts']

/** The source files of the workspace under `root`, each with the source files that it imports. Paths are relative to `root`. */
export function importsOf(root: string): Map<string, string[]> {
  const files = new Set(globSync(SOURCES, { cwd: root }).toSorted())
  const imports = new Map<string, string[]>()
  for (const file of files) {
    const path = join(root, file)
    const targets = [...readFileSync(path, 'utf8').matchAll(IMPORT)].map(([, name = '']) =>
      relative(root, fileOf(path, name)),
    )
    imports.set(file, [...new Set(targets)].filter((target) => files.has(target)).toSorted())
  }
  return imports
}

/** The absolute path of an imported file. A name that does not resolve gives a path that does not exist: the types' check reports it. */
function fileOf(importer: string, name: string): string {
  if (name.startsWith('.')) return resolve(dirname(importer), name)
  try {
    return createRequire(importer).resolve(name)
  } catch {
    return name
  }
}
