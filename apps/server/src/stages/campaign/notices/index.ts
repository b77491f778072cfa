// Notices on devices: “It's your turn.” and “The table is open.” docs/notices.md
import { setTimeout } from 'node:timers/promises'
import type { CampaignNotice } from '@tablecast/orchestrator'
import { TablecastError } from '@tablecast/contracts'
import type { PushKeys } from '@tablecast/store'
import type { Config } from '../../../config.ts'
import type { Host } from '../../../host.ts'
import type { Probe } from '../../../ops/dependencies.ts'
import { realTimers } from '../presence-timers.ts'
import type { NoticeToDevice } from './encrypt-notice.ts'
import { NOTICE_DELAY_MS, Notices } from './notices.ts'
import { NoticeTelemetry } from './notice-telemetry.ts'
import { PushDevices } from './push-devices.ts'
import { openPushKeys } from './push-keys.ts'
import { serviceOf } from './push-services.ts'
import type { ResolveName } from './resolve.ts'
import { VisiblePages } from './visible-pages.ts'

export type OpenedNotices = AsyncDisposable & {
  devices: PushDevices
  pages: VisiblePages
  telemetry: NoticeTelemetry
  /** Null where the server sends no notices. */
  publicKey: string | null
  probes: readonly Probe[]
  tell(notice: CampaignNotice): void
  /** Notices that wait for their moment on this node. */
  waiting(): number
  /** Devices of all people. */
  deviceCount(): Promise<number>
}

/** Push services want to know whom to write to. Nobody reads mail to this one. */
const NO_CONTACT = 'mailto:nobody@example.com'
const CHECK_TIMEOUT_MS = 1_500

/** `resolve`: asks for the addresses of a name, in place of the name servers. `delayMs`: in place of `NOTICE_DELAY_MS`. */
export type NoticesOptions = { resolve?: ResolveName; delayMs?: number }

export async function openNotices(
  host: Host,
  config: Config,
  { resolve, delayMs = NOTICE_DELAY_MS }: NoticesOptions = {},
): Promise<OpenedNotices> {
  await using opened = new AsyncDisposableStack()
  const { store, others, secretOf, log, failed } = host
  const services = config.PUSH_SERVICES
  const isOn = services.length > 0
  const keys = isOn ? await keysOf(host, config) : null
  const telemetry = new NoticeTelemetry(log)
  const pages = opened.use(new VisiblePages({ others, timers: realTimers }))
  const contact = config.PUSH_CONTACT ?? contactOf(config.PUBLIC_URL)

  // Loaded with the first device or notice: most servers never send one.
  const loadSender = async () => {
    const [{ encryptNotice }, { sendPush }, names] = await Promise.all([
      import('./encrypt-notice.ts'),
      import('./push-request.ts'),
      import('./resolve.ts'),
    ])
    const ask = { nameServers: resolve ?? names.askNameServers(), system: resolve ?? names.askSystem }
    const send = (notice: NoticeToDevice, vapid: PushKeys, closing: AbortSignal) => {
      // The list may have changed since the device was added.
      const service = serviceOf(notice.device.endpoint, services)
      if (!service) throw new names.AddressRefused('an address that PUSH_SERVICES does not name')
      const lookup = names.lookupWith((name) => names.addressesOf(name, service, ask))
      return sendPush(encryptNotice(notice, { keys: vapid, contact }), { lookup, signal: closing })
    }
    return { ...names, ask, send }
  }
  let sender: ReturnType<typeof loadSender> | null = null
  const sending = () => (sender ??= loadSender())

  const notices = opened.use(
    new Notices({
      store,
      pages,
      telemetry,
      timers: realTimers,
      delayMs,
      send: async (notice, closing) => {
        if (!keys) throw new Error('this server sends no notices')
        return (await sending()).send(notice, keys, closing)
      },
      secretOf,
      failed,
    }),
  )
  const devices = new PushDevices({
    store,
    services,
    max: config.MAX_PUSH_DEVICES_PER_USER,
    async assertPublic(name) {
      const { publicAddressesOf, AddressRefused, ask } = await sending()
      // A server without a way out finds no address, and nobody waits for that. Each connection looks again.
      const checked = publicAddressesOf(name, ask.nameServers).catch((error: unknown) => {
        if (error instanceof AddressRefused)
          throw new TablecastError('BAD_REQUEST', 'This server must not call the push service of this browser.')
      })
      await Promise.race([checked, setTimeout(CHECK_TIMEOUT_MS, undefined, { ref: false })])
    },
  })
  host.auth.onMerged((guest, user) => devices.move(guest.userId, user.userId))
  const owned = opened.move()
  return {
    devices,
    pages,
    telemetry,
    publicKey: keys?.publicKey ?? null,
    probes: isOn ? [telemetry.probe()] : [],
    tell: (notice) => {
      if (isOn) notices.tell(notice)
    },
    waiting: () => notices.waiting,
    deviceCount: () => store.read(({ push }) => push.count()),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

async function keysOf({ store }: Host, { PUSH_PUBLIC_KEY, PUSH_PRIVATE_KEY }: Config): Promise<PushKeys> {
  if (PUSH_PUBLIC_KEY && PUSH_PRIVATE_KEY) return { publicKey: PUSH_PUBLIC_KEY, privateKey: PUSH_PRIVATE_KEY }
  return openPushKeys(store)
}

const contactOf = (publicUrl: string | undefined): string =>
  publicUrl?.startsWith('https://') ? publicUrl : NO_CONTACT
