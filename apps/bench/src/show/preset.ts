// The limits for a show, as `docs/operations.md` prints them for operators.
import { readFileSync } from 'node:fs'

const DOCUMENT = new URL('../../../../docs/operations.md', import.meta.url)

export function showPreset(): Record<string, string> {
  const block = /^## A show\n[^]*?^```env\n([^]*?)^```/m.exec(readFileSync(DOCUMENT, 'utf8'))?.[1]
  if (block === undefined) throw new Error('docs/operations.md has no preset for a show any more')
  const settings = block.split('\n').flatMap((line) => {
    const [, name, value] = /^([A-Z_]+)=(\S+)/.exec(line) ?? []
    return name === undefined || value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(settings)
}
