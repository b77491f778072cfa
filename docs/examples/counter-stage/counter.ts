import { Channel, type Observe } from '@tablecast/hub'

/** A number that everyone may raise, and that everyone follows. */
export class Counter {
  readonly channel: Channel
  value = 0

  constructor(observe: Observe) {
    const id = 'counter:main'
    // The newest value is all that counts: a slow client skips the others.
    this.channel = new Channel(
      id,
      { epoch: 'counter', head: 0 },
      { policy: { kind: 'latest' }, ringSize: 8, observer: observe(id) },
    )
  }

  add(step: number): number {
    this.value += step
    this.channel.publish({ seq: this.channel.head + 1, text: JSON.stringify({ value: this.value }) })
    return this.value
  }

  /** The newest value at once, if there is one. */
  get start(): number {
    return Math.max(0, this.channel.head - 1)
  }
}
