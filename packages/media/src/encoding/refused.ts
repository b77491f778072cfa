import type { EncoderMessage } from '../encoder-task.ts'

export type Reason = Extract<EncoderMessage, { type: 'refused' }>['reason']

/** The encoder's process refuses a file. `detail`: a sentence for the person that says more than the reason. */
export class Refused extends Error {
  readonly reason: Reason
  readonly detail: string | undefined

  constructor(reason: Reason, detail?: string) {
    super(reason)
    this.reason = reason
    this.detail = detail
  }
}
