import type { Bus, BusMessage } from '@tablecast/bus'
import type { Telemetry } from './telemetry.ts'

/** The same bus; what goes through it, and when it comes back, is told. */
export function measuredBus(bus: Bus, telemetry: Telemetry): Bus {
  const heard = (handle: (message: BusMessage) => void) => (message: BusMessage) => {
    telemetry.received()
    handle(message)
  }
  let wasLost = false
  bus.watch((isConnected) => {
    if (isConnected && wasLost) telemetry.busReconnected()
    wasLost = !isConnected
  })
  return {
    kind: bus.kind,
    url: bus.url,
    get isConnected() {
      return bus.isConnected
    },
    publish: (subject, data, options) => telemetry.sent(subject, () => bus.publish(subject, data, options)),
    request: (subject, data, options) => telemetry.sent(subject, () => bus.request(subject, data, options)),
    subscribe: (pattern, handle, options) => bus.subscribe(pattern, heard(handle), options),
    follow: (source, handle) => bus.follow(source, heard(handle)),
    flush: () => bus.flush(),
    watch: (listener) => bus.watch(listener),
    [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose](),
  }
}
