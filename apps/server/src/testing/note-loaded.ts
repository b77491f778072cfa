// Preloaded into a server (`--import`): as the process ends, writes the addresses of all modules that it loaded, a line each, to the
// file that NOTE_LOADED names. Libraries that are part of Node itself follow, with the names that Node gives them.
import { writeFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { isMainThread } from 'node:worker_threads'

const loaded = new Set<string>()
const file = process.env['NOTE_LOADED']
if (isMainThread && file !== undefined) {
  registerHooks({
    load(url, context, next) {
      loaded.add(url)
      return next(url, context)
    },
  })
  process.on('exit', () => writeFileSync(file, [...loaded, ...librariesOfNode()].join('\n')))
}

function librariesOfNode(): string[] {
  const list: unknown = Reflect.get(process, 'moduleLoadList')
  if (!Array.isArray(list)) throw new Error('this Node keeps no list of its own modules')
  return list.map(String).filter((name) => name.startsWith('NativeModule internal/deps/'))
}
