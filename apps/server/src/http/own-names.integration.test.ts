import { describe, expect, it } from 'vitest'
import { parseConfig } from '../config.ts'
import { lanAddresses } from '../lan.ts'
import { openTestbed } from '../testing/testbed.ts'
import { networkOrigins } from './own-names.ts'

const originsOf = (environment: Record<string, string>) => networkOrigins(parseConfig(environment), 8_000)

describe('the origins for other devices', () => {
  it('do not exist where only this machine comes in', () => {
    for (const HOST of ['127.0.0.1', '::1', 'localhost']) expect(originsOf({ HOST })).toEqual([])
    expect(originsOf({ HOST: '0.0.0.0', PUBLIC_URL: 'http://localhost:8000' })).toEqual([])
  })

  it('are the address of HOST, or each address of this machine in the local network', () => {
    expect(originsOf({ HOST: '192.168.1.20' })).toEqual(['http://192.168.1.20:8000'])
    expect(originsOf({ HOST: '0.0.0.0' })).toEqual(lanAddresses('0.0.0.0').map((host) => `http://${host}:8000`))
  })

  it('are PUBLIC_URL alone where there is one, which reveals no address of the network behind it', () => {
    expect(originsOf({ HOST: '0.0.0.0', PUBLIC_URL: 'https://table.example/' })).toEqual(['https://table.example'])
  })

  it('are given to DMs by a server that listens', async () => {
    await using testbed = await openTestbed({ HOST: '0.0.0.0' })
    const dm = await testbed.join('Dee', 'dm')
    expect(await dm.http.rooms.addresses.query({ roomId: 'main' })).toEqual({
      origins: lanAddresses('0.0.0.0').map((host) => `http://${host}:${testbed.server.port}`),
    })
  })
})
