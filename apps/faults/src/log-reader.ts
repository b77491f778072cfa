// Reads the log out of the database itself, past the server: what is written there is what happened.
import { DatabaseSync } from 'node:sqlite'
import { type Audience, roomStream } from '@tablecast/contracts'
import { Client } from 'pg'
import type { Log, LogEvent, LogStream } from './oracle.ts'

export interface LogReader {
  /** The newest seq of each audience. */
  heads(roomId: string): Promise<Record<Audience, number>>
  read(roomId: string): Promise<Log>
}

type Row = { epoch: string; head: number | string; floor: number | string }
type EventRow = { seq: number | string; text: string }

const STREAM = 'select epoch, head, floor from streams where id = $1'
const EVENTS = 'select seq, text from stream_events where stream_id = $1 order by seq'

class SqlReader implements LogReader {
  readonly #query: <R>(statement: string, id: string) => Promise<R[]>

  constructor(query: <R>(statement: string, id: string) => Promise<R[]>) {
    this.#query = query
  }

  async heads(roomId: string): Promise<Record<Audience, number>> {
    const head = async (audience: Audience) => Number((await this.#stream(roomId, audience)).head)
    return { dm: await head('dm'), player: await head('player') }
  }

  async read(roomId: string): Promise<Log> {
    const whole = async (audience: Audience): Promise<LogStream> => {
      const { epoch, head, floor } = await this.#stream(roomId, audience)
      const rows = await this.#query<EventRow>(EVENTS, roomStream(roomId, audience))
      const events = rows.map(({ seq, text }): LogEvent => ({ seq: Number(seq), text }))
      return { epoch, head: Number(head), floor: Number(floor), events }
    }
    return { dm: await whole('dm'), player: await whole('player') }
  }

  async #stream(roomId: string, audience: Audience): Promise<Row> {
    const [row] = await this.#query<Row>(STREAM, roomStream(roomId, audience))
    return row ?? { epoch: '', head: 0, floor: 0 }
  }
}

export const sqliteReader = (file: string): LogReader =>
  new SqlReader(<R>(statement: string, id: string) => {
    using database = new DatabaseSync(file, { readOnly: true })
    return Promise.resolve(database.prepare(statement.replace('$1', '?')).all(id) as R[])
  })

export const postgresReader = (url: string): LogReader =>
  new SqlReader(async <R>(statement: string, id: string) => {
    const client = new Client({ connectionString: url })
    client.on('error', () => {})
    await client.connect()
    try {
      return (await client.query(statement, [id])).rows as R[]
    } finally {
      await client.end()
    }
  })
