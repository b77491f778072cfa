// Who may use what, as a page of the documentation: made from what the code declares.
import type { Server } from '../server.ts'

const words: Record<string, string> = {
  open: 'everyone',
  signedIn: 'who is signed in',
  operator: 'an operator: everyone signed in where `COMPAT_AUTH` is `open`, else the user ids of `OPERATORS`',
  member: 'a member of the room',
  player: 'a player or DM of the room',
  dm: 'a DM of the room',
  owner: 'the owner of the room',
  compat: 'everyone where `COMPAT_AUTH` is `open`, else who is signed in',
  procedure: 'as the procedure says',
  here: 'who asks from the same machine, without a proxy; nobody where `METRICS_PORT` is set',
}

export function accessTable(
  procedures: readonly { path: string; access: string }[],
  { rest, sockets }: Server['doors'],
): string {
  const row = (name: string, access: string | null) => `| \`${name}\` | ${words[access ?? ''] ?? access} |`
  const table = (title: string, first: string, rows: readonly string[]) =>
    [`## ${title}`, '', `| ${first} | who may |`, '| --- | --- |', ...[...new Set(rows)].toSorted()].join('\n')
  return `${[
    '# Who may do what',
    'Made from the code by a test, which also tries each line of it as an owner, a co-DM, a player, a spectator, a stranger who is signed in, and an anonymous caller. Whoever is refused learns nothing of what there is: an id of somebody else’s is answered exactly as one that does not exist.',
    table(
      'Procedures',
      'procedure',
      procedures.map(({ path, access }) => row(path, access)),
    ),
    table(
      'REST',
      'route',
      rest.map(({ method, url, access }) => row(`${method} ${url}`, access)),
    ),
    table(
      'Sockets',
      'path',
      sockets.map(({ path, access }) => row(path, access)),
    ),
  ].join('\n\n')}\n`
}
