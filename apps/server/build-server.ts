// Compiles the server ahead: one file for everything that each start loads, and a file for each part that loads later. Code without
// a user is left out. The server also runs from its sources, without this.
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Found by their names while the server runs, so they keep them. */
const migrations = readdirSync(at('../../packages/store/src/migrations')).filter((file) => /^\d{4}_.*\.ts$/.test(file))

/**
 * Writes into `folder`, which belongs to the build: everything else in it is deleted. `start.js` starts the server. Returns the
 * sources of each file.
 */
export async function buildServer(folder: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const { output } = await build({
    input: {
      start: at('src/start.ts'),
      'scenario-worker': at('../../packages/narrator/src/scenario-worker.ts'),
      ...Object.fromEntries(
        migrations.map((file) => [
          `migrations/${file.replace('.ts', '')}`,
          at(`../../packages/store/src/migrations/${file}`),
        ]),
      ),
    },
    platform: 'node',
    // It serves files of its own package.
    external: ['@fastify/swagger-ui'],
    logLevel: 'warn',
    output: {
      dir: folder,
      cleanDir: true,
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
    },
  })
  return new Map(output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file.moduleIds]] : [])))
}
