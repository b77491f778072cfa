// Before all specs: starts the server once and ends it in order, so that Node keeps it compiled for every start after this.
import { TestServer } from './server.ts'

export default async function compileServer(): Promise<void> {
  const server = await TestServer.start()
  await server.drain()
  await server.stop()
}
