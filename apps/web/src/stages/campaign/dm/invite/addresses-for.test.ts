import { describe, expect, it } from 'vitest'
import { addressesFor } from './addresses-for.ts'

const lan = ['http://192.168.1.20:8000', 'http://10.0.0.5:8000']

describe('the addresses that the invite dialog offers', () => {
  it('begin with the page’s own, which works for the DM', () => {
    expect(addressesFor('https://table.example', [])).toEqual({ origins: ['https://table.example'], isOnlyHere: false })
    expect(addressesFor('http://10.0.0.5:8000', lan).origins).toEqual(lan.toReversed())
  })

  it.each(['http://127.0.0.1:8000', 'http://localhost:8000', 'http://[::1]:8000'])(
    'are those of the network for a DM at %s',
    (own) => expect(addressesFor(own, lan)).toEqual({ origins: lan, isOnlyHere: false }),
  )

  it('are the page’s own with a warning where no other device comes in', () => {
    expect(addressesFor('http://127.0.0.1:8000', [])).toEqual({ origins: ['http://127.0.0.1:8000'], isOnlyHere: true })
  })
})
