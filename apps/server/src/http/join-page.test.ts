import { TablecastError } from '@tablecast/contracts'
import { describe, expect, it } from 'vitest'
import { InviteAttempts } from '../rooms/invite-attempts.ts'
import { joinPage, type JoinPageDeps } from './join-page.ts'

const code = 'a-code-of-an-invite'
const built = '<meta name="tablecast-room" content="%ROOM%" /><main id="first">“%ROOM%”</main><div id="root"></div>'
const page = () => Promise.resolve(built)

function pageFor(name: string, options: { attempts?: number } & Partial<JoinPageDeps> = {}) {
  const tried: string[] = []
  const rooms = {
    invitedTo(asked: string) {
      tried.push(asked)
      return asked === code
        ? Promise.resolve(name)
        : Promise.reject(new TablecastError('INVITE_NOT_FOUND', 'This invite is not valid any more.'))
    },
  }
  const limit = new InviteAttempts(options.attempts ?? 20)
  const invitedTo = (asked: string, address: string) => limit.run(address, () => rooms.invitedTo(asked))
  return { tried, pageOf: joinPage({ invitedTo, page, admitsGuests: true, ...options }) }
}

describe('the page of an invite', () => {
  it('holds the room’s name for a working invite, as text that can’t leave its place', async () => {
    const { pageOf } = pageFor(`"><script>alert('&')</script>$&`)
    const escaped = '&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;$&amp;'
    expect(await pageOf(`/join/${code}`, '10.0.0.1')).toBe(
      `<meta name="tablecast-room" content="${escaped}" /><main id="first">“${escaped}”</main><div id="root"></div>`,
    )
  })

  it('has no form where guests are not let in', async () => {
    const { pageOf } = pageFor('Thursday', { admitsGuests: false })
    expect(await pageOf(`/join/${code}`, '10.0.0.1')).toBe(
      '<meta name="tablecast-room" content="Thursday" /><div id="root"></div>',
    )
  })

  it('is the ordinary page for other paths, for a wrong code, and while the database does not answer', async () => {
    const { pageOf, tried } = pageFor('Thursday')
    expect(await pageOf('/r/main', '10.0.0.1')).toBeNull()
    expect(await pageOf('/join/short', '10.0.0.1')).toBeNull()
    expect(tried).toEqual([])
    expect(await pageOf('/join/another-code', '10.0.0.1')).toBeNull()
    const { pageOf: waiting } = pageFor('Thursday', { invitedTo: () => Promise.withResolvers<string>().promise })
    expect(await waiting(`/join/${code}`, '10.0.0.1')).toBeNull()
  })

  it('is no way around the limit of wrong codes, and of one address only', async () => {
    const { pageOf, tried } = pageFor('Thursday', { attempts: 5 })
    for (let n = 0; n < 9; n++) await pageOf(`/join/wrong-code-${n}`, '10.0.0.1')
    expect(tried).toHaveLength(5)
    expect(await pageOf(`/join/${code}`, '10.0.0.1')).toBeNull()
    expect(await pageOf(`/join/${code}`, '10.0.0.2')).toContain('Thursday')
  })
})
