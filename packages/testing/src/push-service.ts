// A push service of the test's own: https on loopback with a certificate of its own, and devices that decrypt what they get (RFC 8291).
import { execFile } from 'node:child_process'
import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { promisify } from 'node:util'
import { temporaryFolder } from './folder.ts'

export type PushTestRequest = { path: string; headers: IncomingHttpHeaders; body: Buffer }
export type TestPushService = Awaited<ReturnType<typeof startPushService>>

/**
 * This process trusts its certificate from now on. `caFile`: for `NODE_EXTRA_CA_CERTS` of another one. `host`: its name; `localhost` is
 * one that other processes can resolve, too.
 */
export async function startPushService(host = 'push.test') {
  await using opened = new AsyncDisposableStack()
  const folder = opened.use(await temporaryFolder())
  const [keyFile, caFile] = [join(folder.path, 'key.pem'), join(folder.path, 'ca.pem')]
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  const names = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`]
  await promisify(execFile)('openssl', ['req', '-x509', ...kind, ...names, '-keyout', keyFile, '-out', caFile])
  const cert = await readFile(caFile, 'utf8')
  setDefaultCACertificates([...getCACertificates('default'), cert])

  const requests: PushTestRequest[] = []
  let answer = (_request: PushTestRequest, response: ServerResponse): void => void response.writeHead(201).end()
  const server = createServer({ key: await readFile(keyFile), cert }, (request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const { url = '', headers } = request
      const taken = { path: url, headers, body: Buffer.concat(parts) }
      requests.push(taken)
      answer(taken, response)
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  opened.defer(() => {
    server.closeAllConnections()
    return new Promise<void>((resolve) => void server.close(() => resolve()))
  })
  const { port } = server.address() as AddressInfo
  const owned = opened.move()
  return {
    host,
    port,
    caFile,
    requests,
    /** For PUSH_SERVICES. */
    setting: `${host}:${port}=private`,
    /** Resolves its name, and no other, on this machine. */
    resolve: (name: string) => Promise.resolve(name === host ? ['127.0.0.1'] : []),
    /** From now on it answers like this, in place of 201. */
    answerWith(given: typeof answer) {
      answer = given
    },
    device: (name: string) => openDevice(`https://${host}:${port}/send/${name}`, requests),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** A browser's end of a subscription. */
function openDevice(endpoint: string, requests: readonly PushTestRequest[]) {
  const keys = createECDH('prime256v1')
  const p256dh = keys.generateKeys('base64url')
  const auth = randomBytes(16)
  const path = new URL(endpoint).pathname
  const own = () => requests.filter((request) => request.path === path)
  return {
    subscription: { endpoint, keys: { p256dh, auth: auth.toString('base64url') } },
    requests: own,
    /** The content of its notices, decrypted and parsed. */
    notices: (): unknown[] => own().map(({ body }) => JSON.parse(decrypted(body, keys, auth)) as unknown),
  }
}

/** RFC 8188 with one record, with the keys of RFC 8291. */
function decrypted(body: Buffer, keys: ReturnType<typeof createECDH>, auth: Buffer): string {
  const salt = body.subarray(0, 16)
  const idLength = body.readUInt8(20)
  const sender = body.subarray(21, 21 + idLength)
  const record = body.subarray(21 + idLength)
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), keys.getPublicKey(), sender])
  const secret = Buffer.from(hkdfSync('sha256', keys.computeSecret(sender), auth, info, 32))
  const keyOf = (use: string, bytes: number) =>
    Buffer.from(hkdfSync('sha256', secret, salt, `Content-Encoding: ${use}\0`, bytes))
  const cipher = createDecipheriv('aes-128-gcm', keyOf('aes128gcm', 16), keyOf('nonce', 12))
  cipher.setAuthTag(record.subarray(-16))
  const padded = Buffer.concat([cipher.update(record.subarray(0, -16)), cipher.final()])
  // The last record ends with 2, and then zeros.
  return padded.subarray(0, padded.lastIndexOf(2)).toString()
}
