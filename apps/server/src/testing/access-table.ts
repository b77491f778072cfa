// Writes docs/access.md from the access that procedures, routes and sockets declare.
import { mapRights, operationRights, pictureRights, sheetRights } from '@tablecast/contracts'
import type { Server } from '../server.ts'

const words: Record<string, string> = {
  open: 'everyone',
  screen: 'a screen, by the token of a link of the room',
  signedIn: 'every signed-in caller',
  operator: 'an operator: everyone signed in where `COMPAT_AUTH` is `open`, else the user ids of `OPERATORS`',
  member: 'a member of the room',
  player: 'a player or DM of the room',
  dm: 'a DM of the room',
  owner: 'the owner of the room',
  plain: 'everyone where `COMPAT_AUTH` is `open`, else every signed-in caller',
  procedure: 'see the procedure',
  here: 'callers on the same machine, without a proxy; nobody where `METRICS_PORT` is set',
}

export function accessTable(
  procedures: readonly { path: string; access: string }[],
  { rest, sockets }: Server['endpoints'],
): string {
  const row = (name: string, access: string | null) => `| \`${name}\` | ${words[access ?? ''] ?? access} |`
  const table = (title: string, first: string, rows: readonly string[]) =>
    [`## ${title}`, '', `| ${first} | access |`, '| --- | --- |', ...[...new Set(rows)].toSorted()].join('\n')
  return `${[
    '# Access',
    [
      'A test writes this page from the code. It also tries each line as an owner, a co-DM, a player, a spectator,',
      'a signed-in stranger, an anonymous caller and a screen. A refusal gives no information about other rooms:',
      'the answer to a foreign id is the same as to an id that does not exist.',
    ].join('\n'),
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
    operationTable(),
    pictureTable(),
    mapTable(),
    sheetTable(),
  ].join('\n\n')}\n`
}

const rights = {
  own: ['yes', 'no'],
  ownAndAllies: ['yes', 'while the DM lets players heal each other'],
  dm: ['no', 'no'],
} as const

/** A model writes patches of a campaign, which are none of these. */
function operationTable(): string {
  const rows = Object.entries(operationRights).map(([type, right]) => {
    const [own, others] = rights[right]
    return `| \`${type}\` | yes | ${own} | ${others} | no | yes | no | no |`
  })
  return [
    '## Operations of a fight',
    '',
    'Calls of `campaign.operate`, slash commands, and messages on the plain DM socket. Players act on visible',
    'characters in the active campaign. They do not turn the order back, and change hit points only where they',
    'see the numbers. A narrator is a model: it proposes patches, and carries out no operation.',
    '',
    '| operation | owner and DM | player, own character | player, character of another player | spectator | plain DM socket | narrator, draft | narrator, auto |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows.toSorted(),
  ].join('\n')
}

function mapTable(): string {
  const rows = Object.entries(mapRights).map(
    ([type, right]) => `| \`${type}\` | yes | ${right === 'own' ? 'yes' : 'no'} | no | no |`,
  )
  return [
    '## Operations on maps',
    '',
    'Calls of `maps.operate`. Players act on the map that is shown in the active campaign: they move tokens of',
    'visible characters of their own unless a DM locked them, place areas, and remove areas that they placed.',
    'With sight, a way must lie in what the party sees. Plain sockets and narrators carry out none.',
    '',
    '| operation | owner and DM | player, own token or area | player, token or area of another player | spectator |',
    '| --- | --- | --- | --- | --- |',
    ...rows.toSorted(),
  ].join('\n')
}

function sheetTable(): string {
  const rows = Object.entries(sheetRights).map(([type, right]) => {
    const [own, others] = { own: ['yes', 'no'], player: ['yes', 'yes'], dm: ['no', 'no'] }[right]
    return `| \`${type}\` | yes | ${own} | ${others} | no |`
  })
  return [
    '## Operations on sheets',
    '',
    'Calls of `sheets.operate`. Players act on visible characters of their own, and on requests that they made, in',
    'the active campaign. They set hit points and armour class only where they see the numbers. `sheets.get`',
    'answers the same people as `save`. Plain sockets and narrators carry out none. A player spends and gives back',
    'resources of their own character with the operation `use` of a fight.',
    '',
    '| operation | owner and DM | player, own character or request | another player | spectator |',
    '| --- | --- | --- | --- | --- |',
    ...rows.toSorted(),
  ].join('\n')
}

function pictureTable(): string {
  const rows = Object.entries(pictureRights).map(
    ([type, right]) => `| \`${type}\` | yes | ${right === 'own' ? 'yes' : 'no'} | no | no |`,
  )
  return [
    '## Operations on pictures',
    '',
    'Calls of `pictures.operate`. Players act on visible characters of their own in the active campaign, with',
    'pictures that they uploaded. Plain sockets and narrators carry out none.',
    '',
    '| operation | owner and DM | player, own character | player, character of another player | spectator |',
    '| --- | --- | --- | --- | --- |',
    ...rows.toSorted(),
  ].join('\n')
}
