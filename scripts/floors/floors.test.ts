import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { temporaryFolder } from '@tablecast/testing'
import { expect, it } from 'vitest'
import { cyclesIn } from './cycles.ts'
import { importsOf } from './imports.ts'

it('imports of types, of values and at run time count, and imports of other packages do not', async () => {
  await using folder = await temporaryFolder()
  const files = {
    'apps/web/src/a.ts': "import type { B } from './b.ts'\nimport { z } from 'zod'\n",
    'apps/web/src/b.ts': "const load = () => import('./parts/c.tsx')\nexport { x } from '../src/d.ts'\n",
    'apps/web/src/parts/c.tsx': "import {\n  a,\n} from '../a.ts'\n",
    'apps/web/src/d.ts': "import './missing.ts'\n",
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder.path, path)), { recursive: true })
    writeFileSync(join(folder.path, path), text)
  }
  expect(Object.fromEntries(importsOf(folder.path))).toEqual({
    'apps/web/src/a.ts': ['apps/web/src/b.ts'],
    'apps/web/src/b.ts': ['apps/web/src/d.ts', 'apps/web/src/parts/c.tsx'],
    'apps/web/src/d.ts': [],
    'apps/web/src/parts/c.tsx': ['apps/web/src/a.ts'],
  })
})

it('imports of a package of the workspace lead to its files', () => {
  expect(importsOf(process.cwd()).get('packages/hub/src/channel.test.ts')).toContain('packages/hub/src/channel.ts')
  expect(importsOf(process.cwd()).get('apps/server/src/bench.ts')).not.toEqual([])
  expect(importsOf(process.cwd()).get('apps/server/src/host.ts')).toContain('packages/hub/src/index.ts')
})

it.each<[string, Record<string, string[]>, string[][]]>([
  ['no circle', { a: ['b', 'c'], b: ['c'], c: [] }, []],
  ['a circle of two', { a: ['b'], b: ['a'] }, [['a', 'b']]],
  ['a file that imports itself', { a: ['a'] }, [['a']]],
  ['a circle of three that is reached from outside', { a: ['b'], b: ['c'], c: ['d'], d: ['b'] }, [['b', 'c', 'd']]],
  [
    'two circles',
    { a: ['b'], b: ['a', 'c'], c: ['d'], d: ['c'] },
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  ['two circles that share a file are one group', { a: ['b', 'c'], b: ['a'], c: ['a'] }, [['a', 'b', 'c']]],
])('%s', (_, imports, cycles) => {
  expect(cyclesIn(new Map(Object.entries(imports)))).toEqual(cycles)
})
