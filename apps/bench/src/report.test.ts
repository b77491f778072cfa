import { expect, it } from 'vitest'
import { withPart } from './report.ts'
import type { Section } from './section.ts'

const section: Section = { title: 'A crowd', text: 'Numbers of today.', targets: [] }
const before = '# Performance\n\n## A crowd\n\nOld numbers.\n\n## Memory\n\nKept.\n\n## How long it took\n\nA while.\n'
const part = '## A crowd\n\nMeasured on its own, on Monday.\n\nNumbers of today.\n\n'

it('a part that was measured again replaces the old one, and a new one stands before the last', () => {
  expect(withPart(before, section, 'Monday')).toBe(
    `# Performance\n\n${part}## Memory\n\nKept.\n\n## How long it took\n\nA while.\n`,
  )
  const without = before.replace(/## A crowd[^#]*/, '')
  expect(withPart(without, section, 'Monday')).toBe(
    `# Performance\n\n## Memory\n\nKept.\n\n${part}## How long it took\n\nA while.\n`,
  )
})
