import { Client, type QueryResultRow } from 'pg'
import { expect, it } from 'vitest'
import { startPostgres } from './postgres.ts'

async function ask(connectionString: string, text: string): Promise<QueryResultRow[]> {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    return (await client.query<QueryResultRow>(text)).rows
  } finally {
    await client.end()
  }
}

it('servers that start at the same time share nothing, and keep their data over a stop', async () => {
  const servers = await Promise.all([startPostgres(), startPostgres()])
  await using _one = servers[0]
  await using _two = servers[1]
  const urls = await Promise.all(servers.map((server) => server.createDatabase()))
  for (const [place, url] of urls.entries())
    await ask(url, `create table mark as select ${place} as place, current_setting('data_directory') as folder`)
  for (const server of servers) await server.stop()
  for (const server of servers) await server.start()
  const marks = await Promise.all(urls.map(async (url) => (await ask(url, 'select * from mark'))[0]))
  expect(marks.map((mark) => mark?.['place'] as unknown)).toEqual([0, 1])
  expect(new Set(marks.map((mark) => mark?.['folder'] as unknown)).size).toBe(2)
})

it.each([
  [{}, 'off'],
  [{ isDurable: true }, 'on'],
])('a server with %j has fsync %s', async (options, fsync) => {
  await using server = await startPostgres(options)
  expect(await ask(server.url, 'show fsync')).toEqual([{ fsync }])
})
