import { audienceOf, type Role } from '@tablecast/contracts'

/** Where someone with that role sits. */
export const pathOf = ({ room, role }: { room: { id: string }; role: Role }): string =>
  audienceOf(role) === 'dm' ? `/r/${room.id}/dm` : `/r/${room.id}`
