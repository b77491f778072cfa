import { audienceOf, type Role } from '@tablecast/contracts'

/** The path of the room's page for that role. */
export const pathOf = ({ room, role }: { room: { id: string }; role: Role }): string =>
  audienceOf(role) === 'dm' ? `/r/${room.id}/dm` : `/r/${room.id}`
