// Before all specs: starts the server once and ends it in order. Every start after this finds it compiled, and a server with the usual
// settings begins with a copy of its data, so that it neither migrates nor makes the sample.
import { TestServer } from './server.ts'

export default async function firstStart(): Promise<() => Promise<void>> {
  const server = await TestServer.start()
  await server.drain()
  server.offerData()
  return () => server.stop()
}
