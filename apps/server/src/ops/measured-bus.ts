import type { Bus, BusMessage } from '@tablecast/bus'
import type { Telemetry } from './telemetry.ts'

/** Wraps a bus. Reports each message and each reconnection to the telemetry. */
export function measuredBus(bus: Bus, telemetry: Telemetry): Bus {
  const counting = (handle: (message: BusMessage) => void) => (message: BusMessage) => {
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
    subscribe: (pattern, handle, options) => bus.subscribe(pattern, counting(handle), options),
    follow: (source, handle) => bus.follow(source, counting(handle)),
    flush: () => bus.flush(),
    watch: (listener) => bus.watch(listener),
    [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose](),
  }
}
