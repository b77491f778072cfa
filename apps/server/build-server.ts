// Compiles the server ahead: one file for everything that each start loads, and a file for each part that loads later. Code without
// a user is left out. The server also runs from its sources, without this.
import { cpSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'rolldown'

const LAZY_HTTP = '\0lazy-http'
const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Found by their names while the server runs, so they keep them. */
const migrations = readdirSync(at('../../packages/store/src/migrations')).filter((file) => /^\d{4}_.*\.ts$/.test(file))

/**
 * An import of `node:http` by a module reads all that it exports, and so loads Node's `fetch`, which a start does not need. A property
 * of the built-in module loads nothing else. A name that is missing here fails the build.
 */
const lazyHttp: Plugin = {
  name: 'lazy-http',
  resolveId: (id, _importer, { kind }) => (id === 'node:http' && kind === 'import-statement' ? LAZY_HTTP : null),
  load: (id) =>
    id === LAZY_HTTP ? `export const { createServer, IncomingMessage } = process.getBuiltinModule('node:http')` : null,
}

/**
 * Writes into `folder`, which belongs to the build: everything else in it is deleted. `start.js` starts the server, and `server.js`
 * is for programs that open servers themselves. Returns the sources of each file.
 */
export async function buildServer(folder: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const { output } = await build({
    input: {
      start: at('src/start.ts'),
      server: at('src/index.ts'),
      'encoder-child': at('../../packages/media/src/encoder-child.ts'),
      'creature-worker': at('src/stages/campaign/creatures/creature-worker.ts'),
      'scenario-worker': at('../../packages/narrator/src/scenario-worker.ts'),
      ...Object.fromEntries(
        migrations.map((file) => [
          `migrations/${file.replace('.ts', '')}`,
          at(`../../packages/store/src/migrations/${file}`),
        ]),
      ),
    },
    platform: 'node',
    // The first one serves files of its own package, the second one loads its library from there. The third one calls a function of Node
    // that is deprecated, for which Node blames the server unless it lies among the packages.
    external: ['@fastify/swagger-ui', 'sharp', 'web-push'],
    plugins: [lazyHttp],
    logLevel: 'warn',
    output: {
      dir: folder,
      cleanDir: true,
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
    },
  })
  // The server looks for them beside the file that reads them.
  cpSync(at('src/stages/campaign/sample-pictures'), join(folder, 'sample-pictures'), { recursive: true })
  return new Map(output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file.moduleIds]] : [])))
}
