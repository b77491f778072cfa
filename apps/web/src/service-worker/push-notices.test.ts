import { describe, expect, it } from 'vitest'
import { isPageOf, readNotice } from './push-notices.ts'

describe('a notice of the server', () => {
  it('is read with the spaces that hide its length', () => {
    const notice = { kind: 'turn', roomId: 'r', room: 'A “table” 🏰' }
    expect(readNotice(JSON.stringify(notice) + ' '.repeat(300))).toEqual(notice)
  })

  it.each([
    undefined,
    '',
    'nonsense',
    'null',
    '{}',
    '{"kind":"poll","roomId":"r","room":"R"}',
    '{"kind":"turn","room":1}',
  ])('is not read from %s', (text) => {
    expect(readNotice(text)).toBeNull()
  })

  it('is not shown over a page of its room, and is over any other page', () => {
    const at = (path: string) => isPageOf(`https://table.example${path}`, 'ab c')
    expect(['/r/ab%20c', '/r/ab%20c/', '/r/ab%20c/dm', '/r/ab%20c?x=1#y'].map(at)).toEqual([true, true, true, true])
    expect(['/', '/r/', '/r/ab', '/r/ab%20cd', '/arena/ab%20c', '/join/ab%20c'].map(at)).toEqual([
      false,
      false,
      false,
      false,
      false,
      false,
    ])
  })
})
