import { startPushService, type TestPushService } from '@tablecast/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { encryptNotice } from './encrypt-notice.ts'
import { newPushKeys } from './push-keys.ts'
import { sendPush } from './push-request.ts'
import { AddressRefused, askSystem, lookupWith, publicAddressesOf, type ResolveName } from './resolve.ts'

let service: TestPushService
beforeAll(async () => {
  service = await startPushService()
})
afterAll(() => service[Symbol.asyncDispose]())
beforeEach(() => {
  service.requests.length = 0
  service.answerWith((_request, response) => void response.writeHead(201).end())
})

const message = { kind: 'turn', roomId: 'r', room: 'Rook’s 🏰 table' } as const
const never = new AbortController().signal

describe('a request to a push service', () => {
  const requestTo = (device: ReturnType<TestPushService['device']>) => {
    const { endpoint, keys } = device.subscription
    return encryptNotice(
      { device: { endpoint, ...keys }, message, ttl: 300, topic: 'a-topic' },
      { keys: newPushKeys(), contact: 'mailto:dm@example.com' },
    )
  }
  const sendTo = (device: ReturnType<TestPushService['device']>, resolve: ResolveName = service.resolve) =>
    sendPush(requestTo(device), { lookup: lookupWith(resolve), signal: never })

  it('is read by the device alone, is always as long, and is signed for that service', async () => {
    const device = service.device('phone')
    expect(await sendTo(device)).toEqual({ status: 201, retryAfter: null })
    expect(device.notices()).toEqual([message])
    const [request] = device.requests()
    expect(request?.headers).toMatchObject({ ttl: '300', topic: 'a-topic', urgency: 'high' })
    expect(request?.body.length).toBe(512 + 86 + 17)
    expect(request?.body.includes('Rook')).toBe(false)
    const [, token = ''] = /^vapid t=([^,]+), k=[\w-]+$/.exec(request?.headers.authorization ?? '') ?? []
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as object
    expect(claims).toMatchObject({ aud: `https://${service.host}:${service.port}`, sub: 'mailto:dm@example.com' })
  })

  it('follows no redirect', async () => {
    const target = `https://${service.host}:${service.port}/inside`
    service.answerWith((_request, response) => void response.writeHead(307, { location: target }).end())
    expect((await sendTo(service.device('moved'))).status).toBe(307)
    expect(service.requests.map(({ path }) => path)).toEqual(['/send/moved'])
  })

  it('reads no body, however long', async () => {
    let closed = false
    service.answerWith((_request, response) => {
      response.on('close', () => void (closed = true))
      response.writeHead(429, { 'retry-after': '12' })
      const write = () => void (!closed && response.write('x'.repeat(65_536), () => setImmediate(write)))
      write()
    })
    expect(await sendTo(service.device('talker'))).toEqual({ status: 429, retryAfter: '12' })
    await expect.poll(() => closed).toBe(true)
  })

  it('connects to no address that is not public, also when the name had a public one a moment ago', async () => {
    const device = service.device('rebound')
    const answers = [['8.8.8.8'], ['127.0.0.1']]
    const changing: ResolveName = () => Promise.resolve(answers.shift() ?? [])
    expect(await publicAddressesOf(service.host, changing)).toEqual(['8.8.8.8'])
    await expect(sendTo(device, (host) => publicAddressesOf(host, changing))).rejects.toBeInstanceOf(AddressRefused)
    for (const address of ['169.254.169.254', '10.0.0.1', '::1', 'fd00:ec2::254', '::ffff:127.0.0.1', '0.0.0.0'])
      for (const addresses of [[address], ['8.8.8.8', address], [address, '8.8.8.8']])
        await expect(
          sendTo(device, (host) => publicAddressesOf(host, () => Promise.resolve(addresses))),
        ).rejects.toBeInstanceOf(AddressRefused)
    expect(service.requests).toEqual([])
  })

  it('asks nobody about a host that is an address', async () => {
    const asked: ResolveName = () => Promise.reject(new Error('asked'))
    for (const host of ['127.0.0.1', '8.8.8.8', '[::1]', '::1'])
      await expect(publicAddressesOf(host, asked)).rejects.toBeInstanceOf(AddressRefused)
  })

  it('says when nothing listens, and when nobody knows the name', async () => {
    const nobody = { ...requestTo(service.device('nobody')), endpoint: `https://${service.host}:1/` }
    const sent = sendPush(nobody, { lookup: lookupWith(service.resolve), signal: never })
    await expect(sent).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    const unknown = sendTo(service.device('unknown'), () => Promise.resolve([]))
    await expect(unknown).rejects.toMatchObject({ code: 'ENOTFOUND' })
  })

  it('refuses a certificate for another name', async () => {
    const request = { ...requestTo(service.device('x')), endpoint: `https://other.test:${service.port}/` }
    const sent = sendPush(request, { lookup: lookupWith(() => Promise.resolve(['127.0.0.1'])), signal: never })
    await expect(sent).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
    expect(await askSystem('localhost')).toContain('127.0.0.1')
  })
})
