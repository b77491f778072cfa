import type { PushDevice } from '@tablecast/contracts'
import { useEffect, useState } from 'react'
import { api, messageOf, newKey } from '../../api.ts'
import { deviceName } from './device-name.ts'
import { circumstances, type NoticeSupport, noticeSupport } from './notice-support.ts'
import { deviceIdOf, inputOf, knownSubscription, subscribe, unsubscribe } from './this-device.ts'

export type Wants = { turn: boolean; opens: boolean }
const nothing: Wants = { turn: false, opens: false }

/** `myId`: of this device, if it has a subscription. `isCutOff`: the server reached no push service at its last notice. */
type Known = { key: string | null; isCutOff: boolean; devices: readonly PushDevice[]; myId: string | null }

/** The notices of this device, and the person's other devices. `known` is null until the server has answered. */
export function useNotices() {
  const [known, setKnown] = useState<Known | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(true)
  const act = async (work: () => Promise<Known>) => {
    setBusy(true)
    setProblem(null)
    try {
      setKnown(await work())
    } catch (error) {
      setProblem(messageOf(error))
    } finally {
      setBusy(false)
    }
  }
  useEffect(() => {
    read()
      .then(setKnown, (error: unknown) => setProblem(messageOf(error)))
      .finally(() => setBusy(false))
  }, [])
  const mine = known?.devices.find(({ id }) => id === known.myId)
  const wants = mine ?? nothing
  return {
    support: known && supportOf(known),
    isCutOff: known?.isCutOff ?? false,
    wants,
    others: known?.devices.filter((device) => device !== mine) ?? [],
    problem,
    isBusy,
    choose: (change: Partial<Wants>) =>
      void act(() => choose(known, { turn: wants.turn, opens: wants.opens, ...change })),
    remove: (deviceId: string) =>
      void act(async () => {
        const { devices } = await api.push.unsubscribe.mutate({ key: newKey(), deviceId })
        return { ...(known ?? (await read())), devices }
      }),
  }
}

const supportOf = ({ key }: Known): NoticeSupport => noticeSupport(circumstances(key !== null))

async function read(): Promise<Known> {
  const [{ key, reached }, { devices }] = await Promise.all([api.push.config.query(), api.push.devices.query()])
  const hasPush = circumstances(key !== null).hasPush && isSecureContext
  const subscription = key !== null && hasPush ? await knownSubscription(key) : null
  return { key, isCutOff: reached === false, devices, myId: subscription && (await deviceIdOf(subscription)) }
}

async function choose(known: Known | null, wants: Wants): Promise<Known> {
  if (!known || known.key === null) return read()
  // The first thing after the tap: browsers ask for permission only then.
  const subscription = await subscribe(known.key)
  const { devices } = await api.push.subscribe.mutate({
    key: newKey(),
    subscription: inputOf(subscription),
    name: deviceName(navigator.userAgent),
    ...wants,
  })
  const isOn = wants.turn || wants.opens
  if (!isOn) await unsubscribe()
  return { ...known, devices, myId: isOn ? await deviceIdOf(subscription) : null }
}
