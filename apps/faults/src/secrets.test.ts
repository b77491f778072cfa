import { expect, it } from 'vitest'
import { SECRET, SecretWatch } from './secrets.ts'

it('a secret is found wherever it is cut in two, and only when it is there', () => {
  for (let at = 0; at <= SECRET.length; at++) {
    let found = 0
    const watch = new SecretWatch(() => (found += 1))
    watch.see(`{"text":"${SECRET.slice(0, at)}`)
    watch.see(`${SECRET.slice(at)} and more"}`)
    expect(found).toBeGreaterThan(0)
  }
  const silent = new SecretWatch(() => expect.unreachable())
  for (const piece of ['no-player-may', '-read', '-that', 'nothing']) silent.see(piece)
})
