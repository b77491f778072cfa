import { describe, expect, it } from 'vitest'
import { framesOfCall } from './frames-of-call.ts'

const started = '{"id":8,"result":{"type":"started"}}'
const failed = (id: number | null, code: string) =>
  `{"id":${id},"error":{"message":"no","code":-32004,"data":{"tablecast":{"code":"${code}"}}}}`

describe('the frames of a call', () => {
  it('leave out the error of a subscription that began before', () => {
    const received = `\u0081a${failed(8, 'TOPIC_NOT_FOUND')}\u0081b${failed(9, 'NOT_FOUND')}`
    const { own, earlier } = framesOfCall(9, received)
    expect(own).toContain('NOT_FOUND')
    expect(own).not.toContain('TOPIC_NOT_FOUND')
    expect(earlier).toContain('TOPIC_NOT_FOUND')
  })

  it('hold an answer whole, with the ids inside of it, and errors that name no call', () => {
    const answer = '{"id":8,"result":{"type":"data","data":[{"id":7,"name":"{\\"id\\":6,\\"error\\""}]}}'
    expect(framesOfCall(8, answer)).toEqual({ own: answer, earlier: '' })
    expect(framesOfCall(9, `${started}${failed(null, 'BAD_REQUEST')}`)).toEqual({
      own: failed(null, 'BAD_REQUEST'),
      earlier: started,
    })
  })
})
