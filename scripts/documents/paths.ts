// The paths of the repository that documents name: in links, in backticks, and in the commands of shell blocks.
import { posix } from 'node:path'
import { blocksOf, commandsOf, isShell } from './blocks.ts'

/** A path as the document prints it, without an anchor. A `link` is relative to its document. `line` counts from 1. */
export type NamedPath = { kind: 'link' | 'name' | 'command'; document: string; line: number; path: string }

/** Paths that stand for any name, and files of somebody else. */
const EXAMPLES = new Set([
  'utils.ts',
  'x.test.ts',
  'x.integration.test.ts',
  'x.service.test.ts',
  'schema/compose-spec.json',
])

const FOLDERS = '(?:apps|packages|e2e|scripts|docs|deploy|\\.github|\\.ci)'
const FILE = /^(?!@)[\w.*<>-]+(?:\/[\w.*<>-]+)*\.(?:tsx?|m?js|md|json|ya?ml|sh|html)$/
const FOLDER = new RegExp(`^(?:${FOLDERS}(?:/[\\w.*<>-]+)*|[\\w.*<>-]+(?:/[\\w.*<>-]+)*)/$|^${FOLDERS}/[\\w.*<>/-]+$`)
const LINK = /\]\(<?([^)\s>]+)>?\)/g
const IN_COMMAND = new RegExp(`(?<![\\w/.-])${FOLDERS}/[\\w./-]+`, 'g')

export function namedPaths(document: string, markdown: string): NamedPath[] {
  const blocks = blocksOf(document, markdown)
  const isInBlock = (line: number) =>
    blocks.some((block) => line >= block.line - 1 && line <= block.line + block.text.split('\n').length - 1)
  const prose = markdown.split('\n').flatMap((text, index) => {
    const line = index + 1
    if (isInBlock(line)) return []
    const links = [...text.matchAll(LINK)]
      .map(([, target = '']) => target.replace(/#.*$/, ''))
      .filter((path) => path !== '' && !/^[a-z]+:/.test(path))
      .map((path): NamedPath => ({ kind: 'link', document, line, path }))
    const names = [...text.matchAll(/`([^`]+)`/g)]
      .map(([, path = '']) => path)
      .filter((path) => (FILE.test(path) || FOLDER.test(path)) && !EXAMPLES.has(path) && !path.startsWith('.md'))
      .map((path): NamedPath => ({ kind: 'name', document, line, path }))
    return [...links, ...names]
  })
  const typed = blocks
    .filter(isShell)
    .flatMap(commandsOf)
    .flatMap(({ line, text }) =>
      [...text.matchAll(IN_COMMAND)].map(([path]): NamedPath => ({ kind: 'command', document, line, path })),
    )
  return [...prose, ...typed]
}

/** Made by `pnpm build`: the start script and the folders of the server and of the pages. */
const BUILT = [
  'apps/server/dist/start.js',
  'apps/server/dist/.cache/all',
  'apps/web/dist/index.html',
  'apps/web/dist/join.html',
]

/** The named paths that no file has. A name may leave out leading folders; `*` and `<name>` stand for one part of it. */
export function missingPaths(named: readonly NamedPath[], files: readonly string[]): NamedPath[] {
  const all = new Set([...files, ...BUILT].flatMap((file) => [file, ...foldersOf(file)]))
  const paths = [...all]
  const exists = ({ kind, document, path }: NamedPath) => {
    if (kind === 'link') return all.has(withoutSlash(posix.join(posix.dirname(document), path)))
    if (kind === 'command') return all.has(withoutSlash(path))
    const pattern = new RegExp(
      `(?:^|/)${withoutSlash(path)
        .replaceAll('.', '\\.')
        .replace(/\*|<[^>]*>/g, '[^/]+')}$`,
    )
    return paths.some((one) => pattern.test(one))
  }
  return named.filter((one) => !exists(one))
}

const withoutSlash = (path: string): string => path.replace(/\/$/, '')

function foldersOf(file: string): string[] {
  const parts = file.split('/').slice(0, -1)
  return parts.map((_part, index) => parts.slice(0, index + 1).join('/'))
}
