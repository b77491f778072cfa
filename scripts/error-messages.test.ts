// The messages of refusals are read by people: each is a sentence.
import { globSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const ERROR = /new TablecastError\(\s*(?:'[A-Z_]+'|code),\s*(['`])((?:\\.|(?!\1).)*)\1/gs

const messages = globSync(['apps/*/src/**/*.ts', 'packages/*/src/**/*.ts'])
  .filter((path) => !path.endsWith('.test.ts') && !path.includes('/testing/'))
  .flatMap((path) => [...readFileSync(path, 'utf8').matchAll(ERROR)].map(([, , message = '']) => ({ path, message })))

it('every message begins with a capital, or with the caller’s own words', () => {
  expect(messages.length).toBeGreaterThan(80)
  expect(messages.filter(({ message }) => !/^(?:[A-Z]|\$\{|"\$\{)/.test(message))).toEqual([])
})

it('every message ends with a full stop, or with the way to write it', () => {
  expect(messages.filter(({ message }) => !/(?:[.!?]|\$\{(?:usage|hint)\})$/.test(message))).toEqual([])
})

it('no message names the field of a schema', () => {
  expect(messages.filter(({ message }) => /^[\w.]+: /.test(message))).toEqual([])
})
