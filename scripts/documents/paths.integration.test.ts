import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { documents } from './blocks.ts'
import { missingPaths, namedPaths } from './paths.ts'

const root = new URL('../..', import.meta.url).pathname.replace(/\/$/, '')

describe('the documents', () => {
  it('name only files and folders of the repository', () => {
    const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
      cwd: root,
      encoding: 'utf8',
    })
    const named = documents(root).flatMap((document) =>
      namedPaths(document, readFileSync(`${root}/${document}`, 'utf8')),
    )
    expect(new Set(named.map(({ kind }) => kind))).toEqual(new Set(['link', 'name', 'command']))
    // git still lists a removed file until its removal is staged.
    const files = listed.split('\n').filter((file) => file !== '' && existsSync(`${root}/${file}`))
    const missing = missingPaths(named, files)
    expect(missing.map(({ document, line, path }) => `${document}:${line}: ${path}`)).toEqual([])
  })
})

describe('a path in a document', () => {
  const files = ['docs/a.md', 'docs/decisions/b.md', 'apps/server/src/auth/guest.ts', 'apps/server/src/main.ts']
  const missing = (...lines: string[]) =>
    missingPaths(namedPaths('docs/a.md', lines.join('\n')), files).map(({ line, path }) => `${line} ${path}`)

  it.each([
    'the [decision](decisions/b.md#why) and [server](../apps/server/)',
    'see https://example.org/x.ts and [a page](https://example.org/y.md)',
    'a name from its last folder on: `guest.ts`, `auth/guest.ts`, `auth/`, `apps/server/src/*.ts`, `<name>/guest.ts`',
    'an address, a type and a package: `/ws/campaign/dm`, `application/json`, `@tablecast/server`',
    '```bash\nnode apps/server/src/main.ts --x\n```',
    '```ts\nimport "./nothing.ts" // `nothing.ts`\n```',
  ])('is accepted in: %s', (text) => expect(missing(text)).toEqual([]))

  it.each([
    ['a broken link', 'first\n[decision](decisions/c.md)', '2 decisions/c.md'],
    ['a link that is not relative to its document', '[b](docs/decisions/b.md)', '1 docs/decisions/b.md'],
    ['a name without a file', 'first\n\nthe part `auth/account.ts`', '3 auth/account.ts'],
    ['a part of a name', 'the file `uest.ts`', '1 uest.ts'],
    ['a folder that is gone', 'the folder `rooms/`', '1 rooms/'],
    ['a path in a command', '```bash\nnode apps/server/main.ts\n```', '2 apps/server/main.ts'],
  ])('is reported for %s', (_what, text, expected) => expect(missing(text)).toEqual([expected]))
})
