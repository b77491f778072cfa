import fc from 'fast-check'
import { expect, it } from 'vitest'
import { BytesInFlight } from './bytes-in-flight.ts'

it('bytes in flight never exceed the limit of an address or of the server, and are given back once', () => {
  const step = fc.oneof(
    fc.record({ take: fc.nat(60), address: fc.constantFrom('a', 'b', 'c') }),
    fc.record({ giveBack: fc.nat(20) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const bytes = new BytesInFlight({ max: 150, maxPerAddress: 80 })
      const held: { address: string; bytes: number; giveBack: () => void }[] = []
      const sum = (address?: string) =>
        held.filter((one) => address === undefined || one.address === address).reduce((all, one) => all + one.bytes, 0)
      for (const one of steps)
        if ('take' in one) {
          const isFull = sum(one.address) + one.take > 80
          const isFullForAll = sum() + one.take > 150
          const take = () => held.push({ ...one, bytes: one.take, giveBack: bytes.take(one.address, one.take) })
          if (isFull || isFullForAll) expect(take).toThrow(isFull ? 'from this address' : 'to this server')
          else take()
        } else {
          const [gone] = held.splice(one.giveBack % Math.max(1, held.length), 1)
          gone?.giveBack()
          gone?.giveBack()
        }
      expect(bytes.total).toBe(sum())
    }),
  )
})
