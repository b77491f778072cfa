// docs/phones.md lists what a page keeps on a device.
import { globSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const root = new URL('../..', import.meta.url).pathname
/** Names that begin as a key does, of things that nothing stores: a channel between tabs, an entry of the history, and a value that goes at once. */
const NOT_STORED = new Set(['tablecast.signed-out', 'tablecast.open', 'tablecast.probe', 'tablecast.shell '])

it('the document about phones lists each key that a page stores, and no other', () => {
  const sources = globSync('apps/web/src/**/*.{ts,tsx}', { cwd: root }).filter((file) => !file.includes('.test.'))
  const named = sources.flatMap((file) =>
    [...readFileSync(root + file, 'utf8').matchAll(/['`](tablecast\.[^'`$]*)/g)].map(([, name]) => name ?? ''),
  )
  const keys = [...new Set(named)].filter((name) => !NOT_STORED.has(name))
  const rows = readFileSync(`${root}docs/phones.md`, 'utf8').matchAll(/^\| `(tablecast\.[^`]*)` \|/gm)
  const listed = [...rows].map(([, key]) => key ?? '')
  expect(keys.length).toBeGreaterThan(8)
  expect(
    keys.filter((key) => !listed.some((row) => key === row || (row.endsWith('.') && key.startsWith(row)))),
  ).toEqual([])
  expect(
    listed.filter((row) => !keys.some((key) => key === row || (row.endsWith('.') && key.startsWith(row)))),
  ).toEqual([])
})
