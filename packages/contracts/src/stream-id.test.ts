import { expect, test } from 'vitest'
import {
  arenaStream,
  gesturesStream,
  marketStream,
  narratingStream,
  parseStreamId,
  plainStream,
  presenceStream,
  roomOfStream,
  roomStream,
  signalsStream,
  stageOfStream,
  topicOf,
  topicStream,
  topicToken,
} from './stream-id.ts'

test('an id of a stream is read as it was made', () => {
  expect(parseStreamId(roomStream('r', 'dm'))).toEqual({ kind: 'room', roomId: 'r', audience: 'dm' })
  expect(parseStreamId(roomStream('r', { memberId: 'u' }))).toEqual({
    kind: 'room',
    roomId: 'r',
    audience: { memberId: 'u' },
  })
  expect(parseStreamId(presenceStream('r', 'player'))).toEqual({ kind: 'presence', roomId: 'r', audience: 'player' })
  expect(parseStreamId(gesturesStream('r', 'dm'))).toEqual({ kind: 'gestures', roomId: 'r', audience: 'dm' })
  expect(parseStreamId(narratingStream('r', 'dm'))).toEqual({ kind: 'narrating', roomId: 'r', audience: 'dm' })
  expect(parseStreamId(plainStream('r'))).toEqual({ kind: 'plain', roomId: 'r' })
  expect(parseStreamId(arenaStream('s'))).toEqual({ kind: 'arena', sessionId: 's' })
  expect(parseStreamId(topicStream('a.b:c'))).toEqual({ kind: 'topic', topic: 'a.b:c' })
  expect(parseStreamId(signalsStream('f'))).toEqual({ kind: 'named', stage: 'signals', name: 'f' })
  expect(parseStreamId(marketStream('sector:a'))).toEqual({ kind: 'market', scope: 'sector:a' })
  expect(parseStreamId(marketStream('general'))).toEqual({ kind: 'market', scope: null })
  expect(parseStreamId(marketStream(null))).toEqual({ kind: 'market', scope: null })
})

test('ids that are stored in databases keep their form', () => {
  expect(roomStream('main', 'player')).toBe('room:main:player')
  expect(roomStream('main', { memberId: 'ann' })).toBe('room:main:member:ann')
  expect(arenaStream('s1')).toBe('arena:s1')
  expect(topicStream('news.x')).toBe(`topic:${Buffer.from('news.x').toString('base64url')}`)
})

test('every stream belongs to the stage that its id begins with', () => {
  expect(['room:r:dm', 'plain:r', 'arena:s', 'topic:x', 'signals:f', 'market'].map(stageOfStream)).toEqual([
    'campaign',
    'campaign',
    'arena',
    'topics',
    'signals',
    'market',
  ])
})

test.each(['', 'room', 'room:r', 'room:r:nobody', 'room:r:member', 'room:r:dm:x', 'presence:r:member:u', 'other:x'])(
  '"%s" is no id of a stream, and names no room',
  (id) => {
    expect(parseStreamId(id)).toBeNull()
    expect(roomOfStream(id)).toBeNull()
  },
)

test.each(['a', 'news', 'a.b', 'x:y', 'ä€😀', '~~~', '???'])('the token of the topic "%s" leads back to it', (name) => {
  const token = topicToken(name)
  expect(token).toBe(Buffer.from(name).toString('base64url'))
  expect(topicOf(token)).toBe(name)
})

test.each(['', 'a=', '*', 'A'])('the token "%s" is of no topic', (token) => expect(topicOf(token)).toBeNull())
