// The counter: an example of a stage.
import type { Host } from '../../host.ts'
import { oncePerRequest, withAccess } from '../../http/rest.ts'
import type { Stage } from '../../stage.ts'
import { Counter } from './counter.ts'
import { counterHttp } from './http.ts'
import { metricsOf } from './metrics.ts'
import { serveCounterSocket } from './socket.ts'

export type CounterStage = Stage & { counter: Counter }

export function openCounter({ observe, plainEndpoints }: Host): CounterStage {
  const counter = new Counter(observe)
  const callerOf = oncePerRequest((token) => plainEndpoints.callerOf(token))
  return {
    counter,
    channels: () => [counter.channel],
    status: () => ({ lastAt: null }),
    metrics: metricsOf(() => counter.value),
    probes: [{ name: 'Counter', detail: 'in this process', ping: () => Promise.resolve(), isTimed: false, everyMs: 0 }],
    rest: [withAccess('plain', callerOf, (app) => counterHttp(app, counter))],
    sockets: [
      {
        path: '/ws/counter',
        access: 'plain',
        handler: plainEndpoints.socket((client) => serveCounterSocket(counter, client)),
      },
    ],
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}
