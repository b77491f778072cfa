import { TablecastError } from '@tablecast/contracts'
import { describe, expect, it } from 'vitest'
import { InviteAttempts } from '../rooms/invite-attempts.ts'
import { joinHead } from './join-head.ts'

const code = 'a-code-of-an-invite'

function headFor(name: string, attempts = 20) {
  const tried: string[] = []
  const rooms = {
    invitedTo(asked: string) {
      tried.push(asked)
      return asked === code
        ? Promise.resolve(name)
        : Promise.reject(new TablecastError('INVITE_NOT_FOUND', 'This invite is not valid any more.'))
    },
  }
  const limit = new InviteAttempts(attempts)
  return { tried, headOf: joinHead((asked, address) => limit.run(address, () => rooms.invitedTo(asked))) }
}

describe('the head of a join page', () => {
  it('holds the room’s name for a working invite, as text that can’t leave its place', async () => {
    const { headOf } = headFor(`"><script>alert('&')</script>`)
    expect(await headOf(`/join/${code}`, '10.0.0.1')).toBe(
      '<meta name="tablecast-room" content="&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;" />',
    )
  })

  it('is empty on other pages, for a wrong code, and while the database does not answer', async () => {
    const { headOf, tried } = headFor('Thursday')
    expect(await headOf('/r/main', '10.0.0.1')).toBe('')
    expect(await headOf('/join/short', '10.0.0.1')).toBe('')
    expect(tried).toEqual([])
    expect(await headOf('/join/another-code', '10.0.0.1')).toBe('')
    const waiting = joinHead(() => Promise.withResolvers<string>().promise)
    expect(await waiting(`/join/${code}`, '10.0.0.1')).toBe('')
  })

  it('is no way around the limit of wrong codes, and of one address only', async () => {
    const { headOf, tried } = headFor('Thursday', 5)
    for (let n = 0; n < 9; n++) await headOf(`/join/wrong-code-${n}`, '10.0.0.1')
    expect(tried).toHaveLength(5)
    expect(await headOf(`/join/${code}`, '10.0.0.1')).toBe('')
    expect(await headOf(`/join/${code}`, '10.0.0.2')).toContain('Thursday')
  })
})
