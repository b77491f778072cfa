import type { Handout, Member } from '@tablecast/contracts'

/** The people who see a handout: “everyone”, “Robin and Ana”, “nobody”. */
export function shownToWords(
  { shownTo, members: ids }: Pick<Handout, 'shownTo' | 'members'>,
  members: readonly Member[],
): string {
  if (shownTo === 'everyone') return 'everyone'
  if (shownTo === 'nobody') return 'nobody'
  const names = ids.flatMap((id) => members.find(({ userId }) => userId === id)?.name ?? [])
  return names.length === 0 ? 'nobody who is at the table' : new Intl.ListFormat('en').format(names)
}
